"""Answers to lesson 07 that learners give: right ones by another way, and what wrong ones hear."""

from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import wilcoxon
from sklearn.metrics import ndcg_score, root_mean_squared_error

from exercises.lesson_07 import (
    average_precision,
    flip_p_value,
    rmse_of_user_means,
)
from helpers import evaluation
from tests.exercises.lessons.answers import are_right, are_told


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


test_another_way_is_right_too = are_right(
    ("07-1", precision_one_by_one),
    ("07-1", precision_of_helper),
    ("07-2", average_precision_by_cumsum),
    ("07-3", ndcg_by_scikit_learn),
    ("07-3", ndcg_with_natural_logarithms),
    ("07-5", rmse_by_merge),
    ("07-5", rmse_by_dict),
    ("07-6", share_of_means_of_swaps),
    ("07-6", one_side_twice),
)


def bootstrap_share(ours, theirs):
    difference = ours - theirs
    rng = np.random.default_rng(0)
    draws = difference[rng.integers(len(ours), size=(999, len(ours)))].mean(axis=1)
    return (draws <= 0).mean()


def by_calendar_day(ratings, cutoff):
    return rmse_of_user_means(ratings.assign(rated_at=ratings["rated_at"].dt.normalize()), cutoff)


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    (
        "07-1",
        lambda lists, liked, k: evaluation.ranking_metrics(lists, liked, k)["precision"],
        "It should give a number",
    ),
    (
        "07-2",
        lambda recommended, liked, k: round(average_precision(recommended, liked, k), 2),
        "round",
    ),
    ("07-5", by_calendar_day, "not right"),
    ("07-6", lambda ours, theirs: 1 - flip_p_value(ours, theirs), "less far from 0"),
    ("07-6", lambda ours, theirs: flip_p_value(ours, theirs) / 2, "one side only"),
    ("07-6", bootstrap_share, "not right"),
    ("07-6", lambda ours, theirs: wilcoxon(ours, theirs).pvalue, "Wilcoxon's test"),
)
