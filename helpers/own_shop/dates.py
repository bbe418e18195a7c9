"""Dates in many formats.

Which day is 05/03/2025? The text alone doesn't say, but other values of its column often do:
25/03/2025 must have the day first, because there is no 25th month. If nothing proves the order, one
is assumed, and a `Doubt` says so and how to choose the other.
"""

import re
from typing import NamedTuple

import pandas as pd

from helpers.own_shop.messages import Doubt

YEAR_FIRST = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"]
DAY_FIRST = [f"%d{sep}%m{sep}{year}" for sep in "/.-" for year in ("%Y", "%y")]
MONTH_FIRST = [f"%m{sep}%d{sep}{year}" for sep in "/.-" for year in ("%Y", "%y")]
NAMED = ["%d %b %Y", "%d. %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%a, %d %b %Y"]
NAMED += ["%b %d %Y", "%b %d, %Y"]
CLOCKS = ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"]
CLOCKS += [", %H:%M", ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p"]
DATES = [*YEAR_FIRST, *DAY_FIRST, *MONTH_FIRST, *NAMED]
FORMATS = [f"{date}{clock}" for date in DATES for clock in CLOCKS]
FORMATS += ["%Y%m%d%H%M%S", "%Y%m%d%H%M"]
ONE_MOMENT = pd.Timestamp("2025-03-05 14:22:01")
FRACTION = r"(:\d\d)\.\d+"  # of a second
ZONE = r"(:\d\d) ?(?:UTC|GMT|Z|[+-]\d\d:?\d\d)$"
CHINESE = r"^(\d{4})年(\d{1,2})月(\d{1,2})日"
EPOCHS = {10: "s", 13: "ms"}  # digits of a moment counted from 1970, and the unit
ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS = {name: name for name in ENGLISH} | {  # and how other languages begin theirs
    name: month
    for month, names in {
        "jan": "ene gen",
        "feb": "fév fev",
        "mar": "mär mrz mrt maa",
        "apr": "avr abr",
        "may": "mai mag mei",
        "jun": "juin giu",
        "jul": "juil lug",
        "aug": "aoû ago",
        "sep": "set",
        "oct": "okt ott out",
        "dec": "dez déc dic",
    }.items()
    for name in names.split()
}
FAR = pd.Timedelta(days=20 * 365)  # from the median date: not a real order


class Reading(NamedTuple):
    """A column of dates: the result (missing if it could not be read), and what is in doubt."""

    result: pd.Series
    doubts: tuple[Doubt, ...]
    how: str  # "day first", "month first", …


def read_dates(text: pd.Series, day_first: bool | None = None) -> Reading:
    """Read dates in unknown and perhaps mixed formats.

    Values of one shape (the same pattern of digits and signs) come from one system, so they are
    read in one format: the one that fits all of them. If day first and month first both fit,
    ``day_first`` decides; without it, dots mean that the day comes first, and otherwise the order
    of the rows may decide. If some values prove one order and some the other, two systems wrote the
    column, and values that fit both orders are missing in the result.

    Parameters
    ----------
    text : Series of str, in the order of the file.
    day_first : True for day first, False for month first; None to find out.

    Returns
    -------
    Reading; the result has the datetimes as written, and time zones are removed.

    Examples
    --------
    >>> reading = read_dates(pd.Series(["05/03/2025", "25/03/2025"]))
    >>> reading.result.dt.month.tolist(), reading.how
    ([3, 3], 'day first')
    """
    known = text.dropna()
    unique = pd.Series(known.unique(), dtype="str")
    plain = unique.str.replace(r"(\d)T(\d)", r"\1 \2", regex=True)
    plain = plain.str.replace(" (?:Uhr|h)$", "", regex=True)
    plain = plain.str.replace(CHINESE, r"\1-\2-\3", regex=True)
    zoned = plain.str.replace(FRACTION, r"\1", regex=True)
    plain = zoned.str.replace(ZONE, r"\1", regex=True)
    with_zone = (zoned != plain).any()
    if plain.str.contains("[^0-9 .,:/-]{3}", regex=True).any():
        plain = plain.map(_english)
    moments = pd.Series(pd.NaT, unique.index, dtype="datetime64[us]")
    doubts, ways = [], set()
    for shape, group in plain.groupby(_shape(plain), sort=False):
        found, way, doubt = _read_shape(shape, group, text, unique, day_first)
        moments[group.index] = found
        ways |= {way} if way else set()
        doubts += [Doubt(str(text.name), *doubt)] if doubt else []
    if with_zone:
        what = "has times with a time zone; the zone was ignored, and the times kept as written."
        mend = "If your shop is in another time zone, convert them first."
        doubts.append(Doubt(str(text.name), what, mend))
    values = text.map(pd.Series(moments.to_numpy(), index=unique))
    values = values.astype("datetime64[us]").rename(text.name)
    return Reading(values, tuple(doubts), ", ".join(sorted(ways)))


def _english(text: str) -> str:
    """Return a date with month names of other languages translated to English."""
    return re.sub(r"[^\W\d_]{3,}\.?", _english_month, text)


def _english_month(word: re.Match) -> str:
    name = word[0].lower()
    return (MONTHS.get(name[:4]) or MONTHS.get(name[:3]) or word[0]).title()


def _shape(text: pd.Series) -> pd.Series:
    """Return the shape of texts: Y for four digits, 9 for fewer, and a for letters."""
    shape = text.str.replace("[^0-9 .,:/-]+", "a", regex=True)
    shape = shape.str.replace("[0-9]{4}", "Y", regex=True)
    return shape.str.replace("[0-9]+", "9", regex=True)


def _formats_by_shape() -> dict[str, list[str]]:
    ways = pd.Series(FORMATS, dtype="str")
    written = pd.Series([ONE_MOMENT.strftime(way) for way in FORMATS], dtype="str")
    return ways.groupby(_shape(written)).agg(list).to_dict()


SHAPES = _formats_by_shape()


def _read_shape(
    shape: str, group: pd.Series, text: pd.Series, unique: pd.Series, day_first: bool | None
) -> tuple[pd.Series, str, tuple[str, str] | None]:
    """Return the times of all values of one shape, how they were read, and what is in doubt."""
    length = len(group.iloc[0])
    if shape in ("YY9", "YYY9") and length in EPOCHS and (group.str.len() == length).all():
        moments = pd.to_datetime(pd.to_numeric(group), unit=EPOCHS[length])
        what = "counts seconds or milliseconds from 1970 (Unix time); it was read as UTC."
        doubt = what, "If your shop is in another time zone, convert it first."
        return moments.astype("datetime64[us]"), "seconds since 1970", doubt
    fits = {way: _parse(group, way) for way in SHAPES.get(shape, ())}
    day = next((fits[way] for way in fits if way[:5] in ("%d/%m", "%d.%m", "%d-%m")), None)
    month = next((fits[way] for way in fits if way[:5] in ("%m/%d", "%m.%d", "%m-%d")), None)
    if day is not None and month is not None:
        return _day_or_month(group, day, month, text, unique, day_first)
    none = pd.Series(pd.NaT, group.index, dtype="datetime64[us]")
    best = max(fits.values(), key=lambda moments: moments.notna().sum(), default=none)
    return best, "year first or named months" if best.notna().any() else "", None


def _day_or_month(
    group: pd.Series,
    day: pd.Series,
    month: pd.Series,
    text: pd.Series,
    unique: pd.Series,
    day_first: bool | None,
) -> tuple[pd.Series, str, tuple[str, str] | None]:
    """Choose between day first and month first, both of which fit some values of a shape.

    The questions, in this order: Has the user specified the order? Do some values fit only one
    order, such as 25/03/2025? If some fit only one and others only the other, two systems wrote
    them, and values that fit both are missing in the result. Do both orders give the same dates, as
    for 03/03/2025? Are there dots, which mean day first? Are the rows in chronological order in one
    reading only? If nothing decides, day first is assumed. The last two answers are in doubt.
    """
    only_day, only_month = day.notna() & month.isna(), month.notna() & day.isna()
    example = f'such as "{group.iloc[0]}"'
    if day_first is not None:
        return (day, "day first", None) if day_first else (month, "month first", None)
    if only_day.any() and only_month.any():
        both = day.where(~month.notna(), pd.NaT).fillna(month.where(~day.notna(), pd.NaT))
        left = int((day.notna() & month.notna() & (day != month)).sum())
        both = both.fillna(day.where(day == month))
        what = (
            f"contains dates with the day first ({only_day.sum():,}) and with the month first "
            f"({only_month.sum():,}); {left:,} could be either and were left out."
        )
        return (
            both,
            "day first and month first",
            (
                what,
                "To read these, too, set day_first=True or day_first=False.",
            ),
        )
    if only_day.any() or only_month.any():
        return (day, "day first", None) if only_day.any() else (month, "month first", None)
    if (day == month).all():
        return day, "day first", None
    if "." in group.iloc[0]:
        return day, "day first", None
    in_order = [_in_order(moments, text, unique) for moments in (day, month)]
    why = "but nothing proves it"
    if in_order[0] != in_order[1]:
        why = "because only then are the rows in chronological order"
    moments, way, other = (
        (month, "month first", "True") if in_order == [False, True] else (day, "day first", "False")
    )
    what = f"could have the day or the month first, {example}. It was read as {way}, {why}."
    return moments, way, (what, f"If that is wrong, set day_first={other}.")


def _in_order(moments: pd.Series, text: pd.Series, unique: pd.Series) -> bool:
    """Whether the dates are in ascending or descending order in the file."""
    by_text = pd.Series(moments.to_numpy(), index=unique[moments.index])
    run = text[text.isin(by_text.index)].map(by_text)
    return run.nunique() > 2 and (run.is_monotonic_increasing or run.is_monotonic_decreasing)


def _parse(text: pd.Series, way: str) -> pd.Series:
    moments = pd.to_datetime(text, format=way, errors="coerce")
    return moments.astype("datetime64[us]")


def far_away(moments: pd.Series) -> pd.Series:
    """Return which dates are more than twenty years from the median: placeholders or typos.

    Examples
    --------
    >>> far_away(pd.Series(pd.to_datetime(["2025-01-01", "2025-01-02", "1900-01-01"]))).tolist()
    [False, False, True]
    """
    return (moments - moments.median()).abs() > FAR
