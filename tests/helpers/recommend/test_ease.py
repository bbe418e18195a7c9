"""EASE by hand and against regressions of one item after the other."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from helpers.recommend import ease
from helpers.recommend.ease import EASE


def table(matrix) -> pd.DataFrame:
    """Return the cells of a matrix that are not 0; users A, B, …, items s, t, …"""
    matrix = np.asarray(matrix)
    u, i = np.nonzero(matrix)
    users, items = np.array([*"ABCDEFGHIJKLMNOP"]), np.array([*"stuvwxyz"])
    return pd.DataFrame({"user_id": users[u], "item_id": items[i], "rating": matrix[u, i]})


def drawn(seed=0, users=16, items=8) -> np.ndarray:
    """Draw counts of what users did; each user and each item has some."""
    rng = np.random.default_rng(seed)
    matrix = rng.poisson(0.6, (users, items))
    matrix[np.arange(users), np.arange(users) % items] += 1
    return matrix


def test_two_items_by_hand():
    # XᵀX = [[3, 2], [2, 2]], λ = 1: [[4, 2], [2, 3]], whose inverse is [[3, -2], [-2, 4]] / 8. So
    # B_ts = 2 / 3 (what t says about s), B_st = 2 / 4. In one variable: Σxy / (Σx² + λ), likewise.
    model = EASE(regularization=1).fit(table([[1, 1], [1, 1], [1, 0]]))
    assert model.weights_ == pytest.approx(np.array([[0, 2 / 4], [2 / 3, 0]]))
    pairs = pd.DataFrame({"user_id": ["A", "C", "C"], "item_id": ["s", "s", "t"]})
    # C has only s, which says nothing about itself.
    assert model.predict(pairs)["prediction"].tolist() == pytest.approx([2 / 3, 0, 1 / 2])


def test_three_items_by_hand():
    # s and t in two histories, t and u in two: XᵀX + I = [[3, 2, 0], [2, 5, 2], [0, 2, 3]], of the
    # determinant 3 · 11 - 2 · 6 = 21. The cofactors of the first column are 11, -6 and 4, so
    # B_ts = 6 / 11, and B_us = -4 / 11: given t, what has u has no s. By the middle one, 9, and -6
    # for its neighbors: B_st = B_ut = 6 / 9.
    model = EASE(regularization=1).fit(table([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 1]]))
    assert model.weights_[:, 0] == pytest.approx([0, 6 / 11, -4 / 11])
    assert model.weights_[:, 1] == pytest.approx([6 / 9, 0, 6 / 9])
    # Folded in, a user with t and u has 6 / 11 - 4 / 11 for s; with two of t, 12 / 11 - 4 / 11.
    new = pd.DataFrame({"user_id": ["N", "N"], "item_id": ["t", "u"], "rating": [1, 1]})
    pair = pd.DataFrame({"user_id": ["N"], "item_id": ["s"]})
    assert model.fold_in(new).predict(pair)["prediction"].item() == pytest.approx(2 / 11)
    twice = model.fold_in(new.assign(rating=[2, 1]))
    assert twice.predict(pair)["prediction"].item() == pytest.approx(8 / 11)
    parts = twice.explain("N", "s")
    assert parts["item_id"].tolist() == ["t", "u"]
    assert parts["contribution"].tolist() == pytest.approx([12 / 11, -4 / 11])


@pytest.mark.parametrize(("seed", "lam"), [(0, 0.1), (1, 3.0), (2, 100.0)])
def test_each_column_is_a_ridge_regression_on_the_other_items(seed, lam):
    X = drawn(seed)
    weights = EASE(regularization=lam).fit(table(X)).weights_
    for item in range(X.shape[1]):
        others = np.delete(X, item, axis=1)
        found = Ridge(alpha=lam, fit_intercept=False).fit(others, X[:, item]).coef_
        np.testing.assert_allclose(np.delete(weights[:, item], item), found, rtol=1e-7, atol=1e-9)
        assert weights[item, item] == 0


def test_learning_takes_no_more_than_two_tables_of_items_by_items():
    items = 1_000
    pairs = {"user_id": np.arange(items) // 2, "item_id": np.arange(items), "rating": 1}
    bought, model = pd.DataFrame(pairs), EASE()
    tracemalloc.start()
    model.fit(bought)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 8 * items**2


def test_wrong_settings_and_tables_are_refused(monkeypatch):
    known = table([[1, 1], [1, 0]])
    with pytest.raises(ValueError, match="regularization is a number above 0; got 0"):
        EASE(regularization=0).fit(known)
    with pytest.raises(ValueError, match="is no count of something that happened in 1 of 3"):
        EASE().fit(known.assign(rating=[1, 0, 1]))
    monkeypatch.setattr(ease, "MOST_ITEMS", 1)
    with pytest.raises(ValueError, match="2 items have 2² weights, 0 GB; it takes at most 1 items"):
        EASE().fit(known)
    model = EASE()
    monkeypatch.undo()
    with pytest.raises(ValueError, match="user 'who' is not in the training"):
        model.fit(known).explain("who", "s")
