"""Dates in many formats.

Which day is 05/03/2025? The text alone doesn't say, but other values of its column often do:
25/03/2025 must have the day first, because there is no 25th month. If nothing proves the order, one
is assumed, and a `Doubt` says so and how to choose the other.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from babel.dates import get_day_names, get_month_names

from apps.report.own_shop.messages import Doubt, doubt
from apps.report.own_shop.names import ZONES
from apps.report.own_shop.templates import by_template, byte_span, clean
from helpers.language import listed, say

NAT = np.datetime64("NaT", "us")
LANGUAGES = "en de de_AT fr es pt it nl pl ru tr sv da nb fi cs sk hu ro uk el"  # month names
EASTERN = "zh ja ko"  # whose names of weekdays are read, too
ALSO = {"sept": 9, "mrz": 3, "maerz": 3, "ott": 10}  # abbreviations that the languages lack
AFTERNOON = dict.fromkeys(("am", "上午", "午前", "오전", "πμ", "öö"), False)
AFTERNOON |= dict.fromkeys(("pm", "下午", "午後", "오후", "μμ", "ös"), True)

# The parts of a template. Its letters are lowercase and its digits are 0.
WORD = r"[^\W\d_]+"
NAME = rf"(?P<name>{WORD})\.?"
DAY, MONTH, YEAR = "(?P<day>00?)", "(?P<month>00?)", "(?P<year>0000)"
ANY_YEAR = "'?(?P<year>0000|00)"
ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|\.)?"
SEP, SAME = r"(?P<sep>[-/]|\. ?)", "(?P=sep)"
BETWEEN = r"(?:[-/]|[., ] ?)"
WEEKDAY = rf"(?:(?P<weekday>{WORD}(?:-feira)?)\.?,? (?:den |de |le |el )?)?"
NOON = "am|pm|上午|午前|오전|下午|午後|오후"
AT = r"um|at|à|a las|às|as|alle|alle ore|ore|klo?\.?|om|o|saat|в"
WEEKDAY_BEHIND = rf"(?:,? ?\(?(?!(?:{NOON}|{AT})[ 0])(?P<weekday_behind>{WORD})\.?\)?)?"
EASTERN_DATE = f"{YEAR} ?[年년] ?{MONTH} ?[月월] ?{DAY} ?[日号일]"
DATES = [
    f"{YEAR}{SEP}{MONTH}{SAME}{DAY}\\.?",
    f"(?P<first>00?){SEP}(?P<other>00?){SAME}(?P<third>0000|00)\\.?",
    EASTERN_DATE,
    f"{DAY}{ORDINAL}{BETWEEN}?(?:de |of )?{NAME}(?:{BETWEEN}|,? del? ){ANY_YEAR}(?: ?[rгр]\\.)?",
    f"{NAME}{BETWEEN}{DAY}{ORDINAL}{BETWEEN}{ANY_YEAR}",
    f"{YEAR}{BETWEEN} ?{NAME}{BETWEEN}{DAY}\\.?",
    "(?P<year>0000)(?P<month>00)(?P<day>00)",
    "(?P<serial>00000)",
]
BEFORE = f"(?:(?P<before>{NOON}) ?)?"
AFTER = r"(?: ?(?P<after>[ap]\.? ?m|[πμ]\.?μ|öö|ös)\.?)?"
CLOCK = rf"{BEFORE}(?P<hour>00?)(?P<mark>[:.])(?P<minute>00)"
CLOCK += rf"(?:(?P=mark)(?P<second>00)(?:[.,:]0+)?)?{AFTER}"
COMPACT = "(?P<hour>00)(?P<minute>00)(?P<second>00)?"
CLOCKS = [
    CLOCK,
    f"{BEFORE}(?P<hour>00?) ?[h時时點点시](?: ?(?P<minute>00?) ?(?:min|m|分|분)?"
    "(?: ?(?P<second>00?) ?(?:s|秒|초)?)?)?",
    f"(?P<hour>00?){AFTER[:-1]}",
    COMPACT,
]
GAP = rf"(?:t|[:_-]|,? (?:- )?(?:(?:{AT}) )?)"
HOURS = r"(?: ?(?:uhr|h|hs|hrs)\.?)?"
ZONE = (
    rf"(?: ?(?P<zone>(?:utc|gmt)?[+-]00?(?::?00){{0,2}}|[a-z]{{3}}0[a-z]{{3}}|{'|'.join(ZONES)}"
    r"|[a-z]{2,10}/[a-z/_+0-]+))?(?: ?[\[(][^()]*[\])])?"
)
PATTERNS = [f"{WEEKDAY}{date}{WEEKDAY_BEHIND}" for date in DATES]
PATTERNS += [
    f"{WEEKDAY}{date}{WEEKDAY_BEHIND}{gap}{clock}{HOURS}{ZONE}"
    for date in DATES
    for clock in CLOCKS
    for gap in [f"{GAP}?" if date == EASTERN_DATE else "[t ]" if clock == COMPACT else GAP]
]
PATTERNS += [f"{CLOCK}{HOURS},? {WEEKDAY}{date}" for date in DATES[:-2]]
PATTERNS += [
    f"{WEEKDAY}{NAME} {DAY},? {CLOCK}{ZONE} {YEAR}",  # the Unix command date
    "(?P<year>0000)(?P<month>00)(?P<day>00)(?P<hour>00)(?P<minute>00)(?P<second>00)?",
    r"(?P<serial>00000)[.,](?P<part>0{1,12})0*",
    r"(?P<epoch>0{10}|0{13}|0{16}|0{19})(?:[.,]0+)?",
]
PATTERNS = [re.compile(pattern) for pattern in PATTERNS]
ISO = (10, 19)  # characters, without and with a clock
SERIALS = 20_000, 60_000  # 1954 to 2064 in a spreadsheet, which counts days from 1900
SPREADSHEET = np.datetime64("1899-12-30", "us")
SHOWN = 3  # time zones that are shown
ORDER = "If that is wrong, set day_first={value} (or {line})."
UNIX_TIME = (
    "counts seconds, or fractions of a second, from 1970 (Unix time); it was read as UTC.",
    "If your shop is in another time zone, convert it first.",
)
DAY_NUMBERS = (
    "has day numbers of a spreadsheet, which were read as days from 1900 (45000 is 2023-03-15).",
    "If they come from an old Excel for Mac, which counts from 1904, write them as 2023-03-15.",
)
SHORT_YEARS = (
    'has years of two digits, such as "{example}". It was read as {way}, but nothing proves it.',
    "If that is wrong, write years with four digits.",
)
TIME_ZONES = (
    "has times in time zones ({zones}); all were kept as written.",
    "Unless they are your shop's, or its summer and winter time, convert them first.",
)
MAPS = {True: 'MAP="day_first=yes"', False: 'MAP="day_first=no"'}


class Reading(NamedTuple):
    """A column of dates: the result (missing if it could not be read), and what is in doubt."""

    result: pd.Series
    doubts: tuple[Doubt, ...]
    how: str  # "day first" or "month first", or both; "" if there was no choice


class Column(NamedTuple):
    """A column of text: its name, its distinct values, and which of them stands in each row."""

    name: str
    unique: pd.Series
    codes: np.ndarray  # per row; -1 if missing


def read_dates(text: pd.Series, day_first: bool | None = None) -> Reading:
    """Read dates in unknown and perhaps mixed formats.

    Values of one shape (the same pattern of digits and signs) come from one system, so they are
    read in one order. If day first and month first both fit, ``day_first`` decides; without it,
    dots mean that the day comes first, and otherwise the order of the rows may decide. If some
    values prove one order and some the other, two systems wrote the column, and values that fit
    both orders are missing in the result.

    Parameters
    ----------
    text : Series of str, in the order of the file.
    day_first : True for day first, False for month first; None to find out.

    Returns
    -------
    Reading; the result has the datetimes as written, to the microsecond for Unix times and to the
    second for all others. Time zones are ignored, and a doubt names them.

    Examples
    --------
    >>> reading = read_dates(pd.Series(["05/03/2025", "25/03/2025"]))
    >>> reading.result.dt.month.tolist(), reading.how
    ([3, 3], 'day first')
    >>> read_dates(pd.Series(["Montag, 3. März 2025 um 14:22 Uhr"])).result[0]
    Timestamp('2025-03-03 14:22:00')
    """
    moments = _read_iso(text)
    if moments is not None:
        return Reading(moments, (), "")
    codes, unique = pd.factorize(text)
    column = Column(str(text.name), pd.Series(unique, dtype="str"), codes)
    plain = clean(column.unique).str.lower().str.replace("\u0307", "")  # what is left of İ
    found, zones, families = [], set(), defaultdict(list)
    for template, where, characters in by_template(plain):
        match = _understand(template)
        if match is None:
            continue
        parts = _parts(match, characters)
        if "first" in parts:
            key = _shape(template), "." in match["sep"], len(match["third"]) == 2
            families[key].append((where, parts))
        else:
            found.append((where, *_read_one_order(match, parts, column.name), ""))
        if "zone" in match.re.groupindex:
            span = match.span("zone")
            zones |= set(plain.iloc[where].str.slice(*span).unique()) if match["zone"] else {""}
    for (_, dots, short), groups in families.items():
        where = np.concatenate([positions for positions, _ in groups])
        parts = {key: np.concatenate([one[key] for _, one in groups]) for key in groups[0][1]}
        found.append((where, *_read_two_orders(where, parts, dots, short, column, day_first)))
    moments = np.full(len(plain) + 1, NAT)  # the last one is for missing text
    for where, some, *_ in found:
        moments[where] = some
    doubts = dict.fromkeys(about for _, _, about, _ in found if about)
    if zones - {""}:
        shown = listed(sorted(f'"{zone.upper() or say("none")}"' for zone in zones)[:SHOWN])
        doubts |= {doubt(column.name, *TIME_ZONES, zones=shown): None}
    result = pd.Series(moments[codes], text.index, name=text.name)
    return Reading(result, tuple(doubts), ", ".join(sorted({way for *_, way in found} - {""})))


def _read_iso(text: pd.Series) -> pd.Series | None:
    """Return the dates of most files: all ISO 8601, of one length; None if others are there."""
    known = text.dropna()
    length = len(known.iloc[0]) if len(known) else 0
    if length not in ISO or not (known.str.len() == length).all():
        return None
    if known.str.startswith("0000").any():  # a year of Arrow's, but of no shop
        return None
    try:
        moments = pa.array(text, pa.large_string()).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    return pd.Series(moments.to_numpy(zero_copy_only=False), text.index, name=text.name)


# ---------------------------------------------------------------- templates


def _understand(template: str) -> re.Match | None:
    """Return where a template has its year, month, …; None if it is no date."""
    for pattern in PATTERNS:
        match = pattern.fullmatch(template)
        if match and _names_are_known(defaultdict(str, match.groupdict(""))):
            return match
    return None


def _names_are_known(parts: dict[str, str]) -> bool:
    months = {_plain_name(parts["name"])} - {""}
    days = {_plain_name(parts[key]) for key in ("weekday", "weekday_behind")} - {""}
    return months <= names_of_months().keys() and days <= names_of_weekdays()


@cache
def names_of_months() -> dict[str, int]:
    """Return the number of a month by its name or abbreviation in many languages, without accents.

    A beginning of three letters and more is an abbreviation, if it means one month only.

    Examples
    --------
    >>> [names_of_months()[name] for name in ("marca", "марта", "subat", "fevr")]
    [3, 3, 2, 2]
    """
    months = defaultdict(set)
    for name, month in _names(get_month_names, LANGUAGES):
        for length in range(min(3, len(name)), len(name)):
            months[name[:length]].add(month)
    known = {name: month for name, (month, *others) in months.items() if not others}
    return known | dict(_names(get_month_names, LANGUAGES)) | ALSO


@cache
def names_of_weekdays() -> frozenset[str]:
    """Return the names and abbreviations of the days of the week in many languages."""
    return frozenset(name for name, _ in _names(get_day_names, f"{LANGUAGES} {EASTERN}"))


def _names(get: Callable, languages: str) -> list[tuple[str, int]]:
    return [
        (_plain_name(name), number)
        for language in languages.split()
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get(width, context, language).items()
    ]


def _plain_name(name: str) -> str:
    """Return a name in lowercase, without accents and periods."""
    letters = unicodedata.normalize("NFKD", name.lower().rstrip("."))
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return letters.translate(str.maketrans("ıłø", "ilo"))


def _shape(template: str) -> str:
    """Return the shape of a template: Y for four digits, 9 for fewer, and a for letters."""
    shape = re.sub("[^0 .,:/-]+", "a", template).replace("0000", "Y")
    return re.sub("0+", "9", shape)


def _parts(match: re.Match, characters: np.ndarray) -> dict[str, np.ndarray]:
    """Return the numbers in the values of a template, and their clock (missing for 14:60)."""
    found = defaultdict(str, match.groupdict(""))
    parts = {
        key: _number(characters[:, byte_span(match.string, match.span(key))])
        for key, zeros in found.items()
        if zeros and not zeros.strip("0")
    }
    for key in ("year", "third"):
        if len(found[key]) == 2:
            parts[key] = _full_year(parts[key])
    if found["name"]:
        parts["month"] = np.full(len(characters), names_of_months()[_plain_name(found["name"])])
    none = np.zeros(len(characters), int)
    hour, minute, second = (parts.pop(key, none) for key in ("hour", "minute", "second"))
    valid = (hour < 24) & (minute < 60) & (second < 60)
    half = re.sub("[. ]", "", found["before"] or found["after"])
    if half:
        valid &= (hour <= 12) | AFTERNOON[half]
        hour = hour % 12 + 12 * AFTERNOON[half]
    seconds = np.array((hour * 60 + minute) * 60 + second, "timedelta64[s]")
    parts["clock"] = np.where(valid, seconds, NAT - NAT).astype("timedelta64[us]")
    return parts


def _number(digits: np.ndarray) -> np.ndarray:
    """Return numbers from the codes of their digits: shape (texts, digits) becomes (texts,)."""
    return (digits - ord("0")) @ 10 ** np.arange(digits.shape[1])[::-1]


def _full_year(year: np.ndarray) -> np.ndarray:
    """Return years with their century: 69 to 99 are in the twentieth, as in POSIX."""
    return year + np.where(year < 69, 2000, 1900)


def _date(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return midnight of each day, missing if there is no such day."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + day - 1
    valid = (year > 0) & (month > 0) & (month <= 12) & (days.astype("datetime64[M]") == months)
    return np.where(valid, days, NAT).astype("datetime64[us]")


# ---------------------------------------------------------------- moments


def _read_one_order(
    match: re.Match, parts: dict[str, np.ndarray], column: str
) -> tuple[np.ndarray, Doubt | None]:
    """Return the moments of a template that leaves no choice, and a doubt."""
    about: tuple[str, ...] = ()
    if "epoch" in parts:
        digits = len(match["epoch"])
        moments = (parts["epoch"] // 10 ** max(digits - 16, 0)) * 10 ** max(16 - digits, 0)
        moments, about = moments.astype("datetime64[us]"), UNIX_TIME
    elif "serial" in parts:
        part = parts["part"] / 10 ** len(match["part"]) if "part" in parts else 0
        seconds = np.rint((parts["serial"] + part) * 86_400).astype("timedelta64[s]")
        known = (parts["serial"] >= SERIALS[0]) & (parts["serial"] < SERIALS[1])
        moments, about = np.where(known, SPREADSHEET + seconds, NAT) + parts["clock"], DAY_NUMBERS
    else:
        moments = _date(parts["year"], parts["month"], parts["day"]) + parts["clock"]
    return moments, doubt(column, *about) if about and not np.isnat(moments).all() else None


def _read_two_orders(
    where: np.ndarray,
    parts: dict[str, np.ndarray],
    dots: bool,
    short: bool,
    column: Column,
    day_first: bool | None,
) -> tuple[np.ndarray, Doubt | None, str]:
    """Choose between day first and month first for all values of a shape, and perhaps year first.

    If the user has not specified the order, years of two digits may also come first: 25-03-05. The
    questions, in this order: Which orders do all values fit? If they fit none, because one is
    25/03/2025 and another 03/25/2025, two systems wrote them, and values that could be either are
    missing in the result. Do the orders give the same dates, as for 03/03/2025? Are there dots,
    which mean day first? Which number varies least, as years do? Are the rows in chronological
    order in one reading only? If nothing decides, day first is assumed. The last three answers are
    in doubt.
    """
    first, other, third, clock = (parts[key] for key in ("first", "other", "third", "clock"))
    day, month = _date(third, other, first) + clock, _date(third, first, other) + clock
    if day_first is not None:
        return (day, None, "day first") if day_first else (month, None, "month first")
    readings = {"day first": day, "month first": month}
    if short:
        readings["year first"] = _date(_full_year(first), other, third % 100) + clock
    known = ~np.isnat([*readings.values()]).all(axis=0)
    fit = [way for way, moments in readings.items() if not np.isnat(moments[known]).any()]
    if not fit:
        return *_read_mixed(day, month, column.name), "day first and month first"
    vary_first, vary_last = len(np.unique(first)), len(np.unique(third))
    if "year first" in fit[1:] and 2 * vary_last <= vary_first:
        fit.remove("year first")
    is_year = "year first" in fit and 2 * vary_first <= vary_last
    same = all((readings[way] == readings[fit[0]])[known].all() for way in fit)
    if same or (dots and not is_year):
        return readings[fit[0]], None, fit[0]
    example = column.unique.iloc[where.min()]
    if "year first" in fit:
        way = "year first" if is_year else fit[0]
        return readings[way], doubt(column.name, *SHORT_YEARS, example=example, way=say(way)), way
    in_order = [_in_order(where, moments, column) for moments in (day, month)]
    assumed = in_order != [False, True]
    way = "day first" if assumed else "month first"
    what = (
        'could have the day or the month first, such as "{example}". It was read as {way}, '
        "because only then are the rows in chronological order."
        if in_order[0] != in_order[1]
        else 'could have the day or the month first, such as "{example}". It was read as {way}, '
        "but nothing proves it."
    )
    said = {"example": example, "way": say(way), "value": not assumed, "line": MAPS[not assumed]}
    return readings[way], doubt(column.name, what, ORDER, **said), way


def _read_mixed(day: np.ndarray, month: np.ndarray, column: str) -> tuple[np.ndarray, Doubt]:
    """Return the dates that fit one of two orders only, or give the same day in both."""
    only_day, only_month = np.isnat(month) & ~np.isnat(day), np.isnat(day) & ~np.isnat(month)
    both = np.where(only_day | (day == month), day, np.where(only_month, month, NAT))
    about = doubt(
        column,
        "contains dates with the day first ({days}) and with the month first ({months}); "
        "{left} could be either and were left out.",
        "To read these, too, set day_first=True or day_first=False (or {yes} or {no}).",
        days=f"{only_day.sum():,}",
        months=f"{only_month.sum():,}",
        left=f"{(~np.isnat(day) & ~np.isnat(month) & (day != month)).sum():,}",
        yes=MAPS[True],
        no=MAPS[False],
    )
    return both, about


def _in_order(where: np.ndarray, moments: np.ndarray, column: Column) -> bool:
    """Whether the dates are in ascending or descending order in the file."""
    by_value = np.full(len(column.unique) + 1, NAT)  # the last one is for missing text
    by_value[where] = moments
    run = pd.Series(by_value[column.codes]).dropna()
    return run.nunique() > 2 and (run.is_monotonic_increasing or run.is_monotonic_decreasing)


# ---------------------------------------------------------------- dates in several columns


def join_dates(parts: dict[str, pd.Series]) -> pd.Series:
    """Join dates that are spread over several columns into one column of text for `read_dates`.

    Parameters
    ----------
    parts : Series of str, either ``date`` and ``clock``, or ``year``, ``month`` and ``day``, and
        perhaps ``clock``. A month may be a name, and a clock may be an hour alone.

    Returns
    -------
    Series of str; missing where a part is missing.

    Examples
    --------
    >>> join_dates({"date": pd.Series(["05.03.2025"]), "clock": pd.Series(["14:22"])})[0]
    '05.03.2025 14:22'
    >>> columns = {"year": "2025", "month": "3", "day": "5"}
    >>> join_dates({key: pd.Series([text]) for key, text in columns.items()})[0]
    '2025-03-05'
    """
    parts = {key: clean(text.astype("str")) for key, text in parts.items()}
    if "date" in parts:
        date = parts["date"].str.replace(r"[ T]0?0:00(:00(\.0+)?)?$", "", regex=True)
    else:
        year, month, day = (
            parts[key].str.replace(r"\.0+$", "", regex=True) for key in ("year", "month", "day")
        )
        year = year.str.replace(r"^(\d\d)$", r"20\1", regex=True)
        date = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    if "clock" not in parts:
        return date
    clock = parts["clock"].str.replace(r"^(1899-12-3[01]|1900-01-0[01])[ T]", "", regex=True)
    return date + " " + clock.str.replace(r"^(\d{1,2})$", r"\1:00", regex=True)
