"""The solutions of lesson 11c on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from sklearn.isotonic import IsotonicRegression

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_11c import (
    calibration_error,
    platt,
    pooled,
    resolution,
    true_profit,
)
from helpers import churn


def test_calibration_error():
    # 3 users off by .2, 1 user by .4: (.6 + .4) / 4.
    found = calibration_error(np.array([3, 1]), np.array([0.5, 0.9]), np.array([0.7, 0.5]))
    assert found == pytest.approx(0.25)


def test_resolution():
    # ȳ = (2 · 1 + 2 · .5) / 4 = .75: (2 · .0625 + 2 · .0625) / 4.
    assert resolution(np.array([2, 2]), np.array([1.0, 0.5])) == pytest.approx(0.0625)


def test_error_and_resolution_are_those_of_the_helpers():
    rng = np.random.default_rng(0)
    p = rng.random(500)
    y = pd.Series(rng.random(500) < p**2)
    table = churn.calibration_table(y, p).to_dict("series")
    of = {name: values.to_numpy() for name, values in table.items()}
    error = calibration_error(of["users"], of["predicted"], of["observed"])
    assert error == pytest.approx(churn.expected_calibration_error(y, p))
    parts = churn.brier_decomposition(y, p)
    assert resolution(of["users"], of["observed"]) == pytest.approx(parts["resolution"])


def test_platt():
    # .5 has log-odds 0: only the shift counts; ln 3 are odds of 3.
    assert platt(np.array([0.5]), 7, np.log(3))[0] == pytest.approx(0.75)


def test_pooled():
    # 1 0 → ½ ½; then 0: (1 + 0 + 0) / 3.
    assert pooled([1, 0, 0, 1]) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1])


@pytest.mark.parametrize("seed", range(20))
def test_pooled_is_what_scikit_learn_finds(seed):
    outcomes = np.random.default_rng(seed).integers(0, 2, 30)
    peer = IsotonicRegression().fit_transform(np.arange(30), outcomes)
    assert pooled(outcomes.tolist()) == pytest.approx(peer)


def test_true_profit():
    # Threshold 1/4: one letter, .4 · 3 − .6 · 1.
    found = true_profit(np.array([0.4, 0.9]), np.array([0.3, 0.2]), 3, 1)
    assert found == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("id", "answer", "told"),
    [
        ("11c-1", lambda n, p, y: float(np.sum(n * abs(p - y)) / n.sum()), None),
        ("11c-1", lambda n, p, y: 100 * calibration_error(n, p, y), "not right"),
        ("11c-2", lambda n, y: np.sqrt(resolution(n, y)), "not right"),
        ("11c-3", lambda p, a, b: platt(p, a, -b), "not right"),
        ("11c-4", lambda y: list(map(float, pooled(y))), None),
        ("11c-6", lambda p, q, gain, loss: 0.0, "not right"),
    ],
)
def test_what_further_answers_are_told(id, answer, told):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == (WRONG if told else RIGHT)
    assert (told or "") in verdict.diagnosis
