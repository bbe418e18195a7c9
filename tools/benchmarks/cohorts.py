"""Recency, frequency, money and monthly cohorts of a million order lines, in four ways.

Each library is given the lines as its own kind of table; making that is not timed.
"""

import functools

import numpy as np
import pandas as pd

from helpers import behavior
from helpers.value.histories import purchase_histories
from tools.bench import Against

Result = tuple[np.ndarray, np.ndarray]  # users × (idle days, purchases, spent); cohorts × lags
SUMMARY = """
    SELECT user_id, count(DISTINCT CAST(ordered_at AS DATE)) n,
           max(CAST(ordered_at AS DATE)) last, sum(value) spent
    FROM t GROUP BY 1
"""
COHORTS = """
    WITH active AS (SELECT DISTINCT user_id, 12 * year(ordered_at) + month(ordered_at) AS month
                    FROM t),
         first AS (SELECT user_id, min(month) cohort FROM active GROUP BY 1)
    SELECT cohort, month - cohort lag, count(*) users FROM active JOIN first USING (user_id)
    GROUP BY 1, 2
"""


@functools.cache
def lines(rows: int = 1_000_000, users: int = 50_000) -> pd.DataFrame:
    """Return order lines of many users over three full years."""
    rng = np.random.default_rng(0)
    seconds = rng.integers(0, 1_096 * 86_400, rows)
    return pd.DataFrame(
        {
            "user_id": rng.integers(0, users, rows),
            "ordered_at": np.datetime64("2023-01-01", "s") + seconds.astype("timedelta64[s]"),
            "value": rng.integers(1, 100, rows).astype(float),
        }
    )


def ours() -> Result:
    """Use the helpers."""
    histories = purchase_histories(lines(), value="value", observation_end="2025-12-31")
    cohorts = behavior.cohort_counts(lines(), until="2025-12-31").to_numpy()
    return histories[["idle", "purchases", "spent"]].to_numpy(), np.nan_to_num(cohorts)


def result(summary: pd.DataFrame, cohorts: pd.DataFrame) -> Result:
    """Bring what a peer has found into the shape of ours."""
    summary = summary.sort_values("user_id")
    idle = (pd.Timestamp("2025-12-31") - pd.to_datetime(summary["last"])).dt.days
    counts = np.zeros((36, 36))
    cohort = cohorts["cohort"] - cohorts["cohort"].min()
    counts[cohort, cohorts["lag"]] = cohorts["users"]
    counts = counts[counts.any(axis=1)]
    return np.column_stack([idle, summary["n"], summary["spent"]]), counts


def with_pandas() -> Result:
    """Group by user and day, then by user; drop duplicate months, then count."""
    t = lines()
    days = t[["user_id"]].assign(day=t["ordered_at"].dt.normalize(), value=t["value"])
    days = days.groupby(["user_id", "day"], as_index=False)["value"].sum()
    summary = days.groupby("user_id", as_index=False).agg(
        n=("day", "size"), last=("day", "max"), spent=("value", "sum")
    )
    at = t["ordered_at"].dt
    active = t[["user_id"]].assign(month=12 * at.year + at.month).drop_duplicates()
    active["cohort"] = active.groupby("user_id")["month"].transform("min")
    active["lag"] = active["month"] - active["cohort"]
    return result(summary, active.groupby(["cohort", "lag"]).size().reset_index(name="users"))


@functools.cache
def polars_lines():
    """Return the lines as Polars holds them."""
    import polars

    return polars.from_pandas(lines())


def with_polars() -> Result:
    """Say the same in Polars."""
    from polars import Int32, col

    t, at = polars_lines().lazy(), col("ordered_at").dt
    summary = t.group_by("user_id").agg(
        n=at.date().n_unique(), last=at.date().max(), spent=col("value").sum()
    )
    active = t.select("user_id", month=12 * at.year() + at.month().cast(Int32)).unique()
    active = active.with_columns(cohort=col("month").min().over("user_id"))
    cohorts = active.group_by("cohort", lag=col("month") - col("cohort")).len("users")
    return result(summary.collect().to_pandas(), cohorts.collect().to_pandas())


@functools.cache
def duckdb_lines():
    """Return a connection to a DuckDB table of the lines."""
    import duckdb

    connection = duckdb.connect()
    connection.sql("SET threads = 2")
    connection.register("source", lines())
    connection.sql("CREATE TABLE t AS SELECT * FROM source")
    return connection


def with_duckdb() -> Result:
    """Say the same in SQL."""
    run = duckdb_lines().sql
    return result(run(SUMMARY).df(), run(COHORTS).df())


def same(ours: Result, theirs: Result) -> None:
    """Compare users and cohorts."""
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other)


ROWS = [
    Against("RFM and cohorts, 1M lines", peer, goal, ours, theirs, same)
    for peer, goal, theirs in (  # ours is plain groupby, on one core; Polars and DuckDB use all
        ("pandas groupby", 1, with_pandas),
        ("Polars", 0.7, with_polars),
        ("DuckDB", 0.55, with_duckdb),
    )
]
