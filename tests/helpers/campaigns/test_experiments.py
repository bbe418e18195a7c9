"""Experiments: by hand, against published figures, against statsmodels and scipy."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind
from statsmodels.stats.power import NormalIndPower, TTestIndPower, normal_sample_size_one_tail

from helpers.campaigns.experiments import (
    ab_test,
    critical_value,
    cuped,
    false_alarms,
    sample_size,
)
from helpers.data import problems


def by_hand():
    # before 1, 2, 3 | 2, 3, 4   after 3, 4, 6 | 3, 3, 5   (treated | control)
    return pd.DataFrame(
        {
            "treated": [True] * 3 + [False] * 3,
            "before": [1, 2, 3, 2, 3, 4],
            "after": [3, 4, 6, 3, 3, 5],
        }
    )


def test_difference_by_hand():
    # Means 13/3 and 11/3. Variances 7/3 and 4/3, so error² = (7/3 + 4/3) / 3 = 11/9.
    found = ab_test(by_hand(), "after").loc["difference"]
    assert found["treated"] == pytest.approx(13 / 3)
    assert found["control"] == pytest.approx(11 / 3)
    assert found["difference"] == pytest.approx(2 / 3)
    assert found["error"] == pytest.approx(np.sqrt(11 / 9))
    assert found["saved"] == 0


def test_cuped_by_hand():
    # Within the arms: x − x̄ = −1, 0, 1 twice; Σ x y = (−1·−4/3 + 5/3) + (−1·−2/3 + 4/3) = 5,
    # Σ x² = 4, θ = 5/4. The treated had 1 less before: 2/3 + 5/4 = 23/12.
    # y' of the treated − their mean: −4/3 + 5/4 = −1/12, −4/12, 5/12; of control 7/12, −8/12, 1/12.
    # Variances (1 + 16 + 25)/144/2 and (49 + 64 + 1)/144/2; error² = (21 + 57)/144/3.
    found = ab_test(by_hand(), "after", before=["before"]).loc["CUPED"]
    assert found["difference"] == pytest.approx(23 / 12)
    assert found["error"] == pytest.approx(np.sqrt(78 / 144 / 3))
    assert found["saved"] == pytest.approx(1 - (78 / 432) / (11 / 9))
    assert cuped(by_hand(), "after", ["before"]).mean() == pytest.approx(4)  # as before


def some_experiment(n=400, seed=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    treated = rng.random(n) < 0.3
    y = 1 + 0.4 * treated + x @ [0.8, -0.5] + rng.normal(size=n) * (1 + treated)
    return pd.DataFrame({"treated": treated, "y": y, "a": x[:, 0], "b": x[:, 1]})


def test_scipy_agrees_with_the_difference():
    users = some_experiment()
    ours = ab_test(users, "y", confidence=0.9).loc["difference"]
    theirs = ttest_ind(users["y"][users["treated"]], users["y"][~users["treated"]], equal_var=False)
    assert ours["p_value"] == pytest.approx(theirs.pvalue)
    assert [ours["low"], ours["high"]] == pytest.approx(list(theirs.confidence_interval(0.9)))


@pytest.mark.parametrize("before", [["a"], ["a", "b"]])
def test_statsmodels_agrees_with_cuped(before):
    users = some_experiment()
    ours = ab_test(users, "y", before=before)
    ancova = sm.OLS(users["y"], sm.add_constant(users[["treated", *before]].astype(float))).fit()
    assert ours.loc["CUPED", "difference"] == pytest.approx(ancova.params["treated"], rel=1e-12)
    # Welch's error is the robust one (HC2) of a regression on the treatment.
    treated = sm.add_constant(users["treated"].astype(float))
    for estimate, y in [("difference", users["y"]), ("CUPED", cuped(users, "y", before))]:
        robust = sm.OLS(y, treated).fit(cov_type="HC2")
        assert ours.loc[estimate, "error"] == pytest.approx(robust.bse["treated"], rel=1e-12)


def test_arms_that_do_not_vary_have_no_interval():
    found = ab_test(by_hand().assign(after=[2, 2, 2, 1, 1, 1]), "after").loc["difference"]
    assert (found["difference"], found["error"]) == (1, 0)
    assert found[["low", "high", "p_value"]].isna().all()


def test_a_column_that_says_nothing():
    users = by_hand().assign(same=1)
    rows = ab_test(users, "after", before=["same"])
    pd.testing.assert_series_equal(rows.loc["difference"], rows.loc["CUPED"], check_names=False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"treated": True}, "0 of 6 users are control"),
        ({"treated": [True] + [False] * 5}, "1 of 6 users is treated"),
        ({"after": 3}, "is 3 for all 6 users"),
        ({"treated": 1}, "treated"),
    ],
)
def test_what_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        ab_test(by_hand().assign(**change), "after")


def test_missing_before_is_refused():
    users = by_hand().astype({"before": float})
    users.loc[1, "before"] = np.nan
    with pytest.raises(problems.TableError, match="before"):
        cuped(users, "after", ["before"])
    with pytest.raises(ValueError, match="confidence"):
        ab_test(users, "after", confidence=95)
    with pytest.raises(ValueError, match="list of columns"):
        ab_test(by_hand(), "after", before="before")


# ---------------------------------------------------------------- how many users


@given(st.floats(0.01, 2), st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.3, 0.95))
def test_statsmodels_agrees_with_the_sample_size(effect, control, treated, chance):
    # Theirs asks for the standard deviation of the difference, and for one tail of the two.
    spread = np.sqrt(2 * treated**2 + 2 * control**2)
    theirs = normal_sample_size_one_tail(effect, chance, 0.025, spread, spread)
    ours = sample_size(effect, (control, treated), power=chance)
    assert theirs - 1e-6 <= ours < theirs + 1


def test_the_textbook():
    # Cohen (1988), d = 0.5, power 0.80: 64 in each arm by the t-test, 63 by the z-test.
    assert np.ceil(TTestIndPower().solve_power(0.5, power=0.8, alpha=0.05)) == 64
    assert sample_size(0.5, 1) == 2 * 63
    assert NormalIndPower().solve_power(0.5, power=0.8, alpha=0.05) == pytest.approx(63, abs=0.5)


def test_sample_size_by_hand():
    # From 10 % to 14 %: variances 0.09 and 0.1204; (1.959964 + 0.841621)² = 7.84888.
    # 7.84888 · (0.1204/0.5 + 0.09/0.5) / 0.04² = 7.84888 · 0.4208 / 0.0016 = 2064.3
    assert sample_size(0.04, np.sqrt([0.09, 0.1204])) == 2065


@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_size(0, 1),
        lambda: sample_size(np.nan, 1),
        lambda: sample_size(1, 0),
        lambda: sample_size(1, 1, power=1),
        lambda: false_alarms(0),
        lambda: false_alarms(2, critical=0),
        lambda: critical_value(2, alpha=1),
    ],
)
def test_impossible_designs(call):
    with pytest.raises(ValueError, match="got"):
        call()


# ---------------------------------------------------------------- peeking


@pytest.mark.parametrize(
    ("looks", "published"),
    # Armitage, McPherson & Rowe (1969), table 2: normal data, 5 % at each look.
    [(1, 0.05), (2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193), (20, 0.248),
     (50, 0.320), (100, 0.374)],
)  # fmt: skip
def test_published_false_alarms(looks, published):
    assert false_alarms(looks) == pytest.approx(published, abs=0.0006)


@pytest.mark.parametrize(
    ("looks", "published"),
    # Pocock (1977), table 1.
    [(1, 1.960), (2, 2.178), (3, 2.289), (4, 2.361), (5, 2.413), (10, 2.555)],
)
def test_published_critical_values(looks, published):
    assert critical_value(looks) == pytest.approx(published, abs=0.0006)
