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

SEALED = Path(__file__).with_name("sealed.bin")


@functools.cache
def lessons() -> dict[str, dict[str, Exercise]]:
    """Collect the exercises: title of a lesson, "01 · Data cleaning" → id → `Exercise`."""
    if SEALED.exists():
        return pickle.loads(lzma.decompress(SEALED.read_bytes()))
    from helpers.exercises import lessons as package  # the copy for a class has none

    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        if number := re.fullmatch(r"lesson_(\d\d[a-z]?)", name):
            module = importlib.import_module(f"helpers.exercises.lessons.{name}")
            exercises = [each for each in vars(module).values() if isinstance(each, Exercise)]
            found[f"{number[1]} · {module.TITLE}"] = {each.id: each for each in exercises}
    return found


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
        raise LookupError('The id of the exercise comes first, in quotes: `check("00-1", answer)`.')
    known = exercises()
    if id in known:
        return known[id]
    nearest = sorted(known, key=lambda each: -difflib.SequenceMatcher(a=id, b=each).ratio())[:3]
    named = textwrap.shorten(id, 40)
    raise LookupError(f"There is no exercise `{named}`. The nearest ids are {', '.join(nearest)}.")
