"""The learner's copies: whatever happens to the course, no answer of theirs is lost."""

import json
import sys

import pytest

from tools import copies, fresh


def lesson(text, count=None):
    """Return the file of a notebook of one cell; as it is stored, that has been run."""
    outputs = [{"output_type": "execute_result", "execution_count": count, "data": {}}]
    cell = {"cell_type": "code", "source": text, "execution_count": count, "outputs": outputs}
    return json.dumps({"cells": [{"cell_type": "markdown"}, cell]}, indent=1) + "\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of a lesson and a case study, and a learner who has not opened it yet."""
    lessons = tmp_path / "notebooks"
    (lessons / "case_studies").mkdir(parents=True)
    (lessons / "05_neighbors.ipynb").write_text(lesson("lesson", 1))
    (lessons / "case_studies/online_retail.ipynb").write_text(lesson("case study", 1))
    monkeypatch.setattr(copies, "LESSONS", lessons)
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path / "my_work"))
    return lessons


def renew(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["fresh", *words])
    fresh.main()


def test_every_lesson_is_copied(course):
    assert copies.add_missing() == []
    assert (copies.folder() / "05_neighbors.ipynb").read_text() == lesson("lesson")
    assert (copies.folder() / "case_studies/online_retail.ipynb").read_text() == lesson(
        "case study"
    )


def test_a_copy_is_never_overwritten(course):
    copies.add_missing()
    mine = copies.folder() / "05_neighbors.ipynb"
    mine.write_text("lesson with my answers")
    (course / "05_neighbors.ipynb").write_text(lesson("better lesson", 1))

    for _ in range(2):
        (outdated,) = copies.add_missing()
        assert outdated.name == "05_neighbors.ipynb"
        assert mine.read_text() == "lesson with my answers"


@pytest.mark.parametrize("name", ["glossary.md", "production.svg"])
def test_what_stands_beside_the_lessons_is_always_the_newest(course, name):
    for text in ("old", "new"):
        (course / name).write_text(text)
        copies.add_missing()
        assert (copies.folder() / name).read_text() == text


def test_answers_alone_do_not_make_a_copy_outdated(course):
    copies.add_missing()
    (copies.folder() / "05_neighbors.ipynb").write_text("lesson with my answers")
    assert copies.add_missing() == []


def test_a_deleted_copy_comes_back(course):
    copies.add_missing()
    (copies.folder() / "05_neighbors.ipynb").unlink()
    copies.add_missing()
    assert (copies.folder() / "05_neighbors.ipynb").read_text() == lesson("lesson")


def test_a_broken_record_loses_no_copy(course):
    copies.add_missing()
    (copies.folder() / copies.RECORD).write_text("{half")
    (copies.folder() / "05_neighbors.ipynb").write_text("lesson with my answers")
    assert len(copies.add_missing()) == 2  # whether they are outdated can't be known
    assert (copies.folder() / "05_neighbors.ipynb").read_text() == "lesson with my answers"


def test_an_interrupted_copy_leaves_no_half_lesson(course, monkeypatch):
    def crash(self, target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", crash)
        with pytest.raises(KeyboardInterrupt):
            copies.add_missing()
    assert not (copies.folder() / "05_neighbors.ipynb").exists()
    copies.add_missing()
    assert (copies.folder() / "05_neighbors.ipynb").read_text() == lesson("lesson")


@pytest.mark.parametrize("name", ["05", "5", "05_neighbors"])
def test_fresh_keeps_the_old_copy_aside(course, monkeypatch, capsys, name):
    copies.add_missing()
    mine = copies.folder() / "05_neighbors.ipynb"
    for answers in ("first answers", "second answers"):
        mine.write_text(answers)
        renew(monkeypatch, name)
        assert mine.read_text() == lesson("lesson")
    assert mine.with_name("05-kept-1_neighbors.ipynb").read_text() == "first answers"
    assert mine.with_name("05-kept-2_neighbors.ipynb").read_text() == "second answers"
    assert "05-kept-2_neighbors.ipynb" in capsys.readouterr().out


def test_fresh_makes_an_outdated_copy_current(course, monkeypatch):
    copies.add_missing()
    (course / "05_neighbors.ipynb").write_text(lesson("better lesson", 1))
    renew(monkeypatch, "05")
    assert copies.add_missing() == []


def test_fresh_knows_case_studies_by_name(course, monkeypatch):
    copies.add_missing()
    renew(monkeypatch, "online_retail")
    assert (copies.folder() / "case_studies/online_retail-kept-1.ipynb").exists()


@pytest.mark.parametrize("words", [(), ("",), ("06",), ("05", "06")])
def test_fresh_says_which_lessons_there_are(course, monkeypatch, words):
    with pytest.raises(SystemExit, match=r"There are: 05, online_retail\."):
        renew(monkeypatch, *words)
