"""Two towers: a vector for the user, one for the item, trained against the items of a batch."""

from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import log_softmax, softmax
from sklearn.utils.validation import check_is_fitted

from helpers.recommend.base import require_counts
from helpers.recommend.vectors import ItemBiasModel, check_bounded, check_settings, epochs


class TwoTower(ItemBiasModel):
    """Score items by the dot product of two vectors, so that an index can find the best ones.

    Each tower is one linear layer. The user's reads the history I_u, that of the item its id:

        x_ui = p_uᵀq_i + b_i,   p_u = Σ_{j∈I_u} a_j / |I_u|

    So new users have a vector as soon as they have a history. Training predicts each pair (u, i)
    from the rest of the history, I_u without i: it picks i out of the items of a batch, by the loss

        −ln softmax(x_ui − ln Q_i),   softmax over the items of all pairs of the batch

    The other pairs' items are *in-batch negatives*. An item comes into a batch with a probability
    proportional to Q_i, its share of all pairs. Without −ln Q_i, the *logQ correction*, x_ui would
    come near ln P(i | u) − ln Q_i: popular items lose their lead. With it, x_ui estimates
    ln P(i | u), up to a number that is the same for all items.

    Steps are those of AdaGrad (Duchi, Hazan & Singer 2011): the learning rate of each number is
    divided by the root of the sum of its squared slopes so far. How often a user acted on an item
    makes no difference. An unknown user or item has the score 0, marked as a fallback. Yi et al.
    use deep networks, vectors of length 1, and estimate Q_i from a stream; here it is counted.

    Parameters
    ----------
    factors : length of the vectors.
    learning_rate : above 0.
    epochs : passes over all pairs.
    batch_size : pairs of a batch, 2 or more.
    correction : whether to use the logQ correction.
    random_state : seed of the initial vectors and of the order.

    Attributes
    ----------
    history_factors_, item_factors_ : arrays of a_j and q_i, shape (items, factors), in the order of
        ``items_``. user_factors_ : array of p_u. item_bias_ : array of b_i.
    log_share_ : array of ln Q_i.

    References
    ----------
    X. Yi et al. (2019), Sampling-bias-corrected neural modeling for large corpus item
    recommendations, RecSys '19, 269–277, doi:10.1145/3298689.3346996. J. Duchi, E. Hazan &
    Y. Singer (2011), Adaptive subgradient methods for online learning and stochastic optimization,
    Journal of Machine Learning Research 12, 2121–2159.

    Examples
    --------
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Ben", "Cem", "Cem", "Dee"],
    ...     "item_id": ["tea", "cup", "tea", "cup", "oil", "pan", "oil"], "rating": 1})
    >>> TwoTower(factors=2, epochs=100).fit(bought).recommend(["Dee"], k=1)["item_id"].tolist()
    ['pan']
    """

    def __init__(
        self,
        factors: int = 16,
        learning_rate: float = 0.1,
        epochs: int = 10,
        batch_size: int = 256,
        correction: bool = True,
        random_state: int = 0,
    ):
        self.factors = factors
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.correction = correction
        self.random_state = random_state

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Learn the vectors; columns ``user_id``, ``item_id``, ``rating`` (above 0)."""
        check_settings(self, "learning_rate")
        if self.batch_size < 2:
            raise ValueError(f"TwoTower: needs a batch_size of 2 or more; got {self.batch_size}.")
        self._learn(interactions, scale=False)
        require_counts(interactions)
        rng = np.random.default_rng(self.random_state)
        shape = len(self.items_), self.factors
        self.history_factors_, self.item_factors_ = rng.normal(0, 0.1, (2, *shape))
        self.item_bias_ = np.zeros(shape[0])
        cells = self.ratings_.tocoo()
        self.log_share_ = np.log(np.bincount(cells.col) / cells.nnz)
        parts = self.history_factors_, self.item_factors_, self.item_bias_
        squares = [np.full(part.shape, 1e-8) for part in parts]
        for _ in epochs(self):
            order = rng.permutation(cells.nnz)
            for batch in np.split(order, range(self.batch_size, cells.nnz, self.batch_size)):
                slopes = self._gradient(cells.row[batch], cells.col[batch])
                for part, square, slope in zip(parts, squares, slopes, strict=True):
                    square += slope**2
                    part -= self.learning_rate * slope / np.sqrt(square)
            self._embed_users()
            check_bounded(self)
        return self

    def _embed_users(self) -> None:
        self.user_factors_ = _mean_rows(self.ratings_) @ self.history_factors_

    def _others(self, u: np.ndarray, i: np.ndarray) -> sparse.csr_array:
        """Return the mean over the history without i of each pair, as weights of the items."""
        own = sparse.csr_array(
            (np.ones(len(i)), (np.arange(len(i)), i)), (len(i), len(self.items_))
        )
        history = self.ratings_[u].astype(bool).astype(float)
        others = history - own
        others.eliminate_zeros()
        return _mean_rows(others)

    def _logits(self, others: sparse.csr_array, i: np.ndarray) -> np.ndarray:
        """Return the corrected scores of a batch: rows are users by `_others`, columns items."""
        p = others @ self.history_factors_
        logits = p @ self.item_factors_[i].T + self.item_bias_[i]
        if self.correction:
            logits -= self.log_share_[i]
        return logits

    def _loss(self, u: np.ndarray, i: np.ndarray) -> float:
        """Return the mean loss of a batch of pairs."""
        return -np.diag(log_softmax(self._logits(self._others(u, i), i), axis=1)).mean()

    def _gradient(self, u: np.ndarray, i: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return the slopes of that loss: of the history's vectors, the items' and their biases."""
        others = self._others(u, i)
        slope = (softmax(self._logits(others, i), axis=1) - np.eye(len(u))) / len(u)
        of_history = others.T @ (slope @ self.item_factors_[i])
        of_items, of_bias = np.zeros_like(self.item_factors_), np.zeros_like(self.item_bias_)
        np.add.at(of_items, i, slope.T @ (others @ self.history_factors_))
        np.add.at(of_bias, i, slope.sum(axis=0))
        return of_history, of_items, of_bias

    def _fold_in(self, users: np.ndarray) -> None:
        """Read the new histories; the vectors of the items stay as they are."""
        self._embed_users()

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return what the bias and each item of the history add to a score.

        Parameters
        ----------
        user, item : ids of the training.

        Returns
        -------
        DataFrame; columns ``part`` (the bias of the item, and each item of the history) and
        ``contribution``; the contributions add up to the score.
        """
        check_is_fitted(self)
        u = self._position(user, self.users_, "user")
        i = self._position(item, self.items_, "item")
        past = self.ratings_[[u]].indices
        votes = self.history_factors_[past] @ self.item_factors_[i] / len(past)
        parts = [f"item {item}", *(f"history {name}" for name in self.items_[past])]
        return pd.DataFrame({"part": parts, "contribution": [self.item_bias_[i], *votes]})


def _mean_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return a copy whose stored cells are 1 / (cells of the row)."""
    count = np.diff(matrix.indptr)
    weights = np.repeat(1 / np.maximum(count, 1), count)
    return sparse.csr_array((weights, matrix.indices, matrix.indptr), matrix.shape)
