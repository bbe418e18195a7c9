"""Find the numbers, dates and times in a text, and tell whether an output shows them.

A number in the prose may be rounded from more digits in the output, written as a percentage of a
share, or in thousands and millions. What it may not be is absent.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}

_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b", r"(?P<year>\d{4})\b"
_DATES = [
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\d-])"),
    re.compile(rf"\b{_DAY} {_MONTH}(?:,? {_YEAR})?"),
    re.compile(rf"\b{_MONTH} {_YEAR}"),
    re.compile(rf"\b{_MONTH} {_DAY}(?:,? {_YEAR})?"),
]
# Times, dates with slashes, versions, ids: right only if the very same characters are shown.
_NAME = re.compile(r"\b(?:\d+(?::\d\d)+|\d+/\d+/\d{4}|\d+(?:\.\d+){2,}|[A-Z]{1,2}\d{3,})\b")
_NUMBER = re.compile(
    r"""
    (?P<hedge>\b(?:about|around|roughly|nearly|almost|some|over|under|close\ to
        |(?:more|less|fewer)\ than)\s+|[≈~]\s?)?
    [$€£]?
    (?<![\w.])(?<![A-Za-z]-)                            # x2, v1.3 and top-10 are names
    (?P<digits>\d{1,3}(?:[,\u202f\u2009]\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)
    (?P<exponent>e[-+]?\d+)?
    (?P<unit>\s?(?:%|percent(?:age\ points?)?\b)|\s(?:thousand|million|billion)\b|(?:[kM]|bn)\b)?
    (?=\W|$|[A-Za-z×]{1,3}\b)                           # 5h and 90th are numbers, 3ffb9dd is none
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Name:
    """Characters that must be shown as they are: 14:22, O000123, 3.11.2."""

    text: str

    def shown_by(self, other: object) -> bool:
        """Whether the output shows it; 14:22:01 shows 14:22."""
        return isinstance(other, Name) and re.match(rf"{re.escape(self.text)}\b", other.text)


@dataclass(frozen=True)
class Date:
    """A date, as far as it is given."""

    text: str = field(compare=False)
    year: int | None
    month: int
    day: int | None

    def shown_by(self, other: object) -> bool:
        """Whether the output shows a date that agrees in everything that is given."""
        return isinstance(other, Date) and all(
            mine in (None, theirs)
            for mine, theirs in zip(
                (self.year, self.month, self.day),
                (other.year, other.month, other.day),
                strict=True,
            )
        )


@dataclass(frozen=True)
class Number:
    """A number and how exactly it is given."""

    text: str = field(compare=False)
    value: Decimal
    percent: bool
    slack: Decimal = field(compare=False)  # how far off the shown number may be

    def shown_by(self, other: object) -> bool:
        """Whether the output shows this number, possibly with more digits; a date shows its year.

        Examples
        --------
        >>> [said] = read("about 26,000 rows")
        >>> [shown] = read("26114")
        >>> said.shown_by(shown)
        True
        """
        if isinstance(other, Date):
            return self.value == other.year
        if not isinstance(other, Number):
            return False
        values = [other.value]
        if self.percent and not other.percent:
            values.append(other.value * 100)
        if other.percent and not self.percent:
            values.append(other.value / 100)
        return any(abs(value - self.value) <= self.slack for value in values)


def read(text: str) -> Iterator[Name | Date | Number]:
    """Yield the numbers, dates and other figures of a text. Signs are left to the reader.

    Examples
    --------
    >>> [found.text for found in read("On 5 March, 43 % of 26,114 users saw top-10 item I0007.")]
    ['5 March', 'I0007', '43 %', '26,114']
    """
    for pattern in _DATES:
        for match in pattern.finditer(text):
            yield _date(match)
        text = pattern.sub(" ", text)
    for match in _NAME.finditer(text):
        yield Name(match[0])
    for match in _NUMBER.finditer(_NAME.sub(" ", text)):
        yield _number(match)


def _date(match: re.Match) -> Date:
    parts = match.groupdict()
    month = parts["month"]
    month = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1
    year, day = (int(parts[name]) if parts.get(name) else None for name in ("year", "day"))
    return Date(match[0], year, month, day)


def _number(match: re.Match) -> Number:
    digits = re.sub(r"[^\d.]", "", match["digits"])
    unit = (match["unit"] or "").strip().lower()
    percent = unit.startswith(("%", "percent"))
    power = SCALES.get(unit, 0) + int((match["exponent"] or "e0")[1:])
    value = Decimal(digits).scaleb(power)
    _, _, decimals = digits.partition(".")
    if match["hedge"] and not decimals:  # about 26,000: the zeros are not meant
        power += len(digits) - len(digits.rstrip("0"))
    exact = len(digits) == 1 and not (match["hedge"] or unit)
    # Any digit from 0 to 9 is the rounding of some number nearby: without "about" it is exact.
    slack = Decimal(0) if exact else Decimal("0.5").scaleb(power - len(decimals))
    return Number(match[0].strip(), value, percent, slack)
