"""Dates and numbers, proven, doubted, or not to be read."""

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from helpers.own_shop.dates import far_away, read_dates
from helpers.own_shop.numbers import read_numbers


def series(*values):
    return pd.Series(values, name="column", dtype="str")


def days(*texts, **options):
    """Read dates; each as "month-day" or None."""
    moments = read_dates(series(*texts), **options).result
    return [None if pd.isna(one) else f"{one:%m-%d}" for one in moments]


MOMENT = pd.Timestamp("2025-03-25 14:22")


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-25 14:22",
        "2025-03-25T14:22:00",
        "2025-03-25 14:22:00.123456",
        "2025-03-25T14:22:00Z",
        "2025-03-25T14:22:00.5+02:00",
        "2025-03-25 14:22:00 UTC",
        "2025/03/25 14:22",
        "25/03/2025 14:22",
        "25.3.2025 14:22",
        "25.03.2025, 14:22",
        "25-03-25 14:22",
        "03/25/2025 2:22 PM",
        "3/25/25 02:22:00 pm",
        "25 Mar 2025 14:22",
        "Mar 25, 2025 2:22 PM",
        "March 25 2025 14:22",
        "25. März 2025 14:22",
        "25 mars 2025 14:22",
        "25-mar-2025 14:22",
        "20250325142200",
        "1742912520",
        "1742912520000",
    ],
)
def test_one_moment_in_many_ways(text):
    assert read_dates(series(text)).result.iloc[0] == MOMENT


@pytest.mark.parametrize(
    "text", ["05.03.2025 14:22 Uhr", "2025年3月5日 14:22", "05/03/2025 14:22 h"]
)
def test_words_behind_the_clock(text):
    moment = read_dates(pd.Series([text]), day_first=True).result[0]
    assert moment == pd.Timestamp("2025-03-05 14:22")


def test_one_day_proves_the_order_of_all():
    assert days("05/03/2025", "25/03/2025") == ["03-05", "03-25"]
    assert days("05/03/2025", "03/25/2025") == ["05-03", "03-25"]


def test_each_shape_is_proven_by_itself():
    # With slashes the month comes first, with dots the day.
    assert days("05/03/2025", "03/25/2025", "05.03.2025") == ["05-03", "03-25", "03-05"]


def test_two_systems_in_one_shape_leave_what_both_could_be():
    reading = read_dates(series("25/03/2025", "03/26/2025", "05/03/2025", "07/07/2025"))
    assert reading.result.dt.strftime("%m-%d").tolist()[:2] == ["03-25", "03-26"]
    assert reading.result.isna().tolist() == [False, False, True, False]
    (doubt,) = reading.doubts
    assert "1 could be either and were left out" in doubt.what


def test_doubt_is_said_and_can_be_settled():
    reading = read_dates(series("05/03/2025", "06/03/2025"))
    (doubt,) = reading.doubts
    assert "read as day first" in str(doubt)
    assert "day_first=False" in str(doubt)
    assert days("05/03/2025", day_first=False) == ["05-03"]
    assert read_dates(series("05/03/2025"), day_first=True).doubts == ()


def test_the_order_of_rows_may_tell():
    # Month first the rows run 12 January, 2 February, 3 February; day first they do not.
    reading = read_dates(series("01/12/2025", "02/02/2025", "02/03/2025"))
    assert reading.result.dt.month.tolist() == [1, 2, 2]
    assert "only then are the rows in chronological order" in reading.doubts[0].what


def test_no_doubt_where_both_readings_are_one():
    assert read_dates(series("03/03/2025", "07/07/2025")).doubts == ()


def test_dots_mean_day_first():
    reading = read_dates(series("05.03.2025", "06.03.2025"))
    assert reading.result.dt.month.tolist() == [3, 3]
    assert reading.doubts == ()


@pytest.mark.parametrize(
    "text", ["soon", "2025-02-30", "0000-00-00", "12345", "=NOW()", "99/99/2025"]
)
def test_what_is_no_date_is_missing(text):
    assert days(text, "2025-03-05") == [None, "03-05"]


@given(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2049-12-31")))
def test_what_is_written_is_read(moment):
    moment = pd.Timestamp(moment).floor("s")
    for way in ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p", "%Y%m%d%H%M%S"):
        assert read_dates(series(moment.strftime(way))).result.iloc[0] == moment


def test_far_away():
    moments = pd.Series(pd.to_datetime(["2025-01-01", "2024-01-01", "9999-12-31", "1970-01-01"]))
    assert far_away(moments).tolist() == [False, False, True, True]


def test_a_million_shapes_are_not_tried_one_by_one():
    values = series(*("x" * n + " 1" for n in range(1, 400)))
    assert read_dates(values).result.isna().all()


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1 234,50", 1234.5),
        ("1\u202f234,50 €", 1234.5),
        ("1'234.50", 1234.5),
        ("1,23,456.00", 123456),  # as in India
        ("1.234.567", 1234567),
        ("$1,234.50", 1234.5),
        ("USD 12.50", 12.5),
        ("12,50 EUR", 12.5),
        ("R$ 12,50", 12.5),
        ("-5.00", -5),
        ("-$5.00", -5),
        ("$-5.00", -5),
        ("(5.00)", -5),
        ("5.00-", -5),
        ("−5", -5),
        ("2 pcs", 2),
        ("15%", 15),
        ("1E+05", 100_000),
        ("0,125", 0.125),
        (".5", 0.5),
    ],
)
def test_one_number_in_many_ways(text, number):
    assert read_numbers(series(text)).result.iloc[0] == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["", "abc", "=1+1", "inf", "nan", "1,2,3", "1.2.3.4", "12 34 x 5", "--5"]
)
def test_what_is_no_number_is_missing(text):
    assert read_numbers(series(text, "7")).result.isna().tolist() == [True, False]


def test_the_column_proves_what_one_value_leaves_open():
    assert read_numbers(series("1.234", "7,50")).result.tolist() == [1234, 7.5]
    assert read_numbers(series("1.234", "7.50")).result.tolist() == [1.234, 7.5]
    assert read_numbers(series("1,234", "7.50")).result.tolist() == [1234, 7.5]


def test_two_styles_leave_what_both_could_be():
    numbers = read_numbers(series("1,234.50", "1.234,50", "1.234"))
    assert numbers.result.fillna(-1).tolist() == [1234.5, 1234.5, -1]
    assert "could be either" in numbers.doubts[0].what


def test_nothing_tells_and_it_is_said():
    numbers = read_numbers(series("1.234", "2.000"))
    assert numbers.result.tolist() == [1234, 2000]
    assert "read as thousands separators" in numbers.doubts[0].what
    assert read_numbers(series("1.234"), decimal=".").result.tolist() == [1.234]
    assert read_numbers(series("1,234"), decimal=",").result.tolist() == [1.234]


def test_units_are_kept():
    units = read_numbers(series("$5", "7,00 €", "8 USD", "2 pcs", "9")).units
    assert units.tolist() == ["$", "€", "$", "pcs", ""]


@given(st.decimals(0, 10**7, places=2))
def test_what_is_written_in_either_style_is_read(value):
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert read_numbers(series(english)).result.iloc[0] == pytest.approx(float(value))
    assert read_numbers(series(german)).result.iloc[0] == pytest.approx(float(value))
