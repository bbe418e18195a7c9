"""The ledger, the audit log of a cleaning: what each rule did, to which rows, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data import checks, schema
from helpers.language import say_in_lesson


class LedgerRow(NamedTuple):
    """What one rule did to one table.

    Attributes
    ----------
    rule, table : names of the rule and of the table.
    touched, dropped : labels of the rows that were changed and of those that were removed; no row
        is in both.
    why : the reason, in words of the reader's language.
    """

    rule: str
    table: str
    touched: pd.Index
    dropped: pd.Index
    why: str

    def __repr__(self) -> str:
        rows = f"touched={_in_short(self.touched)}, dropped={_in_short(self.dropped)}"
        return f"LedgerRow(rule={self.rule!r}, table={self.table!r}, {rows}, why={self.why!r})"


Cleaned = tuple[pd.DataFrame, LedgerRow]  # what a rule returns


def _in_short(labels: pd.Index) -> str:
    """Write labels of rows: all, or where they are many the first three and their number.

    Examples
    --------
    >>> _in_short(pd.Index([4, 8])), _in_short(pd.RangeIndex(2_488))
    ('[4, 8]', '[0, 1, 2, …: 2,488 rows]')
    """
    if len(labels) <= 5:
        return str(list(labels))
    return f"[{', '.join(map(str, labels[:3]))}, …: {len(labels):,} rows]"


@dataclass(frozen=True, repr=False)
class Ledger:
    """What all rules did, in the order in which they were applied."""

    rows: tuple[LedgerRow, ...]

    def __iter__(self) -> Iterator[LedgerRow]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return self.table().to_string(index=False)

    def table(self) -> pd.DataFrame:
        """Return one row per rule: rule, table, how many rows were touched and dropped, why."""
        return pd.DataFrame(
            [row._replace(touched=len(row.touched), dropped=len(row.dropped)) for row in self],
            columns=LedgerRow._fields,
        )


def fix(
    rule: str, table: pd.DataFrame, column: str, values: pd.Series, touched: pd.Series, why: str
) -> Cleaned:
    """Return the table with new values in a column, and the ledger row of the touched rows."""
    rows = table.index[touched.to_numpy(bool)]
    why = say_in_lesson(why, column=column)
    row = LedgerRow(rule, schema.name_of(table), rows, table.index[:0], why)
    return table.assign(**{column: values}), row


def leave(rule: str, table: pd.DataFrame, column: str) -> Cleaned:
    """Return the table unchanged, and an empty ledger row: the column was read before."""
    why = say_in_lesson("{column} is read already", column=column)
    return table, LedgerRow(rule, schema.name_of(table), table.index[:0], table.index[:0], why)


def drop(
    rule: str, table: pd.DataFrame, drop: pd.Series | np.ndarray, why: str, **values: str
) -> Cleaned:
    """Return the table without the rows to drop, and the ledger row that lists them."""
    drop = np.asarray(drop, bool)
    why = say_in_lesson(why, **values)
    row = LedgerRow(rule, schema.name_of(table), table.index[:0], table.index[drop], why)
    return table[~drop], row


def need(table: pd.DataFrame, *columns: str) -> None:
    """Check that the columns exist; their kinds are checked once the whole table is clean."""
    missing = [column for column in columns if column not in table]
    if missing:
        checks.require(table, **dict.fromkeys(missing, "text?"))
