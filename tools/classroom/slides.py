"""A deck of slides for each lesson, projected as it is: one HTML page that needs nothing else.

The first slide shows the lesson's title and business question; each ``## heading`` of
``decks/NN.md`` is another. There, alone on a line, ``[cell-id]`` is the output of a cell of the
core, ``{claim}`` the strip of one of its claims, shown at the bottom, and ``a) …`` an option to
vote on; below ``???`` stand the speaker's notes. Write ``deck(lesson)`` for one of
``nbgrader.lessons()`` into a file to look at it.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import mistune
from latex2mathml.converter import convert

from apps.report.html import write
from helpers import replications
from tools.notebooks import numbers
from tools.notebooks.lesson import Lesson

HERE = Path(__file__).parent
DECKS = HERE / "decks"
FEWEST, MOST = 12, 15  # slides in the file of a deck
LONGEST = 60  # characters of a heading
OUTPUT = re.compile(r"(?m)^\[([\w-]+)\]$")
CLAIM = re.compile(r"(?m)^\{(.+)\}$")
OPTION = re.compile(r"(?m)^[a-e]\) ")
NOT_QUOTED = re.compile(r"(?m)^(?:[a-e]\) |\[|\{).*|\d+ minutes")  # of the lesson


class Slide(NamedTuple):
    """One slide, in HTML: its text and outputs, what to draw of claims, and the speaker's notes."""

    heading: str
    body: str
    strips: Sequence[dict[str, Any]] = ()
    notes: str = ""
    is_vote: bool = False


def deck(taught: Lesson) -> str:
    """Return the slides of a lesson as one page of HTML."""
    return write("slides.html", HERE, title=taught.title, slides=list(slides(taught)))


def slides(taught: Lesson) -> Iterator[Slide]:
    """Yield the slides of a lesson.

    Raises
    ------
    ValueError
        If the file cannot be shown; the message names deck and slide.
    """
    written = (DECKS / f"{taught.number}.md").read_text(encoding="utf-8")
    title, *parts = re.split(r"(?m)^## ?", written)
    if title.strip() != f"# {taught.title}" or not FEWEST <= len(parts) <= MOST:
        raise ValueError(
            f'Deck {taught.number} must be "# {taught.title}" and {FEWEST} to {MOST} slides, and '
            f'is "{title.strip()}" and {len(parts)}.'
        )
    question = re.search(r"\*\*The business question\.\*\* (.*)", taught.cells[0].source)[1]
    yield Slide(_html(f"# {taught.title}"), _html(question))
    known = list(numbers.read("\n".join(f"{c.source}\n{c.shown}" for c in taught.core.cells)))
    for part in parts:
        try:
            yield _slide(taught, known, *part.split("\n", 1))
        except ValueError as error:
            heading = part.partition("\n")[0]
            raise ValueError(f'Deck {taught.number}, slide "{heading}": {error}.') from error


def _slide(taught: Lesson, known: Sequence[Any], heading: str, text: str) -> Slide:
    shown, _, notes = text.partition("\n???\n")
    if not 0 < len(heading) <= LONGEST:
        raise ValueError(f"its heading must have 1 to {LONGEST} characters")
    if not notes.strip():
        raise ValueError("it has no notes below ???")
    for number in numbers.read(NOT_QUOTED.sub("", f"{heading}\n{shown}")):
        if not any(number.shown_by(each) for each in known):
            raise ValueError(f'the core of the lesson does not hold "{number.text}"')
    strips = [_strip(taught, claim) for claim in CLAIM.findall(shown)]
    shown = OUTPUT.sub(lambda match: _output(taught, match[1]), CLAIM.sub("", shown))
    body, options = OPTION.subn("1) ", shown)
    return Slide(_html(f"# {heading}"), _html(body), strips, _html(notes), options > 0)


def _output(taught: Lesson, id: str) -> str:
    """Return the figure of a cell, or else its table or its value."""
    data = {}
    for cell in taught.core.code:
        for output in cell.outputs if cell.node.id == id else []:
            data |= output.get("data", {}) | {"words": cell.printed}
    if "image/png" in data:
        words = re.search(r"(?m)^In words: (.*)", data["words"])[1]
        image = data["image/png"].replace("\n", "")
        return f'<figure><img alt="{escape(words)}" src="data:image/png;base64,{image}"></figure>'
    if "text/html" in data:
        table = re.sub(r"(?s)<style.*?</style>|\n", "", data["text/html"])
        return re.sub(r">(NaN|None|NaT)<", ">–<", table)
    if "text/plain" in data:
        value = re.sub(r"\n(Name|dtype): .*", "", data["text/plain"])
        return f"<pre>{escape(value)}</pre>"
    raise ValueError(f"no code cell [{id}] of the core has a figure, a table or a value")


def _strip(taught: Lesson, claim: str) -> dict[str, Any]:
    """Return in how many other shops a claim holds, and what to draw."""
    if (taught.number, claim) not in (stored := replications.stored()).index:
        raise ValueError(f'the lesson has no claim "{claim}"')
    row = stored.loc[(taught.number, claim)]
    others, here = replications.places(row)
    where = "other shops" if row["asked"] == "shops" else "random halves"
    true = replications.holds_in(row)
    return {"claim": claim, "others": others, "here": here, "true": true, "where": where}


def _html(text: str) -> str:
    """Write Markdown as HTML, formulas as MathML."""
    render = mistune.create_markdown(escape=False, plugins=["math", "table"])
    render.renderer.register("inline_math", lambda _, formula: convert(formula))
    render.renderer.register("block_math", lambda _, formula: convert(formula, display="block"))
    return render(text)
