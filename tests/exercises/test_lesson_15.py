"""The solutions of lesson 15 on small exports of our own, worked by hand."""

import pandas as pd
import pytest

from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, WRONG, judge
from helpers.exercises.lessons.lesson_15 import (
    foreign_revenue,
    holdout_revenue,
    left_out,
    order_of_dates,
    revenue_from_totals,
)
from helpers.own_shop.dates import read_dates
from helpers.own_shop.numbers import read_numbers


def series(*texts):
    return pd.Series(texts, dtype="str")


def test_foreign_revenue():
    # 4 × 2.25 = 9; 1 × 10,000; -2 × 2.25 = -4.50.
    table = pd.DataFrame(
        {"Menge": ["4", "1", "-2"], "Einzelpreis": ["2,25 €", "10.000,00 €", "2,25 €"]}, dtype="str"
    )
    assert foreign_revenue(table) == pytest.approx(10_004.50)
    prices = read_numbers(table["Einzelpreis"]).result
    assert (table["Menge"].astype(int) * prices).sum() == pytest.approx(10_004.50)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("01/02/2024", "13/02/2024"), "day first"),
        (("01/02/2024", "02/13/2024"), "month first"),
        (("12/12/2024", "01/02/2024"), "unknown"),
        (("31/01/2024", "01/31/2024"), "both"),
    ],
)
def test_order_of_dates(texts, order):
    assert order_of_dates(series(*texts)) == order
    reading = read_dates(series(*texts))
    if order == "unknown":
        assert "nothing proves it" in reading.doubts[0].what
    elif order != "both":
        assert reading.how == order


def test_left_out():
    # 3 × 2 = 6 stays; 1 × 24 goes: one of two rows, and 24 of 30.
    rows = pd.DataFrame({"quantity": [3, 1], "unit_price": [2.0, 24.0], "kept": [True, False]})
    assert left_out(rows) == (0.5, 0.8)


def test_holdout_revenue_is_of_known_customers_after_the_cut():
    # User 1 is known and brings 7 later; user 2 comes later.
    orders = pd.DataFrame(
        {
            "user_id": [1, 2, 1, 1],
            "ordered_at": pd.to_datetime(["2025-06-01", "2025-06-03", "2025-06-04", "2025-06-02"]),
            "value": [9.0, 4.0, 7.0, 1.0],
        }
    )
    assert holdout_revenue(orders, pd.Timestamp("2025-06-02")) == 7


def test_revenue_from_totals():
    lines = pd.DataFrame({"order_id": ["x", "y", "x"], "item_id": [1, 1, 2], "total": [8, 8, 8]})
    assert revenue_from_totals(lines) == 16


def parsed_in(dates, order):
    """Whether pandas can read all dates in one order."""
    try:
        pd.to_datetime(dates, format=order)
    except ValueError:
        return False
    return True


def by_trying(texts):
    day, month = parsed_in(texts, "%d/%m/%Y"), parsed_in(texts, "%m/%d/%Y")
    if day == month:
        return "unknown" if day else "both"
    return "day first" if day else "month first"


def by_row(table):
    total = 0
    for units, price in zip(table["Menge"], table["Einzelpreis"], strict=True):
        total += int(units) * float(price[:-2].replace(".", "").replace(",", "."))
    return total


DAY = pd.Timedelta(days=1)


def cut_cents(table):
    return table["Einzelpreis"].str.replace(r",\d\d", "", regex=True)


def by_second_number(texts):
    return "month first" if texts.str.split("/").str[1].astype(int).max() > 12 else "day first"


def by_all_rows(texts):
    first, second = (texts.str.split("/").str[place].astype(int).min() > 12 for place in (0, 1))
    return "day first" if first else "month first" if second else "unknown"


def ratio_of_revenue(rows, of):
    revenue = rows["quantity"] * rows["unit_price"]
    return 1 - rows["kept"].mean(), revenue[~rows["kept"]].sum() / revenue[of].sum()


def merged(orders, cut):
    known = orders[orders["ordered_at"] <= cut]
    later = orders[orders["ordered_at"] > cut]
    return later.merge(known, on="user_id")["value_x"].sum()


def per_order(lines):
    return lines["total"].sum() / lines.groupby("order_id").size().mean()


# Other ways that learners found, all right.
ALSO_RIGHT = [
    ("15-1", by_row),
    ("15-1", lambda table: round(foreign_revenue(table), 2)),
    ("15-2", by_trying),
    ("15-4", lambda rows: list(left_out(rows))),
    ("15-4", lambda rows: pd.Series(left_out(rows), index=["rows", "revenue"])),
    ("15-7", lambda lines: lines.groupby("order_id")["total"].max().sum()),
    ("15-7", lambda lines: lines[["order_id", "total"]].drop_duplicates()["total"].sum()),
]


@pytest.mark.parametrize(("id", "answer"), ALSO_RIGHT)
def test_another_way_is_right(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners gave, and what they must hear.
ANSWERS = [
    ("15-1", lambda table: 100 * foreign_revenue(table), "a hundred times"),
    ("15-1", lambda table: table["revenue"].sum(), "`Menge`, `Einzelpreis`"),
    ("15-1", lambda table: round(foreign_revenue(table)), "is something rounded"),
    ("15-2", lambda texts: by_trying(texts).upper(), "DAY FIRST"),
    ("15-2", lambda texts: by_trying(texts).replace("both", "unknown"), "contradict"),
    ("15-1", lambda table: by_row(table.assign(Einzelpreis=cut_cents(table))), "the cents"),
    ("15-2", lambda texts: by_trying(texts).replace("unknown", "day first"), "guessed the day"),
    ("15-2", lambda texts: by_trying(texts).replace("unknown", "month first"), "guessed the month"),
    ("15-2", by_second_number, "is no proof of day first"),
    ("15-2", lambda texts: by_trying(texts.tail(1)), "last row only"),
    ("15-2", by_all_rows, "in all rows"),
    ("15-4", lambda rows: left_out(rows)[0], "several values"),
    ("15-4", lambda rows: ratio_of_revenue(rows, rows["kept"]), "by that of the kept rows"),
    ("15-4", lambda rows: (round(left_out(rows)[0], 2), left_out(rows)[1]), "is something rounded"),
    ("15-5", lambda orders, cut: holdout_revenue(orders, cut - DAY), "in the evening"),
    (
        "15-5",
        lambda orders, cut: orders[orders["ordered_at"] >= cut]["value"].sum(),
        "all customers",
    ),
    ("15-5", merged, "once for each earlier order"),
    ("15-5", lambda orders, cut: -holdout_revenue(orders, cut), "not right"),
    ("15-5", lambda orders, cut: round(holdout_revenue(orders, cut)), "not right"),
    ("15-7", lambda lines: lines.drop_duplicates()["total"].sum(), "as often as it has lines"),
    ("15-7", per_order, "same number of lines"),
    ("15-7", lambda lines: lines.drop_duplicates("total")["total"].sum(), "same total"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
