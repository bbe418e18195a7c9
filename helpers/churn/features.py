"""Features of churn models: what was known of each user at the end of a day.

`churn_features` cuts every table at the end of day t₀ before it counts anything, so that no feature
leaks the future.
"""

from typing import NamedTuple

import pandas as pd

from helpers.data import checks
from helpers.language import say_with_numbers
from helpers.value.histories import purchase_histories

DAY = pd.Timedelta(days=1)
WINDOW = 90  # days that are "recent", unless another window is chosen
COUNTED = {"view": "views", "favorite": "favorites", "cart": "carts"}


class Feature(NamedTuple):
    """The description of a feature."""

    unit: str
    window: str
    comes_from: str
    meaning: str


_RECENT = f"last {WINDOW} days"
_FEATURES = {
    "recency": Feature("days", "all", "orders", "since the last purchase"),
    "frequency": Feature("days", "all", "orders", "with a purchase, the first included"),
    "age": Feature("days", "all", "orders", "since the first purchase (T)"),
    "gap": Feature("days", "all", "orders", "from purchase to purchase, mean; missing after one"),
    "overdue": Feature("ratio", "all", "orders", "recency / gap; missing after one purchase"),
    "recent": Feature("days", _RECENT, "orders", "with a purchase"),
    "trend": Feature("days", _RECENT, "orders", "recent, less the same for the window before"),
    "spent": Feature("money", "all", "orders", "in all"),
    "per_purchase": Feature("money", "all", "orders", "spent / frequency"),
    "spent_recent": Feature("money", _RECENT, "orders", "spent in the window"),
    "discounted": Feature("share", "all", "orders, discount", "of rows bought below list price"),
    "returned": Feature("share", "all", "returns", "of the money spent, given back so far"),
    "sessions": Feature("sessions", _RECENT, "events", "with any event"),
    "views": Feature("events", _RECENT, "events", "items looked at"),
    "favorites": Feature("events", _RECENT, "events", "items put on the list of favorites"),
    "carts": Feature("events", _RECENT, "events", "items put into the cart"),
    "unseen": Feature("days", _RECENT, "events", "since the last event; the window, if none"),
}


def feature_guide() -> pd.DataFrame:
    """Describe the columns of `churn_features`, one row each, in order.

    Examples
    --------
    >>> feature_guide().loc["recent"].tolist()
    ['days', 'last 90 days', 'orders', 'with a purchase']
    """
    guide = pd.DataFrame.from_dict(_FEATURES, orient="index", columns=Feature._fields)
    words = ["unit", "window", "meaning"]
    guide[words] = guide[words].map(say_with_numbers)
    return guide.rename_axis("feature")


def churn_features(
    orders: pd.DataFrame,
    t0: str | pd.Timestamp,
    *,
    events: pd.DataFrame | None = None,
    returns: pd.DataFrame | None = None,
    window: int = WINDOW,
) -> pd.DataFrame:
    """Build the features of every user who had bought by t₀ from what was known at the end of it.

    `feature_guide` describes the columns. Those that need ``events``, ``returns`` or a column
    ``discount`` are left out without them.

    Cutting rows at t₀ does not prevent a leak if a table was rewritten later: once returns are
    netted, an order that comes back tomorrow is already missing today. Give orders as they were
    placed, and ``returns`` with their dates.

    Parameters
    ----------
    orders : DataFrame, one row per order or order line: ``user_id``, ``ordered_at`` (datetime),
        ``value`` (money paid, 0 or more) and, optionally, ``discount`` (share taken off).
    t0 : last day known.
    events : DataFrame, one row per event: ``user_id`` (missing for guests), ``occurred_at``,
        ``session_id``, ``event`` (view, favorite, cart, purchase).
    returns : DataFrame, one row per return: ``user_id``, ``returned_at``, ``value`` (money
        refunded, 0 or more). Returns of users without an order are left out.
    window : number of days up to and including t₀ that are "recent".

    Returns
    -------
    DataFrame of floats, one row per user (index ``user_id``, sorted). ``gap`` and ``overdue`` are
    NaN for users with one purchase.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "value": [9.0, 1.0, 7.0],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-03-30"])})
    >>> churn_features(orders, "2025-03-18", window=14)[["recency", "frequency", "recent", "spent"]]
             recency  frequency  recent  spent
    user_id
    Ana         10.0        2.0     1.0   10.0
    """
    checks.require_whole("window", window)
    end = checks.as_day(t0)
    known = known_on(end, orders)
    parts = [_purchases(known, end, window)]
    users = parts[0].index
    if "discount" in orders:
        checks.require(orders, discount="number")
        discounted = (known["discount"] > 0).groupby(known["user_id"]).mean()
        parts.append(discounted.rename("discounted"))
    if returns is not None:
        parts.append(_returned(returns, end, parts[0]["spent"]))
    if events is not None:
        parts.append(_traffic(events, end, window, users))
    return pd.concat(parts, axis=1).astype(float).rename_axis("user_id")


def known_on(day: pd.Timestamp, orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders up to the end of a day, on which somebody must have bought already."""
    checks.require(orders, user_id="key", ordered_at="datetime", value="number")
    known = orders[orders["ordered_at"] < day + DAY]
    if known.empty:
        first = orders["ordered_at"].min().date()
        raise ValueError(
            f"Nobody had bought by t0 = {day.date()}: the first order is of {first}. "
            "Choose a later t0."
        )
    return known


def _purchases(known: pd.DataFrame, end: pd.Timestamp, window: int) -> pd.DataFrame:
    histories = purchase_histories(known, value="value", observation_end=end)
    frequency, recency, spent = (histories[name] for name in ("purchases", "idle", "spent"))
    gap = (histories["age"] - recency) / (frequency - 1).where(frequency > 1)

    days_ago = ((end - known["ordered_at"].dt.normalize()) // DAY).rename("days_ago")
    by_day = known.groupby(["user_id", days_ago])["value"].sum().reset_index("days_ago")
    now = by_day["days_ago"] < window
    before = ~now & (by_day["days_ago"] < 2 * window)
    in_window = pd.DataFrame({"recent": now, "before": before, "spent": by_day["value"] * now})
    in_window = in_window.groupby("user_id").sum()
    return pd.DataFrame(
        {
            "recency": recency,
            "frequency": frequency,
            "age": histories["age"],
            "gap": gap,
            "overdue": recency / gap,
            "recent": in_window["recent"],
            "trend": in_window["recent"] - in_window["before"],
            "spent": spent,
            "per_purchase": spent / frequency,
            "spent_recent": in_window["spent"],
        }
    )


def _returned(returns: pd.DataFrame, end: pd.Timestamp, spent: pd.Series) -> pd.Series:
    checks.require(returns, user_id="key", returned_at="datetime", value="number")
    checks.require_same_ids({"user_id": spent.index}, returns, "user_id")
    fix = "Give the money that went back to the user as a positive number."
    rule = ("value", returns["value"] < 0, "is negative", fix)
    checks.refuse_rows(returns, rule, name="returns")
    known = returns[returns["returned_at"] < end + DAY]
    back = known.groupby("user_id")["value"].sum().reindex(spent.index, fill_value=0.0)
    return (back / spent.where(spent > 0)).fillna(0.0).rename("returned")


def _traffic(events: pd.DataFrame, end: pd.Timestamp, window: int, users: pd.Index) -> pd.DataFrame:
    checks.require(events, user_id="key?", occurred_at="datetime", session_id="key", event="text")
    checks.require_same_ids({"user_id": users}, {"user_id": events["user_id"].dropna()}, "user_id")
    start = end - (window - 1) * DAY
    first = events["occurred_at"].min().normalize()
    if first > start:
        raise ValueError(
            f"The events begin on {first.date()}, after the window of t0 = {end.date()} does "
            f"({start.date()}): its counts would be too low. Choose a later t0 or a shorter window."
        )
    inside = events[events["occurred_at"].between(start, end + DAY, inclusive="left")]
    by_user = inside.groupby("user_id")
    counts = pd.crosstab(inside["user_id"], inside["event"]).reindex(columns=[*COUNTED])
    traffic = counts.rename(columns=COUNTED).assign(
        sessions=by_user["session_id"].nunique(),
        unseen=(end - by_user["occurred_at"].max().dt.normalize()) // DAY,
    )
    traffic = traffic[["sessions", *COUNTED.values(), "unseen"]].reindex(users)
    return traffic.fillna({"unseen": window}).fillna(0)
