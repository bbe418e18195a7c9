"""Rows of a matrix in batches, and the largest values of the rows of a sparse one."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from helpers.similarity.ranking import largest

CACHED = 200_000  # cells of a padded batch, which fits into the cache of a core
PRODUCTS = 1_000_000  # multiplications of a batch of a sparse product
GROUP = 32  # values of which only the largest is looked at first


def batches(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Split rows into batches of a size, at least 1.

    Examples
    --------
    >>> [batch.tolist() for batch in batches(np.arange(5), 2)]
    [[0, 1], [2, 3], [4]]
    """
    size = max(1, size)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def product_batches(X: sparse.csr_array, Y: sparse.csr_array) -> list[np.ndarray]:
    """Split the rows of X into batches for which the product X Y takes about the same work.

    Examples
    --------
    >>> X = sparse.csr_array(np.ones((5, 1000)))
    >>> [batch.tolist() for batch in product_batches(X, sparse.csr_array(np.ones((1000, 500))))]
    [[0, 1], [2, 3], [4]]
    """
    row = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
    work = np.bincount(row, np.diff(Y.indptr)[X.indices], minlength=X.shape[0])
    batch = (np.cumsum(work) - work) // PRODUCTS
    return np.split(np.arange(X.shape[0]), np.flatnonzero(np.diff(batch)) + 1)


def length_buckets(lengths: np.ndarray, cells: int = CACHED) -> Iterator[np.ndarray]:
    """Yield positions of rows of similar length, as many as have ``cells`` cells when padded.

    No row is shorter than half of the longest in its bucket.

    Examples
    --------
    >>> [rows.tolist() for rows in length_buckets(np.array([1, 6, 2]), cells=6)]
    [[1], [0, 2]]
    """
    order, stop = np.argsort(lengths, kind="stable"), len(lengths)
    ascending = lengths[order]
    while stop > 0:
        longest = ascending[stop - 1]
        half, full = np.searchsorted(ascending, longest / 2), stop - cells // max(longest, 1)
        start = max(half, min(full, stop - 1))
        yield order[start:stop]
        stop = start


def pad_rows(indptr: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the cells of some rows are stored, and a mask of the padding.

    Both have the shape (rows, longest of them); the padding points at 0.

    Examples
    --------
    >>> place, padding = pad_rows(np.array([0, 2, 3]), np.array([0, 1]))
    >>> place.tolist(), padding.tolist()
    ([[0, 1], [2, 0]], [[False, False], [False, True]])
    """
    start, stop = indptr[rows], indptr[rows + 1]
    place = start[:, None] + np.arange((stop - start).max())
    padding = place >= stop[:, None]
    place[padding] = 0
    return place, padding


def keep_largest(X: sparse.csr_array, k: int) -> sparse.csr_array:
    """Keep the k largest of the stored values of each row, never -inf; see `largest`.

    Examples
    --------
    >>> keep_largest(sparse.csr_array([[1.0, 0.0, 3.0, 1.0]]), k=2).toarray().tolist()
    [[1.0, 0.0, 3.0, 0.0]]
    """
    X = prune(X, X.data, k)
    X.sort_indices()
    kept = np.zeros(X.nnz, bool)
    for rows in length_buckets(np.diff(X.indptr)) if X.nnz else ():
        place, padding = pad_rows(X.indptr, rows)
        values = X.data.take(place)
        values[padding] = -np.inf
        kept[place[largest(values, k)]] = True
    return _keep(X, np.flatnonzero(kept))


def prune(X: sparse.csr_array, values: np.ndarray, k: int) -> sparse.csr_array:
    """Drop most of what is not among the k largest of its row, after one look at each value.

    The maxima of any k groups of values are k values of the row. So the k-th largest value is at
    least the k-th largest of all group maxima, and few others reach that bound.

    Parameters
    ----------
    X : csr_array.
    values : what to compare, for each stored cell; six exact digits are enough.
    k : how many, at least 1.

    Examples
    --------
    >>> X = sparse.csr_array(np.arange(1.0, 101)[None])
    >>> prune(X, X.data, k=2).indices.tolist()  # groups end with 100, 96, 80, …
    [95, 96, 97, 98, 99]
    """
    if not X.nnz:
        return X
    length = np.diff(X.indptr)
    groups = -(-length // GROUP)
    indptr = np.append(0, np.cumsum(groups))
    starts = np.arange(indptr[-1]) * GROUP + np.repeat(X.indptr[:-1] - indptr[:-1] * GROUP, groups)
    maxima = np.maximum.reduceat(values, starts)
    bound = np.full(len(length), -np.inf, values.dtype)
    enough = np.flatnonzero(groups >= k)
    for bucket in length_buckets(groups[enough]):
        rows = enough[bucket]
        place, padding = pad_rows(indptr, rows)
        of_row = maxima.take(place)
        of_row[padding] = -np.inf
        edge = of_row.shape[1] - k
        bound[rows] = np.partition(of_row, edge, axis=1)[:, edge]
    bound -= 1e-6 * np.abs(bound, where=bound > -np.inf, out=np.zeros_like(bound))
    bound = np.repeat(bound, groups)
    chosen = np.flatnonzero(maxima >= bound)
    place = starts[chosen, None] + np.arange(GROUP)
    stop = np.append(starts, X.nnz)[chosen + 1, None]
    reached = (place < stop) & (values.take(place, mode="clip") >= bound[chosen, None])
    return _keep(X, place[reached])


def _keep(X: sparse.csr_array, places: np.ndarray) -> sparse.csr_array:
    """Keep what is stored at some places, in order, and drop the rest."""
    indptr = np.searchsorted(places, X.indptr)
    return sparse.csr_array((X.data[places], X.indices[places], indptr), shape=X.shape)
