"""The section on churn: which customers will probably churn, and whose risk has risen.

A customer churns by buying nothing within some weeks. A model learns from one day who churned after
it, is tested on a later day, and is then trained again as of that day, for use today.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from apps.report.acts import win_back
from apps.report.evidence import Gain, auc_gain, cannot_tell, interval
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import (
    DAY,
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
RECENCY, VISITED = "recency alone", "orders and visits"
VISITS = ("sessions", "views", "favorites", "carts", "unseen")
NOUNS = {  # what a feature counts, if anything
    "recency": "day",
    "recent": "day",
    "frequency": "day",
    "gap": "day",
    "sessions": "visit",
    "views": "view",
    "favorites": "favorite",
    "carts": "item",
    "unseen": "day",
    "age": "day",
}


class Plan(NamedTuple):
    """The horizon of churn in days; the days of training and testing, and today."""

    horizon: int
    train: pd.Timestamp
    test: pd.Timestamp
    today: pd.Timestamp


class Tested(NamedTuple):
    """Results of the test: risks by model, their AUC, and the name of the model to use.

    Also the confidence intervals of its AUC minus 0.5, and minus the AUC of recency alone.
    """

    risks: dict[str, np.ndarray]
    auc: pd.Series
    best: str
    over_guessing: Gain
    over_recency: Gain


@section("churn", "Which customers are likely to churn?")
def churn_list(shop: OwnShop) -> Section:
    """Learn from the past who churned, test it later, and list customers whose risk has risen.

    The table has a row for each of twelve customers, such as

        U02776 · risk before 6% · risk today 45% · no purchase for 9.1 times the usual gap
        (before: 0.6)

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
    events = _seen_long_enough(shop, plan.train, plan.horizon)
    if events is not None:
        events = events.assign(user_id=customers.get_indexer(events["user_id"]))
    options = {"window": plan.horizon, "events": events}
    split = churn.split_out_of_time(
        some,
        plan.train,
        plan.test,
        plan.horizon,
        observation_end=plan.today,
        **options,
    )
    known = _known(split.train, shop)
    tested = _test(split, known)
    _must_beat_baselines(tested, plan)
    columns = known[tested.best]
    # Trained again on the labels that are complete today, for use today.
    model = churn.classifiers()["logistic"].fit(split.test[columns], split.y_test)
    now, before = (
        churn.churn_features(orders, day, **options)[columns]
        for day in (plan.today, plan.today - plan.horizon // 3 * DAY)
    )
    risk = model.predict_proba(now)[:, 1].mean()
    # Whoever bought since the earlier day is not at risk, whatever a model may say.
    quiet = now["recency"] >= plan.horizon // 3
    loyal = now[(now["frequency"] >= LOYAL) & quiet]
    listed = churn.early_warning(model, loyal, before, n=SHOWN) if len(loyal) else loyal
    listed = listed.set_axis(customers[listed.index])
    title = say(
        "{share} of the customers will probably not buy in the next {days} days",
        share=f"{risk:.0%}",
        days=plan.horizon,
    )
    reading = _reading(plan, silent, tested, anybody=len(listed) > 0)
    tables = [_warnings(listed, plan.horizon)] if len(listed) else []
    lists, act = {}, ""
    if len(listed):
        rising = _complete(model, loyal, before)
        rising.insert(0, say("customer"), customers[rising.index])
        rising = rising.reset_index(drop=True)
        lists = {say("All customers whose risk has risen"): rising}
        user, was, now_is = (rising[name] for name in rising)
        crossed = (was < EVEN) & (now_is >= EVEN)
        if crossed.any():
            why = say(
                "They have bought three times or more. {ago} days ago each of them was more "
                "likely to buy within {days} days than not; now it is the other way around.",
                ago=plan.horizon // 3,
                days=plan.horizon,
            )
            act = win_back(shop, user[crossed], why)
    return Section(title, reading, _caveats(shop, sample), tables, lists=lists, act=act)


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
        silent = churn.churn_labels(orders, day, plan.horizon, observation_end=plan.today)
        known = {"day": f"{day:%Y-%m-%d}", "days": plan.horizon}
        if silent.all():
            raise Skip(
                say(
                    "none of the customers known by {day} bought again within {days} days, so "
                    "there is no difference to learn",
                    **known,
                )
            )
        if not silent.any():
            raise Skip(
                say(
                    "all of the customers known by {day} bought again within {days} days, so "
                    "there is no difference to learn",
                    **known,
                )
            )
    return silent.mean()


def _seen_long_enough(shop: OwnShop, day: pd.Timestamp, window: int) -> pd.DataFrame | None:
    """Return the events, if they begin early enough to be counted in the window up to a day."""
    if shop.events is None:
        return None
    first = shop.events["occurred_at"].min().normalize()
    return shop.events if first <= day - (window - 1) * DAY else None


def _known(features: pd.DataFrame, shop: OwnShop) -> dict[str, list[str]]:
    """Return the columns that a model may use: of orders, and of visits if there are any."""
    visits = [name for name in features if name in VISITS]
    told = [name for name in features if name not in VISITS]
    if not shop.has_money:  # each order counts 1: what was "spent" says nothing more
        told = [name for name in told if "spent" not in name and name != "per_purchase"]
    return {"orders": told} | ({VISITED: told + visits} if visits else {})


def _test(split: labels.Split, known: dict[str, list[str]]) -> Tested:
    """Score the later customers with models trained on the earlier day.

    The baseline uses only the days since the last purchase. Visits are used only if they raise the
    AUC by more than chance explains.
    """
    ready = {RECENCY: churn.classifiers()[RECENCY]}
    ready |= {name: churn.classifiers()["logistic"] for name in known}
    risks = {}
    for name, model in ready.items():
        columns = known.get(name, known["orders"])
        model.fit(split.train[columns], split.y_train)
        risks[name] = model.predict_proba(split.test[columns])[:, 1]
    y, best = split.y_test, "orders"
    if VISITED in risks and auc_gain(y, risks[VISITED], risks["orders"]).low > 0:
        best = VISITED
    auc = churn.compare_models(y, risks)["auc"]
    gains = auc_gain(y, risks[best]), auc_gain(y, risks[best], risks[RECENCY])
    return Tested(risks, auc, best, *gains)


def _must_beat_baselines(tested: Tested, plan: Plan) -> None:
    """Skip the section if guessing, or the days since the last purchase, may do as well."""
    guessing, recency = tested.over_guessing, tested.over_recency
    if guessing.low > 0 and recency.low > 0:
        return
    test = {
        "day": f"{plan.train:%Y-%m-%d}",
        "days": plan.horizon,
        "auc": f"{tested.auc[tested.best]:.0%}",
    }
    if guessing.low > 0:
        raise cannot_tell(
            say(
                "A model that learned from the orders up to {day} was tested {days} days later. In "
                "a pair of one customer who stopped buying and one who bought, it gave the one who "
                "stopped the higher risk in {auc} of all pairs, but sorting by the days since the "
                "last purchase does as well ({recency}), and the difference could be due to chance",
                recency=f"{tested.auc[RECENCY]:.0%}",
                **test,
            )
        )
    raise cannot_tell(
        say(
            "A model that learned from the orders up to {day} was tested {days} days later. In a "
            "pair of one customer who stopped buying and one who bought, it gave the one who "
            "stopped the higher risk in {auc} of all pairs, but guessing gives 50%, and the "
            "difference could be due to chance",
            **test,
        )
    )


# ---------------------------------------------------------------- in words


def _reading(plan: Plan, silent: float, tested: Tested, *, anybody: bool) -> list[str]:
    """Say what churn means, how good the model is, and who is on the list, if anybody is."""
    listed = say(
        "No customer with three or more purchases has a higher risk than before, so there is no "
        "list."
    )
    if anybody:
        listed = say(
            "The list shows the customers with three or more purchases whose risk has risen most "
            "in the last {days} days. The customers with the highest risk left long ago, so a list "
            "of them would tell you nothing new.",
            days=plan.horizon // 3,
        )
    return [
        listed,
        say(
            "Churn means no purchase within {days} days. Of the customers who had bought by {day}, "
            "{share} churned.",
            days=plan.horizon,
            day=f"{plan.test:%Y-%m-%d}",
            share=f"{silent:.0%}",
        ),
        *_how_good(tested, plan),
        say(
            "It predicted that {predicted} would churn, and {share} did.",
            predicted=f"{tested.risks[tested.best].mean():.0%}",
            share=f"{silent:.0%}",
        ),
    ]


def _how_good(tested: Tested, plan: Plan) -> list[str]:
    """Say what the AUC means: in how many pairs the customer who churned has the higher risk."""
    auc, gain = tested.auc, tested.over_recency
    said = [
        say(
            "Test: the model was trained as of {day} and tested {days} days later. In a pair of "
            "one customer who churned and one who bought, it gave the one who churned the higher "
            "risk in {auc} of all pairs (AUC); guessing gives 50%, and the days since the last "
            "purchase alone give {recency}. The gain over these days is {gain} points "
            "({interval}).",
            day=f"{plan.train:%Y-%m-%d}",
            days=plan.horizon,
            auc=f"{auc[tested.best]:.0%}",
            recency=f"{auc[RECENCY]:.0%}",
            gain=f"{100 * gain.mean:.1f}",
            interval=interval(f"{100 * gain.low:.1f}", f"{100 * gain.high:.1f}"),
        )
    ]
    if VISITED not in auc:
        return said
    both = {"orders": f"{auc['orders']:.0%}", "visits": f"{auc[VISITED]:.0%}"}
    uses = say(
        "From orders alone, the model is right in {orders} of the pairs; with data on visits, "
        "views and carts as well, in {visits}, so the model uses these data.",
        **both,
    )
    if tested.best == "orders":
        uses = say(
            "From orders alone, the model is right in {orders} of the pairs; with data on visits, "
            "views and carts as well, in {visits}, so the model uses orders alone.",
            **both,
        )
    return [*said, uses]


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


def _complete(model: Pipeline, now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return the complete list to download, with plain numbers; the steepest rise first."""
    users = now.index.intersection(before.index, sort=False)
    risk, risk_before = (model.predict_proba(one.loc[users])[:, 1] for one in (now, before))
    rise = pd.Series(risk - risk_before, users)
    risks = {say("risk before"): risk_before.round(3), say("risk today"): risk.round(3)}
    return pd.DataFrame(risks, users).loc[rise[rise > 0].nlargest(len(rise)).index]


def _warnings(listed: pd.DataFrame, horizon: int) -> Table:
    cells = pd.DataFrame(
        {
            say("customer"): listed.index.astype(str),
            say("risk before"): listed["risk_before"].map("{:.0%}".format),
            say("risk today"): listed["risk"].map("{:.0%}".format),
            say("what changed"): listed["why"].map(_in_plain_words, na_action="ignore").fillna(""),
        }
    )
    caption = say("Customers whose risk rose most in the last {days} days", days=horizon // 3)
    return Table(caption, cells)


def _in_plain_words(why: str) -> str:
    """Say what changed most; that is the customer's age only if nothing else changed.

    Examples
    --------
    >>> _in_plain_words("age 9 → 39; overdue 0.571 → 9.14; recency 2 → 32")
    'no purchase for 9.1 times the usual gap (before: 0.6)'
    >>> _in_plain_words("recency 0 → 1")
    'last bought 1 day ago (before: 0)'
    """
    changed = sorted(why.split("; "), key=lambda part: part.startswith("age "))
    name, old, _, new = changed[0].split()
    amount = _number(name, new)
    if name in NOUNS and new != "unknown":
        amount = pluralize(float(new.replace(",", "")), NOUNS[name])
    before = _number(name, old)
    return say("{reason} (before: {before})", reason=_reason(name, amount), before=before)


def _number(feature: str, text: str) -> str:
    """Write a value of a feature with as many digits as it deserves."""
    if text == "unknown":
        return say("unknown")
    return f"{float(text.replace(',', '')):,.{1 if feature == 'overdue' else 0}f}"


def _reason(feature: str, amount: str) -> str:
    """Say what a feature is, with its value."""
    return {
        "overdue": say("no purchase for {amount} times the usual gap", amount=amount),
        "recency": say("last bought {amount} ago", amount=amount),
        "recent": say("bought on {amount} recently", amount=amount),
        "trend": say("change in purchase days from the period before: {amount}", amount=amount),
        "frequency": say("bought on {amount} in total", amount=amount),
        "gap": say("usual gap {amount}", amount=amount),
        "spent": say("spent {amount} in total", amount=amount),
        "spent_recent": say("spent {amount} recently", amount=amount),
        "per_purchase": say("spends {amount} per purchase", amount=amount),
        "sessions": say("{amount} recently", amount=amount),
        "views": say("{amount} recently", amount=amount),
        "favorites": say("{amount} recently", amount=amount),
        "carts": say("{amount} added to the cart recently", amount=amount),
        "unseen": say("last visit {amount} ago", amount=amount),
        "age": say("customer for {amount}", amount=amount),
    }[feature]
