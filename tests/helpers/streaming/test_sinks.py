"""The sink: whatever is sent again, and wherever it dies, each batch counts once."""

import contextlib
import multiprocessing
import os
import signal
from collections import Counter

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import streaming
from helpers.data.problems import TableError

DAY = pd.Timestamp("2025-11-28")


def counts(**labels):
    table = pd.DataFrame({"label": labels.keys(), "n": labels.values()})
    return table.assign(window_start=DAY)


def held(sink):
    return sink.counts().set_index("label")["n"].to_dict()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'counts.db'}"


@settings(max_examples=25)
@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), max_size=3), max_size=5),
    st.lists(st.integers(0, 4), max_size=8),
)
def test_any_batches_again_in_any_order_change_nothing(batches, again):
    sink = streaming.ExactlyOnceSink("sqlite://", "clicks")
    for number, labels in enumerate(batches):
        sink.add(counts(**labels), number)
        for repeated in (other for other in again if other <= number):
            assert not sink.add(counts(**batches[repeated]), repeated)
    total = Counter()
    for labels in batches:
        total.update(labels)
    assert held(sink) == total


@pytest.mark.parametrize("moment", ["before_cursor_execute", "commit"])
def test_an_error_within_the_transaction_leaves_nothing_behind(url, moment):
    sink = streaming.ExactlyOnceSink(url, "clicks")
    sink.add(counts(view=1), 0)

    def fail(*arguments):
        if moment == "commit" or "INSERT INTO counts" in arguments[2]:
            raise OSError("no space left")

    sa.event.listen(sink.engine, moment, fail)
    with pytest.raises(OSError, match="no space"):
        sink.add(counts(view=5), 1)
    sa.event.remove(sink.engine, moment, fail)
    assert held(sink) == {"view": 1}
    assert sink.add(counts(view=5), 1)
    assert held(sink) == {"view": 6}


def add_and_die(url, moment):
    """Add batch 1, and end at a moment of it as by kill −9."""
    sink = streaming.ExactlyOnceSink(url, "clicks")

    def die(*arguments):
        if moment != "before_cursor_execute" or "INSERT INTO counts" in arguments[2]:
            os.kill(os.getpid(), signal.SIGKILL)

    if moment != "after":
        sa.event.listen(sink.engine, moment, die)
    sink.add(counts(view=5), 1)
    die()


@pytest.mark.skipif(os.name != "posix", reason="kill −9 is of Unix")
@pytest.mark.parametrize(
    ("moment", "then"), [("before_cursor_execute", 1), ("commit", 1), ("after", 6)]
)
def test_killed_at_any_moment_the_batch_counts_once(url, moment, then):
    sink = streaming.ExactlyOnceSink(url, "clicks")
    sink.add(counts(view=1), 0)
    process = multiprocessing.get_context("spawn").Process(target=add_and_die, args=(url, moment))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert held(sink) == {"view": then}
    assert sink.add(counts(view=5), 1) == (then == 1)
    assert held(sink) == {"view": 6}


@pytest.mark.parametrize("batch", [None, "1", 1.5])
def test_a_batch_has_a_whole_number(url, batch):
    with pytest.raises(TypeError, match="integer"):
        streaming.ExactlyOnceSink(url, "clicks").add(counts(view=1), batch)


def test_streams_in_one_database_do_not_touch_each_other(url):
    one, other = (streaming.ExactlyOnceSink(url, name) for name in ("clicks", "orders"))
    assert one.add(counts(view=1), 0)
    assert other.add(counts(view=2), 0)
    assert (held(one), held(other)) == ({"view": 1}, {"view": 2})


def test_an_empty_batch_is_noted(url):
    sink = streaming.ExactlyOnceSink(url, "clicks")
    assert sink.add(pd.DataFrame(), 0)
    assert not sink.add(counts(view=1), 0)
    assert sink.counts().empty


def test_counts_with_a_fault_are_refused_and_not_noted(url):
    sink = streaming.ExactlyOnceSink(url, "clicks")
    with pytest.raises(TableError, match='"n"'):
        sink.add(counts(view=0.5), 0)
    assert sink.add(counts(view=1), 0)


def test_a_batch_that_repeats_a_label_adds_both_rows(url):
    sink = streaming.ExactlyOnceSink(url, "clicks")
    sink.add(pd.concat([counts(view=1), counts(view=2)]), 0)
    assert held(sink) == {"view": 3}


def test_a_database_that_cannot_be_opened(tmp_path):
    with contextlib.chdir(tmp_path), pytest.raises(sa.exc.OperationalError, match="unable to open"):
        streaming.ExactlyOnceSink("sqlite:///missing/counts.db", "clicks")
