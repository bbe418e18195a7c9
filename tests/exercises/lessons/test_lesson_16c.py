"""The solutions of lesson 16c found otherwise, and what further answers to it are told."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from exercises.lesson_16c import (
    always_valid,
    calibration_z,
    ks_distance,
    stability_index,
    upward_sums,
)
from helpers import monitoring
from tests.exercises.lessons.answers import are_right, are_told


@pytest.mark.parametrize("seed", range(5))
def test_stability_index_is_two_divergences_and_what_the_helper_finds(seed):
    a, b = np.random.default_rng(seed).integers(5, 100, (2, 6))
    divergences = stats.entropy(a, b) + stats.entropy(b, a)
    assert stability_index(a, b) == pytest.approx(divergences)
    before, now = (pd.Series(np.repeat(list("abcdef"), counts)) for counts in (a, b))
    assert monitoring.psi(before, now) == pytest.approx(divergences)


@pytest.mark.parametrize("seed", range(20))
def test_ks_distance_is_what_scipy_finds(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 9, 12).astype(float), rng.integers(2, 11, 7).astype(float)
    assert ks_distance(a, b) == pytest.approx(stats.ks_2samp(a, b).statistic)


def test_calibration_z_is_standard_if_the_model_is_right():
    rng = np.random.default_rng(0)
    p = rng.random(300)
    z = [calibration_z(rng.random(300) < p, p) for _ in range(2000)]
    assert np.mean(z) == pytest.approx(0, abs=4 / np.sqrt(2000))
    assert np.std(z) == pytest.approx(1, abs=4 / np.sqrt(4000))


@pytest.mark.parametrize("k", [0.25, 0.5, 1])
def test_upward_sums_are_the_chart_of_the_helper(k):
    z = pd.Series(np.random.default_rng(1).normal(0.3, 1, 50))
    assert upward_sums(z.tolist(), k) == pytest.approx(monitoring.cusum(z, k=k)["up"].tolist())


@pytest.mark.parametrize(("d", "s", "tau"), [(0.3, 0.1, 0.2), (-0.2, 0.1, 0.05), (2, 1, 3)])
def test_always_valid_is_one_over_the_mixture_of_likelihoods(d, s, tau):
    mixed, _ = integrate.quad(
        lambda true: stats.norm.pdf(d, true, s) * stats.norm.pdf(true, 0, tau),
        *(-12 * tau, 12 * tau),
    )
    found = always_valid(np.array([d, 0]), np.array([s, s]), tau)  # and it never rises
    assert found.tolist() == pytest.approx([stats.norm.pdf(d, 0, s) / mixed] * 2)


test_another_way_is_right_too = are_right(
    ("16c-2", lambda a, b: float(stats.entropy(a, b) + stats.entropy(b, a))),
    ("16c-3", lambda a, b: stats.ks_2samp(a, b).statistic),
    ("16c-5", lambda y, p: np.sum(y - p) / np.sum(p * (1 - p)) ** 0.5),
)


test_what_a_wrong_answer_is_told = are_told(
    ("16c-3", lambda a, b: stats.ks_2samp(a, b), "several values"),
    ("16c-3", lambda a, b: np.max(np.sort(a)[:1] - np.sort(b)[:1]), "not right"),
    ("16c-5", lambda y, p: calibration_z(y, p) ** 2, "not right"),
    ("16c-6", lambda z, k: upward_sums(z[::-1], k), "not right"),
    ("16c-7", lambda d, s, tau: abs(d / s), "not right"),
)
