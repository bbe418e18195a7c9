"""Scores of probabilistic forecasts: pinball loss of a quantile, CRPS of a whole distribution."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.forecast.checks import refuse, require_numbers


def pinball(actual: ArrayLike, forecast: ArrayLike, q: ArrayLike) -> np.ndarray:
    """Return the pinball loss, or quantile loss, of each quantile forecast.

        q (y − ŷ)          where y ≥ ŷ
        (1 − q) (ŷ − y)    where y < ŷ

    On average, no forecast has a lower loss than the q-quantile of y. It is the cost of a stock ŷ,
    see `stock_cost`, divided by the sum of both costs, with q their critical ratio.

    Parameters
    ----------
    actual, forecast : units; any shapes that go together.
    q : probability between 0 and 1, of a shape that goes with them.

    Returns
    -------
    Array of losses in units, of the joint shape.

    References
    ----------
    Koenker & Bassett (1978), Regression quantiles, https://doi.org/10.2307/1913643

    Examples
    --------
    Two units above the forecast cost 0.9 each, one unit below it costs 0.1.

    >>> pinball([5, 2], [3, 3], q=0.9).round(3).tolist()
    [1.8, 0.1]
    """
    q = require_numbers("q", q)
    refuse("q", (q <= 0) | (q >= 1), "not between 0 and 1", "Write 0.9 for 90%.")
    error = require_numbers("outcomes", actual) - require_numbers("forecasts", forecast)
    return np.where(error >= 0, q, q - 1) * error


def crps(actual: ArrayLike, draws: ArrayLike) -> np.ndarray:
    """Return the continuous ranked probability score (CRPS) of forecasts given as draws.

    With X and X' two of the n draws, taken independently,

        CRPS = E|X − y| − ½ E|X − X'| = 2/n Σ_i pinball(y, x_(i), (i − ½)/n)

    where x_(1) ≤ … ≤ x_(n) are the sorted draws. So it also scores n quantile forecasts, made for
    the probabilities (i − ½)/n. With one draw it is the absolute error. Lower is better; the
    expected score is lowest for the true distribution.

    Parameters
    ----------
    actual : units, any shape.
    draws : units, the shape of ``actual`` and one more axis, the last, for the draws or quantiles.

    Returns
    -------
    Array of scores in units, of the shape of ``actual``.

    References
    ----------
    Gneiting & Raftery (2007), Strictly proper scoring rules, prediction, and estimation, section
    4.2, https://doi.org/10.1198/016214506000001437; the sum over quantiles in Laio & Tamea
    (2007), https://doi.org/10.5194/hess-11-1267-2007

    Examples
    --------
    E|X − 3| is (2 + 0 + 4) / 3 = 2, E|X − X'| is 2 (2 + 6 + 4) / 9, so 2 − 12/9.

    >>> crps(3, [1, 3, 7]).round(4)
    np.float64(0.6667)
    """
    actual, draws = require_numbers("outcomes", actual), require_numbers("draws", draws)
    if draws.ndim == 0 or draws.shape[:-1] != actual.shape or not draws.shape[-1]:
        raise ValueError(
            f"draws have the shape of the outcomes, {actual.shape}, and a last axis for the draws; "
            f"got {draws.shape}."
        )
    n = draws.shape[-1]
    levels = (np.arange(n) + 0.5) / n
    return 2 * pinball(actual[..., None], np.sort(draws), levels).mean(axis=-1)
