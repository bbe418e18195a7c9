"""make report: a page or a plain word, never a traceback and never half a file."""

import sys
from pathlib import Path

import pytest

from tools import env, report

ORDERS = "Kunde;Datum;Betrag\n7;25.03.2025;9,50\n8;26.03.2025;12,00\n7;28.03.2025;1.009,50\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command with its words, in a folder with a file of orders."""
    monkeypatch.setattr(env, "enter", lambda: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["tools.report", *words])
        report.main()

    return run


def test_a_page_and_what_was_understood(run, tmp_path, capsys):
    run("orders.csv", "--out", "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "3 orders from 2 customers brought in 1,031" in page
    said = capsys.readouterr()
    assert 'user_id ← "Kunde"' in said.out
    assert "The report is in page.html." in said.out
    assert "Which items are bought together? the file doesn't say" in said.out
    assert "How is the shop doing?" in said.err  # the progress
    assert [path.name for path in tmp_path.glob(".report*")] == []


def test_without_a_file_it_is_about_our_shop(run, tmp_path):
    run("")
    assert "7,838 orders" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_columns_can_be_said(run, tmp_path):
    run("orders.csv", "--map", "user_id=Betrag,amount=")
    assert "3 orders from 3 customers<" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.csv"], "cannot be read: No such file"),
        (["orders.csv", "--map", "user=Kunde"], 'no role "user"'),
        (["orders.csv", "--map", "Kunde"], "should have the form role=column"),
        (["orders.csv", "--out", "no/such/folder.html"], "in an existing folder"),
        (["orders.csv", "--out", "."], "is not a file"),
        (["nowhere.csv", "--map", "encoding=utf-8"], "cannot be read: No such file"),
        (["orders.csv", "--map", "day_first=perhaps"], "day_first must be True or False"),
        (["orders.csv", "--out", "orders.csv"], "OUT is the CSV file itself"),
    ],
)
def test_what_cannot_be_is_said_in_words(run, tmp_path, words, message):
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(SystemExit) as left:
        run(*words)
    assert str(left.value.code).startswith("No report was made. ")
    assert message in left.value.code
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "orders.csv").read_text() == ORDERS


def test_a_page_that_cannot_be_put_in_place(run, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SystemExit, match="No space left"):
        run("orders.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_an_old_page_stays_if_the_new_one_fails(run, tmp_path):
    (tmp_path / "report.html").write_text("old")
    (tmp_path / "orders.csv").write_text("")
    with pytest.raises(SystemExit):
        run("orders.csv")
    assert (tmp_path / "report.html").read_text() == "old"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {"roles": {}}),
        ("user_id=Price, EUR", {"roles": {"user_id": "Price, EUR"}}),
        ("time=a=b, discount=", {"roles": {"time": "a=b", "discount": None}}),
        ("day_first=Yes,decimal=comma", {"roles": {}, "day_first": True, "decimal": ","}),
        ("decimal=.,encoding=cp1250", {"roles": {}, "decimal": ".", "encoding": "cp1250"}),
    ],
)
def test_map(text, options):
    assert report.read_map(text) == options
