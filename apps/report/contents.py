"""A report on your own shop: all that the course can say about it, with explanations and caveats.

The sections of each topic have their own module; this one contains the section on the file itself,
and the order of all sections. Lesson 15 shows them one by one, and `apps.report.html` turns them
into a page. A section that the data can't support is left out, and it says why.
"""

from collections.abc import Callable, Iterator

import pandas as pd

from apps.report.baskets import bought_together
from apps.report.breakdown import best_sellers, places
from apps.report.browsing import funnel
from apps.report.churn_risk import churn_list
from apps.report.customers import cohorts, rfm
from apps.report.forecasting import demand
from apps.report.lifetime import value_to_come
from apps.report.margins import margins
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import ROLES
from apps.report.own_shop.shop import HOW, OwnShop
from apps.report.recommending import recommendations
from apps.report.refunds import refunds
from apps.report.sales import key_figures
from apps.report.section import Section, Table, section
from apps.report.timing import timing
from apps.report.trends import moving
from helpers.language import listed, say


@section("file", "What was in the file?")
def the_file(shop: OwnShop) -> Section:
    """Say what was understood, and what was left out; the doubts are at the top of the page."""
    lines, events = shop.order_lines, shop.events
    rows, kept = pluralize(shop.rows, "row"), pluralize(len(lines), "usable order line")
    title = (
        say("{rows} in the file gave {lines}", rows=rows, lines=kept)
        if events is None
        else say(
            "{rows} in the file gave {lines} and {events}",
            rows=rows,
            lines=kept,
            events=pluralize(len(events), "event"),
        )
    )
    reading = [
        say("What had to be assumed is at the top, under “Read this first”.")
        if shop.doubts
        else say("Nothing had to be guessed.")
    ]
    if shop.unused:
        named = listed(f'"{column}" ({total:,.2f})' for column, total in shop.unused.items())
        reading.append(say("Columns of money that no figure uses: {columns}.", columns=named))
    if lines.empty:
        reading.append(say("No order lines are left, so the report can't say much."))
    columns = shop.columns
    understood = pd.DataFrame(
        {
            say("column"): columns["column"],
            say("meaning"): [say(ROLES[role].meaning) for role in columns.index],
            say("how it was recognized"): [say(HOW[how]) for how in columns["how"]],
            say("example"): columns["example"],
        }
    )
    tables = [Table(say("How the columns were understood"), understood.astype(str), folded=True)]
    dropped = shop.dropped()
    if len(dropped):
        dropped[["left out", "changed"]] = dropped[["left out", "changed"]].map("{:,}".format)
        dropped = dropped.rename(columns=say).astype(str)
        tables.append(Table(say("Rows that were left out or changed, and why"), dropped, True))
    return Section(title, reading, tables=tables)


SECTIONS: tuple[Callable[[OwnShop], Section], ...] = (
    key_figures,
    best_sellers,
    moving,
    margins,
    bought_together,
    places,
    timing,
    refunds,
    demand,
    churn_list,
    rfm,
    cohorts,
    value_to_come,
    funnel,
    recommendations,
    the_file,
)


def sections(shop: OwnShop) -> Iterator[Section]:
    """Make the sections one after the other, including those that must be left out.

    Examples
    --------
    >>> from helpers.data import load_shop
    >>> from apps.report.own_shop import from_shop
    >>> next(sections(from_shop(load_shop()))).title
    '7,838 orders from 2,398 customers brought in $753,405'
    """
    return (make(shop) for make in SECTIONS)
