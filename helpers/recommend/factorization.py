"""Matrix factorization: users and items as vectors, from stars or from what users did.

Both models describe a user by a vector p_u and an item by a vector q_i of the same few factors. How
much the user likes the item is their dot product. The vectors are all there is to learn, and when
those of one side are held fast, those of the other are plain ridge regressions (`least_squares`).
"""

from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted
from tqdm import tqdm

from helpers.data import schema
from helpers.recommend.base import Recommender
from helpers.recommend.least_squares import improve_rows, ridge_rows
from helpers.similarity.threads import one_blas_thread

PAIRS = 100_000  # whose vectors are gathered at once


class MatrixFactorization(Recommender):
    """Predict a rating from the mean, two biases, and how well the user's and item's factors agree.

        r̂_ui = μ + b_u + b_i + q_iᵀ p_u

    μ is the mean of all ratings. The rest makes the sum over all ratings least:

        Σ [(r_ui − r̂_ui)² + λ (b_u² + b_i² + ‖p_u‖² + ‖q_i‖²)]

    - ``solver="als"``, alternating least squares: hold the users fast and solve for each item, then
      the other way round. Since λ stands in the sum once for each rating, it is weighted with their
      number: (b_u, p_u) = (QᵀQ + λ |I_u| I)⁻¹ Qᵀ (r_u − μ − b_i), where the rows of Q are the
      (1, q_i) of the items that u rated. The sum never rises.
    - ``solver="sgd"``, stochastic gradient descent: for each rating, with e = r_ui − r̂_ui,

          b += γ (e − λ b),   p_u += γ (e q_i − λ p_u),   q_i += γ (e p_u − λ q_i)

      with the p_u of before the step. It takes smaller steps, so it needs more epochs, and stopping
      early keeps vectors small as λ does.

    An unknown user or item has no factors and the bias 0; the prediction is marked as a fallback.

    Parameters
    ----------
    factors : length of the vectors.
    regularization : λ > 0. Higher for fewer or noisier ratings. Whoever has few is held back by
        little in all: before `fold_in` with n ratings, ``set_params(regularization=4 / n)`` makes
        it 4, however small n.
    epochs : how often all ratings are gone through.
    solver : "als" or "sgd".
    learning_rate : γ, for "sgd" only.
    random_state : seed of the first vectors and of the order of the ratings.

    Attributes
    ----------
    mean_ : μ. user_bias_, item_bias_ : arrays of b_u and b_i, in the order of ``users_``,
        ``items_``.
    user_factors_, item_factors_ : arrays of p_u and q_i, one row each. Turned together by any
        rotation they predict the same: a single factor need not mean anything.

    References
    ----------
    Y. Koren, R. Bell & C. Volinsky (2009), Matrix factorization techniques for recommender systems,
    Computer 42(8), doi:10.1109/MC.2009.263. Y. Zhou, D. Wilkinson, R. Schreiber & R. Pan (2008),
    Large-scale parallel collaborative filtering for the Netflix prize, AAIM 2008,
    doi:10.1007/978-3-540-68880-8_32

    Examples
    --------
    >>> ratings = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Ben"],
    ...                         "item_id": ["lamp", "vase"] * 2, "rating": [5, 1, 1, 5]})
    >>> model = MatrixFactorization(factors=1, regularization=0.01).fit(ratings)
    >>> model.predict(ratings)["prediction"].round(1).tolist()
    [5.0, 1.0, 1.0, 5.0]
    """

    def __init__(
        self,
        factors: int = 32,
        regularization: float = 0.2,
        epochs: int = 10,
        solver: str = "als",
        learning_rate: float = 0.01,
        random_state: int = 0,
    ):
        self.factors = factors
        self.regularization = regularization
        self.epochs = epochs
        self.solver = solver
        self.learning_rate = learning_rate
        self.random_state = random_state

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Learn biases and factors; columns ``user_id``, ``item_id``, ``rating``.

        Raises
        ------
        TableError, ValueError
            If the table is not what `rating_matrix` takes, or a parameter is out of range.
        """
        _check(self, "regularization", "learning_rate")
        if self.solver not in ("als", "sgd"):
            raise ValueError(f'solver is "als" or "sgd"; got {self.solver!r}.')
        self._learn(interactions)
        rng = np.random.default_rng(self.random_state)
        self.mean_ = self.ratings_.data.mean()
        users, items = self.ratings_.shape
        self.user_bias_, self.item_bias_ = np.zeros(users), np.zeros(items)
        self.user_factors_ = rng.normal(0, 0.1, (users, self.factors))
        self.item_factors_ = rng.normal(0, 0.1, (items, self.factors))
        if self.solver == "als":
            self._alternate()
        else:
            self._descend(rng)
        return self

    def _alternate(self) -> None:
        by_item = self.ratings_.T.tocsr()
        for _ in _epochs(self):
            user_side = self.user_bias_, self.user_factors_
            self.item_bias_, self.item_factors_ = self._solve(by_item, *user_side)
            item_side = self.item_bias_, self.item_factors_
            self.user_bias_, self.user_factors_ = self._solve(self.ratings_, *item_side)

    def _solve(self, ratings, bias: np.ndarray, factors: np.ndarray) -> tuple:
        """Return bias and factors of each row that are best for these of the columns."""
        features = np.column_stack([np.ones(len(bias)), factors])
        target = ratings.data - self.mean_ - bias[ratings.indices]
        ridge = self.regularization * np.diff(ratings.indptr)
        both = ridge_rows(ratings, features, np.ones_like(target), target, ridge)
        return both[:, 0], both[:, 1:]

    def _descend(self, rng: np.random.Generator) -> None:
        cells = self.ratings_.tocoo()
        rounds = independent_rounds(cells.row, cells.col, rng)
        for _ in _epochs(self):
            for n in rng.permutation(len(rounds)):
                part = rounds[n]
                self._step(cells.row[part], cells.col[part], cells.data[part])

    def _step(self, u: np.ndarray, i: np.ndarray, ratings: np.ndarray) -> None:
        """Step down the gradient at ratings among which no user and no item comes twice."""
        p, q = self.user_factors_[u], self.item_factors_[i]
        b_u, b_i = self.user_bias_[u], self.item_bias_[i]
        error = ratings - (self.mean_ + b_u + b_i + np.vecdot(p, q))
        rate, decay = self.learning_rate, 1 - self.learning_rate * self.regularization
        self.user_bias_[u] = decay * b_u + rate * error
        self.item_bias_[i] = decay * b_i + rate * error
        error = rate * error[:, None]
        self.user_factors_[u] = decay * p + error * q
        self.item_factors_[i] = decay * q + error * p

    def objective(self) -> float:
        """Return the sum over all ratings of the training that `fit` makes small."""
        check_is_fitted(self)
        cells = self.ratings_.tocoo()
        error = cells.data - self._raw(cells.row, cells.col)
        size_u = self.user_bias_**2 + (self.user_factors_**2).sum(axis=1)
        size_i = self.item_bias_**2 + (self.item_factors_**2).sum(axis=1)
        size = size_u[cells.row] + size_i[cells.col]
        return float((error**2 + self.regularization * size).sum())

    def _raw(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Predict for known users and items."""
        bias = self.user_bias_[users] + self.item_bias_[items]
        return self.mean_ + bias + _dots(self.user_factors_, users, self.item_factors_, items)

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = (users >= 0) & (items >= 0)
        prediction = np.where(users < 0, 0, self.user_bias_[users]) + self.mean_
        prediction += np.where(items < 0, 0, self.item_bias_[items])
        prediction[known] = self._raw(users[known], items[known])
        return prediction, ~known

    def _scores(self, users: np.ndarray) -> np.ndarray:
        scores = self.user_factors_[users] @ self.item_factors_.T
        scores += self.mean_ + np.add.outer(self.user_bias_[users], self.item_bias_)
        scores[users < 0] = np.nan
        return scores

    def _similarities(self, item: int) -> np.ndarray:
        return _cosines(self.item_factors_, item)

    def _fold_in(self, users: np.ndarray) -> None:
        solved = self._solve(self.ratings_[users], self.item_bias_, self.item_factors_)
        self.user_bias_ = _replaced(self.user_bias_, len(self.users_), users, solved[0])
        self.user_factors_ = _replaced(self.user_factors_, len(self.users_), users, solved[1])

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the parts of a prediction, whose ``contribution`` sums to it.

        Parameters
        ----------
        user, item : ids; unknown ones contribute 0.

        Returns
        -------
        DataFrame; columns ``part`` (the mean, the two biases, and each factor), ``user`` and
        ``item`` (the two numbers whose product a factor contributes, else NaN), ``contribution``
        (stars). A last row "kept to the scale" is there where the sum would leave it.
        """
        check_is_fitted(self)
        u, i = self.users_.get_indexer([user])[0], self.items_.get_indexer([item])[0]
        p = self.user_factors_[u] if u >= 0 else np.zeros(self.factors)
        q = self.item_factors_[i] if i >= 0 else np.zeros(self.factors)
        biases = pd.DataFrame(
            {
                "part": ["mean of all ratings", f"user {user}", f"item {item}"],
                "user": np.nan,
                "item": np.nan,
                "contribution": [
                    self.mean_,
                    self.user_bias_[u] if u >= 0 else 0.0,
                    self.item_bias_[i] if i >= 0 else 0.0,
                ],
            }
        )
        names = [f"factor {n}" for n in range(1, self.factors + 1)]
        factors = pd.DataFrame({"part": names, "user": p, "item": q, "contribution": p * q})
        return self._kept_to_scale(pd.concat([biases, factors], ignore_index=True))


class ImplicitALS(Recommender):
    """Score items from what users did: all items count, those touched with more confidence.

    r_ui says how often or how strongly a user acted on an item. It is no rating: who never looked
    at an item may still like it. So the model fits the *preference* p_ui = 1 if r_ui > 0, else 0,
    in every cell of the matrix, with the *confidence* c_ui = 1 + α r_ui. It makes least

        Σ_u Σ_i c_ui (p_ui − x_uᵀy_i)² + λ (Σ_u ‖x_u‖² + Σ_i ‖y_i‖²)

    by alternating least squares: with C_u the diagonal matrix of c_u,

        x_u = (YᵀY + Yᵀ(C_u − I)Y + λI)⁻¹ Yᵀ C_u p(u)

    and items likewise. YᵀY is the same for all users, and C_u − I is 0 but for what the user
    touched, so the empty cells cost nothing. The epochs take two conjugate gradient steps toward
    each solution, which gets as far in less time; at the end, the users are solved exactly.

    The library `implicit` writes c = α r, without the 1. An unknown user or item has the score 0,
    marked as a fallback.

    Parameters
    ----------
    factors : length of the vectors.
    regularization : λ > 0. It is not weighted with the number of cells, so tables of few users and
        items need less of it: where it is too high, all vectors shrink to 0.
    alpha : α > 0, how much more one unit of r says than an empty cell.
    epochs : how often items and users are improved in turn.
    random_state : seed of the first vectors.

    Attributes
    ----------
    user_factors_, item_factors_ : arrays of x_u and y_i, in the order of ``users_``, ``items_``.

    References
    ----------
    Y. Hu, Y. Koren & C. Volinsky (2008), Collaborative filtering for implicit feedback datasets,
    ICDM 2008, doi:10.1109/ICDM.2008.22

    Examples
    --------
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Cem", "Cem", "Dee"],
    ...     "item_id": ["tea", "cup", "tea", "oil", "pan", "oil"], "rating": [1, 1, 1, 1, 1, 1]})
    >>> model = ImplicitALS(factors=2, regularization=0.1).fit(bought)
    >>> model.recommend(["Ben", "Dee"], k=1)["item_id"].tolist()
    ['cup', 'pan']
    """

    def __init__(
        self,
        factors: int = 8,
        regularization: float = 10.0,
        alpha: float = 1.0,
        epochs: int = 10,
        random_state: int = 0,
    ):
        self.factors = factors
        self.regularization = regularization
        self.alpha = alpha
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Learn the factors; columns ``user_id``, ``item_id``, ``rating`` (how much, 0 or more).

        Raises
        ------
        TableError, ValueError
            If the table is not what `rating_matrix` takes, a rating is negative, or a parameter is
            out of range.
        """
        _check(self, "regularization", "alpha")
        self._learn(interactions, scale=False)
        rng = np.random.default_rng(self.random_state)
        users, items = self.ratings_.shape
        x = rng.normal(0, 0.01, (users, self.factors))
        y = np.zeros((items, self.factors))
        by_user, by_item = self.ratings_, self.ratings_.T.tocsr()
        with one_blas_thread():
            for _ in _epochs(self):
                y = self._solve(by_item, x, start=y)
                x = self._solve(by_user, y, start=x)
            self.item_factors_, self.user_factors_ = y, self._solve(by_user, y)
        return self

    def _solve(self, ratings, y: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
        """Return the best x of each row, given the y of the columns; with a start, come closer.

        With t = c p / (c − 1), the sum to be made least is xᵀ(YᵀY + λI)x, which all rows have in
        common, plus (c − 1) (t − xᵀy)² for each touched cell, plus what does not depend on x. Where
        YᵀY + λI = LLᵀ, put Lᵀx for x and L⁻¹y for y: the common part becomes ‖x‖², and each row
        is a ridge regression over what it has touched.
        """
        extra, target = self._extra(ratings), np.zeros(ratings.nnz)
        np.divide(1 + extra, extra, out=target, where=extra > 0)
        root = np.linalg.cholesky(y.T @ y + self.regularization * np.eye(self.factors))
        inverse = np.linalg.inv(root)
        features = y @ inverse.T
        if start is None:
            return ridge_rows(ratings, features, extra, target, 1.0) @ inverse
        # Steps need no more digits than float32 has, and take half the time.
        features, extra, target, start = (
            values.astype(np.float32) for values in (features, extra, target, start @ root)
        )
        return improve_rows(ratings, features, extra, target, 1.0, start) @ inverse

    def _extra(self, ratings) -> np.ndarray:
        """Return c − 1 = α r of each cell that is stored."""
        if (ratings.data < 0).any():
            raise ValueError(
                f"ImplicitALS: ratings say how much a user did, 0 or more; {ratings.data.min():g} "
                "is negative. Net or drop returns first; for stars there is MatrixFactorization."
            )
        return self.alpha * ratings.data

    def objective(self) -> float:
        """Return the sum over all cells that `fit` makes small."""
        check_is_fitted(self)
        x, y, cells = self.user_factors_, self.item_factors_, self.ratings_.tocoo()
        extra, preference = self._extra(self.ratings_), cells.data > 0
        score = _dots(x, cells.row, y, cells.col)
        # The squares of all scores need no more than two matrices of factors × factors.
        everywhere = ((x.T @ x) * (y.T @ y)).sum()
        stored = ((1 + extra) * (preference - score) ** 2 - score**2).sum()
        return float(everywhere + stored + self.regularization * ((x**2).sum() + (y**2).sum()))

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = (users >= 0) & (items >= 0)
        score = np.zeros(len(users))
        score[known] = _dots(self.user_factors_, users[known], self.item_factors_, items[known])
        return score, ~known

    def _scores(self, users: np.ndarray) -> np.ndarray:
        scores = self.user_factors_[users] @ self.item_factors_.T
        scores[users < 0] = np.nan
        return scores

    def _similarities(self, item: int) -> np.ndarray:
        return _cosines(self.item_factors_, item)

    def _fold_in(self, users: np.ndarray) -> None:
        solved = self._solve(self.ratings_[users], self.item_factors_)
        self.user_factors_ = _replaced(self.user_factors_, len(self.users_), users, solved)

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return what each item of the user's past contributes to the score; the sum is the score.

            x_uᵀy_i = Σ_j s_ij c_uj,   s_ij = y_iᵀ W_u y_j,   W_u = (YᵀC_uY + λI)⁻¹

        So the model is one of items and their neighbors, with a similarity that each user has for
        themselves (Hu et al. 2008, section 5).

        Parameters
        ----------
        user, item : ids of the training.

        Returns
        -------
        DataFrame; columns ``item_id`` (what the user has), ``rating``, ``confidence`` (c_uj),
        ``similarity`` (s_ij), ``contribution`` (their product), largest first.

        Raises
        ------
        ValueError, NotFittedError
            If the user or the item is unknown.
        """
        check_is_fitted(self)
        u = self._position(user, self.users_, "user")
        i = self._position(item, self.items_, "item")
        past, y = self.ratings_[[u]], self.item_factors_
        extra = self._extra(past)
        touched = y[past.indices]
        left = y.T @ y + (touched.T * extra) @ touched + self.regularization * np.eye(self.factors)
        similarity = touched @ np.linalg.solve(left, y[i])
        parts = pd.DataFrame(
            {
                "item_id": self.items_[past.indices],
                "rating": past.data,
                "confidence": 1 + extra,
                "similarity": similarity,
                "contribution": similarity * (1 + extra) * (past.data > 0),
            }
        )
        return parts.sort_values("contribution", ascending=False, ignore_index=True)


# ---------------------------------------------------------------- what both use


def independent_rounds(
    users: np.ndarray, items: np.ndarray, rng: np.random.Generator
) -> list[np.ndarray]:
    """Cut ratings into rounds in which no user and no item comes twice.

    A step of gradient descent changes what belongs to one user and one item. So the steps of a
    round do not see one another: taken at once or one by one, they come to the same.

    Parameters
    ----------
    users, items : of each rating.
    rng : shuffles the ratings before they are dealt out.

    Returns
    -------
    List of arrays of positions, which together hold each position once.

    References
    ----------
    R. Gemulla, E. Nijkamp, P. J. Haas & Y. Sismanis (2011), Large-scale matrix factorization with
    distributed stochastic gradient descent, KDD '11, doi:10.1145/2020408.2020426

    Examples
    --------
    Ana rated lamp and vase, Ben rated lamp.

    >>> users, items = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> [part.tolist() for part in independent_rounds(users, items, np.random.default_rng(0))]
    [[2], [0], [1]]
    """
    order = rng.permutation(len(users))
    deal = pd.DataFrame({"user": users[order], "item": items[order]})
    deal["turn"] = deal.groupby("user").cumcount()  # the n-th of each user,
    deal["again"] = deal.groupby(["turn", "item"]).cumcount()  # and among those, of each item
    return [order[rows] for rows in deal.groupby(["turn", "again"]).indices.values()]


def _check(model: Recommender, *positive: str) -> None:
    schema.require_whole("factors", model.factors)
    schema.require_whole("epochs", model.epochs)
    for name in positive:
        if not getattr(model, name) > 0:
            raise ValueError(f"{name} is a number above 0; got {getattr(model, name)}.")


def _epochs(model: Recommender) -> tqdm:
    """Count epochs, with a progress bar if they take long."""
    return tqdm(range(model.epochs), type(model).__name__, unit="epoch", delay=10, leave=False)


def _dots(x: np.ndarray, rows: np.ndarray, y: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return x_uᵀy_i of each pair (u, i)."""
    parts = [slice(start, start + PAIRS) for start in range(0, len(rows), PAIRS)]
    dots = [np.vecdot(x[rows[part]], y[columns[part]]) for part in parts]
    return np.concatenate(dots) if dots else np.zeros(0)


def _cosines(vectors: np.ndarray, row: int) -> np.ndarray:
    """Return the cosine of one vector with each, NaN for a vector of zeros."""
    norms = np.linalg.norm(vectors, axis=1)
    with np.errstate(invalid="ignore"):
        return vectors @ vectors[row] / (norms * norms[row])


def _replaced(values: np.ndarray, size: int, where: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return a copy, lengthened to a size, with some rows replaced."""
    longer = np.zeros((size, *values.shape[1:]))
    longer[: len(values)] = values
    longer[where] = by
    return longer
