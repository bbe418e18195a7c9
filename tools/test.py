"""Prove that everything works: ``python -m tools.test``.

Every lesson runs from top to bottom, each output compared with the stored one; every solution,
every scaffold, the commands of exercises and the examples in docstrings are tried. All other tests
are left to ``python -m tools.check``, and so are lessons that need an extra and the case studies:
``python -m tools.test --extra=spark`` proves those, in the environment that has it, and
``python -m tools.test --case-studies`` these. Nothing is fetched: a case study whose data has not
been downloaded is left out, and named.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tools import copies, env, warm

# One run for all, file by file: notebooks take longest and come first, so that all workers end
# together.
PYTEST = [
    *["-m", "pytest", "-nauto", "--dist=loadfile", "--no-loadscope-reorder"],
    *["-q", "--nbval", "--nbval-cell-timeout=120"],
    *["--nbval-sanitize-with=tests/nbval_sanitize.cfg"],
]
CODE = ["helpers", "apps", "exercises"]  # whose docstrings have examples
WORKERS = {"": 4, "spark": 2}  # at most: beyond that, memory is scarcer than cores
# As when a notebook is stored: with figures, without progress bars.
AS_STORED = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "TQDM_DISABLE": "1"}


def main() -> None:
    """Name what is left out, then run all the rest."""
    parser = argparse.ArgumentParser(prog="python -m tools.test")
    parser.add_argument(
        "--extra", choices=[*filter(None, WORKERS)], default="", help="prove what needs an extra"
    )
    parser.add_argument("--case-studies", action="store_true", help="prove them and nothing else")
    asked = parser.parse_args()
    extra = asked.extra
    env.enter(extra)
    notebooks = []
    for lesson in copies.lessons():
        if (lesson.parent != Path()) != asked.case_studies:
            continue
        wanted = copies.metadata(lesson).get("extra", "")
        if wanted == extra and not (missing := missing_data(lesson)):
            notebooks.append(copies.LESSONS / lesson)
        elif wanted == extra:
            fetch = f"To fetch it: python -m tools.data {' '.join(missing)}"
            print(f"Left out, for lack of its data: {lesson.as_posix()}. {fetch}", flush=True)
        elif not extra:
            open_it = f"To work through it: make lab EXTRA={wanted}"
            print(f"Left out, because it needs an extra: {lesson}. {open_it}", flush=True)
    if asked.case_studies and not notebooks:
        sys.exit()
    with (
        tempfile.TemporaryDirectory() as progress,
        warm.kernels(**env.ONE_THREAD, **AS_STORED, WORKBOOK_PROGRESS=progress) as (options, given),
    ):
        options += [f"--maxprocesses={WORKERS[extra]}"]
        others = [] if asked.case_studies else tests(extra)
        command = [sys.executable, *PYTEST, *options, *notebooks, *others]
        sys.exit(env.run(*command, **given))


def tests(extra: str) -> list[str]:
    """Return what pytest is asked for: the tests of an extra, or those a learner waits for."""
    if extra:
        return [f"tests/{extra}", f"helpers/{extra}"]
    exercises = ["tests/exercises", "--ignore=tests/exercises/lessons"]
    return [*exercises, *CODE, "--ignore=helpers/spark"]


def missing_data(lesson: Path) -> list[str]:
    """Return the downloads that a notebook's metadata asks for and that are not in the cache."""
    from helpers.data import downloads  # only the environment has it

    needs = copies.metadata(lesson).get("needs", [])
    return [name for name in needs if not downloads.is_cached(name)]


if __name__ == "__main__":
    main()
