"""Policies, against sums worked by hand and against exact enumeration."""

from itertools import product
from math import gamma

import numpy as np
import pandas as pd
import pytest

from helpers.bandits import KLUCB, Greedy, LinearThompson, LinUCB, MostClicked, Thompson, play
from helpers.bandits.policies import UNSEEN


def started(policy, runs=1, items=2, features=1):
    return policy.start(runs, items, features, np.random.default_rng(0))


def after(policy, clicks, looks):
    started(policy, items=len(clicks))
    policy.clicks_[:], policy.looks_[:] = clicks, looks
    return policy


def test_counts_of_two_runs_and_two_places():
    # Run 0 shows items 0, 1 and then 0, 2; run 1 shows 2, 1 twice. A look in place 2 is half a one.
    policy = started(Greedy(), runs=2, items=3)
    items = np.array([[[0, 1], [2, 1]], [[0, 2], [2, 1]]])
    clicked = np.array([[[1, 0], [0, 1]], [[0, 1], [0, 1]]])
    policy.update(None, items, np.broadcast_to([1, 0.5], items.shape), clicked)
    assert policy.looks_.tolist() == [[2, 0.5, 0.5], [0, 1, 2]]
    assert policy.clicks_.tolist() == [[1, 0, 1], [0, 2, 0]]
    assert policy.scores(None).tolist() == [[0.5, 0, 2], [UNSEEN, 2, 0]]


def test_most_clicked_does_not_mind_how_often_it_was_shown():
    assert after(MostClicked(), [3, 2], [300, 2]).scores(None).tolist() == [[3, 2]]


def test_thompson_draws_from_its_posterior():
    # Beta(1 + 30, 1 + 70): mean 31 / 102, variance 31 · 71 / (102² · 103).
    policy = started(Thompson(), runs=40_000, items=1)
    policy.clicks_[:], policy.looks_[:] = 30, 100
    draws = policy.scores(np.ones((40_000, 1)))
    assert draws.mean() == pytest.approx(31 / 102, abs=0.001)
    assert draws.var() == pytest.approx(31 * 71 / (102**2 * 103), rel=0.05)


def test_thompson_never_has_fewer_than_no_looks_without_a_click():
    # Two looks in place 5 are 0.4 looks; both were clicked.
    alpha, beta = after(Thompson(), [2], [0.4]).posterior()
    assert (alpha.tolist(), beta.tolist()) == ([[3]], [[1]])


def test_discount_forgets_round_by_round_and_before_it_counts():
    policy = after(Thompson(0.5), [4, 2], [8, 4])
    policy.update(None, np.array([[[0]]]), np.ones((1, 1, 1)), np.ones((1, 1, 1)))
    assert (policy.clicks_.tolist(), policy.looks_.tolist()) == ([[3, 1]], [[5, 2]])
    two = np.zeros((2, 1, 1))  # a batch of two rounds
    policy.update(None, two.astype(int), two + 1, two)
    assert (policy.clicks_.tolist(), policy.looks_.tolist()) == ([[0.75, 0.25]], [[3.25, 0.5]])


def test_lin_ucb_is_a_ridge_regression_and_its_bound():
    rng = np.random.default_rng(1)
    x, items = rng.normal(size=(60, 1, 3)), rng.integers(0, 2, (60, 1, 1))
    clicked = rng.random((60, 1, 1)) < 0.4
    at_once, in_steps = started(LinUCB(0.7), features=3), started(LinUCB(0.7), features=3)
    at_once.update(x, items, np.ones(items.shape), clicked)
    for t in range(60):
        now = slice(t, t + 1)
        in_steps.update(x[now], items[now], np.ones((1, 1, 1)), clicked[now])
    new = rng.normal(size=3)
    for item in (0, 1):
        mine = items[:, 0, 0] == item
        X, y = x[mine, 0], clicked[mine, 0, 0]
        # The normal equations, by least squares with one more row for each penalty.
        ridge = np.linalg.lstsq(np.vstack([X, np.eye(3)]), np.r_[y, np.zeros(3)], rcond=None)[0]
        bound = new @ ridge + 0.7 * np.sqrt(new @ np.linalg.solve(X.T @ X + np.eye(3), new))
        assert at_once.scores(new[None])[0, item] == pytest.approx(bound)
        assert in_steps.scores(new[None])[0, item] == pytest.approx(bound)


@pytest.mark.parametrize("policy", [Thompson(), LinUCB(0.7), LinearThompson(0.3), Greedy()])
def test_the_first_of_several_visits_is_scored_as_if_alone(policy):
    # Two runs, three visits between two nights.
    def scores(x):
        started(policy, runs=2, features=2)
        one = np.ones((1, 2, 1))
        policy.update(np.ones((1, 2, 2)), one.astype(int), one, one)
        return policy.scores(x)

    x = np.random.default_rng(0).normal(size=(3, 2, 2))
    together = np.broadcast_to(scores(x), (3, 2, 2))
    assert together[0] == pytest.approx(scores(x[0]))  # and with the same draws


def test_a_look_in_a_low_place_weighs_less_in_lin_ucb():
    # One feature, x = 1, place 2: A = 1 + 0.5, b = 1, so the weight is 2/3.
    policy = started(LinUCB(0), items=1)
    one = np.ones((1, 1, 1))
    policy.update(one, np.zeros((1, 1, 1), int), one / 2, one)
    assert policy.scores(np.ones((1, 1)))[0, 0] == pytest.approx(2 / 3)


def test_linear_thompson_is_drawn_around_the_prediction():
    # One look, one click, x = 1: A = 2 and b = 1. N(1/2, 0.3² / 2).
    policy = started(LinearThompson(0.3), runs=40_000, items=1)
    one = np.ones((1, 40_000, 1))
    policy.update(one, np.zeros((1, 40_000, 1), int), one, one)
    draws = policy.scores(np.ones((40_000, 1)))
    assert draws.mean() == pytest.approx(0.5, abs=0.004)
    assert draws.std() == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("policy", [Thompson(0), Thompson(1.1), LinUCB(-1), LinearThompson(-1)])
def test_a_parameter_out_of_range(policy):
    with pytest.raises(ValueError, match=r"discount is above 0|alpha is 0 or more"):
        started(policy)


def exact_thompson_regret(rates, rounds):
    """Add up the expected regret over all histories; P(item 1 drawn above item 0) is a closed form.

    P(X₁ > X₀) = Σ_{i < α₁} B(α₀ + i, β₀ + β₁) / ((β₁ + i) B(1 + i, β₁) B(α₀, β₀)), for whole α₁.
    """

    def beta(a, b):
        return gamma(a) * gamma(b) / gamma(a + b)

    def chance(state):
        (c0, n0), (c1, n1) = state
        a0, b0, a1, b1 = 1 + c0, 1 + n0 - c0, 1 + c1, 1 + n1 - c1
        return sum(
            beta(a0 + i, b0 + b1) / ((b1 + i) * beta(1 + i, b1) * beta(a0, b0)) for i in range(a1)
        )

    worlds, regret = {((0, 0), (0, 0)): 1.0}, 0.0
    for _ in range(rounds):
        after_it = {}
        for (state, p), item in product(worlds.items(), (0, 1)):
            shown = chance(state) if item else 1 - chance(state)
            regret += p * shown * (max(rates) - rates[item])
            for click in (0, 1):
                (c, n), likely = state[item], rates[item] if click else 1 - rates[item]
                new = tuple((c + click, n + 1) if i == item else state[i] for i in (0, 1))
                after_it[new] = after_it.get(new, 0) + p * shown * likely
        worlds = after_it
    return regret


def test_regret_of_thompson_sampling_by_exact_enumeration():
    rates = 0.7, 0.2
    exact = exact_thompson_regret(rates, 12)
    assert exact_thompson_regret(rates, 1) == pytest.approx(0.25)  # half of 0.7 − 0.2
    page = pd.DataFrame([rates], ["Ana"], ["lamp", "rug"])
    total = play(Thompson(), page, 12, runs=20_000).regret.sum(axis=0)
    assert abs(total.mean() - exact) < 4 * total.std() / np.sqrt(20_000)
    assert total.std() / np.sqrt(20_000) < 0.01  # so the line above can fail


def test_kl_ucb_is_the_largest_rate_that_explains_the_clicks():
    # 10 looks in all, ln 10 = 2.303. By bisection q is where looks · KL(p, q) = ln 10, below the
    # bound of UCB1, which is p + √(ln 10 / (2 looks)) for KL ≥ 2 (p − q)² (Pinsker) with t = 10.
    policy = KLUCB().start(1, 3, 1, np.random.default_rng(0))
    policy.clicks_[:], policy.looks_[:] = [[2, 0, 0]], [[8, 2, 0]]
    first, second, unseen = policy.scores(None)[0]
    kl = 0.25 * np.log(0.25 / first) + 0.75 * np.log(0.75 / (1 - first))
    assert 8 * kl == pytest.approx(np.log(10), abs=1e-3)
    assert second == pytest.approx(1 - 10**-0.5, abs=1e-4)
    assert first < 0.25 + np.sqrt(np.log(10) / 16)
    assert unseen > 1
