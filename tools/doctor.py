"""Say what is off with this set-up and how to mend it: ``python -m tools.doctor``."""

import sys

from tools import env


def main() -> None:
    """Look at the environment from outside, then have it look at itself."""
    if not env.is_current():
        sys.exit(
            "OFF  the environment isn't there yet, or is half made, or of an earlier version\n"
            "     To mend it: make lab    (without make: python -m tools.lab)"
        )
    # -P: helpers must be found as a notebook finds them, not because we stand beside them.
    sys.exit(env.run(env.ready(), "-P", "-m", "helpers.doctor"))


if __name__ == "__main__":
    main()
