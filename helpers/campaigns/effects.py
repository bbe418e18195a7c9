"""Average treatment effects without a randomized experiment: augmented weighting (AIPW)."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.campaigns.uplift import require_experiment
from helpers.data import checks


class Effect(NamedTuple):
    """An estimated effect, in units of the outcome, with its standard error and interval."""

    estimate: float
    error: float
    low: float
    high: float


def doubly_robust_scores(
    y: pd.Series, treated: pd.Series, propensity: float | pd.Series, arms: pd.DataFrame
) -> pd.Series:
    """Correct the predicted effect of each user by what was observed of this user.

        z = m₁ − m₀ + T (y − m₁) / e − (1 − T) (y − m₀) / (1 − e)

    with m₁ and m₀ the outcomes predicted with and without treatment, and e the propensity. z is
    noisy, but E[z | x] is the effect if the propensity is right or the predictions are (double
    robustness), and nothing unrecorded is a cause of both treatment and outcome.

    With ``arms`` all 0, z = y (T − e) / (e (1 − e)), the transformed outcome.

    Parameters
    ----------
    y : Series of numbers or flags, one per user.
    treated : Series of bool with the same index.
    propensity : e, the probability of treatment in (0, 1): one number, or a Series, one per user.
    arms : DataFrame with the same index, columns ``control`` (m₀) and ``treated`` (m₁), as of
        `TwoModels.predict_arms`. Flexible models must not predict users they have seen: `cross_fit`
        with ``method="predict_arms"``.

    Returns
    -------
    Series of floats, named ``score``, with the same index.

    Raises
    ------
    ValueError
        If a propensity is not inside (0, 1), or an index differs.

    References
    ----------
    Robins, Rotnitzky & Zhao (1994), Estimation of regression coefficients when some regressors are
    not always observed, Journal of the American Statistical Association 89(427), 846–866,
    https://doi.org/10.1080/01621459.1994.10476818

    Examples
    --------
    >>> y, treated = pd.Series([8.0, 5.0]), pd.Series([True, False])
    >>> arms = pd.DataFrame({"control": [4.0, 4.0], "treated": [6.0, 6.0]})
    >>> doubly_robust_scores(y, treated, 0.5, arms).tolist()  # 2 + 2 / 0.5, 2 − 1 / 0.5
    [6.0, 0.0]
    """
    require_experiment(arms, y, treated)
    checks.require(arms, control="number", treated="number")
    e = pd.Series(propensity, None if isinstance(propensity, pd.Series) else y.index)
    if not e.index.equals(y.index):
        raise ValueError("propensity must have the index of y: propensity.loc[y.index].")
    outside = ~e.between(0, 1, inclusive="neither")
    if outside.any():
        first = e.index[outside.to_numpy()][0]
        raise ValueError(
            f"The propensity of {outside.sum():,} of {len(e):,} users is not between 0 and 1 "
            f"(first: {first!r}, {e[first]}). Nobody comparable got the other treatment: drop them."
        )
    m0, m1, y = arms["control"], arms["treated"], y.astype(float)
    return (m1 - m0 + treated * (y - m1) / e - ~treated * (y - m0) / (1 - e)).rename("score")


def aipw(
    y: pd.Series,
    treated: pd.Series,
    propensity: float | pd.Series,
    arms: pd.DataFrame,
    *,
    confidence: float = 0.95,
) -> Effect:
    """Estimate the average treatment effect by augmented inverse propensity weighting (AIPW).

        estimate = z̄      error = s_z / √n

    with z the `doubly_robust_scores`. z − z̄ is the influence of one user on the estimate, so the
    standard error is that of a mean. The estimate is right if the propensity or the predictions
    are; the interval needs both to be about right.

    Parameters
    ----------
    y, treated, propensity, arms : as for `doubly_robust_scores`.
    confidence : confidence level, in (0, 1).

    References
    ----------
    As `doubly_robust_scores`.

    Examples
    --------
    >>> y, treated = pd.Series([8.0, 5.0]), pd.Series([True, False])
    >>> arms = pd.DataFrame({"control": [4.0, 4.0], "treated": [6.0, 6.0]})
    >>> effect = aipw(y, treated, 0.5, arms)  # of 6 and 0: the mean, and √18 / √2
    >>> round(effect.estimate, 2), round(effect.error, 2)
    (3.0, 3.0)
    """
    checks.require_share("confidence", confidence)
    scores = doubly_robust_scores(y, treated, propensity, arms)
    error = scores.std() / np.sqrt(len(scores))
    return interval(scores.mean(), error, ndtri((1 + confidence) / 2))


def interval(estimate: float, error: float, quantile: float) -> Effect:
    """Return an effect with the interval of so many standard errors to each side."""
    low, high = estimate - quantile * error, estimate + quantile * error
    return Effect(float(estimate), float(error), float(low), float(high))
