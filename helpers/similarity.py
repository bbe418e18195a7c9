"""How alike two users' ratings are, or two items': seven measures, damped, and the nearest k.

Every measure takes the rating matrix R with users as rows and compares rows; transposed, it
compares items. Two forms of R will do:

- dense: numbers, with NaN where nobody rated;
- sparse (scipy): what is stored was rated, even if it is 0; what is not stored was not.

Nothing here loops over users: the sums over co-rated items I_uv = I_u ∩ I_v that the formulas are
made of are products of matrices, see `helpers.ratings.Overlap`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.ratings import (
    Overlap,
    RatingMatrix,
    as_sparse,
    exact_kind,
    powered,
    rating_matrix,
)
from helpers.rows import cut, keep_largest, largest, lots, prune
from helpers.threads import in_threads

CELLS = 1_000_000  # similarities that a block holds
ROUNDING = 1e-12

__all__ = [
    "MEASURES",
    "Comparison",
    "RatingMatrix",
    "adjusted_cosine",
    "cosine",
    "damping_factor",
    "full_cosine",
    "jaccard",
    "largest",
    "mean_squared_difference",
    "nearest",
    "own_mean_pearson",
    "pearson",
    "rating_matrix",
    "similarity_blocks",
    "similarity_table",
]

# ---------------------------------------------------------------- measures


def cosine(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Cosine of the angle between two users' ratings of the items both rated.

        s_uv = Σ_{i∈I_uv} r_ui r_vi / (√Σ_{i∈I_uv} r_ui² · √Σ_{i∈I_uv} r_vi²)

    One co-rated item makes it 1, whatever the two ratings, and on a scale of 1 to 5 two users must
    disagree wildly to fall below 0.7: damp it, or center first.

    Parameters
    ----------
    X, Y : rating matrices, shapes (users, items) and (others, items), dense with NaN for missing,
        or sparse. Without ``Y``, the rows of ``X`` are compared with one another.

    Returns
    -------
    Array, shape (users, others), in [-1, 1]; NaN where it is 0 / 0: nothing co-rated, or all zeros.

    Raises
    ------
    ValueError
        If a matrix is not two-dimensional, holds infinity, stores a NaN in a sparse cell, or the
        two do not have the same columns.

    References
    ----------
    J. S. Breese, D. Heckerman and C. Kadie (1998), Empirical analysis of predictive algorithms for
    collaborative filtering, UAI '98, 43–52, doi:10.48550/arXiv.1301.7363.

    Examples
    --------
    Ana 5 3 ?, Ben 4 2 4: (5·4 + 3·2) / (√34 · √20), with 34 = 5² + 3² and 20 = 4² + 2².

    >>> cosine([[5, 3, np.nan], [4, 2, 4]])[0, 1].round(4)
    np.float64(0.9971)
    """
    return _compare("cosine", X, Y)


def full_cosine(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Cosine with the norms taken over all ratings of each user, as if the missing ones were 0.

        s_uv = Σ_{i∈I_uv} r_ui r_vi / (√Σ_{i∈I_u} r_ui² · √Σ_{i∈I_v} r_vi²)

    What most libraries compute from a zero-filled matrix. It damps small overlaps by itself, and
    takes users who rate much for unlike everybody.

    Parameters, errors and the source are those of `cosine`.

    Returns
    -------
    Array, shape (users, others), in [-1, 1]; 0 where nothing is co-rated, NaN for a user whose
    ratings are all 0 or who has none.

    Examples
    --------
    Ana 5 3 ?, Ben 4 2 4: (5·4 + 3·2) / (√34 · √36), with 36 = 4² + 2² + 4².

    >>> full_cosine([[5, 3, np.nan], [4, 2, 4]])[0, 1].round(4)
    np.float64(0.7432)
    """
    return _compare("full_cosine", X, Y)


def pearson(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Pearson's correlation of two users' ratings of the items both rated.

        s_uv = Σ (r_ui − m_u)(r_vi − m_v) / (√Σ (r_ui − m_u)² · √Σ (r_vi − m_v)²),  Σ over i∈I_uv

    where m_u and m_v are the means over I_uv, not over all that the user rated. It sees through
    strict and generous raters, and is ±1 for any two co-rated items: damp it.

    Parameters and errors are those of `cosine`.

    Returns
    -------
    Array, shape (users, others), in [-1, 1]; NaN where it is 0 / 0: fewer than two co-rated items,
    or one of the two rated all of them alike.

    References
    ----------
    P. Resnick et al. (1994), GroupLens: an open architecture for collaborative filtering of
    netnews, CSCW '94, 175–186, doi:10.1145/192844.192905.

    Examples
    --------
    Ana 5 3 4, Ben 4 2 3: both deviate by 1, -1, 0 from their means.

    >>> pearson([[5, 3, 4], [4, 2, 3]])[0, 1].round(4)
    np.float64(1.0)
    """
    return _compare("pearson", X, Y)


def own_mean_pearson(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Correlation with each user's own mean and norm: `full_cosine` of the centered ratings.

        s_uv = Σ_{i∈I_uv} d_ui d_vi / (√Σ_{i∈I_u} d_ui² · √Σ_{i∈I_v} d_vi²),   d_ui = r_ui − r̄_u

    where r̄_u is the mean of all that u rated. Missing ratings count as the user's mean, so that
    small overlaps damp themselves.

    Parameters, errors and the source are those of `cosine` and `pearson`.

    Returns
    -------
    Array, shape (users, others), in [-1, 1]; 0 where nothing is co-rated, NaN for a user who rated
    everything alike or nothing.

    Examples
    --------
    Ana 5 3 ? has the mean 4, Ben 5 3 1 the mean 3: (1·2 + -1·0) / (√2 · √8) = 1/2.

    >>> own_mean_pearson([[5, 3, np.nan], [5, 3, 1]])[0, 1].round(4)
    np.float64(0.5)
    """
    return _compare("own_mean_pearson", X, Y)


def adjusted_cosine(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Cosine over co-rated cells, after each column's mean is taken off: made for items as rows.

        s_ij = Σ_{u∈U_ij} d_ui d_uj / (√Σ_{u∈U_ij} d_ui² · √Σ_{u∈U_ij} d_uj²),   d_ui = r_ui − r̄_u

    With items as rows the columns are users, and r̄_u is the mean of all that u rated: a generous
    user's 4 and a strict user's 2 then say the same. With users as rows, items' means are taken
    off.

    Parameters and errors are those of `cosine`. The means are those of ``Y``, so give the whole
    matrix as ``Y`` when ``X`` is some of its rows.

    Returns
    -------
    Array, shape (items, others), in [-1, 1]; NaN where it is 0 / 0: no co-rater, or all of them
    gave one of the two items exactly their mean.

    References
    ----------
    B. Sarwar et al. (2001), Item-based collaborative filtering recommendation algorithms, WWW '01,
    285–295, doi:10.1145/371920.372071.

    Examples
    --------
    Ana 5 3 4, Ben 4 2 ?, of means 4 and 3: lamp 1 1, vase -1 -1, which are opposites.

    >>> users = np.array([[5, 3, 4], [4, 2, np.nan]])
    >>> adjusted_cosine(users.T)[0, 1].round(4)
    np.float64(-1.0)
    """
    return _compare("adjusted_cosine", X, Y)


def jaccard(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Share of co-rated items among all items that either user rated; the ratings don't matter.

        s_uv = |I_u ∩ I_v| / |I_u ∪ I_v|

    For views and purchases, where that something happened is all there is.

    Parameters and errors are those of `cosine`.

    Returns
    -------
    Array, shape (users, others), in [0, 1]; NaN for two users who rated nothing.

    References
    ----------
    P. Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11(2),
    37–50, doi:10.1111/j.1469-8137.1912.tb05611.x.

    Examples
    --------
    >>> jaccard([[5, 3, np.nan], [np.nan, 2, 4]])[0, 1].round(4)
    np.float64(0.3333)
    """
    return _compare("jaccard", X, Y)


def mean_squared_difference(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Similarity that falls with the mean squared difference of the co-rated ratings.

        s_uv = 1 / (msd_uv + 1),   msd_uv = Σ_{i∈I_uv} (r_ui − r_vi)² / |I_uv|

    The default of the library Surprise.

    Parameters and errors are those of `cosine`.

    Returns
    -------
    Array, shape (users, others), in (0, 1]; NaN where nothing is co-rated.

    References
    ----------
    U. Shardanand and P. Maes (1995), Social information filtering: algorithms for automating "word
    of mouth", CHI '95, 210–217, doi:10.1145/223904.223931.

    Examples
    --------
    Ana 5 3 ?, Ben 4 1 4: (1² + 2²) / 2 = 2.5, and 1 / 3.5.

    >>> mean_squared_difference([[5, 3, np.nan], [4, 1, 4]])[0, 1].round(4)
    np.float64(0.2857)
    """
    return _compare("msd", X, Y)


MEASURES: dict[str, Callable[..., np.ndarray]] = {
    "cosine": cosine,
    "full_cosine": full_cosine,
    "pearson": pearson,
    "own_mean_pearson": own_mean_pearson,
    "adjusted_cosine": adjusted_cosine,
    "jaccard": jaccard,
    "msd": mean_squared_difference,
}


# Each measure is two steps: what is done to the ratings of X, given Y, and a formula of their
# moments m(p, q) = Σ_{i∈I_uv} r_ui^p r_vi^q, see `Overlap`.

Moments = Callable[[int, int], np.ndarray]
Prepare = Callable[[sparse.csr_array, sparse.csr_array], sparse.csr_array]


@dataclass(frozen=True)
class _CoRated:
    """A measure of co-rated items alone, a formula of several moments."""

    prepare: Prepare
    formula: Callable[[Moments], np.ndarray]

    def compare(self, m: Moments, X: sparse.csr_array, Y: sparse.csr_array) -> np.ndarray:
        return self.formula(m)


@dataclass(frozen=True)
class _Shared:
    """A measure that is 0 where nothing is shared: of one moment m(p, p) and the sizes of both."""

    prepare: Prepare
    power: int
    size: Callable[[sparse.csr_array], np.ndarray]
    formula: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    rank: Callable[[sparse.csr_array, np.ndarray, np.ndarray], np.ndarray]  # orders each row alike

    def compare(self, m: Moments, X: sparse.csr_array, Y: sparse.csr_array) -> np.ndarray:
        return self.formula(m(self.power, self.power), self.size(X)[:, None], self.size(Y))


def _as_it_is(X, Y):
    return X


def _less_own_mean(X, Y):
    return _centered(X, _row_means(X))


def _less_whole_mean(X, Y):
    # A whole number off a row alters no correlation and keeps the sums small and, of whole
    # ratings, whole: exact, so that equal similarities come out equal.
    return _centered(X, np.round(_row_means(X)))


def _less_column_mean(X, Y):
    return _centered(X, _row_means(Y.T.tocsr()), by_column=True)


def _cosine_of(m):
    return _ratio(m(1, 1), np.sqrt(m(2, 0) * m(0, 2)))


def _pearson_of(m):
    n, x, y = m(0, 0), m(1, 0), m(0, 1)
    spread = _spread(n * m(2, 0), x) * _spread(n * m(0, 2), y)
    return _ratio(n * m(1, 1) - x * y, np.sqrt(spread))


def _msd_of(m):
    squares = m(2, 0) + m(0, 2) - 2 * m(1, 1)
    return _ratio(m(0, 0), squares + m(0, 0))


def _by_norms(product, norm_u, norm_v):
    return _ratio(product, norm_u * norm_v)


def _rank_by_norm(shared, norm_u, norm_v):
    return shared.data / norm_v.take(shared.indices)  # ‖u‖ is the same for the whole row


def _by_union(both, count_u, count_v):
    return _ratio(both, count_u + count_v - both)


def _rank_by_sum(shared, count_u, count_v):
    counts = np.repeat(count_u, np.diff(shared.indptr)) + count_v.take(shared.indices)
    return shared.data / counts


def _norms(X):
    return np.sqrt(X.power(2).sum(axis=1))


def _counts(X):
    return np.diff(X.indptr)


_STEPS = {
    "cosine": _CoRated(_as_it_is, _cosine_of),
    "full_cosine": _Shared(_as_it_is, 1, _norms, _by_norms, _rank_by_norm),
    "pearson": _CoRated(_less_whole_mean, _pearson_of),
    "own_mean_pearson": _Shared(_less_own_mean, 1, _norms, _by_norms, _rank_by_norm),
    "adjusted_cosine": _CoRated(_less_column_mean, _cosine_of),
    "jaccard": _Shared(_as_it_is, 0, _counts, _by_union, _rank_by_sum),
    "msd": _CoRated(_as_it_is, _msd_of),
}


def _compare(measure: str, X: ArrayLike, Y: ArrayLike | None) -> np.ndarray:
    X = as_sparse(X)
    Y = X if Y is None else as_sparse(Y)
    if X.shape[1] != Y.shape[1]:
        raise ValueError(
            f"similarity: the two matrices have {X.shape[1]} and {Y.shape[1]} columns. Both must "
            "have the same items, in the same order."
        )
    steps = _STEPS[measure]
    X, Y = steps.prepare(X, Y), steps.prepare(Y, Y)
    return steps.compare(Overlap(Y, exact_kind(X, Y)).moments(X), X, Y)


def _row_means(X: sparse.csr_array) -> np.ndarray:
    return X.sum(axis=1) / np.maximum(np.diff(X.indptr), 1)


def _centered(X: sparse.csr_array, means: np.ndarray, by_column: bool = False) -> sparse.csr_array:
    """Take its row's (or column's) mean off each rating; a rating that equals it becomes 0."""
    rows = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
    mean = means[X.indices if by_column else rows]
    # A mean of equal fractions may miss them by rounding, which is no deviation.
    deviation = np.where(np.isclose(X.data, mean, rtol=1e-12, atol=0), 0, X.data - mean)
    return sparse.csr_array((deviation, X.indices, X.indptr), shape=X.shape)


def _spread(squares: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return n Σ (x − m)² = n Σ x² − (Σ x)², exactly 0 where only rounding is left of it."""
    spread = squares - total**2
    spread[spread <= 1e-12 * squares] = 0
    return spread


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide, NaN for 0 / 0; rounding must not carry a similarity beyond ±1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = above / below
    ratio[below == 0] = np.nan
    return np.clip(ratio, -1, 1, out=ratio)


# ---------------------------------------------------------------- damping


def damping_factor(overlap: ArrayLike, damping: float = 0, cap: int = 1) -> np.ndarray:
    """Weigh the evidence: the factor in [0, 1] for a similarity that rests on n co-rated items.

        n / (n + λ) · min(n, c) / c

    Koren shrinks with λ = ``damping``; Herlocker and others trust fully from c = ``cap`` on, and
    took 50. The defaults damp nothing.

    Parameters
    ----------
    overlap : numbers n of co-rated items, of any shape.
    damping : λ ≥ 0.
    cap : c ≥ 1.

    Returns
    -------
    Array of the shape of ``overlap``; 0 for no overlap.

    Raises
    ------
    ValueError
        If ``damping`` is negative or ``cap`` below 1.

    References
    ----------
    J. L. Herlocker et al. (1999), An algorithmic framework for performing collaborative filtering,
    SIGIR '99, 230–237, doi:10.1145/312624.312682. Y. Koren (2008), Factorization meets the
    neighborhood, KDD '08, 426–434, doi:10.1145/1401890.1401944.

    Examples
    --------
    >>> damping_factor([1, 25, 100], damping=25).round(3).tolist()
    [0.038, 0.5, 0.8]
    >>> damping_factor([1, 25, 100], cap=50).tolist()
    [0.02, 0.5, 1.0]
    """
    if damping < 0 or cap < 1:
        raise ValueError(
            f"damping_factor: needs damping ≥ 0 and cap ≥ 1, got damping={damping}, cap={cap}."
        )
    n = np.asarray(overlap, float)
    shrunk = np.divide(n, n + damping, out=np.zeros_like(n), where=n > 0)
    return shrunk * np.minimum(n, cap) / cap


# ---------------------------------------------------------------- all pairs


class Comparison:
    """A measure made ready to compare rows of a rating matrix with all its rows.

    Parameters
    ----------
    X : rating matrix, shape (users, items), as in `cosine`.
    measure : one of `MEASURES`.
    damping, cap : see `damping_factor`.

    Raises
    ------
    ValueError
        If the measure is unknown, and as `cosine` and `damping_factor` do.

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
        self.steps, self.damping, self.cap = _STEPS[measure], damping, cap
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
        if isinstance(self.steps, _Shared) and not self._damped:
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

    Raises
    ------
    ValueError
        As `Comparison` does.

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

    Raises
    ------
    ValueError
        If k is below 1, and as `Comparison` does.

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

    Raises
    ------
    TableError, ValueError
        As `rating_matrix` and `similarity_blocks` do, or if ``between`` is neither column.

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
