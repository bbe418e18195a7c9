"""A/B tests: treatment effect, CUPED, sample size, repeated looks.

Because users are assigned at random, the two arms differ only by chance and by the treatment: the
difference of their means estimates the treatment effect.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
import pandas as pd
from scipy.integrate import trapezoid
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import norm
from statsmodels.stats.weightstats import CompareMeans

from helpers.data import checks

GRID = 400  # points of the numeric integrals of `false_alarms`

# ---------------------------------------------------------------- the difference


def ab_test(
    users: pd.DataFrame, outcome: str, *, before: Sequence[str] = (), confidence: float = 0.95
) -> pd.DataFrame:
    """Analyze an A/B test: the difference of means with Welch's confidence interval and t-test.

        d = ȳ₁ − ȳ₀      error² = s₁²/n₁ + s₀²/n₀      d ± t · error

    With ``before``, a second row estimates the same effect with less variance, from the outcome
    adjusted by `cuped`.

    Parameters
    ----------
    users : DataFrame, one row per user: ``treated`` (bool), the outcome (numbers or flags), and
        the columns ``before``.
    outcome : name of a column.
    before : names of numeric covariates, measured before the experiment.
    confidence : confidence level, in (0, 1).

    Returns
    -------
    DataFrame, index ``estimate``, "difference" and, with ``before``, "CUPED": ``control`` and
    ``treated`` (means), ``difference``, ``low``, ``high``, ``error`` (standard error), ``p_value``
    (two-sided) and ``saved``: 1 − (error / error of the first row)², the share of users saved for
    the same precision. Arms that do not vary have no interval and no p-value: NaN.

    References
    ----------
    Welch (1947), https://doi.org/10.1093/biomet/34.1-2.28; for CUPED see `cuped`.

    Examples
    --------
    >>> users = pd.DataFrame({"treated": [True, True, True, False, False, False],
    ...     "before": [1, 2, 3, 2, 3, 4], "after": [3, 4, 6, 3, 3, 5]})
    >>> ab_test(users, "after", before=["before"])[["difference", "error", "saved"]].round(2)
                difference  error  saved
    estimate
    difference        0.67   1.11   0.00
    CUPED             1.92   0.42   0.85
    """
    checks.require_share("confidence", confidence)
    y, treated = _outcome(users, outcome)
    readings = {"difference": _welch(y, treated, confidence)}
    if len(before):
        readings["CUPED"] = _welch(cuped(users, outcome, before), treated, confidence)
    table = pd.DataFrame.from_dict(readings, orient="index").rename_axis("estimate")
    return table.assign(saved=1 - (table["error"] / table["error"].iloc[0]) ** 2)


def cuped(users: pd.DataFrame, outcome: str, before: Sequence[str]) -> pd.Series:
    """Adjust an outcome for covariates measured before the experiment (CUPED).

        y' = y − θᵀ (x − x̄)      θ = Cov(x, y) / Var(x)

    with x̄ the mean over all users, and θ the slope *within* the arms, so that the effect does not
    bias it; with several covariates, the vector of regression slopes. Randomization balances x up
    to chance, so the effect stays, and the variance falls by R², the share that x explains. The
    difference of means of y' is the treatment coefficient in a regression of y on treatment and x
    (ANCOVA).

    A covariate that the treatment may have changed would remove part of the effect.

    Parameters
    ----------
    users, outcome, before : as for `ab_test`.

    Returns
    -------
    Series of floats, named as the outcome, with the index of ``users`` and the mean of y.

    References
    ----------
    Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data, WSDM '13, https://doi.org/10.1145/2433396.2433413. They pool both
    arms for θ.

    Examples
    --------
    >>> users = pd.DataFrame({"treated": [True, True, False, False],
    ...     "before": [1, 3, 5, 7], "after": [4, 6, 6, 8]})
    >>> cuped(users, "after", ["before"]).tolist()  # within the arms θ = 1
    [7.0, 7.0, 5.0, 5.0]
    """
    if isinstance(before, str):
        raise ValueError(f'before is a list of columns: ["{before}"], not "{before}".')
    y, treated = _outcome(users, outcome)
    checks.require(users, **dict.fromkeys(before, "number"))
    x = users[list(before)].astype(float)
    inner_x = (x - x.groupby(treated).transform("mean")).to_numpy()
    inner_y = (y - y.groupby(treated).transform("mean")).to_numpy()
    slopes, *_ = np.linalg.lstsq(inner_x, inner_y)
    return y - (x - x.mean()) @ slopes


def _outcome(users: pd.DataFrame, outcome: str) -> tuple[pd.Series, pd.Series]:
    """Return the outcome as floats, and the treatment, checked."""
    is_flag = outcome in users and pd.api.types.is_bool_dtype(users[outcome])
    checks.require(users, **{"treated": "flag", outcome: "flag" if is_flag else "number"})
    treated, y = users["treated"], users[outcome].astype(float)
    for arm, n in (("treated", treated.sum()), ("control", (~treated).sum())):
        if n < 2:
            raise ValueError(
                f"{n} of {len(users):,} users {'is' if n == 1 else 'are'} {arm}; an experiment "
                "needs two or more in each arm."
            )
    if y.nunique() < 2:
        raise ValueError(f'"{outcome}" is {y.iloc[0]:g} for all {len(users):,} users.')
    return y, treated


def _welch(y: pd.Series, treated: pd.Series, confidence: float) -> dict[str, float]:
    arms = CompareMeans.from_data(y[treated], y[~treated])
    with np.errstate(divide="ignore", invalid="ignore"):  # arms that do not vary
        low, high = arms.tconfint_diff(1 - confidence, usevar="unequal")
        _, p_value, _ = arms.ttest_ind(usevar="unequal")
    return {
        "control": arms.d2.mean,
        "treated": arms.d1.mean,
        "difference": arms.d1.mean - arms.d2.mean,
        "low": low,
        "high": high,
        "error": arms.std_meandiff_separatevar,
        "p_value": p_value,
    }


# ---------------------------------------------------------------- how many users


def sample_size(
    effect: float, sd: float | Sequence[float], *, power: float = 0.8, alpha: float = 0.05
) -> int:
    """Return the sample size of an A/B test: users in both arms together, half of them treated.

        n = (z₁₋α/₂ + z_power)² · (2σ₁² + 2σ₀²) / δ²

    with δ the effect. Half the effect takes four times the users.

    Parameters
    ----------
    effect : the smallest difference of means worth detecting, in units of the outcome; not 0.
    sd : standard deviation of the outcome, or (of control, of treated). For a rate p it is
        √(p (1 − p)).
    power : probability of detecting an effect of this size, in (alpha, 1).
    alpha : significance level, the probability of a false alarm, in (0, 1).

    References
    ----------
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2.

    Examples
    --------
    >>> sample_size(effect=0.5, sd=1)  # two arms of 63; by the t-test, 64
    126
    """
    if not 0 < alpha < power < 1:
        raise ValueError(f"0 < alpha < power < 1 must hold; got alpha {alpha}, power {power}.")
    if not (np.isfinite(effect) and effect != 0):
        raise ValueError(f"effect is the difference worth detecting, not 0; got {effect}.")
    z = ndtri(1 - alpha / 2) + ndtri(power)
    return ceil(round(z**2 * _variance(sd) / effect**2, 9))


def _variance(sd: float | Sequence[float]) -> float:
    """Return the variance of the difference of means, times the number of users."""
    of_control, of_treated = np.broadcast_to(np.asarray(sd, dtype=float), 2)
    if not (0 < of_control < np.inf and 0 < of_treated < np.inf):
        raise ValueError(f"sd is above 0, one number or (of control, of treated); got {sd}.")
    return 2 * of_treated**2 + 2 * of_control**2


# ---------------------------------------------------------------- peeking


def false_alarms(looks: int, critical: float = 1.959964) -> float:
    """Return the probability of a false alarm (type I error) with repeated significance tests.

    The experiment is tested after each of ``looks`` equal batches of users and stopped at the first
    |z| > ``critical``. Without an effect, z_k = S_k / √k, with S_k a sum of k independent standard
    normal steps. The density of S_k without an alarm so far follows from the previous one:

        f_k(s) = ∫_{|u| ≤ c √(k−1)} f_{k−1}(u) φ(s − u) du

    Parameters
    ----------
    looks : number of tests, 1 or more.
    critical : c, the critical value of |z|, above 0.

    References
    ----------
    Armitage, McPherson & Rowe (1969), Repeated significance tests on accumulating data,
    Journal of the Royal Statistical Society A 132(2), https://doi.org/10.2307/2343787

    Examples
    --------
    >>> [round(false_alarms(looks), 3) for looks in (1, 5, 10)]
    [0.05, 0.142, 0.193]
    """
    checks.require_whole("looks", looks)
    if not 0 < critical < np.inf:
        raise ValueError(f"critical is a number of standard errors above 0; got {critical}.")
    inside = np.linspace(-critical, critical, GRID + 1)
    density = norm.pdf(inside)
    for look in range(2, int(looks) + 1):
        before, inside = inside, np.linspace(-1, 1, GRID + 1) * critical * np.sqrt(look)
        density = trapezoid(density * norm.pdf(inside[:, None] - before), before)
    return float(1 - trapezoid(density, inside))


def critical_value(looks: int, alpha: float = 0.05) -> float:
    """Return the critical |z| for every look that keeps the overall significance level ``alpha``.

    References
    ----------
    Pocock (1977), Group sequential methods in the design and analysis of clinical trials,
    Biometrika 64(2), https://doi.org/10.1093/biomet/64.2.191

    Examples
    --------
    >>> round(critical_value(5), 2)
    2.41
    """
    checks.require_share("alpha", alpha)
    one = ndtri(1 - alpha / 2)
    if looks == 1:
        return float(one)
    # Bonferroni's correction is an upper bound.
    most = ndtri(1 - alpha / 2 / looks)
    return float(brentq(lambda c: false_alarms(looks, c) - alpha, one, most))
