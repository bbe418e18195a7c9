"""The probability models: by hand, against integrals and simulations, at edges, on bad input."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special
from sklearn.exceptions import NotFittedError

from helpers import value
from helpers.data.problems import TableError

MODELS = [value.BetaGeoModel, value.ModifiedBetaGeoModel]


def made(model, *parameters):
    """Return a model with given parameters, as if fitted."""
    for name, parameter in zip(model._names, parameters, strict=True):
        setattr(model, f"{name}_", parameter)
    return model


def histories(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


def simulated(users: int, seed: int, modified: bool = False, r=0.55, alpha=8.0, a=0.9, b=2.8):
    """Play clock and coin for every user, watched for 40 to 100 weeks."""
    rng = np.random.default_rng(seed)
    rate, leaves = rng.gamma(r, 1 / alpha, users), rng.beta(a, b, users)
    T = rng.uniform(40, 100, users)
    x, t_x, now = np.zeros(users, int), np.zeros(users), np.zeros(users)
    active = np.flatnonzero(rng.random(users) > leaves) if modified else np.arange(users)
    while active.size:
        now[active] += rng.exponential(1 / rate[active])
        active = active[now[active] <= T[active]]
        x[active] += 1
        t_x[active] = now[active]
        active = active[rng.random(active.size) > leaves[active]]
    return pd.DataFrame({"frequency": x, "recency": t_x, "T": T})


# ---------------------------------------------------------------- by hand: r = α = b = 1, a = 2

ANA = histories((1, 1.0, 3.0))  # bought again after a week, then nothing for two
BEN = histories((0, 0.0, 3.0))  # bought once, three weeks ago
NEW = histories((0, 0.0, 0.0))  # bought just now


@pytest.fixture
def beta_geo():
    return made(value.BetaGeoModel(), 1.0, 1.0, 2.0, 1.0)


@pytest.fixture
def modified():
    return made(value.ModifiedBetaGeoModel(), 1.0, 1.0, 2.0, 1.0)


def test_probability_alive_by_hand(beta_geo, modified):
    # Ana: a/(b+x−1) = 2, ((1+3)/(1+1))^(1+1) = 4: 1 / (1 + 2 · 4) = 1/9.
    assert beta_geo.probability_alive(ANA).item() == pytest.approx(1 / 9)
    assert beta_geo.probability_alive(BEN).item() == 1
    # The coin tossed once more: a/(b+x) = 1, so 1 / (1 + 4). Ben: a/b = 2, (4/1)^1 = 4: 1/9.
    assert modified.probability_alive(ANA).item() == pytest.approx(1 / 5)
    assert modified.probability_alive(BEN).item() == pytest.approx(1 / 9)


def test_probability_of_silence_by_hand(beta_geo, modified):
    # If alive, Ana buys nothing in 4 weeks with probability ((1+3)/(1+3+4))² = 1/4.
    assert beta_geo.probability_silent(4, ANA).item() == pytest.approx(8 / 9 + 1 / 9 / 4)
    assert modified.probability_silent(4, ANA).item() == pytest.approx(4 / 5 + 1 / 5 / 4)
    # A new user buys nothing in a week with probability 1/(1+1); in the modified model only
    # b/(a+b) = 1/3 of all stay at all.
    assert beta_geo.probability_silent(1, NEW).item() == pytest.approx(1 / 2)
    assert modified.probability_silent(1, NEW).item() == pytest.approx(2 / 3 + 1 / 3 / 2)


def test_expected_purchases_of_a_new_user_by_hand(beta_geo):
    # ₂F₁(1, 1; 2; w) = −ln(1−w)/w, at w = 1/2: 2 ln 2. (2+1−1)/(2−1) · (1 − 1/2 · 2 ln 2).
    assert beta_geo.expected_purchases_new(1) == pytest.approx(2 * (1 - math.log(2)))


def test_expected_purchases_by_hand(beta_geo):
    # w = 4/(1+3+4) = 1/2. ₂F₁(2, 2; 3; w) = ₂F₁(1, 1; 3; w)/(1−w), and
    # ₂F₁(1, 1; 3; w) = 2 (w + (1−w) ln(1−w))/w² = 4 (1 − ln 2), so the former is 8 (1 − ln 2).
    # P(alive) (a+b+x−1)/(a−1) (1 − (1/2)² · 8 (1 − ln 2)) = 1/9 · 3 · (2 ln 2 − 1).
    found = beta_geo.expected_purchases(4, ANA).item()
    assert found == pytest.approx((2 * math.log(2) - 1) / 3)


def test_nothing_special_happens_at_a_equal_to_1():
    # λ ~ Exponential(1), p ~ Uniform(0, 1): at time u users buy at rate E[λ exp(−λpu)], which is
    # ∫ dp / (1+pu)² = 1/(1+u), so E[X(t)] = ln(1+t), where the formula says 0/0.
    model = made(value.BetaGeoModel(), 1.0, 1.0, 1.0, 1.0)
    assert model.expected_purchases_new(5) == pytest.approx(math.log(6), rel=1e-5)


def test_likelihood_by_hand(beta_geo, modified):
    # A user with x = 0, T = 1: (1/2)^1. Ana: B(2,2)/B(2,1) = 1/3, Γ(2)/Γ(1) = 1, alive 1/4²,
    # gone 2/2²: 1/3 · (1/16 + 1/2) = 3/16. Two of the first, one Ana.
    data = (np.array([0.0, 1.0]), np.array([0, 1]), np.array([0.0, 1.0]), np.array([1.0, 3.0]))
    users = np.array([2, 1])
    parameters = np.array([1.0, 1.0, 2.0, 1.0])
    found, _ = beta_geo._log_likelihood(parameters, *data, users)
    assert found == pytest.approx(2 * math.log(1 / 2) + math.log(3 / 16))
    # Modified, x = 0: alive B(2,2)/B(2,1) · 1/2 = 1/6, gone B(3,1)/B(2,1) = 2/3: together 5/6.
    # Ana: B(2,3)/B(2,1) = B(3,2)/B(2,1) = 1/6: 1/6 · (1/4² + 1/2²) = 5/96.
    found, _ = modified._log_likelihood(parameters, *data, users)
    assert found == pytest.approx(2 * math.log(5 / 6) + math.log(5 / 96))


@pytest.mark.parametrize("model", MODELS)
def test_gradient_is_the_slope_of_the_likelihood(model):
    data = simulated(50, seed=0)
    x, which = np.unique(data["frequency"], return_inverse=True)
    rest = (which, data["recency"].to_numpy(), data["T"].to_numpy(), np.arange(50) + 1)
    at = np.array([0.4, 6.0, 0.7, 2.0])
    _, gradient = model()._log_likelihood(at, x, *rest)
    for i, step in enumerate(1e-5 * np.eye(4)):
        above, below = (model()._log_likelihood(at + sign * step, x, *rest)[0] for sign in (1, -1))
        assert gradient[i] == pytest.approx((above - below) / 2e-5, rel=1e-5)


def test_expected_spend_by_hand():
    # p = 1, q = 2, γ = 1. Three repeats of 5 on average: (1 + 15)/(3 + 2 − 1) = 4, between the
    # user's 5 and everybody's p γ/(q−1) = 1.
    model = made(value.GammaGammaModel(), 1.0, 2.0, 1.0)
    summary = pd.DataFrame(
        {"frequency": [3, 0, 0], "monetary": [5.0, np.nan, 0.0]}, index=[7, 8, 9]
    )
    assert model.expected_spend(summary).to_dict() == {7: 4, 8: 1, 9: 1}


# ---------------------------------------------------------------- against integrals


@pytest.mark.parametrize("first_toss", [0, 1])
@pytest.mark.parametrize(("x", "T"), [(0, 0.0), (0, 39.0), (2, 39.0), (40, 39.0), (1000, 39.0)])
@pytest.mark.parametrize("t", [1e-3, 1.0, 39.0, 1000.0])
def test_expectation_is_the_integral_over_coins(x, T, t, first_toss):
    # Given p, an alive user buys (1 − (1 + p z)^−(r+x))/p times, z = t/(α+T); p ~ Beta(a, b+k).
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    model = made(MODELS[first_toss](), r, alpha, a, b)
    user = histories((x, T if x else 0.0, T))
    k = x + first_toss

    def bought(p):
        p = max(p, 1e-300)
        return -np.expm1(-(r + x) * np.log1p(p * t / (alpha + T))) / p

    integral, _ = integrate.quad(
        bought, 0, 1, weight="alg", wvar=(a - 1, b + k - 1), epsabs=0, epsrel=1e-10, limit=500
    )
    expected = model.probability_alive(user).item() * integral / special.beta(a, b + k)
    assert model.expected_purchases(t, user).item() == pytest.approx(expected, rel=1e-6)


# ---------------------------------------------------------------- against simulations


@pytest.mark.parametrize("modified", [False, True])
def test_parameters_are_recovered(modified):
    truth = np.array([0.55, 8.0, 0.9, 2.8])
    close = []
    for seed in range(20):
        model = MODELS[modified]().fit(simulated(6000, seed, modified))
        close.append(abs(model.parameters_ - truth) < 2 * model.standard_errors_)
    assert (pd.DataFrame(close).mean() >= 0.9).all()


# ---------------------------------------------------------------- at the edges


@pytest.mark.parametrize("model", MODELS)
def test_stable_from_seconds_to_centuries(model):
    model = made(model(), 0.243, 4.414, 0.793, 2.426)
    users = histories((0, 0, 0), (0, 0, 1000), (1, 1e-3, 1000), (1000, 38.9, 39), (1000, 1, 1000))
    times = np.logspace(-6, 4, 41)
    expected = np.array([model.expected_purchases(t, users) for t in times])
    silent = np.array([model.probability_silent(t, users) for t in times])
    alive = model.probability_alive(users).to_numpy()
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    assert (np.diff(expected, axis=0) >= 0).all()
    assert (np.diff(silent, axis=0) <= 0).all()
    assert (silent >= 1 - alive).all()
    # In a moment, users who are alive buy at the rate (r+x)/(α+T).
    rate = (0.243 + users["frequency"]) / (4.414 + users["T"])
    np.testing.assert_allclose(expected[0], 1e-6 * alive * rate, rtol=1e-4)
    assert model.expected_purchases(0, users).eq(0).all()
    assert model.probability_silent(0, users).eq(1).all()


@pytest.mark.parametrize("model", MODELS)
def test_a_fit_bears_users_who_buy_a_lot(model):
    data = simulated(500, seed=1)
    fitted = model().fit(pd.concat([data, histories((1000, 38.9, 39.0))]))
    assert np.isfinite(fitted.log_likelihood_)
    assert np.isfinite(fitted.standard_errors_).all()


def test_the_unit_of_time_does_not_matter():
    weeks = simulated(500, seed=2)
    days = weeks.assign(recency=weeks["recency"] * 7, T=weeks["T"] * 7)
    by_week, by_day = (value.BetaGeoModel().fit(summary) for summary in (weeks, days))
    in_weeks = by_day.parameters_ / [1, 7, 1, 1]
    np.testing.assert_allclose(in_weeks, by_week.parameters_, rtol=1e-4)
    np.testing.assert_allclose(
        by_day.expected_purchases(70, days), by_week.expected_purchases(10, weeks), rtol=1e-4
    )


def test_one_horizon_for_each_user():
    model = made(value.BetaGeoModel(), 0.243, 4.414, 0.793, 2.426)
    users = histories((2, 30.43, 38.86), (2, 30.43, 38.86))
    first, second = model.expected_purchases([39, 0], users)
    assert first == model.expected_purchases(39, users)[0]
    assert second == 0
    assert model.expected_purchases_new([0, 52]).tolist() == [0, model.expected_purchases_new(52)]
    assert isinstance(model.expected_purchases_new(52), float)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "rows",
    [[(1, 20.0, 20.0)], [(3, 10.0, 20.0)] * 50],
)
def test_users_who_are_few_or_alike_do_not_determine_the_parameters(model, rows):
    with pytest.raises(ValueError, match=r"does not determine .*r.*Fit more users, or watch"):
        model().fit(histories(*rows))


@pytest.mark.parametrize("model", MODELS)
def test_nobody_bought_again(model):
    with pytest.raises(ValueError, match=r"none of the 3 users bought again.*Watch longer"):
        model().fit(histories((0, 0, 5), (0, 0, 9), (0, 0, 30)))


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        ({"frequency": [0, 0], "monetary": [np.nan, np.nan]}, "none of the users bought again"),
        ({"frequency": [2], "monetary": [9.0]}, "does not determine"),
        ({"frequency": [2, 5, 1], "monetary": [9.0, 9.0, 9.0]}, "does not determine"),
    ],
)
def test_spending_that_says_nothing(summary, message):
    with pytest.raises(ValueError, match=message):
        value.GammaGammaModel().fit(pd.DataFrame(summary))


def test_infinite_mean_spending():
    model = made(value.GammaGammaModel(), 1.0, 0.9, 1.0)
    known = pd.DataFrame({"frequency": [3], "monetary": [5.0]})
    assert model.expected_spend(known).item() == pytest.approx(16 / 2.9)
    with pytest.raises(ValueError, match=r"infinite \(q = 0.90 is not above 1\).*frequency 0 out"):
        model.expected_spend(pd.DataFrame({"frequency": [3, 0], "monetary": [5.0, np.nan]}))


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((1, 5.0, np.nan), r'"T" is missing in 1 of 2 rows \(row 1\)\. Drop them'),
        ((-1, 0.0, 5.0), r'"frequency" is negative .*\(row 1: -1\.0\).*btyd_summary makes it'),
        ((0.5, 2.0, 5.0), r'"frequency" holds no whole number .*\(row 1: 0\.5\)'),
        ((1, -2.0, 5.0), r'"recency" is negative .*\(row 1: -2\.0\).*last minus first'),
        ((1, 6.0, 5.0), r'"recency" is above T .*\(row 1: 6\.0\).*Both run from the first'),
        ((0, 2.0, 5.0), r'"recency" is above 0 although frequency is 0 .*not since the last one'),
        ((1, 0.0, 5.0), r'"recency" is 0 although frequency is above 0 .*is not a repeat'),
    ],
)
def test_impossible_histories_are_refused_with_row_and_mend(rows, message):
    summary = histories((2.0, 3.0, 9.0), rows)
    model = made(value.BetaGeoModel(), 0.243, 4.414, 0.793, 2.426)
    for use in (
        value.BetaGeoModel().fit,
        model.probability_alive,
        lambda summary: model.expected_purchases(1, summary),
        lambda summary: model.probability_silent(1, summary),
    ):
        with pytest.raises(TableError, match=message):
            use(summary)


@pytest.mark.parametrize(
    ("frequency", "monetary", "message"),
    [
        (1, 0.0, r'"monetary" is zero .*\(row 1: 0\.0\).*no free purchases'),
        (1, -3.0, r'"monetary" is negative .*\(row 1: -3\.0\). Net returns'),
        (1, np.nan, r'"monetary" is missing although frequency is above 0 .*row 1'),
        (-1, 3.0, r'"frequency" is negative .*row 1: -1'),
    ],
)
def test_impossible_spending_is_refused_with_row_and_mend(frequency, monetary, message):
    summary = pd.DataFrame({"frequency": [2, frequency], "monetary": [9.0, monetary]})
    with pytest.raises(TableError, match=message):
        value.GammaGammaModel().fit(summary)


@pytest.mark.parametrize("t", [-1, np.nan, np.inf])
def test_a_horizon_that_is_no_time_ahead_is_refused(beta_geo, t):
    with pytest.raises(ValueError, match="t is a time ahead"):
        beta_geo.expected_purchases(t, ANA)
    with pytest.raises(ValueError, match="t is a time ahead"):
        beta_geo.expected_purchases_new(t)


@pytest.mark.parametrize("model", [*MODELS, value.GammaGammaModel])
def test_a_model_that_is_not_fitted_says_so(model):
    assert repr(model()) == f"{model.__name__}()"
    with pytest.raises(NotFittedError, match=rf"This {model.__name__} is not fitted yet"):
        model().parameters_  # noqa: B018
