"""How many order lines one machine takes: ``python -m tools.scale`` measures it for lesson 17.

Recency, frequency, money and monthly cohorts are computed from a parquet file of 1 to 30 million
lines, by each engine in a process of its own that is ended when it holds more than 4 GiB. What it
needs, its start and the reading included, goes to ``data/scale/limits.csv``; so does that it ran
out of memory. All engines that finish must find the same. It takes half an hour and 1 GB of disk.
"""

import contextlib
import csv
import importlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools import env

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars

FILE = env.ROOT / "data/scale/limits.csv"
MILLIONS = (1, 3, 10, 30)
LINES_PER_USER = 20
MEMORY = 4 * 1024**3  # bytes a process may have: half of a small laptop's
HEAP = "2g"  # of Spark's Java, which needs about as much beside it
RUNS = 3  # of which the median counts
LAST = "2025-12-31"
MADE = """
    COPY (
        SELECT (hash(i) % {users})::BIGINT AS user_id,
               TIMESTAMP '2023-01-01' + to_seconds((hash(i + {rows}) % 94694400)::BIGINT)
                   AS ordered_at,
               (1 + hash(i + 2 * {rows}) % 99)::DOUBLE AS value
        FROM range({rows}) lines(i)
    ) TO '{file}' (FORMAT parquet)
"""
SUMMARY = """
    SELECT sum(days), sum(idle), sum(spent)::BIGINT FROM (
        SELECT count(DISTINCT ordered_at::DATE) AS days, sum(value) AS spent,
               DATE '2025-12-31' - max(ordered_at::DATE) AS idle
        FROM lines GROUP BY user_id)
"""
COHORTS = """
    WITH active AS (SELECT DISTINCT user_id, 12 * year(ordered_at) + month(ordered_at) AS month
                    FROM lines),
         first AS (SELECT user_id, min(month) AS cohort FROM active GROUP BY 1)
    SELECT count(*), sum(month - cohort) FROM active JOIN first USING (user_id)
"""
Found = tuple[int, ...]  # shopping days, idle days and money of all users; active months and lags


def main() -> None:
    """Measure all engines, the smallest file first; or one of them, in a process of its own."""
    env.enter("spark")
    if len(sys.argv) == 3:
        engine, file = sys.argv[1:]
        print(json.dumps([int(number) for number in ENGINES[engine](file)]))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for millions in MILLIONS:
            file = make(millions, Path(folder))
            results = {engine: measured(engine, file) for engine in ENGINES}
            answers = {found for found, *_ in results.values() if found}
            if len(answers) > 1:
                sys.exit(f"The engines disagree: {results}")
            for engine, (found, seconds, peak) in results.items():
                rows.append([millions, engine, *([seconds, peak] if found else ["", ""])])
                print(
                    f"{millions:4} million  {engine:8} {seconds:7} s {peak:6} MB {found}",
                    flush=True,
                )
            file.unlink()
    with FILE.open("w", newline="") as out:  # at the end, so that an interruption loses nothing
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["million_lines", "engine", "seconds", "peak_mb"])
        table.writerows(rows)


def make(millions: int, folder: Path) -> Path:
    """Write a parquet file of order lines, the same in every run."""
    import duckdb  # only the extra has it

    file, rows = folder / f"lines-{millions}.parquet", millions * 1_000_000
    duckdb.sql(MADE.format(users=rows // LINES_PER_USER, rows=rows, file=file))
    return file


def measured(engine: str, file: Path) -> tuple[Found, float, int]:
    """Return what an engine finds, () if it runs out of memory, its seconds and peak memory."""
    runs = [once(engine, file) for _ in range(RUNS)]
    found = {run[0] for run in runs}
    if len(found) > 1:
        sys.exit(f"{engine} does not find the same each time: {found}")
    _, seconds, peak = sorted(runs, key=lambda run: run[1])[RUNS // 2]
    return found.pop(), round(seconds, 1), round(peak)


def once(engine: str, file: Path) -> tuple[Found, float, float]:
    """Run an engine in a process of its own, and end it if it takes too much memory."""
    import psutil

    command = [sys.executable, "-m", "tools.scale", engine, str(file)]
    started, peak = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as printed:
        process = psutil.Popen(command, cwd=env.ROOT, stdout=printed, stderr=subprocess.STDOUT)
        while process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                family = [process, *process.children(recursive=True)]
                peak = max(peak, sum(each.memory_info().rss for each in family))
                if peak > MEMORY:
                    for each in family:
                        each.kill()
            time.sleep(0.02)
        seconds = time.monotonic() - started
        printed.seek(0)
        said = printed.read()
    if process.returncode == 0:
        return tuple(json.loads(said.splitlines()[-1])), seconds, peak / 1e6
    if peak > MEMORY or re.search("out ?of ?memory", said, re.IGNORECASE):
        return (), seconds, peak / 1e6
    sys.exit(f"{engine} failed:\n{said}")


def with_pandas(lines: "pd.DataFrame") -> Found:
    """Group by user and day, then by user; drop duplicate months, then count."""
    import pandas as pd

    days = lines.assign(day=lines["ordered_at"].dt.normalize())
    days = days.groupby(["user_id", "day"], as_index=False)["value"].sum()
    users = days.groupby("user_id").agg(
        days=("day", "size"), last=("day", "max"), spent=("value", "sum")
    )
    at = lines["ordered_at"].dt
    active = lines[["user_id"]].assign(month=12 * at.year + at.month).drop_duplicates()
    lag = active["month"] - active.groupby("user_id")["month"].transform("min")
    idle = (pd.Timestamp(LAST) - users["last"]).dt.days
    return users["days"].sum(), idle.sum(), users["spent"].sum(), len(lag), lag.sum()


def with_helpers(lines: "pd.DataFrame") -> Found:
    """Use the course's helpers."""
    from helpers import behavior
    from helpers.value.histories import purchase_histories

    users = purchase_histories(lines, value="value", observation_end=LAST)
    active = behavior.cohort_counts(lines, until=LAST).sum()
    return (
        *(users["purchases"].sum(), users["idle"].sum(), users["spent"].sum()),
        *(active.sum(), (active * active.index).sum()),
    )


def with_duckdb(connection: "duckdb.DuckDBPyConnection") -> Found:
    """Say it in SQL, of a table or view called lines."""
    found = (connection.sql(query).fetchall()[0] for query in (SUMMARY, COHORTS))
    return tuple(number for row in found for number in row)


def with_polars(lines: "polars.LazyFrame") -> Found:
    """Say it lazily, and let the streaming engine go through the lines in parts."""
    from datetime import date

    from polars import Int64, col, len

    at = col("ordered_at").dt
    users = lines.group_by("user_id").agg(
        days=at.date().n_unique(), last=at.date().max(), spent=col("value").sum()
    )
    idle = (date.fromisoformat(LAST) - col("last")).dt.total_days()
    summary = users.select(col("days").sum(), idle.sum(), col("spent").sum())
    active = lines.select("user_id", month=12 * at.year() + at.month().cast(Int64)).unique()
    first = active.group_by("user_id").agg(cohort=col("month").min())
    lags = active.join(first, on="user_id").select(len(), (col("month") - col("cohort")).sum())
    return tuple(
        number for query in (summary, lags) for number in query.collect(engine="streaming").row(0)
    )


def with_spark(file: str) -> Found:
    """Say it to Spark, which has all cores of this computer, as the others do."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sf

    from helpers.spark import spark_session

    # A long job is worth the second compiler, which the course's short ones do without.
    compiled = {"spark_driver_extraJavaOptions": "-Xss16m"}
    with spark_session(spark_driver_memory=HEAP, **compiled) as spark:
        day, at = sf.to_date("ordered_at"), sf.col("ordered_at")
        lines = spark.read.parquet(file)
        users = lines.groupBy("user_id").agg(
            sf.count_distinct(day).alias("days"),
            sf.datediff(sf.lit(LAST), sf.max(day)).alias("idle"),
            sf.sum("value").alias("spent"),
        )
        active = lines.select(
            "user_id", (12 * sf.year(at) + sf.month(at)).alias("month")
        ).distinct()
        cohort = sf.min("month").over(Window.partitionBy("user_id"))
        lags = active.select((sf.col("month") - cohort).alias("lag"))
        summary = users.select(sf.sum("days"), sf.sum("idle"), sf.sum("spent")).first()
        return (*summary, *lags.select(sf.count(sf.lit(1)), sf.sum("lag")).first())


def read(file: str, library: str = "pandas") -> "pd.DataFrame | polars.LazyFrame":
    """Read all lines with pandas; with Polars, only when they are needed."""
    loaded = importlib.import_module(library)
    return loaded.scan_parquet(file) if library == "polars" else loaded.read_parquet(file)


def in_files(file: str) -> Found:
    """Leave the lines in their file; what doesn't fit into memory goes to disk."""
    import duckdb

    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.sql(f"SET memory_limit = '2GB'; SET temp_directory = '{spill}'")
        connection.sql(f"CREATE VIEW lines AS FROM '{file}'")
        return with_duckdb(connection)


ENGINES: dict[str, Callable[[str], Found]] = {
    "pandas": lambda file: with_pandas(read(file)),
    "helpers": lambda file: with_helpers(read(file)),
    "DuckDB": in_files,
    "Polars": lambda file: with_polars(read(file, "polars")),
    "Spark": with_spark,
}


if __name__ == "__main__":
    main()
