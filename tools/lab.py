"""Open the lessons in JupyterLab: ``python -m tools.lab``.

``--extra=fast`` opens them where compiled loops do some of the work: the results are the same, and
large tables take less time. ``--extra=serve`` adds PostgreSQL to lesson 16, ``--extra=spark`` has
Apache Spark, which lesson 17 needs. ``--lang=zh`` opens the Chinese edition. Other options are
passed on to JupyterLab: ``python -m tools.lab --no-browser --port=9000``.
"""

import argparse
import os
import sys
from pathlib import Path

from tools import copies, env

FIRST_LESSON = "00_start_here.ipynb"
DEFAULTS = str(env.ROOT / "tools/jupyter")  # JupyterLab fetches no news and doesn't ask to


def main() -> None:
    """Add missing copies of lessons for the learner, and open JupyterLab in their folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab", allow_abbrev=False)
    parser.add_argument("--extra", choices=env.OPENED, default="", help="what more is to be there")
    parser.add_argument("--lang", default="en", help="the language of the lessons: en or zh")
    asked, options = parser.parse_known_args()
    python = env.ready(asked.extra)
    language, original = edition(asked.lang, asked.extra)
    spoken = "" if language == "en" else language
    for lesson in copies.add_missing(language, original):
        name = copies.short_name(lesson)
        setting, option = (f" LANG={spoken}", f" --lang={spoken}") if spoken else ("", "")
        print(
            f"There is a newer version of {lesson.name}; your copy stays. To get a new one:\n"
            f"    make fresh NB={name}{setting}    "
            f"(without make: python -m tools.fresh {name}{option})"
        )
    sys.exit(start(python, copies.folder(language), *options, WORKBOOK_LANG=language))


def edition(asked: str, extra: str = "") -> tuple[str, copies.Original]:
    """Return a language that is asked for, and what its copies are made from.

    If it is not English, go on inside the environment, which has what a translation needs.
    """
    if asked == "en":
        return asked, copies.original
    env.enter(extra)
    from helpers.language import chosen
    from tools.translation import edition

    try:
        return chosen(asked), edition.original
    except ValueError as unknown:
        sys.exit(str(unknown))


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
