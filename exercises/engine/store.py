"""The learner's progress: one JSON file in a data folder of their own, and one of reviews.

``WORKBOOK_PROGRESS`` names another folder. The reviews stand beside the learner's lessons, in
``my_work/``. A file is replaced as a whole, so a crash leaves the old one or the new one, and under
a lock, so two notebooks don't overwrite each other's entries. If it can't be written, the learner
is told once and can continue: this session still remembers.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import platformdirs

from exercises.engine.course import MOVED
from exercises.engine.record import Record, Records
from exercises.engine.spacing import Card, Review
from exercises.engine.view import notice_once
from helpers.language import say_in_lesson

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

TRACK = "track.txt"
MY_WORK = Path(__file__).parents[2] / "my_work"
_unsaved: Records = {}  # what this session could not write
_unsaved_reviews: list[Review] = []  # the last of them, if any


def folder() -> Path:
    """Return the folder where the progress is saved."""
    named = os.environ.get("WORKBOOK_PROGRESS")
    return Path(named) if named else platformdirs.user_data_path("user-value-workbook")


def load() -> Records:
    """Read the progress; an exercise without an entry has not been touched."""
    with _forgiving():
        return _read() | _unsaved
    return dict(_unsaved)


def update(id: str, edit: Callable[[Record], Record]) -> Record:
    """Change the record of one exercise, and save it if anything changed."""
    with _forgiving(), _locked():
        saved = _read()
        known = saved | _unsaved
        record = edit(known.get(id, Record()))
        if known | {id: record} != saved:
            _write_records(known | {id: record})
        _unsaved.clear()
        return record
    known = load()
    record = edit(known.get(id, Record()))
    if record != known.get(id):
        _unsaved[id] = record
    return record


def track() -> str:
    """Return the name of the track that the learner has chosen; "" if none."""
    with _forgiving():
        file = folder() / TRACK
        return file.read_text(encoding="utf-8") if file.exists() else ""
    return ""


def choose(track: str) -> None:
    """Remember the learner's track."""
    with _forgiving(), _locked():
        (folder() / TRACK).write_text(track, encoding="utf-8")


def review_file() -> Path:
    """Return the file in which the reviews are kept: where the learner's lessons are."""
    named = os.environ.get("WORKBOOK_PROGRESS") or os.environ.get("WORKBOOK_MY_WORK")
    return Path(named or MY_WORK).expanduser() / "review.json"


def reviews() -> Review:
    """Read what is kept of the reviews."""
    if _unsaved_reviews:
        return _unsaved_reviews[-1]
    with _forgiving():
        return _read_reviews()
    return Review()


def update_reviews(edit: Callable[[Review], Review]) -> None:
    """Change what is kept of the reviews."""
    with _forgiving(), _locked():
        _write(review_file(), asdict(edit(reviews())))
        _unsaved_reviews.clear()
        return
    _unsaved_reviews[:] = [edit(reviews())]


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    """Tell the learner once that the progress can't be read or written, instead of raising."""
    try:
        yield
    except OSError as error:
        notice_once(
            say_in_lesson(
                "Your progress can't be saved in {folder} ({error}). You can continue, and it is "
                "remembered until you close this notebook. To save it, set WORKBOOK_PROGRESS to a "
                "folder where you can write files.",
                folder=folder(),
                error=error.strerror or error,
            )
        )


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """Hold the lock; the system itself frees it when the file is closed, even by a crash."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "progress.lock").open("a") as lock:
        if os.name == "nt":
            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read() -> Records:
    return _parsed(
        folder() / "progress.json",
        lambda entries: {MOVED.get(id, str(id)): Record(**entry) for id, entry in entries.items()},
        {},
    )


def _read_reviews() -> Review:
    def parse(kept: dict) -> Review:
        asked = {str(name): list(map(str, ids)) for name, ids in kept["asked"].items()}
        judged = {str(name): dict(letters) for name, letters in kept["judged"].items()}
        return Review(asked, judged, {id: Card(**card) for id, card in kept["cards"].items()})

    return _parsed(review_file(), parse, Review())


def _parsed(file: Path, parse: Callable[[dict], Any], empty: Any) -> Any:
    """Read a file; one that can't be read is set aside."""
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return empty
    try:
        return parse(json.loads(text))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):  # not of this shape
        _set_aside(file)
        return empty


def _set_aside(file: Path) -> None:
    numbers = (n for n in range(1, 1000) if not file.with_suffix(f".damaged-{n}.json").exists())
    aside = file.with_suffix(f".damaged-{next(numbers)}.json")
    file.replace(aside)
    notice_once(
        say_in_lesson(
            "Your saved progress could not be read. It was renamed {file}, and a new record "
            "begins.",
            file=aside,
        )
    )


def _write_records(records: Records) -> None:
    _write(
        folder() / "progress.json", {id: asdict(record) for id, record in sorted(records.items())}
    )


def _write(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())  # or a power failure may leave an empty file under the old name
    new.replace(path)
