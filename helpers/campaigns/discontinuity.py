"""Regression discontinuity: those just above a cutoff against those just below."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.campaigns.effects import Effect, interval
from helpers.data import checks

COLUMNS = 4  # a level and a slope on each side


def regression_discontinuity(
    running: pd.Series,
    outcome: pd.Series,
    *,
    cutoff: float,
    bandwidth: float,
    confidence: float = 0.95,
) -> Effect:
    """Estimate the effect of crossing a cutoff from two lines that meet it, one on each side.

        outcome = a + b (x − c) + δ T + d T (x − c),   T = [x ≥ c]

    by least squares with the triangular weights max(0, 1 − |x − c| / h): only users within the
    bandwidth h count, and the nearer the more. The jump δ is the effect on users at the cutoff, if
    nothing else changes there and nobody can choose the side (McCrary 2008). The standard error
    allows different variances (HC1).

    A narrow bandwidth leaves few users, a wide one relies on straight lines: try several.

    Parameters
    ----------
    running : Series of numbers, x, what the cutoff is of.
    outcome : Series of numbers or flags with the same index.
    cutoff : c; x ≥ c is treated.
    bandwidth : h > 0, in units of x.
    confidence : confidence level, in (0, 1).

    Raises
    ------
    ValueError
        If there are fewer than three different values of x within the bandwidth on a side.

    References
    ----------
    Hahn, Todd & Van der Klaauw (2001), Identification and estimation of treatment effects with a
    regression-discontinuity design, Econometrica 69(1), 201–209,
    https://doi.org/10.1111/1468-0262.00183; McCrary (2008), Manipulation of the running variable in
    the regression discontinuity design: A density test, Journal of Econometrics 142(2), 698–714,
    https://doi.org/10.1016/j.jeconom.2007.05.005

    Examples
    --------
    >>> spent = pd.Series([70.0, 80.0, 90.0, 100.0, 110.0, 120.0])
    >>> orders = pd.Series([1.0, 2.0, 3.0, 6.0, 7.0, 8.0])  # lines that meet 100 at 4 and at 6
    >>> round(regression_discontinuity(spent, orders, cutoff=100, bandwidth=50).estimate, 6)
    2.0
    """
    checks.require_share("confidence", confidence)
    table = pd.DataFrame({"running": running, "outcome": outcome.astype(float)})
    checks.require(table, running="number", outcome="number")
    table = table[(table["running"] - cutoff).abs() < bandwidth]
    above = (table["running"] >= cutoff).to_numpy()
    sides = [table["running"][~above].nunique(), table["running"][above].nunique()]
    if min(sides) < 3:
        raise ValueError(
            f"Within {bandwidth:g} of the cutoff there are {sides[0]} different values below and "
            f"{sides[1]} above; a line with its error needs 3. Take a larger bandwidth."
        )
    x, y = (table["running"] - cutoff).to_numpy(), table["outcome"].to_numpy()
    weight = 1 - np.abs(x) / bandwidth
    A = np.column_stack([above, np.ones(len(x)), x, above * x])
    inverse = np.linalg.inv(A.T @ (weight[:, None] * A))
    coefficients = inverse @ A.T @ (weight * y)
    score = A * (weight * (y - A @ coefficients))[:, None]
    variance = inverse @ (score.T @ score) @ inverse * len(x) / (len(x) - COLUMNS)
    return interval(coefficients[0], np.sqrt(variance[0, 0]), ndtri((1 + confidence) / 2))
