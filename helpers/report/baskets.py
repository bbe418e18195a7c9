"""Sections on what is bought: which items go together, and which to recommend to whom."""

import numpy as np
import pandas as pd

from helpers import evaluation, rules
from helpers.evaluation.metrics import ranking_metrics
from helpers.evaluation.splits import split_last
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.recommend.baselines import Popularity
from helpers.recommend.neighbors import ItemKNN
from helpers.report.section import Section, Skip, Table, need, section

SHOWN = 12  # rules in the table
FEWEST = 20  # baskets that hold a pair, for it to be looked at
SUPPORT = 0.001  # or this share of all baskets, if that is more
MOST_PAIRS = 200_000  # of frequent items; beyond, only more frequent items are looked at
ALPHA = 0.05  # probability of a single false pair, if no two items went together
TRIED = 2_000  # users on whom lists are tested
LENGTH = 10  # of the lists that are tested
LONGEST = 60  # characters of the name of an item


def _need_items(shop: OwnShop) -> pd.DataFrame:
    """Return who bought which item when; skip the section if the file does not say."""
    if not shop.has_items:
        raise Skip("the file does not say what was bought, only that something was")
    lines = shop.order_lines[["order_id", "user_id", "item_id", "ordered_at"]]
    need(lines["item_id"].nunique(), 20, "different items")
    return lines


def _names(shop: OwnShop) -> dict:
    """Return the name of each item, cut where it is very long."""
    names = shop.items["name"].astype(str)
    short = names.where(names.str.len() <= LONGEST, names.str[: LONGEST - 1] + "…")
    return dict(zip(shop.items["item_id"], short, strict=True))


# ---------------------------------------------------------------- rules


@section("rules", "What is bought together?")
def bought_together(shop: OwnShop) -> Section:
    """Find pairs of items that lie together more often than chance would have it.

    The table has a row for each of twelve pairs, such as

        Botanical Charcoal Grill, Mustard · often buys Rustic Charcoal, Coral · 108 orders with
        both · 52% of those with the first · lift 11.1
    """
    lines = _need_items(shop)[["order_id", "item_id"]].drop_duplicates()
    sizes = lines.groupby("order_id").size()
    need((sizes > 1).sum(), 200, "orders of two items or more")
    baskets = len(sizes)
    least, frequent = _frequent(lines, baskets)
    sets = rules.frequent_itemsets(lines, least / baskets, max_len=2)
    pairs = sets["itemsets"].map(len).eq(2).sum()
    hypotheses = rules.search_space(frequent, 2)
    looked = (
        f"{pluralize(frequent, 'item')} are in {least:,} orders or more, so "
        f"{hypotheses:,} rules of one item to another were possible."
    )
    best = _significant_pairs(sets, hypotheses) if pairs else []
    caveats = [
        "Bought together is not bought because of each other.",
        "The orders of one customer are not independent: a habit of few can pass for one of all.",
    ]
    if not len(best):
        title = "No two items are bought together more often than by chance"
        none = f"{pairs:,} pairs are frequent, and none is more than chance explains."
        if not pairs:
            none = f"No pair of them is together in {least:,} of {baskets:,} orders."
        return Section(title, [looked, none], caveats)
    found = pluralize(len(best), "pair")
    title = f"{found} of items are bought together more often than by chance"
    reading = [
        f"{found} pass a test that allows for all that were looked at (Holm, "
        "5%). The table has those that add most orders to what chance would give.",
        "Read a row: of the orders with the first item, this share holds the second, too, which "
        "is so many times its share among all orders (lift).",
        looked,
    ]
    return Section(title, reading, caveats, [_pair_table(best.head(SHOWN), _names(shop))])


def _frequent(lines: pd.DataFrame, baskets: int) -> tuple[int, int]:
    """Return in how many orders an item must be to be looked at, and how many items are.

    That is 20 orders, or one in a thousand if that is more; and more where so many items are
    frequent that their pairs would be too many to look at.
    """
    held = lines.groupby("item_id").size().sort_values(ascending=False)
    least = max(FEWEST, int(np.ceil(SUPPORT * baskets)))
    most = int((2 * MOST_PAIRS) ** 0.5)
    if (held >= least).sum() > most:
        least = int(held.iloc[most]) + 1
    frequent = int((held >= least).sum())
    if frequent < 2:
        raise Skip(f"no two items are in {least} orders each")
    return least, frequent


def _significant_pairs(sets: pd.DataFrame, hypotheses: int) -> pd.DataFrame:
    """Return a rule for each pair that passes the test, those first that add most orders.

    A pair makes two rules; the one that is right more often stands for both.
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
            "who buys": shown["antecedents"],
            "often buys": shown["consequents"],
            "orders with both": shown["count"].map("{:,}".format),
            "share": shown["confidence"].map("{:.0%}".format),
            "lift": shown["lift"].map("{:.1f}".format),
        }
    )
    return Table("Pairs that are bought together", cells)


# ---------------------------------------------------------------- recommendations


@section("recommendations", "What could be recommended to whom?")
def recommendations(shop: OwnShop) -> Section:
    """Recommend by what is bought by the same customers; test it beside the bestsellers.

    If personal lists win the test, the table has them for six customers, such as

        U00537 · Rustic Charcoal, Coral · because they bought Botanical Charcoal Grill, Mustard

    and else the ten bestsellers.
    """
    lines = _need_items(shop).sort_values("ordered_at", kind="stable")
    first = lines.drop_duplicates(["user_id", "item_id"]).assign(rating=1.0)
    times = first.drop_duplicates(["user_id", "ordered_at"])
    several = times["user_id"].value_counts() > 1
    need(several.sum(), 100, "customers who bought new items at two times")
    hits = _hits(first)
    difference = evaluation.compare(*hits.values()).loc["hit"]
    users = len(next(iter(hits.values())))
    hits = {name: one["hit"].mean() for name, one in hits.items()}
    ours, best = hits.values()
    wins = difference["low"] > 0
    title = f"Recommend the bestsellers: right for {best:.0%}, personal lists for {ours:.0%}"
    if wins:
        title = (
            f"A personal list of ten is right for {ours:.0%} of customers, bestsellers for "
            f"{best:.0%}"
        )
    reading = [
        f"A test: the last purchase of {pluralize(users, 'customer')} was hidden, and ten items "
        "were recommended from what they had bought before. The list is a hit if it holds an item "
        "of that purchase.",
        _verdict(difference),
    ]
    caveats = [
        "Only items that a customer has not bought yet are recommended. Where people buy the same "
        "again and again, as groceries, that is the smaller part of the business.",
        "A hit would perhaps have been bought anyway. Only an experiment tells what lists add.",
    ]
    cells = pd.DataFrame(
        {"recommended by": list(hits), "hits": [f"{hit:.1%}" for hit in hits.values()]}
    )
    tested = Table("Customers whose list of ten holds their next purchase", cells)
    lists = _lists(shop, first) if wins else _bestsellers(shop, first)
    return Section(title, reading, caveats, [tested, lists])


def _neighbors() -> ItemKNN:
    return ItemKNN(similarity="full_cosine", feedback="implicit")


def _hits(first: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return for each user tested whether a list of ten held an item of the last purchase."""
    train, test = split_last(first, time="ordered_at")
    users = test["user_id"].drop_duplicates()
    users = users.sample(min(TRIED, len(users)), random_state=0)
    test = test[test["user_id"].isin(users)]
    models = {"what the same customers buy": _neighbors(), "the bestsellers": Popularity()}
    hits = {}
    for name, model in models.items():
        lists = model.fit(train).recommend(users, k=LENGTH)
        hits[name] = ranking_metrics(lists, test, k=LENGTH)[["hit"]]
    return hits


def _verdict(difference: pd.Series) -> str:
    """Say what to do, by the confidence interval of the difference in hits."""
    if difference["low"] > 0:
        return "Neighbors are worth the effort here."
    why = "Chance alone explains the difference"
    if difference["high"] < 0:
        why = "The bestsellers do better"
    return f"{why}, so recommend the bestsellers, until there is more data."


def _lists(shop: OwnShop, first: pd.DataFrame) -> Table:
    """Recommend to the customers with most orders, each item with the purchase it is due to."""
    model = _neighbors().fit(first)
    active = shop.orders.groupby("user_id").agg(n=("order_id", "size"), last=("ordered_at", "max"))
    active = active.sort_values(["n", "last"], ascending=False, kind="stable").head(6).index
    names, rows = _names(shop), []
    for row in model.recommend(active, k=3).itertuples():
        why = model.explain(row.user_id, row.item_id)
        most = why.sort_values("contribution", ascending=False)["neighbor"].iloc[0]
        rows.append((str(row.user_id), names[row.item_id], names[most]))
    cells = pd.DataFrame(rows, columns=["customer", "recommend", "above all because they bought"])
    return Table("Lists for the customers with most orders", cells)


def _bestsellers(shop: OwnShop, first: pd.DataFrame) -> Table:
    buyers = first.groupby("item_id").size().sort_values(ascending=False, kind="stable").head(10)
    names = _names(shop)
    cells = pd.DataFrame(
        {
            "item": [names[item] for item in buyers.index],
            "customers who bought it": buyers.map("{:,}".format).to_numpy(),
        }
    )
    return Table("Bestsellers, to be recommended to those who have not got them", cells)
