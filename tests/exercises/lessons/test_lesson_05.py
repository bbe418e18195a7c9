"""The solutions of lesson 05 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_05 import (
    best_items,
    choose_neighbors,
    item_bias,
    predict,
)


def test_choose_neighbors():
    # A is oneself, B has not rated, D is unlike: C and E are left, E first.
    alike = pd.Series({"A": 1.0, "B": 0.9, "C": 0.2, "D": -0.5, "E": 0.3})
    stars = pd.Series({"A": 5.0, "B": np.nan, "C": 1.0, "D": 2.0, "E": 3.0})
    assert choose_neighbors(alike, stars, "A", 1) == ["E"]
    assert choose_neighbors(alike, stars, "A", 3) == ["E", "C"]
    # For B, who has not rated it, A is just as like as B is to herself: A first, then E.
    alike["B"] = 1.0
    assert choose_neighbors(alike, stars, "B", 2) == ["A", "E"]


def test_predict():
    # B's mean is 3, 1 above at y; C's is 2.5, 0.5 above: A's mean 2 + (0.5 + 0.5 * 0.5) / 1 = 2.75.
    table = pd.DataFrame({"x": [2.0, 2, 2], "y": [np.nan, 4, 3]}, index=["A", "B", "C"])
    alike = pd.Series([1.0, 0.5, 0.5], table.index)
    assert predict(table, alike, "A", "y") == pytest.approx(2.75)


def test_item_bias():
    # 4 and 1 are 1 above and 2 below a mean of 3: -1 from two ratings, so -1 / (3 + 2).
    assert item_bias(pd.Series([4.0, np.nan, 1.0]), 3.0, 3) == pytest.approx(-0.2)


def test_best_items():
    scores = pd.Series({"x": 9.0, "y": 2.0, "z": np.nan, "w": 2.0, "v": 3.0})
    assert best_items(scores, ["x"], 2) == ["v", "y"]


def chosen_one_by_one(similarities, ratings, me, k):
    able = [u for u in ratings.index if u != me and ratings[u] > 0 and similarities[u] > 0]
    return sorted(able, key=lambda user: -similarities[user])[:k]


def predicted_one_by_one(table, similarities, user, item):
    above = below = 0
    for other, row in table.iterrows():
        if other != user and row[item] == row[item]:
            above += similarities[other] * (row[item] - np.nanmean(row))
            below += abs(similarities[other])
    return np.nanmean(table.loc[user]) + above / below


def bias_by_numpy(ratings, mean, damping):
    known = ratings.to_numpy()[ratings.notna()]
    return (known.sum() - len(known) * mean) / (len(known) + damping)


def best_by_argsort(scores, seen, n):
    values = np.where(scores.index.isin(seen), np.nan, scores)
    order = np.argsort(-values, kind="stable")  # NaN comes last
    return scores.index[order][: np.count_nonzero(~np.isnan(values))][:n].tolist()


def as_index(similarities, ratings, me, k):
    able = similarities.where(ratings > 0).drop(me, errors="ignore")
    return able[able > 0].sort_values(ascending=False, kind="stable").head(k).index


def as_tuple(scores, seen, n):
    return tuple(best_items(scores, seen, n))


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("05-1", chosen_one_by_one),
        ("05-1", as_index),
        ("05-2", predicted_one_by_one),
        ("05-4", bias_by_numpy),
        ("05-5", best_by_argsort),
        ("05-5", as_tuple),
        ("05-6", " C "),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def worst_first(scores, seen, n):
    return best_items(scores, seen, n)[::-1]


def with_median(table, similarities, user, item):
    deviations = table.sub(table.median(axis=1), axis=0)[item].drop(user).dropna()
    weights = similarities[deviations.index]
    return table.loc[user].median() + (weights * deviations).sum() / weights.abs().sum()


def at_least_half(similarities, ratings, me, k):
    return choose_neighbors(similarities[similarities >= 0.5], ratings[similarities >= 0.5], me, k)


def one_too_few(similarities, ratings, me, k):
    return choose_neighbors(similarities, ratings, me, k)[: k - 1]


def equals_by_alphabet(similarities, ratings, me, k):
    return choose_neighbors(similarities.sort_index(), ratings.sort_index(), me, k)


def with_all_equals(similarities, ratings, me, k):
    able = similarities[ratings.notna() & (similarities > 0)].drop(me, errors="ignore")
    return able.nlargest(k, keep="all").index.tolist()


def list_with_all_equals(scores, seen, n):
    return scores.drop(seen).dropna().nlargest(n, keep="all").index.tolist()


# Answers that learners gave, and what they must hear.
ANSWERS = [
    ("05-1", lambda s, r, me, k: set(choose_neighbors(s, r, me, k)), "gives a set"),
    ("05-1", lambda s, r, me, k: s[choose_neighbors(s, r, me, k)], "the similarities themselves"),
    ("05-1", lambda s, r, me, k: s.nlargest(k), "It should give texts"),
    ("05-1", lambda s, r, me, k: choose_neighbors(s, r, me, k)[0], "It should give several"),
    ("05-1", at_least_half, "is missing"),
    ("05-1", equals_by_alphabet, "not right"),
    ("05-1", one_too_few, "Do you stop at k − 1"),
    ("05-1", with_all_equals, "is not expected"),
    ("05-2", with_median, "not right"),
    ("05-2", lambda *inputs: round(predict(*inputs), 2), "is something rounded"),
    ("05-4", lambda r, mean, damping: round(item_bias(r, mean, damping), 2), "rounded"),
    ("05-4", lambda r, mean, damping: 100 * item_bias(r, mean, damping), "not right"),
    ("05-4", lambda r, mean, damping: (r - mean).mean(), "Add λ to the number of ratings"),
    ("05-4", lambda r, mean, damping: sum(r - mean) / (damping + len(r)), "not right"),
    ("05-5", lambda scores, seen, n: scores[best_items(scores, seen, n)], "the scores themselves"),
    ("05-5", worst_first, "their order is not"),
    ("05-5", list_with_all_equals, "is not expected"),
    ("05-3", "a", "in stars"),
    ("05-6", "16", "one letter"),
    ("05-7", "d", "repeats a number"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
