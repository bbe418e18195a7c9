"""A plugin of pytest for ``make test``: a line that moves, and a sentence on what is proven.

It stands in for the dots of pytest, which still shows what failed. Needs pytest-xdist.
"""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import copies

PLURALS = {
    "lesson": "lessons",
    "case study": "case studies",
    "solution": "solutions",
    "scaffold": "scaffolds",
    "test of helpers": "tests of helpers",
    "docstring example": "docstring examples",
}
CLAIMS = {
    ("lesson", "case study"): "give the outputs they were stored with",
    ("solution",): "are right",
    ("scaffold",): "are untouched",
    ("test of helpers", "docstring example"): "pass",
}


def pytest_configure(config: pytest.Config) -> None:
    """Follow the run where all reports arrive, not in the workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proof(config))


class Proof:
    """What is known of a run so far."""

    def __init__(self, config: pytest.Config) -> None:
        self.plugins = config.pluginmanager
        self.started = time.monotonic()
        self.all = self.done = 0
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.at_work: dict[str, str] = {}  # worker → the lesson or file it is at

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Learn how many tests there are."""
        self.all = len(ids)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot even be read."""
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Let pytest count a test as ever, and print no letter for it."""
        if report.failed:
            return ("failed", "", "FAILED") if report.when == "call" else ("error", "", "ERROR")
        return (report.outcome, "", "") if report.when == "call" else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended, and move the line."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.passed and report.when == "call":
            self.passed.append(report.nodeid)
        if report.when == "teardown":
            self.done += 1
            self.at_work[report.node.gateway.id] = named(report.nodeid)
            self.move()

    def move(self) -> None:
        """Write the line anew in a terminal; elsewhere write one for each tenth of the way."""
        line = f"{self.done / self.all:4.0%} · {self.done:,} of {self.all:,} tests"
        if self.terminal.isatty:
            lessons = {name for name in self.at_work.values() if not name.endswith(".py")}
            failed = f"{len(self.failed)} failed" if self.failed else ""
            line = " · ".join(filter(None, [line, failed, *sorted(lessons)]))
            width = shutil.get_terminal_size().columns - 1
            self.terminal.write(f"\r{line[:width]:<{width}}", flush=True)
        elif 10 * self.done // self.all > 10 * (self.done - 1) // self.all:
            self.terminal.write(f"{line}\n", flush=True)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Iterator[None]:
        """Say the last word, below whatever pytest shows of failures."""
        self.terminal.write("\n")
        yield
        minutes, seconds = divmod(round(time.monotonic() - self.started), 60)
        self.terminal.write_line(f"{self.sentence()} ({minutes} min {seconds} s)")

    def sentence(self) -> str:
        """Say what is proven, or else where something failed."""
        if self.failed:
            places = ", ".join(dict.fromkeys(map(named, self.failed)))
            return f"Not proven: {len(self.failed):,} of {self.all:,} tests failed, in {places}."
        if self.done < self.all or not self.all:
            return f"Not proven: stopped after {self.done:,} of {self.all:,} tests."
        return f"Proven on this machine: {claims(self.passed)}."

    @property
    def terminal(self) -> pytest.TerminalReporter:
        """What pytest writes with."""
        return self.plugins.get_plugin("terminalreporter")


def kind(id: str) -> str:
    """Return what a test proves something of: a key of `PLURALS`."""
    file, _, name = id.partition("::")
    if file.endswith(".ipynb"):
        return "case study" if "case_studies/" in file else "lesson"
    if not file.startswith("tests/"):
        return "docstring example"
    if "::test_the_solution_is_right[" in name:
        return "solution"
    if "::test_an_untouched_scaffold_is_not_attempted[" in name:
        return "scaffold"
    return "test of helpers"


def named(id: str) -> str:
    """Return what we call the place of a test: its lesson or case study, or else its file."""
    file = Path(id.split("::")[0])
    return f"{kind(id)} {copies.short_name(file)}" if file.suffix == ".ipynb" else file.as_posix()


def claims(passed: list[str]) -> str:
    """Say what is proven if these tests passed and no other ones failed.

    Examples
    --------
    >>> claims(["notebooks/05_x.ipynb::Cell 0", "notebooks/05_x.ipynb::Cell 1",
    ...         "notebooks/06_x.ipynb::Cell 0", "helpers/x.py::x", "tests/test_x.py::test_x"])
    '2 lessons give the outputs they were stored with, 1 test of helpers and 1 docstring example
    pass'
    """
    # A notebook has many cells, and counts once.
    once = {id.split("::")[0] if ".ipynb::" in id else id: kind(id) for id in passed}
    counts = Counter(once.values())
    many = {one: f"{n:,} {PLURALS[one] if n > 1 else one}" for one, n in counts.items()}
    return ", ".join(
        f"{' and '.join(many[one] for one in kinds if one in many)} {claim}"
        for kinds, claim in CLAIMS.items()
        if many.keys() & set(kinds)
    )
