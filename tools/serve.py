"""Run the shop in production: ``python -m tools.serve``, with a command or without one.

Without a command it does what is missing, and then runs the API. The commands are those of
apps/service/commands.py; this module finds the environment for them.
"""

import sys
from pathlib import Path

from tools import env


def main() -> None:
    """Do what the command line says."""
    if Path(sys.prefix) != env.place("serve")[0]:  # which has all that the other one has
        env.enter()
    from apps.service.commands import carry_out

    try:
        carry_out(sys.argv[1:])
    except ModuleNotFoundError as error:
        if error.name != "psycopg":  # PostgreSQL's driver, which the extra has
            raise
        env.enter("serve")


if __name__ == "__main__":
    main()
