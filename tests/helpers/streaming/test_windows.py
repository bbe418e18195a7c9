"""Windows of event time: by hand, and by trying every window."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import streaming
from helpers.data.problems import TableError

DAY = pd.Timestamp("2025-11-28")


def at(*minutes):
    return pd.Series(DAY + pd.to_timedelta(minutes, unit="min"))


@given(
    st.lists(st.integers(0, 1439), min_size=1, max_size=20),
    st.sampled_from([15, 20, 60]),
    st.integers(1, 5),
)
def test_all_windows_by_trying(minutes, slide, times):
    length = slide * times
    table = streaming.windows_of(at(*minutes), f"{length}min", f"{slide}min")
    found = table.sub(DAY).dt.total_seconds().div(60).groupby(level=0).apply(list)
    for place, minute in enumerate(minutes):
        possible = range(-length, 1440, slide)
        assert found[place] == [start for start in possible if start <= minute < start + length]


def test_counts_by_hand():
    # Windows of two hours every hour. The view at 1:30 is in [0, 2) and [1, 3), the two carts at
    # 2:10 in [1, 3) and [2, 4).
    events = pd.DataFrame({"occurred_at": at(90, 130, 130), "event": ["view", "cart", "cart"]})
    counts = streaming.window_counts(events, "2h", "1h")
    hours = counts["window_start"].sub(DAY).dt.total_seconds().div(3600)
    assert list(zip(hours, counts["event"], counts["n"], strict=True)) == [
        (0, "view", 1), (1, "cart", 2), (1, "view", 1), (2, "cart", 2),
    ]  # fmt: skip


def test_an_index_with_repeated_labels_counts_each_row_once():
    events = pd.DataFrame({"occurred_at": at(5, 6), "event": "view"}).set_axis([7, 7])
    assert streaming.window_counts(events, "1h")["n"].tolist() == [2]


def test_a_batch_without_rows_has_no_counts():
    events = pd.DataFrame({"occurred_at": at(5), "event": "view"})
    assert streaming.window_counts(events.head(0), "1h").empty


@pytest.mark.parametrize(("length", "slide"), [("2h", "45min"), ("1h", "2h")])
def test_windows_that_do_not_fit(length, slide):
    with pytest.raises(ValueError, match="multiple of its slide"):
        streaming.windows_of(at(5), length, slide)


@pytest.mark.parametrize(("length", "slide"), [("0h", None), ("1h", "-1h"), (1, None), ("x", "1h")])
def test_windows_without_a_length(length, slide):
    with pytest.raises(ValueError, match=r"(length|slide) is a duration above 0"):
        streaming.windows_of(at(5), length, slide)


def test_times_that_are_missing():
    with pytest.raises(TableError, match="times"):
        streaming.windows_of(pd.Series([DAY, pd.NaT]), "1h")
