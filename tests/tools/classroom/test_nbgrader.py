"""nbgrader takes the course that `make pack` makes, and gives the points that the rubric says."""

import csv
import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest

from exercises.engine import course
from exercises.engine.exercise import FULL_POINTS
from tools import env, grade
from tools.classroom.nbgrader import answered, assignment, lessons, nbgrader_tree, rubric
from tools.notebooks.lesson import Cell

EXERCISES = [each for id, each in course.exercises().items() if id.startswith("00-")]
BY_CHECK = FULL_POINTS * len(EXERCISES)
# Each of these is a mistake, in the words of a learner, and what it is worth.
WRONG = {
    "00-1": ("def f(lines):\n    return (lines['quantity'] * lines['unit_price']).sum()", 1),
    "00-4": ("f = 'a'", 0),
}
RAISES = "def f(lines):\n    return lines['price'] / 0\n\nraise RuntimeError('oops')"
POINTS = {  # what the checks give to a class
    "right": BY_CHECK,
    "wrong": sum(worth for _, worth in WRONG.values()),
    "untouched": 0,
    "careless": BY_CHECK - 2 * FULL_POINTS,  # what was deleted, and what raises
}
COMMENT = "One year is no trend."
# As formgrader does: give points and a comment. Printed is who waits for them, before and after.
GRADE_BY_HAND = """
import json, sys
from nbgrader.api import Gradebook


def show_waiting():
    submissions = book.assignment_submissions("lesson_00")
    print(json.dumps([each.student.id for each in submissions if each.needs_manual_grade]))


with Gradebook("sqlite:///gradebook.db") as book:
    show_waiting()
    for student, (points, comment) in json.loads(sys.argv[1]).items():
        cell = "open-task", "00_start_here", "lesson_00", student
        grade = book.find_grade(*cell)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment(*cell).manual_comment = comment
    book.db.commit()
    show_waiting()
"""


def nbgrader(folder, *words):
    """Type a command as a teacher does, with the course in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade, "COURSE", folder)
        patch.setattr(sys, "argv", ["tools.grade", *words])
        patch.setattr(os, "environ", os.environ.copy())
        with pytest.raises(SystemExit) as left:
            grade.main()
    assert left.value.code == 0


def by_hand(folder, points):
    """Grade open tasks; return the students whose open task waited for that, and still waits."""
    command = [env.ready("grading"), "-c", GRADE_BY_HAND, json.dumps(points)]
    ran = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    return [set(json.loads(line)) for line in ran.stdout.splitlines()]


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
def progress(tmp_path_factory):
    """Where the progress of the one who grades would be kept."""
    return tmp_path_factory.mktemp("teacher") / "progress"


@pytest.fixture(scope="module")
def collected(tmp_path_factory, progress):
    """A small class, whose lesson 00 has been collected and graded by its checks."""
    folder = tmp_path_factory.mktemp("course")
    for name, content in nbgrader_tree().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_PROGRESS", str(progress))
        nbgrader(folder, "generate_assignment", "lesson_00")
        right = {each.id: solution(each) for each in EXERCISES}
        hand_in(folder, "right", right)
        hand_in(folder, "wrong", {id: source for id, (source, _) in WRONG.items()})
        hand_in(folder, "untouched", {})
        hand_in(folder, "careless", right | {"00-2": RAISES}, careless)
        nbgrader(folder, "autograde", "lesson_00")
    return folder


@pytest.fixture(scope="module")
def waiting(collected):
    """Who waits for points by hand, before and after the teacher has graded two open tasks."""
    return by_hand(collected, {"right": [6, COMMENT], "untouched": [0, ""]})


@pytest.fixture(scope="module")
def graded(collected, waiting):
    """The same class, with feedback and grades."""
    nbgrader(collected, "generate_feedback", "lesson_00")
    nbgrader(collected, "export")
    return collected


def feedback(folder, student):
    (page,) = (folder / "feedback" / student / "lesson_00").glob("*.html")
    return unescape(page.read_text(encoding="utf-8"))


def test_an_open_task_waits_until_it_is_graded_by_hand(waiting):
    assert waiting == [POINTS.keys(), {"wrong", "careless"}]


def test_points_are_those_of_the_checks_and_those_given_by_hand(graded):
    with (graded / "grades.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["student_id"]: float(row["score"]) for row in rows} == POINTS | {
        "right": BY_CHECK + 6
    }
    assert {float(row["max_score"]) for row in rows} == {BY_CHECK + 8}


def test_grading_leaves_the_progress_of_the_one_who_grades_alone(graded, progress):
    assert not progress.exists()


def test_feedback_says_what_was_wrong(graded):
    mistake = course.find("00-1").wrong_answers[0]
    assert mistake.diagnosis.split(":")[0] in feedback(graded, "wrong")


def test_feedback_lists_each_exercise_by_its_name(graded):
    listed = re.findall(r"<li>.*?>(.*)</a> \(Score: (.*)\)</li>", feedback(graded, "right"))
    assert listed[0] == ("00-1 · Net revenue", "2.0 / 2.0")
    listed.remove(("Points for the open task", "6.0 / 8.0"))
    assert [name.split(" · ")[0] for name, _ in listed] == [each.id for each in EXERCISES]


def test_the_rubric_is_shown_with_the_points_and_not_before(graded):
    (released,) = (graded / "release/lesson_00").glob("*.ipynb")
    says = rubric(lessons()[0]).splitlines()[-1]
    assert says not in released.read_text(encoding="utf-8")
    assert says in feedback(graded, "right")
    assert COMMENT in feedback(graded, "right")


@pytest.mark.parametrize("lesson", lessons(), ids=lambda each: each.number)
def test_an_assignment_is_the_lesson_and_cells_that_give_points(lesson):
    cells = assignment(lesson).cells
    added = [cell for cell in cells if "points" in cell.metadata.get("nbgrader", {})]
    assert [cell.source for cell in cells if cell not in added] == [
        cell.source for cell in lesson.cells
    ]
    assert {marks(cell): cell.metadata["nbgrader"]["points"] for cell in added} == {
        f"points-{id}": FULL_POINTS for id in lesson.exercises
    } | {"open-task": 8}


@pytest.mark.parametrize(("name", "extra"), [("lesson_17b", "spark"), ("lesson_05", "")])
def test_what_was_handed_in_runs_where_its_lesson_does(name, extra):
    assert grade.extra_for(["autograde", name, "--force"]) == extra


def test_without_a_course_the_teacher_is_told_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setattr(grade, "COURSE", tmp_path / "pack")
    with pytest.raises(SystemExit, match="make pack"):
        grade.main()


@pytest.mark.parametrize("extra", ["", *env.OPENED])
def test_no_learner_gets_the_menus_of_nbgrader(extra):
    assert all("nbgrader" not in Path(lock).read_text() for lock in env.locks(extra))
