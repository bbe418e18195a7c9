"""What every recommender has to beat: popular items, random ones, and the mean with biases."""

import copy
from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.recommend.base import Recommender


class Popularity(Recommender):
    """Recommend to everybody what most users have.

    The score of an item is |U_i|, the number of users who rated (bought, viewed) it, whatever the
    rating. With ``days`` only the last days count, since what is popular changes: tune them, for a
    rival that knows the time must be compared with a popularity that knows it, too.

    Parameters
    ----------
    days : how many days before the end of the interactions count; by default all.
    time : name of the datetime column.

    References
    ----------
    P. Cremonesi, Y. Koren & R. Turrin (2010), Performance of recommender algorithms on top-N
    recommendation tasks, RecSys '10, doi:10.1145/1864708.1864721

    Examples
    --------
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ben", "Ben"],
    ...                        "item_id": ["lamp", "lamp", "vase"], "rating": 1})
    >>> Popularity().fit(bought).recommend(["Ana", "somebody new"], k=1)
            user_id item_id  score  rank
    0           Ana    vase    1.0     1
    1  somebody new    lamp    2.0     1
    """

    def __init__(self, days: float | None = None, time: str = "rated_at"):
        self.days = days
        self.time = time

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Count the users of each item; columns ``user_id``, ``item_id``, ``rating``."""
        self._learn(interactions, scale=False)
        recent = interactions
        if self.days is not None:
            checks.require(interactions, **{self.time: "datetime"})
            if not self.days > 0:  # NaN is refused, too
                raise ValueError(f"Popularity: needs days above 0; got {self}.")
            start = interactions[self.time].max() - pd.Timedelta(days=self.days)
            recent = interactions[interactions[self.time] > start]
        count = recent["item_id"].value_counts()
        self.popularity_ = count.reindex(self.items_, fill_value=0).to_numpy()
        return self

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        unknown = items < 0
        return np.where(unknown, 0, self.popularity_[items]).astype(float), unknown

    def _scores(self, users: np.ndarray) -> np.ndarray:
        return np.tile(self.popularity_, (len(users), 1))

    def _fold_in(self, users: np.ndarray) -> None:
        """Items stay as popular as they were; only what is seen has changed."""


class Random(Recommender):
    """Recommend items at random: what a list is worth without knowing anything.

    Parameters
    ----------
    random_state : seed. A user gets the same list no matter who else gets one; users whom the
        training does not have get one list, the same for all of them.

    Examples
    --------
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ben"], "item_id": ["lamp", "vase"], "rating": 1})
    >>> Random().fit(bought).recommend(["Ana"])["item_id"].tolist()  # all that Ana doesn't have
    ['vase']
    """

    def __init__(self, random_state: int = 0):
        self.random_state = random_state

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Keep the users and the items; columns ``user_id``, ``item_id``, ``rating``."""
        self._learn(interactions, scale=False)
        return self

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked, row = np.unique(users, return_inverse=True)
        return np.where(items < 0, 0, self._scores(asked)[row, items]), items < 0

    def _scores(self, users: np.ndarray) -> np.ndarray:
        # A stream of random numbers per user, so that a list doesn't depend on who else gets one.
        streams = (np.random.default_rng([self.random_state, user + 1]) for user in users)
        return np.array([stream.random(len(self.items_)) for stream in streams])

    def _fold_in(self, users: np.ndarray) -> None:
        """Nothing is learned from ratings; only what is seen has changed."""


class Baseline(Recommender):
    """Predict a rating from how generous the user is and how well liked the item.

        r̂_ui = μ + b_u + b_i

    μ is the mean of all ratings. The biases are found in turn, ``epochs`` times, from 0:

        b_i = Σ_{u∈U_i} (r_ui − μ − b_u) / (λ_i + |U_i|)
        b_u = Σ_{i∈I_u} (r_ui − μ − b_i) / (λ_u + |I_u|)

    λ shrinks a bias that rests on few ratings toward 0. Scheme and defaults are those of the
    library Surprise; Koren (2010) describes a single pass. An unknown user or item has the bias 0,
    and the prediction is marked as a fallback.

    Parameters
    ----------
    item_damping, user_damping : λ_i and λ_u, at least 0.
    epochs : how often the two are found in turn, at least 1.

    Attributes
    ----------
    mean_ : μ. user_bias_, item_bias_ : arrays of b_u and b_i, in the order of ``users_``,
        ``items_``.

    References
    ----------
    Y. Koren (2010), Factor in the neighbors: scalable and accurate collaborative filtering, ACM
    TKDD 4(1), doi:10.1145/1644873.1644874

    Examples
    --------
    >>> ratings = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"],
    ...                         "item_id": ["lamp", "vase", "lamp"], "rating": [5, 3, 4]})
    >>> model = Baseline(item_damping=0, user_damping=1).fit(ratings)
    >>> model.predict(pd.DataFrame({"user_id": ["Ben", "new"], "item_id": "lamp"})).round(2)
      user_id item_id  prediction  fallback
    0     Ben    lamp        4.25     False
    1     new    lamp        4.50      True
    """

    def __init__(self, item_damping: float = 10, user_damping: float = 15, epochs: int = 10):
        self.item_damping = item_damping
        self.user_damping = user_damping
        self.epochs = epochs

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Find the mean and the biases; columns ``user_id``, ``item_id``, ``rating``."""
        checks.require_whole("epochs", self.epochs)
        if not (self.item_damping >= 0 and self.user_damping >= 0):  # NaN is refused, too
            raise ValueError(f"Baseline: needs dampings of 0 or more; got {self}.")
        self._learn(interactions)
        self.mean_ = self.ratings_.data.mean()
        self.user_bias_ = np.zeros(len(self.users_))
        by_item = self.ratings_.T.tocsr()
        for _ in range(self.epochs):
            self.item_bias_ = self._bias(by_item, self.user_bias_, self.item_damping)
            self.user_bias_ = self._bias(self.ratings_, self.item_bias_, self.user_damping)
        return self

    def _bias(self, ratings, other_bias: np.ndarray, damping: float) -> np.ndarray:
        """Return the bias of each row, given those of the columns."""
        count = np.diff(ratings.indptr)
        row = np.repeat(np.arange(len(count)), count)
        left = ratings.data - self.mean_ - other_bias[ratings.indices]
        return np.bincount(row, left, minlength=len(count)) / (damping + count)

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        user_bias = np.where(users < 0, 0, self.user_bias_[users])
        item_bias = np.where(items < 0, 0, self.item_bias_[items])
        return self.mean_ + user_bias + item_bias, (users < 0) | (items < 0)

    def _scores(self, users: np.ndarray) -> np.ndarray:
        user_bias = np.where(users < 0, 0, self.user_bias_[users])
        return self.mean_ + np.add.outer(user_bias, self.item_bias_)

    def with_ratings_of(self, model: Recommender, users: np.ndarray) -> Self:
        """Return a copy that knows the ratings of a model, of which those of ``users`` are new."""
        baseline = copy.copy(self)
        baseline.users_, baseline.ratings_ = model.users_, model.ratings_
        baseline._fold_in(users)
        return baseline

    def _fold_in(self, users: np.ndarray) -> None:
        bias = self._bias(self.ratings_[users], self.item_bias_, self.user_damping)
        self.user_bias_ = np.concatenate(
            [self.user_bias_, np.zeros(len(self.users_) - len(self.user_bias_))]
        )
        self.user_bias_[users] = bias

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the parts of a prediction, whose ``contribution`` sums to it.

        Parameters
        ----------
        user, item : ids; unknown ones contribute 0.

        Returns
        -------
        DataFrame; columns ``part``, ``ratings`` (how many it rests on), ``contribution`` (stars). A
        last row "kept to the scale" is there where the sum would leave it.
        """
        check_is_fitted(self)
        u, i = self.users_.get_indexer([user])[0], self.items_.get_indexer([item])[0]
        parts = pd.DataFrame(
            {
                "part": ["mean of all ratings", f"user {user}", f"item {item}"],
                "ratings": [
                    self.ratings_.nnz,
                    (self.ratings_[[u]].nnz if u >= 0 else 0),
                    (self.ratings_[:, [i]].nnz if i >= 0 else 0),
                ],
                "contribution": [
                    self.mean_,
                    self.user_bias_[u] if u >= 0 else 0.0,
                    self.item_bias_[i] if i >= 0 else 0.0,
                ],
            }
        )
        return self._kept_to_scale(parts)
