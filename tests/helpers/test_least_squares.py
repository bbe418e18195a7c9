"""Many small regressions at once, against one at a time."""

import numpy as np
import pytest
from scipy import sparse

from helpers import least_squares
from helpers.least_squares import improve_rows, ridge_rows, solve_rows


@pytest.fixture(params=[200_000, 40], ids=["one chunk", "many chunks"])
def problem(request, monkeypatch):
    """Return matrix, features, weights, targets, ridge and gram; rows of 1 to 8 cells."""
    monkeypatch.setattr(least_squares, "FLOATS", request.param)
    rng = np.random.default_rng(0)
    matrix = sparse.csr_array(np.triu(rng.random((9, 8)), k=-1))
    features = rng.normal(size=(8, 3))
    weights, targets = rng.random(matrix.nnz), rng.normal(size=matrix.nnz)
    return matrix, features, weights, targets, 0.5, features.T @ features


def one_at_a_time(matrix, features, weights, targets, ridge, gram):
    rows = []
    for start, stop in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        Y, w, t = features[matrix.indices[start:stop]], weights[start:stop], targets[start:stop]
        left = gram + Y.T @ np.diag(w) @ Y + ridge * np.eye(features.shape[1])
        rows.append(np.linalg.solve(left, Y.T @ t))
    return np.array(rows)


def test_each_row_is_solved(problem):
    np.testing.assert_allclose(
        solve_rows(*problem), one_at_a_time(*problem), rtol=1e-10, atol=1e-12
    )


def test_each_row_is_a_ridge_regression_of_its_own(problem):
    # Rows of 1 to 8 cells for 3 factors: some have fewer cells than unknowns, some more.
    matrix, features, _, targets, *_ = problem
    ridge = np.linspace(0.1, 2, matrix.shape[0])
    found = ridge_rows(matrix, features, targets, ridge)
    ones, nothing = np.ones_like(targets), np.zeros((3, 3))
    for row in range(matrix.shape[0]):
        alone = one_at_a_time(matrix, features, ones, targets, ridge[row], nothing)[row]
        np.testing.assert_allclose(found[row], alone, rtol=1e-9, atol=1e-12)


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


def test_an_error_in_a_chunk_is_raised(problem):
    matrix, features, weights, targets, _, gram = problem
    with pytest.raises(np.linalg.LinAlgError):
        solve_rows(matrix, 0 * features, weights, targets, 0.0, 0 * gram)
