"""Get a new copy of a lesson, the old one kept aside: ``python -m tools.fresh 05``.

With ``--lang=zh``, of the Chinese edition.
"""

import argparse
import sys

from helpers.language import say_in_lesson, speaking
from tools import copies, lab


def main() -> None:
    """Renew the copy of the lesson that the command line names, or say which there are."""
    parser = argparse.ArgumentParser(prog="python -m tools.fresh", allow_abbrev=False)
    parser.add_argument("lesson", nargs="*", help="its number")
    parser.add_argument("--lang", default="en", help="the language of the copy: en or zh")
    asked = parser.parse_args()
    language, original = lab.edition(asked.lang)
    with speaking(language):
        lesson = copies.find(asked.lesson[0]) if len(asked.lesson) == 1 else None
        if lesson is None:
            names = ", ".join(copies.short_name(path) for path in copies.lessons())
            sys.exit(
                say_in_lesson(
                    "Say which lesson, for example: make fresh NB=05. There are: {names}.",
                    names=names,
                )
            )
        kept = copies.renew(lesson, language, original)
        if kept:
            print(say_in_lesson("Your copy is kept as {name}.", name=kept.name))
        path = copies.folder(language) / lesson
        print(say_in_lesson("A new copy stands in {path}.", path=path))


if __name__ == "__main__":
    main()
