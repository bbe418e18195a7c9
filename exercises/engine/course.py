"""All exercises of the course: whatever the lesson modules of `exercises` define.

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
from dataclasses import replace
from pathlib import Path

from exercises.engine.exercise import Exercise
from helpers.language import say_in_lesson

TRACKS = {  # of cores, without Further; each closed: whatever a lesson needs is in it
    "Essentials": "00 01 02 03 04 05 06 07 10 11 12 14 15",
    "Data scientist": "00 01 02 03 03b 04 05 06 07 08 09 09b 09c 09d 09e 09f 10 11 11b 11c 12 13 "
    "13b 14 14b 14c 14d 15 16 16b 16c 17 17b 17c 18 18b 19 20",
    "Analyst": "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20",
    "Marketing": "00 01 02 03 10 11 14 15",
    "Recommender": "00 01 04 05 06 07 08 09",
    "Recommender first": "00 01 04 05 06 07",
}
RECOMMENDED = "Essentials"
MOVED = {"14b-6": "14d-1", "14b-7": "14d-5"}  # old id → new id; a learner's copy may have the old
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
    modules = pkgutil.iter_modules([str(Path(__file__).parents[1])])
    found = (re.fullmatch(r"lesson_(\d\d[a-z]?)", module.name) for module in modules)
    return sorted(number[1] for number in found if number)


@functools.cache
def _lesson(number: str) -> tuple[str, dict[str, Exercise]]:
    """Return a lesson's title and its exercises; with the first that says so Further begins."""
    module = importlib.import_module(f"exercises.lesson_{number}")
    found, further = {}, False
    for each in vars(module).values():
        if isinstance(each, Exercise):
            further = further or each.further
            found[each.id] = replace(each, further=further)
    return f"{number} · {module.TITLE}", found


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


def lesson(number: str) -> tuple[str, dict[str, Exercise]]:
    """Return a lesson's title and its exercises; to import one takes less time than all."""
    if number in _numbers():
        return _lesson(number)
    return next(each for each in lessons().items() if each[0].startswith(f"{number} · "))


def next_stop(track: str, number: str) -> str:
    """Return the lesson of a track that comes after another one; "" after the last.

    Examples
    --------
    >>> next_stop("Analyst", "09b"), next_stop("Marketing", "15")
    ('10', '')
    """
    return next((stop for stop in TRACKS[track].split() if stop > number), "")


def number(title_or_id: str) -> str:
    """Return the number of a lesson, from its title or from the id of one of its exercises.

    Examples
    --------
    >>> number("09b · EASE and BPR"), number("09b-4")
    ('09b', '09b')
    """
    return re.split(" · |-", title_or_id)[0]


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
    id = MOVED.get(id, id)
    # To import one module takes a fraction of a second, all of them one.
    if number(id) in _numbers():
        _, known = _lesson(number(id))
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
