"""Promotions known ahead: lift by hand, forecasts by hand, a planted lift, what is refused."""

import numpy as np
import pandas as pd
import pytest

from helpers import forecast
from helpers.forecast.promotions import Promoted

PLAIN = forecast.ExponentialSmoothing(season=None)
WEEKS = pd.date_range("2025-01-06", periods=12, freq="W-MON")


def demand_of(**series) -> pd.DataFrame:
    wide = pd.DataFrame(series, WEEKS.rename("week"))
    return wide.melt(ignore_index=False, var_name="series", value_name="units").reset_index()


def plan_of(series: str, *weeks: int) -> pd.DataFrame:
    days = WEEKS[0] + pd.to_timedelta([7 * week for week in weeks], unit="D")
    return pd.DataFrame({"series": series, "week": days})


def test_lifts_by_hand():
    # A: usual weeks 4, promoted 12 and 16. B: usual weeks 2, promoted 4 once. L = 32 / (8 + 2).
    # With k = 1: (28 + 3.2 · 4) / (3 · 4) = 3.4, and (4 + 3.2 · 2) / (2 · 2) = 2.6.
    a, b = [4, 12, 4, 4, 16, *7 * [4]], [2, 2, 4, *9 * [2]]
    plan = pd.concat([plan_of("A", 1, 4), plan_of("B", 2)])
    fitted = Promoted(PLAIN, plan).fit(demand_of(A=a, B=b))
    assert fitted.lift_.to_dict() == pytest.approx({"A": 3.4, "B": 2.6})
    own = Promoted(PLAIN, plan, strength=0).fit(demand_of(A=a, B=b))
    assert own.lift_.to_dict() == pytest.approx({"A": 3.5, "B": 2.0})


def test_the_forecast_is_multiplied_where_a_promotion_is_planned():
    plan = plan_of("A", 1, 5, 13)
    found = Promoted(PLAIN, plan).fit(demand_of(A=[4, 12, 4, 4, 4, 12, *6 * [4]])).predict(3)
    assert found["mean"].tolist() == pytest.approx([4, 12, 4])


def test_the_order_of_the_series_and_rows_there_twice_change_nothing():
    demand = demand_of(B=range(1, 13), A=[4, 12, *10 * [4]])
    plan = pd.concat([plan_of("A", 1, 12), plan_of("A", 1), plan_of("C", 3)])
    found = Promoted(PLAIN, plan).fit(demand).predict(1).set_index("series")["mean"]
    alone = Promoted(PLAIN, plan_of("A", 1, 12)).fit(demand[demand["series"] == "A"]).predict(1)
    assert found["A"] == pytest.approx(alone["mean"][0])
    without = PLAIN.fit(demand[demand["series"] == "B"]).predict(1)
    assert found["B"] == pytest.approx(without["mean"][0])


def test_without_promotions_it_is_the_model():
    demand = demand_of(A=[4, 6, 5, 3] * 3)
    none = Promoted(PLAIN, plan_of("B", 1)).fit(demand).predict(2)
    pd.testing.assert_frame_equal(none, PLAIN.fit(demand).predict(2))


def test_finds_a_planted_lift_and_the_noise_that_belongs_to_it():
    rng = np.random.default_rng(0)
    weeks = pd.date_range("2024-01-01", periods=104, freq="W-MON", name="week")
    on = rng.random((104, 30)) < 0.25
    units = pd.DataFrame(rng.poisson(np.where(on, 20, 10)), weeks, range(30))
    demand = units.melt(ignore_index=False, var_name="series", value_name="units").reset_index()
    plan = demand[on.T.ravel()]
    lifts = Promoted(PLAIN, plan).fit(demand).lift_
    assert lifts.mean() == pytest.approx(2, abs=0.04)
    models = {"plain": PLAIN, "aware": Promoted(PLAIN, plan)}
    wape = forecast.score(forecast.rolling_origin(models, demand, 4, 2))["wape"]
    assert wape["aware"] < 0.75 * wape["plain"]


def test_what_is_refused():
    demand = demand_of(A=range(12))
    with pytest.raises(TypeError, match=r"model is ExponentialSmoothing\(\) or BoostedLags\(\)"):
        Promoted(forecast.SeasonalNaive(season=1), plan_of("A", 1)).fit(demand)
    with pytest.raises(ValueError, match='"A" is promoted in all of its 12 weeks'):
        Promoted(PLAIN, plan_of("A", *range(12))).fit(demand)
    with pytest.raises(ValueError, match='"week"'):
        Promoted(PLAIN, plan_of("A", 1).drop(columns="week")).fit(demand)
