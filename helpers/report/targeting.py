"""The section on segments: four groups of customers, and what might be tried on each."""

import pandas as pd

from helpers import segments, value
from helpers.own_shop.shop import OwnShop
from helpers.report.section import DAY, Section, Table, need, section

TOLD_BY = {"recency": "how recently", "frequency": "how often", "monetary": "for how much"}
GROUPS = 4  # so many letters can be written
CLEAR = 0.05  # by which a silhouette must beat that of shuffled data
STABLE = 0.8  # adjusted Rand index of groups that hardly change
SAMPLE = 2_000  # users on whom the number of groups is tested


@section("groups", "Which letters should marketing write?")
def groups(shop: OwnShop) -> Section:
    """Cut customers into four groups, ask whether they are more than a cut, and plan a test.

    The groups are those of a day some weeks before the end, so that what they did afterwards is
    known. The table has a row for each, such as

        long silent, high spend · 785 customers · 308 days since the last order · 3 days with an
        order · win back · 14% bought within 90 days · 7.0 points, the smallest effect to be seen
    """
    need(shop.orders["user_id"].nunique(), 200, "customers")
    ahead = 90 if shop.days >= 360 else 30
    need(shop.days, 90, "days of orders")
    then = shop.last_day - ahead * DAY
    users = value.rfm(shop.orders, value="value", observation_end=then)
    need(len(users), 200, f"customers {ahead} days before its end")
    known = segments.RFM if shop.has_money else segments.RFM[:2]
    features = [name for name in known if users[name].nunique() >= GROUPS]
    need(len(features), 2, "things in which customers differ")
    model = segments.Segmentation(k=GROUPS, features=features).fit(users)
    found = model.assign(users)
    sample = users.sample(min(len(users), SAMPLE), random_state=0)
    test = segments.choose_k(sample, [GROUPS], model, nulls=9).iloc[0]
    stand_apart = test["silhouette"] > test["silhouette_null"] + CLEAR
    profile = segments.profile(users, found, features)
    size = profile["users"]
    title = f"Four groups of {size.min():,} to {size.max():,} customers: " + (
        "they stand apart" if stand_apart else "a handy cut, not kinds of people"
    )
    active = shop.orders["user_id"][shop.orders["ordered_at"] >= then + DAY].unique()
    bought = pd.Series(users.index.isin(active), users.index)
    plan = segments.action_plan(users, found, bought)
    table = Table(f"Groups as of {then:%Y-%m-%d}; medians of days", _cells(plan, profile, ahead))
    return Section(title, _reading(features, stand_apart, ahead), _caveats(test), [table])


def _reading(features: list[str], stand_apart: bool, ahead: int) -> list[str]:
    """Say what tells the groups apart, whether they are real, and how to read the table."""
    return [
        f"The groups are told apart by {' and '.join(TOLD_BY[name] for name in features)} "
        "customers bought. "
        + (
            "They stand out more than groups found in shuffled data do."
            if stand_apart
            else "Groups found in shuffled data, in which there are none, stand out hardly less. "
            "Take them as a handy way to cut the list of customers, not as kinds of people. That "
            "there are four is a choice: so many letters can be written."
        ),
        f"The table says what each group might be sent, how many bought within {ahead} days "
        "anyway, and by how many points an action would have to move that share to be seen in a "
        "test of half against half.",
    ]


def _caveats(test: pd.Series) -> list[str]:
    """Say how far the groups stand apart, and how much they change with the customers drawn."""
    return [
        "None of the actions is known to help. Test each on a random half of a group.",
        f"How far the groups stand apart (silhouette, at most 1): {test['silhouette']:.2f}; the "
        f"best of nine shuffled tables reached {test['silhouette_null']:.2f}.",
        f"Computed again from random samples of customers, the groups agree with these by "
        f"{test['stability']:.2f} (1 is the same, 0 is chance)"
        + ("." if test["stability"] > STABLE else ": customers near a border change sides."),
    ]


def _cells(plan: pd.DataFrame, profile: pd.DataFrame, ahead: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": plan.index.astype(str),
            "customers": plan["users"].map("{:,}".format),
            "days since the last order": profile["recency"].map("{:,.0f}".format),
            "days with an order": profile["frequency"].map("{:,.0f}".format),
            "what to try": plan["action"],
            f"bought within {ahead} days": plan["bought"].map("{:.0%}".format),
            "smallest effect to be seen (points)": (100 * plan["detectable"]).map("{:.1f}".format),
        }
    )
