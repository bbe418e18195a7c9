"""A lesson's text in another language: how it is stored, held against the English, and put in.

A file has a block for each markdown cell::

    <!-- 3fa9c1d2 0b7e5a91 -->
    ## 2 · 均值中心化：严格的用户与宽松的用户
    ...

The mark has the cell's id and the first digits of the hash of the English that was translated.
"""

import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from tools import copies, links
from tools.notebooks import markdown

FOLDER = copies.LESSONS / "zh"
MARK = re.compile(r"(?m)^<!-- (?P<id>[\w-]+) (?P<digest>[0-9a-f]{8}) -->\n")
UNITS = {
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "千": 1e3,
    "万": 1e4,
    "亿": 1e8,
    "百万": 1e6,
}
NUMBER = re.compile(rf"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:\s*({'|'.join(UNITS)}))?")
MONTH = re.compile(r"\d+\s*月")  # May is no number in English
LINK = re.compile(r"\]\((?P<notebook>[\w/.]*\.ipynb)?#(?P<anchor>[^)\s]+)\)")
CODE = re.compile(r"(?s)```.*?```|`[^`\n]+`")
IN_ENGLISH = "*（译文待更新，以下为英文。）*"
HEADING = re.compile(r"(?m)^#+ +(.*)")
FORMULA = re.compile(r"(?s)\$\$.*?\$\$|\$[^$\n]+\$")


class Block(NamedTuple):
    """The translation of one cell, and the hash of the English that it translates."""

    digest: str
    text: str


def path_of(lesson: Path) -> Path:
    """Return the file that translates a lesson, ``zh/05_user_based_filtering.md``."""
    return (FOLDER / lesson).with_suffix(".md")


def read(lesson: Path) -> dict[str, Block]:
    """Read the translation of a lesson: the cell's id → its block; nothing if there is no file."""
    return blocks(path_of(lesson))


def blocks(path: Path) -> dict[str, Block]:
    """Read a file of blocks: id → block; nothing if there is no file."""
    if not path.exists():
        return {}
    _, *parts = MARK.split(path.read_text(encoding="utf-8"))
    triples = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return {id: Block(digest, text.strip("\n")) for id, digest, text in triples}


def english(lesson: Path) -> dict[str, str]:
    """Return the markdown of a lesson: the cell's id → its source."""
    cells = json.loads((copies.LESSONS / lesson).read_text(encoding="utf-8"))["cells"]
    return {
        cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"
    }


def digest(source: str) -> str:
    """Return what a mark says of the English text."""
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def marked(id: str, source: str, text: str) -> str:
    """Return a block as it stands in the file."""
    return f"<!-- {id} {digest(source)} -->\n{text}\n"


def stale(lesson: Path) -> Iterator[str]:
    """Yield one sentence for each block that is missing, behind the English or left over."""
    sources, blocks = english(lesson), read(lesson)
    for id, source in sources.items():
        if id not in blocks:
            yield f"{named(id, source)} has no translation."
        elif blocks[id].digest != digest(source):
            yield f"{named(id, source)} has changed since it was translated."
    for id in blocks.keys() - sources.keys():
        yield f"cell {id} is not in the lesson any more."


def unfaithful(lesson: Path) -> Iterator[str]:
    """Yield one sentence for each difference between a block and the English it translates."""
    sources = english(lesson)
    for id, block in current(lesson).items():
        for difference in differences(sources[id], block.text):
            yield f"{named(id, sources[id])}: {difference}"


def current(lesson: Path) -> dict[str, Block]:
    """Return the blocks that translate the English as it stands today."""
    sources, blocks = english(lesson), read(lesson)
    return {
        id: blocks[id]
        for id, source in sources.items()
        if id in blocks and blocks[id].digest == digest(source)
    }


def named(id: str, source: str) -> str:
    """Say which cell it is, by its first words."""
    return f"cell {id} ({source.strip().splitlines()[0][:50]})"


def differences(source: str, text: str) -> Iterator[str]:
    """Yield what a translation has too much or too little of: what must be the same in both.

    Examples
    --------
    >>> list(differences("In 43% of `rows`.", "在 34% 的 `rows` 中。"))
    ['numbers: 43 is missing, 34 is new.']
    """
    kinds = {
        "numbers": numbers,
        "code": lambda text: CODE.findall(text),
        "formulas": lambda text: FORMULA.findall(CODE.sub("", text)),
        "links": markdown.links,
        "headings": lambda text: map(len, re.findall(r"(?m)^#+(?= )", outside(text))),
        "words in bold": lambda text: ["**"] * (outside(text).count("**") // 2),
    }
    for name, find in kinds.items():
        before, after = Counter(map(str, find(source))), Counter(map(str, find(text)))
        lost = [f"{each} is missing" for each in (before - after).elements()]
        new = [f"{each} is new" for each in (after - before).elements()]
        if lost or new:
            yield f"{name}: {', '.join([*lost, *new])}."


def differences_of_texts(source: str, text: str) -> Iterator[str]:
    """Yield the `differences` of what is printed or said: there, two prices are no formula.

    Examples
    --------
    >>> list(differences_of_texts("$5 of $7", "$7 中的 $6"))
    ['numbers: 5 is missing, 6 is new.']
    """
    return differences(source.replace("$", ""), text.replace("$", ""))


def outside(text: str) -> str:
    """Return a text without code and formulas."""
    return FORMULA.sub("", CODE.sub("", text))


def numbers(text: str) -> list[str]:
    """Return the values of the numbers in a text: 1.2 million is 1200000, 26,000 is 26000.

    Examples
    --------
    >>> numbers("1.2 million of 26,000 on May 8"), numbers("5 月 8 日的 26,000 中的 120 万")
    (['1200000', '26000', '8'], ['8', '26000', '1200000'])
    """
    prose = MONTH.sub("", re.sub(r"\]\([^)\s]*\)", "]", outside(text)))
    return [
        f"{float(digits.replace(',', '')) * UNITS.get(unit, 1):.10g}"
        for digits, unit in NUMBER.findall(prose)
    ]


def translated(lesson: Path) -> dict:
    """Return a lesson's notebook in Chinese; what has no translation of today is in English."""
    notebook = json.loads((copies.LESSONS / lesson).read_text(encoding="utf-8"))
    blocks = current(lesson)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            block = blocks.get(cell["id"])
            text = block.text if block else in_english("".join(cell["source"]))
            text = LINK.sub(lambda link: anchored(link, lesson), text)
            cell["source"] = text.splitlines(keepends=True)
    return notebook


def in_english(source: str) -> str:
    r"""Return an English text with a mark that says so, below its heading if it begins with one.

    Examples
    --------
    >>> in_english("## Carts\n\nA cart.").splitlines()[::2]
    ['## Carts', '*（译文待更新，以下为英文。）*', 'A cart.']
    """
    heading, _, rest = source.partition("\n") if source.startswith("#") else ("", "", source)
    return "\n\n".join(filter(None, [heading, IN_ENGLISH, rest.strip("\n")]))


def anchored(link: re.Match, lesson: Path) -> str:
    """Let a link lead to the translated heading; without one it stays as it is."""
    notebook = link["notebook"] or ""
    target = (lesson.parent / notebook) if notebook else lesson
    heading = headings(target).get(unquote(link["anchor"]))
    anchor = quote(heading, safe="·：，。？！、（）") if heading else link["anchor"]
    return f"]({notebook}#{anchor})"


@functools.cache
def titles(lesson: Path) -> dict[str, str]:
    """Return how the headings of a lesson are translated: the English text → ours."""
    sources, found = english(lesson), {}
    for id, block in current(lesson).items():
        before, after = (HEADING.findall(outside(text)) for text in (sources[id], block.text))
        found.update(zip(before, after, strict=True))
    return found


@functools.cache
def headings(lesson: Path) -> dict[str, str]:
    """Return how the anchors of a lesson are translated: that of the English heading → ours."""
    blocks, found = current(lesson), {}
    for id, source in english(lesson).items():
        text = blocks[id].text if id in blocks else source
        before, after = (links.anchors(lesson, [each]) for each in (source, text))
        found.update(zip(before, after, strict=False))
    return found


def draft(lesson: Path) -> str:
    """Return the blocks that are missing or stale, in English, as they would stand in the file."""
    blocks = current(lesson)
    return "\n".join(
        marked(id, source, source) for id, source in english(lesson).items() if id not in blocks
    )
