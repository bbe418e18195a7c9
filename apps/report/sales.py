"""The section of key figures: orders, customers and revenue over time."""

import functools

import pandas as pd

from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    PERIODS,
    Figure,
    Section,
    Table,
    complete,
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

        2025-12 · 317 customers · 70% repeat customers · 402 orders · 3.0 units per order ·
        $94.52 per order · $37,996

    Figures that need money or units are left out if the file has none.
    """
    orders, known = shop.orders, shop.customer_orders
    users, guests = known["user_id"].nunique(), len(orders) - len(known)
    title = pluralize(len(orders), "order")
    if users:
        who = {"orders": title, "customers": pluralize(users, "customer")}
        title = (
            say("{orders} from {customers} and from guests", **who)
            if guests
            else say("{orders} from {customers}", **who)
        )
    if shop.has_money:
        brought = money(shop, orders["value"].sum())
        title = say("{orders} brought in {amount}", orders=title, amount=brought)
    reading = []
    if shop.has_money:
        mean, middle = orders["value"].mean(), orders["value"].median()
        reading.append(
            say(
                "The average order value (AOV) is {mean}; half of the orders are worth {middle} or "
                "less.",
                mean=money(shop, mean, 2),
                middle=money(shop, middle, 2),
            )
        )
    if users:
        once = (known.groupby("user_id").size() == 1).mean()
        reading.append(
            say("So far, {share} of the customers have ordered only once.", share=f"{once:.0%}")
        )
    if shop.has_money and users >= MIN_USERS and orders["value"].sum() > 0:
        spent = known.groupby("user_id")["value"].sum().sort_values(ascending=False)
        best = spent.head(round(users / 10)).sum() / orders["value"].sum()
        reading.append(
            say(
                "The top 10% of customers by spending brought in {share} of the revenue.",
                share=f"{best:.0%}",
            )
        )
    caveats = _caveats(shop)
    period = period_of(shop)
    whole = _by_period(shop, period)
    if len(whole) < MIN_PERIODS:
        return Section(title, reading, caveats)
    reading = (_change(shop, whole) if period == "M" else []) + reading
    word = say(PERIODS[period])
    caveats.append(
        say(
            "Only full {word}s are shown, because a partly observed {word} looks like a bad one. "
            "Customers who bought before the file begins count as new.",
            word=word,
        )
        if users
        else say(
            "Only full {word}s are shown, because a partly observed {word} looks like a bad one.",
            word=word,
        )
    )
    cells = _cells(shop, whole.tail(SHOWN))
    table = Table(say("The last full {word}s", word=word), cells, folded=True)
    return Section(title, reading, caveats, [table], [_course(shop, whole.tail(3 * SHOWN))])


def _caveats(shop: OwnShop) -> list[str]:
    """Say what the sums don't include, and what is unknown: costs, currencies, guests."""
    caveats = []
    if shop.has_money:
        caveats.append(
            say("Revenue is the sum of these rows, before costs. Taxes and shipping are unknown.")
        )
        if not shop.currency:
            caveats.append(say("The file doesn't say which currency the amounts are in."))
    guests = shop.orders["user_id"].isna().sum()
    if shop.has_customers and guests:
        caveats.append(
            say(
                "1 order without a customer id (guests) is included in all amounts, but not in the "
                "number of customers."
            )
            if guests == 1
            else say(
                "{orders} without a customer id (guests) are included in all amounts, but not in "
                "the number of customers.",
                orders=pluralize(guests, "order"),
            )
        )
    return caveats


def _by_period(shop: OwnShop, period: str) -> pd.DataFrame:
    """Return the key figures of each full period; without money, each unit counts as 1."""
    orders = shop.orders.rename(columns={"units": "quantity"})
    price = orders["value"] / orders["quantity"] if shop.has_money else 1.0
    orders = orders.assign(unit_price=price, discount=0.0)  # fewer rows than order lines
    return complete(shop, behavior.kpis(orders, period=period))


def _cells(shop: OwnShop, whole: pd.DataFrame) -> pd.DataFrame:
    """Write key figures as text, one row per period."""
    columns = {say("period"): whole.index.astype(str)}
    if shop.has_customers:
        columns[say("customers")] = whole["buyers"].map("{:,.0f}".format)
        columns[say("repeat customers")] = whole["repeat_rate"].map(
            "{:.0%}".format, na_action="ignore"
        )
    columns[say("orders")] = whole["orders"].map("{:,.0f}".format)
    if shop.unit == "units":
        units = whole["units_per_order"].map("{:.1f}".format, na_action="ignore")
        columns[say("units per order")] = units
    if shop.has_money:
        columns[say("average order value")] = [
            money(shop, one, 2) for one in whole["aov"].fillna(0)
        ]
        columns[say("revenue")] = [money(shop, one) for one in whole["revenue"]]
    return pd.DataFrame(columns, dtype=object).fillna("–").reset_index(drop=True)


def _change(shop: OwnShop, whole: pd.DataFrame) -> list[str]:
    """Say how the last twelve months compare with those before, and which factor changed most.

    Revenue is a product of factors, so its change is split among them
    (`behavior.decompose_change`); the largest part is named. This needs 24 months.
    """
    if len(whole) < 24 or not shop.has_money:
        return []
    names = {"orders": say("the number of orders"), "per_order": say("the average order value")}
    if shop.has_customers and not shop.orders["user_id"].isna().any():
        names = {
            "buyers": say("the number of customers per month"),
            "orders_per_buyer": say("orders per customer"),
            "per_order": say("the average order value"),
        }
    if shop.unit == "units":
        names["per_order"] = say("the number of units per order")
        names["per_unit"] = say("the average price of a unit")
    years = [whole.iloc[-24:-12], whole.iloc[-12:]]
    counted = ["orders", "units", "revenue", *(["buyers"] if "buyers" in names else [])]
    sums = [year[counted].sum() for year in years]
    if not (pd.concat(sums) > 0).all():  # of products with a factor 0, no part can be told
        return []
    before, after = (_factors(sum_of, list(names)) for sum_of in sums)
    change = sums[1]["revenue"] / sums[0]["revenue"] - 1
    parts = behavior.decompose_change(before, after)
    largest = parts.abs().idxmax()
    said = {
        "change": f"{abs(change):.0%}",
        "amount": money(shop, parts[largest]),
        "factor": names[largest],
    }
    return [
        say(
            "Revenue in the last twelve full months was {change} higher than in the twelve before. "
            "The largest part of the change, {amount}, comes from {factor}.",
            **said,
        )
        if change >= 0
        else say(
            "Revenue in the last twelve full months was {change} lower than in the twelve before. "
            "The largest part of the change, {amount}, comes from {factor}.",
            **said,
        )
    ]


def _factors(sums: pd.Series, names: list[str]) -> pd.Series:
    """Return factors whose product is the revenue: two to four, as customers and units are known.

    Examples
    --------
    >>> sums = pd.Series({"buyers": 10, "orders": 20, "units": 60, "revenue": 240.0})
    >>> _factors(sums, ["buyers", "orders_per_buyer", "per_order", "per_unit"]).to_dict()
    {'buyers': 10.0, 'orders_per_buyer': 2.0, 'per_order': 3.0, 'per_unit': 4.0}
    >>> _factors(sums, ["orders", "per_order"]).to_dict()
    {'orders': 20.0, 'per_order': 12.0}
    """
    orders, factors = sums["orders"], {}
    if "buyers" in names:
        factors |= {"buyers": sums["buyers"], "orders_per_buyer": orders / sums["buyers"]}
    else:
        factors["orders"] = orders
    if "per_unit" in names:
        factors["per_order"] = sums["units"] / orders
        factors["per_unit"] = sums["revenue"] / sums["units"]
    else:
        factors["per_order"] = sums["revenue"] / orders
    return pd.Series(factors)


def _course(shop: OwnShop, whole: pd.DataFrame) -> Figure:
    """Draw revenue, or orders, over time; the title says which period was best."""
    key = "revenue" if shop.has_money else "orders"
    what, values, period = say(key), whole[key], say(PERIODS[whole.index.freqstr[0]])
    best, last = values.idxmax(), values.index[-1]
    amount = functools.partial(money, shop) if shop.has_money else "{:,.0f}".format

    words = say(
        "{what} by {period}: the highest is {high} ({when_high}), the lowest is {low} "
        "({when_low}), and the last full {period} has {now} ({last}).",
        what=what,
        period=period,
        high=amount(values[best]),
        when_high=best,
        low=amount(values.min()),
        when_low=values.idxmin(),
        now=amount(values.iloc[-1]),
        last=last,
    )
    data = tidy(values.rename(what), shop.currency if shop.has_money else what)
    title = say("The best {period} was {best}", period=period, best=best)
    axis = f"{what} ({shop.currency})" if shop.has_money and shop.currency else what
    return line_figure(data, title, axis, words)
