"""Erase a user from the shop in production: ``python -m tools.forget U00002``.

It prints a receipt: what was deleted, what is kept and until when, and what is left to do.
``python -m tools.forget --expired`` deletes the kept orders whose retention period is over.

The environment variable ``SHOP_DATABASE`` names the database, as for ``python -m tools.serve``.
"""

import argparse
import re
import shutil
from datetime import date
from pathlib import Path
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
    """Erase the user whom the command line names, or what has expired."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.forget",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("user", nargs="?", help="id of the user to erase")
    what.add_argument("--expired", action="store_true", help="delete kept orders that are too old")
    asked = parser.parse_args()
    asked.command = _expire if asked.expired else _erase
    serve.carry_out(asked)


def _erase(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import erase

    receipt = erase(engine, asked.user)
    parts = delete_parts(serve.settings().folder)
    print(f"{receipt.user_id} is erased (first on {receipt.erased_at:%Y-%m-%d %H:%M} UTC).")
    counts = ", ".join(f"{name} {count}" for name, count in receipt.deleted.items() if count)
    print(f"Deleted rows: {counts or 'none, there were none left'}.")
    if receipt.kept_lines:
        print(
            f"Kept for the tax office, without her id: order lines {receipt.kept_lines}, "
            f"orders {receipt.kept_orders}, the last until {receipt.keep_until}."
        )
    if parts:
        print(f"Deleted results of nightly jobs that did not end: {parts}.")
    print("Kept in the list of erasures: her id alone, so that no export brings her back.")
    print(LEFT)


def delete_parts(folder: Path) -> int:
    """Delete what nightly jobs that were killed have left behind, and return of how many.

    A job that still runs stores nothing then, and says that it must be run again.
    """
    parts = [path for path in folder.glob("*") if re.fullmatch("[0-9a-f]{64}", path.name)]
    for part in parts:
        shutil.rmtree(part)
    return len(parts)


def _expire(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import delete_expired

    count = delete_expired(engine, date.today())
    print(f"Kept order lines that were too old and are deleted: {count}.")


if __name__ == "__main__":
    main()
