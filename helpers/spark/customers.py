"""RFM and cohorts on Spark: what `helpers.value` and `helpers.behavior` compute with pandas.

Sums of money are added up as decimal numbers. Floats would be added in the order in which parts of
the table happen to be ready, so the last digits, and with them ties, would differ from run to run.
"""

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as sf

from helpers.data.checks import as_day
from helpers.spark.checks import refuse, require
from helpers.value import RFM_GRID

TRUNCATED = {"W": "week", "M": "month", "Q": "quarter"}  # Spark's name of a period
EXACT = "decimal(38, 12)"
HUGE = 1e20  # a million such amounts would be all that 38 digits can hold
FIFTHS = (1, 2, 3, 4)


def rfm(
    transactions: DataFrame, value: str = "value", observation_end: str | pd.Timestamp | None = None
) -> DataFrame:
    """RFM analysis: recency, frequency and monetary value of each user, with scores and segments.

    The same as `helpers.value.rfm`. A score counts the fifths of all users that a user beats,

        score = 1 + |{k = 1, 2, 3, 4 : the user's value > q_k}|

    where q_k is the ⌈k/5 · |users|⌉-th smallest value. Spark finds these four numbers without
    sorting all users in one place, which a rank over the whole table would need.

    Parameters
    ----------
    transactions : Spark DataFrame, one row per order or order line; columns ``user_id``,
        ``ordered_at``, and the column of money spent (from 0 to 1e20, counted to 12 decimals).
    value : name of the column of money spent.
    observation_end : last day observed; later transactions are left out. By default the day of the
        last transaction, for which Spark runs over the table once.

    Returns
    -------
    Spark DataFrame, one row per user, in no order: ``user_id``, ``recency``, ``frequency``,
    ``monetary``, ``R``, ``F``, ``M``, ``segment``.

    Examples
    --------
    >>> from helpers.spark import spark_session
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "value": [10.0, 5.0, 7.0],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-02-11"])})
    >>> spark = spark_session("local[2]")
    >>> rfm(spark.createDataFrame(orders)).orderBy("user_id").toPandas()[["user_id", "R", "M"]]
      user_id  R  M
    0     Ana  3  3
    1     Ben  1  1
    >>> spark.stop()
    """
    require(transactions, user_id="key", ordered_at="datetime", **{value: "number"})
    day, amount = sf.to_date("ordered_at"), sf.col(value)
    rows, negative, huge, first, last = transactions.select(
        sf.count(sf.lit(1)),
        *[sf.count_if(amount < 0), sf.count_if(amount >= HUGE)],
        *[sf.min(day), sf.max(day)],
    ).first()
    refuse(rows, {value: negative}, "is negative", "Net returns and cancellations first.")
    refuse(rows, {value: huge}, f"is {HUGE:.0e} or more", "Is it money? Correct or drop it.")
    end = last if observation_end is None else as_day(observation_end, "observation_end").date()
    if end < first:
        raise ValueError(f"No transaction up to observation_end = {end}: the first is of {first}.")
    users = (
        transactions.where(day <= sf.lit(end))
        .groupBy("user_id")
        .agg(
            sf.datediff(sf.lit(end), sf.max(day)).alias("recency"),
            sf.count_distinct(day).alias("frequency"),
            sf.sum(amount.cast(EXACT)).alias("monetary"),
        )
    )
    goods = {"R": "-recency", "F": "frequency", "M": "monetary"}
    fifths = users.agg(
        *[
            sf.expr(f"percentile_disc({k / 5}) WITHIN GROUP (ORDER BY {good}) AS {score}{k}")
            for score, good in goods.items()
            for k in FIFTHS
        ]
    )
    scores = {
        score: sum(((sf.expr(good) > sf.col(f"{score}{k}")).cast("int") for k in FIFTHS), sf.lit(1))
        for score, good in goods.items()
    }
    # The table of RFM_GRID as a list: its rows run from R = 5 to 1.
    names = sf.array(*map(sf.lit, RFM_GRID.to_numpy().ravel()))
    return (
        users.crossJoin(sf.broadcast(fifths))
        .withColumns(scores)
        .withColumn("monetary", sf.col("monetary").cast("double"))
        .withColumn("segment", sf.element_at(names, (5 - sf.col("R")) * 5 + sf.col("F")))
        .select(*users.columns, *scores, "segment")
    )


def cohort_counts(
    orders: DataFrame, *, period: str = "M", until: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Count the active buyers of each acquisition cohort, by periods since their first order.

    The same as `helpers.behavior.cohort_counts`: Spark counts, and the small table of counts comes
    back to pandas.

    Parameters
    ----------
    orders : Spark DataFrame, one row per order or order line; columns ``user_id``, ``ordered_at``.
    period, until : as for `helpers.behavior.cohort_counts`.

    Returns
    -------
    pandas DataFrame of float, shape (cohorts that have users, periods); NaN where a period is not
    completely observed.

    Examples
    --------
    >>> from helpers.spark import spark_session
    >>> orders = pd.DataFrame({"user_id": ["U1", "U2", "U1"], "ordered_at": pd.to_datetime(
    ...     ["2025-01-05", "2025-01-20", "2025-02-10"])})
    >>> spark = spark_session("local[2]")
    >>> cohort_counts(spark.createDataFrame(orders), until="2025-03-31").to_numpy().tolist()
    [[2.0, 1.0, 0.0]]
    >>> spark.stop()
    """
    require(orders, user_id="key", ordered_at="datetime")
    if period not in TRUNCATED:
        raise ValueError(f'period is "W", "M" or "Q"; got {period!r}.')
    day = sf.to_date("ordered_at")
    first, last = (pd.Timestamp(each) for each in orders.select(sf.min(day), sf.max(day)).first())
    until = last if until is None else as_day(until, "until")
    if last > until:
        raise ValueError(
            f"cohort_counts: the last order is of {last:%Y-%m-%d}, after until ({until:%Y-%m-%d}). "
            "Drop later orders first, or let until be the last day observed."
        )
    start = sf.to_date(sf.date_trunc(TRUNCATED[period], "ordered_at"))
    active = orders.select("user_id", start.alias("active")).distinct()
    cohort = sf.min("active").over(Window.partitionBy("user_id"))
    counted = active.withColumn("cohort", cohort).groupBy("cohort", "active").count()
    counted = counted.toArrow().to_pandas()

    calendar = pd.period_range(first, until, freq=period, name="cohort")
    at = {
        name: calendar.get_indexer(pd.DatetimeIndex(counted[name]).to_period(period))
        for name in ("cohort", "active")
    }
    n = len(calendar)
    counts = np.zeros((n, n))
    counts[at["cohort"], at["active"] - at["cohort"]] = counted["count"]
    observed = n if calendar[-1].end_time.normalize() <= until else n - 1
    counts[np.add.outer(np.arange(n), np.arange(n)) >= observed] = np.nan
    has_users = np.unique(at["cohort"])
    lags = pd.RangeIndex(n, name="periods_since_first")
    return pd.DataFrame(counts[has_users], index=calendar[has_users], columns=lags)
