"""The feedback loop: clicks per list, and what other lists would have brought."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, insert, select, update

from apps.service import tables
from apps.service.database import writing
from apps.service.feedback import clicks_per_list, compare_lists, log_of
from apps.service.queries import recommend
from apps.service.releases import prune, release, released, roll_back
from tests.apps.service.small import KNOWN, MOMENT, RANKED, STRANGER, fill

RATES = pd.Series(np.linspace(0.5, 0.05, 10), RANKED)  # of a click, in each place the same


@pytest.fixture
def shop(database):
    fill(database)
    return database


def serve(engine, user, count, start=0):
    chance = random.Random(start)
    with writing(engine) as connection:
        for number in range(start, start + count):
            recommend(connection, f"R{number:05}", user, chance=chance)


def click(engine, number, item_id, user=KNOWN, event="view"):
    same = {"occurred_at": MOMENT, "user_id": user, "item_id": item_id, "event": event}
    with writing(engine) as connection:
        count = connection.scalar(select(func.count()).select_from(tables.events))
        row = same | {"event_id": f"E{count}", "request_id": f"R{number:05}"}
        connection.execute(insert(tables.events), [row])


def test_clicks_per_list_by_hand(shop):
    # Four lists with 2, 1, 0 and 0 clicks: 3/4 on average, variance 5/4 − 9/16 = 11/16.
    serve(shop, KNOWN, 4)
    serve(shop, STRANGER, 1, start=4)
    for number, item_id, event in [
        (0, "I0001", "view"),
        (0, "I0002", "view"),
        (1, "I0003", "cart"),
    ]:
        click(shop, number, item_id, event=event)
    click(shop, 0, "I0001", event="purchase")  # the same item again is no other click
    click(shop, 2, "I0001", user=STRANGER)  # nor is that of a user who was not shown the list
    click(shop, 3, "I0099")  # nor an item that is not in it
    with shop.connect() as connection:
        table = clicks_per_list(connection)
    assert table.index.tolist() == ["release 1", "release 1, cold start"]
    reach = 1.96 * (11 / 16 / 4) ** 0.5
    assert table.loc["release 1"].tolist() == pytest.approx([4, 0.75, 0.75 - reach, 0.75 + reach])
    assert table.loc["release 1, cold start", "clicks"] == 0


def served_log(engine, count=4000):
    """A log of lists of one user, of whose clicks the rates are known."""
    serve(engine, KNOWN, count)
    with engine.connect() as connection:
        log = log_of(connection, "release 1")
    assert not log["clicked"].any()
    rng = np.random.default_rng(0)
    return log.assign(clicked=rng.random(len(log)) < log["item_id"].map(RATES))


def lists(ranked):
    return pd.DataFrame(
        {"user_id": KNOWN, "item_id": ranked, "position": range(1, len(ranked) + 1)}
    )


def test_the_estimates_cover_the_truth(shop):
    log = served_log(shop)
    other = [*RANKED[5:], *RANKED[:5]]
    found = compare_lists(log, lists(RANKED), lists(other))
    assert found["lists"] == 4000
    for name, ranked in {"before": RANKED, "after": other}.items():
        assert found[name]["mean_weight"] == pytest.approx(1, abs=0.15)
        for estimator in ("IPS", "SNIPS"):
            assert found[name][estimator]["low"] < RATES[ranked].sum()
            assert RATES[ranked].sum() < found[name][estimator]["high"]
    difference = found["difference"]
    assert difference["low"] < 0 < difference["high"]  # the same ten items in another order


def test_what_the_log_could_not_show_does_not_count(shop):
    log = served_log(shop, 400)
    after = lists(["I0011", *RANKED[1:]])
    found = compare_lists(log, lists(RANKED), after)
    nine = compare_lists(log[log["position"] > 1], lists(RANKED), lists(RANKED))
    assert found["after"] == nine["after"]
    strangers = lists([f"I{k:04}" for k in range(11, 21)])
    assert compare_lists(log, lists(RANKED), strangers) == {}


def test_a_worse_list_is_found_out(shop):
    log = served_log(shop)
    short = log[log["position"] <= 5]  # a page of five, of which the log could show ten
    after = lists(RANKED[5:])
    gain = RATES[RANKED[5:]].sum() - RATES[RANKED[:5]].sum()
    found = compare_lists(short, lists(RANKED), after)["difference"]
    assert found["low"] < gain < found["high"] < 0


def test_too_few_lists_say_nothing(shop):
    log = served_log(shop, 150)
    found = compare_lists(log, lists(RANKED), lists([*RANKED[:8], *RANKED[:7:-1]]))
    assert "difference" not in found  # the new items were shown there a few times
    assert compare_lists(log[log["list_id"] < "R00099"], lists(RANKED), lists(RANKED)) == {}
    assert compare_lists(log.head(0), lists(RANKED), lists(RANKED)) == {}


# ---------------------------------------------------------------- retention


def test_old_lists_and_versions_are_deleted_and_what_is_served_is_kept(shop):
    row = {"as_of": MOMENT.date(), "made_at": MOMENT, "git_commit": "c", "data_hash": "d"}
    row |= {"parameters": {}, "row_counts": {}, "measured": {}}
    ids = range(3, 7)
    with writing(shop) as connection:
        rows = [row | {"version": n, "fingerprint": str(n)} for n in ids]
        connection.execute(insert(tables.versions), rows)
        popular = [{"version": n, "position": 1, "item_id": "I0001", "score": 1.0} for n in ids]
        connection.execute(insert(tables.popular), popular)
    release(shop, 3, "the second")
    serve(shop, KNOWN, 5)
    long_ago = datetime.now(UTC) - timedelta(days=91)
    with writing(shop) as connection:
        old = tables.served.c.request_id < "R00002"
        connection.execute(update(tables.served).where(old).values(served_at=long_ago))
    assert prune(shop, versions_kept=2, days_kept=90) == {"versions": 2, "lists": 2}
    assert prune(shop, versions_kept=2, days_kept=90) == {"versions": 0, "lists": 0}
    with shop.connect() as connection:
        assert connection.scalar(select(func.count(tables.served.c.request_id.distinct()))) == 3
        whole = connection.scalars(select(tables.popular.c.version).distinct()).all()
        pruned = tables.versions.c.pruned_at.is_not(None)
        gone = connection.scalars(select(tables.versions.c.version).where(pruned)).all()
    assert (sorted(whole), sorted(gone)) == ([1, 3, 5, 6], [2, 4])  # 3 is served, 1 was before
    with pytest.raises(ValueError, match="no version 4 to release; there are: 1, 3, 5, 6"):
        release(shop, 4, "gone")
    assert roll_back(shop, "back").version == released(shop).version == 1
