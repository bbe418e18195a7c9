"""The bilingual glossary: ``notebooks/zh/glossary.csv`` has a row for each term of the English one.

Its columns are the English ``term``, its established Chinese name ``zh``, the ``definition`` in
Chinese, and the ``digest`` of the English definition that was translated.
"""

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from tools.notebooks import glossary
from tools.translation import sidecar

PATH = sidecar.FOLDER / "glossary.csv"
OPENING = """\
# 术语表

课程中的术语：中文名称、英文名称、含义，以及引入它的章节。按英文名称的字母顺序排列。
"""


@dataclass(frozen=True)
class Entry:
    """A term in Chinese, and the English entry that it translates."""

    name: str
    definition: str
    is_current: bool  # whether it translates the English definition as it stands today
    english: glossary.Entry

    @property
    def number(self) -> str:
        """The lesson that introduces it."""
        return self.english.notebook.split("_")[0]


@functools.cache
def entries() -> list[Entry]:
    """Read the glossary, in the order of the English one; what has no row is left out.

    A definition that is behind the English one is given in English.
    """
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = {row["term"]: row for row in csv.DictReader(file)}
    found = []
    for each in glossary.entries():
        if row := rows.get(each.term):
            is_current = row["digest"] == sidecar.digest(each.definition)
            english = f"{sidecar.IN_ENGLISH}{each.definition}"
            said = row["definition"] if is_current else english
            found.append(Entry(row["zh"], said, is_current, each))
    return found


def stale() -> Iterator[str]:
    """Yield one sentence for each term that has no Chinese entry, or one behind the English."""
    found = {each.english.term: each for each in entries()}
    for each in glossary.entries():
        if each.term not in found:
            yield f"glossary: {each.term} has no entry."
        elif not found[each.term].is_current:
            yield f"glossary: the definition of {each.term} has changed since it was translated."


def unfaithful() -> Iterator[str]:
    """Yield one sentence for each difference between an entry and the English it translates."""
    for each in entries():
        if each.is_current:
            for difference in sidecar.differences(each.english.definition, each.definition):
                yield f"glossary: {each.english.term}: {difference}"


def page() -> str:
    """Return the page that lies beside the lessons."""
    parts = [OPENING]
    for each in entries():
        names = ", ".join(each.english.names)
        anchor = quote(each.english.section.replace(" ", "-"), safe="·:,?!()")
        link = sidecar.LINK.sub(
            lambda found: sidecar.anchored(found, sidecar.copies.GLOSSARY),
            f"[{each.number}]({each.english.notebook}#{anchor})",
        )
        helper = f" · `{each.english.helper}`" if each.english.helper else ""
        parts.append(f"**{each.name}**（{names}）：{each.definition} {link}{helper}\n")
    return "\n".join(parts)
