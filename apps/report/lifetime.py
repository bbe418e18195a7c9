"""The section on customer lifetime value: how much today's customers will still buy.

A BG/NBD model predicts how often each customer will buy, and a gamma-gamma model how much they will
spend. A holdout check fits both to what was known some weeks ago, and compares the forecast with
what happened since.
"""

import pandas as pd

from apps.report.evidence import cannot_tell, mean_gain
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    DAY,
    Section,
    Skip,
    Table,
    about,
    money,
    need,
    need_customers,
    section,
)
from helpers import value
from helpers.language import say

SHOWN = 12  # customers in the table
YEAR, HALF_YEAR = 52, 26  # weeks of the forecast, and weeks hidden in the holdout check
NEAR = 0.15  # error of a total that is small enough for planning
WRONG = 0.5  # error of a total that makes it useless
NEARLY_ALL = 0.97  # mean probability of being active; above, the data don't show who left


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
    histories = _histories(shop, shop.last_day)
    need((histories["frequency"] > 0).sum(), 30, "customers who bought on more than one day")
    ahead = int(min(YEAR, weeks))
    hidden = int(min(HALF_YEAR, weeks // 3))
    expected = _forecast(shop, histories, ahead)
    if expected is None:
        raise Skip(
            say(
                "the purchases don't show how fast these customers churn, so very different "
                "forecasts would fit them equally well"
            )
        )
    tested = _test(shop, hidden)
    by = _measure(shop)
    ranked = expected.sort_values(by, ascending=False)
    best = ranked.head(round(len(ranked) / 10))
    title = say(
        "About {amount} in the next {weeks} weeks, {share} of it from the top 10% of customers",
        amount=_written(shop, ranked[by].sum()),
        weeks=ahead,
        share=f"{best[by].sum() / ranked[by].sum():.0%}",
    )
    expect = say(
        "If they continue as before, today's {customers} will make about {purchases} purchases in "
        "the next {weeks} weeks. All orders of a customer on one day count as one purchase.",
        customers=pluralize(len(ranked), "customer"),
        purchases=f"{about(ranked['purchases'].sum()):,.0f}",
        weeks=ahead,
    )
    names = {
        "alive": say("probability of being active"),
        "purchases": say("purchases in {weeks} weeks", weeks=ahead),
        "revenue": say("revenue in {weeks} weeks", weeks=ahead),
    }
    best = best.round(2).rename_axis(say("customer")).reset_index()
    cells = best.head(SHOWN).astype({say("customer"): str})
    cells["alive"] = cells["alive"].map("{:.0%}".format)
    cells["purchases"] = cells["purchases"].map("{:.1f}".format)
    if shop.has_money:
        cells["revenue"] = [money(shop, one) for one in cells["revenue"]]
    table = Table(say("Customers with the highest forecast"), cells.rename(columns=names))
    lists = {say("The top 10% of customers"): best.rename(columns=names)}
    caveats = _caveats(shop, histories, expected, hidden)
    return Section(title, [expect, tested], caveats, [table], lists=lists)


def _measure(shop: OwnShop) -> str:
    return "revenue" if shop.has_money else "purchases"


def _written(shop: OwnShop, total: float) -> str:
    total = about(total)
    return money(shop, total) if shop.has_money else pluralize(total, "purchase")


def _histories(shop: OwnShop, evening: pd.Timestamp) -> pd.DataFrame:
    """Return frequency, recency, T and, with money, the monetary value of each customer."""
    amount = "value" if shop.has_money else None
    return value.btyd_summary(shop.customer_orders, value=amount, observation_end=evening)


def _forecast(shop: OwnShop, histories: pd.DataFrame, ahead: int) -> pd.DataFrame | None:
    """Return each customer's forecast, and the probability of being active; None if no fit is."""
    try:
        model = value.BetaGeoModel().fit(histories)
    except ValueError:
        return None
    expected = pd.DataFrame(
        {
            "alive": model.probability_alive(histories),
            "purchases": model.expected_purchases(ahead, histories),
        }
    )
    if shop.has_money:
        spending = value.GammaGammaModel().fit(histories)
        expected["revenue"] = expected["purchases"] * spending.expected_spend(histories)
    return expected


def _caveats(
    shop: OwnShop, histories: pd.DataFrame, expected: pd.DataFrame, hidden: int
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
        again = histories[histories["frequency"] > 0]
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


# ---------------------------------------------------------------- the holdout check


def _test(shop: OwnShop, ahead: int) -> str:
    """Forecast the last weeks from those before, and say how near that was to what happened.

    Skip the section if the model can't be fitted to what was known by then, if the total is far
    off, or if the forecast of each customer is not better than two naive ones by more than chance
    explains. The error of a customer is squared, because the forecast is a mean.
    """
    cut, by = shop.last_day - ahead * 7 * DAY, _measure(shop)
    known = _histories(shop, cut)
    forecast = _forecast(shop, known, ahead)
    if forecast is None:
        raise cannot_tell(
            say(
                "The forecast can't be tested, because the purchases up to {weeks} weeks ago don't "
                "show who had left by then",
                weeks=ahead,
            )
        )
    predicted, happened = forecast[by], _happened(shop, known.index, cut)
    off = predicted.sum() / max(happened.sum(), 1) - 1
    error = say("{share} too high" if off > 0 else "{share} too low", share=f"{abs(off):.0%}")
    if abs(off) > WRONG:
        raise cannot_tell(
            say(
                "A forecast of the last {weeks} weeks from those before was {error}",
                weeks=ahead,
                error=error,
            )
        )
    each = known["monetary"].fillna(0) if shop.has_money else 1
    repeats = known["frequency"] * each
    naive = {
        say("same rate as before"): ahead * repeats / known["T"].clip(lower=1),
        say("same for everybody"): ahead * repeats.sum() / known["T"].sum(),
    }
    for name, guess in naive.items():
        if not mean_gain((guess - happened) ** 2 - (predicted - happened) ** 2).low > 0:
            raise cannot_tell(
                say(
                    "Tested on the last {weeks} weeks, the model's forecasts of the customers' "
                    "{what} are not clearly better than the naive forecast “{name}”: the "
                    "difference could be due to chance",
                    weeks=ahead,
                    what=say(by),
                    name=name,
                )
            )
    verdict = say("Expect errors of this size in its totals; its ranking may still help.")
    if abs(off) < NEAR:
        verdict = say("That is close enough for planning.")
    return say(
        "Holdout check: without seeing the last {weeks} weeks, the model forecast {forecast} for "
        "the customers known before. The actual total was {actual}, so the forecast was {error}. "
        "{verdict}",
        weeks=ahead,
        forecast=_written(shop, predicted.sum()),
        actual=_written(shop, happened.sum()),
        error=error,
        verdict=verdict,
    )


def _happened(shop: OwnShop, users: pd.Index, cut: pd.Timestamp) -> pd.Series:
    """Return what customers spent after a day; without money, on how many days they bought."""
    orders = shop.customer_orders
    later = orders[orders["ordered_at"] >= cut + DAY]
    if not shop.has_money:
        later = later.assign(day=later["ordered_at"].dt.normalize())
        later = later.drop_duplicates(["user_id", "day"])
    return later.groupby("user_id")["value"].sum().reindex(users, fill_value=0.0)
