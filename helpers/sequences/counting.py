"""Models that count: what was seen lately, what comes after an item, what lies in its sessions."""

import numpy as np
from scipy import sparse

from helpers.sequences.base import SequenceModel, contents


class RecentPopularity(SequenceModel):
    """Recommend to every session what was seen most in the last days of the training.

    Parameters
    ----------
    days : how many days before the end of the training count; by default all.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"session_id": ["S1", "S2", "S3"], "item_id": ["fan", "fan", "tea"],
    ...     "occurred_at": pd.to_datetime(["2025-07-01", "2025-07-02", "2025-12-01"])})
    >>> RecentPopularity(days=30).fit(log).recommend(log[:1])["item_id"].tolist()
    ['tea']
    """

    def __init__(self, days: float | None = None):
        self.days = days

    def _learn(self, past: np.ndarray) -> None:
        pass

    def _scores(self, started: np.ndarray) -> np.ndarray:
        return np.tile(self.share_, (len(started), 1))


class MarkovChain(SequenceModel):
    """First-order Markov chain: the next item depends on the last one, and on nothing before it.

        P(j | i) = (n_ij + m p_j) / (n_i + m)

    n_ij says how often j came directly after i, n_i = Σ_j n_ij, and p_j is the share of j among all
    items, of the last ``days`` if given. The smoothing m adds m imagined steps by popularity, so
    that few steps from i are not taken for certain; with m → 0 it is the rate n_ij / n_i.

    Parameters
    ----------
    smoothing : m, above 0.
    days : how many days before the end of the training count for p_j; by default all.

    Attributes
    ----------
    counts_ : csr_array of n_ij, shape (items, items).

    References
    ----------
    M. Ludewig & D. Jannach (2018), Evaluation of session-based recommendation algorithms, User
    Modeling and User-Adapted Interaction 28, 331–390, doi:10.1007/s11257-018-9209-6

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"session_id": ["S1", "S1", "S2", "S2"],
    ...                     "item_id": ["lamp", "bulb", "lamp", "vase"],
    ...                     "occurred_at": pd.date_range("2025-03-01", periods=4)})
    >>> model = MarkovChain(smoothing=2).fit(log)
    >>> model.recommend(log[:1])  # bulb: (1 + 2 / 4) / (2 + 2), and vase alike
      session_id item_id  score  rank
    0         S1    bulb  0.375     1
    1         S1    vase  0.375     2
    """

    def __init__(self, smoothing: float = 100, days: float | None = None):
        self.smoothing = smoothing
        self.days = days

    def _learn(self, past: np.ndarray) -> None:
        if not self.smoothing > 0:  # NaN is refused, too
            raise ValueError(f"{type(self).__name__}: needs a smoothing above 0; got {self}.")
        self.counts_ = self._count(past, len(self.items_))
        self.from_ = self.counts_.sum(axis=1)

    def _count(self, past: np.ndarray, items: int) -> sparse.csr_array:
        before, after = past[:, :-1].ravel(), past[:, 1:].ravel()
        step = before >= 0
        pairs = before[step], after[step]
        return sparse.csr_array((np.ones(step.sum()), pairs), (items, items))

    def _scores(self, started: np.ndarray) -> np.ndarray:
        last = started[:, -1]
        known = (last >= 0)[:, None]  # an unknown last item (-1) is followed by what is popular
        counts, steps = known * self.counts_[last].toarray(), known * self.from_[last][:, None]
        return (counts + self.smoothing * self.share_) / (steps + self.smoothing)


class Cooccurrence(MarkovChain):
    """Item-to-item by session: what lies in a session together, in whatever order.

    P(j | i) as in `MarkovChain`, but n_ij is the number of sessions that hold both i and j. The
    score of j is the mean of P(j | i) over all items i that the session has seen.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"session_id": ["S1", "S1", "S2", "S2"],
    ...                     "item_id": ["lamp", "bulb", "lamp", "vase"],
    ...                     "occurred_at": pd.date_range("2025-03-01", periods=4)})
    >>> Cooccurrence(smoothing=2).fit(log).recommend(log[1:2])  # (1 + 2 / 2) / (1 + 2), from bulb
      session_id item_id     score  rank
    0         S1    lamp  0.666667     1
    1         S1    vase  0.166667     2
    """

    def _count(self, past: np.ndarray, items: int) -> sparse.csr_array:
        held = contents(past, items)
        counts = (held.T @ held).tolil()
        counts.setdiag(0)
        return counts.tocsr()

    def _scores(self, started: np.ndarray) -> np.ndarray:
        held = contents(started, len(self.items_))
        weight = 1 / (self.from_ + self.smoothing)
        counted = held @ sparse.diags_array(weight) @ self.counts_
        imagined = np.outer(held @ weight, self.smoothing * self.share_)
        seen = held.sum(axis=1)
        scores = (counted.toarray() + imagined) / np.maximum(seen, 1)[:, None]
        scores[seen == 0] = self.share_
        return scores
