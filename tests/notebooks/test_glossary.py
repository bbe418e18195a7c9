"""The glossary holds each term that a lesson introduces, and each entry leads to where that is."""

import functools
import pkgutil
import re

import pytest

from tools import copies
from tools.notebooks import glossary, lesson
from tools.notebooks.rules.code import shown

ENTRIES = glossary.entries()
LESSONS = {path.as_posix(): lesson.read(copies.LESSONS / path) for path in copies.lessons()}
NOT_TERMS = re.compile(  # bold words of a lesson's frame
    r"The business question\.|You will be able to|Needs|Minutes|Data|Further|Next|[a-f]|"
    r"Users|Events|Items|Order lines|Ratings|Campaign"  # the tables of lesson 00
)
# Letters that stand for no term: names of data, systems and places, formats, units.
NOT_ABBREVIATIONS = {
    "CDNOW", "NY", "US", "USA", "UK", "ID", "IDs", "OFF", "OK", "PC", "II", "III", "IV", "CSV",
    "JSON", "HTML", "URL", "PDF", "XLSX", "EUR", "USD", "GBP", "README", "CD", "CDs", "MB",
    "MNIST", "AM", "PM", "GB",
}  # fmt: skip
# What someone must know to read a paper or an advertisement, in lessons that the glossary does not
# lead to for it.
OF_THE_FIELD = {
    "02": ["retention", "censored", "confidence interval"],
    "04": ["shrinkage"],
    "06": ["implicit feedback", "popularity"],
    "07": ["precision", "recall"],
    "09": ["regularization"],
    "11": ["survival", "precision–recall", "leakage"],
    "12": ["multiple testing", "lift"],
    "13": ["censored"],
    "14": ["treatment effect"],
}


@functools.cache
def bold_terms(name):
    """Return what a notebook sets in bold within its text, each with its section."""
    found, section = [], ""
    for cell in LESSONS[name].cells:
        if cell.is_code:
            continue
        for line in cell.source.splitlines():
            if line.startswith("## "):
                section = line.removeprefix("## ")
            for term in re.findall(r"\*\*(.+?)\*\*", line):
                if not NOT_TERMS.fullmatch(term):
                    found.append((term, section))
    return found


def folded(term):
    """Write a term so that plural and singular, and capitals, are the same; SES stays SES."""
    if term.isupper():
        return term
    words = re.sub(r"[-–\s]+", " ", term.lower())
    return re.sub(r"(?<=\w\w)ies\b", "y", words).removesuffix("s")


KNOWN = {folded(name): entry for entry in ENTRIES for name in entry.names}


def test_the_terms_stand_in_the_order_of_the_alphabet_each_once():
    terms = [entry.term for entry in ENTRIES]
    assert terms == sorted(terms, key=lambda term: (re.sub(r"\W", "", term.lower()), term))
    names = [folded(name) for entry in ENTRIES for name in entry.names]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", LESSONS)
def test_each_term_in_bold_is_in_the_glossary(name):
    titles = (".", "?", "!", ":")  # of a classic mistake, which may be a term and need not
    terms = [term for term, _ in bold_terms(name) if not term.endswith(titles)]
    assert [term for term in terms if folded(term) not in KNOWN] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.term)
def test_an_entry_leads_to_the_section_that_introduces_it(entry):
    introduced = [
        section
        for term, section in bold_terms(entry.notebook)
        if folded(term.removesuffix(".")) in map(folded, entry.names)
    ]
    assert introduced
    assert entry.section in [section.replace("-", " ") for section in introduced]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.term)
def test_an_entry_is_a_sentence_and_names_a_helper_that_exists(entry):
    assert entry.definition[0] == entry.definition[0].upper()
    assert entry.definition.endswith((".", "?"))
    if entry.helper.startswith("helpers.spark."):  # can be imported only with its extra
        assert entry.helper.removeprefix("helpers.spark.") in shown("helpers.spark")
    elif entry.helper:
        pkgutil.resolve_name(entry.helper)


@pytest.mark.parametrize("name", LESSONS)
def test_each_abbreviation_is_explained(name):
    explained = " ".join(name for entry in ENTRIES for name in entry.names)
    prose = " ".join(
        block.prose for text in LESSONS[name].cells for block in text.blocks
    ).partition("References")[0]
    used = set(re.findall(r"\b[A-Z]{2,}s?\b", prose)) - NOT_ABBREVIATIONS
    assert not {each for each in used if not re.search(rf"\b{each.rstrip('s')}s?\b", explained)}


@pytest.mark.parametrize(("number", "terms"), OF_THE_FIELD.items(), ids=OF_THE_FIELD)
def test_a_lesson_speaks_the_language_of_its_field(number, terms):
    (taught,) = (each for each in LESSONS.values() if each.number == number)
    prose = " ".join(block.prose for cell in taught.cells for block in cell.blocks).lower()
    assert [term for term in terms if term.lower() not in prose] == []
