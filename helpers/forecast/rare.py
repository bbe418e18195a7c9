"""Forecasts of intermittent demand, which is zero in most weeks: Croston's method and TSB.

Both smooth the size of a sale in weeks with demand. They differ in what they learn about how
often such weeks come. Weeks before the first sale say nothing: the item may not have been for sale
yet. Counted as a first gap, they would keep the forecasts of new items too low for a long time.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from helpers.data.checks import require_share
from helpers.forecast.checks import require_units


def croston(units: ArrayLike, alpha: float = 0.1) -> np.ndarray:
    """Forecast intermittent demand from two smoothed numbers: the size of a sale, and the gap.

    In weeks with demand y > 0, g weeks after the last such week, and only then,

        z ← z + α (y − z),   p ← p + α (g − p),   ŷ = z / p

    The first week with demand sets z = y, the second sets p = g. If demand is steady, ŷ is too high
    by up to a share α/2, because the mean of 1/p is larger than 1 over the mean of p: multiply it
    by 1 − α/2 for SBA, the Syntetos-Boylan approximation. If demand grows or fades, the forecast
    lags: weeks without demand change nothing until the next week with demand.

    Parameters
    ----------
    units : weeks of demand, 0 or more; shape (weeks,) or (series, weeks).
    alpha : share of each error that is learned, between 0 and 1.

    Returns
    -------
    Array of shape (weeks + 1,) or (series, weeks + 1): the forecast of each week from the weeks
    before, and of the week to come; 0 until the second week with demand.

    References
    ----------
    Croston (1972), https://doi.org/10.1057/jors.1972.50; Syntetos & Boylan (2005),
    https://doi.org/10.1016/j.ijforecast.2004.10.001

    Examples
    --------
    Two units in week 1, four in week 4, one in week 6: z = 2.4 − 0.2 · 1.4, p = 3 − 0.2 · 1.

    >>> croston([2, 0, 0, 4, 0, 1], alpha=0.2).round(3).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.8, 0.8, 0.757]
    """
    require_share("alpha", alpha)
    z, p, forecasts = 0, np.nan, [0]
    for y, gap, sold, first, second in _weeks(units):
        z = np.where(first, y, z + alpha * sold * (y - z))
        p = np.where(second, gap, p + alpha * sold * (gap - p))
        forecasts.append(z / p)
    return _stacked(forecasts)


def tsb(units: ArrayLike, alpha: float = 0.1, beta: float = 0.1) -> np.ndarray:
    """Forecast intermittent demand from the size of a sale and the probability of one.

    The probability is updated in every week, the size only in weeks with demand:

        q ← q + β (1 − q),   z ← z + α (y − z)     in weeks with demand y > 0
        q ← q + β (0 − q)                          in all others
        ŷ = q z

    So the forecast of an item that nobody buys anymore fades, and the start is soon forgotten. The
    first week with demand sets z = y; the second, g weeks later, sets q = 1/g.

    Parameters
    ----------
    units : weeks of demand, 0 or more; shape (weeks,) or (series, weeks).
    alpha, beta : shares of each error that are learned, of the size and of the probability;
        between 0 and 1.

    Returns
    -------
    Array of shape (weeks + 1,) or (series, weeks + 1): the forecast of each week from the weeks
    before, and of the week to come; 0 until the second week with demand.

    References
    ----------
    Teunter, Syntetos & Babai (2011), Intermittent demand: Linking forecasting to inventory
    obsolescence, https://doi.org/10.1016/j.ejor.2011.05.018

    Examples
    --------
    As for `croston`; q = 1/3 in week 4, then 0.267, then 0.413.

    >>> tsb([2, 0, 0, 4, 0, 1], alpha=0.2, beta=0.2).round(3).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.8, 0.64, 0.876]
    """
    require_share("alpha", alpha)
    require_share("beta", beta)
    z, q, forecasts = 0, np.nan, [0]
    for y, gap, sold, first, second in _weeks(units):
        z = np.where(first, y, z + alpha * sold * (y - z))
        q = np.where(second, 1 / gap, q + beta * (sold - q))
        forecasts.append(z * q)
    return _stacked(forecasts)


def _weeks(units: ArrayLike) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield the units of each week, the weeks since the last sale, and which sale this one is.

    That is: whether there is one, and whether it is the first or the second.
    """
    units = require_units("units", units)
    if units.ndim not in (1, 2):
        raise ValueError(f"units have shape (weeks,) or (series, weeks); got {units.shape}.")
    gap = sales = np.zeros(units.shape[:-1])
    for y in np.moveaxis(units, -1, 0):
        sold, gap = y > 0, gap + 1
        sales = sales + sold
        yield y, gap, sold, sold & (sales == 1), sold & (sales == 2)
        gap = np.where(sold, 0, gap)


def _stacked(forecasts: list) -> np.ndarray:
    """Put week after week in the last axis, with 0 where there is no forecast yet."""
    return np.nan_to_num(np.stack(np.broadcast_arrays(*forecasts), axis=-1))
