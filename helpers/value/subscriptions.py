"""The shifted-beta-geometric model: how long customers keep a contract."""

from typing import Self

import numpy as np
import pandas as pd
from scipy.special import betaln, hyp2f1, psi

from helpers.data import checks
from helpers.value.likelihood import LikelihoodModel


class ShiftedBetaGeometric(LikelihoodModel):
    """sBG: how many customers of a cohort renew their contract, period after period.

    At the end of every period a customer cancels with the same probability θ as before, and θ
    differs between customers as Beta(α, β). So, with B the beta function,

        P(T = t) = B(α+1, β+t−1) / B(α, β)      cancels at the end of period t
        S(t)     = B(α, β+t) / B(α, β)          is still there after t periods
        r(t)     = S(t) / S(t−1) = (β+t−1) / (α+β+t−1)

    The retention rate r(t) rises with t although no customer changes: those with a high θ leave
    first. The log-likelihood of n periods is Σ lost(t) ln P(T = t) + left(n) ln S(n).

    Attributes
    ----------
    alpha_, beta_ : the fitted parameters.
    parameters_ : Series of the two.
    standard_errors_ : Series of their standard errors, from the curvature of the likelihood.
    log_likelihood_ : float, of all customers together.

    References
    ----------
    Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1), https://doi.org/10.1002/dir.20074

    Examples
    --------
    >>> high_end = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> model = ShiftedBetaGeometric().fit(high_end)
    >>> model
    ShiftedBetaGeometric(alpha=0.668, beta=3.806)
    >>> model.survival([7, 12]).round(3).tolist()
    [0.489, 0.378]
    """

    _names = ("alpha", "beta")

    def fit(self, survivors: np.ndarray) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        survivors : how many customers of a cohort are there at the start, and after 1, 2, …
            periods; at least three numbers, since one retention rate fits many α and β.
        """
        left = _check_survivors(survivors)
        lost, t, n = -np.diff(left), np.arange(1, len(left)), len(left) - 1

        def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            alpha, beta = parameters
            total = lost @ betaln(alpha + 1, beta + t - 1) + left[n] * betaln(alpha, beta + n)
            total -= left[0] * betaln(alpha, beta)
            shared = lost @ psi(alpha + beta + t) + left[n] * psi(alpha + beta + n)
            shared -= left[0] * psi(alpha + beta)
            gradient = [
                lost.sum() * psi(alpha + 1) + left[n] * psi(alpha) - left[0] * psi(alpha) - shared,
                lost @ psi(beta + t - 1) + left[n] * psi(beta + n) - left[0] * psi(beta) - shared,
            ]
            return total, np.array(gradient)

        return self._maximize(log_likelihood, [(1.0, 1.0), (1.0, 10.0)], int(left[0]))

    def survival(self, t: int | np.ndarray) -> np.ndarray:
        """Return S(t), the share of a cohort still there after t periods."""
        alpha, beta = self.parameters_
        return np.exp(betaln(alpha, beta + _check_periods("t", t, 0)) - betaln(alpha, beta))

    def retention(self, t: int | np.ndarray) -> np.ndarray:
        """Return r(t), the share of those there before renewal t (1, 2, …) who renew."""
        alpha, beta = self.parameters_
        t = _check_periods("t", t, 1)
        return (beta + t - 1) / (alpha + beta + t - 1)

    def discounted_lifetime(self, discount: float, tenure: int | np.ndarray = 0) -> np.ndarray:
        """Return the expected number of payments from now on, in present value.

        A customer with ``tenure`` renewals pays now, and again at each renewal to come:

            Σ_{k≥0} S(tenure+k) / S(tenure) / (1+d)^k = ₂F₁(1, β+tenure; α+β+tenure; 1/(1+d))

        Times the margin of a payment, this is the residual lifetime value. Renewing ``tenure``
        times turns Beta(α, β) into Beta(α, β+tenure), so the formula is that of a new customer.

        Parameters
        ----------
        discount : d, discount rate per period, above 0.
        tenure : renewals so far; 0 is a new customer.

        References
        ----------
        Fader & Hardie (2010), https://doi.org/10.1287/mksc.1080.0482, whose DERL is the value just
        before a renewal: r(tenure+1) times the value just after it.
        """
        if not 0 < discount < np.inf:
            raise ValueError(f"discount is a rate per period, above 0; got {discount}.")
        alpha, beta = self.parameters_
        beta = beta + _check_periods("tenure", tenure, 0)
        return hyp2f1(1, beta, alpha + beta, 1 / (1 + discount))


def _check_survivors(survivors: np.ndarray) -> np.ndarray:
    left = pd.DataFrame({"survivors": np.asarray(survivors)})
    checks.require(left, survivors="count")
    left = left["survivors"]
    fix = "It counts those of one cohort who are still there; nobody can join later."
    checks.refuse_rows(
        left.to_frame(),
        ("survivors", left < 0, "is negative", "It counts customers."),
        ("survivors", left.diff() > 0, "rises", fix),
        name="survivors",
    )
    if len(left) < 3:
        raise ValueError(
            f"survivors has {len(left)} numbers; it needs those at the start and after two or more "
            "periods. Wait for another renewal."
        )
    if left[0] == 0:
        raise ValueError("survivors starts at 0: there is nobody to lose. Take another cohort.")
    return left.to_numpy(dtype=float)


def _check_periods(name: str, t: int | np.ndarray, least: int) -> np.ndarray:
    t = np.asarray(t)
    if not ((t >= least) & (t % 1 == 0)).all():
        raise ValueError(f"{name} counts periods: whole numbers, {least} or more; got {t}.")
    return t
