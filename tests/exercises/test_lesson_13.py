"""The solutions of lesson 13 on small cases of our own, worked by hand, and found otherwise."""

import numpy as np
import pytest
from scipy import stats

from helpers import forecast
from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, judge
from helpers.exercises.lessons.lesson_13 import best_stock, scaled_error, sold_out_week


def test_scaled_error():
    # Season 2: |6 - 2|, |3 - 4|, |5 - 6|, mean 2. Errors 1 and 3, mean 2: 1.
    history = np.array([2.0, 4, 6, 3, 5])
    actual, said = np.array([5.0, 3]), np.array([4.0, 6])
    assert scaled_error(actual, said, history, 2) == 1
    assert forecast.mase(actual, said, history, 2) == 1


def test_best_stock():
    # Three quarters of 1 2 4 9 are at most 4; a tenth of them is met by 1.
    demand = np.array([4, 1, 9, 2])
    assert best_stock(demand, 3, 1) == 4
    assert best_stock(demand, 1, 9) == 1
    stocks = np.arange(13)
    cost = [forecast.stock_cost(demand, stock, 3, 1).sum() for stock in stocks]
    assert cost[4] == min(cost)


def test_sold_out_week():
    # Mean ln 2: P(D ≥ 1) = 1/2, so E[D | D ≥ 1] = ln 2 / (1/2).
    assert sold_out_week(1, np.log(2)) == pytest.approx(2 * np.log(2))
    k = np.arange(8, 200)
    weights = stats.poisson(12).pmf(k)
    assert sold_out_week(8, 12.0) == pytest.approx(k @ weights / weights.sum())


def summed(sold, mean):
    k = np.arange(sold, sold + 200)
    weights = stats.poisson(mean).pmf(k)
    return k @ weights / weights.sum()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("13-1", lambda a, f, h, m: forecast.mase(a, f, h, m)),
        ("13-2", lambda d, u, o: sorted(d)[int(np.ceil(len(d) * u / (u + o))) - 1]),
        ("13-3", summed),
    ],
)
def test_other_ways_are_right_as_well(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT
