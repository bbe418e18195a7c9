"""The course for nbgrader: each lesson is an assignment, whose exercises give points."""

import ast
import copy
import functools

from helpers.exercises.exercise import FULL_POINTS
from tools import copies
from tools.notebooks import lesson
from tools.notebooks.lesson import Lesson

CONFIG = '''"""The course in nbgrader."""

import os

c = get_config()
c.CourseDirectory.course_id = "user_value_workbook"
c.ClearSolutions.enabled = False  # there are none
c.ExecutePreprocessor.timeout = 60  # seconds a cell; no cell of a lesson takes a third of it
c.ExecutePreprocessor.interrupt_on_timeout = True  # and the cells after it still count

# What is graded is not the progress of the one who grades.
os.environ["WORKBOOK_PROGRESS"] = os.path.abspath(".progress")
'''


@functools.cache
def lessons() -> list[Lesson]:
    """Return the lessons that have exercises, in order."""
    found = [lesson.read(copies.LESSONS / path) for path in copies.lessons()]
    return [each for each in found if each.exercises]


def nbgrader_tree() -> dict[str, bytes]:
    """Return the source tree of an nbgrader course: name of a file → content."""
    tree = {"nbgrader_config.py": CONFIG.encode()}
    for each in lessons():
        folder = f"source/lesson_{each.number}"
        content = lesson.serialize(assignment(each))
        tree[f"{folder}/{each.path.name}"] = content.encode()
        for file in copies.BESIDE:
            if file.name in content:
                tree[f"{folder}/{file.name}"] = (copies.LESSONS / file).read_bytes()
    return tree


def assignment(taught: Lesson) -> lesson.NotebookNode:
    """Copy a lesson; each exercise's cell becomes an answer, followed by one that gives points."""
    notebook = copy.deepcopy(taught.notebook)
    notebook.cells = []
    for cell in taught.cells:
        node = copy.deepcopy(cell.node)
        notebook.cells.append(node)
        if checked := answered(cell):
            id, answer = checked
            node.metadata["nbgrader"] = _marks(f"answer-{id}", solution=True, locked=False)
            node.outputs, node.execution_count = [], None
            gives = lesson.nbformat.v4.new_code_cell(
                f'from helpers.exercises import points\n\npoints("{id}", {answer})',
                id=f"points-{id}",
                metadata={
                    "nbgrader": _marks(f"points-{id}", grade=True, locked=True, points=FULL_POINTS)
                },
            )
            notebook.cells.append(gives)
    return notebook


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
