"""Answers to lesson 14c that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from helpers import campaigns
from tests.exercises.lessons.answers import are_right, are_told


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


test_another_way_is_right_too = are_right(
    ("14c-1", lambda x, y: (x[1:] - x[:-1]) / (y[1:] - y[:-1])),
    ("14c-2", campaigns.adstock),
    ("14c-3", by_root_finding),
    ("14c-6", by_slope),
    ("14c-7", by_helper),
)


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    ("14c-1", lambda x, y: np.diff(x) / np.diff(y) / 100, "not right"),
    ("14c-1", lambda x, y: x[-1] / y[-1], "several values"),
    ("14c-2", lambda x, theta: (1 - theta) * x, "not right"),
    ("14c-3", lambda price, ceiling, half: by_root_finding(1, ceiling, half), "not right"),
    ("14c-6", lambda regions: abs(regions["spending"].sum()), "not right"),
    ("14c-7", lambda c, h, x, v: v * (c * x / (h + x)).mean() - x.mean(), "not right"),
)
