"""The section on customer lifetime value: how much today's customers will still buy.

A BG/NBD model predicts how often each customer will buy, and a gamma-gamma model how much they will
spend. A holdout check fits both to what was known some weeks ago, and compares the forecast with
what happened since.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from apps.report.evidence import cannot_tell, mean_gain
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    DAY,
    Figure,
    Section,
    Skip,
    Table,
    about,
    bar_chart,
    money,
    need,
    need_customers,
    section,
    tidy,
)
from helpers import value
from helpers.language import say

SHOWN = 12  # customers in the table
YEAR, HALF_YEAR = 52, 26  # weeks of the forecast, and weeks hidden in the holdout check
NEAR = 0.15  # error of a total that is small enough for planning
WRONG = 0.5  # error of a total that makes it useless
NEARLY_ALL = 0.97  # mean probability of being active; above, the data don't show who left
CONCENTRATED = 30  # percent of the forecast; above, the top tenth makes up much of it


@section("value", "How much will today's customers still buy?")
def value_to_come(shop: OwnShop) -> Section:
    """Forecast each customer's purchases and spending, and test the model on the last weeks.

    The table has a row for each of the twelve customers with the highest forecast, such as

        U00537 · 98% probability of being active · 15.8 purchases in 52 weeks · $2,671 in 52 weeks
    """
    weeks = shop.days / 7
    need_customers(shop)
    need(weeks, 26, "weeks of orders")
    need(shop.customer_orders["user_id"].nunique(), 100, "customers")
    summary = value.btyd_summary(
        shop.customer_orders, value=_amount(shop), observation_end=shop.last_day
    )
    need((summary["frequency"] > 0).sum(), 30, "customers who bought on more than one day")
    ahead = int(min(YEAR, weeks))
    expected = _expected(shop, summary, ahead)
    hidden = int(min(HALF_YEAR, weeks // 3))
    table, tested = _test(shop, hidden)
    by = "revenue" if shop.has_money else "purchases"
    ranked = expected.sort_values(by, ascending=False)
    rough = about(ranked[by].sum())
    sum_of = money(shop, rough) if shop.has_money else pluralize(rough, "purchase")
    best = ranked[by].head(round(len(ranked) / 10)).sum() / ranked[by].sum()
    title = say(
        "About {amount} in the next {weeks} weeks, {share} of it from the top 10% of customers",
        amount=sum_of,
        weeks=ahead,
        share=f"{best:.0%}",
    )
    coming = {
        "customers": pluralize(len(ranked), "customer"),
        "purchases": f"{about(ranked['purchases'].sum()):,.0f}",
        "weeks": ahead,
    }
    expect = say(
        "If they continue as before, today's {customers} will make about {purchases} purchases in "
        "the next {weeks} weeks. All orders of a customer on one day count as one purchase.",
        **coming,
    )
    if shop.has_money:
        expect = say(
            "If they continue as before, today's {customers} will spend about {amount} in about "
            "{purchases} purchases in the next {weeks} weeks. All orders of a customer on one day "
            "count as one purchase.",
            amount=sum_of,
            **coming,
        )
    reading = [expect, tested]
    caveats = _caveats(shop, summary, expected, hidden)
    tables = [_best_customers(shop, ranked.head(SHOWN), ahead), table]
    return Section(title, reading, caveats, tables, [_tenths(ranked[by])])


def _amount(shop: OwnShop) -> str | None:
    """Return the column with the value of an order; None if the file has no money."""
    return "value" if shop.has_money else None


def _expected(shop: OwnShop, summary: pd.DataFrame, ahead: int) -> pd.DataFrame:
    """Return each customer's forecast for the weeks ahead, and the probability of being active."""
    try:
        model = value.BetaGeoModel().fit(summary)
    except ValueError:
        raise Skip(
            say(
                "the purchases don't show how fast these customers churn, so very different "
                "forecasts would fit them equally well"
            )
        ) from None
    expected = pd.DataFrame({"purchases": model.expected_purchases(ahead, summary)})
    expected["alive"] = model.probability_alive(summary)
    if shop.has_money:
        spending = value.GammaGammaModel().fit(summary)
        expected["revenue"] = expected["purchases"] * spending.expected_spend(summary)
    return expected


def _caveats(
    shop: OwnShop, summary: pd.DataFrame, expected: pd.DataFrame, hidden: int
) -> list[str]:
    """Say what the models assume, with the numbers that put it in doubt.

    Parameters
    ----------
    hidden : weeks of the holdout check.
    """
    period = say("half a year") if hidden == HALF_YEAR else pluralize(hidden, "week")
    caveats = [
        say(
            "The forecast covers only customers who have already bought; new customers come on top."
        ),
        say(
            "The model ignores seasons, campaigns and competitors. The error of the holdout check "
            "was measured on {period} only, and it depends on the season.",
            period=period,
        ),
    ]
    if expected["alive"].mean() > NEARLY_ALL:
        caveats.append(
            say(
                "The model considers nearly all customers still active, no matter how long ago "
                "they last bought. Its totals are more likely too high than too low."
            )
        )
    if shop.has_money:
        again = summary[summary["frequency"] > 0]
        together = again["frequency"].corr(again["monetary"], method="spearman")
        caveats.append(
            say(
                "The forecast is revenue, not profit; multiply it by your margin. The model "
                "assumes that how often customers buy is unrelated to how much they spend per "
                "purchase; here the rank correlation of the two is {correlation} (0: unrelated, "
                "1 or −1: one decides the other).",
                correlation=f"{together:.2f}",
            )
        )
    return caveats


def _best_customers(shop: OwnShop, best: pd.DataFrame, ahead: int) -> Table:
    cells = pd.DataFrame(
        {
            say("customer"): best.index.astype(str),
            say("probability of being active"): best["alive"].map("{:.0%}".format),
            say("purchases in {weeks} weeks", weeks=ahead): best["purchases"].map("{:.1f}".format),
        }
    )
    if shop.has_money:
        revenue = [money(shop, one) for one in best["revenue"]]
        cells[say("revenue in {weeks} weeks", weeks=ahead)] = revenue
    return Table(say("Customers with the highest forecast"), cells)


def _tenths(ranked: pd.Series) -> Figure:
    """Draw the share of the forecast that comes from each tenth of the customers, best first."""
    tenth = np.arange(len(ranked)) * 10 // len(ranked)
    parts = 100 * ranked.groupby(tenth).sum() / ranked.sum()
    places = [
        say("top tenth"),
        say("2nd"),
        say("3rd"),
        *(say("{number}th", number=number) for number in range(4, 11)),
    ]
    parts.index = places[: len(parts)]
    shares = {
        "top": f"{parts.iloc[0]:.0f}%",
        "next": f"{parts.iloc[1]:.0f}%",
        "last": f"{parts.iloc[-1]:.0f}%",
    }
    message = say("The forecast is spread over many customers")
    if parts.iloc[0] > CONCENTRATED:
        message = say("The top tenth of customers makes up {top} of the forecast", **shares)
    label = say("share of expected purchases (%)")
    words = say(
        "share of expected purchases by tenth of customers: the top tenth makes up {top}, the next "
        "{next}, the last {last}.",
        **shares,
    )
    if ranked.name == "revenue":
        label = say("share of expected revenue (%)")
        words = say(
            "share of expected revenue by tenth of customers: the top tenth makes up {top}, the "
            "next {next}, the last {last}.",
            **shares,
        )

    def draw() -> Axes:
        return bar_chart(parts, message, label=label, accent=parts.index[:1], number="{:.0f}")

    return Figure(draw, words, tidy(parts.rename(say("share")).round(1), "%"))


# ---------------------------------------------------------------- the holdout check


def _test(shop: OwnShop, ahead: int) -> tuple[Table, str]:
    """Forecast the last weeks from those before, and compare with what happened.

    Skip the section if the model can't be fitted to what was known by then, or if the forecast of
    each customer is not better than two naive ones by more than chance explains.

    Returns
    -------
    The table of the holdout check, and what it says.
    """
    cut = shop.last_day - ahead * 7 * DAY
    known = value.btyd_summary(shop.customer_orders, value=_amount(shop), observation_end=cut)
    try:
        model = value.BetaGeoModel().fit(known)
    except ValueError:
        raise cannot_tell(
            say(
                "The forecast can't be tested, because the purchases up to {weeks} weeks ago don't "
                "show who had left by then",
                weeks=ahead,
            )
        ) from None
    happened = _happened(shop, known.index, cut)
    predicted = pd.DataFrame({"purchases": model.expected_purchases(ahead, known)})
    rate = known["frequency"].sum() / known["T"].sum()
    as_before = pd.DataFrame({"purchases": ahead * known["frequency"] / known["T"].clip(lower=1)})
    for_all = pd.DataFrame({"purchases": pd.Series(ahead * rate, known.index)})
    if shop.has_money:
        repeats, paid = known["frequency"], known["monetary"].fillna(0)
        each = value.GammaGammaModel().fit(known).expected_spend(known)
        predicted["revenue"] = predicted["purchases"] * each
        as_before["revenue"] = as_before["purchases"] * paid
        for_all["revenue"] = for_all["purchases"] * (repeats * paid).sum() / repeats.sum()
    naive = {say("same rate as before"): as_before, say("same for everybody"): for_all}
    _must_beat_naive_forecasts(predicted, naive, happened, ahead)
    guesses = {say("actual outcome"): happened, say("the model"): predicted} | naive
    caption = say("Holdout check: the last {weeks} weeks", weeks=ahead)
    table = Table(caption, _compared(shop, guesses), folded=True)
    return table, _how_near(shop, predicted, happened, ahead)


def _must_beat_naive_forecasts(
    predicted: pd.DataFrame, naive: dict[str, pd.DataFrame], happened: pd.DataFrame, ahead: int
) -> None:
    """Skip the section if a naive forecast of each customer may do as well, or the total is wrong.

    The error of a customer is squared, because the forecast is a mean.
    """
    by = happened.columns[-1]
    off = predicted[by].sum() / max(happened[by].sum(), 1) - 1
    if abs(off) > WRONG:
        raise cannot_tell(
            say(
                "A forecast of the last {weeks} weeks from those before was {error}",
                weeks=ahead,
                error=_error(off),
            )
        )
    for name, guess in naive.items():
        worse, better = ((one[by] - happened[by]) ** 2 for one in (guess, predicted))
        if not mean_gain(worse - better).low > 0:
            raise cannot_tell(
                say(
                    "Tested on the last {weeks} weeks, the model's forecasts of the customers' "
                    "{what} are not clearly better than the naive forecast “{name}”: the "
                    "difference could be due to chance",
                    weeks=ahead,
                    what=say("revenue") if by == "revenue" else say("purchases"),
                    name=name,
                )
            )


def _error(off: float) -> str:
    """Say by how much a total was too high or too low.

    Examples
    --------
    >>> _error(-0.11)
    '11% too low'
    """
    share = f"{abs(off):.0%}"
    return say("{share} too high", share=share) if off > 0 else say("{share} too low", share=share)


def _happened(shop: OwnShop, users: pd.Index, cut: pd.Timestamp) -> pd.DataFrame:
    """Return on how many days users bought after a given day, and how much they spent."""
    later = shop.customer_orders.assign(day=shop.customer_orders["ordered_at"].dt.normalize())
    later = later[(later["day"] > cut) & later["user_id"].isin(users)]
    days = later.drop_duplicates(["user_id", "day"]).groupby("user_id").size()
    happened = pd.DataFrame({"purchases": days.reindex(users, fill_value=0)})
    if shop.has_money:
        spent = later.groupby("user_id")["value"].sum()
        happened["revenue"] = spent.reindex(users, fill_value=0.0)
    return happened


def _compared(shop: OwnShop, guesses: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Write totals side by side, and the actual share of each forecast's top tenth."""
    happened, *forecasts = guesses.values()
    cells = pd.DataFrame({say("forecast"): list(guesses)})
    cells[say("purchases")] = [f"{guess['purchases'].sum():,.0f}" for guess in guesses.values()]
    if shop.has_money:
        revenue = [money(shop, guess["revenue"].sum()) for guess in guesses.values()]
        cells[say("revenue")] = revenue
    by = happened.columns[-1]
    total = max(happened[by].sum(), 1)
    cells[say("actual share of its top tenth")] = "–"
    for place, guess in enumerate(forecasts, 1):
        if guess[by].min() < guess[by].max():  # otherwise no customer is above another
            best = guess[by].nlargest(round(len(guess) / 10)).index
            cells.iloc[place, -1] = f"{happened[by][best].sum() / total:.0%}"
    return cells


def _how_near(shop: OwnShop, predicted: pd.DataFrame, happened: pd.DataFrame, ahead: int) -> str:
    """Say by how much the total was too high or too low, and what it can be used for."""
    by = happened.columns[-1]
    off = predicted[by].sum() / max(happened[by].sum(), 1) - 1
    said, came = (
        money(shop, about(table[by].sum()))
        if shop.has_money
        else pluralize(table[by].sum(), "purchase")
        for table in (predicted, happened)
    )
    verdict = say("Expect errors of this size in its totals; its ranking may still help.")
    if abs(off) < NEAR:
        verdict = say("That is close enough for planning.")
    return say(
        "Holdout check: without seeing the last {weeks} weeks, the model forecast {forecast} for "
        "the customers known before. The actual total was {actual}, so the forecast was {error}. "
        "{verdict}",
        weeks=ahead,
        forecast=said,
        actual=came,
        error=_error(off),
        verdict=verdict,
    )
