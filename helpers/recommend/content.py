"""Content-based filtering: recommend items by their features in the catalog.

Collaborative filtering compares items by who rated them, so an item without ratings is similar to
no other. Here items are compared by what the catalog says of them: words, category, brand, price.
"""

from collections.abc import Hashable, Mapping
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.recommend.base import Recommender, require_counts, require_feedback
from helpers.recommend.baselines import Baseline
from helpers.recommend.item_features import item_features
from helpers.similarity.ranking import NOISE, best_first

PAIRS = 20_000  # pairs of user and item that are predicted at once


class ContentBased(Recommender):
    """Recommend items whose features are similar to those of items the user liked.

    With features x_j of length 1, the similarity of two items is s_ij = x_i · x_j ≥ 0. For ratings,
    the deviations of a user's ratings from the baseline b_uj = μ + b_u + b_j are averaged over all
    items the user rated, weighted by similarity:

        r̂_ui = b_ui + Σ_j s_ij (r_uj − b_uj) / (λ + Σ_j s_ij),   j ∈ I_u∖{i}

    This is item-based filtering with similarities that need no ratings: a cold item, without any
    rating, has b_i = 0 and is predicted like any other. λ shrinks the prediction toward b_ui if the
    user has rated few similar items. The sum over items equals one over features, x_i · p_u, with
    the user profile p_u = Σ_j (r_uj − b_uj) x_j; words of disliked items are negative in it.

    For implicit feedback the profile is p_u = Σ_j r_uj x_j, with counts r_uj, and the score is the
    cosine of profile and item, p_u · x_i / |p_u|.

    The model knows the whole catalog and recommends from it. It falls back on the baseline (on 0
    for implicit feedback) for unknown users and items, and for an item that has no feature in
    common with any item the user rated.

    Parameters
    ----------
    items : DataFrame, the catalog, as `item_features` takes it.
    weights : weights of the groups of features, as there.
    damping : λ, 0 or more; for ratings.
    feedback : "explicit" for ratings, "implicit" for counts.

    Attributes
    ----------
    features_ : ItemFeatures of the catalog; ``items_`` are its items, rated or not.
    profiles_ : csr_array of shape (users, features), the p_u.
    baseline_ : the Baseline of b_ui; not for implicit feedback.

    References
    ----------
    M. Pazzani & D. Billsus (2007), Content-based recommendation systems, in The Adaptive Web,
    doi:10.1007/978-3-540-72079-9_10

    Examples
    --------
    >>> items = pd.DataFrame({"item_id": ["bowl", "mug", "tent", "wok"],
    ...                       "category": ["Kitchen", "Kitchen", "Camping", "Kitchen"]})
    >>> bought = pd.DataFrame({"user_id": "Ana", "item_id": ["bowl", "tent"], "rating": [2, 1]})
    >>> model = ContentBased(items, {"category": 1}, feedback="implicit").fit(bought)
    >>> model.recommend(["Ana"]).round(3)  # 2 / √(2² + 1²); nobody has bought mug or wok
      user_id item_id  score  rank
    0     Ana     mug  0.894     1
    1     Ana     wok  0.894     2
    """

    def __init__(
        self,
        items: pd.DataFrame,
        weights: Mapping[str, float] | None = None,
        damping: float = 2,
        feedback: str = "explicit",
    ):
        self.items = items
        self.weights = weights
        self.damping = damping
        self.feedback = feedback

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Compute the user profiles; columns ``user_id``, ``item_id``, ``rating``."""
        if self.damping < 0:
            raise ValueError(f"ContentBased: damping is 0 or more; got {self.damping}.")
        require_feedback(self)
        self.features_ = item_features(self.items, self.weights)
        self._learn(interactions, scale=not self._implicit)
        if not self._implicit:
            self.baseline_ = self._about_catalog(Baseline().fit(interactions))
        self._make_profiles()
        return self

    @property
    def _implicit(self) -> bool:
        return self.feedback == "implicit"

    def _learn(self, interactions: pd.DataFrame, *, scale: bool = True) -> None:
        super()._learn(interactions, scale=scale)
        catalog = self.features_.items
        checks.require_same_ids(interactions, {"item_id": catalog}, "item_id")
        unlisted = ~interactions["item_id"].isin(catalog)
        mend = "Add them to `items`, or drop these rows."
        what = "names items that the catalog does not have"
        checks.refuse_rows(interactions, ("item_id", unlisted, what, mend))
        if self._implicit:
            require_counts(interactions)
        rated = self.ratings_.tocoo()
        cells = rated.data, (rated.row, catalog.get_indexer(self.items_)[rated.col])
        self.ratings_ = sparse.csr_array(cells, shape=(len(self.users_), len(catalog)))
        self.items_ = catalog

    def _about_catalog(self, baseline: Baseline) -> Baseline:
        """Extend a baseline to the whole catalog: an item without ratings has the bias 0."""
        bias = pd.Series(baseline.item_bias_, baseline.items_).reindex(self.items_, fill_value=0)
        baseline.items_, baseline.item_bias_ = self.items_, bias.to_numpy()
        baseline.ratings_ = self.ratings_
        return baseline

    def _make_profiles(self) -> None:
        self._beyond, self._rated = self.ratings_.copy(), self.ratings_.copy()
        self._rated.data[:] = 1
        if not self._implicit:
            user = np.repeat(np.arange(len(self.users_)), np.diff(self.ratings_.indptr))
            self._beyond.data -= self.baseline_._predict(user, self.ratings_.indices)[0]
        self.profiles_ = self._beyond @ self.features_.matrix
        self._sums = self._rated @ self.features_.matrix  # times x_i, this is Σ_j s_ij
        self.profiles_.sort_indices()  # single cells are found faster
        self._sums.sort_indices()
        self._lengths = np.sqrt(self.profiles_.power(2).sum(axis=1))

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        liking = np.full(len(users), np.nan)
        known = np.flatnonzero((users >= 0) & (items >= 0))
        for start in range(0, len(known), PAIRS):
            part = known[start : start + PAIRS]
            u, i = users[part], items[part]
            products = (self._products(table, u, i) for table in (self.profiles_, self._sums))
            own = (cells[u, i] for cells in (self._beyond, self._rated))
            liking[part] = self._liking(*products, self._lengths[u], *own)
        base = 0 if self._implicit else self.baseline_._predict(users, items)[0]
        fallback = np.isnan(liking)
        return base + np.where(fallback, 0, liking), fallback

    def _scores(self, users: np.ndarray) -> np.ndarray:
        x = self.features_.matrix.T.tocsr()
        above, total = ((part[users] @ x).toarray() for part in (self.profiles_, self._sums))
        own = (cells[users].toarray() for cells in (self._beyond, self._rated))
        liking = self._liking(above, total, self._lengths[users][:, None], *own)
        base = 0 if self._implicit else self.baseline_._scores(users)
        return np.where(users[:, None] < 0, np.nan, base + liking)

    def _products(self, table: sparse.csr_array, users: np.ndarray, items: np.ndarray):
        """Return x_i · row u of the table for each pair, from the features of the item only."""
        x = self.features_.matrix[items]
        row = np.repeat(users, np.diff(x.indptr))
        x.data *= table[row, x.indices]
        return x.sum(axis=1)

    def _liking(self, above, total, length, own_beyond, own_rated) -> np.ndarray:
        """Return what is added to the baseline, NaN where there is no similar item.

        ``above`` is x_i · p_u and ``total`` is Σ_j s_ij; ``own_beyond`` and ``own_rated`` are the
        terms with j = i in them (s_ii = 1), taken off because a rating must not predict itself.
        """
        if self._implicit:
            return _ratio(above, np.where(total > 0, length, 0))
        total = total - own_rated
        return _ratio(above - own_beyond, np.where(total > NOISE, self.damping + total, 0))

    def _similarities(self, item: int) -> np.ndarray:
        similarity = (self.features_.matrix @ self.features_.matrix[[item]].T).toarray().ravel()
        return np.where(similarity > 0, similarity, np.nan)

    def _fold_in(self, users: np.ndarray) -> None:
        if not self._implicit:
            self.baseline_ = self.baseline_.with_ratings_of(self, users)
        self._make_profiles()

    def explain(self, user: Hashable, item: Hashable, by: str = "feature") -> pd.DataFrame:
        """Return the parts of a prediction; their ``contribution`` adds up to it.

        Parameters
        ----------
        user, item : ids of the training and of the catalog.
        by : "feature" for the features of the item: words, category, brand, price; "item" for the
            items that the user rated.

        Returns
        -------
        DataFrame; columns ``part`` (those of the baseline, then feature names or item ids, the
        largest contribution first) and ``contribution`` (stars; cosine for implicit feedback). By
        item also ``similarity`` and ``rating``. If the sum leaves the rating scale, a last row
        "kept to the scale" corrects it.
        """
        check_is_fitted(self)
        if by not in ("feature", "item"):
            raise ValueError(f'by is "feature" or "item"; got {by!r}.')
        u = self._position(user, self.users_, "user")
        i = self._position(item, self.items_, "item")
        rated = self.ratings_[[u]].indices
        if not self._implicit:
            rated = rated[rated != i]  # a rating does not predict itself
        x, history = self.features_.matrix[[i]], self.features_.matrix[rated]
        beyond = self._beyond[[u]].toarray()[0, rated]
        similarity = (history @ x.T).toarray().ravel()
        divisor = self._lengths[u] if self._implicit else self.damping + similarity.sum()
        if by == "feature":
            above = x.toarray()[0] * (beyond @ history)
            parts = pd.DataFrame({"part": self.features_.names})
        else:
            above = similarity * beyond
            ratings = self.ratings_[[u]].toarray()[0, rated]
            parts = pd.DataFrame(
                {"part": self.items_[rated], "similarity": similarity, "rating": ratings}
            )
        parts["contribution"] = above / (divisor or 1)
        parts = parts[above != 0]
        parts = parts.iloc[best_first(parts["contribution"].abs())]
        if not self._implicit:
            base = self.baseline_
            head = {
                "part": ["mean of all ratings", f"user {user}", f"item {item}"],
                "contribution": [base.mean_, base.user_bias_[u], base.item_bias_[i]],
            }
            parts = pd.concat([pd.DataFrame(head), parts])
        return self._kept_to_scale(parts.reset_index(drop=True))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; NaN where the divisor is 0."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
