"""Read a table from an unknown system: any format, encoding and delimiter, every value as text.

Every guess is reported, and nothing is filled in: a line with too few or too many values is left
out and listed. Rows have the numbers that a spreadsheet shows beside them: the line of column names
is row 1, unless there are titles above it.
"""

import codecs
import csv
import io
import itertools
import re
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from apps.report.own_shop import grids
from apps.report.own_shop.encodings import Encoding, find_encoding
from apps.report.own_shop.questions import OwnShopError, ask, choose
from apps.report.own_shop.sources import OLE, PARQUET, ZIP, Source, check_width, find_source
from helpers.language import say

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NO_TABLES = ("<", "%pdf", "{\\rtf")  # what other texts begin with
MOST_LINES = 50  # of one row; if there are more, an open quote has swallowed other rows
LONGEST_ROW = 1 << 26  # bytes
csv.field_size_limit(LONGEST_ROW)  # of the standard library's reader: letters
LOOKED_AT = 100  # lines at the beginning that are used to find the names and the delimiter
NAMED = 0.6  # share of the columns that have names, in the row of names
SHOWN = 100  # characters of a row that are shown
NOTHING = ["", "NULL", "null", "NaN", "nan", "N/A", "n/a", "#N/A", "None", "\\N", "-"]
# What stands in a row of values, but not in one of names. A year is no proof: it may be a name.
NUMBER = r"[-+(]?[^\w\s]?\s?\d[\d.,'\s]*\s?[^\w\s]?\)?"
DATE = r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}.*"
YEAR = r"(?:19|20)\d\d"
VALUE = re.compile(rf"(?!{YEAR}$)(?:{NUMBER}|{DATE}|\S+@\S+\.\S+)", re.DOTALL)


class TextTable(NamedTuple):
    """The contents of a file: all values as text, and how it was written."""

    rows: pd.DataFrame  # index ``row``: the number a spreadsheet shows
    encoding: str  # "" for a workbook or a parquet file
    delimiter: str  # "" if it is not a delimited text
    left_out: dict[int, str]  # number of a row → why it could not be read
    names_row: int  # number of the row of names; 0 if there is none
    notes: tuple[str, ...]  # what the user should know: sentences


class Head(NamedTuple):
    """The part of a table above the data."""

    columns: list[str]  # names of the columns: never blank, and all different
    first: int = 2  # number of the first row of data
    names_row: int = 1
    lines: int = 0  # of a text, before the data
    delimiter: str = ""
    notes: tuple[str, ...] = ()


def read_table(
    path: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    names: bool | None = None,
) -> TextTable:
    r"""Read a table in an unknown format.

    Parameters
    ----------
    path : delimited text, JSON lines or an array of JSON objects, a workbook (xlsx, xlsb, xls,
        ods), or parquet; perhaps in a zip, or compressed with gzip, bzip2 or xz. The column names
        are in the first row, or in the first with as many values as the rows below: titles above it
        are skipped.
    encoding : of the characters of a text. By default, what the file itself states, or UTF-8, or
        what its letters suggest; in the last case, a note says so.
    sheet : of a workbook, or file in a zip. Needed only if several contain something.
    names : whether the first row has the column names. By default, it must look like it.

    Returns
    -------
    TextTable. Blank cells, and words such as NULL or n/a, are missing; spaces around a value are
    removed; blank lines are skipped without a note.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     _ = path.write_text("Kunde;Preis\n7;9,50\n8; 12,00")
    ...     table = read_table(path)
    >>> table.rows
        Kunde  Preis
    row
    2       7   9,50
    3       8  12,00
    """
    path = Path(path)
    source, sheet, notes = find_source(path, sheet)
    start = source.start()
    if start.startswith((*ZIP, OLE)):
        table = _read_workbook(source, sheet, names)
    elif sheet is not None:
        what = '{name} has no sheets, so it can\'t have "{sheet}".'
        raise OwnShopError(what, name=path.name, sheet=sheet)
    elif start.startswith(PARQUET):
        rows = grids.read_parquet(source)
        table = _tidy(rows, Head(rows.column_names), {}, path.name)
    else:
        table = _read_text(source, encoding, names)
    return table._replace(notes=notes + table.notes)


def _read_workbook(source: Source, sheet: str | None, names: bool | None) -> TextTable:
    rows, notes = grids.read_workbook(source, sheet)
    start = [[value or "" for value in row] for row in rows[:LOOKED_AT]]
    if not any(map(any, start)):
        raise OwnShopError("{name} is empty: it has no columns. Export it again.", name=source.name)
    titles = _count_titles(start)
    head = _make_head(start[titles], titles, names, source.name)
    width = len(head.columns)
    arrays = [
        pa.array([row[n] for row in rows[head.first - 1 :]], pa.large_string())
        for n in range(width)
    ]
    table = pa.table(arrays, names=head.columns)
    used = [n for n in range(width) if start[titles][n] or arrays[n].null_count < len(arrays[n])]
    return _tidy(table.select(used), head, {}, source.name)._replace(notes=notes)


def _read_text(source: Source, encoding: str | None, names: bool | None) -> TextTable:
    """Read delimited text or JSON."""
    name = source.name
    with source.open() as file:
        code = Encoding(encoding) if encoding else find_encoding(file, name)
    try:
        with _open_text(source, code) as text:
            start = text.read(1 << 16).lstrip().lower()
        if start.startswith(NO_TABLES):
            text = "{name} is a web page, XML, or a document, not a table. Export it as CSV."
            raise OwnShopError(text, name=name)
        if not start:
            raise OwnShopError("{name} is empty: it has no columns. Export it again.", name=name)
        if start.startswith("{") or re.match(r"\[\s*[{\]]", start):
            with _open_text(source, code) as text:
                table, left_out = grids.read_json(text, name, is_array=start[0] == "[")
            head = Head(table.column_names, first=1, names_row=0)
        else:
            with _open_text(source, code) as text:
                head = _read_head(text, names, name)
            table, left_out = _read_delimited(source, code, head)
    except (UnicodeError, LookupError, pa.ArrowInvalid) as error:
        raise OwnShopError(
            "{name} cannot be read as {encoding} ({error}). Save it as UTF-8, or name its "
            'encoding, such as MAP="encoding=cp1250".',
            name=name,
            encoding=code.name,
            error=str(error)[:160].rstrip("."),
        ) from None
    tidy = _tidy(table, head, left_out, name)
    return tidy._replace(encoding=code.name, notes=code.notes + tidy.notes)


def _open_text(source: Source, code: Encoding) -> io.TextIOWrapper:
    codecs.lookup(code.name)  # or an error, before a file is open
    return io.TextIOWrapper(source.open(), code.name, code.errors, newline="")


def _read_head(file: io.TextIOWrapper, names: bool | None, name: str) -> Head:
    """Find the names of the columns and the delimiter, by the first lines of a text.

    A file may begin with titles, which have few values; then the names are in the first row with as
    many values as most rows have. In a file with the lines "Orders of March", "user,date" and
    "7,2025-03-01" it is the second.
    """
    lines = list(itertools.islice(iter(lambda: file.readline(LONGEST_ROW), ""), LOOKED_AT))
    given = lines.pop(0).strip().lower() if lines[0].lower().startswith("sep=") else ""
    blank = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if blank == len(lines):
        raise OwnShopError("{name} is empty: it has no columns. Export it again.", name=name)
    check_width(1 + max(lines[blank].count(mark) for mark in DELIMITERS), name)
    delimiter = given[4:5] or _find_delimiter(lines[blank:])
    reader = csv.reader(lines[blank:], delimiter=delimiter)
    rows, ends = zip(*((row, reader.line_num) for row in reader), strict=True)
    titles = _count_titles(rows)
    row, below = rows[titles], rows[titles + 1 :]
    if below and all(len(each) == len(row) + 1 and not each[-1] for each in below):
        row = [*row, ""]  # each row ends with a delimiter, except the names
    head = _make_head(row, blank + titles, names, name)  # Excel hides the line it added
    if head.names_row and not below:
        raise _no_table(name)
    before = ends[titles] if head.names_row else [0, *ends][titles]
    return head._replace(lines=bool(given) + blank + before, delimiter=delimiter)


def _find_delimiter(lines: list[str]) -> str:
    """Return the delimiter with which most rows have the same number of values, and clean ones.

    A value is clean if it is a number, or contains none of the other delimiters.
    """

    def quality(mark: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(lines, delimiter=mark) if row]
        widths = [len(row) for row in rows]
        width = max(set(widths), key=widths.count)
        others = set(DELIMITERS) - {mark}
        values = [value for row in rows if len(row) == width for value in row]
        clean = [others.isdisjoint(value) or bool(re.fullmatch(NUMBER, value)) for value in values]
        share = widths.count(width) / len(widths)
        return share * sum(clean) / len(clean) * (1 - 1 / width), lines[0].count(mark)

    return max(DELIMITERS, key=quality)


def _count_titles(rows: list[list[str]]) -> int:
    """Return how many rows with few values are above the row of names."""
    filled = [sum(map(bool, row)) for row in rows]
    widths = [len(row) for row, count in zip(rows[1:], filled[1:], strict=True) if count > 1]
    width = max(set(widths), key=widths.count, default=len(rows[0]))
    if min(len(rows[0]), filled[0]) > width / 2:
        return 0
    return next((n for n, count in enumerate(filled) if count > NAMED * width), 0)


def _make_head(row: list[str], titles: int, names: bool | None, file: str) -> Head:
    """Take the first row as names, if it looks like names or the user says so."""
    check_width(len(row), file)
    if names is None and _looks_like_values(row):
        shown = " | ".join(row)
        shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
        asks = "The first row of {file} doesn't look like column names: {shown}"
        meanings = {
            "names=no": 'these are values; call the columns "column 1", …',
            "names=yes": "these are the names",
        }
        raise ask(asks, choose(meanings), file=file, shown=shown)
    columns = _unique_names(["" for _ in row] if names is False else row)
    if names is False:
        what = '{file} has no row of column names: its columns are called "column 1", ….'
        return Head(columns, first=1 + titles, names_row=0, notes=(say(what, file=file),))
    return Head(columns, 2 + titles, 1 + titles)


def _looks_like_values(row: list[str]) -> bool:
    """Whether a row contains a date, a number other than a year, or an email address.

    Examples
    --------
    >>> _looks_like_values(["7", "2025-03-01", "tea"]), _looks_like_values(["product", "2024"])
    (True, False)
    """
    return any(VALUE.fullmatch(value.strip()) for value in row)


def _unique_names(row: list[str]) -> list[str]:
    names: dict[str, None] = {}
    for place, name in enumerate(row, start=1):
        name = " ".join(name.replace("\ufeff", "").split()) or f"column {place}"
        count = 2
        unique = name
        while unique in names:
            unique, count = f"{name} ({count})", count + 1
        names[unique] = None
    return list(names)


def _read_delimited(source: Source, code: Encoding, head: Head) -> tuple[pa.Table, dict[int, str]]:
    """Return all values as text, and the rows with too few or too many."""
    misfits = {}

    def leave_out(line: pyarrow.csv.InvalidRow) -> str:
        misfits[line.number - head.lines - 1 + head.first] = line
        return "skip"

    is_utf_8 = code.name == "utf-8" and code.errors == "strict"
    with source.open() as file:
        table = pyarrow.csv.read_csv(
            Ended(file if is_utf_8 else codecs.EncodedFile(file, "utf-8", *code[::2])),
            pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=LONGEST_ROW,
                column_names=head.columns,
                skip_rows=head.lines,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=head.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=leave_out,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(head.columns, pa.large_string()),
                null_values=NOTHING,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    for row, misfit in misfits.items():
        if misfit.text.count("\n") > MOST_LINES:
            raise _open_quote(row, source.name)
    last = head.first + len(table) + len(misfits) - 1
    if len(head.columns) == 1 and len(table) and table[0][-1].as_py() == Ended.LINE:
        table = table[:-1]
    elif not misfits or misfits.popitem()[1].text != Ended.LINE:
        raise _open_quote(last, source.name)
    what = "has {actual_columns} values instead of {expected_columns}"
    counts = ("actual_columns", "expected_columns")
    return table, {
        row: say(what, **{name: getattr(misfit, name) for name in counts})
        for row, misfit in misfits.items()
    }


class Ended(io.RawIOBase):
    """UTF-8 with one more line at the end, which is lost if a quote before it is left open."""

    LINE = "\x1f the end \x1f"

    def __init__(self, file: BinaryIO):
        self.file = file
        self.last = b""  # what was read last; None after the end

    def readable(self) -> bool:
        """Whether it can be read, as `io.RawIOBase` asks."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read bytes of the file, or the line after its end."""
        if self.last is None:
            return b""
        if block := self.file.read(size):
            self.last = block[-1:]
            return block
        new_line, self.last = b"" if self.last in b"\r\n" else b"\n", None
        return new_line + self.LINE.encode()


def _open_quote(row: int, name: str) -> OwnShopError:
    """Refuse a row that has swallowed the rows below it, instead of losing them silently."""
    what = (
        "Row {row} of {name} swallows the rows below it, because a quote is opened there and "
        "never closed. Close it or remove it."
    )
    return OwnShopError(what, row=row, name=name)


def _tidy(table: pa.Table, head: Head, left_out: dict[int, str], name: str) -> TextTable:
    """Return the rows with the numbers of a spreadsheet, without spaces around values."""
    numbers = pd.RangeIndex(head.first, head.first + len(table) + len(left_out))
    numbers = numbers.difference(pd.Index(left_out, dtype=int)).rename("row")
    columns = []
    for column in table.columns:
        if (pc.max(pc.binary_length(column)).as_py() or 0) > MOST_LINES:
            long = pc.index(pc.greater(pc.count_substring(column, "\n"), MOST_LINES), True).as_py()
            if long >= 0:
                raise _open_quote(numbers[long], name)
        columns.append(_strip(column, words=not head.delimiter))
    rows = pa.table(columns, names=table.column_names).to_pandas()
    rows.index = numbers
    repeated = rows.eq(rows.columns).all(axis="columns")  # several exports in one file
    left_out |= dict.fromkeys(rows.index[repeated].tolist(), say("repeats the column names"))
    empty = rows.isna().all(axis="columns") if rows.isna().any().all() else repeated & False
    if (repeated | empty).any():
        rows = rows[~repeated & ~empty]
    if rows.empty or len(left_out) > len(rows):
        raise _no_table(name, left_out)
    return TextTable(rows, "", head.delimiter, left_out, head.names_row, head.notes)


def _no_table(name: str, left_out: dict[int, str] | None = None) -> OwnShopError:
    """Say that a file has no rows, or none that fit its first line."""
    why = say("it has a line of column names but no rows below it")
    if left_out:
        number, first = next(iter(left_out.items()))
        what = "lines that don't match the first line: {left_out} (row {number} {what})"
        why = say(what, left_out=f"{len(left_out):,}", number=number, what=first)
    return OwnShopError("{name} is not a table: {why}. Export it again.", name=name, why=why)


def _strip(column: pa.ChunkedArray, words: bool) -> pa.ChunkedArray:
    """Remove spaces around values; what is then blank is missing, or a word for nothing.

    If no value has spaces, the column stays as it is and shares its memory. The reader of delimited
    text has already made ``words`` missing.
    """
    stripped = pc.utf8_trim_whitespace(column)
    size, new_size = (pc.sum(pc.binary_length(each)) for each in (column, stripped))
    if size.equals(new_size) and not words:
        return column
    blank = pc.is_in(stripped, pa.array(NOTHING, pa.large_string()))
    return pc.if_else(blank, pa.scalar(None, pa.large_string()), stripped)
