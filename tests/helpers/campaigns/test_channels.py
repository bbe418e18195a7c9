"""Adstock, marketing mix models, lift tests: by hand, against other fits, against the truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import curve_fit
from sklearn.exceptions import NotFittedError
from statsmodels.formula.api import wls

from helpers.campaigns.carryover import adstock
from helpers.campaigns.channels import MediaMix
from helpers.campaigns.lift_tests import LiftTests
from helpers.data.shop import simulate_channels


def test_adstock_by_hand():
    # θ = 0.25: 4; 0.75 · 8 + 0.25 · 4 = 7; 0.25 · 7 = 1.75.
    assert adstock([4, 8, 0], 0.25).tolist() == [4, 7, 1.75]
    assert adstock([4, 8, 0], 0).tolist() == [4, 8, 0]
    columns = adstock(np.array([[4, 1], [8, 1], [0, 1]]), 0.25)
    assert columns.tolist() == [[4, 1], [7, 1], [1.75, 1]]


@pytest.mark.parametrize(("spending", "theta"), [([1, 2], 1), ([1, 2], -0.1), ([], 0.5)])
def test_adstock_refuses(spending, theta):
    with pytest.raises(ValueError, match=r"carryover is a share|finite number for each week"):
        adstock(spending, theta)


def some_weeks(n, noise, seed=0):
    rng = np.random.default_rng(seed)
    weeks = pd.DataFrame({"week": pd.date_range("2023-01-02", periods=n, freq="7D")})
    weeks["a"], weeks["b"] = rng.gamma(2, 50, n), rng.gamma(1, 80, n)
    brought = 200 * weeks["a"] / (60 + weeks["a"])
    stock = adstock(weeks["b"], 0.6)
    brought += 150 * stock / (90 + stock)
    weeks["customers"] = 300 + brought + noise * rng.standard_normal(n)
    return weeks


def test_it_recovers_what_it_is_given_without_noise():
    model = MediaMix(["a", "b"], controls="none").fit(some_weeks(80, 0))
    assert model.responses_["ceiling"].to_numpy() == pytest.approx([200, 150], rel=0.02)
    assert model.responses_["half"].to_numpy() == pytest.approx([60, 90], rel=0.03)
    assert model.responses_["carryover"].to_numpy() == pytest.approx([0, 0.6], abs=0.01)
    assert model.r2_ > 0.9999


def a_lift_test(delta_y, sigma):
    return pd.DataFrame(
        {"channel": ["b"], "x": [50.0], "delta_x": [100.0], "delta_y": delta_y, "sigma": sigma}
    )


def test_a_lift_test_is_a_difference_of_two_shares_of_the_ceiling():
    # 150 / (half + 150) − 50 / (half + 50) with half 50: 3/4 − 1/2; with half 100: 3/5 − 1/3.
    tests = LiftTests(a_lift_test(9.0, 2.0), ["a", "b"])
    assert tests.columns(np.array([70.0, 50.0])).tolist() == [[0, 1 / 4]]
    assert tests.columns(np.array([70.0, 100.0])) == pytest.approx(np.array([[0, 3 / 5 - 1 / 3]]))
    # By log half: (columns(half · e^h) − columns(half · e^−h)) / 2h.
    half, h = np.array([70.0, 50.0]), 1e-5
    expected = (tests.columns(half * np.exp(h)) - tests.columns(half * np.exp(-h))) / (2 * h)
    assert tests.slopes(half) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("ceiling", "half", "density"),
    [(150.0, 90.0, -24.638369982870515), (99.0, 40.0, -2.5715674423713963)],
)
def test_pymc_marketing_weighs_a_lift_test_alike(ceiling, half, density):
    # Computed with PyMC-Marketing 0.19.2: MichaelisMentenSaturation, add_saturation_observations
    # with dist=Normal, compile_logp of "lift_measurements".
    columns = LiftTests(a_lift_test(20.0, 3.0), ["b"]).columns(np.array([half]))
    error = (20 - columns[0, 0] * ceiling) / 3
    assert -(error**2) / 2 - np.log(3 * np.sqrt(2 * np.pi)) == pytest.approx(density, rel=1e-12)


@pytest.mark.parametrize("lift", [None, (20.0, 3.0), (-5.0, 10.0)])
def test_scipy_fits_the_same_with_all_parameters_at_once(lift):
    weeks = some_weeks(120, 5)
    y, noise = weeks["customers"].to_numpy(), np.ones(120)
    tests = lift and a_lift_test(*lift)
    model = MediaMix(["a", "b"], controls="none").fit(weeks, tests)
    if lift:
        y, noise = np.append(y, lift[0]), np.append(noise, lift[1] / model.noise_)

    def curve(_, level, c1, h1, t1, c2, h2, t2):
        one, two = adstock(weeks["a"], t1), adstock(weeks["b"], t2)
        customers = level + c1 * one / (h1 + one) + c2 * two / (h2 + two)
        return np.append(customers, c2 * (150 / (h2 + 150) - 50 / (h2 + 50)))[: len(y)]

    start = [300, 200, 60, 0.1, 150, 90, 0.5]
    bounds = ([0, 0, 10, 0, 0, 10, 0], [1000, 900, 999, 0.95, 900, 999, 0.95])
    theirs, _ = curve_fit(curve, np.arange(len(y)), y, start, sigma=noise, bounds=bounds)
    left = (y - curve(None, *theirs)) / noise
    assert (model._residual**2).sum() == pytest.approx((left**2).sum(), rel=1e-3)
    assert model.responses_.to_numpy().ravel() == pytest.approx(theirs[1:], rel=0.05, abs=0.02)


def test_the_noise_of_a_week_is_that_of_the_fit_without_lift_tests():
    weeks = some_weeks(120, 5)
    model = MediaMix(["a", "b"], controls="none")
    alone = model.fit(weeks).noise_
    assert model.fit(weeks, a_lift_test(20.0, 3.0)).noise_ == alone == pytest.approx(5, rel=0.2)


def test_an_exact_lift_test_decides_and_a_vague_one_changes_nothing():
    weeks = some_weeks(120, 5)
    tests = None, a_lift_test(10.0, 1e6), a_lift_test(10.0, 1e-3)
    model = MediaMix(["a", "b"], controls="none")
    alone, vague, exact = (model.fit(weeks, each).responses_ for each in tests)
    pd.testing.assert_frame_equal(vague, alone, rtol=1e-3)
    ceiling, half = exact.loc["b", ["ceiling", "half"]]
    assert ceiling * (150 / (half + 150) - 50 / (half + 50)) == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize("lift", [None, (20.0, 3.0)])
@pytest.mark.parametrize("outer", [(4.2, 5.0, 0.3, 0.6), (6.5, 3.8, 0.0, 0.9)])
def test_the_derivative_gives_the_gradient_of_the_sum_of_squares(outer, lift):
    tests = lift and a_lift_test(*lift)
    model = MediaMix(["a", "b"], n_starts=1).fit(some_weeks(60, 20), tests)
    outer, steps = np.array(outer), 1e-5 * np.eye(4)
    rows = model._fitted + model._residual

    def loss(each):
        return (model._errors(each, rows) ** 2).sum() / 2

    expected = [(loss(outer + step) - loss(outer - step)) / 2e-5 for step in steps]
    gradient = model._slopes(outer, rows).T @ model._errors(outer, rows)
    assert gradient == pytest.approx(expected, rel=1e-4, abs=0.1)


def test_region_and_week_effects_are_those_of_a_regression_with_dummies():
    rng = np.random.default_rng(1)
    share = np.array([0.5, 0.3, 0.2])
    weeks = pd.DataFrame(
        [(week, region) for week in pd.date_range("2025-01-06", periods=12, freq="7D")
         for region in "xyz"],
        columns=["week", "region"],
    )  # fmt: skip
    weeks["share"] = np.tile(share, 12)
    weeks["a"] = rng.gamma(2, 50, 36) * weeks["share"]
    weeks["customers"] = rng.poisson(weeks["share"] * (500 + weeks["a"]))
    model = MediaMix(["a"], controls="weeks").fit(weeks)
    half, theta = model.responses_.loc["a", ["half", "carryover"]]
    per_head = (weeks["a"] / weeks["share"]).to_numpy().reshape(12, 3)
    stock = adstock(per_head, theta).ravel()
    table = weeks.assign(z=stock / (half + stock), y=weeks["customers"] / weeks["share"])
    slope = wls("y ~ z + C(week) + C(region)", table, weights=table["share"]).fit().params["z"]
    assert model.responses_.loc["a", "ceiling"] == pytest.approx(max(slope, 0), rel=1e-6, abs=1e-6)


def test_without_noise_it_finds_the_true_curves_of_a_randomized_year():
    factors = np.random.default_rng(2).choice([0.5, 1.5], size=(4, 20, 4)).repeat(13, axis=0)
    run = simulate_channels(2, experiment=factors)
    channels = list(run.key["channels"].index)
    brought = run.key["weeks"][channels].sum(axis=1)
    weeks = run.weeks.assign(customers=1000 * run.weeks["share"] + brought)
    weeks = weeks[weeks["week"] >= weeks["week"].unique()[143]]
    found = MediaMix(channels, controls="weeks", n_starts=1).fit(weeks).responses_
    assert found.to_numpy() == pytest.approx(run.key["channels"].to_numpy(), rel=0.03, abs=0.005)


def test_regions_are_added_up_unless_there_is_an_effect_for_each_week():
    weeks = some_weeks(40, 5)
    halves = pd.concat([weeks.assign(region=each) for each in "xy"])
    halves[["a", "b", "customers"]] /= 2
    one, two = (MediaMix(["a", "b"]).fit(each).responses_ for each in (weeks, halves))
    pd.testing.assert_frame_equal(one, two)


def test_the_bootstrap_is_as_wide_as_repetitions():
    fitted = [MediaMix(["a"], controls="none", n_starts=1).fit(some_weeks(100, 30, seed))
              for seed in range(12)]  # fmt: skip

    def at_100(responses):
        ceiling, half = responses.loc["a", ["ceiling", "half"]]
        return ceiling * half / (half + 100) ** 2

    repeated = np.std([at_100(each.responses_) for each in fitted], ddof=1)
    drawn = [np.std([at_100(each) for each in one.bootstrap(25)], ddof=1) for one in fitted[:4]]
    assert np.mean(drawn) == pytest.approx(repeated, rel=0.5)


def test_a_channel_that_seems_to_do_harm_gets_a_ceiling_of_0():
    weeks = some_weeks(30, 0)[["week", "a"]].assign(customers=lambda rows: 500 - rows["a"])
    assert MediaMix(["a"], controls="none").fit(weeks).responses_.loc["a", "ceiling"] == 0


def test_what_is_refused():
    weeks = some_weeks(20, 5)
    with pytest.raises(NotFittedError):
        MediaMix(["a"]).bootstrap()
    with pytest.raises(ValueError, match="block is 30 weeks"):
        MediaMix(["a"], n_starts=1).fit(weeks).bootstrap(block=30)
    test = a_lift_test(20.0, 3.0)
    for wrong, message in [
        ({"channel": "tv"}, 'column "channel" is no channel of the model .*Name one of a, b'),
        ({"delta_x": -60.0}, '"x" is negative before or after'),
        ({"delta_x": 0.0}, '"delta_x" is 0'),
        ({"sigma": 0.0}, '"sigma" is not positive'),
    ]:
        with pytest.raises(ValueError, match=message):
            MediaMix(["a", "b"]).fit(weeks, test.assign(**wrong))
    regions = pd.concat([weeks.assign(region=each, share=0.5) for each in "xy"])
    season, model = MediaMix(["a"]), MediaMix(["a"], controls="weeks")
    for each, rows, message in [
        (season, weeks.assign(a=weeks["a"].where(weeks.index > 0, -1)), '"a" is negative in 1 '),
        (season, weeks.drop(index=4), "leaves out a week"),
        (MediaMix(["a"], controls="month"), weeks, 'controls is "season"'),
        (model, regions.iloc[:-1], "lacks a row: give one for each week and region"),
        (model, pd.concat([regions, regions.iloc[:1]]), '"week" is there twice'),
        (season, pd.concat([regions, regions.iloc[:1]]), '"week" is there twice'),
        (season, pd.concat([weeks, weeks.iloc[:1]]), '"week" is there twice'),
        (model, regions.assign(share=0.0), '"share" is not positive'),
        (model, regions.assign(a=0.0), "no spending on a: drop"),
    ]:
        with pytest.raises(ValueError, match=message):
            each.fit(rows)
