"""Run the shop in production: ``python -m tools.serve``, with a command or without one.

    score      score all users as of an evening and store a new version; run it every night
    prune      delete old versions, the log of old lists, and results of killed jobs
    clicks     list what came of each release: clicks per list
    release    serve a version from now on
    releases   list what was served when, and why
    rollback   serve again what was served before
    forget     erase a user
    migrate    bring the tables of the database to the newest schema
    run        run the API
    token      make a token for a client of the API, or remove one

Without a command it does what is missing, and then runs the API.

Settings are environment variables, or lines of the file shop.env: ``SHOP_DATABASE`` names the
database, such as ``postgresql+psycopg://user@host/shop``; by default it is an SQLite file beside
the learner's copies. The others are in apps/service/settings.py.
"""

import re
import shutil
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from apps.service import releases, scoring, server, tables
from apps.service.database import open_database, upgrade
from apps.service.erasure import erase, erase_late
from apps.service.feedback import clicks_per_list
from apps.service.settings import read_settings
from apps.service.tokens import add_token, read_tokens, remove_token
from helpers.data import load_shop

HINTS = {"sqlite": "Is its file undamaged, and yours to write?", "postgresql": "Is it running?"}


def carry_out(words: list[str]) -> None:
    """Do what a command line says, and end with a message, not a stack trace, if it can't."""
    asked = parser().parse_args(words)
    try:
        engine = open_database(read_settings().database)
        asked.command(engine, asked)
    except (OSError, ValueError, CommandError) as error:
        sys.exit(str(error))
    except DatabaseError as error:
        if isinstance(error, IntegrityError):  # a row that breaks a rule is a mistake of ours
            raise
        sys.exit(
            f"The database {engine.url} says: {error.orig}\n"  # the URL prints without a password
            f"{HINTS[engine.dialect.name]} Are its tables up to date? python -m tools.serve migrate"
        )
    except KeyboardInterrupt:
        sys.exit("Interrupted. Nothing is half stored; run it again to go on.")


def parser() -> ArgumentParser:
    """Return what reads the command line."""
    parser = ArgumentParser(
        prog="python -m tools.serve",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=start)
    commands = parser.add_subparsers(title="commands")

    def add(name: str, does: Callable[[Engine, Namespace], None]) -> ArgumentParser:
        command = commands.add_parser(name)
        command.set_defaults(command=does)
        return command

    command = add("score", score)
    command.add_argument("--as-of", help="last day known, by default that of the last order")
    command.add_argument("--shop", default="small", help="a folder with an export, a CSV per table")
    command.add_argument("--release", action="store_true", help="serve it if it passes the gate")
    command = add("prune", prune)
    command.add_argument("--versions", type=int, default=30, help="how many to keep")
    command.add_argument("--days", type=int, default=90, help="how long to keep lists")
    add("clicks", clicks)
    command = add("release", release)
    command.add_argument("version", type=int)
    command.add_argument("--exploration", type=float, help="share of random orders")
    command.add_argument("--reason", default="released by hand", help="for the list of releases")
    add("releases", list_releases)
    command = add("rollback", roll_back)
    command.add_argument("--reason", default="rolled back by hand", help="for the list of releases")
    command = add("forget", forget)
    command.add_argument("user", help="id of the user to erase")
    add("migrate", migrate)
    add("run", run)
    command = add("token", token)
    command.add_argument("client", help="a name, such as website")
    command.add_argument("scopes", nargs="*", help="read, write or both; none removes the token")
    return parser


# ---------------------------------------------------------------- the job, and what came of it


def score(engine: Engine, asked: Namespace) -> None:
    """Score all users, and say what was measured; it is an error if the gate refuses a release."""
    upgrade(engine)
    erase_late(engine)
    folder, shop = read_settings().folder, load_shop(asked.shop)
    run = scoring.score(engine, shop, asked.as_of, folder=folder, release=asked.release)
    print(report(engine, run.version) if run.new else f"Version {run.version} is there already.")
    if run.released:
        print(f"Version {run.version} is served from now on.")
    if run.refused:
        raise ValueError(
            f"Version {run.version} is not served: {run.refused}.\n"
            f"If it is right all the same: python -m tools.serve release {run.version}"
        )


def report(engine: Engine, version: int) -> str:
    """Return how many users a version has, and what was measured of it."""
    with engine.connect() as connection:
        of_version = tables.versions.c.version == version
        made = connection.execute(select(tables.versions).where(of_version)).one()
    measured = {
        "extra orders per 100 coupons": made.measured.get("effect"),
        "dollars that the rule for coupons would have earned": made.measured.get("profit"),
        "clicks per list, over those served": made.measured.get("lists", {}).get("difference"),
    }
    rows = [f"Version {version}, as of {made.as_of}: {made.row_counts['scores']:,} users."]
    interval = "{estimate:,.2f}, 95% confidence interval {low:,.2f} to {high:,.2f}"
    rows += [f"{name}: {interval.format(**found)}" for name, found in measured.items() if found]
    return "\n".join(rows)


def prune(engine: Engine, asked: Namespace) -> None:
    """Delete what is old, and what killed jobs left behind."""
    found = releases.prune(engine, versions_kept=asked.versions, days_kept=asked.days)
    parts = delete_parts(read_settings().folder)
    print(f"Deleted: {found['versions']} versions, {found['lists']} lists, {parts} killed jobs.")


def delete_parts(folder: Path) -> int:
    """Delete what nightly jobs that were killed have left behind, and return of how many.

    A job that still runs stores nothing then, and says that it must be run again.
    """
    parts = [path for path in folder.glob("*") if re.fullmatch("[0-9a-f]{64}", path.name)]
    for part in parts:
        shutil.rmtree(part)
    return len(parts)


def clicks(engine: Engine, _: Namespace) -> None:
    """List clicks per list."""
    with engine.connect() as connection:
        table = clicks_per_list(connection).round(3)
    print(table.to_string() if len(table) else "No list has been served yet.")


def forget(engine: Engine, asked: Namespace) -> None:
    """Erase a user, and print a receipt: what was deleted, and what is left to do."""
    receipt = erase(engine, asked.user)
    parts = delete_parts(read_settings().folder)
    counts = ", ".join(f"{name} {count}" for name, count in receipt.deleted.items() if count)
    print(
        f"{receipt.user_id} is erased (first on {receipt.erased_at:%Y-%m-%d %H:%M} UTC).\n"
        f"Deleted rows: {counts or 'none, there were none left'}; killed jobs: {parts}.\n"
        "Kept in the list of erasures: her id alone, so that no export brings her back.\n"
        "Left to do: take her out of the export, and let backups expire. The next nightly job\n"
        "computes models and lists of others without her."
    )


# ---------------------------------------------------------------- releases


def release(engine: Engine, asked: Namespace) -> None:
    """Serve a version."""
    releases.release(engine, asked.version, asked.reason, exploration=asked.exploration)
    print(f"Version {asked.version} is served from now on.")


def list_releases(engine: Engine, _: Namespace) -> None:
    """List the releases."""
    with engine.connect() as connection:
        rows = connection.execute(select(tables.releases).order_by(tables.releases.c.release_id))
    for row in rows:
        moment, shuffled = f"{row.released_at:%Y-%m-%d %H:%M} UTC", f"{row.exploration:.0%} random"
        print(f"{moment}  version {row.version:<4} {shuffled:>11}  {row.reason}")


def roll_back(engine: Engine, asked: Namespace) -> None:
    """Serve what was served before."""
    now = releases.roll_back(engine, asked.reason)
    print(f"Version {now.version} is served again.")


# ---------------------------------------------------------------- the API


def start(engine: Engine, asked: Namespace) -> None:
    """Do what is missing, and run the API."""
    settings = read_settings()
    upgrade(engine)
    if releases.released(engine) is None:
        score(engine, Namespace(shop="small", as_of=None, release=False))
    if settings.host == server.HOST and not read_tokens(settings.tokens):
        made = add_token(settings.tokens, "first", "read", "write")
        print(f"A token for you, shown only now: {made}")
    run(engine, asked)


def migrate(engine: Engine, _: Namespace) -> None:
    """Bring the tables to the newest schema."""
    upgrade(engine)
    print("The tables have the newest schema.")


def run(engine: Engine, _: Namespace) -> None:
    """Answer requests until the process is told to end."""
    settings = read_settings()
    if not read_tokens(settings.tokens):
        sys.exit("Nobody could ask: python -m tools.serve token NAME read write makes a token.")
    try:
        listening = server.bind(settings.port, settings.host)
    except OSError as error:
        sys.exit(f"{settings.host}:{settings.port} can't be had ({error.strerror}). Set SHOP_PORT.")
    engine.dispose()  # each worker opens the database itself
    with listening:
        print(f"The API: http://{settings.host}:{settings.port}/docs (Ctrl-C ends it)", flush=True)
        server.run(listening, settings.workers, settings.connections)


def token(_: Engine, asked: Namespace) -> None:
    """Make a token, or remove one."""
    file = read_settings().tokens
    if asked.scopes:
        made = add_token(file, asked.client, *asked.scopes)
        print(f"The token of {asked.client}, shown only now: {made}")
    else:
        remove_token(file, asked.client)
        print(f"The token of {asked.client} is removed.")
    print("A server that runs takes notice when it is started again.")
