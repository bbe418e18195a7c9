"""The solutions of lesson 00 on a table of our own, worked by hand."""

import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import WRONG, judge
from exercises.lesson_00 import average_order_value, net_revenue, repeat_rate

# 3 × 20 × 0.75 = 45 and 1 × 8 = 8 in order A; 2 × 50 × 0.9 = 90 in B; 1 × 7 = 7 in C: 150 in all.
LINES = pd.DataFrame(
    {
        "order_id": ["A", "A", "B", "C"],
        "user_id": [1, 1, 2, 1],
        "quantity": [3, 1, 2, 1],
        "unit_price": [20.0, 8.0, 50.0, 7.0],
        "discount": [0.25, 0.0, 0.1, 0.0],
    }
)


def test_net_revenue():
    assert net_revenue(LINES) == pytest.approx(150)


def test_average_order_value_is_per_order():
    assert average_order_value(LINES) == pytest.approx(150 / 3)


def test_repeat_rate_is_of_buyers():
    # Of three users two bought, and user 1 bought twice.
    assert repeat_rate(pd.DataFrame({"user_id": [1, 2, 3]}), LINES) == 1 / 2


def test_repeat_rate_is_of_the_users_asked_about():
    # User 1, who bought twice, is not among them; user 2 bought once.
    assert repeat_rate(pd.DataFrame({"user_id": [2, 3]}), LINES) == 0


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
    ("00-3", lambda users, lines: 1 - repeat_rate(users, lines), "exactly one order"),
    ("00-3", lambda users, lines: (by_user(lines) > by_user(lines).mean()).mean(), "not right"),
    ("00-3", lambda users, lines: 0.5, "not right"),
    ("00-3", lambda users, lines: round(repeat_rate(users, lines), 2), "is something rounded"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_undiagnosed_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
