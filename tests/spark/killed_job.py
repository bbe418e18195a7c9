"""A job that counts the shop's events. As a program it kills itself in the middle:

python killed_job.py FOLDER 3 dies in batch 3, between the two writes: the sink has added the batch,
and the checkpoint doesn't know it yet.
"""

import os
import signal
import sys
from pathlib import Path

from helpers import streaming
from helpers.spark import read_events, spark_session, write_stream


def count(spark, folder, deadly=None):
    """Count what is in the folder "events"; in batch ``deadly``, end as by kill −9."""
    sink = streaming.ExactlyOnceSink(f"sqlite:///{folder / 'counts.db'}", "clicks")
    rows = read_events(spark, folder / "events").withWatermark("occurred_at", "3 days")

    def write(batch, number):
        counts = streaming.window_counts(batch.toPandas(), "6h").rename(columns={"event": "label"})
        with (folder / "naive.txt").open("a") as naive:  # a sink that adds what it gets
            print(number, counts["n"].sum(), file=naive)
        sink.add(counts, number)
        if number == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    write_stream(rows.dropDuplicatesWithinWatermark(["event_id"]), write, folder / "checkpoint")


if __name__ == "__main__":
    session = spark_session("local[2]", spark_sql_shuffle_partitions="1")
    count(session, Path(sys.argv[1]), deadly=int(sys.argv[2]))
