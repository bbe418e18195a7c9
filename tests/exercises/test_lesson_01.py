"""The solutions of lesson 01 on small tables of our own, worked by hand."""

import pandas as pd

from helpers.exercises.lesson_01 import (
    count_duplicates,
    net_quantities,
    parse_dates,
    parse_money,
    to_new_york,
)


def test_count_duplicates():
    # "a 1" twice, "b 1" once, "a 2" three times: 1 + 0 + 2 rows too many.
    table = pd.DataFrame({"name": list("aabaaa"), "number": [1, 1, 1, 2, 2, 2]})
    assert count_duplicates(table) == 3


def test_parse_dates():
    texts = pd.Series(["2024-02-10 09:00:00", "10/02/2024 09:00:00", "Feb 10 2024 9:00:00 AM"])
    assert parse_dates(texts).tolist() == [pd.Timestamp(2024, 2, 10, 9)] * 3


def test_net_quantities():
    # A: 4 - 1 = 3 of x and 2 - 2 = 0 of y. B was canceled whole.
    lines = pd.DataFrame(
        {
            "order_id": ["A", "A", "RA", "RA", "B", "CB"],
            "item_id": ["x", "y", "x", "y", "x", "x"],
            "quantity": [4, 2, -1, -2, 9, -9],
        }
    )
    assert net_quantities(lines).to_numpy().tolist() == [["A", "x", 3]]


def test_parse_money():
    texts = pd.Series(["$1,234,567.89", "0.99 USD", "5"])
    assert parse_money(texts).tolist() == [1234567.89, 0.99, 5.0]


def test_to_new_york():
    # In 2024 summer time began on 10 March and ended on 3 November.
    utc = pd.Series(pd.to_datetime(["2024-02-01 12:00", "2024-06-01 12:00", "2024-06-01 02:00"]))
    local = pd.to_datetime(["2024-02-01 07:00", "2024-06-01 08:00", "2024-05-31 22:00"])
    assert to_new_york(utc).tolist() == local.tolist()
