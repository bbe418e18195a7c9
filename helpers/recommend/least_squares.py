"""Many small least-squares problems at once: what alternating least squares is made of.

With one side of a factorization fixed, each row u of the other side is a problem of its own,
over the cells j that the row has in the rating matrix; y_j is the vector of column j.

Rows of similar length are padded to equal length and solved together, in buckets that fit a core's
cache: one gather and a few batched matrix products for each bucket, buckets in two threads.
"""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from helpers.similarity.rows import length_buckets, pad_rows
from helpers.similarity.threads import in_threads

FLOATS = 200_000  # of a bucket


def ridge_rows(
    matrix: sparse.csr_array,
    features: np.ndarray,
    weights: np.ndarray,
    targets: np.ndarray,
    ridge: float | np.ndarray,
) -> np.ndarray:
    """Solve a weighted ridge regression for each row.

        minimize Σ_j w_uj (t_uj − y_jᵀx_u)² + λ_u ‖x_u‖²

    With z = √w y and s = √w t, and the z_j of the row's cells as rows of Z,

        x_u = (ZᵀZ + λ_u I)⁻¹ Zᵀs = Zᵀ (ZZᵀ + λ_u I)⁻¹ s

    and the smaller of the two systems is solved.

    Parameters
    ----------
    matrix : shape (rows, columns); only which cells it stores is looked at. No row is empty.
    features : y_j of each column, shape (columns, factors).
    weights, targets : w_uj ≥ 0 and t_uj, in the order of ``matrix.data``.
    ridge : λ_u > 0, one for all rows or one for each.

    Returns
    -------
    Array of x_u, shape (rows, factors), of the type of ``features``.

    Examples
    --------
    A row of two cells, y = 1 and 2, of which the targets are 3 and 6: (1 + 4 + 1) x = 3 + 12.

    >>> row, ones = sparse.csr_array([[3.0, 6.0]]), np.ones(2)
    >>> ridge_rows(row, np.array([[1.0], [2.0]]), ones, row.data, ridge=1.0).tolist()
    [[2.5]]
    """
    factors = features.shape[1]
    ridge = np.broadcast_to(ridge, matrix.shape[0])
    solution = np.empty((matrix.shape[0], factors), features.dtype)

    def solve(rows: np.ndarray, column: np.ndarray, weight: np.ndarray, target: np.ndarray) -> None:
        root = np.sqrt(weight)[:, :, None]
        Z = features.take(column, axis=0)
        Z *= root
        Zt = Z.transpose(0, 2, 1)
        target = root * target[:, :, None]
        if Z.shape[1] < factors:
            x = Zt @ np.linalg.solve(_with_ridge(Z @ Zt, ridge[rows]), target)
        else:
            x = np.linalg.solve(_with_ridge(Zt @ Z, ridge[rows]), Zt @ target)
        solution[rows] = x[:, :, 0]

    _in_buckets(solve, matrix, factors, weights, targets)
    return solution


def _with_ridge(left: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Add λ to the diagonals, in place."""
    diagonal = np.arange(left.shape[-1])
    left[:, diagonal, diagonal] += ridge[:, None]
    return left


def improve_rows(
    matrix: sparse.csr_array,
    features: np.ndarray,
    weights: np.ndarray,
    targets: np.ndarray,
    ridge: float,
    start: np.ndarray,
    steps: int,
) -> np.ndarray:
    """Approach what `ridge_rows` finds by a few conjugate gradient steps, which are cheap.

    Parameters are those of `ridge_rows`; ``start`` has the shape of its result. After as many steps
    as there are factors they reach it, and no step leads away from it.

    References
    ----------
    G. Takács, I. Pilászy & D. Tikk (2011), Applications of the conjugate gradient method for
    implicit feedback collaborative filtering, RecSys '11, doi:10.1145/2043932.2043987
    """
    better = np.empty_like(start)
    tiny = np.finfo(start.dtype).tiny  # instead of 0 / 0 in a row that is solved

    def improve(
        rows: np.ndarray, column: np.ndarray, weight: np.ndarray, target: np.ndarray
    ) -> None:
        Y = features.take(column, axis=0)

        def slope(x: np.ndarray, target: float | np.ndarray = 0.0) -> np.ndarray:
            error = weight * ((Y @ x[:, :, None])[:, :, 0] - target)
            return (error[:, None, :] @ Y)[:, 0] + ridge * x

        x = start[rows]
        residual = -slope(x, target)
        direction, size = residual, _squares(residual)
        for _ in range(steps):
            moved = slope(direction)
            length = size / np.maximum(np.vecdot(direction, moved), tiny)
            x = x + length[:, None] * direction
            residual = residual - length[:, None] * moved
            size, before = _squares(residual), size
            direction = residual + (size / np.maximum(before, tiny))[:, None] * direction
        better[rows] = x

    _in_buckets(improve, matrix, features.shape[1], weights, targets)
    return better


def _squares(vectors: np.ndarray) -> np.ndarray:
    return np.vecdot(vectors, vectors)


def _in_buckets(
    work: Callable[..., None],
    matrix: sparse.csr_array,
    factors: int,
    weights: np.ndarray,
    targets: np.ndarray,
) -> None:
    """Call ``work(rows, columns, weights, targets)`` for one bucket of rows after the other.

    The last three have shape (rows, longest of them); in the padding, weights and targets are 0.
    """

    def solve(rows: np.ndarray) -> None:
        place, padding = pad_rows(matrix.indptr, rows)
        weight, target = (np.where(padding, 0, value.take(place)) for value in (weights, targets))
        work(rows, matrix.indices.take(place), weight, target)

    in_threads(solve, length_buckets(np.diff(matrix.indptr), FLOATS // factors))
