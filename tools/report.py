"""Make a page for a manager from a CSV of orders: ``python -m tools.report orders.csv``.

The page shows what the file says about the shop: key figures, cohorts, customer value, churn, items
bought together, and more; and what it can't say. Without a file, it is about the course's shop.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

from tools import env

SETTINGS = ("day_first", "decimal", "encoding")
EXAMPLE = 'MAP="user_id=Kunde,discount=,day_first=yes,decimal=comma"'
WORDS = {"true": True, "yes": True, "false": False, "no": False, "comma": ",", "point": "."}


def main() -> None:
    """Read the file, make the sections, and write the complete page, or none at all."""
    env.enter()
    os.environ.setdefault("MPLBACKEND", "agg")
    asked = _arguments()
    from helpers.own_shop import OwnShopError  # its packages are only in the environment

    try:
        print(make(asked.csv, Path(asked.out), read_map(asked.map)))
    except OwnShopError as error:
        sys.exit(f"No report was made. {error}")
    except KeyboardInterrupt:
        sys.exit("No report was made: it was interrupted.")


def make(csv: str, out: Path, options: dict) -> str:
    """Make the page, and return a message with its path and what was found."""
    from tqdm import tqdm

    from helpers import own_shop, report
    from helpers.data import sources
    from helpers.report import contents

    if csv and out.exists() and Path(csv).exists() and out.samefile(csv):
        raise own_shop.OwnShopError(f"OUT is the CSV file itself ({out}). Choose another file.")
    if out.is_dir() or not out.parent.is_dir():
        raise own_shop.OwnShopError(f"OUT={out} is not a file in an existing folder.")
    bar = {"unit": "step", "file": sys.stderr, "leave": False}
    with tqdm(total=2 + len(contents.SECTIONS), desc="reading", **bar) as progress:
        shop = (
            own_shop.read_own_shop(csv, **options)
            if csv
            else own_shop.from_shop(sources.load_shop())
        )
        progress.update()
        found = []
        for section in contents.SECTIONS:
            progress.set_description(section.question)
            found.append(section(shop))
            progress.update()
        progress.set_description("writing")
        write(out, report.page(shop, found))
        progress.update()
    left_out = [f"  {one.question} {one.skipped}" for one in found if one.skipped]
    said = [shop.report(), ""]
    if csv:
        said += [f"If a column was read wrong, correct it and run again: {EXAMPLE}.", ""]
    said += [f"The report is in {out}."]
    return "\n".join(said + (["It leaves out:", *left_out] if left_out else []))


def write(out: Path, text: str) -> None:
    """Write a file in one step, so there is never a half-written one."""
    from helpers.own_shop import OwnShopError

    half = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=out.parent, prefix=".report-", suffix=".html", delete=False
        ) as file:
            half = Path(file.name)
            file.write(text)
        half.chmod(0o644)
        half.replace(out)
    except OSError as error:
        if half is not None:
            half.unlink(missing_ok=True)
        raise OwnShopError(f"{out} cannot be written: {error.strerror}.") from None


def read_map(text: str) -> dict:
    """Parse corrections to the guesses, such as ``user_id=Kunde,time=Datum,day_first=yes``.

    Column names may contain commas: only a comma before the name of a role separates.

    Examples
    --------
    >>> read_map("user_id=Name, first,discount=,day_first=no")
    {'roles': {'user_id': 'Name, first', 'discount': None}, 'day_first': False}
    """
    from helpers.own_shop import OwnShopError
    from helpers.own_shop.names import ROLES

    known = "|".join([*ROLES, *SETTINGS])
    options: dict = {"roles": {}}
    for part in re.split(rf",\s*(?=(?:{known})\s*=)", text.strip()) if text.strip() else []:
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals:
            raise OwnShopError(f'MAP="{text}": "{part}" should have the form role=column.')
        if name in SETTINGS:
            options[name] = WORDS.get(value.lower(), value)
        else:
            options["roles"][name] = value or None
    return options


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.report", description=__doc__)
    parser.add_argument("csv", nargs="?", default="", help="a CSV of order lines, or of events")
    parser.add_argument("--out", default="report.html", help="where to write the page")
    parser.add_argument(
        "--map",
        default="",
        help="corrections to wrong guesses, such as " + EXAMPLE.replace("MAP", "--map"),
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
