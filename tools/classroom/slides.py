"""A deck of slides for each lesson: what it asks, finds and draws, as one HTML page.

Nothing is written twice: headings, formulas, sentences and figures are those of the lesson. A slide
holds the sentences that introduce a term and the one that reads each result aloud; each figure and
each exercise has a slide of its own. The page needs nothing else and holds no script: it scrolls
from slide to slide, and prints one on each sheet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass
class Slide:
    """One slide; texts are Markdown.

    Parameters
    ----------
    heading : its title.
    points : sentences, shown as a list.
    body : what stands below, as the task of an exercise; "" for nothing.
    image, caption : a figure in base64 and its words; "" for none.
    """

    heading: str
    points: list[str] = field(default_factory=list)
    body: str = ""
    image: str = ""
    caption: str = ""


def deck(taught: Lesson) -> str:
    """Return the slides of a lesson as one page of HTML."""
    return write("slides.html", HERE, title=taught.title, slides=map(_rendered, slides(taught)))


def slides(taught: Lesson) -> Iterator[Slide]:
    """Yield the slides of a lesson: its question, its sections, the words for the manager."""
    question = re.search(r"\*\*The business question\.\*\* (.*)", taught.cells[0].source)[1]
    yield Slide(taught.title, body=question)
    for heading, parts in _sections(taught).items():
        if heading == "What to tell the manager":
            yield Slide(heading, body=parts[0].text)
        elif heading not in UNREAD:
            yield from _of_section(heading, parts)


class _Part(NamedTuple):
    """A piece of a section: text, or the figure of a cell."""

    text: str
    after_output: bool = False
    title: str = ""  # of an exercise or the open task, whose text this is
    image: str = ""


def _sections(taught: Lesson) -> dict[str, list[_Part]]:
    """Return what each section is made of: its heading → its parts."""
    sections, heading, after_output = {}, "", False
    for cell, exercise in list(with_exercise(taught))[2:]:
        if cell.is_code:
            after_output = bool(cell.outputs) and not exercise
            sections[heading] += _figures(cell)
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
                part = _Part(text.strip(), after_output, title.removeprefix("### "))
                sections[heading].append(part)
            after_output = False
    return sections


def _figures(cell: Cell) -> Iterator[_Part]:
    words = re.search(r"(?m)^In words: (.)(.*)", cell.printed)
    for output in cell.outputs:
        if image := output.get("data", {}).get("image/png"):
            yield _Part(words[1].upper() + words[2], image=image.replace("\n", ""))


def _of_section(heading: str, parts: list[_Part]) -> Iterator[Slide]:
    """Yield a section's slides; where it has no term, formula or result, its first sentence."""
    points, any_yet = [], False
    for part in parts:
        if not (part.image or part.title):
            points += _points(part.text, part.after_output)
            continue
        yield from _listed(heading, points)
        points, any_yet = [], True
        if part.image:
            yield Slide(heading, image=part.image, caption=part.text)
        else:
            yield Slide(part.title, body=part.text)
    if not (points or any_yet):
        points = SENTENCE.split(parts[0].text)[:1]
    yield from _listed(heading, points)


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
        yield Slide(heading, points[start : start + MOST_POINTS])


def _rendered(slide: Slide) -> dict:
    """Return a slide with its Markdown as HTML."""
    return {
        "heading": slide.heading,
        "points": [_html(point) for point in slide.points],
        "body": _html(slide.body),
        "image": slide.image,
        "caption": slide.caption,
    }


def _html(text: str) -> str:
    """Write Markdown as HTML, formulas as MathML; links to other files become plain words."""
    render = mistune.create_markdown(plugins=["math", "table"])
    render.renderer.register("inline_math", lambda _, formula: convert(formula))
    render.renderer.register("block_math", lambda _, formula: convert(formula, display="block"))
    return render(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text))
