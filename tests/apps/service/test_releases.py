"""Releases and rollbacks."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from apps.service.releases import release, released, roll_back
from apps.service.tables import versions


@pytest.fixture
def three(database):
    """A database with versions 1, 2 and 3."""
    row = {"as_of": date(2025, 12, 31), "made_at": datetime.now(UTC), "git_commit": "unknown"}
    row |= {"data_hash": "0", "parameters": {}, "row_counts": {}, "measured": {}}
    rows = [row | {"version": number, "fingerprint": str(number)} for number in (1, 2, 3)]
    with database.begin() as connection:
        connection.execute(insert(versions), rows)
    return database


def test_nothing_is_served_before_the_first_release(three):
    assert released(three) is None


def test_the_last_release_holds(three):
    release(three, 1, "the first")
    last = release(three, 3, "better lists", exploration=0.2)
    assert released(three) == last
    assert (last.version, last.exploration, last.reason) == (3, 0.2, "better lists")
    assert last.released_at.tzinfo is UTC


def test_an_exploration_stays_until_another_is_set(three):
    assert release(three, 1, "the first").exploration == 0.1
    assert release(three, 2, "no random lists", exploration=0).exploration == 0
    assert release(three, 3, "better lists").exploration == 0


def test_each_rollback_goes_back_by_one_release(three):
    release(three, 1, "the first", exploration=0.3)
    release(three, 2, "the second")
    release(three, 3, "the third")
    assert roll_back(three, "clicks fell").version == 2
    again = roll_back(three, "they fell before")
    assert (again.version, again.exploration) == (1, 0.3)
    with pytest.raises(ValueError, match="no earlier release"):
        roll_back(three, "and before that?")
    assert released(three) == again


def test_a_release_after_a_rollback_counts_from_there(three):
    release(three, 1, "the first")
    release(three, 2, "the second")
    roll_back(three, "clicks fell")  # to 1
    release(three, 3, "the third")
    assert roll_back(three, "clicks fell again").version == 1


def test_a_version_that_was_released_twice(three):
    for version in (1, 2, 1):
        release(three, version, "as planned")
    assert roll_back(three, "not as planned").version == 2


@pytest.mark.parametrize("exploration", [-0.1, 1.1, float("nan")])
def test_exploration_is_a_share(three, exploration):
    with pytest.raises(ValueError, match="exploration is a share"):
        release(three, 1, "wrong", exploration=exploration)
    assert released(three) is None


def test_only_a_version_that_is_there(three):
    with pytest.raises(ValueError, match="no version 4 to release; there are: 1, 2, 3"):
        release(three, 4, "too early")
