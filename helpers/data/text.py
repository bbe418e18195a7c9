"""Read a CSV file as text, with errors that say why it can't be read, and the fix."""

import csv
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from helpers.data import problems, schema


def read_text(path: str | Path, name: str) -> pd.DataFrame:
    """Read one CSV file of an export, all values as text, empty ones as missing.

    Unlike `pandas.read_csv`, which silently fills short lines, this raises an error if a line has
    more or fewer values than the first.

    Parameters
    ----------
    path : file in UTF-8, with commas and a first line of column names.
    name : the table it holds, a name in `schema.TABLES`.
    """
    path = Path(path)
    expected = schema.columns(name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError:
        raise _not_utf8(path, name) from None
    absent = [column for column in expected if header.count(column) != 1]
    if absent:
        raise _bad_header(path, name, header, absent)
    try:
        table = pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(expected, pa.string()),
                include_columns=expected,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _not_utf8(path, name) from None
        what = f"is not a table: {str(error).removeprefix('CSV parse error: ')[:120]}"
        raise _unreadable(
            path, name, what, "Look at that line; is a quote open or a comma lost?"
        ) from None
    return table.to_pandas()


def _unreadable(path: Path, name: str, what: str, fix: str) -> problems.TableError:
    none = pd.Index([])
    return problems.TableError(
        [problems.Failure(name, f"file {path.name}", what, none, 0, None, fix)]
    )


def _not_utf8(path: Path, name: str) -> problems.TableError:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                what = f"is not UTF-8 (line {number}: {line[max(error.start - 10, 0) :][:30]!r})"
                break
    fix = (
        'Find its encoding, often "cp1252" or "utf-16", and save it as UTF-8: '
        'path.write_text(path.read_text("cp1252"), "utf-8").'
    )
    return _unreadable(path, name, what, fix)


def _bad_header(path: Path, name: str, header: list[str], absent: list[str]) -> problems.TableError:
    if not header:
        return _unreadable(path, name, "is empty", "Export it again: not even a header is there.")
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and delimiter in header[0]:
            fix = f"pd.read_csv(path, sep={delimiter!r}, dtype=str).to_csv(path, index=False)."
            return _unreadable(path, name, f"has {word} where commas belong", f"Fix it: {fix}")
    wrong = ", ".join(f'"{column}"' for column in absent)
    twice = any(column in header for column in absent)
    what = f"has the column {wrong} more than once" if twice else f"has no column {wrong}"
    return _unreadable(path, name, what, f"Its columns are: {', '.join(header)}.")
