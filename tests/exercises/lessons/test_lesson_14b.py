"""Answers to lesson 14b that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd

from exercises.lesson_14b import aipw_effect, imputed_effects, uplift_by_kind, weighted_balance
from helpers import campaigns
from tests.exercises.lessons.answers import are_right, are_told


def by_helper(users):
    arms = users[["m0", "m1"]].set_axis(["control", "treated"], axis=1)
    return campaigns.aipw(users["spent"], users["treated"], users["e"], arms).estimate


def by_loop(users):
    return {
        kind: by_helper(some) if some["treated"].nunique() == 2 else aipw_effect(some)
        for kind, some in users.groupby("kind")
    }


def balance_by_helper(users):
    e, treated = users["e"], users["treated"]
    weights = (1 / e).where(treated, 1 / (1 - e))
    return campaigns.standardized_differences(users[["orders"]], treated, weights)["orders"]


test_another_way_is_right_too = are_right(
    ("14b-2", by_helper),
    ("14b-4", lambda u: np.where(u["treated"], u["spent"] - u["m0"], u["m1"] - u["spent"])),
    ("14b-5", lambda users: pd.Series(by_loop(users))),
    ("14b-9", balance_by_helper),
)


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    ("14b-2", lambda users: aipw_effect(users[users["treated"]]), "the treated only"),
    ("14b-4", lambda users: imputed_effects(users) * users["e"], "not right"),
    ("14b-5", lambda users: uplift_by_kind(users).mean(), "a `Series` indexed by"),
    ("14b-5", lambda users: users["m1"].groupby(users["kind"]).mean(), "not right"),
    ("14b-9", lambda users: abs(weighted_balance(users)) + 1, "not right"),
)
