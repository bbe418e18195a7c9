"""Other implementations agree with lesson 11c, and what learners' answers to it hear."""

import numpy as np
import pandas as pd
import pytest
from sklearn.isotonic import IsotonicRegression

from exercises.lesson_11c import calibration_error, platt, pooled, resolution
from helpers import churn
from tests.exercises.lessons.answers import are_right, are_told


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


@pytest.mark.parametrize("seed", range(5))
def test_pooled_is_what_scikit_learn_finds(seed):
    outcomes = np.random.default_rng(seed).integers(0, 2, 30)
    peer = IsotonicRegression().fit_transform(np.arange(30), outcomes)
    assert pooled(outcomes.tolist()) == pytest.approx(peer)


test_another_way_is_right_too = are_right(
    ("11c-1", lambda n, p, y: float(np.sum(n * abs(p - y)) / n.sum())),
)


test_what_a_wrong_answer_is_told = are_told(
    ("11c-3", lambda p, a, b: platt(p, a, -b), "whole sum"),
    ("11c-6", lambda p, q, gain, loss: 0.0, "not right"),
)
