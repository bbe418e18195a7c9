"""The teacher's pages: every answer, a clock that adds up, a plan that leaves nothing out."""

import ast
import html
import inspect
import re

import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, judge
from tools.classroom import handbook, nbgrader
from tools.notebooks import markdown, timing

LESSONS = nbgrader.lessons()
FUNCTIONS = [each for each in course.exercises().values() if not each.options]
NUMBERS = [lesson.number for lesson in LESSONS]


@pytest.fixture(scope="module")
def pages():
    return handbook.pages()


@pytest.mark.parametrize("lesson", LESSONS, ids=NUMBERS)
def test_a_page_has_what_the_notebook_does_not_say_of_an_exercise(lesson, pages):
    page = pages[f"lesson_{lesson.number}.md"].partition("## Open task")[0]
    parts = re.split(r"(?m)^### ", page)[1:]
    assert [re.search(r"\d\d[a-z]?-\d+", part)[0] for part in parts] == list(lesson.exercises)
    for part, exercise in zip(parts, lesson.exercises.values(), strict=True):
        if exercise.options:
            assert exercise.solution_text in part
        else:
            assert handbook.code(exercise) in part
            first = exercise.wrong_answers[0]
            heard = re.search(r"\*Listen for:\*\n\n- (.*)", part)[1]
            assert first.diagnosis.startswith(heard)


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda each: each.id)
def test_the_code_of_an_answer_works_without_its_docstring(exercise):
    space = dict(vars(inspect.getmodule(exercise.solution)))
    exec(handbook.code(exercise), space)
    answer = space[exercise.solution.__name__]
    assert answer.__doc__ is None
    assert judge(exercise, answer).mark == RIGHT


@pytest.mark.parametrize("lesson", LESSONS, ids=NUMBERS)
def test_an_expected_answer_runs_with_what_its_notebook_imports(lesson):
    nodes = [node for cell in lesson.code for node in ast.walk(cell.tree)]
    there = {each.asname or each.name for each in nodes if isinstance(each, ast.alias)}
    for exercise in lesson.exercises.values():
        if not exercise.options:
            tree = ast.parse(exercise.solution_text)
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert names & vars(inspect.getmodule(exercise.solution)).keys() <= there, exercise.id
            there.add(exercise.solution.__name__)


@pytest.mark.parametrize("lesson", LESSONS, ids=NUMBERS)
def test_the_clock_gives_away_each_minute_once(lesson):
    times = [minute for _, *times in handbook.clock(lesson) for minute in times]
    assert times[0] == 0
    assert times[1:-1:2] == times[2::2]
    assert times[-1] == timing.minutes(lesson)
    assert times == sorted(times)


def test_the_weeks_are_all_lessons_without_a_letter_in_order():
    planned = " ".join(numbers for numbers, _ in handbook.WEEKS).split()
    assert planned == [number for number in NUMBERS if number.isdigit()]


def test_the_groups_present_in_the_last_week(pages):
    plan, _, _ = pages["README.md"].partition("## Timings")
    weeks = re.findall(r"(?m)^\| (\d+) \| (.*)", plan)
    assert [week for week, text in weeks if "Each group presents" in text] == [weeks[-1][0]]


def test_homework_is_what_a_session_leaves(pages):
    # Week 2 has two lessons, week 3 has one. A session takes 90 minutes.
    for week, numbers in [(2, ["02", "03"]), (3, ["04"])]:
        alone = sum(timing.minutes(each) for each in LESSONS if each.number in numbers)
        row = re.search(rf"(?m)^\| {week} \| .*? \| (\d+) \| (.*?) \|", pages["README.md"])
        assert int(row[1]) == alone
        assert row[2] == f"{(alone - 90) / 60:.1f}"


def test_what_is_argued_about_stands_in_the_lesson():
    titles = {
        lesson.number: [heading for heading, *_ in handbook.clock(lesson)] for lesson in LESSONS
    }
    named = 0
    for _, question in handbook.WEEKS:
        sections = re.findall(r"section (\d+)", question, re.IGNORECASE)
        lesson = re.search(r"lesson (\d\d)", question)
        for section in sections:
            assert any(title.startswith(f"{section} · ") for title in titles[lesson[1]]), question
            named += 1
    assert named >= 8


def test_every_link_leads_to_a_page(pages):
    for text in (text for name, text in pages.items() if name.endswith(".md")):
        links = [link for link in markdown.links(text) if "://" not in link]
        assert set(links) <= pages.keys()


def test_the_html_holds_all_pages_and_needs_nothing_else(pages):
    page = pages["handbook.html"]
    anchors = set(re.findall(r'<article id="(\w+)"', page))
    assert anchors == {name.removesuffix(".md") for name in pages if name.endswith(".md")}
    links = set(re.findall(r'href="([^"]*)"', page))
    assert {link for link in links if not link.startswith("#")} == {
        "https://nbgrader.readthedocs.io"
    }
    assert {link[1:] for link in links if link.startswith("#")} == anchors
    assert not re.search(r"<script|<link|<img|src=|@import|url\(", page)
    for exercise in course.exercises().values():
        assert html.escape(exercise.id) in page


def test_each_open_task_has_a_rubric(pages):
    for lesson in LESSONS:
        texts = "\n".join(cell.source for cell in lesson.cells)
        if task := re.search(r"(?m)^### Open task · (.*)", texts):
            assert (
                f"| Lesson {lesson.number} · {task[1]} | 0 | 1 | 2 |"
                in pages[f"lesson_{lesson.number}.md"]
            )
