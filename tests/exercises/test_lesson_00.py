"""The solutions of lesson 00 on a table of our own, worked by hand."""

import pandas as pd
import pytest

from helpers.exercises.lesson_00 import average_order_value, net_revenue, repeat_rate

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
