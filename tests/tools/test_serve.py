"""The command that runs the shop in production."""

import re
import sys

import pytest
from sqlalchemy import text

from apps.service import open_database, writing
from apps.service.releases import released
from apps.service.server import bind
from apps.service.settings import read_settings
from helpers.data import load_shop as load
from tests.apps.service.job import some_shop
from tools import env, serve

HER = "U00001"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Call the command as a learner would, with a small shop; return what it printed."""
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path))
    monkeypatch.delenv("SHOP_DATABASE", raising=False)
    monkeypatch.setattr(sys, "prefix", str(env.place()[0]))
    monkeypatch.setattr(env, "enter", lambda extra="": entered.append(extra))
    entered, small = [], some_shop(150)
    monkeypatch.setattr(
        "apps.service.commands.load_shop", lambda s: small if s == "small" else load(s)
    )

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["serve", *words])
        serve.main()
        return capsys.readouterr().out

    command.entered = entered
    return command


def test_a_night_after_the_other(run, tmp_path):
    first = run("score", "--as-of", "2025-12-29")
    assert "Version 1, as of 2025-12-29: " in first
    assert "extra orders per 100 coupons: " in first
    assert first.endswith("Version 1 is served from now on.\n")
    assert run("score", "--as-of", "2025-12-29") == "Version 1 is there already.\n"
    second = run("score")
    assert "Version 2, as of 2025-12-31: " in second
    assert "served" not in second
    assert run("score", "--release").endswith("Version 2 is served from now on.\n")
    assert run("rollback", "--reason", "clicks fell") == "Version 1 is served again.\n"
    assert run("release", "2", "--exploration", "0.5") == "Version 2 is served from now on.\n"
    versions = [line.split("version ")[1].split() for line in run("releases").splitlines()]
    assert [each[0] for each in versions] == ["1", "2", "1", "2"]
    assert [each[1] for each in versions] == ["10%", "10%", "10%", "50%"]
    assert versions[2][3:] == ["clicks", "fell"]
    assert [path.name for path in tmp_path.iterdir()] == ["production"]
    files = {path.name.split("-")[0] for path in (tmp_path / "production").iterdir()}
    assert files == {"shop.sqlite"}  # nothing of the work is left


def test_a_database_without_tables_is_named_and_the_fix(run):
    with pytest.raises(SystemExit, match=r"tools\.serve migrate$") as stopped:
        run("rollback")
    assert "no such table: releases" in stopped.value.code
    assert run("migrate") == "The tables have the newest schema.\n"
    with pytest.raises(SystemExit, match="There is no earlier release to go back to"):
        run("rollback")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["score", "--as-of", "soon"], "as_of is a day in local time"),
        (["score", "--as-of", "2020-01-01"], "Nobody had bought by as_of"),
        (["score", "--shop", "nowhere"], 'There is no folder "nowhere"'),
        (["prune", "--versions", "-1"], "versions_kept is a whole number, 0 or more; got -1."),
        (["release", "9"], "There is no version 9 to release; there are: none."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, words, says):
    run("migrate")
    with pytest.raises(SystemExit) as stopped:
        run(*words)
    assert stopped.value.code.startswith(says)
    engine = open_database(read_settings().database)
    assert released(engine) is None
    engine.dispose()


def test_a_database_that_does_not_answer_is_named_without_its_password(run, monkeypatch):
    pytest.importorskip("psycopg")
    monkeypatch.setenv("SHOP_DATABASE", "postgresql+psycopg://me:secret@127.0.0.1:1/shop")
    with pytest.raises(SystemExit) as stopped:
        run("releases")
    assert "postgresql+psycopg://me:***@127.0.0.1:1/shop says: " in stopped.value.code
    assert "secret" not in stopped.value.code


def test_a_file_that_is_no_database_is_named_and_kept(run, monkeypatch, tmp_path):
    file = tmp_path / "shop.sqlite"
    file.write_bytes(b"once it was a database" * 99)
    monkeypatch.setenv("SHOP_DATABASE", f"sqlite:///{file}")
    for words in (["rollback"], ["score"], []):
        with pytest.raises(SystemExit, match="file is not a database\nIs its file undamaged"):
            run(*words)
    assert file.read_bytes() == b"once it was a database" * 99


def test_a_database_of_a_newer_course_is_refused_in_a_sentence(run):
    run("migrate")
    engine = open_database(read_settings().database)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    engine.dispose()
    with pytest.raises(SystemExit, match="revision identified by '0099'"):
        run("migrate")


def test_ctrl_c_is_answered_in_a_sentence(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("apps.service.scoring.score", interrupt)
    with pytest.raises(SystemExit, match="Nothing is half stored"):
        run("score")


def test_a_token_is_made_and_removed(run, tmp_path):
    made = run("token", "website", "read", "write")
    assert made.startswith("The token of website, shown only now: ")
    assert (tmp_path / "production" / "tokens.json").exists()
    assert "is removed" in run("token", "website")
    with pytest.raises(SystemExit, match="no token"):
        run("token", "website")


def test_a_port_that_is_taken_is_named(run, monkeypatch):
    run("token", "website", "read")
    with bind() as taken:
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("SHOP_PORT", str(port))
        with pytest.raises(SystemExit, match=f"127.0.0.1:{port} can't be had .* Set SHOP_PORT"):
            run("run")


def test_only_the_bare_command_makes_a_token_and_only_for_this_computer(run, monkeypatch, tmp_path):
    monkeypatch.setattr("apps.service.server.run", lambda *_: None)
    monkeypatch.setenv("SHOP_PORT", "0")
    tokens = tmp_path / "production" / "tokens.json"
    with pytest.raises(SystemExit, match=r"tools\.serve token NAME"):
        run("run")
    monkeypatch.setenv("SHOP_HOST", "0.0.0.0")
    with pytest.raises(SystemExit, match=r"tools\.serve token NAME"):
        run()
    assert not tokens.exists()
    monkeypatch.delenv("SHOP_HOST")
    assert "A token for you, shown only now: " in run()
    assert tokens.exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SHOP_SETTINGS", "nowhere.env", "no file of settings nowhere.env"),
        ("SHOP_RATE", "x", "rate"),
    ],
)
def test_a_wrong_setting_is_named(run, monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=says):
        run("releases")


def test_a_broken_night_ends_with_an_error_and_the_next_is_pruned(run, monkeypatch, tmp_path):
    run("score", "--as-of", "2025-12-29")
    half = some_shop(150)
    half.order_lines["unit_price"] *= 100
    with monkeypatch.context() as patch:
        patch.setattr("apps.service.commands.load_shop", lambda _: half)
        with pytest.raises(SystemExit, match=r"Version 2 is not served: price list: ") as stopped:
            run("score", "--release")
    assert stopped.value.code.endswith("python -m tools.serve release 2")
    assert "version 1 " in run("releases")
    (tmp_path / "production" / ("a" * 64)).mkdir()
    pruned = run("prune", "--versions", "1", "--days", "9")
    assert pruned == "Deleted: 0 versions, 0 lists, 1 killed jobs.\n"
    assert run("score", "--release").endswith("Version 3 is served from now on.\n")
    assert run("clicks") == "No list has been served yet.\n"


def test_the_receipt_of_an_erasure(run, tmp_path):
    run("score")
    left = tmp_path / "production" / ("a" * 64)  # of a job that was killed
    left.mkdir()
    said = run("forget", HER)
    assert re.match(rf"{HER} is erased \(first on \d{{4}}-\d\d-\d\d \d\d:\d\d UTC\)\.\n", said)
    assert re.search(r"Deleted rows: recommendations 10, .*, users 1; killed jobs: 1\.", said)
    assert "Left to do: take her out of the export" in said
    assert not left.exists()
    assert (tmp_path / "production" / "shop.sqlite").exists()
    again = run("forget", HER)
    assert "Deleted rows: none, there were none left;" in again
    assert again.splitlines()[0] == said.splitlines()[0]


def test_without_the_driver_of_postgresql_it_goes_on_in_the_environment_that_has_it(
    run, monkeypatch
):
    def missing(_):
        raise ModuleNotFoundError(name="psycopg")

    monkeypatch.setattr("apps.service.commands.open_database", missing)
    run("releases")
    assert run.entered == ["", "serve"]
