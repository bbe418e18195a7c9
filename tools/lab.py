"""Open the lessons in JupyterLab: ``python -m tools.lab``.

``--extra=fast`` opens them where compiled loops do some of the work: the results are the same, and
large tables take less time. ``--extra=serve`` adds PostgreSQL to lesson 16, ``--extra=spark`` has
Apache Spark, which lesson 17 needs. Other options are passed on to JupyterLab:
``python -m tools.lab --no-browser --port=9000``.
"""

import argparse
import os
import sys
from pathlib import Path

from tools import copies, env

FIRST_LESSON = "00_start_here.ipynb"
EXTRAS = ["fast", "serve", "spark"]
DEFAULTS = str(env.ROOT / "tools/jupyter")  # JupyterLab fetches no news and doesn't ask to


def main() -> None:
    """Add missing copies of lessons for the learner, and open JupyterLab in their folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab", allow_abbrev=False)
    parser.add_argument("--extra", choices=EXTRAS, default="", help="what more is to be there")
    asked, options = parser.parse_known_args()
    python = env.ready(asked.extra)
    for lesson in copies.add_missing():
        name = copies.short_name(lesson)
        print(
            f"There is a newer version of {lesson.name}; your copy stays. To get a new one:\n"
            f"    make fresh NB={name}    (without make: python -m tools.fresh {name})"
        )
    sys.exit(start(python, copies.folder(), *options))


def start(python: Path, folder: Path, *options: str, **variables: str) -> int:
    """Run JupyterLab in a folder until it is closed, only for this computer and with a token."""
    defaults = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    if (folder / FIRST_LESSON).exists():
        defaults.append(f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        defaults.append("--allow-root")  # containers and CI; JupyterLab refuses otherwise
    return env.run(
        *[python, "-m", "jupyterlab", *defaults, *options],
        JUPYTER_CONFIG_PATH=os.pathsep.join([DEFAULTS, os.environ.get("JUPYTER_CONFIG_PATH", "")]),
        **variables,
    )


if __name__ == "__main__":
    main()
