"""Kaplan–Meier against the library lifelines: curve, confidence interval, and median."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

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
