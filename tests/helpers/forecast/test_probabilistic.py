"""Pinball loss and CRPS: by scikit-learn, by the normal distribution, by integrals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from helpers.forecast.probabilistic import crps, pinball

some_units = st.floats(0, 100)


@pytest.mark.parametrize("q", [0.05, 0.5, 0.9375])
def test_pinball_agrees_with_scikit_learn(q):
    y, said = np.random.default_rng(0).poisson(5, (2, 200))
    assert pinball(y, said, q).mean() == pytest.approx(mean_pinball_loss(y, said, alpha=q))


def test_crps_of_one_draw():
    # One draw: the absolute error.
    assert crps([3, 8], [[5], [5]]) == pytest.approx([2, 3])


@given(some_units, st.lists(some_units, min_size=1, max_size=8))
def test_crps_by_the_integral_of_squared_differences_of_distribution_functions(y, draws):
    # ∫ (F(x) - 1[x ≥ y])² dx of two step functions, between all their steps.
    steps = np.sort([*draws, y])
    at = (np.array(draws)[:, None] <= steps[:-1]).mean(axis=0) - (y <= steps[:-1])
    assert crps(y, draws) == pytest.approx((at**2 * np.diff(steps)).sum(), abs=1e-9)


@pytest.mark.parametrize("z", [-1.5, 0, 0.7, 3])
def test_crps_of_the_normal_distribution(z):
    # Gneiting & Raftery (2007): z (2Φ(z) - 1) + 2φ(z) - 1/√π, times the standard deviation.
    exact = z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi)
    quantiles = stats.norm(10, 2).ppf((np.arange(2000) + 0.5) / 2000)
    assert crps(10 + 2 * z, quantiles) == pytest.approx(2 * exact, rel=0.001)


def test_what_is_refused():
    with pytest.raises(ValueError, match="q: not between 0 and 1 in 1 of 1 places"):
        pinball([1], [2], q=90)
    with pytest.raises(ValueError, match="forecasts: missing or infinite in 1 of 2 places"):
        pinball([1, 2], [2, np.nan], q=0.5)
    with pytest.raises(ValueError, match=r"draws have the shape of the outcomes, \(2,\), and a"):
        crps([1, 2], [1, 2, 3])
