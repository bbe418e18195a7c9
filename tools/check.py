"""Every gate that a change must pass beyond ``python -m tools.test``: ``python -m tools.check``.

Its gates run every test there is, also those that ``tools.test`` leaves out because a learner
would have to wait for them; the lessons run only there. Each gate runs in the environment that has
what it needs; one that fails does not stop the others.
"""

import sys
import time

from tools import env

GATES = {  # name: (extra, module and arguments)
    "lint": ("author", "ruff check"),
    "format": ("author", "ruff format --check"),
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
    "agreement with peers": ("peers", "pytest -n2 --dist=loadfile tests/peers"),
    "in the browser": ("browser", "pytest -n2 --dist=loadscope tests/browser"),
}


def main() -> None:
    """Run all gates, then print what each took and how it ended."""
    results = []
    for name, (extra, arguments) in GATES.items():
        print(f"\n=== {name}: python -m {arguments}", flush=True)
        started = time.monotonic()
        failed = env.run(env.ready(extra), "-m", *arguments.split()) != 0
        results.append((name, time.monotonic() - started, failed))
    print("\n=== all gates")
    for name, seconds, failed in results:
        print(f"{'failed' if failed else 'passed':8}{seconds:5.0f} s  {name}")
    failures = sum(failed for *_, failed in results)
    print(f"{len(results) - failures} passed, {failures} failed")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
