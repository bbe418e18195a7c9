"""Retention: which rows have had their time."""

import pandas as pd

from helpers.data import checks


def expired(table: pd.DataFrame, moment: str, days: int, on: str | pd.Timestamp) -> pd.Series:
    """Return which rows are older than their retention period.

    A row may be kept for so many days after its moment; on the day after that it has to go (storage
    limitation, GDPR, article 5(1)(e)).

    Parameters
    ----------
    table : DataFrame.
    moment : its column of times.
    days : the retention period.
    on : today.

    Returns
    -------
    Series of booleans, index of `table`.

    Examples
    --------
    >>> events = pd.DataFrame({"occurred_at": pd.to_datetime(["2025-01-01", "2025-01-02"])})
    >>> expired(events, "occurred_at", 30, "2025-02-01").tolist()
    [True, False]
    """
    checks.require(table, **{moment: "datetime"})
    checks.require_whole("days", days)
    return table[moment].dt.normalize() + pd.Timedelta(days=days) < checks.as_day(on, "on")
