"""The solutions of lesson 04 on small rows of our own, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from helpers import similarity
from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, judge
from helpers.exercises.lessons.lesson_04 import (
    adjusted_cosine,
    damped_similarity,
    nearest_users,
    own_mean_correlation,
    shared_share,
)

no = np.nan


def row(*stars):
    return pd.Series(stars, index=list("abcd")[: len(stars)], dtype=float)


def test_shared_share():
    # Both have b and c; a is only in the first, d only in the second: 2 of 4.
    assert shared_share(row(1, 2, 3, no), row(no, 5, 5, 5)) == 2 / 4


def test_own_mean_correlation():
    # Ana and Ben of the lesson: 1 -1 0 and 1.5 -1.5 -1.5 1.5, so 3 / (√2 · 3) = 1/√2.
    ana, ben = row(5, 3, 4, no), row(4, 1, 1, 4)
    assert own_mean_correlation(ana, ben) == pytest.approx(np.sqrt(1 / 2))


def test_adjusted_cosine():
    # Means 4, 2.5 and 3.5. Lamp 1, 1.5, -0.5 and vase -1, -1.5, 1.5: -4 / √(3.5 · 5.5).
    table = pd.DataFrame(
        [[5, 3, 4, no], [4, 1, 1, 4], [3, 5, 4, 2]], columns=["lamp", "vase", "rug", "clock"]
    )
    assert adjusted_cosine(table, "lamp", "vase") == pytest.approx(-4 / np.sqrt(19.25))


def test_damped_similarity():
    # Differences 1, 2 and 3: msd 14/3, so 3/17; three shared items and λ = 3 leave half of it.
    assert damped_similarity(row(5, 3, 4, no), row(4, 1, 1, 4), 3) == pytest.approx(3 / 34)


def test_nearest_users():
    similarities = pd.Series({"me": 1.0, "a": 0.2, "b": no, "c": 0.9, "d": 0.2})
    assert nearest_users(similarities, "me", 2) == ["c", "a"]
    assert nearest_users(similarities, "me", 9) == ["c", "a", "d"]


def of_two(measure):
    """Answer with a measure of the helper, which compares rows of a matrix."""
    return lambda a, b, *_: measure(np.array([a, b]))[0, 1]


def damped_by_helper(a, b, damping):
    X = np.array([a, b])
    overlap = (~np.isnan(X)).all(axis=0).sum()
    return similarity.mean_squared_difference(X)[0, 1] * similarity.damping_factor(overlap, damping)


def adjusted_by_helper(table, one, other):
    columns = [table.columns.get_loc(name) for name in (one, other)]
    return similarity.adjusted_cosine(table.T)[tuple(columns)]


def nearest_by_sorting(similarities, me, k):
    ordered = similarities[similarities.index != me].sort_values(ascending=False, kind="stable")
    return list(ordered.dropna().index[:k])


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("04-1", of_two(similarity.jaccard)),
        ("04-2", of_two(similarity.own_mean_pearson)),
        ("04-3", adjusted_by_helper),
        ("04-4", damped_by_helper),
        ("04-5", nearest_by_sorting),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT
