"""The section of key figures: orders, customers and revenue over time."""

import functools

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from helpers import behavior, plots
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.report.section import (
    PERIODS,
    Figure,
    Section,
    Table,
    complete,
    money,
    over_time,
    period_of,
    section,
    tidy,
)

SHOWN = 12  # periods in the table; the figure has three times as many
FEWEST_PERIODS = 4  # full ones, needed for a figure
FEWEST_USERS = 20  # so that a tenth of them is at least two people


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
    brought = f" brought in {money(shop, orders['value'].sum())}" if shop.has_money else ""
    title = f"{pluralize(len(orders), 'order')}{_from_whom(users, guests)}{brought}"
    span = f"{shop.first_day:%Y-%m-%d} to {shop.last_day:%Y-%m-%d}"
    reading = [f"The data cover {span} ({pluralize(shop.days, 'day')})."]
    if shop.has_money:
        mean, middle = orders["value"].mean(), orders["value"].median()
        reading.append(
            f"The average order value (AOV) is {money(shop, mean, 2)}; half of the orders are "
            f"worth {money(shop, middle, 2)} or less."
        )
    if users:
        once = (known.groupby("user_id").size() == 1).mean()
        reading.append(f"So far, {once:.0%} of the customers have ordered only once.")
    if shop.has_money and users >= FEWEST_USERS and orders["value"].sum() > 0:
        spent = known.groupby("user_id")["value"].sum().sort_values(ascending=False)
        best = spent.head(round(users / 10)).sum() / orders["value"].sum()
        reading.append(
            f"The top 10% of customers by spending brought in {best:.0%} of the revenue."
        )
    caveats = _caveats(shop)
    period = period_of(shop)
    whole = _by_period(shop, period)
    if len(whole) < FEWEST_PERIODS:
        return Section(title, reading, caveats)
    reading += _change(shop, whole) if period == "M" else []
    caveats.append(
        f"Only full {PERIODS[period]}s are shown, because a partly observed {PERIODS[period]} "
        "looks like a bad one."
    )
    if users:
        caveats[-1] += " Customers who bought before the file begins count as new."
    table = Table(f"The last full {PERIODS[period]}s", _cells(shop, whole.tail(SHOWN)))
    return Section(title, reading, caveats, [table], [_course(shop, whole.tail(3 * SHOWN))])


def _from_whom(users: int, guests: int) -> str:
    """Say whose orders these are.

    Examples
    --------
    >>> _from_whom(1, 0), _from_whom(1200, 3), _from_whom(0, 5)
    (' from 1 customer', ' from 1,200 customers and from guests', '')
    """
    if not users:
        return ""
    return f" from {pluralize(users, 'customer')}{' and from guests' if guests else ''}"


def _caveats(shop: OwnShop) -> list[str]:
    """Say what the sums don't include, and what is unknown: costs, currencies, guests."""
    caveats = []
    if shop.has_money:
        caveats.append("Revenue is the sum of these rows. Costs, taxes and shipping are unknown.")
        if not shop.currency:
            caveats.append("The file doesn't say which currency the amounts are in.")
    guests = shop.orders["user_id"].isna().sum()
    if shop.has_customers and guests:
        caveats.append(
            f"{pluralize(guests, 'order')} without a customer id (guests) "
            f"{'is' if guests == 1 else 'are'} included in all amounts, but not in the number of "
            "customers."
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
    columns = {"period": whole.index.astype(str)}
    if shop.has_customers:
        columns["customers"] = whole["buyers"].map("{:,.0f}".format)
        columns["repeat customers"] = whole["repeat_rate"].map("{:.0%}".format, na_action="ignore")
    columns["orders"] = whole["orders"].map("{:,.0f}".format)
    if shop.unit == "units":
        units = whole["units_per_order"].map("{:.1f}".format, na_action="ignore")
        columns["units per order"] = units
    if shop.has_money:
        columns["average order value"] = [money(shop, one, 2) for one in whole["aov"].fillna(0)]
        columns["revenue"] = [money(shop, one) for one in whole["revenue"]]
    return pd.DataFrame(columns, dtype=object).fillna("–").reset_index(drop=True)


def _change(shop: OwnShop, whole: pd.DataFrame) -> list[str]:
    """Say how the last twelve months compare with those before, and which factor changed most.

    Revenue is a product of factors, so its change is split among them
    (`behavior.decompose_change`); the largest part is named. This needs 24 months.
    """
    if len(whole) < 24 or not shop.has_money:
        return []
    names = {"orders": "the number of orders", "per_order": "the average order value"}
    if shop.has_customers and not shop.orders["user_id"].isna().any():
        names = {
            "buyers": "the number of customers per month",
            "orders_per_buyer": "orders per customer",
            "per_order": "the average order value",
        }
    if shop.unit == "units":
        names["per_order"] = "the number of units per order"
        names["per_unit"] = "the average price of a unit"
    years = [whole.iloc[-24:-12], whole.iloc[-12:]]
    counted = ["orders", "units", "revenue", *(["buyers"] if "buyers" in names else [])]
    sums = [year[counted].sum() for year in years]
    if not (pd.concat(sums) > 0).all():  # of products with a factor 0, no part can be told
        return []
    before, after = (_factors(sum_of, list(names)) for sum_of in sums)
    change = sums[1]["revenue"] / sums[0]["revenue"] - 1
    parts = behavior.decompose_change(before, after)
    largest = parts.abs().idxmax()
    word = "higher" if change >= 0 else "lower"
    return [
        f"Revenue in the last twelve full months was {abs(change):.0%} {word} than in the twelve "
        f"before. The largest part of the change, {money(shop, parts[largest])}, comes from "
        f"{names[largest]}."
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
    """Draw revenue, or orders, over time, with the best period marked."""
    what = "revenue" if shop.has_money else "orders"
    values, period = whole[what], PERIODS[whole.index.freqstr[0]]
    best, last = values.idxmax(), values.index[-1]
    amount = functools.partial(money, shop) if shop.has_money else "{:,.0f}".format

    def draw() -> Axes:
        _, ax = plt.subplots()
        ax.plot(values.index.to_timestamp(), values, color=plots.CONTEXT, marker="o", markersize=4)
        ax.plot([best.to_timestamp()], [values[best]], "o", color=plots.ACCENT, markersize=9)
        unit = f"revenue ({shop.currency})" if shop.currency and shop.has_money else what
        over_time(ax, f"The best {period} was {best}", unit)
        return ax

    words = (
        f"{what} by {period}: the highest is {amount(values[best])} ({best}), the lowest is "
        f"{amount(values.min())} ({values.idxmin()}), and the last full {period} has "
        f"{amount(values.iloc[-1])} ({last})."
    )
    return Figure(draw, words, tidy(values.rename(what), shop.currency if shop.has_money else what))
