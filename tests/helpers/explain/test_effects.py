"""Effects of one feature: by hand, with scikit-learn's partial dependence, and at their limits."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.inspection import partial_dependence

from helpers import explain

USERS = pd.DataFrame({"a": [0.0, 1.0, 1.5, 3.0], "b": [2.0, 4.0, 1.0, 5.0]})


def product(table):
    return table["a"] * table["b"]


def test_by_hand():
    # The mean of b is 3. Steps: a = 0 and 1 move by 1, b = 2 and 4: 3; a = 1.5 moves by 1, b = 1:
    # 1; a = 3 moves by 1, b = 5: 5.
    assert explain.partial_dependence(product, USERS, "a", [0, 2]).tolist() == [0, 6]
    ale = explain.accumulated_effects(product, USERS, "a", [0, 1, 2, 3])
    assert ale.to_dict() == {0: 0, 1: 3, 2: 4, 3: 9}


def test_of_a_sum_both_are_the_term_of_the_feature():
    edges = [0, 0.5, 1.2, 3]
    score = {"score": lambda table: table["a"] ** 2 + np.exp(table["b"]), "features": USERS}
    with pytest.raises(ValueError, match="row in each step"):  # nobody between 0.5 and 0.7
        explain.accumulated_effects(**score, name="a", edges=[0, 0.5, 0.7, 3])
    pdp = explain.partial_dependence(**score, name="a", values=edges)
    ale = explain.accumulated_effects(**score, name="a", edges=edges)
    np.testing.assert_allclose(pdp - pdp.iloc[0], np.square(edges))
    np.testing.assert_allclose(ale, np.square(edges))


def test_like_scikit_learn():
    rng = np.random.default_rng(0)
    x = pd.DataFrame(rng.normal(size=(300, 3)), columns=list("abc"))
    model = HistGradientBoostingRegressor(max_iter=20).fit(x, x["a"] * x["b"] + x["c"])
    theirs = partial_dependence(model, x, ["a"], grid_resolution=9, method="brute")
    ours = explain.partial_dependence(model.predict, x, "a", theirs["grid_values"][0])
    np.testing.assert_allclose(ours, theirs["average"][0])


def test_what_it_refuses():
    with pytest.raises(ValueError, match="name is a column of features, a, b"):
        explain.partial_dependence(product, USERS, "c", [0])
    with pytest.raises(ValueError, match="all values of a, 0 to 3"):
        explain.accumulated_effects(product, USERS, "a", [0, 1, 2])
