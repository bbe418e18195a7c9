"""The course for nbgrader: each lesson is an assignment, whose exercises give points."""

import ast
import copy
import functools
import json
import re
from pathlib import Path

from exercises.engine.exercise import FULL_POINTS
from tools import copies
from tools.notebooks import lesson
from tools.notebooks.lesson import Lesson

HERE = Path(__file__).parent
CONFIG = '''"""The course in nbgrader."""

import os
import sys

import nbgrader

c = get_config()
here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "user_value_workbook"
c.CourseDirectory.root = here
c.CsvExportPlugin.to = os.path.join(here, "grades.csv")
c.ClearSolutions.enabled = False  # there are none
c.ExecutePreprocessor.timeout = 60  # seconds a cell; no cell of a lesson takes a third of it
c.ExecutePreprocessor.interrupt_on_timeout = True  # and the cells after it still count

if "generate_feedback" in sys.argv:  # formgrader's pages would take this template, too
    theirs = os.path.join(os.path.dirname(nbgrader.__file__), "server_extensions/formgrader")
    c.HTMLExporter.extra_template_basedirs = [here, os.path.join(theirs, "templates")]
    c.HTMLExporter.template_name = "named_feedback"
    c.HTMLExporter.template_file = "feedback.html.j2"

# What is graded is not the progress of the one who grades.
os.environ["WORKBOOK_PROGRESS"] = os.path.join(here, ".progress")
'''


@functools.cache
def lessons() -> list[Lesson]:
    """Return the lessons that have exercises, in order."""
    found = [lesson.read(copies.LESSONS / path) for path in copies.lessons()]
    return [each for each in found if each.exercises]


def nbgrader_tree() -> dict[str, bytes]:
    """Return the source tree of an nbgrader course: name of a file → content."""
    tree = {
        "nbgrader_config.py": CONFIG.encode(),
        "named_feedback/conf.json": json.dumps({"base_template": "feedback"}).encode(),
        "named_feedback/feedback.html.j2": (HERE / "feedback.html.j2").read_bytes(),
    }
    for each in lessons():
        folder = f"source/lesson_{each.number}"
        content = lesson.serialize(assignment(each))
        tree[f"{folder}/{each.path.name}"] = content.encode()
        for file in copies.BESIDE:
            if file.name in content:
                tree[f"{folder}/{file.name}"] = (copies.LESSONS / file).read_bytes()
    return tree


def assignment(taught: Lesson) -> lesson.NotebookNode:
    """Copy a lesson; below each exercise, and below the open task, add a cell that gives points."""
    notebook = copy.deepcopy(taught.notebook)
    notebook.cells = []
    for cell in taught.cells:
        node = copy.deepcopy(cell.node)
        notebook.cells.append(node)
        if checked := answered(cell):
            id, answer = checked
            node.metadata["nbgrader"] = _marks(f"answer-{id}", solution=True, locked=False)
            node.outputs, node.execution_count = [], None
            notebook.cells.append(_points(id, answer, heading(taught, id)))
        if cell.number == _last_of_open_task(taught):
            notebook.cells.append(_graded_by_hand(taught))
    return notebook


def _points(id: str, answer: str, title: str) -> lesson.NotebookNode:
    """Return the cell that judges an answer again; its first line names the exercise."""
    return lesson.nbformat.v4.new_code_cell(
        f"# {title.removeprefix('Your turn ')}\n"
        f'from exercises import points\n\npoints("{id}", {answer})',
        id=f"points-{id}",
        metadata={"nbgrader": _marks(f"points-{id}", grade=True, locked=True, points=FULL_POINTS)},
    )


def _graded_by_hand(taught: Lesson) -> lesson.NotebookNode:
    """Return the cell for the points of the open task; feedback shows its rubric, no release."""
    most = open_task_points(taught)
    return lesson.nbformat.v4.new_markdown_cell(
        "#### Points for the open task\n\n"
        f"Graded by hand, 0 to {most} points: your analysis above, in as many cells as you need, "
        "and the sentences that read its results.\n\n"
        f"<!-- BEGIN MARK SCHEME -->\n\n{rubric(taught)}\n\n<!-- END MARK SCHEME -->",
        id="open-task",
        metadata={"nbgrader": _marks("open-task", task=True, locked=True, points=most)},
    )


def _last_of_open_task(taught: Lesson) -> int:
    """Return the number of the cell for the learner's analysis, or of the task if it has none."""
    task = next(
        cell.number
        for cell in taught.cells
        if any(block.text.startswith("Open task · ") for block in cell.blocks)
    )
    return task + sum(cell.is_code for cell in taught.cells[task : task + 1])


def heading(taught: Lesson, id: str) -> str:
    """Return the heading of an exercise, "Your turn 05-4 · A regularized item bias"."""
    blocks = (block for cell in taught.cells for block in cell.blocks if block.level == 3)
    return next(block.text for block in blocks if block.text.startswith(f"Your turn {id} · "))


def rubric(taught: Lesson) -> str:
    """Return the rubric of a lesson's open task: a table, and what to look for."""
    return (HERE / f"rubrics/{taught.number}.md").read_text(encoding="utf-8").strip()


def open_task_points(taught: Lesson) -> int:
    """Return the most points that an open task can bring: 2 for each row of its rubric."""
    _head, _line, *rows = re.findall(r"(?m)^\|.*\|$", rubric(taught))
    return 2 * len(rows)


def _marks(grade_id: str, **marks: object) -> dict:
    """Return what nbgrader wants to know of a cell."""
    plain = {"grade": False, "solution": False, "task": False, "schema_version": 3}
    return plain | {"grade_id": grade_id} | marks


def answered(cell: lesson.Cell) -> tuple[str, str] | None:
    """Return id and answer of the `check` that ends a cell, if one does."""
    match cell.tree.body[-1:]:
        case [ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(id), answer]))]:
            return id, ast.unparse(answer)
    return None
