"""The solutions of lesson 09c on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_09c import (
    calibrated,
    capped,
    divergence,
    intra_list,
    mmr_order,
    popularity_lift,
)
from helpers import evaluation
from helpers.recommend import calibrate, cap, mmr

NAMES = list("abc")
ALIKE = pd.DataFrame([[1, 0.9, 0.1], [0.9, 1, 0.3], [0.1, 0.3, 1]], NAMES, NAMES)
SCORE = pd.Series([1.0, 0.8, 0.0], NAMES)


def rows(columns, *values):
    return pd.DataFrame(values, columns=columns.split())


def as_candidates(score):
    table = pd.DataFrame({"user_id": "Ana", "item_id": score.index, "score": score.to_numpy()})
    return table.assign(rank=table["score"].rank(ascending=False).astype(int))


def test_intra_list():
    # (0.9 + 0.1 + 0.3) / 3, and one pair.
    assert intra_list(NAMES, ALIKE) == pytest.approx(1.3 / 3)
    assert intra_list(["c", "b"], ALIKE) == pytest.approx(0.3)


def test_mmr_order():
    # w = 0.5: a; then b 0.4 − 0.45 = −0.05, c 0 − 0.05 = −0.05: a tie that stays with b. With
    # w = 0.6: b 0.32 − 0.54 = −0.22, c 0 − 0.06 = −0.06: c.
    assert mmr_order(SCORE, ALIKE, 2, 0.4) == ["a", "b"]
    assert mmr_order(SCORE, ALIKE, 3, 0.6) == ["a", "c", "b"]


def test_capped():
    shelf = {"a": 1, "b": 1, "c": 2, "d": 1}
    assert capped(list("abdc"), shelf, 2, 3) == ["a", "b", "c"]
    assert capped(list("abd"), shelf, 1, 3) == ["a"]


def test_divergence():
    # p = 2/3, 1/3; q = 1/2, 1/2; α = 0.4: q̃ = 0.3 + 0.8/3 = 0.5667, 0.3 + 0.4/3 = 0.4333:
    # 2/3 ln(0.6667 / 0.5667) + 1/3 ln(0.3333 / 0.4333) = 0.1083 − 0.0875 = 0.0209.
    assert divergence(["x", "x", "y"], ["y", "x"], 0.4) == pytest.approx(0.0209, abs=5e-5)


def test_calibrated():
    # p = ½ x, ½ y, k = 2, α = 0.5: each first item gains ½ ln(0.5 / 0.25) = 0.347, the second of x
    # ½ ln(0.75 / 0.5) = 0.203. w = 0.9: a 0.1 + 0.312; then b 0.08 + 0.182 = 0.262, c 0.312: c.
    shelf, shares = pd.Series(["x", "x", "y"], NAMES), pd.Series({"x": 0.5, "y": 0.5})
    assert calibrated(SCORE, shelf, shares, 2, 0.9, 0.5) == ["a", "c"]
    assert calibrated(SCORE, shelf, shares, 2, 0.1, 0.5) == ["a", "b"]


def test_popularity_lift():
    # Two users: a has 2, b 1. Ana's list has b, 0.5; her history a, b, 0.75: −1/3.
    had = rows("user_id item_id", ("Ana", "a"), ("Ana", "b"), ("Ben", "a"))
    lists = rows("user_id item_id rank", ("Ana", "b", 1))
    assert popularity_lift(lists, had) == pytest.approx(-1 / 3)


def intra_list_of_the_helper(items, alike):
    lists = pd.DataFrame({"user_id": "Ana", "item_id": items})
    lists["rank"] = np.arange(len(items)) + 1
    return evaluation.intra_list_similarity(lists, alike).iloc[0]


def mmr_of_the_helper(score, alike, k, weight):
    return mmr(as_candidates(score), alike, k, weight=weight)["item_id"].tolist()


def cap_of_the_helper(ranked, category, most, k):
    score = pd.Series(np.linspace(1, 0, len(ranked)), ranked)
    return cap(as_candidates(score), pd.Series(category), k, most=most)["item_id"].tolist()


def divergence_of_scipy(history, shown, smoothing):
    names = sorted({*history, *shown})
    p, q = (np.array([each.count(n) for n in names]) / len(each) for each in (history, shown))
    return entropy(p, (1 - smoothing) * q + smoothing * p)


def calibrate_of_the_helper(score, category, shares, k, weight, smoothing):
    # A history with these shares: of twenty items, so many of each category.
    item_of = {shelf: f"had {shelf}" for shelf in shares.index}
    had = [item_of[shelf] for shelf, share in shares.items() for _ in range(round(20 * share))]
    history = pd.DataFrame({"user_id": "Ana", "item_id": had})
    shelf = pd.concat([category, pd.Series({item: name for name, item in item_of.items()})])
    found = calibrate(as_candidates(score), history, shelf, k, weight=weight, smoothing=smoothing)
    return found["item_id"].tolist()


def lift_of_the_helper(lists, history):
    both = evaluation.list_popularity(lists, history).mean()
    return both["shown"] / both["own"] - 1


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("09c-1", intra_list_of_the_helper),
        (
            "09c-1",
            lambda items, alike: (
                (alike.loc[items, items].to_numpy().sum() - len(items))
                / (len(items) * (len(items) - 1))
            ),
        ),
        ("09c-2", mmr_of_the_helper),
        ("09c-2", lambda *given: np.array(mmr_order(*given))),
        ("09c-3", cap_of_the_helper),
        ("09c-3", lambda *given: tuple(capped(*given))),
        ("09c-5", divergence_of_scipy),
        ("09c-6", calibrate_of_the_helper),
        ("09c-7", lift_of_the_helper),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("09c-1", lambda items, alike: alike.loc[items, items].to_numpy().mean(), "with itself"),
    ("09c-1", lambda items, alike: intra_list(items, alike).round(1), "is something rounded"),
    ("09c-2", lambda *given: mmr_order(*given)[:-1], "instead of"),
    ("09c-2", lambda *given: mmr_order(*given)[::-1], "their order is not"),
    ("09c-3", lambda ranked, category, most, k: ranked[:k], "There is no cap"),
    ("09c-3", lambda *given: capped(*given)[::-1], "their order is not"),
    ("09c-5", lambda *given: 100 * divergence(*given), "not right"),
    ("09c-6", lambda *given: calibrated(*given)[::-1], "their order is not"),
    ("09c-7", lambda lists, history: lists.groupby("user_id").size(), "several values"),
    ("09c-7", lambda *given: -popularity_lift(*given), "not right"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
