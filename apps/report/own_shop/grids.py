"""Read tables that are not delimited text, with every value as text: workbooks, parquet, JSON.

Dates are written as in ISO 8601 and numbers in plain decimals: 2025-03-05 14:22:01, 1001, 9.5.
"""

import fnmatch
import itertools
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine

from apps.report.own_shop import sources
from apps.report.own_shop.questions import OwnShopError
from apps.report.own_shop.sources import DAMAGED, Source, check_width
from helpers.language import say

CELLS = 50_000_000  # of a sheet
LAST_CELL = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
LINES = 100_000  # of JSON that become a table at once
DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _: None)


def read_workbook(
    source: Source, sheet: str | None
) -> tuple[list[list[str | None]], tuple[str, ...]]:
    """Return all rows of a sheet of an xlsx, xlsb, xls or ods file, and which sheet it was."""
    try:
        _refuse_far_cells(source)
        with source.open() as file, python_calamine.load_workbook(file) as book:
            if sheet is not None and sheet not in book.sheet_names:
                raise sources.ask_which(source.name, "sheets", book.sheet_names)
            names = [sheet] if sheet is not None else book.sheet_names
            sheets = [book.get_sheet_by_name(name) for name in names]
            filled = [each for each in sheets if each.total_height] or sheets[:1]
            if len(filled) > 1:
                raise sources.ask_which(source.name, "sheets", [each.name for each in filled])
            check_width(filled[0].total_width, source.name)
            rows = [
                [_as_text(value) for value in row]
                for row in filled[0].to_python(skip_empty_area=False)
            ]
    except (python_calamine.CalamineError, *DAMAGED) as error:
        raise sources.unreadable(source.name, error) from None
    note = say('The sheet "{sheet}" of {file} was read.', sheet=filled[0].name, file=source.name)
    return rows, (note,) if len(sheets) > 1 else ()


def _refuse_far_cells(source: Source) -> None:
    """Refuse an xlsx with a cell so far away that the rectangle up to it would fill the memory."""
    with source.open() as file:
        archive = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
        parts = archive.namelist() if archive else []
        for part in fnmatch.filter(parts, "xl/worksheets/*.xml"):
            with archive.open(part) as sheet:
                last = LAST_CELL.search(sheet.read(1 << 12)) or (b"", b"A", 1)
            height = int(last[2])
            width = sum((c - 64) * 26**n for n, c in enumerate(reversed(last[1])))
            if height * width > CELLS:
                what = (
                    "A sheet of {name} goes down to row {height} and right to column {width}. "
                    "Delete what is far away from the table, or save it as CSV."
                )
                values = {"height": f"{height:,}", "width": f"{width:,}"}
                raise OwnShopError(what, name=source.name, **values)


def _as_text(value: object) -> str | None:
    """Write the value of a cell as our readers of dates and numbers like it."""
    if isinstance(value, float):
        return _plain(value)
    return None if value in (None, "") else str(value)  # a date as in ISO 8601


def _plain(number: float) -> str:
    """Write a number with the 15 digits of a spreadsheet, and no exponent.

    Examples
    --------
    >>> _plain(1001.0), _plain(0.1 + 0.2), _plain(1.5e-7)
    ('1001', '0.3', '0.00000015')
    """
    return format(Decimal(f"{number:.15g}"), "f")


def read_parquet(source: Source) -> pa.Table:
    """Read a parquet file."""
    try:
        with source.open() as file, pq.ParquetFile(file) as parquet:
            about = parquet.metadata
            check_width(about.num_columns, source.name)
            size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
            if max(size, about.num_rows * about.num_columns) > sources.MOST:
                raise sources.too_large(source.name, sources.MOST)
            table = parquet.read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise sources.unreadable(source.name, error) from None
    kept = [name for name in table.column_names if not name.startswith("__index_level_")]
    return pa.table([_column_as_text(table[name]) for name in kept], names=kept)


def _column_as_text(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_nested(column.type):
        return pa.array(map(_json_text, column.to_pylist()), pa.large_string())
    codes = column.combine_chunks().dictionary_encode()  # each different value is written once
    texts = pa.array(map(_as_text, codes.dictionary.to_pylist()), pa.large_string())
    return texts.take(codes.indices)


def read_json(text: TextIO, name: str, is_array: bool) -> tuple[pa.Table, dict[int, str]]:
    """Read an array of JSON objects, or one object a line; numbers stay as they are written.

    Returns
    -------
    table : one row per object, or blank line; values that are themselves objects remain JSON.
    left_out : number of a line (of an object in an array) → why it could not be read.
    """
    left_out: dict[int, str] = {}

    def objects() -> Iterator[dict]:
        found = _json(text.read()) if is_array else map(_json, text)
        if found is None:
            raise OwnShopError(
                "{name} is not complete JSON. Is it cut off? Export it again.", name=name
            )
        for number, each in enumerate(found, start=1):
            if isinstance(each, dict):
                yield each
            else:
                left_out[number] = say("is not a JSON object")

    rows = objects()
    tables = []
    while some := list(itertools.islice(rows, LINES)):
        names = dict.fromkeys(itertools.chain.from_iterable(some))
        check_width(len(names), name)
        columns = [[_json_text(row.get(name)) for row in some] for name in names]
        arrays = [pa.array(column, pa.large_string()) for column in columns]
        tables.append(pa.table(arrays, names=list(names)))
    return pa.concat_tables(tables or [pa.table({})], promote_options="default"), left_out


def _json(text: str) -> object:
    """Parse JSON; None if it is none. A blank line is an object without values."""
    try:
        return DECODER.decode(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return None


def _json_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
