"""The shifted-beta-geometric model: by hand, published figures, integrals, bad input."""

import numpy as np
import pytest
from scipy import integrate, stats

from helpers import value
from helpers.data.problems import TableError

# Fader & Hardie (2007), table 1: of 1,000 customers, those left after 0, 1, … 12 years.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]


def made(alpha: float, beta: float) -> value.ShiftedBetaGeometric:
    model = value.ShiftedBetaGeometric()
    model.alpha_, model.beta_ = alpha, beta
    return model


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta"), [(HIGH_END, 0.668, 3.806), (REGULAR, 0.704, 1.182)]
)
def test_published_parameters(survivors, alpha, beta):
    model = value.ShiftedBetaGeometric().fit(survivors[:8])
    assert model.parameters_.round(3).to_list() == [alpha, beta]


def test_by_hand():
    # α = β = 1: r(t) = t / (t+1), so S is 1, 1/2, 1/3, 1/4.
    model = made(1.0, 1.0)
    np.testing.assert_allclose(model.retention([1, 2, 3]), [1 / 2, 2 / 3, 3 / 4])
    np.testing.assert_allclose(model.survival([0, 1, 2, 3]), [1, 1 / 2, 1 / 3, 1 / 4])
    # At 100% a period the payments are worth Σ (1/2)^k / (k+1) = 2 ln 2.
    assert model.discounted_lifetime(1.0) == pytest.approx(2 * np.log(2))


def test_log_likelihood_by_hand():
    # Of 6 customers 3 leave in year 1 and 1 in year 2; with α = β = 1 these have P = 1/2 and 1/2 −
    # 1/3 = 1/6, and the 2 who stay 1/3: 3 ln(1/2) + ln(1/6) + 2 ln(1/3) = −6.0684.
    # Two retention rates, 1/2 and 2/3, fix both parameters: r(1) = β/(α+β), r(2) = (β+1)/(α+β+1).
    model = value.ShiftedBetaGeometric().fit([60, 30, 20])
    assert model.parameters_.to_list() == pytest.approx([1, 1], rel=1e-4)
    assert model.log_likelihood_ == pytest.approx(-60.684, abs=1e-3)


def test_survival_is_the_mean_over_customers():
    model = made(0.668, 3.806)
    spread = stats.beta(0.668, 3.806)
    for t in (1, 5, 12):
        mean = integrate.quad(lambda theta, t=t: spread.pdf(theta) * (1 - theta) ** t, 0, 1)[0]
        assert model.survival(t) == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize("tenure", [0, 1, 6])
def test_discounted_lifetime_is_the_sum_of_discounted_survival(tenure):
    model, years = made(0.668, 3.806), np.arange(2000)
    survival = model.survival(tenure + years) / model.survival(tenure)
    total = (survival / 1.1**years).sum()
    assert model.discounted_lifetime(0.1, tenure) == pytest.approx(total, rel=1e-9)


def test_retention_rises_and_so_does_what_is_left():
    model = made(0.704, 1.182)
    assert (np.diff(model.retention(np.arange(1, 30))) > 0).all()
    assert (np.diff(model.discounted_lifetime(0.1, np.arange(30))) > 0).all()


def test_simulated_customers_give_the_parameters_back():
    rng = np.random.default_rng(7)
    last = rng.geometric(rng.beta(0.8, 2.5, 200_000))
    survivors = [(last > t).sum() for t in range(9)]
    model = value.ShiftedBetaGeometric().fit(survivors)
    off = (model.parameters_ - [0.8, 2.5]) / model.standard_errors_
    assert (abs(off) < 3).all()


def test_bad_survivors_are_refused():
    with pytest.raises(TableError, match='"survivors" rises in 1 of 3 rows'):
        value.ShiftedBetaGeometric().fit([100, 50, 60])
    with pytest.raises(TableError, match="no whole number"):
        value.ShiftedBetaGeometric().fit([1.0, 0.869, 0.743])
    with pytest.raises(ValueError, match="survivors has 2 numbers"):
        value.ShiftedBetaGeometric().fit([100, 50])
    with pytest.raises(ValueError, match="survivors starts at 0"):
        value.ShiftedBetaGeometric().fit([0, 0, 0])
    with pytest.raises(ValueError, match="does not determine alpha, beta"):
        value.ShiftedBetaGeometric().fit([1024, 512, 256, 128])  # all alike: no spread to estimate


def test_bad_arguments_are_refused():
    model = made(1.0, 1.0)
    with pytest.raises(ValueError, match="t counts periods: whole numbers, 0 or more"):
        model.survival(1.5)
    with pytest.raises(ValueError, match="t counts periods: whole numbers, 1 or more"):
        model.retention(0)
    with pytest.raises(ValueError, match="tenure counts periods"):
        model.discounted_lifetime(0.1, -1)
    with pytest.raises(ValueError, match="discount is a rate per period, above 0"):
        model.discounted_lifetime(0.0)
