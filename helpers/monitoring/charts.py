"""CUSUM charts: notice soon that a mean has moved, with a known rate of false alarms.

They take standardized values z, of mean 0 and variance 1 while all is well, such as
(observed − expected) / standard deviation of a day.
"""

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import norm

from helpers.data import checks

NODES = 60  # of the numeric integral; 30 already give six digits for h up to 10


def cusum(z: pd.Series, *, k: float = 0.5, h: float = 4.0) -> pd.DataFrame:
    """Add up the deviations of z beyond k in each direction, never below 0.

        up_t = max(0, up_{t−1} + z_t − k)      down_t = max(0, down_{t−1} − z_t − k)

    An alarm is a sum above h. With k = 1/2 the chart is made for a shift by one standard deviation.

    Parameters
    ----------
    z : Series of standardized values in order of time.
    k : allowance, in standard deviations, 0 or more: half of the shift to detect.
    h : decision interval, above 0; `decision_interval` finds it.

    Returns
    -------
    DataFrame with the index of ``z``: ``up``, ``down`` and ``alarm``. The sums go on after an
    alarm; the first one is what counts.

    References
    ----------
    Page (1954), Continuous inspection schemes, Biometrika 41, 100–115,
    https://doi.org/10.1093/biomet/41.1-2.100

    Examples
    --------
    >>> cusum(pd.Series([0.0, 1.5, 1.5, -3.0]), h=1.5)
        up  down  alarm
    0  0.0   0.0  False
    1  1.0   0.0  False
    2  2.0   0.0   True
    3  0.0   2.5   True
    """
    _require_design(k, h)
    checks.require(pd.DataFrame({"z": z}), z="number")
    sums = np.zeros((len(z) + 1, 2))
    for t, step in enumerate(np.outer(z, [1, -1]) - k):
        sums[t + 1] = np.maximum(0, sums[t] + step)
    chart = pd.DataFrame(sums[1:], z.index, ["up", "down"])
    return chart.assign(alarm=chart.max(axis=1) > h)


def average_run_length(
    h: float, *, k: float = 0.5, shift: float = 0.0, two_sided: bool = True
) -> float:
    """Return the expected number of values until a CUSUM chart gives its first alarm.

    For independent normal z with mean ``shift`` and variance 1. The run length from a sum u obeys

        L(u) = 1 + L(0) Φ(k − u − shift) + ∫₀ʰ L(x) φ(x + k − u − shift) dx

    which is solved at Gauss–Legendre nodes. The two sides together have 1/L = 1/L_up + 1/L_down.

    Parameters
    ----------
    h, k : as for `cusum`.
    shift : mean of z, in standard deviations; 0 gives the time between false alarms.
    two_sided : whether the chart watches both directions; if not, only upward.

    References
    ----------
    Brook & Evans (1972), An approach to the probability distribution of cusum run length,
    Biometrika 59, 539–549, https://doi.org/10.1093/biomet/59.3.539; two sides: Kemp (1961), The
    average run length of the cumulative sum chart when a V-mask is used, Journal of the Royal
    Statistical Society B 23, 149–153, https://doi.org/10.2307/2985287

    Examples
    --------
    >>> round(average_run_length(4), 1), round(average_run_length(4, shift=1), 2)
    (167.7, 8.38)
    """
    _require_design(k, h)
    if not np.isfinite(shift):
        raise ValueError(f"shift is a number of standard deviations; got {shift}.")
    up = _one_sided(h, k, shift)
    return 1 / (1 / up + 1 / _one_sided(h, k, -shift)) if two_sided else up


def decision_interval(run_length: float, *, k: float = 0.5) -> float:
    """Return the h with which a two-sided CUSUM chart gives a false alarm every ``run_length``.

    Parameters
    ----------
    run_length : average number of values between false alarms, from 10 to a million.
    k : as for `cusum`.

    Examples
    --------
    >>> round(decision_interval(365), 2)
    4.76
    """
    if not 10 <= run_length <= 1e6:
        raise ValueError(
            f"run_length is a number of values between 10 and a million; got {run_length}."
        )
    highest = 1.0
    while average_run_length(highest, k=k) < run_length:
        highest *= 2
    return float(brentq(lambda h: average_run_length(h, k=k) - run_length, 1e-3, highest))


def _one_sided(h: float, k: float, shift: float) -> float:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    x, w = h * (nodes + 1) / 2, h * weights / 2
    u = np.append(0, x)  # the sum now: 0, which has a probability of its own, or a node
    step = np.append(1.0, w) * norm.pdf(np.append(0, x) + k - shift - u[:, None])
    step[:, 0] = norm.cdf(k - shift - u)
    return float(np.linalg.solve(np.eye(len(u)) - step, np.ones(len(u)))[0])


def _require_design(k: float, h: float) -> None:
    if not (0 <= k < np.inf and 0 < h < np.inf):
        raise ValueError(
            f"k is 0 or more and h above 0, both in standard deviations; got k = {k}, h = {h}."
        )
