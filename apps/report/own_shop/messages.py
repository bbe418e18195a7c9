"""The wording of messages about a file: doubts, counted things, rows."""

from typing import NamedTuple

import pandas as pd

from helpers.language import listed, say

EXAMPLE = 40  # characters of a value that are shown


class Doubt(NamedTuple):
    """Something that the file leaves unclear: how it was read, and how to change that.

    Examples
    --------
    >>> print(Doubt("Preis", "contains money.", 'If not, set roles={"discount": "Preis"}.'))
    Column "Preis": contains money. If not, set roles={"discount": "Preis"}.
    """

    column: str  # "" if it is about the file as a whole
    what: str
    fix: str = ""

    def __str__(self) -> str:
        text = say("{what} {fix}", what=self.what, fix=self.fix).rstrip()
        if self.column:
            return say('Column "{column}": {text}', column=self.column, text=text)
        return text


def doubt(column: str, what: str, fix: str = "", /, **values: object) -> Doubt:
    """Return a doubt in the language of the reader, with the same values in both texts.

    Examples
    --------
    >>> print(doubt("qty", "is {most} at most.", 'If not, set MAP="{other}=".', most=9, other="a"))
    Column "qty": is 9 at most. If not, set MAP="a=".
    """
    return Doubt(column, say(what, **values), say(fix, **values) if fix else "")


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
