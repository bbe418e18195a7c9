"""Answers to lesson 16b that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np

from helpers import bandits
from helpers.bandits.simulation import Play
from tests.exercises.lessons.answers import are_right, are_told


def by_helper(rates, shown):
    regret = (rates.max() - rates[shown])[:, None] * [1, 1]  # two runs, both the same
    return bandits.cumulative_regret(Play(regret, None, None, None, None))["regret"].to_numpy()


def learned_by_helper(alpha, beta, item, clicked):
    policy = bandits.Thompson().start(1, len(alpha), 1, np.random.default_rng(0))
    policy.clicks_[:], policy.looks_[:] = alpha - 1, alpha + beta - 2
    policy.update(None, np.array([[[item]]]), np.ones((1, 1, 1)), np.array([[[clicked]]]))
    return tuple(each[0] for each in policy.posterior())


def in_place(alpha, beta, item, clicked):
    (alpha if clicked else beta)[item] += 1
    return alpha, beta


def posterior_by_helper(places, clicked, examination):
    policy = bandits.Thompson().start(1, 1, 1, np.random.default_rng(0))
    shape = len(places), 1, 1
    looks = examination[places - 1].reshape(shape)
    policy.update(None, np.zeros(shape, int), looks, clicked.reshape(shape))
    return tuple(each[0, 0] for each in policy.posterior())


def forgotten_by_helper(clicks, looks, item, clicked, discount):
    policy = bandits.Thompson(discount).start(1, len(clicks), 1, np.random.default_rng(0))
    policy.clicks_[:], policy.looks_[:] = clicks, looks
    policy.update(None, np.array([[[item]]]), np.ones((1, 1, 1)), np.array([[[clicked]]]))
    return policy.clicks_[0], policy.looks_[0]


test_another_way_is_right_too = are_right(
    ("16b-1", by_helper),
    ("16b-2", in_place),
    ("16b-2", learned_by_helper),
    ("16b-4", posterior_by_helper),
    ("16b-6", lambda d, e: (1 - e) * (d == d.max(axis=1)[:, None]).mean(0) + e / len(d[0])),
    ("16b-8", forgotten_by_helper),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("16b-1", lambda rates, shown: max(rates) - rates[shown[-1]], "number"),
    ("16b-2", lambda alpha, beta, item, clicked: (alpha + 1, beta + 1), "not right"),
    ("16b-2", lambda alpha, beta, item, clicked: (beta, alpha), "not right"),
    ("16b-4", lambda places, clicked, e: (sum(clicked) + 1, len(places) + 1), "not right"),
    ("16b-6", lambda draws, explore: np.full(draws.shape[1], 1 / draws.shape[1]), "not right"),
    (
        "16b-8",
        lambda clicks, looks, item, clicked, d: (clicks * d, looks * d),
        "instead of `(2, 2)`",
    ),
)
