"""Get a new copy of a lesson, the old one kept aside: ``python -m tools.fresh 05``.

With ``--lang=zh``, of the Chinese edition.
"""

import argparse
import sys

from tools import copies, lab


def main() -> None:
    """Renew the copy of the lesson that the command line names, or say which there are."""
    parser = argparse.ArgumentParser(prog="python -m tools.fresh", allow_abbrev=False)
    parser.add_argument("lesson", nargs="*", help="its number")
    parser.add_argument("--lang", default="en", help="the language of the copy: en or zh")
    asked = parser.parse_args()
    lesson = copies.find(asked.lesson[0]) if len(asked.lesson) == 1 else None
    if lesson is None:
        names = ", ".join(copies.short_name(path) for path in copies.lessons())
        sys.exit(f"Say which lesson, for example: make fresh NB=05. There are: {names}.")
    language, original = lab.edition(asked.lang)
    kept = copies.renew(lesson, language, original)
    if kept:
        print(f"Your copy is kept as {kept.name}.")
    print(f"A new copy stands in {copies.folder(language) / lesson}.")


if __name__ == "__main__":
    main()
