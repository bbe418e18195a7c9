"""The load generator against a server whose answers are known, and the database it measures on."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from sqlalchemy import func, select

from apps.service.load import Load, compare, fill, generate, paths, together
from apps.service.tables import recommendations, releases, users


class Counting(BaseHTTPRequestHandler):
    """Answers 200, or 404 to /missing, and counts."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked[self.path, self.headers["Authorization"]] += 1
        self.server.connections.add(self.client_address)
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def counting():
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        server.asked, server.connections = Counter(), set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_each_path_is_asked_for_once_and_connections_are_kept(counting):
    asked = [f"/{k}" for k in range(20)] + ["/missing"]
    url = f"http://127.0.0.1:{counting.server_port}"
    load = generate(url, asked, clients=3, token="t")
    assert counting.asked == Counter({(path, "Bearer t"): 1 for path in asked})
    assert len(counting.connections) == 3
    assert len(load.milliseconds) == 21
    assert load.refused == 1
    # Three clients at a time: the answers' times add up to at most three times the whole.
    assert 0 < load.milliseconds.sum() / 1000 <= 3 * load.seconds


def test_quantiles_by_hand():
    load = Load(np.arange(1.0, 102.0), seconds=2.0, refused=0)  # 1, 2, …, 101 ms
    assert (load.p50, load.p99, load.throughput) == (51.0, 100.0, 50.5)
    both = together([load, Load(np.array([7.0]), 1.0, 2)])
    assert (len(both.milliseconds), both.seconds, both.refused) == (102, 3.0, 2)


def test_a_database_is_filled_with_ten_items_for_each_user(database):
    fill(database, 30)
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(users)) == 30
        lists = connection.execute(select(recommendations)).all()
        assert connection.scalar(select(releases.c.version)) == 1
    assert len({(row.user_id, row.position) for row in lists}) == 300
    assert {row.position for row in lists} == set(range(1, 11))
    assert {f"/users/{row.user_id}/recommendations" for row in lists} >= set(paths(30, 100))
    by_user = Counter((row.user_id, row.item_id) for row in lists)
    assert max(by_user.values()) == 1  # no item twice in a list


def test_nothing_is_refused_while_it_is_measured(database, tmp_path):
    fill(database, 30)
    url = database.url.render_as_string(hide_password=False)
    measured = compare(url, tmp_path, users=30, requests=100)
    counts = {name: (len(load.milliseconds), load.refused) for name, load in measured.items()}
    assert counts == {"select": (100, 0), "look-up": (100, 0), "API": (100, 0)}
