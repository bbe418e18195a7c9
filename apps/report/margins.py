"""The section on the margin: what is left after the cost of the goods, and which products lose."""

import pandas as pd

from apps.report.acts import YEAR
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.money import paid_for
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Act, Section, Skip, Table, about, item_names, money, section
from helpers.language import say

SHOWN = 10  # products in the table, and categories


@section("margin", "What is left after costs?")
def margins(shop: OwnShop) -> Section:
    """Add up what each category left, and find the products that lost money within a year.

    The table has a row for each of the ten products that lost most, such as

        Cubify CubeX 3D Printer · 3 orders · $11,100 · -$8,880
    """
    if "margin" not in shop.order_lines:
        raise Skip(say("the file contains neither profits nor costs that can be told"))
    lines = with_profit(shop)
    left, sold = lines["profit"].sum(), lines["value"].sum()
    title = say(
        "{share} of the revenue is left after costs: {amount}",
        share=f"{left / sold:.1%}",
        amount=money(shop, left),
    )
    caveats = [
        say("Only the costs in the file are known. Advertising, rent and wages come on top."),
    ]
    if len(lines) < len(shop.order_lines):
        less = pluralize(len(shop.order_lines) - len(lines), "order line")
        caveats.append(say("Of {lines} the costs are unknown.", lines=less))
    reading, tables, act = [say("No product lost money in the last twelve months.")], [], ""
    recent = lines[lines["ordered_at"] > shop.last_day - YEAR]
    if shop.has_items:
        losing = recent.groupby("item_id").agg(
            orders=("order_id", "nunique"), value=("value", "sum"), profit=("profit", "sum")
        )
        losing = losing[losing["profit"] < -0.005].sort_values("profit", kind="stable")
        act = say("No product lost money in the last twelve months.")
    if shop.has_items and len(losing):
        losing.insert(0, "name", losing.index.map(item_names(shop)))
        act = _act(shop, losing, recent)
        reading = [act.why]
        tables = [Table(say("Products that lost most in twelve months"), _cells(shop, losing))]
    if shop.has_items and "category" in shop.items and shop.items["category"].notna().any():
        by = lines["item_id"].map(shop.items.set_index("item_id")["category"])
        groups = lines.groupby(by)[["value", "profit"]].sum().sort_values("profit").tail(SHOWN)
        tables.append(Table(say("Margin by category"), _by_category(shop, groups[::-1])))
    return Section(title, reading, caveats, tables, act=act)


def with_profit(shop: OwnShop) -> pd.DataFrame:
    """Return the order lines whose margin is known, with their ``value`` and ``profit``."""
    lines = shop.order_lines.dropna(subset="margin")
    value = paid_for(lines)
    return lines.assign(value=value, profit=value * lines["margin"])


def _act(shop: OwnShop, losing: pd.DataFrame, recent: pd.DataFrame) -> Act:
    """Return the products to reprice or stop, the largest loss first."""
    products = pluralize(len(losing), "product")
    lost = money(shop, -about(losing["profit"].sum()))
    bought = recent["user_id"][recent["item_id"].isin(losing.index)].nunique()
    why = say("{products} brought in less than they cost.", products=products)
    if bought:
        why = say(
            "{products} brought in less than they cost; {customers} bought them.",
            products=products,
            customers=pluralize(bought, "customer"),
        )
    how = say(
        "What they lost in the last twelve months, by the costs in the file. A loss may be worth "
        "it if those who buy them buy much else."
    )
    rows = pd.DataFrame(
        {
            say("item"): losing.index.astype(str),
            say("product"): losing["name"].to_numpy(),
            say("orders"): losing["orders"].to_numpy(),
            say("revenue"): losing["value"].round(2).to_numpy(),
            say("profit"): losing["profit"].round(2).to_numpy(),
        }
    )
    title = say("Reprice or stop {products}", products=products)
    return Act(title, say("{amount} lost", amount=lost), how, why, rows)


def _cells(shop: OwnShop, losing: pd.DataFrame) -> pd.DataFrame:
    shown = losing.head(SHOWN)
    return pd.DataFrame(
        {
            say("product"): shown["name"],
            say("orders"): shown["orders"].map("{:,}".format),
            say("revenue"): [money(shop, one) for one in shown["value"]],
            say("profit"): [money(shop, one) for one in shown["profit"]],
        }
    )


def _by_category(shop: OwnShop, groups: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say("category"): groups.index.astype(str),
            say("revenue"): [money(shop, one) for one in groups["value"]],
            say("profit"): [money(shop, one) for one in groups["profit"]],
            say("margin"): (groups["profit"] / groups["value"]).map("{:.1%}".format),
        }
    )
