"""The published figures of CDNOW's 1/10 sample, to their last digit where we can.

Fader, Hardie & Lee (2005) for BG/NBD (the 26-fold buyer is in the vignette of the R package BTYD),
Fader & Hardie (2013) for Gamma-Gamma.
"""

import numpy as np
import pandas as pd
import pytest

from helpers import value
from helpers.data import sources

CALIBRATION_ENDS = "1997-09-30"


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return sources.load_cdnow(sample=True)


@pytest.fixture(scope="module")
def summary(orders) -> pd.DataFrame:
    return value.btyd_summary(orders, value="value", observation_end=CALIBRATION_ENDS)


@pytest.fixture(scope="module")
def model(summary) -> value.BetaGeoModel:
    return value.BetaGeoModel().fit(summary)


def history(x: int, t_x: float, T: float) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]})


def test_the_summary(summary):
    assert len(summary) == 2357
    assert summary["frequency"].sum() == 2457
    assert (summary["frequency"] == 0).sum() == 1411
    assert summary["monetary"].notna().sum() == 946


def test_parameters(model):
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert model.parameters_.round(3).to_dict() == published


def test_log_likelihood(model):
    assert model.log_likelihood_ == pytest.approx(-9582.42921, abs=0.001)


def test_expected_purchases_of_a_new_user_in_a_year(model):
    assert model.expected_purchases_new(52) == pytest.approx(1.444004, abs=1e-4)


def test_the_user_the_paper_works_out(model):
    user = history(2, 30.43, 38.86)
    assert model.expected_purchases(39, user).item() == pytest.approx(1.226, abs=5e-4)
    assert model.probability_alive(user).item() == pytest.approx(0.7266, abs=5e-5)


def test_a_user_who_buys_a_lot(model):
    user = history(26, 216 / 7, 31)
    assert model.expected_purchases(52, user).item() == pytest.approx(25.75659, abs=1e-3)
    assert model.probability_alive(user).item() == pytest.approx(0.96885, abs=5e-6)


def test_share_of_users_who_do_not_come_back():
    # The published figure comes from the parameters rounded to three decimals.
    new = history(0, 0.0, 0.0)
    rounded = value.BetaGeoModel()
    rounded.r_, rounded.alpha_, rounded.a_, rounded.b_ = 0.243, 4.414, 0.793, 2.426
    assert rounded.probability_silent(39, new).item() == pytest.approx(0.5737864, abs=5e-8)


def test_cumulative_repeat_sales_at_week_78(orders, model):
    until_the_end = value.btyd_summary(orders)
    predicted = model.expected_purchases_new(until_the_end["T"].to_numpy()).sum()
    actual = until_the_end["frequency"].sum()
    assert predicted / actual - 1 == pytest.approx(-0.041, abs=5e-4)


def test_correlation_with_the_hold_out_period(orders, summary, model):
    later = orders[orders["ordered_at"] > CALIBRATION_ENDS]
    days = later.drop_duplicates(["user_id", "ordered_at"])["user_id"].value_counts()
    actual = days.reindex(summary.index, fill_value=0)
    correlation = np.corrcoef(model.expected_purchases(39, summary), actual)[0, 1]
    assert correlation == pytest.approx(0.626, abs=5e-4)


def test_gamma_gamma(summary):
    spending = value.GammaGammaModel().fit(summary)
    assert spending.parameters_.to_list() == pytest.approx([6.24957, 3.74422, 15.44352], abs=2e-3)
    assert spending.log_likelihood_ == pytest.approx(-4055.9177, abs=1e-3)


def test_one_time_buyers_may_be_gone_in_the_modified_model(summary, model):
    once = summary[summary["frequency"] == 0]
    assert (model.probability_alive(once) == 1).all()
    modified = value.ModifiedBetaGeoModel().fit(summary)
    alive = modified.probability_alive(once)
    assert alive.between(0.2, 0.6).all()
    by_age = alive[once["T"].sort_values().index]
    assert by_age.is_monotonic_decreasing  # the longer ago the purchase, the less likely
