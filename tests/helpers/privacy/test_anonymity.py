"""Equivalence classes and unicity, by hand and by another way."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from helpers.privacy import class_sizes, unicity

USERS = pd.DataFrame(
    {
        "country": ["US", "US", "US", "FR", "FR"],
        "age": ["18-24", "18-24", None, None, "65+"],
    }
)


def test_a_missing_value_is_a_value():
    assert class_sizes(USERS, ["age"]).tolist() == [2, 2, 2, 2, 1]


def test_the_index_is_kept():
    shuffled = USERS.iloc[[3, 0, 4, 1, 2]]
    assert class_sizes(shuffled, ["country"]).to_dict() == {3: 2, 0: 3, 4: 2, 1: 3, 2: 3}


def test_categories_that_nobody_has_make_no_class():
    ages = pd.Categorical(["a", "b", "a"], categories=["a", "b", "c"])
    assert class_sizes(pd.DataFrame({"age": ages}), ["age"]).tolist() == [2, 1, 2]


@pytest.mark.parametrize("columns", [[], ["country", "city"]])
def test_columns_that_are_not_there(columns):
    with pytest.raises(ValueError, match="has country, age; got"):
        class_sizes(USERS, columns)


def traces(**users):
    rows = [(user, point) for user, points in users.items() for point in points]
    return pd.DataFrame(rows, columns=["user_id", "point"])


def test_unicity_by_hand():
    # All three points of Ana include c, which Ben has not; all of Ben's include d.
    both = traces(Ana="abc", Ben="abd")
    assert unicity(both, ["point"], known=[3])["unicity"].tolist() == [1]
    shared = traces(Ana="ab", Ben="ab", Cleo="bc")
    found = unicity(shared, ["point"], known=[1, 2])
    assert found["users"].tolist() == [3, 3]
    assert found.loc[2, "unicity"] == pytest.approx(1 / 3)  # Cleo alone


def test_twins_are_never_singled_out():
    found = unicity(traces(Ana="abcd", Ben="abcd"), ["point"])
    assert found["unicity"].tolist() == [0] * 4
    assert found["low"].tolist() == [0] * 4


def test_those_with_few_points_are_in_the_crowd_but_not_in_the_sample():
    found = unicity(traces(Ana="ab", Ben="a"), ["point"], known=[1, 2])
    assert found["users"].tolist() == [1, 1]
    assert found.loc[2, "unicity"] == 1
    # One point of Ana: it is hers alone only if b was drawn.
    of_one = {unicity(traces(Ana="ab", Ben="a"), ["point"], known=[1, 2], random_state=s)
              .loc[1, "unicity"] for s in range(20)}  # fmt: skip
    assert of_one == {0, 1}


def test_repeated_rows_and_their_order_do_not_matter():
    table = traces(Ana="abcde", Ben="bcdef", Cleo="acefg", Dora="abdfg")
    again = pd.concat([table, table.iloc[:7]]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(unicity(table, ["point"]), unicity(again, ["point"]))


def test_agrees_with_a_comparison_of_all_users():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"user_id": rng.integers(40, size=400), "item": rng.integers(20, size=400),
                          "week": rng.integers(3, size=400)})  # fmt: skip
    sets = table.assign(point=list(zip(table["item"], table["week"], strict=True)))
    sets = sets.groupby("user_id")["point"].agg(set)

    def singled_out(pair):
        return sum(set(pair) <= other for other in sets) == 1

    # Each pair of points of a user is equally likely: the expected share over all draws.
    enough = [points for points in sets if len(points) >= 2]
    shares = [np.mean([singled_out(pair) for pair in combinations(each, 2)]) for each in enough]
    expected = np.mean(shares)
    found = [
        unicity(table, ["item", "week"], known=[2], random_state=s).loc[2, "unicity"]
        for s in range(40)
    ]
    assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found) / np.sqrt(40))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"known": [0, 1]}, "from 1 up"),
        ({"known": [9]}, "No user has 9 different points"),
        ({"users": 0}, "users is a whole number"),
        ({"columns": ["shop"]}, '"shop"'),
    ],
)
def test_what_cannot_be_computed_is_refused(change, says):
    with pytest.raises(ValueError, match=says):
        unicity(traces(Ana="ab", Ben="a"), **{"columns": ["point"], **change})
