"""Models of purchases and spending against the library Lifetimes, on CDNOW and at odd histories."""

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter
from lifetimes.utils import summary_data_from_transaction_data

from helpers import value
from helpers.data import sources

PAIRS = [
    (value.BetaGeoModel, BetaGeoFitter),
    (value.ModifiedBetaGeoModel, ModifiedBetaGeoFitter),
]
PURCHASES = ["frequency", "recency", "T"]


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return sources.load_cdnow(sample=True)


@pytest.fixture(scope="module")
def summary(orders) -> pd.DataFrame:
    return value.btyd_summary(orders, value="value", observation_end="1997-09-30")


def columns(summary: pd.DataFrame) -> list[np.ndarray]:
    return [summary[name].to_numpy() for name in PURCHASES]


def fitted(pair, summary):
    ours, theirs = pair
    return ours().fit(summary), theirs().fit(*columns(summary))


def test_the_summary(orders, summary):
    theirs = summary_data_from_transaction_data(
        orders, "user_id", "ordered_at", "value", observation_period_end="1997-09-30", freq="D"
    )
    theirs[["recency", "T"]] /= 7
    ours = summary.fillna({"monetary": 0})  # their word for "no repeat purchase, so no spending"
    np.testing.assert_allclose(ours, theirs[[*PURCHASES, "monetary_value"]], rtol=1e-12)


@pytest.mark.parametrize("pair", PAIRS)
def test_parameters_and_likelihood(pair, summary):
    ours, theirs = fitted(pair, summary)
    np.testing.assert_allclose(ours.parameters_, theirs.params_, rtol=1e-4)
    np.testing.assert_allclose(ours.standard_errors_, theirs.summary["se(coef)"], rtol=1e-3)
    logs, weights = np.log(ours.parameters_.to_numpy()), np.ones(len(summary))
    mean_loss = theirs._negative_log_likelihood(logs, *columns(summary), weights, 0)
    assert ours.log_likelihood_ == pytest.approx(-mean_loss * len(summary), rel=1e-10)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("t", [0.1, 39.0, 520.0])
def test_predictions(pair, t, summary):
    ours, theirs = fitted(pair, summary)
    for name, parameter in theirs.params_.items():
        setattr(ours, f"{name}_", parameter)
    rows = columns(summary)
    alive = theirs.conditional_probability_alive(*rows)
    np.testing.assert_allclose(ours.probability_alive(summary), alive, rtol=1e-9)
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(t, *rows)
    np.testing.assert_allclose(ours.expected_purchases(t, summary), expected, rtol=1e-9)
    expected = theirs.expected_number_of_purchases_up_to_time(t)
    assert ours.expected_purchases_new(t) == pytest.approx(expected, rel=1e-9)


def test_probability_of_silence(summary):
    ours, theirs = fitted(PAIRS[0], summary)
    new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]})
    for t in (1.0, 39.0):
        none = theirs.probability_of_n_purchases_up_to_time(t, 0)
        assert ours.probability_silent(t, new).item() == pytest.approx(none, rel=1e-5)


def test_spending(summary):
    repeat = summary[summary["frequency"] > 0]
    ours = value.GammaGammaModel().fit(summary)
    theirs = GammaGammaFitter().fit(repeat["frequency"], repeat["monetary"])
    np.testing.assert_allclose(ours.parameters_, theirs.params_[["p", "q", "v"]], rtol=2e-3)
    logs, data = np.log(ours.parameters_.to_numpy()), repeat[["frequency", "monetary"]].to_numpy().T
    mean_loss = theirs._negative_log_likelihood(logs, *data, np.ones(len(repeat)), 0)
    assert ours.log_likelihood_ == pytest.approx(-mean_loss * len(repeat), rel=1e-10)
    ours.p_, ours.q_, ours.gamma_ = theirs.params_[["p", "q", "v"]]
    expected = theirs.conditional_expected_average_profit(
        summary["frequency"], summary["monetary"].fillna(0)
    )
    np.testing.assert_allclose(ours.expected_spend(summary), expected, rtol=1e-9)
