"""Scores of forecasts: errors that can be compared between series, and coverage of intervals.

y is what was sold, ŷ its forecast. None of the scores divides by a single y, which may be 0.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.data import checks
from helpers.forecast.checks import refuse, require_numbers, whole_season


def wape(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Weighted absolute percentage error, Σ|y − ŷ| / Σy: units wrong per unit sold.

    References
    ----------
    Kolassa & Schütz (2007), Advantages of the MAD/mean ratio over the MAPE, Foresight 6, 40–43.

    Examples
    --------
    >>> wape([2, 0, 4], [3, 1, 4])
    0.3333333333333333
    """
    actual, forecast = _pair(actual, forecast)
    refuse("outcomes", actual < 0, "negative", "Net returns first, or drop those weeks.")
    if not actual.sum() > 0:
        raise ValueError("Nothing was sold in these weeks, so no error is a share of it. Use mase.")
    return float(np.abs(actual - forecast).sum() / actual.sum())


def naive_scale(history: ArrayLike, season: float = 1) -> float:
    """Mean absolute error of the seasonal naive forecast within the history, mean |y_t − y_{t−m}|.

    Parameters
    ----------
    history : units of the weeks that were known when the forecast was made, in order.
    season : m, in weeks; a fraction is rounded.

    Examples
    --------
    >>> naive_scale([1, 3, 2, 2])
    1.0
    """
    history, m = require_numbers("history", history), whole_season(season)
    if history.ndim != 1:
        raise ValueError(f"history is one series, week after week; got shape {history.shape}.")
    if len(history) <= m:
        raise ValueError(f"A season of {m} weeks needs more than {m} weeks; got {len(history)}.")
    scale = float(np.abs(history[m:] - history[:-m]).mean())
    if not scale > 0:
        raise ValueError(f"The history repeats itself every {m} weeks; MASE would divide by 0.")
    return scale


def mase(actual: ArrayLike, forecast: ArrayLike, history: ArrayLike, season: float = 1) -> float:
    """Mean absolute scaled error: the mean of |y − ŷ|, divided by `naive_scale` of the history.

    Below 1, the forecast is off by less than the (seasonal) naive forecast was within the history.
    That does not mean that it beats the naive forecast of the same weeks.

    Parameters
    ----------
    actual, forecast : units of the weeks forecast.
    history, season : as for `naive_scale`.

    References
    ----------
    Hyndman & Koehler (2006), Another look at measures of forecast accuracy,
    https://doi.org/10.1016/j.ijforecast.2006.03.001

    Examples
    --------
    Errors 1 and 2, mean 1.5; the history moves by 2, 1 and 0 from week to week, mean 1.

    >>> mase([4, 1], [3, 3], history=[1, 3, 2, 2])
    1.5
    """
    actual, forecast = _pair(actual, forecast)
    return float(np.abs(actual - forecast).mean() / naive_scale(history, season))


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of outcomes inside their interval, both ends included.

    Examples
    --------
    >>> coverage([3, 9], lower=[1, 2], upper=[3, 8])
    0.5
    """
    actual, lower = _pair(actual, lower)
    _, upper = _pair(actual, upper)
    refuse("intervals", lower > upper, "upside down", "lower comes first, then upper.")
    return float(((lower <= actual) & (actual <= upper)).mean())


def score(results: pd.DataFrame, by: str | Sequence[str] = "model") -> pd.DataFrame:
    """Score the forecasts of `helpers.forecast.rolling_origin`.

    Parameters
    ----------
    results : DataFrame with ``units``, ``mean``, ``lower``, ``upper``, ``scale``, and what ``by``
        names.
    by : "model", or ["model", "series"], ["model", "step"].

    Returns
    -------
    DataFrame, a row per group: ``wape`` as in `wape`; ``mase``, the mean of |y − ŷ| / scale;
    ``bias``, Σ(ŷ − y) / Σy; ``coverage``, the share of outcomes inside the interval; ``width``, the
    mean length of the interval in units. Where nothing was sold, wape and bias are NaN, and rows
    without a scale are left out of mase. The lowest WAPE comes first.

    Examples
    --------
    >>> found = pd.DataFrame({"model": "a", "units": [2, 2], "mean": [3.0, 2.0],
    ...                       "lower": [1, 0], "upper": [4, 1], "scale": 2.0})
    >>> score(found).loc["a"].tolist()
    [0.25, 0.25, 0.25, 0.5, 2.0]
    """
    by = [by] if isinstance(by, str) else list(by)
    if not by:
        raise ValueError('by names no column; to score all together, add one: by="model".')
    kinds = dict.fromkeys(["units", "mean", "lower", "upper"], "number")
    checks.require(results, **kinds, scale="number?")
    fix = "Where the history never moves there is no scale: put a missing value."
    checks.refuse_rows(results, ("scale", results["scale"] <= 0, "is not above 0", fix))
    absent = [column for column in by if column not in results]
    if absent:
        has = ", ".join(results.columns)
        raise ValueError(f'There is no column "{absent[0]}" to score by; there are: {has}.')
    error = results["mean"] - results["units"]
    parts = results[by].assign(
        units=results["units"],
        error=error,
        off=error.abs(),
        scaled=error.abs() / results["scale"],
        inside=results["units"].between(results["lower"], results["upper"]),
        width=results["upper"] - results["lower"],
    )
    groups = parts.groupby(by, observed=True)
    sums = groups[["units", "error", "off"]].sum()
    sold = sums["units"].where(sums["units"] > 0)
    scores = pd.DataFrame(
        {
            "wape": sums["off"] / sold,
            "mase": groups["scaled"].mean(),
            "bias": sums["error"] / sold,
            "coverage": groups["inside"].mean(),
            "width": groups["width"].mean(),
        }
    )
    return scores.sort_values("wape")


def _pair(actual: ArrayLike, other: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    actual, other = require_numbers("outcomes", actual), require_numbers("forecasts", other)
    if actual.shape != other.shape or not actual.size:
        raise ValueError(
            f"Compare week by week: {actual.size} outcomes and {other.size} forecasts were given, "
            f"of shapes {actual.shape} and {other.shape}."
        )
    return actual, other
