"""Read dates, money, numbers and flags that were exported as text."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api import types

from helpers.data import checks
from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import LedgerRow

DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S",  # 2025-03-05 14:22:01, the shop
    "%d/%m/%Y %H:%M:%S",  # 05/03/2025 14:22:01, the warehouse: the day comes first
    "%b %d %Y %I:%M:%S %p",  # Mar 5 2025 2:22:01 PM, the office
)


NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"


AMOUNT = rf"\$?({NUMBER})(?: ?USD)?"


QUANTITY = rf"({NUMBER})(?: ?pcs)?"


CORRECT = "Correct them in the export, or drop them."


def parse_dates(
    table: pd.DataFrame, column: str, formats: Sequence[str] = DATE_FORMATS
) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn dates written in several ways into datetimes.

    Each text is read by the first format that fits all of it; what is missing stays missing.
    ``05/03/2025`` fits day-first and month-first alike, so list only the formats the systems
    really use: then ``03/25/2025`` is an error, and March never becomes a day.

    Parameters
    ----------
    table : DataFrame; ``column`` holds text (or datetimes, which stay as they are).
    formats : `strptime` formats. Rows that fit the first one are as they should be; rows that fit
        another are the ledger's touched rows.

    Examples
    --------
    >>> visits = pd.DataFrame({"at": ["2025-03-05 14:22:01", "05/03/2025 14:22:01"]})
    >>> parse_dates(visits, "at")[0]["at"].nunique()
    1
    """
    if column in table and types.is_datetime64_dtype(table[column]):
        return ledger.leave("parse_dates", table, column)
    text = _text(table, column)
    dates = pd.to_datetime(text, format=formats[0], errors="coerce")
    other = text.notna() & dates.isna()
    for format in formats[1:]:
        unread = text.notna() & dates.isna()
        more = pd.to_datetime(text[unread], format=format, errors="coerce")
        dates[unread] = more.to_numpy()
    what = "holds text that fits no known way to write a date"
    mend = "If this is one more way, add it: formats=(*cleaning.DATE_FORMATS, ...)."
    checks.refuse_rows(table, (column, text.notna() & dates.isna(), what, mend))
    why = "is written in another way"
    return ledger.mend("parse_dates", table, column, dates.astype("datetime64[us]"), other, why)


def parse_money(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn amounts of dollars written as text, ``$1,234.50`` or ``12.50 USD``, into floats.

    Other currencies and decimal commas are errors: they are other numbers, not other spellings.

    Examples
    --------
    >>> prices = pd.DataFrame({"price": ["$1,234.50", "12.50 USD", "3"]})
    >>> parse_money(prices, "price")[0]["price"].tolist()
    [1234.5, 12.5, 3.0]
    """
    if column in table and types.is_float_dtype(table[column]):
        return ledger.leave("parse_money", table, column)
    amounts, other = _numbers(table, column, AMOUNT, "holds text that is no amount of dollars")
    return ledger.mend("parse_money", table, column, amounts, other, "names its currency")


def parse_numbers(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn numbers written as text, with or without a unit (``2 pcs``), into numbers.

    The column is of integers if all are whole and none is missing, else of floats.

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
    return ledger.mend("parse_numbers", table, column, numbers, other, "names its unit")


def parse_flags(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn ``True`` and ``False`` written as text into booleans.

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
    return ledger.mend(
        "parse_flags", table, column, text == "True", other, "differs in case or blanks"
    )


def tidy_text(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Spell names that differ only in case and blanks alike: the way most rows do.

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
    return ledger.mend("tidy_text", table, column, tidy, other, "differs only in case or blanks")


def _text(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of text. A column without any value passes as one."""
    if column not in table or table[column].notna().any():
        checks.require(table, **{column: "text?"})
    return table[column].astype("str")


def _numbers(
    table: pd.DataFrame, column: str, pattern: str, what: str
) -> tuple[pd.Series, pd.Series]:
    """Return a column as floats, and which rows were more than a bare number."""
    text = _text(table, column)
    numbers = pd.to_numeric(text, errors="coerce").astype("float64").where(np.isfinite)
    other = text.notna() & numbers.isna()
    inner = text[other].str.strip().str.extract(f"^(?:{pattern})$")[0].str.replace(",", "")
    numbers[other] = pd.to_numeric(inner).to_numpy("float64")
    checks.refuse_rows(table, (column, text.notna() & numbers.isna(), what, CORRECT))
    return numbers, other
