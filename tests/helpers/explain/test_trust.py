"""Deletion curves and stability, by hand, with scipy's rank correlation, and at their limits."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from helpers import explain


def table(rows, columns="abc"):
    return pd.DataFrame(np.asarray(rows, float), columns=list(columns), index=["Ana", "Ben"])


BACKGROUND = pd.DataFrame({"a": [0.0, 2.0], "b": [0.0, 0.0], "c": [1.0, 3.0]})
USERS = table([[3, 1, 2], [0, 5, 9]])


def linear(x):
    return x["a"] + 10 * x["b"] + 100 * x["c"]


def test_deletion_by_hand():
    # Means 1, 0, 2. Ana: 3 + 10 + 200 = 213; without b 203, without a, too, 201; at last 201.
    # Ben: 0 + 50 + 900 = 950; without c 250; without b 200; without a 201.
    attributions = table([[2, 5, 1], [-1, 0, 4]])
    curve = explain.deletion_curve(linear, BACKGROUND, USERS, attributions)
    assert curve.loc["Ana"].tolist() == [213, 203, 201, 201]
    assert curve.loc["Ben"].tolist() == [950, 250, 200, 201]


def test_scores_are_averaged_and_not_rows():
    # f = a c: replaced together, the rows of the background stay whole: (0·1 + 2·3) / 2 = 3.
    curve = explain.deletion_curve(lambda x: x["a"] * x["c"], BACKGROUND, USERS, USERS * 0)
    assert curve[3].tolist() == [3, 3]
    assert curve[1].tolist() == [(0 * 2 + 2 * 2) / 2, (0 * 9 + 2 * 9) / 2]


def test_of_equal_attributions_the_first_column_goes_first():
    curve = explain.deletion_curve(lambda x: x["a"], BACKGROUND, USERS, USERS * 0)
    assert curve[1].tolist() == curve[3].tolist() == [1, 1]


def test_shapley_values_of_a_linear_score_fall_fastest():
    # In a linear score every order is known: none is below that of the Shapley values.
    values = explain.shapley_values(linear, BACKGROUND, USERS)
    best = explain.deletion_curve(linear, BACKGROUND, USERS, values)
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = table(rng.random((2, 3)))
        curve = explain.deletion_curve(linear, BACKGROUND, USERS, other)
        assert (curve >= best - 1e-9).to_numpy().all()


def test_stability_by_hand():
    # Three runs of Ana with the top features a, a, b: one of three pairs agrees. Ben: always c.
    runs = [table([[3, 1, 0], [0, 1, 2]]), table([[9, 1, 0], [0, 1, 2]])]
    runs.append(table([[1, 3, 0], [1, 0, 2]]))
    found = explain.stability(runs)
    assert found["same_top"].tolist() == pytest.approx([1 / 3, 1])
    # Two neighbors swapped among three: ρ = 1 − 6 · 2 / (3 · 8) = 0.5, in two of three pairs.
    assert found["rank_correlation"].tolist() == pytest.approx([2 / 3, 2 / 3])


def test_rank_correlation_is_that_of_scipy():
    rng = np.random.default_rng(1)
    runs = [table(rng.integers(0, 3, (2, 5)), "abcde") for _ in range(3)]  # with ties
    found = explain.stability(runs)["rank_correlation"]
    for user in found.index:
        pairs = [spearmanr(i.loc[user], j.loc[user])[0] for i, j in combinations(runs, 2)]
        assert found[user] == pytest.approx(np.mean(pairs))


def test_equal_attributions_have_no_ranks():
    assert explain.stability([USERS * 0, USERS])["rank_correlation"].tolist() == [0, 0]


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="two explanations or more; got 1"):
        explain.stability([USERS])
    with pytest.raises(ValueError, match="other rows or columns"):
        explain.stability([USERS, USERS.iloc[::-1]])
    with pytest.raises(ValueError, match="other rows or columns"):
        explain.deletion_curve(linear, BACKGROUND, USERS, USERS[["b", "a", "c"]])
    with pytest.raises(ValueError, match="1 of 2 rows have missing values \\(first: 'Ana'\\)"):
        explain.deletion_curve(linear, BACKGROUND, USERS, USERS.replace(3.0, np.nan))
