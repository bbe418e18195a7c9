"""Tests of answers that learners give: right ones by another way, and what wrong ones hear."""

import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge


def are_right(*answers):
    """Make a test of (exercise, answer) pairs that pass."""

    @pytest.mark.parametrize(("id", "answer"), answers)
    def test(id, answer):
        assert judge(course.find(id), answer).mark == RIGHT

    return test


def are_told(*answers):
    """Make a test of (exercise, answer, words): the answer is wrong, and hears these words."""

    @pytest.mark.parametrize(("id", "answer", "words"), answers)
    def test(id, answer, words):
        verdict = judge(course.find(id), answer)
        assert verdict.mark == WRONG
        # What follows is the learner's line: that of this test, in which the words stand, too.
        assert words in verdict.diagnosis.partition(", in line ")[0]
        assert "several values, several values" not in verdict.diagnosis

    return test
