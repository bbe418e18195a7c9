"""The environments: made from the locks, remade when something they depend on has changed."""

import ast
import os
import runpy
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

import tools
from tools import env


class Machine:
    """Stands in for the commands that make an environment: notes them, and may fail at one."""

    def __init__(self):
        self.commands = []
        self.failing = "no command"

    def run(self, *command):
        words = " ".join(map(str, command))
        self.commands.append(words)
        if "-m venv" in words:
            folder = command[-1]
            shutil.rmtree(folder, ignore_errors=True)  # as --clear does
            for python in ("bin/python", "Scripts/python.exe"):
                (folder / python).parent.mkdir(parents=True)
                (folder / python).touch()
        return int(self.failing in words)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A workbook of three small locks in a temporary folder, and a machine that makes nothing."""
    for lock in ("requirements.txt", "tools/locks/uv.txt", "tools/locks/author.txt"):
        (tmp_path / lock).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / lock).write_text("a==1\n")
    machine = Machine()
    monkeypatch.setattr(env, "ROOT", tmp_path)
    monkeypatch.setattr(env, "run", machine.run)
    monkeypatch.setattr(env, "link", lambda site_packages: None)
    return machine


def test_it_is_made_once(machine):
    env.ready()
    assert len(machine.commands) == 3
    env.ready()
    assert len(machine.commands) == 3


def test_every_package_is_installed_by_hash(machine):
    env.ready()
    installing = machine.commands[1:]
    assert all("--require-hashes" in command for command in installing)


@pytest.mark.parametrize(
    "change",
    [
        lambda root, patch: (root / "requirements.txt").write_text("a==2\n"),
        lambda root, patch: (root / "tools/locks/uv.txt").write_text("uv==2\n"),
        lambda root, patch: patch.setattr(sys, "version_info", (3, 12, 1, "final", 0)),
        lambda root, patch: env.place()[1].unlink(),
    ],
    ids=["lock", "uv's lock", "Python", "interpreter gone"],
)
def test_it_is_remade_after_a_change(machine, monkeypatch, change):
    monkeypatch.setattr(sys, "version_info", (3, 11, 7, "final", 0))
    env.ready()
    change(env.ROOT, monkeypatch)
    env.ready()
    assert len(machine.commands) == 6


@pytest.mark.parametrize("step", ["-m venv", "pip --disable", "uv --quiet"])
def test_a_half_made_one_is_made_afresh(machine, step):
    machine.failing = step
    with pytest.raises(SystemExit, match="starts afresh"):
        env.ready()
    assert not env.is_current()

    machine.failing, machine.commands = "no command", []
    env.ready()
    assert "-m venv --clear" in machine.commands[0]
    assert env.is_current()


def test_of_two_commands_at_once_one_makes_it_and_the_other_waits(machine, monkeypatch, capsys):
    waiting, sleep = threading.Event(), time.sleep

    def run_slowly(*command):
        assert waiting.wait(timeout=30)  # until the other one waits
        return machine.run(*command)

    monkeypatch.setattr(env, "run", run_slowly)
    monkeypatch.setattr(env.time, "sleep", lambda seconds: (waiting.set(), sleep(0.01)))
    commands = [threading.Thread(target=env.ready) for _ in range(2)]
    for command in commands:
        command.start()
    for command in commands:
        command.join(timeout=60)
    assert len(machine.commands) == 3
    assert "Another command is making .venv; this one waits for it." in capsys.readouterr().out


def test_a_drive_without_locks_does_not_stop_anybody(machine, monkeypatch):
    def refuse(*arguments):
        raise OSError("No locks available")

    module, name = (env.msvcrt, "locking") if os.name == "nt" else (env.fcntl, "flock")
    monkeypatch.setattr(module, name, refuse)
    env.ready()
    assert env.is_current()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_what_a_link_leads_to_is_not_emptied(machine, tmp_path):
    (tmp_path / "of another copy").mkdir()
    (tmp_path / ".venv").symlink_to("of another copy")
    with pytest.raises(SystemExit, match=r"\.venv is a link to .*Remove the link"):
        env.ready()
    assert machine.commands == []


def test_extras_leave_the_learners_environment_alone(machine):
    env.ready("author")
    assert [path.name for path in env.ROOT.glob(".venv*/")] == [".venv-author"]
    assert all(".venv-author" in command for command in machine.commands)


def test_the_conda_environment_is_used_as_it_is(machine, tmp_path, monkeypatch):
    prefix = tmp_path / "envs" / env.NAME
    (prefix / "conda-meta").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(prefix))
    assert env.ready() == Path(sys.executable)
    assert machine.commands == []


def test_notebooks_find_the_helpers(tmp_path):
    env.link(tmp_path)
    (path_file,) = tmp_path.glob("*.pth")
    assert (Path(path_file.read_text().strip()) / "helpers/__init__.py").is_file()


def test_a_command_returns_its_exit_code():
    assert env.run(sys.executable, "-c", "raise SystemExit(7)") == 7


VERSION_CHECK = Path(tools.__file__)


@pytest.mark.parametrize("version", [(3, 6), (3, 8), (3, 10)])
def test_an_old_python_is_told_what_to_do(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))
    with pytest.raises(SystemExit, match=r"make lab PYTHON=python3\.12") as told:
        runpy.run_path(str(VERSION_CHECK))
    assert "this is Python {}.{}".format(*version) in str(told.value)


def test_an_old_python_can_read_what_it_is_told():
    ast.parse(VERSION_CHECK.read_text(), feature_version=(3, 4))
