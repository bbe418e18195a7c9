"""The section on churn: which customers will probably churn, and whose risk has risen.

A customer churns by buying nothing within some weeks. A model learns from one day who churned after
it, is tested on a later day, and is then trained again as of that day, for use today.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from apps.report.acts import win_back
from apps.report.evidence import Gain, auc_gain, cannot_tell, interval
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    DAY,
    Act,
    Section,
    Skip,
    Table,
    need,
    need_customers,
    of_some,
    section,
)
from helpers import churn
from helpers.churn import labels
from helpers.language import say

SHOWN = 12  # customers in the table
LOYAL = 3  # purchases; from here on, a long pause is news
EVEN = 0.5  # risk above which a customer is more likely to leave than to buy


class Plan(NamedTuple):
    """The horizon of churn in days; the days of training and testing, and today."""

    horizon: int
    train: pd.Timestamp
    test: pd.Timestamp
    today: pd.Timestamp


class Tested(NamedTuple):
    """Results of the test: the risks, and the AUC minus that of guessing, and of recency alone."""

    risk: np.ndarray
    over_guessing: Gain
    over_recency: Gain


@section("churn", "Which customers are likely to churn?")
def churn_list(shop: OwnShop) -> Section:
    """Learn from the past who churned, test it later, and list customers whose risk has risen.

    The table has a row for each of twelve customers, such as

        U02776 · risk before 6% · risk today 45% · 64 days since the last order · usually 7 days
        from order to order

    The act of the week is about those who are now more likely to leave than to buy, and were not.
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), 200, "customers")
    need(shop.days, 150, "days of orders")
    plan = _plan(shop)
    # Each customer has a number here, because numbers are grouped much faster than text.
    number, customers = pd.factorize(shop.customer_orders["user_id"], sort=True)
    orders = shop.customer_orders.assign(user_id=number)
    silent = _need_both_outcomes(orders, plan)
    some, sample = of_some(orders)
    events = _seen_long_enough(shop, plan)
    if events is not None:
        events = events.assign(user_id=customers.get_indexer(events["user_id"]))
    options = {"window": plan.horizon, "events": events}
    split = churn.split_out_of_time(
        some, plan.train, plan.test, plan.horizon, observation_end=plan.today, **options
    )
    columns = split.train.columns
    if not shop.has_money:  # each order counts 1: what was "spent" says nothing more
        columns = columns.drop(["spent", "per_purchase", "spent_recent"])
    tested = _test(split, columns)
    said = _how_good(tested, plan)
    if min(tested.over_guessing.low, tested.over_recency.low) <= 0:
        raise cannot_tell(say("{test} The difference could be due to chance", test=said))
    # Trained again on the labels that are complete today, for use today.
    model = churn.classifiers()["logistic"].fit(split.test[columns], split.y_test)
    now, before = (
        churn.churn_features(orders, day, **options)
        for day in (plan.today, plan.today - plan.horizon // 3 * DAY)
    )
    now["risk"], before["risk"] = (
        model.predict_proba(table[columns])[:, 1] for table in (now, before)
    )
    title = say(
        "{share} of the customers will probably not buy in the next {days} days",
        share=f"{now['risk'].mean():.0%}",
        days=plan.horizon,
    )
    reading = [
        say(
            "No customer with three or more purchases has a higher risk than before, so there is "
            "no list."
        ),
        say(
            "Churn means no purchase within {days} days. Of the customers who had bought by {day}, "
            "{share} churned; the model predicted {predicted}.",
            days=plan.horizon,
            day=f"{plan.test:%Y-%m-%d}",
            share=f"{silent:.0%}",
            predicted=f"{tested.risk.mean():.0%}",
        ),
        say(
            "{test} The gain over these days is {gain} points ({interval}).",
            test=said,
            gain=f"{100 * tested.over_recency.mean:.1f}",
            interval=interval(*(f"{100 * end:.1f}" for end in tested.over_recency[1:])),
        ),
    ]
    rising = _rising(now, before, plan.horizon // 3)
    rising.insert(0, "customer", customers[rising.index])
    if rising.empty:
        return Section(title, reading, _caveats(shop, sample))
    reading[0] = say(
        "The list shows the customers with three or more purchases whose risk has risen most in "
        "the last {days} days. The customers with the highest risk left long ago, so a list of "
        "them would tell you nothing new.",
        days=plan.horizon // 3,
    )
    table = Table(
        say("Customers whose risk rose most in the last {days} days", days=plan.horizon // 3),
        _cells(rising.head(SHOWN)),
    )
    lists = {say("All customers whose risk has risen"): rising.rename(columns=say)}
    crossed = rising["customer"][(rising["risk before"] < EVEN) & (rising["risk today"] >= EVEN)]
    act = _win_back(shop, crossed, plan) if len(crossed) else ""
    return Section(title, reading, _caveats(shop, sample), [table], lists=lists, act=act)


def _plan(shop: OwnShop) -> Plan:
    """Look 90 days ahead in a long history, 30 in a short one; test and train as far back."""
    horizon = 90 if shop.days >= 450 else 60 if shop.days >= 300 else 30
    end = shop.last_day
    return Plan(horizon, end - 2 * horizon * DAY, end - horizon * DAY, end)


def _need_both_outcomes(orders: pd.DataFrame, plan: Plan) -> float:
    """Return the share that churned after the day of the test.

    Skip the section if all customers churned, or none did: there is nothing to learn.
    """
    for day in (plan.train, plan.test):
        silent = churn.churn_labels(orders, day, plan.horizon, observation_end=plan.today).mean()
        if silent in (0, 1):
            raise Skip(
                say(
                    "of the customers known by {day}, {share} bought again within {days} days, so "
                    "there is no difference to learn",
                    day=f"{day:%Y-%m-%d}",
                    share=f"{1 - silent:.0%}",
                    days=plan.horizon,
                )
            )
    return silent


def _seen_long_enough(shop: OwnShop, plan: Plan) -> pd.DataFrame | None:
    """Return the events, if they begin early enough to be counted in the first window."""
    if shop.events is None:
        return None
    first = shop.events["occurred_at"].min().normalize()
    return shop.events if first <= plan.train - (plan.horizon - 1) * DAY else None


def _test(split: labels.Split, columns: pd.Index) -> Tested:
    """Score the later customers with a model trained on the earlier day.

    Its rival uses only the days since the last purchase.
    """
    models = churn.classifiers()
    risk, recency = (
        models[name]
        .fit(split.train[columns], split.y_train)
        .predict_proba(split.test[columns])[:, 1]
        for name in ("logistic", "recency alone")
    )
    return Tested(risk, auc_gain(split.y_test, risk), auc_gain(split.y_test, risk, recency))


def _how_good(tested: Tested, plan: Plan) -> str:
    """Say what the AUC means: in how many pairs the customer who churned has the higher risk."""
    auc = 0.5 + tested.over_guessing.mean
    return say(
        "Test: the model was trained as of {day} and tested {days} days later. In a pair of one "
        "customer who churned and one who bought, it gave the one who churned the higher risk in "
        "{auc} of all pairs (AUC); guessing gives 50%, and the days since the last purchase alone "
        "give {recency}.",
        day=f"{plan.train:%Y-%m-%d}",
        days=plan.horizon,
        auc=f"{auc:.0%}",
        recency=f"{auc - tested.over_recency.mean:.0%}",
    )


def _rising(now: pd.DataFrame, before: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return the loyal customers whose risk is higher than some days ago, the steepest rise first.

    Whoever has bought since is not at risk, whatever a model may say.
    """
    quiet = now[(now["frequency"] >= LOYAL) & (now["recency"] >= days)]
    risks = pd.DataFrame({"risk before": before["risk"][quiet.index], "risk today": quiet["risk"]})
    rise = risks["risk today"] - risks["risk before"]
    risks["days since the last order"] = quiet["recency"].astype(int)
    risks["usual days between orders"] = quiet["gap"].round(1)
    return risks.loc[rise[rise > 0].sort_values(ascending=False, kind="stable").index].round(3)


def _cells(rising: pd.DataFrame) -> pd.DataFrame:
    written = rising.astype({"customer": str, "days since the last order": str})
    for name in ("risk before", "risk today"):
        written[name] = rising[name].map("{:.0%}".format)
    usual = "usual days between orders"
    return written.assign(**{usual: rising[usual].map("{:.0f}".format)}).rename(columns=say)


def _win_back(shop: OwnShop, users: pd.Series, plan: Plan) -> Act:
    """Return the act for customers who are now more likely to leave than to buy, and were not."""
    why = say(
        "They have bought three times or more. {ago} days ago each of them was more likely to buy "
        "within {days} days than not; now it is the other way around.",
        ago=plan.horizon // 3,
        days=plan.horizon,
    )
    return win_back(shop, users, why)


def _caveats(shop: OwnShop, sample: str) -> list[str]:
    caveats = [
        say(
            "A risk is a prediction, not a cause: a customer who has not bought for a long time is "
            "at risk, but a message may not help."
        ),
        say(
            "Test any offer on a random half of the list. Some customers leave because of an email."
        ),
    ]
    if any(row.rule.startswith("net_") for row in shop.ledger):
        caveats.append(
            say("Items that were returned later count as if they had never been bought.")
        )
    if sample:
        caveats.append(
            say(
                "To save time, the model was trained and tested on {sample}. The risks and the "
                "list are for all customers.",
                sample=sample,
            )
        )
    return caveats
