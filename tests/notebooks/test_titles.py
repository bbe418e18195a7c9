"""A title, or a sentence to the manager, that compares is claimed in other shops, or says why."""

import ast
import re
from itertools import groupby

import nbformat
import pytest

from tools import copies, replicate
from tools.notebooks import lesson

COMPARES = re.compile(
    r"\b(more|most|less|least|fewer|best|better|worse|worst|only|hardly|than|ahead|behind|half|third"
    r"|twice|beats?|loses?|wins?|leads?|misses|rises?|falls?|grows?|drops?|high(er|est)|low(er|est)"
    r"|large(r|st)|small(er|est))\b",
    re.IGNORECASE,
)
CHARTS = {  # of helpers.plots: the title comes second
    *("lines", "intervals", "before_after", "bars", "scatter", "histogram", "heat_map"),
    "course_map",
}
BY_HAND = "an example worked by hand"
EXCEPTIONS = {
    "02": {"sample03": "what a confidence level means, drawn"},
    "03b": {"picture": BY_HAND, "projection": "published figures"},
    "05": {"scalefig": "a count of pairs"},
    "07": {"rankfig": BY_HAND},
    "09": {"mapfig": "a map of our shop"},
    "11": {"timeline": BY_HAND, "266e37a4": "follows from the definition of the offer"},
    "11b": {"curve3": "larger shops, run once"},
    "12": {"byhandfig": BY_HAND},
    "13b": {"start3fig": "4,000 drawn series"},
    "14b": {"dag": BY_HAND},
    "14c": {"fig1": BY_HAND, "fig-twenty": "twenty histories and experiments of one shop"},
    "17b": {"curve": "follows from the delays that were measured"},
}


def titles(tree):
    """Return the titles that a cell gives its figures, as code."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id="title")], value=title):
                yield ast.unparse(title)
            case ast.Call(func=ast.Attribute(attr="set_title" | "suptitle"), args=[title, *_]):
                yield ast.unparse(title)
            case ast.Call(func=ast.Attribute(attr=chart), args=[_, title, *_]) if chart in CHARTS:
                yield ast.unparse(title)
            case ast.Call(func=ast.Attribute(attr="panels"), args=[_, _, title, *_]):
                yield ast.unparse(title)
            case ast.Call(func=ast.Name(id="strips"), args=[_, title]):
                yield ast.unparse(title)
            case ast.keyword(arg="title", value=title):
                yield ast.unparse(title)


def claims(cell):
    return any(replicate.calls(ast.parse(cell.source))) or "strips(" in cell.source


LESSONS = [name for name in map(copies.short_name, copies.lessons()) if name[0].isdigit()]


def without_claim(name):
    """Yield cells whose title compares, where no claim is made before the next text."""
    cells = nbformat.read(copies.LESSONS / copies.find(name), as_version=4).cells
    for is_code, group in groupby(cells, lambda cell: cell.cell_type == "code"):
        group = list(group)
        if is_code and not any(map(claims, group)):
            for cell in group:
                if any(map(COMPARES.search, titles(ast.parse(cell.source)))):
                    yield cell.id


@pytest.mark.parametrize("name", LESSONS)
def test_a_title_that_compares_is_a_claim_or_says_why_not(name):
    assert set(without_claim(name)) == set(EXCEPTIONS.get(name, {}))


NO_COMPARISON = "compares nothing"
TO_THE_MANAGER = {  # how the sentences begin
    "00": {
        "Each of them brought in": "claimed as: a buyer brings more",
        "So don't read it": "follows from the sentence before",
    },
    "05": {'"We can predict': NO_COMPARISON, "Most of a prediction": "follows from the formula"},
    "07": {"So let us show": NO_COMPARISON},
    "11": {"To learn whom": "advice; the claim is in lesson 14"},
    "12": {"And no rule says": NO_COMPARISON},
    "13": {"A third of the units": "claimed as: the error is near the noise floor"},
    "11c": {"If we only write": "follows: an order needs no probabilities"},
    "14b": {'"Customers whom': "claimed as: the uncorrected interval lies above the truth"},
    "16": {"A purchase that is sent": "one event, sent twice"},
    "17": {"Before we pay": NO_COMPARISON},
}


def stems(text):
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())}


def to_the_manager(taught):
    """Yield the sentences that a lesson says to the manager."""
    section = ""
    for block in (block for cell in taught.core.cells for block in cell.blocks):
        section = block.text if block.level == 2 else section
        if section == "What to tell the manager" and not block.level:
            yield from re.split(r"(?<=[.?!:;])\s+(?=[A-Z\"])", block.text)


@pytest.mark.parametrize("name", LESSONS)
def test_a_sentence_to_the_manager_that_compares_speaks_of_a_claim_or_says_why_not(name):
    claims = [stems(each.claim) for each in replicate.claims_of(name, replicate.read(name))]
    reasons = TO_THE_MANAGER.get(name, {})
    without = [
        next((begin for begin in reasons if sentence.startswith(begin)), sentence)
        for sentence in to_the_manager(lesson.read(copies.LESSONS / copies.find(name)))
        if COMPARES.search(sentence.replace("only", ""))
        and all(len(stems(sentence) & each) < 2 for each in claims)
    ]
    assert set(without) == set(reasons)
