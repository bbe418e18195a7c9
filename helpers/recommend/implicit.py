"""Matrix factorization of implicit feedback: alternating least squares with confidence weights."""

from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from helpers.recommend.base import Recommender
from helpers.recommend.least_squares import improve_rows, ridge_rows
from helpers.recommend.vectors import check_settings, cosines, dots, epochs, replaced
from helpers.similarity.ranking import best_first
from helpers.similarity.threads import one_blas_thread


class ImplicitALS(Recommender):
    """Score items from implicit feedback: all cells count, cells with feedback count more.

    r_ui says how often or how strongly user u acted on item i. It is not a rating: a user who never
    looked at an item may still like it. So the model fits the *preference* p_ui = 1 if r_ui > 0,
    else 0, in every cell of the matrix, with the *confidence* c_ui = 1 + α r_ui. It minimizes

        Σ_u Σ_i c_ui (p_ui − x_uᵀy_i)² + λ (Σ_u ‖x_u‖² + Σ_i ‖y_i‖²)

    by alternating least squares. With C_u the diagonal matrix of the confidences of user u,

        x_u = (YᵀY + Yᵀ(C_u − I)Y + λI)⁻¹ Yᵀ C_u p(u)

    and likewise for items. YᵀY is the same for all users, and C_u − I is 0 except for the items
    that the user acted on, so empty cells cost nothing. Each epoch takes two conjugate gradient
    steps toward the solution, which is faster and gets as far; at the end, the users are solved
    exactly.

    The library `implicit` writes c = α r, without the 1. An unknown user or item has the score 0,
    marked as a fallback.

    Parameters
    ----------
    factors : number of latent factors.
    regularization : λ > 0, counted once per vector. Tables with few users and items need less of
        it; if it is too high, all vectors shrink to 0.
    alpha : α > 0, the additional confidence per unit of r; an empty cell has confidence 1.
    epochs : number of passes; each improves items, then users.
    random_state : seed of the initial vectors.

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
        """Learn the factors; columns ``user_id``, ``item_id``, ``rating`` (r, 0 or more)."""
        check_settings(self, "regularization", "alpha")
        self._learn(interactions, scale=False)
        rng = np.random.default_rng(self.random_state)
        users, items = self.ratings_.shape
        x = rng.normal(0, 0.01, (users, self.factors))
        y = np.zeros((items, self.factors))
        by_user, by_item = self.ratings_, self.ratings_.T.tocsr()
        with one_blas_thread():
            for _ in epochs(self):
                y = self._solve(by_item, x, start=y)
                x = self._solve(by_user, y, start=x)
            self.item_factors_, self.user_factors_ = y, self._solve(by_user, y)
        return self

    def _solve(self, ratings, y: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
        """Return the best x of each row, given the y of the columns; or improve a start.

        With t = c p / (c − 1), the objective is xᵀ(YᵀY + λI)x, which all rows share, plus
        (c − 1) (t − xᵀy)² for each cell with feedback, plus terms without x. Factor YᵀY + λI = LLᵀ
        and substitute Lᵀx for x and L⁻¹y for y: the shared part becomes ‖x‖², and each row is a
        ridge regression over its own cells.
        """
        extra, target = self._extra(ratings), np.zeros(ratings.nnz)
        np.divide(1 + extra, extra, out=target, where=extra > 0)
        root = np.linalg.cholesky(y.T @ y + self.regularization * np.eye(self.factors))
        inverse = np.linalg.inv(root)
        features = y @ inverse.T
        if start is None:
            return ridge_rows(ratings, features, extra, target, 1.0) @ inverse
        # Steps don't need the precision of float64, and in float32 they take half the time.
        features, extra, target, start = (
            values.astype(np.float32) for values in (features, extra, target, start @ root)
        )
        return improve_rows(ratings, features, extra, target, 1.0, start, steps=2) @ inverse

    def _extra(self, ratings) -> np.ndarray:
        """Return c − 1 = α r of each cell that is stored."""
        if (ratings.data < 0).any():
            raise ValueError(
                f"ImplicitALS: ratings say how much a user did, 0 or more; {ratings.data.min():g} "
                "is negative. Net or drop returns first; for stars use MatrixFactorization."
            )
        return self.alpha * ratings.data

    def objective(self) -> float:
        """Return what `fit` minimizes: the weighted squared error of all cells, and the penalty."""
        check_is_fitted(self)
        x, y, cells = self.user_factors_, self.item_factors_, self.ratings_.tocoo()
        extra, preference = self._extra(self.ratings_), cells.data > 0
        score = dots(x, cells.row, y, cells.col)
        # The sum of all squared scores needs only two matrices of factors × factors.
        everywhere = ((x.T @ x) * (y.T @ y)).sum()
        stored = ((1 + extra) * (preference - score) ** 2 - score**2).sum()
        return float(everywhere + stored + self.regularization * ((x**2).sum() + (y**2).sum()))

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = (users >= 0) & (items >= 0)
        score = np.zeros(len(users))
        score[known] = dots(self.user_factors_, users[known], self.item_factors_, items[known])
        return score, ~known

    def _scores(self, users: np.ndarray) -> np.ndarray:
        scores = self.user_factors_[users] @ self.item_factors_.T
        scores[users < 0] = np.nan
        return scores

    def _similarities(self, item: int) -> np.ndarray:
        return cosines(self.item_factors_, item)

    def _fold_in(self, users: np.ndarray) -> None:
        solved = self._solve(self.ratings_[users], self.item_factors_)
        self.user_factors_ = replaced(self.user_factors_, len(self.users_), users, solved)

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return how much each item of the user's history contributes to the score.

            x_uᵀy_i = Σ_j s_ij c_uj,   s_ij = y_iᵀ W_u y_j,   W_u = (YᵀC_uY + λI)⁻¹

        The contributions add up to the score. So the model can be read as an item-based one, whose
        similarities s_ij differ from user to user (Hu et al. 2008, section 5).

        Parameters
        ----------
        user, item : ids of the training.

        Returns
        -------
        DataFrame; columns ``item_id`` (from the history), ``rating``, ``confidence`` (c_uj),
        ``similarity`` (s_ij), ``contribution`` (their product), largest first.
        """
        check_is_fitted(self)
        u = self._position(user, self.users_, "user")
        i = self._position(item, self.items_, "item")
        past, y = self.ratings_[[u]], self.item_factors_
        extra = self._extra(past)
        touched = y[past.indices]
        left = y.T @ y + (touched.T * extra) @ touched + self.regularization * np.eye(self.factors)
        similarity = touched @ np.linalg.solve(left, y[i])
        parts = pd.DataFrame({"item_id": self.items_[past.indices], "rating": past.data})
        parts["confidence"], parts["similarity"] = 1 + extra, similarity
        parts["contribution"] = similarity * (1 + extra) * (past.data > 0)
        return parts.iloc[best_first(parts["contribution"])].reset_index(drop=True)
