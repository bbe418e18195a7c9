"""The section of key figures: orders, customers and revenue, over time and by who buys."""

import functools

import pandas as pd

from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.periods import by_period, in_words
from apps.report.section import (
    PERIODS,
    Figure,
    Section,
    Table,
    line_figure,
    money,
    period_of,
    section,
    tidy,
)
from helpers import behavior
from helpers.language import say

SHOWN = 12  # periods in the table; the figure has three times as many
MIN_PERIODS = 4  # full ones, needed for a figure
MIN_USERS = 20  # so that a tenth of them is at least two people


@section("figures", "How is the shop doing?")
def key_figures(shop: OwnShop) -> Section:
    """Sum up orders, customers and revenue, and show them over time.

    The table has a row for each of the last twelve full periods (`period_of`), such as

        2025-12 · 317 customers · 402 orders · 3.0 units per order · $94.52 per order · $37,996 ·
        76% from returning customers

    Figures that need money or units are left out if the file has none.
    """
    whole = by_period(shop)
    reading, caveats = _change(shop, whole) + _typical(shop), _caveats(shop)
    if len(whole) < MIN_PERIODS:
        return Section(_title(shop), reading, caveats)
    word = say(PERIODS[period_of(shop)])
    caveats.append(
        say(
            "Only full {word}s are shown, because a partly observed {word} looks like a bad one.",
            word=word,
        )
    )
    table = Table(say("The last full {word}s", word=word), _cells(shop, whole.tail(SHOWN)), True)
    return Section(_title(shop), reading, caveats, [table], [_course(shop, whole.tail(3 * SHOWN))])


def _title(shop: OwnShop) -> str:
    orders, known = shop.orders, shop.customer_orders
    title = pluralize(len(orders), "order")
    if shop.has_customers:
        who = {"orders": title, "customers": pluralize(known["user_id"].nunique(), "customer")}
        title = (
            say("{orders} from {customers} and from guests", **who)
            if len(known) < len(orders)
            else say("{orders} from {customers}", **who)
        )
    if shop.has_money:
        brought = money(shop, shop.accounts.net)
        title = say("{orders} brought in {amount}", orders=title, amount=brought)
    return title


def _typical(shop: OwnShop) -> list[str]:
    """Say what an order is worth, and how much the best customers bring in."""
    orders, known = shop.orders["value"], shop.customer_orders
    said = []
    if shop.has_money:
        said.append(
            say(
                "The average order value (AOV) is {mean}; half of the orders are worth {middle} or "
                "less.",
                mean=money(shop, orders.mean(), 2),
                middle=money(shop, orders.median(), 2),
            )
        )
    if shop.has_customers:
        users = known.groupby("user_id")["value"].agg(["size", "sum"])
        once = f"{(users['size'] == 1).mean():.0%}"
        said.append(say("So far, {share} of the customers have ordered only once.", share=once))
        if shop.has_money and len(users) >= MIN_USERS and orders.sum() > 0:
            best = users["sum"].nlargest(round(len(users) / 10)).sum() / orders.sum()
            said.append(
                say(
                    "The top 10% of customers by spending brought in {share} of the revenue.",
                    share=f"{best:.0%}",
                )
            )
    return said


def _caveats(shop: OwnShop) -> list[str]:
    """Say what the sums don't include, and what is unknown: costs, currencies, guests."""
    caveats = []
    if shop.has_money:
        caveats.append(
            say("Revenue is the sum of these rows, before costs. Taxes and shipping are unknown.")
        )
        if not shop.currency:
            caveats.append(say("The file doesn't say which currency the amounts are in."))
    if not shop.has_customers:
        return caveats
    caveats.append(
        say(
            "A customer is new with the first order in the file, and returning with every later "
            "one. Those who bought before the file begins count as new."
        )
    )
    guests = shop.orders["user_id"].isna().sum()
    if guests:
        caveats.append(
            say(
                "{orders} without a customer id (guests): they count in all amounts, but not in "
                "the number of customers, and may be new or returning.",
                orders=pluralize(guests, "order"),
            )
        )
    return caveats


def _cells(shop: OwnShop, whole: pd.DataFrame) -> pd.DataFrame:
    """Write key figures as text, one row per period."""
    amount, percent = functools.partial(money, shop), "{:.0%}".format
    columns = {say("orders"): whole["orders"].map("{:,}".format)}
    if shop.has_customers:
        columns = {say("customers"): whole["customers"].map("{:,}".format)} | columns
    if shop.unit == "units":
        units = whole["units"] / whole["orders"].where(whole["orders"] > 0)
        columns[say("units per order")] = units.map("{:.1f}".format, na_action="ignore")
    if shop.has_money:
        average = whole["average"].map(functools.partial(amount, digits=2), na_action="ignore")
        columns[say("average order value")] = average
        columns[say("revenue")] = whole["revenue"].map(amount)
    total = whole["revenue"].where(whole["revenue"] != 0)
    for part, name in _kinds(shop).items():
        columns[name] = (whole[part] / total).map(percent, na_action="ignore")
    if len(shop.refund_rows) and shop.has_money:
        columns[say("refunds")] = whole["refunds"].map(amount)
        columns[say("refund rate")] = whole["refund_rate"].map("{:.1%}".format, na_action="ignore")
    cells = pd.DataFrame(columns, dtype=object).fillna("–")
    cells.insert(0, say("period"), whole.index.astype(str))
    return cells


def _kinds(shop: OwnShop) -> dict[str, str]:
    """Return the parts of revenue that can be told, and their names."""
    kinds = {}
    if shop.has_customers:
        kinds["returning"] = say("from returning customers")
        if shop.orders["user_id"].isna().any():
            kinds["guests"] = say("from guests")
    return kinds


def _change(shop: OwnShop, whole: pd.DataFrame) -> list[str]:
    """Say how the last twelve months compare with those before, and which factor changed most.

    Revenue is a product of factors, such as customers × orders per customer × units per order ×
    price of a unit, so its change is split among them (`behavior.decompose_change`); the largest
    part is named. This needs 24 months.
    """
    if len(whole) < 24 or period_of(shop) != "M" or not shop.has_money:
        return []
    factors = {
        "orders": say("the number of orders"),
        "revenue": say("the average order value"),
    }
    if shop.unit == "units":
        per_order = say("the number of units per order")
        factors |= {"units": per_order, "revenue": say("the average price of a unit")}
    if shop.has_customers and not shop.orders["user_id"].isna().any():
        per_month = say("the number of customers per month")
        factors |= {"customers": per_month, "orders": say("orders per customer")}
    sums = [name for name in ("customers", "orders", "units", "revenue") if name in factors]
    years = pd.DataFrame([whole[sums].iloc[-24:-12].sum(), whole[sums].iloc[-12:].sum()])
    if not (years > 0).all(axis=None):  # of products with a factor 0, no part can be told
        return []
    ratios = years / years.shift(axis=1, fill_value=1)
    parts = behavior.decompose_change(ratios.iloc[0], ratios.iloc[1])
    change = years["revenue"].iloc[1] / years["revenue"].iloc[0] - 1
    size = f"{abs(change):.0%}"
    return [
        say(
            "Revenue in the last twelve full months was {change} than in the twelve before. The "
            "largest part of the change, {amount}, comes from {factor}.",
            change=say("{share} higher" if change >= 0 else "{share} lower", share=size),
            amount=money(shop, parts[parts.abs().idxmax()]),
            factor=factors[parts.abs().idxmax()],
        )
    ]


def _course(shop: OwnShop, whole: pd.DataFrame) -> Figure:
    """Draw revenue, or orders, over time, and the part of it that returning customers bring."""
    what = say("revenue" if shop.has_money else "orders")
    write = functools.partial(money, shop) if shop.has_money else "{:,.0f}".format
    word = say(PERIODS[period_of(shop)])
    names = {"revenue": what}
    if shop.has_customers:
        names["returning"] = say("from returning customers")
    lines = whole[list(names)].rename(columns=names)
    title = say("The best {period} was {best}", period=word, best=whole["revenue"].idxmax())
    recent = whole.tail(SHOWN)
    if shop.has_customers and recent["revenue"].sum() > 0:
        title = say(
            "Returning customers account for {share} of the {what} of the last {number} full "
            "{word}s",
            share=f"{recent['returning'].sum() / recent['revenue'].sum():.0%}",
            what=what,
            number=len(recent),
            word=word,
        )
    data = tidy(lines, shop.currency if shop.has_money else what)
    axis = f"{what} ({shop.currency})" if shop.has_money and shop.currency else what
    words = [in_words(name, line, write) for name, line in lines.items()]
    return line_figure(data, title, axis, say("; ").join(words))
