"""Data validation: checks of a delivery of order lines that need no statistics."""

from numbers import Real

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.data.problems import failures_of
from helpers.data.schema import TABLES
from helpers.language import say_in_lesson

MIN_ROWS, MAX_ROWS = 0.5, 2.0  # rows, as multiples of the expected number
CHEAPEST, DEAREST = 0.8, 1.25  # median of unit price over list price


def validate_batch(
    lines: pd.DataFrame,
    *,
    since: str | pd.Timestamp,
    until: str | pd.Timestamp,
    expected_rows: float,
    users: pd.DataFrame,
    items: pd.DataFrame,
) -> pd.DataFrame:
    """Check a batch of order lines before any model reads it.

    The checks, in the order in which they are made:

    - **schema**: columns, types, missing values, ranges and repeated keys, by the shop's schema;
    - **freshness**: all orders are from ``since`` to ``until``, and the last day has some;
    - **row count**: half to twice as many rows as expected;
    - **references**: each user and item is known;
    - **price list**: the median of unit price / list price is between 0.8 and 1.25.

    A batch that fails stops here: the model of yesterday keeps serving.

    Parameters
    ----------
    lines : DataFrame as the table ``order_lines`` of a shop; it may be broken in any way.
    since, until : first and last day that the batch covers.
    expected_rows : such as the mean of the last batches.
    users, items : tables of the shop, for the known ids and list prices.

    Returns
    -------
    DataFrame, one row per check (index ``check``): ``passed`` and ``message``, "" if it passed. A
    check that can't be made because a column is missing or has the wrong type has not passed.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["O1"], "ordered_at": pd.to_datetime(["2025-12-31"]),
    ...     "user_id": ["Ana"], "item_id": ["lamp"], "quantity": [1], "unit_price": [2500.0],
    ...     "discount": [0.0]})
    >>> found = validate_batch(lines, since="2025-12-01", until="2025-12-31", expected_rows=1,
    ...     users=pd.DataFrame({"user_id": ["Ana"]}),
    ...     items=pd.DataFrame({"item_id": ["lamp"], "price": [25.0]}))
    >>> found.index[~found["passed"]].tolist(), found.loc["price list", "message"]
    (['price list'], 'the median unit price is 100 times the list price')
    """
    first, last = checks.as_day(since, "since"), checks.as_day(until, "until")
    checks.require(users, user_id="key")
    checks.require(items, item_id="key", price="number")
    twice = ("item_id", items["item_id"].duplicated(), "occurs twice", "Keep one price per item.")
    checks.refuse_rows(items, twice, name="items")
    if first > last:
        raise ValueError(f"since must not be after until; got {since} and {until}.")
    if not (isinstance(expected_rows, Real) and 0 < expected_rows < np.inf):
        raise ValueError(f"expected_rows is above 0; got {expected_rows!r}.")
    steps = {
        "schema": lambda: _schema(lines),
        "freshness": lambda: _freshness(lines, first, last),
        "row count": lambda: _row_count(len(lines), expected_rows),
        "references": lambda: _references(lines, users, items),
        "price list": lambda: _price_list(lines, items),
    }
    messages = {}
    for name, step in steps.items():
        try:
            messages[name] = step()
        except (KeyError, TypeError, AttributeError) as error:  # of a column or its type
            messages[name] = say_in_lesson(
                "could not be checked: {error}", error=f"{type(error).__name__} {error}"
            )
    table = pd.DataFrame({"message": pd.Series(messages, dtype="str")}).rename_axis("check")
    table.insert(0, "passed", table["message"] == "")
    return table


def _schema(lines: pd.DataFrame) -> str:
    # pandera can't tell rows apart whose labels repeat.
    lines = lines.reset_index(drop=True)
    return " ".join(map(str, failures_of(lines, "order_lines", TABLES["order_lines"])))


def _freshness(lines: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> str:
    days = lines["ordered_at"].dt.normalize()
    if days.isna().all():
        return say_in_lesson("no order has a date")
    oldest, newest = days.min(), days.max()
    if oldest >= first and newest == last:
        return ""
    return say_in_lesson(
        "orders run from {oldest} to {newest}, not from {first} to {last}",
        oldest=oldest.date(),
        newest=newest.date(),
        first=first.date(),
        last=last.date(),
    )


def _row_count(rows: int, expected: float) -> str:
    if MIN_ROWS * expected <= rows <= MAX_ROWS * expected:
        return ""
    return say_in_lesson(
        "{rows} rows, where about {expected} were expected",
        rows=f"{rows:,}",
        expected=f"{expected:,.0f}",
    )


def _references(lines: pd.DataFrame, users: pd.DataFrame, items: pd.DataFrame) -> str:
    known = {"user_id": users["user_id"], "item_id": items["item_id"]}
    # On columns of text get_indexer is much faster than isin.
    unknown = {
        name: int((pd.Index(ids.unique()).get_indexer(lines[name]) < 0).sum())
        for name, ids in known.items()
    }
    return say_in_lesson(", ").join(
        say_in_lesson("{rows} rows with unknown {name}", rows=f"{rows:,}", name=name)
        for name, rows in unknown.items()
        if rows
    )


def _price_list(lines: pd.DataFrame, items: pd.DataFrame) -> str:
    listed = lines["item_id"].map(items.set_index("item_id")["price"])
    ratio = (lines["unit_price"] / listed).median()
    if pd.isna(ratio):
        return say_in_lesson("no item has a list price")
    if CHEAPEST <= ratio <= DEAREST:
        return ""
    return say_in_lesson(
        "the median unit price is {ratio} times the list price", ratio=f"{ratio:.3g}"
    )
