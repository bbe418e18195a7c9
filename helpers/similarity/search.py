"""The similarities of all pairs of users or items, and the k nearest neighbors of each.

The full users × users matrix never exists in the search for neighbors: similarities are computed in
batches of a few rows, and only the k largest of each row are kept.
"""

import functools

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.similarity.measures import MEASURES, ZeroFilled, damping_factor
from helpers.similarity.products import largest_of_product
from helpers.similarity.ranking import NOISE, largest
from helpers.similarity.ratings import Overlap, as_sparse, exact_dtype, powered, rating_matrix
from helpers.similarity.rows import batches, keep_largest, product_batches
from helpers.similarity.threads import in_threads

CELLS = 1_000_000  # similarities of a batch; a handful of arrays of that size live at once


class Comparison:
    """A rating matrix prepared to compare some of its rows with all of them.

    Parameters
    ----------
    X : rating matrix, shape (users, items), as in `cosine`.
    measure : one of `MEASURES`.
    damping, cap : see `damping_factor`.

    Examples
    --------
    >>> Comparison([[5, 3], [4, 2], [1, 5]], "pearson")([0, 2]).round(1).tolist()
    [[1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]]
    """

    def __init__(self, X: ArrayLike, measure: str = "pearson", *, damping: float = 0, cap: int = 1):
        if measure not in MEASURES:
            raise ValueError(
                f'similarity: there is no measure "{measure}". Choose from {", ".join(MEASURES)}.'
            )
        damping_factor(0, damping, cap)  # refuses values out of range
        self.measure, self.damping, self.cap = MEASURES[measure], damping, cap
        X = as_sparse(X)
        self.ratings = self.measure.prepare(X, X)
        self.dtype = exact_dtype(self.ratings)
        self.overlap = Overlap(self.ratings, self.dtype)

    def __len__(self) -> int:
        return self.ratings.shape[0]

    def __call__(self, rows: ArrayLike) -> np.ndarray:
        """Similarities of some rows with all, shape (rows, users)."""
        X = self.ratings[rows]
        moment = self.overlap.moments(X)
        similarity = self.measure.compare(moment, X, self.ratings)
        if self._damped:
            similarity *= damping_factor(moment(0, 0), self.damping, self.cap)
        return similarity

    @property
    def _damped(self) -> bool:
        return self.damping != 0 or self.cap != 1

    def candidates(self, rows: ArrayLike, min_sim: float = 0.0) -> np.ndarray:
        """Similarities of some rows with all, -inf for those who can't be neighbors.

        These are the row itself, all that are less similar than ``min_sim``, and all whose
        similarity is 0 or NaN.
        """
        work = functools.partial(self._candidates, min_sim=min_sim)
        return np.vstack(in_threads(work, self.batches(np.asarray(rows))))

    def _candidates(self, rows: np.ndarray, min_sim: float) -> np.ndarray:
        similarity = self(rows)
        np.copyto(similarity, -np.inf, where=~_informative(similarity, min_sim))
        similarity[np.arange(len(similarity)), rows] = -np.inf
        return similarity

    def nearest(
        self, k: int, min_sim: float = 0.0, rows: np.ndarray | None = None
    ) -> sparse.csr_array:
        """Keep the k nearest of some rows, or of all: see the function `nearest`."""
        rows = np.arange(len(self)) if rows is None else rows
        # With a negative min_sim, zeros, which are no neighbors, would crowd out negative products.
        if isinstance(self.measure, ZeroFilled) and not self._damped and min_sim >= 0:
            parts = self._nearest_of_overlapping(k, min_sim, rows)
        else:
            parts = self._nearest_of_all(k, min_sim, rows)
        return sparse.vstack(parts, format="csr")

    def _nearest_of_all(self, k, min_sim, rows) -> list[sparse.csr_array]:
        def keep(batch: np.ndarray) -> sparse.csr_array:
            block = self._candidates(batch, min_sim)
            kept = largest(block, k)
            indptr = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
            return sparse.csr_array((block[kept], np.nonzero(kept)[1], indptr), shape=block.shape)

        return in_threads(keep, self.batches(rows))

    def _nearest_of_overlapping(self, k, min_sim, rows) -> list[sparse.csr_array]:
        """Look only at rows with something in common, which may be few."""
        measure, size = self.measure, self.measure.size(self.ratings)
        terms = powered(self.ratings.astype(self.dtype), measure.power)
        popular = np.argsort(-np.diff(terms.indptr), kind="stable")  # so that caches hold them
        others, known = terms[popular].T.tocsr(), np.where(size > 0, size, 1).astype(self.dtype)

        row_sizes = known if measure.by_both_sizes else None
        common = largest_of_product(terms, others, k + 1, row_sizes, known[popular])

        def keep(batch: np.ndarray) -> sparse.csr_array:
            shared = common(batch)
            row, other = np.repeat(batch, np.diff(shared.indptr)), popular[shared.indices]
            s = measure.formula(shared.data.astype(float), size[row], size[other])
            s[(other == row) | ~_informative(s, min_sim)] = -np.inf
            return keep_largest(sparse.csr_array((s, other, shared.indptr), shape=shared.shape), k)

        return in_threads(keep, [rows[batch] for batch in product_batches(terms[rows], others)])

    def batches(self, rows: np.ndarray) -> list[np.ndarray]:
        """Split rows into batches that have about `CELLS` similarities each."""
        return batches(rows, CELLS // max(len(self), 1))


def _informative(similarity: np.ndarray, min_sim: float) -> np.ndarray:
    """Mark what is at least min_sim, and neither NaN nor 0, but for rounding errors."""
    if min_sim >= 0:
        return similarity >= max(min_sim - NOISE, NOISE)
    return (similarity >= min_sim - NOISE) & (np.abs(similarity) >= NOISE)


def nearest(X: ArrayLike, k: int = 40, measure: str = "pearson") -> sparse.csr_array:
    """Keep the k most similar others of each row; the full users × users matrix never exists.

    N_k(u) are the k rows v ≠ u of largest s_uv > 0; of ties at the edge, the first rows.

    Parameters
    ----------
    X : rating matrix, shape (users, items), as in `cosine`.
    k : how many to keep, at least 1; rows with fewer candidates keep them all.
    measure : one of `MEASURES`.

    Returns
    -------
    csr_array, shape (users, users), at most k stored per row, diagonal empty. Not symmetric: Ana
    may be Ben's nearest without Ben being hers.

    Examples
    --------
    >>> nearest([[5, 3, 4], [4, 2, 3], [1, 5, 4]], k=1).toarray().round(2).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    if k < 1:
        raise ValueError(f"nearest: k must be at least 1, not {k}.")
    return Comparison(X, measure).nearest(k)


def similarity_table(
    ratings: pd.DataFrame, measure: str = "pearson", *, between: str = "user_id", damping: float = 0
) -> pd.DataFrame:
    """Similarities of all pairs, to look at; for many users, use `nearest`.

    Parameters
    ----------
    ratings : DataFrame, one row per rating; columns ``user_id``, ``item_id``, ``rating``.
    measure : one of `MEASURES`.
    between : "user_id" to compare users, "item_id" to compare items.
    damping : see `damping_factor`.

    Returns
    -------
    DataFrame of float, square and symmetric; index and columns the sorted ids. NaN where the
    measure is undefined. The diagonal is damped like the rest.

    Examples
    --------
    >>> ratings = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Ben"],
    ...                         "item_id": ["lamp", "vase"] * 2, "rating": [5, 3, 4, 2]})
    >>> similarity_table(ratings, "cosine").round(3)
    user_id    Ana    Ben
    user_id
    Ana      1.000  0.997
    Ben      0.997  1.000
    """
    if between not in ("user_id", "item_id"):
        raise ValueError(f'similarity_table: between is "user_id" or "item_id", not "{between}".')
    matrix = rating_matrix(ratings)
    if between == "item_id":
        matrix = matrix.T
    compare = Comparison(matrix.ratings, measure, damping=damping)
    parts = [compare(batch) for batch in compare.batches(np.arange(len(compare)))]
    return pd.DataFrame(np.vstack(parts), index=matrix.rows, columns=matrix.rows)
