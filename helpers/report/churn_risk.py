"""The section on churn: who will probably fall silent, and whose risk has risen.

A customer is silent who buys nothing within some weeks. A model learns on one day who fell silent
after it, is tested on a later day, and is then learned anew from that day to be used today.
"""

from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import churn, plots
from helpers.churn import labels
from helpers.own_shop.shop import OwnShop
from helpers.report.section import DAY, Figure, Section, Skip, Table, need, section

SHOWN = 12  # customers in the table
WORTH = 0.005  # of AUC; less is no reason to know more
LOYAL = 3  # purchases, from which on silence is news
RIGHT = 0.1  # between predicted and observed risk
VISITS = ("sessions", "views", "favorites", "carts", "unseen")
REASONS = {  # what changed for a customer, in words, and with how many decimals
    "overdue": ("silent for {} times the usual pause", 1),
    "recency": ("last bought {} days ago", 0),
    "recent": ("bought on {} days lately", 0),
    "trend": ("purchases against the time before: {}", 0),
    "frequency": ("bought on {} days in all", 0),
    "gap": ("usual pause {} days", 0),
    "spent": ("spent {} in all", 0),
    "spent_recent": ("spent {} lately", 0),
    "per_purchase": ("spends {} a time", 0),
    "sessions": ("{} visits lately", 0),
    "views": ("looked at {} items lately", 0),
    "favorites": ("{} favorites lately", 0),
    "carts": ("{} items put into the cart lately", 0),
    "unseen": ("last visit {} days ago", 0),
    "age": ("customer for {} days", 0),
}


class Plan(NamedTuple):
    """How far is looked ahead, in days; when the model learns, when it is tested, and today."""

    ahead: int
    train: pd.Timestamp
    test: pd.Timestamp
    today: pd.Timestamp


class Tested(NamedTuple):
    """What the test gave: risks by model, their AUC, and the name of the model to be used."""

    risks: dict[str, np.ndarray]
    auc: pd.Series
    best: str


@section("churn", "Who is about to fall silent?")
def churn_list(shop: OwnShop) -> Section:
    """Learn from the past who fell silent, test it later, and list whose risk has risen.

    The table has a row for each of twelve customers, such as

        U02776 · risk before 6% · risk today 45% · silent for 9.1 times the usual pause (before:
        0.6)
    """
    need(shop.orders["user_id"].nunique(), 200, "customers")
    need(shop.days, 150, "days of orders")
    plan = _plan(shop)
    _need_both_outcomes(shop, plan)
    options = {"window": plan.ahead, "events": _seen_long_enough(shop, plan.train, plan.ahead)}
    split = churn.split_out_of_time(
        shop.orders, plan.train, plan.test, plan.ahead, observation_end=plan.today, **options
    )
    known = _known(split.train, shop)
    tested = _test(split, known)
    columns = known[tested.best]
    # Learned anew from the labels that are complete today, to be used today.
    model = churn.classifiers()["logistic"].fit(split.test[columns], split.y_test)
    now, before = (
        churn.churn_features(shop.orders, day, **options)[columns]
        for day in (plan.today, plan.today - plan.ahead // 3 * DAY)
    )
    risk = model.predict_proba(now)[:, 1].mean()
    loyal = now[now["frequency"] >= LOYAL]
    listed = churn.early_warning(model, loyal, before, n=SHOWN) if len(loyal) else loyal.head(0)
    title = f"{risk:.0%} of the customers will probably not buy within {plan.ahead} days"
    reading = _reading(plan, split.y_test.mean(), tested, anybody=len(listed) > 0)
    tables = [_warnings(listed, plan.ahead)] if len(listed) else []
    calibration = churn.calibration_table(split.y_test, tested.risks[tested.best], bins=8)
    figures = [_calibration(calibration, plan.ahead)]
    return Section(title, reading, _caveats(shop), tables, figures)


def _plan(shop: OwnShop) -> Plan:
    """Look 90 days ahead in a long history, 30 in a short one; test and train as far back."""
    ahead = 90 if shop.days >= 450 else 60 if shop.days >= 300 else 30
    end = shop.last_day
    return Plan(ahead, end - 2 * ahead * DAY, end - ahead * DAY, end)


def _need_both_outcomes(shop: OwnShop, plan: Plan) -> None:
    """Skip the section where all fell silent, or nobody did: there is nothing to tell apart."""
    for day in (plan.train, plan.test):
        silent = churn.churn_labels(shop.orders, day, plan.ahead, observation_end=plan.today)
        if silent.all() or not silent.any():
            whom = "nobody" if silent.all() else "everybody"
            raise Skip(
                f"{whom} known by {day:%Y-%m-%d} bought again within {plan.ahead} days, so there "
                "is nothing to tell apart"
            )


def _seen_long_enough(shop: OwnShop, day: pd.Timestamp, window: int) -> pd.DataFrame | None:
    """Return the events, if they begin early enough to be counted in the window up to a day."""
    if shop.events is None:
        return None
    first = shop.events["occurred_at"].min().normalize()
    return shop.events if first <= day - (window - 1) * DAY else None


def _known(features: pd.DataFrame, shop: OwnShop) -> dict[str, list[str]]:
    """Return what a model may be told: columns of orders, and of visits if there are any."""
    visits = [name for name in features if name in VISITS]
    told = [name for name in features if name not in VISITS]
    if not shop.has_money:  # each order counts 1: what was "spent" says nothing more
        told = [name for name in told if "spent" not in name and name != "per_purchase"]
    return {"orders": told} | ({"orders and visits": told + visits} if visits else {})


def _test(split: labels.Split, known: dict[str, list[str]]) -> Tested:
    """Score the later customers by what was learned earlier.

    The baseline is the days since the last purchase alone. Visits are used only if they raise the
    AUC by more than `WORTH`.
    """
    ready = {"recency alone": churn.classifiers()["recency alone"]}
    ready |= {name: churn.classifiers()["logistic"] for name in known}
    risks = {}
    for name, model in ready.items():
        columns = known.get(name, known["orders"])
        model.fit(split.train[columns], split.y_train)
        risks[name] = model.predict_proba(split.test[columns])[:, 1]
    auc = churn.compare_models(split.y_test, risks)["auc"]
    worth = auc.get("orders and visits", 0) > auc["orders"] + WORTH
    return Tested(risks, auc, "orders and visits" if worth else "orders")


# ---------------------------------------------------------------- in words


def _reading(plan: Plan, silent: float, tested: Tested, *, anybody: bool) -> list[str]:
    """Say what silent means, how good the model is, and who is on the list, if anybody is."""
    return [
        f"Silent means: no purchase within {plan.ahead} days. Of those who had bought by "
        f"{plan.test:%Y-%m-%d}, {silent:.0%} were silent afterwards.",
        *_how_good(tested, plan),
        f"It expected {tested.risks[tested.best].mean():.0%} to fall silent, and {silent:.0%} did.",
        f"The list names customers with three purchases or more whose risk has risen most in "
        f"{plan.ahead // 3} days. The customers with the highest risk left long ago; that is no "
        "news."
        if anybody
        else "No risk of a customer with three purchases has risen, so there is no list.",
    ]


def _how_good(tested: Tested, plan: Plan) -> list[str]:
    """Say what AUC means: in how many pairs the one who fell silent has the higher risk."""
    auc, simple = tested.auc["orders"], tested.auc["recency alone"]
    said = [
        f"A test: it learned on {plan.train:%Y-%m-%d} and was tried out {plan.ahead} days later. "
        "Of two customers, one who fell silent and one who bought, it gave the silent one the "
        f"higher risk in {auc:.0%} of all pairs; a coin does in 50%. "
        + (
            f"The days since the last purchase alone do in {simple:.0%}."
            if auc > simple + WORTH
            else f"The days since the last purchase alone do as well ({simple:.0%}): sorting by "
            "them is all you need."
        )
    ]
    if "orders and visits" in tested.auc:
        said.append(
            "Told also what customers looked at and put into their carts, it is right in "
            f"{tested.auc['orders and visits']:.0%} of the pairs"
            + (", so it goes by orders alone." if tested.best == "orders" else ", so it is told.")
        )
    return said


def _caveats(shop: OwnShop) -> list[str]:
    caveats = [
        "A risk is no cause: who has been away for long is at risk, but a letter need not help.",
        "Test any offer on a random half of the list. Some customers leave because of an email.",
    ]
    if any(row.rule.startswith("net_") for row in shop.ledger):
        caveats.append("What came back later counts as if it had never been bought.")
    return caveats


def _warnings(listed: pd.DataFrame, ahead: int) -> Table:
    cells = pd.DataFrame(
        {
            "customer": listed.index.astype(str),
            "risk before": listed["risk_before"].map("{:.0%}".format),
            "risk today": listed["risk"].map("{:.0%}".format),
            "what changed": listed["why"].map(_in_plain_words, na_action="ignore").fillna(""),
        }
    )
    return Table(f"Customers whose risk rose most within {ahead // 3} days", cells)


def _in_plain_words(why: str) -> str:
    """Say what changed; that a customer grew older only where nothing else did.

    Examples
    --------
    >>> _in_plain_words("overdue 0.571 → 9.14; age 9 → 39; recency 2 → 32")
    'silent for 9.1 times the usual pause (before: 0.6), last bought 32 days ago (before: 2)'
    """
    said = {}
    for part in why.split("; "):
        name, old, _, new = part.split()
        text, digits = REASONS[name]
        old, new = (
            one if one == "unknown" else f"{float(one.replace(',', '')):,.{digits}f}"
            for one in (old, new)
        )
        said[name] = f"{text.format(new)} (before: {old})"
    return ", ".join([text for name, text in said.items() if name != "age"] or said.values())


def _calibration(table: pd.DataFrame, ahead: int) -> Figure:
    """Draw, for groups of customers, the share that fell silent beside the one predicted."""
    off = (table["predicted"] - table["observed"]).abs().max()
    message = "Predicted risks are about right" if off < RIGHT else "Predicted risks are rough"

    def draw() -> Axes:
        _, ax = plt.subplots(figsize=(6, 5))
        ax.plot([0, 100], [0, 100], color=plots.CONTEXT, linewidth=1.5)
        ax.plot(100 * table["predicted"], 100 * table["observed"], "o", color=plots.ACCENT)
        ax.set(title=message, xlim=(0, 100), ylim=(0, 100))
        ax.set(xlabel="predicted risk (%)", ylabel=f"silent for {ahead} days (%)")
        return ax

    words = (
        f"customers in groups of similar predicted risk; on the diagonal a prediction comes true. "
        f"The groups run from {table['predicted'].min():.0%} to {table['predicted'].max():.0%}, "
        f"and the furthest is {100 * off:.0f} points off."
    )
    return Figure(draw, words)
