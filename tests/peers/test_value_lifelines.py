"""Kaplan–Meier and Cox regression against the library lifelines."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_rossi

from helpers import value
from helpers.data import sources


@pytest.fixture(scope="module")
def lifetimes():
    orders = sources.load_cdnow(sample=True)
    return value.time_to_second_purchase(orders, observation_end="1998-06-30")


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_curve_and_interval(lifetimes, level):
    theirs = KaplanMeierFitter(alpha=1 - level).fit(lifetimes["duration"], lifetimes["event"])
    ours = value.kaplan_meier(lifetimes, level=level)
    np.testing.assert_allclose(
        ours["survival"], theirs.survival_function_at_times(ours.index), rtol=1e-9
    )
    low, high = theirs.confidence_interval_.loc[ours.index].to_numpy().T
    np.testing.assert_allclose(ours["low"], low, rtol=1e-6)
    np.testing.assert_allclose(ours["high"], high, rtol=1e-6)


def test_median(lifetimes):
    half = lifetimes.assign(event=lifetimes["event"] | (lifetimes["observed"] % 3 == 0))
    theirs = KaplanMeierFitter().fit(half["duration"], half["event"])
    curve = value.kaplan_meier(half)["survival"]
    assert curve.index[curve <= 0.5][0] == theirs.median_survival_time_


def test_cox_regression_with_ties():
    # Rearrest within a year: 114 events in 52 weeks, so many on the same day (Efron's ties).
    rossi = load_rossi()
    theirs = CoxPHFitter().fit(rossi, "week", "arrest")
    lives = pd.DataFrame({"duration": rossi["week"], "event": rossi["arrest"] == 1})
    ours = value.cox_regression(lives, rossi.drop(columns=["week", "arrest"]))
    np.testing.assert_allclose(ours["ratio"], theirs.hazard_ratios_, rtol=1e-6)
    limits = np.exp(theirs.confidence_intervals_).to_numpy()
    np.testing.assert_allclose(ours[["low", "high"]], limits, rtol=1e-5)
