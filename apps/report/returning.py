"""The section on new and returning customers: who brings in the revenue, month by month."""

import pandas as pd

from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    PERIODS,
    Figure,
    Section,
    Table,
    complete,
    line_figure,
    money,
    need,
    need_customers,
    period_of,
    section,
    tidy,
)
from helpers.language import listed, say

SHOWN = 12  # periods in the table and in the sums; the figure has three times as many
MIN_PERIODS = 2  # full periods
KINDS = "new", "returning", "guests"


@section("returning", "Do sales come from new or from returning customers?")
def new_and_returning(shop: OwnShop) -> Section:
    """Split revenue, or orders, into first orders, later orders, and orders of guests.

    The table has a row for each of the last twelve full periods, such as

        2025-12 · new customers $9,020 · returning customers $28,976 · 76% from returning customers
    """
    need_customers(shop)
    period = period_of(shop)
    word = say(PERIODS[period])
    parts = complete(shop, _by_period(shop.orders, period))
    need(len(parts), MIN_PERIODS, say("full {word}s", word=word))
    recent = parts.tail(SHOWN)
    total = recent.to_numpy().sum()
    need(total, 1, "in revenue" if shop.has_money else "orders")
    shares = recent.sum() / total
    what = say("revenue" if shop.has_money else "orders")
    said = {"what": what, "number": len(recent), "word": word}
    said |= {kind: f"{share:.0%}" for kind, share in shares.items()}
    title = say(
        "Returning customers account for {returning} of the {what} of the last {number} full "
        "{word}s",
        **said,
    )
    reading = [
        say(
            "A customer is new with the first order in the file and returning with every later "
            "one. Of the {what} of the last {number} full {word}s, {new} came from new customers "
            "and {returning} from returning ones; guests account for the other {guests}.",
            **said,
        )
        if "guests" in parts
        else say(
            "A customer is new with the first order in the file and returning with every later "
            "one. Of the {what} of the last {number} full {word}s, {new} came from new customers "
            "and {returning} from returning ones.",
            **said,
        )
    ]
    caveats = [
        say(
            "Customers who bought before the file begins count as new, so the first {word}s "
            "contain too many new customers.",
            word=word,
        )
    ]
    if "guests" in parts:
        caveats.append(
            say("Guests may be new or returning; without a customer id nobody can tell.")
        )
    caption = say("{what} by {word}", what=what, word=word).capitalize()
    table = Table(caption, _cells(shop, recent), folded=True)
    figure = _course(shop, parts.tail(3 * SHOWN), title, what)
    return Section(title, reading, caveats, [table], [figure])


def _by_period(orders: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the value of first orders, later orders and guests' orders, by period.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", None], "value": [5.0, 7.0, 2.0],
    ...     "ordered_at": pd.to_datetime(["2025-01-05", "2025-03-01", "2025-03-02"])})
    >>> _by_period(orders, "M").to_numpy().tolist()
    [[5.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 7.0, 2.0]]
    """
    kind = orders["user_id"].duplicated().map({False: "new", True: "returning"})  # in order of time
    kind = kind.mask(orders["user_id"].isna(), "guests")
    when = orders["ordered_at"].dt.to_period(period)
    parts = orders.pivot_table("value", when, kind, aggfunc="sum", fill_value=0.0)
    periods = pd.period_range(parts.index[0], parts.index[-1], name="period")
    kinds = [one for one in KINDS if one in parts or one != "guests"]
    return parts.reindex(periods, fill_value=0.0).reindex(columns=kinds, fill_value=0.0)


def _cells(shop: OwnShop, parts: pd.DataFrame) -> pd.DataFrame:
    write = (lambda one: money(shop, one)) if shop.has_money else "{:,.0f}".format
    names = {
        "new": say("new customers"),
        "returning": say("returning customers"),
        "guests": say("guests"),
    }
    cells = parts.map(write).rename(columns=names)
    cells.insert(0, say("period"), parts.index.astype(str))
    share = parts["returning"] / parts.sum(axis=1)
    cells[say("share of returning")] = share.map("{:.0%}".format, na_action="ignore").fillna("–")
    return cells


def _course(shop: OwnShop, parts: pd.DataFrame, title: str, what: str) -> Figure:
    """Draw the parts of each period."""
    unit = f"{what} ({shop.currency})" if shop.currency and shop.has_money else what

    first, last = ((parts.iloc[place] / parts.iloc[place].sum())["returning"] for place in (0, -1))
    words = say(
        "{what} by period, in parts: {parts}. The share of returning customers goes from {first} "
        "({begin}) to {last} ({end}).",
        what=what,
        parts=listed(map(say, parts.columns)),
        first=f"{first:.0%}",
        begin=parts.index[0],
        last=f"{last:.0%}",
        end=parts.index[-1],
    )
    data = tidy(parts.rename(columns=say), shop.currency if shop.has_money else what)
    return line_figure(data, title, unit, words)
