"""The section on products that rise or fall: what to reorder, and what to stop."""

import numpy as np
import pandas as pd
from scipy import stats

from apps.report.acts import up_to
from apps.report.evidence import cannot_tell
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.money import paid_for
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    Act,
    Section,
    Skip,
    Table,
    complete,
    item_names,
    money,
    need,
    section,
)
from helpers import rules
from helpers.language import listed, say

YEAR = 12  # months
MIN_MONTHS = 15  # full ones: three, and the same three of the year before
ALPHA = 0.01  # probability of any product that moves, if none does
MIN_ORDERS = 20  # of a product in both years; with fewer, hardly any change is beyond chance
SHOWN = 5  # products that rise, and products that fall


@section("moving", "Which products rise, and which fall?")
def moving(shop: OwnShop) -> Section:
    """Compare the orders of each product with those in the same months of the year before.

    The table has a row for each product that moved more than chance explains, such as

        reorder · Botanical Charcoal Grill, Mustard · 120 orders · 84 a year before · +$2,310
    """
    if not shop.has_items:
        raise Skip(say("the file doesn't say which items were bought"))
    found, now = changes(shop)
    if found.empty:
        raise cannot_tell(
            say(
                "No product has more or fewer orders than in the same months of the year before "
                "by more than chance explains"
            )
        )
    rising, falling = found[found["change"] > 0], found[found["change"] < 0]
    parts = [
        say("rising: {products}", products=pluralize(len(rising), "product")),
        say("falling: {products}", products=pluralize(len(falling), "product")),
    ]
    title = _of_both(parts, rising, falling)
    reading = [
        say(
            "The orders of the last {months} full months are compared with those in the same "
            "months of the year before, so the season plays no part. Products without an order in "
            "one of the two are left out.",
            months=len(now),
        )
    ]
    caveats = [
        say(
            "An order counts as equally likely in either year. If no product had changed, the "
            "probability of finding any that did would be at most 1% (Holm correction)."
        ),
        say("Fewer orders may mean that a product was out of stock, or that its price rose."),
    ]
    best = pd.concat([rising.head(SHOWN), falling.head(SHOWN)])
    table = Table(say("Products that moved most"), _cells(shop, best))
    return Section(title, reading, caveats, [table], act=_act(shop, rising, falling, now))


def changes(shop: OwnShop) -> tuple[pd.DataFrame, pd.PeriodIndex]:
    """Return the products that moved by more than chance explains, and the months looked at.

    Returns
    -------
    DataFrame, index item; ``orders``, ``units`` and ``value`` (money, or orders if there is none),
    those of the year before (``orders_before``), and the ``change`` in value, the largest first.
    """
    lines = shop.order_lines
    when = lines["ordered_at"].dt.to_period("M")
    every = pd.DataFrame(index=pd.period_range(when.min(), when.max()))
    full = complete(shop, every).index
    need(len(full), MIN_MONTHS, "full months")
    now = full[-min(YEAR, len(full) - YEAR) :]
    after, before = (_sold(shop, lines[when.isin(months)]) for months in (now, now - YEAR))
    found = after.join(before.add_suffix("_before"), how="inner")
    found = found[found["orders"] + found["orders_before"] >= MIN_ORDERS]
    found["change"] = found["value"] - found["value_before"]
    fewer = found[["orders", "orders_before"]].min(axis=1)
    chance = 2 * stats.binom.cdf(fewer, found["orders"] + found["orders_before"], 0.5)
    p = rules.adjust(pd.Series(np.minimum(chance, 1), found.index), len(found))
    agrees = np.sign(found["change"]) == np.sign(found["orders"] - found["orders_before"])
    found = found[(p < ALPHA) & agrees]
    return found.sort_values("change", key=abs, ascending=False, kind="stable"), now


def _sold(shop: OwnShop, lines: pd.DataFrame) -> pd.DataFrame:
    """Return orders, units and value of each item."""
    value = paid_for(lines) if shop.has_money else 0.0
    groups = lines.assign(value=value).groupby("item_id")
    sold = groups.agg(
        orders=("order_id", "nunique"), units=("quantity", "sum"), value=("value", "sum")
    )
    return sold if shop.has_money else sold.assign(value=sold["orders"])


def _cells(shop: OwnShop, found: pd.DataFrame) -> pd.DataFrame:
    names = item_names(shop)
    cells = pd.DataFrame(
        {
            say("what to do"): [_to_do(one) for one in found["change"]],
            say("product"): found.index.map(names),
            say("orders"): found["orders"].map("{:,}".format),
            say("a year before"): found["orders_before"].map("{:,}".format),
        }
    )
    if shop.has_money:
        cells[say("change in revenue")] = [money(shop, one) for one in found["change"]]
    return cells


def _to_do(change: float) -> str:
    return say("reorder") if change > 0 else say("stop, or find out why")


def _act(shop: OwnShop, rising: pd.DataFrame, falling: pd.DataFrame, now: pd.PeriodIndex) -> Act:
    """Return what to do about the products that moved, the rising ones first."""
    found, lines = pd.concat([rising, falling]), shop.order_lines
    bought = lines["item_id"].isin(found.index) & lines["ordered_at"].dt.to_period("M").isin(now)
    rows = _cells(shop, found)
    rows[say("item")] = found.index.astype(str)
    for name, counts in (("orders", found["orders"]), ("a year before", found["orders_before"])):
        rows[say(name)] = counts.to_numpy()  # plain numbers
    rows[say("units per month")] = (found["units"] / len(now)).round(1).to_numpy()
    if shop.has_money:
        rows[say("change in revenue")] = found["change"].round(2).to_numpy()
    what = [
        say("reorder {products}", products=pluralize(len(rising), "product")),
        say("look into {products}", products=pluralize(len(falling), "product")),
    ]
    why = say(
        "Their orders changed from the same months of the year before by more than chance explains."
    )
    if shop.has_customers:
        customers = pluralize(lines["user_id"][bought].nunique(), "customer")
        why = say(
            "{customers} bought these products in the last {months} full months. {why}",
            customers=customers,
            months=len(now),
            why=why,
        )
    how = say(
        "An upper bound: by how much their sales changed from the year before, up or down. It is "
        "lost if the first are sold out, and won back if the others recover."
    )
    return Act(
        _of_both(what, rising, falling), up_to(shop, found["change"].abs().sum()), how, why, rows
    )


def _of_both(said: list[str], *groups: pd.DataFrame) -> str:
    """Join what is said of the products that rise and of those that fall, if there are any."""
    text = listed(one for one, group in zip(said, groups, strict=True) if len(group))
    return text[:1].upper() + text[1:]
