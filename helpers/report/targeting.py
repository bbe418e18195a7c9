"""The section on segments: four groups of customers, and a possible action for each."""

import pandas as pd
from scipy import stats

from helpers import segments, value
from helpers.own_shop.shop import OwnShop
from helpers.report.evidence import cannot_tell
from helpers.report.section import DAY, Section, Table, need, need_customers, section

TOLD_BY = {"recency": "recency", "frequency": "frequency", "monetary": "spending"}
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

        long silent, high spend · 785 customers · 308 days since the last order · 3 days with an
        order · win back · 14% bought within 90 days · minimum detectable effect 7.0 points
    """
    need_customers(shop)
    need(shop.customer_orders["user_id"].nunique(), 200, "customers")
    ahead = 90 if shop.days >= 360 else 30
    need(shop.days, 90, "days of orders")
    then = shop.last_day - ahead * DAY
    users = value.rfm(shop.customer_orders, value="value", observation_end=then)
    need(len(users), 200, f"customers {ahead} days before its end")
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
    profile = segments.profile(users, found)
    size = profile["users"]
    title = f"Four groups of {size.min():,} to {size.max():,} customers: " + (
        "clearly separated" if stand_apart else "a convenient split, not natural clusters"
    )
    plan = segments.action_plan(users, found, bought)
    table = Table(
        f"Groups as of {then:%Y-%m-%d} (median number of days)", _cells(plan, profile, ahead)
    )
    return Section(title, _reading(features, stand_apart, ahead), _caveats(test), [table])


def _must_differ_later(found: pd.Series, bought: pd.Series, ahead: int) -> None:
    """Skip the section if the groups bought equally often afterward, as far as chance can tell."""
    counts = pd.crosstab(found, bought)
    if counts.shape[1] < 2 or not stats.chi2_contingency(counts).pvalue < ALPHA:
        raise cannot_tell(
            "Groups by how recently, how often and for how much customers had bought did not "
            f"differ in how many bought within the next {ahead} days by more than chance explains"
        )


def _reading(features: list[str], stand_apart: bool, ahead: int) -> list[str]:
    """Say how the groups differ, whether they are real, and how to read the table."""
    *others, last = (TOLD_BY[name] for name in features)
    return [
        f"The groups were formed by {', '.join(others)} and {last}, with k-means, which puts "
        "customers with similar numbers into the same group. "
        + (
            "They are better separated than groups found in shuffled data."
            if stand_apart
            else "Groups found in shuffled data, where there are no real groups, are separated "
            "almost as well. So use the groups as a convenient way to split the customer list, not "
            "as natural clusters. Four is a choice: about as many messages as marketing can write."
        ),
        f"Afterward the groups differed: the table shows the share who bought within {ahead} days. "
        "It also shows a possible action, and the minimum detectable effect: how many points the "
        "action must change that share by for an A/B test, which gives the action to a random half "
        "of the group, to detect the change in four of five cases.",
    ]


def _caveats(test: pd.Series) -> list[str]:
    """Say how well the groups are separated, and how stable they are in random samples."""
    return [
        "None of these actions is known to work. Test each on a random half of its group.",
        "Separation of the groups (silhouette: 1 if each group is far from the others, 0 if they "
        f"touch): {test['silhouette']:.2f}. The best of "
        f"nine shuffled tables reached {test['silhouette_null']:.2f}.",
        "Stability: groups formed from random samples of customers agree with these at "
        f"{test['stability']:.2f} (adjusted Rand index: 1 is identical, 0 is chance)"
        + ("." if test["stability"] > STABLE else ", so customers near a border change groups."),
    ]


def _cells(plan: pd.DataFrame, profile: pd.DataFrame, ahead: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": plan.index.astype(str),
            "customers": plan["users"].map("{:,}".format),
            "days since the last order": profile["recency"].map("{:,.0f}".format),
            "days with an order": profile["frequency"].map("{:,.0f}".format),
            "possible action": plan["action"],
            f"bought within {ahead} days": plan["bought"].map("{:.0%}".format),
            "minimum detectable effect (points)": (100 * plan["detectable"]).map("{:.1f}".format),
        }
    )
