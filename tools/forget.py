"""Erase a user from the shop in production: ``python -m tools.forget U00002``.

It prints a receipt: what was deleted, and what is left to do. The settings are those of
``python -m tools.serve``.
"""

import argparse
from typing import TYPE_CHECKING

from tools import serve

if TYPE_CHECKING:
    from sqlalchemy import Engine

LEFT = """\
Left to do:
- Take her out of the export, and let backups expire. If she comes back, give her a new id.
- Models and lists of others were computed with her data. Compute them anew:
  python -m tools.serve score --release"""


def main() -> None:
    """Erase the user whom the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.forget",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("user", help="id of the user to erase")
    parser.set_defaults(command=_erase)
    serve.carry_out(parser.parse_args())


def _erase(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import erase

    receipt = erase(engine, asked.user)
    parts = serve.delete_parts(serve.settings().folder)
    print(f"{receipt.user_id} is erased (first on {receipt.erased_at:%Y-%m-%d %H:%M} UTC).")
    counts = ", ".join(f"{name} {count}" for name, count in receipt.deleted.items() if count)
    print(f"Deleted rows: {counts or 'none, there were none left'}.")
    if parts:
        print(f"Deleted results of nightly jobs that did not end: {parts}.")
    print("Kept in the list of erasures: her id alone, so that no export brings her back.")
    print(LEFT)


if __name__ == "__main__":
    main()
