"""Checks of function inputs: tables, parameters, days.

The rules of the shop's tables are in `helpers.data.schema`.
"""

from collections.abc import Mapping
from numbers import Real

import pandas as pd
import pandera.pandas as pa
from pandas.api import types

from helpers.data.kinds import KINDS, column_of
from helpers.data.problems import failures_of, of_rows, of_whole, raise_all
from helpers.data.schema import name_of


def require_share(name: str, value: float) -> None:
    """Check that a parameter is a share between 0 and 1, both excluded.

    Examples
    --------
    >>> require_share("level", 80)
    Traceback (most recent call last):
        ...
    ValueError: level is a share between 0 and 1; got 80.
    """
    if not isinstance(value, Real) or not 0 < value < 1:
        raise ValueError(f"{name} is a share between 0 and 1; got {value!r}.")


def require(table: pd.DataFrame, /, **kinds: str) -> None:
    """Check that a table has rows and the columns a function needs.

    Parameters
    ----------
    table : DataFrame; other columns are ignored.
    **kinds : column="kind", where the kind is "key" (text or whole numbers), "text",
        "datetime" (no time zone), "number" (finite), "count" (whole) or "flag" (True or False).
        Values may not be missing, unless the kind ends in "?".

    Examples
    --------
    >>> require(pd.DataFrame({"user_id": ["U1"], "quantity": ["2 pcs"]}), quantity="count")
    Traceback (most recent call last):
        ...
    helpers.data.problems.TableError: table: column "quantity" holds no whole number in 1 of 1 rows
    (row 0: "2 pcs"). Clean with cleaning.parse_numbers(table, "quantity") or drop the rows.
    """
    if _all_hold(table, kinds):
        return  # most calls end here; pandera, below, takes many times as long
    name = name_of(table) if isinstance(table, pd.DataFrame) else "table"
    needed = {
        column: column_of(kind.removesuffix("?"), nullable=kind.endswith("?"))
        for column, kind in kinds.items()
    }
    failures = list(failures_of(table, name, pa.DataFrameSchema(needed)))
    if not failures and table.empty:
        failures = [of_whole(table, name, "has no rows", "Is the filter above it too strict?")]
    raise_all(failures)


def _all_hold(table: pd.DataFrame, kinds: Mapping[str, str]) -> bool:
    """Whether a table has rows and all columns, and each holds nothing but its kind."""
    if not isinstance(table, pd.DataFrame) or table.empty or not table.columns.is_unique:
        return False
    for column, kind in kinds.items():
        if column not in table:
            return False
        missing = table[column].isna()
        right = KINDS[kind.removesuffix("?")].holds(table[column])
        if not (right | missing).all() or (missing.any() and not kind.endswith("?")):
            return False
    return True


def refuse_rows(
    table: pd.DataFrame, *rules: tuple[str, pd.Series, str, str], name: str = ""
) -> None:
    """Raise an error if rows break a rule of the caller.

    Parameters
    ----------
    table : DataFrame.
    *rules : column, which rows are wrong (booleans), what is wrong with them, and the fix.
    name : name of the table; by default that of `name_of`.

    Examples
    --------
    >>> orders = pd.DataFrame({"value": [5.0, -1.0]})
    >>> refuse_rows(orders, ("value", orders["value"] < 0, "is negative", "Net returns first."))
    Traceback (most recent call last):
        ...
    helpers.data.problems.TableError: table: column "value" is negative in 1 of 2 rows
    (row 1: -1.0). Net returns first.
    """
    raise_all(of_rows(table, rules, name or name_of(table)))


def require_same_ids(
    one: Mapping[str, pd.Series | pd.Index],
    other: Mapping[str, pd.Series | pd.Index],
    *columns: str,
) -> None:
    """Check that ids are numbers in both tables or text in both; otherwise no ids would match.

    Parameters
    ----------
    one, other : DataFrames, or mappings of names to columns.
    *columns : the columns of ids.

    Examples
    --------
    >>> require_same_ids({"user_id": pd.Index([1])}, {"user_id": pd.Index(["1"])}, "user_id")
    Traceback (most recent call last):
        ...
    ValueError: "user_id" contains numbers in one table and text in the other, so no ids would
    match. Convert both to text: table["user_id"].astype(str).
    """
    for column in columns:
        if types.is_integer_dtype(one[column]) != types.is_integer_dtype(other[column]):
            raise ValueError(
                f'"{column}" contains numbers in one table and text in the other, so no ids would '
                f'match. Convert both to text: table["{column}"].astype(str).'
            )


def require_whole(name: str, value: float, least: int = 1) -> None:
    """Check that a parameter is a whole number, ``least`` or more.

    Examples
    --------
    >>> require_whole("k", 2.5)
    Traceback (most recent call last):
        ...
    ValueError: k is a whole number, 1 or more; got 2.5.
    """
    if not (isinstance(value, Real) and value >= least and value % 1 == 0):
        got = repr(value) if isinstance(value, str) else value
        raise ValueError(f"{name} is a whole number, {least} or more; got {got}.")


def as_day(moment: str | pd.Timestamp, name: str = "t0") -> pd.Timestamp:
    """Return the day of a time, as its midnight.

    Examples
    --------
    >>> as_day("soon")
    Traceback (most recent call last):
        ...
    ValueError: t0 is a day in local time, such as "2025-03-31"; got 'soon'.
    """
    try:
        day = pd.Timestamp(moment)
    except (TypeError, ValueError):
        day = pd.NaT
    if day is pd.NaT or day.tzinfo is not None:
        raise ValueError(f'{name} is a day in local time, such as "2025-03-31"; got {moment!r}.')
    return day.normalize()
