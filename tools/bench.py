"""Time and memory beside plain pandas and the peers: ``python -m tools.bench``.

A name after it chooses a topic: ``python -m tools.bench rules``. The rows stand in
``tools/benchmarks/``, a module for each topic with a list ``ROWS``; a new row is one more entry.

Ours and the peer's must give the same result before either is timed. They run in turn, so that
what else the machine does hits both, and medians are compared.

Each row is printed as soon as it is measured. A row whose data are not downloaded is left out, and
after a row that fails the others still run; the exit code is 1 if a row failed or missed its goal.
"""

import importlib
import os
import pkgutil
import platform
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tools import benchmarks, env

RUNS = 5
HEADER = ("work", "peer", "ours", "peer's", "ratio", "goal", "verdict")
WIDTHS = (20, 9, 8, 15, 26)  # of what is measured; work and peer are as wide as their longest text
ALONE = """
import time
started = time.perf_counter()
{code}
took = time.perf_counter() - started
from tools.bench import peak_memory
print(took, peak_memory())
"""


@dataclass(frozen=True)
class Against:
    """A row that compares us with a peer.

    Parameters
    ----------
    work, peer : what is done, and who else does it.
    goal : the least ratio of the peer's time to ours; below 1 where the peer may win.
    ours, theirs : functions without arguments that do the work.
    same : function of both results; raises AssertionError if they are not the same.
    runs : how often both are timed; fewer where a peer takes minutes.
    needs : downloads without which the row is left out, by their names in `make data`.
    """

    work: str
    peer: str
    goal: float
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    same: Callable[[Any, Any], None]
    runs: int = RUNS
    needs: tuple[str, ...] = ()

    def measure(self) -> tuple[str, ...]:
        """Check that both give the same, time both, and return the cells from "ours" on."""
        self.same(self.ours(), self.theirs())
        times = [(seconds(self.ours), seconds(self.theirs)) for _ in range(self.runs)]
        ours, theirs = map(median, zip(*times, strict=True))
        ratio = theirs / ours
        verdict = "met" if ratio >= self.goal else "MISSED"
        if ratio < 1:
            verdict += "; the peer is faster"
        return (
            f"{ours:.3g} s",
            f"{theirs:.3g} s",
            f"{ratio:.2g}×",
            f"≥ {self.goal:g}×",
            verdict,
        )


@dataclass(frozen=True)
class Alone:
    """A row of work that nobody else does, in a process of its own: its time and peak memory.

    Parameters
    ----------
    work : what is done.
    code : the Python code that does it; what it imports counts too.
    seconds, gigabytes : what it may take (GiB).
    python : of the environment in which it is done.
    """

    work: str
    code: str
    seconds: float
    gigabytes: float
    python: str = sys.executable
    peer = ""
    needs = ()

    def measure(self) -> tuple[str, ...]:
        """Run it once and return the cells from "ours" on."""
        command = [self.python, "-c", ALONE.format(code=self.code)]
        printed = subprocess.run(
            command, cwd=env.ROOT, stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        took, peak = map(float, printed.split()[-2:])
        met = took <= self.seconds and peak <= self.gigabytes
        return (
            f"{round(took, 3):.3g} s, {peak:.2g} GiB",
            "",
            "",
            f"≤ {self.seconds:g} s, {self.gigabytes:g} GiB",
            "met" if met else "MISSED",
        )


def main() -> None:
    """Measure all rows, or those of the topics that the command line names."""
    env.enter("peers")
    topics = sys.argv[1:] or [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    modules = [importlib.import_module(f"tools.benchmarks.{topic}") for topic in topics]
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Medians of {RUNS} runs, of fewer where a peer takes minutes\n")
    verdicts = print_table([row for module in modules for row in module.ROWS])
    sys.exit(any(verdict.startswith(("MISSED", "FAILED")) for verdict in verdicts))


def print_table(rows: Iterable[Against | Alone]) -> list[str]:
    """Print a markdown table, each row as soon as it is measured; return the verdicts."""
    names = [HEADER[:2], *((row.work, row.peer) for row in rows)]
    widths = [*(max(map(len, column)) for column in zip(*names, strict=True)), *WIDTHS]
    print(f"|{cells(HEADER, widths)}\n|{cells(['-' * width for width in widths], widths)}")
    verdicts = []
    for row in rows:
        print(f"|{cells((row.work, row.peer), widths[:2])}", end="", flush=True)
        measured, error = ("", "", "", "", left_out(row)), ""
        if not measured[-1]:
            try:
                measured = row.measure()
            except Exception as failure:
                measured = ("", "", "", "", f"FAILED: {type(failure).__name__}")
                error = traceback.format_exc()
        print(cells(measured, WIDTHS), flush=True)
        print(error, end="", file=sys.stderr, flush=True)
        verdicts.append(measured[-1])
    return verdicts


def left_out(row: Against | Alone) -> str:
    """Return why a row cannot be measured on this computer; nothing if it can."""
    from helpers.data.downloads import is_cached  # only inside the environment

    absent = [name for name in row.needs if not is_cached(name)]
    fetch = " ".join(f"`make data NAME={name}` fetches it" for name in absent)
    return f"left out: needs {', '.join(absent)}; {fetch}" if absent else ""


def cells(texts: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells of a markdown table, each padded to its width."""
    return "".join(f" {text:<{width}} |" for text, width in zip(texts, widths, strict=True))


def seconds(work: Callable[[], Any]) -> float:
    """Return how long a function takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_memory() -> float:
    """Return the most memory that this process has held, in GiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux, whose getrusage counts the parent of a process in
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**30


if __name__ == "__main__":
    main()
