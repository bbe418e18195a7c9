"""The section on demand: how much the shop will sell in the next weeks."""

import math
from typing import NamedTuple

import pandas as pd
from threadpoolctl import threadpool_limits

from apps.report.evidence import cannot_tell, mean_gain
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Figure, Section, Table, about, line_figure, need, section
from helpers import forecast
from helpers.language import say

AHEAD = 8  # weeks of a forecast
MIN_TRAINING = 30  # weeks that a forecast needs to learn from
ORIGINS = 6  # forecasts of the test, for which a forecast of eight weeks is worth it
MOST_ORIGINS = 12
WORST = 0.5  # of sales; a forecast with larger errors is none
MIN_HISTORY = MIN_TRAINING + 3 * AHEAD // 2  # weeks of a history that can be tested three times
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
    need(shop.days // 7, MIN_HISTORY, "weeks of orders")
    weekly, unit = _weekly(shop), _unit(shop)
    need(len(weekly), MIN_HISTORY, "whole weeks")
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
    title = say(
        "About {total} in the next {weeks} weeks, after {before} in the last {weeks}",
        total=pluralize(about(total), shop.unit.removesuffix("s")),
        weeks=plan.ahead,
        before=f"{last:,.0f}",
    )
    inside = tested["units"].between(tested["lower"], tested["upper"]).mean()
    reading = [
        _change(total / max(last, 1) - 1),
        say(
            "Backtest: {times} times, {weeks} weeks were forecast from the weeks before. The "
            "errors of the model add up to {error} of sales (WAPE, weighted absolute percentage "
            "error), and {inside} of the weeks fell inside the interval. The best naive forecast "
            "has errors of {naive}.",
            times=plan.origins,
            weeks=plan.ahead,
            error=f"{wape[MODEL]:.0%}",
            inside=f"{inside:.0%}",
            naive=f"{wape.drop(MODEL).min():.0%}",
        ),
        say(
            "The model is exponential smoothing: a mean of the past in which recent weeks count "
            "more, with {parts}.",
            parts=say("a trend and a season" if plan.season else "a trend"),
        ),
    ]
    wape = wape.rename({MODEL: say("exponential smoothing")}).sort_values()
    cells = {say("forecast"): wape.index, say("error (WAPE)"): wape.map("{:.0%}".format)}
    caption = say("Backtest: forecasts of weeks whose outcome is known")
    table = Table(caption, pd.DataFrame(cells), folded=True)
    figure = _course(weekly, coming, title, unit)
    return Section(title, reading, _caveats(shop, plan), [table], [figure])


def _unit(shop: OwnShop) -> str:
    """Return the unit of demand in the language of the reader."""
    words = {"units": say("units"), "orders": say("orders"), "order lines": say("order lines")}
    return words[shop.unit]


def _change(change: float) -> str:
    """Say how the forecast differs from the last weeks, and what the band in the figure means."""
    return say(
        "That is {change}. The band in the figure is an 80% prediction interval: about four weeks "
        "in five should fall inside it.",
        change=say("{share} less" if change < 0 else "{share} more", share=f"{abs(change):.0%}"),
    )


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
    spare = weeks - (two_years if seasonal else MIN_TRAINING)
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
            say("same as the week before"): tested["origin"].map(units),
            say("mean of all weeks so far"): tested["origin"].map(units.expanding().mean()),
        }
    )
    if plan.season:
        found[say("same as last year")] = tested["week"].map(units.shift(round(plan.season)))
    return found.sub(tested["units"], axis=0).abs().groupby(tested["origin"]).sum()


def _must_beat_naive_forecasts(errors: pd.DataFrame, wape: pd.Series, plan: Plan) -> None:
    """Skip the section if a naive forecast may do as well, or if the errors are large.

    The weeks of one forecast share its luck, so each forecast is one case (`mean_gain`).
    """
    tested = {"times": plan.origins, "weeks": plan.ahead, "error": f"{wape[MODEL]:.0%}"}
    if wape[MODEL] > WORST:
        raise cannot_tell(
            say(
                "In {times} forecasts of {weeks} weeks whose outcome is known, the errors of the "
                "model add up to {error} of sales, too much to plan with",
                **tested,
            )
        )
    for name, naive in errors.drop(columns=MODEL).items():
        if not mean_gain(naive - errors[MODEL]).low > 0:
            raise cannot_tell(
                say(
                    "In {times} forecasts of {weeks} weeks whose outcome is known, the errors of "
                    "the model add up to {error} of sales. That is not clearly better than the "
                    "naive forecast “{name}” ({naive}): the difference could be due to chance",
                    name=name,
                    naive=f"{wape[name]:.0%}",
                    **tested,
                )
            )


def _caveats(shop: OwnShop, plan: Plan) -> list[str]:
    caveats = [
        say(
            "The forecast ignores promotions, price changes and new products. Sales are not "
            "demand: items that were out of stock could not be sold."
        ),
    ]
    if shop.unit == "order lines":
        caveats.append(
            say("It counts order lines, because the quantities may be weights, not units.")
        )
    if not plan.season:
        caveats.append(
            say("It ignores the season: learning one takes more than two and a half years.")
        )
    return caveats


def _course(weekly: pd.DataFrame, coming: pd.DataFrame, title: str, unit: str) -> Figure:
    """Draw the last year and the forecast with its prediction interval."""
    first, last = coming.iloc[0], coming.iloc[-1]
    words = say(
        "weekly {unit} of the last year, then a forecast for {weeks} weeks: {first} in the first "
        "week (80% prediction interval: {low} to {high}) and {last} in the last.",
        unit=unit,
        weeks=len(coming),
        first=f"{first['mean']:,.0f}",
        low=f"{first['lower']:,.0f}",
        high=f"{first['upper']:,.0f}",
        last=f"{last['mean']:,.0f}",
    )
    past = weekly.tail(52).rename(columns={"week": "x", "units": "value"})[["x", "value"]]
    ends = {"week": "x", "mean": "value", "lower": "low", "upper": "high"}
    ahead = (
        coming.round({"mean": 0, "lower": 0, "upper": 0})
        .rename(columns=ends)
        .assign(series=say("forecast"))
    )
    data = pd.concat([past.assign(series=say("actual")), ahead]).assign(unit=unit)
    return line_figure(data, title, say("{unit} per week", unit=unit), words)
