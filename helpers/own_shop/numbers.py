"""Numbers as the world writes them."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.own_shop.words import Doubt

SPACES = "[\\s\u00a0\u202f'’_]"


DIGITS = rf"\d(?:[\d.,]|{SPACES})*"


MONEY = r"[A-Z]{3}|[A-Z]{0,2}[^\w\s.,()+\-−–='\"#@/*:]|(?:kr|Fr|Rs|zł)\.?"  # CHF, US$, kr.


NUMBER = re.compile(
    rf"^(?P<open>\()?(?P<minus>[-−–+])?(?P<before>(?:{MONEY})?)\s*(?P<minus2>[-−–])?"
    rf"\s*(?P<digits>[.,]?{DIGITS})(?P<exponent>[eE][+-]?\d+)?\s*(?P<minus3>[-−–](?=$|\s))?"
    r"\s*(?P<after>[^\d()]{0,12})(?P<close>\))?$"
)


GROUPS = r"-?[1-9]\d{0,2}[.,]\d{3}"  # thousands, or three decimals


WELL_FORMED = r"\d*[.,]?\d+|\d{1,3}(?:,\d{2,3})+(?:\.\d*)?|\d{1,3}(?:\.\d{2,3})+(?:,\d*)?"


CURRENCIES = {"$": "$", "US$": "$", "USD": "$", "€": "€", "EUR": "€", "£": "£", "GBP": "£"}


class Numbers(NamedTuple):
    """A column of numbers: the result, what is in doubt, how they are written, and their units."""

    result: pd.Series
    doubts: tuple[Doubt, ...]
    how: str
    units: pd.Series  # "$", "pcs", "%", "" for none


def read_numbers(text: pd.Series, decimal: str | None = None) -> Numbers:
    """Read numbers with or without thousands separators, currency, unit or percent sign.

    What stands last of comma and point, or stands once with other than three digits behind it, is
    the decimal mark: a proof. A single mark with three digits behind it, ``1.234``, is read as the
    proofs of the column have it.

    Parameters
    ----------
    text : Series of str.
    decimal : "," or "."; None to look.

    Returns
    -------
    Numbers; the result is floats, missing where a text is no number. Percentages stay as written.

    Examples
    --------
    >>> read_numbers(pd.Series(["1.234,50 €", "7,5", "2.000", "(3,00)"])).result.tolist()
    [1234.5, 7.5, 2000.0, -3.0]
    """
    unique = pd.Series(text.dropna().unique(), dtype="str")
    bare = pd.to_numeric(unique, errors="coerce").astype("float64").where(np.isfinite)
    dotted = unique[unique.str.contains(".", regex=False)]
    proven = dotted.empty or not dotted.str.fullmatch(GROUPS).all()
    if bare.notna().all() and decimal != "," and proven:  # most files: no need to look closer
        values = text.map(pd.Series(bare.to_numpy(), unique)).astype("float64")
        how = "" if dotted.empty else "decimal point"
        return Numbers(values, (), how, pd.Series("", text.index, dtype="str"))
    parts = unique.astype(object).str.extract(NUMBER)
    digits = parts["digits"].astype("str").str.replace(SPACES, "", regex=True).str.rstrip(".,")
    digits = digits.where(digits.str.fullmatch(WELL_FORMED))
    last = digits.str.extract("([.,])[^.,]*$")[0]  # the mark that stands last
    marks = digits.str.count("[.,]")
    kinds = digits.str.contains(",").astype(int) + digits.str.contains(".", regex=False).astype(int)
    open_ = digits.str.fullmatch(GROUPS).fillna(False).astype(bool)  # 1.234 or 1,234
    groups = (marks > 1) & (kinds == 1)  # 1.234.567: what stands last groups thousands
    decimals = ~open_ & ~groups
    comma = ((last == ",") & decimals) | ((last == ".") & groups)
    point = ((last == ".") & decimals) | ((last == ",") & groups)
    comma, point = (each.fillna(False).astype(bool) for each in (comma, point))

    doubts: tuple[Doubt, ...] = ()
    chosen = decimal
    if chosen is None and comma.any() != point.any():
        chosen = "," if comma.any() else "."
    if chosen is None and open_.any():
        example = f'such as "{unique[open_].iloc[0]}"'
        if comma.any():
            what = f"has decimal commas and decimal points; {open_.sum():,} values, {example}, "
            what += "could be either and were left out."
        else:
            chosen = "," if digits[open_].str.contains(".", regex=False).all() else "."
            marks = "points" if chosen == "," else "commas"
            what = f"has {marks} that could group thousands or begin decimals, {example}; taken "
            what += "for thousands."
        doubts = (Doubt(str(text.name), what, "If that is wrong, say decimal."),)
    as_comma = comma | (open_ & (chosen == ","))
    as_point = point | (open_ & (chosen == ".")) | ~(comma | open_)
    plain = digits.str.replace(",", "", regex=False).where(as_point)
    plain = plain.fillna(
        digits.str.replace(".", "", regex=False).str.replace(",", ".").where(as_comma)
    )
    values = pd.to_numeric(plain + parts["exponent"].fillna("").astype("str"), errors="coerce")
    signs = parts[["minus", "minus2", "minus3"]].notna().sum(axis=1)
    signs += parts["open"].notna() & parts["close"].notna()
    minus = (signs == 1) & (parts["minus"] != "+")
    values = values.astype("float64").where(~minus, -values).where(signs <= 1)
    units = (parts["before"].fillna("") + parts["after"].fillna("")).str.strip()
    units = units.map(lambda unit: CURRENCIES.get(unit.upper(), unit))
    by_text = pd.DataFrame({"value": values.to_numpy(), "unit": units.to_numpy()}, index=unique)
    how = {",": "decimal comma", ".": "decimal point"}.get(chosen or "", "")
    finite = text.map(by_text["value"]).astype("float64").where(np.isfinite)
    return Numbers(finite, doubts, how, text.map(by_text["unit"]).fillna(""))
