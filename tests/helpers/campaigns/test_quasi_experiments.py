"""Staggered adoption, synthetic control and regression discontinuity: by hand, and properties."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.campaigns.discontinuity import regression_discontinuity
from helpers.campaigns.panels import difference_in_differences
from helpers.campaigns.staggered import group_time_effects
from helpers.campaigns.synthetic_control import SyntheticControl, placebo_gaps


def two_adopters():
    """Anna adopts in 1 and gains 2, then 8; Ben adopts in 2 and gains 2."""
    rows = {"user_id": list("aaabbb"), "period": [0, 1, 2] * 2, "adopted": [1] * 3 + [2] * 3}
    return pd.DataFrame(rows | {"spent": [0.0, 2, 8, 0, 0, 2]})


def waves(seed=0, users=90, effect=0.0):
    rng = np.random.default_rng(seed)
    panel = pd.DataFrame(
        {"user_id": np.repeat(np.arange(users), 6), "period": np.tile(np.arange(6), users)}
    )
    panel["adopted"] = np.repeat(rng.choice([2, 4, np.nan], users), 6)
    treated = panel["period"] >= panel["adopted"]
    noise = rng.normal(size=len(panel)) + np.repeat(rng.normal(size=users), 6)
    return panel.assign(spent=panel["period"] + noise + effect * treated)


def test_group_time_effects_by_hand():
    # Wave 2 also needs a control: Cem, who never adopts and spends 1 more in each period.
    cem = pd.DataFrame({"user_id": "c", "period": [0, 1, 2], "adopted": np.nan, "spent": [0, 1, 2]})
    table = group_time_effects(pd.concat([two_adopters(), cem]), "spent")["estimate"]
    # Anna in 1: 2 less the mean change of Ben, 0, and Cem, 1; in 2: 8 − 2, as Ben is treated.
    # Ben: from 1 to 2, 2 − 1; before, from 1 to 0: 0 − (−1).
    assert table.to_dict() == {(1, 1): 1.5, (1, 2): 6.0, (2, 0): 1.0, (2, 2): 1.0}


def test_means_of_group_time_effects():
    panel = waves(effect=3)
    cells = group_time_effects(panel, "spent")["estimate"].reset_index()
    sizes = panel.groupby("adopted")["user_id"].nunique()
    n, since = cells["adopted"].map(sizes), cells["period"] - cells["adopted"]
    first = since == 0
    expected = np.average(cells["estimate"][first], weights=n[first])
    assert group_time_effects(panel, "spent", by="since").loc[0, "estimate"] == pytest.approx(
        expected
    )
    overall = np.average(cells["estimate"][since >= 0], weights=n[since >= 0])
    found = group_time_effects(panel, "spent", by="treated")
    assert found.loc[True, "estimate"] == pytest.approx(overall)
    assert found.loc[True, "low"] < 3 < found.loc[True, "high"]


def test_with_one_wave_and_two_periods_it_is_difference_in_differences():
    panel = waves(effect=1)
    panel = panel[panel["period"].isin([1, 2]) & (panel["adopted"] != 4)]
    numbers = panel.assign(treated=panel["adopted"].notna(), after=panel["period"] == 2)
    theirs = difference_in_differences(numbers, "spent")
    ours = group_time_effects(panel, "spent").loc[(2, 2)]
    assert ours["estimate"] == pytest.approx(theirs.estimate)
    assert ours["error"] == pytest.approx(theirs.error, rel=0.03)  # but for its correction


def test_the_interval_of_all_effects_holds_the_truth_as_often_as_it_says():
    found = [
        group_time_effects(waves(seed, effect=2), "spent", by="treated") for seed in range(100)
    ]
    inside = [each.loc[True, "low"] < 2 < each.loc[True, "high"] for each in found]
    assert 0.9 < np.mean(inside) < 0.99


def test_what_group_time_effects_refuses():
    panel = two_adopters()
    with pytest.raises(ValueError, match=r"adopted differs between the rows of 1 users .*'b'"):
        group_time_effects(panel.assign(adopted=[1] * 4 + [2] * 2), "spent")
    with pytest.raises(ValueError, match="unbalanced"):
        group_time_effects(panel.drop(0), "spent")
    with pytest.raises(ValueError, match="both a period before it and later adopters"):
        group_time_effects(panel.assign(adopted=1), "spent")


def test_synthetic_control_by_hand():
    # 0.75 a + 0.25 b: 2, 2.5, 4. Afterward 0.75 · 4 + 0.25 · 8 = 5.
    others = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [5.0, 4, 7, 8], "c": [9.0, 9, 9, 9]})
    control = SyntheticControl().fit(others[:3], pd.Series([2.0, 2.5, 4.0]))
    assert control.weights_.to_dict() == pytest.approx({"a": 0.75, "b": 0.25, "c": 0}, abs=1e-5)
    assert control.predict(others)[3] == pytest.approx(5, abs=1e-4)


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_no_other_weights_fit_better(scale):
    rng = np.random.default_rng(0)
    Y = pd.DataFrame(scale * rng.gamma(5, size=(20, 8)))
    y = pd.Series(scale * rng.gamma(5, size=20))
    weights = SyntheticControl().fit(Y, y).weights_.to_numpy()
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    # At the best weights, moving weight from a used unit to any other does not reduce the error.
    slope = 2 * Y.to_numpy().T @ (Y.to_numpy() @ weights - y.to_numpy()) / scale**2
    assert slope[weights > 1e-6].max() < slope.min() + 1e-3


def test_placebo_gaps():
    rng = np.random.default_rng(0)
    season = 10 + np.sin(np.arange(30))[:, None]
    units = pd.DataFrame(season * rng.uniform(0.5, 2, 12) + rng.normal(0, 0.3, (30, 12)))
    units.loc[20:, 3] += 4
    table = placebo_gaps(units, start=20)
    assert table["ratio"].idxmax() == 3
    assert table.loc[3, "gap"] == pytest.approx(4, abs=0.4)
    with pytest.raises(ValueError, match="periods before 30"):
        placebo_gaps(units, start=30)


def cutoff_table(seed=0, n=500, jump=2.0):
    rng = np.random.default_rng(seed)
    x = pd.Series(rng.uniform(0, 100, n))
    return x, x / 20 + jump * (x >= 60) + rng.normal(size=n)


def test_discontinuity_is_the_weighted_regression_with_robust_errors():
    x, y = cutoff_table()
    effect = regression_discontinuity(x, y, cutoff=60, bandwidth=25)
    table = pd.DataFrame({"x": x - 60, "y": y, "above": 1 * (x >= 60)})
    table = table[table["x"].abs() < 25]
    theirs = smf.wls("y ~ x * above", table, weights=1 - table["x"].abs() / 25).fit(cov_type="HC1")
    assert effect.estimate == pytest.approx(theirs.params["above"])
    assert effect.error == pytest.approx(theirs.bse["above"])
    assert list(effect[2:]) == pytest.approx(theirs.conf_int().loc["above"].tolist())


def test_discontinuity_interval_holds_the_jump_as_often_as_it_says():
    found = [
        regression_discontinuity(*cutoff_table(s), cutoff=60, bandwidth=25) for s in range(300)
    ]
    assert 0.91 < np.mean([each.low < 2 < each.high for each in found]) < 0.98


def test_what_discontinuity_refuses():
    x, y = cutoff_table()
    with pytest.raises(ValueError, match="0 different values below"):
        regression_discontinuity(x, y, cutoff=0, bandwidth=25)
    with pytest.raises(ValueError, match="confidence"):
        regression_discontinuity(x, y, cutoff=60, bandwidth=25, confidence=95)
