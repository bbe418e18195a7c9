"""All exercises of the course: whatever the modules of `helpers.exercises.lessons` define.

A lesson module has a ``TITLE`` and one `Exercise` after the other; adding one needs no other edit.
The copy for a class (``make pack``) has no such modules; there the exercises stand in one file,
sealed: each knows what is right and what its mistakes give, but not how to get there.
"""

import difflib
import functools
import importlib
import lzma
import pickle
import pkgutil
import re
import textwrap
import warnings
from pathlib import Path

from helpers.exercises.exercise import Exercise
from helpers.language import say_in_lesson

SEALED = Path(__file__).with_name("sealed.bin")


@functools.cache
def lessons() -> dict[str, dict[str, Exercise]]:
    """Collect the exercises: title of a lesson, "01 · Data cleaning" → id → `Exercise`."""
    if SEALED.exists():
        return pickle.loads(lzma.decompress(SEALED.read_bytes()))
    return dict(_lesson(number) for number in _numbers())


@functools.cache
def _numbers() -> list[str]:
    """List the lessons that have a module: "09", "09b". In the copy for a class none has."""
    modules = pkgutil.iter_modules([str(Path(__file__).with_name("lessons"))])
    found = (re.fullmatch(r"lesson_(\d\d[a-z]?)", module.name) for module in modules)
    return sorted(number[1] for number in found if number)


@functools.cache
def _lesson(number: str) -> tuple[str, dict[str, Exercise]]:
    """Return a lesson's title and its exercises."""
    module = importlib.import_module(f"helpers.exercises.lessons.lesson_{number}")
    exercises = [each for each in vars(module).values() if isinstance(each, Exercise)]
    return f"{number} · {module.TITLE}", {each.id: each for each in exercises}


def sealed() -> bytes:
    """Return the content of the file that stands for the lesson modules in the copy for a class."""
    with warnings.catch_warnings(action="ignore"):  # mistakes may divide by zero
        sealed = {
            title: {id: each.sealed() for id, each in exercises.items()}
            for title, exercises in lessons().items()
        }
    return lzma.compress(pickle.dumps(sealed))


def exercises() -> dict[str, Exercise]:
    """All exercises, by id."""
    return {id: each for lesson in lessons().values() for id, each in lesson.items()}


def find(id: str) -> Exercise:
    """Find an exercise.

    Raises
    ------
    LookupError
        If there is none with this id; the message names the nearest ids.
    """
    if not isinstance(id, str):
        raise LookupError(
            say_in_lesson('The id of the exercise comes first, in quotes: `check("00-1", answer)`.')
        )
    number, _, _ = id.partition("-")
    if number in _numbers():  # to import one module takes a fraction of a second, all of them one
        _, known = _lesson(number)
        if id in known:
            return known[id]
    known = exercises()
    if id in known:
        return known[id]
    nearest = sorted(known, key=lambda each: -difflib.SequenceMatcher(a=id, b=each).ratio())[:3]
    raise LookupError(
        say_in_lesson(
            "There is no exercise `{id}`. The nearest ids are {nearest}.",
            id=textwrap.shorten(id, 40),
            nearest=say_in_lesson(", ").join(nearest),
        )
    )
