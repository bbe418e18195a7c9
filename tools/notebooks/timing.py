"""How long a lesson takes, from what a learner does in it."""

import itertools

from tools.notebooks.lesson import Lesson
from tools.notebooks.rules.reading import exercise_headings, with_exercise

WORDS_A_MINUTE = 150
A_CODE_CELL, AN_EXERCISE = 1.5, 6  # minutes; the cells of an exercise are part of it
UNREAD = ("References", "Next")  # sections that take no time


def by_section(lesson: Lesson) -> dict[str, float]:
    """Return the minutes that each section takes: reading, running, and doing its exercises.

    The open task is extra: it takes as long as a learner likes.
    """
    minutes, here = {"Opening": 0.0}, "Opening"
    for cell, exercise in with_exercise(lesson):
        for block in cell.blocks:
            here = block.text if block.level == 2 else here
            minutes.setdefault(here, 0.0)
            minutes[here] += len(block.text.split()) / WORDS_A_MINUTE
        minutes[here] += AN_EXERCISE * len(exercise_headings(cell))
        minutes[here] += A_CODE_CELL * (cell.is_code and not exercise)
    return {heading: taken for heading, taken in minutes.items() if heading not in UNREAD}


def halfway(lesson: Lesson) -> str:
    """Return the number of the section after which a break leaves two sittings most alike."""
    taken = by_section(lesson)
    passed = dict(zip(taken, itertools.accumulate(taken.values()), strict=True))
    numbered = {heading.split(" ")[0]: at for heading, at in passed.items() if heading[0].isdigit()}
    return min(numbered, key=lambda number: abs(numbered[number] - sum(taken.values()) / 2))


def words(lesson: Lesson) -> int:
    """Return the words that a learner reads, formulas included, references not."""
    texts = "\n".join(cell.source for cell in lesson.cells if not cell.is_code)
    return len(texts.partition("## References")[0].split())
