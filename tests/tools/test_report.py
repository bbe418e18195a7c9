"""make report: a page or a plain word, never a traceback and never half a file."""

import io
import json
import os
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
    memory = (tmp_path / "orders.csv.map.toml").read_text(encoding="utf-8")
    assert 'user_id = "Betrag"' in memory
    run("orders.csv")  # and are remembered
    assert "3 orders from 3 customers<" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.csv"], "cannot be read: No such file"),
        (["orders.csv", "--map", "user=Kunde"], 'no role "user"'),
        (["orders.csv", "--map", "Kunde"], "should have the form role=column"),
        (["orders.csv", "--out", "no/such/folder.html"], "in an existing folder"),
        (["orders.csv", "--out", "."], "is not a regular file"),
        (["orders.csv", "--out", os.devnull], "is not a regular file"),
        (["nowhere.csv", "--map", "encoding=utf-8"], "cannot be read: No such file"),
        (["orders.csv", "--map", "day_first=perhaps"], "day_first must be True or False"),
        (["orders.csv", "--out", "orders.csv"], "OUT is a file of yours"),
        (["orders.csv", "--out", "x" * 300], "too long"),
        (["orders.csv", "--map", "quantity=Kunde,most_units=-5"], "most_units must be"),
    ],
)
def test_what_cannot_be_is_said_in_words(run, tmp_path, capsys, words, message):
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(SystemExit) as left:
        run(*words)
    assert left.value.code == 2
    said = capsys.readouterr()
    last = said.err.split("\r")[-1].splitlines()  # after the bar, if there was one
    assert last[0].startswith("No report was made. ")
    assert len(last) == 1
    assert message in last[0]
    assert said.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "orders.csv").read_text() == ORDERS


def test_a_page_that_cannot_be_put_in_place(run, tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SystemExit):
        run("orders.csv")
    assert "No space left" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_an_old_page_stays_if_the_new_one_fails(run, tmp_path):
    run("orders.csv")
    old = (tmp_path / "report.html").read_text(encoding="utf-8")
    (tmp_path / "orders.csv").write_text("")
    with pytest.raises(SystemExit):
        run("orders.csv")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == old


def test_a_file_of_another_kind_is_overwritten_only_by_force(run, tmp_path, capsys):
    (tmp_path / "letter.html").write_text("<p>Dear Ana")
    with pytest.raises(SystemExit):
        run("orders.csv", "--out", "letter.html")
    assert "did not make" in capsys.readouterr().err
    assert (tmp_path / "letter.html").read_text() == "<p>Dear Ana"
    run("orders.csv", "--out", "letter.html", "--force")
    run("orders.csv", "--out", "letter.html")  # now it is our page
    assert "3 orders" in (tmp_path / "letter.html").read_text(encoding="utf-8")


# ---------------------------------------------------------------- questions

BOTH = "customer id,Customer-ID,date,total\n7,A,2025-03-25,9.50\n8,A,2025-03-26,12.25\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_question_in_a_pipe_ends_with_2_and_the_line_to_copy(run, tmp_path, capsys):
    (tmp_path / "orders.csv").write_text(BOTH)
    with pytest.raises(SystemExit) as left:
        run("orders.csv", "--json")
    said = capsys.readouterr()
    assert (left.value.code, said.out) == (2, "")
    assert 'MAP="user_id=Customer-ID"' in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv"]


def test_a_question_in_a_terminal_is_answered_and_remembered(run, tmp_path, monkeypatch, capsys):
    (tmp_path / "orders.csv").write_text(BOTH)
    monkeypatch.setattr(sys, "stdin", Terminal("9\nwhat\n2\n"))
    run("orders.csv", "--json")
    said = capsys.readouterr()
    assert json.loads(said.out)["customers"] == 1
    assert "2  “Customer-ID”: 1 different value, such as 'A'" in said.err
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # next month, in a pipe
    run("orders.csv", "--json")
    columns = json.loads(capsys.readouterr().out)["columns"]
    assert columns["user_id"] == {"column": "Customer-ID", "how": "remembered"}


def test_an_answer_that_leaves_no_order_is_not_remembered(run, tmp_path, capsys):
    (tmp_path / "orders.csv").write_text("date,total\n2025-03-25,$9.50\n2025-03-26,$12.25\n")
    with pytest.raises(SystemExit):
        run("orders.csv", "--map", "currency=EUR")
    assert 'With MAP="currency=EUR", no order is left' in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv"]


def test_nobody_answers_in_a_terminal(run, tmp_path, monkeypatch, capsys):
    (tmp_path / "orders.csv").write_text(BOTH)
    monkeypatch.setattr(sys, "stdin", Terminal(""))  # Ctrl-D
    with pytest.raises(SystemExit):
        run("orders.csv", "--json")
    assert "was not answered" in capsys.readouterr().err


def test_yes_takes_the_first_answer_and_says_so(run, tmp_path, capsys):
    (tmp_path / "orders.csv").write_text(BOTH)
    run("orders.csv", "--json", "--yes")
    found = json.loads(capsys.readouterr().out)
    assert found["customers"] == 2
    assert 'YES=1: MAP="user_id=customer id"' in found["warnings"][0]
    assert not (tmp_path / "orders.csv.map.toml").exists()  # nobody said so


# ---------------------------------------------------------------- for machines


def test_whoever_reads_may_leave(run, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        run("orders.csv", "--json")  # without a traceback


def test_an_interruption_before_anything_is_loaded(run, monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(env, "enter", interrupt)
    with pytest.raises(SystemExit, match="No report was made: it was interrupted"):
        run("orders.csv")


def test_json(run, capsys):
    run("orders.csv", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["customers"], found["orders"], found["net"]) == (2, 3, 1031)
    assert (found["first"], found["last"]) == ("2025-03-25", "2025-03-28")
    assert (found["lines_read"], found["lines_used"]) == (3, 3)
    assert found["columns"]["time"] == {"column": "Datum", "how": "name"}
    assert all(isinstance(one, str) for one in found["warnings"])
