"""Purchase histories of users, and their summary for buy-till-you-die models."""

import numpy as np
import pandas as pd

from helpers.data import checks


def purchase_histories(
    transactions: pd.DataFrame,
    user: str = "user_id",
    time: str = "ordered_at",
    value: str | None = None,
    observation_end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Sum up the purchases of each user: how many, since when, until when, for how much.

    Rows of one user on one day are one purchase: the lines of an order, and several orders.

    Parameters
    ----------
    transactions : DataFrame, one row per order or order line; other columns are not looked at.
    user, time, value : names of the columns that hold the user's id, the moment (datetime) and the
        money spent (a number, not negative; returns are netted before). No ``value``, no spending.
    observation_end : last day observed; later transactions are left out, as if not yet known.
        Without it, the day of the last transaction of all.

    Returns
    -------
    DataFrame, one row per user (index, sorted): ``purchases`` (days with a purchase, the first one
    included), ``age`` and ``idle`` (days from the first and from the last purchase to the end of
    observation), and, with ``value``, ``spent`` in all and ``spent_first``, on the first day.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ana", "Ben"], "paid": [9, 1, 5, 7],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-01", "2025-03-08", "2025-03-11"])})
    >>> purchase_histories(orders, value="paid")
             purchases  age  idle  spent  spent_first
    user_id
    Ana              2   10     3   15.0         10.0
    Ben              1    0     0    7.0          7.0
    """
    checks.require(transactions, **{user: "key", time: "datetime"})
    if value is not None:
        _require_amounts(transactions, value)
    day = transactions[time].to_numpy().astype("datetime64[D]")
    end = day.max() if observation_end is None else np.datetime64(observation_end, "D")
    if end < day.min():
        raise ValueError(
            f"No transaction up to observation_end = {end}: the first one is of {day.min()}. "
            "Choose a later end."
        )
    known = day <= end
    user_code, users = pd.factorize(transactions[user][known], sort=True)
    ago = (end - day[known]).astype(int)

    # One whole number per user and day, sorted: the days of a user run from the last to the first.
    span = ago.max() + 1
    days = np.sort(user_code * span + ago)  # np.unique would hash them, and take ten times as long
    buyer, purchase_ago = np.divmod(days[np.diff(days, prepend=-1) > 0], span)
    newest = np.searchsorted(buyer, np.arange(len(users)))
    oldest = np.append(newest[1:], len(buyer)) - 1
    age, idle = purchase_ago[oldest], purchase_ago[newest]
    histories = pd.DataFrame(
        {"purchases": oldest - newest + 1, "age": age, "idle": idle}, index=users.rename(user)
    )
    if value is not None:
        amount = transactions[value].to_numpy()[known]
        on_first_day = ago == age[user_code]
        histories["spent"] = np.bincount(user_code, weights=amount)
        histories["spent_first"] = np.bincount(user_code, weights=amount * on_first_day)
    return histories


def _require_amounts(transactions: pd.DataFrame, value: str) -> None:
    checks.require(transactions, **{value: "number"})
    mend = "Net returns and cancellations against their orders first."
    checks.refuse_rows(transactions, (value, transactions[value] < 0, "is negative", mend))


DAYS = {"D": 1, "W": 7}  # in a unit of time


def btyd_summary(
    transactions: pd.DataFrame,
    user: str = "user_id",
    time: str = "ordered_at",
    value: str | None = None,
    observation_end: str | pd.Timestamp | None = None,
    unit: str = "W",
) -> pd.DataFrame:
    """Return what the models need to know of each user: frequency, recency, T and monetary.

    Purchases of one day are one purchase, whatever the unit, which does no more than divide days
    by 7: two purchases in the same week remain two.

    Parameters
    ----------
    transactions : DataFrame, one row per order or order line; other columns are not looked at.
    user, time, value : names of the columns that hold the user's id, the moment (datetime) and the
        money spent (a number, not negative).
    observation_end : last day observed; later transactions are left out. That is how a calibration
        period is cut off from a hold-out period. Without it, the day of the last transaction.
    unit : "W" for weeks or "D" for days.

    Returns
    -------
    DataFrame, one row per user (index, sorted):

    - ``frequency``: repeat purchases, 0 for those who bought once;
    - ``recency``: time from the first to the last purchase, in units (a float);
    - ``T``: time from the first purchase to the end of observation, in units (a float);
    - ``monetary``, with ``value``: mean spending per *repeat* purchase, NaN where there is none.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ana", "Ben"], "paid": [9, 1, 5, 7],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-01", "2025-03-08", "2025-03-11"])})
    >>> btyd_summary(orders, value="paid", observation_end="2025-03-15")
             frequency  recency         T  monetary
    user_id
    Ana              1      1.0  2.000000       5.0
    Ben              0      0.0  0.571429       NaN
    """
    if unit not in DAYS:
        raise ValueError(f'unit is "W" (weeks) or "D" (days), got {unit!r}.')
    histories = purchase_histories(transactions, user, time, value, observation_end)
    repeats = histories["purchases"] - 1
    summary = pd.DataFrame(
        {
            "frequency": repeats,
            "recency": (histories["age"] - histories["idle"]) / DAYS[unit],
            "T": histories["age"] / DAYS[unit],
        }
    )
    if value is not None:
        repeat_spending = histories["spent"] - histories["spent_first"]
        summary["monetary"] = repeat_spending / repeats.where(repeats > 0)
    return summary
