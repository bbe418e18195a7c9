"""The tables of a shop: names, columns, rules, and what to say when a table breaks them.

This is the only place that knows what a table must look like. Whole tables are checked with
`validate`, whole shops with `Shop.validate`, and helper functions check the columns they need at
their door with `require`. All failures come in one `TableError`, each with its mend.
"""

import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple, Self

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandas.api import types

EVENTS = ("view", "favorite", "cart", "purchase")
RATINGS = (1, 2, 3, 4, 5)


class Failure(NamedTuple):
    """One broken rule: where, what, in which rows, an example, the mend."""

    table: str
    where: str  # 'column "quantity"', or "" for the table as a whole
    what: str  # "holds text"
    rows: pd.Index  # labels of the rows at fault; empty if it is not about rows
    of: int  # number of rows in the table
    example: object  # a value at fault
    mend: str

    def __str__(self) -> str:
        place = f"{self.table}: {self.where} ".rstrip() + " "
        rows = ""
        if len(self.rows):
            first = ", ".join(str(label) for label in self.rows[:3])
            labels = "row" if len(self.rows) == 1 else "first at rows"
            shown = "" if self.example is None else f": {_quote(self.example)}"
            rows = f" in {len(self.rows):,} of {self.of:,} rows ({labels} {first}{shown})"
        return f"{place}{self.what}{rows}. {self.mend}"


class TableError(ValueError):
    """A table that breaks rules. The message lists all of them; ``failures`` holds the rows."""

    def __init__(self, failures: Iterable[Failure]):
        self.failures = tuple(failures)
        lines = [str(failure) for failure in self.failures]
        super().__init__(
            lines[0] if len(lines) == 1 else "\n- ".join([f"{len(lines)} problems:", *lines])
        )


# ---------------------------------------------------------------- kinds of columns


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
    """Text where numbers or dates belong: point at what cannot be read, else at all of it."""
    unreadable = values.notna() & parsed.isna()
    return ~unreadable if unreadable.any() else _everywhere(values, False)


class Kind(NamedTuple):
    """A kind of column: which rows are right, what to say of the others, and the mend."""

    holds: Callable[[pd.Series], pd.Series]
    broken: str
    mend: str


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
        _flag, "is not True or False", 'Compare to make it so: {table}["{column}"] == "True".'
    ),
}
MISSING = ("is missing", 'Drop them with {table}.dropna(subset="{column}"), or find out why.')


def _check_kind(kind: str) -> pa.Check:
    holds, broken, mend = KINDS[kind]
    return _check(lambda values: holds(values) | values.isna(), broken, mend)


def _check(rule: Callable, broken: str, mend: str) -> pa.Check:
    # pandera's n_failure_cases keeps millions of bad rows from being formatted one by one.
    return pa.Check(rule, error=broken, description=mend, n_failure_cases=3, ignore_na=False)


# ---------------------------------------------------------------- the tables

DROP = "Drop them, or find out where they come from."


def _column(kind: str, *checks: pa.Check, **options: bool) -> pa.Column:
    return pa.Column(
        checks=[_check_kind(kind), *checks], report_duplicates="exclude_first", **options
    )


def _table(columns: dict[str, pa.Column], unique: list[str] | None = None) -> pa.DataFrameSchema:
    checks = []
    if unique:
        names = ", ".join(unique)
        checks.append(
            _check(
                lambda table: ~table.duplicated(unique),
                f"repeats the ({names}) of an earlier row",
                f"Merge them with {{table}}.groupby({unique}), or keep one.",
            )
        )
    return pa.DataFrameSchema(columns, checks=checks, strict=True)


def _positive() -> pa.Check:
    return _check(lambda v: (v > 0) | v.isna(), "is zero or negative", DROP)


TABLES = {
    "users": _table(
        {
            "user_id": _column("key", unique=True),
            "signed_up_at": _column("datetime"),
            "country": _column("text"),
            "age_band": _column("text", nullable=True),
            "channel": _column("text"),
        }
    ),
    "items": _table(
        {
            "item_id": _column("key", unique=True),
            "name": _column("text"),
            "department": _column("text"),
            "category": _column("text"),
            "brand": _column("text"),
            "price": _column("number", _positive()),
            "launched_at": _column("datetime"),
            "description": _column("text"),
        }
    ),
    "events": _table(
        {
            "event_id": _column("key", unique=True),
            "occurred_at": _column("datetime"),
            "session_id": _column("key"),
            "user_id": _column("key", nullable=True),  # guests browse too
            "event": _column(
                "text",
                _check(
                    lambda v: v.isin(EVENTS) | v.isna(),
                    f"is none of {', '.join(EVENTS)}",
                    'Tidy with cleaning.tidy_text({table}, "{column}"), then replace the rest.',
                ),
            ),
            "item_id": _column("key"),
        }
    ),
    "order_lines": _table(
        {
            "order_id": _column("key"),
            "ordered_at": _column("datetime"),
            "user_id": _column("key"),
            "item_id": _column("key"),
            "quantity": _column(
                "count",
                _check(
                    lambda v: (v >= 1) | v.isna(),
                    "is below 1",
                    "Net cancellations and returns with cleaning.net_cancellations and "
                    "cleaning.net_returns, then drop what is left.",
                ),
            ),
            "unit_price": _column("number", _positive()),
            "discount": _column(
                "number",
                _check(
                    lambda v: v.between(0, 1, inclusive="left") | v.isna(),
                    "is outside [0, 1)",
                    "It is the share taken off: 0.15, not 15.",
                ),
            ),
        },
        unique=["order_id", "item_id"],
    ),
    "ratings": _table(
        {
            "user_id": _column("key"),
            "item_id": _column("key"),
            "rating": _column(
                "count",
                _check(lambda v: v.isin(RATINGS) | v.isna(), "is not one of 1, 2, 3, 4, 5", DROP),
            ),
            "rated_at": _column("datetime"),
        },
        unique=["user_id", "item_id"],
    ),
    "campaign": _table(
        {
            "user_id": _column("key", unique=True),
            "sent_at": _column("datetime"),
            "treated": _column("flag"),
            "responded": _column("flag"),
            "revenue": _column(
                "number", _check(lambda v: (v >= 0) | v.isna(), "is negative", DROP)
            ),
        }
    ),
}


def columns(name: str) -> list[str]:
    """Return the columns of a table of the shop, in order.

    Examples
    --------
    >>> columns("ratings")
    ['user_id', 'item_id', 'rating', 'rated_at']
    """
    return list(TABLES[name].columns)


def name_of(table: pd.DataFrame) -> str:
    """Return which table of the shop has all its columns here; "table" if none has.

    Examples
    --------
    >>> name_of(pd.DataFrame(columns=["rated_at", "user_id", "item_id", "rating"]))
    'ratings'
    """
    return next((name for name in TABLES if set(columns(name)) <= set(table.columns)), "table")


# ---------------------------------------------------------------- checking


def validate(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Check a whole table against its rules and return it as it is.

    Parameters
    ----------
    table : DataFrame with exactly the columns of ``name``, in any order; no rows is fine.
    name : "users", "items", "events", "order_lines", "ratings" or "campaign".

    Returns
    -------
    DataFrame
        The same object, unchanged.

    Raises
    ------
    TableError
        Listing every broken rule with the labels of the rows, an example and the mend.

    Examples
    --------
    >>> validate(pd.DataFrame({"user_id": ["U1"], "item_id": ["I1"], "rating": [9],
    ...                        "rated_at": pd.to_datetime(["2025-01-01"])}), "ratings")
    Traceback (most recent call last):
        ...
    helpers.data.schema.TableError: ratings: column "rating" is not one of 1, 2, 3, 4, 5 in 1 of 1
    rows (row 0: 9). Drop them, or find out where they come from.
    """
    if name not in TABLES:
        raise ValueError(f'There is no table "{name}". The tables are {", ".join(TABLES)}.')
    _refuse(_failures(table, name, TABLES[name]))
    return table


def require(table: pd.DataFrame, /, **kinds: str) -> None:
    """Check at the door of a function that a table has rows and the columns it needs.

    Parameters
    ----------
    table : DataFrame; columns not named are not looked at.
    **kinds : column="kind", where the kind is "key" (text or whole numbers), "text",
        "datetime" (no time zone), "number" (finite), "count" (whole) or "flag" (True or False).
        Values may not be missing, unless the kind ends in "?".

    Raises
    ------
    TableError
        Listing every column that is missing or of another kind, with rows and the mend.

    Examples
    --------
    >>> require(pd.DataFrame({"user_id": ["U1"], "quantity": ["2 pcs"]}), quantity="count")
    Traceback (most recent call last):
        ...
    helpers.data.schema.TableError: table: column "quantity" holds no whole number in 1 of 1 rows
    (row 0: "2 pcs"). Clean with cleaning.parse_numbers(table, "quantity") or drop the rows.
    """
    name = name_of(table) if isinstance(table, pd.DataFrame) else "table"
    needed = {
        column: _column(kind.removesuffix("?"), nullable=kind.endswith("?"))
        for column, kind in kinds.items()
    }
    failures = list(_failures(table, name, pa.DataFrameSchema(needed)))
    if not failures and table.empty:
        failures = [_whole(table, name, "has no rows", "Is the filter above it too strict?")]
    _refuse(failures)


def refuse_rows(
    table: pd.DataFrame, *rules: tuple[str, pd.Series, str, str], name: str = ""
) -> None:
    """Refuse rows that break a rule which only the caller knows.

    Parameters
    ----------
    table : DataFrame.
    *rules : column, which rows are wrong (booleans), what is wrong with them, and the mend.
    name : what to call the table; as `name_of` knows it, if left out.

    Raises
    ------
    TableError
        Listing every rule that is broken, with rows and the mend.

    Examples
    --------
    >>> orders = pd.DataFrame({"value": [5.0, -1.0]})
    >>> refuse_rows(orders, ("value", orders["value"] < 0, "is negative", "Net returns first."))
    Traceback (most recent call last):
        ...
    helpers.data.schema.TableError: table: column "value" is negative in 1 of 2 rows (row 1: -1.0).
    Net returns first.
    """
    _refuse(_broken(table, rules, name or name_of(table)))


def require_same_ids(
    one: Mapping[str, pd.Series | pd.Index],
    other: Mapping[str, pd.Series | pd.Index],
    *columns: str,
) -> None:
    """Check that ids are numbers in both tables or text in both, for else none would be found.

    Parameters
    ----------
    one, other : DataFrames, or mappings of names to columns.
    *columns : the columns of ids.

    Raises
    ------
    ValueError
        Naming the first column that is not the same.

    Examples
    --------
    >>> require_same_ids({"user_id": pd.Index([1])}, {"user_id": pd.Index(["1"])}, "user_id")
    Traceback (most recent call last):
        ...
    ValueError: "user_id" holds numbers in one table and text in the other, so no id would be found.
    Make them the same: table["user_id"].astype(str).
    """
    for column in columns:
        if types.is_integer_dtype(one[column]) != types.is_integer_dtype(other[column]):
            raise ValueError(
                f'"{column}" holds numbers in one table and text in the other, so no id would be '
                f'found. Make them the same: table["{column}"].astype(str).'
            )


def require_whole(name: str, value: float, least: int = 1) -> None:
    """Check that a parameter is a whole number, no text, and no less than ``least``.

    Examples
    --------
    >>> require_whole("k", 2.5)
    Traceback (most recent call last):
        ...
    ValueError: k is a whole number, 1 or more; got 2.5.
    """
    if not (isinstance(value, numbers.Real) and value >= least and value % 1 == 0):
        got = repr(value) if isinstance(value, str) else value
        raise ValueError(f"{name} is a whole number, {least} or more; got {got}.")


def _broken(table: pd.DataFrame, rules: Iterable[tuple], name: str) -> Iterator[Failure]:
    for column, wrong, what, mend in rules:
        wrong, where = np.asarray(wrong, dtype=bool), f'column "{column}"'
        if wrong.any():
            rows, example = table.index[wrong], table[column].to_numpy()[wrong][0]
            yield Failure(name, where, what, rows, len(table), example, mend)


def _refuse(failures: Iterable[Failure]) -> None:
    failures = list(failures)
    if failures:
        raise TableError(failures)


def _whole(table: pd.DataFrame, name: str, what: str, mend: str) -> Failure:
    return Failure(name, "", what, pd.Index([]), len(table), None, mend)


def _failures(table: pd.DataFrame, name: str, rules: pa.DataFrameSchema) -> Iterator[Failure]:
    """Run pandera over a table and put each of its findings into our words."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name}: expected a DataFrame, got {type(table).__name__}.")
    repeated = table.columns[table.columns.duplicated()]
    if len(repeated):
        what = f'has more than one column "{repeated[0]}"'
        yield _whole(table, name, what, "Keep one: table.loc[:, ~table.columns.duplicated()].")
        return
    try:
        rules.validate(table, lazy=True)
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
        yield _whole(table, name, what, f"Its columns are: {has}.")
        return
    if error.reason_code == Reason.COLUMN_NOT_IN_SCHEMA:
        what = f'has an unknown column "{error.failure_cases}"'
        mend = f'Keep what is known: {name}[schema.columns("{name}")].'
        yield _whole(table, name, what, mend)
        return
    if error.reason_code == Reason.CHECK_ERROR:
        return  # a rule on values met a column of the wrong kind, which has been reported

    column = error.schema.name
    if error.reason_code == Reason.DATAFRAME_CHECK:
        wrong = ~error.check_output.to_numpy()
        what, mend = error.check.error, error.check.description
    elif error.reason_code == Reason.SERIES_CONTAINS_NULLS:
        wrong, (what, mend) = table[column].isna().to_numpy(), MISSING
    else:  # SERIES_CONTAINS_DUPLICATES
        wrong = table[column].duplicated().to_numpy()
        what, mend = "repeats an id of an earlier row", f'{name}.drop_duplicates("{column}")'
        mend = f"Look at both rows, then keep one: {mend}."
    where = f'column "{column}"' if column in rules.columns else ""
    example = None if not where or what == MISSING[0] else table[column].to_numpy()[wrong][0]
    mend = mend.format(table=name, column=column)
    yield Failure(name, where, what, table.index[wrong], len(table), example, mend)


def _quote(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


# ---------------------------------------------------------------- the shop


@dataclass(frozen=True, repr=False)
class Shop:
    """The six clean tables of a shop, typed and consistent. `TABLES` holds the rules."""

    users: pd.DataFrame
    items: pd.DataFrame
    events: pd.DataFrame
    order_lines: pd.DataFrame
    ratings: pd.DataFrame
    campaign: pd.DataFrame

    def __iter__(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield (name, table)."""
        return ((field.name, getattr(self, field.name)) for field in fields(self))

    def __repr__(self) -> str:
        return "Shop(" + ", ".join(f"{name}: {len(table):,} rows" for name, table in self) + ")"

    def validate(self) -> Self:
        """Check every table, and that users and items named anywhere stand in their tables.

        Returns
        -------
        Shop
            This very shop.

        Raises
        ------
        TableError
            Listing the broken rules of all tables at once.
        """
        failures = [
            failure for name, table in self for failure in _failures(table, name, TABLES[name])
        ]
        _refuse(failures or self._orphans())
        return self

    def _orphans(self) -> Iterator[Failure]:
        for name, table in self:
            for home, key in (("users", "user_id"), ("items", "item_id")):
                if name == home or key not in table:
                    continue
                ids = table[key]
                orphan = (ids.notna() & ~ids.isin(getattr(self, home)[key])).to_numpy()
                if orphan.any():
                    yield Failure(
                        name,
                        f'column "{key}"',
                        f"names {home} that do not exist",
                        table.index[orphan],
                        len(table),
                        ids.to_numpy()[orphan][0],
                        f'Drop them with cleaning.drop_orphans({name}, "{key}", {home}).',
                    )
