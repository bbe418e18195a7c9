"""Forecasts of intermittent demand, which is zero in most weeks: Croston's method and TSB.

Both smooth the size of a sale in weeks with demand. They differ in what they learn about how
often such weeks come. Weeks before the first sale say nothing: the item may not have been for sale
yet. Counted as a first gap, they would keep the forecasts of new items too low for a long time.

The formulas leave open how to start, and software differs. With ``start="gap"`` the first gap g
starts both methods. It is a single observation, and if a sale has the probability q each week,

    E[1/g] = −q ln q / (1 − q),   2.6 times q if q = 0.1

so forecasts soon after the second sale are much too high. With ``start="mean"`` each smoothed
number is the weighted mean of what was observed so far, the last with weight 1, the one before it
with weight 1 − α, then (1 − α)², …: in the n-th step α is replaced by

    α_n = α / (1 − (1 − α)ⁿ),   so 1, about 1/2, about 1/3, …, and in the end α.

No start has to be chosen, and TSB has no bias from the first week on, if demand is steady.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from helpers.data.checks import require_share
from helpers.forecast.checks import require_units


def croston(units: ArrayLike, alpha: float = 0.1, *, start: str = "gap") -> np.ndarray:
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
    start : "gap" or "mean": with "mean", z and p are weighted means, see the module.

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
    learn = _learning(start)
    z, p, forecasts = 0, 0, [np.zeros(())]
    for y, gap, sold, sales, _ in _weeks(units):
        z = np.where(sold, z + learn(alpha, sales) * (y - z), z)
        p = np.where(sold & (sales > 1), p + learn(alpha, sales - 1) * (gap - p), p)
        forecasts.append(np.divide(z, p, out=np.zeros_like(z), where=p > 0))
    return _stacked(forecasts)


def tsb(
    units: ArrayLike, alpha: float = 0.1, beta: float = 0.1, *, start: str = "gap"
) -> np.ndarray:
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
    start : "gap" or "mean": with "mean", z is the weighted mean of the sizes, and q that of the
        weeks after the first sale, 1 for a week with demand and 0 for one without; see the module.

    Returns
    -------
    Array of shape (weeks + 1,) or (series, weeks + 1): the forecast of each week from the weeks
    before, and of the week to come; 0 until the second week with demand, or, with "mean", until a
    week after the first.

    References
    ----------
    Teunter, Syntetos & Babai (2011), Intermittent demand: Linking forecasting to inventory
    obsolescence, https://doi.org/10.1016/j.ejor.2011.05.018

    Examples
    --------
    As for `croston`; q = 1/3 in week 4, then 0.267, then 0.413.

    >>> tsb([2, 0, 0, 4, 0, 1], alpha=0.2, beta=0.2).round(3).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.8, 0.64, 0.876]

    With weighted means, one week of three had a sale in week 4, the last with weight 1 of 2.44.

    >>> tsb([2, 0, 0, 4], alpha=0.2, beta=0.2, start="mean").round(3).tolist()
    [0.0, 0.0, 0.0, 0.0, 1.275]
    """
    require_share("alpha", alpha)
    require_share("beta", beta)
    learn = _learning(start)
    z, q, forecasts = 0, 0, [np.zeros(())]
    for y, gap, sold, sales, age in _weeks(units):
        z = np.where(sold, z + learn(alpha, sales) * (y - z), z)
        if start == "mean":
            q = np.where(age > 0, q + learn(beta, age) * (sold - q), 0)
        else:
            q = np.where(sold & (sales == 2), 1 / gap, q + beta * (sold - q)) * (sales > 1)
        forecasts.append(z * q)
    return _stacked(forecasts)


def _learning(start: str) -> Callable[[float, np.ndarray], np.ndarray]:
    """Return the share of an error that is learned in the n-th step, given α and n."""
    if start == "gap":
        return lambda alpha, n: np.where(n > 1, alpha, 1)
    if start == "mean":
        return lambda alpha, n: alpha / (1 - (1 - alpha) ** np.maximum(n, 1))
    raise ValueError(f'start is "gap" or "mean"; got {start!r}.')


def _weeks(units: ArrayLike) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield what a week brings: units, the weeks since the last sale, and whether there is a sale.

    Then come the sales so far, and the weeks since the first one, 0 until then.
    """
    units = require_units("units", units)
    if units.ndim not in (1, 2):
        raise ValueError(f"units have shape (weeks,) or (series, weeks); got {units.shape}.")
    gap = sales = age = np.zeros(units.shape[:-1])
    for y in np.moveaxis(units, -1, 0):
        age = age + (sales > 0)
        sold, gap = y > 0, gap + 1
        sales = sales + sold
        yield y, gap, sold, sales, age
        gap = np.where(sold, 0, gap)


def _stacked(forecasts: list[np.ndarray]) -> np.ndarray:
    """Put week after week in the last axis."""
    return np.stack(np.broadcast_arrays(*forecasts), axis=-1)
