"""What the Chinese edition lacks: ``python -m tools.translation``.

``python -m tools.translation 05`` says it of one lesson, and ``--draft`` prints the blocks that
are missing or stale, with their marks and the English text, to be translated in
``notebooks/zh/``. ``--messages`` runs the lesson and prints what its exercises and figures say that
``helpers/locale/zh_CN/lessons/`` has no translation of, as entries of its file there.
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
    parser.add_argument("--messages", action="store_true", help="of exercises and figures")
    asked = parser.parse_args()
    from tools.translation import messages, sidecar  # only the environment has what they need

    lessons = [copies.find(asked.lesson)] if asked.lesson else copies.lessons()
    if None in lessons:
        sys.exit(f"There is no lesson {asked.lesson}.")
    if asked.draft:
        for lesson in lessons:
            print(sidecar.draft(lesson), end="")
        return
    if asked.messages:
        for lesson in lessons:
            texts = [*messages.of_exercises(lesson), *messages.of_figures(lesson)]
            print(messages.as_po(messages.missing(texts, lesson)))
        return
    found = [f"{lesson}: {each}" for lesson in lessons for each in sidecar.problems(lesson)]
    print("\n".join(found) or "The translation is complete and faithful.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
