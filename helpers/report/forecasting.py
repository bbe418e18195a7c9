"""The section on demand: how much the shop will sell in the next weeks."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from helpers import forecast, plots
from helpers.own_shop.shop import OwnShop
from helpers.report.section import Figure, Section, Table, about, need, over_time, section

AHEAD = 8  # weeks of a forecast
FEWEST = 30  # weeks that a forecast needs to learn from


class Plan(NamedTuple):
    """What the history is long enough for."""

    ahead: int  # weeks of a forecast
    origins: int  # forecasts of the test
    season: int | None  # weeks of a season; None if the history has fewer than two


@section("demand", "How much will the shop sell?")
def demand(shop: OwnShop) -> Section:
    """Forecast weekly units, and backtest the forecast where the outcome is known.

    The forecast comes from the model that was best in the backtest. The table has a row for each
    model, such as

        exponential smoothing · WAPE 12% · 78% of the weeks inside the interval
    """
    need(shop.days // 7, FEWEST, "weeks of orders")
    weekly, unit = _weekly(shop), shop.unit
    need(len(weekly), FEWEST, "whole weeks")
    plan = _plan(weekly)
    models = _models(plan)
    tested = forecast.rolling_origin(models, weekly, horizon=plan.ahead, origins=plan.origins)
    scores = forecast.score(tested)
    best = scores["wape"].idxmin()
    coming = models[best].fit(weekly).predict(plan.ahead)
    total = coming["mean"].sum()
    last = weekly["units"].tail(plan.ahead).sum()
    change = total / max(last, 1) - 1
    title = (
        f"About {about(total):,.0f} {unit} in the next {plan.ahead} weeks, after {last:,.0f} in "
        f"the last {plan.ahead}"
    )
    reading = [
        f"That is {abs(change):.0%} {'more' if change >= 0 else 'less'}. The band in the figure is "
        "an 80% prediction interval: about four weeks in five should fall inside it.",
        f"Backtest: {plan.origins} times, {plan.ahead} weeks were forecast from the weeks before. "
        f"The errors of the best model, {best}, add up to {scores['wape'][best]:.0%} of sales "
        "(WAPE).",
    ]
    cells = pd.DataFrame(
        {
            "model": scores.index,
            "forecast error (WAPE)": scores["wape"].map("{:.0%}".format),
            "weeks inside the interval": scores["coverage"].map("{:.0%}".format),
        }
    )
    table = Table("Backtest: forecasts of weeks whose outcome is known", cells)
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
    """Forecast eight weeks and test four times, or less if the history is short.

    A season needs two years before the first forecast of the test.
    """
    weeks = len(weekly)
    seasonal = weeks >= 2 * forecast.YEAR + 4 * AHEAD
    return Plan(
        ahead=AHEAD if weeks >= FEWEST + 2 * AHEAD else 4,
        origins=4 if weeks >= FEWEST + 4 * AHEAD else 2,
        season=forecast.YEAR if seasonal else None,
    )


def _models(plan: Plan) -> dict:
    models = {
        "exponential smoothing": forecast.ExponentialSmoothing(season=plan.season),
        "same as the week before": forecast.SeasonalNaive(season=1),
    }
    return models | ({"same as last year": forecast.SeasonalNaive()} if plan.season else {})


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
