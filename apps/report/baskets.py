"""Sections on items: which are bought together, and which to recommend to whom."""

import numpy as np
import pandas as pd

from apps.report.acts import together
from apps.report.evidence import cannot_tell
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Section, Skip, Table, need, need_customers, of_some, section
from helpers import evaluation, rules
from helpers.evaluation.metrics import ranking_metrics
from helpers.evaluation.splits import split_last
from helpers.language import say
from helpers.recommend.baselines import Popularity
from helpers.recommend.neighbors import ItemKNN

SHOWN = 12  # rules in the table
MIN_BASKETS = 20  # baskets that an item must be in, for its pairs to be tested
SUPPORT = 0.001  # or this share of all baskets, if that is more
MOST_PAIRS = 200_000  # of frequent items; beyond that, only more frequent items are tested
ALPHA = 0.05  # probability of any false pair, if no two items were associated
TRIED = 2_000  # users for whom lists are tested
HIT = 0.05  # of the lists; if fewer are a hit, neither kind of list is any good
LENGTH = 10  # of the lists that are tested
LONGEST = 60  # characters of the name of an item


def _need_items(shop: OwnShop) -> pd.DataFrame:
    """Return who bought which item and when; skip the section if the file doesn't say."""
    if not shop.has_items:
        raise Skip(say("the file doesn't say which items were bought"))
    lines = shop.order_lines[["order_id", "user_id", "item_id", "ordered_at"]]
    need(lines["item_id"].nunique(), 20, "different items")
    return lines


def _names(shop: OwnShop) -> dict:
    """Return the name of each item, shortened if it is very long."""
    names = shop.items["name"].astype(str)
    short = names.where(names.str.len() <= LONGEST, names.str[: LONGEST - 1] + "…")
    return dict(zip(shop.items["item_id"], short, strict=True))


# ---------------------------------------------------------------- rules


@section("rules", "Which items are bought together?")
def bought_together(shop: OwnShop) -> Section:
    """Find pairs of items that are bought together more often than expected by chance.

    The table has a row for each of twelve pairs, such as

        Botanical Charcoal Grill, Mustard · Rustic Charcoal, Coral · 108 orders with both ·
        confidence 52% · lift 11.1
    """
    lines = _need_items(shop)[["order_id", "item_id"]].drop_duplicates()
    sizes = lines.groupby("order_id").size()
    need((sizes > 1).sum(), 200, "orders of two items or more")
    baskets = len(sizes)
    least, frequent = _frequent(lines, baskets)
    sets = rules.frequent_itemsets(lines, least / baskets, max_len=2)
    pairs = sets["itemsets"].map(len).eq(2).sum()
    hypotheses = rules.search_space(frequent, 2)
    looked = say(
        "{items} appear in at least {least} orders each, so {rules} rules from one item to another "
        "were possible.",
        items=pluralize(frequent, "item"),
        least=f"{least:,}",
        rules=f"{hypotheses:,}",
    )
    best = _significant_pairs(sets, hypotheses) if pairs else []
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
        return Section(title, [looked, _none(pairs, least, baskets)], caveats)
    title, significant = _found(len(best))
    reading = [
        significant,
        say(
            "Confidence is the share of the orders with the first item that also contain the "
            "second. Lift is the confidence divided by the share of all orders that contain the "
            "second item."
        ),
        looked,
    ]
    names = _names(shop)
    lists = {say("All pairs"): _pair_table(best, names).cells}
    table = _pair_table(best.head(SHOWN), names)
    act = together(shop, best.head(SHOWN), names)
    return Section(title, reading, caveats, [table], lists=lists, act=act)


def _none(pairs: int, least: int, baskets: int) -> str:
    """Say that no pair is significant, or that none was frequent enough to be tested."""
    if pairs:
        return say(
            "None of {pairs} is more frequent than chance explains.",
            pairs=pluralize(pairs, "frequent pair"),
        )
    return say(
        "No pair of them appears together in at least {least} of {orders} orders.",
        least=f"{least:,}",
        orders=f"{baskets:,}",
    )


def _found(pairs: int) -> tuple[str, str]:
    """Return the title of the section if there are significant pairs, and what they are."""
    if pairs == 1:
        return say("1 pair of items is bought together more often than expected by chance"), say(
            "1 pair is beyond what chance explains, even though so many pairs were tried: the "
            "probability of finding any pair where there is none is at most 5% (Holm correction). "
            "The table shows the pairs with the most orders beyond what chance explains."
        )
    return say(
        "{number} pairs of items are bought together more often than expected by chance",
        number=f"{pairs:,}",
    ), say(
        "{number} pairs are beyond what chance explains, even though so many pairs were tried: the "
        "probability of finding any pair where there is none is at most 5% (Holm correction). The "
        "table shows the pairs with the most orders beyond what chance explains.",
        number=f"{pairs:,}",
    )


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


def _pair_table(best: pd.DataFrame, names: dict) -> Table:
    shown = rules.readable(best, names)
    cells = pd.DataFrame(
        {
            say("item"): shown["antecedents"],
            say("often bought with it"): shown["consequents"],
            say("orders with both"): shown["count"].map("{:,}".format),
            say("confidence"): shown["confidence"].map("{:.0%}".format),
            say("lift"): shown["lift"].map("{:.1f}".format),
        }
    )
    return Table(say("Pairs of items that are bought together"), cells)


# ---------------------------------------------------------------- recommendations


@section("recommendations", "What should the shop recommend to each customer?")
def recommendations(shop: OwnShop) -> Section:
    """Recommend items that the same customers buy, and compare this with the bestsellers.

    If personal lists win the test, the table shows them for six customers, such as

        U00537 · Rustic Charcoal, Coral · because they bought Botanical Charcoal Grill, Mustard

    Otherwise it shows the ten bestsellers.
    """
    lines = _need_items(shop)
    need_customers(shop)
    active = _most_active(shop)
    some, sample = of_some(lines.dropna(subset="user_id"), always=active)
    some = some.sort_values("ordered_at", kind="stable")
    first = some.drop_duplicates(["user_id", "item_id"]).assign(rating=1.0)
    times = first.drop_duplicates(["user_id", "ordered_at"])
    several = times["user_id"].value_counts() > 1
    who = say("customers who bought new items more than once")
    need(several.sum(), 100, f"{who} ({sample})" if sample else who)
    hits = _hits(first)
    difference = evaluation.compare(*hits.values()).loc["hit"]
    users = len(next(iter(hits.values())))
    hits = {name: one["hit"].mean() for name, one in hits.items()}
    ours, best = hits.values()
    wins = difference["low"] > 0
    if max(ours, best) < HIT:
        raise cannot_tell(
            say(
                "For {customers}, the last purchase was hidden. Of ten items recommended to each, "
                "one was among it for {ours} of them with personal lists, and for {best} with the "
                "bestsellers",
                customers=pluralize(users, "customer"),
                ours=f"{ours:.1%}",
                best=f"{best:.1%}",
            )
        )
    shares = {"ours": f"{ours:.0%}", "best": f"{best:.0%}"}
    title = say("Recommend the bestsellers: a hit for {best}, personal lists for {ours}", **shares)
    if wins:
        title = say(
            "A personal list of ten is a hit for {ours} of customers, the bestsellers for {best}",
            **shares,
        )
    reading = [
        _verdict(difference),
        say(
            "Holdout check: for {customers}, the last purchase was hidden, and ten items were "
            "recommended based on earlier purchases. A list is a hit if it contains an item of the "
            "hidden purchase.",
            customers=pluralize(users, "customer"),
        ),
    ]
    caveats = [
        say(
            "The lists contain only items that a customer has not bought yet. In a shop where "
            "people buy the same items again and again, such as groceries, these are a minor part "
            "of sales."
        ),
        say(
            "The customer might have bought the item anyway. Only an experiment can show how much "
            "the lists add."
        ),
    ]
    if sample:
        caveats.append(
            say(
                "To save time, personal lists and bestsellers were compared in {sample}. With all "
                "customers, the personal lists could be slightly better.",
                sample=sample,
            )
        )
    rates = [f"{hit:.1%}" for hit in hits.values()]
    cells = pd.DataFrame({say("method"): list(hits), say("hit rate"): rates})
    tested = Table(say("Hit rate of ten recommendations in the holdout check"), cells, True)
    lists = _lists(shop, first, active) if wins else _bestsellers(shop, lines)
    return Section(title, reading, caveats, [tested, lists])


def _neighbors() -> ItemKNN:
    return ItemKNN(similarity="full_cosine", feedback="implicit")


def _hits(first: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return for each test user whether a list of ten contains an item of the last purchase."""
    train, test = split_last(first, time="ordered_at")
    users = test["user_id"].drop_duplicates()
    users = users.sample(min(TRIED, len(users)), random_state=0)
    test = test[test["user_id"].isin(users)]
    models = {say("personal lists"): _neighbors(), say("bestsellers"): Popularity()}
    hits = {}
    for name, model in models.items():
        lists = model.fit(train).recommend(users, k=LENGTH)
        hits[name] = ranking_metrics(lists, test, k=LENGTH)[["hit"]]
    return hits


def _verdict(difference: pd.Series) -> str:
    """Say what to do, based on the confidence interval of the difference in hits."""
    if difference["low"] > 0:
        return say("The personal lists are worth the effort here.")
    if difference["high"] < 0:
        return say(
            "The personal lists have the lower hit rate, so recommend the bestsellers until there "
            "is more data."
        )
    return say(
        "The difference could be due to chance, so recommend the bestsellers until there is more "
        "data."
    )


def _most_active(shop: OwnShop) -> pd.Index:
    """Return the six customers with the most orders."""
    active = shop.customer_orders.groupby("user_id").agg(
        n=("order_id", "size"), last=("ordered_at", "max")
    )
    return active.sort_values(["n", "last"], ascending=False, kind="stable").head(6).index


def _lists(shop: OwnShop, first: pd.DataFrame, active: pd.Index) -> Table:
    """Recommend items to the most active customers, with the purchase that led there."""
    model = _neighbors().fit(first)
    names, rows = _names(shop), []
    for row in model.recommend(active, k=3).itertuples():
        why = model.explain(row.user_id, row.item_id)
        most = why.sort_values("contribution", ascending=False)["neighbor"].iloc[0]
        rows.append((str(row.user_id), names[row.item_id], names[most]))
    columns = [say("customer"), say("recommend"), say("mainly because they bought")]
    cells = pd.DataFrame(rows, columns=columns)
    return Table(say("Recommendations for the customers with the most orders"), cells)


def _bestsellers(shop: OwnShop, lines: pd.DataFrame) -> Table:
    known = lines["user_id"].notna() & ~lines.duplicated(["user_id", "item_id"])
    bought = lines["item_id"][known]
    buyers = bought.groupby(bought).size().sort_values(ascending=False, kind="stable").head(10)
    names = _names(shop)
    cells = pd.DataFrame(
        {
            say("item"): [names[item] for item in buyers.index],
            say("customers who bought it"): buyers.map("{:,}".format).to_numpy(),
        }
    )
    caption = say("Bestsellers, to recommend to customers who have not bought them yet")
    return Table(caption, cells)
