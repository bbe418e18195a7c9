"""The solutions of lesson 01 on small tables of our own, worked by hand."""

import pandas as pd
import pytest

from helpers.exercises import course
from helpers.exercises.exercise import WRONG, judge
from helpers.exercises.lessons.lesson_01 import (
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


def as_text(dates):
    return dates.dt.strftime("%Y-%m-%d %H:%M:%S")


def shifted(stamps, summer):
    """Take off four hours in what somebody takes for summer, else five."""
    return stamps - pd.to_timedelta(summer.map({True: 4, False: 5}), unit="h")


# Answers that learners gave, without a diagnosis of their own, and what they must hear.
ANSWERS = [
    ("01-1", lambda table: table.duplicated(["order_id", "quantity"]).sum(), "some of the columns"),
    ("01-1", lambda table: table.duplicated(), "Expected is a number."),
    ("01-2", pd.to_datetime, 'doesn\'t match format "%Y-%m-%d %H:%M:%S"'),
    (
        "01-2",
        lambda texts: parse_dates(texts.where(~texts.str.contains("M"))).ffill(),
        "For `'Mar 21 2025 8:00:00 AM'`",
    ),
    ("01-2", lambda texts: as_text(parse_dates(texts)), "texts, such as `'2025-03-05 14:22:01'`"),
    ("01-3", lambda lines: net_quantities(lines).query("quantity > 1"), "2 instead of 4 rows"),
    ("01-3", lambda lines: net_quantities(lines)["quantity"], "Expected is a table."),
    ("01-5", lambda stamps: stamps, "No stamp has moved"),
    ("01-5", lambda stamps: as_text(to_new_york(stamps)), "texts, such as `'2025-01-15 12:00:00'`"),
    # March to October is not when New York has summer time, nor is it all after 9 March.
    ("01-5", lambda s: shifted(s, s.dt.month.between(3, 10)), "For `2025-03-05 12:00:00`"),
    ("01-5", lambda s: shifted(s, s >= "2025-03-09"), "For `2025-11-20 12:00:00`"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_undiagnosed_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
