"""Approximate nearest neighbors: look at some of the items, and miss few of the nearest.

Rows of items and queries have the length 1, so that the largest dot product, the largest cosine and
the smallest distance are the same neighbor: `unit_rows` makes them so for cosines, and
`inner_product_to_cosine` for inner products. An index knows which items it would look at for a
query, its candidates; `rank_candidates` computes the dot products of those and of no others.
"""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.utils.validation import check_is_fitted

from helpers.data.checks import require_whole
from helpers.similarity.ranking import best_first_of_rows, largest
from helpers.similarity.rows import batches, keep_largest

CELLS = 1_000_000  # numbers of a batch
SAMPLE, ROUNDS = 256, 20  # of k-means: vectors per centroid, rounds; cells need no exact borders
MOST_BITS = 16  # a table of 2¹⁶ buckets; with more bits nearly all of them are empty


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
    if not 1 <= k <= len(items):
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
    candidates: sparse.csr_array, items: ArrayLike, queries: ArrayLike, k: int = 10
) -> np.ndarray:
    """Find the k candidates of largest dot product with each query.

    Parameters
    ----------
    candidates : shape (queries, n); what is stored in a row may be found. From an index, perhaps
        with some items left out.
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
    found, exact : positions of items, shapes (queries, any) and (queries, k); -1 is no item.

    Examples
    --------
    >>> search_recall(np.array([[4, 7, -1]]), np.array([[7, 2, 4, 1]]))
    array([0.5])
    """
    if len(found) != len(exact):
        raise ValueError(f"found is of {len(found)} queries, exact of {len(exact)}.")
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


# ---------------------------------------------------------------- indexes


class HyperplaneLSH(BaseEstimator):
    """Locality-sensitive hashing by random hyperplanes.

    A bit of a code says on which side of a random hyperplane through 0 a vector lies. Two vectors
    with the angle θ agree in a bit with probability p = 1 − θ/π, in a code of b bits with
    probability p^b, and in the code of at least one of L tables with probability

        1 − (1 − p^b)^L

    Candidates are the items that agree with the query in at least one table.

    Parameters
    ----------
    bits : b, at most 16. More bits, fewer candidates.
    tables : L. More tables, more candidates.
    random_state : seed of the hyperplanes.

    Attributes
    ----------
    planes_ : normal vectors, shape (tables, bits, d).
    buckets_ : csr_array of bool, shape (tables · 2^bits, n): which items a bucket holds.

    References
    ----------
    M. S. Charikar (2002), Similarity estimation techniques from rounding algorithms, STOC '02,
    doi:10.1145/509907.509965

    Examples
    --------
    Same direction, and the opposite one.

    >>> items = [[1, 2], [2, 4], [-1, -2]]
    >>> HyperplaneLSH(bits=1, tables=1).fit(items).candidates(items[:1]).toarray()
    array([[ True,  True, False]])
    """

    def __init__(self, bits: int = 8, tables: int = 8, random_state: int = 0):
        self.bits = bits
        self.tables = tables
        self.random_state = random_state

    def fit(self, items: ArrayLike) -> Self:
        """Draw hyperplanes, and put each item into a bucket of each table."""
        items = as_rows("items", items)
        require_whole("bits", self.bits)
        require_whole("tables", self.tables)
        if self.bits > MOST_BITS:
            raise ValueError(f"bits is {MOST_BITS} at most; got {self.bits}. Use more tables.")
        rng = np.random.default_rng(self.random_state)
        self.planes_ = rng.normal(size=(self.tables, self.bits, items.shape[1]))
        self.buckets_ = self._members(items).T.tocsr()
        return self

    def codes(self, vectors: ArrayLike) -> np.ndarray:
        """Return the code of each vector in each table, shape (rows, tables): 0 … 2^bits − 1."""
        check_is_fitted(self)
        vectors = as_rows("vectors", vectors)
        require_width(vectors, self.planes_.shape[2])
        above = np.einsum("nd,tbd->ntb", vectors, self.planes_, optimize=True) > 0
        return above @ (1 << np.arange(self.bits))

    def candidates(self, queries: ArrayLike) -> sparse.csr_array:
        """Mark the items that share a bucket with each query, shape (queries, n)."""
        return self._members(queries) @ self.buckets_

    def _members(self, vectors: ArrayLike) -> sparse.csr_array:
        codes = self.codes(vectors) + (np.arange(self.tables) << self.bits)
        return _indicator(codes, self.tables << self.bits)


class InvertedFile(BaseEstimator):
    """Inverted file (IVF): k-means cells, each with the list of its items.

    Candidates are the items in the cells whose centroids are nearest to the query. A query takes
    d multiply-adds for each centroid, and for each candidate.

    Parameters
    ----------
    cells : number of cells; about √n balances both.
    random_state : seed of k-means.

    Attributes
    ----------
    centroids_ : shape (cells, d).
    lists_ : csr_array of bool, shape (cells, n): which items a cell holds.

    References
    ----------
    H. Jégou, M. Douze & C. Schmid (2011), Product quantization for nearest neighbor search, IEEE
    TPAMI 33(1), 117–128, doi:10.1109/TPAMI.2010.57

    Examples
    --------
    >>> items = unit_rows([[1, 0], [9, 1], [0, 1], [1, 9]])
    >>> InvertedFile(cells=2).fit(items).candidates(unit_rows([[2, 1]]), probe=1).toarray()
    array([[ True,  True, False, False]])
    """

    def __init__(self, cells: int = 100, random_state: int = 0):
        self.cells = cells
        self.random_state = random_state

    def fit(self, items: ArrayLike) -> Self:
        """Learn the centroids, and put each item into the cell of the nearest."""
        items = as_rows("items", items)
        require_whole("cells", self.cells)
        if self.cells > len(items):
            raise ValueError(f"cells: {self.cells} of them need as many items; got {len(items)}.")
        self.centroids_ = centroids(items, self.cells, self.random_state)
        self.lists_ = self._nearest(items, 1).T.tocsr()
        return self

    def add(self, items: ArrayLike) -> Self:
        """Put further items, which come after all others, into the cells that there are."""
        check_is_fitted(self)
        new = self._nearest(as_rows("items", items), 1).T
        self.lists_ = sparse.hstack([self.lists_, new], format="csr")
        return self

    def candidates(self, queries: ArrayLike, probe: int = 1) -> sparse.csr_array:
        """Mark the items in the ``probe`` nearest cells of each query, shape (queries, n)."""
        check_is_fitted(self)
        require_whole("probe", probe)
        return self._nearest(as_rows("queries", queries), probe) @ self.lists_

    def _nearest(self, vectors: np.ndarray, probe: int) -> sparse.csr_array:
        require_width(vectors, self.centroids_.shape[1])
        squares = (self.centroids_**2).sum(axis=1)
        parts = [
            sparse.csr_array(largest(2 * vectors[rows] @ self.centroids_.T - squares, probe))
            for rows in batches(np.arange(len(vectors)), CELLS // len(squares))
        ]
        return sparse.vstack(parts, format="csr")


# ---------------------------------------------------------------- what they share


def centroids(vectors: np.ndarray, number: int, random_state: int) -> np.ndarray:
    """Return the centroids of k-means, shape (number, d), learned from enough of the vectors."""
    if len(vectors) > SAMPLE * number:
        rng = np.random.default_rng(random_state)
        vectors = vectors[rng.choice(len(vectors), SAMPLE * number, replace=False)]
    means = KMeans(number, init="random", n_init=1, max_iter=ROUNDS, random_state=random_state)
    return means.fit(vectors).cluster_centers_


def as_rows(name: str, vectors: ArrayLike) -> np.ndarray:
    """Return vectors as an array of shape (rows, d), and refuse what is none."""
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


def _indicator(codes: np.ndarray, size: int) -> sparse.csr_array:
    """Mark the codes of each row in a table of bool, shape (rows, size)."""
    indptr = np.arange(0, codes.size + 1, codes.shape[1])
    return sparse.csr_array((np.ones(codes.size, bool), codes.ravel(), indptr), (len(codes), size))
