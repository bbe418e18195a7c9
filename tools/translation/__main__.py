"""What the Chinese edition lacks: ``python -m tools.translation``.

``python -m tools.translation 05`` says it of one lesson, and ``--draft`` prints the blocks that
are missing or stale, with their marks and the English text, to be translated in
``notebooks/zh/``.
"""

import argparse
import sys

from tools import copies, env


def main() -> None:
    """Print what is missing, stale or not faithful; leave with 1 if anything is."""
    env.enter()
    parser = argparse.ArgumentParser(prog="python -m tools.translation", allow_abbrev=False)
    parser.add_argument("lesson", nargs="?", help="the number of a lesson; all, if left out")
    parser.add_argument("--draft", action="store_true", help="print what is to be translated")
    asked = parser.parse_args()
    from tools.translation import sidecar  # only the environment has what it needs

    lessons = [copies.find(asked.lesson)] if asked.lesson else copies.lessons()
    if None in lessons:
        sys.exit(f"There is no lesson {asked.lesson}.")
    if asked.draft:
        for lesson in lessons:
            print(sidecar.draft(lesson), end="")
        return
    found = [f"{lesson}: {each}" for lesson in lessons for each in sidecar.problems(lesson)]
    print("\n".join(found) or "The translation is complete and faithful.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
