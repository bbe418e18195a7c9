"""The solutions of lesson 03b on small tables of our own, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_03b import (
    MEDIAN_WAIT,
    contract_survival,
    contract_value,
    coverage,
    long_table,
    second_purchase,
    survival_at,
)
from helpers import value
from helpers.data import load_shop


@pytest.fixture(scope="module")
def orders():
    rows = [
        ("B", "2024-05-20 09:00"),
        ("A", "2024-05-04 23:00"),
        ("A", "2024-05-01 10:00"),
        ("A", "2024-05-01 20:00"),
        ("B", "2024-06-03 09:00"),
    ]
    made = pd.DataFrame(rows, columns=["user_id", "ordered_at"])
    return made.assign(ordered_at=pd.to_datetime(made["ordered_at"]))


def test_second_purchase(orders):
    # A: May 1 to 4. B: until May 31 nothing more for 11 days.
    made = second_purchase(orders, pd.Timestamp("2024-05-31"))
    assert made.loc["A"].to_list() == [3, True]
    assert made.loc["B"].to_list() == [11, False]


def test_survival_at():
    # At 1 one of 4, at 2 one of 3, one censored at 2, at 5 the last one: 3/4 · 2/3 = 1/2, then 0.
    waits = np.array([1, 2, 2, 5]), np.array([True, True, False, True])
    assert [survival_at(*waits, t) for t in (0, 1, 4, 5)] == pytest.approx([1, 3 / 4, 1 / 2, 0])


def test_long_table():
    users = pd.DataFrame({"user_id": [7, 8], "periods": [2, 1], "event": [True, False]})
    assert long_table(users).to_numpy().tolist() == [[7, 1, False], [7, 2, True], [8, 1, False]]


def test_contract_survival():
    # α = 2, β = 1: r is 1/3, 2/4, 3/5.
    assert contract_survival(2, 1, 3) == pytest.approx([1, 1 / 3, 1 / 6, 1 / 10])


def test_contract_value():
    # 10 + 10 · 0.6 / 1.5 + 10 · 0.45 / 2.25 = 10 + 4 + 2.
    assert contract_value(np.array([1, 0.6, 0.45]), 10, 0.5) == pytest.approx(16)


def test_coverage():
    # From 1 to 3 of 0 … 4, at 50%: 3 is inside, 0 is not.
    draws = np.array([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
    assert coverage(draws, np.array([3, 0]), 0.5) == 0.5


def with_helper(orders, end):
    return value.time_to_second_purchase(orders, observation_end=end)[["duration", "event"]]


def curve_at(durations, events, t):
    curve = value.kaplan_meier(pd.DataFrame({"duration": durations, "event": events}))
    return curve["survival"].asof(t)


def with_a_loop(users):
    rows = [
        (user, period, event and period == periods)
        for user, periods, event in users.itertuples(index=False)
        for period in range(1, periods + 1)
    ]
    return pd.DataFrame(rows, columns=["user_id", "period", "event"])


def by_recursion(alpha, beta, periods):
    survival = [1.0]
    for t in range(1, periods + 1):
        survival.append(survival[-1] * (beta + t - 1) / (alpha + beta + t - 1))
    return survival


def year_by_year(survival, margin, discount):
    return sum(margin * share / (1 + discount) ** k for k, share in enumerate(survival))


def by_ranks(draws, actual, level):
    rows = zip(draws, actual, strict=True)
    tails = [min((row <= spent).mean(), (row >= spent).mean()) for row, spent in rows]
    return np.mean(np.array(tails) >= (1 - level) / 2 - 1e-12)


def with_a_data_frame(draws, actual, level):
    ends = pd.DataFrame(draws).quantile([(1 - level) / 2, (1 + level) / 2], axis=1).T
    return pd.Series(actual).between(ends.iloc[:, 0], ends.iloc[:, 1]).mean()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("03b-1", with_helper),
        ("03b-1", lambda orders, end: second_purchase(orders, end).iloc[::-1, ::-1]),
        ("03b-1", lambda orders, end: second_purchase(orders, end).reset_index()),
        ("03b-2", curve_at),
        ("03b-3", " C "),
        ("03b-4", with_a_loop),
        ("03b-6", by_recursion),
        ("03b-7", year_by_year),
        ("03b-8", with_a_data_frame),
        ("03b-8", by_ranks),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def one_by_one(durations, events, t):
    """Take events at the same time one after the other, which gives the same product."""
    survival, left = 1.0, len(durations)
    for time, event in sorted(zip(durations, ~events, strict=True)):
        survival *= 1 if event or time > t else 1 - 1 / left
        left -= 1
    return survival


def test_events_at_the_same_time_may_be_taken_one_by_one():
    assert judge(course.find("03b-2"), one_by_one).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    (
        "03b-1",
        lambda orders, end: second_purchase(orders, end).dropna().query("event"),
        "left out",
    ),
    ("03b-1", lambda orders, end: second_purchase(orders, end)["duration"], "give a table"),
    ("03b-2", lambda durations, events, t: 100 * survival_at(durations, events, t), "not right"),
    ("03b-2", lambda durations, events, t: (durations > t).mean(), "event had happened"),
    (
        "03b-1",
        lambda orders, end: second_purchase(orders.query("ordered_at <= @end"), end),
        "last day are missing",
    ),
    ("03b-3", "a", "not a random sample"),
    ("03b-3", 159, "one letter in quotes"),
    ("03b-4", lambda users: long_table(users).drop(columns="period"), "`period` is missing"),
    ("03b-5", "a", "no customer's rate falls"),
    ("03b-6", lambda alpha, beta, periods: contract_survival(alpha, beta, periods)[-1], "give"),
    (
        "03b-7",
        lambda survival, margin, discount: round(contract_value(survival, margin, discount)),
        "rounded",
    ),
    ("03b-8", lambda draws, actual, level: 100 * coverage(draws, actual, level), "not right"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis


def test_the_takeaway_of_the_median_says_what_the_shop_says():
    curve = value.kaplan_meier(value.time_to_second_purchase(load_shop().order_lines))
    median = curve.index[curve["survival"] <= 0.5][0]
    assert f"{median} days" in MEDIAN_WAIT.takeaway
