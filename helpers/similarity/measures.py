"""Seven measures of how alike two users' ratings are, or two items', and how to damp them.

Every measure takes the rating matrix R with users as rows and compares rows; transposed, it
compares items. Two forms of R will do:

- dense: numbers, with NaN where nobody rated;
- sparse (scipy): what is stored was rated, even if it is 0; what is not stored was not.

Nothing here loops over users: the sums over co-rated items I_uv = I_u ∩ I_v that the formulas are
made of are products of matrices, see `helpers.similarity.Overlap`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.similarity.ratings import Overlap, as_sparse, exact_kind


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
class CoRated:
    """A measure of co-rated items alone, a formula of several moments."""

    prepare: Prepare
    formula: Callable[[Moments], np.ndarray]

    def compare(self, m: Moments, X: sparse.csr_array, Y: sparse.csr_array) -> np.ndarray:
        """Return the similarities of the rows of X with those of Y."""
        return self.formula(m)


@dataclass(frozen=True)
class Shared:
    """A measure that is 0 where nothing is shared: of one moment m(p, p) and the sizes of both."""

    prepare: Prepare
    power: int
    size: Callable[[sparse.csr_array], np.ndarray]
    formula: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    rank: Callable[[sparse.csr_array, np.ndarray, np.ndarray], np.ndarray]  # orders each row alike

    def compare(self, m: Moments, X: sparse.csr_array, Y: sparse.csr_array) -> np.ndarray:
        """Return the similarities of the rows of X with those of Y."""
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


STEPS = {
    "cosine": CoRated(_as_it_is, _cosine_of),
    "full_cosine": Shared(_as_it_is, 1, _norms, _by_norms, _rank_by_norm),
    "pearson": CoRated(_less_whole_mean, _pearson_of),
    "own_mean_pearson": Shared(_less_own_mean, 1, _norms, _by_norms, _rank_by_norm),
    "adjusted_cosine": CoRated(_less_column_mean, _cosine_of),
    "jaccard": Shared(_as_it_is, 0, _counts, _by_union, _rank_by_sum),
    "msd": CoRated(_as_it_is, _msd_of),
}


def _compare(measure: str, X: ArrayLike, Y: ArrayLike | None) -> np.ndarray:
    X = as_sparse(X)
    Y = X if Y is None else as_sparse(Y)
    if X.shape[1] != Y.shape[1]:
        raise ValueError(
            f"similarity: the two matrices have {X.shape[1]} and {Y.shape[1]} columns. Both must "
            "have the same items, in the same order."
        )
    steps = STEPS[measure]
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
