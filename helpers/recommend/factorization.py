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

from helpers.recommend.base import Recommender
from helpers.recommend.least_squares import ridge_rows
from helpers.recommend.vectors import check_settings, cosines, dots, epochs, replaced


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
        """Learn biases and factors; columns ``user_id``, ``item_id``, ``rating``."""
        check_settings(self, "regularization", "learning_rate")
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
        for _ in epochs(self):
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
        for _ in epochs(self):
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
