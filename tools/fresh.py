"""Get a new copy of a lesson, the old one kept aside: ``python -m tools.fresh 05``."""

import sys

from tools import copies


def main() -> None:
    """Renew the copy of the lesson that the command line names, or say which there are."""
    lesson = copies.find(sys.argv[1]) if len(sys.argv) == 2 else None
    if lesson is None:
        names = ", ".join(copies.short_name(path) for path in copies.lessons())
        sys.exit(f"Say which lesson, for example: make fresh NB=05. There are: {names}.")
    kept = copies.renew(lesson)
    if kept:
        print(f"Your copy is kept as {kept.name}.")
    print(f"A new copy stands in {copies.folder() / lesson}.")


if __name__ == "__main__":
    main()
