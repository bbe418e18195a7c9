"""Erasing a user: what is deleted, what the law makes us keep, and when that goes, too."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, Engine, delete, func, select

from apps.service import tables
from apps.service.database import insert_new, overwrite_deleted, writing
from apps.service.features import Known
from helpers.data.cleaning.clock import HOME

KEEP_YEARS = 10  # that invoices are kept, after the year of the order; ask your tax adviser
HOLDS_USERS = (  # before the tables that they refer to
    *(tables.events, tables.served, tables.recommendations, tables.scores, tables.features),
    *(tables.order_lines, tables.users),
)


class Receipt(NamedTuple):
    """What an erasure did."""

    user_id: str
    erased_at: datetime  # of the first time, if it was repeated
    deleted: dict[str, int]  # table → rows
    kept_orders: int
    kept_lines: int
    keep_until: date | None  # None if she had no orders


def erase(engine: Engine, user_id: str) -> Receipt:
    """Erase a user from all tables, in one transaction: all of it is done, or nothing.

    Her order lines move to ``kept_order_lines``, without her id or any other number in its place,
    because invoices have to be kept. The id alone goes to ``erasures``, and `score` leaves
    everybody out who stands there, even if an export still holds her. To erase a user again is no
    error: what came in meanwhile is deleted. If she comes back, give her a new id.

    Not in the database, and so not erased here: exports, backups, and models or lists of others
    that were computed with her data. The next version is computed without her.

    Parameters
    ----------
    engine : database with the newest schema, see `upgrade`.
    user_id : whom to erase.

    Raises
    ------
    ValueError
        If no table holds her and she was not erased before.
    """
    with writing(engine, alone=True) as connection:
        found = {
            table.name: connection.scalar(
                select(func.count()).select_from(table).where(table.c.user_id == user_id)
            )
            for table in HOLDS_USERS
        }
        again = tables.erasures.c.user_id == user_id
        before = connection.scalar(select(tables.erasures.c.erased_at).where(again))
        if before is None and not any(found.values()):
            raise ValueError(f'No table holds a user "{user_id}". Is the id spelled right?')
        moment = before or datetime.now(UTC)
        insert_new(connection, tables.erasures, {"user_id": user_id, "erased_at": moment})
        kept = _keep(connection, user_id)
        for table in HOLDS_USERS:
            connection.execute(delete(table).where(table.c.user_id == user_id))
    overwrite_deleted(engine)
    return Receipt(
        user_id,
        moment,
        found,
        len({line["order_id"] for line in kept}),
        len(kept),
        max((line["keep_until"] for line in kept), default=None),
    )


def _keep(connection: Connection, user_id: str) -> list[dict]:
    """Copy what an invoice says, and until when it is kept."""
    wanted = [column for column in tables.order_lines.c if column.name in tables.kept_order_lines.c]
    hers = select(*wanted)
    hers = hers.where(tables.order_lines.c.user_id == user_id)
    lines = [dict(row) for row in connection.execute(hers).mappings()]
    for line in lines:
        year = pd.Timestamp(line["ordered_at"]).tz_convert(HOME).year
        line["keep_until"] = date(year + KEEP_YEARS, 12, 31)
        insert_new(connection, tables.kept_order_lines, line)  # unless an old copy brought it back
    return lines


def delete_expired(engine: Engine, today: date) -> int:
    """Delete the kept order lines whose retention period is over; return how many."""
    over = tables.kept_order_lines.c.keep_until < today
    with writing(engine, alone=True) as connection:
        return connection.execute(delete(tables.kept_order_lines).where(over)).rowcount


def erased_users(connection: Connection) -> list[str]:
    """Return the ids of all who were erased."""
    return list(connection.scalars(select(tables.erasures.c.user_id)))


def without_erased(known: Known, erased: list[str]) -> Known:
    """Leave users out of the tables of an export that still holds them."""
    tables_of_users = {
        name: table[~table["user_id"].isin(erased)].reset_index(drop=True)
        for name, table in known._asdict().items()
        if "user_id" in table
    }
    return known._replace(**tables_of_users)
