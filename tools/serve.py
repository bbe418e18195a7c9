"""Run the shop in production: ``python -m tools.serve``, with a command or without one.

    score      score all users as of an evening and store a new version; run it every night
    release    serve a version from now on
    releases   list what was served when, and why
    rollback   serve again what was served before
    migrate    bring the tables of the database to the newest schema

Without a command it does what is missing, so that the API has something to serve.

The environment variable ``SHOP_DATABASE`` names the database, such as
``postgresql+psycopg://user@host/shop``; by default it is an SQLite file beside the learner's
copies.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools import copies, env

if TYPE_CHECKING:
    from sqlalchemy import Engine


def main() -> None:
    """Do what the command says, and end with a message, not a stack trace, if it can't."""
    asked = _arguments()
    env.enter("serve" if database().startswith("postgresql") else "")
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from helpers.production import open_database

    try:
        engine = open_database(database())
        asked.command(engine, asked)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    except (OperationalError, ProgrammingError) as error:
        sys.exit(
            f"The database {engine.url} says: {error.orig}\n"  # the URL prints without a password
            "Is it running, and are its tables up to date? python -m tools.serve migrate"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.serve",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=_start)
    commands = parser.add_subparsers(title="commands")
    command = commands.add_parser("score", help="store a new version")
    command.add_argument("--as-of", help="last day known, by default that of the last order")
    command.add_argument("--shop", default="small", help="a folder with an export, a CSV per table")
    command.add_argument("--release", action="store_true", help="serve it from now on")
    command.set_defaults(command=_score)
    command = commands.add_parser("release", help="serve a version from now on")
    command.add_argument("version", type=int)
    command.add_argument("--exploration", type=float, default=0.1, help="share of random orders")
    command.add_argument("--reason", default="released by hand", help="for the list of releases")
    command.set_defaults(command=_release)
    command = commands.add_parser("releases", help="list what was served when")
    command.set_defaults(command=_releases)
    command = commands.add_parser("rollback", help="serve again what was served before")
    command.add_argument("--reason", default="rolled back by hand", help="for the list of releases")
    command.set_defaults(command=_roll_back)
    command = commands.add_parser("migrate", help="bring the tables to the newest schema")
    command.set_defaults(command=_migrate)
    return parser.parse_args()


def database() -> str:
    """Return the URL of the database."""
    return os.environ.get("SHOP_DATABASE") or f"sqlite:///{folder() / 'shop.sqlite'}"


def folder() -> Path:
    """Return where the SQLite database and the job's intermediate results are."""
    return copies.folder() / "production"


# ---------------------------------------------------------------- the commands


def _start(engine: "Engine", asked: argparse.Namespace) -> None:
    from helpers.production import released, upgrade

    upgrade(engine)
    if released(engine) is None:
        _score(engine, argparse.Namespace(shop="small", as_of=None, release=False))


def _score(engine: "Engine", asked: argparse.Namespace) -> None:
    from helpers.data import load_shop
    from helpers.production import score, upgrade

    upgrade(engine)
    run = score(engine, load_shop(asked.shop), asked.as_of, folder=folder(), release=asked.release)
    print(_summary(engine, run.version) if run.new else f"Version {run.version} is there already.")
    if run.released:
        print(f"Version {run.version} is served from now on.")


def _summary(engine: "Engine", version: int) -> str:
    """Say what a version holds, and what is known about its coupons."""
    from sqlalchemy import func, select

    from helpers.production.tables import scores, versions

    with engine.connect() as connection:
        made = connection.execute(select(versions).where(versions.c.version == version)).one()
        coupon = (scores.c.version == version) & (scores.c.action == "coupon")
        coupons = connection.scalar(select(func.count()).where(coupon))
    users = made.row_counts["scores"]
    said = [f"Version {version}, as of {made.as_of}: {users:,} users, {coupons:,} coupons."]
    if "profit" in made.measured:
        effect, profit = made.measured["effect"], made.measured["profit"]
        said.append(
            "The campaign: {estimate:.1f} extra orders per 100 coupons, 95% confidence interval "
            "{low:.1f} to {high:.1f}.".format(**effect)
        )
        said.append(
            "The rule who gets one, tried on the campaign: {estimate:,.0f} dollars, 95% confidence "
            "interval {low:,.0f} to {high:,.0f}.".format(**profit)
        )
    return "\n".join(said)


def _release(engine: "Engine", asked: argparse.Namespace) -> None:
    from helpers.production import release

    now = release(engine, asked.version, asked.reason, exploration=asked.exploration)
    print(f"Version {now.version} is served from now on.")


def _releases(engine: "Engine", asked: argparse.Namespace) -> None:
    from sqlalchemy import select

    from helpers.production.tables import releases

    with engine.connect() as connection:
        for row in connection.execute(select(releases).order_by(releases.c.release_id)):
            print(f"{row.released_at:%Y-%m-%d %H:%M} UTC  version {row.version:<4} {row.reason}")


def _roll_back(engine: "Engine", asked: argparse.Namespace) -> None:
    from helpers.production import roll_back

    now = roll_back(engine, asked.reason)
    print(f"Version {now.version} is served again.")


def _migrate(engine: "Engine", asked: argparse.Namespace) -> None:
    from helpers.production import upgrade

    upgrade(engine)
    print("The tables have the newest schema.")


if __name__ == "__main__":
    main()
