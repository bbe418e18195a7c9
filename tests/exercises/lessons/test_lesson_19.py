"""Answers to lesson 19 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
import pytest

from exercises.lesson_19 import prediction_without
from helpers import explain
from helpers.recommend import UserKNN
from tests.exercises.lessons.answers import are_right, are_told


def test_without_a_neighbor_is_what_a_model_predicts_that_has_never_seen_her():
    ratings = pd.DataFrame(
        [
            *[("Ana", "tea", 5), ("Ana", "cup", 3), ("Ana", "pot", 4)],
            *[("Ben", "tea", 4), ("Ben", "cup", 2), ("Ben", "oil", 5)],
            *[("Cem", "tea", 5), ("Cem", "cup", 4), ("Cem", "pot", 3), ("Cem", "oil", 2)],
            *[("Dee", "cup", 2), ("Dee", "pot", 4), ("Dee", "oil", 4)],
        ],
        columns=["user_id", "item_id", "rating"],
    )
    model = UserKNN(5, min_sim=-1, similarity="pearson", center="mean")
    votes = model.fit(ratings).explain("Ana", "oil")
    rest = model.fit(ratings[ratings["user_id"] != "Ben"]).explain("Ana", "oil")
    neighbors = votes.iloc[1:]
    j = neighbors["neighbor"].tolist().index("Ben")
    ours = prediction_without(
        votes["contribution"].iloc[0], *neighbors[["similarity", "deviation"]].to_numpy(float).T, j
    )
    assert ours == pytest.approx(rest["contribution"].sum())


def by_helper(players, v):
    def score(rows):
        there = rows.to_numpy() == 1
        return np.array([v[frozenset(np.array(players)[each])] for each in there])

    absent, present = (pd.DataFrame([[k] * len(players)], columns=players) for k in (0, 1))
    return explain.shapley_values(score, absent, present).iloc[0].to_dict()


def row_by_row(weights, x, background, keep):
    total = 0
    for each in background:
        row = each.copy()
        row[keep] = x[keep]
        total += np.exp(weights @ row)
    return total / len(background)


def deleted_by_helper(weights, x, means, attributions, k):
    background, row, values = (pd.DataFrame(each[None]) for each in (means, x, attributions))
    return explain.deletion_curve(lambda table: table @ weights, background, row, values).iloc[0, k]


def agreement_by_helper(attributions):
    runs = [pd.DataFrame(each) for each in attributions]
    return explain.stability(runs)["same_top"].mean()


test_another_way_is_right_too = are_right(
    ("19-1", lambda m, s, d, j: m + (s @ d - s[j] * d[j]) / (abs(s).sum() - abs(s[j]))),
    ("19-3", by_helper),
    ("19-4", row_by_row),
    ("19-5", deleted_by_helper),
    ("19-6", agreement_by_helper),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("19-4", lambda weights, x, background, keep: np.median(background), "not right"),
    ("19-5", lambda w, x, means, a, k: w @ means, "not right"),
    ("19-6", lambda a: a.argmax(axis=2), "a number"),
    ("19-7", lambda b, w, x, j, target, low, high: None, "None"),
)
