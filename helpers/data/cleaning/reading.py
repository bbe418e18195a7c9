"""Rules that read dates, money, numbers, flags and names that were exported as text."""

import numpy as np
import pandas as pd
from pandas.api import types

from helpers.data import checks
from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import Cleaned

DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S",  # 2025-03-05 14:22:01, the shop
    "%d/%m/%Y %H:%M:%S",  # 05/03/2025 14:22:01, the warehouse: the day comes first
    "%b %d %Y %I:%M:%S %p",  # Mar 5 2025 2:22:01 PM, the office
)
NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
AMOUNT = rf"\$?({NUMBER})(?: ?USD)?"
QUANTITY = rf"({NUMBER})(?: ?pcs)?"
CORRECT = "Correct them in the export, or drop them."


def parse_dates(table: pd.DataFrame, column: str) -> Cleaned:
    """Parse dates that the shop's systems wrote in three formats.

    Each text is read by the first of `DATE_FORMATS` that fits all of it; missing dates stay
    missing. ``05/03/2025`` could be day first or month first, so only formats that a system really
    uses are tried: ``03/25/2025`` is an error, and March never becomes a day. The ledger lists the
    rows that are not in the first format as touched.

    Parameters
    ----------
    table : DataFrame.
    column : its column of text, or of datetimes, which stay as they are.

    Examples
    --------
    >>> visits = pd.DataFrame({"at": ["2025-03-05 14:22:01", "05/03/2025 14:22:01"]})
    >>> parse_dates(visits, "at")[0]["at"].nunique()
    1
    """
    if column in table and types.is_datetime64_dtype(table[column]):
        return ledger.leave("parse_dates", table, column)
    text = _text(table, column)
    dates = pd.to_datetime(text, format=DATE_FORMATS[0], errors="coerce")
    other = text.notna() & dates.isna()
    for format in DATE_FORMATS[1:]:
        unread = text.notna() & dates.isna()
        more = pd.to_datetime(text[unread], format=format, errors="coerce")
        dates[unread] = more.to_numpy()
    what = "holds text that fits no known date format"
    checks.refuse_rows(table, (column, text.notna() & dates.isna(), what, CORRECT))
    why = "{column} is in another format"
    return ledger.fix("parse_dates", table, column, dates.astype("datetime64[us]"), other, why)


def parse_money(table: pd.DataFrame, column: str) -> Cleaned:
    """Parse amounts of dollars such as ``$1,234.50`` or ``12.50 USD`` to floats.

    Other currencies and decimal commas are errors, because they mean other numbers. The ledger
    lists the rows that were more than a bare number as touched.

    Examples
    --------
    >>> prices = pd.DataFrame({"price": ["$1,234.50", "12.50 USD", "3"]})
    >>> parse_money(prices, "price")[0]["price"].tolist()
    [1234.5, 12.5, 3.0]
    """
    if column in table and types.is_float_dtype(table[column]):
        return ledger.leave("parse_money", table, column)
    amounts, other = _numbers(table, column, AMOUNT, "holds text that is no amount of dollars")
    return ledger.fix("parse_money", table, column, amounts, other, "{column} names its currency")


def parse_numbers(table: pd.DataFrame, column: str) -> Cleaned:
    """Parse numbers with or without a unit, such as ``2 pcs``.

    The result has integers if all numbers are whole and none is missing, otherwise floats. The
    ledger lists the rows that were more than a bare number as touched.

    Examples
    --------
    >>> lines = pd.DataFrame({"quantity": ["2 pcs", "1", "-1,000"]})
    >>> parse_numbers(lines, "quantity")[0]["quantity"].tolist()
    [2, 1, -1000]
    """
    if column in table and types.is_numeric_dtype(table[column]):
        return ledger.leave("parse_numbers", table, column)
    numbers, other = _numbers(table, column, QUANTITY, "holds text that is no number")
    if len(numbers) and (numbers == numbers.round()).all():
        numbers = numbers.astype("int64")
    return ledger.fix("parse_numbers", table, column, numbers, other, "{column} names its unit")


def parse_flags(table: pd.DataFrame, column: str) -> Cleaned:
    """Parse ``True`` and ``False`` to booleans.

    The ledger lists the rows that differ from these words in case or blanks as touched.

    Examples
    --------
    >>> parse_flags(pd.DataFrame({"treated": ["True", "FALSE"]}), "treated")[0]["treated"].tolist()
    [True, False]
    """
    if column in table and types.is_bool_dtype(table[column]):
        return ledger.leave("parse_flags", table, column)
    text = _text(table, column).str.strip().str.title()
    neither = ~text.isin(["True", "False"])
    checks.refuse_rows(table, (column, neither, "is neither True nor False", CORRECT))
    other = table[column].astype("str") != text
    why = "{column} differs in case or blanks"
    return ledger.fix("parse_flags", table, column, text == "True", other, why)


def tidy_text(table: pd.DataFrame, column: str) -> Cleaned:
    """Give names that differ only in case and blanks one spelling, the most frequent one.

    Otherwise ``Canada`` and `` CANADA `` would be two countries in every table. The ledger lists
    the rows with a new spelling as touched.

    Examples
    --------
    >>> homes = pd.DataFrame({"country": ["Canada", " CANADA ", "Canada", "France"]})
    >>> tidy_text(homes, "country")[0]["country"].tolist()
    ['Canada', 'Canada', 'Canada', 'France']
    """
    text = _text(table, column)
    spellings = text.value_counts().rename_axis("raw").reset_index(name="rows")
    spellings["tidy"] = spellings["raw"].str.split().str.join(" ")
    spellings["same"] = spellings["tidy"].str.casefold()
    votes = spellings.groupby(["same", "tidy"])["rows"].sum().sort_values(kind="stable")
    winner = votes.reset_index("tidy")["tidy"].groupby("same").last()
    tidy = text.map(spellings.set_index("raw")["same"].map(winner)).astype("str")
    other = text.notna() & (tidy != text)
    why = "{column} differs only in case or blanks"
    return ledger.fix("tidy_text", table, column, tidy, other, why)


def _text(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as text; a column without any value counts as text."""
    if column not in table or table[column].notna().any():
        checks.require(table, **{column: "text?"})
    return table[column].astype("str")


def _numbers(
    table: pd.DataFrame, column: str, pattern: str, what: str
) -> tuple[pd.Series, pd.Series]:
    """Return a column as floats, and a mask of the rows that were more than a bare number."""
    text = _text(table, column)
    numbers = pd.to_numeric(text, errors="coerce").astype("float64").where(np.isfinite)
    other = text.notna() & numbers.isna()
    inner = text[other].str.strip().str.extract(f"^(?:{pattern})$")[0].str.replace(",", "")
    numbers[other] = pd.to_numeric(inner).to_numpy("float64")
    checks.refuse_rows(table, (column, text.notna() & numbers.isna(), what, CORRECT))
    return numbers, other
