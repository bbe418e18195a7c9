"""The section on demand: how much will be sold in the next weeks."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from helpers import forecast, plots
from helpers.own_shop.shop import OwnShop
from helpers.report.section import Figure, Section, Table, about, need, over_time, section

AHEAD = 8  # weeks of a forecast
FEWEST = 30  # weeks that a forecast learns from


class Plan(NamedTuple):
    """What the history is long enough for."""

    ahead: int  # weeks of a forecast
    origins: int  # forecasts of the test
    season: int | None  # weeks of a season; None if it was not seen twice


@section("demand", "How much will be sold?")
def demand(shop: OwnShop) -> Section:
    """Forecast weekly units, and test the forecast where the outcome is known.

    The forecast is of the model that was best in the test. The table has a row for each, such as

        smoothing · wrong by 12% of what was sold · 78% of the weeks inside the band
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
        "the last"
    )
    reading = [
        f"That is {abs(change):.0%} {'more' if change >= 0 else 'less'}. Four weeks in five "
        "should fall into the band of the figure.",
        f"A test: {plan.origins} times, {plan.ahead} weeks were forecast from those before. The "
        f"best, “{best}”, was wrong by {scores['wape'][best]:.0%} of what was sold.",
    ]
    cells = pd.DataFrame(
        {
            "forecast by": scores.index,
            "wrong by, of what was sold": scores["wape"].map("{:.0%}".format),
            "weeks inside the band": scores["coverage"].map("{:.0%}".format),
        }
    )
    table = Table("Forecasts on weeks whose outcome is known", cells)
    figure = _course(weekly, coming, title, unit)
    return Section(title, reading, _caveats(unit, plan), [table], [figure])


def _weekly(shop: OwnShop) -> pd.DataFrame:
    """Return what was sold in each week: units; order lines or orders where units say nothing."""
    lines = shop.order_lines[["order_id", "ordered_at", "quantity"]]
    if shop.unit == "orders":
        lines = lines.drop_duplicates("order_id")
    if shop.unit != "units":
        lines = lines.assign(quantity=1)
    return forecast.weekly_demand(lines[["ordered_at", "quantity"]])


def _plan(weekly: pd.DataFrame) -> Plan:
    """Forecast eight weeks and test it four times, or less in a short history.

    A season takes two years before the first forecast of the test.
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
        "smoothing": forecast.ExponentialSmoothing(season=plan.season),
        "like the week before": forecast.SeasonalNaive(season=1),
    }
    return models | ({"like last year": forecast.SeasonalNaive()} if plan.season else {})


def _caveats(unit: str, plan: Plan) -> list[str]:
    caveats = [
        "No promotion, price change or new product is in it. Sold is not wanted: what was out of "
        "stock could not be sold.",
    ]
    if unit == "order lines":
        caveats.append("Order lines are counted: the quantities are no units, but weights perhaps.")
    if not plan.season:
        caveats.append("Less than two years and a half were seen, so it knows no season.")
    return caveats


def _course(weekly: pd.DataFrame, coming: pd.DataFrame, title: str, unit: str) -> Figure:
    """Draw the last year in grey and the forecast with its band."""

    def draw() -> Axes:
        _, ax = plt.subplots()
        past = weekly.tail(52)
        ax.plot(past["week"], past["units"], color=plots.CONTEXT)
        ax.plot(coming["week"], coming["mean"], color=plots.ACCENT)
        band = {"color": plots.ACCENT, "alpha": 0.2, "linewidth": 0}
        ax.fill_between(coming["week"], coming["lower"], coming["upper"], **band)
        over_time(ax, title, f"{unit} a week")
        return ax

    first, last = coming.iloc[0], coming.iloc[-1]
    words = (
        f"weekly {unit} of the last year in grey, then {len(coming)} weeks of forecast: "
        f"{first['mean']:,.0f} in the first week (between {first['lower']:,.0f} "
        f"and {first['upper']:,.0f}), {last['mean']:,.0f} in the last."
    )
    return Figure(draw, words)
