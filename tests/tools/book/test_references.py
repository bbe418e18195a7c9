"""The list of references, and what lessons say of it."""

import re

import pytest

from tools import copies
from tools.book import references
from tools.notebooks import lesson

LIBRARY = references.load()
# "(Thompson 1933)", "Dean and Barroso (2013)", "(MMR; Carbonell & Goldstein 1998)"
CITATION = re.compile(r"[A-ZÀ-Ž][\w'’-]+(?: et al\.)? \(?(?:18|19|20)\d\d[ab]?\)")


def listed(path):
    """What a lesson lists below "References", and the text above."""
    read = lesson.read(copies.LESSONS / path)
    text = "\n\n".join(cell.source for cell in read.cells if not cell.is_code)
    above, below = (*references.SECTION.split(text), "")[:2]
    below = re.split(r"(?m)^## ", below)[0]
    return above, [line for line in below.splitlines() if re.search(r"\(\d{4}[ab]?\)\. ", line)]


def work_of(line):
    """The work that a line of a lesson's list is about."""
    bare = re.sub(r"\((\d{4})[ab]\)", r"(\1)", line)
    return [work for work in LIBRARY.values() if bare.startswith(references.formatted(work))]


@pytest.mark.parametrize("path", copies.lessons(), ids=str)
def test_a_lesson_lists_works_as_the_one_list_has_them(path):
    _, lines = listed(path)
    assert [line for line in lines if len(work_of(line)) != 1] == []


@pytest.mark.parametrize("path", copies.lessons(), ids=str)
def test_each_citation_leads_to_a_work_in_the_lessons_own_list(path):
    text, lines = listed(path)
    works = {work.key: work for line in lines for work in work_of(line)}
    linked = references.cited(text, works)
    assert CITATION.findall(linked) == []


def test_each_work_is_listed_by_a_lesson_and_each_address_stands_once():
    lines = [line for path in copies.lessons() for line in listed(path)[1]]
    used = {work.key for line in lines for work in work_of(line)}
    assert LIBRARY.keys() - used == set()
    addresses = [work.fields.get(kind) for work in LIBRARY.values() for kind in ("doi", "eprint")]
    addresses = [address.lower() for address in addresses if address]
    assert len(addresses) == len(set(addresses))


def test_a_work_is_written_as_lessons_list_it():
    fields = {"author": "Thompson, W. R.", "year": "1933", "title": "On the likelihood"}
    fields |= {"journal": "Biometrika", "volume": "25", "number": "3–4", "pages": "285–294"}
    work = references.Work("thompson1933", "article", fields | {"doi": "10.1093/biomet/25.3-4.285"})
    assert references.formatted(work) == (
        "- Thompson, W. R. (1933). On the likelihood. *Biometrika*, 25(3–4), 285–294. "
        "[doi:10.1093/biomet/25.3-4.285](https://doi.org/10.1093/biomet/25.3-4.285)"
    )


@pytest.mark.parametrize(
    ("said", "linked"),
    [
        ("so it is (Fader, Hardie & Lee 2005)", "so it is {cite:p}`x`"),
        ("Fader, Hardie, and Lee (2005) say", "{cite:t}`x` say"),
        ("(BG; Fader et al. 2005)", "(BG; {cite:alp}`x`)"),
        ("(Fader 2005)", "(Fader 2005)"),
        ("(Fader, Hardie & Lee 20051)", "(Fader, Hardie & Lee 20051)"),
    ],
)
def test_a_citation_leads_to_its_work(said, linked):
    fields = {"author": "Fader, P. S. and Hardie, B. G. S. and Lee, K. L.", "year": "2005"}
    work = references.Work("x", "article", fields)
    assert references.cited(said, {"x": work}) == linked


def test_the_list_of_references_itself_stays_as_it_is():
    work = references.Work("x", "article", {"author": "Page, E. S.", "year": "1954"})
    text = "See Page (1954).\n\n## References\n\n- Page, E. S. (1954). Page (1954)."
    assert references.cited(text, {"x": work}).endswith("Page (1954).")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("thompson1933", "Thompson 1933"),
        ("kaufman1990", "Kaufman and Rousseeuw 1990"),
        ("abadie2010", "Abadie et al. 2010"),
    ],
)
def test_the_bibliography_calls_a_work_as_the_text_does(key, expected):
    label = references.label(LIBRARY[key])
    assert label == expected
    assert references.cited(f"({label})", LIBRARY) == f"{{cite:p}}`{key}`"
