"""What the Chinese edition lacks: ``python -m tools.translation``.

``python -m tools.translation 05`` says it of one lesson, and ``--draft`` prints the blocks that
are missing or stale, with their marks and the English text, to be translated in
``notebooks/zh/``. ``--messages`` runs the lesson and prints what its exercises and figures say that
``helpers/locale/zh_CN/lessons/`` has no translation of, as entries of its file there. ``--outputs``
runs it in Chinese and stores what it shows.
"""

import argparse
import sys

from tools import copies, env


def main() -> None:
    """Print what is missing, stale or not faithful; leave with 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tools.translation", allow_abbrev=False)
    parser.add_argument("lesson", nargs="?", help="the number of a lesson; all, if left out")
    parser.add_argument("--draft", action="store_true", help="print what is to be translated")
    parser.add_argument("--messages", action="store_true", help="of exercises and figures")
    parser.add_argument("--outputs", action="store_true", help="run it and store its figures")
    asked = parser.parse_args()
    lesson = copies.find(asked.lesson) if asked.lesson else None
    if asked.lesson and not lesson:
        sys.exit(f"There is no lesson {asked.lesson}.")
    if asked.outputs and not lesson:
        parser.error("--outputs needs the number of a lesson.")
    env.enter(copies.metadata(lesson).get("extra", "") if lesson else "")
    from tools.translation import messages, outputs, sidecar  # only the environment has their needs

    lessons = [lesson] if lesson else copies.lessons()
    if asked.draft:
        for lesson in lessons:
            print(sidecar.draft(lesson), end="")
        return
    if asked.messages:
        for lesson in lessons:
            texts = [*messages.of_exercises(lesson), *messages.of_figures(lesson)]
            print(messages.as_po(messages.missing(texts, lesson)))
        return
    if asked.outputs:
        outputs.renew(lesson)
    found = [
        f"{lesson}: {each}"
        for lesson in lessons
        for problems in (sidecar.problems, outputs.problems)
        for each in problems(lesson)
    ]
    print("\n".join(found) or "The translation is complete and faithful.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
