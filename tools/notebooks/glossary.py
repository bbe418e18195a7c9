"""The glossary, ``notebooks/glossary.md``: each term, what it means, and where it is introduced.

An entry is one paragraph::

    **cohort** (vintage): A group of users who started in the same period.
    [00 · 5](00_start_here.ipynb#5-·-Cohorts) · `helpers.behavior.cohorts`

Synonyms and abbreviations stand in the brackets; the helper that computes it is left out where
there is none.
"""

import functools
import re
from dataclasses import dataclass
from urllib.parse import unquote

from tools import copies

PATH = copies.LESSONS / copies.GLOSSARY
ENTRY = re.compile(
    r"\*\*(?P<term>.+?)\*\*(?: \((?P<synonyms>[^)]*)\))?: (?P<definition>.+?)"
    r" \[[^\]]+\]\((?P<notebook>[\w/]+\.ipynb)#(?P<anchor>[^)]+)\)(?: · `(?P<helper>[\w.]+)`)?"
)


@dataclass(frozen=True)
class Entry:
    """A term of the field.

    Parameters
    ----------
    term : its name.
    synonyms : other names and abbreviations.
    definition : one sentence or two.
    notebook, section : where it is introduced: the file in ``notebooks/``, the heading.
    helper : the function or class that computes it, "helpers.behavior.wilson"; "" for none.
    """

    term: str
    synonyms: tuple[str, ...]
    definition: str
    notebook: str
    section: str
    helper: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The term and its synonyms."""
        return (self.term, *self.synonyms)


@functools.cache
def entries() -> list[Entry]:
    """Read the glossary; a paragraph that begins in bold and is no entry is an error."""
    found = []
    for paragraph in re.split(r"\n\s*\n", PATH.read_text(encoding="utf-8")):
        if not paragraph.startswith("**"):
            continue
        match = ENTRY.fullmatch(" ".join(paragraph.split()))
        if match is None:
            raise ValueError(f"No entry of the glossary: {paragraph!r}.")
        found.append(
            Entry(
                match["term"],
                tuple(re.split(r", ", match["synonyms"])) if match["synonyms"] else (),
                match["definition"],
                match["notebook"],
                unquote(match["anchor"]).replace("-", " "),
                match["helper"] or "",
            )
        )
    return found
