"""How long a lesson takes, from what a learner does in it.

An estimate, until learners have been timed: reading, running cells, reading code, doing exercises.
Headers, README, handbook and book all show what stands here.
"""

import re

from exercises.engine import course
from tools.notebooks.lesson import FURTHER, Lesson
from tools.notebooks.rules.base import exercise_headings, with_exercise

WORDS_A_MINUTE = 130
A_CODE_CELL, A_LINE, AN_EXERCISE = 0.5, 0.25, 8  # minutes; the cells of an exercise are part of it
UNREAD = "References"  # the section that takes no time


def minutes(lesson: Lesson) -> int:
    """Return the minutes that the core of a lesson takes, to the nearest five."""
    return 5 * round(sum(by_section(lesson.core).values()) / 5)


def further(lesson: Lesson) -> dict[str, int]:
    """Return the minutes of each section of Further, to the nearest five."""
    return {
        heading: max(5, 5 * round(spent / 5))
        for heading, spent in by_section(lesson).items()
        if heading.startswith(f"{FURTHER} ")
    }


def by_section(lesson: Lesson) -> dict[str, float]:
    """Return the minutes that each section takes: reading, running, and doing its exercises.

    The open task is extra: it takes as long as a learner likes. So is code that is folded.
    """
    taken, here = {"Opening": 0.0}, "Opening"
    for cell, exercise in with_exercise(lesson):
        for block in cell.blocks:
            here = block.text if block.level == 2 else here
            taken.setdefault(here, 0.0)
            taken[here] += len(block.text.split()) / WORDS_A_MINUTE
        taken[here] += AN_EXERCISE * len(exercise_headings(cell))
        if cell.is_code and not exercise:
            folded = cell.node.metadata.get("jupyter", {}).get("source_hidden")
            lines = [line for line in cell.source.splitlines() if line.strip() and not folded]
            taken[here] += A_CODE_CELL + A_LINE * len(lines)
    return {heading: spent for heading, spent in taken.items() if heading != UNREAD}


def header(lesson: Lesson) -> str:
    """Return what the first cell says: "**Minutes** about 75 (an estimate), Further 120"."""
    more = sum(further(lesson).values())
    return f"**Minutes** about {minutes(lesson)} (an estimate)" + (
        f", Further {more}" if more else ""
    )


def with_header(lesson: Lesson) -> Lesson:
    """Let a lesson say how long it takes: in its first cell, and in the table of Further."""
    if lesson.number:
        first = lesson.cells[0].node
        first.source = re.sub(
            r"\*\*Minutes\*\* [^·]*(?= · )", lambda _: header(lesson), first.source
        )
        for cell in lesson.cells:
            if cell.heading == FURTHER:
                for heading, spent in further(lesson).items():
                    row = rf"(?m)^(\| {heading.split()[1]} \|.*\| )\d+(?: min)?(?= \|)"
                    cell.node.source = re.sub(row, rf"\g<1>{spent} min", cell.source)
    return lesson


def with_times(page: str, lessons: list[Lesson]) -> str:
    """Return README with the minutes of the lessons and the hours of the tracks."""
    for lesson in lessons:
        row = rf"(?m)^(\|.*\b{lesson.stem}\.\w+\) \|.*\| )\d+(?= \|)"
        page = re.sub(row, rf"\g<1>{minutes(lesson)}", page)
    taken = {lesson.number: minutes(lesson) for lesson in lessons}
    hours = (round(sum(map(taken.get, track.split())) / 60) for track in course.TRACKS.values())
    sums = re.search(r"(?:They add up to|合计起来)[^.。]*", page)[0]
    return page.replace(sums, re.sub(r"\d+", lambda _: str(next(hours)), sums))
