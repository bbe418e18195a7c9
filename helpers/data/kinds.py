"""Kinds of columns, such as ids, times and counts: the check, the error message and the fix."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandas.api import types


def _text(values: pd.Series) -> pd.Series:
    """Rows that hold text."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if types.is_object_dtype(values.dtype):
        return values.map(lambda value: isinstance(value, str)).astype(bool)
    return _everywhere(values, types.is_string_dtype(values.dtype))


def _key(values: pd.Series) -> pd.Series:
    """Rows that hold an id: text that is not blank, or a whole number."""
    if types.is_integer_dtype(values.dtype):
        return _everywhere(values, True)
    return _text(values) & (values != "").fillna(False)


def _datetime(values: pd.Series) -> pd.Series:
    """Rows that hold a moment in the shop's local time (no time zone attached)."""
    if types.is_datetime64_dtype(values.dtype):
        return _everywhere(values, True)
    if _text(values.dropna()).all():
        return _readable(values, pd.to_datetime(values, errors="coerce", format="ISO8601"))
    return _everywhere(values, False)


def _number(values: pd.Series) -> pd.Series:
    """Rows that hold a finite number."""
    if types.is_bool_dtype(values.dtype):
        return _everywhere(values, False)
    if types.is_integer_dtype(values.dtype):
        return _everywhere(values, True)
    if types.is_float_dtype(values.dtype):
        return ~values.isin([np.inf, -np.inf])
    return _readable(values, pd.to_numeric(values.astype("str"), errors="coerce"))


def _count(values: pd.Series) -> pd.Series:
    """Rows that hold a whole number."""
    finite = _number(values)
    if types.is_integer_dtype(values.dtype) or not types.is_float_dtype(values.dtype):
        return finite
    return finite & (values == values.round())


def _flag(values: pd.Series) -> pd.Series:
    """Rows that hold True or False."""
    return _everywhere(values, types.is_bool_dtype(values.dtype))


def _everywhere(values: pd.Series, truth: bool) -> pd.Series:
    return pd.Series(truth, index=values.index)


def _readable(values: pd.Series, parsed: pd.Series) -> pd.Series:
    """Rows of text that cannot be parsed are wrong; if all can be, all are, since it is text."""
    unreadable = values.notna() & parsed.isna()
    return ~unreadable if unreadable.any() else _everywhere(values, False)


class Kind(NamedTuple):
    """A kind of column: which rows are right, the error message for the others, and the fix."""

    holds: Callable[[pd.Series], pd.Series]
    broken: str
    fix: str


KINDS = {
    "key": Kind(
        _key,
        "holds no proper id",
        "An id is text or a whole number: read the file with dtype=str, drop rows without one.",
    ),
    "text": Kind(_text, "holds something that is not text", "Read the file with dtype=str."),
    "datetime": Kind(
        _datetime,
        "holds no datetime",
        'Convert with cleaning.parse_dates({table}, "{column}"); times are local, without a zone.',
    ),
    "number": Kind(
        _number,
        "holds no finite number",
        'Clean with cleaning.parse_numbers({table}, "{column}") or drop the rows.',
    ),
    "count": Kind(
        _count,
        "holds no whole number",
        'Clean with cleaning.parse_numbers({table}, "{column}") or drop the rows.',
    ),
    "flag": Kind(
        _flag,
        "is not True or False",
        'Compare with what means True: {table}["{column}"] == 1 for 0 and 1, '
        '{table}["{column}"] == "True" for text.',
    ),
}


def _kind_rule(kind: str) -> pa.Check:
    holds, broken, fix = KINDS[kind]
    return rule(lambda values: holds(values) | values.isna(), broken, fix)


def rule(holds: Callable, broken: str, fix: str) -> pa.Check:
    """Make a rule on values: which pass, what is wrong with the others, and the fix."""
    # pandera's n_failure_cases keeps millions of bad rows from being formatted one by one.
    return pa.Check(holds, error=broken, description=fix, n_failure_cases=3, ignore_na=False)


def column_of(
    kind: str, *checks: pa.Check, nullable: bool = False, unique: bool = False
) -> pa.Column:
    """Make a column of a kind, with further rules on its values."""
    return pa.Column(
        checks=[_kind_rule(kind), *checks],
        nullable=nullable,
        unique=unique,
        report_duplicates="exclude_first",
    )
