"""Contextual policies: a linear model of the clicks on each item, from features of the user."""

from typing import Self

import numpy as np


class LinUCB:
    """Show what has the highest upper confidence bound for this user (disjoint linear models).

    Each item has a ridge regression of its own, clicks on the features x of the users,

        A = I + Σ look · x xᵀ,   b = Σ click · x,   θ̂ = A⁻¹ b
        score = x·θ̂ + α √(xᵀ A⁻¹ x)

    summed over those to whom it was shown. With α = 0 this is a greedy linear model.

    Parameters
    ----------
    alpha : how much an uncertain prediction is favored, 0 or more.

    Attributes
    ----------
    a_, inverse_ : A and its inverse, shape (runs, items, features, features).
    b_, weights_ : b and θ̂, shape (runs, items, features).

    References
    ----------
    Li, Chu, Langford & Schapire (2010), A contextual-bandit approach to personalized news article
    recommendation, https://doi.org/10.1145/1772690.1772758 (algorithm 1)

    Examples
    --------
    One item, shown to a user with x = (1, 1), who clicked: A = (2 1; 1 2), b = (1, 1) and
    θ̂ = (1/3, 1/3). For x = (1, 0) the score is 1/3 + √(2/3).

    >>> policy = LinUCB().start(1, 1, 2, np.random.default_rng(0))
    >>> one = np.ones((1, 1, 1))
    >>> policy.update(np.ones((1, 1, 2)), np.zeros((1, 1, 1), int), one, one)
    >>> policy.scores(np.array([[1.0, 0.0]])).round(3).tolist()
    [[1.15]]
    """

    def __init__(self, alpha: float = 1.0):
        self.alpha = alpha

    def start(self, runs: int, items: int, features: int, rng: np.random.Generator) -> Self:
        """Forget everything."""
        if not self.alpha >= 0:
            raise ValueError(f"alpha is 0 or more; got {self.alpha!r}.")
        self.rng_ = rng
        self.a_ = np.tile(np.eye(features), (runs, items, 1, 1))
        self.inverse_ = self.a_.copy()
        self.b_, self.weights_ = np.zeros((2, runs, items, features))
        return self

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Return scores for each visit, shape (…, runs, items); ``x`` is (…, runs, features)."""
        spread = np.sqrt(np.einsum("rifg,...rf,...rg->...ri", self.inverse_, x, x, optimize=True))
        return np.einsum("rif,...rf->...ri", self.weights_, x) + self._bonus(spread)

    def update(
        self, x: np.ndarray, items: np.ndarray, looks: np.ndarray, clicked: np.ndarray
    ) -> None:
        """Learn from rounds: x (rounds, runs, features), the others (rounds, runs, places)."""
        shown = np.broadcast_to(np.arange(len(self.a_))[:, None], items.shape), items
        x = np.broadcast_to(x[:, :, None], (*items.shape, x.shape[-1]))
        np.add.at(self.a_, shown, looks[..., None, None] * x[..., None] * x[..., None, :])
        np.add.at(self.b_, shown, clicked[..., None] * x)
        new = np.zeros(self.a_.shape[:2], bool)  # each item once, however often it was shown
        new[shown] = True
        self.inverse_[new] = np.linalg.inv(self.a_[new])
        self.weights_[new] = np.einsum("nfg,ng->nf", self.inverse_[new], self.b_[new])

    def _bonus(self, spread: np.ndarray) -> np.ndarray:
        return self.alpha * spread


class LinearThompson(LinUCB):
    """Draw each item's prediction at random around x·θ̂, and show the highest draws.

    With weights drawn from N(θ̂, α² A⁻¹) for each item, the prediction of a user is distributed as

        x·θ̂ + α √(xᵀ A⁻¹ x) · z,   z standard normal

    so z is drawn here, and not the weights.

    Parameters
    ----------
    alpha : width of the posterior, 0 or more; the standard deviation of a click, if it is known.

    References
    ----------
    Agrawal & Goyal (2013), Thompson sampling for contextual bandits with linear payoffs, ICML '13,
    https://proceedings.mlr.press/v28/agrawal13.html
    """

    def _bonus(self, spread: np.ndarray) -> np.ndarray:
        return self.alpha * spread * self.rng_.standard_normal(spread.shape)
