"""The solutions of lesson 07 on small tables of our own, worked by hand, and found otherwise."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wilcoxon
from sklearn.metrics import ndcg_score, root_mean_squared_error

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_07 import (
    average_precision,
    flip_p_value,
    graded_ndcg,
    mean_precision,
    rmse_of_user_means,
)
from helpers import evaluation


def rows(columns, *values):
    return pd.DataFrame(values, columns=columns.split())


def test_mean_precision():
    # A's x is liked and y is not: 1 of 2. B has one item, a hit: 1 of 2. C likes an item and got no
    # list: 0. D likes nothing and does not count. 1 of 2 + 1 of 2 + 0, over 3 users.
    places = ("A", "y", 2), ("A", "z", 3), ("A", "x", 1), ("B", "w", 1), ("D", "x", 1)
    lists = rows("user_id item_id rank", *places)
    liked = rows("user_id item_id", ("A", "x"), ("A", "z"), ("B", "w"), ("B", "v"), ("C", "x"))
    assert mean_precision(lists, liked, 2) == pytest.approx(1 / 3)
    assert mean_precision(lists, liked, 3) == pytest.approx((2 / 3 + 1 / 3) / 3)


def test_average_precision():
    # Hits at ranks 2 and 3: (1/2 + 2/3) / 2; for k = 2 only 1/2, of two that could have been.
    assert average_precision(list("xyzw"), {"y", "z"}, 4) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert average_precision(list("xyzw"), {"y", "z"}, 2) == pytest.approx(1 / 4)
    # Five are liked, two places: at most two hits. Both are there.
    assert average_precision(list("xyz"), set("xyabc"), 2) == 1


def test_graded_ndcg():
    # Gains 3, 0, 4 over 1, log₂ 3, 2: 3 + 0 + 2 = 5. The ideal list: 4 + 3 / log₂ 3 + 1 / 2.
    stars = {"x": 3, "z": 4, "v": 1}
    best = 4 + 3 / np.log2(3) + 1 / 2
    assert graded_ndcg(list("xyz"), stars, 3) == pytest.approx(5 / best)
    assert graded_ndcg(list("zxv"), stars, 3) == pytest.approx(1)
    assert graded_ndcg(list("xyz"), stars, 1) == pytest.approx(3 / 4)


def test_flip_p_value():
    # Differences 2, 1, -1, sum 2. The 8 flips have 4, 2, 2, 0 and the same below 0: 6 of 8.
    ours, theirs = np.array([3.0, 2.0, 1.0]), np.array([1.0, 1.0, 2.0])
    assert flip_p_value(ours, theirs) == 6 / 8
    assert flip_p_value(theirs, ours) == 6 / 8
    assert flip_p_value(ours, ours) == 1


def test_rmse_of_user_means():
    # Before day 4 A's mean is 4, off by 1; N is new and gets 3, the mean of 3, 5 and 1, off by 2.
    stars = [("A", 5, 4), ("A", 3, 1), ("N", 1, 9), ("B", 1, 2), ("A", 5, 3)]
    ratings = rows("user_id rating day", *stars)
    ratings["rated_at"] = pd.Timestamp("2025-12-28") + pd.to_timedelta(ratings["day"], unit="D")
    cutoff = pd.Timestamp("2026-01-01")
    assert rmse_of_user_means(ratings, cutoff) == pytest.approx((5 / 2) ** 0.5)


def precision_one_by_one(lists, liked, k):
    found = []
    for user in set(liked["user_id"]):
        own = lists[lists["user_id"] == user].sort_values("rank")["item_id"].head(k)
        found.append(len(set(own) & set(liked.loc[liked["user_id"] == user, "item_id"])) / k)
    return sum(found) / len(found)


def precision_of_helper(lists, liked, k):
    return evaluation.ranking_metrics(lists, liked, k)["precision"].mean()


def average_precision_by_cumsum(recommended, liked, k):
    hits = np.isin(recommended[:k], list(liked))
    precision = hits.cumsum() / np.arange(1, len(hits) + 1)
    return precision[hits].sum() / min(k, len(liked))


def ndcg_by_scikit_learn(recommended, stars, k):
    items = sorted(stars.keys() | set(recommended))
    scores = [-recommended.index(item) if item in recommended else -99 for item in items]
    return ndcg_score([[stars.get(item, 0) for item in items]], [scores], k=k)


def ndcg_with_natural_logarithms(recommended, stars, k):
    discounts = 1 / np.log(np.arange(len(recommended) + len(stars)) + 2)
    gains = pd.Series(stars).reindex(recommended, fill_value=0).to_numpy()[:k]
    ideal = np.sort(list(stars.values()))[::-1][:k]
    return gains @ discounts[: len(gains)] / (ideal @ discounts[: len(ideal)])


def share_of_means_of_swaps(ours, theirs):
    as_far = []
    for swaps in product([False, True], repeat=len(ours)):
        mine, yours = np.where(swaps, theirs, ours), np.where(swaps, ours, theirs)
        as_far.append(abs(mine.mean() - yours.mean()) >= abs(ours.mean() - theirs.mean()))
    return sum(as_far) / len(as_far)


def one_side_twice(ours, theirs):
    difference = abs((ours - theirs).sum())
    flips = [np.dot(signs, ours - theirs) for signs in product([1, -1], repeat=len(ours))]
    return min(1, 2 * np.mean(np.array(flips) >= difference))


def rmse_by_merge(ratings, cutoff):
    train, test = evaluation.split_time(ratings, cutoff, time="rated_at")
    means = train.groupby("user_id", as_index=False)["rating"].mean()
    both = test.merge(means, on="user_id", how="left", suffixes=("", "_mean"))
    guess = both["rating_mean"].fillna(train["rating"].mean())
    return root_mean_squared_error(both["rating"], guess)


def rmse_by_dict(ratings, cutoff):
    train = ratings[ratings["rated_at"] < cutoff]
    everybody = sum(train["rating"]) / len(train)
    own = train.groupby("user_id")["rating"].mean().to_dict()
    errors = [
        (row.rating - own.get(row.user_id, everybody)) ** 2
        for row in ratings.itertuples(index=False)
        if row.rated_at >= cutoff
    ]
    return (sum(errors) / len(errors)) ** 0.5


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("07-1", precision_one_by_one),
        ("07-1", precision_of_helper),
        ("07-2", average_precision_by_cumsum),
        ("07-3", ndcg_by_scikit_learn),
        ("07-3", ndcg_with_natural_logarithms),
        ("07-5", rmse_by_merge),
        ("07-5", rmse_by_dict),
        ("07-6", share_of_means_of_swaps),
        ("07-6", one_side_twice),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def dcg(gains, k, discount):
    return sum(gain / discount(i) for i, gain in enumerate(gains[:k], start=1))


def original_ndcg(recommended, stars, k):
    gains = [stars.get(item, 0) for item in recommended]
    ideal = sorted(stars.values(), reverse=True)
    discounts = [dcg(each, k, lambda i: max(1, np.log2(i))) for each in (gains, ideal)]
    return discounts[0] / discounts[1]


def bootstrap_share(ours, theirs):
    difference = ours - theirs
    rng = np.random.default_rng(0)
    draws = difference[rng.integers(len(ours), size=(999, len(ours)))].mean(axis=1)
    return (draws <= 0).mean()


def by_calendar_day(ratings, cutoff):
    return rmse_of_user_means(ratings.assign(rated_at=ratings["rated_at"].dt.normalize()), cutoff)


def fill_with_mean_prediction(ratings, cutoff):
    past, future = ratings[ratings["rated_at"] < cutoff], ratings[ratings["rated_at"] >= cutoff]
    predicted = future["user_id"].map(past.groupby("user_id")["rating"].mean())
    return root_mean_squared_error(future["rating"], predicted.fillna(predicted.mean()))


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("07-1", lambda lists, liked, k: 100 * mean_precision(lists, liked, k), "percent"),
    ("07-1", lambda lists, liked, k: round(mean_precision(lists, liked, k), 1), "rounded"),
    ("07-1", lambda lists, liked, k: -mean_precision(lists, liked, k), "not right"),
    (
        "07-1",
        lambda lists, liked, k: evaluation.ranking_metrics(lists, liked, k)["precision"],
        "It should give a number",
    ),
    ("07-1", lambda lists, liked, k: lists["hit"].mean(), "`lists` has the columns `user_id`"),
    (
        "07-2",
        lambda recommended, liked, k: 100 * average_precision(recommended, liked, k),
        "percent",
    ),
    (
        "07-2",
        lambda recommended, liked, k: round(average_precision(recommended, liked, k), 2),
        "round",
    ),
    (
        "07-2",
        lambda recommended, liked, k: 1 - average_precision(recommended, liked, k),
        "not right",
    ),
    ("07-3", original_ndcg, "original DCG with b = 2"),
    ("07-3", lambda recommended, stars, k: 100 * graded_ndcg(recommended, stars, k), "percent"),
    ("07-3", lambda recommended, stars, k: round(graded_ndcg(recommended, stars, k), 2), "rounded"),
    ("07-5", lambda ratings, cutoff: round(rmse_of_user_means(ratings, cutoff), 2), "rounded"),
    ("07-5", by_calendar_day, "not right"),
    ("07-5", fill_with_mean_prediction, "mean of the predictions"),
    ("07-5", lambda ratings, cutoff: -rmse_of_user_means(ratings, cutoff), "not right"),
    (
        "07-5",
        lambda ratings, cutoff: ratings["stars"].mean(),
        "`ratings` has the columns `user_id`, `rating`, `rated_at`",
    ),
    ("07-6", lambda ours, theirs: 1 - flip_p_value(ours, theirs), "less far from 0"),
    ("07-6", lambda ours, theirs: flip_p_value(ours, theirs) / 2, "one side only"),
    ("07-6", bootstrap_share, "not right"),
    ("07-6", lambda ours, theirs: wilcoxon(ours, theirs).pvalue, "Wilcoxon's test"),
    ("07-6", lambda ours, theirs: 100 * flip_p_value(ours, theirs), "percent"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
