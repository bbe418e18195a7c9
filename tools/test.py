"""Prove that everything works: ``python -m tools.test``.

First every test and every example in a docstring, then every notebook from top to bottom, each
output compared with the stored one. Nothing is fetched: a case study whose data has not been
downloaded is left out, and named.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from tools import copies, env

NBVAL = [
    "--nbval",
    "--nbval-current-env",
    "--nbval-cell-timeout=120",
    "--nbval-sanitize-with=tests/nbval_sanitize.cfg",
    "--dist=loadfile",
]


def main() -> None:
    """Run the tests and the notebooks, and close with a line that says what ran."""
    env.enter()
    lacking = {lesson: missing_data(lesson) for lesson in copies.lessons()}
    run = [lesson for lesson, missing in lacking.items() if not missing]
    with tempfile.TemporaryDirectory() as progress:
        os.environ |= env.ONE_THREAD
        os.environ |= {"WORKBOOK_PROGRESS": progress}
        tests = env.run(sys.executable, "-m", "pytest", "-n2")
        lessons = [copies.LESSONS / path for path in run]
        no_bars = {"TQDM_DISABLE": "1"}  # as in stored notebooks
        notebooks = env.run(sys.executable, "-m", "pytest", "-n2", *NBVAL, *lessons, **no_bars)
    print()
    for lesson, missing in lacking.items():
        if missing:
            print(
                f"Left out, for lack of its data: {lesson.as_posix()}. "
                f"To fetch it: python -m tools.data {' '.join(missing)}"
            )
    print(f"Tests and docstring examples: {'failed' if tests else 'passed'}.")
    names = ", ".join(copies.short_name(lesson) for lesson in run)
    print(f"Notebooks ({names}): {'failed' if notebooks else 'passed'}.")
    sys.exit(tests or notebooks)


def missing_data(lesson: Path) -> list[str]:
    """Return the downloads that a notebook's metadata asks for and that are not in the cache."""
    from helpers.data import downloads  # only the environment has it

    notebook = json.loads((copies.LESSONS / lesson).read_text(encoding="utf-8"))
    needs = notebook["metadata"].get("workbook", {}).get("needs", [])
    return [name for name in needs if not downloads.is_cached(name)]


if __name__ == "__main__":
    main()
