"""The solutions of lesson 14c on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_14c import (
    adstock,
    incremental_cpa,
    marginal_cpa,
    net_value,
    spending_at,
)
from helpers import campaigns


def test_marginal_cpa():
    # 10 dollars for 5 customers, then 20 for 4.
    assert marginal_cpa(np.array([0, 10, 30]), np.array([1, 6, 10])).tolist() == [2, 5]


def test_adstock():
    # θ = 0.25: 4; 0.75 · 8 + 0.25 · 4 = 7; 0 + 0.25 · 7 = 1.75.
    assert adstock(np.array([4, 8, 0]), 0.25).tolist() == [4, 7, 1.75]


def test_spending_at():
    # 20 · 5 / (5 + 5)² = 1; the first dollar brings 20 / 5 = 4.
    assert spending_at(1, 20, 5) == 5
    assert spending_at(5, 20, 5) == 0


def test_incremental_cpa():
    # 60 − 10 dollars for 30 − 20 customers.
    regions = pd.DataFrame({"ads": [True, False], "customers": [30, 20], "spending": [60, 10]})
    assert incremental_cpa(regions) == 5


def test_net_value():
    # 12 · 3 / (6 + 3) = 4 customers of 5 dollars, for 3 dollars.
    assert net_value(np.array([12.0]), np.array([6.0]), np.array([3.0]), 5) == 17


def by_root_finding(price, ceiling, half):
    if ceiling / half <= price:
        return 0
    return brentq(lambda x: ceiling * half / (half + x) ** 2 - price, 0, 1e6)


def by_slope(regions):
    treated = regions["ads"].astype(float)
    dollars = np.polyfit(treated, regions["spending"], 1)[0]
    return dollars / np.polyfit(treated, regions["customers"], 1)[0]


def by_helper(ceiling, half, spending, value):
    responses = pd.DataFrame({"ceiling": ceiling, "half": half})
    x = pd.Series(spending)
    return value * campaigns.response(responses, x).sum() - x.sum()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("14c-1", lambda x, y: (x[1:] - x[:-1]) / (y[1:] - y[:-1])),
        ("14c-2", campaigns.adstock),
        ("14c-3", by_root_finding),
        ("14c-4", "B "),
        ("14c-5", "c"),
        ("14c-6", by_slope),
        ("14c-7", by_helper),
        ("14c-8", "C"),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("14c-1", lambda x, y: np.diff(x) / np.diff(y) / 100, "not right"),
    ("14c-1", lambda x, y: x[-1] / y[-1], "several values"),
    ("14c-2", lambda x, theta: (1 - theta) * x, "not right"),
    ("14c-2", lambda x, theta: adstock(x, 1 - theta), "swapped"),
    ("14c-3", lambda price, ceiling, half: by_root_finding(1, ceiling, half), "not right"),
    ("14c-4", "X", "one letter in quotes"),
    ("14c-6", lambda regions: regions["cost"].sum(), "`ads`, `customers`, `spending`"),
    ("14c-6", lambda regions: abs(regions["spending"].sum()), "not right"),
    ("14c-7", lambda c, h, x, v: v * (c * x / (h + x)).mean() - x.mean(), "not right"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
