"""Session-kNN: recommend what similar sessions held."""

import itertools

import numpy as np
from scipy import sparse

from helpers.data import checks
from helpers.sequences.base import SequenceModel, contents


class SessionKNN(SequenceModel):
    """Session-based nearest neighbors: score the items by the similar sessions that hold them.

        score(j) = Σ_{n ∈ N(s): j ∈ n} sim(s, n),   sim(s, n) = |s ∩ n| / √(|s| |n|)

    A session is the set of its items, and N(s) are the k sessions of the training most similar to
    s. Items that no neighbor holds are ranked by their popularity, below all others.

    Parameters
    ----------
    k : number of neighbors, 1 or more; of equal ones, the newest.
    recent : neighbors are among the newest sessions that share an item with s; how many of them.
    days : as in `RecentPopularity`, for the ranking by popularity.

    References
    ----------
    M. Ludewig & D. Jannach (2018), Evaluation of session-based recommendation algorithms, User
    Modeling and User-Adapted Interaction 28, 331–390, doi:10.1007/s11257-018-9209-6. They also
    compare variants that give more weight to the last items.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"session_id": ["S1", "S1", "S2", "S2", "S2"],
    ...                     "item_id": ["lamp", "bulb", "lamp", "vase", "rug"],
    ...                     "occurred_at": pd.date_range("2025-03-01", periods=5)})
    >>> SessionKNN(k=1).fit(log).recommend(log[:1], k=1).round(3)  # the nearest is S1: 1 / √2
      session_id item_id  score  rank
    0         S1    bulb  0.707     1
    """

    def __init__(self, k: int = 200, recent: int = 1_000, days: float | None = None):
        self.k = k
        self.recent = recent
        self.days = days

    def _learn(self, past: np.ndarray) -> None:
        checks.require_whole("k", self.k)
        checks.require_whole("recent", self.recent)
        self.sessions_ = _normalized(contents(past, len(self.items_)))

    def _scores(self, started: np.ndarray) -> np.ndarray:
        current = _normalized(contents(started, len(self.items_)))
        # Each row from the oldest session to the newest: the transpose of a product is in order.
        similarity = (self.sessions_ @ current.T).T.tocsr()
        held, n = self.sessions_.sign(), self.sessions_.shape[0]
        for start, stop in itertools.pairwise(similarity.indptr):
            row = similarity.data[start:stop]
            row[: -self.recent] = 0
            newer = 1e-9 * similarity.indices[start:stop] / n  # decides between equal ones
            far = len(row) - self.k
            if far > 0:
                row[np.argpartition(row + newer, far)[:far]] = 0
        return (similarity @ held).toarray() + 1e-9 * self.share_


def _normalized(sets: sparse.csr_array) -> sparse.csr_array:
    """Divide each row of 0 and 1 by the root of its size, so that products are cosines."""
    size = sets.sum(axis=1)
    return sets.multiply(1 / np.sqrt(np.maximum(size, 1))[:, None]).tocsr()
