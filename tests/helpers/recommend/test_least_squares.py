"""Many small regressions at once, against one at a time."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from helpers.recommend import least_squares
from helpers.recommend.least_squares import improve_rows, ridge_rows


@pytest.fixture(params=[200_000, 40], ids=["one bucket", "many buckets"])
def problem(request, monkeypatch):
    """Return matrix, features, weights, targets and ridge; rows of 1 to 8 cells, 3 factors."""
    monkeypatch.setattr(least_squares, "FLOATS", request.param)
    rng = np.random.default_rng(0)
    matrix = sparse.csr_array(np.triu(rng.random((9, 8)), k=-1))
    weights, targets = rng.random(matrix.nnz), rng.normal(size=matrix.nnz)
    return matrix, rng.normal(size=(8, 3)), weights, targets, 0.5


def one_at_a_time(matrix, features, weights, targets, ridge):
    ridge, rows = np.broadcast_to(ridge, matrix.shape[0]), []
    for row, (start, stop) in enumerate(pairwise(matrix.indptr)):
        Y, w, t = features[matrix.indices[start:stop]], weights[start:stop], targets[start:stop]
        rows.append(np.linalg.solve((Y.T * w) @ Y + ridge[row] * np.eye(3), Y.T @ (w * t)))
    return np.array(rows)


def test_each_row_is_solved(problem):
    # Some have fewer cells than unknowns, some more.
    np.testing.assert_allclose(ridge_rows(*problem), one_at_a_time(*problem), rtol=1e-9, atol=1e-12)


def test_each_row_may_have_a_ridge_of_its_own(problem):
    problem = *problem[:4], np.linspace(0.1, 2, 9)
    np.testing.assert_allclose(ridge_rows(*problem), one_at_a_time(*problem), rtol=1e-9, atol=1e-12)


def test_conjugate_gradients_arrive_after_as_many_steps_as_factors(problem):
    start = np.random.default_rng(1).normal(size=(9, 3))
    better = improve_rows(*problem, start, steps=3)
    np.testing.assert_allclose(better, one_at_a_time(*problem), rtol=1e-7, atol=1e-9)


def test_conjugate_gradients_stay_where_there_is_nothing_to_improve(problem):
    solution = one_at_a_time(*problem)
    better = improve_rows(*problem, solution, steps=20)
    np.testing.assert_allclose(better, solution, rtol=1e-9, atol=1e-12)


def test_each_step_comes_closer(problem):
    solution = one_at_a_time(*problem)
    start = np.zeros_like(solution)
    away = [np.linalg.norm(improve_rows(*problem, start, steps=n) - solution) for n in range(4)]
    assert (np.diff(away) < 0).all()


def test_an_error_in_a_bucket_is_raised(problem):
    matrix, features, weights, targets, _ = problem
    with pytest.raises(np.linalg.LinAlgError):
        ridge_rows(matrix, 0 * features, weights, targets, 0.0)
