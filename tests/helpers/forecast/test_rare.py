"""Croston's forecast: by hand, by pandas, its bias and the correction of it."""

import numpy as np
import pandas as pd
import pytest

from helpers.forecast.rare import croston


def test_by_hand():
    # 2 in week 2: z = 2, p = 2. 4 in week 5, three weeks later: z = 2 + 0.5 · 2, p = 2 + 0.5 · 1.
    # 1 in week 6, a week later: z = 3 - 0.5 · 2, p = 2.5 - 0.5 · 1.5.
    found = croston([0, 2, 0, 0, 4, 1], alpha=0.5, corrected=False)
    assert found == pytest.approx([0, 0, 1, 1, 1, 3 / 2.5, 2 / 1.75])
    assert croston([0, 2, 0, 0, 4, 1], alpha=0.5) == pytest.approx(0.75 * found)


def test_by_the_exponential_means_of_pandas():
    units = np.random.default_rng(0).poisson(0.3, (20, 200))
    for series in units:
        weeks = np.flatnonzero(series)
        sizes, gaps = pd.Series(series[weeks]), pd.Series(np.diff(weeks, prepend=-1))
        z, p = (one.ewm(alpha=0.1, adjust=False).mean().to_numpy() for one in (sizes, gaps))
        found = croston(series, alpha=0.1, corrected=False)
        assert found[weeks + 1] == pytest.approx(z / p)
        assert found[-1] == pytest.approx(z[-1] / p[-1])


def test_series_stand_for_themselves():
    units = np.random.default_rng(1).poisson(0.5, (4, 30))
    together = croston(units)
    assert together.shape == (4, 31)
    for row, series in zip(together, units, strict=True):
        assert row == pytest.approx(croston(series))


def test_a_forecast_does_not_know_its_week():
    units = np.random.default_rng(2).poisson(0.5, 30)
    later = np.where(np.arange(30) < 20, units, 9)
    assert (croston(later)[:21] == croston(units)[:21]).all()


@pytest.mark.parametrize("alpha", [0.1, 0.2])
def test_bias_of_about_half_of_alpha_and_the_correction(alpha):
    # One unit with probability 0.2, forever. Gaps are geometric: mean 5, variance 0.8 · 25; a share
    # of α / (2 - α) of it is left in p. So ŷ is too high by a share of 0.8 α / (2 - α), to second
    # order; the factor 1 - α/2 would undo α / (2 - α), a little more.
    units = np.random.default_rng(3).random((2_000, 500)) < 0.2
    plain, corrected = (croston(units, alpha, corrected=c)[:, 100:].mean() for c in (False, True))
    expected = 0.2 * (1 + 0.8 * alpha / (2 - alpha))
    assert plain == pytest.approx(expected, rel=0.01)
    assert corrected == pytest.approx(expected * (1 - alpha / 2), rel=0.01)
    assert abs(corrected - 0.2) < 0.3 * abs(plain - 0.2)


def test_nothing_sold_is_forecast_as_nothing():
    assert (croston(np.zeros((2, 5))) == 0).all()


def test_croston_refuses():
    with pytest.raises(
        ValueError, match=r"units: negative, missing or infinite in 1 of 3 places \(first at 2\)"
    ):
        croston([1, 0, -1])
    with pytest.raises(ValueError, match="alpha is a share between 0 and 1; got 1"):
        croston([1, 0, 1], alpha=1)
    with pytest.raises(ValueError, match=r"units have shape \(weeks,\) or \(series, weeks\)"):
        croston(3)
