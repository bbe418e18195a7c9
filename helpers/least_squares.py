"""Many small ridge regressions at once: what alternating least squares is made of.

With one side of a factorization held fast, each row u of the other side is a regression of its own,
over the cells j that the row has in the rating matrix:

    minimize  xᵀ G x + Σ_j (w_uj (y_jᵀx)² − 2 t_uj y_jᵀx) + λ_u xᵀx
    solution  (G + Σ_j w_uj y_j y_jᵀ + λ_u I) x_u = Σ_j t_uj y_j

Rows of similar length are padded to equal length and solved together, in chunks that fit a core's
cache: one gather and a few batched matrix products for each chunk, chunks in two threads.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

FLOATS = 200_000  # held by a chunk
THREADS = 2


def solve_rows(
    matrix: sparse.csr_array,
    features: np.ndarray,
    weights: np.ndarray,
    targets: np.ndarray,
    ridge: float | np.ndarray,
    gram: float | np.ndarray = 0.0,
) -> np.ndarray:
    """Solve all regressions exactly.

    Parameters
    ----------
    matrix : shape (rows, columns); only which cells it stores is looked at.
    features : y_j of each column, shape (columns, factors).
    weights, targets : w_uj ≥ 0 and t_uj, in the order of ``matrix.data``.
    ridge : λ_u > 0, one for all rows or one for each.
    gram : G, shape (factors, factors).

    Returns
    -------
    Array of x_u, shape (rows, factors), of the type of ``features``.

    Examples
    --------
    A row of two cells, y = 1 and 2, of which the targets are 3 and 6: (1 + 4 + 1) x = 3 + 12.

    >>> matrix = sparse.csr_array([[3.0, 6.0]])
    >>> ones = np.ones(2)
    >>> solve_rows(matrix, np.array([[1.0], [2.0]]), ones, matrix.data, ridge=1.0).tolist()
    [[2.5]]
    """
    factors = features.shape[1]
    diagonal = np.arange(factors)
    ridge = np.broadcast_to(ridge, matrix.shape[0])
    solution = np.empty((matrix.shape[0], factors), features.dtype)

    def solve(rows: np.ndarray, column: np.ndarray, weight: np.ndarray, target: np.ndarray) -> None:
        Y = features.take(column, axis=0)
        right = target[:, None, :] @ Y
        Y *= np.sqrt(weight)[:, :, None]  # BLAS multiplies YᵀY in half the time of Yᵀ(wY)
        left = Y.transpose(0, 2, 1) @ Y + gram
        left[:, diagonal, diagonal] += ridge[rows, None]
        solution[rows] = np.linalg.solve(left, right.transpose(0, 2, 1))[:, :, 0]

    _in_chunks(solve, matrix, weights, targets, factors, least=factors)
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
    """Come closer to the solution by a few conjugate gradient steps, which is much cheaper.

    Parameters are those of `solve_rows`; ``start`` has the shape of its result. The minimum is
    reached after as many steps as there are factors, and no step leads away from it.

    References
    ----------
    G. Takács, I. Pilászy & D. Tikk (2011), Applications of the conjugate gradient method for
    implicit feedback collaborative filtering, RecSys '11, doi:10.1145/2043932.2043987
    """
    better = np.empty_like(start)

    def improve(
        rows: np.ndarray, column: np.ndarray, weight: np.ndarray, target: np.ndarray
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
    _in_chunks(improve, matrix, weights, targets, features.shape[1])
    return better


def _squares(vectors: np.ndarray) -> np.ndarray:
    return np.vecdot(vectors, vectors)


def _in_chunks(
    work: Callable[..., None],
    matrix: sparse.csr_array,
    weights: np.ndarray,
    targets: np.ndarray,
    factors: int,
    least: int = 1,
) -> None:
    """Call ``work(rows, columns, weights, targets)`` for a chunk of rows at a time.

    The last three have shape (rows, longest of them); weights and targets are 0 in the padding.
    """
    length = np.diff(matrix.indptr)

    def chunk(rows: np.ndarray) -> None:
        slot = np.arange(length[rows].max())
        filled = slot < length[rows, None]
        cell = np.where(filled, matrix.indptr[rows, None] + slot, 0)
        weight, target = (np.where(filled, values.take(cell), 0) for values in (weights, targets))
        work(rows, matrix.indices.take(cell), weight, target)

    # BLAS would hand these small products to threads of its own, which costs more than it saves.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(THREADS) as pool:
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
