"""The section on customer lifetime value: what today's customers will still bring.

A BG/NBD model expects how often each customer will buy, a Gamma-Gamma model for how much. Before
they are believed, both are fitted to what was known some weeks ago, and compared with what happened
since.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import plots, value
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.report.section import DAY, Figure, Section, Skip, Table, about, money, need, section

SHOWN = 12  # customers in the table
YEAR, HALF_YEAR = 52, 26  # weeks: how far is looked ahead, and how much is hidden in the test
NEAR = 0.15  # error of a total that one can plan with
NEARLY_ALL = 0.97  # of the customers taken to be active: the purchases do not tell who left
CONCENTRATED = 30  # percent that the best tenth brings, from which on few carry the future


@section("value", "What will today's customers still bring?")
def value_to_come(shop: OwnShop) -> Section:
    """Expect purchases and spending of each customer, and test the model on the last weeks.

    The table has a row for each of the twelve customers of whom most is expected, such as

        U00537 · 98% still active · 15.8 purchases in 52 weeks · $2,671 in 52 weeks
    """
    weeks = shop.days / 7
    need(weeks, 26, "weeks of orders")
    need(shop.orders["user_id"].nunique(), 100, "customers")
    summary = value.btyd_summary(shop.orders, value=_amount(shop), observation_end=shop.last_day)
    need((summary["frequency"] > 0).sum(), 30, "customers who bought on more than one day")
    ahead = int(min(YEAR, weeks))
    expected = _expected(shop, summary, ahead)
    tests, tested = _test(shop, int(min(HALF_YEAR, weeks // 3)))
    by = "revenue" if shop.has_money else "purchases"
    ranked = expected.sort_values(by, ascending=False)
    rough = about(ranked[by].sum())
    sum_of = money(shop, rough) if shop.has_money else pluralize(rough, "purchase")
    best = ranked[by].head(round(len(ranked) / 10)).sum() / ranked[by].sum()
    title = (
        f"About {sum_of} in the next {ahead} weeks, {best:.0%} of it from a tenth of the customers"
    )
    if not tests:
        title = f"Perhaps {sum_of} in the next {ahead} weeks: it could not be tested"
    reading = [
        f"If they go on as they did, today's {pluralize(len(ranked), 'customer')} will bring about "
        f"{sum_of} in the next {ahead} weeks, on {about(ranked['purchases'].sum()):,.0f} days of "
        "purchase.",
        tested,
    ]
    tables = [*tests, _best_customers(shop, ranked.head(SHOWN), ahead)]
    return Section(title, reading, _caveats(shop, summary, expected), tables, [_tenths(ranked[by])])


def _amount(shop: OwnShop) -> str | None:
    """Return the column of what an order is worth; None if nothing is known of money."""
    return "value" if shop.has_money else None


def _expected(shop: OwnShop, summary: pd.DataFrame, ahead: int) -> pd.DataFrame:
    """Return what is expected of each customer in the weeks ahead, and if it is still active."""
    try:
        model = value.BetaGeoModel().fit(summary)
    except ValueError:
        raise Skip(
            "the purchases do not tell how fast these customers leave, so that forecasts far apart "
            "would fit them equally well"
        ) from None
    expected = pd.DataFrame({"purchases": model.expected_purchases(ahead, summary)})
    expected["alive"] = model.probability_alive(summary)
    if shop.has_money:
        spending = value.GammaGammaModel().fit(summary)
        expected["revenue"] = expected["purchases"] * spending.expected_spend(summary)
    return expected


def _caveats(shop: OwnShop, summary: pd.DataFrame, expected: pd.DataFrame) -> list[str]:
    """Say what the models take for granted, with the figures that put it in doubt."""
    caveats = [
        "It is about customers who have bought already. New ones come on top.",
        "The model knows no seasons, no campaigns and no competitors.",
    ]
    if expected["alive"].mean() > NEARLY_ALL:
        caveats.append(
            "It takes nearly all customers to be still active, however long they have been silent. "
            "Its totals are rather too high than too low."
        )
    if shop.has_money:
        again = summary[summary["frequency"] > 0]
        together = again["frequency"].corr(again["monetary"], method="spearman")
        caveats.append(
            "It is revenue, not profit: multiply by your margin. The model takes how often and how "
            f"much to have nothing to do with each other; here their rank correlation is "
            f"{together:.2f}."
        )
    return caveats


def _best_customers(shop: OwnShop, best: pd.DataFrame, ahead: int) -> Table:
    cells = pd.DataFrame(
        {
            "customer": best.index.astype(str),
            "still active": best["alive"].map("{:.0%}".format),
            f"purchases in {ahead} weeks": best["purchases"].map("{:.1f}".format),
        }
    )
    if shop.has_money:
        cells[f"revenue in {ahead} weeks"] = [money(shop, one) for one in best["revenue"]]
    return Table("Customers of whom most is expected", cells)


def _tenths(ranked: pd.Series) -> Figure:
    """Draw which share each tenth of the customers will bring, the best first."""
    tenth = np.arange(len(ranked)) * 10 // len(ranked)
    parts = 100 * ranked.groupby(tenth).sum() / ranked.sum()
    parts.index = ["best tenth", "2nd", "3rd", *(f"{n}th" for n in range(4, 11))][: len(parts)]
    message = "The future rests on many customers"
    if parts.iloc[0] > CONCENTRATED:
        message = "A tenth of the customers carries the future"

    def draw() -> Axes:
        label = f"share of expected {ranked.name} (%)"
        return plots.bars(parts, message, label=label, accent=parts.index[:1], number="{:.0f}")

    words = f"the best tenth of customers is expected to bring {parts.iloc[0]:.0f} %, the next "
    words += f"{parts.iloc[1]:.0f} %, the last {parts.iloc[-1]:.0f} %."
    return Figure(draw, words)


# ---------------------------------------------------------------- the test


def _test(shop: OwnShop, ahead: int) -> tuple[list[Table], str]:
    """Predict the last weeks from those before, and compare with what happened.

    Returns
    -------
    The table of the test, and what it says. There is no table where the purchases known by then do
    not tell how fast customers leave.
    """
    cut = shop.last_day - ahead * 7 * DAY
    known = value.btyd_summary(shop.orders, value=_amount(shop), observation_end=cut)
    try:
        model = value.BetaGeoModel().fit(known)
    except ValueError:
        return [], (
            f"It could not be tested: what was known {ahead} weeks ago does not tell who had left "
            "by then. Do not plan with these numbers alone."
        )
    happened = _happened(shop, known.index, cut)
    predicted = pd.DataFrame({"purchases": model.expected_purchases(ahead, known)})
    naive = pd.DataFrame({"purchases": known["frequency"] / known["T"].clip(lower=1) * ahead})
    if shop.has_money:
        each = value.GammaGammaModel().fit(known).expected_spend(known)
        predicted["revenue"] = predicted["purchases"] * each
        naive["revenue"] = naive["purchases"] * known["monetary"]
    guesses = {"what happened": happened, "the model": predicted, "each goes on as before": naive}
    table = Table(f"The last {ahead} weeks, forecast from those before", _compared(shop, guesses))
    return [table], _how_near(shop, predicted, happened, ahead)


def _happened(shop: OwnShop, users: pd.Index, cut: pd.Timestamp) -> pd.DataFrame:
    """Return on how many days some users bought after a day, and for how much."""
    later = shop.orders.assign(day=shop.orders["ordered_at"].dt.normalize())
    later = later[(later["day"] > cut) & later["user_id"].isin(users)]
    days = later.drop_duplicates(["user_id", "day"]).groupby("user_id").size()
    happened = pd.DataFrame({"purchases": days.reindex(users, fill_value=0)})
    if shop.has_money:
        spent = later.groupby("user_id")["value"].sum()
        happened["revenue"] = spent.reindex(users, fill_value=0.0)
    return happened


def _compared(shop: OwnShop, guesses: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Write totals side by side, and what the best tenth of each forecast brought in truth."""
    happened, *forecasts = guesses.values()
    cells = pd.DataFrame({"forecast by": list(guesses)})
    cells["purchases"] = [f"{guess['purchases'].sum():,.0f}" for guess in guesses.values()]
    if shop.has_money:
        cells["revenue"] = [money(shop, guess["revenue"].sum()) for guess in guesses.values()]
    by = happened.columns[-1]
    best = [
        happened[by][guess[by].nlargest(round(len(guess) / 10)).index].sum() for guess in forecasts
    ]
    total = max(happened[by].sum(), 1)
    cells["share of its best tenth"] = ["", *(f"{one / total:.0%}" for one in best)]
    return cells


def _how_near(shop: OwnShop, predicted: pd.DataFrame, happened: pd.DataFrame, ahead: int) -> str:
    """Say by how much the total was too high or too low, and what that is good for."""
    by = happened.columns[-1]
    off = predicted[by].sum() / max(happened[by].sum(), 1) - 1
    said, came = (
        money(shop, about(table[by].sum()))
        if shop.has_money
        else pluralize(table[by].sum(), "purchase")
        for table in (predicted, happened)
    )
    verdict = "Take its totals with that much salt; its ranking may still help."
    if abs(off) < NEAR:
        verdict = "That is near enough to plan with."
    return (
        f"A test: told nothing of the last {ahead} weeks, the model expected {said} of the "
        f"customers known then; there came {came}, so it was {abs(off):.0%} too "
        f"{'high' if off > 0 else 'low'}. {verdict}"
    )
