"""Read a table from an unknown system: any encoding, any delimiter, every value as text.

Every guess is reported, and nothing is filled in: a line with too few or too many values is left
out and listed. Rows have the numbers that a spreadsheet shows beside them: the line of column names
is row 1, unless there are titles above it.
"""

import codecs
import csv
import gzip
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {  # the beginning of a file that states its own encoding
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
OTHER_FILES = {b"PK\x03\x04": "a spreadsheet or an archive", b"\xd0\xcf\x11\xe0": "a spreadsheet"}
OTHER_FILES |= {b"PAR1": "a parquet file", b"%PDF": "a PDF"}
OTHER_TEXTS = {b"<!doctype": "a web page", b"<html": "a web page", b"<?xml": "XML"}
OTHER_TEXTS |= {b"[{": "JSON", b'{"': "JSON"}
GZIP = b"\x1f\x8b"
MOST_LINES = 50  # of one row; if there are more, an open quote has swallowed other rows
LONGEST_ROW = 1 << 26  # bytes
LOOKED_AT = 20  # rows at the beginning that are used to find the names and the delimiter
CONTROLS = set(range(32)) - set(b"\t\n\r\f\x1b")  # bytes that text never contains
NOTHING = ["", "NULL", "null", "NaN", "nan", "N/A", "n/a", "#N/A", "None", "\\N", "-"]


class OwnShopError(ValueError):
    """The file can't be read as a shop; the message says what to do about it."""


class TextTable(NamedTuple):
    """The contents of a file: all values as text, and how it was written."""

    rows: pd.DataFrame  # index ``row``: the number a spreadsheet shows
    encoding: str
    delimiter: str
    left_out: dict[int, str]  # number of a row → why it could not be read
    names_row: int  # number of the row of names


def read_csv(path: str | Path, encoding: str | None = None) -> TextTable:
    """Read a delimited file with unknown encoding and delimiter.

    Parameters
    ----------
    path : the file, perhaps compressed with gzip. The column names are in its first line, or in the
        first line with as many values as the rows below: titles above it are skipped.
    encoding : of its characters. By default, what the file itself states, or UTF-8, or Windows-1252
        (Western European), in which nearly every byte is a character.

    Returns
    -------
    TextTable. Blank cells, and words such as NULL or n/a, are missing; spaces around a value are
    removed; blank lines are skipped without a note.
    """
    path = Path(path)
    encoding = encoding or _encoding(path)
    try:
        with _open(path, encoding) as file:
            head = _head(file, path)
    except (UnicodeError, LookupError) as error:
        raise OwnShopError(
            f"{path.name} cannot be read as {encoding} ({str(error)[:80]}). Save it as UTF-8, "
            'or set its encoding, such as encoding="cp1250".'
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    try:
        table, misfits = _parse(path, encoding, head)
    except (pa.ArrowInvalid, UnicodeError) as error:
        reason = str(error).removeprefix("CSV parse error: ")[:160]
        raise OwnShopError(
            f"{path.name} is not a valid table: {reason}. Check that place: is a quote left open, "
            "or is the file cut off?"
        ) from None
    for row, misfit in misfits.items():
        _refuse_open_quote(misfit.text.count("\n"), row, path)
    left_out = {
        row: f"has {misfit.actual_columns} values instead of {misfit.expected_columns}"
        for row, misfit in misfits.items()
    }
    rows = _tidy(table, head, left_out, path)
    return TextTable(rows, encoding, head.delimiter, left_out, head.titles + 1)


def _parse(
    path: Path, encoding: str, head: "Head"
) -> tuple[pa.Table, dict[int, pyarrow.csv.InvalidRow]]:
    """Return all values as text, and the lines with too few or too many, by row number."""
    misfits = {}

    def leave_out(line: pyarrow.csv.InvalidRow) -> str:
        misfits[line.number - head.lines + 1 + head.titles] = line
        return "skip"

    names = _column_names(head.names)
    table = pyarrow.csv.read_csv(
        _open(path) if _is_gzip(path) else path,
        pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=LONGEST_ROW,
            column_names=names,
            skip_rows=head.lines,
            encoding="utf8" if encoding == "utf-8" else encoding,
        ),
        pyarrow.csv.ParseOptions(
            delimiter=head.delimiter,
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
    return table, misfits


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP


def _open(path: Path, encoding: str | None = None):
    """Open a file for reading, as text or bytes, and decompress it if necessary."""
    mode = "rt" if encoding else "rb"
    newline = "" if encoding else None
    if _is_gzip(path):
        return gzip.open(path, mode, encoding=encoding, newline=newline)
    return path.open(mode, encoding=encoding, newline=newline)


def _refuse_open_quote(lines: float, row: int, path: Path) -> None:
    """Refuse a row that has swallowed the rows below it, instead of losing them silently."""
    if lines > MOST_LINES:
        raise OwnShopError(
            f"Row {row} of {path.name} spans {lines:,.0f} lines, because a quote is opened there "
            "and never closed. Close it or remove it."
        )


def _encoding(path: Path) -> str:
    """Return the encoding of the file, as far as its bytes reveal it."""
    try:
        with _open(path) as file:
            start = file.read(1 << 16)
            for mark, what in OTHER_FILES.items():
                if start.startswith(mark):
                    raise OwnShopError(
                        f"{path.name} is {what}, not text. Open it and save it as CSV."
                    )
            for mark, what in OTHER_TEXTS.items():
                if start[:99].lstrip().lower().startswith(mark):
                    raise OwnShopError(f"{path.name} is {what}, not a table. Export it as CSV.")
            for mark, name in MARKS.items():
                if start.startswith(mark):
                    return name
            if not start.strip():
                raise OwnShopError(f"{path.name} is empty: it has no columns. Export it again.")
            if b"\0" in start or sum(byte in CONTROLS for byte in start) > len(start) / 100:
                raise OwnShopError(f"{path.name} is not a text file. Export it as CSV in UTF-8.")
            decoder = codecs.getincrementaldecoder("utf-8")()
            decoder.decode(start)
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _western(start, path)
    except (OSError, EOFError) as error:
        raise _unreadable(path, error) from None
    return "utf-8"


def _unreadable(path: Path, error: Exception) -> OwnShopError:
    reason = getattr(error, "strerror", None) or str(error)
    return OwnShopError(f"{path} cannot be read: {reason}. Check its name, and that it is a file.")


def _western(start: bytes, path: Path) -> str:
    """Return Windows-1252, unless non-ASCII bytes fill whole words, as in other alphabets."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", start)]
    if sum(run for run in runs if run >= 4) > sum(runs) / 2:
        raise OwnShopError(
            f"The encoding of {path.name} is neither UTF-8 nor Western European (Windows-1252). "
            'Save it as UTF-8, or set its encoding: encoding="gb18030" (Chinese), "big5", '
            '"shift_jis", "euc_kr", "cp1251" (Cyrillic); MAP="encoding=gb18030" with make report.'
        )
    return "cp1252"


class Head(NamedTuple):
    """The part of the file above the data."""

    names: list[str]  # of the columns, as they are written
    titles: int  # rows above them
    lines: int  # of the file, before the data
    delimiter: str


def _head(file: Iterator[str], path: Path) -> Head:
    """Find the names of the columns and the delimiter, by the first lines of a file.

    The delimiter is the mark that appears most often in the first line that is not blank, or else
    in the lines below. A file may begin with titles, which are rows of one value; then the names
    are in the first row with as many values as most rows have. In a file with the lines "Orders of
    March", "user,date" and "7,2025-03-01" it is the second.
    """
    line = next(file, "")
    given = line.strip().lower() if line.lower().startswith("sep=") else ""
    skip = 1 if given else 0
    if given:  # a line that Excel adds
        line = next(file, "")
    while line and not line.strip():
        line, skip = next(file, ""), skip + 1
    lines = [line, *islice(file, LOOKED_AT)]
    counts = {mark: line.count(mark) or "".join(lines).count(mark) / 1e6 for mark in DELIMITERS}
    delimiter = given[4:5] or max(counts, key=counts.get)
    reader = csv.reader(chain(lines, file), delimiter=delimiter)
    first, ends = [], []
    try:
        for row in islice(reader, LOOKED_AT):
            first.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        if not first:
            reason = f"The first line of {path.name} contains no column names: {error}."
            raise OwnShopError(reason) from None
    widths = [len(row) for row in first]
    width = max(set(widths[1:]), key=widths[1:].count, default=widths[0])
    titles = widths.index(width) if widths[0] == 1 and width > 1 else 0
    head, below = first[titles], first[titles + 1 :]
    if below and all(len(row) == len(head) + 1 and not row[-1] for row in below):
        head = [*head, ""]  # each row ends with a delimiter, except the names
    above = titles + skip - (1 if given else 0)  # Excel hides the line that it added
    return Head(head, above, skip + ends[titles], delimiter)


def _column_names(head: list[str]) -> list[str]:
    """Return names that are never blank and all different."""
    names: dict[str, None] = {}
    for place, name in enumerate(head, start=1):
        name = " ".join(name.replace("\ufeff", "").split()) or f"column {place}"
        count = 2
        unique = name
        while unique in names:
            unique, count = f"{name} ({count})", count + 1
        names[unique] = None
    return list(names)


def _tidy(table: pa.Table, head: Head, left_out: dict[int, str], path: Path) -> pd.DataFrame:
    """Return the rows with the numbers of a spreadsheet, without spaces around values."""
    rows = table.to_pandas()
    first = 2 + head.titles
    numbers = pd.RangeIndex(first, first + len(rows) + len(left_out))
    rows.index = numbers.difference(pd.Index(left_out, dtype=int)).rename("row")
    for name in rows.columns:
        lines = rows[name].str.count("\n")
        if lines.max() > MOST_LINES:
            _refuse_open_quote(lines.max(), lines.idxmax(), path)
        rows[name] = rows[name].astype("str").str.strip()
        rows[name] = rows[name].mask(rows[name] == "")
    rows = rows.dropna(how="all")
    if rows.empty or len(left_out) > len(rows):
        kind = DELIMITERS.get(head.delimiter, repr(head.delimiter))
        why = "it has a line of column names but no rows below it"
        if left_out:
            number, what = next(iter(left_out.items()))
            why = f"lines that don't match the first line: {len(left_out):,} (row {number} {what})"
        message = f"{path.name} is not a table separated by {kind}: {why}. Export it again."
        raise OwnShopError(message)
    return rows
