"""CUSUM charts, by hand and against published run lengths."""

import numpy as np
import pandas as pd
import pytest

from helpers.monitoring import average_run_length, cusum, decision_interval


def test_cusum_by_hand():
    # up: 1 − ½, then +2 − ½, then −3 − ½ → 0. down: 0, 0, 3 − ½.
    chart = cusum(pd.Series([1.0, 2.0, -3.0], index=list("abc")), h=2)
    assert chart["up"].tolist() == [0.5, 2.0, 0.0]
    assert chart["down"].tolist() == [0.0, 0.0, 2.5]
    assert chart["alarm"].tolist() == [False, False, True]  # a sum of h itself is no alarm
    assert list(chart.index) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("design", "published", "digits"),
    [
        # Brook & Evans (1972), 4.3, by a Markov chain.
        ({"h": 3, "shift": 1.5}, 3.75, 2),
        # Waldmann (1986), tables 3, 1 and 5; k is 1/2.
        ({"h": 3, "shift": -0.5}, 1963, 0),
        ({"h": 3, "shift": 0.5}, 17.35, 2),
        # Vance (1986), table 1, with Goel & Wu (1971).
        ({"h": 10, "k": 0, "shift": -0.125}, 400.28, 2),
        ({"h": 10, "k": 0, "shift": 0}, 124.66, 2),
        ({"h": 10, "k": 0, "shift": 1}, 10.75, 2),
        # The manual of SAS/QC (1999).
        ({"h": 8, "k": 0.25, "shift": 2.5}, 4.1500836225, 6),
    ],
)
def test_published_run_lengths_of_one_side(design, published, digits):
    assert round(average_run_length(**design, two_sided=False), digits) == pytest.approx(published)


@pytest.mark.parametrize(
    ("shift", "published"),  # Lucas & Crosier (1982), table 1: k = 1/2, h = 4, no head start
    [(0, 168), (0.25, 74.2), (0.5, 26.6), (0.75, 13.3), (1, 8.38), (2, 3.34), (3, 2.19), (5, 1.31)],
)
def test_published_run_lengths_of_two_sides(shift, published):
    found = average_run_length(4, shift=shift)
    assert found == pytest.approx(published, abs=0.5 * 10.0 ** (np.floor(np.log10(published)) - 2))
    assert average_run_length(4, shift=-shift) == pytest.approx(found)


def test_a_decision_interval_gives_its_run_length():
    assert average_run_length(decision_interval(365)) == pytest.approx(365)
    assert average_run_length(decision_interval(5000, k=0.25), k=0.25) == pytest.approx(5000)


def test_a_run_length_that_floats_cannot_resolve_is_infinite():
    # Siegmund: about exp(2 · 3 · (30 + 1.166)) values, more than 10⁸⁰.
    assert average_run_length(30, k=3) == np.inf
    assert average_run_length(10, k=1, shift=-3, two_sided=False) == np.inf


def test_run_length_of_a_random_walk():
    # Siegmund (1985): about (h + 1.166)² for one side without allowance; half of it for two.
    assert average_run_length(30, k=0) == pytest.approx((30 + 1.166) ** 2 / 2, rel=0.01)


def test_a_list_will_do():
    assert cusum([1.0, 2.0], h=4)["up"].tolist() == [0.5, 2.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cusum(pd.Series([0.0]), h=0), "h above 0"),
        (lambda: cusum(pd.Series([0.0]), k=-1), "k is 0 or more"),
        (lambda: cusum(pd.Series([0.0, np.nan])), '"z" is missing in 1 of 2 rows'),
        (lambda: average_run_length(4, shift=np.nan), "shift"),
        (lambda: average_run_length(60), "h is at most 32"),
        (lambda: decision_interval(1), "between 10 and a million"),
        (lambda: decision_interval(10, k=5), "k = 5 is too large"),
        (lambda: decision_interval(1e4, k=0), "h is at most 32"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
