"""The solutions of lesson 14 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_14 import (
    adjusted_difference,
    controlled_difference,
    gain_of_first,
    policy_gain,
    smallest_group,
    users_needed,
)
from helpers import campaigns


def test_users_needed():
    # 0.5 · 0.5 = 0.25 and 0.6 · 0.4 = 0.24; 2.99² (0.5 + 0.48) / 0.1² = 8.9401 · 98 = 876.13.
    assert users_needed(0.5, 0.1, 2.99) == 877
    assert users_needed(0.6, -0.1, 2.99) == 877  # the groups swapped


def test_adjusted_difference():
    # After 6 and 2: 4. Before 3 and 1: 2. θ = 1.5: 4 − 3 = 1.
    users = pd.DataFrame({"treated": [True, False], "before": [3, 1], "after": [6, 2]})
    assert adjusted_difference(users, 1.5) == 1


def test_controlled_difference():
    # X: 8 − 2 = 6 with two customers, Y: 5 − 3 = 2 with four: (12 + 8) / 6.
    customers = pd.DataFrame({"segment": list("XXYYYY"), "treated": [True, False] * 3})
    customers["spent"] = [8, 2, 4, 3, 6, 3]
    assert controlled_difference(customers) == pytest.approx(20 / 6)


def test_gain_of_first():
    # The three highest are 3 (treated, bought), 2 (not, bought), 1 (not, no): 1 − 1 · 1/2.
    users = pd.DataFrame({"score": [1, 0, 3, 2], "treated": [False, True, True, False]})
    users["bought"] = [False, True, True, True]
    assert gain_of_first(users, 3) == 0.5
    # All four: Y₁ = 2, Y₀ = 1, n₁ = n₀.
    assert gain_of_first(users, 4) == 1


def test_policy_gain():
    # e = 0.2: 3/0.2 = 15 for the treated, 8/0.8 = 10 for the other. The third is not chosen.
    campaign = pd.DataFrame(
        {"chosen": [True, True, False], "treated": [True, False, True], "earned": [3, 8, 99]}
    )
    assert policy_gain(campaign, 0.2) == pytest.approx(5)


def test_smallest_group():
    # a 1 twice, a missing twice, b 1 three times.
    customers = pd.DataFrame({"x": list("aabbaba"), "y": [1, None, 1, 1, 1, 1, None]})
    assert smallest_group(customers, ["x", "y"]) == 2
    assert smallest_group(customers, ["x"]) == 3


def by_mean_of_adjusted(users, theta):
    adjusted = users["after"] - theta * (users["before"] - users["before"].mean())
    return adjusted[users["treated"]].mean() - adjusted[~users["treated"]].mean()


def by_formula_of_helper(p, effect, z):
    power = ndtr(z - ndtri(0.975))
    sd = [(p * (1 - p)) ** 0.5, ((p + effect) * (1 - p - effect)) ** 0.5]
    return campaigns.sample_size(effect, sd, power=power)


def by_inverse_propensity(customers):
    e = customers.groupby("segment")["treated"].transform("mean")
    z = customers["spent"] * (customers["treated"] - e) / (e * (1 - e))
    return z.mean()


def by_loop(customers):
    total = 0
    for _, some in customers.groupby("segment"):
        inside = some.groupby("treated")["spent"].mean()
        total += len(some) * (inside[True] - inside[False])
    return total / len(customers)


def by_curve(users, k):
    campaign = users.assign(user_id=users.index)
    curve = campaigns.qini_curve(campaign, users["score"], "bought").set_index("users")
    return curve.loc[k, "gain"] * users["treated"].sum()


def by_transformed_outcome(campaign, e):
    z = campaigns.transformed_outcome(campaign["earned"], campaign["treated"], e)
    return z[campaign["chosen"]].sum()


def by_counting(customers, columns):
    return customers[columns].astype(object).fillna("missing").value_counts().min()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("14-1", " C"),
        ("14-2", by_formula_of_helper),
        ("14-2", lambda p, effect, z: float(users_needed(p, effect, z))),
        ("14-2", lambda p, effect, z: np.array(users_needed(p, effect, z))),
        ("14-3", by_mean_of_adjusted),
        ("14-4", by_inverse_propensity),
        ("14-4", by_loop),
        ("14-5", by_curve),
        ("14-6", by_transformed_outcome),
        ("14-7", by_counting),
        ("14-7", lambda customers, columns: int(smallest_group(customers, columns))),
        ("14-8", "c"),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def by_mean_of_each_group(users, theta):
    centered = users["before"] - users.groupby("treated")["before"].transform("mean")
    return adjusted_difference(users.assign(after=users["after"] - theta * centered), 0)


def by_first_of_each_group(users, k):
    highest = users.sort_values("score", ascending=False)
    treated, others = (highest[highest["treated"] == group].head(k) for group in (True, False))
    return treated["bought"].sum() - others["bought"].mean() * len(treated)


def by_where_without_parentheses(campaign, e):
    earned = campaign["earned"]
    gain = np.where(campaign["treated"], earned / e, -earned / 1 - e)
    return gain[campaign["chosen"]].sum()


def by_counting_zeros(customers, columns):
    return customers[columns].astype(object).fillna(0).groupby(columns).size().min()


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("14-1", "both ends", "one letter in quotes"),
    ("14-2", lambda p, effect, z: users_needed(p, effect, z**0.5), "square z"),
    ("14-2", lambda p, effect, z: users_needed(p, effect / 100, z), "not right"),
    ("14-3", lambda users, theta: 100 * adjusted_difference(users, theta), "not right"),
    ("14-3", lambda users, theta: users["after"].mean() - users["before"].mean(), "not right"),
    ("14-3", lambda users, theta: adjusted_difference(users, 1), "forgot θ"),
    ("14-3", by_mean_of_each_group, "cancels"),
    ("14-4", lambda customers: round(controlled_difference(customers), 1), "is something rounded"),
    ("14-4", lambda customers: customers.groupby("segment")["spent"].mean().mean(), "not right"),
    ("14-4", lambda customers: customers["spend"].mean(), "`segment`, `treated`, `spent`"),
    ("14-5", lambda users, k: 100 * gain_of_first(users, k), "not right"),
    ("14-5", lambda users, k: gain_of_first(users.sort_values("score").head(k), k), "lowest"),
    ("14-5", lambda users, k: by_curve(users, k + 1), "k + 1"),
    ("14-5", by_first_of_each_group, "each group"),
    ("14-6", by_where_without_parentheses, "1 - e"),
    ("14-6", lambda campaign, e: policy_gain(campaign, 1 - e), "swapped"),
    ("14-6", lambda campaign, e: policy_gain(campaign, 0.5), "e were always 0.5"),
    (
        "14-6",
        lambda c, e: (c["earned"] * c["chosen"] * (c["treated"] - e) / e * (1 - e)).sum(),
        "pare",
    ),
    ("14-7", lambda customers, columns: customers[columns].value_counts().min(), "dropped"),
    ("14-7", by_counting_zeros, "by 0"),
    ("14-7", lambda customers, columns: customers[columns].drop_duplicates().shape[0], "number of"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
