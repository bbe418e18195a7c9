"""Erasing a user: what is deleted, and what is kept so that she stays erased."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, select

from apps.service import tables
from apps.service.database import insert_new, overwrite_deleted, writing
from apps.service.features import Known

HOLDS_USERS = (  # before the tables that they refer to
    *(tables.events, tables.served, tables.recommendations, tables.scores, tables.features),
    tables.users,
)


class Receipt(NamedTuple):
    """What an erasure did."""

    user_id: str
    erased_at: datetime  # of the first time, if it was repeated
    deleted: dict[str, int]  # table → rows


def erase(engine: Engine, user_id: str) -> Receipt:
    """Erase a user from all tables, in one transaction: all of it is done, or nothing.

    Her id alone goes to ``erasures``: `score` leaves everybody out who stands there, even if an
    export still holds her, and the API logs nothing of her. To erase a user again is no
    error: what came in meanwhile is deleted. If she comes back, give her a new id.

    Not in the database, and so not erased here: exports, backups, and models or lists of others
    that were computed with her data. The next version is computed without her. Invoices, which the
    law makes a shop keep, are in its accounts; nothing here needs them.

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
        deleted = {
            table.name: connection.execute(delete(table).where(table.c.user_id == user_id)).rowcount
            for table in HOLDS_USERS
        }
        again = tables.erasures.c.user_id == user_id
        before = connection.scalar(select(tables.erasures.c.erased_at).where(again))
        if before is None and not any(deleted.values()):
            raise ValueError(f'No table holds a user "{user_id}". Is the id spelled right?')
        moment = before or datetime.now(UTC)
        insert_new(connection, tables.erasures, {"user_id": user_id, "erased_at": moment})
    overwrite_deleted(engine)
    return Receipt(user_id, moment, deleted)


def erase_late(engine: Engine) -> None:
    """Delete what the API was just writing about users while they were erased; for every night."""
    erased = select(tables.erasures.c.user_id)
    with writing(engine) as connection:
        for table in (tables.served, tables.events):
            connection.execute(delete(table).where(table.c.user_id.in_(erased)))


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
