"""Segment users by k-means or a Gaussian mixture (scikit-learn) on the logarithms of features."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from helpers.data import checks
from helpers.segments.profiles import RFM

METHODS = ("kmeans", "mixture")

# Words for a low and a high mean of a feature; by default "low x" and "high x".
WORDS = {
    "recency": ("recent", "long silent"),
    "frequency": ("seldom", "often"),
    "monetary": ("low spend", "high spend"),
}
WORTH_A_NAME = 0.3  # standard deviations from the mean of all users


# ---------------------------------------------------------------- segments


class Segmentation(BaseEstimator):
    """Cluster users into k segments, and assign later users to the nearest one.

    The logarithm shortens the long tail of a feature x, negative values (more returned than bought)
    count as 0, and the mean m and standard deviation s of the users of `fit` standardize it:

        z = (ln(1 + max(x, 0)) − m) / s

    ``kmeans`` then minimizes Σ |z − center of its segment|²; ``mixture`` fits a Gaussian mixture,
    with one covariance matrix per segment, by maximum likelihood. After `fit` both are frozen:
    `assign` never moves a center.

    Parameters
    ----------
    k : number of segments.
    method : "kmeans" or "mixture".
    features : the columns to use.
    random_state : seed of the ten starting points.

    Attributes
    ----------
    names_ : names of the segments, the largest one first, by the features farthest from the mean.
    centers_ : DataFrame, one row per segment: its mean coordinates z, in standard deviations.
    mean_, scale_ : Series, m and s of each feature.
    model_ : the fitted model of scikit-learn, and ``order_``, its groups by size.

    References
    ----------
    Lloyd (1982), https://doi.org/10.1109/TIT.1982.1056489; Arthur & Vassilvitskii (2007),
    k-means++: the advantages of careful seeding, SODA '07.

    Examples
    --------
    >>> users = pd.DataFrame({"recency": [3, 5, 300, 350], "frequency": [9, 8, 1, 2]})
    >>> segmentation = Segmentation(k=2, features=["recency", "frequency"]).fit(users)
    >>> segmentation.assign(users).tolist()
    ['recent, often', 'recent, often', 'long silent, seldom', 'long silent, seldom']
    >>> segmentation.assign(pd.DataFrame({"recency": [20], "frequency": [7]})).tolist()
    ['recent, often']
    """

    def __init__(
        self,
        k: int = 4,
        method: str = "kmeans",
        features: Sequence[str] = RFM,
        random_state: int = 0,
    ):
        self.k = k
        self.method = method
        self.features = features
        self.random_state = random_state

    def fit(self, users: pd.DataFrame) -> Self:
        """Fit scale and segments to a table with one row per user and a column per feature."""
        checks.require_whole("k", self.k)
        if self.method not in METHODS:
            raise ValueError(f'method is "kmeans" or "mixture", got {self.method!r}.')
        logs = _logs(users, self.features)
        self.mean_, self.scale_ = logs.mean(), logs.std(ddof=0)
        for feature in logs.columns[np.isclose(self.scale_, 0)]:
            raise ValueError(
                f'Feature "{feature}" is the same for all {len(users):,} users (returns count as '
                "0), so it tells nobody from anybody. Leave it out of features."
            )
        points = self.prepare(users).to_numpy()
        different = len(np.unique(points, axis=0))
        if different < self.k:
            raise ValueError(
                f"{self.k} segments need {self.k} users who differ; of {len(users):,} there are "
                f"{different:,}. Choose a smaller k."
            )
        # Two threads add in another order, and a user on a border may change segments.
        with threadpool_limits(1):
            self.model_ = fit_model(self.method, points, self.k, self.random_state)
            sizes = np.bincount(self.model_.predict(points), minlength=self.k)
        # A model numbers its groups arbitrarily: put the largest first.
        self.order_ = np.argsort(-sizes, kind="stable")
        centers = self.model_.cluster_centers_ if self.method == "kmeans" else self.model_.means_
        centers = pd.DataFrame(centers[self.order_], columns=list(self.features))
        self.names_ = _names(centers)
        self.centers_ = centers.set_axis(pd.Index(self.names_, name="segment"))
        return self

    def prepare(self, users: pd.DataFrame) -> pd.DataFrame:
        """Return the coordinates z of users, standardized like those of `fit`."""
        check_is_fitted(self, ["mean_", "scale_"])
        return (_logs(users, self.features) - self.mean_) / self.scale_

    def assign(self, users: pd.DataFrame) -> pd.Series:
        """Return the segment of each user, known or new; categories in the order of ``names_``."""
        check_is_fitted(self)
        with threadpool_limits(1):
            found = self.model_.predict(self.prepare(users).to_numpy())
        place = np.argsort(self.order_)[found]
        segment = pd.Categorical.from_codes(place, categories=self.names_)
        return pd.Series(segment, index=users.index, name="segment")


def _logs(users: pd.DataFrame, features: Sequence[str]) -> pd.DataFrame:
    if isinstance(features, str) or not len(features):
        raise ValueError(f"features is a list of one or more columns, not {features!r}.")
    checks.require(users, **dict.fromkeys(features, "number"))
    return np.log1p(users[list(features)].clip(lower=0).astype(float))


def fit_model(method: str, points: np.ndarray, k: int, seed: int, starts: int = 10):
    """Fit k-means or a Gaussian mixture with k groups."""
    if method == "kmeans":
        return KMeans(k, n_init=starts, random_state=seed).fit(points)
    return GaussianMixture(k, n_init=starts, random_state=seed, reg_covar=1e-3).fit(points)


def _names(centers: pd.DataFrame) -> list[str]:
    """Name each segment by its two features farthest from 0, the mean of all users.

    It takes more features, or a number, where two do not tell the segments apart.
    """
    named = []
    for words in range(min(2, centers.shape[1]), centers.shape[1] + 1):
        named = [_name(center, words) for _, center in centers.iterrows()]
        if len(set(named)) == len(named):
            return named
    seen = pd.Series(named)
    again = seen.groupby(seen).cumcount() + 1
    return [f"{name} ({n})" if n > 1 else name for name, n in zip(named, again, strict=True)]


def _name(center: pd.Series, words: int) -> str:
    far = center.abs().nlargest(words)
    said = center[center.index.isin(far.index[far >= WORTH_A_NAME])]
    pairs = {name: WORDS.get(name, (f"low {name}", f"high {name}")) for name in said.index}
    return ", ".join(pairs[name][int(z > 0)] for name, z in said.items()) or "average"


# ---------------------------------------------------------------- how many?
