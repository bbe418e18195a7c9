"""Sections on customers: retention by cohort, and segments by recency and frequency (RFM)."""

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
    need_customers,
    observed_until,
    period_of,
    section,
    tidy,
)

SHOWN = 12  # cohorts in the table, and periods after the first order
FEWEST = 20  # customers; in a smaller cohort, one of them moves a share by five points or more

# ---------------------------------------------------------------- cohorts


@section("cohorts", "Do new customers come back?")
def cohorts(shop: OwnShop) -> Section:
    """Follow customers by the period in which they first bought.

    The table has a row for each of the last twelve cohorts, such as

        2025-02 · 70 new customers · 19% in month 1 · 13% in month 2 · …

    A cohort of fewer than 20 customers shows no percentages, and is not in the figure. The title
    and the first sentence pool all cohorts (`_pooled`).
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), FEWEST, "customers")
    period = period_of(shop)
    need(shop.days, {"D": 4, "W": 28, "M": 150, "Q": 2000}[period], "days of orders")
    orders = shop.customer_orders
    counts = behavior.cohort_counts(orders, period=period, until=observed_until(shop))
    shares, word = _pooled(counts), PERIODS[period]
    if len(shares) < 2:
        raise Skip(f"the file doesn't cover a full {word} after a first order")
    need(counts[0][counts[1].notna()].sum(), FEWEST, f"customers with a full {word} after theirs")
    later = min(6, len(shares) - 1)
    again = round(100 * shares[1])
    order = "orders" if again == 1 else "order"
    title = f"Of 100 new customers, {again} {order} again in the {word} after the first"
    reading = [
        f"In the {word} after their first order, {shares[1]:.1%} of new customers order again "
        "(retention)"
        + (f"; {later} {word}s after it, {shares[later]:.1%} do." if later > 1 else "."),
        f"Each row of the figure is a cohort: the customers whose first order was in that {word}. "
        f"Read along a row to see what share of them order in each later {word}.",
    ]
    caveats = [
        "The first cohorts may include old customers whose earlier orders are not in the file.",
        f"A blank cell is a {word} that the file doesn't fully cover; it is not zero.",
    ]
    size = counts[0].dropna().tail(SHOWN).astype(int)
    rates = counts.loc[size.index, 1 : min(SHOWN, counts.shape[1] - 1)].div(size, axis=0)
    rates = rates.dropna(axis=1, how="all").set_axis(size.index.astype(str))
    size = size.set_axis(rates.index)
    if (size < FEWEST).any():
        caveats.append(
            f"A cohort of fewer than {FEWEST} customers shows no shares (–), because one customer "
            "more or less would change them by five points or more."
        )
    table = _cohort_table(rates, size, word)
    large = rates[size >= FEWEST].dropna(how="all")
    if large.empty:
        return Section(title, reading, caveats, [table._replace(folded=False)])
    figure = _cohort_map(large, size, f"{shares[1]:.0%} order again in the next {word}", word)
    return Section(title, reading, caveats, [table], [figure])


def _pooled(counts: pd.DataFrame) -> pd.Series:
    """Return the share who order k periods later, over all cohorts observed that long.

    Examples
    --------
    Of 10 + 30 customers, 4 + 8 came back after one period; the second cohort ends there.

    >>> _pooled(pd.DataFrame({0: [10, 30], 1: [4.0, 8.0], 2: [3.0, None]})).tolist()
    [1.0, 0.3, 0.3]
    """
    size = counts[0].to_numpy()[:, None] * counts.notna()
    return (counts.sum() / size.sum().where(size.sum() > 0)).dropna()


def _cohort_table(rates: pd.DataFrame, size: pd.Series, word: str) -> Table:
    cells = rates.map("{:.0%}".format, na_action="ignore")
    cells[size < FEWEST] = cells[size < FEWEST].where(cells.isna(), "–")
    cells = cells.fillna("")
    cells.insert(0, "new", size.map("{:,}".format))
    cells.columns = ["new customers", *(f"{word} {lag}" for lag in rates.columns)]
    return Table(
        f"Share of customers who order again, by {word} of the first order",
        cells.rename_axis(f"first {word}").reset_index().astype(str),
        folded=True,
    )


def _cohort_map(rates: pd.DataFrame, size: pd.Series, message: str, word: str) -> Figure:
    best = rates[1].idxmax()
    sized = rates.set_axis([f"{cohort} ({size[cohort]:,})" for cohort in rates.index])

    def draw() -> Axes:
        lags = f"{word}s since the first order"
        rows = f"{word} of the first order (customers)"
        return plots.heat_map(sized, message, rows=rows, columns=lags)

    words = (
        f"share of customers who order again, by {word} of the first order. In the {word} after "
        f"it, the share ranges from {rates[1].min():.0%} to {rates[1].max():.0%} (cohort {best})."
    )
    return Figure(draw, words)


# ---------------------------------------------------------------- RFM

MEANING = {
    "New": "bought very recently, fewest orders: make the next order easy",
    "Promising": "bought recently, fewest orders: send a reminder",
    "Potential loyal": "bought recently, some orders: keep them engaged",
    "Loyal": "many orders, fairly recent: say thank you",
    "Champions": "most orders, most recent: offer early access, no discount",
    "About to sleep": "inactive for a while, few orders: ask why",
    "Need attention": "inactive for a while, some orders: ask why",
    "Hibernating": "inactive for a long time, few orders: send a reminder that costs nothing",
    "At risk": "were good customers, inactive for a long time: win them back",
    "Can't lose": "were among the best, inactive for a long time: call them",
    "Lost": "inactive longest, few orders: leave them alone",
}
GONE = ("At risk", "Can't lose")  # good customers who have been inactive for a long time


@section("rfm", "Who are the best customers, and who is slipping away?")
def rfm(shop: OwnShop) -> Section:
    """Score customers by recency and frequency, and name the segments.

    The table has a row for each segment, largest revenue first, such as

        Champions · 363 customers · 15% of all · 41% of the revenue · 34 days since the last order
        · 6 days with an order · meaning and possible action
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), FEWEST, "customers")
    scored = value.rfm(shop.customer_orders, value="value", observation_end=shop.last_day)
    found = _segments(scored)
    brought = "of the revenue" if shop.has_money else "of the orders"
    title = (
        f"“{found.index[0]}”: {found['share'].iloc[0]:.0%} of the customers, "
        f"{found['revenue'].iloc[0]:.0%} {brought}"
    )
    gone = found.index.isin(GONE)
    reading = [
        "RFM describes customers by recency, frequency and monetary value: how recently, how often "
        "and for how much they bought. Each customer gets a score from 1 to 5 for recency and for "
        "frequency, compared with all others. A segment is just a name for certain pairs of "
        "scores.",
        f"{pluralize(found['users'][gone].sum(), 'customer')} bought more often than most, but "
        f"their last order was longer ago than most{_for_days(scored)}. They account for "
        f"{found['revenue'][gone].sum():.0%} {brought}.",
    ]
    caveats = [
        "Scores compare customers with each other, so some are always at the bottom, and “a long "
        "time” means long for this shop. The column of days shows how long that is.",
        "RFM describes the past. For the risk of losing a customer, see the section on churn.",
    ]
    cells = pd.DataFrame(
        {
            "segment": found.index.astype(str),
            "customers": found["users"].map("{:,.0f}".format),
            "share of customers": found["share"].map("{:.0%}".format),
            brought.replace("of the", "share of"): found["revenue"].map("{:.0%}".format),
            "days since the last order": found["recency"].map("{:,.0f}".format),
            "days with an order": found["frequency"].map("{:,.0f}".format),
            "meaning and possible action": [MEANING[str(name)] for name in found.index],
        }
    )
    table = Table("RFM segments (median number of days)", cells)
    return Section(title, reading, caveats, [table], [_bars(found["revenue"], title, brought)])


def _segments(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the size of each segment, its share of revenue, and its median customer."""
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
    """Say how long ago good customers last ordered, if there are any."""
    days = scored["recency"][scored["segment"].isin(GONE)].median()
    return f" (median: {pluralize(days, 'day')} ago)" if days >= 0 else ""


def _bars(revenue: pd.Series, title: str, brought: str) -> Figure:
    shares = revenue.set_axis(revenue.index.astype(str)) * 100
    best = shares.index[0]

    def draw() -> Axes:
        label = f"share {brought} (%)"
        return plots.bars(shares, title, label=label, accent=[best], number="{:.0f}")

    words = f"“{best}” accounts for {shares.iloc[0]:.0f}% {brought}; the last segment, "
    words += f"“{shares.index[-1]}”, accounts for {shares.iloc[-1]:.0f}%."
    return Figure(draw, words, tidy(shares.rename("share").round(1), "%"))
