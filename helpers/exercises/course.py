"""All exercises of the course: whatever the modules ``lesson_NN`` of this package define.

A lesson module has a ``TITLE`` and one `Exercise` after the other; adding one needs no other edit.
"""

import difflib
import functools
import importlib
import pkgutil
import re
import textwrap

import helpers.exercises
from helpers.exercises.exercise import Exercise


@functools.cache
def lessons() -> dict[str, dict[str, Exercise]]:
    """Collect the exercises: title of a lesson, "01 · Data cleaning" → id → `Exercise`."""
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(helpers.exercises.__path__)):
        if number := re.fullmatch(r"lesson_(\d\d)", name):
            module = importlib.import_module(f"helpers.exercises.{name}")
            exercises = [each for each in vars(module).values() if isinstance(each, Exercise)]
            found[f"{number[1]} · {module.TITLE}"] = {each.id: each for each in exercises}
    return found


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
    nearest = sorted(difflib.get_close_matches(id, known, n=3, cutoff=0))
    named = textwrap.shorten(id, 40)
    raise LookupError(f"There is no exercise `{named}`. The nearest ids are {', '.join(nearest)}.")
