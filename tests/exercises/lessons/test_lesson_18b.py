"""The helpers and lesson 18b agree, and what answers to the lesson that learners give are told."""

import numpy as np
import pandas as pd
import pytest

from exercises.lesson_18b import bm25_weight, coverage_and_risk
from helpers import desk, text
from tests.exercises.lessons.answers import are_right, are_told


def test_the_helper_weighs_a_word_as_the_exercise_does():
    # "mug" once in a page of 3 words; pages of 3 and 1 words.
    scores = text.BM25().fit(["mug tent pan", "cup"]).scores("mug")
    assert bm25_weight(1, 3, 2.0, 1, 2) == pytest.approx(scores[0])


def test_the_helper_computes_risk_as_the_exercise_does():
    scores, right = np.array([0.9, 0.5, 0.1]), np.array([True, False, False])
    curve = desk.risk_coverage(scores, right)
    at_the_second = curve.iloc[1][["coverage", "risk"]].tolist()
    assert coverage_and_risk(scores, right, 0.5) == pytest.approx(at_the_second)


def by_helper(ranks):
    # Scores that have these ranks; what is not found scores 0.
    return text.reciprocal_rank_fusion(np.nan_to_num(1 / ranks))


def with_a_regex(orders, user_id, question):
    named = orders["order_id"].isin(pd.Series([question]).str.findall(r"\bO\d{6}\b")[0])
    return orders[named & (orders["user_id"] == user_id)]


test_another_way_is_right_too = are_right(
    ("18b-3", by_helper),
    ("18b-5", lambda s, r, t: [np.mean(s >= t), 1 - r[s >= t].sum() / (s >= t).sum()]),
    ("18b-6", lambda wrong, person: (wrong - person) / wrong),
    ("18b-7", with_a_regex),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("18b-2", lambda similarities, pages: similarities, "instead of 2 values"),
    ("18b-3", lambda ranks: ranks.mean(axis=0), "not right"),
    ("18b-3", lambda ranks: 1 / 60 + np.nansum(ranks, axis=0), "not right"),
    ("18b-5", lambda s, r, t: coverage_and_risk(s, r, t)[::-1], "order"),
    ("18b-6", lambda wrong, person: 0.5, "not right"),
    ("18b-7", lambda orders, user_id, question: orders, "instead of 2 rows"),
)
