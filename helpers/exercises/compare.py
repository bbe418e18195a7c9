"""Are two results the same, and if not, how do they differ? In words for one line."""

import datetime
import math
import numbers
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

_LONGEST = 300  # characters of an input or a result in a message


def holds_ellipsis(value: Any) -> bool:
    """Whether a value is ``...`` or a container that holds one.

    Examples
    --------
    >>> holds_ellipsis({"mean": 3.0, "median": ...})
    True
    """
    if isinstance(value, dict):
        return any(map(holds_ellipsis, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(holds_ellipsis, value))
    if isinstance(value, pd.DataFrame):
        return any(holds_ellipsis(column) for _, column in value.items())
    if isinstance(value, pd.Series | np.ndarray):
        return value.dtype == object and any(cell is ... for cell in np.ravel(value))
    return value is ...


def kind(value: Any) -> str:
    """Say what a value is, however it is stored: 3, 3.0 and np.int64(3) are all "a number".

    Examples
    --------
    >>> kind(np.float64(3)), kind([1, 2]), kind(pd.NaT)
    ('a number', 'a column of values', 'nothing')
    """
    if isinstance(value, pd.DataFrame) or getattr(value, "ndim", 0) == 2:
        return "a table"
    if isinstance(value, pd.Series | pd.Index | list | tuple) or getattr(value, "ndim", 0) == 1:
        return "a column of values"
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "nothing"
    if isinstance(value, bool | np.bool_):
        return "a truth value"
    if isinstance(value, numbers.Real | Decimal):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime.date | np.datetime64):
        aware = getattr(value, "tzinfo", None) is not None
        return "a date with a time zone" if aware else "a date"
    if isinstance(value, dict):
        return "a dict"
    return f"an object of type {type(value).__name__}"


def same(got: Any, right: Any, any_order: bool = False) -> bool:
    """Whether two results say the same.

    Numbers may differ in the tenth digit. Missing values equal each other. Tables and columns are
    compared by their values: the order of columns does not count, nor does an index without a name
    (row numbers); an index with a name is part of the answer, as if it were a column.

    Parameters
    ----------
    got, right : the two results.
    any_order : whether the rows of tables and columns may come in any order.

    Examples
    --------
    >>> same([0.1 + 0.2, None], pd.Series([0.3, np.nan]))
    True
    >>> same([2, 1], [1, 2]), same([2, 1], [1, 2], any_order=True)
    (False, True)
    """
    if kind(got) != kind(right):
        return False
    match kind(right):
        case "nothing":
            return True
        case "a number":
            return math.isclose(got, right, rel_tol=1e-9, abs_tol=1e-9)
        case "a date" | "a date with a time zone":
            return pd.Timestamp(got) == pd.Timestamp(right)
        case "a table" | "a column of values":
            return _same_rows(_frame(got), _frame(right), any_order)
        case "a dict":
            return got.keys() == right.keys() and all(
                same(got[key], right[key], any_order) for key in right
            )
    return bool(got == right)


def _frame(values: Any) -> pd.DataFrame:
    """Give a table, or a column of values as a table, its named index levels as columns."""
    if kind(values) == "a column of values":
        values = pd.Series(values, dtype=None if len(values) else object, name="value")
    frame = pd.DataFrame(values)
    named = [name for name in frame.index.names if name is not None]
    return frame.reset_index(named) if named else frame


def _same_rows(got: pd.DataFrame, right: pd.DataFrame, any_order: bool) -> bool:
    if len(got) != len(right) or sorted(map(str, got)) != sorted(map(str, right)):
        return False
    rows = [list(zip(*(table[name] for name in right), strict=True)) for table in (got, right)]
    if any_order:
        rows = [sorted(table, key=lambda row: list(map(_cell, row))) for table in rows]
    return all(
        same(mine, theirs)
        for ours in zip(*rows, strict=True)
        for mine, theirs in zip(*ours, strict=True)
    )


def difference(got: Any, right: Any) -> str:
    """Say how a wrong result differs from the right one, without giving the right one away.

    Examples
    --------
    >>> difference([1, 2], 3.5)
    'your function gives `1, 2`. Expected is a number, not a column of values.'
    """
    if got is None:
        return "your function gives None. Does it end with `return`?"
    gives = f"your function gives `{inline(got)}`"
    if kind(got) != kind(right):
        return f"{gives}. Expected is {kind(right)}, not {kind(got)}."
    if kind(right) in ("a table", "a column of values"):
        mine, theirs = _frame(got), _frame(right)
        missing = [name for name in theirs if name not in mine]
        surplus = [name for name in mine if name not in theirs]
        if missing or surplus:
            words = [f"`{name}` is missing" for name in missing]
            words += [f"`{name}` is not asked for" for name in surplus]
            return f"{gives}. Look at its columns: {', '.join(words)}."
        if len(mine) != len(theirs):
            return f"{gives}. It has {len(mine)} rows instead of {len(theirs)}."
    if kind(right) == "a number" and math.isclose(got, right, rel_tol=0.005):
        return f"{gives}. That is close: is something rounded on the way?"
    return f"{gives}, which is not right."


def describe(value: Any) -> str:
    """Name what a value is, and the value itself where it is short.

    Examples
    --------
    >>> describe(3.25), describe(pd.DataFrame({"quantity": [1, 2]}))
    ('a number, 3.25', 'a table')
    """
    if kind(value) in ("a number", "text", "a truth value", "a date"):
        return f"{kind(value)}, {_cell(value)}"
    return kind(value)


def inline(value: Any) -> str:
    """Write a value on one line; a table column by column.

    Examples
    --------
    >>> inline(pd.DataFrame({"quantity": [2, 1], "unit_price": [9.5, np.nan]}))
    'quantity 2, 1; unit_price 9.5, missing'
    """
    if isinstance(value, tuple):
        text = " and ".join(map(inline, value))
    elif isinstance(value, dict):
        text = "; ".join(f"{name} {inline(part)}" for name, part in value.items())
    elif kind(value) == "a table":
        text = "; ".join(f"{name} {inline(cells)}" for name, cells in _frame(value).items())
        text = text if len(value) else "a table without rows"
    elif kind(value) == "a column of values":
        text = ", ".join(map(_cell, value)) or "no values"
    else:
        text = _cell(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _cell(value: Any) -> str:
    match kind(value):
        case "nothing":
            return "missing"
        case "a number":
            return f"{value:.9g}"
        case "a date" | "a date with a time zone":
            return str(pd.Timestamp(value))
        case "text":
            return repr(str(value))
    # Not the repr of just anything: it may hold an address, which differs from run to run.
    return str(value) if pd.api.types.is_scalar(value) else kind(value)
