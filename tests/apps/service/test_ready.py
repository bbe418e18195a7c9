"""Live, ready, and an answer in time: whatever the database does."""

import time

import pytest
from sqlalchemy import text

from apps.service import queries
from apps.service.database import open_database, writing
from apps.service.settings import Settings
from tests.apps.service.small import KNOWN, fill
from tests.apps.service.test_api import EVENT, LIST, api

IN_TIME = 5  # seconds, as OPERATORS.md says


@pytest.fixture
def hasty(database, url):
    """The API as `from_environment` opens it: with limits of time."""
    fill(database)
    engine = open_database(url, wait=Settings().wait, pool=Settings().pool)
    yield api(engine)
    engine.dispose()


def statuses(ask, *more):
    """Ask for everything at once, and return what was answered, and after how long at most."""
    started = time.monotonic()
    answers = ask.at_once([("GET", "/live"), ("GET", "/ready"), ("GET", LIST), *more])
    return [each.status_code for each in answers], time.monotonic() - started


@pytest.mark.parametrize("table", ["served", "events", "releases"])
def test_while_a_table_is_locked_it_is_live_and_not_ready(database, hasty, table):
    lock = f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"  # as VACUUM FULL does
    with writing(database) as connection:
        if database.dialect.name == "postgresql":
            connection.execute(text(lock))
        answers, seconds = statuses(hasty, *[("GET", LIST)] * 60)
        assert answers[:2] == [200, 503]
        assert seconds < IN_TIME
        if database.dialect.name == "sqlite" or table != "events":
            assert set(answers[2:]) == {503}
    assert hasty.at_once([("GET", "/ready"), ("GET", LIST)])[0].status_code == 200
    assert hasty.post(EVENT).json()["stored"]


def test_what_only_reads_does_not_wait_for_a_writer(database, hasty):
    with writing(database):
        assert hasty.get(f"/users/{KNOWN}/next-best-action").status_code == 200


def test_a_full_disk_is_noticed(database, hasty):
    if database.dialect.name == "postgresql":
        pytest.skip("it is the server's disk")
    resource = pytest.importorskip("resource")
    assert statuses(hasty)[0] == [200, 200, 200]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))  # no byte more
        assert statuses(hasty)[0] == [200, 503, 503]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert statuses(hasty)[0] == [200, 200, 200]


def test_a_question_that_hangs_is_left_to_itself(database, monkeypatch):
    fill(database)
    monkeypatch.setattr(queries, "recommend", lambda *_, **__: time.sleep(3))
    answers, seconds = statuses(api(database, answer=0.2))
    assert answers == [200, 503, 503]
    assert seconds < 2


def test_a_body_that_does_not_come_is_not_waited_for(database):
    async def body():
        yield b"{"
        import asyncio

        await asyncio.sleep(60)

    ask = api(database, answer=0.2)
    answer = ask("POST", "/events", content=body(), headers={"Content-Length": "99"})
    assert answer.status_code in (411, 503)
