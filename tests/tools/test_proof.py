"""What `make test` says while it runs, and in the end."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import proof
from tools.env import ROOT

FILES = {
    "tests/exercises/test_lessons.py": """
import pytest

@pytest.mark.parametrize("id", ["05-1", "05-2"])
class TestEveryExercise:
    def test_the_solution_is_right(self, id): pass
    def test_an_untouched_scaffold_is_not_attempted(self, id): pass
""",
    "tests/test_value.py": "def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass",
    "helpers/toy.py": 'def one():\n    """\n    >>> one()\n    1\n    """\n    return 1\n',
}


@pytest.fixture
def run(tmp_path):
    """Write a course of a few files and return what a run of its tests prints, and its code."""

    def run(**changes):
        for name, content in (FILES | changes).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        words = ["--no-header", "-qq", "-oconsole_output_style=classic", "--doctest-modules", "-n2"]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-ptools.proof", *words, "tests", "helpers"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
        )
        return ran.stdout, ran.returncode

    return run


def test_what_passed_is_counted_and_named(run):
    said, code = run()
    assert code == 0
    *_, almost, whole, last = filter(None, said.splitlines())
    assert (almost, whole) == (" 88% · 7 of 8 tests", "100% · 8 of 8 tests")
    assert last.rpartition(" (")[0] == (
        "Proven on this machine: 2 solutions are right, 2 scaffolds are untouched, "
        "3 tests of helpers and 1 docstring example pass."
    )


def test_what_failed_is_shown_and_named(run):
    said, code = run(**{"tests/test_value.py": "def test_one():\n    assert 2 + 2 == 5\n"})
    assert code == 1
    assert "assert (2 + 2) == 5" in said
    assert "test_value.py:2: AssertionError" in said
    last = said.splitlines()[-1]
    assert last.startswith("Not proven: 1 of 6 tests failed, in tests/test_value.py. (")


def test_a_file_that_cannot_be_read_is_named(run):
    said, code = run(**{"tests/test_value.py": "import nothing_of_this_name"})
    assert code != 0
    assert "No module named 'nothing_of_this_name'" in said
    assert "in tests/test_value.py. (" in said.splitlines()[-1]


@pytest.fixture
def watched():
    """A proof that writes to a terminal, and what it has written there."""
    written = []
    terminal = SimpleNamespace(isatty=True, write=lambda text, flush: written.append(text))
    plugins = SimpleNamespace(get_plugin=lambda name: terminal)
    return proof.Proof(SimpleNamespace(pluginmanager=plugins)), written


def report(id, worker="gw0", outcome="passed"):
    """What pytest hands on of a test that has run in one of the workers."""
    node = SimpleNamespace(gateway=SimpleNamespace(id=worker))
    facts = {"passed": outcome == "passed", "failed": outcome == "failed"}
    return [
        SimpleNamespace(nodeid=id, when=when, node=node, **facts) for when in ("call", "teardown")
    ]


def test_in_a_terminal_one_line_moves(watched, monkeypatch):
    monkeypatch.setenv("COLUMNS", "72")
    follows, written = watched
    follows.pytest_xdist_node_collection_finished(["a", "b", "c", "d"])
    for each in [
        report("notebooks/05_neighbors.ipynb::Cell 3"),
        report("notebooks/case_studies/movielens.ipynb::Cell 0", worker="gw1"),
        report("tests/test_value.py::test_one"),
    ]:
        for part in each:
            follows.pytest_runtest_logreport(part)
    assert [line[0] for line in written] == ["\r"] * 3
    assert {len(line) for line in written} == {72}  # and so each hides the one before
    assert [line.strip() for line in written] == [
        "25% · 1 of 4 tests · lesson 05",
        "50% · 2 of 4 tests · case study movielens · lesson 05",
        "75% · 3 of 4 tests · case study movielens",
    ]


def test_what_was_stopped_is_not_proven(watched):
    follows, _ = watched
    assert follows.sentence() == "Not proven: stopped after 0 of 0 tests."
    follows.pytest_xdist_node_collection_finished(["a", "b"])
    for part in report("notebooks/05_neighbors.ipynb::Cell 3"):
        follows.pytest_runtest_logreport(part)
    assert follows.sentence() == "Not proven: stopped after 1 of 2 tests."


def test_the_names_that_are_counted_are_those_of_the_tests():
    tests = (ROOT / "tests/exercises/test_lessons.py").read_text(encoding="utf-8")
    for name in ("test_the_solution_is_right", "test_an_untouched_scaffold_is_not_attempted"):
        assert f"    def {name}(" in tests
        assert proof.kind(f"tests/exercises/test_lessons.py::All::{name}[05-1]") in name


def test_a_notebook_counts_once_and_a_failure_by_its_lesson(watched):
    follows, _ = watched
    ids = [f"notebooks/{name}.ipynb::Cell {n}" for name in ("05_x", "06_x") for n in range(3)]
    ids += ["notebooks/case_studies/movielens.ipynb::Cell 0"]
    assert proof.claims(ids) == (
        "2 lessons and 1 case study give the outputs they were stored with"
    )
    follows.pytest_xdist_node_collection_finished(ids)
    for each in (report(id, outcome="failed" if "06" in id else "passed") for id in ids):
        follows.pytest_runtest_logreport(each[0])
    assert follows.sentence() == "Not proven: 3 of 7 tests failed, in lesson 06."
