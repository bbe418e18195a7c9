"""Segments: by hand, on CDNOW, against noise, and what is refused.

What they are, who moves and what to do is tested in `test_profiles.py`.
"""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from helpers import segments
from helpers.data import problems
from helpers.segments import choice, segmentation
from helpers.segments.segmentation import Segmentation

# recency, frequency, monetary: two who came often and lately, two who came once, long ago.
USERS = pd.DataFrame(
    {"recency": [3, 5, 300, 350], "frequency": [9, 8, 1, 2], "monetary": [90.0, 70.0, 5.0, 9.0]},
    index=["Ana", "Ben", "Cem", "Dua"],
)


def blobs(centers, each=60, scatter=1.0, seed=0):
    """Users around centers, in features whose ln(1 + x) is the coordinate."""
    rng = np.random.default_rng(seed)
    centers = np.repeat(np.asarray(centers, float), each, axis=0)
    points = centers + scatter * rng.standard_normal(centers.shape)
    return pd.DataFrame(np.expm1(points), columns=["a", "b"])


def test_prepared_rfm_of_cdnow(cdnow):
    segmentation = Segmentation(k=4).fit(cdnow)
    found = segmentation.assign(cdnow)
    assert found.value_counts(sort=False).tolist() == [929, 739, 449, 240]
    points = segmentation.prepare(cdnow)
    assert silhouette_score(points, found) == pytest.approx(0.41, abs=0.01)
    names = ["seldom, low spend", "long silent", "often, high spend", "recent, often"]
    assert found.cat.categories.tolist() == segmentation.names_ == names


# ---------------------------------------------------------------- segmentation


def test_coordinates_by_hand():
    # ln(1 + x) of 0, e - 1 and -5, which is clipped to 0, is 0, 1, 0: mean 1/3, variance 2/9.
    # So z = (0 - 1/3) / 0.471405 = -0.707107 and (1 - 1/3) / 0.471405 = 1.414214.
    users = pd.DataFrame({"monetary": [0, np.e - 1, -5]})
    points = Segmentation(k=2, features=["monetary"]).fit(users).prepare(users)
    assert points["monetary"].tolist() == pytest.approx([-0.707107, 1.414214, -0.707107], abs=1e-6)


def test_two_segments_by_hand():
    segmentation = Segmentation(k=2).fit(USERS)
    found = segmentation.assign(USERS)
    assert found["Ana"] == found["Ben"] != found["Cem"] == found["Dua"]
    # The center of two users lies half way between their coordinates.
    halfway = segmentation.prepare(USERS).loc[["Cem", "Dua"]].mean()
    pd.testing.assert_series_equal(
        segmentation.centers_.loc[found["Cem"]], halfway, check_names=False
    )


@pytest.mark.parametrize("method", segmentation.METHODS)
def test_later_users_change_nothing(cdnow, method):
    segmentation = Segmentation(k=3, method=method).fit(cdnow)
    before = segmentation.assign(cdnow)
    centers = segmentation.centers_.copy()
    later = cdnow.head(50).assign(recency=lambda users: users["recency"] * 3 + 1000)
    segmentation.assign(later)
    pd.testing.assert_frame_equal(segmentation.centers_, centers)
    # Nobody's segment depends on who else is asked for.
    pd.testing.assert_series_equal(segmentation.assign(cdnow.iloc[[7]]), before.iloc[[7]])


@pytest.mark.parametrize("method", segmentation.METHODS)
def test_the_order_of_rows_and_the_number_of_threads_do_not_matter_for_clear_groups(method):
    users = blobs([(2, 2), (2, 5), (5, 2)], scatter=0.2)
    model = Segmentation(k=3, method=method, features=["a", "b"])
    with threadpool_limits(1):
        one = model.fit(users).assign(users)
    with threadpool_limits(2):
        shuffled = users.sample(frac=1, random_state=1)
        two = model.fit(shuffled).assign(shuffled)
    assert adjusted_rand_score(one, two.loc[one.index]) == 1


def test_names_by_hand():
    # Far from 0 by 0.3 and more, the two furthest, in the order of the features.
    centers = pd.DataFrame(
        [(-1.0, 2.0, 0.5), (0.1, -0.2, 0.29), (0.4, 0.0, 0.0)],
        columns=["recency", "frequency", "lines"],
    )
    assert segmentation._names(centers) == ["recent, often", "average", "long silent"]


def test_a_third_word_tells_segments_apart_and_a_number_where_words_do_not():
    columns = ["recency", "frequency", "lines"]
    two = pd.DataFrame([(-2, 2, 1), (-2, 2, -1)], columns=columns)
    assert segmentation._names(two) == ["recent, often, high lines", "recent, often, low lines"]
    alike = pd.DataFrame([(-2, 2, 1), (-3, 2, 1)], columns=columns)
    assert segmentation._names(alike)[1] == "recent, often, high lines (2)"


# ---------------------------------------------------------------- how many?


def test_gap_by_hand():
    # Points 0, 1, 9, 10 in two segments: W = 0.5 + 0.5 = 1, ln W = 0. Two tables without groups
    # have W = e and e³: mean of ln W 2, sd 1. gap = 2 - 0, se = 1 · √(1 + 1/2).
    points = np.array([[0.0], [1.0], [9.0], [10.0]])
    model = Segmentation(k=2, features=["x"])
    seeds = np.zeros((0, 2), int)
    with pytest.warns(RuntimeWarning):  # a mean over no resamples
        measured = choice._measure(points, [2], model, seeds).loc[2]
    assert measured["log_w"] == pytest.approx(0)
    assert measured["smallest"] == 2
    # a = 1 for all; b = 9.5, 8.5, 8.5, 9.5: (8.5/9.5 + 7.5/8.5) / 2.
    assert measured["silhouette"] == pytest.approx((8.5 / 9.5 + 7.5 / 8.5) / 2)
    found = choice.gap(measured["log_w"], [1.0, 3.0])
    assert found == pytest.approx({"gap": 2.0, "gap_se": np.sqrt(1.5)})


def test_a_gap_to_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one table without groups"):
        choice.gap(0.0, [])


@pytest.mark.parametrize(
    ("gaps", "se", "chosen"),
    [
        ([0.5, 0.4, 0.3], 0.05, 1),  # it never gets better
        ([0.1, 0.4, 0.7], 0.05, 3),  # it never gets worse
        ([0.1, 0.4, 0.42], 0.05, 2),  # better by less than one standard error
        ([0.1, 0.4, 0.45], 0.05, 2),  # by just as much: 0.4 ≥ 0.45 - 0.05
        ([0.1, 0.4, 0.46], 0.05, 3),
    ],
)
def test_the_rule_of_the_gap_by_hand(gaps, se, chosen):
    table = pd.DataFrame({"gap": gaps, "gap_se": se}, index=[1, 2, 3])
    assert segments.gap_choice(table) == chosen


def test_silhouette_of_a_sample_that_misses_a_segment_is_missing(monkeypatch):
    # Of 40 users one is far away. A sample of two, without her, holds one segment: no silhouette.
    users = pd.DataFrame({"a": [*np.linspace(1, 2, 39), 1e6]})
    users["b"] = users["a"]
    model = Segmentation(features=["a", "b"])
    table = segments.choose_k(users, [2], model, nulls=1)
    assert table.loc[2, "smallest"] == 1
    assert table.loc[2, "silhouette"] > 0.9
    monkeypatch.setattr(choice, "SILHOUETTE_SAMPLE", 2)
    sample = np.random.default_rng(0).permutation(40)[:2]
    assert 39 not in sample
    assert np.isnan(segments.choose_k(users, [2], model, nulls=1).loc[2, "silhouette"])


def test_planted_groups_are_found():
    users = blobs([(2, 2), (2, 6), (6, 2)], scatter=0.4)
    model = Segmentation(features=["a", "b"])
    table = segments.choose_k(users, range(1, 6), model, nulls=5)
    assert table["silhouette"].idxmax() == 3
    assert table.loc[3, "smallest"] == 60
    assert table.loc[3, "stability"] == 1
    assert table.loc[3, "silhouette"] > table.loc[3, "silhouette_null"]
    assert segments.gap_choice(table) == 3


def test_no_groups_are_found_where_there_are_none():
    users = blobs([(5, 5)], each=400)
    model = Segmentation(features=["a", "b"])
    table = segments.choose_k(users, range(1, 6), model, nulls=9)
    assert segments.gap_choice(table) == 1
    assert (table["gap"].abs() < 0.1).all()
    assert (table["silhouette"] < table["silhouette_null"] + 0.02)[1:].all()


def test_tables_without_groups_look_like_the_original(cdnow):
    points = Segmentation().fit(cdnow).prepare(cdnow)
    noise = segments.structureless(points, random_state=3)
    assert noise.shape == points.shape
    assert noise.columns.equals(points.columns)
    pd.testing.assert_frame_equal(
        noise.apply(np.sort), points.apply(np.sort), check_index_type=False
    )
    assert (noise.corr() - points.corr()).abs().max(axis=None) < 0.1


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("users", "options", "message"),
    [
        (USERS.head(1), {"k": 1}, 'Feature "recency" is the same for all 1 users'),
        (USERS.iloc[[0, 0, 0, 1]], {"k": 3}, "3 users who differ; of 4 there are 2"),
        (USERS, {"k": 2.5}, "k is a whole number"),
        (USERS, {"method": "dbscan"}, 'method is "kmeans" or "mixture"'),
        (USERS, {"features": "recency"}, "features is a list"),
    ],
)
def test_what_cannot_be_cut_is_refused(users, options, message):
    with pytest.raises(ValueError, match=message):
        Segmentation(**options).fit(users)


@pytest.mark.parametrize(
    ("users", "message"),
    [
        (USERS.assign(recency=[1.0, np.nan, 2, 3]), 'column "recency" .* 1 of 4 rows .*Ben'),
        (USERS.assign(recency=[1.0, np.inf, 2, 3]), 'column "recency" .* 1 of 4 rows .*Ben'),
        (USERS.assign(frequency=list("abcd")), 'column "frequency" holds no finite number'),
        (USERS.head(0), "has no rows"),
    ],
)
def test_what_is_no_table_of_users_is_refused_by_fit_and_assign(users, message):
    with pytest.raises(problems.TableError, match=message):
        Segmentation(k=2).fit(users)
    with pytest.raises(problems.TableError, match=message):
        Segmentation(k=2).fit(USERS).assign(users)


def test_nothing_is_assigned_before_fit():
    with pytest.raises(NotFittedError):
        Segmentation().assign(USERS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ks": []}, "at least one k"),
        ({"ks": [1, 4]}, "no more than one for each 10 users"),
        ({"ks": [2, "3"]}, "k is a whole number, 1 or more; got '3'"),
        ({"ks": 3}, r"ks are the numbers of segments to try, as in range\(1, 9\); got 3"),
        ({"ks": [2], "nulls": 0}, "nulls is a whole number"),
    ],
)
def test_what_k_cannot_be_chosen_from_is_refused(options, message):
    users = pd.concat([USERS + n for n in range(8)], ignore_index=True)
    with pytest.raises(ValueError, match=message):
        segments.choose_k(users, **options)


def test_noise_is_made_of_one_column_too_but_not_of_a_constant():
    points = pd.DataFrame({"x": [0.0, 1.0, 5.0]})
    assert segments.structureless(points).shape == (3, 1)
    with pytest.raises(ValueError, match='Column "c" is the same in all 3 rows'):
        segments.structureless(points.assign(c=1.0))


def test_the_gap_must_be_able_to_say_that_there_are_no_groups():
    with pytest.raises(ValueError, match="k = 1, 2, 3"):
        segments.gap_choice(pd.DataFrame({"gap": [1.0], "gap_se": [0.1]}, index=[2]))
