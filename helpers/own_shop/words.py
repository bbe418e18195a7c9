"""Words that reports use: counts, first rows, doubts."""

import unicodedata
from typing import NamedTuple

import pandas as pd


class Doubt(NamedTuple):
    """Something that the file does not tell: how it was taken, and how to say otherwise."""

    column: str
    what: str
    mend: str

    def __str__(self) -> str:
        where = f'Column "{self.column}": ' if self.column else ""
        return f"{where}{self.what} {self.mend}".rstrip()


class Reading(NamedTuple):
    """A column that was read: the result, missing where it could not be, and what is in doubt."""

    result: pd.Series
    doubts: tuple[Doubt, ...]
    how: str  # "day first", "decimal comma", …


def count(number: float, what: str) -> str:
    """Write a number of things, one or more.

    Examples
    --------
    >>> count(1, "customer"), count(1200, "customer")
    ('1 customer', '1,200 customers')
    """
    return f"{number:,.0f} {what}{'' if round(number) == 1 else 's'}"


def first_rows(*labels: pd.Index) -> str:
    """Return the first rows of the file, in words."""
    rows = next((each for each in labels if len(each)), pd.Index([]))
    first = ", ".join(str(label) for label in rows[:3])
    return f"row {first}" if len(rows) == 1 else f"rows {first}" + (", …" if len(rows) > 3 else "")


def composed(text: pd.Series) -> pd.Series:
    """Return text in which one letter is one character, so that é is é however it was typed."""
    if text.str.fullmatch(r"[\x00-\x7f]*").fillna(True).all():
        return text
    unique = text.dropna().unique()
    same = {one: unicodedata.normalize("NFC", one) for one in unique}
    return text.map(same).astype("str")
