"""Review what you have learned, without a notebook: ``python -m tools.review``.

It asks the questions that ``review()`` asks in a lesson, and keeps the answers in the same file.
With ``--lang=zh``, in Chinese.
"""

import argparse
import contextlib

from helpers.language import say_in_lesson, speaking
from tools import env, lab


def main() -> None:
    """Ask, read the letters, and say what is right."""
    parser = argparse.ArgumentParser(prog="python -m tools.review", allow_abbrev=False)
    parser.add_argument("--lang", default="en", help="en, or zh for Simplified Chinese")
    asked = parser.parse_args()
    env.enter()
    from exercises import review  # only the environment has what it needs
    from exercises.engine import store

    with speaking(lab.language_of(asked.lang)), contextlib.suppress(EOFError):
        review()
        while store.reviews().asked.get(""):
            letters = input(say_in_lesson("Only the letters here; Enter alone ends: "))
            if not letters.strip():
                break
            review(letters)


if __name__ == "__main__":
    main()
