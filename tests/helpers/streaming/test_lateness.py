"""Watermarks: event by event, the truth of the delays, and a stream that we simulate ourselves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import streaming
from helpers.data.problems import TableError
from helpers.streaming.lateness import watermarks

DAY = pd.Timestamp("2025-11-28")


def batches_of(*batches):
    """Write batches of hours as a table of events."""
    rows = [(hour, number) for number, batch in enumerate(batches) for hour in batch]
    table = pd.DataFrame(rows, columns=["hour", "batch"])
    return table.assign(occurred_at=DAY + pd.to_timedelta(table["hour"], unit="h"))


def test_a_watermark_by_hand():
    # Latest so far 10, 10, 14, 14, 20. Batch 2 is judged by 10 − 3, batches 3 and 4 by 10 − 3 and
    # 14 − 3: hour 7 is late (not after 7), hour 11 is late, hour 12 is not.
    events = batches_of([10, 2], [9], [14, 7, 8], [8], [20, 11, 12])
    hours = (watermarks(events, "3h") - DAY) / pd.Timedelta("1h")
    assert hours.tolist()[2:] == [7, 7, 11]
    assert hours.isna().tolist()[:2] == [True, True]
    late = streaming.is_late(events, "3h")
    assert events.loc[late, ["batch", "hour"]].to_numpy().tolist() == [[2, 7], [4, 11]]


@given(
    st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=5), min_size=1, max_size=12),
    st.integers(0, 20),
)
def test_late_events_one_after_the_other(batches, lateness):
    expected, latest, closed = [], -np.inf, -np.inf
    for batch in batches:
        expected += [hour <= closed for hour in batch]
        closed = latest - lateness  # of the batches before this one
        latest = max(latest, *batch)
    events = batches_of(*batches)
    assert streaming.is_late(events, f"{lateness}h").tolist() == expected
    assert watermarks(events, f"{lateness}h").dropna().is_monotonic_increasing


@pytest.mark.parametrize(("lateness", "every"), [(2, 6), (0, 3), (5, 1)])
def test_the_expected_share_for_exponential_delays(lateness, every):
    # P(d > x) = e^(−x/τ) with τ = 6, so the mean over v in (0, B) of P(d > L + B + v) is
    # τ/B · e^(−(L+B)/τ) · (1 − e^(−B/τ)).
    delays = pd.to_timedelta(np.random.default_rng(0).exponential(6, 200_000), unit="h")
    found = streaming.expected_late(pd.Series(delays), f"{lateness}h", f"{every}h")
    right = 6 / every * np.exp(-(lateness + every) / 6) * (1 - np.exp(-every / 6))
    error = np.sqrt(right * (1 - right) / 200_000)  # at most: each delay counts from 0 to 1
    assert found == pytest.approx(right, abs=4 * error)


def test_the_prediction_is_right_where_events_never_pause():
    # One event a second or so for 60 days: the watermark never stands still.
    rng, n = np.random.default_rng(1), 400_000
    occurred = np.sort(rng.uniform(0, 60 * 24, n))
    delays = rng.exponential(6, n) * (rng.random(n) < 0.2)
    arrived = occurred + delays
    events = pd.DataFrame({"occurred_at": DAY + pd.to_timedelta(occurred, unit="h")})
    events["batch"] = (arrived // 4).astype(int)
    predicted = streaming.expected_late(pd.Series(pd.to_timedelta(delays, unit="h")), "2h", "4h")
    late = streaming.is_late(events, "2h").mean()
    # The first two batches of 360, in which nothing is late, are all that is systematic.
    assert late == pytest.approx(predicted, rel=0.02)


def test_delays_that_are_numbers():
    with pytest.raises(ValueError, match="delays are one or more timedeltas"):
        streaming.expected_late(pd.Series([1.0, 2.0]), "2h", "6h")


@pytest.mark.parametrize("lateness", ["-1h", "soon", 5, None])
def test_a_lateness_that_is_no_duration(lateness):
    with pytest.raises(ValueError, match=r"lateness is a duration of 0 or more .* got"):
        watermarks(batches_of([1]), lateness)


def test_late_rows_without_batches():
    with pytest.raises(TableError, match="batch"):
        streaming.is_late(batches_of([1]).drop(columns="batch"), "1h")
