"""What user-based and item-based filtering share, which is nearly all.

`UserKNN` and `ItemKNN` are one method. What is a row of the rating matrix to one is a column to the
other, so the code below speaks of rows, which are compared, and of columns: the raters of a column
are the rows that have a rating in it.
"""

from collections.abc import Hashable, Iterator
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.recommend.base import Recommender, require_counts, require_feedback, top
from helpers.recommend.baselines import Baseline
from helpers.recommend.votes import best_products, score_pairs
from helpers.recommend.weighted_means import WeightedMeans
from helpers.similarity.measures import IMPLICIT_MEASURES
from helpers.similarity.ranking import best_first
from helpers.similarity.search import Comparison
from helpers.similarity.threads import in_threads

CENTERS = (None, "mean", "zscore", "baseline")


class KNN(Recommender):
    """k nearest neighbors: the parameters are described at `UserKNN`."""

    _item_based = False

    def __init__(
        self,
        k: int = 40,
        min_k: int = 1,
        similarity: str = "pearson",
        damping: float = 0,
        center: str | None = "mean",
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
        """Keep the ratings and their means; similarities are computed when they are needed.

        With implicit feedback, the neighbors are found here.

        Parameters
        ----------
        interactions : DataFrame; columns ``user_id``, ``item_id``, ``rating``.
        """
        self._check_parameters()
        self._learn(interactions, scale=not self._implicit)
        if self._implicit:
            require_counts(interactions)
        self._compare()
        if self._implicit:
            self.neighbors_ = self.comparison_.nearest(self.k, self.min_sim)
        else:
            baseline = Baseline() if self.baseline is None else clone(self.baseline)
            self.baseline_ = baseline.fit(interactions)
            self.spread_ = self.ratings_.data.std() or 1.0
            self._take_deviations()
        return self

    @property
    def _implicit(self) -> bool:
        return self.feedback == "implicit"

    def _check_parameters(self) -> None:
        name = type(self).__name__
        checks.require_whole("k", self.k)
        checks.require_whole("min_k", self.min_k)
        if self.min_k > self.k:
            raise ValueError(f"{name}: min_k={self.min_k} neighbors are never among k={self.k}.")
        require_feedback(self)
        if self.center not in CENTERS:
            raise ValueError(f"{name}: center is one of {CENTERS}, not {self.center!r}.")
        if self._implicit and self.similarity not in IMPLICIT_MEASURES:
            raise ValueError(
                f'{name}: "{self.similarity}" looks at how much two liked what both have, and '
                "implicit feedback only says that they have it. Choose similarity="
                f"{' or '.join(map(repr, IMPLICIT_MEASURES))}."
            )
        if not self._implicit and self.center is None and self.min_sim < 0:
            raise ValueError(
                f"{name}: never mix negative similarities with uncentered ratings: who is unlike "
                "you and gave 5 stars would vote for -5. Choose a center, or min_sim of 0 or more."
            )

    # ------------------------------------------------------------ rows and columns

    def _turn(self, one, other):
        """Turn (users, items) into (rows, columns), and back."""
        return (other, one) if self._item_based else (one, other)

    def _compare(self) -> None:
        """Prepare the rows to be compared."""
        rows = self.ratings_.T.tocsr() if self._item_based else self.ratings_
        self.comparison_ = Comparison(rows, self.similarity, damping=self.damping, cap=self.cap)
        count = np.diff(rows.indptr)
        row = np.repeat(np.arange(len(count)), count)
        self.mean_ = np.bincount(row, rows.data) / count
        self.sigma_ = np.sqrt(np.bincount(row, (rows.data - self.mean_[row]) ** 2) / count)

    # ------------------------------------------------------------ ratings

    def _take_deviations(self) -> None:
        """Note for each column by how much its raters deviate from the expected."""
        raters = self.ratings_ if self._item_based else self.ratings_.T.tocsr()
        row, count = raters.indices, np.diff(raters.indptr)
        column = np.repeat(np.arange(len(count)), count)
        deviations = (raters.data - self._expected(row, column)) / self._unit(row)
        self.means_ = WeightedMeans(
            self.comparison_, raters, deviations, self.k, self.min_k, self.min_sim
        )

    def _expected(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Return what is expected of each pair before the neighbors are asked."""
        if self.center is None:
            return np.zeros(np.broadcast_shapes(row.shape, column.shape))
        if self.center == "baseline":
            return self.baseline_._predict(*self._turn(row, column))[0]
        return self.mean_[row]

    def _unit(self, row: np.ndarray) -> np.ndarray:
        """Return the unit of the deviations of each row."""
        if self.center != "zscore":
            return np.ones(row.shape)
        sigma = self.sigma_[row]
        constant = sigma <= 1e-9 * np.abs(self.mean_[row])  # 0, but for rounding errors
        return np.where(constant, self.spread_, sigma)

    def _estimate_grid(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Return r̂ of all rows with all columns, NaN where there are too few neighbors."""
        means = self.means_.of_grid(row, column)
        row = row[:, None]
        return self._expected(row, column[None]) + self._unit(row) * means

    # ------------------------------------------------------------ votes

    def _factors(self, filter_seen: bool = False) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Return the two matrices, of users and of items, whose product is the scores."""
        near = self.neighbors_
        if filter_seen:  # whoever is their own neighbor with a weight of -∞ loses what they have
            near = near + sparse.diags_array(np.full(near.shape[0], -np.inf), format="csr")
        return (self.ratings_, near) if self._item_based else (near, self.ratings_)

    # ------------------------------------------------------------ predictions and lists

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = np.flatnonzero((users >= 0) & (items >= 0))
        if self._implicit:
            score = np.zeros(len(users))
            score[known] = score_pairs(*self._factors(), users[known], items[known])
            return score, score == 0
        prediction, _ = self.baseline_._predict(users, items)
        row, column = self._turn(users[known], items[known])
        means = self.means_.of_pairs(row, column)
        estimate = self._expected(row, column) + self._unit(row) * means
        able = ~np.isnan(estimate)
        prediction[known[able]] = estimate[able]
        fallback = np.ones(len(users), bool)
        fallback[known[able]] = False
        return prediction, fallback

    def _scores(self, users: np.ndarray) -> np.ndarray:
        """Return the scores of a user-based prediction of ratings."""
        scores = np.full((len(users), len(self.items_)), np.nan)

        def work(batch: np.ndarray) -> None:
            scores[batch] = self._estimate_grid(users[batch], np.arange(len(self.items_)))

        in_threads(work, self.comparison_.batches(np.flatnonzero(users >= 0)))
        return scores

    def _best(self, users: np.ndarray, k: int, filter_seen: bool) -> Iterator[tuple]:
        known = np.flatnonzero(users >= 0)
        if self._implicit:
            left, right = self._factors(filter_seen)
            for batch, *best in best_products(left[users[known]], right, k):
                yield known[batch], *best
        elif self._item_based:
            yield known, *self._best_by_items(users[known], k, filter_seen)
        else:
            yield from super()._best(users, k, filter_seen)

    def _best_by_items(self, users: np.ndarray, k: int, filter_seen: bool) -> tuple:
        """Compare a few items at a time with all others, and for all users at once."""
        seen = self.ratings_[users].tocsc()

        def work(batch: np.ndarray) -> tuple:
            scores = self._estimate_grid(batch, users).T
            if filter_seen:
                rated = seen[:, batch].tocoo()
                scores[rated.row, rated.col] = np.nan
            row, column, score = top(scores, k)
            return row, batch[column], score

        parts = in_threads(work, self.comparison_.batches(np.arange(len(self.items_))))
        row, item, score = map(np.concatenate, zip(*parts, strict=True))
        order = best_first(score, row)  # of ties, the first items: those of the first batches
        row, item, score = row[order], item[order], score[order]
        best = np.arange(len(row)) - np.searchsorted(row, row) < k
        return row[best], item[best], score[best]

    # ------------------------------------------------------------ new ratings

    def _fold_in(self, users: np.ndarray) -> None:
        self._renew(users)
        if not self._implicit:
            self.baseline_ = self.baseline_.with_ratings_of(self, users)
            self._take_deviations()

    # ------------------------------------------------------------ reasons

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the arithmetic of a prediction, whose ``contribution`` sums to it.

        Parameters
        ----------
        user, item : ids; unknown ones are explained by `Baseline`, as they are predicted.

        Returns
        -------
        DataFrame. First what is expected without neighbors (nothing, if ``center`` is None), then
        the neighbors, nearest first; columns ``part`` (in words), ``neighbor`` (id), ``rating``,
        ``similarity``, ``weight`` (s / Σ|s|), ``deviation`` (d), ``contribution`` (weight · d, in
        stars). With implicit feedback a contribution is s · r, and there is neither weight nor
        deviation. A last row "kept to the scale" is there where the sum would leave it. A fallback
        has the parts of `Baseline.explain`.
        """
        check_is_fitted(self)
        u, i = self.users_.get_indexer([user]), self.items_.get_indexer([item])
        if self._implicit:
            return self._explain_score(u, i)
        if self._predict(u, i)[1][0]:
            return self.baseline_.explain(user, item)
        row, column = self._turn(u, i)
        place, similarity = self.means_.neighbors(row[0], column[0])
        raters = self.means_.raters
        parts = self._neighbor_rows(raters.indices[place], raters.data[place], similarity)
        parts["weight"] = similarity / np.abs(similarity).sum()
        parts["deviation"] = self.means_.deviations[place]
        parts["contribution"] = parts["weight"] * parts["deviation"] * self._unit(row)[0]
        if self.center is not None:
            what, label = ("item", item) if self._item_based else ("user", user)
            words = "baseline" if self.center == "baseline" else f"mean of {what} {label}"
            first = pd.DataFrame({"part": [words], "contribution": self._expected(row, column)})
            parts = pd.concat([first, parts])[parts.columns]
        return self._kept_to_scale(parts.reset_index(drop=True))

    def _explain_score(self, u: np.ndarray, i: np.ndarray) -> pd.DataFrame:
        """Explain a score: liked items in whose neighborhood the item is, or neighbors' ratings."""
        if min(u[0], i[0]) < 0:
            others, rating, similarity = [], [], []
        else:
            if self._item_based:
                similarity = self.neighbors_[:, i].toarray()[:, 0]
                rating = self.ratings_[u].toarray()[0]
            else:
                similarity = self.neighbors_[u].toarray()[0]
                rating = self.ratings_[:, i].toarray()[:, 0]
            others = np.flatnonzero(similarity * rating)
            others = others[best_first(similarity[others])]
            rating, similarity = rating[others], similarity[others]
        parts = self._neighbor_rows(others, rating, similarity)
        return parts.assign(contribution=parts["similarity"] * parts["rating"])

    def _neighbor_rows(self, others, rating, similarity) -> pd.DataFrame:
        what, labels = ("item", self.items_) if self._item_based else ("user", self.users_)
        labels = labels.astype(object)[others]
        return pd.DataFrame(
            {
                "part": [f"{what} {label}" for label in labels],
                "neighbor": labels,
                "rating": rating,
                "similarity": similarity,
            }
        )
