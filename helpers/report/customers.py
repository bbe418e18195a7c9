"""Sections on what customers did: who came back (cohorts), how recently and how often (RFM)."""

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
    need,
    period_of,
    section,
)

SHOWN = 12  # cohorts in the table, and periods after the first order
FEWEST = 5  # new customers of a cohort, for its shares to be shown

# ---------------------------------------------------------------- cohorts


@section("cohorts", "Do new customers come back?")
def cohorts(shop: OwnShop) -> Section:
    """Follow customers by the period in which they first bought.

    The figure and its table have a row for each of the last twelve cohorts of five customers or
    more, such as

        2025-02 · 70 new customers · 19% in month 1 · 13% in month 2 · …

    The title and the first sentence pool all cohorts (`_pooled`).
    """
    need(shop.orders["user_id"].nunique(), 20, "customers")
    period = period_of(shop)
    need(shop.days, {"D": 4, "W": 28, "M": 150, "Q": 2000}[period], "days of orders")
    counts = behavior.cohort_counts(shop.orders, period=period, until=shop.last_day)
    shares, word = _pooled(counts), PERIODS[period]
    if len(shares) < 2:
        raise Skip(f"no {word} after a first order was observed to its end")
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
    size = counts[0][counts[0] >= FEWEST].tail(SHOWN)
    rates = counts.loc[size.index].div(size, axis=0)
    rates = rates.loc[:, 1 : min(SHOWN, rates.shape[1] - 1)].dropna(axis=1, how="all")
    rates = rates.dropna(how="all")
    if rates.empty:
        return Section(title, reading, caveats)
    size = size[rates.index].set_axis(rates.index.astype(str))
    rates.index = size.index
    table = _cohort_table(rates, size, word)
    figure = _cohort_map(rates, f"{shares[1]:.0%} order again in the next {word}", word)
    return Section(title, reading, caveats, [table], [figure])


def _pooled(counts: pd.DataFrame) -> pd.Series:
    """Return the share who order k periods later, all cohorts that were observed added up.

    Examples
    --------
    Of 10 + 30 customers, 4 + 8 came back after a period; the second cohort was not seen longer.

    >>> _pooled(pd.DataFrame({0: [10, 30], 1: [4.0, 8.0], 2: [3.0, None]})).tolist()
    [1.0, 0.3, 0.3]
    """
    size = counts[0].to_numpy()[:, None] * counts.notna()
    return (counts.sum() / size.sum().where(size.sum() > 0)).dropna()


def _cohort_table(rates: pd.DataFrame, size: pd.Series, word: str) -> Table:
    cells = rates.map("{:.0%}".format, na_action="ignore").fillna("")
    cells.insert(0, "new", size.astype(int))
    cells.columns = ["new customers", *(f"{word} {lag}" for lag in rates.columns)]
    return Table(
        f"Share of customers who order again, by {word} of the first order",
        cells.rename_axis(f"first {word}").reset_index().astype(str),
        folded=True,
    )


def _cohort_map(rates: pd.DataFrame, message: str, word: str) -> Figure:
    best = rates[1].idxmax()

    def draw() -> Axes:
        lags = f"{word}s since the first order"
        return plots.heat_map(rates, message, rows=f"{word} of the first order", columns=lags)

    words = (
        f"shares of customers who order again, by {word} of the first order. In the first {word} "
        f"after it they run from {rates[1].min():.0%} to {rates[1].max():.0%} ({best})."
    )
    return Figure(draw, words)


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
GONE = ("At risk", "Can't lose")  # good customers who have been away for long


@section("rfm", "Who are the customers, by what they did?")
def rfm(shop: OwnShop) -> Section:
    """Score customers by recency and frequency, and name the cells.

    The table has a row for each segment, the one that brought most first, such as

        Champions · 363 customers · 15% of all · 41% of the revenue · 34 days since the last order
        · 6 days with an order · what it may mean
    """
    need(shop.orders["user_id"].nunique(), 20, "customers")
    scored = value.rfm(shop.orders, value="value", observation_end=shop.last_day)
    found = _segments(scored)
    brought = "of the revenue" if shop.has_money else "of the orders"
    title = (
        f"“{found.index[0]}”: {found['share'].iloc[0]:.0%} of the customers, "
        f"{found['revenue'].iloc[0]:.0%} {brought}"
    )
    gone = found.index.isin(GONE)
    reading = [
        "Each customer is scored from 1 to 5 by how recently and how often they bought, against "
        "all others. The names are only names for pairs of scores.",
        f"{pluralize(found['users'][gone].sum(), 'customer')} bought more often than most and have "
        f"been away for longer than most{_for_days(scored)}; they brought "
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
    table = Table("Customers by recency and frequency; medians of days", cells)
    return Section(title, reading, caveats, [table], [_bars(found["revenue"], title, brought)])


def _segments(scored: pd.DataFrame) -> pd.DataFrame:
    """Return how large each segment is, what it brought, and its median customer."""
    by_segment = scored.groupby("segment", observed=True)
    return pd.DataFrame(
        {
            "users": by_segment.size(),
            "share": by_segment.size() / len(scored),
            "revenue": by_segment["monetary"].sum() / scored["monetary"].sum(),
            "recency": by_segment["recency"].median(),
            "frequency": by_segment["frequency"].median(),
        }
    ).sort_values("revenue", ascending=False)


def _for_days(scored: pd.DataFrame) -> str:
    """Say how long good customers have been away, if there are any."""
    days = scored["recency"][scored["segment"].isin(GONE)].median()
    return f", half of them for {days:,.0f} days and more" if days >= 0 else ""


def _bars(revenue: pd.Series, title: str, brought: str) -> Figure:
    shares = revenue.set_axis(revenue.index.astype(str)) * 100
    best = shares.index[0]

    def draw() -> Axes:
        label = f"share {brought} (%)"
        return plots.bars(shares, title, label=label, accent=[best], number="{:.0f}")

    words = f"“{best}” bring {shares.iloc[0]:.0f} % {brought}, the last, “{shares.index[-1]}”, "
    words += f"{shares.iloc[-1]:.0f} %."
    return Figure(draw, words)
