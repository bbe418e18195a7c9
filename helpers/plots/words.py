"""What a chart says for those who cannot see it: numbers, dates and names in sentences."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.language import say_in_lesson, say_with_numbers

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]


def written(value: float, number: str | None = None) -> str:
    """Write a number in a format, or else with the three digits that one wants to hear.

    Examples
    --------
    >>> written(1234.5), written(0.012345), written(-2), written(0.5, "{:.0%}"), written(np.nan)
    ('1,234', '0.0123', '−2', '50%', 'no value')
    >>> written(-0.001, "{:.2f}")
    '0.00'
    """
    if pd.isna(value):
        return say_in_lesson("no value")
    if number is not None:
        text = number.format(value)
    elif abs(value) >= 100:
        text = f"{value:,.0f}"
    else:
        text = np.format_float_positional(float(f"{value:.3g}"), trim="-")
    return re.sub(r"^-(?=[0.]+%?$)", "", text).replace("-", "−")  # no −0.00


def alike(values: Any) -> str:
    """Return one format for all numbers of a chart, so that their decimals agree.

    Examples
    --------
    >>> alike([0.5, 0.25]), alike([12.34, 1]), alike([3, 7]), alike([1200.5, 3])
    ('{:,.3f}', '{:,.1f}', '{:,.0f}', '{:,.0f}')
    """
    known = np.abs(np.asarray(values, float).ravel())
    known = known[np.isfinite(known)]
    if not known.any() or (known == known.round()).all():
        return "{:,.0f}"
    return f"{{:,.{int(np.clip(2 - np.floor(np.log10(known.max())), 0, 6))}f}}"


def named(value: Any) -> str:
    """Return the name of a row, a column or a place on an axis, in the language of the lesson.

    Examples
    --------
    >>> named(("email", 2)), named(0.25), named(pd.Period("2025-03")), named(pd.Period("2025Q1"))
    ('email, 2', '0.25', 'March 2025', '2025Q1')
    """
    if isinstance(value, tuple):
        return say_in_lesson(", ").join(map(named, value))
    if isinstance(value, pd.Timestamp):
        date = dated(value, with_day=True)
        if value == value.normalize():
            return date
        return say_in_lesson("{time} on {date}", time=f"{value:%H:%M}", date=date)
    if isinstance(value, pd.Period):
        if value.freqstr.startswith(("M", "D", "W")):
            return dated(value.start_time, with_day=value.freqstr[0] != "M")
        return str(value)
    if isinstance(value, (float, np.floating)):
        return written(float(value))
    return say_with_numbers(str(value))


def dated(day: pd.Timestamp, *, with_day: bool) -> str:
    """Return a date as one says it."""
    month, year = say_in_lesson(MONTHS[day.month - 1]), f"{day:%Y}"
    if with_day:
        return say_in_lesson("{month} {day}, {year}", month=month, day=day.day, year=year)
    return say_in_lesson("{month} {year}", month=month, year=year)


def place_on(index: pd.Index) -> Callable[[Any], str]:
    """Return how to say a place on an axis: days without their number, if all begin a month."""
    if isinstance(index, pd.DatetimeIndex) and (index == index.normalize()).all():
        starts, ends = (index.day == 1).all(), index.is_month_end.all()
        return lambda day: dated(day, with_day=not (starts or ends))
    return named


def listed(texts: Iterable[str]) -> str:
    """Join names and numbers by commas, in the language of the lesson."""
    return say_in_lesson(", ").join(texts)


def sentence(clauses: Sequence[str], about: str = "") -> str:
    """Join clauses to one sentence, which may begin with what it is about."""
    said = say_in_lesson("; ").join(clauses)
    if about:
        said = say_in_lesson("{about}: {said}", about=about, said=said)
    return say_in_lesson("{said}.", said=said).replace("\n", " ")  # a name may have two lines
