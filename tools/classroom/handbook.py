"""What a teacher teaches from: a guide and a page for each lesson, in Markdown and as one HTML.

In English, or in Chinese while `helpers.language.speaking` says so.

Everything is drawn from the lessons: their minutes, sections and exercises, with the answers and
the mistakes that the checks know, and from their recall questions. The guide is ``handbook.md``,
with places for numbers; the weeks of its plan are in ``handbook.csv``; the rubric of a lesson's
open task is in ``rubrics/``; the HTML is ``handbook.html``, which shares the stylesheet of the
report.
"""

import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import mistune

from apps.report.html import write
from exercises.engine import mistakes, recall
from exercises.engine.course import TRACKS
from exercises.engine.exercise import FULL_POINTS, Exercise
from exercises.engine.recall import Question
from helpers.language import current, listed, say_in_lesson
from tools import copies
from tools.classroom import capstone, exams, nbgrader
from tools.notebooks import timing
from tools.notebooks.lesson import Lesson
from tools.translation import sidecar, teaching

HERE = Path(__file__).parent
EXPECTED = 2  # mistakes of an exercise, the first of those that the check names
IN_PAIRS = 25  # minutes of a class in which students do exercises
# A sentence ends before a capital letter, unless what ends is an abbreviation or an initial.
SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!et al\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z*`$])|(?<=[。！？])"
)


def pages() -> dict[str, str]:
    """Return the teacher's pages: name of a file → its text."""
    written = {"README.md": guide()} | {
        f"lesson_{each.number}.md": page(each) for each in nbgrader.lessons()
    }
    written["exams.md"] = exams.key()
    written["capstone.md"] = capstone.page()
    return written | {"handbook.html": as_html(written)}


def exam_sheets() -> dict[str, str]:
    """Return the exams as pages to print: name of a file → its HTML."""
    sheets = {}
    for exam, variant in itertools.product(exams.EXAMS, exams.VARIANTS):
        name = f"exam_{exam}_{variant}"
        text = exams.sheet(exam, variant)
        sheets[f"{name}.html"] = as_html({f"{name}.md": text})
    return sheets


def weeks() -> list[list[str]]:
    """Return the plan, week by week: lessons, question, homework, what is due."""
    return list(csv.reader(teaching.text("weeks").splitlines()))[1:]


def guide() -> str:
    """Return the first page: how to teach, plan, timings, rubric, nbgrader."""
    taught = {each.number: each for each in nbgrader.lessons()}
    minutes = {number: timing.minutes(each) for number, each in taught.items()}
    exercises = {number: len(each.exercises) for number, each in taught.items()}
    by_hand = {number: nbgrader.open_task_points(each) for number, each in taught.items()}

    def total(numbers: str) -> int:
        return sum(minutes[number] for number in numbers.split())

    def links(numbers: str) -> str:
        return listed(f"[{number}](lesson_{number}.md)" for number in numbers.split())

    def at_home(numbers: str, week: int) -> str:
        spent = total(numbers) - IN_PAIRS * (week < len(planned))
        return say_in_lesson(" ({n} min)", n=spent)

    planned = weeks()
    plan = [
        f"| {week} | {links(numbers)} | {question} | {homework}{at_home(numbers, week)} "
        f"| {due or '–'} |"
        for week, (numbers, question, homework, due) in enumerate(planned, start=1)
    ]
    tracks = [
        f"| {say_in_lesson(name)} | {links(numbers)} | {total(numbers)} |"
        for name, numbers in TRACKS.items()
    ]
    rows = [
        f"| [{named(each, each.title)}](lesson_{number}.md) | {minutes[number]} "
        f"| {len(clock(each))} | {exercises[number]} | {FULL_POINTS * exercises[number]} "
        f"| {by_hand[number]} |"
        for number, each in taught.items()
    ]
    return teaching.text("handbook").format(
        weeks="\n".join(plan),
        n_weeks=len(planned),
        pairs=IN_PAIRS,
        exam=exams.MINUTES,
        tracks="\n".join(tracks),
        lessons="\n".join(rows),
        minutes=sum(minutes.values()),
        exercises=sum(exercises.values()),
        points=FULL_POINTS * sum(exercises.values()),
        by_hand=sum(by_hand.values()),
        full=FULL_POINTS,
        half=FULL_POINTS // 2,
        words=timing.WORDS_A_MINUTE,
        code=timing.A_CODE_CELL,
        line=timing.A_LINE,
        exercise=timing.AN_EXERCISE,
        spark=say_in_lesson(" and ").join(
            number
            for number, each in taught.items()
            if copies.metadata(each.path).get("extra") == "spark"
        ),
    )


def named(taught: Lesson, heading: str) -> str:
    """Return a heading of a lesson in the language that is spoken."""
    titles = sidecar.titles(taught.path.relative_to(copies.LESSONS)) if current() == "zh" else {}
    return titles.get(heading, say_in_lesson(heading))


def clock(taught: Lesson) -> list[tuple[str, int, int]]:
    """Return when each section of the core begins and ends: heading, from minute, to minute.

    The times are rounded, not the spans, so that no minute is lost or given twice; the last one is
    that of the header.
    """
    taken = timing.by_section(taught.core)
    passed = itertools.accumulate(taken.values(), initial=0)
    times = [round(timing.minutes(taught) * each / sum(taken.values())) for each in passed]
    return [
        (heading, *span) for heading, span in zip(taken, itertools.pairwise(times), strict=True)
    ]


def page(taught: Lesson) -> str:
    """Return a lesson's page: clock, what students say, its exercises' answers, and a rubric."""
    rows = [
        f"| {at // 60}:{at % 60:02} | {exams.in_table(named(taught, heading))} "
        f"| {until - at or '< 1'} |"
        for heading, at, until in clock(taught)
    ]
    minutes, section = say_in_lesson("Minutes"), say_in_lesson("Section")
    parts = [
        f"# {named(taught, taught.title)}",
        f"## {say_in_lesson('Clock')}",
        "\n".join([f"| {say_in_lesson('At')} | {section} | {minutes} |", "|---:|---|---:|", *rows]),
    ]
    if further := timing.further(taught):
        rows = [
            f"| {exams.in_table(named(taught, heading))} | {spent} |"
            for heading, spent in further.items()
        ]
        parts.append("\n".join([f"| {section} | {minutes} |", "|---|---:|", *rows]))
    words, exercises = say_in_lesson("In students' words"), say_in_lesson("Exercises")
    parts += [f"## {words}", *heard(recall.of_lesson(taught.number)), f"## {exercises}"]
    for id, exercise in taught.exercises.items():
        place = f" · {say_in_lesson('Further')}" if exercise.further else ""
        parts += about(exercise, f"{named(taught, nbgrader.heading(taught, id))}{place}")
    parts += [f"## {say_in_lesson('Open task')}", teaching.text(taught.number).strip()]
    return "\n\n".join(parts) + "\n"


def heard(questions: list[Question]) -> Iterator[str]:
    """Yield the recall questions of a lesson: the right answer, and what to say to the others."""
    yield say_in_lesson("The recall questions, to ask aloud at the beginning of the next class.")
    for question in questions:
        said = [
            f"- *“{say_in_lesson(text)}”* {say_in_lesson(question.diagnoses[letter])}"
            for letter, text in question.options.items()
            if letter != question.right
        ]
        right = f"- **{say_in_lesson(question.options[question.right])}**"
        yield "\n".join([f"**{question.id}** {say_in_lesson(question.text)}", "", right, *said])


def about(exercise: Exercise, heading: str) -> Iterator[str]:
    """Yield the paragraphs about one exercise: the answer, and the mistakes to expect.

    What is asked and the hints stand in the notebook; what to remember the check says, and what it
    knows of the other mistakes.
    """
    yield f"### {heading}"
    if exercise.options:
        right = say_in_lesson(exercise.options[exercise.solution])
        yield f"**{exercise.solution}: {right}**"
    else:
        yield f"```python\n{code(exercise)}\n```"
        expected = exercise.wrong_answers[:EXPECTED]
        said = [SENTENCE.split(say_in_lesson(each.diagnosis))[0] for each in expected]
        yield "\n".join(
            [f"*{say_in_lesson('Common mistakes:')}*", "", *(f"- {sentence}" for sentence in said)]
        )


def code(exercise: Exercise) -> str:
    """Return the code of a solution without its docstring."""
    return mistakes.code(exercise.solution).strip()


def as_html(written: dict[str, str]) -> str:
    """Return pages of Markdown as one HTML page that needs nothing else, with the first's title.

    Links from page to page become links inside it: ``lesson_05.md`` is ``#lesson_05``.
    """
    render = mistune.create_markdown(plugins=["table"])
    articles = [
        {
            "anchor": name.removesuffix(".md"),
            "title": re.search(r"(?m)^# (.*)", text)[1],
            "body": re.sub(r'href="(\w+)\.md"', r'href="#\1"', render(text)),
        }
        for name, text in written.items()
    ]
    return write("handbook.html", HERE, title=articles[0]["title"], pages=articles)
