"""From text to values: blanks in exports, letters, dates, numbers.

The order of the steps matters. Duplicates are found in the original text. Values that an export
writes once per order are filled in before rows without a date are dropped. Prices are read before
quantities, because they show which decimal mark the file uses.
"""

import unicodedata

import pandas as pd

from helpers.data import cleaning, schema
from helpers.own_shop import money, prices
from helpers.own_shop.dates import far_away, read_dates
from helpers.own_shop.file import OwnShopError
from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.messages import pluralize
from helpers.own_shop.names import kind_of_event
from helpers.own_shop.numbers import read_numbers

FEW = 0.05  # share of rows with future dates that may be typos
NAMES = ("user_id", "order_id", "item_id", "session_id", "name", "category")
PRICES = ("unit_price", "amount")
DISCOUNTS = ("discount", "discount_amount")


def parse(job: ImportJob, day_first: bool | None, decimal: str | None) -> None:
    """Turn text into names, dates and numbers; drop rows in which they can't be read."""
    drop_copies(job)
    fill_orders(job)
    for role in NAMES:
        if role in job.table:
            job.table[role] = compose_letters(job.table[role])
    _lower_addresses(job)
    for role in ("category", "event"):
        if role in job.table and job.table[role].notna().any():
            job.apply(cleaning.tidy_text, role)
    _parse_dates(job, day_first)
    _drop_future(job)
    _require_known_events(job)
    _parse_numbers(job, decimal)


# ---------------------------------------------------------------- rows and names


def drop_copies(job: ImportJob) -> None:
    """Drop duplicate rows: equal in all columns of the file, including those without a role.

    Two rows "7, 2025-03-01, 5.00" may be duplicates, or two purchases on one day. They count as
    duplicates if the file has an order column, or times of day; otherwise they are kept, and a
    doubt says so.
    """
    copies = job.table.duplicated()
    candidates = job.table[job.table.duplicated(keep=False)].index
    if len(candidates):
        copies = job.file.loc[candidates].duplicated().reindex(copies.index, fill_value=False)
    has_clock = job.table["time"].str.contains(":", regex=False).mean() > 0.5
    if copies.any() and not (has_clock or "order_id" in job.table):
        what = f"Rows that equal an earlier row: {copies.sum():,}."
        mend = "They were kept, because two purchases on one day may look the same."
        job.doubt("", what, mend)
        return
    job.drop("drop_duplicate_rows", copies, "the row equals an earlier one in every column")


def fill_orders(job: ImportJob) -> None:
    """Copy to all rows of an order what the export wrote only into its first row.

    Shopify writes the status "paid" beside the first item of order #1001, and nothing beside the
    others; it is the status of the whole order.
    """
    if "order_id" not in job.table:
        return
    order = job.table["order_id"]
    for role in ("user_id", "time", "status", "currency"):
        if role in job.table and money.once_per_order(job.table[role], order):
            values = job.table[role]
            filled = money.spread_over_order(values, order)
            why = f'"{job.column[role]}" in the first row of an order applies to all its rows'
            job.change("fill_orders", role, filled, values.isna() & filled.notna(), why)


def compose_letters(text: pd.Series) -> pd.Series:
    r"""Return text in which one letter is one character (Unicode NFC), however it was typed.

    Examples
    --------
    >>> compose_letters(pd.Series(["Ren\u00e9", "Rene\u0301"])).nunique()
    1
    """
    if text.str.fullmatch(r"[\x00-\x7f]*").fillna(True).all():
        return text
    composed = {one: unicodedata.normalize("NFC", one) for one in text.dropna().unique()}
    return text.map(composed).astype("str")


def _lower_addresses(job: ImportJob) -> None:
    """Write email addresses in lower case: Ana@x.org becomes ana@x.org."""
    users = job.table["user_id"]
    if users.str.contains("@", regex=False).mean() > 0.5:
        lower = users.str.lower()
        why = "an email address is the same in upper and lower case"
        job.change("lower_addresses", "user_id", lower, (lower != users) & users.notna(), why)


def _require_known_events(job: ImportJob) -> None:
    """Treat the rows as orders if the event column contains no known kind of event.

    A column "action" with "view" and "cart" contains events; one with "Spring" and "Easter"
    contains campaigns.
    """
    if "event" not in job.table:
        return
    words = job.table["event"].dropna().unique()
    if not any(kind_of_event(word) in schema.EVENTS for word in words):
        job.table = job.table.drop(columns="event")
        what = f"contains none of {', '.join(schema.EVENTS)}, so the rows were read as orders."
        job.doubt("event", what)


# ---------------------------------------------------------------- dates


def _parse_dates(job: ImportJob, day_first: bool | None) -> None:
    """Read the time of each row; drop rows without one, and those far from the others."""
    text = job.table["time"]
    dates, doubts, _ = read_dates(text.rename(job.column["time"]), day_first)
    job.table = job.table.assign(ordered_at=dates)
    job.doubts += doubts
    if not dates.notna().any():
        example = text.dropna().head(1).tolist()
        raise OwnShopError(
            f'No date in column "{job.column["time"]}" can be read'
            + (f', such as "{example[0]}".' if example else ": it is empty.")
            + ' Write dates as 2025-03-05, or name another column: roles={"time": "…"}.'
        )
    job.drop("read_dates", text.isna(), "the time is missing")
    unread = job.table["ordered_at"].isna()
    job.drop("read_dates", unread, "the date cannot be read" + job.such_as("time", unread))
    far = far_away(job.table["ordered_at"])
    why = "the date is more than twenty years from the others" + job.such_as("time", far)
    job.drop("far_away", far, why)


def _drop_future(job: ImportJob) -> None:
    """Drop future dates if they are few; if there are many, only note a doubt."""
    later = job.table["ordered_at"] > pd.Timestamp.now() + pd.Timedelta(days=1)
    if later.mean() <= FEW:
        why = "the date is in the future" + job.such_as("time", later)
        job.drop("drop_future", later, why)
        return
    what = f"contains dates in the future in {pluralize(later.sum(), 'row')}"
    what += f"{job.such_as('time', later)}."
    job.doubt("time", what, "They count as they are. Are these orders or deliveries?")


# ---------------------------------------------------------------- numbers


def _parse_numbers(job: ImportJob, decimal: str | None) -> None:
    """Read all columns of numbers; a decimal mark proven by one is used for the next."""
    numbers = (*PRICES, "quantity", *DISCOUNTS)
    for role in [role for role in numbers if role in job.table]:
        decimal = _parse_number(job, role, decimal) or decimal


def _parse_number(job: ImportJob, role: str, decimal: str | None) -> str | None:
    """Read a column of numbers, and return the decimal mark that it proves, if any.

    A row without a price or a quantity is dropped; a missing discount counts as 0.
    """
    column = job.column[role]
    text = job.table[role].rename(column)
    values, doubts, proven, units = read_numbers(text, decimal)
    job.doubts += doubts
    unread = text.notna() & values.isna()
    if role in ("amount", "discount_amount") and "order_id" in job.table:
        values = prices.of_order(job, role, values)
    job.table = job.table.assign(**{role: values})
    if role == "discount":
        prices.settle_discount(job, units)
    if role in PRICES:
        prices.settle_currency(job, role, units)
    if role not in DISCOUNTS:
        unread = unread.reindex(job.table.index)
        example = f', such as "{text[unread[unread].index[0]]}"' if unread.any() else ""
        job.drop("read_numbers", unread, f'"{column}" is not a number{example}')
        job.drop("read_numbers", job.table[role].isna(), f'"{column}" is missing')
    return None if doubts else proven
