"""Deliveries: nothing is lost, sessions wait together, and files appear whole and in order."""

import json

import numpy as np
import pandas as pd
import pytest

from helpers import streaming
from helpers.data import load_shop
from helpers.data.problems import TableError


@pytest.fixture(scope="module")
def events():
    return load_shop().events


@pytest.fixture(scope="module")
def arrivals(events):
    return streaming.deliver(events)


def test_each_event_arrives_once_or_twice_and_not_before_it_occurs(events, arrivals):
    times = arrivals["event_id"].value_counts()
    assert set(times.index) == set(events["event_id"])
    assert set(times) == {1, 2}
    # 5% are sent twice; the standard error is √(0.05 · 0.95 / 79,846) = 0.0008.
    assert (times == 2).mean() == pytest.approx(0.05, abs=4 * 0.0008)
    assert (arrivals["arrived_at"] >= arrivals["occurred_at"]).all()
    assert arrivals["arrived_at"].is_monotonic_increasing


def test_the_delays_are_those_that_the_docstring_says(arrivals):
    first = arrivals.drop_duplicates("event_id")
    hours = (first["arrived_at"] - first["occurred_at"]) / pd.Timedelta("1h")
    # Online, e^(−5 · 60 / 30) of the delays exceed 5 minutes: none to speak of. So the sessions
    # with a longer one were offline, all but the 1.4% whose wait is below 5 minutes by chance.
    longest = hours.groupby(first["session_id"]).min()
    offline = longest[longest > 5 / 60]
    expected = 0.1 * np.exp(-5 / 60 / 6)
    error = np.sqrt(expected * (1 - expected) / len(longest))
    assert len(offline) / len(longest) == pytest.approx(expected, abs=4 * error)
    # An exponential wait has no memory: beyond 5 minutes its mean is again 6 hours.
    assert (offline - 5 / 60).mean() == pytest.approx(6, abs=4 * 6 / np.sqrt(len(offline)))


def test_events_of_a_session_wait_together(arrivals):
    first = arrivals.drop_duplicates("event_id")
    wait = (first["arrived_at"] - first["occurred_at"]).groupby(first["session_id"])
    # What differs within a session is the network's delay, mean 30 s: more than 20 minutes has a
    # probability of e^(−40) per event.
    assert wait.max().sub(wait.min()).max() < pd.Timedelta("20min")


@pytest.mark.parametrize("every", ["3h", "1D"])
def test_a_batch_is_an_interval_of_arrivals(events, every):
    arrivals = streaming.deliver(events.head(500), every=every)
    spans = (
        arrivals.groupby("batch")["arrived_at"]
        .agg(["min", "max"])
        .apply(lambda t: t.dt.floor(every))
    )
    assert (spans["min"] == spans["max"]).all()
    assert spans["min"].is_monotonic_increasing
    assert spans["min"].is_unique
    assert spans.index.tolist() == list(range(len(spans)))


def test_a_seed_gives_the_same_delivery_and_another_seed_another(events, arrivals):
    pd.testing.assert_frame_equal(streaming.deliver(events), arrivals)
    other = streaming.deliver(events, random_state=1)
    assert not other["arrived_at"].head(100).equals(arrivals["arrived_at"].head(100))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"offline": 1.5}, "offline is a share"),
        ({"repeated": 0}, "repeated is a share"),
        ({"hours": 0}, "hours is the mean wait"),
    ],
)
def test_parameters_that_make_no_sense(events, wrong, words):
    with pytest.raises(ValueError, match=words):
        streaming.deliver(events.head(), **wrong)


def test_a_table_without_sessions(events):
    with pytest.raises(TableError, match="session_id"):
        streaming.deliver(events.drop(columns="session_id"))


def test_the_files_hold_each_row_in_its_batch(events, tmp_path):
    arrivals = streaming.deliver(events.head(300))
    files = streaming.write_batches(arrivals, tmp_path / "new" / "folder")
    assert len(files) == arrivals["batch"].nunique() > 2
    for number, file in enumerate(files):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        rows = arrivals[arrivals["batch"] == number]
        assert [line["event_id"] for line in lines] == rows["event_id"].tolist()
        assert [pd.Timestamp(line["arrived_at"]) for line in lines] == rows["arrived_at"].tolist()
    # Streams take files by their dates; nothing half-written or hidden is left.
    dates = [file.stat().st_mtime for file in files]
    assert dates == sorted(set(dates))
    assert sorted(files[0].parent.iterdir()) == files


def test_files_that_a_stream_may_have_read_are_not_replaced(events, tmp_path):
    arrivals = streaming.deliver(events.head(300))
    (last, *_) = reversed(streaming.write_batches(arrivals, tmp_path))
    before = last.read_bytes()
    with pytest.raises(ValueError, match=r"batch-0000\.jsonl already"):
        streaming.write_batches(arrivals.head(10), tmp_path)
    assert last.read_bytes() == before
