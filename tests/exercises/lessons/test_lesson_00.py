"""What wrong answers to lesson 00 hear."""

import pytest

from exercises.engine import course
from exercises.engine.exercise import WRONG, judge
from exercises.lesson_00 import average_order_value, net_revenue, repeat_rate


def by_user(lines):
    return lines.groupby("user_id")["order_id"].nunique()


# Answers that learners gave, without a diagnosis of their own, and what they must hear.
ANSWERS = [
    ("00-1", lambda lines: int(net_revenue(lines)), "is something rounded"),
    ("00-1", lambda lines: round(net_revenue(lines)), "is something rounded"),
    ("00-1", lambda lines: round(net_revenue(lines), 2), "is something rounded"),
    ("00-1", lambda lines: lines["revenue"].sum(), "`lines` has the columns `order_id`, `user_id`"),
    ("00-1", lambda lines: str(net_revenue(lines)), "It should give a number."),
    ("00-2", lambda lines: lines.revenue.mean(), "`unit_price`, `discount`."),
    ("00-2", lambda lines: round(average_order_value(lines), 2), "is something rounded"),
    ("00-3", lambda users, lines: (by_user(lines) > by_user(lines).mean()).mean(), "not right"),
    ("00-3", lambda users, lines: 0.5, "not right"),
    ("00-3", lambda users, lines: round(repeat_rate(users, lines), 2), "is something rounded"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_undiagnosed_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
