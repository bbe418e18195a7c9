"""Are the groups comparable, and what if a confounder is hidden: balance and sensitivity."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.campaigns.uplift import require_experiment
from helpers.data import checks


def standardized_differences(
    X: pd.DataFrame, treated: pd.Series, weights: pd.Series | None = None
) -> pd.Series:
    """Compare the means of each column between the two groups, in standard deviations.

        d = (x̄₁ − x̄₀) / √((s₁² + s₀²) / 2)

    with the means weighted, and the variances s² of the unweighted groups, so that d before and
    after weighting can be compared. Below 0.1 in absolute value the groups count as balanced.
    Inverse propensity weights are 1 / e for the treated, and 1 / (1 − e) for the others.

    Parameters
    ----------
    X : DataFrame of numbers, one row per user.
    treated : Series of bool with the same index.
    weights : Series of numbers of at least 0 with the same index; None weighs all users equally.

    Returns
    -------
    Series of floats, one per column of X; NaN for a constant column.

    References
    ----------
    Austin (2009), Balance diagnostics for comparing the distribution of baseline covariates between
    treatment groups in propensity-score matched samples, Statistics in Medicine 28(25), 3083–3107,
    https://doi.org/10.1002/sim.3697

    Examples
    --------
    >>> X = pd.DataFrame({"orders": [4.0, 6.0, 1.0, 3.0]})
    >>> treated = pd.Series([True, True, False, False])
    >>> standardized_differences(X, treated).round(2).to_dict()  # (5 − 2) / √2
    {'orders': 2.12}
    """
    checks.require(X, **dict.fromkeys(X.columns, "number"))
    w = pd.Series(1.0, X.index) if weights is None else weights
    require_experiment(X, w, treated)
    means = [np.average(X[arm], axis=0, weights=w[arm]) for arm in (treated, ~treated)]
    spread = np.sqrt((X[treated].var() + X[~treated].var()) / 2)
    return (means[0] - means[1]) / spread.replace(0, np.nan)


class Adjusted(NamedTuple):
    """The coefficient of the treatment in a regression, and how to get at its omitted bias."""

    estimate: float
    error: float
    degrees_of_freedom: int

    def robustness_value(self) -> float:
        """Return how strong a hidden confounder must be to explain the whole estimate.

            RV = ½ (√(f⁴ + 4 f²) − f²),   f = |estimate / error| / √df

        A confounder that explains a share RV of what the recorded columns leave unexplained, both
        of the treatment and of the outcome, brings the estimate to 0.

        References
        ----------
        Cinelli & Hazlett (2020), Making sense of sensitivity: extending omitted variable bias,
        Journal of the Royal Statistical Society B 82(1), 39–67,
        https://doi.org/10.1111/rssb.12348

        Examples
        --------
        >>> round(Adjusted(0.097, 0.0232, 783).robustness_value(), 3)  # their example
        0.139
        """
        f2 = (self.estimate / self.error) ** 2 / self.degrees_of_freedom
        return float((np.sqrt(f2**2 + 4 * f2) - f2) / 2)

    def bias(self, of_treatment: float, of_outcome: float) -> float:
        """Return by how much a hidden confounder of known strength moves the estimate.

            |bias| = error · √df · √(R²_outcome R²_treatment / (1 − R²_treatment))

        Parameters
        ----------
        of_treatment : share, in [0, 1), of the variance of the treatment that the confounder
            explains beyond the columns: R²_treatment.
        of_outcome : share, in [0, 1], of the variance of the outcome that it explains beyond the
            columns and the treatment: R²_outcome.
        """
        strength = of_outcome * of_treatment / (1 - of_treatment)
        return float(self.error * np.sqrt(self.degrees_of_freedom * strength))


def adjusted_difference(X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> Adjusted:
    """Estimate an effect by least squares, controlling for the columns of X.

    y = α + δ T + βᵀx; δ has the classical standard error.

    Parameters
    ----------
    X : DataFrame of numbers, one row per user.
    y : Series of numbers or flags with the same index.
    treated : Series of bool with the same index.

    Examples
    --------
    >>> X = pd.DataFrame({"x": [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]})
    >>> treated = pd.Series([False] * 3 + [True] * 3)
    >>> y = pd.Series([0.0, 1.0, 2.0, 3.0, 4.0, 5.5])
    >>> round(adjusted_difference(X, y, treated).estimate, 2)
    3.17
    """
    checks.require(X, **dict.fromkeys(X.columns, "number"))
    require_experiment(X, y, treated)
    t_left, y_left = (residuals(X, each) for each in (treated, y))
    estimate = t_left @ y_left / (t_left @ t_left)
    df = len(X) - X.shape[1] - 2
    error = np.sqrt(((y_left - estimate * t_left) ** 2).sum() / df / (t_left @ t_left))
    return Adjusted(float(estimate), float(error), df)


def partial_r2(X: pd.DataFrame, y: pd.Series, added: pd.Series) -> float:
    """Return the share of what X leaves unexplained of y that one more column explains.

    It is the squared correlation of what X leaves of both.

    Examples
    --------
    >>> X = pd.DataFrame({"x": [0.0, 0.0, 1.0, 1.0]})
    >>> round(partial_r2(X, pd.Series([1.0, 2.0, 5.0, 6.0]), pd.Series([0.0, 1.0, 0.0, 1.0])), 6)
    1.0
    """
    correlation = np.corrcoef(residuals(X, y), residuals(X, added))[0, 1]
    return float(correlation**2)


def residuals(X: pd.DataFrame, y: pd.Series) -> np.ndarray:
    """Return what a least-squares line in the columns of X leaves of y."""
    A = np.column_stack([np.ones(len(X)), X.to_numpy(float)])
    return y.to_numpy(float) - A @ np.linalg.lstsq(A, y.to_numpy(float))[0]
