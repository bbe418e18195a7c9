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

from helpers import language
from helpers.language import say_in_lesson
from tools import copies, env

FIRST_LESSON = "00_start_here.ipynb"
DEFAULTS = env.ROOT / "tools/jupyter"  # settings and a style for learners


def main() -> None:
    """Add missing copies of lessons for the learner, and open JupyterLab in their folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab", allow_abbrev=False)
    parser.add_argument("--extra", choices=env.OPENED, default="", help="what more is to be there")
    parser.add_argument("--lang", default="en", help="the language of the lessons: en or zh")
    asked, options = parser.parse_known_args()
    spoken = language_of(asked.lang)
    with language.speaking(spoken):
        python = env.ready(asked.extra)
        _, original = edition(spoken, asked.extra)
        folder = copies.folder(spoken)
        print(say_in_lesson("Your lessons: {folder}", folder=folder))
        for lesson in copies.add_missing(spoken, original):
            print(newer(lesson, spoken))
        print(
            say_in_lesson("Starting JupyterLab; in a few seconds your browser shows lesson 00."),
            say_in_lesson(
                "If no browser opens, copy the address that begins with http://127.0.0.1 into one."
            ),
            say_in_lesson(
                "To stop: press Ctrl+C here, twice. To go on another day: the same command."
            ),
            sep="\n",
            flush=True,
        )
    sys.exit(start(python, folder, *options, WORKBOOK_LANG=spoken))


def newer(lesson: Path, spoken: str) -> str:
    """Say that there is a newer version of a lesson, and how to get it."""
    name = copies.short_name(lesson)
    setting, option = ("", "") if spoken == "en" else (f" LANG={spoken}", f" --lang={spoken}")
    return say_in_lesson(
        "There is a newer version of {file}; your copy stays. To get a new one: {make} (without "
        "make: {command})",
        file=lesson.name,
        make=f"make fresh NB={name}{setting}",
        command=f"python -m tools.fresh {name}{option}",
    )


def language_of(asked: str) -> str:
    """Return the language that is asked for, or leave and say which there are."""
    try:
        return language.chosen(asked)
    except ValueError as unknown:
        sys.exit(str(unknown))


def edition(asked: str, extra: str = "") -> tuple[str, copies.Original]:
    """Return a language that is asked for, and what its copies are made from.

    If it is not English, go on inside the environment, which has what a translation needs.
    """
    spoken = language_of(asked)
    if spoken == "en":
        return spoken, copies.original
    env.enter(extra)
    from tools.translation import edition

    return spoken, edition.original


def start(python: Path, folder: Path, *options: str, **variables: str) -> int:
    """Run JupyterLab in a folder until it is closed, only for this computer and with a token."""
    defaults = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    styles = {"static_custom_path": [str(DEFAULTS / "custom")]}
    defaults += ["--LabApp.custom_css=True", f"--ServerApp.tornado_settings={styles}"]
    defaults.append("--log-level=ERROR")  # the address is shown all the same
    if (folder / FIRST_LESSON).exists():
        defaults.append(f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        defaults.append("--allow-root")  # containers and CI; JupyterLab refuses otherwise
    # menus in the language of the lessons
    settings = [DEFAULTS / variables.get(language.VARIABLE, "en"), DEFAULTS]
    return env.run(
        *[python, "-m", "jupyterlab", *defaults, *options],
        JUPYTER_CONFIG_PATH=os.pathsep.join(
            [*map(str, settings), os.environ.get("JUPYTER_CONFIG_PATH", "")]
        ),
        **variables,
    )


if __name__ == "__main__":
    main()
