"""Tokens, scopes, limits, and what may never stand in a log."""

import hmac
import json
import logging
import math
import random
import re
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import create_engine

from apps.service import api as api_module
from apps.service import tokens
from apps.service.api import create_app
from apps.service.limits import RateLimit
from apps.service.logs import AsJson
from apps.service.settings import Settings, read_settings
from apps.service.tokens import add_token, find_client, read_tokens, remove_token
from tests.apps.service.small import KNOWN, STRANGER, fill
from tests.apps.service.test_api import EVENT, LIST, Asker, api


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tokens.json"


# ---------------------------------------------------------------- tokens


def test_only_the_hash_of_a_token_is_stored(path):
    token = add_token(path, "website", "read")
    assert len(token) >= 43  # 256 bits in base64
    assert token not in path.read_text()
    entry = {"sha256": sha256(token.encode()).hexdigest(), "scopes": ["read"]}
    assert json.loads(path.read_text()) == {"website": entry}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_is_rotated_by_adding_the_new_one_first(path):
    old = add_token(path, "website", "read")
    new = add_token(path, "website-2", "read")
    assert find_client(read_tokens(path), old) == "website"
    remove_token(path, "website")
    assert find_client(read_tokens(path), old) is None
    assert find_client(read_tokens(path), new) == "website-2"


def test_what_is_no_name_or_scope_is_refused(path):
    add_token(path, "website", "read")
    with pytest.raises(ValueError, match="already"):
        add_token(path, "website", "read")
    with pytest.raises(ValueError, match="letters"):
        add_token(path, "a b", "read")
    with pytest.raises(ValueError, match='"read" and "write"'):
        add_token(path, "app", "admin")
    with pytest.raises(ValueError, match='"read" and "write"'):
        add_token(path, "app")
    with pytest.raises(ValueError, match="there are \\['website'\\]"):
        remove_token(path, "app")


@pytest.mark.parametrize(
    "content",
    [
        *["", "[]", '{"a": 1}', '{"a": {}}', '{"a": {"sha256": "secret", "scopes": ["read"]}}'],
        f'{{"a": {{"sha256": "{"0" * 64}", "scopes": ["all"]}}}}',
    ],
)
def test_a_broken_file_of_tokens_is_refused(path, content):
    path.write_text(content)
    with pytest.raises(ValueError, match=r"tokens\.json"):
        read_tokens(path)


def test_every_hash_is_compared_in_constant_time(path, monkeypatch):
    for name in ("a", "b", "c"):
        token = add_token(path, name, "read")
    compared, same = [], hmac.compare_digest

    def compare(one, other):
        compared.append(one)
        return same(one, other)

    clients = read_tokens(path)
    monkeypatch.setattr(tokens.hmac, "compare_digest", compare)
    for guess in (token, "wrong", ""):
        find_client(clients, guess)
    assert compared == [client.sha256 for client in clients.values()] * 3


# ---------------------------------------------------------------- who may do what


@pytest.fixture
def closed(path):
    """An API whose database is never reached."""
    made = {scope: add_token(path, scope, scope) for scope in ("read", "write")}
    app = create_app(create_engine("sqlite:///:nowhere:/never"), read_tokens(path), Settings())
    return lambda scope: Asker(app, Authorization=f"Bearer {made[scope]}")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic d2Vic2l0ZTpzZWNyZXQ=", b"Bearer \xff\xfe"],
)
@pytest.mark.parametrize(("method", "place"), [("GET", LIST), ("POST", "/events")])
def test_without_a_valid_token_there_is_no_answer(closed, header, method, place):
    answer = Asker(closed("read").app, Authorization=header)(method, place, json=EVENT)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_what_a_stranger_sends_is_not_even_parsed(closed):
    stranger = Asker(closed("write").app)
    assert stranger("POST", "/events", content=b"{").status_code == 401
    assert closed("write")("POST", "/events", content=b"{").status_code == 422


def test_each_scope_opens_its_own_door(closed):
    assert closed("write").get(LIST).status_code == 403
    assert closed("write").get(f"/users/{KNOWN}/next-best-action").status_code == 403
    assert closed("read").post(EVENT).status_code == 403
    # The right scope gets as far as the database, which is not there.
    assert closed("read").get(LIST).status_code == 503
    assert closed("write").post(EVENT).status_code == 503


def test_a_body_is_bounded_before_it_is_read(closed):
    ask = closed("write")
    long = ask("POST", "/events", content=b"x" * 10_001)
    assert long.status_code == 413

    async def stream():
        yield b"{}"

    assert ask("POST", "/events", content=stream()).status_code == 411


# ---------------------------------------------------------------- limits


def test_a_bucket_by_hand():
    # Rate 2 a second, burst 3. At 0 s: three permits. At 1 s: 0 + 2. At 10 s: full again, 3.
    now = 0.0
    limit = RateLimit(2, 3, clock=lambda: now)
    assert [limit.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait("b") == 0  # a bucket of its own
    now = 1.0
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0.5]
    now = 1.25
    assert limit.wait("a") == 0.25
    now = 10.0
    assert [limit.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_in_the_long_run_the_rate_holds():
    now, passed, chance = 0.0, 0, random.Random(1)
    limit = RateLimit(5, 10, clock=lambda: now)
    for _ in range(5_000):
        now += chance.expovariate(50)  # ten times too fast
        passed += limit.wait("a") == 0
    assert passed == pytest.approx(10 + 5 * now, abs=1)


def test_a_limit_must_let_something_through():
    for rate, burst in ((0, 5), (5, 0), (math.nan, 5), (math.inf, 5), (5, math.nan)):
        with pytest.raises(ValueError, match="must be above 0"):
            RateLimit(rate, burst)


def test_too_many_requests_are_told_when_to_come_back(path):
    one, other = add_token(path, "one", "read"), add_token(path, "other", "read")
    engine = create_engine("sqlite:///:nowhere:/never")
    app = create_app(engine, read_tokens(path), Settings(rate=0.1, burst=2))
    fast = Asker(app, Authorization=f"Bearer {one}")
    assert [fast.get(LIST).status_code for _ in range(3)] == [503, 503, 429]
    assert 9 <= int(fast.get(LIST).headers["retry-after"]) <= 10
    assert Asker(app, Authorization=f"Bearer {other}").get(LIST).status_code == 503
    assert fast.get("/docs").status_code == 200


def test_a_visitor_who_asks_too_often_costs_the_others_nothing(path):
    website = add_token(path, "website", "read", "write")
    settings = Settings(rate=0.1, burst=4, visitor_rate=0.1, visitor_burst=2)
    app = create_app(create_engine("sqlite:///:nowhere:/never"), read_tokens(path), settings)
    ask = Asker(app, Authorization=f"Bearer {website}")
    assert [ask.get(LIST).status_code for _ in range(5)] == [503, 503, 429, 429, 429]
    visitor = {"X-Visitor": "v7"}  # for events, or for a visitor without an id
    assert ask.post(EVENT, headers=visitor).status_code == 503
    assert ask.get(f"/users/{STRANGER}/recommendations").status_code == 503
    assert ask.get("/users/U8/recommendations").status_code == 429  # four permits of the website


def test_full_buckets_are_not_remembered(monkeypatch):
    monkeypatch.setattr("apps.service.limits.MANY", 3)
    now = 0.0
    limit = RateLimit(1, 1, clock=lambda: now)
    for now in range(10):
        limit.wait(f"visitor {now}")
    assert len(limit._buckets) < 4


def test_the_page_about_the_api_loads_nothing_from_elsewhere(closed):
    page = closed("read").get("/docs")
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert {closed("read").get(each).status_code for each in loaded} == {200}
    assert "http" not in "".join(loaded)


def test_settings_come_from_a_file_and_the_environment_goes_first(tmp_path, monkeypatch, closed):
    (tmp_path / "my.env").write_text("SHOP_RATE=5\nSHOP_BURST=6\nSHOP_FOLDER=here\n")
    monkeypatch.setenv("SHOP_SETTINGS", str(tmp_path / "my.env"))
    monkeypatch.setenv("SHOP_BURST", "7")
    settings = read_settings()
    assert (settings.rate, settings.burst) == (5, 7)
    assert settings.tokens == Path("here/tokens.json")


def test_settings_are_logged_at_the_start_without_a_password(monkeypatch, tmp_path, caplog):
    pytest.importorskip("psycopg")
    monkeypatch.setattr(api_module, "set_up_log", lambda: None)
    monkeypatch.setenv("SHOP_FOLDER", str(tmp_path))
    monkeypatch.setenv("SHOP_DATABASE", "postgresql+psycopg://me:secret@host/shop")
    caplog.set_level(logging.INFO, "shop.api")
    api_module.from_environment()
    said = AsJson().format(caplog.records[0])
    assert "me:***@host" in said
    assert '"rate": 100.0' in said
    assert "secret" not in said + repr(read_settings())


# ---------------------------------------------------------------- logs


def test_no_user_and_no_token_stands_in_the_log(database, caplog):
    fill(database)
    caplog.set_level(logging.DEBUG)
    ask = api(database)
    for place in (LIST, f"/users/{STRANGER}/recommendations?count=99", f"/users/{KNOWN}"):
        ask.get(place)
    answer = ask.get(f"/users/{KNOWN}/next-best-action")
    ask.post(EVENT)
    ask.post(EVENT | {"event": "purchase"})
    ask.post(EVENT | {"event": KNOWN})
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE served")
        connection.exec_driver_sql("DROP TABLE events")
    assert ask.get(LIST).status_code == 503
    assert ask.post(EVENT).status_code == 503
    # The test's own client logs what it asks for.
    lines = [AsJson().format(each) for each in caplog.records if each.name != "httpx"]
    assert len(lines) >= 9
    for secret in (KNOWN, STRANGER, "secret", EVENT["event_id"], EVENT["item_id"], "c0ffee"):
        assert not [each for each in lines if secret in each]
    line = next(each for each in lines if answer.headers["x-request-id"] in each)
    entry = json.loads(line)
    assert (entry["client"], entry["method"], entry["status"]) == ("website", "GET", 200)
    assert entry["route"] == "/users/{user_id}/next-best-action"


def test_a_mistake_of_ours_says_where_but_not_what(database, caplog, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError(f"{KNOWN} lives in Rome")

    monkeypatch.setattr("apps.service.queries.next_best_action", fail)
    answer = api(database).get(f"/users/{KNOWN}/next-best-action")
    assert answer.status_code == 500
    assert answer.json()["detail"] == "A mistake of ours; the log has it."
    entry = json.loads(AsJson().format(caplog.records[0]))
    assert entry["request"] == answer.headers["x-request-id"]
    assert entry["error"] == "RuntimeError"
    assert entry["at"].startswith("fail:")
    assert "Rome" not in str(entry)


def test_a_request_is_found_by_the_trace_of_its_client(closed, caplog):
    caplog.set_level(logging.INFO, "shop.api")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    for sent in (f"00-{trace}-00f067aa0ba902b7-01", "00-forged-x-01"):
        closed("read")("GET", "/live", headers={"traceparent": sent})
    first, second = (each.fields for each in caplog.records if each.name == "shop.api")
    assert first["trace"] == trace
    assert second["trace"] == second["request"] != first["request"]


def test_metrics_count_answers_by_route_and_name_nobody(closed):
    def count():
        labels = {"route": "/users/{user_id}/recommendations", "status": "503"}
        return REGISTRY.get_sample_value("shop_request_seconds_count", labels) or 0

    before = count()
    ask = closed("read")
    ask.get(LIST)
    assert count() == before + 1
    said = ask.get("/metrics").text
    assert 'shop_request_seconds_bucket{le="0.1",route="/users/{user_id}/recommendations"' in said
    assert KNOWN not in said


def test_answers_about_a_user_are_kept_by_no_cache(database):
    fill(database)
    assert api(database).get(LIST).headers["cache-control"] == "no-store"
