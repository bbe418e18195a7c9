"""The release gate: what a bad night brings is kept, named, and not served."""

from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import insert, select

from apps.service import tables
from apps.service.database import append
from apps.service.gate import candidate_faults, last_good
from apps.service.releases import release, released, roll_back
from apps.service.scoring import score
from tests.apps.service.job import AS_OF, some_shop
from tests.apps.service.small import MOMENT, fill

BEFORE = "2025-12-29"  # the evening before AS_OF with an order


@pytest.fixture(scope="module")
def shop():
    return some_shop(150)


@pytest.fixture
def served(database, shop):
    """A database that serves version 1, of the evening before."""
    assert score(database, shop, BEFORE).released
    return database


def lines_of(shop, **changes):
    return replace(shop, order_lines=shop.order_lines.assign(**changes))


def some_rows(shop, share):
    return replace(shop, order_lines=shop.order_lines.sample(frac=share, random_state=0))


def in_cents(shop, since="2023"):
    lines = shop.order_lines
    return lines_of(
        shop,
        unit_price=lines["unit_price"].where(
            lines["ordered_at"] < since, 100 * lines["unit_price"]
        ),
    )


def until(shop, day):
    lines = shop.order_lines
    return replace(
        shop, order_lines=lines[lines["ordered_at"] < pd.Timestamp(day) + pd.Timedelta("1D")]
    )


def refused(database, version):
    with database.connect() as connection:
        of_version = tables.versions.c.version == version
        return connection.scalar(select(tables.versions.c.refused).where(of_version))


# ---------------------------------------------------------------- the batch


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda shop: some_rows(shop, 1 / 2), ["history: lines up to 2025-12-29 were", "revenue"]),
        (lambda shop: some_rows(shop, 1 / 3), ["history: lines", "coverage: "]),
        (lambda shop: lines_of(shop, discount=0.0), ["history: discounted lines up to 2025-12-29"]),
        (in_cents, ["price list: the median unit price is 100 times", "history: revenue"]),
        (lambda shop: in_cents(shop, "2025-12-30"), ["price list: the median unit price is 100"]),
        (lambda shop: until(shop, BEFORE), ["freshness: no orders from 2025-12-30 on"]),
    ],
    ids=[
        "half the rows",
        "a third of the rows",
        "no discounts",
        "cents",
        "cents today",
        "yesterday's file",
    ],
)
def test_a_broken_export_is_kept_named_and_not_served(served, shop, spoil, named):
    run = score(served, spoil(shop), AS_OF, release=True)
    assert run[:3] == (2, True, False)
    assert all(fault in run.refused for fault in named)
    assert refused(served, 2) == run.refused
    assert released(served).version == 1
    with served.connect() as connection:
        assert last_good(connection, pd.Timestamp(AS_OF), 3).version == 1
    again = score(served, spoil(shop), AS_OF, release=True)
    assert again == (2, False, False, run.refused)
    assert score(served, shop, AS_OF, release=True) == (3, True, True, "")  # the right file


def test_yesterdays_file_without_a_day_is_the_version_that_is_there(served, shop):
    assert score(served, until(shop, BEFORE), release=True) == (1, False, False, "")


def test_a_first_export_that_is_broken_is_not_served_either(database, shop):
    run = score(database, in_cents(shop), AS_OF)
    assert run[:3] == (1, True, False)
    assert "price list" in run.refused
    assert released(database) is None
    release(database, 1, "they are yen")
    assert released(database).version == 1


def test_what_a_person_released_is_what_the_next_night_is_compared_with(served, shop):
    half = some_rows(shop, 1 / 2)
    assert not score(served, until(half, "2025-12-30"), "2025-12-29", release=True).released
    release(served, 2, "the old orders were deleted on purpose")
    run = score(
        served, until(half, "2025-12-31"), half.order_lines["ordered_at"].max().date(), release=True
    )
    assert "history" not in run.refused


# ---------------------------------------------------------------- rollbacks and exploration


def test_a_rollback_holds_and_an_exploration_stays(served, shop):
    assert score(served, shop, AS_OF, release=True).released
    release(served, 2, "no random lists", exploration=0)
    roll_back(served, "to random lists")
    roll_back(served, "empty names")
    assert released(served).version == 1
    assert score(served, shop, AS_OF, release=True) == (2, False, False, "it was rolled back")
    release(served, 1, "fewer random lists", exploration=0.03)
    fewer = replace(shop, order_lines=shop.order_lines.drop(index=shop.order_lines.index[3]))
    assert score(served, fewer, AS_OF, release=True).released
    assert released(served).exploration == 0.03


def test_an_earlier_evening_does_not_replace_a_later_one(database, shop):
    score(database, shop, AS_OF)
    run = score(database, shop, BEFORE, release=True)
    assert run == (2, True, False, "it is of 2025-12-29, and the version of 2025-12-31 is served")


# ---------------------------------------------------------------- the candidate


USERS = [f"U{n}" for n in range(200)]
PROFIT = {"estimate": -100.0, "low": -300.0, "high": 100.0}
MEASURED = {"profit": PROFIT, "lists": {}}


@pytest.fixture
def results():
    """Scores of 200 users, and lists of two items."""
    scores = pd.DataFrame({"user_id": USERS, "action": ["coupon", "nothing"] * 100, "reason": ""})
    for name in ("churn_risk", "lifetime_value", "uplift"):
        scores[name] = pd.Series(range(200)) / 200
    lists = pd.DataFrame({"user_id": USERS * 2, "item_id": ["I0001"] * 200 + ["I0002"] * 200})
    return scores, lists.assign(position=[1] * 200 + [2] * 200, score=1.0)


@pytest.fixture
def faults(database, results):
    """What is wrong with a candidate, version 4, by the side of these results, which are served."""
    fill(database)

    def store(connection, version, scores, lists, measured):
        row = {"version": version, "fingerprint": f"{version}", "measured": measured}
        row |= {"as_of": MOMENT.date(), "made_at": MOMENT, "git_commit": "c", "data_hash": "d"}
        connection.execute(insert(tables.versions), [row | {"parameters": {}, "row_counts": {}}])
        append(connection, tables.scores, scores.assign(version=version))
        append(connection, tables.recommendations, lists.assign(version=version))

    def found(scores, lists, measured=MEASURED, served=None):
        with database.connect() as connection:  # and nothing is committed
            users = pd.DataFrame({"user_id": USERS, "signed_up_at": MOMENT})
            append(connection, tables.users, users)
            store(connection, 3, *(served or (*results, MEASURED)))
            store(connection, 4, scores, lists, measured)
            return candidate_faults(connection, 3, 4, measured)

    return found


def test_the_same_again_has_no_fault(faults, results):
    scores, lists = results
    assert faults(scores, lists) == []
    nothing = scores.assign(uplift=None), lists, {"lists": {}}  # no coupon was tested
    assert faults(*nothing, served=nothing) == []


def test_each_fault_is_named(faults, results):
    scores, lists = results
    gain = {"estimate": -0.3, "low": -0.5, "high": -0.1}
    for changed, fault in [
        (
            (scores, lists[lists["user_id"].isin(USERS[20:])]),
            "coverage: 20 of 200 users would lose their list",
        ),
        (
            (scores, lists.assign(position=3 - lists["position"])),
            "lists: 100% of the places would hold another item",
        ),
        ((scores.assign(action="coupon"), lists), "action: its distribution would move"),
        (
            (scores.assign(lifetime_value=100 * scores["lifetime_value"]), lists),
            "lifetime_value",
        ),
        ((scores, lists, {"lists": {}, "profit": {"high": -101.0}}), "coupons: "),
        ((scores, lists, {"lists": {}}), "coupons: "),
        ((scores, lists, MEASURED | {"lists": {"difference": gain}}), "clicks: -0.300 a list"),
    ]:
        (found,) = faults(*changed)
        assert found.startswith(fault)


def test_a_candidate_without_any_list_has_lost_all(faults, results):
    scores, lists = results
    assert faults(scores, lists.head(0)) == ["coverage: 200 of 200 users would lose their list"]
