"""What several rules look for in a cell."""

import ast
import re
from collections.abc import Iterator

from tools.notebooks.lesson import Cell, Lesson


def nodes(cell: Cell, *kinds: type) -> Iterator:
    """Yield the nodes of some kinds in the code of a cell."""
    return (node for node in ast.walk(cell.tree) if isinstance(node, kinds))


def called(call: ast.Call) -> str:
    """Return the last word of what is called: use_style of plots.use_style()."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def exercise_headings(cell: Cell) -> list[str]:
    """Return the ids of the exercises whose headings stand in a cell."""
    matches = (re.match(r"Your turn (\S+) · ", block.text) for block in cell.blocks if block.level)
    return [match[1] for match in matches if match]


def with_exercise(lesson: Lesson) -> Iterator[tuple[Cell, str]]:
    """Yield each cell with the id of the exercise whose heading stands above it, or with ""."""
    id = ""
    for cell in lesson.cells:
        if any(block.level for block in cell.blocks):
            id = next(iter(exercise_headings(cell)), "")
        yield cell, id


def only_comments(cell: Cell) -> bool:
    """Whether a cell holds nothing but comments."""
    return all(line.startswith("#") for line in cell.source.splitlines() if line.strip())
