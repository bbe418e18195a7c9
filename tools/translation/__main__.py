"""What the Chinese edition lacks: ``python -m tools.translation``.

A translation that is missing or behind the English is a warning: the book and the learners' copies
show the English until it is renewed. One that says something else, such as another number, fails.
With ``--strict``, before a release, both fail.

``python -m tools.translation 05`` says it of one lesson, and ``--draft`` prints the blocks that
are missing or stale, with their marks and the English text, to be translated in
``notebooks/zh/``. ``--messages`` runs the lesson and prints what its exercises and figures say that
``helpers/locale/zh_CN/lessons/`` has no translation of, as entries of its file there. ``--outputs``
runs it in Chinese and stores what it shows.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import copies, env


def main() -> None:
    """Print what is missing, stale or not faithful; leave with 1 if it must not stay so."""
    parser = argparse.ArgumentParser(prog="python -m tools.translation", allow_abbrev=False)
    parser.add_argument("lesson", nargs="?", help="the number of a lesson; all, if left out")
    parser.add_argument("--draft", action="store_true", help="print what is to be translated")
    parser.add_argument("--messages", action="store_true", help="of exercises and figures")
    parser.add_argument("--outputs", action="store_true", help="run it and store its figures")
    parser.add_argument("--strict", action="store_true", help="fail for what is stale, too")
    asked = parser.parse_args()
    lesson = copies.find(asked.lesson) if asked.lesson else None
    if asked.lesson and not lesson:
        sys.exit(f"There is no lesson {asked.lesson}.")
    if asked.outputs and not lesson:
        parser.error("--outputs needs the number of a lesson.")
    env.enter(copies.metadata(lesson).get("extra", "") if lesson else "")
    # only the environment has their needs
    from tools.translation import glossary, messages, outputs, sidecar, teaching

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
    stale = [*of_each(lessons, sidecar.stale, outputs.stale, messages.stale)]
    unfaithful = [*of_each(lessons, sidecar.unfaithful, outputs.unfaithful)]
    if not lesson:
        stale += [*glossary.stale(), *messages.stale_in_code(), *teaching.stale()]
        files = sorted(messages.FOLDER.glob("*.po"))
        unfaithful += [*glossary.unfaithful(), *teaching.unfaithful()]
        unfaithful += of_each(files, messages.unfaithful)
    last = f"{len(stale)} translations are missing or stale, {len(unfaithful)} are not faithful."
    print("\n".join([*(f"warning: {each}" for each in stale), *unfaithful, last]))
    sys.exit(bool(unfaithful or (asked.strict and stale)))


def of_each(files: list[Path], *kinds: Callable[[Path], Iterator[str]]) -> Iterator[str]:
    """Yield what is said of each file, with its name."""
    for file in files:
        for kind in kinds:
            yield from (f"{file.name}: {each}" for each in kind(file))


if __name__ == "__main__":
    main()
