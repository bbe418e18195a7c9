"""Many small least-squares problems at once: what alternating least squares is made of.

With one side of a factorization held fast, each row u of the other side is a problem of its own,
over the cells j that the row has in the rating matrix; y_j is the vector of column j.

Rows of similar length are padded to equal length and solved together, in chunks that fit a core's
cache: one gather and a few batched matrix products for each chunk, chunks in two threads.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import sparse
from threadpoolctl import ThreadpoolController

FLOATS = 200_000  # held by a chunk
THREADS = 2
LIBRARIES = ThreadpoolController()  # looking for BLAS takes longer than a small half-step


def ridge_rows(
    matrix: sparse.csr_array, features: np.ndarray, targets: np.ndarray, ridge: np.ndarray
) -> np.ndarray:
    """Solve a ridge regression for each row.

        minimize Σ_j (t_uj − y_jᵀx_u)² + λ_u ‖x_u‖²

        x_u = (YᵀY + λ_u I)⁻¹ Yᵀt_u = Yᵀ (YYᵀ + λ_u I)⁻¹ t_u

    with the y_j of the row's cells as rows of Y; of the two forms, the smaller one is solved.

    Parameters
    ----------
    matrix : shape (rows, columns); only which cells it stores is looked at. No row is empty.
    features : y_j of each column, shape (columns, factors).
    targets : t_uj, in the order of ``matrix.data``.
    ridge : λ_u > 0 of each row.

    Returns
    -------
    Array of x_u, shape (rows, factors).

    Examples
    --------
    A row of two cells, y = 1 and 2, of which the targets are 3 and 6: (1 + 4 + 1) x = 3 + 12.

    >>> row = sparse.csr_array([[3.0, 6.0]])
    >>> ridge_rows(row, np.array([[1.0], [2.0]]), row.data, ridge=np.array([1.0])).tolist()
    [[2.5]]
    """
    factors = features.shape[1]
    solution = np.empty((matrix.shape[0], factors))

    def solve(rows: np.ndarray, column: np.ndarray, filled: np.ndarray, target: np.ndarray) -> None:
        Y = features.take(column, axis=0)
        Y *= filled[:, :, None]
        Yt = Y.transpose(0, 2, 1)
        target = target[:, :, None]
        if Y.shape[1] < factors:
            x = Yt @ np.linalg.solve(_with_ridge(Y @ Yt, ridge[rows]), target)
        else:
            x = np.linalg.solve(_with_ridge(Yt @ Y, ridge[rows]), Yt @ target)
        solution[rows] = x[:, :, 0]

    _in_chunks(solve, matrix, factors, targets)
    return solution


def solve_rows(
    matrix: sparse.csr_array,
    features: np.ndarray,
    weights: np.ndarray,
    targets: np.ndarray,
    ridge: float,
    gram: np.ndarray,
) -> np.ndarray:
    """Solve a weighted problem for each row, with a part G that all rows have in common.

        (G + Σ_j w_uj y_j y_jᵀ + λ I) x_u = Σ_j t_uj y_j

    Parameters
    ----------
    matrix, features, targets : as in `ridge_rows`.
    weights : w_uj ≥ 0, in the order of ``matrix.data``.
    ridge : λ > 0.
    gram : G, shape (factors, factors).

    Returns
    -------
    Array of x_u, shape (rows, factors).
    """
    factors = features.shape[1]
    solution = np.empty((matrix.shape[0], factors))

    def solve(
        rows: np.ndarray,
        column: np.ndarray,
        _filled: np.ndarray,
        weight: np.ndarray,
        target: np.ndarray,
    ) -> None:
        Y = features.take(column, axis=0)
        right = target[:, None, :] @ Y
        Y *= np.sqrt(weight)[:, :, None]  # BLAS multiplies YᵀY in half the time of Yᵀ(wY)
        left = _with_ridge(Y.transpose(0, 2, 1) @ Y + gram, ridge)
        solution[rows] = np.linalg.solve(left, right.transpose(0, 2, 1))[:, :, 0]

    _in_chunks(solve, matrix, factors, weights, targets, least=factors)
    return solution


def improve_rows(
    matrix: sparse.csr_array,
    features: np.ndarray,
    weights: np.ndarray,
    targets: np.ndarray,
    ridge: float,
    gram: np.ndarray,
    start: np.ndarray,
    steps: int = 3,
) -> np.ndarray:
    """Come closer to what `solve_rows` finds by a few conjugate gradient steps, which are cheap.

    Parameters are those of `solve_rows`; ``start`` has the shape of its result. After as many steps
    as there are factors they arrive, and no step leads away.

    References
    ----------
    G. Takács, I. Pilászy & D. Tikk (2011), Applications of the conjugate gradient method for
    implicit feedback collaborative filtering, RecSys '11, doi:10.1145/2043932.2043987
    """
    better = np.empty_like(start)

    def improve(
        rows: np.ndarray,
        column: np.ndarray,
        _filled: np.ndarray,
        weight: np.ndarray,
        target: np.ndarray,
    ) -> None:
        Y = features.take(column, axis=0)

        def left(x: np.ndarray, target: float | np.ndarray = 0.0) -> np.ndarray:
            cells = weight * (Y @ x[:, :, None])[:, :, 0] - target
            return x @ gram + ridge * x + (cells[:, None, :] @ Y)[:, 0]

        x = start[rows]
        residual = -left(x, target)
        direction, size = residual, _squares(residual)
        for _ in range(steps):
            moved = left(direction)
            length = size / np.maximum(np.vecdot(direction, moved), tiny)
            x = x + length[:, None] * direction
            residual = residual - length[:, None] * moved
            size, before = _squares(residual), size
            direction = residual + (size / np.maximum(before, tiny))[:, None] * direction
        better[rows] = x

    tiny = np.finfo(features.dtype).tiny  # a row that has arrived stays where it is
    _in_chunks(improve, matrix, features.shape[1], weights, targets)
    return better


def _squares(vectors: np.ndarray) -> np.ndarray:
    return np.vecdot(vectors, vectors)


def _with_ridge(left: np.ndarray, ridge: float | np.ndarray) -> np.ndarray:
    """Add λ to the diagonals, in place."""
    diagonal = np.arange(left.shape[-1])
    left[:, diagonal, diagonal] += np.reshape(ridge, (-1, 1))
    return left


def _in_chunks(
    work: Callable[..., None],
    matrix: sparse.csr_array,
    factors: int,
    *values: np.ndarray,
    least: int = 1,
) -> None:
    """Call ``work(rows, columns, filled, *values)`` for a chunk of rows at a time.

    All but the first have shape (rows, longest of them); in the padding, which is not ``filled``,
    the values are 0. ``least`` is how long short rows are taken to be when memory is counted.
    """
    length = np.diff(matrix.indptr)

    def chunk(rows: np.ndarray) -> None:
        slot = np.arange(length[rows].max())
        filled = slot < length[rows, None]
        cell = np.where(filled, matrix.indptr[rows, None] + slot, 0)
        padded = [np.where(filled, value.take(cell), 0) for value in values]
        work(rows, matrix.indices.take(cell), filled, *padded)

    # BLAS would hand these small products to threads of its own, which costs more than it saves.
    with LIBRARIES.limit(limits=1, user_api="blas"), ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(chunk, _chunks(length, factors, least)):
            pass  # an error in a thread is raised here


def _chunks(length: np.ndarray, factors: int, least: int) -> Iterator[np.ndarray]:
    """Yield rows of similar length, longest first, as many as fit."""
    order = np.argsort(-length, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, FLOATS // (factors * max(length[order[start]], least)))
        yield order[start : start + size]
        start += size
