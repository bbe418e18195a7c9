"""The solutions of lesson 02 on small tables of our own, worked by hand."""

import pandas as pd
import pytest

from helpers.exercises.lessons.lesson_02 import (
    cart_to_purchase,
    conversion_per_user,
    interests,
    interval,
    month_after,
    returning_share,
    what_moved_revenue,
)


def table(columns, *rows):
    made = pd.DataFrame(rows, columns=columns.split())
    if "ordered_at" in made:
        made["ordered_at"] = pd.to_datetime(made["ordered_at"])
    return made


def test_cart_to_purchase():
    # A: cart at 1, bought at 3. B: bought at 1, cart at 2. C: cart only. D: bought only. So 1 of 3.
    log = table(
        "session_id event occurred_at",
        *[("A", "cart", 1), ("A", "cart", 4), ("A", "purchase", 3), ("B", "purchase", 1)],
        *[("B", "cart", 2), ("C", "cart", 1), ("D", "purchase", 2)],
    )
    assert cart_to_purchase(log) == pytest.approx(1 / 3)


def test_conversion_per_user():
    # Ana bought in two sessions, Ben and Eli in none, a guest looked around: 1 of 3.
    events = table(
        "session_id user_id event",
        *[(1, "Ana", "purchase"), (2, "Ana", "purchase"), (3, "Ben", "view"), (4, "Eli", "view")],
        (5, None, "view"),
    )
    assert conversion_per_user(events) == pytest.approx(1 / 3)


def test_interval():
    # Newcombe (1998a) gives Wilson's interval for 81 of 263: 0.2553 to 0.3662. Every user is in
    # the table twice.
    users = pd.DataFrame({"user_id": range(263), "bought": [True] * 81 + [False] * 182})
    visits = pd.concat([users, users.assign(bought=False)])
    assert interval(visits) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_month_after():
    # Ana and Ben begin in May, Eli in June; June is the last complete month. Ben is back in June,
    # twice; Eli in July, which is too early to tell. So 1 of 2.
    orders = table(
        "user_id ordered_at",
        *[("Ana", "2025-05-01"), ("Ben", "2025-05-31"), ("Ben", "2025-06-01")],
        *[("Ben", "2025-06-30"), ("Eli", "2025-06-10"), ("Eli", "2025-07-01")],
    )
    assert month_after(orders, pd.Period("2025-06", "M")) == 1 / 2


def test_interests():
    # Half-life 10: ages 0, 10, 20 weigh 1, 1/2, 1/4. Tea 1 + 1/4, Toys 1/2: 5/7 and 2/7.
    events = table("category age", ("Tea", 0), ("Toys", 10), ("Tea", 20))
    assert interests(events, 10).to_dict() == pytest.approx({"Tea": 5 / 7, "Toys": 2 / 7})


def test_returning_share():
    # June's buyers: Ana, known since May; Ben, twice in June; Eli, who comes again in July: 1 of 3.
    lines = table(
        "order_id ordered_at user_id",
        *[(1, "2025-05-03", "Ana"), (2, "2025-06-01", "Ana"), (3, "2025-06-02", "Ben")],
        *[(4, "2025-06-30", "Ben"), (5, "2025-06-09", "Eli"), (6, "2025-07-09", "Eli")],
    )
    assert returning_share(lines, pd.Period("2025-06", "M")) == pytest.approx(1 / 3)


def test_what_moved_revenue():
    # In A only users change, 10 to 20 at 5 dollars: +50 from users. In B only ARPU does, 4 to 3
    # dollars of 30 users: -30 from ARPU.
    before = pd.DataFrame({"users": [10, 30], "arpu": [5.0, 4.0]}, index=["A", "B"])
    after = pd.DataFrame({"users": [20, 30], "arpu": [5.0, 3.0]}, index=["A", "B"])
    moved = what_moved_revenue(before, after)
    assert moved.to_dict() == pytest.approx({"users": 50, "arpu": -30})
