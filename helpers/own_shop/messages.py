"""The wording of messages about a file: doubts, counts, row numbers."""

from typing import NamedTuple

import pandas as pd

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
    mend: str

    def __str__(self) -> str:
        where = f'Column "{self.column}": ' if self.column else ""
        return f"{where}{self.what} {self.mend}".rstrip()


def pluralize(number: float, noun: str) -> str:
    """Write a number with its noun, in the singular or plural.

    Examples
    --------
    >>> pluralize(1, "customer"), pluralize(1200, "customer")
    ('1 customer', '1,200 customers')
    """
    return f"{number:,.0f} {noun}{'' if round(number) == 1 else 's'}"


def row_numbers(rows: pd.Index) -> str:
    """Write the numbers of the first three of some rows of a file.

    Examples
    --------
    >>> row_numbers(pd.Index([7])), row_numbers(pd.Index([3, 4, 5, 9]))
    ('row 7', 'rows 3, 4, 5, …')
    """
    first = ", ".join(str(row) for row in rows[:3])
    return f"row {first}" if len(rows) == 1 else f"rows {first}" + (", …" if len(rows) > 3 else "")
