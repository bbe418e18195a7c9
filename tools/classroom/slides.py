"""A deck of slides for each lesson, projected as it is: one HTML page that needs nothing else.

The first slide shows the lesson's title and business question; each ``## heading`` of
``decks/NN.md`` is another. There, alone on a line, ``[cell-id]`` is the output of a cell of the
core, ``{claim}`` the strip of one of its claims, and ``a) …`` an option to vote on; below ``???``
stand the speaker's notes. To look at a deck::

    from tools.classroom import nbgrader, slides
    [lesson] = [each for each in nbgrader.lessons() if each.number == "05"]
    Path("05.html").write_text(slides.deck(lesson), encoding="utf-8")
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import mistune
from latex2mathml.converter import convert

from apps.report.html import write
from helpers import replications
from tools.notebooks import numbers
from tools.notebooks.lesson import Lesson

HERE = Path(__file__).parent
FEWEST, MOST = 12, 15  # slides in the file of a deck
LONGEST = 60  # characters of a heading
OPTION = re.compile(r"(?m)^[a-e]\) ")
NOT_QUOTED = re.compile(r"(?m)^(?:[a-e]\) |\[|\{).*|\d+ minutes")  # of the lesson


class Slide(NamedTuple):
    """One slide, in HTML; the notes are for the speaker."""

    heading: str
    body: str
    notes: str = ""
    is_vote: bool = False


def deck(taught: Lesson) -> str:
    """Return the slides of a lesson as one page of HTML."""
    return write("slides.html", HERE, title=taught.title, slides=list(slides(taught)))


def path(taught: Lesson) -> Path:
    """Return where the deck of a lesson is written."""
    return HERE / "decks" / f"{taught.number}.md"


def slides(taught: Lesson) -> Iterator[Slide]:
    """Yield the slides of a lesson.

    Raises
    ------
    ValueError
        If the file cannot be shown; the message names deck and slide.
    """
    title, *parts = re.split(r"(?m)^## ?", path(taught).read_text(encoding="utf-8"))
    if title.strip() != f"# {taught.title}" or not FEWEST <= len(parts) <= MOST:
        raise ValueError(
            f'Deck {taught.number} must be "# {taught.title}" and {FEWEST} to {MOST} slides, and '
            f'is "{title.strip()}" and {len(parts)}.'
        )
    question = re.search(r"\*\*The business question\.\*\* (.*)", taught.cells[0].source)[1]
    yield Slide(taught.title, _html(question))
    for part in parts:
        heading, _, text = part.partition("\n")
        try:
            yield _slide(taught, heading.strip(), text)
        except ValueError as error:
            raise ValueError(f'Deck {taught.number}, slide "{heading}": {error}.') from error


def _slide(taught: Lesson, heading: str, text: str) -> Slide:
    shown, _, notes = text.partition("\n???\n")
    if not 0 < len(heading) <= LONGEST:
        raise ValueError(f"its heading must have 1 to {LONGEST} characters")
    if not notes.strip():
        raise ValueError("it has no notes below ???")
    cells = [cell.source + cell.shown for cell in taught.core.cells]
    known = list(numbers.read("\n".join(cells)))
    said = NOT_QUOTED.sub("", f"{heading}\n{shown}")
    for number in numbers.read(said):
        if not any(number.shown_by(each) for each in known):
            raise ValueError(f'the core of the lesson does not hold "{number.text}"')
    shown = re.sub(r"(?m)^\[([\w-]+)\]$", lambda match: _output(taught, match[1]), shown)
    shown = re.sub(r"(?m)^\{(.+)\}$", lambda match: _strip(taught, match[1]), shown)
    shown, options = OPTION.subn("1) ", shown)
    return Slide(_html(heading), _html(shown), _html(notes), options > 0)


def _output(taught: Lesson, id: str) -> str:
    """Return the figure of a cell, or else its table or its value."""
    [cell] = [each for each in taught.core.code if each.node.id == id] or [None]
    data = {}
    for output in cell.outputs if cell else []:
        data |= output.get("data", {})
    if "image/png" in data:
        words = escape(re.search(r"(?m)^In words: (.*)", cell.printed)[1])
        image = data["image/png"].replace("\n", "")
        return f'<figure><img alt="{words}" src="data:image/png;base64,{image}"></figure>'
    if "text/html" in data:
        table = re.sub(r"(?s)<style.*?</style>|\n", "", data["text/html"])
        return re.sub(r">(NaN|None|NaT)<", ">–<", table)
    if "text/plain" in data:
        value = re.sub(r"\n(Name|dtype): .*", "", data["text/plain"])
        return f"<pre>{escape(value)}</pre>"
    raise ValueError(f"no code cell [{id}] of the core has a figure, a table or a value")


def _strip(taught: Lesson, claim: str) -> str:
    """Draw in how many other shops a claim holds; right of the line it does."""
    try:
        row = replications.stored().loc[(taught.number, claim)]
    except KeyError:
        raise ValueError(f'the lesson has no claim "{claim}"') from None
    others, here = replications.places(row)
    points = "".join(
        f'<circle cx="{80 * x:.0f}" cy="{9 * (k % 5 - 2)}" r="7"/>' for k, x in enumerate(others)
    )
    count = f"{replications.holds_in(row)} of {len(others)}"
    where = "other shops" if row["asked"] == "shops" else "random halves"
    return (
        f'<div class="strip"><span>{escape(claim[0].upper() + claim[1:])}</span>'
        '<svg viewBox="-170 -32 340 84" aria-hidden="true"><path d="M0-32V32"/>'
        f'{points}<rect x="-9" y="-9" width="18" height="18" '
        f'transform="translate({80 * here:.0f}) rotate(45)"/>'
        '<text x="-10" y="48" text-anchor="end">does not hold</text>'
        '<text x="10" y="48">holds</text></svg>'
        f"<span><b>{count}</b> {where}</span></div>"
    )


def _html(text: str) -> str:
    """Write Markdown as HTML, formulas as MathML."""
    render = mistune.create_markdown(escape=False, plugins=["math", "table"])
    render.renderer.register("inline_math", lambda _, formula: convert(formula))
    render.renderer.register("block_math", lambda _, formula: convert(formula, display="block"))
    return render(text)
