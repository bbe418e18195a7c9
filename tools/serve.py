"""Run the shop in production: ``python -m tools.serve``, with a command or without one.

    score      score all users as of an evening and store a new version; run it every night
    prune      delete old versions, the log of old lists, and results of killed jobs
    clicks     list what came of each release: clicks per list
    release    serve a version from now on
    releases   list what was served when, and why
    rollback   serve again what was served before
    migrate    bring the tables of the database to the newest schema
    run        run the API
    token      make a token for a client of the API, or remove one

Without a command it does what is missing, and then runs the API.

Settings are environment variables, or lines of the file shop.env: ``SHOP_DATABASE`` names the
database, such as ``postgresql+psycopg://user@host/shop``; by default it is an SQLite file beside
the learner's copies. The others are in apps/service/settings.py.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools import env

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from apps.service.settings import Settings

HINTS = {"sqlite": "May you write into its folder?", "postgresql": "Is it running?"}


def main() -> None:
    """Do what the command line says."""
    carry_out(_arguments())


def carry_out(asked: argparse.Namespace) -> None:
    """Do what a command says, and end with a message, not a stack trace, if it can't."""
    if Path(sys.prefix) != env.place("serve")[0]:  # which has all that the other one has
        env.enter()
    from alembic.util import CommandError
    from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

    from apps.service import open_database

    try:
        if settings().database.startswith("postgresql"):
            env.enter("serve")
        engine = open_database(settings().database)
        asked.command(engine, asked)
    except (OSError, ValueError, CommandError) as error:
        sys.exit(str(error))
    except (OperationalError, ProgrammingError) as error:
        sys.exit(
            f"The database {engine.url} says: {error.orig}\n"  # the URL prints without a password
            f"{HINTS[engine.dialect.name]} Are its tables up to date? python -m tools.serve migrate"
        )
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # a row that breaks a rule, say, is a mistake of ours
            raise
        sys.exit(
            f"The database {engine.url} says: {error.orig}\n"
            "The file is damaged, or it is something else. Bring back a backup, or move it away "
            "and start anew."
        )
    except KeyboardInterrupt:
        sys.exit("Interrupted. Nothing is half stored; run it again to go on.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.serve",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=_start)
    commands = parser.add_subparsers(title="commands")

    def add(name: str, does: Callable) -> argparse.ArgumentParser:
        command = commands.add_parser(name)
        command.set_defaults(command=does)
        return command

    command = add("score", _score)
    command.add_argument("--as-of", help="last day known, by default that of the last order")
    command.add_argument("--shop", default="small", help="a folder with an export, a CSV per table")
    command.add_argument("--release", action="store_true", help="serve it if it passes the gate")
    command = add("prune", _prune)
    command.add_argument("--versions", type=int, default=30, help="how many to keep")
    command.add_argument("--days", type=int, default=90, help="how long to keep lists")
    add("clicks", _clicks)
    command = add("release", _release)
    command.add_argument("version", type=int)
    command.add_argument("--exploration", type=float, help="share of random orders")
    command.add_argument("--reason", default="released by hand", help="for the list of releases")
    add("releases", _releases)
    command = add("rollback", _roll_back)
    command.add_argument("--reason", default="rolled back by hand", help="for the list of releases")
    add("migrate", _migrate)
    add("run", _run)
    command = add("token", _token)
    command.add_argument("client", help="a name, such as website")
    command.add_argument("scopes", nargs="*", help="read, write or both; none removes the token")
    return parser.parse_args()


def settings() -> "Settings":
    """Return the settings."""
    from apps.service.settings import read_settings

    return read_settings()


# ---------------------------------------------------------------- the commands


def _start(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import add_token, released, upgrade
    from apps.service.tokens import read_tokens

    upgrade(engine)
    if released(engine) is None:
        _score(engine, argparse.Namespace(shop="small", as_of=None, release=False))
    if settings().host == "127.0.0.1" and not read_tokens(settings().tokens):
        token = add_token(settings().tokens, "first", "read", "write")
        print(f"A token for you, shown only now: {token}")
    _run(engine, asked)


def _score(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import score, upgrade
    from apps.service.erasure import erase_late
    from helpers.data import load_shop

    upgrade(engine)
    erase_late(engine)
    run = score(
        engine, load_shop(asked.shop), asked.as_of, folder=settings().folder, release=asked.release
    )
    print(_summary(engine, run.version) if run.new else f"Version {run.version} is there already.")
    if run.released:
        print(f"Version {run.version} is served from now on.")
    if run.refused:
        raise ValueError(
            f"Version {run.version} is not served: {run.refused}.\n"
            f"If it is right all the same: python -m tools.serve release {run.version}"
        )


def _prune(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import prune

    found = prune(engine, versions_kept=asked.versions, days_kept=asked.days)
    parts = delete_parts(settings().folder)
    print(f"Deleted: {found['versions']} versions, {found['lists']} lists, {parts} killed jobs.")


def delete_parts(folder: Path) -> int:
    """Delete what nightly jobs that were killed have left behind, and return of how many.

    A job that still runs stores nothing then, and says that it must be run again.
    """
    parts = [path for path in folder.glob("*") if re.fullmatch("[0-9a-f]{64}", path.name)]
    for part in parts:
        shutil.rmtree(part)
    return len(parts)


def _clicks(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service.feedback import clicks_per_list

    with engine.connect() as connection:
        print(clicks_per_list(connection).round(3).to_string())


def _summary(engine: "Engine", version: int) -> str:
    """Say what a version holds, and what is known about its coupons."""
    from sqlalchemy import func, select

    from apps.service.tables import scores, versions

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
    if "difference" in made.measured.get("lists", {}):
        said.append(
            "Its lists, by the log of those served: {estimate:+.3f} clicks per list, 95% "
            "confidence interval {low:.3f} to {high:.3f}.".format(
                **made.measured["lists"]["difference"]
            )
        )
    return "\n".join(said)


def _release(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import release

    now = release(engine, asked.version, asked.reason, exploration=asked.exploration)
    print(f"Version {now.version} is served from now on.")


def _releases(engine: "Engine", asked: argparse.Namespace) -> None:
    from sqlalchemy import select

    from apps.service.tables import releases

    with engine.connect() as connection:
        for row in connection.execute(select(releases).order_by(releases.c.release_id)):
            print(f"{row.released_at:%Y-%m-%d %H:%M} UTC  version {row.version:<4} {row.reason}")


def _roll_back(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import roll_back

    now = roll_back(engine, asked.reason)
    print(f"Version {now.version} is served again.")


def _migrate(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service import upgrade

    upgrade(engine)
    print("The tables have the newest schema.")


def _run(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service.server import API, bind, run
    from apps.service.tokens import read_tokens

    said = settings()
    if not read_tokens(said.tokens):
        sys.exit("Nobody could ask: python -m tools.serve token NAME read write makes a token.")
    try:
        listening = bind(said.port, said.host)
    except OSError as error:
        sys.exit(f"{said.host}:{said.port} can't be had ({error.strerror}). Set SHOP_PORT.")
    engine.dispose()  # each worker opens the database itself
    with listening:
        print(f"The API: http://{said.host}:{said.port}/docs (Ctrl-C ends it)", flush=True)
        run(API, listening, said.workers, said.connections)


def _token(engine: "Engine", asked: argparse.Namespace) -> None:
    from apps.service.tokens import add_token, remove_token

    if asked.scopes:
        token = add_token(settings().tokens, asked.client, *asked.scopes)
        print(f"The token of {asked.client}, shown only now: {token}")
    else:
        remove_token(settings().tokens, asked.client)
        print(f"The token of {asked.client} is removed.")
    print("A server that runs takes notice when it is started again.")


if __name__ == "__main__":
    main()
