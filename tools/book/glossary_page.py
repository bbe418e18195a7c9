"""The glossary as a page: each term with its definition and where the course uses it."""

import functools
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from helpers.language import current, listed, paragraph, say
from tools import copies
from tools.notebooks import glossary, lesson
from tools.translation import glossary as bilingual
from tools.translation import sidecar

SPOKEN = {  # first characters with two readings, of which the dictionary knows the other
    "长尾": [["chang"], ["wei"]],
    "重排": [["chong"], ["pai"]],
    "重置": [["chong"], ["zhi"]],
    "弹球": [["tan"], ["qiu"]],
    "调参": [["tiao"], ["can"]],
}


def entries() -> list[tuple[tuple[str, ...], str, glossary.Entry]]:
    """Return the names and the definition of each term in the language of the book."""
    if current() == "en":
        return [(each.names, each.definition, each) for each in glossary.entries()]
    return [
        (tuple(dict.fromkeys([each.name, *each.english.names])), each.definition, each.english)
        for each in bilingual.entries()
    ]


def spelled(name: str) -> str:
    """Return a name in Latin letters, as it is sorted: that of a Chinese one in pinyin."""
    return name.upper() if current() == "en" else " ".join(pinyin()(name)).upper()


@functools.cache
def pinyin() -> Callable[[str], list[str]]:
    """Return the function that reads Chinese, after it has learned how we read some words."""
    import pypinyin  # only the environment of the book has it

    pypinyin.load_phrases_dict(SPOKEN)
    return pypinyin.lazy_pinyin


def letter(name: str) -> str:
    """Return the heading below which a name stands: its first letter."""
    first = spelled(name)[0]
    return first if first.isalpha() else "0–9"


def terms() -> dict[str, str]:
    """Return what each name of a term, in small letters, is called in the glossary.

    Names shorter than three letters are left out: in "**a** …" a is an answer, no antecedent.
    """
    return {
        name.lower(): names[0]
        for names, *_ in entries()
        for name in names
        if len(name) > 2 or re.fullmatch(r"[一-鿿]{2}", name)
    }


def page() -> str:
    """Return the page, a list for each letter."""
    letters = defaultdict(list)
    elsewhere = used_in()
    for names, definition, each in sorted(entries(), key=lambda each: spelled(each[0][0])):
        written = entry(names, definition, each, elsewhere[each.term])
        letters[letter(names[0])].append(written)
    opening = say(
        "The terms of the course: what each means, the section that introduces it, the helper that "
        "computes it if there is one, and the other lessons that speak of it."
    )
    parts = [f"# {say('Glossary')}\n\n{opening}\n"]
    for first, written in letters.items():
        parts.append(f"## {first}\n\n:::{{glossary}}\n" + "\n\n".join(written) + "\n:::\n")
    return "\n".join(parts)


def entry(names: tuple[str, ...], definition: str, each: glossary.Entry, lessons: list[str]) -> str:
    """Return an entry as Sphinx reads it: names, one a line, and an indented definition.

    Behind a name stands the letter of the index below which it is listed.
    """
    anchor = each.section.replace(" ", "-")
    if current() != "en":
        anchor = sidecar.headings(Path(each.notebook)).get(anchor, anchor)
    introduced = f"[{re.sub(r'_.*', '', each.notebook)}](<{each.notebook}#{anchor}>)"
    links = [say("Introduced in {lesson}.", lesson=introduced)]
    if others := [link(path) for path in lessons if path != each.notebook]:
        links.append(say("Also in {lessons}.", lessons=listed(others)))
    if each.helper:
        role = "{py:obj}" if current() == "en" else ""
        links.append(say("Computed by {helper}.", helper=f"{role}`{each.helper}`"))
    listed_names = [f"{name} : {letter(name)}" for name in names]
    return "\n".join([*listed_names, f"    {paragraph([definition, *links])}"])


def link(path: str) -> str:
    """Return a link to a lesson, called by its number; to a case study, by its name."""
    name = path.removesuffix(".ipynb").rpartition("/")[2]
    return f"[{name.split('_')[0] if name[0].isdigit() else name.replace('_', ' ')}]({path})"


def used_in() -> dict[str, list[str]]:
    """Return which lessons speak of a term: term → their paths."""
    found = defaultdict(list)
    for path in copies.lessons():
        read = lesson.read(copies.LESSONS / path)
        prose = " ".join(block.prose for cell in read.cells for block in cell.blocks).lower()
        for each in glossary.entries():
            if each.term.lower() in prose and spoken(each.term, prose):
                found[each.term].append(path.as_posix())
    return found


def spoken(term: str, prose: str) -> bool:
    """Whether a text has a term, also in the plural."""
    return re.search(rf"(?<!\w){re.escape(term.lower())}(?:s|es)?(?!\w)", prose) is not None
