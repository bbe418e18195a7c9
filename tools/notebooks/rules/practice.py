"""Rules of practice: how long a lesson takes, and that each idea is practiced where it is read."""

import re
from collections.abc import Iterator

from tools.notebooks import timing
from tools.notebooks.lesson import Lesson
from tools.notebooks.rules.base import advice, exercise_headings, rule

MANY_MINUTES = 75  # of a core
FIRST_CELLS, FIRST_SHARE = 10, 1 / 4  # where the first exercise stands: in one or the other
SECTIONS_WITHOUT = 3


@rule
def minutes(lesson: Lesson) -> Iterator[str]:
    """Say how long a lesson takes."""
    wanted = timing.header(lesson)
    if lesson.number and f" · {wanted} · " not in lesson.cells[0].source:
        yield f"cell 1: does not say how long it takes. Write {wanted}."


@advice
def workload(lesson: Lesson) -> Iterator[str]:
    """Keep the core of a lesson to an honest hour; what is more goes to Further."""
    if lesson.number and (minutes := timing.minutes(lesson)) > MANY_MINUTES:
        yield f"the core takes about {minutes} minutes; {MANY_MINUTES} are many."


@advice
def practice(lesson: Lesson) -> Iterator[str]:
    """Place an exercise after each idea, the first in the first quarter, and an open task last."""
    if not lesson.number:
        return
    n_cells = len(lesson.cells)
    first = next((cell.number for cell in lesson.cells if exercise_headings(cell)), n_cells)
    if first > max(FIRST_CELLS, FIRST_SHARE * n_cells):
        yield (
            f"the first exercise stands in cell {first} of {n_cells}. Place one in the "
            "first quarter."
        )
    without = []
    for block in (block for cell in lesson.cells for block in cell.blocks if block.level):
        if re.match(r"\d+ · ", block.text) and block.level == 2:
            without.append(block.text)
        elif block.text.startswith("Your turn "):
            without = []
        if len(without) == SECTIONS_WITHOUT + 1:
            yield f'section "{without[0]}" and the {SECTIONS_WITHOUT} after it have no exercise.'
    tasks = [
        block.text
        for cell in lesson.cells
        for block in cell.blocks
        if block.level == 3 and block.text.startswith("Open task · ")
    ]
    if len(tasks) != 1:
        yield f'the lesson has {len(tasks)} headings "### Open task · …" instead of one.'
