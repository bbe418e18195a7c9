"""The solutions of lesson 15 on small exports of our own, worked by hand."""

import pandas as pd
import pytest

from helpers.exercises.lessons.lesson_15 import foreign_revenue, order_of_dates
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
        assert "nothing tells" in reading.doubts[0].what
    elif order != "both":
        assert reading.how == order
