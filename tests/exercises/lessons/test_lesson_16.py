"""Answers to lesson 16 that learners give: right ones by another way, and what wrong ones hear."""

import bisect
import itertools
import sqlite3

import numpy as np
import pandas as pd
import pytest

from apps.service import RateLimit
from exercises.lesson_16 import (
    answers,
    as_of,
    passes,
    propensity,
    refused,
)
from tests.exercises.lessons.answers import are_right, are_told


def refused_by_sqlite(lines, items):
    """Let a database decide."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("CREATE TABLE items (item_id PRIMARY KEY)")
    database.executemany("INSERT INTO items VALUES (?)", [(item,) for item in items])
    database.execute(
        "CREATE TABLE lines (order_id, item_id REFERENCES items, quantity CHECK (quantity >= 1), "
        "PRIMARY KEY (order_id, item_id))"
    )
    found = []
    for row in lines.itertuples(index=False):
        try:
            database.execute("INSERT INTO lines VALUES (?, ?, ?)", tuple(row))
            found.append(False)
        except sqlite3.IntegrityError:
            found.append(True)
    database.close()
    return pd.Series(found)


def as_of_by_a_join(history, day):
    """Join each user with the last change before the next day begins."""
    users = pd.DataFrame({"user_id": sorted(history["user_id"].unique())})
    end = day + pd.Timedelta(days=1)
    users["end"] = end
    changes = history.sort_values("changed_at")
    keys = {"left_on": "end", "right_on": "changed_at", "by": "user_id"}
    joined = pd.merge_asof(users, changes, **keys, allow_exact_matches=False)
    return joined.dropna().set_index("user_id")["points"]


def answers_by_searching(deliveries):
    said = []
    for number, (event_id, content) in enumerate(deliveries):
        before = [other for id, other in deliveries[:number] if id == event_id]
        said.append("repeat" if before[:1] == [content] else "conflict" if before else "new")
    return said


def response_time_by_bisection(q, arrivals, service):
    """Search the time within which a share q is answered."""
    times = np.linspace(0, 2, 200_001)
    answered = 1 - np.exp(-(1 / service - arrivals) * times)
    place = bisect.bisect(answered, q)
    return np.interp(q, answered[place - 1 : place + 1], times[place - 1 : place + 1])


def propensity_by_counting(position, rank, n, epsilon):
    """Count the orders of the first n items in which this one stands there."""
    n_orders = [order[position - 1] == rank for order in itertools.permutations(range(1, n + 1))]
    return epsilon * np.mean(n_orders) + (1 - epsilon) * float(position == rank)


def passes_by_the_helper(times, rate, burst):
    clock = iter(times)
    limit = RateLimit(rate, burst, clock=lambda: next(clock))
    return [limit.wait("website") == 0 for _ in times]


test_another_way_is_right_too = are_right(
    ("16-1", refused_by_sqlite),
    ("16-2", as_of_by_a_join),
    ("16-4", answers_by_searching),
    ("16-6", response_time_by_bisection),
    ("16-8", passes_by_the_helper),
)


@pytest.mark.parametrize(("position", "rank"), list(itertools.product([1, 2, 5], repeat=2)))
def test_propensity_by_counting(position, rank):
    counted = propensity_by_counting(position, rank, 5, 0.3)
    assert propensity(position, rank, 5, 0.3) == pytest.approx(counted)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("16-1", lambda lines, items: lines[refused(lines, items)], "a table"),
    ("16-1", lambda lines, items: lines["quantity"] < 1, "quantity below 1"),
    ("16-2", lambda history, day: as_of(history, day - pd.Timedelta(days=1)), "morning"),
    ("16-2", lambda history, day: history.groupby("user_id")["points"].mean(), "3 instead of 2"),
    ("16-4", lambda deliveries: len(deliveries), "a number"),
    ("16-4", lambda deliveries: ["old" for _ in deliveries], "('e1', 'tea')"),
    ("16-4", lambda deliveries: answers(deliveries)[::-1], "order"),
    ("16-7", lambda position, rank, n, epsilon: 1 - epsilon, "0.91"),
    ("16-7", lambda position, rank, n, epsilon: float(position == rank), "not right"),
    ("16-8", lambda times, rate, burst: passes(times, 2 * rate, burst), "value 4"),
    ("16-8", lambda times, rate, burst: passes(times, rate, burst - 1), "value 2"),
)
