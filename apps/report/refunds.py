"""The section on refunds: which share of the sales is paid back."""

from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.periods import by_period, in_words
from apps.report.section import (
    PERIODS,
    Section,
    Skip,
    line_figure,
    money,
    need,
    period_of,
    section,
    tidy,
)
from helpers.language import say

SHOWN = 36  # periods in the figure
MIN_PERIODS = 4  # full ones with sales, needed for a figure


@section("refunds", "How much of the sales is refunded?")
def refunds(shop: OwnShop) -> Section:
    """Divide refunds by sales before refunds, in all and by period."""
    if not shop.has_money or shop.refund_rows.empty:
        raise Skip(say("the file contains no refunds"))
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
            word=say(PERIODS[period_of(shop)]),
        )
    ]
    rate, name = 100 * by_period(shop)["refund_rate"].dropna(), say("refund rate")
    if len(rate) < MIN_PERIODS:
        return Section(title, reading, caveats)
    rate = rate.round(1).tail(SHOWN)
    message = say("The refund rate was highest in {period}", period=rate.idxmax())
    data = tidy(rate.rename(name), "%")
    words = in_words(name, rate, "{:.1f}%".format)
    figure = line_figure(data, message, say("refund rate (%)"), words)
    return Section(title, reading, caveats, figures=[figure])
