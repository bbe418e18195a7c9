"""The display of exercises: one line or a small table, as HTML and as plain text."""

import functools
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from IPython.display import display

from helpers.exercises.exercise import RIGHT, UNTRIED, WRONG, Exercise, Verdict
from helpers.exercises.record import Record

# JupyterLab's own colors follow its theme; the second value is for other programs.
_GREY = "var(--jp-border-color1, #9e9e9e)"
_BLUE = "var(--jp-info-color1, #0288d1)"
_COLORS = {
    UNTRIED: _GREY,
    WRONG: "var(--jp-error-color1, #d32f2f)",
    RIGHT: "var(--jp-success-color1, #388e3c)",
}
_LEGEND = f"{RIGHT} solved · {WRONG} tried · {UNTRIED} not solved yet · * solution seen"


@dataclass(frozen=True)
class View:
    """What is shown: HTML in a notebook, text elsewhere. Both say the same."""

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    def show(self) -> None:
        """Show it in the notebook, or print it in a terminal."""
        display(self)


def verdict(exercise: Exercise, judged: Verdict) -> View:
    """Show the one line of ``check``, and below it the code that it refers to."""
    words = {
        UNTRIED: "Not attempted yet. Replace the `...` and run the cell again; "
        f'`hint("{exercise.id}")` gives a hint.',
        WRONG: f"Not yet. {judged.diagnosis}",
        RIGHT: f"Right. {exercise.takeaway}",
    }
    text, color = words[judged.mark], _COLORS[judged.mark]
    return _line(judged.mark, exercise.id, text, color, code=judged.exhibit)


def hints(exercise: Exercise, given: int) -> View:
    """Show the hints given so far, the newest last."""
    lines = [f"Hint {n} of 3. {exercise.hints[n - 1]}" for n in range(1, given + 1)]
    if given == 3:
        last = "That was the last hint"
        shown = exercise.solution is not None
        lines.append(last + (f'; `reveal("{exercise.id}")` shows the solution.' if shown else "."))
    return _line("→", exercise.id, "\n".join(lines), _BLUE)


def solution(exercise: Exercise) -> View:
    """Show the solution (its source, or the right option of a quiz), or say that it is missing."""
    if exercise.solution is None:
        text = "The copy for a class contains no solutions; your teacher has them."
        return _line("→", exercise.id, text, _GREY)
    if exercise.options:
        text = f"The solution is {exercise.solution_text}. {exercise.takeaway}"
        return _line("→", exercise.id, text, _BLUE)
    text = f"The solution. {exercise.takeaway}"
    return _line("→", exercise.id, text, _BLUE, code=exercise.solution_text)


def notice(text: str) -> View:
    """Show a message about the exercises in general."""
    return _line("!", "Exercises", text, _GREY)


@functools.cache
def notice_once(text: str) -> None:
    """Show a notice, but only the first time in a session."""
    notice(text).show()


def progress(lessons: Mapping[str, Mapping[str, Record]]) -> View:
    """Show the whole course at a glance: a row for each lesson, a mark for each exercise.

    Parameters
    ----------
    lessons : title of a lesson → id of an exercise → its record.
    """
    rows = []
    for title, records in lessons.items():
        marks = [record.mark + ("*" if record.revealed else "") for record in records.values()]
        rows.append((title, " ".join(marks), f"{_solved(records)} of {len(records)}"))
    solved, total = sum(map(_solved, lessons.values())), sum(map(len, lessons.values()))
    title = f"{solved} of {total} exercises solved"

    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["   ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{html.escape(lesson)}</th>'
        f'<td style="text-align:left;letter-spacing:.2em">{marks}</td><td>{count}</td></tr>'
        for lesson, marks, count in rows
    )
    return View(
        "\n".join([title, *lines, _LEGEND]),
        f'<table><caption style="text-align:left">{title}</caption>'
        "<thead><tr>"
        '<th scope="col" style="text-align:left">Lesson</th>'
        '<th scope="col" style="text-align:left">Exercises</th>'
        '<th scope="col">Solved</th></tr></thead>'
        f"<tbody>{body}</tbody></table><small>{_LEGEND}</small>",
    )


def _solved(records: Mapping[str, Record]) -> int:
    return sum(record.mark == RIGHT for record in records.values())


def _line(mark: str, name: str, text: str, color: str, code: str = "") -> View:
    """Give a mark, a bold name and a text; in HTML beside a bar in the color of the mark."""
    inner = re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>")
    block = f'<pre style="margin:.6em 0 0"><code>{html.escape(code)}</code></pre>' if code else ""
    # With MathJax, two dollar amounts on a line would become a formula.
    return View(
        f"{mark} {name} · {text}" + (f"\n\n{code}" if code else ""),
        f'<div class="mathjax_ignore" style="border-left:4px solid {color};padding:.2em .8em">'
        f"<strong>{mark} {html.escape(name)}</strong> · {inner}{block}</div>",
    )
