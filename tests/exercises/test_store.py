"""The learner's progress is kept, and nothing loses it."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from exercises import check
from exercises.engine import store
from exercises.engine.record import Record

pytestmark = pytest.mark.usefixtures("progress_folder")


def solve(record):
    return replace(record, mark="✓")


def files(folder):
    return sorted(file.name for file in folder.iterdir() if file.name != "progress.lock")


def test_kept_and_read_again(progress_folder):
    assert store.load() == {}
    assert store.update("00-1", lambda record: replace(record, hints=2)) == Record(hints=2)
    store.update("00-1", solve)
    store.update("01-1", lambda record: replace(record, revealed=True))
    assert store.load() == {"00-1": Record("✓", 2), "01-1": Record(revealed=True)}
    assert files(progress_folder) == ["progress.json"]


def test_reading_writes_nothing(progress_folder):
    store.load()
    assert not progress_folder.exists()


def test_an_exercise_that_moved_to_another_lesson_stays_solved(progress_folder):
    progress_folder.mkdir()
    (progress_folder / "progress.json").write_text('{"14b-6": {"mark": "✓"}}')
    assert store.load() == {"14d-1": Record("✓")}
    check("14b-6", lambda panel: ...)  # what stands in an older copy of lesson 14b
    assert store.load() == {"14d-1": Record("✓")}


def test_no_change_is_not_written(progress_folder):
    store.update("00-1", solve)
    written = (progress_folder / "progress.json").stat().st_mtime_ns
    store.update("00-1", solve)
    assert (progress_folder / "progress.json").stat().st_mtime_ns == written


def test_the_default_folder_is_the_users_own(monkeypatch):
    monkeypatch.delenv("WORKBOOK_PROGRESS")
    assert store.folder().name == "user-value-workbook"
    assert store.folder().is_relative_to(Path.home())


def test_a_crash_in_the_middle_of_writing_leaves_the_old_file(progress_folder, monkeypatch):
    store.update("00-1", solve)

    def crash(records, file, **_):
        file.write('{"00-1": {"ma')
        raise SystemError("power failure")

    with monkeypatch.context() as patch:
        patch.setattr(json, "dump", crash)
        with pytest.raises(SystemError):
            store.update("00-2", solve)
    assert store.load() == {"00-1": Record("✓")}
    store.update("00-3", solve)  # and the lock is free again
    assert sorted(store.load()) == ["00-1", "00-3"]
    assert files(progress_folder) == ["progress.json"]


WRITER = """
import sys
from dataclasses import replace
from exercises import check
from exercises.engine import store
for n in range(int(sys.argv[2])):
    store.update(f"{sys.argv[1]}-{n}", lambda record: replace(record, mark="✓"))
    print(n, flush=True)
"""


def writer(name, times):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, name, str(times)],
        env={**os.environ, "PYTHONPATH": str(Path(store.__file__).parents[2])},
        stdout=subprocess.PIPE,
    )


def test_two_notebooks_writing_at_once_keep_each_others_entries():
    both = [writer("one", 50), writer("two", 50)]
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert len(store.load()) == 100


def test_a_kernel_killed_while_it_writes_loses_nothing(capsys):
    process = writer("one", 1_000_000)
    with process:
        for _ in range(20):
            last = int(process.stdout.readline())
        time.sleep(0.01)
        process.kill()
    kept = store.load()
    assert {f"one-{n}" for n in range(last + 1)} <= set(kept)
    store.update("two-1", solve)
    assert len(store.load()) == len(kept) + 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"00-1": {"mark"',
        b"\xff\xfe\x00",
        b"[1, 2]",
        b"[" * 100_000,
        b'{"00-1": 3}',
        b'{"00-1": {"mark": "<b>"}}',
        b'{"00-1": {"hints": 4}}',
        b'{"00-1": {"hints": [1]}}',
        b'{"00-1": {"revealed": "yes"}}',
        b'{"00-1": {"stars": 5}}',
    ],
)
def test_a_damaged_file_is_set_aside_and_not_lost(damage, progress_folder, capsys):
    progress_folder.mkdir()
    for n in (1, 2):
        (progress_folder / "progress.json").write_bytes(damage)
        assert store.load() == {}
        aside = progress_folder / f"progress.damaged-{n}.json"
        assert aside.read_bytes() == damage
        assert f"It was renamed {aside}, and a new record begins." in capsys.readouterr().out
    store.update("00-1", solve)
    assert store.load() == {"00-1": Record("✓")}


@pytest.fixture
def nowhere(progress_folder, tmp_path, monkeypatch):
    """Name a folder that cannot be made, not even by root."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "file" / "folder"))


@pytest.mark.usefixtures("nowhere")
def test_where_nothing_can_be_written_one_notice_and_the_session_remembers(capsys):
    store.update("00-1", lambda record: replace(record, hints=record.hints + 1))
    store.update("00-1", lambda record: replace(record, hints=record.hints + 1))
    assert store.load() == {"00-1": Record(hints=2)}
    said = capsys.readouterr().out
    assert said.count("Your progress can't be saved in") == 1
    assert "set WORKBOOK_PROGRESS to a folder where you can write files" in said


def test_what_could_not_be_written_is_written_later(progress_folder, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    store.update("00-1", lambda record: replace(record, hints=2))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        store.update("00-1", lambda record: replace(record, hints=record.hints + 1))
        store.update("00-2", solve)
        assert store.load() == {"00-1": Record(hints=3), "00-2": Record("✓")}
    store.update("00-3", solve)
    written = json.loads((progress_folder / "progress.json").read_text(encoding="utf-8"))
    assert sorted(written) == ["00-1", "00-2", "00-3"]
