"""The commands themselves: what they start, and what they say."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from helpers.data import downloads
from tools import check, copies, env, lab, test
from tools.env import ROOT


@pytest.fixture
def commands(monkeypatch):
    """The commands that would have been run, each as (words, variables)."""
    commands = []

    def note(*command, **variables):
        commands.append((" ".join(map(str, command)), variables))
        return 0

    monkeypatch.setattr(env, "run", note)
    monkeypatch.setattr(env, "ready", lambda extra="": Path(f"python-{extra}"))
    monkeypatch.setattr(sys, "argv", ["tools"])
    return commands


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one case study that needs a download."""
    monkeypatch.setattr(copies, "LESSONS", tmp_path / "notebooks")
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path / "my_work"))
    (tmp_path / "notebooks/case_studies").mkdir(parents=True)
    study = tmp_path / "notebooks/case_studies/online_retail.ipynb"
    study.write_text(
        json.dumps({"cells": [], "metadata": {"workbook": {"needs": ["online_retail"]}}})
    )
    return study


def test_lab_is_for_this_machine_alone_keeps_its_token_and_opens_the_first_lesson(
    commands, tmp_path
):
    (tmp_path / lab.FIRST_LESSON).touch()
    lab.start(Path("python"), tmp_path)
    ((words, _),) = commands
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in words
    assert "--ServerApp.ip=127.0.0.1" in words
    assert not re.search("token|password", words)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no root")
@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_lab_may_run_as_root_only_when_it_does(commands, tmp_path, monkeypatch, user, allowed):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    lab.start(Path("python"), tmp_path)
    ((words, _),) = commands
    assert ("--allow-root" in words) == allowed


def test_lab_tells_of_a_newer_version(commands, course, capsys):
    copies.add_missing()
    course.write_text('{"cells": []}')
    with pytest.raises(SystemExit):
        lab.main()
    assert "make fresh NB=online_retail" in capsys.readouterr().out


@pytest.mark.parametrize("there", [True, False])
def test_case_studies_have_a_run_of_their_own_and_need_their_data(
    commands, course, monkeypatch, capsys, there
):
    monkeypatch.setattr(env, "enter", lambda extra: None)
    monkeypatch.setattr(downloads, "is_cached", lambda name: there)
    for words in (["tools", "--case-studies"], ["tools"]):
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as left:
            test.main()
        assert not left.value.code
    *studies, (lessons, variables) = commands
    assert ".ipynb" not in lessons
    assert lessons.endswith(" --ignore=helpers/spark")
    assert "matplotlib_inline" in variables["MPLBACKEND"]
    if there:
        assert studies[0][0].endswith("/case_studies/online_retail.ipynb")
    else:
        assert studies == []
        assert "python -m tools.data online_retail" in capsys.readouterr().out


def words_of(gate):
    """Return what a gate of `make check`, or `make test`, hands to pytest."""
    if gate in ("make test", "on Spark"):
        return test.tests("spark" if gate == "on Spark" else "")
    module, *words = check.GATES[gate][1].split()
    return words if module == "pytest" else []


def paths_of(gate):
    return [ROOT / word for word in words_of(gate) if not word.startswith("-")]


def runs(gate, file):
    """Whether a gate runs the tests of a file."""
    words = words_of(gate)
    left_out = [ROOT / word[len("--ignore=") :] for word in words if word.startswith("--ignore=")]
    return any(map(file.is_relative_to, paths_of(gate))) and not any(
        map(file.is_relative_to, left_out)
    )


def test_each_test_is_run_once():
    files = [file for folder in [*test.CODE, "tools"] for file in (ROOT / folder).rglob("*.py")]
    files.remove(ROOT / "tools/book/conf.py")  # a file of settings, which only Sphinx reads
    for file in [*files, *ROOT.glob("tests/**/test_*.py")]:
        assert sum(runs(gate, file) for gate in ("make test", *check.GATES)) == 1, file


@pytest.mark.parametrize("gate", check.GATES)
def test_a_gate_rests_on_its_tests_and_on_what_they_import(gate):
    places = [place.removesuffix(".py") for place in check.GATES[gate][2]]
    for file in (file for path in paths_of(gate) for file in path.rglob("*.py")):
        taken = re.findall(
            r"(?m)^(?:from|import) ((?:apps|exercises|helpers|tools)\b[\w.]*(?: import \w+)?)",
            file.read_text(encoding="utf-8"),
        )
        modules = [name.replace(" import ", ".").replace(".", "/") for name in taken]
        for name in [file.relative_to(ROOT).as_posix(), *modules]:
            assert "." in places or any(f"{name}/".startswith(f"{each}/") for each in places), name


def test_check_skips_what_has_passed_and_not_changed_since(commands, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(env, "enter", lambda: None)
    monkeypatch.setattr(check, "GREEN", tmp_path / "green.json")
    digests = dict.fromkeys(check.GATES, "a")
    monkeypatch.setattr(check, "digest", digests.get)
    monkeypatch.setattr(env, "run", lambda *words, **variables: int("ruff" in words))
    others = len(check.GATES) - 2

    def ending():
        with pytest.raises(SystemExit) as left:
            check.main()
        return capsys.readouterr().out.splitlines()[-1], left.value.code

    assert ending() == (f"{others} passed, 0 skipped, 2 failed", True)
    assert ending() == (f"0 passed, {others} skipped, 2 failed", True)  # what failed runs again
    digests["translation"] = "b"
    assert ending() == (f"1 passed, {others - 1} skipped, 2 failed", True)
    monkeypatch.setattr(sys, "argv", ["tools", "--all"])
    assert ending() == (f"{others} passed, 0 skipped, 2 failed", True)


def test_a_gate_has_another_digest_when_what_it_rests_on_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "ROOT", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    gate, peers = "answers to exercises", "agreement with peers"
    before = check.digest(gate), check.digest(peers)
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises/lesson_05.py").write_text("a diagnosis:")
    assert check.digest(gate) != before[0]
    assert check.digest(peers) == before[1]
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/green.json").write_text("{}")
    changed = check.digest("lint")
    (tmp_path / ".ci/green.json").write_text("{ }")
    assert check.digest("lint") == changed
    monkeypatch.setattr(downloads, "is_cached", lambda name: name == "online_retail")
    assert check.digest(peers) != before[1]


def modules_of_the_makefile():
    return re.findall(r"\$\(PYTHON\) -m (\S+)", (ROOT / "Makefile").read_text())


def modules_of_the_gates():
    return [arguments.split()[0] for _, arguments, _ in check.GATES.values()]


@pytest.mark.parametrize("module", modules_of_the_makefile() + modules_of_the_gates())
def test_what_is_called_exists(module):
    in_an_extra = module in ("pyright", "pytest", "ruff")
    assert in_an_extra or find_spec(module)
