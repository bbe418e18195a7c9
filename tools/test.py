"""Prove that everything works: ``python -m tools.test``.

Every lesson and case study runs from top to bottom, each output compared with the stored one; every
solution, every scaffold, the tests of helpers and the examples in docstrings are tried. What takes
long and tells a learner little is left to ``python -m tools.check``. Nothing is fetched: a case
study whose data has not been downloaded is left out, and named.
"""

import json
import sys
import tempfile
from pathlib import Path

from tools import copies, env

# One run for all, file by file: notebooks take longest and come first, so that both workers end
# together.
PYTEST = [
    *["-m", "pytest", "-m", "not thorough", "-n2", "--dist=loadfile", "--no-loadscope-reorder"],
    *["-p", "tools.proof", "-qq", "--no-header", "-o", "console_output_style=classic"],
    *["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"],
    *["--nbval-sanitize-with=tests/nbval_sanitize.cfg"],
]
# As when a notebook is stored: with figures, without progress bars.
AS_STORED = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "TQDM_DISABLE": "1"}


def main() -> None:
    """Name what is left out, then run all the rest, which closes with what is proven."""
    env.enter()
    lacking = {lesson: missing_data(lesson) for lesson in copies.lessons()}
    for lesson, missing in lacking.items():
        if missing:
            print(
                f"Left out, for lack of its data: {lesson.as_posix()}. "
                f"To fetch it: python -m tools.data {' '.join(missing)}",
                flush=True,
            )
    notebooks = [copies.LESSONS / lesson for lesson, missing in lacking.items() if not missing]
    with tempfile.TemporaryDirectory() as progress:
        variables = env.ONE_THREAD | AS_STORED | {"WORKBOOK_PROGRESS": progress}
        sys.exit(env.run(sys.executable, *PYTEST, *notebooks, "tests", "helpers", **variables))


def missing_data(lesson: Path) -> list[str]:
    """Return the downloads that a notebook's metadata asks for and that are not in the cache."""
    from helpers.data import downloads  # only the environment has it

    notebook = json.loads((copies.LESSONS / lesson).read_text(encoding="utf-8"))
    needs = notebook["metadata"].get("workbook", {}).get("needs", [])
    return [name for name in needs if not downloads.is_cached(name)]


if __name__ == "__main__":
    main()
