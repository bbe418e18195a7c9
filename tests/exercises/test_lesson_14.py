"""The solutions of lesson 14 on small tables of our own, worked by hand, and found otherwise."""

import pandas as pd
import pytest

from helpers import campaigns
from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, judge
from helpers.exercises.lesson_14 import cleaned_difference, policy_gain


def test_cleaned_difference():
    # After 6 and 2: 4. Before 3 and 1: 2. θ = 1.5: 4 − 3 = 1.
    users = pd.DataFrame({"treated": [True, False], "before": [3, 1], "after": [6, 2]})
    assert cleaned_difference(users, 1.5) == 1


def test_policy_gain():
    # e = 0.2: 3/0.2 = 15 for the treated, 8/0.8 = 10 for the other. The third is not chosen.
    campaign = pd.DataFrame(
        {"chosen": [True, True, False], "treated": [True, False, True], "earned": [3, 8, 99]}
    )
    assert policy_gain(campaign, 0.2) == pytest.approx(5)


def by_mean_of_cleaned(users, theta):
    clean = users["after"] - theta * (users["before"] - users["before"].mean())
    return clean[users["treated"]].mean() - clean[~users["treated"]].mean()


def by_transformed_outcome(campaign, e):
    z = campaigns.transformed_outcome(campaign["earned"], campaign["treated"], e)
    return z[campaign["chosen"]].sum()


@pytest.mark.parametrize(
    ("id", "answer"), [("14-1", by_mean_of_cleaned), ("14-2", by_transformed_outcome)]
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT
