"""Answers to lesson 08 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from exercises.engine import course
from exercises.engine.exercise import WRONG, judge
from exercises.lesson_08 import combine, ridge_profile
from tests.exercises.lessons.answers import are_right, are_told


def averaged(a, b, weights):
    cosines = [np.dot(a[g], b[g]) / (np.sum(a[g] ** 2) * np.sum(b[g] ** 2)) ** 0.5 for g in weights]
    return np.average(cosines, weights=list(weights.values()))


def cold_by_merge(train, test):
    users = train[["user_id"]].drop_duplicates()
    return float((test.merge(users, how="left", indicator=True)["_merge"] == "left_only").mean())


def profile_by_library(features, beyond, lam):
    model = Ridge(alpha=lam, fit_intercept=False).fit(features.loc[beyond.index], beyond)
    return pd.Series(model.coef_, features.columns)


def scaled(scores):
    return (scores - scores.min()) / np.ptp(scores)


def votes_added_up(one, two, weight):
    votes = pd.concat([weight * scaled(one), (1 - weight) * scaled(two)])
    return votes.groupby(level=0).sum().sort_values(ascending=False)


def recall_by_merge(shown, bought):
    both = bought.merge(shown, how="left", indicator=True)
    return (both["_merge"] == "both").groupby(both["user_id"]).mean().mean()


test_another_way_is_right_too = are_right(
    ("08-1", cold_by_merge),
    ("08-2", averaged),
    ("08-3", profile_by_library),
    ("08-6", recall_by_merge),
    ("08-7", votes_added_up),
)


def test_the_right_votes_of_other_items_are_wrong():
    def turned_round(one, two, weight):
        votes = votes_added_up(one, two, weight)
        return pd.Series(votes.to_numpy()[::-1], votes.index)

    assert judge(course.find("08-7"), turned_round).mark == WRONG


@pytest.mark.parametrize("id", ["08-1", "08-2", "08-3", "08-6", "08-7"])
def test_the_results_of_the_open_cases_are_not_enough(id):
    exercise = course.find(id)
    open_results = iter(exercise.verdict_on.right[: exercise.verdict_on.n_open])
    last = exercise.verdict_on.right[0]
    assert judge(exercise, lambda *given: next(open_results, last)).mark == WRONG


def hits_by_buyers(shown, bought):
    return len(shown.merge(bought)) / bought["user_id"].nunique()


def recall_of_each(shown, bought):
    both = bought.merge(shown, how="left", indicator=True)
    return (both["_merge"] == "both").groupby(both["user_id"]).mean()


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("08-3", lambda f, e, lam: ridge_profile(f, e, lam / 2), "not right"),
    ("08-6", hits_by_buyers, "not right"),
    ("08-6", recall_of_each, "Return their mean"),
    ("08-7", lambda one, two, w: combine(one, two, 0.5), "not right"),
)
