"""New items: what their content says about ratings that nobody has given yet."""

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge

from helpers.recommend.factorization import MatrixFactorization


class NewItems:
    """Predict the ratings of each item as if it were new, from its content.

    Items are cut into folds. For each fold a matrix factorization learns from the ratings of the
    other, warm items only. A new item i has no factors and no bias there; both are predicted from
    its content x_i by ridge regressions on the warm items (attribute-to-feature mapping):

        r̂_ui = μ + b_u + p_u · q̄  +  p_u · W (x_i − x̄)  +  w · (x_i − x̄)
                  start                  taste               quality

    with q̄ and x̄ the means of factors and content. Someone who rated new items only has b_u = 0
    and p_u = 0.

    Parameters
    ----------
    ratings : DataFrame; columns ``user_id``, ``item_id``, ``rating``.
    fold : Series, item_id → number of its fold; all items of ``ratings``, sorted.
    factors, regularization, epochs : of the matrix factorization (λ per vector).

    Attributes
    ----------
    beyond : rating minus start, one for each row of ``ratings``: what content has to explain.
    item_id, fold : the item of each row, and its fold.

    References
    ----------
    Z. Gantner et al. (2010), Learning attribute-to-feature mappings for cold-start
    recommendations, ICDM 2010, doi:10.1109/ICDM.2010.129

    Examples
    --------
    >>> ratings = pd.DataFrame({"user_id": ["Ana", "Ben"] * 2, "rating": [5, 4, 3, 2],
    ...                         "item_id": ["lamp", "lamp", "vase", "vase"]})
    >>> new = NewItems(ratings, pd.Series({"lamp": 0, "vase": 1}), regularization=1e9)
    >>> new.beyond.round(1).tolist()  # the other item's mean is 2.5, or 4.5; so large a λ leaves 0
    [2.5, 1.5, -1.5, -2.5]
    """

    def __init__(
        self,
        ratings: pd.DataFrame,
        fold: pd.Series,
        *,
        factors: int = 8,
        regularization: float = 8.0,
        epochs: int = 10,
    ) -> None:
        self._row = fold.index.get_indexer(ratings["item_id"])
        if (self._row < 0).any():
            item = ratings["item_id"].iloc[self._row.argmin()]
            raise ValueError(f"fold has no entry for item {item}, which ratings have.")
        self.item_id = ratings["item_id"].to_numpy()
        self.fold = fold.to_numpy()[self._row]
        self.beyond = np.empty(len(ratings))
        self._tastes, self._warm = np.empty((len(ratings), factors)), {}
        for k in np.unique(self.fold):
            new = self.fold == k
            warm = MatrixFactorization(factors, regularization, epochs, per="vector")
            warm.fit(ratings[~new])
            user = pd.Index(warm.users_).get_indexer(ratings["user_id"][new])
            known = user >= 0
            self._tastes[new] = warm.user_factors_[user] * known[:, None]
            start = warm.mean_ + warm.user_bias_[user] * known
            start += self._tastes[new] @ warm.item_factors_.mean(axis=0)
            self.beyond[new] = ratings["rating"].to_numpy()[new] - start
            self._warm[k] = (
                fold.index.get_indexer(warm.items_),
                warm.item_factors_ - warm.item_factors_.mean(axis=0),
                warm.item_bias_ - warm.item_bias_.mean(),
            )

    def taste(self, content: np.ndarray, strength: float = 1) -> np.ndarray:
        """Predict from content *who* likes the items: p_u · W (x_i − x̄), for each rating.

        ``content`` has one row per item, in the order of ``fold``. It is centered and scaled to a
        mean squared length of 1, so that one ``strength`` of regularization suits all kinds.
        """
        found = np.empty(len(self.beyond))
        for k, (warm, factors, _) in self._warm.items():
            new = self.fold == k
            mapped = _mapped(content, warm, factors, strength)[self._row[new]]
            found[new] = (self._tastes[new] * mapped).sum(axis=1)
        return found

    def quality(self, content: np.ndarray, strength: float = 1) -> np.ndarray:
        """Predict from content *how good* the items are: w · (x_i − x̄), for each rating."""
        found = np.empty(len(self.beyond))
        for k, (warm, _, biases) in self._warm.items():
            new = self.fold == k
            found[new] = _mapped(content, warm, biases, strength)[self._row[new]]
        return found


def _mapped(content: np.ndarray, warm: np.ndarray, target: np.ndarray, strength: float):
    """Regress a target of the warm items on their content, and predict it for all items."""
    x = np.asarray(content, float)
    x = x - x.mean(axis=0)
    x /= np.sqrt((x**2).sum(axis=1).mean())
    return Ridge(strength).fit(x[warm], target).predict(x)
