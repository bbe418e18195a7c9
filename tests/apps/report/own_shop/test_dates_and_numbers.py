"""Dates and numbers, proven, doubted, or not to be read."""

import math
from datetime import UTC

import hypothesis.strategies as st
import pandas as pd
import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from hypothesis import example, given

from apps.report.own_shop.dates import join_dates, read_dates
from apps.report.own_shop.numbers import read_numbers


def series(*values):
    return pd.Series(values, name="column", dtype="str")


def days(*texts, **options):
    """Read dates; each as "month-day" or None."""
    moments = read_dates(series(*texts), **options).result
    return [None if pd.isna(one) else f"{one:%m-%d}" for one in moments]


WRITTEN = """
2023-03-15 14:29:46 = 45000,604
2025-03-25 14:22:00.123456 = 1742912520123456789
2025-03-25 14:22:00 = 1742912520.5
2023-01-03 14:05 = 03-Jan-2023 2:05 p.m.
2025-03-03 = Mon, 3 Mar 2025
2025-03-03 = Monday, March 3rd, 2025
2025-03-03 14:22 = Montag, den 3. März 2025 um 14:22 Uhr
2025-03-03 = Mo., 03.03.2025
2025-03-03 14:22:01 = Mon, 3 Mar 2025 14:22:01 +0100
2025-03-03 14:22:01 = Mon Mar 03 2025 14:22:01 GMT+0100 (Central European Standard Time)
2025-03-03 14:22:01 = Mon Mar  3 14:22:01 CET 2025
2025-03-03 14:22:01 = Mon Mar 3 14:22:01 +0000 2025
2025-03-05 14:22:01 = 2025-03-05T14:22:01+01:00[Europe/Berlin]
2025-03-05 14:22:01 = 2025年3月5日(水)14:22:01
2025-03-05 14:22:01 = 2025-03-05 14:22:01 EST
2025-03-05 14:22:01 = 2025-03-05 14:22:01 PST8PDT
2025-03-05 14:22:01 = 2025-03-05 14:22:01.000000 UTC
2025-03-05 14:22 = mercredi 5 mars 2025 à 14:22
2025-03-05 14:22 = 5 mars 2025 14h22
2025-08-01 = 1er août 2025
2025-03-05 14:22 = mercoledì 5 marzo 2025 alle ore 14:22
2025-03-05 14:22 = woensdag 5 maart 2025 om 14:22
2025-03-05 = środa, 5 marca 2025 r.
2025-03-05 14:22 = среда, 5 марта 2025 г. в 14:22
2025-11-05 = 05 KASIM 2025
2025-02-05 = 5 subat 2025
2025-03-05 14:22 = onsdag 5 mars 2025 kl. 14:22
2025-03-05 14:22:01 = 2025年03月05日14时22分01秒
2025-03-05 14:22 = 2025年3月5日(水) 14時22分
2025-03-05 14:22 = 2025. 3. 5. 오후 2:22
2025-03-05 14:22 = 2025년 3월 5일 오후 2시 22분
2025-03-05 14:22 = 2025-03-05 下午 02:22
2025-03-05 14:22:01 = 2025/3/5 午後2:22:01
2025-03-05 14:22 = ２０２５／０３／０５　１４：２２
2025-03-25 02:22 = 3/25/2025 2:22 a.m.
2025-03-25 00:22 = 3/25/2025 12:22 Am
2025-03-25 14:22 = 25/3/2025 2:22 p. m.
2025-03-25 14:22 = 25.03.2025 - 14:22
2025-03-25 = 25. 3. 2025
2025-03-25 14:22 = 14:22 25.03.2025
2025-03-05 14:22:01 = 05/Mar/2025:14:22:01 +0000
2025-03-05 14:22:01 = 05-MAR-25 02.22.01.000000 PM
2025-03-05 14:22:01 = 20250305T142201Z
2025-03-05 14:22 = 20250305 1422
2025-03-05 14:22 = 202503051422
2025-03-25 14:22 = 25-03-25 14:22
2025-03-25 14:22 = 25/03/2025 14:22 h
2025-03-25 14:22 = 3/25/25 02:22:00 pm
2025-03-05 = 2025-Mar-05
2025-03-05 14:22:01 = 2025-03-05-14.22.01
2025-03-05 14:22 = 2025-03-05_14:22
2025-03-05 14:22 = March 5, 2025 at 2:22 PM
2025-03-05 14:00 = March 5 2025 2 PM
2025-09-05 = Sept. 5, 2025
2025-03-05 = 5/Mar/2025
1999-12-31 = 31-Dec-99
"""


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines())
def test_dates_of_many_systems_and_languages(line):
    moment, text = line.split(" = ")
    assert read_dates(series(text)).result.iloc[0] == pd.Timestamp(moment)


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


NO_DATES = """
soon
2025-02-30
0000-00-00
99/99/2025
2025-03-05 24:00
2025-03-05 14:60
2025-03
March 2025
2025
65000
5 Foo 2025
Fooday, 5 March 2025
2025-03-05 14:22 XYZ
2025-W10
1.5
+4915112345678
123-45-6789
"""


@pytest.mark.parametrize("text", NO_DATES.strip().splitlines())
def test_what_is_no_date_is_missing(text):
    assert days(text, "2025-03-05") == [None, "03-05"]


@given(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2049-12-31")))
def test_what_is_written_is_read(moment):
    moment = pd.Timestamp(moment).floor("s")
    for way in ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p", "%Y%m%d%H%M%S"):
        assert read_dates(series(moment.strftime(way))).result.iloc[0] == moment


LOCALES = (
    "en_US en_GB de_DE de_AT de_CH fr_FR fr_CA es_ES es_MX pt_BR pt_PT it_IT nl_NL pl_PL ru_RU "
    "tr_TR sv_SE da_DK nb_NO fi_FI cs_CZ hu_HU ro_RO uk_UA el_GR zh_CN ja_JP ko_KR"
)
MOMENTS = st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2049-12-31"))


@given(MOMENTS, st.sampled_from(LOCALES.split()), st.sampled_from(["medium", "long", "full"]))
def test_a_date_as_babel_writes_it_is_read(moment, locale, length):
    moment = pd.Timestamp(moment).floor("s")
    text = f"{format_date(moment, length, locale)} {format_time(moment, 'medium', locale=locale)}"
    assert read_dates(series(text), day_first=True).result.iloc[0] == moment


@given(st.lists(MOMENTS, min_size=1, max_size=20), st.booleans(), st.sampled_from("/-"))
def test_either_order_is_read_where_it_is_specified(moments, day_first, sep):
    way = f"%d{sep}%m{sep}%Y %H:%M" if day_first else f"%m{sep}%d{sep}%Y %H:%M"
    reading = read_dates(series(*(f"{one:{way}}" for one in moments)), day_first=day_first)
    assert reading.result.tolist() == [pd.Timestamp(one).floor("min") for one in moments]
    assert reading.doubts == ()


@given(st.lists(MOMENTS, min_size=1, max_size=20))
def test_an_order_that_is_read_wrong_is_never_without_a_doubt(moments):
    reading = read_dates(series(*(f"{one:%m/%d/%Y}" for one in moments)))
    right = reading.result.tolist() == [pd.Timestamp(one).normalize() for one in moments]
    assert right or reading.doubts


@given(MOMENTS.map(lambda one: one.replace(tzinfo=UTC)), st.sampled_from(["s", "ms", "us", "ns"]))
def test_unix_times_are_read(moment, unit):
    moment = pd.Timestamp(moment).floor("s").tz_localize(None)
    if moment > pd.Timestamp("2001-09-10"):  # since then, seconds have ten digits
        text = str(moment.as_unit(unit).value if unit == "ns" else moment.as_unit(unit)._value)
        reading = read_dates(series(text))
        assert reading.result.iloc[0] == moment
        assert "Unix time" in reading.doubts[0].what


@given(MOMENTS)
def test_day_numbers_of_spreadsheets_are_read(moment):
    moment = pd.Timestamp(moment).floor("s")
    days = (moment - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
    assert read_dates(series(f"{days:.9f}")).result.iloc[0] == moment


def test_day_numbers_of_spreadsheets_are_in_doubt():
    # Day 45000 of Excel is 2023-03-15, as its manual counts: day 1 is 1900-01-01, and there is a
    # 1900-02-29 that never was.
    reading = read_dates(series("45000", "2023-03-16"))
    assert reading.result.dt.day.tolist() == [15, 16]
    assert "day numbers of a spreadsheet" in reading.doubts[0].what


def test_zones_are_said_once_and_times_kept_as_written():
    reading = read_dates(series("2025-03-05 14:22:01 EST", "2025-03-06 14:22:01 +02:00"))
    assert reading.result.dt.hour.tolist() == [14, 14]
    (doubt,) = reading.doubts
    assert 'has times in time zones ("+02:00", "EST"); all were kept as written' in doubt.what
    (doubt,) = read_dates(series("2025-03-05 14:22Z", "2025-07-05 14:22")).doubts
    assert '("Z", "none")' in doubt.what


def test_years_of_two_digits_may_come_first():
    reading = read_dates(series("24-03-05", "24-03-17", "25-04-09", "25-04-30"))
    assert reading.result.dt.year.tolist() == [2024, 2024, 2025, 2025]
    assert reading.result.dt.day.tolist() == [5, 17, 9, 30]
    assert "read as year first" in reading.doubts[0].what
    assert days("05-03-24", "17-03-24", "09-04-25", "30-04-25") == [
        "03-05",
        "03-17",
        "04-09",
        "04-30",
    ]
    (doubt,) = read_dates(series("24-03-05", "25-03-06")).doubts
    assert "years of two digits" in doubt.what
    assert read_dates(series("99-03-05", "99-12-31")).result.dt.year.tolist() == [1999, 1999]


def test_missing_text_and_rows_keep_their_place():
    text = pd.Series(["2025-03-05", None, "x"], index=[3, 5, 9], name="day", dtype="str")
    result = read_dates(text).result
    assert result.index.tolist() == [3, 5, 9]
    assert result.isna().tolist() == [False, True, True]
    assert result.name == "day"
    assert read_dates(text.iloc[:0]).result.empty
    assert read_dates(text.iloc[1:2]).result.isna().all()


@pytest.mark.parametrize(
    ("parts", "moment"),
    [
        ({"date": "05.03.2025", "clock": "14:22"}, "2025-03-05 14:22"),
        ({"date": "2025-03-05 00:00:00", "clock": "2:22:01 PM"}, "2025-03-05 14:22:01"),
        ({"date": "2025-03-05", "clock": "1899-12-30 14:22:00"}, "2025-03-05 14:22"),
        ({"date": "20250305", "clock": "1422"}, "2025-03-05 14:22"),
        ({"date": "45000", "clock": "14:22"}, "2023-03-15 14:22"),
        ({"date": "2025-03-05", "clock": "9"}, "2025-03-05 09:00"),
        ({"year": "2025", "month": "3", "day": "5"}, "2025-03-05"),
        ({"year": "2025.0", "month": "3.0", "day": "5.0"}, "2025-03-05"),
        ({"year": "25", "month": "März", "day": "05"}, "2025-03-05"),
        ({"year": "2025", "month": "sty", "day": "5", "clock": "14:22"}, "2025-01-05 14:22"),
        ({"year": "2025", "month": "Foo", "day": "5"}, None),
        ({"year": "2025", "month": "2", "day": "30"}, None),
        ({"year": "2025", "month": None, "day": "5"}, None),
        ({"date": "05.03.2025", "clock": None}, None),
    ],
)
def test_dates_in_several_columns(parts, moment):
    text = join_dates({role: series(value) for role, value in parts.items()})
    if None in parts.values():
        assert text.isna().all()
    result = read_dates(text).result.iloc[0]
    assert result == pd.Timestamp(moment) if moment else pd.isna(result)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=5))
@example(["1\x000", "İ1", "٣/٣/٢٠٢٥", "1" * 100])
def test_any_text_can_be_looked_at(texts):
    text = series(*texts)
    for result in (read_dates(text).result, read_numbers(text).result):
        assert result.index.equals(text.index)


def test_a_million_shapes_are_not_tried_one_by_one():
    values = series(*("x" * n + " 1" for n in range(1, 400)))
    assert read_dates(values).result.isna().all()


# ---------------------------------------------------------------- numbers


AMOUNTS = """
1 234,50 € = 1234.5 €
1,23,456.78 = 123456.78
12,34,567 = 1234567
1.234.567 = 1234567
1’234.50 = 1234.5
١٢٣٤٫٥٠ = 1234.5
١٬٢٣٤٫٥٠ = 1234.5
１，２３４．５０ = 1234.5
￥1,234 = 1234 ¥
1 234,56 zł = 1234.56 PLN
R$ 1.234,56 = 1234.56 BRL
₩12,000 = 12000 KRW
₺1.234,56 = 1234.56 TRY
1 234,56 ₽ = 1234.56 RUB
1 234,56 Kč = 1234.56 CZK
12,50 kr. = 12.5 kr
kr 12,50 = 12.5 kr
Fr. 12.50 = 12.5 CHF
Rs. 1,200/- = 1200 INR
₹1,200/- = 1200 INR
12,- € = 12 €
1.234,- = 1234
Fr. 12.– = 12 CHF
($3.00) = -3 $
$(3.00) = -3 $
−3 = -3
–3 = -3
－3 = -3
▲1,234.50 = -1234.5
$-5.00 = -5 $
- 5,00 € = -5 €
5.00- = -5
3 Stk. = 3 Stk.
x2 = 2 x
2x = 2 x
2 pcs = 2 pcs
3個 = 3 個
15 % = 15 %
%15 = 15 %
US$12.50 = 12.5 $
$12.50 USD = 12.5 $
$12.50 CAD = 12.5 CAD
CA$12.50 = 12.5 CAD
1234円 = 1234 JPY
12.5元 = 12.5 CNY
usd 5 = 5 $
1E+05 = 100000
1,5E+3 = 1500
+5,00 = 5
,5 = .5
0,125 = .125
007 = 7
999999999999999 = 999999999999999
5,5 m = 5.5 m
1_000 = 1000
1 000 000 = 1000000
1 234.567 = 1234.567
59.970000000000006 $ = 59.970000000000006 $
€12.50/kg = 12.5 €/kg
"""


@pytest.mark.parametrize("line", AMOUNTS.strip().splitlines())
def test_amounts_of_many_countries(line):
    text, shown = line.split(" = ")
    value, _, unit = shown.partition(" ")
    numbers = read_numbers(series(text))
    assert numbers.result.iloc[0] == float(value)
    assert numbers.units.iloc[0] == unit


NO_NUMBERS = """
abc
1e308
1e15
12345678901234567890
inf
nan
1 2
1 23
2万
2k
$1.2M
1,2,3
1.2.3.4
12 34 x 5
--5
-(5)
(5
>5
~5
SKU 12345
1/2
½
1.50,-
1234,50.-
5-7
2025-03-05
14:22
=1+1
#REF!
0x10
True
"""


@pytest.mark.parametrize("text", ["", *NO_NUMBERS.strip().splitlines()])
def test_what_is_no_number_is_missing(text):
    assert read_numbers(series(text, "7")).result.isna().tolist() == [True, False]


def test_the_column_proves_what_one_value_leaves_open():
    assert read_numbers(series("1.234", "7,50")).result.tolist() == [1234, 7.5]
    assert read_numbers(series("1.234", "7.50")).result.tolist() == [1.234, 7.5]
    assert read_numbers(series("1,234", "7.50")).result.tolist() == [1234, 7.5]


def test_two_styles_leave_what_both_could_be():
    numbers = read_numbers(series("1,234.50", "1.234,50", "1.234"))
    assert numbers.result.fillna(-1).tolist() == [1234.5, 1234.5, -1]


def test_nothing_tells_and_it_is_said():
    numbers = read_numbers(series("1.234", "2.000"))
    assert numbers.result.tolist() == [1234, 2000]
    assert "read as thousands separators" in numbers.doubts[0].what
    assert read_numbers(series("1.234"), decimal=".").result.tolist() == [1.234]
    assert read_numbers(series("1,234"), decimal=",").result.tolist() == [1.234]


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(LOCALES.split()))
@example(-1234.5, "de_CH")
def test_an_amount_as_babel_writes_it_is_read(value, locale):
    text = format_currency(value, "EUR", locale=locale)
    numbers = read_numbers(series(text))
    assert numbers.result.iloc[0] == float(value)
    assert numbers.units.iloc[0] == "€"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_python_writes_it_is_read(value):
    result = read_numbers(series(repr(value)), decimal=".").result.iloc[0]
    assert result == value if abs(value) < 1e15 else math.isnan(result)


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=20), st.booleans())
def test_a_column_is_read_as_its_values(values, german):
    texts = [f"{value:,.2f}" for value in values]
    if german:
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    numbers = read_numbers(series(*texts))
    assert numbers.result.tolist() == [float(value) for value in values]
    assert numbers.doubts == ()


def test_thousands_of_a_currency_without_cents_are_not_in_doubt():
    assert read_numbers(series("₩12,000", "₩3,000")).doubts == ()
    assert read_numbers(series("12,000", "3,000")).doubts


def test_missing_numbers_and_rows_keep_their_place():
    for other in ("5", "5 €"):  # plain, and not
        text = pd.Series([other, None, "x"], index=[3, 5, 9], name="price", dtype="str")
        numbers = read_numbers(text)
        assert numbers.result.index.tolist() == numbers.units.index.tolist() == [3, 5, 9]
        assert numbers.result.isna().tolist() == [False, True, True]
        assert numbers.result.name == "price"
        assert numbers.units.tolist()[1:] == ["", ""]
        assert read_numbers(text.iloc[:0]).result.empty
        assert read_numbers(text.iloc[1:2]).result.isna().all()
