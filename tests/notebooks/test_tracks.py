"""The ways through the course: a lesson needs only what stands before it, and the map is true."""

import ast
import re

import pytest

from exercises.engine import course
from exercises.engine.course import TRACKS
from tools import copies, env
from tools.notebooks import lesson
from tools.notebooks.rules.base import nodes

LESSONS = {
    taught.number: taught
    for taught in (lesson.read(copies.LESSONS / path) for path in copies.lessons())
    if taught.number
}
INTRODUCED = {  # package of helpers → the lesson that explains what is in it
    "behavior": "02",
    "value": "03",
    "similarity": "04",
    "recommend": "05",
    "evaluation": "07",
    "sequences": "09e",
    "segments": "10",
    "churn": "11",
    "rules": "12",
    "forecast": "13",
    "campaigns": "14",
    "own_shop": "15",
    "report": "15",
    "service": "16",
    "bandits": "16b",
    "monitoring": "16c",
    "spark": "17",
    "streaming": "17b",
    "images": "18",
    "desk": "18b",
    "explain": "19",
    "privacy": "20",
}


def needs(number):
    """Return the lessons that the header of a lesson names."""
    needed = LESSONS[number].cells[0].source.split("**Needs**")[1].split("·")[0]
    return set(re.findall(r"\((\d\d[a-z]?)_\w+\.ipynb\)", needed))


def closure(number):
    """Return the lessons that a lesson needs, and those that they need."""
    return needs(number).union(*map(closure, needs(number)))


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_needs_only_earlier_ones(number):
    assert all(other < number for other in needs(number))


@pytest.mark.parametrize("number", LESSONS)
def test_what_a_lesson_imports_is_explained_in_it_or_in_what_it_needs(number):
    imported = {
        name.name
        for cell in LESSONS[number].code
        for node in nodes(cell, ast.ImportFrom)
        for name in node.names
        if node.module in ("apps", "helpers")
    }
    explained = {INTRODUCED[name] for name in imported & INTRODUCED.keys()}
    assert {other for other in explained if other < number} <= closure(number)


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_refers_back_only_to_what_it_needs(number):
    prose = " ".join(block.text for cell in LESSONS[number].cells for block in cell.blocks)
    named = set(re.findall(r"[Ll]essons? (\d\d[b-z]?)\b", prose))
    assert {other for other in named if other < number} <= closure(number)


@pytest.mark.parametrize("track", TRACKS.values(), ids=TRACKS)
def test_a_track_has_all_that_its_lessons_need(track):
    stops = track.split()
    assert all(closure(stop) <= set(stops) for stop in stops)


def test_the_widest_track_has_every_lesson_and_the_analyst_takes_those_without_a_letter():
    assert TRACKS["Data scientist"].split() == list(LESSONS)
    assert TRACKS["Analyst"].split() == [each for each in LESSONS if each.isdigit()]


def test_the_map_shows_every_lesson_and_where_each_track_stops():
    file = copies.LESSONS / "tracks.svg"
    picture = file.read_text(encoding="utf-8")
    titles = dict(re.findall(r'translate\((\d+),\d+\) rotate.*?">([^<]*)<', picture))
    assert list(titles.values()) == list(course.lessons())
    rows = {}
    for x, y in re.findall(r'cx="(\d+)" cy="(\d+)"', picture):
        rows.setdefault(y, []).append(titles[str(int(x) - 4)].partition(" ")[0])
    assert [" ".join(stops) for stops in rows.values()] == list(TRACKS.values())
    assert re.findall(r'class="track">([^<]*)<', picture) == list(TRACKS)
    readme = (env.ROOT / "README.md").read_text(encoding="utf-8")
    assert f"]({file.relative_to(env.ROOT).as_posix()})" in readme
