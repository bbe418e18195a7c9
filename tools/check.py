"""Every gate that a change must pass beyond ``python -m tools.test``: ``python -m tools.check``.

Its gates run every test that ``tools.test`` leaves out because a learner would have to wait for it.
Each runs in the environment that has what it needs; one that fails does not stop the others.

A gate is skipped while all that it rests on is as it was when it last passed: its files, its lock,
the system, the version of Python, and the downloads at hand. ``.ci/green.json`` has their hash, and
is committed with a change. What no hash sees may still change: the browser, the machine, the date.
So ``--all`` runs every gate, each week and before a release.
"""

import argparse
import hashlib
import json
import platform
import subprocess
import sys
import time

from tools import env

CODE = ["apps", "exercises", "helpers", "tools"]
DATA = "data/*/*"  # what is given; data/replications.csv only notebooks rest on
EACH = ["pyproject.toml", "requirements.txt", "tests/conftest.py"]  # what every gate rests on
GATES = {  # name: (extra, module and arguments, folders it rests on)
    "lint": ("author", "ruff check", ["."]),
    "format": ("author", "ruff format --check", ["."]),
    "types": ("author", "pyright helpers", ["helpers"]),
    "translation": ("", "tools.translation", [*CODE, "notebooks"]),
    "tests of tools and notebooks": (
        "",
        "pytest -n2 --dist=loadfile tests/tools tests/notebooks tests/test_house.py tools "
        "--ignore=tools/book/conf.py",
        ["."],
    ),
    "case studies": (
        "",
        "tools.test --case-studies",
        [*CODE, DATA, "notebooks", "tests/nbval_sanitize.cfg"],
    ),
    "answers to exercises": (
        "",
        "pytest -n2 --dist=loadfile tests/exercises/lessons",
        ["apps", "exercises", "helpers", "tools/classroom", DATA, "tests/exercises"],
    ),
    "exports of shops": (
        "",
        "pytest -n2 --dist=loadfile tests/apps/corpus",
        ["apps", "helpers", "tools", DATA, "tests/apps"],
    ),
    "coverage of helpers and the report": (
        "author",
        "pytest -n2 tests/helpers tests/apps/report --cov",
        [
            *["apps", DATA, "exercises/engine", "exercises/lesson_09d.py", "helpers", "tools"],
            *["tests/apps", "tests/helpers"],
        ],
    ),
    "in production, on both databases": (
        "serve",
        "pytest -n2 --dist=loadfile tests/apps/service",
        ["apps", "helpers", "tools/env.py", "tools/serve.py", DATA, "tests/apps"],
    ),
    "on Spark": (
        "spark",
        "tools.test --extra=spark",
        [*CODE, DATA, "notebooks/17*", "tests/spark", "tests/nbval_sanitize.cfg"],
    ),
    "agreement with peers": (
        "peers",
        "pytest -n2 --dist=loadfile tests/peers",
        ["helpers", "tools/env.py", DATA, "notebooks/case_studies", "tests/peers"],
    ),
    "in the browser": (
        "author",
        "pytest -n2 --dist=loadscope tests/browser",
        [*CODE, DATA, "notebooks", "README.md", "tests/browser"],
    ),
}
GREEN = env.ROOT / ".ci/green.json"


def main() -> None:
    """Run the gates that may have changed, then print what each took and how it ended."""
    parser = argparse.ArgumentParser(prog="python -m tools.check")
    parser.add_argument("--all", action="store_true", help="run every gate, changed or not")
    run_all = parser.parse_args().all
    env.enter()
    green = json.loads(GREEN.read_text()) if GREEN.exists() else {}
    results = []
    for name, (extra, arguments, _) in GATES.items():
        now = digest(name)
        if green.get(name) == now and not run_all:
            results.append((name, 0, "skipped"))
            continue
        print(f"\n=== {name}: python -m {arguments}", flush=True)
        started = time.monotonic()
        command = [env.ready(extra), "-m", *arguments.split()]
        passed = env.run(*command, **env.ONE_THREAD) == 0  # two workers share two cores
        results.append((name, time.monotonic() - started, "passed" if passed else "failed"))
        green[name] = now if passed else ""
        GREEN.write_text(json.dumps(green, indent=1) + "\n")
    print("\n=== all gates; skipped is what has not changed since it passed")
    for name, seconds, end in results:
        print(f"{end:8}{seconds:5.0f} s  {name}")
    ends = [end for *_, end in results]
    print(", ".join(f"{ends.count(end)} {end}" for end in ("passed", "skipped", "failed")))
    sys.exit("failed" in ends)


def digest(gate: str) -> str:
    """Return the hash of all that a gate rests on."""
    from helpers.data import downloads  # only the environment has it

    extra, arguments, folders = GATES[gate]
    at_hand = [name for name in downloads.DOWNLOADS if downloads.is_cached(name)]
    facts = [arguments, sys.platform, platform.machine(), sys.version_info[:2], at_hand]
    places = [*folders, *EACH, f"tools/locks/{extra or 'uv'}.txt", ":!.ci/green.json"]
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *places]
    listed = subprocess.run(listing, cwd=env.ROOT, capture_output=True, check=True).stdout
    found = hashlib.sha256(repr(facts).encode())
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        if (file := env.ROOT / name).is_file():
            found.update(name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    main()
