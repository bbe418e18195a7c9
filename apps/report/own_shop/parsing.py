"""From text to values: blanks in exports, letters, dates, numbers.

The order of the steps matters. Duplicates are found in the original text. Values that an export
writes once per order are filled in before rows without a date are dropped. Prices are read before
quantities, because they show which decimal mark the file uses.
"""

import unicodedata

import numpy as np
import pandas as pd

from apps.report.own_shop import money
from apps.report.own_shop.dates import far_away, join_dates, read_dates
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import GUEST, TOTAL, kind_of_event, kind_of_row
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.questions import OwnShopError
from apps.report.own_shop.repeats import like_others
from helpers.data import cleaning, schema
from helpers.language import say

FEW = 0.05  # share of rows with future dates that may be typos
LAST = 5  # rows at the end of a file that may be totals
NAMES = ("user_id", "order_id", "item_id", "session_id", "name", "category", "country", "channel")
NUMBERS = ("unit_price", "original_price", "amount", "paid", "quantity")
NUMBERS += ("discount", "discount_amount", "refund_amount")
OPTIONAL = ("original_price", "paid", "discount", "discount_amount", "refund_amount")
PER_ORDER = ("amount", "paid", "discount_amount", "refund_amount")
PARTS = ("time", "clock", "year", "month", "day")  # of the time


def parse(job: ImportJob) -> None:
    """Turn text into names, dates and numbers; drop rows in which they can't be read."""
    _join_time(job)
    _drop_totals(job)
    _fill_order_numbers(job)
    _drop_copies(job)
    job.advance()
    _fill_orders(job)
    for role in NAMES:
        if role in job.table:
            job.table[role] = compose_letters(job.table[role])
    _settle_users(job)
    for role in ("category", "event"):
        if role in job.table and job.table[role].notna().any():
            why = (
                say("category differs only in case or blanks")
                if role == "category"
                else say("event differs only in case or blanks")
            )
            job.apply(cleaning.tidy_text, role, why=why)
    job.advance()
    _parse_dates(job)
    _drop_future(job)
    _require_known_events(job)
    _parse_numbers(job)
    job.advance()


# ---------------------------------------------------------------- rows and names


def _drop_totals(job: ImportJob) -> None:
    """Drop a row at the end that is a total: it has "Total" in the place of an id."""
    last = job.table.tail(LAST)
    ids = [role for role in ("user_id", "order_id", "item_id", "name", "time") if role in last]
    total = last[ids].apply(lambda text: text.str.fullmatch(TOTAL, case=False).fillna(False))
    total = total.any(axis=1).reindex(job.table.index, fill_value=False)
    job.drop("drop_totals", total, say("the row is a total of the rows above it"))


def _drop_copies(job: ImportJob) -> None:
    """Drop rows that equal an earlier one in all columns, if an order would not repeat a line.

    An order with a quantity for each item has one line for two equal lamps, so an equal line is a
    copy. Without a quantity, or without the order, two equal rows may be two purchases: they are
    kept, and a doubt says so.
    """
    candidates = job.table.index[like_others(job.table)]
    if not len(candidates):
        return
    rows = job.file.loc[candidates]
    if "order_id" in job.table:
        rows = rows.assign(order_id=job.table["order_id"].loc[candidates])
    copies = rows.duplicated().reindex(job.table.index, fill_value=False)
    if not copies.any():
        return
    if {"order_id", "quantity"} <= job.column.keys() and {"item_id", "name"} & job.column.keys():
        job.drop(
            "drop_duplicate_rows", copies, say("the row equals an earlier one in every column")
        )
        return
    what = say("Rows that equal an earlier row: {copies}.", copies=f"{copies.sum():,}")
    job.doubt("", what, say("They were kept, because two purchases may look the same."))


def _fill_order_numbers(job: ImportJob) -> None:
    """Copy the number of an order to the rows below its first, if the export wrote it only there.

    Odoo leaves the number, the time and the customer blank in all rows of an order but the first.
    """
    if "order_id" not in job.table:
        return
    order = job.table["order_id"]
    below = order.isna() & job.table["time"].isna()
    if below.mean() > FEW:
        order = order.where(~below, order.ffill())
        why = say("the row belongs to the order above it")
        job.change("fill_orders", "order_id", order, below & order.notna(), why)


def _fill_orders(job: ImportJob) -> None:
    """Copy to all rows of an order what the export wrote only into its first row.

    Shopify writes the status "paid" beside the first item of order #1001, and nothing beside the
    others; it is the status of the whole order.
    """
    if "order_id" not in job.table:
        return
    order = job.table["order_id"]
    for role in ("user_id", "time", "status", "currency", "country", "channel"):
        if role in job.table and money.once_per_order(job.table[role], order):
            values = job.table[role]
            filled = money.spread_over_order(values, order)
            why = say(
                '"{column}" in the first row of an order applies to all its rows',
                column=job.column[role],
            )
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


def _settle_users(job: ImportJob) -> None:
    """Write email addresses in lower case, and let guests have no id.

    The revenue of guests counts, but they are not customers: nobody knows who they are.
    """
    if "user_id" not in job.table:
        job.table["user_id"] = pd.Series(np.nan, job.table.index, dtype="str")
        return
    users = job.table["user_id"]
    guest = users.str.fullmatch(GUEST, case=False).fillna(False).astype(bool)
    zero = users == "0"
    if guest[zero].any() and zero.sum() <= users[~guest].value_counts().max():
        guest &= ~zero  # a customer like the others: ids that count from 0
    if guest.any():
        why = say("the row has a word for a guest in place of a customer") + job.such_as(
            "user_id", guest
        )
        job.change("settle_users", "user_id", users.mask(guest), guest, why)
    if users.str.contains("@", regex=False).mean() > 0.5:
        users = job.table["user_id"]
        lower = users.str.lower()
        why = say("an email address is the same in upper and lower case")
        job.change("lower_addresses", "user_id", lower, (lower != users) & users.notna(), why)


def _require_known_events(job: ImportJob) -> None:
    """Treat the rows as orders if the event column contains no known kind of event.

    A column "action" with "view" and "cart" contains events; one with "Spring" and "Easter"
    contains campaigns.
    """
    if "event" not in job.table:
        return
    words = job.table["event"].dropna().unique()
    if any(kind_of_event(word) in schema.EVENTS for word in words):
        return
    if "kind" not in job.table and any(kind_of_row(word) == "refund" for word in words):
        job.table = job.table.rename(columns={"event": "kind"})
        job.column["kind"] = job.column["event"]
    else:
        job.table = job.table.drop(columns="event")
        what = say(
            "contains none of {known}, so the rows were read as orders.",
            known=", ".join(schema.EVENTS),
        )
        job.doubt("event", what)


# ---------------------------------------------------------------- dates


def _join_time(job: ImportJob) -> None:
    """Join a day and a clock, or a year, a month and a day, to one column of time."""
    parts = {role: job.table[role] for role in PARTS if role in job.table}
    if set(parts) != {"time"}:
        named = {{"time": "date"}.get(role, role): text for role, text in parts.items()}
        job.table = job.table.drop(columns=list(parts)).assign(time=join_dates(named))
        job.column.setdefault("time", job.column[next(iter(parts))])


def _parse_dates(job: ImportJob) -> None:
    """Read the time of each row; drop rows without one, and those far from the others."""
    text = job.table["time"]
    name = job.column["time"]
    dates, doubts, _ = read_dates(text.rename(name), job.settings.get("day_first"))
    job.table = job.table.assign(ordered_at=dates)
    job.doubts += doubts
    if not dates.notna().any():
        examples = text.dropna().tolist()
        raise OwnShopError(
            say(
                'No date in column "{column}" can be read, such as "{example}". Write dates as '
                '2025-03-05, or name another column: MAP="time=…".',
                column=name,
                example=examples[0],
            )
            if examples
            else say(
                'No date in column "{column}" can be read: it is empty. Write dates as '
                '2025-03-05, or name another column: MAP="time=…".',
                column=name,
            )
        )
    job.drop("read_dates", text.isna(), say("the time is missing"))
    unread = job.table["ordered_at"].isna()
    job.refuse("time", unread, say("the date cannot be read"))
    far = far_away(job.table["ordered_at"])
    why = say("the date is more than twenty years from the others") + job.such_as("time", far)
    job.drop("far_away", far, why)


def _drop_future(job: ImportJob) -> None:
    """Drop future dates if they are few; if there are many, only note a doubt."""
    later = job.table["ordered_at"] > pd.Timestamp.now() + pd.Timedelta(days=1)
    if later.mean() <= FEW:
        why = say("the date is in the future") + job.such_as("time", later)
        job.drop("drop_future", later, why)
        return
    what = say(
        "contains dates in the future in {rows}{such_as}.",
        rows=pluralize(later.sum(), "row"),
        such_as=job.such_as("time", later),
    )
    job.doubt("time", what, say("They count as they are. Are these orders or deliveries?"))


# ---------------------------------------------------------------- numbers


def _parse_numbers(job: ImportJob) -> None:
    """Read all columns of numbers; a decimal mark proven by one is used for the next."""
    decimal = job.settings.get("decimal")
    for role in [role for role in NUMBERS if role in job.table]:
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
    if (
        role in PER_ORDER
        and "order_id" in job.table
        and money.once_per_order(values, job.table["order_id"])
    ):
        job.per_order.add(role)
        values = money.spread_over_order(values, job.table["order_id"])
    job.table = job.table.assign(**{role: values})
    if (units != "").any():
        job.signs[role] = units
    job.refuse(role, unread, say('"{column}" is not a number', column=column))
    if role not in OPTIONAL and not (role == "amount" and "unit_price" in job.table):
        job.drop(
            "read_numbers", job.table[role].isna(), say('"{column}" is missing', column=column)
        )
    return None if doubts else proven
