"""Rows of a sparse matrix, which differ in length: cut into lots, pad them, find the k largest."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

PADDED = 200_000  # cells of a chunk, which fits into the cache of a core
GROUP = 32  # values of which only the largest is looked at first


def cut(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut rows into parts of a size, at least 1.

    Examples
    --------
    >>> [part.tolist() for part in cut(np.arange(5), 2)]
    [[0, 1], [2, 3], [4]]
    """
    size = max(1, size)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def lots(X: sparse.csr_array, Y: sparse.csr_array, size: int = 1_000_000) -> list[np.ndarray]:
    """Cut the rows of X into lots, for each of which X Y takes about so many multiplications.

    Examples
    --------
    >>> X = sparse.csr_array(np.ones((5, 3)))
    >>> [rows.tolist() for rows in lots(X, X.T.tocsr(), size=30)]  # 15 each
    [[0, 1], [2, 3], [4]]
    """
    row = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
    work = np.bincount(row, np.diff(Y.indptr)[X.indices], minlength=X.shape[0])
    lot = (np.cumsum(work) - work) // size
    return np.split(np.arange(X.shape[0]), np.flatnonzero(np.diff(lot)) + 1)


def alike(lengths: np.ndarray, cells: int = PADDED) -> Iterator[np.ndarray]:
    """Yield positions of rows of similar length, so many that they have ``cells`` when padded.

    None is shorter than half of the longest beside it.

    Examples
    --------
    >>> [rows.tolist() for rows in alike(np.array([1, 6, 2]), cells=6)]
    [[1], [0, 2]]
    """
    order, stop = np.argsort(lengths, kind="stable"), len(lengths)
    in_order = lengths[order]
    while stop > 0:
        longest = in_order[stop - 1]
        half, full = np.searchsorted(in_order, longest / 2), stop - cells // max(longest, 1)
        start = max(half, min(full, stop - 1))
        yield order[start:stop]
        stop = start


def padded(indptr: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the cells of some rows are stored, and which are no cells but padding.

    Both have the shape (rows, longest of them); the padding points at 0.

    Examples
    --------
    >>> place, outside = padded(np.array([0, 2, 3]), np.array([0, 1]))
    >>> place.tolist(), outside.tolist()
    ([[0, 1], [2, 0]], [[False, False], [False, True]])
    """
    start, stop = indptr[rows], indptr[rows + 1]
    place = start[:, None] + np.arange((stop - start).max())
    outside = place >= stop[:, None]
    place[outside] = 0
    return place, outside


def largest(block: np.ndarray, k: int) -> np.ndarray:
    """Mark the k largest of each row, -inf never; of equals at the edge, the first.

    Examples
    --------
    >>> largest(np.array([[1.0, 3.0, 1.0, -np.inf]]), k=2).tolist()
    [[True, True, False, False]]
    """
    kept = block > -np.inf
    columns = block.shape[1]
    if k >= columns:
        return kept
    edge = np.partition(block, columns - k, axis=1)[:, columns - k, None]
    kept &= block >= edge
    crowded = np.flatnonzero(np.count_nonzero(kept, axis=1) > k)
    above, level = block[crowded] > edge[crowded], block[crowded] == edge[crowded]
    room = k - above.sum(axis=1, keepdims=True)
    kept[crowded] = above | (level & (level.cumsum(axis=1) <= room))
    return kept


def keep_largest(X: sparse.csr_array, k: int) -> sparse.csr_array:
    """Keep the k largest of the stored values of each row; of equals at the edge, the first.

    Parameters
    ----------
    X : csr_array; -inf is never kept.
    k : how many, at least 1.

    Examples
    --------
    >>> keep_largest(sparse.csr_array([[1.0, 0.0, 3.0, 1.0]]), k=2).toarray().tolist()
    [[1.0, 0.0, 3.0, 0.0]]
    """
    X = prune(X, X.data, k)
    X.sort_indices()
    kept = np.zeros(X.nnz, bool)
    for rows in alike(np.diff(X.indptr)) if X.nnz else ():
        place, outside = padded(X.indptr, rows)
        values = X.data.take(place)
        values[outside] = -np.inf
        kept[place[largest(values, k)]] = True
    return _stored(X, np.flatnonzero(kept))


def prune(X: sparse.csr_array, values: np.ndarray, k: int) -> sparse.csr_array:
    """Drop most of what is not among the k largest of its row, by one look at each.

    The maxima of any k groups are k values of the row, so that the k-th largest is not below the
    k-th largest of the maxima of all groups. Few others reach that.

    Parameters
    ----------
    X : csr_array.
    values : what decides, for each stored cell; it need be exact to six digits only.
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
    for chunk in alike(groups[enough]):
        rows = enough[chunk]
        place, outside = padded(indptr, rows)
        of_row = maxima.take(place)
        of_row[outside] = -np.inf
        edge = of_row.shape[1] - k
        bound[rows] = np.partition(of_row, edge, axis=1)[:, edge]
    bound -= 1e-6 * np.abs(bound, where=bound > -np.inf, out=np.zeros_like(bound))
    bound = np.repeat(bound, groups)
    chosen = np.flatnonzero(maxima >= bound)
    place = starts[chosen, None] + np.arange(GROUP)
    stop = np.append(starts, X.nnz)[chosen + 1, None]
    reached = (place < stop) & (values.take(place, mode="clip") >= bound[chosen, None])
    return _stored(X, place[reached])


def _stored(X: sparse.csr_array, places: np.ndarray) -> sparse.csr_array:
    """Keep what is stored at some places, in order, and drop the rest."""
    indptr = np.searchsorted(places, X.indptr)
    return sparse.csr_array((X.data[places], X.indices[places], indptr), shape=X.shape)
