"""The learner's commands: what each one shows and saves."""

import datetime
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from exercises.engine import course, recall, recall_view, spacing, store, view
from exercises.engine.exercise import FULL_POINTS, RIGHT, UNTRIED, Exercise, judge
from exercises.engine.record import Record, Records

_asked_for: list[str] = []  # the exercises of this session, as they were asked for


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
        if verdict.mark != UNTRIED:
            store.update(
                exercise.id,
                lambda old: old if old.mark == RIGHT else replace(old, mark=verdict.mark),
            )
        view.verdict(exercise, verdict, _left(exercise.id) if verdict.mark == RIGHT else "").show()


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


def progress(track: str = "") -> None:
    """Show where you are: this lesson, your track, the course, and what comes next.

    Parameters
    ----------
    track : the track to take from now on: one of `course.TRACKS`, such as Essentials or Marketing.
    """
    if track:
        names = {said.lower(): name for name in course.TRACKS for said in (name, view.said(name))}
        if track.lower() not in names:
            view.unknown_track(track).show()
            return
        store.choose(names[track.lower()])
    kept = store.load()
    records = {title: _records(kept, each) for title, each in course.lessons().items()}
    view.progress(records, _track(), _here(), _fresh()).show()


def review(answers: str = "") -> None:
    """Ask five recall questions on the lessons you have worked, or judge your answers to them.

    ``review()`` asks the questions that are due, and ``review("b a c d a")`` in the same notebook
    answers them; ``-`` skips one. What you know comes back later and later, what you don't
    tomorrow. Nothing is sent anywhere: it is kept in ``my_work/review.json``.

    Parameters
    ----------
    answers : a letter for each question, in their order; "" asks.
    """
    kept, today, name = store.reviews(), datetime.date.today(), _notebook()
    if not answers:
        numbers = {course.number(id) for id, each in store.load().items() if each.mark == RIGHT}
        worked = map(recall.of_lesson, sorted(numbers - {_lesson_of(name)}))
        questions = spacing.due(worked, kept.cards, today)
        ids = [each.id for each in questions]
        if ids != kept.asked.get(name, []):
            store.update_reviews(lambda old: replace(old, asked=old.asked | {name: ids}))
        recall_view.review(questions, numbers, kept.cards).show()
        return
    given = recall.letters(answers)
    judged = kept.judged.get(name, {})
    if given and given == [*judged.values()]:  # the cell is run again, perhaps on another day
        letters = {
            question: letter for id, letter in judged.items() if (question := recall.find(id))
        }
    else:
        asked = [question for id in kept.asked.get(name, []) if (question := recall.find(id))]
        if misfit := recall_view.misfit("review", asked, given):
            misfit.show()
            return
        letters = dict(zip(asked, given, strict=True))
        store.update_reviews(lambda old: spacing.answered(old, name, letters, today))
    recall_view.answers(letters, store.reviews().cards).show()


def placement(answers: str = "") -> None:
    """Ask fifteen questions, or say from the answers which lessons to skip and which track fits.

    Parameters
    ----------
    answers : a letter for each question, in their order, ``-`` for "I don't know"; "" asks.
    """
    questions, given = recall.of_lesson(recall.PLACEMENT), recall.letters(answers)
    if not answers:
        recall_view.placement(questions).show()
    elif misfit := recall_view.misfit("placement", questions, given):
        misfit.show()
    else:
        recall_view.placed(dict(zip(questions, given, strict=True))).show()


def _records(kept: Records, ids: Iterable[str]) -> Records:
    """Return the record of each exercise; one that has not been touched has an empty one."""
    return {id: kept.get(id, Record()) for id in ids}


def _left(id: str) -> str:
    """Say what is left in the lesson of an exercise that has just been solved."""
    number = course.number(id)
    records = _records(store.load(), course.lesson(number)[1])
    stop = course.next_stop(_track(), number)
    return view.left(records, id, course.lesson(stop)[0] if stop else "")


def _track() -> str:
    """Return the track that the learner has chosen, or else the recommended one."""
    chosen = store.track()
    return chosen if chosen in course.TRACKS else course.RECOMMENDED


def _here() -> str:
    """Return the number of the lesson that the learner is in: "05"; "" if it can't be known.

    It is that of the exercise last asked for, or else that in the notebook's name.
    """
    return course.number(_asked_for[-1]) if _asked_for else _lesson_of(_notebook())


def _notebook() -> str:
    """Return the notebook's name, which Jupyter tells its kernels; "" elsewhere."""
    return Path(os.environ.get("JPY_SESSION_NAME", "")).name


def _lesson_of(notebook: str) -> str:
    number = re.match(r"\d\d[a-z]?(?=[_-])", notebook)
    return number[0] if number else ""


def _fresh() -> dict[str, float]:
    """Return how fresh each lesson is of which recall questions were answered: number → 0 to 1."""
    lessons: dict[str, list[float]] = {}
    for id, card in store.reviews().cards.items():
        lessons.setdefault(course.number(id), []).append(card.fresh(datetime.date.today()))
    return {number: sum(each) / len(each) for number, each in lessons.items()}


def _find(id: str) -> Exercise | None:
    """Find an exercise, or show the learner which ids are similar."""
    try:
        exercise = course.find(id)
    except LookupError as unknown:
        view.notice(unknown.args[0]).show()
        return None
    _asked_for.append(exercise.id)
    return exercise
