"""Say what is wrong with this setup and how to fix it: ``python -m tools.doctor``.

With ``--lang=zh``, in Chinese.
"""

import argparse
import sys

from helpers import language
from helpers.language import say_in_lesson
from tools import env


def main() -> None:
    """Check the environment from outside, then run its own checks."""
    parser = argparse.ArgumentParser(prog="python -m tools.doctor", allow_abbrev=False)
    parser.add_argument("--lang", default=language.current(), help="to speak: en or zh")
    try:
        spoken = language.chosen(parser.parse_args().lang)
    except ValueError as unknown:
        sys.exit(str(unknown))
    with language.speaking(spoken):
        if not env.is_current():
            sys.exit(
                "OFF  "
                + say_in_lesson(
                    "the environment is missing, incomplete, or from an earlier version"
                )
                + "\n     "
                + say_in_lesson("To fix it: make lab    (without make: python -m tools.lab)")
            )
    # -P: helpers must be found as a notebook finds them, not because they are in this folder.
    variables = {language.VARIABLE: spoken}
    sys.exit(env.run(env.ready(), "-P", "-m", "helpers.doctor", **variables))


if __name__ == "__main__":
    main()
