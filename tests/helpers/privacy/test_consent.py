"""Consent for a purpose, and the end of a retention period, day by day."""

import pandas as pd
import pytest

from helpers.privacy import expired, may_use


def asked(*rows):
    table = pd.DataFrame(rows, columns=["user_id", "purpose", "given_on", "withdrawn_on"])
    days = {name: pd.to_datetime(table[name]) for name in ("given_on", "withdrawn_on")}
    return table.assign(**days)


CONSENTS = asked(
    ("Ana", "email", "2025-01-10", None),
    ("Ana", "recommendations", "2025-01-10", "2025-01-20"),
    ("Ben", "email", "2025-01-10", "2025-02-10"),
    ("Ben", "email", "2025-03-01", None),
)


@pytest.mark.parametrize(
    ("purpose", "day", "users"),
    [
        ("email", "2025-01-09", []),
        ("email", "2025-01-10", ["Ana", "Ben"]),
        ("email", "2025-02-09", ["Ana", "Ben"]),
        ("email", "2025-02-10", ["Ana"]),  # withdrawn
        ("email", "2025-03-01", ["Ana", "Ben"]),  # given again
        ("recommendations", "2025-01-19", ["Ana"]),
        ("recommendations", "2025-01-20", []),
    ],
)
def test_who_allows_it_on_which_day(purpose, day, users):
    assert may_use(CONSENTS, purpose, day).tolist() == users


def test_a_purpose_that_nobody_was_asked_about():
    with pytest.raises(ValueError, match='"scoring", only about: email, recommendations'):
        may_use(CONSENTS, "scoring", "2025-01-10")


def test_withdrawn_before_it_was_given():
    with pytest.raises(ValueError, match=r"withdrawn_on.*is before given_on"):
        may_use(asked(("Ana", "email", "2025-02-01", "2025-01-01")), "email", "2025-02-01")


def test_the_last_day_still_counts():
    # 30 days after January 1 is January 31: on that day the row may stay, on February 1 it may not.
    events = pd.DataFrame({"at": pd.to_datetime(["2025-01-01 00:00", "2025-01-01 23:59"])})
    assert expired(events, "at", 30, "2025-01-31").tolist() == [False, False]
    assert expired(events, "at", 30, "2025-02-01").tolist() == [True, True]
