"""Purchase histories of users, and their summary for "buy till you die" models."""

import numpy as np
import pandas as pd

from helpers.data import checks


def purchase_histories(
    transactions: pd.DataFrame,
    value: str | None = None,
    observation_end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Sum up the purchases of each user: how many, first, last, and money spent.

    All rows of a user on one day are one purchase, whether they are one order or several.

    Parameters
    ----------
    transactions : DataFrame, one row per order or order line; columns ``user_id``, ``ordered_at``.
    value : name of the column of money spent (0 or more; net returns first), if any.
    observation_end : last day observed; later transactions are left out. By default the day of the
        last transaction.

    Returns
    -------
    DataFrame, one row per user (index, sorted): ``purchases`` (days with a purchase, the first one
    included), ``age`` and ``idle`` (days from the first and from the last purchase to the end of
    observation), and, with ``value``, ``spent`` in total and ``spent_first``, on the first day.

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
    checks.require(transactions, user_id="key", ordered_at="datetime")
    if value is not None:
        checks.require(transactions, **{value: "number"})
        fix = "Net returns and cancellations against their orders first."
        checks.refuse_rows(transactions, (value, transactions[value] < 0, "is negative", fix))
    day, end = observed_days(transactions, observation_end)
    paid = 0.0 if value is None else transactions[value].astype(float)
    known = transactions[["user_id"]].assign(ago=(end - day).astype(int), paid=paid)[day <= end]
    by_user = known.groupby("user_id")
    histories = by_user["ago"].agg(purchases="nunique", age="max", idle="min")
    if value is not None:
        user = by_user.ngroup()
        on_first_day = known["ago"] == histories["age"].to_numpy()[user]
        # Not by_user["paid"].sum(), which corrects rounding errors: lessons print plain sums.
        histories["spent"] = np.bincount(user, known["paid"])
        histories["spent_first"] = np.bincount(user, known["paid"] * on_first_day)
    return histories


def observed_days(
    transactions: pd.DataFrame, observation_end: str | pd.Timestamp | None
) -> tuple[np.ndarray, np.datetime64]:
    """Return the day of each transaction, and the last day observed, which is not before all."""
    day = transactions["ordered_at"].to_numpy().astype("datetime64[D]")
    end = day.max()
    if observation_end is not None:
        end = checks.as_day(observation_end, "observation_end").to_datetime64().astype(day.dtype)
    if end < day.min():
        raise ValueError(
            f"No transaction up to observation_end = {end}: the first one is of {day.min()}. "
            "Choose a later end."
        )
    return day, end


def btyd_summary(
    transactions: pd.DataFrame,
    value: str | None = None,
    observation_end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Summarize users for "buy till you die" models: frequency, recency, T and monetary.

    Parameters
    ----------
    transactions, value : as for `purchase_histories`. Purchases on one day are one purchase; two on
        different days of a week are two.
    observation_end : last day observed; later transactions are left out. It separates a calibration
        period from a hold-out period. By default the day of the last transaction.

    Returns
    -------
    DataFrame, one row per user (index, sorted):

    - ``frequency``: repeat purchases, 0 for users who bought once;
    - ``recency``: weeks from the first to the last purchase (a float);
    - ``T``: weeks from the first purchase to the end of observation (a float);
    - ``monetary``, with ``value``: mean spending per *repeat* purchase, NaN if there is none.

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
    histories = purchase_histories(transactions, value, observation_end)
    repeats, age, idle = histories["purchases"] - 1, histories["age"], histories["idle"]
    summary = pd.DataFrame({"frequency": repeats, "recency": (age - idle) / 7, "T": age / 7})
    if value is not None:
        repeat_spending = histories["spent"] - histories["spent_first"]
        summary["monetary"] = repeat_spending / repeats.where(repeats > 0)
    return summary
