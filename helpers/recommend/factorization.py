"""Matrix factorization of ratings: users and items as vectors of latent factors.

The model describes a user by a vector p_u and an item by a vector q_i of the same few factors; the
dot product says how well they match. If the vectors of one side are fixed, each vector of the other
side is the solution of a ridge regression (`least_squares`).
"""

from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from helpers.recommend.base import Recommender
from helpers.recommend.least_squares import ridge_rows
from helpers.recommend.vectors import check_bounded, check_settings, cosines, dots, epochs, replaced


class MatrixFactorization(Recommender):
    """Predict a rating from the mean, two biases, and the dot product of two factor vectors.

        r̂_ui = μ + b_u + b_i + q_iᵀ p_u

    μ is the mean of all ratings. Biases and factors minimize the squared error plus L2
    regularization:

        Σ_ui (r_ui − r̂_ui)² + Σ_u λ_u (b_u² + ‖p_u‖²) + Σ_i λ_i (b_i² + ‖q_i‖²)

    λ can be counted once per rating or once per vector, and the two need very different values:

    - ``per="rating"``: λ_u = λ |I_u| and λ_i = λ |U_i|, as in Zhou et al. (2008) and Koren et al.
      (2009). Shrinkage does not depend on the number of ratings, so an item with a single rating is
      hardly shrunk. Its prediction can be extreme, which puts such items on top of lists.
    - ``per="vector"``: λ_u = λ_i = λ, as in a ridge regression. The fewer ratings a user or an item
      has, the more it is shrunk toward 0, that is, toward the mean.

    There are two solvers:

    - ``solver="als"``, alternating least squares: fix the users and solve for each item, then fix
      the items and solve for each user: (b_u, p_u) = (QᵀQ + λ_u I)⁻¹ Qᵀ (r_u − μ − b_i), where the
      rows of Q are the (1, q_i) of the items that u rated. The objective never increases.
    - ``solver="sgd"``, stochastic gradient descent: for each rating, with e = r_ui − r̂_ui,

          b += γ (e − λ b),   p_u += γ (e q_i − λ p_u),   q_i += γ (e p_u − λ q_i)

      with the p_u from before the step. Each step shrinks, so λ counts per rating. SGD needs more
      epochs than ALS; stopping early keeps the vectors small, as λ does.

    An unknown user or item has no factors and the bias 0; the prediction is marked as a fallback.

    Parameters
    ----------
    factors : number of latent factors.
    regularization : λ > 0. More for fewer or noisier ratings.
    epochs : number of passes over all ratings.
    solver : "als" or "sgd".
    learning_rate : γ, for "sgd" only.
    random_state : seed of the initial vectors and of the order of the ratings.
    per : "rating" or "vector", what λ is counted for; "vector" for "als" only.

    Attributes
    ----------
    mean_ : μ. user_bias_, item_bias_ : arrays of b_u and b_i, in the order of ``users_``,
        ``items_``.
    user_factors_, item_factors_ : arrays of p_u and q_i, one row each. A rotation of both leaves
        all predictions unchanged, so a single factor has no meaning of its own.

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
        factors: int = 16,
        regularization: float = 0.15,
        epochs: int = 5,
        solver: str = "als",
        learning_rate: float = 0.01,
        random_state: int = 0,
        per: str = "rating",
    ):
        self.factors = factors
        self.regularization = regularization
        self.epochs = epochs
        self.solver = solver
        self.learning_rate = learning_rate
        self.random_state = random_state
        self.per = per

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Learn biases and factors; columns ``user_id``, ``item_id``, ``rating``."""
        check_settings(self, "regularization", "learning_rate")
        if self.solver not in ("als", "sgd"):
            raise ValueError(f'solver is "als" or "sgd"; got {self.solver!r}.')
        if self.per not in ("rating", "vector"):
            raise ValueError(f'per is "rating" or "vector"; got {self.per!r}.')
        if self.per == "vector" and self.solver == "sgd":
            raise ValueError('per="vector" needs solver="als": each step of "sgd" shrinks.')
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
        for _ in epochs(self):
            user_side = self.user_bias_, self.user_factors_
            self.item_bias_, self.item_factors_ = self._solve(by_item, *user_side)
            item_side = self.item_bias_, self.item_factors_
            self.user_bias_, self.user_factors_ = self._solve(self.ratings_, *item_side)

    def _solve(self, ratings, bias: np.ndarray, factors: np.ndarray) -> tuple:
        """Return the best bias and factors of each row, given those of the columns."""
        features = np.column_stack([np.ones(len(bias)), factors])
        target = ratings.data - self.mean_ - bias[ratings.indices]
        both = ridge_rows(ratings, features, np.ones_like(target), target, self._ridge(ratings))
        return both[:, 0], both[:, 1:]

    def _ridge(self, ratings) -> np.ndarray:
        """Return the λ of each row."""
        count = np.diff(ratings.indptr)
        return self.regularization * (count if self.per == "rating" else np.ones(len(count)))

    @np.errstate(over="ignore", invalid="ignore")  # check_bounded reports it
    def _descend(self, rng: np.random.Generator) -> None:
        cells = self.ratings_.tocoo()
        rounds = independent_rounds(cells.row, cells.col, rng)
        for _ in epochs(self):
            for n in rng.permutation(len(rounds)):
                part = rounds[n]
                self._step(cells.row[part], cells.col[part], cells.data[part])
            check_bounded(self)

    def _step(self, u: np.ndarray, i: np.ndarray, ratings: np.ndarray) -> None:
        """Take a gradient step for ratings in which no user and no item occurs twice."""
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
        """Return what `fit` minimizes, on the training ratings: squared error and penalty."""
        check_is_fitted(self)
        cells = self.ratings_.tocoo()
        error = cells.data - self._raw(cells.row, cells.col)
        size_u = self.user_bias_**2 + (self.user_factors_**2).sum(axis=1)
        size_i = self.item_bias_**2 + (self.item_factors_**2).sum(axis=1)
        penalty = self._ridge(self.ratings_) @ size_u
        penalty += self._ridge(self.ratings_.T.tocsr()) @ size_i
        return float((error**2).sum() + penalty)

    def _raw(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Predict for known users and items."""
        bias = self.user_bias_[users] + self.item_bias_[items]
        return self.mean_ + bias + dots(self.user_factors_, users, self.item_factors_, items)

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
        return cosines(self.item_factors_, item)

    def _fold_in(self, users: np.ndarray) -> None:
        solved = self._solve(self.ratings_[users], self.item_bias_, self.item_factors_)
        self.user_bias_ = replaced(self.user_bias_, len(self.users_), users, solved[0])
        self.user_factors_ = replaced(self.user_factors_, len(self.users_), users, solved[1])

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the parts of a prediction; their ``contribution`` adds up to it.

        Parameters
        ----------
        user, item : ids; unknown ones contribute 0.

        Returns
        -------
        DataFrame; columns ``part`` (the mean, the two biases, and each factor), ``user`` and
        ``item`` (the two numbers that a factor multiplies, else NaN), ``contribution`` (stars).
        If the sum leaves the rating scale, a last row "kept to the scale" corrects it.
        """
        check_is_fitted(self)
        u, i = self.users_.get_indexer([user])[0], self.items_.get_indexer([item])[0]
        unknown = 0.0, np.zeros(self.factors)
        b_u, p = (self.user_bias_[u], self.user_factors_[u]) if u >= 0 else unknown
        b_i, q = (self.item_bias_[i], self.item_factors_[i]) if i >= 0 else unknown
        biases = pd.DataFrame({"part": ["mean of all ratings", f"user {user}", f"item {item}"]})
        biases = biases.assign(user=np.nan, item=np.nan, contribution=[self.mean_, b_u, b_i])
        names = [f"factor {n}" for n in range(1, self.factors + 1)]
        factors = pd.DataFrame({"part": names, "user": p, "item": q, "contribution": p * q})
        return self._kept_to_scale(pd.concat([biases, factors], ignore_index=True))


def independent_rounds(
    users: np.ndarray, items: np.ndarray, rng: np.random.Generator
) -> list[np.ndarray]:
    """Split ratings into rounds in which no user and no item occurs twice.

    A step of stochastic gradient descent changes the numbers of one user and one item only. So the
    steps of a round do not interact: taking them at once or one by one gives the same result.

    Parameters
    ----------
    users, items : the user and the item of each rating.
    rng : shuffles the ratings first.

    Returns
    -------
    List of arrays of positions; together they hold each position once.

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
