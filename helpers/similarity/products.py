"""Products of two sparse matrices of which only the largest cells of each row are needed.

Where the optional package numba is installed (the extra `fast`), a compiled loop computes a row of
the product and finds its largest cells while it is still in the cache of the core. Both ways add up
the same terms in the same order, so they give the same numbers to the last digit.

Why there is such a loop: with it, finding the neighbors of ten thousand items takes about as long
as in the C++ of the library `implicit`, without it about twice as long (`make bench`).
"""

import functools
import importlib.util
from collections.abc import Callable

import numpy as np
from scipy import sparse

from helpers.similarity.rows import prune


def largest_of_product(
    left: sparse.csr_array,
    right: sparse.csr_array,
    k: int,
    row_sizes: np.ndarray | None = None,
    column_sizes: np.ndarray | None = None,
) -> Callable[[np.ndarray], sparse.csr_array]:
    """Return a function that computes rows of a product: the k largest cells, and few others.

    Parameters
    ----------
    left, right : csr_arrays, shapes (rows, m) and (m, columns).
    k : how many, at least 1.
    row_sizes, column_sizes : if given, a cell is compared with others by its value divided by the
        sum of both sizes; its value is kept. Without row sizes, by that of the column alone.

    Examples
    --------
    >>> X = sparse.csr_array(np.arange(1.0, 101)[None])
    >>> rows = largest_of_product(sparse.csr_array([[2.0]]), X, k=2)
    >>> rows(np.array([0])).max()
    np.float64(200.0)
    """
    if compiled := _compiled():
        kind = np.result_type(left.dtype, right.dtype)
        added = np.zeros(left.shape[0]) if row_sizes is None else row_sizes
        divisor = np.ones(right.shape[1]) if column_sizes is None else column_sizes
        # Unsigned indices spare the loop a check for negative ones.
        arrays = [
            *(left.indptr, left.indices.astype(np.uint32), left.data.astype(kind)),
            *(right.indptr, right.indices.astype(np.uint32), right.data.astype(kind)),
            *(added.astype(kind), divisor.astype(kind), k),
        ]

        def made(rows: np.ndarray) -> sparse.csr_array:
            return sparse.csr_array(compiled(rows, *arrays), shape=(len(rows), right.shape[1]))

        return made

    def multiplied(rows: np.ndarray) -> sparse.csr_array:
        product = left[rows] @ right
        rank = product.data
        if column_sizes is not None:
            sizes = column_sizes.take(product.indices)
            if row_sizes is not None:
                sizes += np.repeat(row_sizes[rows], np.diff(product.indptr))
            rank = rank / sizes
        return prune(product, rank, k)

    return multiplied


@functools.cache
def _compiled() -> Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]] | None:
    """Return the loop in compiled form, None without numba; importing it takes a second."""
    if importlib.util.find_spec("numba") is None:
        return None
    from numba import njit

    return njit(nogil=True, cache=True)(_loop)


def _loop(
    asked,
    left_start,
    left_column,
    left_value,
    right_start,
    right_column,
    right_value,
    added,
    divisor,
    k,
):
    """Make the rows ``asked`` of a product from the three arrays of each matrix.

    A row of the product is summed up in ``cell``; ``made`` says which row a cell belongs to, and
    ``touched`` which cells the row has. The k largest so far are a heap, the smallest of them on
    top.
    """
    rows, columns = len(asked), len(divisor)
    cell = np.zeros(columns, left_value.dtype)
    rank = np.zeros(columns, left_value.dtype)
    made = np.full(columns, rows, np.uint32)
    touched = np.empty(columns, np.uint32)
    heap = np.empty(k, left_value.dtype)
    indptr = np.zeros(rows + 1, np.int64)
    data = np.empty(2 * k * rows + columns, left_value.dtype)
    indices = np.empty(len(data), np.uint32)
    for row in range(rows):
        n, of = 0, asked[row]
        for p in range(left_start[of], left_start[of + 1]):
            middle, weight = left_column[p], left_value[p]
            for q in range(right_start[middle], right_start[middle + 1]):
                column = right_column[q]
                if made[column] != row:
                    made[column] = row
                    touched[n] = column
                    cell[column] = weight * right_value[q]
                    n += 1
                else:
                    cell[column] += weight * right_value[q]
        size = 0
        for t in range(n):
            column = touched[t]
            value = cell[column] / (added[of] + divisor[column])
            rank[t] = value
            if size < k:  # sift the new one up
                at = size
                size += 1
                while at > 0 and heap[(at - 1) // 2] > value:
                    heap[at] = heap[(at - 1) // 2]
                    at = (at - 1) // 2
                heap[at] = value
            elif value > heap[0]:  # replace the smallest, and sift the new one down
                at = 0
                while True:
                    child = 2 * at + 1
                    if child + 1 < k and heap[child + 1] < heap[child]:
                        child += 1
                    if child >= k or heap[child] >= value:
                        break
                    heap[at] = heap[child]
                    at = child
                heap[at] = value
        bound = heap[0] - 1e-6 * abs(heap[0]) if size == k and heap[0] > -np.inf else -np.inf
        end = indptr[row]
        if end + n > len(data):  # room for this row, and as much again
            longer = np.empty(2 * (end + n), data.dtype)
            longer[:end] = data[:end]
            data = longer
            more = np.empty(len(data), indices.dtype)
            more[:end] = indices[:end]
            indices = more
        for t in range(n):
            if rank[t] >= bound:
                data[end] = cell[touched[t]]
                indices[end] = touched[t]
                end += 1
        indptr[row + 1] = end
    end = indptr[rows]
    return data[:end], indices[:end].view(np.int32), indptr
