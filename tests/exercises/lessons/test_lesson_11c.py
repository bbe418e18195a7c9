"""Other implementations agree with lesson 11c, and what learners' answers to it hear."""

import numpy as np
import pandas as pd
import pytest
from sklearn.isotonic import IsotonicRegression

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_11c import calibration_error, platt, pooled, resolution
from helpers import churn


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


@pytest.mark.parametrize("seed", range(20))
def test_pooled_is_what_scikit_learn_finds(seed):
    outcomes = np.random.default_rng(seed).integers(0, 2, 30)
    peer = IsotonicRegression().fit_transform(np.arange(30), outcomes)
    assert pooled(outcomes.tolist()) == pytest.approx(peer)


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
