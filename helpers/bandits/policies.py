"""Policies that learn from clicks alone: each gives every item a score, and the page shows the top.

A policy plays many independent runs at once, so that its regret can be averaged over them: its
state is arrays with a row for each run. ``looks`` are counted by examination probability, so that
an item in a place at which half of the users look gets half a look.
"""

from typing import Self

import numpy as np
from scipy.special import rel_entr

from helpers.bandits.propensities import thompson_propensities

UNSEEN = 1e3  # score of an item without a look: above all others, and equal for all such items


class MostClicked:
    """Show what has been clicked most often, however often it was shown: a list of bestsellers.

    Attributes
    ----------
    clicks_, looks_ : arrays, shape (runs, items).
    """

    def start(self, runs: int, items: int, features: int, rng: np.random.Generator) -> Self:
        """Forget everything; ``features`` is for contextual policies."""
        self.clicks_, self.looks_ = np.zeros((2, runs, items))
        self.rng_ = rng
        return self

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Return the clicks, shape (runs, items), the same for all users, whatever their ``x``."""
        return self.clicks_

    def update(
        self, x: np.ndarray, items: np.ndarray, looks: np.ndarray, clicked: np.ndarray
    ) -> None:
        """Learn from rounds; items, looks and clicked have the shape (rounds, runs, places)."""
        runs = np.broadcast_to(np.arange(len(self.clicks_))[:, None], items.shape)
        np.add.at(self.looks_, (runs, items), looks)
        np.add.at(self.clicks_, (runs, items), clicked)


class Greedy(MostClicked):
    """Show what has the highest rate, clicks per look; what has had no look comes first.

    Examples
    --------
    >>> greedy = Greedy().start(1, 3, 1, np.random.default_rng(0))
    >>> greedy.clicks_[:], greedy.looks_[:] = [[1, 2, 0]], [[2, 5, 0]]
    >>> greedy.scores(None).tolist()
    [[0.5, 0.4, 1000.0]]
    """

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Return clicks / looks, shape (runs, items)."""
        rates = np.full(self.looks_.shape, UNSEEN)
        return np.divide(self.clicks_, self.looks_, where=self.looks_ > 0, out=rates)


class UCB1(Greedy):
    """Show what has the highest upper confidence bound.

        clicks / looks + √(2 ln t / looks),   t = looks at all items

    References
    ----------
    Auer, Cesa-Bianchi & Fischer (2002), Finite-time analysis of the multiarmed bandit problem,
    https://doi.org/10.1023/A:1013689704352

    Examples
    --------
    >>> ucb = UCB1().start(1, 2, 1, np.random.default_rng(0))
    >>> ucb.clicks_[:], ucb.looks_[:] = [[2, 1]], [[8, 2]]
    >>> ucb.scores(None).round(3).tolist()  # 2/8 + √(2 ln 10 / 8), and 1/2 + √(2 ln 10 / 2)
    [[1.009, 2.017]]
    """

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Return the upper confidence bounds, shape (runs, items)."""
        log_t = np.log(np.maximum(self.looks_.sum(axis=1, keepdims=True), 1))
        return super().scores(x) + np.sqrt(2 * log_t / np.where(self.looks_ > 0, self.looks_, 1))


class KLUCB(Greedy):
    """Show what has the highest upper confidence bound of a probability.

        the largest q with looks · KL(p, q) ≤ ln t,   p = clicks / looks
        KL(p, q) = p ln(p / q) + (1 − p) ln((1 − p) / (1 − q))

    t as for `UCB1`, whose bound holds for any rewards between 0 and 1. A click is 0 or 1, so the
    Kullback–Leibler divergence KL gives a narrower bound, most of all near 0 and 1. With fractional
    looks, p above 1 counts as 1.

    References
    ----------
    Garivier & Cappé (2011), The KL-UCB algorithm for bounded stochastic bandits and beyond, COLT,
    PMLR 19, 359–376, with their constant c = 0

    Examples
    --------
    With no click in two looks, KL(0, q) is −ln(1 − q), so q = 1 − exp(−ln 10 / 2).

    >>> policy = KLUCB().start(1, 2, 1, np.random.default_rng(0))
    >>> policy.clicks_[:], policy.looks_[:] = [[8, 0]], [[8, 2]]
    >>> policy.scores(None).round(3).tolist()
    [[1.0, 0.684]]
    """

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Return the upper confidence bounds, shape (runs, items), by bisection."""
        p = np.clip(super().scores(x), 0, 1)
        log_t = np.log(np.maximum(self.looks_.sum(axis=1, keepdims=True), 1))
        low, high = p, np.ones_like(p)
        for _ in range(16):
            q = (low + high) / 2
            inside = self.looks_ * (rel_entr(p, q) + rel_entr(1 - p, 1 - q)) <= log_t
            low, high = np.where(inside, q, low), np.where(inside, high, q)
        return np.where(self.looks_ > 0, low, UNSEEN)


class Thompson(MostClicked):
    """Show each item as often as it is likely to be the best, given the clicks so far.

    It draws a rate for each item from a beta distribution and shows the highest draws,

        Beta(1 + clicks, 1 + looks − clicks)

    the posterior of a rate about which nothing was known (uniform prior). If places below the first
    get a fraction of a look, this is an approximation, and looks − clicks below 0 count as 0.

    Parameters
    ----------
    discount : what a round leaves of the clicks and looks before it, in (0, 1]; 1 forgets nothing.

    References
    ----------
    Thompson (1933), On the likelihood that one unknown probability exceeds another in view of the
    evidence of two samples, https://doi.org/10.1093/biomet/25.3-4.285; the discount: Raj & Kalyani
    (2017), Taming non-stationary bandits, https://arxiv.org/abs/1707.09727

    Examples
    --------
    >>> thompson = Thompson().start(1, 2, 1, np.random.default_rng(0))
    >>> second, clicked = np.array([[[1]], [[1]]]), np.array([[[1]], [[0]]])  # two rounds, one run
    >>> thompson.update(None, second, np.ones((2, 1, 1)), clicked)
    >>> [parameter.tolist() for parameter in thompson.posterior()]
    [[[1.0, 2.0]], [[1.0, 2.0]]]
    """

    def __init__(self, discount: float = 1.0):
        self.discount = discount

    def start(self, runs: int, items: int, features: int, rng: np.random.Generator) -> Self:
        """Forget everything; ``features`` is for contextual policies."""
        if not 0 < self.discount <= 1:
            raise ValueError(f"discount is above 0 and at most 1; got {self.discount!r}.")
        return super().start(runs, items, features, rng)

    def posterior(self) -> tuple[np.ndarray, np.ndarray]:
        """Return α and β of each item's beta distribution, each of shape (runs, items)."""
        return 1 + self.clicks_, 1 + np.maximum(self.looks_ - self.clicks_, 0)

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Draw rates for each visit, shape (…, runs, items); ``x`` is (…, runs, features)."""
        alpha, beta = self.posterior()
        return self.rng_.beta(alpha, beta, (*x.shape[:-1], alpha.shape[-1]))

    def propensities(self) -> np.ndarray:
        """Return the probability of each item to have the highest draw, shape (runs, items)."""
        return thompson_propensities(*self.posterior())

    def update(
        self, x: np.ndarray, items: np.ndarray, looks: np.ndarray, clicked: np.ndarray
    ) -> None:
        """Learn from rounds, after discounting what was known before them."""
        for known in (self.clicks_, self.looks_):
            known *= self.discount ** len(items)
        super().update(x, items, looks, clicked)
