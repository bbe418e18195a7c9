"""The section on pairs of items that are bought together."""

import numpy as np
import pandas as pd

from apps.report.acts import together
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Section, Skip, Table, item_names, need, section
from helpers import rules
from helpers.language import say

SHOWN = 12  # rules in the table
MIN_BASKETS = 20  # baskets that an item must be in, for its pairs to be tested
SUPPORT = 0.001  # or this share of all baskets, if that is more
MOST_PAIRS = 200_000  # of frequent items; beyond that, only more frequent items are tested
ALPHA = 0.05  # probability of any false pair, if no two items were associated


def need_items(shop: OwnShop) -> pd.DataFrame:
    """Return who bought which item and when; skip the section if the file doesn't say."""
    if not shop.has_items:
        raise Skip(say("the file doesn't say which items were bought"))
    lines = shop.order_lines[["order_id", "user_id", "item_id", "ordered_at"]]
    need(lines["item_id"].nunique(), 20, "different items")
    return lines


@section("rules", "Which items are bought together?")
def bought_together(shop: OwnShop) -> Section:
    """Find pairs of items that are bought together more often than expected by chance.

    The table has a row for each of twelve pairs, such as

        Botanical Charcoal Grill, Mustard · Rustic Charcoal, Coral · 108 orders with both ·
        confidence 52% · lift 11.1
    """
    lines = need_items(shop)[["order_id", "item_id"]]
    # Each order has a number here, because numbers are compared much faster than text.
    lines = lines.assign(order_id=pd.factorize(lines["order_id"])[0]).drop_duplicates()
    sizes = lines.groupby("order_id").size()
    need((sizes > 1).sum(), 200, "orders of two items or more")
    baskets = len(sizes)
    least, frequent = _frequent(lines, baskets)
    sets = rules.frequent_itemsets(lines, least / baskets, max_len=2)
    pairs = sets["itemsets"].map(len).eq(2).sum()
    hypotheses = rules.search_space(frequent, 2)
    best = _significant_pairs(sets, hypotheses) if pairs else []
    looked = say(
        "{items} appear in at least {least} orders each, so {rules} rules from one item to another "
        "were possible. {pairs} of them appear together at least as often.",
        items=pluralize(frequent, "item"),
        least=f"{least:,}",
        rules=f"{hypotheses:,}",
        pairs=pluralize(pairs, "pair"),
    )
    caveats = [
        say(
            "Being bought together is an association. It doesn't show that one item sells the "
            "other."
        ),
        say(
            "The orders of one customer are not independent, so the habit of a few customers can "
            "look like a habit of all."
        ),
    ]
    if not len(best):
        title = say("No two items are bought together more often than expected by chance")
        return Section(title, [looked], caveats)
    title = say(
        "{pairs} of items bought together more often than expected by chance",
        pairs=pluralize(len(best), "pair"),
    )
    reading = [
        say(
            "The table shows the pairs with the most orders beyond what chance explains. If no two "
            "items belonged together, the probability of finding any pair would be at most 5% "
            "(Holm correction)."
        ),
        say(
            "Confidence is the share of the orders with the first item that also contain the "
            "second. Lift is the confidence divided by the share of all orders that contain the "
            "second item."
        ),
        looked,
    ]
    names = item_names(shop)
    cells = _cells(best, names)
    table = Table(say("Pairs of items that are bought together"), cells.head(SHOWN))
    act = together(shop, best.head(SHOWN), names)
    return Section(title, reading, caveats, [table], lists={say("All pairs"): cells}, act=act)


def _frequent(lines: pd.DataFrame, baskets: int) -> tuple[int, int]:
    """Return in how many orders an item must be to be tested, and how many items are.

    The minimum is 20 orders, or one in a thousand if that is more. It is higher if so many items
    are frequent that there would be too many pairs to test.
    """
    held = lines.groupby("item_id").size().sort_values(ascending=False)
    least = max(MIN_BASKETS, int(np.ceil(SUPPORT * baskets)))
    most = int((2 * MOST_PAIRS) ** 0.5)
    if (held >= least).sum() > most:
        least = int(held.iloc[most]) + 1
    frequent = int((held >= least).sum())
    if frequent < 2:
        raise Skip(say("fewer than two items appear in at least {least} orders", least=least))
    return least, frequent


def _significant_pairs(sets: pd.DataFrame, hypotheses: int) -> pd.DataFrame:
    """Return a rule for each pair that passes the test, largest number of extra orders first.

    A pair makes two rules; the one with the higher confidence represents both.
    """
    found = rules.association_rules(sets, "lift", 0.0)
    found = rules.significance(found, hypotheses)
    sure = found[(found["p_adjusted"] < ALPHA) & (found["lift"] > 1)]
    best = sure.sort_values(["leverage", "confidence"], ascending=False, kind="stable")
    pair = [frozenset(a | c) for a, c in zip(best["antecedents"], best["consequents"], strict=True)]
    return best.assign(pair=pair).drop_duplicates("pair")


def _cells(best: pd.DataFrame, names: dict) -> pd.DataFrame:
    shown = rules.readable(best, names)
    return pd.DataFrame(
        {
            say("item"): shown["antecedents"],
            say("often bought with it"): shown["consequents"],
            say("orders with both"): shown["count"].map("{:,}".format),
            say("confidence"): shown["confidence"].map("{:.0%}".format),
            say("lift"): shown["lift"].map("{:.1f}".format),
        }
    )
