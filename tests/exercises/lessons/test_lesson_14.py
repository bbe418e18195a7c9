"""Answers to lesson 14 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_14 import (
    adjusted_difference,
    controlled_difference,
    gain_of_first,
    smallest_group,
    users_needed,
)
from helpers import campaigns


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


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("14-1", "both ends", "one letter in quotes"),
    ("14-2", lambda p, effect, z: users_needed(p, effect / 100, z), "not right"),
    ("14-3", lambda users, theta: 100 * adjusted_difference(users, theta), "not right"),
    ("14-3", lambda users, theta: users["after"].mean() - users["before"].mean(), "not right"),
    ("14-3", by_mean_of_each_group, "cancels"),
    ("14-4", lambda customers: round(controlled_difference(customers), 1), "is something rounded"),
    ("14-4", lambda customers: customers.groupby("segment")["spent"].mean().mean(), "not right"),
    ("14-4", lambda customers: customers["spend"].mean(), "`segment`, `treated`, `spent`"),
    ("14-5", lambda users, k: 100 * gain_of_first(users, k), "not right"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
