"""The schema of a shop: its tables, their columns and rules, and the error messages.

Functions check the columns they need with `helpers.data.checks`, and `Shop.validate` a whole shop.
All failures come in one `TableError`, each with its fix.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Self

import pandas as pd
import pandera.pandas as pa

from helpers.data.kinds import column_of, rule
from helpers.data.problems import Failure, failures_of, of_rows, raise_all

EVENTS = ("view", "favorite", "cart", "purchase")
RATINGS = (1, 2, 3, 4, 5)


# ---------------------------------------------------------------- the tables

DROP = "Drop them, or find out where they come from."


def _table(columns: dict[str, pa.Column], unique: list[str] | None = None) -> pa.DataFrameSchema:
    what = f"repeats the ({', '.join(unique or [])}) of an earlier row"
    fix = f"Merge them with {{table}}.groupby({unique}), or keep one."
    checks = [rule(lambda table: ~table.duplicated(unique), what, fix)] if unique else []
    return pa.DataFrameSchema(columns, checks=checks, strict=True)


def _positive() -> pa.Check:
    return rule(lambda v: (v > 0) | v.isna(), "is zero or negative", DROP)


TABLES = {
    "users": _table(
        {
            "user_id": column_of("key", unique=True),
            "signed_up_at": column_of("datetime"),
            "country": column_of("text"),
            "age_band": column_of("text", nullable=True),
            "channel": column_of("text"),
        }
    ),
    "items": _table(
        {
            "item_id": column_of("key", unique=True),
            "name": column_of("text"),
            "department": column_of("text"),
            "category": column_of("text"),
            "brand": column_of("text"),
            "price": column_of("number", _positive()),
            "launched_at": column_of("datetime"),
            "description": column_of("text"),
        }
    ),
    "events": _table(
        {
            "event_id": column_of("key", unique=True),
            "occurred_at": column_of("datetime"),
            "session_id": column_of("key"),
            "user_id": column_of("key", nullable=True),  # guests browse too
            "event": column_of(
                "text",
                rule(
                    lambda v: v.isin(EVENTS) | v.isna(),
                    f"is none of {', '.join(EVENTS)}",
                    'Tidy with cleaning.tidy_text({table}, "{column}"), then replace the rest.',
                ),
            ),
            "item_id": column_of("key"),
        }
    ),
    "order_lines": _table(
        {
            "order_id": column_of("key"),
            "ordered_at": column_of("datetime"),
            "user_id": column_of("key"),
            "item_id": column_of("key"),
            "quantity": column_of(
                "count",
                rule(
                    lambda v: (v >= 1) | v.isna(),
                    "is below 1",
                    "Net cancellations and returns with cleaning.net_cancellations and "
                    "cleaning.net_returns, then drop what is left.",
                ),
            ),
            "unit_price": column_of("number", _positive()),
            "discount": column_of(
                "number",
                rule(
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
            "user_id": column_of("key"),
            "item_id": column_of("key"),
            "rating": column_of(
                "count",
                rule(lambda v: v.isin(RATINGS) | v.isna(), "is not one of 1, 2, 3, 4, 5", DROP),
            ),
            "rated_at": column_of("datetime"),
        },
        unique=["user_id", "item_id"],
    ),
    "campaign": _table(
        {
            "user_id": column_of("key", unique=True),
            "sent_at": column_of("datetime"),
            "treated": column_of("flag"),
            "responded": column_of("flag"),
            "revenue": column_of(
                "number", rule(lambda v: (v >= 0) | v.isna(), "is negative", DROP)
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
    """Return the name of the shop's table that has these columns, or "table".

    Examples
    --------
    >>> name_of(pd.DataFrame(columns=["rated_at", "user_id", "item_id", "rating"]))
    'ratings'
    """
    return next((name for name in TABLES if set(columns(name)) <= set(table.columns)), "table")


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
        """Check all tables and their references to users and items, and return the shop."""
        failures = [
            failure for name, table in self for failure in failures_of(table, name, TABLES[name])
        ]
        raise_all(failures or self._orphans())
        return self

    def _orphans(self) -> Iterator[Failure]:
        for name, table in self:
            for home, key in (("users", "user_id"), ("items", "item_id")):
                if name != home and key in table:
                    orphan = table[key].notna() & ~table[key].isin(getattr(self, home)[key])
                    fix = f'Drop them with cleaning.drop_orphans({name}, "{key}", {home}).'
                    rule = (key, orphan, f"names {home} that do not exist", fix)
                    yield from of_rows(table, [rule], name)
