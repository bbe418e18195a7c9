"""Answers to lesson 03b that learners give: right ones by another way; what wrong ones hear."""

import numpy as np
import pandas as pd

from exercises.engine import course
from exercises.engine.exercise import RIGHT, judge
from exercises.lesson_03b import (
    MEDIAN_WAIT,
    second_purchase,
    survival_at,
)
from helpers import value
from helpers.data import load_shop
from tests.exercises.lessons.answers import are_right


def test_survival_before_the_first_event_and_after_the_last():
    waits = np.array([1, 2, 2, 5]), np.array([True, True, False, True])
    assert [survival_at(*waits, t) for t in (0, 5)] == [1, 0]


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


def with_a_data_frame(draws, actual, level):
    ends = pd.DataFrame(draws).quantile([(1 - level) / 2, (1 + level) / 2], axis=1).T
    return pd.Series(actual).between(ends.iloc[:, 0], ends.iloc[:, 1]).mean()


test_another_way_is_right_too = are_right(
    ("03b-1", with_helper),
    ("03b-1", lambda orders, end: second_purchase(orders, end).iloc[::-1, ::-1]),
    ("03b-2", curve_at),
    ("03b-4", with_a_loop),
    ("03b-6", by_recursion),
    ("03b-8", with_a_data_frame),
)


def one_by_one(durations, events, t):
    """Take events at the same time one after the other, which gives the same product."""
    survival, left = 1.0, len(durations)
    for time, event in sorted(zip(durations, ~events, strict=True)):
        survival *= 1 if event or time > t else 1 - 1 / left
        left -= 1
    return survival


def test_events_at_the_same_time_may_be_taken_one_by_one():
    assert judge(course.find("03b-2"), one_by_one).mark == RIGHT


def test_the_takeaway_of_the_median_says_what_the_shop_says():
    curve = value.kaplan_meier(value.time_to_second_purchase(load_shop().order_lines))
    median = curve.index[curve["survival"] <= 0.5][0]
    assert f"{median} days" in MEDIAN_WAIT.takeaway
