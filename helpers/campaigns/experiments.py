"""Read an experiment: the difference, its interval, less noise by CUPED, how many users, peeking.

In an experiment the lot decides who is treated. So the two arms differ by chance and by the
treatment, and by nothing else: the difference of their means estimates the effect, and the spread
within them says how far chance can carry it.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
import pandas as pd
from scipy.integrate import trapezoid
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import norm, t

from helpers.data import checks

GRID = 400  # points of the numeric integrals of `false_alarms`

# ---------------------------------------------------------------- the difference


def ab_test(
    users: pd.DataFrame,
    outcome: str,
    *,
    before: Sequence[str] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare treated and control users: the difference of means with Welch's interval.

        d = ȳ₁ − ȳ₀      error² = s₁²/n₁ + s₀²/n₀      d ± t · error

    The arms may be of different size and spread. With ``before``, a second row reads the same
    experiment on the outcome that `cuped` has cleaned of what was known before it began: another
    estimate of the same effect, with less noise.

    Parameters
    ----------
    users : DataFrame, one row per user: ``treated`` (bool), the outcome (numbers or flags), and
        the columns ``before``.
    outcome : name of a column.
    before : names of columns of numbers that were fixed before anybody was treated.
    confidence : share of such intervals that hold the true effect, in (0, 1).

    Returns
    -------
    DataFrame, index ``estimate``, "difference" and, with ``before``, "CUPED": ``control`` and
    ``treated`` (means), ``difference``, ``low``, ``high``, ``error`` (standard error), ``p_value``
    (two-sided) and ``saved``: 1 − (error / error of the first row)², the share of users one could
    have done without for the same interval.

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
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: 0.95 for 95 %; got {confidence}.")
    y, treated = _outcome(users, outcome)
    readings = {"difference": _welch(y, treated, confidence)}
    if len(before):
        readings["CUPED"] = _welch(cuped(users, outcome, before), treated, confidence)
    table = pd.DataFrame.from_dict(readings, orient="index").rename_axis("estimate")
    return table.assign(saved=1 - (table["error"] / table["error"].iloc[0]) ** 2)


def cuped(users: pd.DataFrame, outcome: str, before: Sequence[str]) -> pd.Series:
    """Take out of an outcome what was known of the users before the experiment (CUPED).

        y' = y − θᵀ (x − x̄)      θ = Cov(x, y) / Var(x)

    with x̄ the mean of all users, and θ the slope *within* the arms, so that the effect itself does
    not leak into it. As the lot gave both arms the same x but for chance, what is taken out is
    chance: the effect stays, and the variance falls by R², the share of it that x explains. With
    several x, θ is the vector of slopes of a regression. The difference of means of y' is the
    coefficient of the treatment in the regression of y on treatment and x (ANCOVA).

    What the treatment may have changed must not stand in ``before``: it would take out the effect.

    Parameters
    ----------
    users, outcome, before : as for `ab_test`.

    Returns
    -------
    Series of floats, named as the outcome, with the index of ``users`` and the mean of y.

    References
    ----------
    Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data, WSDM '13, https://doi.org/10.1145/2433396.2433413. Their θ uses
    both arms as one sample; the two agree but for chance.

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
    """Return the outcome as floats, and who was treated."""
    is_flag = outcome in users and pd.api.types.is_bool_dtype(users[outcome])
    checks.require(users, **{"treated": "flag", outcome: "flag" if is_flag else "number"})
    treated, y = users["treated"], users[outcome].astype(float)
    for arm, n in (("treated", treated.sum()), ("control", (~treated).sum())):
        if n < 2:
            raise ValueError(
                f"{n} of {len(users):,} users {'is' if n == 1 else 'are'} {arm}; an experiment "
                "needs two or more in each arm. Without users left alone there is no comparison."
            )
    if y.nunique() < 2:
        raise ValueError(f'"{outcome}" is {y.iloc[0]:g} for all {len(users):,} users.')
    return y, treated


def _welch(y: pd.Series, treated: pd.Series, confidence: float) -> dict[str, float]:
    of_arm = y.groupby(treated).agg(["size", "mean", "var"])
    part = of_arm["var"] / of_arm["size"]  # of the variance of the difference
    difference, error = of_arm["mean"][True] - of_arm["mean"][False], np.sqrt(part.sum())
    freedom = part.sum() ** 2 / (part**2 / (of_arm["size"] - 1)).sum() if error > 0 else 1.0
    half = t.ppf((1 + confidence) / 2, freedom) * error
    return {
        "control": of_arm["mean"][False],
        "treated": of_arm["mean"][True],
        "difference": difference,
        "low": difference - half,
        "high": difference + half,
        "error": error,
        "p_value": 2 * t.sf(abs(difference) / error, freedom) if error > 0 else 0.0,
    }


# ---------------------------------------------------------------- how many users


def sample_size(
    effect: float,
    sd: float | Sequence[float],
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    share: float = 0.5,
) -> int:
    """Return how many users an experiment needs, both arms together.

        n = (z₁₋α/₂ + z_power)² · (σ₁² / q + σ₀² / (1 − q)) / δ²

    with δ the effect, q the share of users treated. Half the effect takes four times the users.

    Parameters
    ----------
    effect : the difference of means worth finding, in units of the outcome; not 0.
    sd : standard deviation of the outcome, or (of control, of treated). For a rate p it is
        √(p (1 − p)).
    power : chance that the test finds an effect of this size, in (alpha, 1).
    alpha : chance that it finds one where there is none, in (0, 1).
    share : q, share of users treated, in (0, 1).

    Returns
    -------
    int, the least number of users.

    References
    ----------
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2.

    Examples
    --------
    >>> sample_size(effect=0.5, sd=1)  # two arms of 63: the z-test's share of the textbook's 64
    126
    """
    if not 0 < alpha < power < 1:
        raise ValueError(f"0 < alpha < power < 1 must hold; got alpha {alpha}, power {power}.")
    if not (np.isfinite(effect) and effect != 0):
        raise ValueError(f"effect is the difference worth finding, not 0; got {effect}.")
    z = ndtri(1 - alpha / 2) + ndtri(power)
    return ceil(round(z**2 * _variance(sd, share) / effect**2, 9))


def power(
    effect: float,
    sd: float | Sequence[float],
    users: int,
    *,
    alpha: float = 0.05,
    share: float = 0.5,
) -> float:
    """Return the chance that an experiment of this size finds an effect (`sample_size`).

        Φ(δ/error − z₁₋α/₂) + Φ(−δ/error − z₁₋α/₂),   error² = (σ₁²/q + σ₀²/(1 − q)) / n

    Examples
    --------
    >>> round(power(effect=0.5, sd=1, users=126), 2), round(power(effect=0, sd=1, users=126), 2)
    (0.8, 0.05)
    """
    checks.require_whole("users", users)
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a chance in (0, 1); got {alpha}.")
    away = abs(effect) / np.sqrt(_variance(sd, share) / users)
    z = ndtri(1 - alpha / 2)
    return float(ndtr(away - z) + ndtr(-away - z))


def _variance(sd: float | Sequence[float], share: float) -> float:
    """Return the variance of the difference, times the number of users."""
    of_control, of_treated = np.broadcast_to(np.asarray(sd, dtype=float), 2)
    if not 0 < share < 1:
        raise ValueError(f"share is the share of users treated, in (0, 1); got {share}.")
    if not (0 < of_control < np.inf and 0 < of_treated < np.inf):
        raise ValueError(f"sd is above 0, one number or (of control, of treated); got {sd}.")
    return of_treated**2 / share + of_control**2 / (1 - share)


# ---------------------------------------------------------------- peeking


def false_alarms(looks: int, critical: float = 1.959964) -> float:
    """Return the chance of at least one alarm where there is no effect, if one looks repeatedly.

    The experiment is tested after each of ``looks`` equal portions of users, and stopped at the
    first |z| > ``critical``. Under no effect z_k = S_k / √k, with S_k a sum of k independent
    standard normal steps. The density of S_k, as far as no alarm has been, comes from that before:

        f_k(s) = ∫_{|u| ≤ c √(k−1)} f_{k−1}(u) φ(s − u) du

    Parameters
    ----------
    looks : how often, 1 or more.
    critical : c, the |z| from which on one calls it an effect, above 0.

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
    """Return the |z| to ask for at every look, so that false alarms stay at ``alpha`` in all.

    References
    ----------
    Pocock (1977), Group sequential methods in the design and analysis of clinical trials,
    Biometrika 64(2), https://doi.org/10.1093/biomet/64.2.191

    Examples
    --------
    >>> round(critical_value(5), 2)
    2.41
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a chance in (0, 1); got {alpha}.")
    one = ndtri(1 - alpha / 2)
    if looks == 1:
        return float(one)
    # As strict as if the looks had nothing in common is stricter than need be.
    most = ndtri(1 - alpha / 2 / looks)
    return float(brentq(lambda c: false_alarms(looks, c) - alpha, one, most))
