"""nbgrader takes the course that `make pack` makes, and gives the points that the rubric says."""

import os
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.exercises import course
from helpers.exercises.exercise import FULL_POINTS
from tools.classroom.nbgrader import answered, assignment, lessons, nbgrader_tree
from tools.notebooks.lesson import Cell

EXERCISES = [each for id, each in course.exercises().items() if id.startswith("00-")]
# Each of these is a mistake, in the words of a learner, and what it is worth.
WRONG = {
    "00-1": ("def f(lines):\n    return (lines['quantity'] * lines['unit_price']).sum()", 1),
    "00-4": ("f = 'a'", 0),
}
RAISES = "def f(lines):\n    return lines['price'] / 0\n\nraise RuntimeError('oops')"


@pytest.fixture(scope="module", autouse=True)
def progress(tmp_path_factory):
    """Where progress is kept, in an active environment: nbgrader calls a program by its name."""
    folder = tmp_path_factory.mktemp("teacher") / "progress"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        patch.setenv("WORKBOOK_PROGRESS", str(folder))
        yield folder


def nbgrader(folder, *words):
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=folder, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def marks(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def hand_in(folder, student, answers, edit=lambda cells: cells):
    """Fill in the released assignment: id of an exercise → source that defines ``f``."""
    (released,) = (folder / "release/lesson_00").glob("*.ipynb")
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        id = marks(cell).removeprefix("answer-")
        if id in answers:
            _, answer = answered(Cell(0, cell))
            cell.source = f'{answers[id]}\n\n{answer} = f\ncheck("{id}", {answer})'
    notebook.cells = edit(notebook.cells)
    place = folder / "submitted" / student / "lesson_00"
    place.mkdir(parents=True)
    nbformat.write(notebook, place / released.name)


def careless(cells):
    """Delete the first answer, forge its points, define the check anew, and add what is no code."""
    forged = next(cell for cell in cells if marks(cell) == "points-00-1")
    forged.source = "2"
    added = ["check = points = lambda *answer: 2", "this is no Python"]
    return [nbformat.v4.new_code_cell(source) for source in added] + [
        cell for cell in cells if marks(cell) != "answer-00-1"
    ]


def solution(exercise):
    if exercise.options:
        return f"f = {exercise.solution!r}"
    return f"{exercise.solution_text}\n\nf = {exercise.solution.__name__}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class, whose lesson 00 has been collected and graded."""
    folder = tmp_path_factory.mktemp("course")
    for name, content in nbgrader_tree().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    nbgrader(folder, "generate_assignment", "lesson_00")
    right = {each.id: solution(each) for each in EXERCISES}
    hand_in(folder, "right", right)
    hand_in(folder, "wrong", {id: source for id, (source, _) in WRONG.items()})
    hand_in(folder, "untouched", {})
    hand_in(folder, "careless", right | {"00-2": RAISES}, careless)
    nbgrader(folder, "autograde", "lesson_00")
    nbgrader(folder, "generate_feedback", "lesson_00")
    return folder


def test_points(graded):
    full = FULL_POINTS * len(EXERCISES)
    expected = {"right": full, "wrong": sum(worth for _, worth in WRONG.values()), "untouched": 0}
    expected["careless"] = full - 2 * FULL_POINTS  # what was deleted, and what raises
    with Gradebook(f"sqlite:///{graded}/gradebook.db") as book:
        for student, points in expected.items():
            submission = book.find_submission("lesson_00", student)
            assert (submission.score, submission.max_score) == (points, full)
            assert not submission.needs_manual_grade


def test_grading_leaves_the_progress_of_the_one_who_grades_alone(graded, progress):
    assert not progress.exists()


def test_feedback_says_what_was_wrong(graded):
    (page,) = (graded / "feedback/wrong/lesson_00").glob("*.html")
    mistake = course.find("00-1").wrong_answers["discount is ignored"]
    assert mistake.diagnosis.split(":")[0] in unescape(page.read_text(encoding="utf-8"))


def test_an_assignment_is_the_lesson_and_cells_that_give_points():
    for lesson in lessons():
        cells = assignment(lesson).cells
        added = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
        kept = [cell.source for cell in cells if cell not in added]
        assert kept == [cell.source for cell in lesson.cells]
        assert [cell.metadata["nbgrader"]["points"] for cell in added] == [FULL_POINTS] * len(
            lesson.exercises
        )
