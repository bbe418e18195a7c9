"""BG/NBD and MBG/NBD: "buy till you die" models of how often users will buy.

They need three numbers per user, in weeks or another unit of time (`btyd_summary`):

    x    frequency   repeat purchases; the first purchase is not one
    t_x  recency     time from the first to the last purchase, not since the last one
    T    T           time from the first purchase to the end of observation

While active, a user buys at a random rate λ; after a purchase she drops out for good with
probability p. λ and p differ between users. Dropping out is not observed: the shop sees only
silence.
"""

from typing import Self

import numpy as np
import pandas as pd
from scipy.special import betaln, expit, gammaln, hyp2f1, psi

from helpers.value.likelihood import LikelihoodModel, check_horizon, check_summary


class BetaGeoModel(LikelihoodModel):
    """BG/NBD: how often users will buy, and whether they are still active.

    From the first purchase on, an active user buys at rate λ (a Poisson process) and drops out
    after any *repeat* purchase with probability p. Across users, λ ~ Gamma(r, α) and
    p ~ Beta(a, b). The log-likelihood of a history is

        ℓ = ln Γ(r+x)/Γ(r) + r ln α + ln B(a, b+x)/B(a, b) − (r+x) ln(α+t_x)
            + ln[ ((α+t_x)/(α+T))^(r+x) + δ a/(b+x−1) ],   δ = 1 if x > 0, else 0

    Two traps:

    - Users without a repeat purchase could not drop out yet, so P(alive) = 1 no matter how long ago
      they bought. Where that makes no sense, use `ModifiedBetaGeoModel`.
    - 1 − P(alive) is not a churn score: a user who is alive but buys once in ten years is as silent
      as one who is gone. The probability of no purchase within t is `probability_silent`.

    ``summary`` is a DataFrame with one row per user, from `btyd_summary`; predictions are Series
    with its index. A horizon ``t`` is in its unit of time, 0 or more: one number, or one per user.

    Attributes
    ----------
    r_, alpha_, a_, b_ : the fitted parameters; 1/α_ has the unit of a rate (per week).
    parameters_ : Series of the four.
    standard_errors_ : Series of their standard errors, from the curvature of the likelihood.
    log_likelihood_ : float, of all users together.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
    Pareto/NBD model, Marketing Science 24(2), https://doi.org/10.1287/mksc.1040.0098

    Examples
    --------
    >>> from helpers import value
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> summary = value.btyd_summary(orders, observation_end="1997-09-30")
    >>> model = BetaGeoModel().fit(summary)
    >>> model
    BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> model.expected_purchases(39, summary).head(2).round(3).tolist()
    [1.226, 0.197]
    """

    _names = ("r", "alpha", "a", "b")
    _dropout_at_first_purchase = 0  # whether users may drop out after the first purchase, too

    def fit(self, summary: pd.DataFrame) -> Self:
        """Estimate the parameters by maximum likelihood."""
        x, t_x, T = check_summary(summary)
        if not x.any():
            raise ValueError(
                f"{type(self).__name__}: none of the {len(x):,} users bought again (frequency is 0 "
                "throughout), so there is nothing to learn about repeat purchases. Watch longer."
            )
        time_per_purchase = T.sum() / x.sum()
        alike = pd.DataFrame({"x": x, "t_x": t_x, "T": T}).groupby(["x", "t_x", "T"], sort=False)
        users = alike.size()
        x, t_x, T = (users.index.get_level_values(name).to_numpy() for name in ("x", "t_x", "T"))
        users = users.to_numpy()
        x, which = np.unique(x, return_inverse=True)

        def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            return self._log_likelihood(parameters, x, which, t_x, T, users)

        starts = [
            (r, r * time_per_purchase, a, b)
            for r in (0.3, 2.0)
            for a, b in ((0.5, 1.5), (1.0, 5.0))
        ]
        return self._maximize(log_likelihood, starts, len(summary))

    def _log_likelihood(self, parameters, x, which, t_x, T, users) -> tuple[float, np.ndarray]:
        """Return the log-likelihood of all users and its gradient.

        For speed, ``x`` holds each frequency once (Γ and B are slow to compute), and a history is
        one row of ``t_x``, ``T`` and ``users``, how many have it; row i goes with x[which[i]].
        """
        r, alpha, a, b = parameters
        k = x + self._dropout_at_first_purchase
        with_x = np.bincount(which, weights=users)
        of_x = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + k) - betaln(a, b)

        shape = (r + x)[which]
        log_last = np.log(alpha + t_x)
        log_share = log_last - np.log(alpha + T)
        stay = shape * log_share
        leave = _log_odds_of_leaving(a, b, k)[which]
        of_history = np.logaddexp(stay, leave) - shape * log_last

        # The derivative of ln(e^stay + e^leave) is a mean of theirs, weighted by P(alive).
        alive = expit(stay - leave)
        gone_with_x = np.bincount(which, weights=users * (1 - alive))
        mean_inverse = alive / (alpha + T) + (1 - alive) / (alpha + t_x)
        d_b = psi(a + b) - psi(a + b + k)
        gradient = [
            with_x @ (psi(r + x) - psi(r) + np.log(alpha))
            + (users * (alive * log_share - log_last)).sum(),
            (users * (r / alpha - shape * mean_inverse)).sum(),
            with_x @ d_b + gone_with_x.sum() / a,
            with_x @ (d_b + psi(b + k) - psi(b)) - gone_with_x @ (1 / (b + np.fmax(k, 1) - 1)),
        ]
        return with_x @ of_x + (users * of_history).sum(), np.array(gradient)

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Return the probability that each user is still active.

            P(alive) = 1 / (1 + δ a/(b+x−1) ((α+T)/(α+t_x))^(r+x))

        References
        ----------
        Fader & Hardie (2008), Computing P(alive) using the BG/NBD model,
        http://brucehardie.com/notes/021/
        """
        return pd.Series(self._alive(*check_summary(summary)), summary.index, name="alive")

    def _alive(self, x, t_x, T) -> np.ndarray:
        r, alpha, a, b = self.parameters_
        leave = _log_odds_of_leaving(a, b, x + self._dropout_at_first_purchase)
        return expit((r + x) * np.log((alpha + t_x) / (alpha + T)) - leave)

    def expected_purchases(self, t: float | np.ndarray, summary: pd.DataFrame) -> pd.Series:
        """Return the expected number of purchases of each user in the next t units of time.

            E[Y(t)] = P(alive) (a+b+x−1)/(a−1)
                      · [1 − ((α+T)/(α+T+t))^(r+x) ₂F₁(r+x, b+x; a+b+x−1; t/(α+T+t))]

        (Fader, Hardie & Lee 2005, equation 10).
        """
        expected = self._expected(check_horizon(t), *check_summary(summary))
        return pd.Series(expected, summary.index, name="expected_purchases")

    def expected_purchases_new(self, t: float | np.ndarray) -> float | np.ndarray:
        """Return the expected number of repeat purchases in the t units after a first purchase.

            E[X(t)] = (a+b−1)/(a−1) · [1 − (α/(α+t))^r ₂F₁(r, b; a+b−1; t/(α+t))]

        (equation 9), which is that of a new user, x = t_x = T = 0. The result has the shape of
        ``t``.
        """
        expected = self._expected(check_horizon(t), 0.0, 0.0, 0.0)
        return expected if np.ndim(t) else float(expected)

    def _expected(self, t, x, t_x, T) -> np.ndarray:
        r, alpha, a, b = self.parameters_
        if abs(a - 1) < 1e-6:
            a = 1 + 1e-6  # the formula is 0/0 at a = 1, where nothing special happens
        c = a + b + x + self._dropout_at_first_purchase - 1
        w = t / (alpha + T + t)
        # For users who buy a lot, (1−w)^(r+x) ₂F₁(r+x, c−a+1; c; w) is 0 · ∞. By Euler's
        # transformation it equals (1−w)^(a−1) ₂F₁(a−1, c−r−x; c; w), which is not.
        missed = (1 - w) ** (a - 1) * hyp2f1(a - 1, c - r - x, c, w)
        return self._alive(x, t_x, T) * c / (a - 1) * (1 - missed)

    def probability_silent(self, t: float | np.ndarray, summary: pd.DataFrame) -> pd.Series:
        """Return the probability that each user buys nothing in the next t units of time.

            P(Y(t) = 0) = 1 − P(alive) + P(alive) ((α+T)/(α+T+t))^(r+x)

        This is the churn score: users are silent because they dropped out, or because an active
        user does not buy, which has the probability of the last factor, as λ ~ Gamma(r+x, α+T).
        """
        r, alpha, _, _ = self.parameters_
        t, (x, t_x, T) = check_horizon(t), check_summary(summary)
        buys_if_alive = -np.expm1(-(r + x) * np.log1p(t / (alpha + T)))
        silent = 1 - self._alive(x, t_x, T) * buys_if_alive
        return pd.Series(silent, summary.index, name="silent")


def _log_odds_of_leaving(a: float, b: float, k: np.ndarray) -> np.ndarray:
    """Return ln a/(b+k−1), the log-odds of dropout at the last of k chances; −∞ for k = 0."""
    return np.where(k > 0, np.log(a / (b + np.fmax(k, 1) - 1)), -np.inf)


class ModifiedBetaGeoModel(BetaGeoModel):
    """MBG/NBD: like BG/NBD, but users may drop out after their first purchase, too.

    There are x + 1 chances to drop out instead of x. In every formula of `BetaGeoModel`, b + x
    becomes b + x + 1 (but B(a, b) stays) and δ is always 1. So a one-time buyer is not certain to
    be alive:

        P(alive | x = 0) = 1 / (1 + a/b ((α+T)/α)^r)

    and a new user stays with probability b/(a+b). Attributes and methods are those of
    `BetaGeoModel`.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
    customer base analysis, International Journal of Research in Marketing 24(3),
    https://doi.org/10.1016/j.ijresmar.2006.12.005.
    Hoppe & Wagner (2007), Customer base analysis: the case for a central variant of the
    Betageometric/NBD model, Marketing – Journal of Research and Management 3(2).

    Examples
    --------
    >>> bought_once_long_ago = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [38.0]})
    >>> from helpers import value
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> summary = value.btyd_summary(orders, observation_end="1997-09-30")
    >>> BetaGeoModel().fit(summary).probability_alive(bought_once_long_ago).item()
    1.0
    >>> model = ModifiedBetaGeoModel().fit(summary)
    >>> round(model.probability_alive(bought_once_long_ago).item(), 2)
    0.39
    """

    _dropout_at_first_purchase = 1
