"""What every exercise of every lesson must do; a new lesson is tested with no new test."""

import inspect

import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, UNTRIED, judge

EXERCISES = list(course.exercises().values())


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
        diagnoses = [mistake.diagnosis for mistake in exercise.wrong_answers]
        for words in [exercise.takeaway, *exercise.hints, *diagnoses]:
            assert words[-1] in ".?;", words

    def test_the_solution_can_be_read(self, exercise):
        if exercise.options:
            assert exercise.options[exercise.solution] in exercise.solution_text
        else:
            assert exercise.solution_text.startswith(f"def {exercise.solution.__name__}(")
            assert inspect.getdoc(exercise.solution)


GONE = {"18-4"}  # a learner's record may hold it, so no other exercise gets its number


@pytest.mark.parametrize("lesson", course.lessons().items(), ids=lambda lesson: lesson[0])
def test_ids_are_the_lesson_and_a_number_from_one_up(lesson):
    title, exercises = lesson
    number, _, _ = title.partition(" · ")
    free = {id for id in GONE | {*course.MOVED} if id.startswith(f"{number}-")}
    numbers = range(1, len(exercises) + len(free) + 1)
    assert set(exercises) == {f"{number}-{n}" for n in numbers} - free
