"""The Gamma-Gamma model of spending per purchase."""

from typing import Self

import numpy as np
import pandas as pd
from scipy.special import gammaln, psi

from helpers.data import checks
from helpers.value.likelihood import LikelihoodModel


class GammaGammaModel(LikelihoodModel):
    """How much users spend per purchase.

    A user's spending varies from purchase to purchase as Gamma(p, ν), and ν varies across users as
    Gamma(q, γ). With x repeat purchases observed and their mean z̄, the log-likelihood is

        ℓ = ln Γ(px+q)/(Γ(px) Γ(q)) + q ln γ + (px−1) ln z̄ + px ln x − (px+q) ln(γ+x z̄)

    The model assumes that spending is independent of how often a user buys: check the correlation
    of ``frequency`` and ``monetary`` before you multiply the two.

    ``summary`` is a DataFrame with one row per user, from `btyd_summary` with ``value``.

    Attributes
    ----------
    p_, q_, gamma_ : the fitted parameters; γ_ has the unit of money.
    parameters_ : Series of the three.
    standard_errors_ : Series of their standard errors, from the curvature of the likelihood.
    log_likelihood_ : float, of all users with repeat purchases together.

    References
    ----------
    Fader & Hardie (2013), The Gamma-Gamma model of monetary value,
    http://www.brucehardie.com/notes/025/; first used in Fader, Hardie & Lee (2005), RFM and CLV:
    using iso-value curves for customer base analysis, Journal of Marketing Research 42(4),
    https://doi.org/10.1509/jmkr.2005.42.4.415

    Examples
    --------
    >>> from helpers import value
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> summary = value.btyd_summary(orders, value="value", observation_end="1997-09-30")
    >>> GammaGammaModel().fit(summary)
    GammaGammaModel(p=6.250, q=3.744, gamma=15.444)
    """

    _names = ("p", "q", "gamma")

    def fit(self, summary: pd.DataFrame) -> Self:
        """Estimate the parameters by maximum likelihood; users who bought once are ignored."""
        x, mean = _spending(summary)
        free = (summary["frequency"] > 0) & (summary["monetary"] == 0)
        fix = "The model knows no free purchases: leave these users out of the fit."
        checks.refuse_rows(summary, ("monetary", free, "is zero", fix), name="summary")
        x, mean = x[x > 0], mean[x > 0]
        if not len(x):
            raise ValueError(
                "GammaGammaModel: none of the users bought again (frequency is 0 throughout), so "
                "no repeat spending is known. Watch longer."
            )

        def log_likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            p, q, gamma = parameters
            px, total = p * x, gamma + x * mean
            each = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma)
            each += (px - 1) * np.log(mean) + px * np.log(x) - (px + q) * np.log(total)
            gradient = [
                x * (psi(px + q) - psi(px) + np.log(x * mean / total)),
                psi(px + q) - psi(q) + np.log(gamma / total),
                q / gamma - (px + q) / total,
            ]
            return each.sum(), np.sum(gradient, axis=1)

        starts = [(p, q, mean.mean() * (q - 1) / p) for p in (1.0, 6.0) for q in (2.0, 4.0)]
        return self._maximize(log_likelihood, starts, len(x))

    def expected_spend(self, summary: pd.DataFrame) -> pd.Series:
        """Return the expected mean spending per purchase of each user.

            E[M | z̄, x] = p (γ + x z̄) / (px + q − 1)

        This is a weighted mean of the user's own mean and that of all users, p γ/(q−1), with more
        weight on the former the more purchases there are: shrinkage. A user without repeat
        purchases gets the mean of all users.
        """
        p, q, gamma = self.parameters_
        x, mean = _spending(summary)
        if (p * x + q <= 1).any():
            raise ValueError(
                f"The mean spending of all users is infinite (q = {q:.2f} is not above 1), so "
                "nothing can be said of users without repeat purchase. Look for outliers in "
                "monetary, or leave users with frequency 0 out."
            )
        expected = p * (gamma + x * mean) / (p * x + q - 1)
        return pd.Series(expected, summary.index, name="expected_spend")


def _spending(summary: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return x and z̄ of each user, z̄ = 0 where x = 0, or say what is wrong with them."""
    checks.require(summary, frequency="count", monetary="number?")
    x, mean = summary["frequency"], summary["monetary"]
    missing = (x > 0) & mean.isna()
    fix = "It is the mean spending per repeat purchase."
    checks.refuse_rows(
        summary,
        ("frequency", x < 0, "is negative", "It counts repeat purchases."),
        ("monetary", mean < 0, "is negative", "Net returns and cancellations first."),
        ("monetary", missing, "is missing although frequency is above 0", fix),
        name="summary",
    )
    return x.to_numpy(dtype=float), mean.where(x > 0, 0).to_numpy(dtype=float)
