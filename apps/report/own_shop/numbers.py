"""Numbers in many formats.

How much is 1.234? The text alone doesn't say, but other values of its column often do: 1.234,50
must have a decimal comma. If nothing proves the decimal mark, one is assumed, and a `Doubt` says so
and how to choose the other.
"""

import re
import unicodedata
from typing import NamedTuple

import numpy as np
import pandas as pd
from babel.numbers import is_currency

from apps.report.own_shop.messages import Doubt, doubt
from apps.report.own_shop.names import SIGNS
from apps.report.own_shop.templates import by_template, byte_span, clean
from helpers.language import say

TOO_LARGE = 1e15  # for an amount or a quantity
CURRENCIES = {sign: shown for shown, signs in SIGNS.items() for sign in signs}  # "USD": "$"
WITHOUT_CENTS = {"¥", "JPY", "KRW", "VND"}  # 1,234 of these must be thousands
COUNTS = {"x": "x", "X": "x", "×": "x", "%": "%"}  # what else may stand in front: x2, and %15
MAGNITUDE = re.compile(  # 2 k and 2万 are 2,000 and 20,000: not read
    r"(?:M|(?i:k|mio|mln|bn|tsd|tys|тыс|млн|mil|lakhs?|crores?|cr|thousand|million))(?![^\W\d_])"
    "|[万萬億亿千만]"
)
MINUS = "[-−–‐‑‒▲△]"  # Japanese bookkeeping writes triangles
SPACE = "[ '’_]"  # between thousands
# Thousands are grouped by spaces, commas (in India 1,23,456), periods, or not at all.
DIGITS = (
    rf"0{{1,3}}(?P<space>{SPACE})000(?:(?P=space)000)*(?:[.,]0+)?|00?(?:,00)+,000(?:\.0+)?"
    r"|0{1,3}(?:,000)+(?:\.0+)?|0{1,3}(?:\.000)+(?:,0+)?|0+(?:[.,]0+)?|[.,]0+"
)
SIGN = r"[^\d\s().,+-][^\d\s()+-]{0,3}"  # of a currency
UNIT = r"[^\d\s().,'][^\d()]{0,11}"
NUMBER = re.compile(  # a template
    rf"(?P<minus>{MINUS}|\+)? ?(?P<sign>{SIGN})?? ?(?P<open>\()? ?(?P<sign_in>{SIGN})?? ?"
    rf"(?P<minus_in>{MINUS})? ?(?P<digits>{DIGITS})(?P<exponent>[eE][+-]?0+)?"
    rf"(?:(?P<round>[.,])(?:--?|[–—])|[.,]|/-)?(?: ?(?P<minus_behind>{MINUS})(?=[ )]|$))?"
    rf" ?(?P<unit>{UNIT})?? ?(?P<close>\))? ?(?P<unit_behind>{UNIT})?"
)
WHOLE = rf"0+|0{{1,3}}(?P<mark>[.,]|{SPACE})000(?:(?P=mark)000)*"
AMBIGUOUS = r"0{1,3}[.,]000"  # thousands, or three decimals


class Numbers(NamedTuple):
    """A column of numbers: the result, what is in doubt, the decimal mark, and the units."""

    result: pd.Series
    doubts: tuple[Doubt, ...]
    decimal: str | None  # "," or "."; None if no value proves it
    units: pd.Series  # "$", "PLN", "pcs", "%", "" for none


class Group(NamedTuple):
    """Values of one template: where they are, how they are written, and what that proves."""

    where: np.ndarray
    number: np.ndarray  # bytes of the digits and the marks between them: (values, bytes)
    proof: str  # the decimal mark "," or "."; "?" if it could be either; "" if there is no mark
    minus: bool
    unit: str


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
    Numbers; the result is floats, missing if a text is not a number or is 10¹⁵ and more.
    Percentages stay as written.

    Examples
    --------
    >>> read_numbers(pd.Series(["1.234,50 €", "7,5", "2.000", "(3,00)"])).result.tolist()
    [1234.5, 7.5, 2000.0, -3.0]
    """
    codes, unique = pd.factorize(text)
    unique = pd.Series(unique, dtype="str")
    bare = pd.to_numeric(unique, errors="coerce").astype("float64")
    if bare.abs().lt(TOO_LARGE).all() and decimal != ",":  # most files: no need to look closer
        dotted = unique[unique.str.contains(".", regex=False)]
        if dotted.empty or not dotted.str.fullmatch(r"[-+]?[1-9]\d{0,2}\.\d{3}").all():
            values = pd.Series(np.append(bare, np.nan)[codes], text.index, name=text.name)
            units = pd.Series("", text.index, dtype="str")
            return Numbers(values, (), None if dotted.empty else ".", units)
    groups = [
        group
        for template, where, characters in by_template(clean(unique))
        for group in _understand(template, where, characters)
    ]
    proofs = {group.proof for group in groups} & {",", "."}
    doubts: tuple[Doubt, ...] = ()
    if decimal is None and len(proofs) == 1:
        (decimal,) = proofs
    unproven = [group for group in groups if group.proof == "?"]
    if decimal is None and not proofs and unproven:
        decimal, about = _choose(unique, unproven, str(text.name))
        doubts = (about,)
    values = np.full(len(unique) + 1, np.nan)  # the last one is for missing text
    units = np.full(len(unique) + 1, "", dtype=object)
    for group in groups:
        values[group.where] = _values(group, decimal)
        units[group.where] = group.unit
    values[np.abs(values) >= TOO_LARGE] = np.nan
    result = pd.Series(values[codes], text.index, name=text.name)
    written = pd.Series(units, dtype="str").array.take(codes)
    return Numbers(result, doubts, decimal, pd.Series(written, text.index))


def _understand(template: str, where: np.ndarray, characters: np.ndarray) -> list[Group]:
    """Return the values of a template in groups that prove the same; none if it is no number.

    In "1.234,50" the comma comes last, so it is the decimal mark. In "1.234.567" the period appears
    twice, so it groups thousands, and the decimal mark would be the comma. "1.234" proves nothing,
    but "0.234" does.
    """
    match = NUMBER.fullmatch(template)
    unit = _unit(match) if match else None
    if unit is None or bool(match["open"]) != bool(match["close"]):
        return []
    signs = [match[key] for key in ("minus", "open", "minus_in", "minus_behind") if match[key]]
    if len(signs) > 1:
        return []
    if match["round"] and not re.fullmatch(WHOLE, match["digits"]):  # 1.50,-
        return []
    shown = match["digits"] + (match["round"] or "")
    marks = re.findall("[.,]", shown)
    proof = marks[-1] if marks else ""
    if len(marks) > 1 and len(set(marks)) == 1:
        proof = _other(proof)
    number = characters[:, byte_span(template, match.span("digits"))]
    if match["exponent"]:
        exponent = characters[:, byte_span(template, match.span("exponent"))]
        number = np.hstack([number, exponent])
    everywhere = np.ones(len(where), bool)
    proofs = [(everywhere, proof)]
    if re.fullmatch(AMBIGUOUS, shown):
        unproven = _other(proof) if unit in WITHOUT_CENTS else "?"
        zero = number[:, 0] == ord("0")
        proofs = [(zero, proof), (~zero, unproven)]
    minus = signs not in ([], ["+"])
    return [
        Group(where[rows], number[rows], one, minus, unit) for rows, one in proofs if rows.any()
    ]


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def _unit(match: re.Match) -> str | None:
    """Return the currency or unit of a number; None if a word makes it no number."""
    units = []
    for sign in filter(None, match.group("sign", "sign_in")):
        shown = COUNTS.get(sign) or CURRENCIES.get(sign.upper())
        if not (shown or is_currency(sign) or unicodedata.category(sign[-1]) == "Sc"):
            return None
        units.append(shown or sign)
    for unit in filter(None, match.group("unit", "unit_behind")):
        if MAGNITUDE.match(unit):
            return None
        units.append(CURRENCIES.get(unit.upper(), unit))
    units = list(dict.fromkeys(unit for unit in units if unit))
    if len(units) == 2 and is_currency(units[1]):  # $5 CAD
        return units[1]
    return "".join(units)


def _choose(unique: pd.Series, groups: list[Group], column: str) -> tuple[str, Doubt]:
    """Read the mark in "1.234" as a thousands separator, as nothing proves it; and note a doubt."""
    example = unique.iloc[min(group.where.min() for group in groups)]
    points = all((group.number == ord(".")).any() for group in groups)
    marks, mark, word = ("periods", ".", "point") if points else ("commas", ",", "comma")
    about = doubt(
        column,
        'has {marks} that could be thousands separators or decimal marks, such as "{example}". '
        "They were read as thousands separators.",
        'If that is wrong, set decimal="{mark}" (or MAP="decimal={word}").',
        marks=say(marks),
        example=example,
        mark=mark,
        word=word,
    )
    return _other(mark), about


def _values(group: Group, decimal: str | None) -> np.ndarray:
    """Return the numbers of a group: "1.234,50" is what Python writes as "1234.50"."""
    mark = decimal if group.proof == "?" else group.proof
    if mark is None:
        return np.full(len(group.where), np.nan)
    first = group.number[0]
    kept = np.isin(first, [ord(one) for one in f"0123456789eE+-{mark}"])
    digits = group.number[:, kept]
    digits[:, first[kept] == ord(mark or ".")] = ord(".")
    written = np.ascontiguousarray(digits).view(f"S{digits.shape[1]}")
    values = written[:, 0].astype("float64")
    return -values if group.minus else values
