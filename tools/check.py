"""Every gate that a change must pass beyond ``python -m tools.test``: ``python -m tools.check``.

Its gates run every test there is, also those that ``tools.test`` leaves out because a learner
would have to wait for them; the lessons run only there. Each gate runs in the environment that has
what it needs; one that fails does not stop the others.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from tools import env

GATES = {  # name: (extra, module and arguments)
    "lint": ("author", "ruff check"),
    "format": ("author", "ruff format --check"),
    "notebooks normalized": ("author", "tools.notebook --check"),
    "links": ("author", "tools.links"),
    "tests of tools, notebooks, exports and answers": (
        "",
        "pytest -n2 --dist=loadfile tests/tools tests/notebooks tests/own_shop tests/test_house.py "
        "tests/exercises/lessons tools --ignore=tools/book/conf.py",
    ),
    "coverage of helpers": (
        "author",
        "pytest -n2 tests/helpers tests/exercises helpers --ignore=helpers/spark "
        "--ignore=tests/exercises/lessons --cov",
    ),
    "in production, on both databases": ("serve", "pytest -n2 --dist=loadfile tests/production"),
    "on Spark": ("spark", "tools.test --extra=spark"),
    "experiment tracking": ("tracking", "pytest -n2 tests/tracking"),
    "agreement with peers": ("peers", "pytest -n2 --dist=loadfile tests/peers"),
    "in the browser": ("browser", "pytest -n2 --dist=loadscope tests/browser"),
}


# These wait, for servers and pages, more than they compute: they run one after the other beside the
# rest, and what they print comes last.
BESIDE = ["in production, on both databases", "experiment tracking", "in the browser"]


class Result(NamedTuple):
    """How a gate ended; ``printed`` is empty where it was seen at once."""

    gate: str
    seconds: float
    failed: bool
    printed: str = ""


def main() -> None:
    """Run all gates, then print what each took and how it ended."""
    with ThreadPoolExecutor(1) as beside:
        waiting = [beside.submit(run_beside, gate) for gate in BESIDE]
        results = [run(gate) for gate in GATES if gate not in BESIDE]
        for one in waiting:
            results.append(one.result())
            print(f"\n{heading(results[-1].gate)}\n{results[-1].printed}", flush=True)
    print("\n=== all gates")
    for gate, seconds, failed, _ in results:
        print(f"{'failed' if failed else 'passed':8}{seconds:5.0f} s  {gate}")
    failures = sum(each.failed for each in results)
    print(f"{len(results) - failures} passed, {failures} failed")
    sys.exit(failures > 0)


def run(gate: str) -> Result:
    """Run a gate whose output is seen at once."""
    print(f"\n{heading(gate)}", flush=True)
    started = time.monotonic()
    failed = env.run(*command(gate)) != 0
    return Result(gate, time.monotonic() - started, failed)


def run_beside(gate: str) -> Result:
    """Run a gate whose output is kept."""
    started = time.monotonic()
    ran = subprocess.run(
        list(map(str, command(gate))),
        cwd=env.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return Result(gate, time.monotonic() - started, ran.returncode != 0, ran.stdout)


def heading(gate: str) -> str:
    """Return the line above what a gate prints."""
    return f"=== {gate}: python -m {GATES[gate][1]}"


def command(gate: str) -> list[object]:
    """Return the words that run a gate, in its environment, which is made if it is missing."""
    extra, arguments = GATES[gate]
    return [env.ready(extra), "-m", *arguments.split()]


if __name__ == "__main__":
    main()
