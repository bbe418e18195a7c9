"""The interface of all recommenders: predict, recommend, similar_items, fold_in.

A model learns from a table of ``user_id``, ``item_id``, ``rating``, where a rating is a number of
stars or, for implicit feedback, a count of what happened. It implements

- ``fit(interactions)``, which calls `Recommender._learn`,
- ``_predict(users, items)``: the prediction of each pair, and which of them are fallbacks,
- ``_scores(users)``: a row of scores of all items for each user, NaN where it can't tell,
- ``_similarities(item)``, if it compares items,
- ``_fold_in(users)``: update what the model knows about these users.

There, users and items are positions in ``users_`` and ``items_``, and -1 stands for an unknown one.
"""

import copy
from collections.abc import Hashable, Iterable, Iterator
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.similarity.ranking import best_first_of_rows, largest
from helpers.similarity.ratings import rating_matrix

CELLS = 4_000_000  # scores of a batch


def _can(method: str):
    return available_if(lambda model: hasattr(model, method))


class Recommender(BaseEstimator):
    """Base of all recommenders; see the module for what a model adds.

    Attributes
    ----------
    users_, items_ : Index of the ids seen in training, sorted.
    ratings_ : csr_array of shape (users, items), the ratings of the training.
    scale_ : lowest and highest rating of the training, to which predictions are clipped;
        (-inf, inf) if predictions are scores and not ratings.
    """

    def _learn(self, interactions: pd.DataFrame, *, scale: bool = True) -> None:
        """Check the interactions and keep them; ``scale`` says whether they are ratings."""
        matrix = rating_matrix(interactions)
        self.users_, self.items_, self.ratings_ = matrix.rows, matrix.columns, matrix.ratings
        stars = matrix.ratings.data
        self.scale_ = (stars.min(), stars.max()) if scale else (-np.inf, np.inf)

    # ------------------------------------------------------------ the interface

    def predict(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Predict the rating of each pair of user and item.

        Parameters
        ----------
        pairs : DataFrame; columns ``user_id``, ``item_id``, others are kept.

        Returns
        -------
        DataFrame, the pairs with two more columns: ``prediction``, clipped to the lowest and
        highest rating of the training (unless it is a score), and ``fallback``, True where the
        model lacks data about the pair and uses a simpler rule.
        """
        check_is_fitted(self)
        checks.require(pairs, user_id="key", item_id="key")
        self._require_same_ids(pairs, "user_id", "item_id")
        users = self.users_.get_indexer(pairs["user_id"])
        items = self.items_.get_indexer(pairs["item_id"])
        prediction, fallback = self._predict(users, items)
        return pairs.assign(prediction=np.clip(prediction, *self.scale_), fallback=fallback)

    def recommend(
        self, users: Iterable[Hashable] | None = None, k: int = 10, filter_seen: bool = True
    ) -> pd.DataFrame:
        """Recommend to each user the k items with the highest scores.

        A model recommends only items that it can score. So a list may be shorter than k, and most
        models have no list for an unknown user; `Popularity` has one for everybody.
        Scores that agree to ten digits are ties; they are ranked by the order of ``items_``.

        Parameters
        ----------
        users : list of user ids; by default all users of the training.
        k : length of the lists, 1 or more.
        filter_seen : leave out the items that the user has rated in the training.

        Returns
        -------
        DataFrame; columns ``user_id`` (in the order asked for), ``item_id``, ``score`` (not
        clipped to the scale, so the best items don't all tie), ``rank`` (1 is best).
        """
        check_is_fitted(self)
        checks.require_whole("k", k)
        asked = self._asked(users)
        parts = [
            pd.DataFrame(
                {
                    "user_id": asked[part][row],
                    "item_id": self.items_[item],
                    "score": score,
                    "rank": np.arange(len(row)) - np.searchsorted(row, row) + 1,
                }
            )
            for part, row, item, score in self._best(self.users_.get_indexer(asked), k, filter_seen)
        ]
        empty = {"user_id": asked[:0], "item_id": self.items_[:0], "score": 0.0, "rank": 1}
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(empty)

    @_can("_similarities")
    def similar_items(self, item: Hashable, k: int = 10) -> pd.DataFrame:
        """Return the k items most similar to a given one.

        Parameters
        ----------
        item : an item id of the training.
        k : how many, 1 or more; there may be fewer similar items.

        Returns
        -------
        DataFrame; columns ``item_id``, ``similarity``, ``rank`` (1 is most similar).
        """
        check_is_fitted(self)
        checks.require_whole("k", k)
        code = self._position(item, self.items_, "item")
        similarities = np.array(self._similarities(code), dtype=float)
        similarities[code] = np.nan
        _, others, similarity = top(similarities[None], k)
        found = pd.DataFrame({"item_id": self.items_[others], "similarity": similarity})
        return found.assign(rank=np.arange(len(found)) + 1)

    @_can("_fold_in")
    def fold_in(self, interactions: pd.DataFrame) -> Self:
        """Return a copy of the model that also knows these ratings, without fitting it again.

        New users are added; known users get new ratings, or other ratings of the same items. What
        the model has learned about items stays as it is.

        Parameters
        ----------
        interactions : DataFrame; columns ``user_id``, ``item_id``, ``rating``.
        """
        check_is_fitted(self)
        new = rating_matrix(interactions)
        self._require_same_ids(interactions, "user_id", "item_id")
        low, high = self.scale_
        unknown = ~interactions["item_id"].isin(self.items_)
        what = "names items that the training did not have"
        off = ~interactions["rating"].between(low, high)
        scale = f"is off the scale of the training, {low:g} to {high:g}"
        checks.refuse_rows(
            interactions,
            ("item_id", unknown, what, "Fit the model again with them, or drop them."),
            ("rating", off, scale, "Drop them, or bring them to that scale."),
        )
        model = copy.copy(self)
        model.users_ = self.users_.append(new.rows.difference(self.users_))
        added = new.ratings.tocoo()
        row = model.users_.get_indexer(new.rows)[added.row]
        column = self.items_.get_indexer(new.columns)[added.col]
        known, n = self.ratings_.tocoo(), len(self.items_)
        kept = ~np.isin(known.row * n + known.col, row * n + column)
        both = [(known.row[kept], row), (known.col[kept], column), (known.data[kept], added.data)]
        rows, columns, ratings = map(np.concatenate, both)
        model.ratings_ = sparse.csr_array((ratings, (rows, columns)), (len(model.users_), n))
        model._fold_in(np.unique(row))
        return model

    # ------------------------------------------------------------ for the models

    def _asked(self, users: Iterable[Hashable] | None) -> pd.Index:
        """Return the users to recommend to, each once."""
        if users is None:
            return self.users_
        if pd.api.types.is_scalar(users):
            raise ValueError(
                f"{type(self).__name__}: users are ids in a list, such as [{users!r}]; "
                f"got {users!r}."
            )
        asked = pd.Index(users).unique()
        if len(asked):
            self._require_same_ids({"user_id": asked}, "user_id")
        return asked

    def _best(self, users: np.ndarray, k: int, filter_seen: bool) -> Iterator[tuple]:
        """Yield batches: the users (positions in ``users``); row, item and score of their best."""
        size = max(1, CELLS // max(len(self.items_), 1))
        for start in range(0, len(users), size):
            part = slice(start, start + size)
            scores = np.array(self._scores(users[part]), dtype=float)
            if filter_seen:
                known = np.flatnonzero(users[part] >= 0)
                seen = self.ratings_[users[part][known]].tocoo()
                scores[known[seen.row], seen.col] = np.nan
            yield part, *top(scores, k)

    def _kept_to_scale(self, parts: pd.DataFrame) -> pd.DataFrame:
        """Add a row to an explanation that clips its sum to the scale, if necessary."""
        total = parts["contribution"].sum()
        correction = np.clip(total, *self.scale_) - total
        if correction == 0:
            return parts
        last = {"part": ["kept to the scale"], "contribution": [correction]}
        return pd.concat([parts, pd.DataFrame(last)], ignore_index=True)

    def _position(self, label: Hashable, labels: pd.Index, what: str) -> int:
        """Return the position of an id."""
        if label not in labels:
            raise ValueError(
                f"{type(self).__name__}: {what} {label!r} is not in the training. "
                f"It has {len(labels):,} {what}s, such as {labels[0]!r}."
            )
        return labels.get_loc(label)

    def _require_same_ids(self, table, *columns: str) -> None:
        checks.require_same_ids(table, {"user_id": self.users_, "item_id": self.items_}, *columns)


def top(scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column and score of the k largest scores of each row, best first.

    Parameters
    ----------
    scores : array, shape (users, items); NaN is never among the best.
    k : how many, 1 or more.

    Returns
    -------
    Three arrays of equal length, ordered by row, then score; of ties, the first columns.

    Examples
    --------
    >>> row, column, score = top(np.array([[1.0, 3.0, 3.0], [np.nan, 2.0, np.nan]]), k=2)
    >>> row.tolist(), column.tolist(), score.tolist()
    ([0, 0, 1], [1, 2, 1], [3.0, 3.0, 2.0])
    """
    scores = np.where(np.isnan(scores), -np.inf, scores)
    best = largest(scores, k)
    row, column = np.nonzero(best)
    score = scores[row, column]
    order = best_first_of_rows(score, np.count_nonzero(best, axis=1))
    return row[order], column[order], score[order]


def require_feedback(model: Recommender) -> None:
    """Check the parameter ``feedback`` of a model."""
    if model.feedback not in ("explicit", "implicit"):
        raise ValueError(
            f'{type(model).__name__}: no feedback {model.feedback!r}; "explicit" or "implicit".'
        )


def require_counts(interactions: pd.DataFrame) -> None:
    """Check that the ratings of implicit feedback are counts above 0."""
    fix = "Drop the rows: what did not happen is left out of implicit feedback."
    wrong = interactions["rating"] <= 0
    checks.refuse_rows(
        interactions, ("rating", wrong, "is no count of something that happened", fix)
    )
