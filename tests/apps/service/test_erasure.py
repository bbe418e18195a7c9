"""Erasing a user: everything of her goes, and neither an export nor the API brings her back."""

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from apps.service import erase, scoring, tables, writing
from apps.service.database import open_database
from apps.service.erasure import HOLDS_USERS, erase_late
from apps.service.features import data_hash, known_by
from apps.service.releases import released
from apps.service.scoring import score
from tests.apps.service.job import AS_OF, some_shop
from tests.apps.service.small import KNOWN, MOMENT, POPULAR, fill
from tests.apps.service.test_api import EVENT, api


@pytest.fixture
def filled(database):
    """The small shop, with features, events and a served list of the known user."""
    fill(database)
    event = {"occurred_at": MOMENT, "event": "view", "item_id": "I0001", "request_id": None}
    events = [
        {**event, "event_id": "E1", "user_id": KNOWN},
        {**event, "event_id": "E2", "user_id": "U7"},
    ]
    served = {"request_id": "R1", "position": 1, "user_id": KNOWN, "item_id": POPULAR[0]}
    served |= {"slot": "home", "policy": "ranked", "propensity": 0.9, "version": 1}
    served |= {"served_at": MOMENT}
    feature = {"version": 1, "user_id": KNOWN, "recency_days": 1, "frequency": 2, "monetary": 30.0}
    feature |= {"tenure_days": 9, "discounted": 0.5}
    with writing(database) as connection:
        connection.execute(insert(tables.events), events)
        connection.execute(insert(tables.served), [served])
        connection.execute(insert(tables.features), [feature])
    return database


def count(engine, table, **where):
    found = select(func.count()).select_from(table)
    for name, value in where.items():
        found = found.where(table.c[name] == value)
    with engine.connect() as connection:
        return connection.scalar(found)


def test_every_table_with_users_is_known():
    with_users = {table.name for table in tables.metadata.sorted_tables if "user_id" in table.c}
    assert with_users == {table.name for table in HOLDS_USERS} | {"erasures"}


def test_nothing_of_her_is_left(filled):
    receipt = erase(filled, KNOWN)
    assert receipt.deleted == {
        "events": 1,
        "served": 1,
        "recommendations": 20,
        "scores": 2,
        "features": 1,
        "users": 1,
    }
    assert all(count(filled, table, user_id=KNOWN) == 0 for table in HOLDS_USERS)


def test_others_are_left_alone(filled):
    erase(filled, KNOWN)
    assert count(filled, tables.events, user_id="U7") == 1
    assert count(filled, tables.popular) == 20
    assert released(filled).version == 1


def test_again_is_no_error_and_takes_what_came_in_meanwhile(filled):
    first = erase(filled, KNOWN)
    event = {"event_id": "E3", "occurred_at": MOMENT, "event": "view", "item_id": "I1"}
    with writing(filled) as connection:
        connection.execute(insert(tables.events), [{**event, "user_id": KNOWN, "request_id": None}])
    again = erase(filled, KNOWN)
    assert again.erased_at == first.erased_at
    assert {name: n for name, n in again.deleted.items() if n} == {"events": 1}
    assert count(filled, tables.erasures) == 1


def test_no_copy_of_her_is_left_in_the_files_while_the_api_runs(filled, url, tmp_path):
    if filled.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps it until VACUUM FULL, as OPERATORS.md says")
    her = "U77777"
    running = open_database(url)  # as the API: it stays connected
    ask = api(running)
    for _ in range(200):
        ask.get(f"/users/{her}/recommendations")
    with filled.begin() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
    erase(filled, her)
    with filled.connect() as connection:  # where an id may be, by design
        assert connection.scalars(select(tables.erasures.c.user_id)).all() == [her]
    found = sum(path.read_bytes().count(her.encode()) for path in tmp_path.glob("shop.sqlite*"))
    running.dispose()
    assert found == 1


def test_what_is_asked_for_an_erased_user_is_answered_and_not_logged(filled):
    erase(filled, KNOWN)
    answer = api(filled).get(f"/users/{KNOWN}/recommendations")
    assert {item["item_id"] for item in answer.json()["items"]} == set(POPULAR)
    assert count(filled, tables.served) == 0


def test_a_later_event_of_an_erased_user_is_refused_or_anonymized(filled):
    erase(filled, KNOWN)
    assert api(filled).post(EVENT).status_code == 410
    assert count(filled, tables.events, event_id="E1") == 0
    ask = api(filled, erased="anonymize")
    assert [ask.post(EVENT | {"event_id": "E9"}).json()["stored"] for _ in "12"] == [True, False]
    assert count(filled, tables.events, user_id=KNOWN) == 0
    assert count(filled, tables.events, user_id="erased") == 1


def test_what_was_being_written_while_she_was_erased_goes_at_night(filled):
    erase(filled, KNOWN)
    event = {"event_id": "E5", "occurred_at": MOMENT, "event": "view", "item_id": "I1"}
    with writing(filled) as connection:
        connection.execute(insert(tables.events), [{**event, "user_id": KNOWN, "request_id": None}])
    erase_late(filled)
    assert count(filled, tables.events, user_id=KNOWN) == 0
    assert count(filled, tables.events, user_id="U7") == 1


def test_an_unknown_user_is_refused_and_not_noted(filled):
    with pytest.raises(ValueError, match='No table holds a user "U99999"'):
        erase(filled, "U99999")
    assert count(filled, tables.erasures) == 0


def test_a_guest_with_events_only_can_be_erased(filled):
    assert erase(filled, "U7").deleted["events"] == 1


def test_all_or_nothing(filled, monkeypatch):
    def stop(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("apps.service.erasure.delete", stop)
    with pytest.raises(OSError, match="the disk is full"):
        erase(filled, KNOWN)
    assert count(filled, tables.scores, user_id=KNOWN) == 2
    assert count(filled, tables.erasures) == 0


def test_no_export_brings_her_back(database):
    shop = some_shop(150)
    her = shop.order_lines["user_id"].value_counts().index[20]
    score(database, shop)
    assert erase(database, her).deleted["recommendations"] == 10
    run = score(database, shop, release=True)  # the export still has her
    assert (run.version, run.new, run.released) == (2, True, True)
    assert all(count(database, table, user_id=her) == 0 for table in HOLDS_USERS)
    never = {
        name: table[table["user_id"] != her] for name, table in shop if "user_id" in table.columns
    }
    with database.connect() as connection:
        of_version = select(tables.versions.c.data_hash).where(tables.versions.c.version == 2)
        assert connection.scalar(of_version) == data_hash(known_by(replace(shop, **never), AS_OF))


def test_a_job_that_began_before_the_erasure_stores_nothing(database, monkeypatch):
    shop = some_shop(150)
    score(database, shop, "2025-12-30")
    her = shop.order_lines["user_id"].iloc[0]
    compute = scoring.compute
    monkeypatch.setattr(scoring, "compute", lambda *all: (compute(*all), erase(database, her))[0])
    with pytest.raises(ValueError, match="A user was erased while the job ran"):
        score(database, shop, "2025-12-31")
    assert count(database, tables.versions) == 1
    assert count(database, tables.users, user_id=her) == 0


def test_a_job_whose_results_are_deleted_while_it_runs_stores_nothing(
    database, monkeypatch, tmp_path
):
    compute = scoring.compute

    def disturbed(known, day, parameters, work):
        files = compute(known, day, parameters, work)
        shutil.rmtree(work)  # as `forget` does, for a user who is not in this job
        return files

    monkeypatch.setattr(scoring, "compute", disturbed)
    with pytest.raises(ValueError, match="or were deleted by"):
        score(database, some_shop(150), folder=tmp_path)
    assert count(database, tables.versions) == 0
