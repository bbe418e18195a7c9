"""Rules of the frame of a lesson: its title, opening and sections."""

import ast
import re
import string
from collections.abc import Iterator

from tools.notebooks.lesson import FURTHER, Lesson
from tools.notebooks.rules.base import advice, rule

END_OF_CORE = ["What to tell the manager", "Recap"]
END_OF_CASE_STUDY = ["What to tell the manager", "References"]
HOW_TO_RUN = (
    "*Shift+Enter runs a cell and goes on to the next. The outputs you see were stored; run the "
    "cells from the top all the same. A `NameError`? The kernel has just started: choose Run > Run "
    "All Above Selected Cell.*"
)


@rule
def title(lesson: Lesson) -> Iterator[str]:
    """Begin with the title, and let it agree with the name of the file and with the exercises."""
    first = _heading_at_the_start(lesson)
    if first is None:
        yield 'cell 1: begins with no title. Begin with "# 01 · Data cleaning".'
        return
    stem = re.sub(r"\W+", "_", first.lower()).strip("_")
    if lesson.number and stem != lesson.stem:
        yield (
            f'cell 1: the title "{first}" would make the file {stem}.ipynb, but it is '
            f"{lesson.stem}.ipynb. Rename one of them."
        )
    if not lesson.number and lesson.stem not in stem:
        yield f'cell 1: the title "{first}" does not hold the name of the file, {lesson.stem}.'
    if lesson.title and first != lesson.title:
        yield (
            f'cell 1: the title "{first}" is not "{lesson.title}", the one in '
            f"exercises/lesson_{lesson.number}.py. Rename one of them."
        )


def _heading_at_the_start(lesson: Lesson) -> str | None:
    blocks = lesson.cells[0].blocks if lesson.cells else []
    return blocks[0].text if blocks and blocks[0].level == 1 else None


@rule
def opening(lesson: Lesson) -> Iterator[str]:
    """Say the question, goals and the needs in cell 1, and set up in cell 2."""
    if len(lesson.cells) < 2:
        yield "the first two cells are missing: the opening, and the setup."
        return
    first, second = lesson.cells[:2]
    wanted = {"**The business question.** ": "the business question"}
    if lesson.number:
        wanted |= {
            "**You will be able to**\n": "what one will be able to do",
            "**Needs** ": "what the lesson needs",
            " · **Data** ": "which data it uses",
            HOW_TO_RUN: "how to run a cell",
        }
    for text, meaning in wanted.items():
        if text not in first.source:
            yield f'cell 1: does not say {meaning}. Write it after "{text.strip()}".'
    if not second.is_code or not all(_is_setup(statement) for statement in second.tree.body):
        yield "cell 2: is not the setup, which holds imports, plots.use_style() and nothing else."


@advice
def goals(lesson: Lesson) -> Iterator[str]:
    """Name three to five goals in cell 1."""
    _, named, after = lesson.cells[0].source.partition("**You will be able to**")
    count = len(re.findall(r"^[-*] ", after, re.MULTILINE))
    if named and not 3 <= count <= 5:
        yield f"cell 1: lists {count} goals. Name three to five, each on a line with a dash."


def _is_setup(statement: ast.stmt) -> bool:
    imports = isinstance(statement, ast.Import | ast.ImportFrom)
    return imports or ast.unparse(statement) == "plots.use_style()"


@rule
def sections(lesson: Lesson) -> Iterator[str]:
    """Give the sections numbers from 1 up, and end with the fixed ones, in their order."""
    blocks = [(cell, block) for cell in lesson.cells for block in cell.blocks]
    found = [(cell, block.text) for cell, block in blocks if block.level == 2]
    names = [name for _, name in found]
    more = [name for name in names if name.startswith(f"{FURTHER} ")]
    for letter, name in zip(string.ascii_uppercase, more, strict=False):
        if not name.startswith(f"{FURTHER} {letter} · "):
            yield f'"{name}" should begin with "{FURTHER} {letter} · ".'
    end = [*END_OF_CORE, FURTHER, *more, "References"] if lesson.number else END_OF_CASE_STUDY
    for name in end:
        if names.count(name) != 1:
            yield f'the section "## {name}" stands there {names.count(name)} times instead of once.'
    closing = [name for name in names if name in end]
    if sorted(closing) == sorted(end) and names[-len(end) :] != end:
        yield f"the lesson does not end with the sections {', '.join(end)}, in this order."
    others = [(cell, name) for cell, name in found if name not in end]
    for number, (cell, name) in enumerate(others, start=1):
        if not name.startswith(f"{number} · "):
            yield f'{cell}: the heading "{name}" should begin with "{number} · ".'
    for cell in [cell for cell, block in blocks if block.level == 1][1:]:
        yield f"{cell}: holds a second title. Headings below the title begin with ##."


@rule
def glossary(lesson: Lesson) -> Iterator[str]:
    """End a lesson with a link to the glossary."""
    if lesson.number and "glossary.md" not in lesson.cells[-1].source:
        yield f"{lesson.cells[-1]}: does not link to the glossary. Add [glossary](glossary.md)."
