"""Every mistake of every exercise hears its own diagnosis, from the copy for a class, too."""

import pickle
import warnings
from dataclasses import replace

import pytest

from exercises.engine import course
from exercises.engine.exercise import WRONG, judge

EXERCISES = list(course.exercises().values())
WRONG_ANSWERS = [
    pytest.param(each, mistake, id=f"{each.id} {n}")
    for each in EXERCISES
    for n, mistake in enumerate(each.wrong_answers, start=1)
]


@pytest.mark.parametrize(("exercise", "mistake"), WRONG_ANSWERS)
def test_a_wrong_answer_gets_its_own_diagnosis(exercise, mistake):
    # Fails where the cases cannot tell a mistake from another or from the solution, and where it
    # raises.
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
        for mistake in exercise.wrong_answers:
            assert judge(sealed, mistake.answer).diagnosis == mistake.diagnosis


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_judging_changes_nothing_of_what_is_known(exercise):
    with warnings.catch_warnings(action="ignore"):  # mistakes may divide by zero
        known = exercise.verdict_on.sealed()
    before = pickle.dumps(known)
    # The last mistake is compared with the solution and with all mistakes.
    *_, last = exercise.wrong_answers
    for answer in (exercise.solution, last.answer):
        judge(replace(exercise, check=lambda _: known), answer)
    assert pickle.dumps(known) == before
