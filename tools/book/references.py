"""The works that the course cites: one list, ``notebooks/references.bib``.

A lesson lists under "References" what it cites, each work as `formatted` writes it, so that a
notebook can be read alone. In the book, "(Thompson 1933)" leads to the bibliography.
"""

import functools
import re
from dataclasses import dataclass
from urllib.parse import quote

from helpers.language import say
from tools import copies

PATH = copies.LESSONS / "references.bib"
SECTION = re.compile(r"(?m)^## (?:References|参考文献)$")
ENTRY = re.compile(r"(?ms)^@(?P<kind>\w+)\{(?P<key>[\w-]+),\n(?P<fields>.*?)^\}")
FIELD = re.compile(r"(?m)^  (\w+) = \{(.*)\},$")


@dataclass(frozen=True)
class Work:
    """A work that is cited: its key, kind (article, book, …) and the fields of BibTeX."""

    key: str
    kind: str
    fields: dict[str, str]

    @property
    def authors(self) -> list[str]:
        """The authors, "Thompson, W. R."."""
        return [re.sub(r"[{}]", "", name) for name in self.fields["author"].split(" and ")]

    @property
    def surnames(self) -> list[str]:
        """What a citation says of the authors: "Thompson"."""
        return [name.split(",")[0] for name in self.authors]


Library = dict[str, Work]


@functools.cache
def load() -> Library:
    """Read the list: key → work."""
    found = {}
    for match in ENTRY.finditer(PATH.read_text(encoding="utf-8")):
        fields = {name: value.strip("{}") for name, value in FIELD.findall(match["fields"])}
        fields["author"] = re.search(r"  author = \{(.*)\},", match["fields"])[1]
        found[match["key"]] = Work(match["key"], match["kind"], fields)
    return found


def formatted(work: Work) -> str:
    """Write a work as the lessons list it, in the style of the APA with the address at the end.

    Examples
    --------
    >>> fields = {"author": "Page, E. S.", "year": "1954", "title": "Inspection schemes"}
    >>> fields |= {"journal": "Biometrika", "volume": "41", "number": "1–2", "pages": "100–115"}
    >>> formatted(Work("page1954", "article", fields))
    '- Page, E. S. (1954). Inspection schemes. *Biometrika*, 41(1–2), 100–115.'
    """
    has = work.fields.get
    where = has("journal") or has("booktitle")
    number = f"({has('number')})" if has("number") else ""
    places = [f"{has('volume')}{number}" if has("volume") else "", has("pages")]
    title = work.fields["title"] if where or work.kind == "misc" else f"*{has('title')}*"
    if where:
        inside = "In " if work.kind == "incollection" else ""
        editors = f"{' & '.join(has('editor').split(' and '))} (Eds.), " if has("editor") else ""
        where = f"{inside}{editors}" + ", ".join([f"*{where}*", *filter(None, places)])
    parts = [f"{_listed(work.authors)} ({has('year')})", title, where, has("publisher")]
    sentences = [part if part.endswith(("?", "!", ".")) else f"{part}." for part in parts if part]
    return " ".join(["-", *sentences, *_address(work)])


def _listed(authors: list[str]) -> str:
    """Join authors: "A", "A, & B"."""
    *others, last = authors
    last = f"& {last}" if others else last
    return ", ".join([*others, last])


def _address(work: Work) -> list[str]:
    has = work.fields.get
    if has("doi"):
        return [f"[doi:{has('doi')}](https://doi.org/{quote(has('doi'), safe='/:.()-_')})"]
    if has("eprint"):
        return [f"[arXiv:{has('eprint')}](https://arxiv.org/abs/{has('eprint')})"]
    if has("url"):
        return [f"[{has('howpublished')}]({has('url')})"]
    return []


def label(work: Work) -> str:
    """Return how the text cites a work: "Page 1954", "Dean and Barroso 2013", "Yi et al. 2019"."""
    first, *others = work.surnames
    more = f" and {others[0]}" if len(others) == 1 else " et al." * bool(others)
    return f"{first}{more} {work.fields['year']}{work.fields.get('letter', '')}"


def patterns(work: Work) -> tuple[str, str]:
    """Return what a citation of a work looks like: in brackets and as part of a sentence."""
    first, *others = map(re.escape, work.surnames)
    first = f"[{first[0].upper()}{first[0]}]{first[1:]}"  # Van den Burg, where a sentence begins
    every = [first]
    if others:
        *middle, last = others
        names = ", ".join([first, *middle])
        every = [rf"{names},? (?:&|and) {last}", rf"{first} et al\."]
    names = "|".join(every)
    year = work.fields["year"] + work.fields.get("letter", "a?")  # Fader, Hardie & Lee 2005b
    return rf"(?<!\w)(?:{names}),? {year}(?!\d)", rf"(?<!\w)(?:{names}) \({year}\)"


def cited(source: str, library: Library) -> str:
    """Let each citation in the text lead to the bibliography; the list itself stays as it is."""
    start = found.start() if (found := SECTION.search(source)) else len(source)
    text, listed = source[:start], source[start:]
    for work in library.values():
        if work.fields["year"] in text:
            bracket, sentence = patterns(work)
            text = re.sub(rf"\(({bracket})\)", f"{{cite:p}}`{work.key}`", text)
            text = re.sub(sentence, f"{{cite:t}}`{work.key}`", text)
            text = re.sub(bracket, f"{{cite:alp}}`{work.key}`", text)
    return text + listed


def page() -> str:
    """Return the page of the bibliography."""
    title = say("Bibliography")
    opening = say("All works that the lessons cite, in one list. Each lesson ends with its own.")
    return f"# {title}\n\n{opening}\n\n```{{bibliography}}\n:all:\n```\n"
