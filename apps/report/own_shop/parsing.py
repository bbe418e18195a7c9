"""From text to values: blanks in exports, letters, dates, numbers.

The order of the steps matters. Duplicates are found in the original text. Values that an export
writes once per order are filled in before rows without a date are dropped. Prices are read before
quantities, because they show which decimal mark the file uses.
"""

import numpy as np
import pandas as pd

from apps.report.own_shop import money
from apps.report.own_shop.dates import join_dates, read_dates
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.lines import sort_kinds
from apps.report.own_shop.names import GUEST, TOTAL, kind_of_event, kind_of_row
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.questions import OwnShopError, Question, ask, choose
from apps.report.own_shop.repeats import like_others
from helpers.data import cleaning, schema
from helpers.language import say

FEW = 0.05  # share of rows with future dates that may be typos
FAR = pd.Timedelta(days=20 * 365)  # from the median date: not a real order
EARLIEST = 1900  # a year of a shop
LAST = 5  # rows at the end of a file that may be totals
NAMES = ("user_id", "order_id", "item_id", "session_id", "name", "category", "country", "channel")
IDS = ("user_id", "order_id", "item_id")
NUMBERS = ("unit_price", "original_price", "amount", "paid", "quantity")
NUMBERS += ("discount", "discount_amount", "refund_amount")
OPTIONAL = ("original_price", "paid", "discount", "discount_amount", "refund_amount")
PER_ORDER = ("amount", "paid", "discount", "discount_amount", "refund_amount")
THOUSANDTHS = r"\D*\d{1,3}[.,]\d{3}\D*"  # 5.250 in all rows
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
        if role in job.table and not job.table[role].dropna().str.isascii().all():
            job.table[role] = job.table[role].str.normalize("NFC")  # a letter is one character
    _settle_ids(job)
    _settle_users(job)
    for role in ("category", "event"):
        if role in job.table and job.table[role].notna().any():
            why = say("{role} differs only in case or blanks", role=role)
            job.apply(cleaning.tidy_text, role, why=why)
    job.advance()
    _parse_dates(job)
    _drop_future(job)
    _require_known_events(job)
    if "kind" in job.table:
        sort_kinds(job)
    _parse_numbers(job)
    job.advance()


# ---------------------------------------------------------------- rows and names


def _drop_totals(job: ImportJob) -> None:
    """Drop rows that are totals: they have "Total" in the place of an id.

    An item may be called so; it is a total in the last rows, or where an id is missing.
    """
    ids = job.table[
        [r for r in ("user_id", "order_id", "time", "item_id", "name") if r in job.table]
    ]
    total = ids.apply(lambda text: text.str.fullmatch(TOTAL, case=False))
    doubted = ids.notna().all(axis=1) & ~ids.index.isin(ids.index[-LAST:])
    of_item = [role for role in ("item_id", "name") if role in total]
    total = total.drop(columns=of_item).any(axis=1) | (total[of_item].any(axis=1) & ~doubted)
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
    what = "Rows that equal an earlier row: {copies}."
    fix = "They were kept, because two purchases may look the same."
    job.doubt("", what, fix, copies=f"{copies.sum():,}")


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


def _settle_ids(job: ImportJob) -> None:
    """Read 7.0 as the id 7, as a table of numbers writes it where some are missing."""
    for role in IDS:
        if role not in job.table:
            continue
        ids = job.table[role]
        decimal = ids.str.endswith(".0")
        if decimal.any():
            decimal &= ids.str.fullmatch(r"\d+\.0")
            whole = ids.mask(decimal, ids.str.removesuffix(".0"))
            job.change("settle_ids", role, whole, decimal, say("an id such as 7.0 is 7"))
        known = pd.Series(job.table[role].dropna().unique(), dtype="str")
        several, alike = len(known), known.str.lstrip("0").nunique()
        if alike < several:
            what = "has {several} different ids, but {alike} if zeros in front don't count."
            fix = "Did a spreadsheet remove some? They count as different."
            job.doubt(role, what, fix, several=f"{several:,}", alike=f"{alike:,}")


def _settle_users(job: ImportJob) -> None:
    """Write email addresses in lower case, and let guests have no id.

    The revenue of guests counts, but they are not customers: nobody knows who they are.
    """
    if "user_id" not in job.table:
        job.table["user_id"] = pd.Series(np.nan, job.table.index, dtype="str")
        return
    users = job.table["user_id"]
    guest = users.str.fullmatch(GUEST, case=False)
    zero = users == "0"
    if guest[zero].any() and zero.sum() <= users[~guest].value_counts().max():
        guest &= ~zero  # a customer like the others: ids that count from 0
    if guest.any():
        why = say("the row has a word for a guest in place of a customer") + job.such_as(
            "user_id", guest
        )
        job.change("settle_users", "user_id", users.mask(guest), guest, why)
    users = job.table["user_id"]
    lower, why = users.str.lower(), say("an email address is the same in upper and lower case")
    if users.str.fullmatch(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+)*\.?").mean() > 0.9:
        lower, why = users.str.title(), say("a name is the same in upper and lower case")
    elif users.str.contains("@", regex=False).mean() <= 0.5:
        return
    job.change("lower_addresses", "user_id", lower, (lower != users) & users.notna(), why)


def _require_known_events(job: ImportJob) -> None:
    """Treat the rows as orders if the event column contains no known kind of event.

    A column "action" with "view" and "cart" contains events; one with "Spring" and "Easter"
    contains campaigns.
    """
    if "event" not in job.table:
        return
    words = job.table["event"].dropna().unique()
    known = {kind_of_event(word) for word in words} & set(schema.EVENTS)
    back = any(kind_of_row(word) == "refund" for word in words)
    if back and known <= {"purchase"} and "kind" not in job.table:
        job.rename("event", "kind")
    elif not known:
        job.table = job.table.drop(columns="event")
        what = "contains none of {known}, so the rows were read as orders."
        job.doubt("event", what, known=", ".join(schema.EVENTS))


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
    example = next(iter(text.dropna()), "")
    if dates.isna().all():
        raise OwnShopError(
            'No date in column "{column}" can be read, such as "{example}". Write dates as '
            '2025-03-05, or name another column: MAP="time=…".',
            column=name,
            example=example,
        )
    if dates.median().year < EARLIEST:
        what = "has dates such as “{example}”, which are of another calendar, or wrong."
        fix = "They were kept. Convert them to the Gregorian calendar first."
        job.doubt("time", what, fix, example=example)
    job.drop("read_dates", text.isna(), say("the time is missing"))
    unread = job.table["ordered_at"].isna()
    job.refuse("time", unread, say("the date cannot be read"))
    moments = job.table["ordered_at"]
    far = (moments - moments.median()).abs() > FAR  # a placeholder, or a typo
    why = say("the date is more than twenty years from the others") + job.such_as("time", far)
    job.drop("far_away", far, why)


def _drop_future(job: ImportJob) -> None:
    """Drop future dates if they are few; if there are many, only note a doubt."""
    later = job.table["ordered_at"] > pd.Timestamp.now() + pd.Timedelta(days=1)
    if later.mean() <= FEW:
        why = say("the date is in the future") + job.such_as("time", later)
        job.drop("drop_future", later, why)
        return
    what = "contains dates in the future in {rows}{such_as}."
    fix = "They count as they are. Are these orders or deliveries?"
    job.doubt_rows("time", later, what, fix)


# ---------------------------------------------------------------- numbers


def _parse_numbers(job: ImportJob) -> None:
    """Read all columns of numbers; a decimal mark proven by one is used for the next.

    A row without a price or a quantity is dropped, unless another column tells it; a missing
    discount counts as 0.
    """
    decimal = job.settings.get("decimal")
    roles = [role for role in NUMBERS if role in job.table]
    text = job.table[roles]
    for role in roles:
        decimal = _parse_number(job, role, decimal) or decimal
    job.decimal = decimal
    _tell_missing(job)
    for role in roles:
        column, missing = job.column[role], job.table[role].isna()
        unread = missing & text[role].reindex(missing.index).notna()
        job.refuse(role, unread, say('"{column}" is not a number', column=column))
        if role not in OPTIONAL and not (role == "amount" and "unit_price" in job.table):
            missing = job.table[role].isna()
            if "event" in job.table:  # a view needs no quantity
                missing &= job.table["event"].map(kind_of_event) == "purchase"
            job.drop("read_numbers", missing, say('"{column}" is missing', column=column))


def _thousands_or_decimals(column: str, example: str) -> Question:
    """Return the question what 5.250 means, if all values are written so."""
    point, comma = example.replace(",", ""), example.replace(".", "").replace(",", ".")
    means = "{example} means {value}"
    point = choose({"decimal=point": means}, example=example, value=point)
    comma = choose({"decimal=comma": means}, example=example, value=comma)
    asks = "All values of “{column}” have three digits behind a mark."
    return ask(asks, point + comma, column=column)


def _tell_missing(job: ImportJob) -> None:
    """Fill in a missing quantity or price that the amount of its line tells: quantity × price."""
    table = job.table
    if "amount" not in table or "amount" in job.per_order or "quantity" not in table:
        return
    amount, quantity = table["amount"], table["quantity"]
    if "unit_price" not in table:  # a row with money is a row, as of a refund without a quantity
        job.table = table.assign(quantity=quantity.mask(amount.notna(), quantity.fillna(1.0)))
        return
    price = table["unit_price"]
    if "is_refund" in table:  # a refund or a coupon needs neither quantity nor price
        told = (table["is_refund"] | table["is_discount"]) & price.isna() & amount.notna()
        quantity, price = quantity.mask(told, 1.0), price.mask(told, amount)
        job.table = table.assign(quantity=quantity, unit_price=price)
    known = (quantity * price * amount).notna()
    if money.agree((quantity * price)[known], amount[known]):
        price = price.fillna(amount / quantity.where(quantity != 0))
        quantity = quantity.fillna(amount / price.where(price != 0))
        job.table = table.assign(quantity=quantity, unit_price=price)


def _parse_number(job: ImportJob, role: str, decimal: str | None) -> str | None:
    """Read a column of numbers, or the sum of several, and return the decimal mark it proves."""
    values, proven = None, None
    for column in job.parts(role):
        text = job.file[column].reindex(job.table.index)
        part, doubts, proven, units = read_numbers(text, decimal)
        if doubts and proven and text.dropna().str.fullmatch(THOUSANDTHS).all():
            raise _thousands_or_decimals(column, text.dropna().iloc[0])
        job.doubts += doubts
        if (
            role in PER_ORDER
            and "order_id" in job.table
            and money.once_per_order(part, job.table["order_id"])
        ):
            job.per_order.add(role)
            part = money.spread_over_order(part, job.table["order_id"])
        if (units != "").any():
            job.signs[role] = units
        values = part if values is None else values.add(part, fill_value=0.0)
    job.table = job.table.assign(**{role: values})
    return None if doubts else proven
