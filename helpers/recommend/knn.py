"""User-based filtering: predict a rating from the users who rate most like you.

`ItemKNN` is the same method with users and items swapped. So x is who is compared with others, here
a user, and y what they rate, an item; in `ItemKNN`, x is an item and y a user.
"""

from collections.abc import Hashable, Iterator
from itertools import pairwise
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from helpers.recommend.base import require_counts
from helpers.recommend.baselines import Baseline
from helpers.recommend.knn_parameters import check_parameters
from helpers.recommend.votes import Votes
from helpers.similarity.ranking import best_first, largest
from helpers.similarity.rows import batches
from helpers.similarity.search import Comparison

CELLS = 20_000_000  # similarities that are kept at once, 160 MB


class UserKNN(Votes):
    """Predict a rating from the users who rate most like you.

    N is made of the k users most similar to u *among those who rated i*, never u, and only of users
    with s_uv ≥ min_sim; of ties at the edge, the first in ``users_``. Predicted, by ``center``:

        None        r̂_ui = Σ_N s_uv r_vi / Σ_N |s_uv|
        "mean"      r̂_ui = r̄_u + Σ_N s_uv (r_vi − r̄_v) / Σ_N |s_uv|
        "zscore"    r̂_ui = r̄_u + σ_u Σ_N s_uv (r_vi − r̄_v) / σ_v / Σ_N |s_uv|
        "baseline"  r̂_ui = b_ui + Σ_N s_uv (r_vi − b_vi) / Σ_N |s_uv|,   b_ui = μ + b_u + b_i

    where r̄_u and σ_u are over all that u rated (a user who gives the same stars to everything gets
    the σ of all ratings), and b_ui is that of `Baseline`. With fewer than min_k neighbors, or an
    unknown user or item, b_ui is predicted, with what is known of it, and marked as a fallback;
    such a pair is never recommended.

    With ``feedback="implicit"`` a score is predicted, Σ_{v∈N_k(u)} s_uv r_vi, see `Votes`.

    Parameters
    ----------
    k : largest number of neighbors.
    min_k : smallest number of neighbors; with fewer, the baseline is predicted. Tune it: with few
        ratings per user, 10 to 20 is better than the default.
    similarity : one of `helpers.similarity.measures.MEASURES`; if implicit, "full_cosine" or
        "jaccard".
    damping, cap : shrink similarities of few ratings, see `helpers.similarity.damping_factor`.
    center : None, "mean", "zscore" or "baseline".
    min_sim : least similarity of a neighbor. Below 0, ratings must be centered.
    feedback : "explicit" for ratings, "implicit" for counts of what happened (or 1 for each).
    baseline : a `Baseline` for fallbacks and for that center, of which a copy is fitted; None for
        its defaults.

    Attributes
    ----------
    baseline_ : the fitted `Baseline` (explicit feedback).
    neighbors_ : csr_array, row u the similarities of N_k(u) (implicit feedback).

    References
    ----------
    P. Resnick et al. (1994), CSCW '94, 175–186, doi:10.1145/192844.192905. J. L. Herlocker et al.
    (1999), SIGIR '99, 230–237, doi:10.1145/312624.312682.

    Examples
    --------
    Ana's rug: Ben, whose cosine with her is .997, gave it 4, and Cem, of cosine .673, gave it 2.

    >>> ratings = pd.DataFrame({"user_id": ["Ana"] * 2 + ["Ben"] * 3 + ["Cem"] * 3,
    ...                         "item_id": ["lamp", "vase"] + ["lamp", "vase", "rug"] * 2,
    ...                         "rating": [5, 3, 4, 2, 4, 1, 5, 2]})
    >>> model = UserKNN(similarity="cosine", center=None).fit(ratings)
    >>> model.predict(pd.DataFrame({"user_id": ["Ana"], "item_id": ["rug"]})).round(3)
      user_id item_id  prediction  fallback
    0     Ana     rug       3.194     False
    >>> model.explain("Ana", "rug")[["part", "rating", "weight", "contribution"]].round(3)
           part  rating  weight  contribution
    0  user Ben     4.0   0.597         2.389
    1  user Cem     2.0   0.403         0.806
    """

    _item_based = False

    def __init__(
        self,
        k: int = 40,
        min_k: int = 1,
        similarity: str = "full_cosine",
        damping: float = 0,
        center: str | None = "baseline",
        min_sim: float = 0.0,
        cap: int = 1,
        feedback: str = "explicit",
        baseline: Baseline | None = None,
    ):
        self.k = k
        self.min_k = min_k
        self.similarity = similarity
        self.damping = damping
        self.center = center
        self.min_sim = min_sim
        self.cap = cap
        self.feedback = feedback
        self.baseline = baseline

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Keep the ratings and what is expected; columns ``user_id``, ``item_id``, ``rating``."""
        check_parameters(self)
        self._learn(interactions, scale=not self._implicit)
        self._compare()
        if self._implicit:
            require_counts(interactions)
            self.neighbors_ = self.comparison_.nearest(self.k, self.min_sim)
        else:
            baseline = Baseline() if self.baseline is None else clone(self.baseline)
            self.baseline_ = baseline.fit(interactions)
            self.spread_ = self.ratings_.data.std() or 1.0
            self._deviate()
        return self

    def _compare(self) -> None:
        """Prepare the x to be compared; r̄_x and σ_x are over all that x has rated."""
        rows, _ = self._swap(self.ratings_, self.ratings_.T.tocsr())
        self.comparison_ = Comparison(rows, self.similarity, damping=self.damping, cap=self.cap)
        count = np.diff(rows.indptr)
        x = np.repeat(np.arange(len(count)), count)
        self.mean_ = np.bincount(x, rows.data) / count
        self.sigma_ = np.sqrt(np.bincount(x, (rows.data - self.mean_[x]) ** 2) / count)

    def _swap(self, one, other):
        """Turn (user, item) into (x, y), and back."""
        return (other, one) if self._item_based else (one, other)

    # ------------------------------------------------------------ the prediction

    @np.errstate(invalid="ignore")  # without neighbors, 0 / 0
    def _estimate(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Return r̂ of each pair; NaN where one is unknown, or fewer than min_k have rated y.

        r̂_xy = expected_xy + unit_x · Σ_{v∈N} s_xv d_vy / Σ_{v∈N} |s_xv|
        """
        x, y = self._swap(users, items)
        mean = np.full(len(x), np.nan)
        known = np.flatnonzero((x >= 0) & (y >= 0))
        for block in batches(np.unique(x[known]), CELLS // len(self.comparison_)):
            similarity = self.comparison_.candidates(block, self.min_sim)
            pairs = known[(x[known] >= block[0]) & (x[known] <= block[-1])]
            pairs = pairs[np.argsort(y[pairs], kind="stable")]  # one y after the other
            row, edges = np.searchsorted(block, x[pairs])[:, None], np.diff(y[pairs], prepend=-1)
            for start, stop in pairwise([*np.flatnonzero(edges), len(pairs)]):
                same_y = y[pairs[start]]
                cells = slice(*self.raters_.indptr[same_y : same_y + 2])  # of the ratings of y
                s = similarity[row[start:stop], self.raters_.indices[cells]]  # a row for each x
                mean[pairs[start:stop]] = self._weighted_mean(s, self.deviations_[cells])
        return self._expected(x, y) + self._unit(x) * mean  # NaN where x or y is unknown, too

    def _weighted_mean(self, s: np.ndarray, deviations: np.ndarray) -> np.ndarray:
        """Return the mean of y's raters for some x, whose similarities are the rows of s."""
        near = largest(s, self.k)  # the neighborhood
        s = np.where(near, s, 0)  # the others weigh nothing
        mean = np.vecdot(s, deviations) / np.abs(s).sum(axis=1)
        return np.where(near.sum(axis=1) < self.min_k, np.nan, mean)

    def _deviate(self) -> None:
        """Compute d_vy = (r_vy - expected_vy) / unit_v of all ratings."""
        _, self.raters_ = self._swap(self.ratings_, self.ratings_.T.tocsr())
        v, count = self.raters_.indices, np.diff(self.raters_.indptr)
        y = np.repeat(np.arange(len(count)), count)
        self.deviations_ = (self.raters_.data - self._expected(v, y)) / self._unit(v)

    def _expected(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return what is predicted for each pair without neighbors."""
        if self.center is None:
            return np.zeros(len(x))
        if self.center == "baseline":
            return self.baseline_._predict(*self._swap(x, y))[0]
        return self.mean_[x]

    def _unit(self, x: np.ndarray) -> np.ndarray:
        """Return the unit of the deviations of each x."""
        if self.center != "zscore":
            return np.ones(len(x))
        constant = self.sigma_ <= 1e-9 * np.abs(self.mean_)  # 0, but for rounding errors
        return np.where(constant, self.spread_, self.sigma_)[x]

    # ------------------------------------------------------------ predict, recommend, fold in

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self._implicit:
            return self._predict_votes(users, items)
        estimate, baseline = self._estimate(users, items), self.baseline_._predict(users, items)[0]
        fallback = np.isnan(estimate)
        return np.where(fallback, baseline, estimate), fallback

    def _scores(self, users: np.ndarray) -> np.ndarray:
        u, i = np.indices((len(users), len(self.items_)))
        return self._estimate(users[u.ravel()], i.ravel()).reshape(u.shape)

    def _best(self, users: np.ndarray, k: int, filter_seen: bool) -> Iterator[tuple]:
        return (self._best_votes if self._implicit else super()._best)(users, k, filter_seen)

    def _fold_in(self, users: np.ndarray) -> None:
        if not self._item_based:  # new users can be neighbors; items keep their similarities
            self._compare()
        if self._implicit:
            self._renew_votes(users)
        else:
            self.baseline_ = self.baseline_.with_ratings_of(self, users)
            self._deviate()

    # ------------------------------------------------------------ explanation

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the arithmetic of a prediction, whose ``contribution`` sums to it.

        Parameters
        ----------
        user, item : ids; a fallback, as for unknown ones, has the parts of `Baseline.explain`.

        Returns
        -------
        DataFrame. First what is predicted without neighbors (nothing, if ``center`` is None), then
        the neighbors, nearest first; columns ``part`` (in words), ``neighbor`` (id), ``rating``,
        ``similarity``, ``weight`` (s / Σ|s|), ``deviation`` (d), ``contribution`` (weight · d, in
        stars). With implicit feedback a contribution is s · r, and there is neither weight nor
        deviation. A last row "kept to the scale" is there where the sum would leave it.
        """
        check_is_fitted(self)
        u, i = self.users_.get_indexer([user]), self.items_.get_indexer([item])
        if self._implicit:
            return self._explain_votes(u, i)
        if self._predict(u, i)[1][0]:
            return self.baseline_.explain(user, item)
        x, y = self._swap(u, i)
        cells = slice(*self.raters_.indptr[y[0] : y[0] + 2])
        raters, ratings = self.raters_.indices[cells], self.raters_.data[cells]
        s = self.comparison_.candidates(x, self.min_sim)[0, raters]
        near = np.flatnonzero(largest(s[None], self.k))
        near = near[best_first(s[near])]
        parts = self._neighbor_rows(raters[near], ratings[near], s[near])
        parts["weight"] = s[near] / np.abs(s[near]).sum()
        parts["deviation"] = self.deviations_[cells][near]
        parts["contribution"] = parts["weight"] * parts["deviation"] * self._unit(x)[0]
        if self.center is not None:
            what, label = ("item", item) if self._item_based else ("user", user)
            words = "baseline" if self.center == "baseline" else f"mean of {what} {label}"
            first = pd.DataFrame({"part": [words], "contribution": self._expected(x, y)})
            parts = pd.concat([first, parts])[parts.columns]
        return self._kept_to_scale(parts.reset_index(drop=True))
