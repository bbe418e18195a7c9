"""The section on recommendations: whether personal lists are better than the bestsellers."""

import pandas as pd

from apps.report.baskets import need_items
from apps.report.evidence import cannot_tell
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    Section,
    Table,
    item_names,
    need,
    need_customers,
    of_some,
    section,
)
from helpers import evaluation
from helpers.evaluation.metrics import ranking_metrics
from helpers.evaluation.splits import split_last
from helpers.language import say
from helpers.recommend.baselines import Popularity
from helpers.recommend.neighbors import ItemKNN

SHOWN = 12  # customers in the table
TRIED = 2_000  # users for whom lists are tested
HIT = 0.05  # of the lists; if fewer are a hit, neither kind of list is any good
LENGTH = 10  # of the lists that are tested


@section("recommendations", "What should the shop recommend to each customer?")
def recommendations(shop: OwnShop) -> Section:
    """Recommend items that the same customers buy, and compare this with the bestsellers.

    If personal lists win the test, a table shows the first item for twelve customers, such as

        U00537 · Rustic Charcoal, Coral · because they bought Botanical Charcoal Grill, Mustard
    """
    lines = need_items(shop)
    need_customers(shop)
    active = shop.customer_orders["user_id"].value_counts().head(SHOWN).index
    some, sample = of_some(lines.dropna(subset="user_id"), always=active)
    some = some.sort_values("ordered_at", kind="stable")
    first = some.drop_duplicates(["user_id", "item_id"]).assign(rating=1.0)
    times = first.drop_duplicates(["user_id", "ordered_at"])
    several = times["user_id"].value_counts() > 1
    who = say("customers who bought new items more than once")
    need(several.sum(), 100, f"{who} ({sample})" if sample else who)
    hits = _hits(first)
    difference = evaluation.compare(*hits.values()).loc["hit"]
    users = pluralize(len(next(iter(hits.values()))), "customer")
    rates = pd.Series({name: one["hit"].mean() for name, one in hits.items()})
    if rates.max() < HIT:
        raise cannot_tell(
            say(
                "For {customers}, the last purchase was hidden. Of ten items recommended to each, "
                "one was among it for {ours} of them with personal lists, and for {best} with the "
                "bestsellers",
                customers=users,
                ours=f"{rates.iloc[0]:.1%}",
                best=f"{rates.iloc[1]:.1%}",
            )
        )
    shares = {"ours": f"{rates.iloc[0]:.0%}", "best": f"{rates.iloc[1]:.0%}"}
    cells = {say("method"): rates.index, say("hit rate"): rates.map("{:.1%}".format)}
    caption = say("Hit rate of ten recommendations in the holdout check")
    tables = [Table(caption, pd.DataFrame(cells), folded=True)]
    title = say("Recommend the bestsellers: a hit for {best}, personal lists for {ours}", **shares)
    if difference["low"] > 0:
        title = say(
            "A personal list of ten is a hit for {ours} of customers, the bestsellers for {best}",
            **shares,
        )
        tables.append(_lists(shop, first, active))
    reading = [
        _verdict(difference),
        say(
            "Holdout check: for {customers}, the last purchase was hidden, and ten items were "
            "recommended based on earlier purchases. A list is a hit if it contains an item of the "
            "hidden purchase.",
            customers=users,
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
    return Section(title, reading, caveats, tables)


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


def _lists(shop: OwnShop, first: pd.DataFrame, active: pd.Index) -> Table:
    """Recommend items to the most active customers, with the purchase that led there."""
    model = _neighbors().fit(first)
    names, rows = item_names(shop), []
    for row in model.recommend(active, k=1).itertuples():
        why = model.explain(row.user_id, row.item_id)
        most = why.sort_values("contribution", ascending=False)["neighbor"].iloc[0]
        rows.append((str(row.user_id), names[row.item_id], names[most]))
    columns = [say("customer"), say("recommend"), say("mainly because they bought")]
    cells = pd.DataFrame(rows, columns=columns)
    return Table(say("Recommendations for the customers with the most orders"), cells)
