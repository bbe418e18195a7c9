"""What to do this week: whom to win back, what to offer together, what to reorder or stop.

An act rests on what a section has found, and says how much money is at stake at most. Nobody knows
how much of it an act brings: only an experiment can tell.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from apps.report.evidence import cannot_tell
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.money import paid_for
from apps.report.own_shop.shop import OwnShop
from apps.report.section import DAY, Act, Section, about, money
from helpers.language import say

YEAR = 365 * DAY
SOURCES = {  # what is asked → the sections that may answer, the best one first
    "Whom to win back": ("churn", "rfm"),
    "What to offer together": ("rules",),
    "What to reorder or stop": ("margin", "moving"),
}


class Plan(NamedTuple):
    """An answer to one of the three questions; without an act, why.

    ``needed`` says what the file would have to contain, if it can't tell; it is empty if there is
    nothing to do.
    """

    question: str
    act: Act | None
    section: str  # where the reader finds more
    why_not: str = ""
    needed: str = ""


def this_week(made: Iterable[Section]) -> list[Plan]:
    """Return the acts that sections have found, one for each question.

    Examples
    --------
    >>> (plan,) = this_week([Section(name="rules", skipped="no item was bought twice.")])
    >>> plan.question, plan.why_not
    ('What to offer together', 'no item was bought twice.')
    """
    by_name = {one.name: one for one in made}
    needed = [
        say("A column that says who bought, and 20 customers or more."),
        say(
            "A column of products, 200 orders of two or more, and products that are in 20 orders "
            "or more."
        ),
        say(
            "A column of products, and one of profit or cost; or 15 full months, and products with "
            "20 orders or more in a year and the one before."
        ),
    ]
    plans = []
    for (question, names), need in zip(SOURCES.items(), needed, strict=True):
        answers = [by_name[name] for name in names if name in by_name]
        acts = [(one.act, one.name) for one in answers if isinstance(one.act, Act)]
        told = [one for one in answers if not one.skipped]
        if acts:
            plans.append(Plan(say(question), *acts[0]))
        elif told:
            why = next((str(one.act) for one in told if one.act), told[-1].title)
            plans.append(Plan(say(question), None, "", why))
        elif answers:
            why = answers[-1].skipped.removeprefix(str(cannot_tell("")))
            plans.append(Plan(say(question), None, "", why, need))
    return plans


def up_to(shop: OwnShop, amount: float) -> str:
    """Write the money at stake; without money, a number of orders.

    Examples
    --------
    >>> from helpers.data import load_shop
    >>> from apps.report.own_shop import from_shop
    >>> up_to(from_shop(load_shop()), 8_423)
    'up to $8,420'
    """
    amount = about(amount)
    return say(
        "up to {amount}",
        amount=money(shop, amount) if shop.has_money else pluralize(amount, "order"),
    )


def win_back(shop: OwnShop, users: Iterable, why: str) -> Act:
    """Return the customers to write to, with what they brought in while they were there.

    Parameters
    ----------
    users : their ids.
    why : what the section has found about them.
    """
    orders = shop.customer_orders[shop.customer_orders["user_id"].isin(list(users))]
    last = orders.groupby("user_id")["ordered_at"].transform("max")
    spent = orders[orders["ordered_at"] > last - YEAR].groupby("user_id")["value"].sum()
    spent = spent.sort_values(ascending=False, kind="stable")
    days = (shop.last_day - orders.groupby("user_id")["ordered_at"].max().dt.normalize()) // DAY
    what = (
        say("spent in the twelve months up to the last order")
        if shop.has_money
        else say("orders in the twelve months up to the last one")
    )
    rows = pd.DataFrame(
        {
            say("customer"): spent.index.astype(str),
            what: spent.round(2).to_numpy(),
            say("days since the last order"): days[spent.index].to_numpy(),
        }
    )
    how = say(
        "An upper bound: what they brought in during the twelve months up to their last orders. "
        "Some will come back by themselves, and some never will."
    )
    title = say("Win back {customers}", customers=pluralize(len(spent), "customer"))
    return Act(title, up_to(shop, spent.sum()), how, why, rows)


def together(shop: OwnShop, pairs: pd.DataFrame, names: dict) -> Act | str:
    """Return who bought one item of a pair within a year, and never the other.

    Where the file doesn't say who bought, these are orders.

    Parameters
    ----------
    pairs : rules from one item to another (``antecedents``, ``consequents``, ``confidence``); the
        first that fits a customer counts.
    names : item → its name.
    """
    lines = shop.order_lines
    who = "user_id" if shop.has_customers else "order_id"
    offers = pd.DataFrame(
        {
            "item_id": [next(iter(one)) for one in pairs["antecedents"]],
            "offer": [next(iter(one)) for one in pairs["consequents"]],
            "confidence": pairs["confidence"].to_numpy(),
            "rank": range(len(pairs)),
        }
    )
    either = lines["item_id"].isin([*offers["item_id"], *offers["offer"]])
    bought = lines.loc[either, [who, "item_id", "ordered_at"]].dropna(subset=who)
    bought = bought.drop_duplicates([who, "item_id"], keep="last")
    recent = bought[bought["ordered_at"] > shop.last_day - YEAR]
    found = recent.merge(offers).merge(
        bought.rename(columns={"item_id": "offer"})[[who, "offer"]], how="left", indicator=True
    )
    found = found[found["_merge"] == "left_only"].sort_values(["rank", "ordered_at"])
    found = found.drop_duplicates(who)
    if found.empty:
        return say("Everybody who bought one item of a pair has the other, too.")
    rows = pd.DataFrame(
        {
            say("customer") if shop.has_customers else say("order"): found[who].astype(str),
            say("bought"): found["item_id"].map(names),
            say("offer"): found["offer"].map(names),
        }
    )
    stake, how = float(len(found)), say("An upper bound: one order for each of them.")
    if shop.has_money:
        sold = lines[either]
        units = sold.assign(value=paid_for(sold)).groupby("item_id")[["value", "quantity"]].sum()
        price = found["offer"].map(units["value"] / units["quantity"])
        rows[say("usual price of one unit")] = price.round(2)
        stake = price.sum()
        how = say(
            "An upper bound: one unit for each of them, at the price that was usually paid. Most "
            "won't buy."
        )
    first = found.iloc[0]
    why = say(
        "In the last twelve months they bought one item of a pair that often goes together, and "
        "never the other: {share} of the orders with “{first}” also contain “{second}”.",
        share=f"{offers['confidence'].iloc[int(first['rank'])]:.0%}",
        first=names[first["item_id"]],
        second=names[first["offer"]],
    )
    title = (
        say("Offer {customers} the other item", customers=pluralize(len(found), "customer"))
        if shop.has_customers
        else say(
            "Show the other item: {orders} were without", orders=pluralize(len(found), "order")
        )
    )
    return Act(title, up_to(shop, stake), how, why, rows.reset_index(drop=True))
