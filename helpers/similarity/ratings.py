"""The rating matrix, and sums over the items that two of its rows have both rated.

A table of ratings becomes a sparse matrix of users × items: what is stored is a rating, even a 0;
what is not stored is missing. `Overlap` computes sums over the co-rated items of many pairs of
users at once, from which similarities are computed. The transposed matrix gives those of items.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from helpers.data import checks, problems, schema
from helpers.data.ids import factorize

DENSE = 0.1  # columns that more than this share of the rows has rated are multiplied as dense


@dataclass(frozen=True)
class RatingMatrix:
    """A sparse matrix of ratings with its labels; ``.T`` swaps users and items."""

    ratings: sparse.csr_array  # stored cells are the ratings, zeros among them
    rows: pd.Index
    columns: pd.Index

    @property
    def T(self) -> "RatingMatrix":  # noqa: N802 - as in NumPy
        """The same ratings with rows and columns swapped."""
        return RatingMatrix(self.ratings.T.tocsr(), self.columns, self.rows)

    def table(self) -> pd.DataFrame:
        """Return all cells, NaN where there is no rating; for small matrices."""
        dense = np.full(self.ratings.shape, np.nan)
        cells = self.ratings.tocoo()
        dense[cells.row, cells.col] = cells.data
        return pd.DataFrame(dense, index=self.rows, columns=self.columns)


def rating_matrix(ratings: pd.DataFrame) -> RatingMatrix:
    """Turn a table of ratings into a sparse users × items matrix.

    Parameters
    ----------
    ratings : DataFrame, one row per rating; columns ``user_id``, ``item_id``, ``rating`` (number).

    Returns
    -------
    RatingMatrix, shape (users, items), both sorted. A rating of 0 is a rating, not a missing one.

    Examples
    --------
    >>> ratings = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"],
    ...                         "item_id": ["lamp", "vase", "vase"], "rating": [5, 0, 2]})
    >>> rating_matrix(ratings).table()
    item_id  lamp  vase
    user_id
    Ana       5.0   0.0
    Ben       NaN   2.0
    """
    checks.require(ratings, user_id="key", item_id="key", rating="number")
    user, users = factorize(ratings["user_id"])
    item, items = factorize(ratings["item_id"])
    again = pd.Series(user * len(items) + item).duplicated().to_numpy()
    if again.any():
        name, rows = schema.name_of(ratings), ratings.index[again]
        what = "repeats the (user_id, item_id) of an earlier row"
        fix = f'Keep the last: {name}.drop_duplicates(["user_id", "item_id"], keep="last").'
        raise problems.TableError([problems.Failure(name, "", what, rows, len(ratings), None, fix)])
    values = ratings["rating"].to_numpy(float)
    matrix = sparse.csr_array((values, (user, item)), shape=(len(users), len(items)))
    return RatingMatrix(matrix, users.rename("user_id"), items.rename("item_id"))


def as_sparse(X: ArrayLike) -> sparse.csr_array:
    """Return a matrix, dense with NaN for missing or sparse, as a sparse one of float.

    Examples
    --------
    >>> as_sparse([[5, np.nan], [0, 3]]).nnz
    3
    """
    if sparse.issparse(X):
        matrix = sparse.csr_array(X, dtype=float)
    else:
        cells = np.asarray(X, float)
        if cells.ndim != 2:
            raise ValueError(
                f"similarity: needs a matrix of users × items, got shape {cells.shape}."
            )
        rated = np.nonzero(~np.isnan(cells))
        matrix = sparse.csr_array((cells[rated], rated), shape=cells.shape)
    if not np.isfinite(matrix.data).all():
        raise ValueError(
            "similarity: a rating is infinite, or a sparse matrix stores a NaN. Mark a missing "
            "rating with NaN in a dense matrix; leave it out of a sparse one."
        )
    return matrix


class Overlap:
    """Sums over the columns that two rows have both rated, for all pairs of rows.

    With I_uv for the columns that row u of X and row v of Y both have, the moments of a pair are

        m_pq = Σ_{i∈I_uv} r_ui^p r_vi^q

    m_00 counts the columns, m_11 sums the products, m_20 the squares of u. Each is a product of two
    matrices, X^p (Y^q)ᵀ, of powers of the stored cells. Columns that many rows have rated are
    multiplied as dense matrices, and the others as sparse ones, because that is faster.

    Parameters
    ----------
    Y : csr_array, shape (others, columns); it is prepared once for many X.
    dtype : type of number to calculate with, see `exact_dtype`.

    Examples
    --------
    Ana rated 5 3 ?, Ben 4 2 4: they share two columns, and 5·4 + 3·2 = 26.

    >>> both = as_sparse([[5, 3, np.nan], [4, 2, 4]])
    >>> moment = Overlap(both).moments(both)
    >>> moment(0, 0).tolist(), moment(1, 1).tolist()
    ([[2.0, 2.0], [2.0, 3.0]], [[34.0, 26.0], [26.0, 36.0]])
    """

    def __init__(self, Y: sparse.csr_array, dtype: type = np.float64):
        self.dtype = dtype
        self.dense = np.bincount(Y.indices, minlength=Y.shape[1]) > DENSE * Y.shape[0]
        self.parts = self._split(Y)
        self.transposed: dict[int, tuple[np.ndarray, sparse.csr_array]] = {}

    def moments(self, X: sparse.csr_array) -> Callable[[int, int], np.ndarray]:
        """Return the moments of X, a function of p and q; its arrays have shape (rows, others)."""
        dense, thin = self._split(X)

        @functools.cache
        def moment(p: int, q: int) -> np.ndarray:
            dense_y, thin_y = self._transpose(q)
            return (powered(thin, p) @ thin_y + powered(dense, p).toarray() @ dense_y).astype(float)

        return moment

    def _split(self, X: sparse.csr_array) -> tuple[sparse.csr_array, sparse.csr_array]:
        X = X.astype(self.dtype)
        return X[:, self.dense], X[:, ~self.dense]

    def _transpose(self, q: int) -> tuple[np.ndarray, sparse.csr_array]:
        """Return both parts of (Y^q)ᵀ, which all batches of rows need."""
        if q not in self.transposed:
            dense, thin = self.parts
            self.transposed[q] = powered(dense, q).toarray().T, powered(thin, q).T.tocsr()
        return self.transposed[q]


def powered(X: sparse.csr_array, p: int) -> sparse.csr_array:
    """Raise the stored cells to a power; 0⁰ = 1, because a 0 is a rating.

    Examples
    --------
    >>> powered(as_sparse([[5, np.nan]]), 2).toarray().tolist()
    [[25.0, 0.0]]
    """
    return sparse.csr_array((X.data**p, X.indices, X.indptr), shape=X.shape)


def exact_dtype(*matrices: sparse.csr_array) -> type:
    """Return the shortest float type in which the moments up to p + q = 2 are exact.

    That is float32, twice as fast, for whole and half stars: it counts quarters up to 2²⁴.

    Examples
    --------
    >>> exact_dtype(as_sparse([[4.5, 3]])).__name__, exact_dtype(as_sparse([[4.1, 3]])).__name__
    ('float32', 'float64')
    """
    for X in matrices:
        halves, columns = 2 * X.data, np.diff(X.indptr).max(initial=0)
        largest = np.abs(halves).max(initial=2)
        if (halves % 1).any() or largest**2 * columns >= 2**24:
            return np.float64
    return np.float32
