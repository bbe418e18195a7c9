"""How alike users or items are: the measures, for all pairs of a table, and the nearest k.

The full users × users matrix never exists. Similarities are made in blocks of a few rows, and of
each row the k largest are kept.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.similarity.measures import (
    MEASURES,
    STEPS,
    Shared,
    damping_factor,
)
from helpers.similarity.ratings import (
    Overlap,
    as_sparse,
    exact_kind,
    powered,
    rating_matrix,
)
from helpers.similarity.rows import cut, keep_largest, largest, lots, prune
from helpers.similarity.threads import in_threads

CELLS = 1_000_000  # similarities that a block holds
ROUNDING = 1e-12


class Comparison:
    """A measure made ready to compare rows of a rating matrix with all its rows.

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
        damping_factor(0, damping, cap)  # refuses what it cannot take
        self.steps, self.damping, self.cap = STEPS[measure], damping, cap
        X = as_sparse(X)
        self.ratings = self.steps.prepare(X, X)
        self.kind = exact_kind(self.ratings)
        self.overlap = Overlap(self.ratings, self.kind)

    def __len__(self) -> int:
        return self.ratings.shape[0]

    def __call__(self, rows: ArrayLike) -> np.ndarray:
        """Similarities of some rows with all, shape (rows, users)."""
        X = self.ratings[rows]
        moment = self.overlap.moments(X)
        similarity = self.steps.compare(moment, X, self.ratings)
        if self._damped:
            similarity *= damping_factor(moment(0, 0), self.damping, self.cap)
        return similarity

    @property
    def _damped(self) -> bool:
        return self.damping != 0 or self.cap != 1

    def candidates(self, rows: ArrayLike, min_sim: float = 0.0) -> np.ndarray:
        """Similarities, but -inf where one is no candidate for a neighbor.

        That is oneself, whoever is less similar than ``min_sim``, and where the similarity is 0 or
        NaN and so says nothing.
        """
        similarity = self(rows)
        np.copyto(similarity, -np.inf, where=~_speaks(similarity, min_sim))
        similarity[np.arange(len(similarity)), rows] = -np.inf
        return similarity

    def nearest(
        self,
        k: int,
        min_sim: float = 0.0,
        rows: np.ndarray | None = None,
        cells: int = CELLS,
    ) -> sparse.csr_array:
        """Keep the k nearest of some rows, or of all: see the function `nearest`."""
        rows = np.arange(len(self)) if rows is None else rows
        if isinstance(self.steps, Shared) and not self._damped:
            parts = self._nearest_of_shared(k, min_sim, rows)
        else:
            parts = self._nearest_of_blocks(k, min_sim, self.blocks(rows, cells))
        return sparse.vstack(parts, format="csr")

    def _nearest_of_blocks(self, k, min_sim, parts) -> list[sparse.csr_array]:
        def keep(rows: np.ndarray) -> sparse.csr_array:
            block = self.candidates(rows, min_sim)
            kept = largest(block, k)
            indptr = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
            return sparse.csr_array((block[kept], np.nonzero(kept)[1], indptr), shape=block.shape)

        return in_threads(keep, parts)

    def _nearest_of_shared(self, k, min_sim, rows) -> list[sparse.csr_array]:
        """Look only at who shares something, who may be few."""
        steps, size = self.steps, self.steps.size(self.ratings)
        terms = powered(self.ratings.astype(self.kind), steps.power)
        popular = np.argsort(-np.diff(terms.indptr), kind="stable")  # so that caches hold them
        others, known = terms[popular].T.tocsr(), np.where(size > 0, size, 1).astype(self.kind)

        def keep(lot: np.ndarray) -> sparse.csr_array:
            shared = terms[lot] @ others
            shared = prune(shared, steps.rank(shared, known[lot], known[popular]), k + 1)
            row, other = np.repeat(lot, np.diff(shared.indptr)), popular[shared.indices]
            s = steps.formula(shared.data.astype(float), size[row], size[other])
            s[(other == row) | ~_speaks(s, min_sim)] = -np.inf
            return keep_largest(sparse.csr_array((s, other, shared.indptr), shape=shared.shape), k)

        return in_threads(keep, [rows[lot] for lot in lots(terms[rows], others)])

    def blocks(self, rows: np.ndarray, cells: int) -> list[np.ndarray]:
        """Cut rows into parts whose similarities have about so many cells."""
        return cut(rows, cells // max(len(self), 1))


def _speaks(similarity: np.ndarray, min_sim: float) -> np.ndarray:
    """Mark what is at least min_sim, and neither NaN nor 0 (but for rounding)."""
    if min_sim >= 0:
        return similarity >= max(min_sim, ROUNDING)
    return (similarity >= min_sim) & (np.abs(similarity) >= ROUNDING)


def similarity_blocks(
    X: ArrayLike,
    measure: str = "pearson",
    *,
    damping: float = 0,
    cap: int = 1,
    cells: int = CELLS,
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield the similarities of all rows with all rows, a few rows at a time.

    Parameters
    ----------
    X, measure, damping, cap : as in `Comparison`.
    cells : how many similarities a block may hold; a handful of arrays of that size live at once.

    Yields
    ------
    (slice of rows, array of shape (rows in it, users)), in order.

    Examples
    --------
    >>> for rows, block in similarity_blocks([[5, 3], [4, 2], [1, 5]], "pearson", cells=6):
    ...     print(rows.start, block.round(1).tolist())
    0 [[1.0, 1.0, -1.0], [1.0, 1.0, -1.0]]
    2 [[-1.0, -1.0, 1.0]]
    """
    compare = Comparison(X, measure, damping=damping, cap=cap)
    for rows in compare.blocks(np.arange(len(compare)), cells):
        yield slice(rows[0], rows[-1] + 1), compare(rows)


def nearest(
    X: ArrayLike,
    k: int = 40,
    measure: str = "pearson",
    *,
    damping: float = 0,
    cap: int = 1,
    min_sim: float = 0.0,
    cells: int = CELLS,
) -> sparse.csr_array:
    """Keep the k most similar others of each row; the full users × users matrix never exists.

    N_k(u) are the k rows v ≠ u of largest s_uv among those with s_uv ≥ min_sim. Of equals at the
    edge, those that stand first are kept. A similarity of 0 or NaN is never kept: it says nothing.

    Parameters
    ----------
    X, measure, damping, cap, cells : as in `similarity_blocks`.
    k : how many to keep, at least 1; rows with fewer candidates keep them all.
    min_sim : least similarity; -1 keeps negative ones, too.

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
    return Comparison(X, measure, damping=damping, cap=cap).nearest(k, min_sim, cells=cells)


def similarity_table(
    ratings: pd.DataFrame,
    measure: str = "pearson",
    *,
    between: str = "user_id",
    damping: float = 0,
    cap: int = 1,
) -> pd.DataFrame:
    """Similarity of every pair, to be looked at; for many users use `nearest`.

    Parameters
    ----------
    ratings : DataFrame, one row per rating; columns ``user_id``, ``item_id``, ``rating``.
    measure, damping, cap : as in `similarity_blocks`.
    between : "user_id" to compare users, "item_id" to compare items.

    Returns
    -------
    DataFrame of float, square and symmetric; index and columns the sorted ids. NaN where the
    measure is undefined. The diagonal is damped like all the rest.

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
    blocks = similarity_blocks(matrix.ratings, measure, damping=damping, cap=cap)
    values = np.vstack([block for _, block in blocks])
    return pd.DataFrame(values, index=matrix.rows, columns=matrix.rows)
