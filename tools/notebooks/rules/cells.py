"""Rules of cells: executed, reproducible, short."""

import ast
import re
from collections.abc import Iterator

from tools.notebooks.lesson import Cell, Lesson, normalized, serialize
from tools.notebooks.rules.base import advice, nodes, rule

LONGEST_CELL = 12  # lines
LARGEST_FILE = 1_000_000  # bytes


@rule
def cells(lesson: Lesson) -> Iterator[str]:
    """Leave no cell empty or raw, and give each an id of its own."""
    seen = set()
    for cell in lesson.cells:
        if not cell.source.strip():
            yield f"{cell}: is empty. Delete it."
        if cell.node.cell_type == "raw":
            yield f"{cell}: is a raw cell, which learners do not see. Make it markdown."
        id = cell.node.get("id")
        if id is None or id in seen:
            yield f"{cell}: has no id of its own. Cut it, paste it and save, in JupyterLab."
        seen.add(id)


@rule
def executed(lesson: Lesson) -> Iterator[str]:
    """Run the code cells in order, from top to bottom, in a fresh kernel."""
    for count, cell in enumerate(lesson.code, start=1):
        counts = {cell.node.execution_count}
        counts |= {o.execution_count for o in cell.outputs if o.output_type == "execute_result"}
        if counts != {count}:
            yield f"{cell}: was not run as number {count}. Run `make notebook`."
            return


@rule
def outcome(lesson: Lesson) -> Iterator[str]:
    """Show no error, no warning, and nothing else that goes to stderr."""
    for cell in lesson.code:
        yield from failures(cell)


def failures(cell: Cell) -> Iterator[str]:
    """Yield one sentence for each output of a cell that JupyterLab shows in red."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"{cell}: ends with {output.ename}. To show an error, catch it and print it."
        elif output.get("name") == "stderr":
            line = output.text.strip().splitlines()[-1]
            yield f"{cell}: writes to stderr, {line!r}. Fix what it warns of."


@rule
def reproducible(lesson: Lesson) -> Iterator[str]:
    """Show no object's address and no more digits than all machines agree on."""
    for cell in lesson.code:
        if found := re.search(r"\bat 0x[0-9a-f]+", cell.shown):
            yield f"{cell}: shows an address, {found[0]!r}. Show what the object holds, or nothing."
        if found := re.search(r"\d*\.(?!0+\b)\d{10,}", cell.shown):
            yield f"{cell}: shows {found[0]}, which differs between machines. Round it."


@advice
def length(lesson: Lesson) -> Iterator[str]:
    """Keep a code cell to twelve lines; an import counts as one, however long it is."""
    for cell in lesson.code:
        imports = [node.end_lineno - node.lineno for node in nodes(cell, ast.ImportFrom)]
        lines = len(cell.source.splitlines()) - sum(imports)
        if lines > LONGEST_CELL:
            yield (
                f"{cell}: has {lines} lines; {LONGEST_CELL} are many. Split it into steps, or "
                "make it a helper."
            )


@advice
def size(lesson: Lesson) -> Iterator[str]:
    """Keep the file to one megabyte."""
    size = len(serialize(normalized(lesson.notebook)).encode())
    if size > LARGEST_FILE:
        cell = max(lesson.code, key=lambda cell: len(str(cell.outputs)))
        yield (
            f"the file has {size / 1e6:.1f} MB, which is much. The largest output is that of "
            f"{cell}: draw fewer points, or show fewer rows."
        )
