"""The section on segments: four groups of customers, and a possible action for each."""

import pandas as pd
from scipy import stats

from apps.report.evidence import cannot_tell
from apps.report.own_shop.shop import OwnShop
from apps.report.section import DAY, Section, Table, need, need_customers, section
from helpers import segments, value
from helpers.language import listed, say

GROUPS = 4  # about as many messages as marketing can write
ALPHA = 0.01  # probability of groups, if customers don't differ
CLEAR = 0.05  # how much higher a silhouette must be than that of shuffled data
STABLE = 0.8  # adjusted Rand index of groups that hardly change
SAMPLE = 2_000  # users for whom the separation of the groups is tested


@section("groups", "Which customer groups could get different messages?")
def groups(shop: OwnShop) -> Section:
    """Divide customers into four groups, check what these are good for, and plan a test.

    The groups are formed as of a day some weeks before the end, so it is known what they did
    afterward. If that is the same in all groups, there is nothing to tell them apart for. The table
    has a row for each, such as

        win back · long silent, high spend · 785 customers · 14% bought within 90 days · minimum
        detectable effect 7.0 points
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), 200, "customers")
    ahead = 90 if shop.days >= 360 else 30
    need(shop.days, 90, "days of orders")
    then = shop.last_day - ahead * DAY
    users = value.rfm(shop.customer_orders, value="value", observation_end=then)
    need(len(users), 200, say("customers {days} days before its end", days=ahead))
    known = segments.RFM if shop.has_money else segments.RFM[:2]
    features = [name for name in known if users[name].nunique() >= GROUPS]
    need(len(features), 2, "features in which customers differ")
    model = segments.Segmentation(k=GROUPS, features=features).fit(users)
    found = model.assign(users)
    active = shop.customer_orders["user_id"][shop.customer_orders["ordered_at"] >= then + DAY]
    bought = pd.Series(users.index.isin(active.unique()), users.index)
    _must_differ_later(found, bought, ahead)
    sample = users.sample(min(len(users), SAMPLE), random_state=0)
    test = segments.choose_k(sample, [GROUPS], model, nulls=9).iloc[0]
    stand_apart = test["silhouette"] > test["silhouette_null"] + CLEAR
    size = segments.profile(users, found)["users"]
    sizes = {"least": f"{size.min():,}", "most": f"{size.max():,}"}
    title = say(
        "Four groups of {least} to {most} customers: a convenient split, not natural clusters",
        **sizes,
    )
    if stand_apart:
        title = say("Four groups of {least} to {most} customers: clearly separated", **sizes)
    plan = segments.action_plan(users, found, bought)
    caption = say("Groups as of {day}", day=f"{then:%Y-%m-%d}")
    table = Table(caption, _cells(plan, ahead))
    return Section(title, _reading(features, stand_apart, ahead), _caveats(test), [table])


def _must_differ_later(found: pd.Series, bought: pd.Series, ahead: int) -> None:
    """Skip the section if the groups bought equally often afterward, as far as chance can tell."""
    counts = pd.crosstab(found, bought)
    if counts.shape[1] < 2 or not stats.chi2_contingency(counts).pvalue < ALPHA:
        raise cannot_tell(
            say(
                "Groups by how recently, how often and for how much customers had bought did not "
                "differ in how many bought within the next {days} days by more than chance "
                "explains",
                days=ahead,
            )
        )


def _reading(features: list[str], stand_apart: bool, ahead: int) -> list[str]:
    """Say how the groups differ, whether they are real, and how to read the table."""
    words = {
        "recency": say("recency"),
        "frequency": say("frequency"),
        "monetary": say("spending"),
    }
    *others, last = (words[name] for name in features)
    told_by = say("{others} and {last}", others=listed(others), last=last)
    formed = say(
        "The groups were formed by {features}, with k-means, which puts customers with similar "
        "numbers into the same group. Groups found in shuffled data, where there are no real "
        "groups, are separated almost as well. So use the groups as a convenient way to split the "
        "customer list, not as natural clusters. Four is a choice: about as many messages as "
        "marketing can write.",
        features=told_by,
    )
    if stand_apart:
        formed = say(
            "The groups were formed by {features}, with k-means, which puts customers with similar "
            "numbers into the same group. They are better separated than groups found in shuffled "
            "data.",
            features=told_by,
        )
    return [
        formed,
        say(
            "Afterward the groups differed: the table shows the share who bought within {days} "
            "days. It also shows a possible action, and the minimum detectable effect: how many "
            "points the action must change that share by for an A/B test, which gives the action "
            "to a random half of the group, to detect the change in four of five cases.",
            days=ahead,
        ),
    ]


def _caveats(test: pd.Series) -> list[str]:
    """Say how well the groups are separated, and how stable they are in random samples."""
    stability = {"index": f"{test['stability']:.2f}"}
    stable = say(
        "Stability: groups formed from random samples of customers agree with these at {index} "
        "(adjusted Rand index: 1 is identical, 0 is chance), so customers near a border change "
        "groups.",
        **stability,
    )
    if test["stability"] > STABLE:
        stable = say(
            "Stability: groups formed from random samples of customers agree with these at {index} "
            "(adjusted Rand index: 1 is identical, 0 is chance).",
            **stability,
        )
    return [
        say("None of these actions is known to work. Test each on a random half of its group."),
        say(
            "Separation of the groups (silhouette: 1 if each group is far from the others, 0 if "
            "they touch): {index}. The best of nine shuffled tables reached {shuffled}.",
            index=f"{test['silhouette']:.2f}",
            shuffled=f"{test['silhouette_null']:.2f}",
        ),
        stable,
    ]


def _cells(plan: pd.DataFrame, ahead: int) -> pd.DataFrame:
    detectable = (100 * plan["detectable"]).map("{:.1f}".format)
    return pd.DataFrame(
        {
            say("possible action"): plan["situation"].map(_action),
            say("group"): plan.index.astype(str).map(_group),
            say("customers"): plan["users"].map("{:,}".format),
            say("bought within {days} days", days=ahead): plan["bought"].map("{:.0%}".format),
            say("detectable effect (points)"): detectable,
        }
    )


def _group(name: str) -> str:
    """Return the name that `segments.Segmentation` gave a group in the language of the reader.

    Examples
    --------
    >>> _group("long silent, high spend (2)")
    'long silent, high spend (2)'
    """
    said = {
        "recent": say("recent"),
        "long silent": say("long silent"),
        "seldom": say("seldom"),
        "often": say("often"),
        "low spend": say("low spend"),
        "high spend": say("high spend"),
        "average": say("average"),
    }
    words, *number = name.partition(" (")
    return "".join([listed(said[word] for word in words.split(", ")), *number])


def _action(situation: str) -> str:
    """Return the action of `segments.action_plan` in the language of the reader."""
    return {
        "recent, often": say("thank: early access, no discount"),
        "recent, seldom": say("second purchase: what goes with the first"),
        "silent, often": say("win back: ask what was missing, one coupon"),
        "silent, seldom": say("leave alone, or a reminder that costs nothing"),
    }[situation]
