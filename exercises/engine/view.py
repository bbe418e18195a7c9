"""The display of exercises: one line or a small table, as HTML and as plain text."""

import functools
import html
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from IPython.display import display

from exercises.engine import course
from exercises.engine.exercise import RIGHT, UNTRIED, WRONG, Exercise, Verdict
from exercises.engine.record import Record
from helpers.language import say_in_lesson

# JupyterLab's own colors follow its theme; the second value is for other programs.
_GREY = "var(--jp-border-color1, #9e9e9e)"
BLUE = "var(--jp-info-color1, #0288d1)"
COLORS = {
    UNTRIED: _GREY,
    WRONG: "var(--jp-error-color1, #d32f2f)",
    RIGHT: "var(--jp-success-color1, #388e3c)",
}
_MOST_LINES, _WIDEST = 15, 200  # lines of what an answer prints, and their characters
_LEGEND = "✓ solved · ✗ tried · ○ not solved yet · * solution seen · | Further"


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


def verdict(exercise: Exercise, judged: Verdict, left: str = "") -> View:
    """Show the line of ``check``; below it the code it refers to and what the answer printed.

    Parameters
    ----------
    exercise, judged : the exercise, and how the answer stands.
    left : what is left in the lesson, for a right answer.
    """
    words = {
        UNTRIED: say_in_lesson(
            "Not attempted yet. Replace the `...` and run the cell again; "
            '`hint("{id}")` gives a hint.',
            id=exercise.id,
        ),
        WRONG: say_in_lesson("Not yet. {diagnosis}", diagnosis=say_in_lesson(judged.diagnosis)),
        RIGHT: say_in_lesson("Right. {takeaway}", takeaway=say_in_lesson(exercise.takeaway)),
    }
    text = "\n".join(filter(None, [words[judged.mark], left]))
    below = [judged.exhibit] if judged.exhibit else []
    if printed := judged.printed.strip("\n"):
        heading = say_in_lesson("Your code printed, for one input after the other:")
        below.append(f"{heading}\n{_first_lines(printed)}")
    return line(judged.mark, exercise.id, text, COLORS[judged.mark], code="\n\n".join(below))


def _first_lines(text: str) -> str:
    """Keep so much of what was printed that the line above it stays in sight."""
    lines = [line if len(line) <= _WIDEST else f"{line[:_WIDEST]} …" for line in text.splitlines()]
    more = say_in_lesson("… and {n} more lines", n=len(lines) - _MOST_LINES)
    return "\n".join(lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], more])


def left(records: Mapping[str, Record], id: str, next_lesson: str) -> str:
    """Say how much of a lesson's core, or of Further, is solved, and what comes next.

    Parameters
    ----------
    records : id of each exercise of the lesson → its record.
    id : of the exercise that has just been solved.
    next_lesson : title of the lesson that follows in the learner's track; "" after the last.
    """
    further = course.find(id).further
    ids = [each for each in records if course.find(each).further == further]
    place = ids.index(id) + 1
    open_ones = [each for each in ids[place:] + ids[:place] if records[each].mark != RIGHT]
    counts = {"solved": len(ids) - len(open_ones), "total": len(ids)}
    if open_ones:
        text = "{solved} of {total} in this lesson; next: {id}."
        further_text = "{solved} of {total} in Further; next: {id}."
        return say_in_lesson(further_text if further else text, id=open_ones[0], **counts)
    if further:
        return say_in_lesson("{solved} of {total} in Further.", **counts)
    if next_lesson:
        text = "{solved} of {total} in this lesson; next: lesson {lesson}."
        return say_in_lesson(text, lesson=said(next_lesson), **counts)
    return say_in_lesson("{solved} of {total} in this lesson.", **counts)


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
    return line("→", exercise.id, "\n".join(lines), BLUE)


def solution(exercise: Exercise) -> View:
    """Show the solution (its source, or the right option of a quiz), or say that it is missing."""
    if exercise.solution is None:
        text = say_in_lesson("The copy for a class contains no solutions; your teacher has them.")
        return line("→", exercise.id, text, _GREY)
    if exercise.options:
        option = f"{exercise.solution}: {say_in_lesson(exercise.options[exercise.solution])}"
        shown = {"option": option, "takeaway": say_in_lesson(exercise.takeaway)}
        return line(
            "→", exercise.id, say_in_lesson("The solution is {option}. {takeaway}", **shown), BLUE
        )
    text = say_in_lesson("The solution. {takeaway}", takeaway=say_in_lesson(exercise.takeaway))
    return line("→", exercise.id, text, BLUE, code=exercise.solution_text)


def notice(text: str, name: str = "") -> View:
    """Show a message about the exercises in general, or about what has a name."""
    return line("!", name or say_in_lesson("Exercises"), text, _GREY)


@functools.cache
def notice_once(text: str) -> None:
    """Show a notice, but only the first time in a session."""
    notice(text).show()


def progress(
    lessons: Mapping[str, Mapping[str, Record]], track: str, here: str, fresh: Mapping[str, float]
) -> View:
    """Show where the learner is: this lesson, the track and the course; a row for each lesson.

    Parameters
    ----------
    lessons : title of a lesson → id of an exercise → its record.
    track : name of the learner's track, one of `course.TRACKS`.
    here : number of the lesson that the learner is in; "" if it is not known.
    fresh : how fresh a lesson is, by its number: 0 to 1; those without a review are left out.
    """
    stops = course.TRACKS[track].split()
    on_track = {t: _core(each) for t, each in lessons.items() if course.number(t) in stops}
    this = {title: each for title, each in lessons.items() if course.number(title) == here}
    begun = {
        title: each
        for title, each in lessons.items()
        if any(record != Record() for record in each.values())
    }
    lines = [
        say_in_lesson(
            "This lesson, {title}: {solved}.", title=said(title), solved=_counted(_core(each))
        )
        for title, each in this.items()
    ]
    for text, among in [
        ("Your track, {track}: {solved} exercises, in {n} lessons.", on_track),
        ("The course: {solved} exercises, in {n} lessons.", lessons),
    ]:
        every = {id: record for each in among.values() for id, record in each.items()}
        values = {"solved": _counted(every), "n": len(among)}
        lines.append(say_in_lesson(text, track=said(track), **values))
    todo = [
        id
        for each in [*map(_core, this.values()), *on_track.values()]
        for id, record in each.items()
        if record.mark != RIGHT
    ]
    lines += [say_in_lesson("Next: {id}.", id=todo[0])] if todo else []
    others = say_in_lesson(", ").join(said(name) for name in course.TRACKS if name != track)
    choose = say_in_lesson(
        'Other tracks: {tracks}. To take one: `progress("{name}")`.',
        tracks=others,
        name=said(next(name for name in course.TRACKS if name != track)),
    )
    shown = {t: each for t, each in lessons.items() if t in on_track | begun}
    return _table(lines, shown, fresh, choose)


def _table(
    lines: list[str],
    lessons: Mapping[str, Mapping[str, Record]],
    fresh: Mapping[str, float],
    below: str,
) -> View:
    """Show a row for each lesson, a mark for each exercise, and lines above and below."""
    head = [*map(say_in_lesson, ("Fresh", "Lesson", "Exercises", "Solved"))][not fresh :]
    legend = say_in_lesson(_LEGEND)
    if fresh:
        legend += say_in_lesson(" · ■■■■■ fresh, ■■□□□ fading: `review()`")
    rows = []
    for title, records in lessons.items():
        marks = [record.mark + ("*" if record.revealed else "") for record in records.values()]
        core = _core(records)
        if len(core) < len(records):
            marks.insert(len(core), "|")
        row = [_bar(fresh.get(course.number(title))), said(title), " ".join(marks), _counted(core)]
        rows.append(row[not fresh :])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    wide = ' style="text-align:left;letter-spacing:.2em;white-space:nowrap"'
    body = "".join(
        f"<tr>{''.join(f'<td>{each}</td>' for each in bar)}"
        f'<th scope="row" style="text-align:left">{html.escape(name)}</th>'
        f"<td{wide}>{marks}</td><td>{count}</td></tr>"
        for *bar, name, marks, count in rows
    )
    table = ["   ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    heads = "".join(f'<th scope="col" style="text-align:left">{each}</th>' for each in head)
    return View(
        "\n".join([*lines, *table, legend, below]),
        f"<p>{'<br>'.join(map(inline, lines))}</p><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table><small>{inline(legend)}<br>{inline(below)}</small>",
    )


def _bar(share: float | None) -> str:
    """Draw a share as five squares; "" for none.

    Examples
    --------
    >>> _bar(0.55), _bar(None)
    ('■■■□□', '')
    """
    return "" if share is None else ("■" * round(5 * share)).ljust(5, "□")


def said(name: str) -> str:
    """Say the title of a lesson, with its number, or the name of a track, in the learner's words.

    Examples
    --------
    >>> said("00 · Start here")
    '00 · Start here'
    """
    number, dot, title = name.rpartition(" · ")
    return f"{number}{dot}{say_in_lesson(title)}"


def unknown_track(name: str) -> View:
    """Say that there is no such track, and which there are."""
    tracks = say_in_lesson(", ").join(map(said, course.TRACKS))
    text = "There is no track `{name}`. The tracks are {tracks}."
    return notice(say_in_lesson(text, name=textwrap.shorten(str(name), 40), tracks=tracks))


def _core(records: Mapping[str, Record]) -> dict[str, Record]:
    return {id: record for id, record in records.items() if not course.find(id).further}


def _counted(records: Mapping[str, Record]) -> str:
    return say_in_lesson("{solved} of {total}", solved=_solved(records), total=len(records))


def _solved(records: Mapping[str, Record]) -> int:
    return sum(record.mark == RIGHT for record in records.values())


def line(mark: str, name: str, text: str, color: str, code: str = "") -> View:
    """Give a mark, a bold name and a text; in HTML beside a bar in the color of the mark."""
    inner = inline(text).replace("\n", "<br>")
    block = f'<pre style="margin:.6em 0 0"><code>{html.escape(code)}</code></pre>' if code else ""
    # With MathJax, two dollar amounts on a line would become a formula.
    return View(
        f"{mark} {name} · {text}" + (f"\n\n{code}" if code else ""),
        f'<div class="mathjax_ignore" style="border-left:4px solid {color};padding:.2em .8em">'
        f"<strong>{mark} {html.escape(name)}</strong> · {inner}{block}</div>",
    )


def inline(text: str) -> str:
    """Write plain text with code in backticks as HTML."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))
