"""Rolling-origin evaluation: the backtest of forecasts."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.base import clone

from helpers.data import checks
from helpers.data.checks import require_share
from helpers.forecast.base import WEEK, Forecaster, series_by_week
from helpers.forecast.checks import whole_season


def rolling_origin(
    models: Mapping[str, Forecaster],
    demand: pd.DataFrame,
    horizon: int,
    origins: int,
    *,
    season: float = 1,
    quantiles: Sequence[float] = (),
) -> pd.DataFrame:
    """Forecast from several origins in turn, each time using only what was known by then.

    The origins, the last weeks known, are ``horizon`` weeks apart, and the last one is ``horizon``
    weeks before the end, so each of the last ``origins · horizon`` weeks is forecast once.
    Each model is fitted anew at each origin, as the shop would do it.

    Parameters
    ----------
    models : name → model.
    demand : as `weekly_demand` returns it.
    horizon : steps ahead from each origin.
    origins : how many.
    season : m of the scale of MASE, see `naive_scale`.
    quantiles : further quantiles of the forecast, shares between 0 and 1, as whole units; a stock
        of `newsvendor` is one.

    Returns
    -------
    DataFrame, one row per model, origin, series and week: ``model``, ``origin`` (Monday of the last
    week known), ``step`` (1 … horizon), ``week``, ``series``, ``units``, ``mean``, ``variance``,
    ``lower``, ``upper``, ``scale``, the `naive_scale` of the series up to the origin, NaN if it is
    0, and a column such as ``q0.9`` for each of the quantiles. `score` takes it.

    References
    ----------
    Tashman (2000), Out-of-sample tests of forecasting accuracy,
    https://doi.org/10.1016/S0169-2070(00)00065-0

    Examples
    --------
    >>> from helpers.forecast import SeasonalNaive
    >>> weeks = pd.date_range("2025-01-06", periods=6, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [1, 2, 6, 1, 4, 6]})
    >>> found = rolling_origin({"naive": SeasonalNaive(season=1)}, demand, horizon=2, origins=2)
    >>> found["mean"].tolist(), found["units"].tolist()
    ([2.0, 2.0, 1.0, 1.0], [6, 1, 4, 6])
    """
    _require_models(models)
    checks.require_whole("horizon", horizon)
    checks.require_whole("origins", origins)
    if np.ndim(quantiles) == 0:
        raise ValueError(f"quantiles is a list of shares, such as [0.9]; got {quantiles}.")
    for q in quantiles:
        require_share("each of the quantiles", q)
    weeks, m = series_by_week(demand).columns, whole_season(season)
    demand = demand.sort_values(["series", "week"])
    if len(weeks) <= origins * horizon + m:
        raise ValueError(
            f"{origins} origins, {horizon} weeks apart, need {origins * horizon} weeks of demand, "
            f"and a scale with a season of {m} needs {m + 1} before them; there are {len(weeks)}."
        )
    named = {q: f"q{q:g}" for q in quantiles}
    parts = []
    for known in range(len(weeks) - origins * horizon, len(weeks), horizon):
        past = demand[demand["week"] <= weeks[known - 1]]
        gaps = past.groupby("series")["units"].diff(m).abs()
        scale = gaps.groupby(past["series"]).mean().replace(0, np.nan)
        for name, model in models.items():
            fitted = clone(model).fit(past)
            forecast, outcomes = fitted.predict(horizon), fitted.distribution(horizon)
            forecast["variance"] = outcomes.var()
            for q, name_of_q in named.items():
                forecast[name_of_q] = np.ceil(outcomes.ppf(q)).clip(0)
            forecast["scale"] = forecast["series"].map(scale)
            parts.append(forecast.assign(model=name, origin=weeks[known - 1]))
    found = pd.concat(parts).merge(demand[["week", "series", "units"]], on=["week", "series"])
    found["step"] = (found["week"] - found["origin"]) // WEEK
    first = ["model", "origin", "step", "week", "series", "units", "mean", "variance"]
    return found[[*first, "lower", "upper", "scale", *named.values()]]


def _require_models(models: Mapping[str, Forecaster]) -> None:
    if not isinstance(models, Mapping) or not models:
        raise TypeError('models are given with their names: {"last week": SeasonalNaive(season=1)}')
    for name, model in models.items():
        if not isinstance(model, Forecaster):
            raise TypeError(
                f"models: {name!r} is no model but {model!r}. There are SeasonalNaive(), "
                "ExponentialSmoothing() and BoostedLags(); mind the parentheses."
            )
