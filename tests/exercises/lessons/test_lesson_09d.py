"""Answers to lesson 09d that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd

from helpers import evaluation
from helpers.data.shop import place_probabilities
from tests.exercises.lessons.answers import are_right, are_told


def second_by_helper(weights):
    return place_probabilities(pd.Series(weights), 2)[2].to_numpy()


def swaps_by_helper(lists, k):
    both = lists[(lists["partner"] == k) & lists["position"].isin([1, k])]
    return evaluation.examination(both.assign(propensity=0.5)).loc[k, "examination"]


def relevance_by_a_weighted_mean(log, examination):
    rows = log.assign(w=log["position"].map(examination))
    rows["ratio"] = rows["clicked"] / rows["w"]
    return rows.groupby("item_id").apply(lambda own: np.average(own["ratio"], weights=own["w"]))


def of_helper(log, name, **model):
    return evaluation.counterfactual_values(log, log["target"], **model).loc[name, "value"]


def one_place(propensity, target, clicked):
    log = pd.DataFrame({"propensity": propensity, "target": target})
    log = log.assign(clicked=clicked.astype(bool), position=1)
    return log.assign(list_id=np.arange(len(log)))


def robust_by_helper(propensity, target, clicked, predicted, expected):
    log = one_place(propensity, target, clicked)
    model = {"predicted": pd.Series(predicted), "expected": pd.Series(expected)}
    return of_helper(log, "doubly robust", **model)


def drafted_with_sets(a, b, coins):
    left, merged = {"A": list(a), "B": list(b)}, []
    for coin in coins:
        for team in sorted("AB", reverse=coin == "B"):
            item = left[team][0]
            merged.append((item, team))
            left = {name: [i for i in own if i != item] for name, own in left.items()}
    return merged


test_another_way_is_right_too = are_right(
    ("09d-1", second_by_helper),
    ("09d-2", swaps_by_helper),
    ("09d-3", relevance_by_a_weighted_mean),
    (
        "09d-4",
        lambda log: of_helper(log.assign(position=log.groupby("list_id").cumcount() + 1), "IPS"),
    ),
    ("09d-5", lambda *given: np.average(given[2], weights=given[1] / given[0])),
    ("09d-5", lambda *given: of_helper(one_place(*given), "SNIPS")),
    ("09d-6", robust_by_helper),
    ("09d-8", drafted_with_sets),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("09d-2", lambda lists, k: 1 / k, "not right"),
    ("09d-3", lambda log, examination: log["clicked"].mean(), "number"),
    ("09d-5", lambda p, t, c: c.mean(), "not right"),
    ("09d-5", lambda p, t, c: np.average(c, weights=t * p), "multiplied"),
    ("09d-5", lambda p, t, c: np.average(c, weights=t > 0), "unweighted"),
)
