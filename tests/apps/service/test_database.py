"""The database: what migrations make of it, what a transaction is, and how rows get in and out."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import alembic.op
import numpy as np
import pandas as pd
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from apps.service import database as rooms
from apps.service import tables
from apps.service.database import (
    append,
    insert_new,
    open_database,
    upgrade,
    upsert,
    writing,
)
from tests.apps.service.job import migrate, start

NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)


def item(item_id, price=5.0):
    row = dict.fromkeys(["name", "department", "category", "brand"], "x")
    return row | {"item_id": item_id, "price": price, "launched_at": NOON}


def schema(engine):
    """Everything that the database says about its tables."""
    look, found = inspect(engine), {}
    for name in look.get_table_names():
        columns = [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)]
        parts = [look.get_foreign_keys(name), look.get_check_constraints(name)]
        parts += [look.get_unique_constraints(name), look.get_indexes(name)]
        parts = [sorted(map(str, part)) for part in parts]
        found[name] = [columns, look.get_pk_constraint(name), *parts]
        found[name].append(look.get_table_options(name))  # of SQLite: WITHOUT ROWID
    return found


# ---------------------------------------------------------------- migrations


def test_migrations_make_what_the_tables_say(url):
    engine = open_database(url)
    upgrade(engine)
    with engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), tables.metadata)
    migrated = schema(engine)
    assert set(tables.metadata.tables) < set(migrated)
    tables.metadata.drop_all(engine)
    tables.metadata.create_all(engine)
    assert schema(engine) == migrated
    engine.dispose()


def test_an_upgrade_of_the_newest_schema_changes_nothing(database):
    with writing(database) as connection:
        connection.execute(insert(tables.items), [item("I1")])
    before = schema(database)
    upgrade(database)
    assert schema(database) == before
    with database.connect() as connection:
        assert connection.scalars(select(tables.items.c.item_id)).all() == ["I1"]


def test_an_older_schema_loses_its_orders_and_keeps_all_else(database):
    with writing(database) as connection:
        connection.execute(insert(tables.items), [item("I1")])
        connection.execute(text("CREATE TABLE order_lines (order_id TEXT)"))
        for later in ("client", "stored_at"):
            connection.execute(text(f"ALTER TABLE events DROP COLUMN {later}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    upgrade(database)
    assert set(inspect(database).get_table_names()) == {*tables.metadata.tables, "alembic_version"}
    assert {"client", "stored_at"} < {c["name"] for c in inspect(database).get_columns("events")}
    with database.connect() as connection:
        assert connection.scalars(select(tables.items.c.item_id)).all() == ["I1"]


def test_an_upgrade_that_fails_has_done_nothing(url, monkeypatch):
    engine, made = open_database(url), []

    def create_table(name, *parts, original=alembic.op.create_table, **options):
        if len(made) == 5:
            raise OSError("the disk is full")
        made.append(name)
        return original(name, *parts, **options)

    with monkeypatch.context() as patch:
        patch.setattr(alembic.op, "create_table", create_table)
        with pytest.raises(OSError, match="the disk is full"):
            upgrade(engine)
    assert inspect(engine).get_table_names() == []
    upgrade(engine)
    assert "events" in inspect(engine).get_table_names()
    engine.dispose()


def test_processes_that_upgrade_at_once_wait_for_each_other(url):
    several = [start(migrate, url) for _ in range(4)]
    for process in several:
        process.join(60)
    assert [process.exitcode for process in several] == [0] * 4
    engine = open_database(url)
    assert "events" in inspect(engine).get_table_names()
    engine.dispose()


# ---------------------------------------------------------------- transactions


def test_after_an_error_nothing_is_stored(database):
    def half():
        with writing(database) as connection:
            connection.execute(insert(tables.items), [item("I1")])
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        half()
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.items)) == 0


def test_others_see_rows_when_all_are_stored(database):
    count = select(func.count()).select_from(tables.items)
    with writing(database) as writer:
        writer.execute(insert(tables.items), [item("I1"), item("I2")])
        with database.connect() as reader:
            assert reader.scalar(count) == 0
    with database.connect() as reader:
        assert reader.scalar(count) == 2


def test_two_that_write_alone_do_so_one_after_the_other(database):
    order, inside = [], threading.Event()

    def second():
        inside.wait(10)
        with writing(database, alone=True):
            order.append("second begins")

    thread = threading.Thread(target=second)
    thread.start()
    with writing(database, alone=True):
        inside.set()
        thread.join(0.3)  # it would be through by now, if nothing held it
        order.append("first ends")
    thread.join(10)
    assert order == ["first ends", "second begins"]


# ---------------------------------------------------------------- rows


def test_a_moment_is_the_same_from_every_time_zone(database):
    new_york = timezone(timedelta(hours=-5))
    with writing(database) as connection:
        row = {"user_id": "U1", "signed_up_at": datetime(2025, 12, 31, 22, 30, tzinfo=new_york)}
        connection.execute(insert(tables.users), [row])
    with database.connect() as connection:
        (moment,) = connection.scalars(select(tables.users.c.signed_up_at))
        at = tables.users.c.signed_up_at == datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
        assert connection.scalars(select(tables.users.c.user_id).where(at)).all() == ["U1"]
    assert moment.isoformat() == "2026-01-01T03:30:00+00:00"
    assert moment.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(database):
    row = {"user_id": "U1", "signed_up_at": datetime(2025, 12, 31)}
    with pytest.raises(Exception, match="has no time zone"), writing(database) as connection:
        connection.execute(insert(tables.users), [row])


def test_an_error_does_not_tell_what_stood_in_the_row(database):
    row = {"user_id": "Ana Rossi", "signed_up_at": None}
    with pytest.raises(IntegrityError) as refused, writing(database) as connection:
        connection.execute(insert(tables.users), [row])
    parameters = str(refused.value).partition("[SQL")[2]
    assert "hide_parameters" in parameters
    assert "Ana" not in parameters


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("popular", {"version": 9, "position": 1, "item_id": "I1", "score": 1.0}),
        ("items", item("I1", price=0.0)),
        ("items", item(None)),
        (
            "events",
            {"event_id": "E1", "user_id": "U1", "event": "theft", "item_id": "I1"}
            | {"occurred_at": NOON, "request_id": None},
        ),
    ],
    ids=["a version that is not there", "a price of nothing", "no key", "an unknown event"],
)
def test_the_database_itself_refuses(database, table, row):
    with pytest.raises(IntegrityError), writing(database) as connection:
        connection.execute(insert(tables.metadata.tables[table]), [row])


def test_a_row_whose_key_is_there_is_not_inserted_again(database):
    with writing(database) as connection:
        assert insert_new(connection, tables.items, item("I1"))
        assert not insert_new(connection, tables.items, item("I1", price=9.0))
        assert insert_new(connection, tables.items, item("I2"))
        prices = connection.execute(select(tables.items.c.item_id, tables.items.c.price))
        assert sorted(map(tuple, prices)) == [("I1", 5.0), ("I2", 5.0)]


def test_an_upsert_overwrites_the_rest_of_the_row(database):
    with writing(database) as connection:
        upsert(connection, tables.items, pd.DataFrame([item("I1"), item("I2")]))
        upsert(connection, tables.items, pd.DataFrame([item("I2", price=9.0), item("I3")]))
        prices = connection.execute(select(tables.items.c.item_id, tables.items.c.price))
        assert sorted(map(tuple, prices)) == [("I1", 5.0), ("I2", 9.0), ("I3", 5.0)]


@pytest.mark.parametrize("chunk", [1, 2, 5, 100])
def test_many_rows_are_appended_in_chunks(database, monkeypatch, chunk):
    monkeypatch.setattr(rooms, "CHUNK", chunk)
    made = {"as_of": NOON.date(), "made_at": NOON, "git_commit": "x", "data_hash": "x"}
    made |= {"parameters": {}, "row_counts": {}, "measured": {}, "fingerprint": "x", "version": 1}
    users = pd.DataFrame({"user_id": [f"U{n}" for n in range(5)]})
    users["signed_up_at"] = pd.date_range("2025-01-01", periods=5, tz="America/New_York")
    rows = users[["user_id"]].assign(version=1, recency_days=np.int32(3), frequency=2)
    rows = rows.assign(monetary=0.1 + 0.2, repeat_spend=[np.nan, 1, 2, np.nan, 4])
    rows = rows.assign(tenure_days=range(5), discounted=1 / 3, not_a_column="x")
    with writing(database) as connection:
        connection.execute(insert(tables.versions), [made])
        append(connection, tables.users, users)
        append(connection, tables.features, rows)
        append(connection, tables.features, rows.head(0))
        there = connection.execute(select(tables.features).order_by(tables.features.c.user_id))
        signed_up = connection.scalar(select(func.min(tables.users.c.signed_up_at)))
        there = list(map(tuple, there))
    assert signed_up == datetime(2025, 1, 1, 5, tzinfo=UTC)
    repeat = [None, 1.0, 2.0, None, 4.0]
    assert there == [(1, f"U{n}", 3, 2, 0.1 + 0.2, repeat[n], n, 1 / 3) for n in range(5)]


# ---------------------------------------------------------------- opening


@pytest.mark.parametrize(
    "url", ["shop.sqlite", "mysql://a:secret@host/shop", "nosuch://x/y", "sqlite://", ""]
)
def test_what_is_no_url_of_ours_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="It looks like sqlite:///folder/") as refused:
        open_database(url)
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"file.*Name a folder for the database that you may write"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'shop.sqlite'}")
