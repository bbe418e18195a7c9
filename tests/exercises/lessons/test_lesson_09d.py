"""The solutions of lesson 09d on small tables of our own, worked by hand, and found otherwise."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_09d import (
    doubly_robust,
    draft,
    ips,
    relevance_of,
    second_place,
    snips,
    swap_ratio,
)
from helpers import evaluation
from helpers.data.shop import place_probabilities


def test_second_place():
    # Weights 3, 1: each is second if the other comes first. Weights 1, 1, 1: 2 · 1/3 · 1/2.
    assert second_place(np.array([3.0, 1.0])) == pytest.approx([0.25, 0.75])
    assert second_place(np.ones(3)) == pytest.approx([1 / 3] * 3)


def test_swap_ratio():
    # With partner 2, place 1 has two clicks and place 2 one. The list with partner 3 is left out.
    lists = pd.DataFrame({"list_id": [1, 1, 2, 2, 3, 3], "position": [1, 2, 1, 2, 1, 2]})
    lists["partner"] = [2, 2, 2, 2, 3, 3]
    lists["clicked"] = [True, False, True, True, False, True]
    assert swap_ratio(lists, 2) == 0.5


def test_relevance_of():
    # a is looked at 1 + 0.25 times and clicked once: 0.8. b is looked at 0.25 times, not clicked.
    log = pd.DataFrame({"item_id": ["a", "a", "b"], "position": [1, 4, 4]})
    log["clicked"] = [True, False, False]
    assert relevance_of(log, pd.Series({1: 1.0, 4: 0.25})).to_dict() == {"a": 0.8, "b": 0}


def test_ips():
    # Three lists; weights 1 / 0.5 = 2 (clicked), 0.3 / 0.1 = 3 (clicked) and 5 (not): 5 / 3.
    log = pd.DataFrame({"list_id": [1, 2, 3], "propensity": [0.5, 0.1, 0.2]})
    log = log.assign(target=[1, 0.3, 1], clicked=[True, True, False])
    assert ips(log) == pytest.approx(5 / 3)


def test_snips():
    # Weights 2 and 8, the first clicked: 2 / 10.
    assert snips(np.array([0.5, 0.125]), np.ones(2), np.array([1, 0])) == pytest.approx(0.2)


def test_doubly_robust():
    # 0.5 + 4 (1 − 0.25) = 3.5 and 0.5 + 0: the mean is 2.
    given = [0.25, 0.5], [1, 0], [1, 1], [0.25, 0.1], [0.5, 0.5]
    assert doubly_robust(*map(np.array, given)) == pytest.approx(2)


def test_draft():
    assert draft(["a", "b"], ["a", "c"], "B") == [("a", "B"), ("b", "A")]


def second_by_permutations(weights):
    found = np.zeros(len(weights))
    for first, second in permutations(range(len(weights)), 2):
        w = weights.sum()
        found[second] += weights[first] / w * weights[second] / (w - weights[first])
    return list(found)


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


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("09d-1", second_by_permutations),
        ("09d-1", second_by_helper),
        ("09d-2", swaps_by_helper),
        ("09d-3", relevance_by_a_weighted_mean),
        (
            "09d-4",
            lambda log: of_helper(
                log.assign(position=log.groupby("list_id").cumcount() + 1), "IPS"
            ),
        ),
        ("09d-5", lambda *given: np.average(given[2], weights=given[1] / given[0])),
        ("09d-5", lambda *given: of_helper(one_place(*given), "SNIPS")),
        ("09d-6", robust_by_helper),
        ("09d-7", " C"),
        ("09d-8", drafted_with_sets),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("09d-1", lambda weights: second_place(weights)[0], "number"),
    ("09d-1", lambda weights: second_place(weights).round(1), "is something rounded"),
    ("09d-1", lambda weights: 100 * second_place(weights), "not right"),
    ("09d-2", lambda lists, k: round(swap_ratio(lists, k), 1), "is something rounded"),
    ("09d-2", lambda lists, k: lists["click"].mean(), "`partner`"),
    ("09d-2", lambda lists, k: 1 / k, "not right"),
    ("09d-2", lambda lists, k: swap_ratio(lists[lists["swapped"]], k), "swapped lists only"),
    ("09d-3", lambda log, examination: log["clicked"].mean(), "number"),
    ("09d-3", lambda log, examination: -relevance_of(log, examination), "not right"),
    ("09d-4", lambda log: 100 * ips(log), "not right"),
    ("09d-4", lambda log: (log["clicked"] * log["target"] / log["propensity"]).mean(), "per list"),
    ("09d-4", lambda log: log["clicked"][log["target"] > 0].mean(), "matching rows"),
    ("09d-5", lambda p, t, c: c.mean(), "not right"),
    ("09d-5", lambda p, t, c: np.average(c, weights=t * p), "multiplied"),
    ("09d-5", lambda p, t, c: np.average(c, weights=t > 0), "unweighted"),
    ("09d-6", lambda p, t, c, q, new: (t / p * (c - q)).mean(), "errors alone"),
    ("09d-6", lambda p, t, c, q, new: sum(new + t / p * (c - q)), "take the mean"),
    ("09d-7", "both", "one letter in quotes"),
    ("09d-8", lambda a, b, coins: draft(b, a, coins), "wrong list"),
    ("09d-8", lambda a, b, coins: draft(a, b, coins)[::-1], "their order is not"),
    ("09d-8", lambda a, b, coins: [pair[::-1] for pair in draft(a, b, coins)], "turned around"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
