"""Thompson's propensities, against closed forms, scipy's integrals, and sampling."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln
from scipy.stats import beta as beta_distribution

from helpers.bandits import thompson_propensities


def second_is_higher(a1, b1, a2, b2):
    """Return P(Beta(a2, b2) > Beta(a1, b1)) for whole a2, as a finite sum."""
    i = np.arange(a2)
    terms = betaln(a1 + i, b1 + b2) - np.log(b2 + i) - betaln(1 + i, b2) - betaln(a1, b1)
    return np.exp(terms).sum()


def test_by_hand():
    # Beta(2, 1) against two uniform draws: ∫ 2x · x² dx = 1/2; the others share the rest.
    assert thompson_propensities(np.array([2, 1, 1]), np.ones(3)) == pytest.approx(
        [0.5, 0.25, 0.25]
    )
    # Beta(1, 2) against one: ∫ 2(1 − x) x dx = 1/3.
    assert thompson_propensities(np.array([1, 1]), np.array([2, 1])) == pytest.approx(
        [1 / 3, 2 / 3]
    )


@pytest.mark.parametrize("seed", range(40))
def test_two_items_in_closed_form(seed):
    a1, b1, a2, b2 = np.exp(np.random.default_rng(seed).uniform(0, 7, 4)).astype(int)
    found = thompson_propensities(np.array([a1, a2]), np.array([b1, b2]))
    assert found[1] == pytest.approx(second_is_higher(a1, b1, a2, b2), rel=1e-5, abs=1e-9)


def test_three_items_by_scipy():
    alpha, beta = np.array([3.0, 2.0, 40.5]), np.array([7.0, 4.0, 90.0])
    draws = [beta_distribution(a, b) for a, b in zip(alpha, beta, strict=True)]
    for item, found in enumerate(thompson_propensities(alpha, beta)):
        others = [each for other, each in enumerate(draws) if other != item]
        exact, _ = quad(lambda x: draws[item].pdf(x) * np.prod([f.cdf(x) for f in others]), 0, 1)  # noqa: B023
        assert found == pytest.approx(exact, abs=1e-6)


def test_many_states_at_once_and_a_rare_item():
    alpha, beta = np.array([[300, 5, 1], [1, 1, 1]]), np.array([[700, 60, 30], [1, 1, 1]])
    found = thompson_propensities(alpha, beta)
    assert found[1] == pytest.approx([1 / 3] * 3)
    draws = np.random.default_rng(0).beta(alpha[0], beta[0], (400_000, 3)).argmax(axis=1)
    share = np.bincount(draws, minlength=3) / len(draws)
    assert found[0] == pytest.approx(share, abs=4 * np.sqrt(share.max() * share.min() / len(draws)))
    assert found.sum(axis=1) == pytest.approx([1, 1])


@pytest.mark.parametrize(("alpha", "beta"), [([0, 1], [1, 1]), ([1, 1], [1, np.nan])])
def test_parameters_must_be_above_0(alpha, beta):
    with pytest.raises(ValueError, match="start both from 1"):
        thompson_propensities(np.array(alpha), np.array(beta))
