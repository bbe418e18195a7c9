"""Sections of a report about what was looked at and bought: funnel, rules, lists, demand."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import behavior, evaluation, forecast, plots, rules
from helpers.behavior import sessions
from helpers.evaluation.metrics import ranking_metrics
from helpers.evaluation.splits import split_last
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.recommend.baselines import Popularity
from helpers.recommend.neighbors import ItemKNN
from helpers.report.section import Figure, Section, Skip, Table, about, need, over_time, section

SHOWN = 12  # rules in the table
FEWEST = 20  # baskets that hold a pair, for it to be looked at
SUPPORT = 0.001  # or this share of all baskets, if that is more
MOST_PAIRS = 200_000  # of frequent items; beyond, only more frequent items are looked at
TRIED = 2_000  # users on whom lists are tested
AHEAD = 8  # weeks of a forecast


# ---------------------------------------------------------------- the funnel


@section("funnel", "Where do visitors leave?")
def funnel(shop: OwnShop) -> Section:
    """Count who goes from view to cart to purchase, and how sure that is."""
    if shop.events is None:
        raise Skip("the file holds orders and no events, so nobody knows who looked and left")
    events = shop.events[shop.events["event"].isin(sessions.STEPS)]
    known = events.dropna(subset=["user_id", "session_id"])
    steps = [step for step in sessions.STEPS if (known["event"] == step).any()]
    if len(steps) < 2:
        raise Skip(f"the events hold only one of the steps {', '.join(sessions.STEPS)}")
    found = behavior.funnel(known, steps)
    need(found["reached"].iloc[0], 100, f"visits with a {steps[0]}")
    sure = behavior.conversion(found["reached"], found["reached"].iloc[0])
    of_previous = found["of_previous"].iloc[1:]
    worst = of_previous.idxmin()
    before = steps[steps.index(worst) - 1]
    title = f"Of 100 visits with a {before}, {100 * of_previous[worst]:.0f} reach a {worst}"
    first, last = found["reached"].iloc[[0, -1]]
    reading = [
        f"Of {pluralize(first, 'visit')} with a {steps[0]}, {last:,} ended in a {steps[-1]}: "
        f"{last / first:.1%}, and between {sure['low'].iloc[-1]:.1%} and "
        f"{sure['high'].iloc[-1]:.1%} allowing for chance.",
        f"The step that loses most is from {before} to {worst}.",
    ]
    caveats = [
        "A visit is a session. Who comes back the next day and buys is lost here, and won there.",
        "Visitors without an id are left out.",
    ]
    cells = pd.DataFrame(
        {
            "step": steps,
            "visits": found["reached"].map("{:,}".format),
            "of the step before": found["of_previous"].map("{:.1%}".format),
            "of all": found["of_first"].map("{:.1%}".format),
        }
    )

    def draw() -> Axes:
        return plots.bars(found["reached"], title, label="visits", accent=[worst])

    words = "; ".join(f"{step} {number:,}" for step, number in found["reached"].items()) + "."
    figure = Figure(draw, f"visits that reach each step: {words}")
    return Section(title, tuple(reading), tuple(caveats), (Table("Steps", cells),), (figure,))


# ---------------------------------------------------------------- rules


def _need_items(shop: OwnShop) -> pd.DataFrame:
    if not shop.has_items:
        raise Skip("the file does not say what was bought, only that something was")
    lines = shop.order_lines[["order_id", "user_id", "item_id", "ordered_at"]]
    need(lines["item_id"].nunique(), 20, "different items")
    return lines


@section("rules", "What is bought together?")
def bought_together(shop: OwnShop) -> Section:
    """Find pairs of items that lie together more often than chance would have it."""
    lines = _need_items(shop)[["order_id", "item_id"]].drop_duplicates()
    sizes = lines.groupby("order_id").size()
    need((sizes > 1).sum(), 200, "orders of two items or more")
    baskets = len(sizes)
    held = lines.groupby("item_id").size().sort_values(ascending=False)
    least = max(FEWEST, int(np.ceil(SUPPORT * baskets)))
    most = int((2 * MOST_PAIRS) ** 0.5)
    if (held >= least).sum() > most:
        least = int(held.iloc[most]) + 1
    frequent = held.index[held >= least]
    if len(frequent) < 2:
        raise Skip(f"no two items are in {least} orders each")
    sets = rules.frequent_itemsets(lines, least / baskets, max_len=2)
    pairs = sets["itemsets"].map(len).eq(2).sum()
    title = "No two items are bought together more often than by chance"
    caveats = [
        "Bought together is not bought because of each other.",
        "The orders of one customer are not independent: a habit of few can pass for one of all.",
    ]
    looked = (
        f"{pluralize(len(frequent), 'item')} are in {least:,} orders or more, so "
        f"{rules.search_space(len(frequent), 2):,} rules of one item to another were possible."
    )
    if not pairs:
        reading = (looked, f"No pair of them is together in {least:,} of {baskets:,} orders.")
        return Section(title, reading, tuple(caveats))
    found = rules.association_rules(sets, "lift", 0.0)
    hypotheses = rules.search_space(len(frequent), 2)
    found = rules.significance(found, hypotheses)
    sure = found[(found["p_adjusted"] < 0.05) & (found["lift"] > 1)]
    if sure.empty:
        reading = (looked, f"{pairs:,} pairs are frequent, and none is more than chance explains.")
        return Section(title, reading, tuple(caveats))
    best = sure.sort_values(["leverage", "confidence"], ascending=False, kind="stable")
    # A pair makes two rules; the one that is right more often stands for both.
    pair = [frozenset(a | c) for a, c in zip(best["antecedents"], best["consequents"], strict=True)]
    best = best.assign(pair=pair).drop_duplicates("pair")
    title = f"{pluralize(len(best), 'pair')} of items are bought together more often than by chance"
    shown = rules.readable(best.head(SHOWN), _names(shop))
    reading = [
        f"{pluralize(len(best), 'pair')} pass a test that allows for all that were looked at (Holm, "
        "5 %). The table has those that add most orders to what chance would give.",
        "Read a row: of the orders with the first item, this share holds the second, too, which "
        "is so many times its share among all orders (lift).",
        looked,
    ]
    cells = pd.DataFrame(
        {
            "who buys": shown["antecedents"],
            "often buys": shown["consequents"],
            "orders with both": shown["count"].map("{:,}".format),
            "share": shown["confidence"].map("{:.0%}".format),
            "lift": shown["lift"].map("{:.1f}".format),
        }
    )
    table = Table("Pairs that are bought together", cells)
    return Section(title, tuple(reading), tuple(caveats), (table,))


def _names(shop: OwnShop) -> dict:
    """Return the name of each item, cut where it is very long."""
    names = shop.items["name"].astype(str)
    short = names.where(names.str.len() <= 60, names.str[:59] + "…")
    return dict(zip(shop.items["item_id"], short, strict=True))


# ---------------------------------------------------------------- recommendations


@section("recommendations", "What could be recommended to whom?")
def recommendations(shop: OwnShop) -> Section:
    """Recommend by what is bought by the same customers; test it beside the bestsellers."""
    lines = _need_items(shop)
    lines = lines.sort_values("ordered_at", kind="stable")
    first = lines.drop_duplicates(["user_id", "item_id"]).assign(rating=1.0)
    times = first.drop_duplicates(["user_id", "ordered_at"])
    several = times["user_id"].value_counts() > 1
    need(several.sum(), 100, "customers who bought new items at two times")
    train, test = split_last(first, time="ordered_at")
    users = test["user_id"].drop_duplicates()
    users = users.sample(min(TRIED, len(users)), random_state=0)
    test = test[test["user_id"].isin(users)]
    models = {
        "what the same customers buy": ItemKNN(similarity="full_cosine", feedback="implicit"),
        "the bestsellers": Popularity(),
    }
    hits = {}
    for name, model in models.items():
        lists = model.fit(train).recommend(users, k=10)
        hits[name] = ranking_metrics(lists, test, k=10)[["hit"]]
    difference = evaluation.compare(*hits.values()).loc["hit"]
    hits = {name: one["hit"].mean() for name, one in hits.items()}
    ours, best = hits.values()
    wins = difference["low"] > 0
    verdict = "Neighbors are worth the effort here."
    if not wins:
        verdict = (
            "The bestsellers do better"
            if difference["high"] < 0
            else "Chance alone explains the difference"
        ) + ", so recommend the bestsellers, until there is more data."
    title = (
        f"A personal list of ten is right for {ours:.0%} of customers, bestsellers for {best:.0%}"
    )
    if not wins:
        title = f"Recommend the bestsellers: right for {best:.0%}, personal lists for {ours:.0%}"
    reading = [
        f"A test: the last purchase of {pluralize(len(users), 'customer')} was hidden, and ten items "
        "were recommended from what they had bought before. The list is a hit if it holds an item "
        "of that purchase.",
        verdict,
    ]
    caveats = [
        "Only items that a customer has not bought yet are recommended. Where people buy the same "
        "again and again, as groceries, that is the smaller part of the business.",
        "A hit would perhaps have been bought anyway. Only an experiment tells what lists add.",
    ]
    table = _lists(shop, first) if wins else _bestsellers(shop, first)
    tested = pd.DataFrame(
        {"recommended by": list(hits), "hits": [f"{hit:.1%}" for hit in hits.values()]}
    )
    tested = Table("Customers whose list of ten holds their next purchase", tested)
    return Section(title, tuple(reading), tuple(caveats), (tested, table))


def _lists(shop: OwnShop, first: pd.DataFrame) -> Table:
    """Recommend to the customers with most orders, each item with the purchase it is due to."""
    model = ItemKNN(similarity="full_cosine", feedback="implicit").fit(first)
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


# ---------------------------------------------------------------- demand


@section("demand", "How much will be sold?")
def demand(shop: OwnShop) -> Section:
    """Forecast weekly units, and test the forecast where the outcome is known."""
    need(shop.days // 7, 30, "weeks of orders")
    lines, unit = shop.order_lines[["order_id", "ordered_at", "quantity"]], shop.unit
    if unit == "orders":
        lines = lines.drop_duplicates("order_id")
    if unit != "units":
        lines = lines.assign(quantity=1)
    weekly = forecast.weekly_demand(lines[["ordered_at", "quantity"]])
    need(len(weekly), 30, "whole weeks")
    seasons = len(weekly) >= 2 * forecast.YEAR + 4 * AHEAD
    season = forecast.YEAR if seasons else None
    models = {
        "smoothing": forecast.ExponentialSmoothing(season=season),
        "like the week before": forecast.SeasonalNaive(season=1),
    }
    if seasons:
        models["like last year"] = forecast.SeasonalNaive()
    origins = 4 if len(weekly) >= 30 + 4 * AHEAD else 2
    ahead = AHEAD if len(weekly) >= 30 + 2 * AHEAD else 4
    tested = forecast.rolling_origin(models, weekly, horizon=ahead, origins=origins)
    scores = forecast.score(tested)
    best = scores["wape"].idxmin()
    coming = models[best].fit(weekly).predict(ahead)
    total = coming["mean"].sum()
    last = weekly["units"].tail(ahead).sum()
    change = total / max(last, 1) - 1
    title = (
        f"About {about(total):,.0f} {unit} in the next {ahead} weeks, after {last:,.0f} in the last"
    )
    reading = [
        f"That is {abs(change):.0%} {'more' if change >= 0 else 'less'}. Four weeks in five "
        "should fall into the band of the figure.",
        f"A test: {origins} times, {ahead} weeks were forecast from those before. The best, "
        f"“{best}”, was wrong by {scores['wape'][best]:.0%} of what was sold.",
    ]
    caveats = [
        "No promotion, price change or new product is in it. Sold is not wanted: what was out of "
        "stock could not be sold.",
    ]
    if unit == "order lines":
        caveats.append("Order lines are counted: the quantities are no units, but weights perhaps.")
    if not seasons:
        caveats.append("Less than two years and a half were seen, so it knows no season.")
    cells = pd.DataFrame(
        {
            "forecast by": scores.index,
            "wrong by, of what was sold": scores["wape"].map("{:.0%}".format),
            "weeks inside the band": scores["coverage"].map("{:.0%}".format),
        }
    )

    def draw() -> Axes:
        _, ax = plt.subplots()
        past = weekly.tail(52)
        ax.plot(past["week"], past["units"], color=plots.CONTEXT)
        ax.plot(coming["week"], coming["mean"], color=plots.ACCENT)
        band = {"color": plots.ACCENT, "alpha": 0.2, "linewidth": 0}
        ax.fill_between(coming["week"], coming["lower"], coming["upper"], **band)
        over_time(ax, title, f"{unit} a week")
        return ax

    words = (
        f"weekly {unit} of the last year in grey, then {ahead} weeks of forecast: "
        f"{coming['mean'].iloc[0]:,.0f} in the first week (between {coming['lower'].iloc[0]:,.0f} "
        f"and {coming['upper'].iloc[0]:,.0f}), {coming['mean'].iloc[-1]:,.0f} in the last."
    )
    table = Table("Forecasts on weeks whose outcome is known", cells)
    return Section(title, tuple(reading), tuple(caveats), (table,), (Figure(draw, words),))
