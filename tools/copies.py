"""The learner's own copies of the lessons: made once, never overwritten.

What nobody works in, the glossary and the picture of lesson 16, is renewed each time.

They stand in ``my_work/``, or in the folder that the environment variable ``WORKBOOK_MY_WORK``
names (where several learners share one installation). A small record beside them holds the hash of
the lesson that each copy was made from.
"""

import hashlib
import json
import os
import re
from pathlib import Path

from tools.env import ROOT

LESSONS = ROOT / "notebooks"
GLOSSARY = Path("glossary.md")
BESIDE = (GLOSSARY, Path("production.svg"))  # what lessons show or link to, beside lessons
RECORD = ".made-from.json"


def folder() -> Path:
    """Return the folder of the copies."""
    return Path(os.environ.get("WORKBOOK_MY_WORK", ROOT / "my_work")).expanduser().absolute()


def lessons() -> list[Path]:
    """Return the lessons and case studies there are, relative to notebooks/."""
    found = [*LESSONS.glob("*.ipynb"), *LESSONS.glob("case_studies/*.ipynb")]
    return sorted(path.relative_to(LESSONS) for path in found)


def short_name(lesson: Path) -> str:
    """Return what one types for it: 05 for 05_neighbors.ipynb, a stem that has no number whole."""
    number, *_ = lesson.stem.split("_")
    return number if number[0].isdigit() else lesson.stem


def metadata(lesson: Path) -> dict:
    """Return what a notebook says of itself to our tools: downloads, extra, given numbers."""
    notebook = json.loads((LESSONS / lesson).read_text(encoding="utf-8"))
    return notebook["metadata"].get("workbook", {})


def find(name: str) -> Path | None:
    """Return the lesson that a learner means by "05", "5", "9b", "05_neighbors" or "movielens"."""
    wanted = f"0{name}" if re.fullmatch(r"\d[a-z]?", name) else name
    return next((path for path in lessons() if wanted in (short_name(path), path.stem)), None)


def add_missing() -> list[Path]:
    """Copy the lessons that have no copy yet; return those whose copy is of an older version.

    What stands beside the lessons, in which nobody works, is copied each time.
    """
    for file in BESIDE:
        if (LESSONS / file).exists():
            write(folder() / file, (LESSONS / file).read_bytes())
    record = read_record()
    outdated = []
    for lesson in lessons():
        if not (folder() / lesson).exists():
            copy(lesson)
        elif record.get(lesson.as_posix()) != digest(LESSONS / lesson):
            outdated.append(lesson)
    return outdated


def renew(lesson: Path) -> Path | None:
    """Copy a lesson anew and return the path at which the old copy was kept, if there was one."""
    mine = folder() / lesson
    kept = None
    if mine.exists():
        number = 1
        while (kept := mine.with_suffix(f".kept-{number}.ipynb")).exists():
            number += 1
        mine.rename(kept)
    copy(lesson)
    return kept


def copy(lesson: Path) -> None:
    """Copy a lesson and note what the copy was made from."""
    write(folder() / lesson, (LESSONS / lesson).read_bytes())
    record = read_record() | {lesson.as_posix(): digest(LESSONS / lesson)}
    write(folder() / RECORD, json.dumps(record, indent=1).encode())


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: half a copy would never be overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".half")
    half.write_bytes(content)
    half.replace(path)


def read_record() -> dict[str, str]:
    """Return the record; without a readable one every copy counts as outdated; none is touched."""
    try:
        return json.loads((folder() / RECORD).read_text())
    except (FileNotFoundError, ValueError):
        return {}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
