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
from helpers.recommend.base import CELLS, Recommender, require_counts, require_feedback
from helpers.recommend.baselines import Baseline
from helpers.recommend.item_features import item_features
from helpers.recommend.least_squares import ridge_rows
from helpers.similarity.ranking import NOISE, best_first
from helpers.similarity.rows import batches

PAIRS = 20_000  # pairs of user and item that are predicted at once


class ContentBased(Recommender):
    """Recommend items whose features are similar to those of items the user liked.

    Each item has features x_i of length 1. For ratings, the profile p_u of a user is a ridge
    regression of the deviations from the baseline b_uj = μ + b_u + b_j on the features:

        minimize Σ_j (r_uj − b_uj − x_j · p_u)² + λ ‖p_u‖²,   j ∈ I_u

        r̂_ui = b_ui + x_i · p_u

    A cold item, without any rating, has b_i = 0 and is predicted like any other. The profile is
    also a sum over the rated items, p_u = Σ_j a_uj x_j with a_uj = (r_uj − b_uj − x_j · p_u) / λ.
    The prediction of an item that the user has rated is fitted to this rating, so it says nothing
    about the error on new ones.

    For implicit feedback the profile is p_u = Σ_j r_uj x_j, with counts r_uj, and the score is the
    cosine of profile and item, x_i · p_u / |p_u|.

    The model knows the whole catalog and recommends from it. It falls back on the baseline (on 0
    for implicit feedback) for unknown users and items, and for an item that has no feature in
    common with any item the user rated.

    Parameters
    ----------
    items : DataFrame, the catalog, as `item_features` takes it.
    weights : weights of the groups of features, as there.
    regularization : λ, above 0; for ratings.
    feedback : "explicit" for ratings, "implicit" for counts.

    Attributes
    ----------
    features_ : ItemFeatures of the catalog; ``items_`` are its items, rated or not.
    profiles_ : csr_array of shape (users, features), the p_u.
    baseline_ : the Baseline of b_ui; not for implicit feedback.

    References
    ----------
    M. Pazzani & D. Billsus (2007), Content-based recommendation systems, in The Adaptive Web,
    doi:10.1007/978-3-540-72079-9_10; the profile by ridge regression is one of many choices.

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
        regularization: float = 3,
        feedback: str = "explicit",
    ):
        self.items = items
        self.weights = weights
        self.regularization = regularization
        self.feedback = feedback

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Compute the user profiles; columns ``user_id``, ``item_id``, ``rating``."""
        if self.regularization <= 0:
            raise ValueError(f"ContentBased: regularization is above 0; got {self.regularization}.")
        require_feedback(self)
        self.features_ = item_features(self.items, self.weights)
        self._learn(interactions, scale=not self._implicit)
        if not self._implicit:
            self.baseline_ = self._about_catalog(Baseline().fit(interactions))
        self._keep(*self._profiles(np.arange(len(self.users_))))
        return self

    @property
    def _implicit(self) -> bool:
        return self.feedback == "implicit"

    def _learn(self, interactions: pd.DataFrame, *, scale: bool = True) -> None:
        super()._learn(interactions, scale=scale)
        catalog = self.features_.items
        checks.require_same_ids(interactions, {"item_id": catalog}, "item_id")
        unlisted = ~interactions["item_id"].isin(catalog)
        fix = "Add them to `items`, or drop these rows."
        what = "names items that the catalog does not have"
        checks.refuse_rows(interactions, ("item_id", unlisted, what, fix))
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

    def _profiles(self, users: np.ndarray) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Return p_u of some users, and the sum of x_j over the items that each has rated."""
        x, ratings = self.features_.matrix, self.ratings_[users]
        rated = ratings.copy()
        rated.data = np.ones(ratings.nnz)
        if self._implicit:
            profiles = ratings @ x
        else:
            dense = x.toarray()
            parts = batches(users, CELLS // x.shape[1])  # a dense table of all profiles is large
            profiles = sparse.vstack([self._ridge(part, dense) for part in parts], format="csr")
        shared = rated @ x
        profiles.sort_indices()  # makes the lookup of single cells faster
        shared.sort_indices()
        return profiles, shared

    def _ridge(self, users: np.ndarray, features: np.ndarray) -> sparse.csr_array:
        ratings = self.ratings_[users]
        weights, beyond = np.ones(ratings.nnz), self._beyond(users, ratings)
        return sparse.csr_array(ridge_rows(ratings, features, weights, beyond, self.regularization))

    def _beyond(self, users: np.ndarray, ratings: sparse.csr_array) -> np.ndarray:
        """Return r_uj − b_uj of each rating of some users."""
        user = np.repeat(users, np.diff(ratings.indptr))
        return ratings.data - self.baseline_._predict(user, ratings.indices)[0]

    def _keep(self, profiles: sparse.csr_array, shared: sparse.csr_array) -> None:
        self.profiles_ = profiles
        self._shared = shared  # times x_i, this is above 0 if u has rated a similar item
        length = np.sqrt(profiles.power(2).sum(axis=1))
        self._divisor = length if self._implicit else np.ones(len(self.users_))

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        liking = np.full(len(users), np.nan)
        known = np.flatnonzero((users >= 0) & (items >= 0))
        for start in range(0, len(known), PAIRS):
            part = known[start : start + PAIRS]
            u, i = users[part], items[part]
            product, shared = (self._products(x, u, i) for x in (self.profiles_, self._shared))
            liking[part] = _ratio(product, shared, self._divisor[u])
        base = 0 if self._implicit else self.baseline_._predict(users, items)[0]
        fallback = np.isnan(liking)
        return base + np.where(fallback, 0, liking), fallback

    def _scores(self, users: np.ndarray) -> np.ndarray:
        x = self.features_.matrix.T.tocsr()
        product, shared = ((p[users] @ x).toarray() for p in (self.profiles_, self._shared))
        liking = _ratio(product, shared, self._divisor[users][:, None])
        base = 0 if self._implicit else self.baseline_._scores(users)
        return np.where(users[:, None] < 0, np.nan, base + liking)

    def _products(self, table: sparse.csr_array, users: np.ndarray, items: np.ndarray):
        """Return x_i · row u of the table for each pair, from the features of the item only."""
        x = self.features_.matrix[items]
        row = np.repeat(users, np.diff(x.indptr))
        x.data *= table[row, x.indices]
        return x.sum(axis=1)

    def _similarities(self, item: int) -> np.ndarray:
        similarity = (self.features_.matrix @ self.features_.matrix[[item]].T).toarray().ravel()
        return np.where(similarity > 0, similarity, np.nan)

    def _weights(self, user: int, ratings: sparse.csr_array, rated: sparse.csr_array) -> np.ndarray:
        """Return the weights of a user's rated items, whose sum of weight times x_j is p_u."""
        if self._implicit:
            return ratings.data
        gram = (rated @ rated.T).toarray() + self.regularization * np.eye(ratings.nnz)
        return np.linalg.solve(gram, self._beyond(np.array([user]), ratings))

    def _fold_in(self, users: np.ndarray) -> None:
        if not self._implicit:
            self.baseline_ = self.baseline_.with_ratings_of(self, users)
        place, old = np.arange(len(self.users_)), (self.profiles_, self._shared)
        place[users] = old[0].shape[0] + np.arange(len(users))  # after the old rows
        new = self._profiles(users)
        both = (sparse.vstack(tables, format="csr") for tables in zip(old, new, strict=True))
        self._keep(*(table[place] for table in both))

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
        x = self.features_.matrix[[i]]
        if by == "feature":
            products = (x * self.profiles_[[u]]).toarray()[0]
            parts = pd.DataFrame({"part": self.features_.names})
        else:
            ratings = self.ratings_[[u]]
            rated = self.features_.matrix[ratings.indices]
            similarity = (rated @ x.T).toarray().ravel()
            products = similarity * self._weights(u, ratings, rated)
            items = self.items_[ratings.indices]
            parts = pd.DataFrame({"part": items, "similarity": similarity, "rating": ratings.data})
        parts["contribution"] = products / (self._divisor[u] or 1)
        parts = parts[products != 0]
        parts = parts.iloc[best_first(parts["contribution"].abs())]
        if not self._implicit:
            base = self.baseline_
            head = {
                "part": ["mean of all ratings", f"user {user}", f"item {item}"],
                "contribution": [base.mean_, base.user_bias_[u], base.item_bias_[i]],
            }
            parts = pd.concat([pd.DataFrame(head), parts])
        return self._kept_to_scale(parts.reset_index(drop=True))


def _ratio(product: np.ndarray, shared: np.ndarray, divisor: np.ndarray) -> np.ndarray:
    """Divide; NaN where nothing is shared with an item that the user rated."""
    product, divisor = np.broadcast_arrays(product, divisor)
    nothing = np.full(product.shape, np.nan)
    return np.divide(product, divisor, out=nothing, where=(shared > NOISE) & (divisor > 0))
