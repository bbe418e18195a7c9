"""The learner's own copies of the lessons: made once, never overwritten.

What nobody works in, the glossary and the picture of lesson 16, is renewed each time.

They stand in ``my_work/``, or in the folder that the environment variable ``WORKBOOK_MY_WORK``
names (where several learners share one installation); those in Chinese in ``my_work/zh/``. A small
record beside them holds the hash of the lesson that each copy was made from.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from tools.env import ROOT

LESSONS = ROOT / "notebooks"
GLOSSARY = Path("glossary.md")
BESIDE = (GLOSSARY, Path("production.svg"))  # what lessons show or link to, beside lessons
RECORD = ".made-from.json"
Original = Callable[[Path], bytes]


def folder(language: str = "en") -> Path:
    """Return the folder of the copies in a language."""
    mine = Path(os.environ.get("WORKBOOK_MY_WORK", ROOT / "my_work")).expanduser().absolute()
    return mine if language == "en" else mine / language


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


def original(file: Path) -> bytes:
    """Return what a copy of a lesson, or of a file beside the lessons, is made from."""
    content = (LESSONS / file).read_bytes()
    return not_run(json.loads(content)) if file.suffix == ".ipynb" else content


def not_run(notebook: dict) -> bytes:
    """Return a lesson as a file in which no cell counts as run, although its outputs are there."""
    for cell in notebook["cells"]:
        for part in [cell, *cell.get("outputs", [])]:
            if "execution_count" in part:
                part["execution_count"] = None
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def add_missing(language: str = "en", original: Original = original) -> list[Path]:
    """Copy the lessons that have no copy yet; return those whose copy is of an older version.

    What stands beside the lessons, in which nobody works, is copied each time.

    Parameters
    ----------
    language : of the copies.
    original : what a copy is made from, in that language.
    """
    for file in BESIDE:
        if (LESSONS / file).exists():
            write(folder(language) / file, original(file))
    record = read_record(language)
    outdated = []
    for lesson in lessons():
        if not (folder(language) / lesson).exists():
            copy(lesson, language, original)
        elif record.get(lesson.as_posix()) != digest(original(lesson)):
            outdated.append(lesson)
    return outdated


def renew(lesson: Path, language: str = "en", original: Original = original) -> Path | None:
    """Copy a lesson anew and return the path at which the old copy was kept, if there was one."""
    mine = folder(language) / lesson
    kept = None
    if mine.exists():
        number = 1
        while (kept := mine.with_name(kept_name(lesson, number))).exists():
            number += 1
        mine.rename(kept)
    copy(lesson, language, original)
    return kept


def kept_name(lesson: Path, number: int) -> str:
    """Return the name of a copy that is kept: what differs comes first, as lists cut long names.

    Examples
    --------
    >>> kept_name(Path("05_user_based_filtering.ipynb"), 1)
    '05-kept-1_user_based_filtering.ipynb'
    """
    name = short_name(lesson)
    return f"{name}-kept-{number}{lesson.name.removeprefix(name)}"


def copy(lesson: Path, language: str, original: Original) -> None:
    """Copy a lesson and note what the copy was made from."""
    content = original(lesson)
    write(folder(language) / lesson, content)
    record = read_record(language) | {lesson.as_posix(): digest(content)}
    write(folder(language) / RECORD, json.dumps(record, indent=1).encode())


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: half a copy would never be overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".half")
    try:
        half.write_bytes(content)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def read_record(language: str = "en") -> dict[str, str]:
    """Return the record; without a readable one every copy counts as outdated; none is touched."""
    try:
        return json.loads((folder(language) / RECORD).read_text())
    except (FileNotFoundError, ValueError):
        return {}


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()
