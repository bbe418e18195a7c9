"""Releases: which version the API serves, how to go back, and how long old versions are kept.

A finished version changes nothing for the users until it is released. Releases are only ever
added: the last one holds, and the others tell what was served when, and why.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from apps.service import tables
from apps.service.database import writing
from apps.service.tables import releases, served, versions
from helpers.data import checks

EXPLORATION = 0.1
RESULTS = ("features", "scores", "popular", "recommendations")  # tables with rows of each version
AT_ONCE = 1_000  # lists that are deleted in a transaction, so that the API need not wait


UNDONE = select(releases.c.undoes).where(releases.c.undoes.is_not(None))
STANDING = select(releases).where(releases.c.undoes.is_(None), releases.c.release_id.not_in(UNDONE))
WHOLE = select(versions.c.version).where(versions.c.pruned_at.is_(None))
LAST_TWO = STANDING.where(releases.c.version.in_(WHOLE))
LAST_TWO = LAST_TWO.order_by(releases.c.release_id.desc()).limit(2)
NEWEST = select(releases).order_by(releases.c.release_id.desc()).limit(1)


def released(engine: Engine) -> Row | None:
    """Return the release that holds, a row of `tables.releases`, or None before the first."""
    with engine.connect() as connection:
        return connection.execute(NEWEST).first()


def release(engine: Engine, version: int, reason: str, *, exploration: float | None = None) -> Row:
    """Have the API serve a version from now on; return the new row of `tables.releases`.

    Parameters
    ----------
    engine : database with the newest schema, see `upgrade`.
    version : number of a finished version.
    reason : why, in words, for anyone who reads the table later.
    exploration : share of requests, in [0, 1], that are answered with the user's ten items in
        random order, so that what the order is worth can be estimated; by default that of the last
        release.
    """
    if exploration is not None and not 0 <= exploration <= 1:
        raise ValueError(f"exploration is a share of requests, from 0 to 1; got {exploration}.")
    with writing(engine, alone=True) as connection:
        there = connection.scalars(WHOLE.order_by(versions.c.version)).all()
        if version not in there:
            known = ", ".join(map(str, there)) or "none"
            raise ValueError(f"There is no version {version} to release; there are: {known}.")
        return add_release(connection, version, exploration, reason)


def roll_back(engine: Engine, reason: str) -> Row:
    """Have the API serve again what it served before the release that holds.

    A rollback after a rollback goes back by one more release.

    Parameters
    ----------
    engine : database with the newest schema, see `upgrade`.
    reason : why, in words.
    """
    with writing(engine, alone=True) as connection:
        rows = connection.execute(LAST_TWO).all()
        if len(rows) < 2:
            raise ValueError("There is no earlier release to go back to. Release a version first.")
        now, before = rows
        return add_release(connection, before.version, before.exploration, reason, now.release_id)


def prune(engine: Engine, *, versions_kept: int, days_kept: int) -> dict[str, int]:
    """Delete the results of old versions and the log of old lists; return how many of each.

    Of a version its row stays, with what it was made of. What is served, and what a rollback would
    serve, is kept whole.

    Parameters
    ----------
    engine : database with the newest schema, see `upgrade`.
    versions_kept : how many of the newest versions keep their results.
    days_kept : how many days a list that was served stays in the log.
    """
    checks.require_whole("versions_kept", versions_kept, least=0)
    checks.require_whole("days_kept", days_kept, least=0)
    now = datetime.now(UTC)
    old_lists = select(served.c.request_id).where(served.c.served_at < now - timedelta(days_kept))
    newest = WHOLE.order_by(versions.c.version.desc()).limit(versions_kept)
    with engine.connect() as connection:
        last_two = [row.version for row in connection.execute(LAST_TWO)]
        kept = [*last_two, *connection.scalars(newest)]
        old = connection.scalars(WHOLE.where(versions.c.version.not_in(kept))).all()
        lists = connection.scalars(old_lists.distinct()).all()
    for start in range(0, len(lists), AT_ONCE):
        some = served.c.request_id.in_(lists[start : start + AT_ONCE])
        with writing(engine) as connection:
            connection.execute(delete(served).where(some))
    for version in old:
        with writing(engine, alone=True) as connection:
            for table in map(tables.metadata.tables.get, RESULTS):
                connection.execute(delete(table).where(table.c.version == version))
            row = update(versions).where(versions.c.version == version)
            connection.execute(row.values(pruned_at=now))
    return {"versions": len(old), "lists": len(lists)}


def objection(connection: Connection, version: int) -> str:
    """Return why the nightly job must not release a version by itself; "" if it may."""
    row = connection.execute(select(versions).where(versions.c.version == version)).one()
    undone = select(releases.c.version).where(releases.c.release_id.in_(UNDONE))
    if version in connection.scalars(undone).all():
        return "it was rolled back"
    if row.pruned_at:
        return "its results are pruned"
    served = select(versions.c.as_of).join(NEWEST.subquery("now"))
    newest = connection.scalar(served)
    if newest is not None and row.as_of < newest:
        return f"it is of {row.as_of}, and the version of {newest} is served"
    return row.refused or ""


def add_release(
    connection: Connection,
    version: int,
    exploration: float | None,
    reason: str,
    undoes: int | None = None,
) -> Row:
    """Add a row to the releases, within a transaction of the caller, who is `alone`."""
    last = connection.execute(NEWEST).first()
    if exploration is None:
        exploration = last.exploration if last else EXPLORATION
    row = {
        "release_id": last.release_id + 1 if last else 1,
        "version": version,
        "exploration": exploration,
        "released_at": datetime.now(UTC),
        "reason": reason,
        "undoes": undoes,
    }
    return connection.execute(insert(releases).values(row).returning(*releases.c)).one()
