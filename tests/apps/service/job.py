"""Work in a process of its own: a nightly job, which can be stopped at a moment with a name."""

import itertools
import multiprocessing
import os
import time
from pathlib import Path

from sqlalchemy import event

from apps.service import models, scoring
from apps.service.database import open_database, upgrade
from helpers.data.schema import Shop
from helpers.data.sources import load_shop

AS_OF = "2025-12-31"

# Each process is a fork of one that has imported everything, and has run nothing.
processes = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
processes.set_forkserver_preload(["tests.apps.service.job"])


def start(work, *arguments):
    """Start work in a process, which ends with the tests even if one of them fails."""
    process = processes.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def some_shop(users: int = 240) -> Shop:
    """Return the course's shop with so many of its users: a job that takes a moment."""
    shop = load_shop()
    some = shop.users.head(users)
    tables = {name: table for name, table in shop if name not in ("users", "items")}
    tables = {name: table[table["user_id"].isin(some["user_id"])] for name, table in tables.items()}
    return Shop(users=some, items=shop.items, **tables)


def migrate(url: str) -> None:
    """Bring a database to the newest schema."""
    upgrade(open_database(url))


def night(url: str, folder: str, moment: str = "", reached=None) -> None:
    """Score the shop; at the moment named, say that it is reached, and wait to be killed."""
    engine = open_database(url)
    scoring.USERS_AT_ONCE = 80  # three files of lists

    def stop() -> None:
        reached.set()
        time.sleep(600)

    def stop_at(call: int, original):
        """Return a function that does half of a call, as it were: it stops before it."""
        calls = itertools.count(1)

        def function(*arguments, **options):
            if next(calls) == call:
                stop()
            return original(*arguments, **options)

        return function

    def lose_half(file: int) -> None:
        os.ftruncate(file, os.fstat(file).st_size // 2)
        stop()

    if moment == "a file is half written":
        os.fsync = lose_half
    elif moment == "some lists are computed":
        models.top_lists = stop_at(2, models.top_lists)
    elif moment == "all is computed":
        scoring.store = stop_at(1, scoring.store)
    elif moment == "the shop is half stored":
        scoring.upsert = stop_at(2, scoring.upsert)  # the items are there, the users are not
    elif moment == "the lists are half stored":
        # features, scores, popular, and one of three parts of the recommendations
        scoring.append = stop_at(5, scoring.append)
    elif moment == "it is about to be released":
        scoring.add_release = stop_at(1, scoring.add_release)
    elif moment == "it is about to be committed":
        event.listen(engine, "commit", lambda connection: is_writing(connection) and stop())
    elif moment == "it is committed":
        scoring.shutil.rmtree = stop_at(1, scoring.shutil.rmtree)
    scoring.score(engine, some_shop(), AS_OF, folder=Path(folder))


def is_writing(connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


MOMENTS = [
    "a file is half written",
    "some lists are computed",
    "all is computed",
    "the shop is half stored",
    "the lists are half stored",
    "it is about to be released",
    "it is about to be committed",
    "it is committed",
]
