"""Bayesian personalized ranking: factors that learn which of two items a user prefers."""

from collections.abc import Hashable
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import expit, log_expit
from sklearn.utils.validation import check_is_fitted

from helpers.recommend.base import CELLS, require_counts
from helpers.recommend.vectors import (
    ItemBiasModel,
    check_bounded,
    check_settings,
    epochs,
    replaced,
)

BATCH = 1_000  # largest number of triples whose steps are taken together
NEGATIVES = ("uniform", "popular")


class BPR(ItemBiasModel):
    """Score items so that those a user has acted on come before those the user has not.

        x_ui = b_i + p_uᵀq_i

    A triple (u, i, j) says that user u acted on item i and not on item j. Under the model, u
    prefers i with the probability σ(x_ui − x_uj), where σ(x) = 1 / (1 + e^(−x)). The loss of a
    triple is

        −ln σ(x_ui − x_uj) + λ/2 (‖p_u‖² + ‖q_i‖² + ‖q_j‖² + b_i² + b_j²)

    A bias of the user would cancel. There are far too many triples to use them all, so each epoch
    draws one item j for each pair (u, i); this is negative sampling. It skips the triple if j is an
    item of the user, and takes a step of stochastic gradient descent, with e = 1 − σ(x_ui − x_uj)
    and the learning rate γ:

        p_u += γ (e (q_i − q_j) − λ p_u)    b_i += γ (e − λ b_i)
        q_i += γ (e p_u − λ q_i)            b_j += γ (−e − λ b_j)
        q_j += γ (−e p_u − λ q_j)

    Steps are taken in batches, of no more triples than there are items: the steps of a batch start
    from the same numbers and are added. How often a user acted on an item makes no difference. An
    unknown user or item has the score 0, marked as a fallback.

    Parameters
    ----------
    factors : number of latent factors.
    learning_rate : γ > 0.
    regularization : λ > 0, counted once per triple.
    epochs : number of passes; each draws other items j.
    negatives : how j is drawn. "uniform": all items equally likely. "popular": in proportion to its
        number of users; popularity then does not help to tell i from j, so it is learned less.
    random_state : seed of the initial vectors, the order and the draws.

    Attributes
    ----------
    user_factors_, item_factors_ : arrays of p_u and q_i, in the order of ``users_``, ``items_``.
    item_bias_ : array of b_i.

    References
    ----------
    S. Rendle, C. Freudenthaler, Z. Gantner & L. Schmidt-Thieme (2009), BPR: Bayesian personalized
    ranking from implicit feedback, UAI 2009, 452–461, arXiv:1205.2618. S. Rendle & C. Freudenthaler
    (2014), Improving pairwise learning for item recommendation from implicit feedback, WSDM '14,
    273–282, doi:10.1145/2556195.2556248.

    Examples
    --------
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Cem", "Cem", "Dee"],
    ...     "item_id": ["tea", "cup", "tea", "oil", "pan", "oil"], "rating": [1, 1, 1, 1, 1, 1]})
    >>> model = BPR(factors=2, epochs=200).fit(bought)
    >>> model.recommend(["Ben", "Dee"], k=1)["item_id"].tolist()
    ['cup', 'pan']
    """

    def __init__(
        self,
        factors: int = 8,
        learning_rate: float = 0.05,
        regularization: float = 0.01,
        epochs: int = 30,
        negatives: str = "uniform",
        random_state: int = 0,
    ):
        self.factors = factors
        self.learning_rate = learning_rate
        self.regularization = regularization
        self.epochs = epochs
        self.negatives = negatives
        self.random_state = random_state

    def fit(self, interactions: pd.DataFrame) -> Self:
        """Learn the factors; columns ``user_id``, ``item_id``, ``rating`` (above 0)."""
        check_settings(self, "learning_rate", "regularization")
        if self.negatives not in NEGATIVES:
            raise ValueError(f"BPR: negatives are one of {NEGATIVES}, not {self.negatives!r}.")
        self._learn(interactions, scale=False)
        require_counts(interactions)
        rng = np.random.default_rng(self.random_state)
        users, items = self.ratings_.shape
        self.user_factors_ = rng.normal(0, 0.1, (users, self.factors))
        self.item_factors_ = rng.normal(0, 0.1, (items, self.factors))
        self.item_bias_ = np.zeros(items)
        self._descend(np.arange(users), rng)
        return self

    @np.errstate(over="ignore", invalid="ignore")  # check_bounded reports it
    def _descend(self, users: np.ndarray, rng: np.random.Generator, *, items: bool = True) -> None:
        """Take the steps of all epochs for some users; ``items`` says whether items move, too."""
        cells = self.ratings_[users].tocoo()
        u, i = users[cells.row], cells.col
        own = np.sort(u * len(self.items_) + i)
        # With more triples than items, an item has many steps in a batch, and overshoots.
        size = min(BATCH, len(self.items_))
        for _ in epochs(self):
            triples = self._triples(u, i, own, rng)
            for start in range(0, len(triples[0]), size):
                self._step(*(column[start : start + size] for column in triples), items=items)
            check_bounded(self)

    def _triples(
        self, u: np.ndarray, i: np.ndarray, own: np.ndarray, rng: np.random.Generator
    ) -> tuple:
        """Draw an item j for each pair, skip the triples whose j the user has, and shuffle.

        ``own`` holds the pairs of users and their items as sorted numbers, user · items + item.
        """
        if self.negatives == "uniform":
            j = rng.integers(len(self.items_), size=len(u))
        else:  # a uniform draw of cells, so an item in proportion to its users
            j = rng.choice(self.ratings_.indices, len(u))
        pair = u * len(self.items_) + j
        new = own[np.minimum(own.searchsorted(pair), len(own) - 1)] != pair
        order = rng.permutation(np.flatnonzero(new))
        return u[order], i[order], j[order]

    def _step(self, u: np.ndarray, i: np.ndarray, j: np.ndarray, *, items: bool = True) -> None:
        """Take one gradient step for some triples, all from the same numbers."""
        rate, lam = self.learning_rate, self.regularization
        p, q_i, q_j = self.user_factors_[u], self.item_factors_[i], self.item_factors_[j]
        b_i, b_j = self.item_bias_[i], self.item_bias_[j]
        e = expit(-(b_i - b_j + np.vecdot(p, q_i - q_j)))
        e_ = e[:, None]
        _add(self.user_factors_, u, rate * (e_ * (q_i - q_j) - lam * p))
        if items:
            _add(self.item_factors_, i, rate * (e_ * p - lam * q_i))
            _add(self.item_factors_, j, rate * (-e_ * p - lam * q_j))
            np.add.at(self.item_bias_, i, rate * (e - lam * b_i))
            np.add.at(self.item_bias_, j, rate * (-e - lam * b_j))

    def loss(self) -> float:
        """Return the mean of −ln σ(x_ui − x_uj) over all triples of the training.

        Each pair (u, i) counts the same: of its triples with all items j that u does not have, the
        mean is taken. Without any knowledge it is ln 2 = 0.693. The penalty is left out.
        """
        check_is_fitted(self)
        total, pairs = 0.0, 0
        size = max(1, CELLS // len(self.items_))
        cells = self.ratings_.tocoo()
        for start in range(0, self.ratings_.nnz, size):
            u, i = cells.row[start : start + size], cells.col[start : start + size]
            scores = self._scores(u)
            lead = scores[np.arange(len(u)), i][:, None] - scores
            others = self.ratings_[u].toarray() == 0
            some = others.any(axis=1)  # a user who has all items has no triple
            sums = np.where(others, -log_expit(lead), 0)[some].sum(axis=1)
            total += (sums / others[some].sum(axis=1)).sum()
            pairs += np.count_nonzero(some)
        return total / pairs if pairs else float("nan")

    def _fold_in(self, users: np.ndarray) -> None:
        """Learn the vectors of these users from 0, and leave the items as they are."""
        self.user_factors_ = replaced(self.user_factors_, len(self.users_), users, 0)
        self._descend(users, np.random.default_rng(self.random_state), items=False)

    def explain(self, user: Hashable, item: Hashable) -> pd.DataFrame:
        """Return the parts of a score; their ``contribution`` adds up to it.

        Parameters
        ----------
        user, item : ids of the training.

        Returns
        -------
        DataFrame; columns ``part`` (the bias of the item, and each factor), ``user`` and ``item``
        (the two numbers that a factor multiplies, else NaN), ``contribution``.
        """
        check_is_fitted(self)
        p = self.user_factors_[self._position(user, self.users_, "user")]
        i = self._position(item, self.items_, "item")
        q = self.item_factors_[i]
        names = [f"item {item}", *(f"factor {n}" for n in range(1, self.factors + 1))]
        parts = pd.DataFrame({"part": names, "user": [np.nan, *p], "item": [np.nan, *q]})
        return parts.assign(contribution=[self.item_bias_[i], *(p * q)])


def _add(values: np.ndarray, rows: np.ndarray, steps: np.ndarray) -> None:
    """Add steps to rows, some of them repeated; in one dimension, NumPy is much faster."""
    columns = values.shape[1]
    place = rows[:, None] * columns + np.arange(columns)
    np.add.at(values.reshape(-1), place.ravel(), steps.ravel())
