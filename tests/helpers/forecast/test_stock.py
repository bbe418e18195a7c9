"""From a distribution to a stock, and from sales that stopped at the stock back to demand."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar
from sklearn.metrics import mean_pinball_loss

from helpers.forecast.stock import censored_mean, count_distribution, newsvendor, stock_cost

# ---------------------------------------------------------------- the distribution


def test_dispersion_of_one_is_poisson():
    counts = np.arange(30)
    ours, poisson = count_distribution(4.0), stats.poisson(4.0)
    assert ours.pmf(counts) == pytest.approx(poisson.pmf(counts), abs=1e-5)
    assert (
        count_distribution([0.3, 4.0, 60.0]).ppf(0.8) == stats.poisson([0.3, 4, 60]).ppf(0.8)
    ).all()
    assert count_distribution(4.0, 0.5).var() == pytest.approx(4, rel=1e-5)


@pytest.mark.parametrize("mean", [0.2, 3.0, 50.0])
@pytest.mark.parametrize("dispersion", [1.3, 2.0, 6.0])
def test_mean_and_variance_are_as_asked(mean, dispersion):
    found = count_distribution(mean, dispersion)
    assert found.mean() == pytest.approx(mean)
    assert found.var() == pytest.approx(dispersion * mean)


def test_negative_binomial_by_hand():
    # Mean 2, variance 4: n = 2 / (2 - 1) = 2, p = 1/2. P(0) = p² = 1/4, P(1) = 2 p² (1 - p) = 1/4.
    assert count_distribution(2.0, 2.0).pmf([0, 1]) == pytest.approx([0.25, 0.25])


def test_a_mean_of_nothing_sells_nothing():
    assert count_distribution(0.0, 3.0).ppf(0.999) == 0


# ---------------------------------------------------------------- newsvendor


def test_newsvendor_by_hand():
    # Demand 1, 2, 3 or 4, each 1/4. Too few costs 3, too many 1: the ratio is 3/4, so 3 units:
    # expected cost (2 + 1 + 0 + 3) / 4 = 1.5; of 2 units (1 + 0 + 3 + 6) / 4, of 4 (3 + 2 + 1) / 4.
    demand = stats.randint(1, 5)
    assert newsvendor(demand, 3, 1) == 3
    outcomes = np.array([1, 2, 3, 4])
    assert [stock_cost(outcomes, s, 3, 1).mean() for s in (2, 3, 4)] == [2.5, 1.5, 1.5]


def test_newsvendor_with_the_normal_rounds_up():
    # A textbook case: mean 100, deviation 20, ratio 0.9: 100 + 1.2816 · 20 = 125.6.
    assert newsvendor(stats.norm(100, 20), 9, 1) == 126


@pytest.mark.parametrize("costs", [(1, 1), (4, 1), (1, 3), (20, 1)])
@pytest.mark.parametrize("distribution", [stats.poisson(3.7), stats.nbinom(2, 0.2)])
def test_newsvendor_has_the_lowest_expected_cost(distribution, costs):
    outcomes = np.arange(400)
    weights = distribution.pmf(outcomes)
    expected = [weights @ stock_cost(outcomes, stock, *costs) for stock in range(60)]
    assert newsvendor(distribution, *costs) == int(np.argmin(expected))


def test_newsvendor_never_asks_for_less_than_nothing():
    assert newsvendor(stats.norm([0, 5], 10), 1, 9).tolist() == [0, 0]


def test_stock_cost_is_pinball_loss_times_both_costs():
    rng = np.random.default_rng(0)
    demand, stock = rng.poisson(5, 100), rng.poisson(6, 100)
    assert stock_cost(demand, stock, 9, 3).mean() == pytest.approx(
        12 * mean_pinball_loss(demand, stock, alpha=0.75)
    )


# ---------------------------------------------------------------- sold out


def test_without_a_stock_out_it_is_the_mean():
    assert censored_mean([3, 0, 6], [False] * 3) == 3


def test_censored_mean_by_hand():
    # 0 and "at least 1". λ solves λ = (0 + λ / (1 - e^-λ)) / 2, so 1 - e^-λ = 1/2 and λ = ln 2.
    assert censored_mean([0, 1], [False, True]) == pytest.approx(np.log(2))


def test_censored_mean_has_the_highest_likelihood():
    rng = np.random.default_rng(1)
    demand, stock = rng.poisson(6, 80), 6
    sales, sold_out = np.minimum(demand, stock), demand >= stock

    def surprise(mean):
        seen = stats.poisson(mean).logpmf(sales[~sold_out]).sum()
        return -seen - sold_out.sum() * stats.poisson(mean).logsf(stock - 1)

    best = minimize_scalar(surprise, bounds=(1, 20), method="bounded", options={"xatol": 1e-8})
    assert censored_mean(sales, sold_out) == pytest.approx(best.x, rel=1e-5)


@pytest.mark.parametrize("dispersion", [1.0, 2.0, 4.0])
def test_demand_behind_sales_is_found(dispersion):
    demand = count_distribution(8.0, dispersion).rvs(20_000, random_state=2)
    for stock in (6, 8, 12):
        sales, sold_out = np.minimum(demand, stock), demand >= stock
        found = censored_mean(sales, sold_out, dispersion)
        assert found == pytest.approx(8, rel=0.02)
        assert sales.mean() < found


def test_stock_may_change_from_week_to_week():
    rng = np.random.default_rng(3)
    demand, stock = rng.poisson(5, 20_000), rng.integers(2, 10, 20_000)
    assert censored_mean(np.minimum(demand, stock), demand >= stock) == pytest.approx(5, rel=0.02)


def test_an_empty_shelf_tells_nothing():
    # Weeks with a stock of 0 sell 0 and are sold out: "at least 0" moves the mean nowhere.
    assert censored_mean([3, 5, 0, 0], [False, False, True, True]) == pytest.approx(4)


def test_a_week_far_out_counts_as_what_it_sold():
    # So far above the other weeks that its probability is 0 for a computer: 10⁵ at least.
    assert censored_mean([100_000, 2, 3], [True, False, False]) == pytest.approx(100_005 / 3)


def test_a_search_that_does_not_settle_is_refused(monkeypatch):
    monkeypatch.setattr("helpers.forecast.stock.ROUNDS", 2)
    with pytest.raises(ValueError, match="not settled after 2 rounds"):
        censored_mean([4, 4, 4, 1], [True, True, True, False])


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: count_distribution([1.0, -2.0]), r"mean: negative, .* in 1 of 2 .*first at 1"),
        (lambda: count_distribution(1.0, np.nan), "dispersion: negative, missing"),
        (lambda: count_distribution([1, 2, 3], [1, 2]), r"mean \(3,\) and dispersion \(2,\)"),
        (lambda: count_distribution("a few"), "mean: holds something that is not a number"),
        (lambda: newsvendor(stats.poisson(3), 1, 0), "cost_over is a cost in money, above 0"),
        (lambda: newsvendor(stats.poisson(3), -1, 1), "cost_under is a cost"),
        (lambda: newsvendor(stats.poisson(3), 1, "1"), "cost_over is a cost .* got '1'"),
        (lambda: newsvendor([3, 1, 4], 3, 1), "has a method ppf; got list"),
        (lambda: stock_cost([1, np.nan], 1, 1, 1), "demand: negative, missing"),
        (lambda: stock_cost([1, 2], 1, -3, 1), "cost_under is a cost"),
        (lambda: stock_cost([1, 2, 3], [1, 2], 3, 1), r"demand \(3,\) and stock \(2,\)"),
        (lambda: censored_mean([3, 4], [True, True]), "All 2 weeks were sold out"),
        (lambda: censored_mean([1, 2, 3], [True, False]), r"shapes \(3,\) and \(2,\)"),
        (lambda: censored_mean([1, -2], [True, False]), "sales: negative"),
        (lambda: censored_mean([1, 2], [np.nan, 0]), "True or False for each week; got float64"),
        (lambda: censored_mean([1, 2], [True, False], np.nan), "dispersion: negative, missing"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
