"""Answers to lesson 04 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np

from exercises.lesson_04 import damped_similarity, nearest_users
from helpers import similarity
from tests.exercises.lessons.answers import are_right, are_told


def of_two(measure):
    """Answer with a measure of the helper, which compares rows of a matrix."""
    return lambda a, b, *_: measure(np.array([a, b]))[0, 1]


def sparsity_of_the_helper(ratings):
    matrix = similarity.rating_matrix(ratings).ratings
    return 1 - matrix.nnz / np.prod(matrix.shape)


def damped_by_helper(a, b, damping):
    X = np.array([a, b])
    overlap = (~np.isnan(X)).all(axis=0).sum()
    return similarity.measures.mean_squared_difference(X)[0, 1] * similarity.damping_factor(
        overlap, damping
    )


def nearest_by_sorting(similarities, me, k):
    ordered = similarities[similarities.index != me].sort_values(ascending=False, kind="stable")
    return ordered.dropna().index[:k]


test_another_way_is_right_too = are_right(
    ("04-1", sparsity_of_the_helper),
    ("04-3", of_two(similarity.own_mean_pearson)),
    ("04-4", of_two(similarity.jaccard)),
    ("04-5", damped_by_helper),
    ("04-6", nearest_by_sorting),
)


def cells(ratings):
    return ratings["user_id"].nunique() * ratings["item_id"].nunique()


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    ("04-1", lambda ratings: 100 * len(ratings) / cells(ratings), "not right"),
    ("04-4", lambda a, b: (a.fillna(0) == b.fillna(0)).mean(), "not right"),
    ("04-5", lambda a, b, damping: damped_similarity(a, b, 24), "not right"),
    ("04-6", lambda s, me, k: nearest_users(s, me, k - 1), "did you take k before"),
    ("04-6", lambda s, me, k: (-s.drop(me).dropna()).sort_values().head(k).index, "stable"),
    ("04-6", lambda s, me, k: s.drop(me).nlargest(k).tolist(), "You return the similarities"),
    ("04-6", lambda s, me, k: s.drop(me).dropna().idxmax(), "It should give several values"),
    ("04-6", lambda s, me, k: s.nlargest(k + 1).index[1:].tolist(), "Leave out `me` by name"),
)
