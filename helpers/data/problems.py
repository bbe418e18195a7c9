"""Errors about tables that break rules: where, what, which rows, an example, the fix."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

MISSING = ("is missing", 'Drop them with {table}.dropna(subset="{column}"), or find out why.')


class Failure(NamedTuple):
    """One broken rule: where, what, in which rows, an example, the fix."""

    table: str
    where: str  # 'column "quantity"', or "" for the table as a whole
    what: str  # "holds text"
    rows: pd.Index  # labels of the wrong rows; empty if it is not about rows
    of: int  # number of rows in the table
    example: object  # a wrong value
    fix: str

    def __str__(self) -> str:
        place = f"{self.table}: {self.where} ".rstrip() + " "
        rows = ""
        if len(self.rows):
            first = ", ".join(str(label) for label in self.rows[:3])
            labels = "row" if len(self.rows) == 1 else "first at rows"
            shown = "" if self.example is None else f": {_quote(self.example)}"
            rows = f" in {len(self.rows):,} of {self.of:,} rows ({labels} {first}{shown})"
        return f"{place}{self.what}{rows}. {self.fix}"


class TableError(ValueError):
    """A table breaks rules. The message lists all of them; ``failures`` has the rows."""

    def __init__(self, failures: Iterable[Failure]):
        self.failures = tuple(failures)
        lines = [str(failure) for failure in self.failures]
        super().__init__(
            lines[0] if len(lines) == 1 else "\n- ".join([f"{len(lines)} problems:", *lines])
        )


def raise_all(failures: Iterable[Failure]) -> None:
    """Raise one error that lists all failures, if there are any."""
    failures = list(failures)
    if failures:
        raise TableError(failures)


def of_whole(table: pd.DataFrame, name: str, what: str, fix: str) -> Failure:
    """Return a failure of a table as a whole."""
    return Failure(name, "", what, pd.Index([]), len(table), None, fix)


def of_rows(table: pd.DataFrame, rules: Iterable[tuple], name: str) -> Iterator[Failure]:
    """Yield a failure for each rule that rows break: column, wrong rows, what is wrong, the fix."""
    for column, wrong, what, fix in rules:
        wrong, where = np.asarray(wrong, dtype=bool), f'column "{column}"'
        if wrong.any():
            rows, example = table.index[wrong], table[column].to_numpy()[wrong][0]
            yield Failure(name, where, what, rows, len(table), example, fix)


def failures_of(table: pd.DataFrame, name: str, rules: pa.DataFrameSchema) -> Iterator[Failure]:
    """Validate a table with pandera, and translate its failures into `Failure`s."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name}: expected a DataFrame, got {type(table).__name__}.")
    repeated = table.columns[table.columns.duplicated()]
    if len(repeated):
        what = f'has more than one column "{repeated[0]}"'
        yield of_whole(table, name, what, "Keep one: table.loc[:, ~table.columns.duplicated()].")
        return
    try:  # pandera trips over row labels that repeat, as they do after pd.concat
        rules.validate(table.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as errors:
        for error in errors.schema_errors:
            yield from _in_words(error, table, name, rules)


def _in_words(
    error, table: pd.DataFrame, name: str, rules: pa.DataFrameSchema
) -> Iterator[Failure]:
    Reason = pa.errors.SchemaErrorReason
    if error.reason_code == Reason.COLUMN_NOT_IN_DATAFRAME:
        has = ", ".join(str(column) for column in table.columns) or "none"
        what = f'has no column "{error.failure_cases}"'
        yield of_whole(table, name, what, f"Its columns are: {has}.")
        return
    if error.reason_code == Reason.COLUMN_NOT_IN_SCHEMA:
        what = f'has an unknown column "{error.failure_cases}"'
        fix = f"Keep only the known columns: {name}[{list(rules.columns)}]."
        yield of_whole(table, name, what, fix)
        return
    if error.reason_code == Reason.CHECK_ERROR:
        return  # the column is of the wrong kind, which has been reported already

    column = error.schema.name
    if error.reason_code == Reason.DATAFRAME_CHECK:
        wrong = ~error.check_output.to_numpy()
        what, fix = error.check.error, error.check.description
    elif error.reason_code == Reason.SERIES_CONTAINS_NULLS:
        wrong, (what, fix) = table[column].isna().to_numpy(), MISSING
    else:  # SERIES_CONTAINS_DUPLICATES
        wrong = table[column].duplicated().to_numpy()
        what, fix = "repeats an id of an earlier row", f'{name}.drop_duplicates("{column}")'
        fix = f"Look at both rows, then keep one: {fix}."
    where = f'column "{column}"' if column in rules.columns else ""
    example = None if not where or what == MISSING[0] else table[column].to_numpy()[wrong][0]
    fix = fix.format(table=name, column=column)
    yield Failure(name, where, what, table.index[wrong], len(table), example, fix)


def _quote(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
