"""The solutions of lesson 14 on small tables of our own, worked by hand, and found otherwise."""

import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from helpers import campaigns
from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, judge
from helpers.exercises.lessons.lesson_14 import (
    cleaned_difference,
    gain_of_first,
    policy_gain,
    users_needed,
)


def test_cleaned_difference():
    # After 6 and 2: 4. Before 3 and 1: 2. θ = 1.5: 4 − 3 = 1.
    users = pd.DataFrame({"treated": [True, False], "before": [3, 1], "after": [6, 2]})
    assert cleaned_difference(users, 1.5) == 1


def test_users_needed():
    # 0.5 · 0.5 = 0.25 and 0.6 · 0.4 = 0.24; 2.99² (0.5 + 0.48) / 0.1² = 8.9401 · 98 = 876.13.
    assert users_needed(0.5, 0.1, 2.99) == 877
    assert users_needed(0.6, -0.1, 2.99) == 877  # the arms swapped


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


def by_mean_of_cleaned(users, theta):
    clean = users["after"] - theta * (users["before"] - users["before"].mean())
    return clean[users["treated"]].mean() - clean[~users["treated"]].mean()


def by_formula_of_helper(p, effect, z):
    power = ndtr(z - ndtri(0.975))
    sd = [(p * (1 - p)) ** 0.5, ((p + effect) * (1 - p - effect)) ** 0.5]
    return campaigns.sample_size(effect, sd, power=power)


def by_curve(users, k):
    campaign = users.assign(user_id=users.index)
    curve = campaigns.qini_curve(campaign, users["score"], "bought").set_index("users")
    return curve.loc[k, "gain"] * users["treated"].sum()


def by_transformed_outcome(campaign, e):
    z = campaigns.transformed_outcome(campaign["earned"], campaign["treated"], e)
    return z[campaign["chosen"]].sum()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("14-1", by_mean_of_cleaned),
        ("14-2", by_formula_of_helper),
        ("14-3", by_curve),
        ("14-4", by_transformed_outcome),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT
