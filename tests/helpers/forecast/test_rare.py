"""Croston's forecast and TSB: by hand, by other software, by pandas, their start."""

import numpy as np
import pandas as pd
import pytest

from helpers.forecast.rare import croston, tsb

METHODS = [croston, tsb]


def test_croston_by_hand():
    # 2 in week 2: z = 2. 4 in week 5, three weeks later: z = 2 + 0.5 · 2, p = 3.
    # 1 in week 6, a week later: z = 3 - 0.5 · 2, p = 3 - 0.5 · 2.
    found = croston([0, 2, 0, 0, 4, 1], alpha=0.5)
    assert found == pytest.approx([0, 0, 0, 0, 0, 3 / 3, 2 / 2])


def test_tsb_by_hand():
    # 2 in week 2: z = 2. 4 in week 4, two weeks later: z = 2 + 0.5 · 2, q = 1/2. Nothing in week 5:
    # q = 1/2 - 0.2 · 1/2. 1 in week 6: z = 3 - 0.5 · 2, q = 0.4 + 0.2 · 0.6.
    found = tsb([0, 2, 0, 4, 0, 1], alpha=0.5, beta=0.2)
    assert found == pytest.approx([0, 0, 0, 0, 3 * 0.5, 3 * 0.4, 2 * 0.52])


# Computed with statsforecast 2.1.1: CrostonClassic (with α = 0.1) and
# TSB(alpha_d=0.2, alpha_p=0.3). It starts from the first week of the data. Where the first two
# weeks have sales, as here, that is our start as well.
SERIES = [2, 1, 0, 0, 4, 0, 1, 0, 0, 0, 3, 0]
CROSTON = [1.9, 1.9, 1.9, 1.75833333, 1.75833333, *4 * [1.56171875], *2 * [1.352512886597938]]
TSB = [1.8, 1.26, 0.882, 1.44032, 1.008224, 1.22521944, 0.85765361, 0.60035753, 0.42025027]


def test_agrees_with_statsforecast():
    assert croston(SERIES)[2:] == pytest.approx(CROSTON)
    found = tsb(SERIES, alpha=0.2, beta=0.3)
    assert found[2:] == pytest.approx([*TSB, 0.98202713, 0.68741899396464])


@pytest.mark.parametrize("method", METHODS)
def test_weeks_before_the_first_sale_say_nothing(method):
    units = np.random.default_rng(4).poisson(0.3, 60)
    late = method(np.concatenate([np.zeros(50), units]))
    assert (late[:50] == 0).all()
    assert late[50:] == pytest.approx(method(units))


def test_an_item_that_nobody_buys_any_more_fades_by_tsb_alone():
    units = np.array([2, 2, *100 * [0]])
    assert croston(units)[-1] == 2
    assert tsb(units)[-1] == pytest.approx(2 * 0.9**100)


@pytest.mark.parametrize("method", METHODS)
def test_series_stand_for_themselves(method):
    units = np.random.default_rng(1).poisson(0.5, (4, 30))
    together = method(units)
    assert together.shape == (4, 31)
    for row, series in zip(together, units, strict=True):
        assert row == pytest.approx(method(series))


@pytest.mark.parametrize("method", METHODS)
def test_a_forecast_does_not_know_its_week(method):
    units = np.random.default_rng(2).poisson(0.5, 30)
    later = np.where(np.arange(30) < 20, units, 9)
    assert (method(later)[:21] == method(units)[:21]).all()


def test_starts_by_weighted_means_by_hand():
    # α = β = 0.5. Sales of 2, 0, 4 units: z = (0.5 · 2 + 1 · 4) / 1.5 = 10/3. After the first sale
    # 0, 1: q = (0.5 · 0 + 1 · 1) / 1.5 = 2/3. One more week: q = (0.25 · 0 + 0.5 · 1) / 1.75.
    found = tsb([2, 0, 4, 0], alpha=0.5, beta=0.5, start="mean")
    assert found[1:] == pytest.approx([0, 0, 10 / 3 * 2 / 3, 10 / 3 * 2 / 7])
    # Gaps of 2 and 1: p = (0.5 · 2 + 1 · 1) / 1.5 = 4/3. Sizes 2, 4, 1: (0.5 + 2 + 1) / 1.75 = 2.
    assert croston([2, 0, 4, 1], alpha=0.5, start="mean")[-1] == pytest.approx(2 / (4 / 3))


def test_weighted_means_are_those_of_pandas():
    units = np.random.default_rng(0).poisson(0.3, (20, 200))
    for series in units:
        weeks = np.flatnonzero(series)
        after = pd.Series(series[weeks[0] + 1 :] > 0).astype(float)
        means = [
            pd.Series(x).ewm(alpha=a).mean().iloc[-1]
            for x, a in [(series[weeks], 0.1), (np.diff(weeks), 0.1), (after, 0.2)]
        ]
        assert croston(series, 0.1, start="mean")[-1] == pytest.approx(means[0] / means[1])
        assert tsb(series, 0.1, 0.2, start="mean")[-1] == pytest.approx(means[0] * means[2])


@pytest.mark.parametrize("method", METHODS)
def test_one_sale_or_none_is_forecast_as_nothing(method):
    assert (method(np.zeros((2, 5))) == 0).all()
    assert (method([0, 3, 0]) == 0).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("units", "options", "message"),
    [
        ([1, 0, -1], {}, "units: negative, missing or infinite in 1 of 3 places .*first at 2"),
        (3, {}, r"units have shape \(weeks,\) or \(series, weeks\)"),
        ([1, 0, 1], {"alpha": 1}, "alpha is a share between 0 and 1; got 1"),
        ([1, 0, 1], {"start": "zero"}, "start is .* got 'zero'"),
    ],
)
def test_what_is_refused(method, units, options, message):
    with pytest.raises(ValueError, match=message):
        method(units, **options)


def test_tsb_refuses_a_beta_that_is_no_share():
    with pytest.raises(ValueError, match="beta is a share between 0 and 1; got 1"):
        tsb([1, 0, 1], beta=1)
