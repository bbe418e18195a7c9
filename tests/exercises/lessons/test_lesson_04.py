"""The solutions of lesson 04 on small rows of our own, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_04 import (
    damped_similarity,
    jaccard,
    nearest_users,
    own_mean_pearson,
    sparsity,
)
from helpers import similarity

no = np.nan


def row(*stars):
    return pd.Series(stars, index=list("abcd")[: len(stars)], dtype=float)


def test_sparsity():
    # Three users and three items, 4 of 9 cells filled.
    ratings = pd.DataFrame({"user_id": [1, 1, 2, 7], "item_id": list("abac"), "rating": 3})
    assert sparsity(ratings) == pytest.approx(5 / 9)


def test_own_mean_pearson():
    # Ana and Ben of the lesson: 1 -1 0 and 1.5 -1.5 -1.5 1.5, so 3 / (√2 · 3) = 1/√2.
    ana, ben = row(5, 3, 4, no), row(4, 1, 1, 4)
    assert own_mean_pearson(ana, ben) == pytest.approx(np.sqrt(1 / 2))


def test_jaccard():
    # Both have b and c; a is only in the first, d only in the second: 2 of 4.
    assert jaccard(row(1, 2, 3, no), row(no, 5, 5, 5)) == 2 / 4


def test_damped_similarity():
    # Differences 1, 2 and 3: msd 14/3, so 3/17; three co-rated items and λ = 3 leave half of it.
    assert damped_similarity(row(5, 3, 4, no), row(4, 1, 1, 4), 3) == pytest.approx(3 / 34)


def test_nearest_users():
    similarities = pd.Series({"me": 1.0, "a": 0.2, "b": no, "c": 0.9, "d": 0.2})
    assert nearest_users(similarities, "me", 2) == ["c", "a"]
    assert nearest_users(similarities, "me", 9) == ["c", "a", "d"]


def of_two(measure):
    """Answer with a measure of the helper, which compares rows of a matrix."""
    return lambda a, b, *_: measure(np.array([a, b]))[0, 1]


def sparsity_of_the_helper(ratings):
    matrix = similarity.rating_matrix(ratings).ratings
    return 1 - matrix.nnz / np.prod(matrix.shape)


def sparsity_by_pivot(ratings):
    return (
        ratings.pivot_table(index="user_id", columns="item_id", values="rating")
        .isna()
        .mean()
        .mean()
    )


def damped_by_helper(a, b, damping):
    X = np.array([a, b])
    overlap = (~np.isnan(X)).all(axis=0).sum()
    return similarity.mean_squared_difference(X)[0, 1] * similarity.damping_factor(overlap, damping)


def nearest_by_sorting(similarities, me, k):
    ordered = similarities[similarities.index != me].sort_values(ascending=False, kind="stable")
    return ordered.dropna().index[:k]


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("04-1", sparsity_of_the_helper),
        ("04-1", sparsity_by_pivot),
        ("04-3", of_two(similarity.own_mean_pearson)),
        ("04-4", of_two(similarity.jaccard)),
        ("04-5", damped_by_helper),
        ("04-6", nearest_by_sorting),
        ("04-6", lambda *given: tuple(nearest_users(*given))),
        ("04-6", lambda *given: np.array(nearest_users(*given))),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def cells(ratings):
    return ratings["user_id"].nunique() * ratings["item_id"].nunique()


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("04-1", lambda ratings: len(ratings) / cells(ratings), "the density"),
    ("04-1", lambda ratings: 100 * sparsity(ratings), "in percent"),
    ("04-1", lambda ratings: 100 * len(ratings) / cells(ratings), "not right"),
    ("04-1", lambda ratings: round(sparsity(ratings), 2), "is something rounded"),
    ("04-1", lambda r: 1 - len(r) / r["item_id"].nunique() ** 2, "items · items"),
    ("04-2", 1, "Answer with one letter"),
    ("04-3", lambda a, b: a.corr(b), "co-rated items only"),
    ("04-3", lambda a, b: -own_mean_pearson(a, b), "not right"),
    ("04-4", lambda a, b: 100 * jaccard(a, b), "in percent"),
    ("04-4", lambda a, b: int(jaccard(a, b)), "not right"),
    ("04-4", lambda a, b: (a.fillna(0) == b.fillna(0)).mean(), "not right"),
    ("04-4", lambda a, b: len({*a.index} & {*b.index}) / len({*a.index, *b.index}), "NaN passes"),
    ("04-5", lambda a, b, damping: damped_similarity(a, b, 24), "not right"),
    ("04-6", lambda s, me, k: nearest_users(s, me, k - 1), "did you take k before"),
    ("04-6", lambda s, me, k: (-s.drop(me).dropna()).sort_values().head(k).index, "stable"),
    ("04-6", lambda *given: set(nearest_users(*given)), "a set has no order"),
    ("04-6", lambda s, me, k: s.drop(me).dropna().nlargest(k), "You return the similarities"),
    ("04-6", lambda s, me, k: s.dropna().nlargest(k), "Leave out `me`"),
    ("04-6", lambda s, me, k: s.drop(me).nlargest(k).tolist(), "You return the similarities"),
    ("04-6", lambda s, me, k: s.drop(me).dropna().idxmax(), "It should give several values"),
    ("04-6", lambda s, me, k: nearest_users(s, me, k)[::-1], "their order is not"),
    ("04-6", lambda s, me, k: s.nlargest(k + 1).index[1:].tolist(), "Leave out `me` by name"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
