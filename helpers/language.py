"""The reader's language: texts are written in English, and looked up in the one that is spoken.

The translations into Simplified Chinese stand in ``locale/zh_CN/``; those for the exercises and
figures of lessons in ``lessons/`` there, because a word may be called otherwise in a report. The
copy for a class (``make pack``) has the latter compressed: diagnoses give answers away.
`speaking` says which language is spoken for a while; otherwise it is that of the environment
variable ``WORKBOOK_LANG``, as ``make lab LANG=zh`` sets it. Data, names of columns and errors stay
in English, because code depends on them; the tables of a report are only to be read.

Texts with values have placeholders: ``say("{rows} rows are missing", rows=7)``. A text is a whole
sentence, or the whole label of a column, because other languages have another order of words.
"""

import functools
import json
import lzma
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
LANGUAGES = {"en": "English", "zh": "简体中文"}
FOLDERS = {"zh": "zh_CN"}
LESSONS = "lessons"
VARIABLE = "WORKBOOK_LANG"
ENTRY = re.compile(r'(?m)^(msgid|msgid_plural|msgstr)(?:\[0\])? +((?:".*"\n?)+)')
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_language = ContextVar("language", default="")


def current() -> str:
    """Return the language that is spoken, one of `LANGUAGES`."""
    return _language.get() or os.environ.get(VARIABLE, "en")


def chosen(text: str) -> str:
    """Return the language that somebody means, one of `LANGUAGES`.

    Examples
    --------
    >>> chosen("zh_CN.UTF-8")
    'zh'
    """
    code = re.split("[-_.]", text)[0].lower()
    if code not in LANGUAGES:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise ValueError(f"LANG={text} is not available. The languages are: {known}.")
    return code


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use a language of `LANGUAGES` for all texts that are made inside."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def say(text: str, /, **values: object) -> str:
    """Return a text in the language of the reader, with values in its placeholders.

    Parameters
    ----------
    text : in English. A text without a translation stays in English.
    **values : placeholder=value; numbers should be formatted already.

    Examples
    --------
    >>> say("{rows} rows are missing", rows=7)
    '7 rows are missing'
    """
    translated = catalog(current()).get(text, text)
    return translated.format(**values) if values else translated


def say_in_lesson(text: str, /, **values: object) -> str:
    """Return what an exercise or a figure says, in the language of the lessons.

    Parameters
    ----------
    text, **values : as for `say`.
    """
    translated = catalog(current(), LESSONS).get(text, text)
    return translated.format(**values) if values else translated


def say_with_numbers(text: str) -> str:
    """Return a text of a lesson whose numbers were computed, such as the title of a figure.

    It is looked up without its numbers: "Half of 1,200 buyers" as "Half of {} buyers". The
    translation says where they go: "{0} 位买家中的一半".

    Examples
    --------
    >>> say_with_numbers("Half of 1,200 buyers")
    'Half of 1,200 buyers'
    """
    translated = catalog(current(), LESSONS).get(without_numbers(text))
    return translated.format(*NUMBER.findall(text)) if translated else text


def tell(text: str) -> None:
    """Print a sentence with computed numbers, in the language of the lessons.

    Examples
    --------
    >>> tell(f"{3 / 4:.0%} of the buyers come back")
    75% of the buyers come back
    """
    print(say_with_numbers(text))


def without_numbers(text: str) -> str:
    """Return a text with ``{}`` for each number.

    Examples
    --------
    >>> without_numbers("43% of 1,200.")
    '{}% of {}.'
    """
    return NUMBER.sub("{}", text.replace("{", "{{").replace("}", "}}"))


@functools.cache
def catalog(language: str, part: str = "") -> dict[str, str]:
    """Return the translations into a language: English text → text.

    Parameters
    ----------
    language : one of `LANGUAGES`.
    part : `LESSONS` for what exercises and figures say; "" for all other texts.
    """
    if language not in FOLDERS:
        return {}
    paths = sorted((LOCALE / FOLDERS[language] / part).glob("*.po*"))
    return {text: said for path in paths for text, said in read(path).items()}


def read(path: Path) -> dict[str, str]:
    """Read one file of translations, ``.po`` or compressed; a text without one is left out.

    Nothing outside of Python is needed, so that setting up the course can be told in any language.
    """
    with (
        lzma.open(path, "rt", encoding="utf-8")
        if path.suffix == ".xz"
        else path.open(encoding="utf-8") as file
    ):
        entries = ENTRY.findall(file.read())
    found, texts = {}, []
    for keyword, lines in entries:
        part = "".join(json.loads(line) for line in lines.splitlines())
        if keyword == "msgid":
            texts = [part]
        elif keyword == "msgid_plural":
            texts.append(part)
        else:
            found |= dict.fromkeys(texts, part)  # Chinese has no plural
    return {text: said for text, said in found.items() if text and said}


def listed(texts: Iterable[str]) -> str:
    """Join texts as a list in the language of the reader.

    Examples
    --------
    >>> listed(["Anna", "Bob"])
    'Anna, Bob'
    """
    return say(", ").join(texts)


def paragraph(sentences: Iterable[str]) -> str:
    """Join sentences as the language of the reader does: in Chinese without spaces.

    Examples
    --------
    >>> paragraph(["It rains.", "", "We stay."])
    'It rains. We stay.'
    """
    return ("" if current() == "zh" else " ").join(filter(None, sentences))
