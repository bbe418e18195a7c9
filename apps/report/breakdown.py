"""Sections that divide sales: by product and category, and by country and channel."""

import pandas as pd

from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.money import paid_for
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Section, Skip, Table, item_names, money, section, short
from helpers.language import listed, say

SHOWN = 10  # rows of a table; the others are summed up in the last row
PLURALS = {
    "product": "products",
    "category": "categories",
    "country": "countries",
    "channel": "channels",
}


@section("products", "What sells best?")
def best_sellers(shop: OwnShop) -> Section:
    """Rank products and categories by revenue; without money, by order lines.

    The table has a row for each of ten products and for all others, such as

        Rustic Charcoal, Coral · 431 orders · $9,310 · 1.2%
    """
    if not shop.has_items:
        raise Skip(say("the file doesn't say which items were bought"))
    lines = _valued(shop)
    products = _ranked(lines, lines["item_id"])  # by id: two products may have the same name
    first, number = products.head(SHOWN), len(products)
    if number > SHOWN:
        title = say(
            "The {shown} best-selling of {number} products bring in {share} of the {what}",
            shown=SHOWN,
            number=f"{number:,}",
            share=f"{first['share'].sum():.0%}",
            what=_what(shop),
        )
    elif number == 1:
        title = say("1 product makes up all {what}", what=_what(shop))
    else:
        title = say(
            "{products} make up all {what}",
            products=pluralize(number, "product"),
            what=_what(shop),
        )
    tables = [_table(shop, products, "product", item_names(shop))]
    reading = []
    if "category" in shop.items and len(shop.items["category"].dropna().unique()) > 1:
        category = shop.items.set_index("item_id")["category"]
        found = _ranked(lines, lines["item_id"].map(category))
        reading.append(_largest(shop, found, "category"))
        tables.append(_table(shop, found, "category")._replace(folded=True))
    caveats = [say("A product that was out of stock, or new, had less time to sell.")]
    return Section(title, reading, caveats, tables)


@section("places", "Where do the orders come from?")
def places(shop: OwnShop) -> Section:
    """Rank countries and channels by revenue, if the file has several.

    The table has a row for each, such as

        Germany · 312 orders · $31,020 · 63%

    For a channel it also says how many customers first bought there, and what each of them has
    brought in since.
    """
    lines = _valued(shop)
    given = [name for name in ("country", "channel") if name in lines]
    several = [name for name in given if len(lines[name].dropna().unique()) > 1]
    if not several:
        known = [str(one) for name in given for one in lines[name].dropna().unique()]
        raise Skip(
            say("the only place in the file is “{place}”", place=listed(map(short, known)))
            if known
            else say("the file contains neither countries nor sales channels")
        )
    found = {name: _ranked(lines, lines[name]) for name in several}
    said = [_largest(shop, ranked, name) for name, ranked in found.items()]
    tables = [_table(shop, ranked, name) for name, ranked in found.items()]
    caveats = []
    if "channel" in several and shop.has_customers:
        tables.append(_won(shop, lines))
        caveats.append(
            say(
                "Customers who came early had more time to buy again. What a channel costs is "
                "unknown."
            )
        )
    return Section(said[0].rstrip(".。"), said[1:], caveats, tables)


def _won(shop: OwnShop, lines: pd.DataFrame) -> Table:
    """Say how many customers each channel won, and what they have brought in since."""
    known = lines.dropna(subset="user_id").sort_values("ordered_at", kind="stable")
    channel = known["channel"].fillna(say("unknown"))
    users = (
        known.assign(channel=channel)
        .groupby("user_id")
        .agg(channel=("channel", "first"), orders=("order_id", "nunique"), value=("value", "sum"))
    )
    groups = users.groupby("channel")
    found = (
        pd.DataFrame(
            {
                "customers": groups.size(),
                "again": users["orders"].gt(1).groupby(users["channel"]).mean(),
                "value": groups["value"].mean(),
            }
        )
        .sort_values("customers", ascending=False, kind="stable")
        .head(SHOWN)
    )
    cells = pd.DataFrame(
        {
            say("channel of the first order"): [short(one) for one in found.index],
            say("customers"): found["customers"].map("{:,}".format).to_list(),
            say("ordered again"): found["again"].map("{:.0%}".format).to_list(),
        }
    )
    if shop.has_money:
        cells[say("revenue per customer")] = [money(shop, one) for one in found["value"]]
    return Table(say("What each channel has brought"), cells)


def _what(shop: OwnShop) -> str:
    return say("revenue" if shop.has_money else "order lines")


def _valued(shop: OwnShop) -> pd.DataFrame:
    """Return the order lines with the amount paid for each; without money, each counts 1."""
    lines = shop.order_lines
    if not shop.has_money:
        return lines.assign(value=1.0)
    return lines.assign(value=paid_for(lines))


def _ranked(lines: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return orders, value and share of each group of lines, largest value first.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 1, 2], "value": [2.0, 1.0, 9.0]})
    >>> _ranked(lines, pd.Series(["tea", "tea", None]))
             orders  value  share
    unknown       1    9.0   0.75
    tea           1    3.0   0.25
    """
    groups = lines.groupby(by.fillna(say("unknown")))
    found = groups.agg(orders=("order_id", "nunique"), value=("value", "sum"))
    found["share"] = (found["value"] / found["value"].sum()).fillna(0.0)
    return found.sort_values("value", ascending=False, kind="stable").rename_axis(None)


def _largest(shop: OwnShop, found: pd.DataFrame, name: str) -> str:
    """Say which group is the largest."""
    return say(
        "“{best}” brings in {share} of the {what}, the largest share of {number} {groups}.",
        best=short(found.index[0]),
        share=f"{found['share'].iloc[0]:.0%}",
        what=_what(shop),
        number=f"{len(found):,}",
        groups=say(PLURALS[name] if len(found) > 1 else name),
    )


def _table(shop: OwnShop, found: pd.DataFrame, name: str, names: dict | None = None) -> Table:
    """Write the largest groups, and the sum of all others; an order may be in several groups."""
    shown, rest = found.head(SHOWN), found.iloc[SHOWN:]
    labels = [names[one] if names else short(one) for one in shown.index]
    orders = shown["orders"].map("{:,}".format).to_list()
    cells = pd.DataFrame({say(name): labels, say("orders"): orders})
    values = shown["value"].to_list()
    shares = shown["share"].to_list()
    if len(rest):
        cells.loc[len(cells)] = [say("{number} others", number=f"{len(rest):,}"), "–"]
        values, shares = [*values, rest["value"].sum()], [*shares, rest["share"].sum()]
    if shop.has_money:
        cells[say("revenue")] = [money(shop, one) for one in values]
    cells[say("share of the {what}", what=_what(shop))] = [f"{one:.1%}" for one in shares]
    groups = say(PLURALS[name]).capitalize()
    return Table(say("{groups} by {what}", groups=groups, what=_what(shop)), cells)
