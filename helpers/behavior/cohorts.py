"""Cohorts: users who first bought in the same period, and the share of them that returns."""

import numpy as np
import pandas as pd

from helpers.data import checks


def cohort_counts(
    orders: pd.DataFrame, *, period: str = "M", until: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Count the active buyers of each acquisition cohort, by periods since their first order.

    A cohort is all users whose first order falls in the same period. Cell (c, k) is

        |{users of c who order in period c + k}|

    so column 0 is the size of the cohort. Periods that are not yet completely observed are NaN, not
    0. If a table starts midway through a shop's life, its first cohort also contains existing
    customers.

    Parameters
    ----------
    orders : DataFrame, one row per order or order line; columns ``user_id``, ``ordered_at``.
    period : pandas period alias, "W", "M" or "Q".
    until : last day observed; by default the day of the last order.

    Returns
    -------
    DataFrame of float, shape (cohorts that have users, periods); index ``cohort`` (Period),
    columns ``periods_since_first`` 0, 1, 2, …

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["U1", "U2", "U1"], "ordered_at": pd.to_datetime(
    ...     ["2025-01-05", "2025-01-20", "2025-02-10"])})
    >>> cohort_counts(orders, until="2025-03-31").to_numpy().tolist()
    [[2.0, 1.0, 0.0]]
    """
    checks.require(orders, user_id="key", ordered_at="datetime")
    last_day = orders["ordered_at"].max().normalize()
    until = last_day if until is None else checks.as_day(until, "until")
    if last_day > until:
        raise ValueError(
            f"cohort_counts: the last order is of {last_day:%Y-%m-%d}, after until "
            f"({until:%Y-%m-%d}). Drop later orders first, or let until be the last day observed."
        )
    period_of_order = orders["ordered_at"].dt.to_period(period)
    calendar = pd.period_range(period_of_order.min(), until, freq=period, name="cohort")
    user, users = pd.factorize(orders["user_id"])
    active = np.zeros((len(users), len(calendar)), dtype=bool)
    active[user, calendar.get_indexer(period_of_order)] = True

    counts = pd.DataFrame(active).groupby(active.argmax(axis=1)).sum().astype(float)
    if until < calendar[-1].end_time.normalize():
        counts.iloc[:, -1] = np.nan
    # From calendar periods to periods since the first: a cohort's row moves left to its start.
    counts = counts.apply(lambda cohort: cohort.shift(-cohort.name), axis=1)
    counts.columns = pd.RangeIndex(len(calendar), name="periods_since_first")
    return counts.set_axis(calendar[counts.index])


def retention(
    orders: pd.DataFrame, *, period: str = "M", until: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Retention rate: the share of each acquisition cohort that buys, by periods since the first.

    Cell (c, k) is |{users of c who order in period c + k}| / |c|; `cohort_counts` gives the
    numerators and explains the parameters. To average over cohorts, add up the counts first: a mean
    of rates gives the smallest cohort the weight of the largest.

    Returns
    -------
    DataFrame of float in [0, 1], shape (cohorts, periods); NaN where not completely observed.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["U1", "U2", "U1"], "ordered_at": pd.to_datetime(
    ...     ["2025-01-05", "2025-01-20", "2025-02-10"])})
    >>> retention(orders, until="2025-03-15").iloc[0].tolist()
    [1.0, 0.5, nan]
    """
    counts = cohort_counts(orders, period=period, until=until)
    return counts.div(counts[0], axis=0)
