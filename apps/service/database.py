"""The database: one URL, SQLite or PostgreSQL, and the few things in which the two differ.

SQLite, not DuckDB: serving is many small reads and writes by several processes at once, and DuckDB
is built for scans by one. SQLite lets many processes read while one writes. Where more than one has
to write at a time, use PostgreSQL; nothing but the URL changes.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT = 30  # seconds that a job waits for a writer of SQLite, or for a server to answer
CHUNK = 20_000  # rows that are in memory as Python objects at a time
JOB = 16  # the number of the lock that nightly jobs and migrations take on PostgreSQL


def open_database(url: str, *, wait: float | None = None, pool: int = 15) -> Engine:
    """Open a database; the file of an SQLite database and its folder are made if need be.

    Parameters
    ----------
    url : such as ``sqlite:///folder/shop.sqlite`` (a fourth slash begins an absolute path) or
        ``postgresql+psycopg://user:password@host/database``.
    wait : seconds to wait for a lock, or for a connection, before giving up; a statement may take
        twice as long. By default only writers of SQLite have a limit, 30 seconds: a job at night
        has time.
    pool : connections that this process may open.

    Examples
    --------
    >>> open_database("shop.sqlite")
    Traceback (most recent call last):
        ...
    ValueError: This is no URL of a database that we can use. It looks like
    sqlite:///folder/shop.sqlite or postgresql+psycopg://user:password@host/database.
    """
    try:
        address = make_url(url)
        kind = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        kind = None
    if kind not in ("sqlite", "postgresql") or not address.database:
        raise ValueError(  # the URL may hold a password, so it is not repeated
            "This is no URL of a database that we can use. It looks like "
            "sqlite:///folder/shop.sqlite or postgresql+psycopg://user:password@host/database."
        )
    options = {
        "hide_parameters": True,  # else errors, and so logs, would hold data of users
        "pool_size": pool,
        "max_overflow": 0,
        "pool_timeout": wait or WAIT,
    }
    if kind == "postgresql":
        limits = {"connect_timeout": max(2, int(wait or WAIT))}  # libpq takes no less
        if wait:
            limit = int(wait * 1000)
            limits["options"] = f"-c lock_timeout={limit} -c statement_timeout={2 * limit}"
            limits["tcp_user_timeout"] = 2 * limit  # of a server whom the network does not reach
        # A pooled connection is tried before it is used: the server may have been restarted.
        return create_engine(address, pool_pre_ping=True, connect_args=limits, **options)
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f"{error}. Name a folder for the database that you may write into.") from None
    engine = create_engine(address, connect_args={"timeout": wait or WAIT}, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection, _) -> None:
    connection.isolation_level = None  # Python's driver begins no transactions; we do, below
    # Readers and the writer do not wait for each other. A commit is safe from a crash of the
    # process; after a power failure the last ones may be missing, and the file is sound.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # overwrite what is deleted: users are erased


def _begin_sqlite(connection: Connection) -> None:
    """Begin each transaction at once, so that all it reads is of one moment."""
    kind = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


@contextmanager
def writing(engine: Engine, *, alone: bool = False, relaxed: bool = False) -> Iterator[Connection]:
    """Open a transaction that writes: all of it is stored, or, after an error, nothing.

    Parameters
    ----------
    engine : the database.
    alone : wait until no other transaction of this kind runs. SQLite has one writer at a time
        anyway.
    relaxed : don't wait until the disk has it, for what is worth less than the wait: after a power
        failure, the last second may be missing. SQLite is always set up like this.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if alone and engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:job)"), {"job": JOB})
        if relaxed and engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL synchronous_commit = off"))
        yield connection


def overwrite_deleted(engine: Engine) -> None:
    """Take what was deleted out of SQLite's files: until a checkpoint, the main one still has it.

    PostgreSQL keeps it until ``VACUUM FULL``, which locks a table and is the operator's to run.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise OSError(
                    "All is deleted, but another program reads the database, so that "
                    "copies are left in its files. Run it again."
                )


# ---------------------------------------------------------------- the schema


def upgrade(engine: Engine) -> None:
    """Bring the tables of a database, an empty or an older one, to the newest schema.

    One transaction: an upgrade that is interrupted has done nothing.
    """
    with writing(engine, alone=True) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        command.upgrade(config, "head")


# ---------------------------------------------------------------- writing rows


def insert_new(connection: Connection, table: Table, row: dict) -> bool:
    """Insert a row unless its key is there already; return whether it was inserted."""
    insert = _insert(connection, table).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(insert, row).first() is not None


def upsert(
    connection: Connection, table: Table, frame: pd.DataFrame, *, overwrite: bool = True
) -> None:
    """Insert rows, and overwrite those whose keys are there already, or leave them."""
    insert = _insert(connection, table)
    others = {c.name: insert.excluded[c.name] for c in table.columns if not c.primary_key}
    if overwrite:
        insert = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)
    else:
        insert = insert.on_conflict_do_nothing()
    for rows in _rows(table, frame):
        connection.execute(insert, rows)


def append(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert many new rows, a chunk at a time."""
    for rows in _rows(table, frame):
        connection.execute(table.insert(), rows)


def _insert(connection: Connection, table: Table) -> Insert:
    """Return the INSERT of this database, which knows ON CONFLICT."""
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name].insert(table)


def _rows(table: Table, frame: pd.DataFrame) -> Iterator[list[dict]]:
    """Yield the rows in chunks, as values of Python's own types, missing ones as None."""
    frame = frame[table.columns.keys()]
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK].astype(object)
        yield part.where(part.notna(), None).to_dict("records")
