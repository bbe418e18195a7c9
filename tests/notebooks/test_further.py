"""A section of Further needs the core of its lesson, and no other section of Further."""

import ast
import builtins
from itertools import chain

import pytest

from tools import copies, replicate
from tools.notebooks import lesson
from tools.notebooks.rules.base import exercise_headings

KNOWN = {*dir(builtins), "display"}


def parts(taught):
    """Return the code cells of the core, and those of each section of Further, by heading."""
    sections, here = {}, ""
    for cell in taught.cells[len(taught.core.cells) :]:
        here = cell.heading or here
        if cell.is_code:
            sections.setdefault(here, []).append(cell)
    return [*taught.core.code, *sections.pop(lesson.FURTHER, [])], sections


def missing(known, cells):
    """Yield names that cells use before anything has made them; a function may be ahead of them."""
    known, later = set(known), set()
    for statement in chain.from_iterable(replicate.statements("", each.source) for each in cells):
        flow = statement.flow
        loop = isinstance(statement.tree.body[0], ast.For)  # what it makes it may use in the end
        yield from flow.uses - flow.makes - (flow.changes if loop else set()) - known
        known |= flow.makes | flow.changes
        later = later.union(*flow.functions.values())
    yield from later - known


def made(cells):
    flows = [replicate.flow(each.tree) for each in cells]
    return set().union(*(flow.makes | flow.changes for flow in flows))


@pytest.mark.parametrize("path", copies.lessons(), ids=copies.short_name)
def test_a_section_runs_on_the_core_alone(path):
    core, sections = parts(lesson.read(copies.LESSONS / path))
    core = made(core) | KNOWN
    found = {heading: {*missing(core, cells)} for heading, cells in sections.items()}
    assert {heading: names for heading, names in found.items() if names} == {}


@pytest.mark.parametrize("path", copies.lessons(), ids=copies.short_name)
def test_exercises_are_in_the_order_of_the_notebook_and_know_where_they_stand(path):
    taught = lesson.read(copies.LESSONS / path)
    stand = {
        id: cell.number > len(taught.core.cells)
        for cell in taught.cells
        for id in exercise_headings(cell)
    }
    known = {id: each.further for id, each in taught.exercises.items()}
    assert list(known.items()) == list(stand.items())
