"""Scores from implicit feedback by neighbors: sums of votes.

The scores of users × items are the product of two sparse matrices. Each row has few neighbors, so
the product is sparse, too, and is computed in batches.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.recommend.base import Recommender
from helpers.similarity.products import largest_of_product
from helpers.similarity.ranking import best_first
from helpers.similarity.rows import batches, keep_largest, product_batches
from helpers.similarity.search import Comparison
from helpers.similarity.threads import in_threads

CELLS = 1_000_000  # scores of a batch


class Votes(Recommender):
    """Base of the neighborhood models: with implicit feedback, they add up the neighbors' votes.

    The neighborhood N_k(u) is that of the user, whatever the item, and what is predicted is a
    score, Σ_{v∈N_k(u)} s_uv r_vi, not divided by Σ|s|: where all ratings are 1, a mean would be 1,
    too. ``center`` and ``min_k`` are not used. The model has ``ratings_``, and in
    ``neighbors_`` a row of similarities for each user, or for each item.
    """

    k: int
    min_sim: float
    feedback: str
    comparison_: Comparison
    _item_based: bool

    @property
    def _implicit(self) -> bool:
        return self.feedback == "implicit"

    def _factors(self, filter_seen: bool = False) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Return the two matrices, of users and of items, whose product is the scores."""
        near = self.neighbors_
        if filter_seen:  # a self-weight of -∞ removes what the user already has
            near = near + sparse.diags_array(np.full(near.shape[0], -np.inf), format="csr")
        return (self.ratings_, near) if self._item_based else (near, self.ratings_)

    def _predict_votes(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the score of each pair, and whether it is a fallback."""
        known = (users >= 0) & (items >= 0)
        score = np.zeros(len(users))
        score[known] = score_pairs(*self._factors(), users[known], items[known])
        return score, score == 0

    def _best_votes(self, users: np.ndarray, k: int, filter_seen: bool) -> Iterator[tuple]:
        """Yield batches of users, and row, item and score of their best."""
        known = np.flatnonzero(users >= 0)
        left, right = self._factors(filter_seen)
        for batch, *best in best_products(left[users[known]], right, k):
            yield known[batch], *best

    def _renew_votes(self, users: np.ndarray) -> None:
        """Find the neighbors of new users; other users, and items, keep theirs."""
        if self._item_based:
            return
        old = self.neighbors_.copy()
        old.resize(len(self.users_), len(self.users_))
        new = self.comparison_.nearest(self.k, self.min_sim, users)
        row = np.arange(len(self.users_))
        row[users] = len(row) + np.arange(len(users))
        self.neighbors_ = sparse.vstack([old, new], format="csr")[row]

    def _explain_votes(self, u: np.ndarray, i: np.ndarray) -> pd.DataFrame:
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
        """Return a row for each neighbor, with its id in words."""
        what, labels = ("item", self.items_) if self._item_based else ("user", self.users_)
        labels = labels.astype(object)[others]
        parts = pd.DataFrame({"part": [f"{what} {label}" for label in labels], "neighbor": labels})
        return parts.assign(rating=rating, similarity=similarity)


def score_pairs(
    left: sparse.csr_array, right: sparse.csr_array, row: np.ndarray, column: np.ndarray
) -> np.ndarray:
    """Return some cells of the product of two matrices.

    Examples
    --------
    >>> X = sparse.csr_array([[1.0, 2.0], [0.0, 3.0]])
    >>> score_pairs(X, X, np.array([1, 0]), np.array([1, 1])).tolist()  # 3·3, 1·2 + 2·3
    [9.0, 8.0]
    """
    scores = np.zeros(len(row))
    asked, place = np.unique(row, return_inverse=True)

    def work(batch: np.ndarray) -> None:
        pairs = np.flatnonzero((place >= batch[0]) & (place <= batch[-1]))
        block = (left[asked[batch]] @ right).toarray()
        scores[pairs] = block[place[pairs] - batch[0], column[pairs]]

    in_threads(work, batches(np.arange(len(asked)), CELLS // right.shape[1]))
    return scores


def best_products(left: sparse.csr_array, right: sparse.csr_array, k: int) -> Iterator[tuple]:
    """Yield batches of rows of the product, and the row, column and score of their k largest.

    Examples
    --------
    >>> X = sparse.csr_array([[1.0, 2.0], [0.0, 3.0]])
    >>> [[part.tolist() for part in batch] for batch in best_products(X, X, k=1)]
    [[[0, 1], [0, 1], [1, 1], [8.0, 9.0]]]
    """
    scores = largest_of_product(left, right, k)

    def work(batch: np.ndarray) -> tuple:
        best = keep_largest(scores(batch), k)
        row = np.repeat(np.arange(len(batch)), np.diff(best.indptr))
        order = best_first(best.data, row)
        return batch, row[order], best.indices[order], best.data[order]

    yield from in_threads(work, product_batches(left, right))
