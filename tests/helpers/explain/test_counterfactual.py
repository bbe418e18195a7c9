"""Counterfactuals, against a search by hand and against a model that can be solved."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from helpers import explain

ROW = pd.Series({"a": 4.0, "b": 0.0, "c": 1.0}, name="Ana")
SCALE = pd.Series({"a": 1.0, "b": 2.0, "c": 1.0})


def linear(x):
    return x["a"] + 2 * x["b"] - x["c"]  # 3 for the row


def found(threshold, allowed, most=1, scale=SCALE, score=linear):
    return explain.counterfactuals(score, ROW, threshold, allowed, scale, most)


def test_up_and_down_by_hand():
    # From 3 to 5 or more: a = 6 costs 2, b = 1 costs 1 / 2.
    up = found(5, {"a": [5, 6, 7], "b": [0.5, 1, 2]})
    assert up["change"].tolist() == ["b 0 → 1", "a 4 → 6"]
    assert up["distance"].tolist() == [0.5, 2]
    assert up["score"].tolist() == [5, 5]
    # From 3 to below 2: a = 3 is 2, which is not below, so a = 2.
    down = found(2, {"a": [3, 2, 1]})
    assert down["change"].tolist() == ["a 4 → 2"]


def test_the_threshold_itself_is_above():
    # The row has 3: with threshold 3 it is above and must fall below.
    assert found(3, {"a": [3.9, 5]})["change"].tolist() == ["a 4 → 3.9"]


def test_two_changes_where_one_is_not_enough():
    allowed = {"a": [5], "b": [0.5]}  # 3 + 1 + 1
    assert found(5, allowed).empty
    both = found(5, allowed, most=2)
    assert both["features"].tolist() == [("a", "b")]
    assert both["distance"].tolist() == [1.25]


def test_fewest_changes_come_first_then_the_nearest():
    sets = found(5, {"a": [5, 9], "b": [0.5, 1]}, most=2)["features"].tolist()
    assert sets == [("b",), ("a",), ("a", "b")]


def test_what_is_not_allowed_stays():
    seen = []

    def watched(x):
        seen.append(x)
        return linear(x)

    found(5, {"b": [1, 2]}, score=watched)
    assert all((x["a"] == 4).all() and (x["c"] == 1).all() for x in seen)


def test_the_present_value_is_no_change():
    # With a = 6 alone it is 5; "a 4 → 6; b 0 → 0" would be no second way.
    both = found(5, {"a": [4, 6], "b": [0]}, most=2)
    assert both["change"].tolist() == ["a 4 → 6"]


def test_no_nearer_point_exists():
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(3, 3))

    def bumpy(x):
        return np.sin(x[list("abc")].to_numpy() @ weights).sum(axis=1)

    allowed = {name: np.linspace(-2, 6, 9) for name in "abc"}
    start = bumpy(ROW.to_frame().T)[0]
    table = found(start + 0.5, allowed, most=3, score=bumpy)
    best = table["distance"].min()
    grid = pd.DataFrame(list(product(*allowed.values())), columns=list("abc"), dtype=float)
    distance = ((grid - ROW).abs() / SCALE).sum(axis=1)
    assert best <= distance[bumpy(grid) >= start + 0.5].min() + 1e-12
    assert (table["score"] >= start + 0.5).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"allowed": {"d": [1]}}, "allowed names d, which row does not have"),
        ({"allowed": {}}, "no values to try"),
        ({"allowed": {"a": []}}, "no values to try"),
        ({"allowed": {"a": [4]}}, "only the present values"),
        ({"allowed": {"a": [1]}, "scale": SCALE * 0}, "scale of 'a' is 0.0"),
        ({"allowed": {"a": [1]}, "scale": SCALE[["b"]]}, "scale of 'a' is nan"),
        ({"allowed": {"a": [1]}, "most": 0}, "most is a whole number, 1 or more"),
        # 1,000 + 1,001 alone, 1,001,000 together.
        (
            {"allowed": {"a": range(5, 1005), "b": range(1, 1002)}, "most": 2},
            "1,003,001 combinations of up to 2 changes; 1,000,000 is the most",
        ),
    ],
)
def test_what_cannot_be_searched_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        found(5, **given)


def test_a_missing_value_has_no_distance():
    row = ROW.replace(4.0, np.nan)
    with pytest.raises(ValueError, match="no value of a"):
        explain.counterfactuals(lambda x: x["b"], row, 1, {"a": [1]}, SCALE)
