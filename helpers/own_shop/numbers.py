"""Numbers in many formats.

How much is 1.234? The text alone doesn't say, but other values of its column often do: 1.234,50
must have a decimal comma. If nothing proves the decimal mark, one is assumed, and a `Doubt` says so
and how to choose the other.
"""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.own_shop.messages import Doubt

SPACES = "[\\s\u00a0\u202f'’_]"  # between thousands
DIGITS = rf"\d(?:[\d.,]|{SPACES})*"
MONEY = r"[A-Z]{3}|[A-Z]{0,2}[^\w\s.,()+\-−–='\"#@/*:]|(?:kr|Fr|Rs|zł)\.?"  # CHF, US$, kr.
NUMBER = re.compile(
    rf"^(?P<open>\()?(?P<minus>[-−–+])?(?P<before>(?:{MONEY})?)\s*(?P<minus2>[-−–])?"
    rf"\s*(?P<digits>[.,]?{DIGITS})(?P<exponent>[eE][+-]?\d+)?\s*(?P<minus3>[-−–](?=$|\s))?"
    r"\s*(?P<after>[^\d()]{0,12})(?P<close>\))?$"
)
AMBIGUOUS = r"-?[1-9]\d{0,2}[.,]\d{3}"  # thousands, or three decimals
WELL_FORMED = r"\d*[.,]?\d+|\d{1,3}(?:,\d{2,3})+(?:\.\d*)?|\d{1,3}(?:\.\d{2,3})+(?:,\d*)?"
CURRENCIES = {"$": "$", "US$": "$", "USD": "$", "€": "€", "EUR": "€", "£": "£", "GBP": "£"}


class Numbers(NamedTuple):
    """A column of numbers: the result, what is in doubt, the decimal mark, and the units."""

    result: pd.Series
    doubts: tuple[Doubt, ...]
    decimal: str | None  # "," or "."; None if no value proves it
    units: pd.Series  # "$", "pcs", "%", "" for none


def read_numbers(text: pd.Series, decimal: str | None = None) -> Numbers:
    """Read numbers with or without thousands separators, currency, unit or percent sign.

    Whichever of comma and period comes last, or appears once and is not followed by exactly three
    digits, is the decimal mark: a proof. A single mark followed by three digits, ``1.234``, is read
    as the proofs in the column suggest.

    Parameters
    ----------
    text : Series of str.
    decimal : "," or "."; None to find out.

    Returns
    -------
    Numbers; the result is floats, missing if a text is not a number. Percentages stay as written.

    Examples
    --------
    >>> read_numbers(pd.Series(["1.234,50 €", "7,5", "2.000", "(3,00)"])).result.tolist()
    [1234.5, 7.5, 2000.0, -3.0]
    """
    unique = pd.Series(text.dropna().unique(), dtype="str")
    bare = pd.to_numeric(unique, errors="coerce").astype("float64").where(np.isfinite)
    dotted = unique[unique.str.contains(".", regex=False)]
    proven = dotted.empty or not dotted.str.fullmatch(AMBIGUOUS).all()
    if bare.notna().all() and decimal != "," and proven:  # most files: no need to look closer
        values = text.map(pd.Series(bare.to_numpy(), unique)).astype("float64")
        units = pd.Series("", text.index, dtype="str")
        return Numbers(values, (), None if dotted.empty else ".", units)
    parts = unique.astype(object).str.extract(NUMBER)
    digits = parts["digits"].astype("str").str.replace(SPACES, "", regex=True).str.rstrip(".,")
    digits = digits.where(digits.str.fullmatch(WELL_FORMED))
    marks = _marks(digits)
    doubts: tuple[Doubt, ...] = ()
    if decimal is None and marks["comma"].any() != marks["point"].any():
        decimal = "," if marks["comma"].any() else "."
    if decimal is None and marks["ambiguous"].any():
        decimal, doubt = _choose(unique, digits, marks, str(text.name))
        doubts = (doubt,)
    values = _values(digits, marks, decimal) + parts["exponent"].fillna("").astype("str")
    values = _signed(pd.to_numeric(values, errors="coerce").astype("float64"), parts)
    units = (parts["before"].fillna("") + parts["after"].fillna("")).str.strip()
    units = units.map(lambda unit: CURRENCIES.get(unit.upper(), unit))
    by_text = pd.DataFrame({"value": values.to_numpy(), "unit": units.to_numpy()}, index=unique)
    finite = text.map(by_text["value"]).astype("float64").where(np.isfinite)
    return Numbers(finite, doubts, decimal, text.map(by_text["unit"]).fillna(""))


def _marks(digits: pd.Series) -> pd.DataFrame:
    """Return what the marks of each number prove: comma, point, or nothing (ambiguous).

    In "1.234,50" the comma comes last, so it is the decimal mark. In "1.234.567" the point appears
    twice, so it groups thousands, and the decimal mark would be the comma. "1.234" proves nothing.
    """
    last = digits.str.extract("([.,])[^.,]*$")[0]
    kinds = digits.str.contains(",").astype(int) + digits.str.contains(".", regex=False).astype(int)
    ambiguous = digits.str.fullmatch(AMBIGUOUS).fillna(False).astype(bool)
    groups = (digits.str.count("[.,]") > 1) & (kinds == 1)
    decimals = ~ambiguous & ~groups
    comma = ((last == ",") & decimals) | ((last == ".") & groups)
    point = ((last == ".") & decimals) | ((last == ",") & groups)
    marks = pd.DataFrame({"comma": comma, "point": point, "ambiguous": ambiguous})
    return marks.fillna(False).astype(bool)


def _choose(
    unique: pd.Series, digits: pd.Series, marks: pd.DataFrame, column: str
) -> tuple[str | None, Doubt]:
    """Choose a decimal mark for "1.234" if the column proves both, or neither; and note a doubt.

    If both are proven, no mark is chosen, and such values are missing. If neither is, the marks are
    read as thousands separators.
    """
    ambiguous = marks["ambiguous"]
    example = f'such as "{unique[ambiguous].iloc[0]}"'
    decimal = None
    if marks["comma"].any():
        what = f"has decimal commas and decimal points; {ambiguous.sum():,} values, {example}, "
        what += "could be either and were left out."
        mend = 'To read these, too, set decimal="," or decimal=".".'
    else:
        decimal = "," if digits[ambiguous].str.contains(".", regex=False).all() else "."
        mark, other = ("periods", ".") if decimal == "," else ("commas", ",")
        what = f"has {mark} that could be thousands separators or decimal marks, {example}. "
        what += "They were read as thousands separators."
        mend = f'If that is wrong, set decimal="{other}".'
    return decimal, Doubt(column, what, mend)


def _values(digits: pd.Series, marks: pd.DataFrame, decimal: str | None) -> pd.Series:
    """Return digits as Python writes them: "1.234,50" is "1234.50"."""
    as_comma = marks["comma"] | (marks["ambiguous"] & (decimal == ","))
    as_point = marks["point"] | (marks["ambiguous"] & (decimal == "."))
    as_point |= ~(marks["comma"] | marks["ambiguous"])
    with_point = digits.str.replace(",", "", regex=False).where(as_point)
    with_comma = digits.str.replace(".", "", regex=False).str.replace(",", ".").where(as_comma)
    return with_point.fillna(with_comma)


def _signed(values: pd.Series, parts: pd.DataFrame) -> pd.Series:
    """Return values with their signs: "-5", "$-5", "5-" and "(5)" are below 0; "--5" is missing."""
    signs = parts[["minus", "minus2", "minus3"]].notna().sum(axis=1)
    signs += parts["open"].notna() & parts["close"].notna()
    minus = (signs == 1) & (parts["minus"] != "+")
    return values.where(~minus, -values).where(signs <= 1)
