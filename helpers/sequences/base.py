"""The interface of models of what comes next: fit(sessions), recommend(sessions, k).

Sessions are a table of ``session_id``, ``item_id`` and ``occurred_at``, one row per item, in any
order of rows. A session may be any sequence: a visit, or all that a user did in a year.

A model implements ``_learn(past)``, and ``_scores(started)``, a row of scores of all items for each
started session. Both take an array with a row per session: positions of items in ``items_``, the
last item in the last column, and -1 where a session is shorter.
"""

from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.recommend import top

SESSIONS = {"session_id": "key", "item_id": "key", "occurred_at": "datetime"}
BATCH = 1_000  # sessions whose scores are held at a time


class SequenceModel(BaseEstimator):
    """Base of the models; see the module for what a model adds.

    Attributes
    ----------
    items_ : Index of the items seen in training, sorted.
    share_ : array, the share of each item in the last ``days`` of the training.
    """

    days: float | None = None

    def fit(self, sessions: pd.DataFrame) -> Self:
        """Learn from finished sessions; columns ``session_id``, ``item_id``, ``occurred_at``."""
        checks.require(sessions, **SESSIONS)
        self.items_ = pd.Index(np.sort(sessions["item_id"].unique()))
        _, past = rows(sessions, self.items_)
        recent = sessions
        if self.days is not None:
            if not self.days > 0:  # NaN is refused, too
                raise ValueError(f"{type(self).__name__}: needs days above 0; got {self}.")
            start = sessions["occurred_at"].max() - pd.Timedelta(days=self.days)
            recent = sessions[sessions["occurred_at"] > start]
        share = recent["item_id"].value_counts(normalize=True)
        self.share_ = share.reindex(self.items_, fill_value=0).to_numpy()
        self._learn(past)
        return self

    def recommend(
        self, sessions: pd.DataFrame, k: int = 10, filter_seen: bool = True
    ) -> pd.DataFrame:
        """Recommend for each started session the k items with the highest scores.

        Ties are ranked by the order of ``items_``.

        Parameters
        ----------
        sessions : what each session has seen so far; columns as in ``fit``. Items that the training
            did not have are skipped.
        k : length of the lists, 1 or more.
        filter_seen : leave out what the session has seen.

        Returns
        -------
        DataFrame; columns ``session_id`` (in order of their last time), ``item_id``, ``score``,
        ``rank`` (1 is best).
        """
        check_is_fitted(self)
        checks.require(sessions, **SESSIONS)
        checks.require_whole("k", k)
        ids, started = rows(sessions, self.items_)
        parts = []
        for start in range(0, len(started), BATCH):
            batch = started[start : start + BATCH]
            scores = np.array(self._scores(batch), dtype=float)
            if filter_seen:
                scores[contents(batch, len(self.items_)).nonzero()] = np.nan
            row, item, score = top(scores, k)
            rank = np.arange(len(row)) - np.searchsorted(row, row) + 1
            part = {"session_id": ids[start + row], "item_id": self.items_[item]}
            parts.append(pd.DataFrame({**part, "score": score, "rank": rank}))
        return pd.concat(parts, ignore_index=True)


def rows(sessions: pd.DataFrame, items: pd.Index) -> tuple[pd.Index, np.ndarray]:
    """Return the ids of the sessions, in order of their last item's time, and their items.

    Examples
    --------
    >>> day = pd.Timestamp("2025-03-01")
    >>> log = pd.DataFrame({"session_id": ["S1", "S1", "S2"], "item_id": ["b", "a", "b"],
    ...                     "occurred_at": [day + pd.Timedelta("1min"), day, day]})
    >>> ids, array = rows(log, pd.Index(["a", "b"]))
    >>> ids.tolist(), array.tolist()
    (['S2', 'S1'], [[-1, 1], [0, 1]])
    """
    code, ids = pd.factorize(sessions["session_id"], sort=True)
    time = sessions["occurred_at"].to_numpy()
    ended = pd.Series(time).groupby(code).max().to_numpy()
    by_end = ended.argsort(kind="stable")
    session = by_end.argsort()[code]
    order = np.lexsort([time, session])
    session, item = session[order], items.get_indexer(sessions["item_id"])[order]
    session, item = session[item >= 0], item[item >= 0]
    from_end = np.searchsorted(session, session, side="right") - np.arange(len(session))
    array = np.full((len(ids), from_end.max(initial=1)), -1)
    array[session, -from_end] = item
    return ids[by_end], array


def contents(array: np.ndarray, items: int) -> sparse.csr_array:
    """Return which items each session holds, as a matrix of 0 and 1."""
    row, column = (array >= 0).nonzero()
    matrix = sparse.csr_array((np.ones(len(row)), (row, array[row, column])), (len(array), items))
    matrix.data[:] = 1  # an item seen twice counts once
    return matrix
