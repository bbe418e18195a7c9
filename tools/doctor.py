"""Say what is wrong with this setup and how to fix it: ``python -m tools.doctor``."""

import sys

from tools import env


def main() -> None:
    """Check the environment from outside, then run its own checks."""
    if not env.is_current():
        sys.exit(
            "OFF  the environment is missing, incomplete, or from an earlier version\n"
            "     To fix it: make lab    (without make: python -m tools.lab)"
        )
    # -P: helpers must be found as a notebook finds them, not because they are in this folder.
    sys.exit(env.run(env.ready(), "-P", "-m", "helpers.doctor"))


if __name__ == "__main__":
    main()
