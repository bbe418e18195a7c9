"""The display of exercises: one line or a small table, as HTML and as plain text."""

import functools
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from IPython.display import display

from helpers.exercises.exercise import RIGHT, UNTRIED, WRONG, Exercise, Verdict
from helpers.exercises.record import Record
from helpers.language import say_in_lesson

# JupyterLab's own colors follow its theme; the second value is for other programs.
_GREY = "var(--jp-border-color1, #9e9e9e)"
_BLUE = "var(--jp-info-color1, #0288d1)"
_COLORS = {
    UNTRIED: _GREY,
    WRONG: "var(--jp-error-color1, #d32f2f)",
    RIGHT: "var(--jp-success-color1, #388e3c)",
}
_LEGEND = "✓ solved · ✗ tried · ○ not solved yet · * solution seen"


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
        UNTRIED: say_in_lesson(
            "Not attempted yet. Replace the `...` and run the cell again; "
            '`hint("{id}")` gives a hint.',
            id=exercise.id,
        ),
        WRONG: say_in_lesson("Not yet. {diagnosis}", diagnosis=say_in_lesson(judged.diagnosis)),
        RIGHT: say_in_lesson("Right. {takeaway}", takeaway=say_in_lesson(exercise.takeaway)),
    }
    text, color = words[judged.mark], _COLORS[judged.mark]
    return _line(judged.mark, exercise.id, text, color, code=judged.exhibit)


def hints(exercise: Exercise, given: int) -> View:
    """Show the hints given so far, the newest last."""
    lines = [
        say_in_lesson("Hint {n} of 3. {hint}", n=n, hint=say_in_lesson(exercise.hints[n - 1]))
        for n in range(1, given + 1)
    ]
    if given == 3 and exercise.solution is None:
        lines.append(say_in_lesson("That was the last hint."))
    elif given == 3:
        last = 'That was the last hint; `reveal("{id}")` shows the solution.'
        lines.append(say_in_lesson(last, id=exercise.id))
    return _line("→", exercise.id, "\n".join(lines), _BLUE)


def solution(exercise: Exercise) -> View:
    """Show the solution (its source, or the right option of a quiz), or say that it is missing."""
    if exercise.solution is None:
        text = say_in_lesson("The copy for a class contains no solutions; your teacher has them.")
        return _line("→", exercise.id, text, _GREY)
    if exercise.options:
        option = f"{exercise.solution}: {say_in_lesson(exercise.options[exercise.solution])}"
        shown = {"option": option, "takeaway": say_in_lesson(exercise.takeaway)}
        return _line(
            "→", exercise.id, say_in_lesson("The solution is {option}. {takeaway}", **shown), _BLUE
        )
    text = say_in_lesson("The solution. {takeaway}", takeaway=say_in_lesson(exercise.takeaway))
    return _line("→", exercise.id, text, _BLUE, code=exercise.solution_text)


def notice(text: str) -> View:
    """Show a message about the exercises in general."""
    return _line("!", say_in_lesson("Exercises"), text, _GREY)


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
        rows.append((title, " ".join(marks), _counted(records)))
    solved, total = sum(map(_solved, lessons.values())), sum(map(len, lessons.values()))
    title = say_in_lesson("{solved} of {total} exercises solved", solved=solved, total=total)
    legend, lesson, exercises, done = map(say_in_lesson, (_LEGEND, "Lesson", "Exercises", "Solved"))

    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["   ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left;letter-spacing:.2em">{marks}</td><td>{count}</td></tr>'
        for name, marks, count in rows
    )
    return View(
        "\n".join([title, *lines, legend]),
        f'<table><caption style="text-align:left">{title}</caption>'
        "<thead><tr>"
        f'<th scope="col" style="text-align:left">{lesson}</th>'
        f'<th scope="col" style="text-align:left">{exercises}</th>'
        f'<th scope="col">{done}</th></tr></thead>'
        f"<tbody>{body}</tbody></table><small>{legend}</small>",
    )


def _counted(records: Mapping[str, Record]) -> str:
    return say_in_lesson("{solved} of {total}", solved=_solved(records), total=len(records))


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
