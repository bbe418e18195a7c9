"""Hierarchies: by hand, by statsmodels' generalized least squares, what is refused."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.api import GLS

from helpers.forecast.hierarchies import reconcile, shrunk_covariance, summing_matrix

GROUPS = pd.DataFrame({"kind": ["x", "y", "x", "y", "y"]}, [*"abcde"])
S = summing_matrix(GROUPS)


def some_covariance(seed: int, n: int = 8) -> np.ndarray:
    root = np.random.default_rng(seed).normal(size=(n, 2 * n))
    return root @ root.T


def test_three_series_by_hand():
    # 17 against 8 + 6: the gap of 3 is shared by variances 1, 4, 1: -0.5, +2, +0.5.
    three = summing_matrix(pd.DataFrame(index=["A", "B"]))
    said = pd.DataFrame({"week": [17.0, 8, 6]}, three.index)
    assert reconcile(said, three, [1, 4, 1])["week"].tolist() == pytest.approx([16.5, 10, 6.5])
    assert reconcile(said, three)["week"].tolist() == pytest.approx([16, 9, 7])


@pytest.mark.parametrize("seed", range(3))
def test_is_generalized_least_squares_of_the_base_forecasts_on_s(seed):
    w = some_covariance(seed)
    said = pd.DataFrame(np.random.default_rng(seed).normal(10, 3, (8, 2)), S.index)
    found = reconcile(said, S, w)
    for week in said:
        bottom = GLS(said[week].to_numpy(), S.to_numpy(), sigma=w).fit().params
        assert found[week].to_numpy() == pytest.approx(S.to_numpy() @ bottom)


def test_few_weeks_of_many_series_have_an_inverse():
    errors = np.random.default_rng(0).normal(size=(31, 12))
    assert np.linalg.matrix_rank(np.cov(errors)) == 11
    assert np.linalg.matrix_rank(shrunk_covariance(errors)) == 31


def test_what_is_refused():
    said = pd.DataFrame({"week": np.ones(8)}, S.index)
    with pytest.raises(ValueError, match="rows are those of summing"):
        reconcile(said[::-1], S)
    with pytest.raises(ValueError, match="covariance is a symmetric matrix of 8 × 8 series"):
        reconcile(said, S, np.eye(7))
    with pytest.raises(ValueError, match="covariance has no inverse"):
        reconcile(said, S, np.ones((8, 8)))
    with pytest.raises(ValueError, match='Two series are named "a"'):
        summing_matrix(pd.DataFrame({"kind": ["a", "b"]}, ["a", "c"]))
    with pytest.raises(ValueError, match="groups is a table"):
        summing_matrix(pd.DataFrame({"kind": ["x", None]}, ["a", "b"]))
    with pytest.raises(ValueError, match="row 1 never changes"):
        shrunk_covariance([[1, 2, 3], [4, 4, 4]])
    with pytest.raises(ValueError, match=r"errors have shape \(series, weeks\)"):
        shrunk_covariance([1, 2, 3])
