"""The learner's commands: what each one shows and saves."""

from dataclasses import replace
from typing import Any

from helpers.exercises import course, store, view
from helpers.exercises.exercise import FULL_POINTS, RIGHT, UNTRIED, Exercise, judge
from helpers.exercises.record import Record


def check(id: str, answer: Any) -> None:
    """Check an answer and show the result in one line.

    ○ not attempted yet (a ``...`` is still there) · ✗ with a diagnosis · ✓. No answer makes this
    raise an error. An exercise that was solved once stays solved.

    Parameters
    ----------
    id : lesson and number of the exercise, "01-2".
    answer : the learner's function or value; it works on copies of the inputs.
    """
    if exercise := _find(id):
        verdict = judge(exercise, answer)
        view.verdict(exercise, verdict).show()
        if verdict.mark != UNTRIED:
            store.update(
                exercise.id,
                lambda old: old if old.mark == RIGHT else replace(old, mark=verdict.mark),
            )


def points(id: str, answer: Any) -> int:
    """Return the points for an answer: `FULL_POINTS` if right, half for a mistake with a name.

    An attempt that runs and makes a mistake that the exercise knows gets half the points. Any other
    wrong answer, a wrong option of a quiz and an untouched scaffold get none.

    Parameters
    ----------
    id : lesson and number of the exercise, "01-2".
    answer : the learner's function or value.

    Raises
    ------
    LookupError
        If there is no such exercise.
    """
    verdict = judge(course.find(id), answer)
    return FULL_POINTS * (verdict.mark == RIGHT) + FULL_POINTS // 2 * verdict.named


def hint(id: str) -> None:
    """Show the next of the three hints to an exercise, below the earlier ones."""
    if exercise := _find(id):
        record = store.update(exercise.id, lambda old: replace(old, hints=min(old.hints + 1, 3)))
        view.hints(exercise, record.hints).show()


def reveal(id: str) -> None:
    """Show the solution of an exercise, and record that it has been seen."""
    if exercise := _find(id):
        if exercise.solution is not None:
            store.update(exercise.id, lambda old: replace(old, revealed=True))
        view.solution(exercise).show()


def progress() -> None:
    """Show every exercise of the course: solved, tried, not solved yet, solution seen."""
    kept = store.load()
    view.progress(
        {
            title: {id: kept.get(id, Record()) for id in exercises}
            for title, exercises in course.lessons().items()
        }
    ).show()


def _find(id: str) -> Exercise | None:
    """Find an exercise, or show the learner which ids are similar."""
    try:
        return course.find(id)
    except LookupError as unknown:
        view.notice(unknown.args[0]).show()
        return None
