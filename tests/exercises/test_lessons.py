"""What every exercise of every lesson must do; a new lesson is tested with no new test."""

import inspect
import pickle
import warnings
from dataclasses import replace

import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, UNTRIED, WRONG, judge
from exercises.engine.mistakes import read

EXERCISES = list(course.exercises().values())
WRONG_ANSWERS = [(each, name) for each in EXERCISES for name in each.wrong_answers]


def untouched_forms(exercise):
    """Every way a scaffold may look before anyone has touched it."""

    def unfinished(*inputs):
        blank = ...
        return blank.sum() / len(inputs)

    yield from [..., [...], {"rate": ...}]
    if callable(exercise.solution):
        yield from [lambda *inputs: ..., lambda *inputs: {"mean": 1.0, "median": ...}, unfinished]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
class TestEveryExercise:
    def test_the_solution_is_right(self, exercise):
        assert judge(exercise, exercise.solution).mark == RIGHT

    def test_an_untouched_scaffold_is_not_attempted(self, exercise):
        forms = list(untouched_forms(exercise))
        assert [judge(exercise, form).mark for form in forms] == [UNTRIED] * len(forms)

    def test_the_hints_are_three(self, exercise):
        assert len(exercise.hints) == len({hint for hint in exercise.hints if hint.strip()}) == 3

    def test_the_words_are_sentences(self, exercise):
        diagnoses = [mistake.diagnosis for mistake in exercise.wrong_answers.values()]
        for words in [exercise.objective, exercise.takeaway, *exercise.hints, *diagnoses]:
            assert words[-1] in ".?;", words

    def test_the_solution_can_be_read(self, exercise):
        if exercise.options:
            assert exercise.options[exercise.solution] in exercise.solution_text
        else:
            assert exercise.solution_text.startswith(f"def {exercise.solution.__name__}(")
            assert inspect.getdoc(exercise.solution)

    def test_no_line_of_the_table_stands_there_twice(self, exercise):
        if exercise.mistakes:
            n = len(list(read(exercise.mistakes))) + len(exercise.others)
            assert len(exercise.wrong_answers) == n


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("exercise", "name"), WRONG_ANSWERS, ids=lambda value: getattr(value, "id", value)
)
def test_a_wrong_answer_gets_its_own_diagnosis(exercise, name):
    # Fails where the cases cannot tell a mistake from another or from the solution, and where it
    # raises.
    mistake = exercise.wrong_answers[name]
    verdict = judge(exercise, mistake.answer)
    assert (verdict.mark, verdict.diagnosis) == (WRONG, mistake.diagnosis)


@pytest.mark.thorough
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


@pytest.mark.thorough
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


@pytest.mark.parametrize("lesson", course.lessons().items(), ids=lambda lesson: lesson[0])
def test_ids_are_the_lesson_and_a_number_from_one_up(lesson):
    title, exercises = lesson
    number, _, _ = title.partition(" · ")
    assert list(exercises) == [f"{number}-{n}" for n in range(1, len(exercises) + 1)]
