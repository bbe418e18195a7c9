"""Balance and a hidden confounder: by hand, published figures, and the bias of what is hidden."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.campaigns.sensitivity import (
    Adjusted,
    adjusted_difference,
    partial_r2,
    standardized_differences,
)


@pytest.fixture
def confounded():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(400, 3)), columns=list("abc"))
    treated = pd.Series(rng.random(400) < 1 / (1 + np.exp(-X["a"] - X["c"])))
    return X, X["a"] + 2 * X["c"] + treated + rng.normal(size=400), treated


def test_standardized_differences_by_hand():
    X = pd.DataFrame({"orders": [4.0, 6.0, 1.0, 3.0], "same": 1.0})
    treated = pd.Series([True, True, False, False])
    # Means 5 and 2, both variances 2: 3 / √2. With weights 3 to 1 below, the means are 5 and 2.5.
    assert standardized_differences(X, treated)["orders"] == pytest.approx(3 / 2**0.5)
    weighted = standardized_differences(X, treated, pd.Series([1.0, 1, 1, 3]))
    assert weighted["orders"] == pytest.approx(2.5 / 2**0.5)
    assert np.isnan(weighted["same"])


def test_true_propensities_balance(confounded):
    X, _, treated = confounded
    e = 1 / (1 + np.exp(-X["a"] - X["c"]))
    weights = (1 / e).where(treated, 1 / (1 - e))
    assert standardized_differences(X, treated)[["a", "c"]].min() > 0.5
    assert standardized_differences(X, treated, weights).abs().max() < 0.25


def test_the_example_of_cinelli_and_hazlett():
    # Violence and wishes for peace in Darfur, as their package sensemakr has it: RV = 13.9%, and a
    # confounder as strong as being female leaves 0.0752 of 0.0973.
    darfur = Adjusted(0.09731582, 0.02325654, 783)
    assert darfur.robustness_value() == pytest.approx(0.138776, abs=1e-6)
    assert darfur.estimate - darfur.bias(0.00916429, 0.12464092) == pytest.approx(0.07522, abs=1e-5)


def test_a_confounder_as_strong_as_the_robustness_value_explains_it_all():
    found = Adjusted(0.3, 0.05, 200)
    rv = found.robustness_value()
    assert found.bias(rv, rv) == pytest.approx(0.3)


def test_adjusted_difference_is_least_squares(confounded):
    X, y, treated = confounded
    theirs = sm.OLS(y, sm.add_constant(X.assign(treated=1.0 * treated))).fit()
    ours = adjusted_difference(X, y, treated)
    assert ours.estimate == pytest.approx(theirs.params["treated"])
    assert ours.error == pytest.approx(theirs.bse["treated"])
    assert ours.degrees_of_freedom == theirs.df_resid


def test_the_bias_of_a_hidden_column_is_what_its_strength_says(confounded):
    X, y, treated = confounded
    seen = X.drop(columns="c")
    hidden = adjusted_difference(seen, y, treated)
    bias = hidden.estimate - adjusted_difference(X, y, treated).estimate
    of_treatment = partial_r2(seen, treated, X["c"])
    of_outcome = partial_r2(seen.assign(treated=1.0 * treated), y, X["c"])
    assert hidden.bias(of_treatment, of_outcome) == pytest.approx(bias)
