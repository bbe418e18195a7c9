"""Every mistake of every exercise hears its own diagnosis, from the copy for a class, too."""

import pickle
import warnings
from dataclasses import replace

import pytest

from exercises.engine import course
from exercises.engine.exercise import WRONG, judge

EXERCISES = list(course.exercises().values())
WRONG_ANSWERS = [(each, name) for each in EXERCISES for name in each.wrong_answers]


@pytest.mark.parametrize(
    ("exercise", "name"), WRONG_ANSWERS, ids=lambda value: getattr(value, "id", value)
)
def test_a_wrong_answer_gets_its_own_diagnosis(exercise, name):
    # Fails where the cases cannot tell a mistake from another or from the solution, and where it
    # raises.
    mistake = exercise.wrong_answers[name]
    verdict = judge(exercise, mistake.answer)
    assert (verdict.mark, verdict.diagnosis) == (WRONG, mistake.diagnosis)


@pytest.mark.parametrize(
    "exercise", [each for each in EXERCISES if not each.options], ids=lambda each: each.id
)
class TestTheCopyForAClass:
    def test_it_lacks_cases_that_the_teacher_grades_with(self, exercise):
        judges = getattr(exercise.verdict_on, "judges", [exercise.verdict_on])
        assert any(each.n_open < len(each.right) for each in judges)

    def test_it_tells_the_mistakes_apart(self, exercise):
        with warnings.catch_warnings(action="ignore"):  # mistakes may divide by zero
            sealed = exercise.sealed()
        for mistake in exercise.wrong_answers.values():
            assert judge(sealed, mistake.answer).diagnosis == mistake.diagnosis


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_judging_changes_nothing_of_what_is_known(exercise):
    with warnings.catch_warnings(action="ignore"):  # mistakes may divide by zero
        known = exercise.verdict_on.sealed()
    before = pickle.dumps(known)
    # The last mistake is compared with the solution and with all mistakes.
    *_, last = exercise.wrong_answers.values()
    for answer in (exercise.solution, last.answer):
        judge(replace(exercise, check=lambda _: known), answer)
    assert pickle.dumps(known) == before
