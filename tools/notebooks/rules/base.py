"""The rules of a lesson: each is a function from a notebook to sentences saying what is wrong.

A sentence names the cell, says what is wrong with it and how to fix it. `RULES` are refused by
``make notebook`` and by the tests. `ADVICE` is only printed: a lesson may have a reason to act
against it.

What several of them look for in a cell stands here, too.
"""

import ast
import re
from collections.abc import Callable, Iterator

from tools.notebooks.lesson import Cell, Lesson

Rule = Callable[[Lesson], Iterator[str]]
RULES: list[Rule] = []
ADVICE: list[Rule] = []


def problems(lesson: Lesson, rules: list[Rule] = RULES) -> dict[str, list[str]]:
    """Return what is wrong with a notebook: name of a broken rule → sentences."""
    found = {rule.__name__: list(rule(lesson)) for rule in rules}
    return {name: sentences for name, sentences in found.items() if sentences}


def rule(function: Rule) -> Rule:
    """Make a function one of the rules."""
    RULES.append(function)
    return function


def advice(function: Rule) -> Rule:
    """Make a function one piece of the advice."""
    ADVICE.append(function)
    return function


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
