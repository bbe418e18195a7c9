"""The solutions of lesson 05 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, judge
from helpers.exercises.lessons.lesson_05 import (
    best_items,
    choose_neighbors,
    error_of_user_means,
    predict,
    zscore_prediction,
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


def test_zscore_prediction():
    # z = (5 - 3) / 2 = 1 and (1 - 2) / 0.5 = -2, weights 0.6 and -0.2: (0.6 + 0.4) / 0.8 = 1.25.
    arrays = map(np.array, ([0.6, -0.2, 0.9], [5, 1, np.nan], [3, 2, 4], [2, 0.5, 1]))
    assert zscore_prediction(*arrays, 3.0, 0.8) == pytest.approx(3 + 0.8 * 1.25)


def test_predict():
    # B's mean is 3, 1 above at y; C's is 2.5, 0.5 above: A's mean 2 + (0.5 + 0.5 * 0.5) / 1 = 2.75.
    table = pd.DataFrame({"x": [2.0, 2, 2], "y": [np.nan, 4, 3]}, index=["A", "B", "C"])
    alike = pd.Series([1.0, 0.5, 0.5], table.index)
    assert predict(table, alike, "A", "y") == pytest.approx(2.75)


def rows(*triples):
    return pd.DataFrame(triples, columns=["user_id", "item_id", "rating"])


def test_error_of_user_means():
    # A's mean is 3, off by 1; the newcomer gets 4, the mean of 2, 4 and 6, off by 3: root of 5.
    train = rows(("A", "x", 2.0), ("A", "y", 4.0), ("B", "x", 6.0))
    test = rows(("A", "z", 2.0), ("N", "x", 1.0))
    assert error_of_user_means(train, test) == pytest.approx(5**0.5)


def test_best_items():
    scores = pd.Series({"x": 9.0, "y": 2.0, "z": np.nan, "w": 2.0, "v": 3.0})
    assert best_items(scores, ["x"], 2) == ["v", "y"]


def chosen_one_by_one(similarities, ratings, me, k):
    able = [u for u in ratings.index if u != me and ratings[u] > 0 and similarities[u] > 0]
    return sorted(able, key=lambda user: -similarities[user])[:k]


def zscore_with_nansum(similarities, ratings, means, spreads, mean, spread):
    scores = (ratings - means) / spreads
    weights = np.where(np.isnan(scores), 0, similarities)
    return mean + spread * np.nansum(weights * scores) / np.abs(weights).sum()


def predicted_one_by_one(table, similarities, user, item):
    above = below = 0
    for other, row in table.iterrows():
        if other != user and row[item] == row[item]:
            above += similarities[other] * (row[item] - np.nanmean(row))
            below += abs(similarities[other])
    return np.nanmean(table.loc[user]) + above / below


def error_by_merge(train, test):
    means = train.groupby("user_id", as_index=False)["rating"].mean()
    both = test.merge(means, on="user_id", how="left", suffixes=("", "_mean"))
    errors = both["rating"] - both["rating_mean"].fillna(train["rating"].mean())
    return float(np.linalg.norm(errors) / len(errors) ** 0.5)


def best_by_argsort(scores, seen, n):
    values = np.where(scores.index.isin(seen), np.nan, scores)
    order = np.argsort(-values, kind="stable")  # NaN comes last
    return scores.index[order][: np.count_nonzero(~np.isnan(values))][:n].tolist()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("05-1", chosen_one_by_one),
        ("05-2", zscore_with_nansum),
        ("05-3", predicted_one_by_one),
        ("05-4", error_by_merge),
        ("05-5", best_by_argsort),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT
