"""Streams: six events by hand, the shop's weekend against the batch answer, and jobs that die."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
import sqlalchemy as sa
from pyspark.errors import StreamingQueryException
from pyspark.sql import functions as sf

from helpers import streaming
from helpers.data import load_shop
from helpers.spark import collect_stream, read_events, write_stream
from tests.spark import killed_job


@pytest.fixture(autouse=True)
def one_partition(spark):
    """State of some kilobytes is not worth four partitions."""
    spark.conf.set("spark.sql.shuffle.partitions", "1")


@pytest.fixture(scope="module")
def weekend():
    events = load_shop().events
    return events[events["occurred_at"].between("2025-11-28", "2025-12-01")]


def stream_of(spark, arrivals, folder, lateness):
    streaming.write_batches(arrivals, folder)
    return read_events(spark, folder).withWatermark("occurred_at", lateness)


def six_events():
    minutes = pd.to_timedelta([2, 8, 16, 9, 27, 7], unit="min")
    six = pd.DataFrame({"event_id": list("abcdef"), "batch": [0, 0, 1, 2, 3, 4]})
    return six.assign(occurred_at=pd.Timestamp("2025-11-28 10:00") + minutes)


def test_six_events_by_hand(spark, tmp_path):
    # Lateness 5. After batch 1 the watermark is 16 − 5 = 11, so the end of batch 2 closes [0, 10):
    # minutes 2, 8 and 9. After batch 3 it is 22, so the end of batch 4 closes [10, 20): minute 16.
    # Minute 7 comes in batch 4, too late; minute 27 waits.
    rows = stream_of(spark, six_events(), tmp_path / "six", "5 minutes")
    counts = rows.groupBy(sf.window("occurred_at", "10 minutes")).count()
    table, facts = collect_stream(counts.select("window.start", "count"))
    assert table["start"].dt.minute.tolist() == [0, 10]
    assert table[["count", "batch"]].to_numpy().tolist() == [[3, 2], [1, 4]]
    assert facts["rows"].tolist() == [2, 1, 1, 1, 1]
    assert facts["late"].tolist() == [0, 0, 0, 0, 1]
    assert facts["watermark"].dt.minute.tolist()[1:] == [3, 11, 11, 22]
    assert pd.isna(facts["watermark"].iloc[0])


@pytest.mark.parametrize(
    ("seed", "every", "lateness", "window", "slide", "by"),
    [
        (1, "6h", "1 hour", "6 hours", "6 hours", "event"),
        (2, "12h", "4 hours", "24 hours", "12 hours", "item_id"),
    ],
)
def test_the_weekend_equals_the_batch_answer(
    spark, tmp_path, weekend, seed, every, lateness, window, slide, by
):
    arrivals = streaming.deliver(weekend, every=every, offline=0.3, random_state=seed)
    rows = stream_of(spark, arrivals, tmp_path / "weekend", lateness)
    unique = rows.dropDuplicatesWithinWatermark(["event_id"])
    counts = unique.groupBy(sf.window("occurred_at", window, slide), by).count()
    table, facts = collect_stream(
        counts.select(sf.col("window.start").alias("window_start"), by, sf.col("count").alias("n"))
    )
    late = streaming.is_late(arrivals, lateness)
    assert 0 < late.sum() == facts["late"].sum()
    assert facts["rows"].sum() == len(arrivals)
    kept = arrivals[~late].drop_duplicates("event_id")
    assert facts["repeated"].sum() == (~late).sum() - len(kept)
    expected = streaming.window_counts(kept, window, slide, by=by)
    closed = expected["window_start"] + pd.Timedelta(window) <= facts["watermark"].max()
    assert 0 < closed.sum() < len(expected)
    pd.testing.assert_frame_equal(
        table[expected.columns].sort_values(["window_start", by], ignore_index=True),
        expected[closed].reset_index(drop=True),
        check_dtype=False,
    )


def test_a_line_that_cannot_be_read_stops_the_stream(spark, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"event_id": "E1", "occurred_at": "2025-11-28"}\nnot JSON')
    with pytest.raises(StreamingQueryException, match=r"MALFORMED|FAILED_READ_FILE"):
        collect_stream(read_events(spark, tmp_path))


def test_a_folder_without_files(spark, tmp_path):
    with pytest.raises(ValueError, match="its folder holds no files"):
        collect_stream(read_events(spark, tmp_path))


def test_a_folder_that_is_not_there(spark, tmp_path):
    with pytest.raises(ValueError, match=r"no folder nowhere .* Make it first"):
        read_events(spark, tmp_path / "nowhere")


def test_after_an_error_the_same_batch_comes_again_with_the_same_rows(spark, tmp_path):
    rows = stream_of(spark, six_events(), tmp_path / "six", "1 hour")
    seen, failures = [], [2]

    def write(batch, number):
        seen.append((number, [row["event_id"] for row in batch.collect()]))
        if number in failures:
            failures.remove(number)
            raise RuntimeError("no space left")

    with pytest.raises(StreamingQueryException, match="no space left"):
        write_stream(rows, write, tmp_path / "checkpoint")
    again = write_stream(rows, write, tmp_path / "checkpoint")
    assert again.index.tolist() == [2, 3, 4]
    once = [(0, ["a", "b"]), (1, ["c"]), (2, ["d"])]
    assert seen == [*once, (2, ["d"]), (3, ["e"]), (4, ["f"])]


@pytest.mark.skipif(os.name != "posix", reason="kill −9 is of Unix")
def test_a_killed_job_goes_on_in_another_process_and_counts_each_event_once(
    spark, tmp_path, weekend
):
    # The sink's own test kills it at other moments, without Spark (tests/helpers/streaming).
    streaming.write_batches(streaming.deliver(weekend, every="12h"), tmp_path / "events")
    database = f"sqlite:///{tmp_path / 'counts.db'}"
    status, errors = run_killed_job(tmp_path, deadly=3)
    assert status == -signal.SIGKILL, errors
    with sa.create_engine(database).connect() as connection:
        numbers = connection.scalars(sa.text("select batch from batches order by batch")).all()
    assert numbers == [0, 1, 2, 3]
    killed_job.count(spark, tmp_path)  # in the Spark of this process, to start Java only once
    expected = streaming.window_counts(weekend, "6h").rename(columns={"event": "label"})
    held = streaming.ExactlyOnceSink(database, "clicks").counts()
    pd.testing.assert_frame_equal(held, expected, check_dtype=False)
    # The naive sink has batch 3 twice: it was sent again with the same rows.
    naive = pd.read_csv(tmp_path / "naive.txt", sep=" ", names=["batch", "n"])
    assert naive["batch"].tolist() == [0, 1, 2, 3, 3, 4, 5, 6]
    assert len(naive.drop_duplicates()) == 7
    assert naive.drop_duplicates()["n"].sum() == len(weekend) < naive["n"].sum()


def run_killed_job(folder, deadly):
    """Run the job in a process of its own, in another time zone; return once its JVM has ended."""
    job = subprocess.Popen(
        [sys.executable, killed_job.__file__, folder, str(deadly)],
        env=os.environ | {"TZ": "America/New_York"},
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, errors = job.communicate(timeout=300)
        for _ in range(300):
            os.killpg(job.pid, 0)  # raises once the last process of the group has ended
            time.sleep(0.1)
        raise AssertionError("The JVM outlives its Python by half a minute.")
    except ProcessLookupError:
        return job.returncode, errors
    finally:
        if job.poll() is None:
            os.killpg(job.pid, signal.SIGKILL)
