"""What the API answers, on both databases."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import create_engine, delete, func, make_url, select, text
from sqlalchemy.schema import DropTable

from apps.service.api import create_app
from apps.service.database import open_database
from apps.service.releases import release
from apps.service.settings import Settings
from apps.service.tables import events, releases, served
from apps.service.tokens import Client, hash_of
from tests.apps.service.small import KNOWN, POPULAR, RANKED, REASON, STRANGER, fill

LIST = f"/users/{KNOWN}/recommendations"
EVENT = {
    "event_id": "E1",
    "occurred_at": "2026-01-02T09:30:00+01:00",
    "user_id": KNOWN,
    "event": "cart",
    "item_id": "I0001",
    "request_id": "c0ffee",
}


class Asker:
    """Asks an application without a network."""

    def __init__(self, app, **headers):
        self.app, self.headers = app, headers

    def __call__(self, method, path, **more):
        return self.at_once([(method, path)], **more)[0]

    def at_once(self, requests, **more):
        """Ask several things at the same time."""

        async def ask():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://shop", headers=self.headers
            ) as client:
                return await asyncio.gather(*(client.request(*each, **more) for each in requests))

        return asyncio.run(ask())

    def get(self, path, **more):
        return self("GET", path, **more)

    def post(self, event, **more):
        return self("POST", "/events", json=event, **more)


def api(engine, chance=None, **settings):
    settings = Settings(**(dict.fromkeys(("rate", "visitor_rate"), 1e9) | settings))
    clients = {"website": Client(sha256=hash_of("secret"), scopes=["read", "write"])}
    app = create_app(engine, clients, settings, chance=chance or random.Random(5))
    return Asker(app, Authorization="Bearer secret")


@pytest.fixture
def shop(database):
    fill(database)
    return database


@pytest.fixture
def ask(shop):
    return api(shop)


def rows_of(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(table).order_by(*table.primary_key)).all()


# ---------------------------------------------------------------- recommendations


class Never(random.Random):
    def random(self):
        return 0.999


class Always(random.Random):
    def random(self):
        return 0.0


def test_a_known_user_gets_the_released_list(shop):
    answer = api(shop, chance=Never()).get(LIST, params={"slot": "cart", "count": 3})
    assert answer.status_code == 200
    assert answer.json() == {
        "request_id": answer.headers["x-request-id"],
        "user_id": KNOWN,
        "slot": "cart",
        "version": 1,
        "policy": "release 1",
        "items": [
            {"position": k, "item_id": item_id, "name": f"Tea {item_id}"}
            for k, item_id in enumerate(RANKED[:3], 1)
        ],
    }


def test_a_stranger_gets_the_popular_items(shop):
    answer = api(shop, chance=Never()).get(f"/users/{STRANGER}/recommendations").json()
    assert [item["item_id"] for item in answer["items"]] == POPULAR
    assert answer["policy"] == "release 1, cold start"


def test_what_is_shown_is_logged_before_the_answer_is_there(shop):
    before = datetime.now(UTC)
    answer = api(shop, chance=Never()).get(LIST, params={"count": 2})
    one, two = rows_of(shop, served)
    assert before <= one.served_at <= datetime.now(UTC)
    # ε = 0.2 and ten items: the ranked item of a place is there with 0.8 + 0.2 / 10 = 0.82.
    assert one[:-1] == (
        *(answer.json()["request_id"], 1, KNOWN, "home"),
        *("I0001", "release 1", pytest.approx(0.82), 1),
    )
    assert (two.position, two.item_id) == (2, "I0002")


def test_propensities_of_an_explored_list(shop):
    answer = api(shop, chance=Always(3)).get(LIST).json()
    shown = [item["item_id"] for item in answer["items"]]
    assert sorted(shown) == RANKED != shown
    for row, item_id, ranked in zip(rows_of(shop, served), shown, RANKED, strict=True):
        assert row.item_id == item_id
        # An item off its rank is there in an explored list only: 0.2 / 10.
        assert row.propensity == pytest.approx(0.82 if item_id == ranked else 0.02)


def test_items_are_shown_as_often_as_the_log_says(shop):
    ask, times = api(shop, chance=random.Random(1)), 300
    for _ in range(times):
        ask.get(LIST, params={"count": 1})
    rows = rows_of(shop, served)
    counts = Counter(row.item_id for row in rows)
    propensity = {row.item_id: row.propensity for row in rows}
    assert len(rows) == times
    # In 300 draws a share has a standard error of at most √(.82 · .18 / 300) = .022.
    for item_id, share in propensity.items():
        assert counts[item_id] / times == pytest.approx(share, abs=0.066)


def test_a_release_takes_effect_with_the_next_request(shop, ask):
    assert ask.get(LIST).json()["version"] == 1
    release(shop, 2, "A test.", exploration=0.0)
    answer = ask.get(LIST).json()
    assert answer["version"] == 2
    assert [item["item_id"] for item in answer["items"]] == RANKED[::-1]
    assert {row.propensity for row in rows_of(shop, served) if row.version == 2} == {1.0}


# ---------------------------------------------------------------- actions, events


def test_the_next_best_action_comes_with_its_reason(ask):
    answer = ask.get(f"/users/{KNOWN}/next-best-action")
    assert answer.json() == {"user_id": KNOWN, "version": 1, "action": "coupon", "reason": REASON}
    stranger = ask.get(f"/users/{STRANGER}/next-best-action").json()
    assert stranger["action"] == "nothing"
    assert "not in the released version" in stranger["reason"]


def test_an_event_is_stored_once_with_who_sent_it(shop, ask):
    before = datetime.now(UTC)
    assert ask.post(EVENT).json() == {"event_id": "E1", "stored": True}
    again = ask.post(EVENT | {"occurred_at": "2026-01-02T08:30:00Z"})  # the same moment
    assert (again.status_code, again.json()["stored"]) == (200, False)
    other = ask.post(EVENT | {"event": "purchase"})
    assert other.status_code == 409
    moment = datetime(2026, 1, 2, 8, 30, tzinfo=UTC)
    ((*stored, client, stored_at),) = rows_of(shop, events)
    assert stored == ["E1", moment, KNOWN, "cart", "I0001", "c0ffee"]
    assert client == "website"
    assert before <= stored_at <= datetime.now(UTC)


def test_an_event_may_come_from_no_list(shop, ask):
    event = {name: value for name, value in EVENT.items() if name != "request_id"}
    assert ask.post(event).json()["stored"]
    assert not ask.post(event).json()["stored"]
    assert ask.post(event | {"request_id": "c0ffee"}).status_code == 409


# ---------------------------------------------------------------- wrong requests


@pytest.fixture
def door():
    """The API of a database that is never opened: wrong requests don't get that far."""
    return api(create_engine("sqlite:///:nowhere:/never"))


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"{LIST}?count=0", "query.count"),
        (f"{LIST}?count=11", "query.count"),
        (f"{LIST}?count=ten", "query.count"),
        (f"{LIST}?slot=Home%20page", "query.slot"),
        (f"{LIST}?cuont=5", "query.cuont"),
        ("/users/a%00b/recommendations", "path.user_id"),
        (f"/users/{'x' * 65}/next-best-action", "path.user_id"),
        ("/users/%F0%9F%9B%92/recommendations", "path.user_id"),
        ("/users/x%0A/recommendations", "path.user_id"),
    ],
)
def test_a_wrong_request_is_told_which_field_is_wrong(door, path, field):
    answer = door.get(path)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert field in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"occurred_at": "2026-01-02T09:30:00"}, "occurred_at"),  # no time zone
        ({"occurred_at": "1999-12-31T23:59:59Z"}, "occurred_at"),
        ({"occurred_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "occurred_at"),
        ({"event": "return"}, "event"),
        ({"item_id": ""}, "item_id"),
        ({"user_id": None}, "user_id"),
        ({"price": 5}, "price"),
    ],
)
def test_a_wrong_event_is_told_which_field_is_wrong(door, change, field):
    answer = door.post(EVENT | change)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [f"body.{field}"]


def test_a_server_whose_clock_is_behind_refuses_no_honest_event(ask):
    soon = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    assert ask.post(EVENT | {"occurred_at": soon}).json()["stored"]


def test_what_the_api_does_not_know_is_refused(door):
    assert door("POST", "/events", content=b'{"event_id": ').status_code == 422
    assert door("DELETE", LIST).status_code == 405
    assert door.get("/users").json() == {"detail": "Not Found", "fields": {}}


# ---------------------------------------------------------------- nothing there


@pytest.fixture(params=["nothing released", "no tables", "no database"])
def broken(request, shop, url, tmp_path):
    if request.param == "no database":
        address = make_url(url).set(database="missing")
        if address.get_backend_name() == "sqlite":  # a folder is no database
            address = address.set(database=str(tmp_path / "folder"))
            (tmp_path / "folder").mkdir()
        engine = open_database(address.render_as_string(hide_password=False))
        yield engine
        engine.dispose()
        return
    with shop.begin() as connection:
        released = request.param == "nothing released"
        connection.execute(delete(releases) if released else DropTable(releases))
    yield shop


@pytest.mark.parametrize("path", ["/ready", LIST, f"/users/{KNOWN}/next-best-action"])
def test_without_a_release_or_database_it_says_so(broken, path):
    answer = api(broken).get(path)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert set(answer.json()) == {"detail", "fields"}
    assert "Traceback" not in answer.text


def test_ready_says_what_is_served_and_leaves_nothing(shop, ask):
    answer = ask.get("/ready", headers={"Authorization": ""}).json()
    days = (datetime.now(UTC).date() - datetime(2025, 12, 31).date()).days
    assert answer == {
        "version": 1,
        "as_of": "2025-12-31",
        "age_days": days,
        "released_at": "2026-01-01T03:00:00Z",
    }
    assert rows_of(shop, served) == []


def test_it_answers_again_when_the_database_is_back(shop, ask):
    with shop.begin() as connection:
        connection.execute(text("ALTER TABLE releases RENAME TO away"))
    assert ask.get(LIST).status_code == 503
    with shop.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO releases"))
    assert ask.get(LIST).status_code == 200
    with shop.connect() as connection:  # nothing was logged of what was not served
        assert connection.scalar(select(func.count()).select_from(served)) == 10
