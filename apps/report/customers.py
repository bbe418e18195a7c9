"""Sections on customers: retention by cohort, and segments by recency and frequency (RFM)."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from apps.report.acts import win_back
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
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
)
from helpers import behavior, plots, value
from helpers.language import say

SHOWN = 12  # cohorts in the table, and periods after the first order
DAYS = {"D": 4, "W": 28, "M": 150, "Q": 450}  # period of cohorts → days that it needs
MOST = 0.5  # of the cohorts that must not be small
MIN_CUSTOMERS = 20  # in a smaller cohort, one of them moves a share by five points or more

# ---------------------------------------------------------------- cohorts


@section("cohorts", "Do new customers come back?")
def cohorts(shop: OwnShop) -> Section:
    """Follow customers by the period in which they first bought.

    The table has a row for each of the last twelve cohorts, such as

        2025-02 · 70 new customers · 19% in month 1 · 13% in month 2 · …

    Periods are longer than elsewhere if most cohorts have fewer than 20 customers; what is still
    smaller is left out. The title and the first sentence pool all cohorts (`_pooled`).
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), MIN_CUSTOMERS, "customers")
    shortest = period_of(shop)
    need(shop.days, DAYS[shortest], "days of orders")
    until = observed_until(shop)
    for period in list(DAYS)[list(DAYS).index(shortest) :]:
        if period == shortest or shop.days >= DAYS[period]:
            counts = behavior.cohort_counts(shop.customer_orders, period=period, until=until)
            word = say(PERIODS[period])
        if (counts[0].dropna() >= MIN_CUSTOMERS).mean() >= MOST:
            break
    shares = _pooled(counts)
    if len(shares) < 2:
        raise Skip(say("the file doesn't cover a full {word} after a first order", word=word))
    followed = counts[0][counts[1].notna()].sum()
    need(followed, MIN_CUSTOMERS, say("customers with a full {word} after theirs", word=word))
    later = min(6, len(shares) - 1)
    again = round(100 * shares[1])
    title = (
        say("Of 100 new customers, 1 orders again in the {word} after the first", word=word)
        if again == 1
        else say(
            "Of 100 new customers, {number} order again in the {word} after the first",
            number=again,
            word=word,
        )
    )
    said = {"word": word, "share": f"{shares[1]:.1%}"}
    reading = [
        say(
            "In the {word} after their first order, {share} of new customers order again "
            "(retention); {number} {word}s after it, {later} do.",
            number=later,
            later=f"{shares[later]:.1%}",
            **said,
        )
        if later > 1
        else say(
            "In the {word} after their first order, {share} of new customers order again "
            "(retention).",
            **said,
        ),
        say(
            "Each row of the figure is a cohort: the customers whose first order was in that "
            "{word}. Read along a row to see what share of them order in each later {word}.",
            word=word,
        ),
    ]
    caveats = [
        say(
            "The first cohorts may include old customers whose earlier orders are not in the file."
        ),
        say(
            "A blank cell is a {word} that the file doesn't fully cover; it is not zero.", word=word
        ),
    ]
    size = counts[0].dropna().astype(int)
    small = int((size < MIN_CUSTOMERS).sum())
    size = size[size >= MIN_CUSTOMERS].tail(SHOWN)
    if size.empty:
        return Section(title, reading[:1], caveats[:1])
    rates = counts.loc[size.index, 1 : min(SHOWN, counts.shape[1] - 1)].div(size, axis=0)
    rates = rates.dropna(axis=1, how="all").set_axis(size.index.astype(str))
    size = size.set_axis(rates.index)
    if small:
        caveats.append(
            say(
                "Cohorts of fewer than {number} customers are left out of the figure ({small}), "
                "because one customer more or less would change their shares by five points or "
                "more.",
                number=MIN_CUSTOMERS,
                small=small,
            )
        )
    table, seen = _cohort_table(rates, size, word), rates.dropna(how="all")
    figure = _cohort_map(seen, size, word)
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
    cells = rates.map("{:.0%}".format, na_action="ignore").fillna("")
    cells.insert(0, "new", size.map("{:,}".format))
    lags = [say("{word} {number}", word=word, number=lag) for lag in rates.columns]
    cells.columns = [say("new customers"), *lags]
    return Table(
        say("Share of customers who order again, by {word} of the first order", word=word),
        cells.rename_axis(say("first {word}", word=word)).reset_index().astype(str),
        folded=True,
    )


def _cohort_map(rates: pd.DataFrame, size: pd.Series, word: str) -> Figure:
    best = rates[1].idxmax()
    sized = rates.set_axis([f"{cohort} ({size[cohort]:,})" for cohort in rates.index])

    def draw() -> Axes:
        lags = say("{word}s since the first order", word=word)
        rows = say("{word} of the first order (customers)", word=word)
        height, width = sized.shape
        ax = plt.subplots(figsize=(2.2 + 0.62 * width, 1.7 + 0.42 * height))[1]
        plots.heat_map(sized, rows=rows, columns=lags, ax=ax)
        return ax

    words = say(
        "share of customers who order again, by {word} of the first order. In the {word} after "
        "it, the share ranges from {low} to {high} (cohort {best}).",
        word=word,
        low=f"{rates[1].min():.0%}",
        high=f"{rates[1].max():.0%}",
        best=best,
    )
    return Figure(draw, words)


# ---------------------------------------------------------------- RFM

ACTIONS = {
    "New": "make the next order easy",
    "Promising": "send a reminder",
    "Potential loyal": "keep them engaged",
    "Loyal": "say thank you",
    "Champions": "offer early access, no discount",
    "About to sleep": "ask why",
    "Need attention": "ask why",
    "Hibernating": "send a reminder that costs nothing",
    "At risk": "win them back",
    "Can't lose": "call them",
    "Lost": "leave them alone",
}
GONE = ("At risk", "Can't lose")  # good customers who have been inactive for a long time


@section("rfm", "Who are the best customers, and who is slipping away?")
def rfm(shop: OwnShop) -> Section:
    """Score customers by recency and frequency, and name the segments.

    The table has a row for each segment, largest revenue first, such as

        offer early access, no discount · Champions · 363 customers · 41% of the revenue · 34 days
        since the last order
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), MIN_CUSTOMERS, "customers")
    scored = value.rfm(shop.customer_orders, value="value", observation_end=shop.last_day)
    found = _segments(scored)
    what = say("revenue" if shop.has_money else "orders")
    title = say(
        "“{segment}”: {people} of the customers, {share} of the {what}",
        segment=say(str(found.index[0])),
        people=f"{found['share'].iloc[0]:.0%}",
        share=f"{found['revenue'].iloc[0]:.0%}",
        what=what,
    )
    gone = scored["segment"].isin(GONE)
    away = act = say("Nobody who bought more often than most has been away for longer than most.")
    if gone.any():
        away = say(
            "{customers} bought more often than most, but their last order was longer ago than "
            "most (median: {days} ago). They account for {share} of the {what}.",
            customers=pluralize(gone.sum(), "customer"),
            days=pluralize(scored["recency"][gone].median(), "day"),
            share=f"{found['revenue'][found.index.isin(GONE)].sum():.0%}",
            what=what,
        )
        act = win_back(shop, scored.index[gone], away)
    reading = [
        away,
        say(
            "RFM describes customers by recency, frequency and monetary value: how recently, how "
            "often and for how much they bought. Each customer gets a score from 1 to 5 for "
            "recency and for frequency, compared with all others. A segment is just a name for "
            "certain pairs of scores."
        ),
    ]
    caveats = [
        say(
            "Scores compare customers with each other, so some are always at the bottom, and “a "
            "long time” means long for this shop. The column of days shows how long that is."
        ),
        say("RFM describes the past. For the risk of losing a customer, see the section on churn."),
    ]
    cells = pd.DataFrame(
        {
            say("possible action"): [say(ACTIONS[str(name)]) for name in found.index],
            say("segment"): [say(str(name)) for name in found.index],
            say("customers"): found["users"].map("{:,.0f}".format).to_list(),
            say("share of {what}", what=what): found["revenue"].map("{:.0%}".format).to_list(),
            say("days since the last order"): found["recency"].map("{:,.0f}".format).to_list(),
        }
    )
    table = Table(say("RFM segments (median number of days)"), cells)
    lists = {say("All customers and their segments"): _complete(scored, shop.has_money)}
    return Section(title, reading, caveats, [table], lists=lists, act=act)


def _complete(scored: pd.DataFrame, has_money: bool) -> pd.DataFrame:
    """Return the complete list to download, with plain numbers."""
    columns = {
        say("customer"): scored.index.astype(str),
        say("segment"): scored["segment"].cat.rename_categories(say).astype(str).to_numpy(),
        say("days since the last order"): scored["recency"].to_numpy(),
        say("days with an order"): scored["frequency"].to_numpy(),
    }
    if has_money:
        columns[say("revenue")] = scored["monetary"].round(2).to_numpy()
    return pd.DataFrame(columns)


def _segments(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the size of each segment, its share of revenue, and its median customer."""
    by_segment = scored.groupby("segment", observed=True)
    return pd.DataFrame(
        {
            "users": by_segment.size(),
            "share": by_segment.size() / len(scored),
            "revenue": by_segment["monetary"].sum() / scored["monetary"].sum(),
            "recency": by_segment["recency"].median(),
        }
    ).sort_values("revenue", ascending=False)
