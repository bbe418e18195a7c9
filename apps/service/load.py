"""How fast the API answers: a load generator, a database of any size, and what to compare with."""

import itertools
import os
import random
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from fastapi import FastAPI
from sqlalchemy import Engine, insert, text

from apps.service import tables
from apps.service.api import create_app, set_up_log
from apps.service.database import open_database, writing
from apps.service.server import serving
from apps.service.tokens import add_token, read_tokens

ITEMS = 400
TURN = 50  # requests to one server, then to the other
# The least a service must do for a list: one look-up, of the user's rows of a given version.
BARE = text(
    "SELECT r.position, r.item_id, i.name FROM recommendations r JOIN items i USING (item_id) "
    "WHERE r.version = 1 AND r.user_id = :user_id ORDER BY r.position"
)
# A row for each number from 1 to :users; both databases count like this.
COUNT = "WITH RECURSIVE n(u) AS (SELECT 1 UNION ALL SELECT u + 1 FROM n WHERE u < :users) "
PLACES = "(SELECT position FROM popular) p"
USER_ID = "'U' || substr(CAST(10000000 + u AS TEXT), 2)"


class Load(NamedTuple):
    """What a load generator has measured."""

    milliseconds: np.ndarray
    seconds: float
    refused: int  # answers other than 200

    @property
    def p50(self) -> float:
        """The median time of an answer in milliseconds."""
        return float(np.quantile(self.milliseconds, 0.5))

    @property
    def p99(self) -> float:
        """The time in milliseconds within which 99% of the answers came."""
        return float(np.quantile(self.milliseconds, 0.99))

    @property
    def throughput(self) -> float:
        """Answers per second."""
        return len(self.milliseconds) / self.seconds


def generate(url: str, paths: Sequence[str], *, clients: int = 1, token: str = "") -> Load:
    """Send one GET request per path and measure each answer's time.

    Parameters
    ----------
    url : address of the server, such as "http://127.0.0.1:8000".
    paths : what to ask for, such as "/users/U0000042/recommendations".
    clients : how many ask at the same time; each keeps its connection, and asks again as soon as it
        has the answer (a closed loop).
    token : token to send.

    Examples
    --------
    >>> generate("http://127.0.0.1:8000", ["/health"] * 100).p50  # doctest: +SKIP
    1.9
    """

    def ask(paths: Iterable[str]) -> list[tuple[float, int]]:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        answers = []
        for path in paths:
            began = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            answers.append((time.perf_counter() - began, answer.status))
        connection.close()
        return answers

    headers = {"Authorization": f"Bearer {token}"}
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        parts = pool.map(ask, (paths[k::clients] for k in range(clients)))
        answers = list(itertools.chain.from_iterable(parts))
    took = time.perf_counter() - began
    seconds, statuses = zip(*answers, strict=True)
    refused = sum(status != 200 for status in statuses)
    return Load(1000 * np.array(seconds), took, refused)


def fill(engine: Engine, users: int) -> None:
    """Write a released version with ten recommendations for each of many users.

    The database itself makes the rows, so a million users take a minute or two.

    Parameters
    ----------
    engine : a database with all tables, and no rows.
    users : how many; their ids are "U0000001" and so on.
    """
    now = datetime.now(UTC)
    item = {"department": "d", "category": "c", "brand": "b", "price": 1.0, "launched_at": now}
    names = [{**item, "item_id": f"I{k:04}", "name": f"Item {k}"} for k in range(ITEMS)]
    version = {"version": 1, "as_of": date.today(), "made_at": now, "fingerprint": "load"}
    made = {"git_commit": "", "data_hash": "", "parameters": {}, "row_counts": {}, "measured": {}}
    release = {
        "release_id": 1,
        "version": 1,
        "exploration": 0.1,
        "released_at": now,
        "reason": "To measure.",
    }
    places = [
        {"version": 1, "position": k, "item_id": f"I{k:04}", "score": 1.0}
        for k in range(1, tables.LIST_LENGTH + 1)
    ]
    moment = "'2026-01-01 00:00:00'" if engine.dialect.name == "sqlite" else "now()"
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":  # the rows are right; checking each takes minutes
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(insert(tables.items), names)
        connection.execute(insert(tables.versions), version | made)
        connection.execute(insert(tables.popular), places)
        connection.execute(insert(tables.releases), release)
        for statement in (
            f"INSERT INTO users {COUNT} SELECT {USER_ID}, {moment} FROM n",
            f"INSERT INTO recommendations {COUNT} SELECT 1, {USER_ID}, position, "
            f"'I' || substr(CAST(10000 + (u * 7 + position * 31) % {ITEMS} AS TEXT), 2), 1.0 "
            f"FROM n CROSS JOIN {PLACES}",
        ):
            connection.execute(text(statement), {"users": users})
        connection.execute(text("ANALYZE"))


def bare() -> FastAPI:
    """Return an application that only looks up a list, to compare with."""
    engine = open_database(os.environ["SHOP_DATABASE"])
    app = FastAPI()

    @app.get("/users/{user_id}/recommendations")
    def look_up(user_id: str) -> list[dict]:
        with engine.connect() as connection:
            rows = connection.execute(BARE, {"user_id": user_id})
            return [dict(row) for row in rows.mappings()]

    return app


def unlimited() -> FastAPI:
    """Return the API without a limit to what a client may send."""
    engine = open_database(os.environ["SHOP_DATABASE"])
    set_up_log()
    return create_app(engine, read_tokens(Path(os.environ["SHOP_TOKENS"])), rate=1e9, burst=10**9)


def compare(
    database: str, folder: Path, *, users: int, requests: int, workers: int = 1
) -> dict[str, Load]:
    """Measure the API beside the least that a service, and a query, must do.

    Parameters
    ----------
    database : URL of a database that `fill` has filled.
    folder : where to keep a file of tokens meanwhile.
    users : how many the database has.
    requests : how many to send to each, in turns, so that what else the machine does hits both.
    workers : processes of each server; as many clients ask at the same time.

    Returns
    -------
    dict with "select" (the look-up itself, in this process), "look-up" (the same behind a server,
    `bare`) and "API".
    """
    tokens = folder / f"tokens-{workers}.json"
    token = add_token(tokens, "load", "read")
    drawn = paths(users, requests)
    turns = [drawn[k : k + TURN] for k in range(0, requests, TURN)]
    measured = {"select": [in_process(database, drawn)]}
    with (
        serving(database, tokens, app="apps.service.load:bare", workers=workers) as bare_url,
        serving(database, tokens, app="apps.service.load:unlimited", workers=workers) as url,
    ):
        for turn in (turns[0], *turns):  # the first one warms up, and is dropped below
            for name, address in (("look-up", bare_url), ("API", url)):
                load = generate(address, turn, clients=workers, token=token)
                measured.setdefault(name, []).append(load)
    return {
        name: together(loads if name == "select" else loads[1:]) for name, loads in measured.items()
    }


def in_process(database: str, paths: Sequence[str]) -> Load:
    """Measure the bare look-up without a server."""
    engine, milliseconds = open_database(database), []
    with engine.connect() as connection:
        for path in paths:
            began = time.perf_counter()
            connection.execute(BARE, {"user_id": path.split("/")[2]}).all()
            milliseconds.append(1000 * (time.perf_counter() - began))
    engine.dispose()
    return Load(np.array(milliseconds), sum(milliseconds) / 1000, 0)


def together(loads: Sequence[Load]) -> Load:
    """Return several measurements as one."""
    milliseconds, seconds, refused = zip(*loads, strict=True)
    return Load(np.concatenate(milliseconds), sum(seconds), sum(refused))


def paths(users: int, requests: int, seed: int = 0) -> list[str]:
    """Return the requests: the lists of users drawn at random."""
    drawn = random.Random(seed).choices(range(1, users + 1), k=requests)
    return [f"/users/U{user:07}/recommendations" for user in drawn]
