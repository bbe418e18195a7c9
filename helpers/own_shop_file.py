"""Read a table that somebody else exported: any encoding, any delimiter, every value as text.

Nothing is guessed in silence, and nothing is filled up: a line with too few or too many values is
left out and listed. Rows have the numbers that a spreadsheet shows beside them: the line of column
names is row 1.
"""

import codecs
import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {  # how a file begins that says itself how it is encoded
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
OTHER_FILES = {b"PK\x03\x04": "a spreadsheet or an archive", b"\xd0\xcf\x11\xe0": "a spreadsheet"}
OTHER_FILES |= {b"\x1f\x8b": "compressed", b"PAR1": "a parquet file", b"%PDF": "a PDF"}
MOST_LINES = 50  # of one row; more are rows that an open quote has swallowed
NOTHING = ["", "NULL", "null", "NaN", "nan", "N/A", "n/a", "#N/A", "None", "\\N", "-"]


class OwnShopError(ValueError):
    """A file that no shop can be read from; the message says what to do about it."""


class TextTable(NamedTuple):
    """What a file holds: all values as text, and how it was written."""

    rows: pd.DataFrame  # index ``row``: the number a spreadsheet shows
    encoding: str
    delimiter: str
    left_out: dict[int, str]  # number of a row → why it could not be read


def read_csv(path: str | Path, encoding: str | None = None) -> TextTable:
    """Read a delimited file whose encoding and delimiter are not known.

    Parameters
    ----------
    path : the file; its first line holds the names of the columns.
    encoding : how its characters are written. Without it: what the file itself says, else UTF-8,
        else Windows-1252 (Western Europe), in which nearly all bytes are some letter.

    Returns
    -------
    TextTable. Blank cells, and words such as NULL or n/a, are missing; blanks around a value are
    taken off; blank lines are left out without a word.

    Raises
    ------
    OwnShopError
        If the file is not there, is empty, is no text, or no table can be made of it.
    """
    path = Path(path)
    encoding = encoding or _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            head, skipped, delimiter = _head(file, path)
    except (UnicodeError, LookupError) as error:
        raise OwnShopError(
            f"{path.name} cannot be read as {encoding} ({str(error)[:80]}). Save it as UTF-8, "
            'or say how it is encoded: encoding="cp1250".'
        ) from None
    names = _column_names(head)
    left_out: dict[int, str] = {}
    lines_of: dict[int, int] = {}

    def leave_out(line: pa.csv.InvalidRow) -> str:
        lines_of[line.number - skipped + 1] = line.text.count("\n")
        what = f"has {line.actual_columns} values, where {line.expected_columns} belong"
        left_out[line.number - skipped + 1] = what
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            path,
            pyarrow.csv.ReadOptions(
                use_threads=False,
                column_names=names,
                skip_rows=skipped,
                encoding="utf8" if encoding == "utf-8" else encoding,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=leave_out,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=NOTHING,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except (pa.ArrowInvalid, UnicodeError) as error:
        reason = str(error).removeprefix("CSV parse error: ")[:160]
        raise OwnShopError(
            f"{path.name} is no table: {reason}. Look at that place: is a quote open, or is the "
            "file cut off?"
        ) from None
    for row, lines in lines_of.items():
        _refuse_open_quote(lines, row, path)
    return _tidy(table, path, encoding, delimiter, left_out)


def _refuse_open_quote(lines: float, row: int, path: Path) -> None:
    """Refuse a row that has swallowed those below it: to go on would lose them without a word."""
    if lines > MOST_LINES:
        raise OwnShopError(
            f"Row {row} of {path.name} runs over {lines:,.0f} lines: a quote is opened there and "
            "not closed. Close it or take it out."
        )


def _encoding(path: Path) -> str:
    """Return how the file is encoded, as far as its bytes tell."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
            for mark, what in OTHER_FILES.items():
                if start.startswith(mark):
                    raise OwnShopError(
                        f"{path.name} is {what}, not text. Open it and save it as CSV."
                    )
            for mark, name in MARKS.items():
                if start.startswith(mark):
                    return name
            if not start.strip():
                raise OwnShopError(f"{path.name} is empty. Export it again: it has no columns.")
            if b"\0" in start:
                raise OwnShopError(f"{path.name} is no text file. Export it as CSV, in UTF-8.")
            decoder = codecs.getincrementaldecoder("utf-8")()
            decoder.decode(start)
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    except OSError as error:
        raise OwnShopError(
            f"{path} cannot be read: {error.strerror}. Is the name right, and is it a file?"
        ) from None
    return "utf-8"


def _head(file: Iterator[str], path: Path) -> tuple[list[str], int, str]:
    """Return the names of columns, how many lines stand before the data, and the delimiter."""
    line = next(file, "")
    given = line.strip().lower() if line.lower().startswith("sep=") else ""
    skip = 1 if given else 0
    if given:  # what Excel writes for itself
        line = next(file, "")
    while line and not line.strip():
        line, skip = next(file, ""), skip + 1
    counts = {delimiter: line.count(delimiter) for delimiter in DELIMITERS}
    delimiter = given[4:5] or max(counts, key=counts.get)
    reader = csv.reader(chain([line], file), delimiter=delimiter)
    try:
        head = next(reader, [])
    except csv.Error as error:
        raise OwnShopError(f"The first line of {path.name} holds no names: {error}.") from None
    return head, skip + reader.line_num, delimiter


def _column_names(head: list[str]) -> list[str]:
    """Return names that are all there and all different."""
    names: list[str] = []
    for place, name in enumerate(head, start=1):
        name = " ".join(name.replace("\ufeff", "").split()) or f"column {place}"
        count = 2
        unique = name
        while unique in names:
            unique, count = f"{name} ({count})", count + 1
        names.append(unique)
    return names


def _tidy(
    table: pa.Table, path: Path, encoding: str, delimiter: str, left_out: dict[int, str]
) -> TextTable:
    rows = table.to_pandas()
    numbers = pd.RangeIndex(2, 2 + len(rows) + len(left_out))
    rows.index = numbers.difference(pd.Index(left_out, dtype=int)).rename("row")
    for name in rows.columns:
        lines = rows[name].str.count("\n")
        if lines.max() > MOST_LINES:
            _refuse_open_quote(lines.max(), lines.idxmax(), path)
        rows[name] = rows[name].astype("str").str.strip()
        rows[name] = rows[name].mask(rows[name] == "")
    rows = rows.dropna(how="all")
    if rows.empty or len(left_out) > len(rows):
        kind = DELIMITERS.get(delimiter, repr(delimiter))
        why = "it has a line of names and no row below it"
        if left_out:
            number, what = next(iter(left_out.items()))
            why = f"lines that do not fit its first: {len(left_out):,} (row {number} {what})"
        raise OwnShopError(f"{path.name} is no table with {kind}: {why}. Export it again.")
    return TextTable(rows, encoding, delimiter, left_out)
