"""Weekly demand and its forecasts: the table of demand, and the test by a rolling origin.

The models stand in `helpers.forecast`, that for rare items in `helpers.forecast`, the
scores in `helpers.forecast`, and what a shop does with a distribution of demand in
`helpers.forecast`. All of their names can be had here, too.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.base import clone

from helpers.data import schema
from helpers.data.checks import require_share, whole_season
from helpers.forecast.models import (
    WEEK,
    YEAR,
    BoostedLags,
    ExponentialSmoothing,
    Forecaster,
    SeasonalNaive,
    series_by_week,
)
from helpers.forecast.rare import croston
from helpers.forecast.scores import coverage, mase, naive_scale, pinball, score, wape
from helpers.forecast.stock import censored_mean, count_distribution, newsvendor, stock_cost

__all__ = [
    "YEAR",
    "BoostedLags",
    "ExponentialSmoothing",
    "SeasonalNaive",
    "censored_mean",
    "count_distribution",
    "coverage",
    "croston",
    "mase",
    "naive_scale",
    "newsvendor",
    "pinball",
    "rolling_origin",
    "score",
    "stock_cost",
    "wape",
    "weekly_demand",
]


# ---------------------------------------------------------------- the table of demand


def weekly_demand(
    lines: pd.DataFrame,
    items: pd.DataFrame | None = None,
    by: str | None = None,
    *,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Count the units sold in each week, Monday to Sunday, for each series.

    Weeks in which nothing of a series was sold are there, with 0: they are demand, too. A first or
    last week that was not observed from Monday to Sunday is not: its sales would look like a slump.

    Parameters
    ----------
    lines : DataFrame, one row per order line: ``ordered_at`` (datetime), ``quantity`` (0 or more),
        and ``by`` or, if that stands in ``items``, ``item_id``.
    items : DataFrame with ``item_id`` and ``by``, such as "category".
    by : what makes a series, "category" or "item_id"; without it, all units are one series, "all".
    start, end : first and last day observed; without them, those of the first and last line.

    Returns
    -------
    DataFrame ``week`` (its Monday), ``series``, ``units``; sorted by series, then week. All series
    have the same weeks; an item that is not for sale yet has zeros there.

    Raises
    ------
    TableError, ValueError
        If a column is missing, a quantity negative, an item sold has no ``by`` or two of them, a
        day cannot be read, or no week is whole.

    Examples
    --------
    >>> lines = pd.DataFrame({"ordered_at": pd.to_datetime(["2025-01-06", "2025-01-21"]),
    ...                       "category": ["Toys", "Toys"], "quantity": [2, 1]})
    >>> weekly_demand(lines, by="category", end="2025-01-26")["units"].tolist()
    [2, 0, 1]
    """
    if not (by is None or isinstance(by, str)):
        raise TypeError(f'by names one column, such as "category"; got {by!r}.')
    looked_up = by is not None and items is not None and by not in lines
    key = {"item_id": "key"} if looked_up else {} if by is None else {by: "key"}
    schema.require(lines, ordered_at="datetime", quantity="number", **key)
    mend = "Net returns first, or drop them."
    schema.refuse_rows(lines, ("quantity", lines["quantity"] < 0, "is negative", mend))
    if by is None:
        series = pd.Series("all", lines.index)
    elif looked_up:
        series = _look_up(lines, items, by)
    else:
        series = lines[by]
    day = lines["ordered_at"].dt.normalize()
    first = day.min() if start is None else _day("start", start)
    last = day.max() if end is None else _day("end", end)
    weeks = pd.date_range(first, last - pd.Timedelta(days=6), freq="W-MON")
    if not len(weeks):
        raise ValueError(
            f"No week from Monday to Sunday lies between {first.date()} and {last.date()}; give "
            "the first and last day observed as start and end."
        )
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    units = lines["quantity"].groupby([series.to_numpy(), monday.to_numpy()]).sum()
    full = pd.MultiIndex.from_product([units.index.levels[0], weeks], names=["series", "week"])
    units = units.reindex(full, fill_value=0).rename("units").reset_index()
    return units[["week", "series", "units"]]


def _day(name: str, value: str | pd.Timestamp) -> pd.Timestamp:
    try:
        day = pd.Timestamp(value)
    except (TypeError, ValueError):
        day = pd.NaT
    if day is pd.NaT or day.tz is not None:
        raise ValueError(f'{name} is a day without a zone, such as "2025-01-06"; got {value!r}.')
    return day.normalize()


def _look_up(lines: pd.DataFrame, items: pd.DataFrame, by: str) -> pd.Series:
    schema.require(items, item_id="key", **{by: "key?"})
    schema.require_same_ids(lines, items, "item_id")
    pairs = items[["item_id", by]].drop_duplicates()
    twice = f'has more than one "{by}"'
    mend = "Decide on one: items.drop_duplicates('item_id')."
    schema.refuse_rows(pairs, ("item_id", pairs.duplicated("item_id"), twice, mend), name="items")
    series = lines["item_id"].map(pairs.set_index("item_id")[by])
    what = f'names items that have no "{by}" in items'
    mend = 'Complete items, or keep lines[lines["item_id"].isin(items.dropna()["item_id"])].'
    schema.refuse_rows(lines, ("item_id", series.isna(), what, mend))
    return series


# ---------------------------------------------------------------- the rolling origin


def rolling_origin(
    models: Mapping[str, Forecaster],
    demand: pd.DataFrame,
    horizon: int,
    origins: int,
    *,
    level: float = 0.8,
    season: float = 1,
    quantiles: Sequence[float] = (),
) -> pd.DataFrame:
    """Forecast from several weeks in turn, each time knowing only what was known by then.

    The origins, the last weeks known, lie ``horizon`` weeks apart, the last of them ``horizon``
    weeks before the end, so that each of the last ``origins · horizon`` weeks is forecast once.
    Each model is fitted anew at each origin, as the shop would do it.

    Parameters
    ----------
    models : name → model.
    demand : as `weekly_demand` returns it.
    horizon : steps ahead from each origin.
    origins : how many.
    level : of the intervals, see ``predict``.
    season : m of the scale of MASE, see `naive_scale`.
    quantiles : further quantiles of the forecast, shares between 0 and 1, as whole units; a stock
        of `newsvendor` is one.

    Returns
    -------
    DataFrame, one row per model, origin, series and week: ``model``, ``origin`` (Monday of the last
    week known), ``step`` (1 … horizon), ``week``, ``series``, ``units``, ``mean``, ``variance``,
    ``lower``, ``upper``, ``scale``, the `naive_scale` of the series up to the origin, NaN if it is
    0, and a column such as ``q0.9`` for each of the quantiles. `score` takes it.

    Raises
    ------
    TableError, ValueError, TypeError
        If the table is no demand, or too short at the first origin for a model or for the season;
        or if models are no models, or quantiles no shares.

    References
    ----------
    Tashman (2000), Out-of-sample tests of forecasting accuracy,
    https://doi.org/10.1016/S0169-2070(00)00065-0

    Examples
    --------
    >>> weeks = pd.date_range("2025-01-06", periods=6, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [1, 2, 6, 1, 4, 6]})
    >>> found = rolling_origin({"naive": SeasonalNaive(season=1)}, demand, horizon=2, origins=2)
    >>> found["mean"].tolist(), found["units"].tolist()
    ([2.0, 2.0, 1.0, 1.0], [6, 1, 4, 6])
    """
    _require_models(models)
    schema.require_whole("horizon", horizon)
    schema.require_whole("origins", origins)
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
            forecast, outcomes = fitted.predict(horizon, level), fitted.distribution(horizon)
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
