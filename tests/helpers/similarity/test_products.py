"""The largest cells of a product, in the compiled way (here as plain Python) and in NumPy's."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from helpers.similarity import products
from helpers.similarity.rows import keep_largest
from helpers.similarity.search import Comparison

WAYS = {"NumPy": None, "loop": products._loop}


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    monkeypatch.setattr(products, "_compiled", lambda: WAYS[request.param])


def matrices(rows, columns):
    return arrays.arrays(float, (rows, columns), elements=st.integers(0, 3))


def kept(left, right, k, **sizes):
    left, right = sparse.csr_array(left), sparse.csr_array(right)
    made = products.largest_of_product(left, right, k, **sizes)
    return made(np.arange(left.shape[0]))


def test_by_hand(way):
    # Row 0: 2 · (1, 4, 0) + 1 · (5, 0, 1) = (7, 8, 1). Row 1: 3 · (5, 0, 1) = (15, 0, 3).
    found = kept([[2.0, 1.0], [0.0, 3.0]], [[1.0, 4.0, 0.0], [5.0, 0.0, 1.0]], k=1)
    assert keep_largest(found, 1).toarray().tolist() == [[0, 8, 0], [15, 0, 0]]


def test_by_size_the_small_column_wins(way):
    # By value 8 > 7; by value / size 7 / 1 > 8 / 4.
    sizes = {"column_sizes": np.array([1.0, 4.0])}
    found = kept([[1.0]], [[7.0, 8.0]], k=1, **sizes)
    assert found.toarray().tolist() == [[7, 0]]
    # With 10 more for the row 7 / 11 > 8 / 14; with 100 more 7 / 101 < 8 / 104.
    for row_size, winner in ((10.0, [[7, 0]]), (100.0, [[0, 8]])):
        found = kept([[1.0]], [[7.0, 8.0]], k=1, row_sizes=np.array([row_size]), **sizes)
        assert found.toarray().tolist() == winner


@pytest.mark.parametrize("k", [1, 3, 40])
@given(left=matrices(6, 5), right=matrices(5, 40))
def test_both_ways_keep_the_same_and_what_is_largest(left, right, k):
    best = {}
    for name, loop in WAYS.items():
        with mock.patch.object(products, "_compiled", lambda loop=loop: loop):
            best[name] = keep_largest(kept(left, right, k), k).toarray()
    np.testing.assert_array_equal(best["NumPy"], best["loop"])
    whole = np.sort(left @ right, axis=1)[:, ::-1][:, :k]
    np.testing.assert_array_equal(np.sort(best["loop"], axis=1)[:, ::-1][:, :k], whole)


def test_minus_infinity_is_never_kept_among_the_best(way):
    found = keep_largest(kept([[1.0, 1.0]], [[-np.inf, 2.0, 1.0], [0.0, 0.0, 1.0]], k=1), 1)
    assert found.toarray().tolist() == [[0, 2, 0]]


def test_room_grows_with_long_rows_of_equals(way):
    # A thousand equal cells: all are kept, though only one was asked for.
    found = kept(np.ones((3, 1)), np.ones((1, 1000)), k=1)
    assert found.nnz == 3000


def test_a_negative_neighbor_is_found_behind_zeros(way):
    # Means 0, .5, .5: user 1 deviates by (-.5, .5), user 2 by (.5, -.5), user 0 by nothing.
    ratings = [[np.nan, np.nan, 0.0], [np.nan, 0.0, 1.0], [np.nan, 1.0, 0.0]]
    near = Comparison(ratings, "own_mean_pearson").nearest(k=1, min_sim=-1)
    assert near.toarray().round(9).tolist() == [[0, 0, 0], [0, 0, -1], [0, -1, 0]]
