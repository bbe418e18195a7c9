"""The wording of messages about a file, in the language of the reader.

The code has all texts in English; ``locale/zh_CN.po`` has the same in Simplified Chinese. Texts
with values have placeholders: ``say("{rows} rows are missing", rows=7)``. A text is a whole
sentence, or the whole label of a column, because other languages have another order of words.
"""

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from babel.messages.pofile import read_po

EXAMPLE = 40  # characters of a value that are shown


LOCALE = Path(__file__).with_name("locale")
LANGUAGES = {"en": "English", "zh": "简体中文"}
CATALOGS = {"zh": "zh_CN.po"}
_language = ContextVar("language", default="en")


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
    translated = catalog(_language.get()).get(text, text)
    return translated.format(**values) if values else translated


@functools.cache
def catalog(language: str) -> dict[str, str]:
    """Return the translations into a language: English text → text."""
    if language not in CATALOGS:
        return {}
    with (LOCALE / CATALOGS[language]).open("rb") as file:
        entries = [(one.id, one.string) for one in read_po(file) if one.id]
    return {
        text: string[0] if isinstance(string, tuple) else string  # Chinese has no plural
        for texts, string in entries
        for text in ([texts] if isinstance(texts, str) else texts)
    }


def listed(texts: Iterable[str]) -> str:
    """Join texts as a list in the language of the reader.

    Examples
    --------
    >>> listed(["Anna", "Bob"])
    'Anna, Bob'
    """
    return say(", ").join(texts)


class Doubt(NamedTuple):
    """Something that the file leaves unclear: how it was read, and how to change that.

    Examples
    --------
    >>> print(Doubt("Preis", "contains money.", 'If not, set roles={"discount": "Preis"}.'))
    Column "Preis": contains money. If not, set roles={"discount": "Preis"}.
    """

    column: str  # "" if it is about the file as a whole
    what: str
    mend: str

    def __str__(self) -> str:
        text = say("{what} {mend}", what=self.what, mend=self.mend).rstrip()
        if self.column:
            return say('Column "{column}": {text}', column=self.column, text=text)
        return text


def pluralize(number: float, noun: str) -> str:
    """Write a number with its noun, in the singular or plural.

    Examples
    --------
    >>> pluralize(1, "customer"), pluralize(1200, "customer")
    ('1 customer', '1,200 customers')
    """
    ending = "" if round(number) == 1 else "s"
    return say(f"{{number}} {noun}{ending}", number=f"{number:,.0f}")


def row_numbers(rows: pd.Index) -> str:
    """Write the numbers of the first three of some rows of a file.

    Examples
    --------
    >>> row_numbers(pd.Index([7])), row_numbers(pd.Index([3, 4, 5, 9]))
    ('row 7', 'rows 3, 4, 5, …')
    """
    if len(rows) == 1:
        return say("row {row}", row=rows[0])
    shown = [*map(str, rows[:3]), "…"] if len(rows) > 3 else map(str, rows)
    return say("rows {rows}", rows=listed(shown))
