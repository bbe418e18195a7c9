import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from helpers.images import look_alike_precision


def test_by_hand():
    # At 0, 30, 60 and 90 degrees. The two nearest of the first are at 30 and 60, of the second at 0
    # and 60, of the third at 30 and 90, of the last at 60 and 30.
    angle = np.radians([0, 30, 60, 90])
    vectors = np.column_stack([np.cos(angle), np.sin(angle)]) * [[1], [5], [2], [1]]
    vectors[0] += 1e-9  # 60 is as near to 30 as 0 is, and both are taken
    assert look_alike_precision(vectors, list("aabb"), k=2).tolist() == [0.5, 0.5, 0.5, 0.5]
    assert look_alike_precision(vectors, list("aaab"), k=2).tolist() == [1, 1, 0.5, 0]


def test_as_scikit_learn_finds_them():
    rng = np.random.default_rng(0)
    vectors, kinds = rng.normal(size=(60, 5)), rng.integers(0, 3, 60)
    near = NearestNeighbors(n_neighbors=7, metric="cosine").fit(vectors).kneighbors()[1]
    expected = (kinds[near] == kinds[:, None]).mean(axis=1)
    assert look_alike_precision(vectors, kinds, k=7) == pytest.approx(expected)


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 2\), 3 kinds, k = 3"):
        look_alike_precision(np.ones((3, 2)), list("aab"), k=3)
