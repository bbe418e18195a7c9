"""The geometric mechanism against its formula, and the bound of ε against published intervals."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from helpers.privacy import bound_contributions, epsilon_at_least, geometric_mechanism

RUNS = 200_000


def noise(epsilon, sensitivity=1, seed=0):
    zeros = np.zeros(RUNS, dtype=int)
    return geometric_mechanism(zeros, epsilon, sensitivity, np.random.default_rng(seed))


def test_probabilities_by_hand():
    # ε = ln 2: q = 1/2, so P(0) = (1/2) / (3/2) = 1/3, P(±1) = 1/6 each, P(±2) = 1/12 each.
    drawn = noise(np.log(2))
    for value, probability in {0: 1 / 3, 1: 1 / 6, -1: 1 / 6, 2: 1 / 12, -2: 1 / 12}.items():
        error = np.sqrt(probability * (1 - probability) / RUNS)
        assert (drawn == value).mean() == pytest.approx(probability, abs=4 * error)


@pytest.mark.parametrize(("epsilon", "sensitivity"), [(1, 1), (0.5, 1), (1, 3), (0.1, 2)])
def test_mean_and_variance(epsilon, sensitivity):
    q = np.exp(-epsilon / sensitivity)
    variance = 2 * q / (1 - q) ** 2
    drawn = noise(epsilon, sensitivity)
    assert drawn.mean() == pytest.approx(0, abs=4 * np.sqrt(variance / RUNS))
    assert drawn.var() == pytest.approx(variance, rel=0.03)


def test_neighbors_differ_by_at_most_the_promise():
    # For each result z: P(101 + noise = z) ≤ e P(100 + noise = z), within 5 standard errors.
    counts = np.bincount(noise(1) + 50, minlength=101), np.bincount(noise(1, seed=1) + 51)
    for one, other in zip(*counts, strict=False):
        assert one - np.e * other <= 5 * np.sqrt(one + np.e**2 * other + 1)


@pytest.mark.parametrize(
    ("counts", "epsilon", "sensitivity", "says"),
    [
        ([1], 0, 1, "epsilon is a number above 0"),
        ([1], np.nan, 1, "epsilon is a number above 0"),
        ([1], 1, 0, "sensitivity is a whole number"),
        ([1.5], 1, 1, "counts are whole numbers"),
    ],
)
def test_what_is_refused(counts, epsilon, sensitivity, says):
    with pytest.raises(ValueError, match=says):
        geometric_mechanism(np.array(counts), epsilon, sensitivity, np.random.default_rng(0))


def test_contributions_are_bounded_and_drawn_evenly():
    rows = pd.DataFrame({"user_id": ["Ana"] * 4 + ["Ben"], "row": range(5)}, index=list("vwxyz"))
    kept = [bound_contributions(rows, 2, np.random.default_rng(s)) for s in range(2_000)]
    assert {tuple(each["user_id"]) for each in kept} == {("Ana", "Ana", "Ben")}
    assert all(each["row"].is_monotonic_increasing for each in kept)
    times = pd.concat(kept)["row"].value_counts()
    assert times[4] == 2_000
    assert times[[0, 1, 2, 3]].to_numpy() == pytest.approx(1_000, abs=4 * np.sqrt(500))


def test_a_bound_above_what_there_is_changes_nothing():
    rows = pd.DataFrame({"user_id": ["Ana", "Ben", "Ana"]})
    assert bound_contributions(rows, 2, np.random.default_rng(0)).equals(rows)


def test_the_bound_is_made_of_clopper_pearson_intervals():
    # statsmodels calls them "beta". The published interval of 10 of 100 is 0.0490 to 0.1762.
    low, _ = proportion_confint(700, 1_000, method="beta")
    _, high = proportion_confint(300, 1_000, method="beta")
    assert epsilon_at_least(700, 300, 1_000) == pytest.approx(np.log(low / high))
    assert epsilon_at_least(100, 10, 100) == pytest.approx(np.log(0.9638 / 0.1762), abs=1e-3)


def test_the_bound_at_the_ends():
    assert epsilon_at_least(0, 0, 100) == 0
    assert epsilon_at_least(100, 100, 100) == 0
    assert epsilon_at_least(0, 100, 100) == 0


def test_the_bound_is_rarely_above_the_truth_and_comes_close():
    # Randomized response with p = e / (1 + e) is exactly 1-private.
    rng = np.random.default_rng(0)
    p = np.e / (1 + np.e)
    bounds = [epsilon_at_least(rng.binomial(5_000, p), rng.binomial(5_000, 1 - p), 5_000)
              for _ in range(400)]  # fmt: skip
    assert np.mean(np.array(bounds) > 1) <= 0.05
    assert np.median(bounds) > 0.85


@pytest.mark.parametrize(
    ("given", "says"),
    [((11, 1, 10), "hits is at most"), ((1, -1, 10), "hits_neighbor is a whole number")],
)
def test_counts_that_cannot_be(given, says):
    with pytest.raises(ValueError, match=says):
        epsilon_at_least(*given)
