"""Similarity measures for users or items, and how to damp them.

Each measure compares the rows of X, shape (users, items), with those of Y, shape (others, items),
or with one another, and returns an array of shape (users, others). Dense matrices hold NaN where
there is no rating; in sparse ones, what is stored is a rating, even a 0. Transpose the matrices to
compare items. I_u are the items that u rated, I_uv = I_u ∩ I_v those that both rated, the co-rated
items. A similarity is NaN where its formula is 0 / 0.

The sums are products of matrices, see `helpers.similarity.ratings.Overlap`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.similarity.ratings import Overlap, as_sparse, exact_dtype


def cosine(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Cosine similarity of the co-rated items.

        s_uv = Σ r_ui r_vi / (√Σ r_ui² · √Σ r_vi²),   all sums over i ∈ I_uv

    As in the library Surprise; Breese and others (1998) define `full_cosine`. It is 1 for any two
    users with a single co-rated item: damp it, or center the ratings first.

    Examples
    --------
    Ana 5 3 ?, Ben 4 2 4: (5·4 + 3·2) / (√34 · √20), with 34 = 5² + 3² and 20 = 4² + 2².

    >>> cosine([[5, 3, np.nan], [4, 2, 4]])[0, 1].round(4)
    np.float64(0.9971)
    """
    return MEASURES["cosine"](X, Y)


def full_cosine(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Cosine similarity of all ratings, with missing ratings as 0.

        s_uv = Σ_{i∈I_uv} r_ui r_vi / (√Σ_{i∈I_u} r_ui² · √Σ_{i∈I_v} r_vi²)

    What most libraries compute. It is small for users with few co-rated items among many ratings.

    J. S. Breese, D. Heckerman and C. Kadie (1998), Empirical analysis of predictive algorithms for
    collaborative filtering, UAI '98, 43–52, doi:10.48550/arXiv.1301.7363.

    Examples
    --------
    Ana 5 3 ?, Ben 4 2 4: (5·4 + 3·2) / (√34 · √36), with 36 = 4² + 2² + 4².

    >>> full_cosine([[5, 3, np.nan], [4, 2, 4]])[0, 1].round(4)
    np.float64(0.7432)
    """
    return MEASURES["full_cosine"](X, Y)


def pearson(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Pearson correlation of the co-rated items.

        s_uv = Σ (r_ui − m_u)(r_vi − m_v) / (√Σ (r_ui − m_u)² · √Σ (r_vi − m_v)²),   i ∈ I_uv

    where m_u and m_v are means over I_uv. A strict and a generous user can correlate perfectly. It
    is ±1 for most users with two co-rated items: damp it.

    P. Resnick et al. (1994), GroupLens: an open architecture for collaborative filtering of
    netnews, CSCW '94, 175–186, doi:10.1145/192844.192905.

    Examples
    --------
    Ana 5 3 4, Ben 4 2 3: both deviate by 1, -1, 0 from their means.

    >>> pearson([[5, 3, 4], [4, 2, 3]])[0, 1].round(4)
    np.float64(1.0)
    """
    return MEASURES["pearson"](X, Y)


def own_mean_pearson(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Pearson correlation of all ratings, with missing ratings at the user's own mean r̄_u.

        s_uv = Σ_{i∈I_uv} d_ui d_vi / (√Σ_{i∈I_u} d_ui² · √Σ_{i∈I_v} d_vi²),   d_ui = r_ui − r̄_u

    It is the `full_cosine` of the centered ratings, and small for small overlaps, too.

    Examples
    --------
    Ana 5 3 ? has the mean 4, Ben 5 3 1 the mean 3: (1·2 + -1·0) / (√2 · √8) = 1/2.

    >>> own_mean_pearson([[5, 3, np.nan], [5, 3, 1]])[0, 1].round(4)
    np.float64(0.5)
    """
    return MEASURES["own_mean_pearson"](X, Y)


def adjusted_cosine(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Cosine similarity of two items' co-raters U_ij, after subtracting each user's mean r̄_u.

        s_ij = Σ d_ui d_uj / (√Σ d_ui² · √Σ d_uj²),   u ∈ U_ij,   d_ui = r_ui − r̄_u

    It is meant for items as rows, where the users are the columns: the 4 of a generous user and the
    2 of a strict one then say the same. The means are those of the columns of ``Y``.

    B. Sarwar et al. (2001), Item-based collaborative filtering recommendation algorithms, WWW '01,
    285–295, doi:10.1145/371920.372071.

    Examples
    --------
    Ana 5 3 4, Ben 4 2 ?, of means 4 and 3: lamp 1 1, vase -1 -1, which are opposites.

    >>> users = np.array([[5, 3, 4], [4, 2, np.nan]])
    >>> adjusted_cosine(users.T)[0, 1].round(4)
    np.float64(-1.0)
    """
    return MEASURES["adjusted_cosine"](X, Y)


def jaccard(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Jaccard similarity: the share of co-rated items among all items that either user rated.

        s_uv = |I_u ∩ I_v| / |I_u ∪ I_v|

    For implicit feedback such as views and purchases; the values of the ratings don't matter.

    P. Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11(2),
    37–50, doi:10.1111/j.1469-8137.1912.tb05611.x.

    Examples
    --------
    >>> jaccard([[5, 3, np.nan], [np.nan, 2, 4]])[0, 1].round(4)
    np.float64(0.3333)
    """
    return MEASURES["jaccard"](X, Y)


def mean_squared_difference(X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
    """Similarity that falls with the mean squared difference of the co-rated ratings.

        s_uv = 1 / (msd_uv + 1),   msd_uv = Σ_{i∈I_uv} (r_ui − r_vi)² / |I_uv|

    The default of the library Surprise.

    U. Shardanand and P. Maes (1995), Social information filtering: algorithms for automating "word
    of mouth", CHI '95, 210–217, doi:10.1145/223904.223931.

    Examples
    --------
    Ana 5 3 ?, Ben 4 1 4: (1² + 2²) / 2 = 2.5, and 1 / 3.5.

    >>> mean_squared_difference([[5, 3, np.nan], [4, 1, 4]])[0, 1].round(4)
    np.float64(0.2857)
    """
    return MEASURES["msd"](X, Y)


# ---------------------------------------------------------------- how they are computed

# m(p, q) = Σ_{i∈I_uv} r_ui^p r_vi^q, the moments of the co-rated items.
Moments = Callable[[int, int], np.ndarray]
Prepare = Callable[[sparse.csr_array, sparse.csr_array], sparse.csr_array]


@dataclass(frozen=True)
class Measure:
    """A measure: how to prepare the ratings (center them, or not), and a formula of their moments.

    Called with one or two rating matrices, it returns the similarities of their rows.
    """

    prepare: Prepare
    formula: Callable[..., np.ndarray]

    def __call__(self, X: ArrayLike, Y: ArrayLike | None = None) -> np.ndarray:
        """Return the similarities of the rows of X with those of Y, or with one another."""
        rows = as_sparse(X)
        others = rows if Y is None else as_sparse(Y)
        if rows.shape[1] != others.shape[1]:
            raise ValueError(
                f"similarity: the two matrices have {rows.shape[1]} and {others.shape[1]} columns. "
                "Both must have the same items, in the same order."
            )
        rows, others = self.prepare(rows, others), self.prepare(others, others)
        moments = Overlap(others, exact_dtype(rows, others)).moments(rows)
        return self.compare(moments, rows, others)

    def compare(self, m: Moments, X: sparse.csr_array, Y: sparse.csr_array) -> np.ndarray:
        """Return the similarities of prepared rows, of which the moments are known."""
        return self.formula(m)


@dataclass(frozen=True)
class ZeroFilled(Measure):
    """A measure with missing ratings as 0: a formula of m(p, p) and of the sizes of both rows.

    Rows without anything in common have the similarity 0, so the search for neighbors leaves them
    out.
    """

    power: int  # p
    size: Callable[[sparse.csr_array], np.ndarray]
    by_both_sizes: bool  # whether v's place among the nearest of u depends on m / (size_u + size_v)

    def compare(self, m: Moments, X: sparse.csr_array, Y: sparse.csr_array) -> np.ndarray:
        """Return the similarities of prepared rows, of which the moments are known."""
        return self.formula(m(self.power, self.power), self.size(X)[:, None], self.size(Y))


def _unchanged(X, Y):
    return X


def _less_row_mean(X, Y):
    return _centered(X, _row_means(X))


def _less_rounded_mean(X, Y):
    # Subtracting a constant from a row changes no correlation. A whole number keeps the sums of
    # whole ratings small and whole, so they are exact.
    return _centered(X, np.round(_row_means(X)))


def _less_column_mean(X, Y):
    return _centered(X, _row_means(Y.T.tocsr()), by_column=True)


def _cosine_of(m: Moments) -> np.ndarray:
    return _ratio(m(1, 1), np.sqrt(m(2, 0) * m(0, 2)))


def _pearson_of(m: Moments) -> np.ndarray:
    n, x, y = m(0, 0), m(1, 0), m(0, 1)
    spread = _spread(n * m(2, 0), x) * _spread(n * m(0, 2), y)
    return _ratio(n * m(1, 1) - x * y, np.sqrt(spread))


def _msd_of(m: Moments) -> np.ndarray:
    squares = m(2, 0) + m(0, 2) - 2 * m(1, 1)
    return _ratio(m(0, 0), squares + m(0, 0))


def _by_norms(product: np.ndarray, norm_u: np.ndarray, norm_v: np.ndarray) -> np.ndarray:
    return _ratio(product, norm_u * norm_v)


def _by_union(both: np.ndarray, count_u: np.ndarray, count_v: np.ndarray) -> np.ndarray:
    return _ratio(both, count_u + count_v - both)


def _norms(X):
    return np.sqrt(X.power(2).sum(axis=1))


def _counts(X):
    return np.diff(X.indptr)


# A new measure needs an entry here; if lessons call it by name, also a function above.
MEASURES = {
    "cosine": Measure(_unchanged, _cosine_of),
    "full_cosine": ZeroFilled(_unchanged, _by_norms, 1, _norms, by_both_sizes=False),
    "pearson": Measure(_less_rounded_mean, _pearson_of),
    "own_mean_pearson": ZeroFilled(_less_row_mean, _by_norms, 1, _norms, by_both_sizes=False),
    "adjusted_cosine": Measure(_less_column_mean, _cosine_of),
    "jaccard": ZeroFilled(_unchanged, _by_union, 0, _counts, by_both_sizes=True),
    "msd": Measure(_unchanged, _msd_of),
}
# Those that depend only on what both have, not on how much they liked it.
IMPLICIT_MEASURES = [
    name
    for name, measure in MEASURES.items()
    if isinstance(measure, ZeroFilled) and measure.prepare is _unchanged
]


def _row_means(X: sparse.csr_array) -> np.ndarray:
    return X.sum(axis=1) / np.maximum(np.diff(X.indptr), 1)


def _centered(X: sparse.csr_array, means: np.ndarray, by_column: bool = False) -> sparse.csr_array:
    """Subtract the mean of its row (or column) from each rating; one that equals it becomes 0."""
    rows = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
    mean = means[X.indices if by_column else rows]
    # The computed mean of equal ratings may differ from them in its last digits.
    deviation = np.where(np.isclose(X.data, mean, rtol=1e-12, atol=0), 0, X.data - mean)
    return sparse.csr_array((deviation, X.indices, X.indptr), shape=X.shape)


def _spread(squares: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return n Σ (x − m)² = n Σ x² − (Σ x)², and exactly 0 where only rounding errors are left."""
    spread = squares - total**2
    spread[spread <= 1e-12 * squares] = 0
    return spread


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide, NaN for 0 / 0; rounding errors must not push a similarity beyond ±1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = above / below
    ratio[below == 0] = np.nan
    return np.clip(ratio, -1, 1, out=ratio)


# ---------------------------------------------------------------- damping


def damping_factor(overlap: ArrayLike, damping: float = 0, cap: int = 1) -> np.ndarray:
    """Factor in [0, 1] that shrinks a similarity based on few co-rated items (shrinkage).

        n / (n + λ) · min(n, c) / c

    The first factor is Koren's, the second that of Herlocker and others. The defaults shrink
    nothing.

    Parameters
    ----------
    overlap : numbers n of co-rated items, of any shape.
    damping : λ ≥ 0.
    cap : c ≥ 1, the number of co-rated items from which on a similarity counts fully.

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
