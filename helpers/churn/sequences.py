"""Event histories as sequences: what each user did week by week, up to the evening of a day.

`weekly_sequences` cuts every table at the end of day t₀ before it counts anything, as
`churn_features` does, so that no step of a sequence leaks the future.
"""

import numpy as np
import pandas as pd

from helpers.churn.features import COUNTED, DAY, known_on
from helpers.data import checks

WEEK = 7 * DAY


def weekly_sequences(
    orders: pd.DataFrame,
    t0: str | pd.Timestamp,
    *,
    weeks: int = 26,
    every: int = 1,
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Build the sequence of each user who had bought by t₀: what was done, step by step.

    A step sums ``every`` weeks; the last one ends with day t₀. Each step has the channels
    ``purchases`` (days with a purchase) and ``spent`` (money), and with ``events`` also
    ``sessions``, ``views``, ``favorites`` and ``carts``, all as ln(1 + x). What happened before the
    first step is not in the sequence; the steps before a user did anything are 0.

    Parameters
    ----------
    orders, t0, events : as for `churn_features`.
    weeks : length of a sequence, 1 or more, a multiple of ``every``.
    every : weeks per step, 1 or more.

    Returns
    -------
    DataFrame of floats, one row per user (index ``user_id``, sorted, as in `churn_features`);
    columns (``weeks_ago``, ``channel``), from the oldest step to the latest, which is 0.

    Raises
    ------
    ValueError
        If the log of events begins after the sequences do: its first steps would be too low.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "value": [9.0, 1.0, 7.0],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-03-30"])})
    >>> x = weekly_sequences(orders, "2025-03-14", weeks=2)  # 1 to 7, and 8 to 14 March
    >>> np.expm1(x).stack("channel", future_stack=True)
    weeks_ago             1    0
    user_id channel
    Ana     purchases   1.0  1.0
            spent       9.0  1.0
    """
    checks.require_whole("every", every)
    checks.require_whole("weeks", weeks)
    if weeks % every:
        raise ValueError(f"weeks is a multiple of every; got {weeks} weeks in steps of {every}.")
    end = checks.as_day(t0) + DAY
    known = known_on(end - DAY, orders)
    users = pd.Index(np.sort(known["user_id"].unique()), name="user_id")
    steps, step = weeks // every, every * WEEK

    def by_step(table: pd.DataFrame, time: str, values: pd.Series | float = 1.0) -> np.ndarray:
        """Sum what a table has of each user in each step, shape (users, steps)."""
        user, ago = users.get_indexer(table["user_id"]), (end - DAY - _day(table, time)) // step
        inside = (user >= 0) & (ago >= 0) & (ago < steps)
        cell = user * steps + (steps - 1 - ago)
        worth = np.broadcast_to(values, len(table))[inside]
        return np.bincount(cell[inside], worth, len(users) * steps).reshape(len(users), steps)

    days = known.assign(day=_day(known, "ordered_at")).drop_duplicates(["user_id", "day"])
    channels = {
        "purchases": by_step(days, "ordered_at"),
        "spent": by_step(known, "ordered_at", known["value"]),
    }
    if events is not None:
        _check_log(events, users, end - weeks * WEEK)
        logged = events[events["occurred_at"].between(end - weeks * WEEK, end, inclusive="left")]
        channels["sessions"] = by_step(logged.drop_duplicates("session_id"), "occurred_at")
        for event, name in COUNTED.items():
            channels[name] = by_step(logged[logged["event"] == event], "occurred_at")
    ago = pd.RangeIndex(weeks - every, -1, -every)
    columns = pd.MultiIndex.from_product([ago, channels], names=["weeks_ago", "channel"])
    counts = np.stack([*channels.values()], axis=2).reshape(len(users), -1)
    return pd.DataFrame(np.log1p(counts), users, columns)


def _day(table: pd.DataFrame, time: str) -> pd.Series:
    return table[time].dt.normalize()


def _check_log(events: pd.DataFrame, users: pd.Index, start: pd.Timestamp) -> None:
    checks.require(events, user_id="key?", occurred_at="datetime", session_id="key", event="text")
    checks.require_same_ids({"user_id": users}, {"user_id": events["user_id"].dropna()}, "user_id")
    first = events["occurred_at"].min().normalize()
    if first > start:
        raise ValueError(
            f"The events begin on {first.date()}, after the sequences do ({start.date()}): their "
            "first steps would be too low. Choose a later t0 or fewer weeks."
        )
