"""Simulated futures: against expectations, exact probabilities, and a world with known answers."""

import numpy as np
import pandas as pd
import pytest

from helpers import value


def made(model, *parameters):
    for name, parameter in zip(model._names, parameters, strict=True):
        setattr(model, f"{name}_", parameter)
    return model


PURCHASES = made(value.BetaGeoModel(), 0.55, 8.0, 0.9, 2.8)
SPENDING = made(value.GammaGammaModel(), 6.0, 4.0, 15.0)
SUMMARY = pd.DataFrame(
    {
        "frequency": [0, 1, 4, 12],
        "recency": [0.0, 3.0, 30.0, 38.0],
        "T": [20.0, 39.0, 39.0, 40.0],
        "monetary": [np.nan, 10.0, 40.0, 25.0],
    },
    index=["Ana", "Ben", "Cem", "Dan"],
)
MODELS = pytest.mark.parametrize(
    "model", [PURCHASES, made(value.ModifiedBetaGeoModel(), 0.55, 8.0, 0.9, 2.8)]
)


def simulate(model=PURCHASES, summary=SUMMARY, horizon=39, draws=40_000, seed=5, **terms):
    return value.simulate_lifetime_value(
        model, SPENDING, summary, horizon, draws=draws, random_state=seed, **terms
    )


@MODELS
def test_the_means_are_the_expected_purchases_and_the_expected_value(model):
    futures = simulate(model)
    expected = model.expected_purchases(39, SUMMARY)
    gap = (futures.purchases.mean(axis=1) - expected) / futures.purchases.sem(axis=1)
    assert (abs(gap) < 4).all()
    gap = futures.value.mean(axis=1) - expected * SPENDING.expected_spend(SUMMARY)
    assert (abs(gap / futures.value.sem(axis=1)) < 4).all()


@MODELS
def test_the_share_without_purchases_is_the_probability_of_silence(model):
    silent = (simulate(model).purchases == 0).mean(axis=1)
    exact = model.probability_silent(39, SUMMARY)
    assert (abs(silent - exact) < 4 * (exact * (1 - exact) / 40_000) ** 0.5).all()


def test_money_comes_with_purchases_only():
    futures = simulate(draws=500)
    assert ((futures.value > 0) == (futures.purchases > 0)).all(axis=None)


def test_margin_and_discount():
    # The same seed gives the same futures. Time by time the value is margin · (1+d)^−t of it, so
    # over 39 weeks at least (1+d)^−39 of the margin is left.
    full, terms = simulate(draws=500), {"margin": 0.3, "discount": 0.02}
    worth = simulate(draws=500, **terms)
    assert (worth.purchases == full.purchases).all(axis=None)
    share = (worth.value / full.value).to_numpy()  # NaN without a purchase
    assert np.nanmax(share) < 0.3
    assert np.nanmin(share) > 0.3 * 1.02**-39


def test_the_discounted_mean_is_the_lifetime_value():
    # Money of a week counts from its end in `customer_lifetime_value`; here it comes half a week
    # earlier on average, which is worth (1+d)^0.5 more.
    terms = {"margin": 0.3, "discount": 0.01}
    worth = simulate(horizon=52, **terms).value
    clv = value.customer_lifetime_value(PURCHASES, SPENDING, SUMMARY, horizon=52, **terms)
    gap = (worth.mean(axis=1) - clv * 1.01**0.5) / worth.sem(axis=1)
    assert (abs(gap) < 4).all()


def test_purchases_of_a_user_who_never_leaves_are_negative_binomial():
    # With p near 0, purchases in t are Poisson(λ t) with λ ~ Gamma(r+x, α+T): the variance is m +
    # m² / (r+x), with the mean m = (r+x) t / (α+T) = 12.55 · 39 / 48 = 10.197.
    loyal = made(value.BetaGeoModel(), 0.55, 8.0, 1e-6, 10.0)
    counts = simulate(loyal).purchases.loc["Dan"]
    assert counts.mean() == pytest.approx(10.197, abs=0.1)
    assert counts.var() == pytest.approx(10.197 + 10.197**2 / 12.55, rel=0.05)


def test_the_intervals_cover_what_they_promise_in_the_world_of_the_model():
    rng = np.random.default_rng(11)
    n, T = 4000, 52.0
    rate, dropout = rng.gamma(0.55, 1 / 8, n), rng.beta(0.9, 2.8, n)
    wanted, chances = rng.poisson(rate * 2 * T), rng.geometric(dropout)
    when = [np.sort(rng.uniform(0, 2 * T, k))[:g] for k, g in zip(wanted, chances, strict=True)]
    before = pd.DataFrame(
        {
            "frequency": [int((t <= T).sum()) for t in when],
            "recency": [t[t <= T].max(initial=0.0) for t in when],
            "T": T,
            "monetary": 20.0,
        }
    )
    later = np.array([(t > T).sum() for t in when])
    draws = simulate(summary=before, horizon=T, draws=300).purchases.to_numpy()
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    promised = ((draws >= low[:, None]) & (draws <= high[:, None])).mean()
    kept = ((later >= low) & (later <= high)).mean()
    assert kept == pytest.approx(promised, abs=4 * (0.05 * 0.95 / n) ** 0.5)


def test_seeds_and_bad_arguments():
    assert simulate(draws=50).value.equals(simulate(draws=50).value)
    assert not simulate(draws=50).value.equals(simulate(draws=50, seed=6).value)
    assert simulate(draws=50, horizon=0).value.eq(0).all(axis=None)
    with pytest.raises(ValueError, match="draws is a whole number"):
        simulate(draws=0)
    with pytest.raises(ValueError, match="margin is a share of revenue"):
        simulate(margin=30)
    with pytest.raises(ValueError, match="discount is a rate"):
        simulate(discount=-0.1)
