"""EASE: every item is predicted from all others, by one ridge regression in closed form."""

from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from scipy import linalg
from sklearn.utils.validation import check_is_fitted

from helpers.recommend.base import Recommender, require_counts
from helpers.similarity.ranking import best_first

MOST_ITEMS = 20_000  # whose weights take 3.2 GB


class EASE(Recommender):
    """Score items by weights that were learned for all items of a history at once.

    X is the matrix of users × items: counts, or 1, and 0 where nothing happened.
    The score of item i is a weighted sum over the user's history, x̂_ui = Σ_j x_uj B_ji. B minimizes

        ‖X − XB‖² + λ ‖B‖²,   B_ii = 0

    that is, column i is a ridge regression of item i on all other items. Without the condition,
    each item would predict itself. All columns together have the solution

        P = (XᵀX + λI)⁻¹,   B_ji = −P_ji / P_ii for j ≠ i

    A weight says what item j adds *given the other items of the history*, which no similarity of
    two items does; it may be negative. SLIM (Ning & Karypis 2011) solves the same problem with
    weights of 0 or more, most of them 0, column by column.

    Learning takes about (items)³ operations and (items)² numbers, whatever the number of users. An
    unknown user or item has the score 0, marked as a fallback.

    Parameters
    ----------
    regularization : λ > 0. It shrinks the weights toward 0; more users need more of it.

    Attributes
    ----------
    weights_ : array of B, shape (items, items): row j, what the history says; column i, about what.

    Raises
    ------
    ValueError
        If there are more than 20,000 items; the message says what to do.

    References
    ----------
    H. Steck (2019), Embarrassingly shallow autoencoders for sparse data, WWW '19, 3251–3257,
    doi:10.1145/3308558.3313710. X. Ning & G. Karypis (2011), SLIM: sparse linear methods for top-N
    recommender systems, ICDM 2011, 497–506, doi:10.1109/ICDM.2011.134.

    Examples
    --------
    Both buyers of a bulb have the lamp, one of the lamp's three has no bulb. With λ = 1, a lamp
    says 2 / (3 + 1) about a bulb, and a bulb 2 / (2 + 1) about a lamp.

    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Ben", "Cem"],
    ...                        "item_id": ["lamp", "bulb", "lamp", "bulb", "lamp"], "rating": 1})
    >>> model = EASE(regularization=1).fit(bought)
    >>> pd.DataFrame(model.weights_, model.items_, model.items_.rename(None)).round(3)
             bulb   lamp
    item_id
    bulb      0.0  0.667
    lamp      0.5  0.000
    >>> model.recommend(["Cem"])
      user_id item_id  score  rank
    0     Cem    bulb    0.5     1
    """

    def __init__(self, regularization: float = 100.0):
        self.regularization = regularization

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Learn the weights; columns ``user_id``, ``item_id``, ``rating`` (above 0)."""
        if not self.regularization > 0:
            raise ValueError(f"regularization is a number above 0; got {self.regularization}.")
        self._learn(interactions, scale=False)
        require_counts(interactions)
        n = len(self.items_)
        if n > MOST_ITEMS:
            raise ValueError(
                f"EASE: {n:,} items have {n:,}² weights, {8 * n**2 / 1e9:,.0f} GB; it takes at "
                f"most {MOST_ITEMS:,} items. Leave out items with few users, or use ItemKNN."
            )
        # The inverse overwrites G, which must be in column-major order for that. It is symmetric,
        # so its transpose is the same matrix in row-major order.
        G = (self.ratings_.T @ self.ratings_).toarray(order="F")
        np.fill_diagonal(G, G.diagonal() + self.regularization)
        P = linalg.inv(G, overwrite_a=True, assume_a="pos", check_finite=False).T
        P /= -P.diagonal().copy()  # divides column i by −P_ii
        self.weights_ = P
        np.fill_diagonal(self.weights_, 0)
        return self

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = (users >= 0) & (items >= 0)
        past = self.ratings_[users[known]].tocoo()
        votes = past.data * self.weights_[past.col, items[known][past.row]]
        score = np.zeros(len(users))
        score[known] = np.bincount(past.row, votes, minlength=np.count_nonzero(known))
        return score, ~known

    def _scores(self, users: np.ndarray) -> np.ndarray:
        scores = self.ratings_[users] @ self.weights_
        scores[users < 0] = np.nan
        return scores

    def _similarities(self, item: int) -> np.ndarray:
        return self.weights_[item]

    def _fold_in(self, users: np.ndarray) -> None:
        """Keep the weights; only the histories have changed."""

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return what each item of the history adds to the score, x_uj B_ji.

        Parameters
        ----------
        user, item : ids of the training.

        Returns
        -------
        DataFrame; columns ``item_id`` (from the history), ``rating`` (x_uj), ``weight`` (B_ji),
        ``contribution`` (their product), largest first. The contributions add up to the score.
        """
        check_is_fitted(self)
        past = self.ratings_[[self._position(user, self.users_, "user")]]
        weight = self.weights_[past.indices, self._position(item, self.items_, "item")]
        items = self.items_[past.indices]
        parts = pd.DataFrame({"item_id": items, "rating": past.data, "weight": weight})
        parts["contribution"] = parts["rating"] * parts["weight"]
        return parts.iloc[best_first(parts["contribution"])].reset_index(drop=True)
