"""Ranking: the order is that of exact arithmetic, whatever the last digits say."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.similarity.ranking import best_first, largest, rounded

finite = st.floats(-1e300, 1e300, allow_subnormal=False)
inf, nan = np.inf, np.nan
# Fractions, and errors in the last of the 53 bits, as another order of a sum makes them.
fractions = st.builds(Fraction, st.integers(-30, 30), st.integers(1, 30))
scores = st.lists(st.tuples(fractions, st.integers(-8, 8)), min_size=1, max_size=8)


def with_errors(scores):
    return np.array([float(f) + ulps * np.spacing(abs(float(f))) for f, ulps in scores])


def test_rounded_by_hand():
    # 33 bits: 1 + 2^-32 is the next number after 1, and 1 + 2^-34 is nearer to 1.
    assert rounded([1 + 2**-32, 1 + 2**-34, -1 - 2**-34]).tolist() == [1 + 2**-32, 1, -1]
    assert rounded([0, 5, 4.5, -0.25]).tolist() == [0, 5, 4.5, -0.25]
    np.testing.assert_array_equal(rounded([inf, -inf, nan]), [inf, -inf, nan])


@given(finite)
def test_rounding_changes_the_eleventh_digit_at_most_and_only_once(score):
    once = rounded(score)
    assert rounded(once) == once
    assert abs(Fraction(float(once)) - Fraction(score)) <= abs(Fraction(score)) / 2**33


@given(finite, finite)
def test_rounding_keeps_the_order(one, other):
    assert (one <= other) <= (rounded(one) <= rounded(other))


@given(scores)
def test_the_order_is_that_of_exact_arithmetic(scores):
    expected = sorted(range(len(scores)), key=lambda i: (-scores[i][0], i))
    # Around 0, an error is not small beside the score; scores of 0 are exact.
    scores = [(fraction, ulps if fraction else 0) for fraction, ulps in scores]
    assert best_first(with_errors(scores)).tolist() == expected


@given(st.lists(scores, min_size=1, max_size=3), st.integers(1, 9))
def test_the_largest_are_those_of_exact_arithmetic(rows, k):
    width = max(map(len, rows))
    block = np.full((len(rows), width), -inf)
    for values, row in zip(block, rows, strict=True):
        values[: len(row)] = with_errors([(f, ulps if f else 0) for f, ulps in row])
    for marked, row in zip(largest(block, k), rows, strict=True):
        best = sorted(range(len(row)), key=lambda i: (-row[i][0], i))[:k]
        assert np.flatnonzero(marked).tolist() == sorted(best)


def test_rows_are_ranked_one_after_the_other():
    assert best_first([1, 3, 3, 2], rows=[1, 0, 1, 0]).tolist() == [1, 3, 2, 0]


@pytest.mark.parametrize("k", [1, 2, 5])
def test_what_is_left_out_is_never_among_the_largest(k):
    assert largest(np.array([[-inf, -inf], [-inf, 1]]), k).tolist() == [[False] * 2, [False, True]]
