"""Are two results the same, and if not, how do they differ? In words for one line."""

import datetime
import math
import numbers
import textwrap
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from helpers.language import say_in_lesson

_LONGEST = 300  # characters of an input or a result in a message
_ROWS = 20  # of a table shown below a message
_WIDEST = 40  # characters of a cell of such a table

_OTHER = "an object of type "  # and its name: the kind of all other values
_SEVERAL = {
    "text": "texts",
    "a number": "numbers",
    "a truth value": "truth values",
    "a date": "dates",
    "a date with a time zone": "dates with a time zone",
    "several values": "lists of values",
}


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
    ('a number', 'several values', 'nothing')
    """
    if isinstance(value, pd.DataFrame) or getattr(value, "ndim", 0) == 2:
        return "a table"
    if isinstance(value, pd.Series | pd.Index | list | tuple) or getattr(value, "ndim", 0) == 1:
        return "several values"
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
    if isinstance(value, set | frozenset):
        return "a set"
    return f"{_OTHER}{type(value).__name__}"


def same(got: Any, right: Any, any_order: bool = False) -> bool:
    """Whether two results say the same.

    Numbers may differ in the seventh digit, because of float32 or a series that is cut off; from an
    integer, in the tenth. Missing values equal each other. Tables and columns are compared by their
    values: the order of columns does not count, nor do row numbers. Where the right result has an
    index with a name, that is part of the answer, as if it were a column, and labels without a name
    are taken for it; where it has none, or is an array, labels do not count. Dates with a time zone
    must agree on the clock too: noon in London is not 7 a.m. in New York.

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
            whole = isinstance(got, numbers.Integral) or isinstance(right, numbers.Integral)
            return math.isclose(got, right, rel_tol=1e-9 if whole else 1e-6, abs_tol=1e-9)
        case "a date" | "a date with a time zone":
            one, other = pd.Timestamp(got), pd.Timestamp(right)
            return one == other and one.utcoffset() == other.utcoffset()
        case "a table" | "several values":
            return _same_rows(_frame(_named(got, right)), _frame(right), any_order)
        case "a dict":
            return got.keys() == right.keys() and all(
                same(got[key], right[key], any_order) for key in right
            )
    return bool(got == right)


def _named(got: Any, right: Any) -> Any:
    """Name the index of a learner's result as the right result does, where it is to be compared."""
    if isinstance(got, pd.DataFrame) and isinstance(right, np.ndarray):
        return got.to_numpy()
    names = right.index.names if isinstance(right, pd.Series | pd.DataFrame) else [None]
    if isinstance(got, pd.Series) and kind(right) == "several values" and not any(names):
        return got.rename_axis([None] * got.index.nlevels)
    indexed = isinstance(got, pd.Series | pd.DataFrame) and isinstance(right, type(got))
    if not indexed or got.index.nlevels != right.index.nlevels:
        return got
    one_level = isinstance(got, pd.Series) and got.index.nlevels == 1  # whatever it is called
    if any(got.index.names) and not one_level:
        return got
    taken = isinstance(got, pd.DataFrame) and not got.columns.intersection(names).empty
    row_numbers = got.index.equals(pd.RangeIndex(len(got)))
    if taken or (row_numbers and not got.index.equals(right.index)):
        return got
    return got.rename_axis(names)


def _frame(values: Any) -> pd.DataFrame:
    """Give a table, or several values as a table, its named index levels as columns."""
    if kind(values) == "several values":
        values = pd.Series(values, dtype=None if len(values) else object, name="value")
    frame = pd.DataFrame(values)
    # `set_index("user_id", drop=False)` leaves the index in the table as a column, too.
    named = [name for name in frame.index.names if name is not None and name not in frame]
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


def explain(
    given: Mapping[str, Any], got: Any, right: Any, any_order: bool = False
) -> tuple[str, str]:
    """Say how a wrong result differs from the right one: what came, and what was expected.

    Parameters
    ----------
    given : what the learner's function was given, by the names of its parameters.
    got, right : what it gives and what it should.
    any_order : whether the rows of tables and columns may come in any order.

    Returns
    -------
    A line, and the tables to look at below it, as text; "" where the line says it all.

    Examples
    --------
    >>> explain({"numbers": [1, 4]}, 5, 3)
    ('For `1, 4` your function gives `5`, which is not right. The right result is `3`.', '')
    >>> explain({"texts": pd.Series(["$7", "$1,200"])}, [7.0, 1.0], [7.0, 1200.0])[0]
    "For `'$1,200'` your function gives `1`, which is not right. The right result is `1200`."
    >>> table = pd.DataFrame({"item": ["tea", "pot"], "price": [9, 7]})
    >>> line, below = explain({"table": table}, table, table.assign(price=[9, 8]))
    >>> line.partition(", which ")[2]
    'is not right. The first difference is in row 2, column `price`: `7` instead of `8`.'
    """
    got = _named(got, right)
    if misfit := _misfit(got, right):
        return misfit, ""
    if line := _first_wrong_value(list(given.values()), got, right):
        return line, ""
    blocks = dict(given)
    result = say_in_lesson("`{result}`", result=inline(got))
    if kind(got) == "a table":
        result = _said(kind(got))
        blocks[say_in_lesson("your function gives")] = got
    if not any(kind(each) == "a table" or _is_deep(each) for each in blocks.values()):
        shown = inline(given) if len(given) > 1 else inline(*given.values())
        case = say_in_lesson("`{input}`", input=shown)
        return _verdict(case, result, got, right, any_order), ""
    below = say_in_lesson("the input below")
    return _verdict(below, result, got, right, any_order), in_blocks(blocks)


def _misfit(got: Any, right: Any) -> str:
    """Say what is wrong with a result whatever the input was: its kind, or its columns."""
    if kind(got) == "nothing":
        return ""
    if kind(got) != kind(right):
        said = {"got": describe(got), "right": _wanted(right), "code": _way_out(got, right)}
        if kind(got) == "a set" and said["right"] == _said("several values"):
            return say_in_lesson("Your function gives a set, which has no order. Return a list.")
        if said["code"]:
            return say_in_lesson(
                "Your function gives {got}. It should give {right}; add `{code}`.", **said
            )
        return say_in_lesson("Your function gives {got}. It should give {right}.", **said)
    if kind(right) not in ("a table", "several values"):
        return ""
    if isinstance(right, np.ndarray) and right.shape[1:] != getattr(got, "shape", ())[1:]:
        return say_in_lesson(
            "Your function gives {got}. It should give {right}.",
            got=describe(got),
            right=describe(right),
        )
    if kind(right) == "several values" and (line := _boxed_value(got, right)):
        return line
    mine, theirs = _frame(got), _frame(right)
    if kind(right) == "several values" and len(mine.columns) < len(theirs.columns):
        return say_in_lesson(
            "Your function gives values without labels. It should give {right}.",
            right=_wanted(right),
        )
    words = [
        *(say_in_lesson("`{name}` is missing", name=name) for name in theirs if name not in mine),
        *(
            say_in_lesson("`{name}` should not be there", name=name)
            for name in mine
            if name not in theirs
        ),
        *(
            say_in_lesson("`{name}` stands twice", name=name)
            for name in mine.columns[mine.columns.duplicated()]
        ),
    ]
    if words:
        named = textwrap.shorten(say_in_lesson(", ").join(words), _LONGEST, placeholder=" …")
        return say_in_lesson(
            "Look at the columns of what your function gives: {columns}.", columns=named
        )
    for name in theirs:
        kinds, expected = ({kind(cell) for cell in cells} for cells in (mine[name], theirs[name]))
        if (kinds - {"nothing"}) and (expected - {"nothing"}) and kinds.isdisjoint(expected):
            said = {
                "got": _several(kinds),
                "example": next(_cell(cell) for cell in mine[name] if kind(cell) != "nothing"),
                "right": _several(expected),
            }
            if kind(right) == "several values":
                return say_in_lesson(
                    "Your function gives {got}, such as `{example}`. It should give {right}.",
                    **said,
                )
            return say_in_lesson(
                "Your function gives {got} in `{column}`, such as `{example}`. "
                "It should give {right}.",
                column=name,
                **said,
            )
    return ""


def _wanted(right: Any) -> str:
    """Say of what kind a result should be, and by what a Series is indexed."""
    if isinstance(right, pd.Series) and any(right.index.names):
        names = say_in_lesson(", ").join(f"`{name}`" for name in right.index.names)
        return say_in_lesson("a `Series` indexed by {names}", names=names)
    return _said(kind(right))


def _boxed_value(got: Any, right: Any) -> str:
    """Name the first of several values that still stands in a Series or a list of its own."""
    for n, (one, other) in enumerate(zip(got, right, strict=False), start=1):
        if code := _way_out(one, other):
            return say_in_lesson(
                "Value {n} of what your function gives is {got}. It should be {right}; "
                "add `{code}`.",
                n=n,
                got=describe(one),
                right=_said(kind(other)),
                code=code,
            )
    return ""


def _way_out(got: Any, right: Any) -> str:
    """Write what takes the right kind of value out of a table or a list that holds one of it.

    Examples
    --------
    >>> _way_out(pd.Series([3]), 3), _way_out(np.ones((2, 1)), [1, 1]), _way_out([1, 2], 3)
    ('.iloc[0]', '.ravel()', '')
    """
    if kind(got) not in ("a table", "several values"):
        return ""
    if getattr(got, "size", len(got)) == 1:
        only = got[0] if isinstance(got, list | tuple) else np.ravel(got)[0]
        if kind(only) == kind(right):
            codes = {pd.DataFrame: ".iloc[0, 0]", pd.Series: ".iloc[0]", np.ndarray: ".item()"}
            return codes.get(type(got), "[0]")
    if kind(right) == "several values" and 1 in getattr(got, "shape", ()):
        if isinstance(got, pd.DataFrame):
            return ".iloc[:, 0]" if got.shape[1] == 1 else ".iloc[0]"
        return ".ravel()"
    return ""


def _said(what: str) -> str:
    """Say what `kind` gives in the language of the learner."""
    if what.startswith(_OTHER):
        return say_in_lesson("an object of type {name}", name=what.removeprefix(_OTHER))
    return say_in_lesson(what)


def _several(kinds: set[str]) -> str:
    names = sorted(_SEVERAL.get(each, each) for each in kinds - {"nothing"})
    return say_in_lesson(" and ").join(map(_said, names))


def _first_wrong_value(given: list, got: Any, right: Any) -> str:
    """Name the first wrong value, where a Series was to be turned into another, value by value."""
    if len(given) != 1 or not isinstance(given[0], pd.Series):
        return ""
    if kind(right) != "several values" or not len(given[0]) == len(got) == len(right):
        return ""
    triples = zip(given[0], got, right, strict=True)
    wrong = [triple for triple in triples if not same(*triple[1:])]
    if not wrong:
        return ""
    value, mine, theirs = wrong[0]
    case = say_in_lesson("`{input}`", input=_cell(value))
    result = say_in_lesson("`{result}`", result=_cell(mine))
    line = _verdict(case, result, mine, theirs)
    if len(wrong) == 1:
        return line
    return one_after_another(
        line,
        say_in_lesson("{n} more of the {total} are off, too.", n=len(wrong) - 1, total=len(got)),
    )


def _verdict(case: str, result: str, got: Any, right: Any, any_order: bool = False) -> str:
    """Say what the learner's function gives for a case, and what was expected.

    Parameters
    ----------
    case, result : what it was given and what it gives, in words.
    got, right, any_order : as for `explain`.
    """
    said = {"case": case, "result": result}
    gives = say_in_lesson("For {case} your function gives {result}.", **said)
    wrong = say_in_lesson("For {case} your function gives {result}, which is not right.", **said)
    of_rows = kind(right) in ("a table", "several values") and kind(got) == kind(right)
    if of_rows:
        mine = _frame(got)
        theirs = _frame(right)[list(mine)]
        if len(mine) != len(theirs):
            counts = {"got": len(mine), "right": len(theirs)}
            counts["difference"] = _unmatched_row(mine, theirs)
            if _has_rows(got):
                said = say_in_lesson(
                    "It has {got} instead of {right} rows: {difference}.", **counts
                )
            else:
                said = say_in_lesson(
                    "It has {got} instead of {right} values: {difference}.", **counts
                )
            return one_after_another(gives, said)
        if same(got, right, any_order=True):
            order = say_in_lesson("The values are right, but their order is not.")
            return one_after_another(gives, order)
    close = _rounded(got, right)
    if of_rows and any_order:
        difference = _unmatched_row(mine, theirs)
        if not close:
            return say_in_lesson(
                "For {case} your function gives {result}, which is not right: {difference}.",
                difference=difference,
                **said,
            )
        rounded = say_in_lesson(
            "That is close: is something rounded or cut off on the way?: {difference}.",
            difference=difference,
        )
        return one_after_another(gives, rounded)
    if close:
        rounded = say_in_lesson("That is close: is something rounded or cut off on the way?")
        wrong = one_after_another(gives, rounded)
    if of_rows:
        return one_after_another(wrong, _first_difference(mine, theirs, _has_rows(got)))
    expected = say_in_lesson("The right result is `{right}`.", right=inline(right))
    return one_after_another(wrong, expected)


def one_after_another(first: str, second: str) -> str:
    """Join two sentences, as the language of the learner does.

    Examples
    --------
    >>> one_after_another("It is close.", "Is it rounded?")
    'It is close. Is it rounded?'
    """
    return say_in_lesson("{first} {second}", first=first, second=second)


def _has_rows(result: Any) -> bool:
    """Tell a table or a Series from a list, whose values may be as unlike as the two of a pair."""
    return kind(result) == "a table" or isinstance(result, pd.Series)


def _first_difference(mine: pd.DataFrame, theirs: pd.DataFrame, in_rows: bool) -> str:
    """Say where two tables of the same shape first differ, row by row, and how."""
    for number, rows in enumerate(zip(_rows(mine), _rows(theirs), strict=True), start=1):
        for name, one, other in zip(mine, *rows, strict=True):
            if not same(one, other):
                said = {"row": number, "got": _cell(one), "right": _cell(other)}
                if not in_rows:
                    return say_in_lesson(
                        "The first difference is in value {row}: `{got}` instead of `{right}`.",
                        **said,
                    )
                if len(mine.columns) == 1:
                    return say_in_lesson(
                        "The first difference is in row {row}: `{got}` instead of `{right}`.",
                        **said,
                    )
                return say_in_lesson(
                    "The first difference is in row {row}, column `{column}`: "
                    "`{got}` instead of `{right}`.",
                    column=name,
                    **said,
                )
    raise ValueError("The tables do not differ.")


def _rows(table: pd.DataFrame) -> list[tuple]:
    return list(table.itertuples(index=False, name=None))


def _unmatched_row(mine: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """Name a row that is expected and not there, or else one that is there and not expected."""
    got, right = ([", ".join(map(_cell, row)) for row in _rows(each)] for each in (mine, theirs))
    missing, extra = Counter(right) - Counter(got), Counter(got) - Counter(right)
    if missing:
        return say_in_lesson("`{row}` is missing", row=next(iter(missing))[:_LONGEST])
    return say_in_lesson("`{row}` is not expected", row=next(iter(extra))[:_LONGEST])


def _rounded(got: Any, right: Any) -> bool:
    """Whether a number, or each value of a column, is what rounding makes of the right one."""
    if kind(got) == kind(right) == "several values":
        if len(got) != len(right):  # a row of a list of lists
            return False
        off = [pair for pair in zip(got, right, strict=True) if not same(*pair)]
        return bool(off) and all(_rounded(*pair) for pair in off)
    return kind(got) == kind(right) == "a number" and (
        math.isclose(got, right, rel_tol=0.005)
        or any(math.isclose(got, round(right, digits)) for digits in (1, 2, 3))
    )


def _is_deep(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 2


def in_blocks(values: Mapping[str, Any]) -> str:
    """Write values below each other, each with its name.

    Examples
    --------
    >>> print(in_blocks({"texts": ["a", "b"], "k": 2}))
    texts: 'a', 'b'
    <BLANKLINE>
    k: 2
    """
    return "\n\n".join(_block(name, value) for name, value in values.items())


def _block(name: str, value: Any) -> str:
    if _is_deep(value):
        return f"{name}:\n{np.array2string(value, formatter={'all': _cell})}"
    return f"{name}:\n{aligned(value)}" if kind(value) == "a table" else f"{name}: {inline(value)}"


def aligned(table: Any) -> str:
    """Write a table as text, its columns aligned; row numbers are left out, as are many rows.

    Examples
    --------
    >>> print(aligned(pd.DataFrame({"item": ["tea", "pot"], "price": [9.5, None]})))
    item   price
     tea    9.5
     pot    NaN
    """
    frame = _frame(table)
    if frame.empty:
        return say_in_lesson("{columns} (no rows)", columns=", ".join(map(str, frame)))
    shown = frame.head(_ROWS)
    # Not the repr of just anything, here as in `_cell`.
    shown = shown.apply(lambda cells: cells.map(_plain) if cells.dtype == object else cells)
    numbered = pd.api.types.is_integer_dtype(shown.index.dtype)
    text = shown.to_string(index=not numbered, max_colwidth=_WIDEST)
    if len(frame) <= _ROWS:
        return text
    return f"{text}\n{say_in_lesson('… and {n} more rows', n=len(frame) - _ROWS)}"


def _plain(value: Any) -> str:
    return str(value) if kind(value) == "text" else _cell(value)


def describe(value: Any) -> str:
    """Name what a value is, and the value itself where it is short.

    Examples
    --------
    >>> describe(3.25), describe([7]), describe(np.ones((2, 3)))
    ('a number, 3.25', 'a `list` with one value', 'an array of shape (2, 3)')
    """
    if isinstance(value, pd.DataFrame) and value.shape[1] == 1:
        return say_in_lesson("a table with one column")
    if isinstance(value, pd.DataFrame) and len(value) == 1:
        return say_in_lesson("a table with one row")
    if isinstance(value, np.ndarray) and (value.ndim > 1 or value.size == 1):
        return say_in_lesson("an array of shape {shape}", shape=value.shape)
    if isinstance(value, pd.Series | list | tuple) and len(value) == 1:
        return say_in_lesson("a `{name}` with one value", name=type(value).__name__)
    if kind(value) in ("a number", "text", "a truth value", "a date"):
        return say_in_lesson("{kind}, {value}", kind=_said(kind(value)), value=_cell(value))
    return _said(kind(value))


def inline(value: Any) -> str:
    """Write a value on one line; of a table only that it is one.

    Examples
    --------
    >>> inline({"mean": 2.0, "of": [1, np.nan]})
    'mean 2; of 1, NaN'
    >>> inline(pd.Series({"lamp": 2.5, "vase": 1.0}))
    'lamp 2.5, vase 1'
    >>> inline({"vase", "lamp"}), inline({frozenset({2, 1}), frozenset({3})})
    ("{'lamp', 'vase'}", '{{1, 2}, {3}}')
    >>> inline((np.array([2, 1]), np.array([5, 4])))
    '(2, 1), (5, 4)'
    >>> inline([("lamp", 2), ("vase", 1)])
    "('lamp', 2), ('vase', 1)"
    """
    if isinstance(value, dict):
        text = "; ".join(f"{name} {inline(part)}" for name, part in value.items())
    elif isinstance(value, pd.Series) and pd.api.types.is_string_dtype(value.index):
        text = ", ".join(f"{label} {_cell(cell)}" for label, cell in value.items())
        text = text or say_in_lesson("no values")
    elif kind(value) == "several values":
        text = ", ".join(map(_cell, value)) or say_in_lesson("no values")
    else:
        text = _cell(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _cell(value: Any) -> str:
    match kind(value):
        case "nothing":
            return "NaN"
        case "a number":
            # Ids in full, and no -0.
            return format(value + 0, ".0f" if 1e9 <= abs(value) < 1e15 else ".9g")
        case "a date" | "a date with a time zone":
            return str(pd.Timestamp(value))
        case "text":
            return repr(str(value))
        case "a set":
            return f"{{{', '.join(sorted(map(_cell, value)))}}}"  # a set has no order of its own
        case "several values":
            return f"({', '.join(map(_cell, value))})"
    # Not the repr of just anything: it may hold an address, which differs from run to run.
    return str(value) if pd.api.types.is_scalar(value) else _said(kind(value))
