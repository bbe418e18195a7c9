"""Shapley values, against sums worked by hand and all orders, which imply their properties."""

from itertools import permutations
from math import factorial

import numpy as np
import pandas as pd
import pytest

from helpers import churn, explain
from helpers.data import sources
from helpers.explain.scoring import kept, scores


def table(rows, columns="abcd"):
    rows = np.atleast_2d(np.asarray(rows, float))
    return pd.DataFrame(rows, columns=list(columns[: rows.shape[1]]))


def curved(x):
    """A score with interactions of two and three features."""
    a, b, c = (x[name].to_numpy() for name in "abc")
    return a * b + np.sin(c) + a * b * c + 2 * c


@pytest.fixture
def some():
    rng = np.random.default_rng(0)
    return table(rng.normal(size=(6, 4))), table(rng.normal(size=(5, 4)))


def test_two_features_by_hand():
    # f = a b, from (1, 2) to (3, 5). a first: 3·2 − 1·2 = 4, then b: 3·5 − 3·2 = 9.
    # b first: 1·5 − 1·2 = 3, then a: 15 − 5 = 10. Means: a (4 + 10) / 2 = 7, b (9 + 3) / 2 = 6.
    values = explain.shapley_values(lambda x: x["a"] * x["b"], table([1, 2]), table([3, 5]))
    assert values.to_numpy().tolist() == [[7, 6]]


def test_a_background_of_two_rows_by_hand():
    # f = a b; x = (2, 4), background (0, 0) and (2, 0). v(∅) = 0, v(a) = 0, v(ab) = 8,
    # v(b) = (0·4 + 2·4) / 2 = 4. a: (0 + 8 − 4) / 2 = 2, b: (4 + 8) / 2 = 6.
    values = explain.shapley_values(
        lambda x: x["a"] * x["b"], table([[0, 0], [2, 0]]), table([2, 4])
    )
    assert values.to_numpy().tolist() == [[2, 6]]


def test_glove_game():
    # Shapley's classic: a holds a left glove, b and c a right one each; a pair is worth 1.
    # The values are 2/3, 1/6, 1/6: a pivots unless it comes first.
    def pairs(x):
        return np.minimum(x["a"], np.maximum(x["b"], x["c"]))

    values = explain.shapley_values(pairs, table([0, 0, 0]), table([1, 1, 1]))
    assert values.to_numpy()[0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@pytest.mark.parametrize("batch", [1, 200, 100_000])  # one user, two users, all at once
def test_all_orders_give_the_same(some, batch, monkeypatch):
    monkeypatch.setattr("helpers.explain.shapley.BATCH", batch)
    background, x = some
    d, found = 4, np.zeros((5, 4))
    for order in permutations(range(d)):
        keep = np.zeros(d, bool)
        before = kept(curved, background, x, keep)
        for j in order:
            keep[j] = True
            after = kept(curved, background, x, keep)
            found[:, j] += (after - before) / factorial(d)
            before = after
    assert np.allclose(explain.shapley_values(curved, background, x), found)


def test_a_logistic_regression_has_its_contributions():
    # Of log-odds, with the training data as background: β_j (z_j − z̄_j), and z̄ = 0.
    orders = sources.load_cdnow(sample=True)
    split = churn.split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)
    names = ["recency", "frequency", "spent"]
    train, few = split.train[names], split.test[names].iloc[:4]
    model = churn.classifiers()["logistic"].fit(train, split.y_train)
    ours = explain.shapley_values(model.decision_function, train, few)
    assert np.allclose(ours, churn.contributions(model, few))


def test_rows_are_explained_apart_and_keep_their_names(some):
    background, x = some
    x.index = list("VWXYZ")
    whole = explain.shapley_values(curved, background, x)
    assert list(whole.index) == list("VWXYZ")
    pd.testing.assert_frame_equal(
        whole.loc[["X"]], explain.shapley_values(curved, background, x.loc[["X"]])
    )


def test_a_missing_value_is_handed_to_the_score():
    def known(x):
        return x["a"].isna().astype(float)

    values = explain.shapley_values(known, table([[1, 1], [2, 1]]), table([np.nan, 1]))
    assert values.to_numpy().tolist() == [[1, 0]]


MANY = pd.DataFrame(np.zeros((1, 13)), columns=[f"f{n}" for n in range(13)])
WORDS = pd.DataFrame({"a": ["many"]})


@pytest.mark.parametrize(
    ("background", "features", "words"),
    [
        (MANY, MANY, "13 columns; 12 is the most"),
        (table([1, 2])[["b", "a"]], table([1, 2]), "has the columns b, a and features has a, b"),
        (table([1, 2]).iloc[:0], table([1, 2]), "no rows"),
        (WORDS, WORDS, 'column "a"'),
    ],
)
def test_tables_that_cannot_be_compared_are_refused(background, features, words):
    with pytest.raises(ValueError, match=words):
        explain.shapley_values(lambda x: x["a"], background, features)


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (lambda x: x[["a", "b"]], r"shape \(1, 2\) for 1 rows"),
        (lambda x: x["a"] / 0, "no finite number for 1 of 1 rows"),
        (lambda x: 1.0, r"shape \(\)"),
    ],
)
def test_a_score_is_one_finite_number_per_row(score, words):
    with pytest.raises(ValueError, match=words):
        scores(score, table([1, 2]))
