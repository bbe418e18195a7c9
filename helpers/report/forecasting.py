"""The section on demand: how much the shop will sell in the next weeks."""

import math
from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from threadpoolctl import threadpool_limits

from helpers import forecast, plots
from helpers.own_shop.shop import OwnShop
from helpers.report.evidence import cannot_tell, mean_gain
from helpers.report.section import Figure, Section, Table, about, need, over_time, section

AHEAD = 8  # weeks of a forecast
FEWEST = 30  # weeks that a forecast needs to learn from
ORIGINS = 6  # forecasts of the test, for which a forecast of eight weeks is worth it
MOST_ORIGINS = 12
WORST = 0.5  # of sales; a forecast with larger errors is none
LEAST = FEWEST + 3 * AHEAD // 2  # weeks of a history that can be tested three times
MODEL = "exponential smoothing"


class Plan(NamedTuple):
    """What the history is long enough for."""

    ahead: int  # weeks of a forecast
    origins: int  # forecasts of the test
    season: int | None  # weeks of a season; None if the history has fewer than two


@section("demand", "How much will the shop sell?")
def demand(shop: OwnShop) -> Section:
    """Forecast weekly units, and backtest the forecast where the outcome is known.

    The forecast comes from exponential smoothing, if it beats every naive forecast in the backtest
    by more than chance explains. The table has a row for each forecast, such as

        exponential smoothing · 12%
    """
    need(shop.days // 7, LEAST, "weeks of orders")
    weekly, unit = _weekly(shop), shop.unit
    need(len(weekly), LEAST, "whole weeks")
    plan = _plan(weekly)
    model = forecast.ExponentialSmoothing(season=plan.season)
    with threadpool_limits(1):  # so little data is faster on one thread
        tested = forecast.rolling_origin({MODEL: model}, weekly, plan.ahead, plan.origins)
        coming = model.fit(weekly).predict(plan.ahead)
    errors = _errors(tested, weekly, plan)
    wape = errors.sum() / max(tested["units"].sum(), 1)
    _must_beat_naive_forecasts(errors, wape, plan)
    total = coming["mean"].sum()
    last = weekly["units"].tail(plan.ahead).sum()
    change = total / max(last, 1) - 1
    title = (
        f"About {about(total):,.0f} {unit} in the next {plan.ahead} weeks, after {last:,.0f} in "
        f"the last {plan.ahead}"
    )
    inside = tested["units"].between(tested["lower"], tested["upper"]).mean()
    reading = [
        f"That is {abs(change):.0%} {'more' if change >= 0 else 'less'}. The band in the figure is "
        "an 80% prediction interval: about four weeks in five should fall inside it.",
        f"Backtest: {plan.origins} times, {plan.ahead} weeks were forecast from the weeks before. "
        f"The errors of the model add up to {wape[MODEL]:.0%} of sales (WAPE, weighted absolute "
        f"percentage error), and {inside:.0%} of the weeks fell inside the interval. The best "
        f"naive forecast has errors of {wape.drop(MODEL).min():.0%}.",
        "The model is exponential smoothing: a mean of the past in which recent weeks count more, "
        f"with a trend{' and a season' if plan.season else ''}.",
    ]
    wape = wape.sort_values()
    cells = {"forecast": wape.index, "error (WAPE)": wape.map("{:.0%}".format)}
    table = Table("Backtest: forecasts of weeks whose outcome is known", pd.DataFrame(cells))
    figure = _course(weekly, coming, title, unit)
    return Section(title, reading, _caveats(unit, plan), [table], [figure])


def _weekly(shop: OwnShop) -> pd.DataFrame:
    """Return weekly sales: units, or order lines or orders where units are meaningless."""
    lines = shop.order_lines[["order_id", "ordered_at", "quantity"]]
    if shop.unit == "orders":
        lines = lines.drop_duplicates("order_id")
    if shop.unit != "units":
        lines = lines.assign(quantity=1)
    return forecast.weekly_demand(lines[["ordered_at", "quantity"]])


def _plan(weekly: pd.DataFrame) -> Plan:
    """Forecast eight weeks if that can be tested six times, otherwise four; test up to 12 times.

    A season needs two years before the first forecast of the test.
    """
    weeks, two_years = len(weekly), math.ceil(2 * forecast.YEAR)
    seasonal = weeks >= two_years + ORIGINS * AHEAD
    spare = weeks - (two_years if seasonal else FEWEST)
    ahead = AHEAD if spare >= ORIGINS * AHEAD else AHEAD // 2
    return Plan(ahead, min(spare // ahead, MOST_ORIGINS), forecast.YEAR if seasonal else None)


def _errors(tested: pd.DataFrame, weekly: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the absolute errors of the model and of naive forecasts, summed up by forecast.

    Returns
    -------
    DataFrame, one row per origin, one column per model.
    """
    units = weekly.set_index("week")["units"]
    found = pd.DataFrame(
        {
            MODEL: tested["mean"],
            "same as the week before": tested["origin"].map(units),
            "mean of all weeks so far": tested["origin"].map(units.expanding().mean()),
        }
    )
    if plan.season:
        found["same as last year"] = tested["week"].map(units.shift(round(plan.season)))
    return found.sub(tested["units"], axis=0).abs().groupby(tested["origin"]).sum()


def _must_beat_naive_forecasts(errors: pd.DataFrame, wape: pd.Series, plan: Plan) -> None:
    """Skip the section if a naive forecast may do as well, or if the errors are large.

    The weeks of one forecast share its luck, so each forecast is one case (`mean_gain`).
    """
    said = (
        f"In {plan.origins} forecasts of {plan.ahead} weeks whose outcome is known, the errors of "
        f"the model add up to {wape[MODEL]:.0%} of sales"
    )
    if wape[MODEL] > WORST:
        raise cannot_tell(f"{said}, too much to plan with")
    for name, naive in errors.drop(columns=MODEL).items():
        if not mean_gain(naive - errors[MODEL]).low > 0:
            raise cannot_tell(
                f"{said}. That is not clearly better than the naive forecast “{name}” "
                f"({wape[name]:.0%}): the difference could be due to chance"
            )


def _caveats(unit: str, plan: Plan) -> list[str]:
    caveats = [
        "The forecast ignores promotions, price changes and new products. Sales are not demand: "
        "items that were out of stock could not be sold.",
    ]
    if unit == "order lines":
        caveats.append("It counts order lines, because the quantities may be weights, not units.")
    if not plan.season:
        caveats.append("It ignores the season: learning one takes more than two and a half years.")
    return caveats


def _course(weekly: pd.DataFrame, coming: pd.DataFrame, title: str, unit: str) -> Figure:
    """Draw the last year in gray and the forecast with its prediction interval."""

    def draw() -> Axes:
        _, ax = plt.subplots()
        past = weekly.tail(52)
        ax.plot(past["week"], past["units"], color=plots.CONTEXT)
        ax.plot(coming["week"], coming["mean"], color=plots.ACCENT)
        band = {"color": plots.ACCENT, "alpha": 0.2, "linewidth": 0}
        ax.fill_between(coming["week"], coming["lower"], coming["upper"], **band)
        over_time(ax, title, f"{unit} per week")
        return ax

    first, last = coming.iloc[0], coming.iloc[-1]
    words = (
        f"weekly {unit} of the last year, then a forecast for {len(coming)} weeks: "
        f"{first['mean']:,.0f} in the first week (80% prediction interval: {first['lower']:,.0f} "
        f"to {first['upper']:,.0f}) and {last['mean']:,.0f} in the last."
    )
    past = weekly.tail(52).rename(columns={"week": "x", "units": "value"})[["x", "value"]]
    ends = {"week": "x", "mean": "value", "lower": "low", "upper": "high"}
    ahead = (
        coming.round({"mean": 0, "lower": 0, "upper": 0})
        .rename(columns=ends)
        .assign(series="forecast")
    )
    data = pd.concat([past.assign(series="actual"), ahead]).assign(unit=unit)
    return Figure(draw, words, data)
