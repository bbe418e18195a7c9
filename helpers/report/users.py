"""Sections of a report about what customers did: key figures, cohorts, RFM."""

import functools

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from helpers import behavior, plots, value
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.report.section import (
    PERIODS,
    Figure,
    Section,
    Skip,
    Table,
    complete,
    money,
    need,
    over_time,
    period_of,
    section,
)

SHOWN = 12  # periods or cohorts in a table
MUCH = 0.05  # of the rows; whoever left out more should say so at once


# ---------------------------------------------------------------- key figures


@section("figures", "How is the shop doing?")
def key_figures(shop: OwnShop) -> Section:
    """Sum up orders, customers and revenue, and how they ran."""
    orders, users = shop.orders, shop.orders["user_id"].nunique()
    once = (orders.groupby("user_id").size() == 1).mean()
    span = f"{shop.first_day:%Y-%m-%d} to {shop.last_day:%Y-%m-%d}"
    brought = f" brought {money(shop, orders['value'].sum())}" if shop.has_money else ""
    title = f"{pluralize(len(orders), 'order')} of {pluralize(users, 'customer')}{brought}"
    reading = [f"From {span}, {pluralize(shop.days, 'day')}."]
    caveats = []
    if shop.has_money:
        mean, middle = orders["value"].mean(), orders["value"].median()
        reading.append(
            f"An order is worth {money(shop, mean, 2)} on average; half of them are worth "
            f"{money(shop, middle, 2)} or less."
        )
        caveats.append("Revenue is what these rows add up to. Costs, tax and postage are unknown.")
        if not shop.currency:
            caveats.append("The file does not say in which money.")
    if shop.left_out > MUCH:
        caveats.append(
            f"{shop.left_out:.0%} of the rows of the file are not in it. The section on the file "
            "says why."
        )
    reading.append(f"{once:.0%} of the customers have ordered once so far.")
    if shop.has_money and users >= 20:
        spent = orders.groupby("user_id")["value"].sum().sort_values(ascending=False)
        best = spent.head(round(users / 10)).sum() / spent.sum()
        reading.append(f"The tenth of customers who spent most brought {best:.0%} of it.")
    period, table = _by_period(shop)
    whole = complete(shop, table)
    if len(whole) < 4:
        return Section(title, tuple(reading), tuple(caveats))
    reading += _change(shop, whole) if period == "M" else []
    caveats.append(
        f"Only whole {PERIODS[period]}s are shown: one that was observed in part looks like a bad "
        "one. Who had bought before the file begins counts as new."
    )
    tables = [Table(f"The last {PERIODS[period]}s", _figures_table(shop, whole))]
    return Section(title, tuple(reading), tuple(caveats), tuple(tables), (_course(shop, whole),))


def _by_period(shop: OwnShop) -> tuple[str, pd.DataFrame]:
    period = period_of(shop)
    lines = shop.order_lines if shop.has_money else shop.order_lines.assign(unit_price=1.0)
    return period, behavior.kpis(lines, period=period)


def _figures_table(shop: OwnShop, whole: pd.DataFrame) -> pd.DataFrame:
    last = whole.tail(SHOWN)
    columns = {
        "period": last.index.astype(str),
        "customers": last["buyers"].map("{:,.0f}".format),
        "of them bought before": last["repeat_rate"].map("{:.0%}".format, na_action="ignore"),
        "orders": last["orders"].map("{:,.0f}".format),
    }
    if shop.unit == "units":
        columns["units per order"] = last["units_per_order"].map(
            "{:.1f}".format, na_action="ignore"
        )
    if shop.has_money:
        columns["per order"] = [money(shop, one, 2) for one in last["aov"].fillna(0)]
        columns["revenue"] = [money(shop, one) for one in last["revenue"]]
    return pd.DataFrame(columns).fillna("–").reset_index(drop=True)


def _change(shop: OwnShop, whole: pd.DataFrame) -> list[str]:
    """Say how the last twelve months compare with those before, and which factor moved them."""
    if len(whole) < 24 or not shop.has_money:
        return []
    names = {
        "buyers": "the number of customers a month",
        "orders_per_buyer": "orders per customer",
        "per_order": "what an order is worth",
    }
    if shop.unit == "units":
        names["per_order"] = "the number of units in an order"
        names["per_unit"] = "the price of a unit"
    year = [whole.iloc[-24:-12], whole.iloc[-12:]]
    sums = [half[["buyers", "orders", "units", "revenue"]].sum() for half in year]
    before, after = (_factors(sum_of, list(names)) for sum_of in sums)
    change = sums[1]["revenue"] / sums[0]["revenue"] - 1
    parts = behavior.decompose_change(before, after)
    largest = parts.abs().idxmax()
    word = "more" if change >= 0 else "less"
    return [
        f"The last twelve whole months brought {abs(change):.0%} {word} than the twelve before. "
        f"Most of the difference, {money(shop, parts[largest])}, goes with {names[largest]}."
    ]


def _factors(sums: pd.Series, names: list[str]) -> pd.Series:
    """Return factors whose product is the revenue: three, or four where units are known."""
    orders, units = sums["orders"], sums["units"]
    factors = {"buyers": sums["buyers"], "orders_per_buyer": orders / sums["buyers"]}
    if "per_unit" in names:
        factors |= {"per_order": units / orders, "per_unit": sums["revenue"] / units}
    else:
        factors["per_order"] = sums["revenue"] / orders
    return pd.Series(factors)


def _course(shop: OwnShop, whole: pd.DataFrame) -> Figure:
    what = "revenue" if shop.has_money else "orders"
    values = whole[what].tail(3 * SHOWN)
    best, last = values.idxmax(), values.index[-1]
    amount = functools.partial(money, shop) if shop.has_money else "{:,.0f}".format
    title = f"The best {PERIODS[whole.index.freqstr[0]]} was {best}"

    def draw() -> Axes:
        _, ax = plt.subplots()
        ax.plot(values.index.to_timestamp(), values, color=plots.CONTEXT, marker="o", markersize=4)
        ax.plot([best.to_timestamp()], [values[best]], "o", color=plots.ACCENT, markersize=9)
        unit = f"revenue ({shop.currency})" if shop.currency and shop.has_money else what
        over_time(ax, title, unit)
        return ax

    words = (
        f"{what} by {PERIODS[whole.index.freqstr[0]]}: the highest is {best} with "
        f"{amount(values[best])}, the lowest {values.idxmin()} with {amount(values.min())}, the "
        f"last whole one {last} with {amount(values.iloc[-1])}."
    )
    return Figure(draw, words)


# ---------------------------------------------------------------- cohorts


@section("cohorts", "Do new customers come back?")
def cohorts(shop: OwnShop) -> Section:
    """Follow customers by the period in which they first bought."""
    need(shop.orders["user_id"].nunique(), 20, "customers")
    period = period_of(shop)
    need(shop.days, {"D": 4, "W": 28, "M": 150, "Q": 2000}[period], "days of orders")
    counts = behavior.cohort_counts(shop.orders, period=period, until=shop.last_day)
    shares = _pooled(counts)
    if len(shares) < 2:
        raise Skip(f"no {PERIODS[period]} after a first order was observed to its end")
    word = PERIODS[period]
    later = min(6, len(shares) - 1)
    title = f"Of 100 new customers, {100 * shares[1]:.0f} order again in the {word} after the first"
    reading = [
        f"In the {word} after their first order {shares[1]:.1%} order again"
        + (f", and {later} {word}s after it {shares[later]:.1%}." if later > 1 else "."),
        f"Each row of the figure follows the customers who first ordered in one {word}. "
        f"Read along a row: how many of them order in each later {word}.",
    ]
    caveats = [
        "The first rows may hold old customers whose earlier orders are not in the file.",
        f"Blank cells have not been observed to the end of the {word}; they are not zero.",
    ]
    rates = counts.div(counts[0], axis=0)[counts[0] >= 5].tail(SHOWN)
    rates = rates.loc[:, 1 : min(SHOWN, rates.shape[1] - 1)].dropna(axis=1, how="all")
    rates = rates.dropna(how="all")
    if rates.empty:
        return Section(title, tuple(reading), tuple(caveats))
    rates.index = rates.index.astype(str)
    best = rates[1].idxmax()

    def draw() -> Axes:
        text = f"{word}s since the first order"
        message = f"{shares[1]:.0%} order again in the next {word}"
        return plots.heat_map(rates, message, rows=f"{word} of the first order", columns=text)

    words = (
        f"shares of customers who order again, by {word} of the first order. In the first {word} "
        f"after it they run from {rates[1].min():.0%} to {rates[1].max():.0%} ({best})."
    )
    cells = rates.map("{:.0%}".format, na_action="ignore").fillna("")
    cells.insert(
        0, "new", counts[0][counts[0] >= 5].tail(SHOWN).astype(int).to_numpy()[: len(cells)]
    )
    cells.columns = ["new customers", *(f"{word} {lag}" for lag in rates.columns)]
    table = Table(
        f"Share of customers who order again, by {word} of the first order",
        cells.rename_axis(f"first {word}").reset_index().astype(str),
        folded=True,
    )
    return Section(title, tuple(reading), tuple(caveats), (table,), (Figure(draw, words),))


def _pooled(counts: pd.DataFrame) -> pd.Series:
    """Return the share who order k periods later, all cohorts that were observed added up."""
    size = counts[0].to_numpy()[:, None] * counts.notna()
    return (counts.sum() / size.sum().where(size.sum() > 0)).dropna()


# ---------------------------------------------------------------- RFM

MEANING = {
    "New": "very recent, fewest orders: make the next one easy",
    "Promising": "recent, fewest orders: remind",
    "Potential loyal": "recent, some orders: keep them coming",
    "Loyal": "many orders, fairly recent: thank",
    "Champions": "most orders, most recent: early access, no discount",
    "About to sleep": "silent for a while, few orders: ask why",
    "Need attention": "silent for a while, some orders: ask why",
    "Hibernating": "silent for long, few orders: a reminder that costs nothing",
    "At risk": "were good customers, silent for long: win back",
    "Can't lose": "were among the best, silent for long: call",
    "Lost": "silent longest, few orders: leave alone",
}


GONE = ("At risk", "Can't lose")


def _for_days(table: pd.DataFrame) -> str:
    """Say how long good customers have been away, if there are any."""
    days = table["recency"][table["segment"].isin(GONE)].median()
    return f", half of them for {days:,.0f} days and more" if days >= 0 else ""


@section("rfm", "Who are the customers, by what they did?")
def rfm(shop: OwnShop) -> Section:
    """Score customers by recency and frequency, and name the cells."""
    need(shop.orders["user_id"].nunique(), 20, "customers")
    table = value.rfm(shop.orders, value="value", observation_end=shop.last_day)
    by_segment = table.groupby("segment", observed=True)
    found = pd.DataFrame(
        {
            "users": by_segment.size(),
            "share": by_segment.size() / len(table),
            "revenue": by_segment["monetary"].sum() / table["monetary"].sum(),
            "recency": by_segment["recency"].median(),
            "frequency": by_segment["frequency"].median(),
        }
    ).sort_values("revenue", ascending=False)
    brought = "of the revenue" if shop.has_money else "of the orders"
    best = found.index[0]
    title = (
        f"“{best}”: {found['share'].iloc[0]:.0%} of the customers, "
        f"{found['revenue'].iloc[0]:.0%} {brought}"
    )
    gone = found.index.isin(GONE)
    reading = [
        "Each customer is scored from 1 to 5 by how recently and how often they bought, against "
        "all others. The names are only names for pairs of scores.",
        f"{pluralize(found['users'][gone].sum(), 'customer')} bought more often than most and have "
        f"been away for longer than most{_for_days(table)}; they brought "
        f"{found['revenue'][gone].sum():.0%} {brought}.",
    ]
    caveats = [
        "Scores compare customers with each other: there are always some at the bottom, and "
        "“silent for long” is long for this shop. The days tell how long that is.",
        "They describe the past. Who is “at risk” is a question for the section on churn.",
    ]
    cells = pd.DataFrame(
        {
            "segment": found.index.astype(str),
            "customers": found["users"].map("{:,.0f}".format),
            "share": found["share"].map("{:.0%}".format),
            brought.removeprefix("of the "): found["revenue"].map("{:.0%}".format),
            "days since the last order": found["recency"].map("{:,.0f}".format),
            "days with an order": found["frequency"].map("{:,.0f}".format),
            "what it may mean": [MEANING[str(name)] for name in found.index],
        }
    )
    shares = found["revenue"].set_axis(found.index.astype(str)) * 100

    def draw() -> Axes:
        label = f"share {brought} (%)"
        return plots.bars(shares, title, label=label, accent=[str(best)], number="{:.0f}")

    words = f"“{best}” bring {shares.iloc[0]:.0f} % {brought}, the last, “{shares.index[-1]}”, "
    words += f"{shares.iloc[-1]:.0f} %."
    table = Table("Customers by recency and frequency; medians of days", cells)
    return Section(title, tuple(reading), tuple(caveats), (table,), (Figure(draw, words),))
