"""The fit of exponential smoothing: by hand, by statsmodels, and whatever the last digit is."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from helpers import forecast
from helpers.data.sources import load_shop
from helpers.forecast.base import series_by_week
from helpers.forecast.boosted_lags import BoostedLags
from helpers.forecast.models import ExponentialSmoothing
from helpers.forecast.smoothing import least_squares, smooth


def squares(y, parameters):
    return sum(error**2 for error, *_ in smooth(y.T, *parameters.T))


def ets(y):
    return ETSModel(pd.Series(y, dtype=float), error="add", trend="add", damped_trend=True)


def table(*units):
    weeks = pd.date_range("2023-01-02", periods=len(units[0]), freq="W-MON")
    rows = [pd.DataFrame({"week": weeks, "series": n, "units": y}) for n, y in enumerate(units)]
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="module")
def shop():
    return load_shop()


@pytest.fixture(scope="module")
def demand(shop):
    return forecast.weekly_demand(shop.order_lines, shop.items, by="category")


@pytest.fixture(scope="module")
def units(demand):
    return series_by_week(demand).to_numpy(dtype=float)


@pytest.fixture(scope="module")
def adjusted(shop):
    """All units of the shop without their season: where the valley is long."""
    model = ExponentialSmoothing().fit(forecast.weekly_demand(shop.order_lines))
    return model.units_ / model._season(np.arange(model.units_.shape[1]))


# ---------------------------------------------------------------- by hand and by statsmodels


def test_smoothing_by_hand():
    # 6 and 3 from level 4 and slope 1, φ = 1/2. First forecast 4 + 1/2, error 1.5: level
    # 4.5 + 0.2 · 1.5 = 4.8, slope 0.5 + 0.1 · 1.5 = 0.65. Then 4.8 + 0.325, error −2.125.
    first, second = smooth([6, 3], 0.2, 0.1, 0.5, level=4, slope=1)
    assert first == pytest.approx((1.5, 4.8, 0.65))
    assert second == pytest.approx((-2.125, 5.125 - 0.425, 0.325 - 0.2125))


def test_same_parameters_same_fit_and_forecast_as_statsmodels(units):
    model = ExponentialSmoothing(season=None).fit(table(*units))
    mean, dispersion = model._moments(5)
    for row, (y, parameters) in enumerate(zip(units, model.parameters_, strict=True)):
        alpha, *others = parameters  # statsmodels divides by α, so none is next to nothing there
        theirs = ets(y).smooth([max(alpha, 1e-14), *others])
        ahead = theirs.get_prediction(len(y), len(y) + 4)
        grown = ahead.forecast_variance
        errors = [error for error, *_ in smooth(y, *parameters)]
        assert errors == pytest.approx(np.asarray(theirs.resid), abs=1e-9)
        assert mean[row] == pytest.approx(np.asarray(ahead.predicted_mean))
        assert dispersion[row] / dispersion[row, 0] == pytest.approx(grown / grown[0])


def test_squares_are_no_more_than_those_of_statsmodels(units):
    theirs = np.array([ets(y).fit(disp=False).sse for y in units])
    assert (squares(units, least_squares(units)) <= theirs * (1 + 1e-6)).all()


def test_statsmodels_finds_no_less_from_any_start(adjusted):
    model, found = ets(adjusted[0]), []
    for alpha, share, phi in product([0.01, 0.1, 0.6], [0.01, 0.8], [0.82, 0.9, 0.97]):
        start = [alpha, share * alpha, phi, *model.start_params[3:]]
        found.append(model.fit(start_params=start, disp=False).sse)
    ours = squares(adjusted, least_squares(adjusted))[0]
    assert ours <= min(found) * (1 + 1e-6)
    assert max(found) > 1.02 * ours  # where it stops depends on where it starts


# ---------------------------------------------------------------- properties of the search


def test_series_stand_for_themselves(units):
    many = np.vstack([units, units[::-1]])  # more than are searched at a time
    assert (least_squares(many)[-1] == least_squares(units[:1])[0]).all()


def test_scale_does_not_matter(units):
    one, ten = least_squares(units), least_squares(10 * units)
    assert (one[:, :3] == ten[:, :3]).all()
    assert ten[:, 3:] == pytest.approx(10 * one[:, 3:])


def test_a_series_without_noise_goes_on():
    # Level 20 and slope 4, damped by 0.89, which lies on the grid: what is to come is known.
    *_, last = smooth(np.zeros(40), 0, 0, 0.89, level=20, slope=4)
    y = [20 + 4 * sum(0.89**k for k in range(1, h + 1)) for h in range(1, 41)]
    assert last[1] == pytest.approx(y[-1])
    found = ExponentialSmoothing(season=None).fit(table(y[:30], np.full(30, 7))).predict(10)["mean"]
    assert found.tolist() == pytest.approx([*y[30:], *[7.0] * 10])


# ---------------------------------------------------------------- whatever the last digit is


@pytest.mark.parametrize("model", [ExponentialSmoothing(), BoostedLags()])
def test_forecasts_do_not_hang_on_rounding(demand, model):
    noise = 1 + 1e-12 * np.random.default_rng(8).normal(size=len(demand))
    once = model.fit(demand)
    mean, stock = once.predict(8), once.distribution(8).ppf([[0.3], [0.94]])
    again = model.fit(demand.assign(units=demand["units"] * noise))
    assert again.predict(8)["mean"].to_numpy() == pytest.approx(mean["mean"].to_numpy(), rel=1e-9)
    assert (again.predict(8)[["lower", "upper"]] == mean[["lower", "upper"]]).all(axis=None)
    assert (again.distribution(8).ppf([[0.3], [0.94]]) == stock).all()


def test_weights_do_not_hang_on_rounding(units, adjusted):
    for y in (units, units[:, :60], adjusted, np.full((3, 40), 7.3), np.zeros((1, 20))):
        weights = least_squares(y)[:, :3]
        for seed in range(5):
            noise = 1 + 1e-12 * np.random.default_rng(seed).normal(size=y.shape)
            assert (least_squares(y * noise)[:, :3] == weights).all()
