"""Grade with nbgrader: ``python -m tools.grade autograde lesson_05``.

All commands are nbgrader's, and work on the course that ``make pack`` makes, wherever they are
typed. One is added: ``python -m tools.grade formgrader`` opens the pages on which open tasks are
graded by hand. nbgrader has an environment of its own, so that no learner's JupyterLab shows its
menus; what was handed in runs in the learners', with Spark for the lessons that need it.
"""

import os
import sys
import tempfile
from pathlib import Path

from tools import copies, env, lab

COURSE = env.ROOT / "pack/nbgrader"


def main() -> None:
    """Run a command of nbgrader on the course."""
    if not COURSE.exists():
        sys.exit("There is no course to grade yet: `make pack` (python -m tools.pack) makes it.")
    words = sys.argv[1:]
    python, learners = env.ready("grading"), env.ready(extra_for(words))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "JUPYTER_PATH": str(Path(folder, "share/jupyter")),
            "JUPYTER_CONFIG_PATH": str(COURSE),
            "PATH": os.pathsep.join([str(python.parent), os.environ["PATH"]]),  # it calls alembic
        }
        env.run(learners, "-m", "ipykernel", "install", f"--prefix={folder}")
        if words == ["formgrader"]:
            code = lab.start(python, COURSE, "--LabApp.default_url=/formgrader/gradebook")
        else:
            code = env.run(python, "-m", "nbgrader", *words)
    sys.exit(code)


def extra_for(words: list[str]) -> str:
    """Return the extra that the lesson among the words of a command needs, "" for none."""
    found = filter(None, (copies.find(word.removeprefix("lesson_")) for word in words))
    return next((copies.metadata(lesson).get("extra", "") for lesson in found), "")


if __name__ == "__main__":
    main()
