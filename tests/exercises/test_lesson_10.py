"""The solutions of lesson 10 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_samples

from helpers import segments
from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, judge
from helpers.exercises.lessons.lesson_10 import (
    eta_squared,
    migration_shares,
    nearest_segment,
    noise_share,
    silhouette_of,
)


def test_nearest_segment():
    # ln(1 + x) of e - 1 and e³ - 1 is 1 and 3; less 1, divided by 2: 0 and 1. Centers at 0.4, 0.9.
    users = pd.DataFrame({"spent": [np.e - 1, np.e**3 - 1]}, index=["A", "B"])
    mean, scale = pd.Series({"spent": 1.0}), pd.Series({"spent": 2.0})
    centers = pd.DataFrame({"spent": [0.4, 0.9]}, index=["little", "much"])
    found = nearest_segment(users, mean, scale, centers)
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


def test_eta_squared():
    # 1, 5 | 9: mean 5, segments 3 and 9. Between 4 + 4 + 16 = 24, in all 16 + 0 + 16 = 32.
    values, segment = pd.Series([1.0, 5, 9]), pd.Series(["a", "a", "b"])
    assert eta_squared(values, segment) == pytest.approx(24 / 32)
    assert segments.effect_sizes(values.to_frame("x"), segment, ["x"])["x"] == 24 / 32


def test_migration_shares():
    # Of three in x, who are all there later, two go to y. The only one of y goes to x. E is new.
    before = pd.Series(list("xxxy"), list("ABCD"))
    after = pd.Series(list("xxyyx"), list("EDCBA"))
    table = migration_shares(before, after)
    assert table.loc["x"].to_dict() == {"x": pytest.approx(1 / 3), "y": pytest.approx(2 / 3)}
    assert table.loc["y"].to_dict() == {"x": 1, "y": 0}


def test_noise_share():
    # Two of four tables reach 0.5, and the data itself: 3 of 5.
    assert noise_share(0.5, np.array([0.4, 0.5, 0.6, 0.1])) == 3 / 5
    assert noise_share(0.9, np.array([0.4])) == 1 / 2


def nearest_one_by_one(users, mean, scale, centers):
    points = (np.log1p(users) - mean) / scale
    return points.apply(lambda z: ((centers - z) ** 2).sum(axis=1).idxmin(), axis=1)


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


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("10-1", nearest_one_by_one),
        ("10-2", silhouette_with_masks),
        (
            "10-3",
            lambda x, s: (
                1 - ((x - x.groupby(s).transform("mean")) ** 2).sum() / x.var(ddof=0) / len(x)
            ),
        ),
        ("10-4", counted_and_divided),
        ("10-4", shares_of_rows),
        ("10-4", rows_in_another_order),
        ("10-5", lambda ours, noise: (np.append(noise, ours) >= ours).mean()),
    ],
)
def test_other_ways_are_right_as_well(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT
