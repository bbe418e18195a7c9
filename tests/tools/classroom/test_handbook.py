"""The teacher's pages: every answer, a clock that adds up, a plan that leaves nothing out."""

import ast
import html
import inspect
import re

import pytest

from exercises.engine import course, recall
from exercises.engine.exercise import RIGHT, judge
from helpers.language import speaking
from tools.classroom import exams, handbook, nbgrader
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
            heard = re.search(r"\*Common mistakes:\*\n\n- (.*)", part)[1]
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


def test_the_weeks_are_the_essentials_in_order():
    planned = " ".join(numbers for numbers, *_ in handbook.weeks())
    assert planned == course.TRACKS["Essentials"]
    assert len(handbook.weeks()) == 12


def test_a_week_leaves_at_most_two_hours_and_a_quarter_at_home(pages):
    # Week 5 has two cores of 75 minutes, and 25 minutes of them are done in class.
    plan, _, _ = pages["README.md"].partition("## Timings")
    minutes = [int(found) for found in re.findall(r"(?m)^\| \d+ \| .*\((\d+) min\)", plan)]
    assert len(minutes) == 12
    assert minutes[4] == 2 * 75 - 25
    assert max(minutes) <= 135


def test_what_is_handed_in_has_been_set_before():
    *_, homework, due = zip(*handbook.weeks(), strict=True)
    for email in "1234":
        [week] = [n for n, each in enumerate(due) if re.search(rf"email {email}", each)]
        [begun] = [n for n, each in enumerate(homework) if re.search(rf"email {email}", each)]
        assert begun < week


def test_what_is_argued_about_stands_in_the_lesson():
    titles = {
        lesson.number: [heading for heading, *_ in handbook.clock(lesson)] for lesson in LESSONS
    }
    named = 0
    for _, question, *_ in handbook.weeks():
        sections = re.findall(r"section (\d+)", question, re.IGNORECASE)
        lesson = re.search(r"lesson (\d\d)", question)
        for section in sections:
            assert any(title.startswith(f"{section} · ") for title in titles[lesson[1]]), question
            named += 1
    assert named >= 6


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


def test_it_is_whole_in_chinese(pages):
    with speaking("zh"):
        chinese = handbook.pages()
        sheets = handbook.exam_sheets()
    del chinese["handbook.html"]
    for name, text in chinese.items():
        before, after = (re.findall(r"(?m)^(#+) (.*)", page) for page in (pages[name], text))
        assert [level for level, _ in before] == [level for level, _ in after]
        assert all(
            re.search("[\u4e00-\u9fff]|BG/NBD|^[A-Z][a-z]+$", title) for _, title in after
        ), name
        assert len(re.findall(r"(?m)^\|", text)) == len(re.findall(r"(?m)^\|", pages[name]))
    assert not any("variant A" in page or "variant B" in page for page in sheets.values())


def test_each_open_task_has_a_rubric(pages):
    for lesson in LESSONS:
        texts = "\n".join(cell.source for cell in lesson.cells)
        if task := re.search(r"(?m)^### Open task · (.*)", texts):
            assert (
                f"| Lesson {lesson.number} · {task[1]} | 0 | 1 | 2 |"
                in pages[f"lesson_{lesson.number}.md"]
            )


@pytest.mark.parametrize("exam", exams.EXAMS)
def test_the_variants_of_an_exam_share_no_question_and_the_key_fits(exam):
    a, b = (exams.questions(exam, variant) for variant in exams.VARIANTS)
    assert len({each.id for each in (*a, *b)}) == 24
    for variant, asked in zip(exams.VARIANTS, (a, b), strict=True):
        sheet = exams.sheet(exam, variant)
        _, _, key = exams.key().partition(f"## Key of exam {exam}, variant {variant}")
        letters = re.findall(r"(?m)^\| \d+ \| \S+ \| (\w) \|", key)[:12]
        for number, (question, letter) in enumerate(zip(asked, letters, strict=True), start=1):
            part = re.search(rf"(?ms)^\*\*{number}\.\*\* (.*?)\n\n", f"{sheet}\n\n")[1]
            assert f"\n{letter}) {question.options[question.right]}" in part.replace("  \n", "\n")
        assert max(map(letters.count, "abcd")) <= 6


def test_an_exam_does_not_give_its_key_away():
    for page in handbook.exam_sheets().values():
        for question in recall.of_lesson("00") + recall.of_lesson("14"):
            for diagnosis in question.diagnoses.values():
                assert html.escape(diagnosis) not in page
