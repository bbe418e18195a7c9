"""What folds out below an exercise: hints, one inside the other, and for teachers the solution."""

import html
import re

from exercises.engine.exercise import Exercise
from helpers.language import say, say_in_lesson


def hints(exercise: Exercise) -> str:
    """Return the hints as HTML: the second shows only when the first is open, and so on.

    Examples
    --------
    >>> from exercises.engine import course
    >>> hints(course.find("05-2")).count("<details")
    3
    """
    folded = ""
    for number, hint in reversed(list(enumerate(exercise.hints, start=1))):
        summary = say("Hint {n} of 3", n=number)
        folded = _fold("hint", summary, f"<p>{_inline(say_in_lesson(hint))}</p>{folded}")
    return folded


def solution(exercise: Exercise) -> str:
    """Return the solution as HTML, and what to remember."""
    text = f"<pre>{html.escape(exercise.solution_text)}</pre>"
    text = re.sub(r"\n[ \t]*(?=\n)", "\n&#8203;", text)  # an empty line would end the HTML
    return "\n\n" + _fold(
        "solution", say("Solution"), f"{text}<p>{_inline(say_in_lesson(exercise.takeaway))}</p>"
    )


def _fold(name: str, summary: str, body: str) -> str:
    return f'<details class="{name}"><summary>{summary}</summary>{body}</details>'


def _inline(text: str) -> str:
    """Write plain text with code in backticks as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
