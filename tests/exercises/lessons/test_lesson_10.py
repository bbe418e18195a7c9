"""The solutions of lesson 10 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_10 import (
    inertia,
    migration_shares,
    nearest_segment,
    null_p_value,
    silhouette_of,
)
from helpers import segments


def test_inertia():
    # Customers (0, 0) and (2, 4), centroid (1, 2): 1 + 4 each. The third is alone: 0.
    points = pd.DataFrame({"x": [0.0, 2, 9], "y": [0.0, 4, 9]})
    assert inertia(points, pd.Series(["a", "a", "b"])) == pytest.approx(10)


def test_inertia_is_what_k_means_makes_small():
    points = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 3)))
    model = KMeans(4, n_init=1, random_state=0, tol=0).fit(points)
    assert inertia(points, pd.Series(model.labels_)) == pytest.approx(model.inertia_)


def test_nearest_segment():
    # ln(1 + x) of e - 1 and e³ - 1 is 1 and 3; less 1, divided by 2: 0 and 1. Centroids 0.4, 0.9.
    users = pd.DataFrame({"spent": [np.e - 1, np.e**3 - 1]}, index=["A", "B"])
    mean, scale = pd.Series({"spent": 1.0}), pd.Series({"spent": 2.0})
    centroids = pd.DataFrame({"spent": [0.4, 0.9]}, index=["little", "much"])
    found = nearest_segment(users, mean, scale, centroids)
    assert found.to_dict() == {"A": "little", "B": "much"}


def test_nearest_segment_is_what_the_helper_assigns():
    rng = np.random.default_rng(0)
    users = pd.DataFrame(rng.lognormal(3, 1, (200, 3)), columns=segments.RFM)
    model = segments.Segmentation(k=3).fit(users)
    later = pd.DataFrame(rng.lognormal(4, 1, (50, 3)), columns=segments.RFM)
    found = nearest_segment(later, model.mean_, model.scale_, model.centers_)
    assert found.tolist() == model.assign(later).tolist()


def test_silhouette_of():
    # Points 0, 2, 3, 7; the first two are one segment. For 0: a = 2, b = (3 + 7) / 2 = 5, s = 3/5.
    # For 2: a = 2, b = (1 + 5) / 2 = 3, s = 1/3.
    points = np.array([0.0, 2, 3, 7])
    segment = pd.Series([0, 0, 1, 1], list("ABCD"))
    distances = pd.DataFrame(abs(points[:, None] - points), segment.index, segment.index)
    assert silhouette_of("A", distances, segment) == pytest.approx(3 / 5)
    assert silhouette_of("B", distances, segment) == pytest.approx(1 / 3)
    found = [silhouette_of(user, distances, segment) for user in "ABCD"]
    assert found == pytest.approx(silhouette_samples(points[:, None], segment).tolist())


def test_migration_shares():
    # Of three in x, who are all there later, two go to y. The only one of y goes to x. E is new.
    before = pd.Series(list("xxxy"), list("ABCD"))
    after = pd.Series(list("xxyyx"), list("EDCBA"))
    table = migration_shares(before, after)
    assert table.loc["x"].to_dict() == {"x": pytest.approx(1 / 3), "y": pytest.approx(2 / 3)}
    assert table.loc["y"].to_dict() == {"x": 1, "y": 0}


def test_null_p_value():
    # Two of four nulls reach 0.5, and the data itself: 3 of 5.
    assert null_p_value(0.5, np.array([0.4, 0.5, 0.6, 0.1])) == 3 / 5
    assert null_p_value(0.9, np.array([0.4])) == 1 / 2


def nearest_one_by_one(users, mean, scale, centroids):
    points = (np.log1p(users) - mean) / scale
    return points.apply(lambda z: ((centroids - z) ** 2).sum(axis=1).idxmin(), axis=1)


def silhouette_with_masks(user, distances, segments):
    mine = segments == segments[user]
    a = distances.loc[user, mine].sum() / (mine.sum() - 1)
    rest = [distances.loc[user, segments == each].mean() for each in set(segments[~mine])]
    return (min(rest) - a) / max(min(rest), a)


def counted_and_divided(before, after):
    counts = pd.crosstab(before, after)  # aligns the two by their index
    return counts.div(counts.sum(axis=1), axis=0)


def shares_of_rows(before, after):
    both = pd.DataFrame({"before": before, "after": after}).dropna()
    rows = {
        name: went.value_counts(normalize=True) for name, went in both.groupby("before")["after"]
    }
    return pd.DataFrame(rows).T.fillna(0)


def rows_in_another_order(before, after):
    return pd.crosstab(before, after, normalize="index").iloc[::-1]


def inertia_segment_by_segment(points, labels):
    w = 0
    for label in set(labels):
        mine = points.to_numpy()[(labels == label).to_numpy()]
        w += np.linalg.norm(mine - mine.mean(axis=0)) ** 2
    return w


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("10-1", inertia_segment_by_segment),
        ("10-1", lambda x, s: (x.groupby(s).var(ddof=0).mul(s.value_counts(), axis=0)).sum().sum()),
        ("10-2", silhouette_with_masks),
        ("10-4", lambda ours, nulls: (np.append(nulls, ours) >= ours).mean()),
        ("10-4", lambda ours, nulls: (1 + sum(each >= ours for each in nulls)) / (1 + len(nulls))),
        ("10-6", nearest_one_by_one),
        ("10-6", lambda *given: nearest_one_by_one(*given).tolist()),
        ("10-7", counted_and_divided),
        ("10-7", shares_of_rows),
        ("10-7", rows_in_another_order),
    ],
)
def test_other_ways_are_right_as_well(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def nearest_and_its_distance(users, mean, scale, centroids):
    return ((((np.log1p(users) - mean) / scale) - centroids.iloc[0]) ** 2).sum(axis=1)


# Answers that learners gave, without a mistake of that name, and what they must hear.
ANSWERS = [
    ("10-1", lambda x, s: round(inertia(x, s)), "is something rounded"),
    ("10-1", lambda x, s: ((x - x.groupby(s).transform("mean")) ** 2).sum(axis=1), "give a number"),
    ("10-1", lambda x, s: -inertia(x, s), "not right"),
    ("10-2", lambda user, d, s: round(silhouette_of(user, d, s), 2), "is something rounded"),
    ("10-2", lambda user, d, s: 100 * silhouette_of(user, d, s), "not right"),
    ("10-4", lambda ours, nulls: (nulls > ours).sum(), "not right"),
    ("10-4", lambda ours, nulls: 1 - null_p_value(ours, nulls), "lower than ours"),
    ("10-4", lambda ours, nulls: 1 + (nulls >= ours).sum(), "not right"),
    ("10-6", lambda users, *_: ["lost"] * len(users), "not right"),
    ("10-6", lambda *given: nearest_and_its_distance(*given), "It should give texts"),
    (
        "10-7",
        lambda before, after: migration_shares(before, after).round(2),
        "`'a', 0.333333333, 0.666666667, 0` is missing",
    ),
    ("10-7", lambda before, after: migration_shares(before, after).T, "columns"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_undiagnosed_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
