import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.desk.abstention import choose_threshold, cost_curve, risk_coverage

SCORES = np.array([0.9, 0.2, 0.6, 0.4])
RIGHT = np.array([True, False, True, False])


def test_risk_and_coverage_by_hand():
    # From the highest score down: right, right, wrong, wrong.
    curve = risk_coverage(SCORES, RIGHT)
    assert curve["threshold"].tolist() == [0.9, 0.6, 0.4, 0.2]
    assert curve["coverage"].tolist() == [0.25, 0.5, 0.75, 1]
    assert curve["risk"].tolist() == pytest.approx([0, 0, 1 / 3, 1 / 2])


def test_equal_scores_are_answered_together():
    curve = risk_coverage(np.array([0.5, 0.5, 0.1]), np.array([True, False, True]))
    assert curve["coverage"].tolist() == pytest.approx([2 / 3, 1])
    assert curve["risk"].tolist() == pytest.approx([1 / 2, 1 / 3])


def test_costs_by_hand():
    # A wrong answer 10, a person 4. Answering nothing: 4. The first: 3 · 4 / 4 = 3. Two: 2.
    # Three: (10 + 4) / 4. All: 20 / 4.
    curve = cost_curve(SCORES, RIGHT, wrong=10, person=4)
    assert curve["cost"].tolist() == [4, 3, 2, 3.5, 5]
    assert curve["threshold"].tolist() == [np.inf, 0.75, 0.5, pytest.approx(0.3), -np.inf]
    assert choose_threshold(SCORES, RIGHT, wrong=10, person=4) == 0.5


def test_of_equal_costs_the_more_careful_threshold_is_chosen():
    # Answering 0.9 and 0.8 (one right, one wrong) costs 8 in all, as does answering neither.
    scores, right = np.array([0.9, 0.8]), np.array([False, True])
    assert choose_threshold(scores, right, wrong=8, person=4) == np.inf


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40))
def test_no_threshold_is_cheaper_than_the_chosen_one(rows):
    scores, right = np.array([row[0] for row in rows]) / 10, np.array([row[1] for row in rows])
    chosen = choose_threshold(scores, right, wrong=9, person=4)

    def cost(threshold):
        answered = scores >= threshold
        return np.where(answered, np.where(right, 0, 9), 4).mean()

    assert cost(chosen) <= min(cost(t) for t in [-np.inf, *scores, np.inf]) + 1e-9


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="same length"):
        risk_coverage([0.1, 0.2], [True])
    with pytest.raises(ValueError, match="1 scores that are not finite"):
        risk_coverage([np.nan, 0.2], [True, False])
    with pytest.raises(ValueError, match="right of type int64"):
        risk_coverage([0.1, 0.2], np.array([1, 0], np.int64))
    with pytest.raises(ValueError, match="wrong > person > 0"):
        cost_curve([0.1], [True], wrong=4, person=4)
