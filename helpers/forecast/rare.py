"""Forecasts of items that sell nothing in most weeks: Croston's method, and its correction."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.data.checks import require_share
from helpers.forecast.checks import require_units


def croston(units: ArrayLike, alpha: float = 0.1, *, corrected: bool = True) -> np.ndarray:
    """Forecast intermittent demand from two smoothed numbers: the size of a sale, and the gap.

    In weeks with demand y > 0, g weeks after the last such week, and only then,

        z ← z + α (y − z),   p ← p + α (g − p),   ŷ = z / p

    The first week with demand sets z = y and p = g, its number in the series. If demand is steady,
    Croston's ŷ is too high by up to a share α/2, because the mean of 1/p is larger than 1 over the
    mean of p. Corrected, it is (1 − α/2) z / p (Syntetos and Boylan). If demand grows or fades, it
    lags: weeks without demand change nothing until the next week with demand.

    Parameters
    ----------
    units : weeks of demand, 0 or more; shape (weeks,) or (series, weeks).
    alpha : share of each error that is learned, between 0 and 1.
    corrected : whether to multiply by 1 − α/2.

    Returns
    -------
    Array of shape (weeks + 1,) or (series, weeks + 1): the forecast of each week from the weeks
    before, and of the week to come; 0 until something was sold.

    References
    ----------
    Croston (1972), https://doi.org/10.1057/jors.1972.50; Syntetos & Boylan (2005),
    https://doi.org/10.1016/j.ijforecast.2004.10.001

    Examples
    --------
    Two units in week 1, four in week 4: z = 2 + 0.2 · 2, p = 1 + 0.2 · 2.

    >>> croston([2, 0, 0, 4], alpha=0.2, corrected=False).round(3).tolist()
    [0.0, 2.0, 2.0, 2.0, 1.714]
    """
    require_share("alpha", alpha)
    units = require_units("units", units)
    if units.ndim not in (1, 2):
        raise ValueError(f"units have shape (weeks,) or (series, weeks); got {units.shape}.")
    z, p = np.zeros(units.shape[:-1]), np.ones(units.shape[:-1])
    gap, forecasts = np.ones_like(p), [np.zeros_like(p)]
    for y in np.moveaxis(units, -1, 0):
        sold, first = y > 0, z == 0
        learned = np.where(first, 1, alpha) * sold
        z, p = z + learned * (y - z), p + learned * (gap - p)
        gap = np.where(sold, 1, gap + 1)
        forecasts.append(z / p)
    return np.stack(forecasts, axis=-1) * (1 - alpha / 2 * corrected)
