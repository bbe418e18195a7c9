"""Answers to lesson 10 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

from exercises.lesson_10 import (
    inertia,
    migration_shares,
    nearest_segment,
)
from helpers import segments
from tests.exercises.lessons.answers import are_right, are_told


def test_inertia_is_what_k_means_makes_small():
    points = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 3)))
    model = KMeans(4, n_init=1, random_state=0, tol=0).fit(points)
    assert inertia(points, pd.Series(model.labels_)) == pytest.approx(model.inertia_)


def test_nearest_segment_is_what_the_helper_assigns():
    rng = np.random.default_rng(0)
    users = pd.DataFrame(rng.lognormal(3, 1, (200, 3)), columns=segments.RFM)
    model = segments.Segmentation(k=3).fit(users)
    later = pd.DataFrame(rng.lognormal(4, 1, (50, 3)), columns=segments.RFM)
    found = nearest_segment(later, model.mean_, model.scale_, model.centers_)
    assert found.tolist() == model.assign(later).tolist()


def nearest_one_by_one(users, mean, scale, centroids):
    points = (np.log1p(users) - mean) / scale
    return points.apply(lambda z: ((centroids - z) ** 2).sum(axis=1).idxmin(), axis=1)


def silhouette_of_scikit_learn(user, distances, segments):
    found = silhouette_samples(distances, segments, metric="precomputed")
    return found[distances.index.get_loc(user)]


def shares_of_rows(before, after):
    both = pd.DataFrame({"before": before, "after": after}).dropna()
    rows = {
        name: went.value_counts(normalize=True) for name, went in both.groupby("before")["after"]
    }
    return pd.DataFrame(rows).T.fillna(0)


def rows_in_another_order(before, after):
    return pd.crosstab(before, after, normalize="index").iloc[::-1]


test_another_way_is_right_too = are_right(
    ("10-1", lambda x, s: (x.groupby(s).var(ddof=0).mul(s.value_counts(), axis=0)).sum().sum()),
    ("10-2", silhouette_of_scikit_learn),
    ("10-4", lambda ours, nulls: (np.append(nulls, ours) >= ours).mean()),
    ("10-4", lambda ours, nulls: (1 + sum(each >= ours for each in nulls)) / (1 + len(nulls))),
    ("10-6", nearest_one_by_one),
    ("10-7", shares_of_rows),
    ("10-7", rows_in_another_order),
)


def nearest_and_its_distance(users, mean, scale, centroids):
    return ((((np.log1p(users) - mean) / scale) - centroids.iloc[0]) ** 2).sum(axis=1)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("10-1", lambda x, s: ((x - x.groupby(s).transform("mean")) ** 2).sum(axis=1), "give a number"),
    ("10-4", lambda ours, nulls: (nulls > ours).sum(), "not right"),
    ("10-4", lambda ours, nulls: 1 + (nulls >= ours).sum(), "not right"),
    ("10-6", lambda users, *_: ["lost"] * len(users), "not right"),
    ("10-6", lambda *given: nearest_and_its_distance(*given), "It should give texts"),
    ("10-7", lambda before, after: migration_shares(before, after).T, "columns"),
)
