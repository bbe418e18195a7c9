"""Approximate nearest neighbors: look at some of the items, and miss few of the nearest.

Rows of items and queries have the length 1, so that the largest dot product, the largest cosine and
the smallest distance are the same neighbor: `unit_rows` makes them so for cosines, and
`inner_product_to_cosine` for inner products. An index (`helpers.similarity.indexes`) knows which
items it would look at for a query, its candidates; `rank_candidates` computes the dot products of
those and of no others.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.data.checks import require_whole
from helpers.similarity.ranking import best_first_of_rows, largest
from helpers.similarity.rows import batches, keep_largest

CELLS = 1_000_000  # numbers of a batch


def exact_search(items: ArrayLike, queries: ArrayLike, k: int = 10) -> np.ndarray:
    """Find the k items of largest dot product with each query, by looking at all of them.

    It takes n · d multiply-adds per query.

    Parameters
    ----------
    items : shape (n, d).
    queries : shape (queries, d).
    k : how many, at most n.

    Returns
    -------
    Array of positions of items, shape (queries, k), best first; ties in the order of the items.

    Examples
    --------
    >>> exact_search([[1, 0], [0, 1], [2, 2]], [[3, 1]], k=2)
    array([[2, 0]])
    """
    items, queries = as_rows("items", items), as_rows("queries", queries)
    require_width(queries, items.shape[1])
    require_whole("k", k)
    if k > len(items):
        raise ValueError(f"exact_search: k is between 1 and the {len(items)} items; got {k}.")
    found = np.empty((len(queries), k), int)
    for rows in batches(np.arange(len(queries)), CELLS // len(items)):
        scores = queries[rows] @ items.T
        chosen = np.nonzero(largest(scores, k))[1]
        of_chosen = np.take_along_axis(scores, chosen.reshape(-1, k), axis=1)
        order = best_first_of_rows(of_chosen.ravel(), np.full(len(rows), k))
        found[rows] = chosen[order].reshape(-1, k)
    return found


def rank_candidates(
    candidates: sparse.sparray, items: ArrayLike, queries: ArrayLike, k: int = 10
) -> np.ndarray:
    """Find the k candidates of largest dot product with each query.

    Parameters
    ----------
    candidates : shape (queries, n); a query's candidates are the cells stored in its row. From an
        index, perhaps with some items left out.
    items, queries, k : as in `exact_search`.

    Returns
    -------
    Array of positions of items, shape (queries, k), best first; -1 where there are fewer.

    Examples
    --------
    >>> candidates = sparse.csr_array([[True, True, False]])
    >>> rank_candidates(candidates, [[1, 0], [0, 1], [2, 2]], [[3, 1]], k=3)
    array([[ 0,  1, -1]])
    """
    items, queries = as_rows("items", items), as_rows("queries", queries)
    require_width(queries, items.shape[1])
    if candidates.shape != (len(queries), len(items)):
        raise ValueError(
            f"candidates have the shape {candidates.shape}; {len(queries)} queries and "
            f"{len(items)} items need {(len(queries), len(items))}. Was the index fitted on these?"
        )
    require_whole("k", k)
    candidates = sparse.csr_array(candidates)
    found = np.full((len(queries), k), -1)
    widest = np.diff(candidates.indptr).max(initial=1) * items.shape[1]
    for rows in batches(np.arange(len(queries)), CELLS // widest):
        part = candidates[rows]
        row = np.repeat(rows, np.diff(part.indptr))
        scores = np.vecdot(queries[row], items[part.indices])
        best = keep_largest(sparse.csr_array((scores, part.indices, part.indptr), part.shape), k)
        lengths = np.diff(best.indptr)
        order = best_first_of_rows(best.data, lengths)
        filled, of_rows = np.arange(k) < lengths[:, None], found[rows]
        of_rows[filled] = best.indices[order]
        found[rows] = of_rows
    return found


def search_recall(found: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Return, for each query, the share of the exact neighbors that were found.

    Parameters
    ----------
    found, exact : positions of items, shapes (queries, any) and (queries, k). In ``found``, -1 is
        no item; ``exact`` has no gaps.

    Examples
    --------
    >>> search_recall(np.array([[4, 7, -1]]), np.array([[7, 2, 4, 1]]))
    array([0.5])
    """
    found, exact = np.asarray(found), np.asarray(exact)
    if found.ndim != 2 or exact.ndim != 2:
        raise ValueError(
            "found and exact: a table with a query in each row is needed, not the shapes "
            f"{found.shape} and {exact.shape}. For a single query write found[None], exact[None]."
        )
    if len(found) != len(exact):
        raise ValueError(f"found is of {len(found)} queries, exact of {len(exact)}.")
    if (gaps := np.flatnonzero((exact < 0).any(axis=1))).size:
        raise ValueError(
            f"exact: {len(gaps)} of {len(exact)} rows hold -1, which is no item (first "
            f"{', '.join(map(str, gaps[:3]))}). Take a k for which all queries have k neighbors."
        )
    return (exact[:, :, None] == found[:, None, :]).any(axis=2).mean(axis=1)


# ---------------------------------------------------------------- vectors of length 1


def unit_rows(vectors: ArrayLike) -> np.ndarray:
    """Scale each row to length 1, so that dot products are cosines.

    Examples
    --------
    >>> unit_rows([[3, 4], [0, 2]])
    array([[0.6, 0.8],
           [0. , 1. ]])
    """
    vectors = as_rows("vectors", vectors)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    if (empty := np.flatnonzero(length == 0)).size:
        raise ValueError(
            f"vectors: {len(empty)} of {len(vectors)} rows have length 0 and so no direction "
            f"(first {', '.join(map(str, empty[:3]))}). Drop them."
        )
    return vectors / length


def inner_product_to_cosine(items: ArrayLike, queries: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Add a dimension, so that the largest inner product becomes the largest cosine.

    With the length M of the longest item,

        y → (y / M, √(1 − ‖y‖² / M²)),   x → (x / ‖x‖, 0)

    All rows then have length 1, and their dot product is xᵀy / (‖x‖ M): for each query, the inner
    products in another unit.

    Returns
    -------
    The new items and the new queries, one column wider.

    References
    ----------
    Y. Bachrach et al. (2014), Speeding up the Xbox recommender system using a Euclidean
    transformation for inner-product spaces, RecSys '14, doi:10.1145/2645710.2645741; queries of any
    length as in B. Neyshabur & N. Srebro (2015), arXiv:1410.5518.

    Examples
    --------
    >>> items, queries = inner_product_to_cosine([[3, 4], [3, 0]], [[0, 2]])
    >>> items, queries
    (array([[0.6, 0.8, 0. ],
           [0.6, 0. , 0.8]]), array([[0., 1., 0.]]))
    """
    items, queries = as_rows("items", items), unit_rows(queries)
    require_width(queries, items.shape[1])
    squares = (items**2).sum(axis=1)
    if not squares.any():
        raise ValueError("items: all vectors have length 0. Was the model fitted?")
    rest = np.sqrt(1 - squares / squares.max())
    items = np.column_stack([items / np.sqrt(squares.max()), rest])
    return items, np.column_stack([queries, np.zeros(len(queries))])


# ---------------------------------------------------------------- checks of vectors


def as_rows(name: str, vectors: ArrayLike) -> np.ndarray:
    """Return vectors as an array of shape (rows, d), and refuse anything else."""
    vectors = np.asarray(vectors, float)
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise ValueError(
            f"{name}: a table with a vector in each row is needed, not the shape {vectors.shape}. "
            "For a single vector write vector[None]."
        )
    if (bad := np.flatnonzero(~np.isfinite(vectors).all(axis=1))).size:
        raise ValueError(
            f"{name}: {len(bad)} of {len(vectors)} rows hold NaN or infinity (first "
            f"{', '.join(map(str, bad[:3]))}). Drop them."
        )
    return vectors


def require_width(vectors: np.ndarray, d: int) -> None:
    """Check that vectors have d numbers, as those of the index or of the items."""
    if vectors.shape[1] != d:
        raise ValueError(
            f"The vectors have {vectors.shape[1]} numbers each, the items {d}. Were both changed "
            "in the same way, as by inner_product_to_cosine?"
        )
