"""The command that erases a user, and its receipt."""

import re
import sys

import pytest

from tests.apps.service.job import some_shop
from tools import env, forget, serve

HER = "U00001"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Call the command on a small shop that was scored once; return what it printed."""
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path))
    monkeypatch.delenv("SHOP_DATABASE", raising=False)
    monkeypatch.setattr(env, "enter", lambda extra="": None)
    monkeypatch.setattr("helpers.data.load_shop", lambda name: some_shop(150))
    monkeypatch.setattr(sys, "argv", ["serve", "score"])
    serve.main()
    capsys.readouterr()

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["forget", *words])
        forget.main()
        return capsys.readouterr().out

    return command


def test_the_receipt(run, tmp_path):
    left = tmp_path / "production" / ("a" * 64)  # of a job that was killed
    left.mkdir()
    said = run(HER)
    assert re.match(rf"{HER} is erased \(first on \d{{4}}-\d\d-\d\d \d\d:\d\d UTC\)\.\n", said)
    assert re.search(r"Deleted rows: .*order_lines \d+, users 1\.", said)
    assert "Deleted results of nightly jobs that did not end: 1." in said
    assert "python -m tools.serve score --release" in said
    assert not left.exists()
    assert (tmp_path / "production" / "shop.sqlite").exists()
    again = run(HER)
    assert "Deleted rows: none, there were none left." in again
    assert again.splitlines()[0] == said.splitlines()[0]
