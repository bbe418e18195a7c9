"""The section on refunds: which share of the sales is paid back, month by month."""

import pandas as pd

from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    PERIODS,
    Figure,
    Section,
    Skip,
    Table,
    complete,
    line_figure,
    money,
    need,
    period_of,
    section,
    tidy,
)
from helpers.language import say

SHOWN = 12  # periods in the table; the figure has three times as many
MIN_PERIODS = 4  # full ones, needed for a figure


@section("refunds", "How much of the sales is refunded?")
def refunds(shop: OwnShop) -> Section:
    """Divide refunds by sales before refunds, in all and by period.

    The table has a row for each of the last twelve full periods, such as

        2025-12 · sales before refunds $39,210 · refunds $1,214 · 3.1%
    """
    if not shop.has_money or shop.refund_rows.empty:
        raise Skip(say("the file contains no refunds"))
    period = period_of(shop)
    word = say(PERIODS[period])
    by_period = _by_period(shop, period)
    accounts = shop.accounts
    back, sold = accounts.refunds, accounts.gross - accounts.discounts
    need(sold, 1, "in sales before refunds")
    title = say(
        "{share} of the sales, {amount}, was refunded",
        share=f"{back / sold:.1%}",
        amount=money(shop, back),
    )
    reading = [
        say(
            "The refund rate is the sum of {refunds}, divided by the sales after discounts and "
            "before refunds ({amount}).",
            refunds=pluralize(len(shop.refund_rows), "refund"),
            amount=money(shop, sold),
        )
    ]
    caveats = [
        say(
            "A refund counts in the {word} in which it was made, which may be later than the sale. "
            "The sales of the last {word}s may still be returned.",
            word=word,
        )
    ]
    whole = complete(shop, by_period)
    if len(whole) < MIN_PERIODS or not whole["rate"].notna().any():
        return Section(title, reading, caveats)
    recent = whole.tail(SHOWN)
    cells = pd.DataFrame(
        {
            say("period"): recent.index.astype(str),
            say("sales before refunds"): [money(shop, one) for one in recent["sales"]],
            say("refunds"): [money(shop, one) for one in recent["refunds"]],
            say("refund rate"): ["–" if pd.isna(one) else f"{one:.1%}" for one in recent["rate"]],
        }
    )
    table = Table(say("Refunds by {word}", word=word), cells, folded=True)
    return Section(title, reading, caveats, [table], [_course(whole.tail(3 * SHOWN), word)])


def _by_period(shop: OwnShop, period: str) -> pd.DataFrame:
    """Return sales before refunds, refunds, and their ratio, by period.

    Revenue is what is left of the sales after refunds, so the two add up to the sales.
    """
    revenue, back = (
        table.groupby(table[when].dt.to_period(period))[amount].sum()
        for table, when, amount in (
            (shop.orders, "ordered_at", "value"),
            (shop.refund_rows, "refunded_at", "amount"),
        )
    )
    found = pd.DataFrame({"revenue": revenue, "refunds": back})
    found = found.reindex(pd.period_range(found.index.min(), found.index.max())).fillna(0.0)
    sales = found["revenue"] + found["refunds"]
    rate = found["refunds"] / sales.where(sales > 0)
    return found.assign(sales=sales, rate=rate).drop(columns="revenue")


def _course(whole: pd.DataFrame, word: str) -> Figure:
    rate = 100 * whole["rate"]
    highest = rate.idxmax()

    words = say(
        "refund rate by {word}: the highest is {high}% ({when_high}), the lowest is {low}% "
        "({when_low}), and the last full {word} has {last}%.",
        word=word,
        high=f"{rate.max():.1f}",
        when_high=highest,
        low=f"{rate.min():.1f}",
        when_low=rate.idxmin(),
        last=f"{rate.iloc[-1]:.1f}",
    )
    data = tidy(rate.rename(say("refund rate")).round(1), "%")
    title = say("The refund rate was highest in {period}", period=highest)
    return line_figure(data, title, say("refund rate (%)"), words)
