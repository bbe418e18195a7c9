"""A deck of slides for each lesson: what it asks, finds and draws, as one HTML page.

Nothing is written twice: headings, formulas, sentences and figures are those of the lesson. A slide
holds the sentences that introduce a term and the one that reads each result aloud; each figure and
each exercise has a slide of its own. The page needs nothing else and holds no script: it scrolls
from slide to slide, and prints one on each sheet.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import mistune
from latex2mathml.converter import convert

from apps.report.html import write
from tools.notebooks.lesson import Cell, Lesson
from tools.notebooks.rules.base import with_exercise
from tools.notebooks.timing import UNREAD

HERE = Path(__file__).parent
MOST_POINTS = 4  # on a slide
# A sentence ends before a capital letter, unless what ends is an abbreviation or an initial.
SENTENCE = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!et al\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z*`$])")


class Slide(NamedTuple):
    """One slide; points and body are HTML.

    Parameters
    ----------
    heading : its title.
    points : sentences, shown as a list.
    body : what stands below, as the task of an exercise; "" for nothing.
    image, caption : a figure in base64 and its words; "" for none.
    """

    heading: str
    points: Sequence[str] = ()
    body: str = ""
    image: str = ""
    caption: str = ""


def deck(taught: Lesson) -> str:
    """Return the slides of a lesson as one page of HTML."""
    return write("slides.html", HERE, title=taught.title, slides=slides(taught))


def slides(taught: Lesson) -> Iterator[Slide]:
    """Yield the slides of a lesson's core: its question, its sections, the words for the manager.

    Where a section has no term, formula, result, figure or exercise, its first sentence is shown.
    """
    question = re.search(r"\*\*The business question\.\*\* (.*)", taught.cells[0].source)[1]
    yield Slide(taught.title, body=_html(question))
    first_text, sections = _sections(taught.core)
    for heading, parts in sections.items():
        if heading == "What to tell the manager":
            yield Slide(heading, body=_html(first_text[heading]))
        elif heading != UNREAD:
            if all(isinstance(part, Slide) and part.heading != heading for part in parts):
                parts = [SENTENCE.split(first_text[heading])[0], *parts]
            for are_points, some in itertools.groupby(parts, lambda each: isinstance(each, str)):
                made = list(some)
                yield from _listed(heading, made) if are_points else made


def _sections(taught: Lesson) -> tuple[dict[str, str], dict[str, list[str | Slide]]]:
    """Return each section's first text, and its points and the slides between them."""
    first_text, sections, heading, after_output = {}, {}, "", False
    for cell, exercise in list(with_exercise(taught))[2:]:
        if cell.is_code:
            after_output = bool(cell.outputs) and not exercise
            sections[heading] += _figures(heading, cell)
            continue
        for text in re.split(r"(?m)^(?=##+ )", cell.source):
            title = ""
            if text.startswith("##"):
                title, _, text = text.partition("\n")
                after_output = False
            if title.startswith("## "):
                heading, title = title.removeprefix("## "), ""
                sections[heading] = []
            if text.strip():
                first_text.setdefault(heading, text.strip())
                task = Slide(title.removeprefix("### "), body=_html(text.strip()))
                sections[heading] += [task] if title else _points(text, after_output)
            after_output = False
    return first_text, sections


def _figures(heading: str, cell: Cell) -> Iterator[Slide]:
    words = re.search(r"(?m)^In words: (.)(.*)", cell.printed)
    for output in cell.outputs:
        if image := output.get("data", {}).get("image/png"):
            caption = words[1].upper() + words[2]
            yield Slide(heading, image=image.replace("\n", ""), caption=caption)


def _points(text: str, after_output: bool) -> Iterator[str]:
    """Yield a text's formulas, its sentences with a term, and the first one below an output."""
    paragraphs = re.split(r"\n\s*\n|\n(?=- )", text.strip())
    for place, paragraph in enumerate(filter(None, paragraphs)):
        if paragraph.startswith("$$"):
            yield paragraph
            continue
        for number, sentence in enumerate(SENTENCE.split(paragraph.removeprefix("- "))):
            reads_aloud = after_output and place == number == 0
            if reads_aloud or "**" in sentence:
                yield " ".join(sentence.split())


def _listed(heading: str, points: list[str]) -> Iterator[Slide]:
    for start in range(0, len(points), MOST_POINTS):
        yield Slide(heading, [_html(point) for point in points[start : start + MOST_POINTS]])


def _html(text: str) -> str:
    """Write Markdown as HTML, formulas as MathML; links to other files become plain words."""
    render = mistune.create_markdown(plugins=["math", "table"])
    render.renderer.register("inline_math", lambda _, formula: convert(formula))
    render.renderer.register("block_math", lambda _, formula: convert(formula, display="block"))
    return render(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text))
