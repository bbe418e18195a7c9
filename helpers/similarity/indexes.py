"""Indexes: which items are candidates for a query, by hashing or by cells."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.utils.validation import check_is_fitted

from helpers.data.checks import require_whole
from helpers.similarity.approximate import CELLS, as_rows, require_width
from helpers.similarity.ranking import largest
from helpers.similarity.rows import batches

SAMPLE, ROUNDS = 256, 20  # of k-means: vectors per centroid, rounds; cells need no exact borders
MOST_BITS = 16  # a table of 2¹⁶ buckets; with more bits nearly all of them are empty


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
    >>> items = [[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]]
    >>> InvertedFile(cells=2).fit(items).candidates([[0.7, 0.3]], probe=1).toarray()
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
        """Add items, numbered after all others, to the existing cells."""
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


def centroids(vectors: np.ndarray, number: int, random_state: int) -> np.ndarray:
    """Return the centroids of k-means, shape (number, d), learned from enough of the vectors."""
    if len(vectors) > SAMPLE * number:
        rng = np.random.default_rng(random_state)
        vectors = vectors[rng.choice(len(vectors), SAMPLE * number, replace=False)]
    means = KMeans(number, init="random", n_init=1, max_iter=ROUNDS, random_state=random_state)
    return means.fit(vectors).cluster_centers_


def _indicator(codes: np.ndarray, size: int) -> sparse.csr_array:
    """Mark the codes of each row in a table of bool, shape (rows, size)."""
    indptr = np.arange(0, codes.size + 1, codes.shape[1])
    return sparse.csr_array((np.ones(codes.size, bool), codes.ravel(), indptr), (len(codes), size))
