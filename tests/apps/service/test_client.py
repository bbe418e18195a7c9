"""What a lesson uses to ask the API, and to kill the nightly job."""

import pytest
from sqlalchemy import func, select

from apps.service import tables
from apps.service.client import connect, kill_job
from apps.service.scoring import score
from tests.apps.service.job import AS_OF, some_shop


def test_a_client_sends_its_token_and_goes_around_the_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # where nobody answers
    with connect("http://127.0.0.1:2", "secret") as client, connect("http://127.0.0.1:2") as nobody:
        assert client.headers["Authorization"] == "Bearer secret"
        assert "Authorization" not in nobody.headers
        assert not client._mounts  # no proxy for any address


def test_a_killed_job_leaves_the_file_and_no_version(url, database, tmp_path):
    shop = some_shop()
    kill_job(url, shop, AS_OF, tmp_path, after="features.parquet")
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.versions)) == 0
    (kept,) = tmp_path.rglob("features.parquet")
    written = kept.stat().st_mtime_ns
    kill_job(url, shop, AS_OF, tmp_path, after="scores.parquet")
    assert kept.stat().st_mtime_ns == written  # it went on, rather than beginning anew
    assert score(database, shop, AS_OF, folder=tmp_path) == (1, True, True, "")


def test_a_job_that_never_writes_the_file_is_an_error(url, database, tmp_path):
    with pytest.raises(RuntimeError, match=r"without cake\.parquet"):
        kill_job(url, some_shop(), AS_OF, tmp_path, after="cake.parquet")
