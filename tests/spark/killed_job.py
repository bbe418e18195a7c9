"""A job that counts the shop's events, and kills itself at a moment that the test chooses.

python killed_job.py FOLDER "2:within" dies in batch 2, within the sink's transaction.
"""

import os
import signal
import sys
from pathlib import Path

import sqlalchemy as sa

from helpers import streaming
from helpers.spark import read_events, spark_session, write_stream


def die(*_):
    """End as by kill −9: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder, deadly):
    spark = spark_session("local[2]", spark_sql_shuffle_partitions="1")
    sink = streaming.ExactlyOnceSink(f"sqlite:///{folder / 'counts.db'}", "clicks")
    rows = read_events(spark, folder / "events").withWatermark("occurred_at", "3 days")

    def write(batch, number):
        counts = streaming.window_counts(batch.toPandas(), "6h").rename(columns={"event": "label"})
        if f"{number}:before" == deadly:
            die()
        with (folder / "naive.txt").open("a") as naive:  # a sink that adds what it gets
            print(number, counts["n"].sum(), file=naive)
        if f"{number}:within" == deadly:
            sa.event.listen(sink.engine, "commit", die)
        sink.add(counts, number)
        if f"{number}:after" == deadly:
            die()

    write_stream(rows.dropDuplicatesWithinWatermark(["event_id"]), write, folder / "checkpoint")
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
