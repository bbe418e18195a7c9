"""How long a lesson takes, counted by hand."""

import nbformat.v4 as nb
import pytest

from tools.notebooks import timing
from tools.notebooks.lesson import Lesson

HIDDEN = {"jupyter": {"source_hidden": True}}


def lesson_of(tmp_path, *cells):
    return Lesson(tmp_path / "05_toy.ipynb", nb.new_notebook(cells=list(cells)))


def section(number, minutes):
    """A section of so many minutes: heading and words, 130 a minute."""
    words = "word " * (130 * minutes - 3)  # "## 1 · Toy" has three words
    return nb.new_markdown_cell(f"## {number} · Toy\n\n{words}")


def test_words_cells_lines_and_exercises(tmp_path):
    lesson = lesson_of(
        tmp_path,
        section(1, 2),
        nb.new_code_cell("one = 1\n\ntwo = 2"),  # half a minute, and a quarter for each of 2 lines
        nb.new_code_cell("# folded: no line of it is in sight\nthree = 3", metadata=HIDDEN),
        nb.new_markdown_cell("### Your turn 05-1 · Toy"),  # 4 words after the marks, 8 minutes
        nb.new_code_cell("answer = ...\ncheck('05-1', answer)"),  # part of the exercise
        nb.new_markdown_cell("## References\n\n" + "word " * 1_000),  # takes no time
    )
    taken = sum(timing.by_section(lesson).values())
    assert taken == pytest.approx(2 + (0.5 + 0.5) + 0.5 + 5 / 130 + 8)
    assert timing.minutes(lesson) == 10
    assert timing.header(lesson) == "**Minutes** about 10 (an estimate)"


def test_a_page_gets_the_minutes_and_hours_of_today(tmp_path, monkeypatch):
    monkeypatch.setattr(timing.course, "TRACKS", {"All": "05", "None": ""})
    toy = lesson_of(tmp_path, section(1, 85))
    page = "| [05 · Toy](05_toy.ipynb) | Are 3 of 4 | {} | 2 shops |\nThey add up to {}, 0."
    assert timing.with_times(page.format(7, 8), [toy]) == page.format(85, 1)
