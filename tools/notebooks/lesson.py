"""A notebook as the author's tools see it: how it is read, executed, normalized and written."""

import ast
import html
import itertools
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellControlSignal,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from exercises.engine import course
from exercises.engine.exercise import Exercise
from tools import env
from tools.notebooks import markdown

TIMEOUT = 120  # seconds a cell may take
ENVIRONMENT = env.ONE_THREAD | {
    # Figures in the notebook, whatever the author's own setting.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # No progress bar is stored; learners see them.
    "TQDM_DISABLE": "1",
}

KEPT = ("tags", "jupyter", "jp-MarkdownHeadingCollapsed")  # of the metadata of a cell
FURTHER = "Further"  # with this heading the core of a lesson ends


@dataclass(frozen=True)
class Cell:
    """One cell, numbered from 1."""

    number: int
    node: NotebookNode

    def __str__(self) -> str:
        """Say which cell it is, so that an author finds it: by number and first words."""
        first = next((line for line in self.source.splitlines() if line.strip()), "empty")
        return f"cell {self.number} ({first if len(first) <= 50 else first[:49] + '…'})"

    @property
    def is_code(self) -> bool:
        """Whether it is a code cell."""
        return self.node.cell_type == "code"

    @property
    def source(self) -> str:
        """What the author wrote."""
        return self.node.source

    @cached_property
    def blocks(self) -> list[markdown.Block]:
        """Headings, paragraphs and list items; none in code."""
        return [] if self.is_code else markdown.blocks(self.source)

    @property
    def heading(self) -> str:
        """The section that it begins; "" where it begins none."""
        return next((block.text for block in self.blocks if block.level == 2), "")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of the code; an empty one where it cannot be read as Python."""
        try:
            return ast.parse(self.source if self.is_code else "")
        except SyntaxError:
            return ast.Module(body=[], type_ignores=[])

    @property
    def outputs(self) -> list[NotebookNode]:
        """The stored outputs."""
        return self.node.get("outputs", [])

    @cached_property
    def printed(self) -> str:
        """What the code printed."""
        return "".join(out.text for out in self.outputs if out.get("name") == "stdout")

    @cached_property
    def shown(self) -> str:
        """All text that a reader sees below the code, tables too."""
        texts = [self.printed]
        for output in self.outputs:
            data = output.get("data", {})
            texts.append(data.get("text/plain", "").replace("<Figure size", "<"))
            table = re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", data.get("text/html", ""))
            texts.append(html.unescape(table))
        return "\n".join(texts)


@dataclass(frozen=True)
class Lesson:
    """A lesson or a case study.

    Parameters
    ----------
    path : where it stands; a lesson's name begins with its number.
    notebook : what stands there.
    title : what `exercises` calls the lesson, "01 · Data cleaning"; "" where it has none.
    exercises : the exercises it must hold, by id.
    """

    path: Path
    notebook: NotebookNode
    title: str = ""
    exercises: Mapping[str, Exercise] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name of the file without its ending; the template is a lesson 00."""
        return "00_template" if self.path.stem == "template" else self.path.stem

    @property
    def number(self) -> str:
        """The number of a lesson, 09 or 09b; "" for a case study."""
        return match[1] if (match := re.match(r"(\d\d[a-z]?)_", self.stem)) else ""

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells."""
        return [Cell(number, node) for number, node in enumerate(self.notebook.cells, start=1)]

    @cached_property
    def core(self) -> "Lesson":
        """The lesson without Further."""
        is_core = itertools.takewhile(lambda cell: cell.heading != FURTHER, self.cells)
        core = self.notebook | {"cells": [cell.node for cell in is_core]}
        return replace(self, notebook=nbformat.from_dict(core))

    @property
    def code(self) -> list[Cell]:
        """The code cells."""
        return [cell for cell in self.cells if cell.is_code]


def read(path: Path) -> Lesson:
    """Read a notebook, and look up the exercises it must hold."""
    # Without validation, which would fix what the rules want to see.
    lesson = Lesson(path, nbformat.v4.reads(path.read_text(encoding="utf-8")))
    if path.stem == "template":  # it borrows one exercise
        return Lesson(path, lesson.notebook, "", {"00-1": course.find("00-1")})
    for title, exercises in course.lessons().items():
        if lesson.number and title.startswith(f"{lesson.number} · "):
            return Lesson(path, lesson.notebook, title, exercises)
    return lesson


def execute(lesson: Lesson, variables: Mapping[str, str] = MappingProxyType({})) -> float:
    """Run a notebook from top to bottom in a fresh kernel; its outputs are replaced.

    The learner's progress is not touched.

    Parameters
    ----------
    lesson : the notebook.
    variables : of the kernel's environment, beside `ENVIRONMENT`.

    Returns
    -------
    float
        The seconds of CPU it took, the start of the kernel included. Unlike the time on the wall
        they do not depend on what else the machine does.

    Raises
    ------
    RuntimeError
        If a cell raises, takes longer than `TIMEOUT` or ends the kernel; the message names it.
    """
    running = []
    with tempfile.TemporaryDirectory() as progress:
        client = NotebookClient(
            lesson.notebook,
            kernel_name="python3",
            timeout=TIMEOUT,
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(lesson.path.parent)}},
            on_cell_execute=lambda cell, cell_index: running.append(cell_index),
        )
        before = _seconds_of_children()
        try:
            client.execute(
                env=os.environ | ENVIRONMENT | variables | {"WORKBOOK_PROGRESS": progress}
            )
        except (CellControlSignal, DeadKernelError) as error:
            cell = lesson.cells[running[-1]]
            raise RuntimeError(f"{cell} {_reason(error)}") from error
    return _seconds_of_children() - before


def _seconds_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _reason(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        return f"raised {error.ename}: {error.evalue}"
    if isinstance(error, CellTimeoutError):
        return f"took longer than {TIMEOUT} s"
    return "ended the kernel"


def normalized(notebook: NotebookNode) -> NotebookNode:
    """Copy a notebook without anything that differs between two runs or two machines.

    Kept are sources, outputs, ids and counts; of the metadata, the cells' tags, what is collapsed
    and folded, and the notebook's ``workbook`` entry.
    """
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    if "workbook" in notebook.metadata:
        metadata["workbook"] = notebook.metadata.workbook
    copy = nbformat.from_dict(
        {"cells": notebook.cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )
    for cell in copy.cells:
        cell.source = cell.source.strip("\n")
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT}
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = {}
    return copy


def serialize(notebook: NotebookNode) -> str:
    """Return the text of a notebook's file."""
    return nbformat.v4.writes(notebook) + "\n"
