"""Difference-in-differences and event study: by hand, and equal to statsmodels' regressions."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.campaigns.panels import difference_in_differences, event_study
from helpers.data import problems


def four_users():
    return pd.DataFrame(
        {
            "user_id": list("aabbccdd"),
            "treated": [True] * 4 + [False] * 4,
            "after": [False, True] * 4,
            "spent": [10, 13, 12, 17, 5, 6, 7, 8],
        }
    )


def some_panel(seed=0, users=30, periods=5):
    rng = np.random.default_rng(seed)
    panel = pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(users), periods),
            "period": np.tile(np.arange(periods) - periods + 1, users),
            "treated": np.repeat(rng.permutation(np.arange(users) < users // 3), periods),
        }
    )
    level = np.repeat(rng.normal(size=users), periods)
    return panel.assign(after=panel["period"] >= -1, spent=level + rng.normal(size=len(panel)))


def test_four_means_by_hand():
    # Treated 11 → 15, others 6 → 7: 4 − 1 = 3.
    # Residuals: a −1, −2; b +1, +2; c −1, −1; d +1, +1. Per user, after minus before, divided by 2:
    # −1/2, 1/2, 0, 0. Squares: 1/2. Times 4/3 · 7/4 = 7/3: 7/6.
    effect = difference_in_differences(four_users(), "spent")
    assert effect.estimate == pytest.approx(3)
    assert effect.error**2 == pytest.approx(7 / 6)
    # Three degrees of freedom: t = 3.1824.
    assert effect.high == pytest.approx(3 + 3.182446 * (7 / 6) ** 0.5)


def test_equal_to_the_regression_with_clustered_errors():
    panel = some_panel().sample(frac=1, random_state=1)
    numbers = panel.astype({"treated": int, "after": int})
    ols = smf.ols("spent ~ treated * after", numbers)
    theirs = ols.fit(cov_type="cluster", cov_kwds={"groups": numbers["user_id"]}, use_t=True)
    ours = difference_in_differences(panel, "spent")
    assert ours.estimate == pytest.approx(theirs.params["treated:after"])
    assert ours.error == pytest.approx(theirs.bse["treated:after"])
    assert list(ours[2:]) == pytest.approx(theirs.conf_int().loc["treated:after"].tolist())


def test_event_study_is_the_regression_with_a_dummy_for_each_period():
    panel = some_panel(users=300)
    study = event_study(panel, "spent", reference=-1)
    numbers = panel.astype({"treated": int})
    ols = smf.ols("spent ~ treated * C(period, Treatment(-1))", numbers)
    theirs = ols.fit(cov_type="cluster", cov_kwds={"groups": numbers["user_id"]})
    for period in (-4, -3, -2, 0):
        name = f"treated:C(period, Treatment(-1))[T.{period}]"
        assert study.loc[period, "estimate"] == pytest.approx(theirs.params[name])
        assert study.loc[period, "error"] == pytest.approx(theirs.bse[name], rel=0.005)
    assert study.loc[-1].tolist() == [0, 0, 0, 0]


def test_what_it_refuses():
    panel = four_users()
    with pytest.raises(ValueError, match=r"1 users are treated in some rows .* 'b'"):
        difference_in_differences(panel.assign(treated=[True] * 3 + [False] * 5), "spent")
    with pytest.raises(ValueError, match="2 and 0 of the treated, 2 and 2 of the others"):
        difference_in_differences(panel[~(panel["treated"] & panel["after"])], "spent")
    # Without c's row before, the others would have gone from 7 to 7: an effect of 4 instead of 3.
    with pytest.raises(ValueError, match=r"1 of 4 users .*user c has 0 with after = False"):
        difference_in_differences(panel.drop(4), "spent")
    longer = some_panel().drop(49)  # user 9 in the last period
    longer = pd.concat([longer, longer[longer["user_id"] == 3].tail(1)])
    with pytest.raises(ValueError, match=r"2 of 30 users .*user 3 has 2 with period = 0, others 1"):
        event_study(longer, "spent", reference=-1)
    with pytest.raises(problems.TableError, match="after"):
        difference_in_differences(panel.assign(after=1), "spent")
    with pytest.raises(ValueError, match="confidence"):
        difference_in_differences(panel, "spent", confidence=95)
    with pytest.raises(ValueError, match="No row has period 3"):
        event_study(some_panel(), "spent", reference=3)
