"""Answers to lesson 07 that learners give: right ones by another way, and what wrong ones hear."""

from itertools import product

import numpy as np
from scipy.stats import wilcoxon
from sklearn.metrics import ndcg_score

from exercises.lesson_07 import (
    flip_p_value,
    rmse_of_user_means,
)
from helpers import evaluation
from tests.exercises.lessons.answers import are_right, are_told


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


def share_of_means_of_swaps(ours, theirs):
    as_far = []
    for swaps in product([False, True], repeat=len(ours)):
        mine, yours = np.where(swaps, theirs, ours), np.where(swaps, ours, theirs)
        as_far.append(abs(mine.mean() - yours.mean()) >= abs(ours.mean() - theirs.mean()))
    return sum(as_far) / len(as_far)


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
    ("07-1", precision_of_helper),
    ("07-2", average_precision_by_cumsum),
    ("07-3", ndcg_by_scikit_learn),
    ("07-5", rmse_by_dict),
    ("07-6", share_of_means_of_swaps),
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
    ("07-5", by_calendar_day, "not right"),
    ("07-6", lambda ours, theirs: 1 - flip_p_value(ours, theirs), "less far from 0"),
    ("07-6", lambda ours, theirs: flip_p_value(ours, theirs) / 2, "one side only"),
    ("07-6", bootstrap_share, "not right"),
    ("07-6", lambda ours, theirs: wilcoxon(ours, theirs).pvalue, "Wilcoxon's test"),
)
