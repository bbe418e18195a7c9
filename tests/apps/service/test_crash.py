"""A nightly job that is killed: the API sees whole versions only, and the next job ends the work.

The jobs are processes, and they are really killed: SIGKILL, after which nothing is tidied up.
"""

import random
import time

import pytest
from sqlalchemy import func, select

from apps.service import tables
from apps.service.database import open_database, upgrade
from tests.apps.service.job import MOMENTS, night, processes, start

CLOCKED = {"versions": ["made_at"], "releases": ["released_at"]}


def rows(engine):
    """All rows of all tables, sorted, without the times at which they were written."""
    found = {}
    with engine.connect() as connection:
        for name, table in tables.metadata.tables.items():
            columns = [c for c in table.columns if c.name not in CLOCKED.get(name, [])]
            found[name] = sorted(map(repr, connection.execute(select(*columns))))
    return found


def assert_whole(engine):
    """What a reader sees at this moment: complete versions, and releases of these."""
    one_moment = {"isolation_level": "SERIALIZABLE"}  # for all that this connection reads
    with engine.connect().execution_options(**one_moment) as connection:
        versions = connection.execute(select(tables.versions)).all()
        for made in versions:
            for name, count in made.row_counts.items():
                table = tables.metadata.tables[name]
                there = select(func.count()).where(table.c.version == made.version)
                assert connection.scalar(there) == count > 0
        users = connection.scalar(select(func.count()).select_from(tables.users))
        released = connection.scalars(select(tables.releases.c.version)).all()
    assert (users > 0) == bool(versions)
    assert set(released) == {made.version for made in versions}
    return len(versions)


def finish(url, folder):
    process = start(night, url, str(folder))
    process.join(120)
    assert process.exitcode == 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The rows after a job that nobody has killed, and how many seconds it took."""
    for name in ("first", "again"):  # the first job also waits for the imports
        place = tmp_path_factory.mktemp(name)
        engine = open_database(url := f"sqlite:///{place / 'shop.sqlite'}")
        upgrade(engine)
        started = time.monotonic()
        finish(url, place / "work")
        seconds, clean = time.monotonic() - started, rows(engine)
        engine.dispose()
    assert len(clean["recommendations"]) == 10 * len(clean["scores"]) > 1500
    return clean, seconds


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment_and_run_again(url, database, tmp_path, undisturbed, moment):
    reached, folder = processes.Event(), str(tmp_path / "work")
    process = start(night, url, folder, moment, reached)
    assert reached.wait(120)
    assert assert_whole(database) == (moment == "it is committed")  # a reader, just before
    process.kill()
    process.join()
    assert assert_whole(database) == (moment == "it is committed")
    finish(url, folder)
    assert rows(database) == undisturbed[0]
    assert not any((tmp_path / "work").iterdir())


@pytest.mark.parametrize("seed", [0, 1])
def test_killed_again_and_again_at_random(url, database, tmp_path, undisturbed, seed):
    chance, folder = random.Random(seed), str(tmp_path / "work")
    for _ in range(6):
        process = start(night, url, folder)
        process.join(chance.uniform(0, undisturbed[1]))
        process.kill()
        process.join()
        assert_whole(database)
    finish(url, folder)
    assert rows(database) == undisturbed[0]


def test_a_reader_sees_whole_versions_while_a_job_is_writing(url, database, tmp_path):
    process = start(night, url, str(tmp_path / "work"))
    seen = []
    while process.is_alive():
        seen.append(assert_whole(database))
    assert process.exitcode == 0
    assert seen == sorted(seen)
    assert assert_whole(database) == 1


def test_two_jobs_at_once_make_one_version(url, database, tmp_path, undisturbed):
    both = [start(night, url, str(tmp_path / name)) for name in ("a", "b")]
    for process in both:
        process.join(120)
        assert process.exitcode == 0
    assert rows(database) == undisturbed[0]
