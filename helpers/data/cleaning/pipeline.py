"""From a dirty export to a clean shop: one rule a function, and a ledger of what each one did.

Every rule takes a table and returns it mended, with a `LedgerRow` that says which rows it touched
and which it dropped, and why. Rows keep their labels, so that each can be traced to its line in
the raw file. Nothing is guessed in silence: what a rule cannot read is an error that names rows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api import types

from helpers.data import schema

DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S",  # 2025-03-05 14:22:01, the shop
    "%d/%m/%Y %H:%M:%S",  # 05/03/2025 14:22:01, the warehouse: the day comes first
    "%b %d %Y %I:%M:%S %p",  # Mar 5 2025 2:22:01 PM, the office
)
NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
AMOUNT = rf"\$?({NUMBER})(?: ?USD)?"
QUANTITY = rf"({NUMBER})(?: ?pcs)?"
HOME = "America/New_York"
CORRECT = "Correct them in the export, or drop them."
MOST_UNITS = 9_999  # nobody orders more of one thing
BOT_VIEWS = 300  # within one hour: a page every 12 seconds


# ---------------------------------------------------------------- the ledger


class LedgerRow(NamedTuple):
    """What one rule did to one table. ``touched`` and ``dropped`` are row labels, disjoint."""

    rule: str
    table: str
    touched: pd.Index
    dropped: pd.Index
    why: str


@dataclass(frozen=True, repr=False)
class Ledger:
    """What all rules did, in order."""

    rows: tuple[LedgerRow, ...]

    def __iter__(self) -> Iterator[LedgerRow]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return self.table().to_string(index=False)

    def table(self) -> pd.DataFrame:
        """Return the rows with counts in place of labels: rule, table, touched, dropped, why."""
        return pd.DataFrame(
            [row._replace(touched=len(row.touched), dropped=len(row.dropped)) for row in self],
            columns=LedgerRow._fields,
        )


def _mend(
    rule: str, table: pd.DataFrame, column: str, values: pd.Series, touched: pd.Series, why: str
) -> tuple[pd.DataFrame, LedgerRow]:
    """Return the table with new values in a column, and the ledger row."""
    rows = table.index[touched.to_numpy(bool)]
    why = f"{column} {why}"
    row = LedgerRow(rule, schema.name_of(table), rows, table.index[:0], why)
    return table.assign(**{column: values}), row


def _leave(rule: str, table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Return the table as it is: the rule has been here before."""
    return table, LedgerRow(
        rule, schema.name_of(table), table.index[:0], table.index[:0], f"{column} is read already"
    )


def _drop(
    rule: str, table: pd.DataFrame, drop: pd.Series | np.ndarray, why: str
) -> tuple[pd.DataFrame, LedgerRow]:
    """Return the table without the rows to drop, and the ledger row."""
    drop = np.asarray(drop, bool)
    row = LedgerRow(rule, schema.name_of(table), table.index[:0], table.index[drop], why)
    return table[~drop], row


# ---------------------------------------------------------------- reading what was written


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

    Raises
    ------
    TableError
        If a text fits no format (the message names the first rows).

    Examples
    --------
    >>> visits = pd.DataFrame({"at": ["2025-03-05 14:22:01", "05/03/2025 14:22:01"]})
    >>> parse_dates(visits, "at")[0]["at"].nunique()
    1
    """
    if column in table and types.is_datetime64_dtype(table[column]):
        return _leave("parse_dates", table, column)
    text = _text(table, column)
    dates = pd.to_datetime(text, format=formats[0], errors="coerce")
    other = text.notna() & dates.isna()
    for format in formats[1:]:
        unread = text.notna() & dates.isna()
        more = pd.to_datetime(text[unread], format=format, errors="coerce")
        dates[unread] = more.to_numpy()
    what = "holds text that fits no known way to write a date"
    mend = "If this is one more way, add it: formats=(*cleaning.DATE_FORMATS, ...)."
    schema.refuse_rows(table, (column, text.notna() & dates.isna(), what, mend))
    why = "is written in another way"
    return _mend("parse_dates", table, column, dates.astype("datetime64[us]"), other, why)


def parse_money(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn amounts of dollars written as text, ``$1,234.50`` or ``12.50 USD``, into floats.

    Other currencies and decimal commas are errors: they are other numbers, not other spellings.

    Raises
    ------
    TableError
        If a text is no amount of dollars (the message names the first rows).

    Examples
    --------
    >>> prices = pd.DataFrame({"price": ["$1,234.50", "12.50 USD", "3"]})
    >>> parse_money(prices, "price")[0]["price"].tolist()
    [1234.5, 12.5, 3.0]
    """
    if column in table and types.is_float_dtype(table[column]):
        return _leave("parse_money", table, column)
    amounts, other = _numbers(table, column, AMOUNT, "holds text that is no amount of dollars")
    return _mend("parse_money", table, column, amounts, other, "names its currency")


def parse_numbers(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn numbers written as text, with or without a unit (``2 pcs``), into numbers.

    The column is of integers if all are whole and none is missing, else of floats.

    Raises
    ------
    TableError
        If a text is no number (the message names the first rows).

    Examples
    --------
    >>> lines = pd.DataFrame({"quantity": ["2 pcs", "1", "-1,000"]})
    >>> parse_numbers(lines, "quantity")[0]["quantity"].tolist()
    [2, 1, -1000]
    """
    if column in table and types.is_numeric_dtype(table[column]):
        return _leave("parse_numbers", table, column)
    numbers, other = _numbers(table, column, QUANTITY, "holds text that is no number")
    if len(numbers) and (numbers == numbers.round()).all():
        numbers = numbers.astype("int64")
    return _mend("parse_numbers", table, column, numbers, other, "names its unit")


def parse_flags(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Turn ``True`` and ``False`` written as text into booleans.

    Raises
    ------
    TableError
        If a text is neither, or missing (the message names the first rows).

    Examples
    --------
    >>> parse_flags(pd.DataFrame({"treated": ["True", "FALSE"]}), "treated")[0]["treated"].tolist()
    [True, False]
    """
    if column in table and types.is_bool_dtype(table[column]):
        return _leave("parse_flags", table, column)
    text = _text(table, column).str.strip().str.title()
    neither = ~text.isin(["True", "False"])
    schema.refuse_rows(table, (column, neither, "is neither True nor False", CORRECT))
    other = table[column].astype("str") != text
    return _mend("parse_flags", table, column, text == "True", other, "differs in case or blanks")


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
    return _mend("tidy_text", table, column, tidy, other, "differs only in case or blanks")


def _text(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of text. A column without any value passes as one."""
    if column not in table or table[column].notna().any():
        schema.require(table, **{column: "text?"})
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
    schema.refuse_rows(table, (column, text.notna() & numbers.isna(), what, CORRECT))
    return numbers, other


# ---------------------------------------------------------------- rows that should not be there


def drop_duplicate_rows(table: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows that equal an earlier row in every column.

    Two lines that agree to the second and in every id are one line, sent twice. Rows that agree
    in some columns only are not duplicates: a basket holds many lines of one moment.
    """
    return _drop("drop_duplicate_rows", table, table.duplicated(), "equals an earlier row")


def drop_missing(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows without a value in a column that the analysis cannot do without."""
    _need(table, column)
    return _drop("drop_missing", table, table[column].isna(), f"{column} is missing")


def drop_orphans(
    table: pd.DataFrame, key: str, home: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows whose id does not stand in the table it belongs to. Missing ids are no orphans."""
    _need(table, key)
    _need(home, key)
    orphan = table[key].notna() & ~table[key].isin(home[key])
    return _drop("drop_orphans", table, orphan, f"{key} is in no list of {key[:-3]}s")


def find_bots(events: pd.DataFrame) -> pd.Index:
    """Return the users who view `BOT_VIEWS` pages within an hour and never put one in a cart.

    Parameters
    ----------
    events : DataFrame; columns ``user_id``, ``occurred_at`` (datetime), ``event`` (tidy).
    """
    _need(events, "user_id", "occurred_at", "event")
    views = events[(events["event"] == "view") & events["user_id"].notna()]
    views = views.sort_values(["user_id", "occurred_at"])
    # A view is the last of BOT_VIEWS within an hour if the one so many places earlier is that near.
    earlier = views[["user_id", "occurred_at"]].shift(BOT_VIEWS - 1)
    near = views["occurred_at"] - earlier["occurred_at"] <= pd.Timedelta(hours=1)
    fast = views["user_id"][near & (views["user_id"] == earlier["user_id"])].unique()
    buyers = events["user_id"][events["event"].isin(["cart", "purchase"])]
    return pd.Index(fast, name="user_id").difference(pd.Index(buyers.dropna()))


def drop_bots(table: pd.DataFrame, bots: Collection) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop the rows of the users that `find_bots` has found: they are not customers."""
    _need(table, "user_id")
    why = f"the user views {BOT_VIEWS} pages an hour and buys nothing"
    return _drop("drop_bots", table, table["user_id"].isin(bots), why)


def drop_test_accounts(
    table: pd.DataFrame, testers: Collection = (), articles: Collection = ()
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows of the shop's own people and of the articles they try things out with.

    Parameters
    ----------
    testers : ids of users whose channel is ``internal``.
    articles : ids of items whose name begins with ``TEST``.
    """
    drop = np.zeros(len(table), dtype=bool)
    for key, ids in (("user_id", testers), ("item_id", articles)):
        if key in table:
            drop |= table[key].isin(ids).to_numpy()
    return _drop("drop_test_accounts", table, drop, "the shop's own people trying things out")


def drop_off_scale_ratings(ratings: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop ratings that are not 1, 2, 3, 4 or 5 stars: nobody knows what was meant."""
    _need(ratings, "rating")
    off = ~ratings["rating"].isin(schema.RATINGS)
    return _drop("drop_off_scale_ratings", ratings, off, "the rating is not one of 1 to 5")


def drop_non_products(
    order_lines: pd.DataFrame, product: str = r"\d{5}"
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop lines whose item id does not begin as a product's does: postage, fees, vouchers.

    Parameters
    ----------
    product : regular expression; the default is Online Retail's, whose products have five digits.
    """
    _need(order_lines, "item_id")
    other = ~order_lines["item_id"].str.match(product)
    return _drop("drop_non_products", order_lines, other, "the item is no product")


def drop_non_groceries(
    transactions: pd.DataFrame, products: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop Complete Journey's fuel, miscellaneous items and coupons.

    Fuel is counted in fractions of a gallon, hundreds of "units" a purchase: with it in, every
    mean of quantities is a mean of fuel.
    """
    _need(transactions, "item_id")
    _need(products, "item_id", "department", "product_category")
    other = products["department"].isin(["FUEL", "MISCELLANEOUS"])
    other |= products["product_category"].str.contains("COUPON", na=False)
    drop = transactions["item_id"].isin(products["item_id"][other])
    return _drop("drop_non_groceries", transactions, drop, "fuel, miscellaneous or a coupon")


# ---------------------------------------------------------------- orders, returns and prices


def drop_impossible_quantities(
    order_lines: pd.DataFrame, most: int = MOST_UNITS
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop lines of 0 units, of more than ``most``, or of minus units that nobody sent back.

    Minus units are a cancellation (order ``C…``) or a return (order ``R…``); any other are the
    warehouse's, not a customer's.
    """
    _need(order_lines, "order_id", "quantity")
    quantity = order_lines["quantity"]
    minus = (quantity < 0) & ~order_lines["order_id"].str[0].isin(["C", "R"])
    wrong = (quantity == 0) | (quantity.abs() > most) | minus
    why = f"the quantity is 0, beyond {most:,}, or below 0 without a return"
    return _drop("drop_impossible_quantities", order_lines, wrong, why)


def drop_impossible_prices(order_lines: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop lines sold for nothing or less: samples, write-offs, bookings; not sales."""
    _need(order_lines, "unit_price")
    wrong = order_lines["unit_price"] <= 0
    return _drop("drop_impossible_prices", order_lines, wrong, "the price is zero or negative")


def mend_prices_in_cents(
    order_lines: pd.DataFrame, items: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Divide prices by 100 where they are about 100 times the item's list price.

    Half to twice of 100 counts as about: list prices move by a few percent a year.
    """
    _need(order_lines, "item_id", "unit_price")
    _need(items, "item_id", "price")
    price = order_lines["unit_price"]
    usual = order_lines["item_id"].map(items.set_index("item_id")["price"]).astype("float64")
    cents = (price / usual).between(50, 200)
    mended = price.where(~cents, (price / 100).round(2))
    why = "is in cents"
    return _mend("mend_prices_in_cents", order_lines, "unit_price", mended, cents, why)


def net_cancellations(order_lines: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Take canceled orders out, with the orders they cancel.

    Order ``C`` + id books the lines of that order once more, in minus units. To drop only the
    minus lines would leave the canceled order in the books as a sale.
    """
    return _net("net_cancellations", order_lines, "C", "the order was canceled")


def net_returns(order_lines: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Take returned units off the lines they were bought on; a line wholly returned goes.

    Order ``R`` + id books the units of that order which came back, in minus units.
    """
    return _net("net_returns", order_lines, "R", "units came back")


def _net(
    rule: str, order_lines: pd.DataFrame, prefix: str, why: str
) -> tuple[pd.DataFrame, LedgerRow]:
    _need(order_lines, "order_id", "item_id", "quantity")
    quantity = order_lines["quantity"]
    minus = order_lines["order_id"].str.startswith(prefix) & (quantity < 0)
    back = order_lines[minus].assign(order_id=order_lines["order_id"].str[len(prefix) :])
    back = back.groupby(["order_id", "item_id"])["quantity"].sum()
    lines = pd.MultiIndex.from_frame(order_lines[["order_id", "item_id"]])
    change = pd.Series(back.reindex(lines).to_numpy(), order_lines.index).fillna(0).where(~minus, 0)
    left = (quantity + change).astype(quantity.dtype)
    gone = minus | ((change < 0) & (left <= 0))
    reduced = (change < 0) & ~gone
    kept, row = _drop(rule, order_lines.assign(quantity=left), gone, why)
    return kept, row._replace(touched=order_lines.index[reduced.to_numpy(bool)])


# ---------------------------------------------------------------- the clock


def mend_time_zone(
    events: pd.DataFrame, order_lines: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Bring the stretch of the log that was written in UTC back to the shop's time.

    A purchase stands in two books, as an event and as an order line. Where the event's time is
    the order's time in UTC, the log's clock was set wrong. The stretch runs from the first such
    purchase to the last, and on both sides to where the clock jumps. It jumps back in the end,
    unless nobody came for hours; then the stretch is taken to end at midnight.

    Parameters
    ----------
    events : DataFrame in the order in which it was logged, without duplicates; columns
        ``occurred_at`` (datetime), ``user_id``, ``event``, ``item_id``.
    order_lines : DataFrame; columns ``ordered_at`` (datetime), ``user_id``, ``item_id``.

    Raises
    ------
    ValueError
        If purchases on both clocks alternate, so that no single stretch can be told.
    """
    _need(events, "occurred_at", "user_id", "event", "item_id")
    _need(order_lines, "ordered_at", "user_id", "item_id")
    written = events["occurred_at"].reset_index(drop=True)
    bought = events.reset_index(drop=True)[["user_id", "item_id", "occurred_at", "event"]]
    bought = bought[bought["event"] == "purchase"].reset_index(names="place")
    pairs = bought.merge(
        order_lines[["user_id", "item_id", "ordered_at"]], on=["user_id", "item_id"]
    )
    right = np.unique(pairs["place"][pairs["occurred_at"] == pairs["ordered_at"]])
    wrong = np.unique(
        pairs["place"][pairs["occurred_at"] == _clock(pairs["ordered_at"], HOME, "UTC")]
    )
    wrong = np.setdiff1d(wrong, right)  # who buys the same again hours later is no clock

    stretch = slice(0, 0)
    if len(wrong):
        first, last = wrong[0], wrong[-1]
        if ((right > first) & (right < last)).any():
            raise ValueError(
                f"events: {len(wrong):,} purchases are logged in UTC and {len(right):,} in local "
                f"time, in turns between rows {events.index[first]} and {events.index[last]}. "
                "Put the events in the order in which they were logged and drop duplicates first."
            )
        jump = written.diff()
        before, after = right[right < first], right[right > last]
        start = jump[before[-1] + 1 : first + 1].idxmax() if len(before) else 0
        stop = _clock_set_right(written, last, after[0]) if len(after) else len(written)
        stretch = slice(start, stop)
    mended = written.copy()
    mended[stretch] = _clock(written[stretch], "UTC", HOME)
    touched = pd.Series(False, index=written.index)
    touched[stretch] = True
    mended.index = events.index
    why = "was written in UTC"
    return _mend("mend_time_zone", events, "occurred_at", mended, touched, why)


def _clock_set_right(written: pd.Series, wrong: int, right: int) -> int:
    """Return the first place after ``wrong``, at most ``right``, that is on the local clock."""
    jump = written.diff()[wrong + 1 : right + 1]
    if jump.min() < pd.Timedelta(0):
        return jump.idxmin()
    local = _clock(written[wrong : right + 1], "UTC", HOME)
    another_day = local.dt.date > local.iloc[0].date()
    return another_day.idxmax() if another_day.any() else right


def _clock(times: pd.Series, written: str, wanted: str) -> pd.Series:
    """Return the same moments on another zone's clock; the hours that DST makes unsure as NaT."""
    zoned = times.dt.tz_localize(written, ambiguous="NaT", nonexistent="NaT")
    return zoned.dt.tz_convert(wanted).dt.tz_localize(None)


def _need(table: pd.DataFrame, *columns: str) -> None:
    """Check that columns are there; their kinds are checked when the table is whole."""
    missing = [column for column in columns if column not in table]
    if missing:
        schema.require(table, **dict.fromkeys(missing, "text?"))


# ---------------------------------------------------------------- all of it


def clean_shop(raw: Mapping[str, pd.DataFrame]) -> tuple[schema.Shop, Ledger]:
    """Clean a whole export.

    Parameters
    ----------
    raw : table name → DataFrame of text with the columns of that table, as
        `helpers.data.sources.load_raw_shop` reads it.

    Returns
    -------
    shop : the six clean tables, validated. Rows keep the labels they have in ``raw``.
    ledger : what every rule did.

    Raises
    ------
    TableError
        If a table or a column is missing, a value cannot be read, or a clean table still breaks
        a rule.
    """
    absent = [name for name in schema.TABLES if name not in raw]
    if absent:
        raise ValueError(f"The export has no table {', '.join(absent)}; it has {', '.join(raw)}.")
    tables = {name: raw[name] for name in schema.TABLES}
    rows = []

    def apply(rule, name: str, *arguments) -> None:
        tables[name], row = rule(tables[name], *arguments)
        rows.append(row)

    # Duplicates first, while equal rows still are equal text.
    for name in ("order_lines", "events", "ratings"):
        apply(drop_duplicate_rows, name)
    apply(drop_missing, "order_lines", "user_id")

    # Then read what is written: names, dates, amounts.
    for name, column in (
        ("users", "country"),
        ("users", "channel"),
        ("items", "department"),
        ("items", "category"),
        ("events", "event"),
    ):
        apply(tidy_text, name, column)
    for name, column in (
        ("users", "signed_up_at"),
        ("items", "launched_at"),
        ("events", "occurred_at"),
        ("order_lines", "ordered_at"),
        ("ratings", "rated_at"),
        ("campaign", "sent_at"),
    ):
        apply(parse_dates, name, column)
    apply(parse_money, "items", "price")
    apply(parse_money, "order_lines", "unit_price")
    apply(parse_money, "campaign", "revenue")
    apply(parse_numbers, "order_lines", "quantity")
    apply(parse_numbers, "order_lines", "discount")
    apply(parse_numbers, "ratings", "rating")
    apply(parse_flags, "campaign", "treated")
    apply(parse_flags, "campaign", "responded")

    # The log's clock is checked against the orders while both are complete.
    apply(mend_time_zone, "events", tables["order_lines"])

    # Who and what is no customer and no article.
    users, items = tables["users"], tables["items"]
    bots = find_bots(tables["events"])
    testers = users["user_id"][users["channel"] == "internal"]
    articles = items["item_id"][items["name"].str.startswith("TEST ")]
    for name in ("users", "events"):
        apply(drop_bots, name, bots)
    for name in tables:
        apply(drop_test_accounts, name, testers, articles)

    # What cannot be, then what was taken back.
    apply(drop_impossible_quantities, "order_lines")
    apply(drop_impossible_prices, "order_lines")
    apply(drop_off_scale_ratings, "ratings")
    apply(mend_prices_in_cents, "order_lines", tables["items"])
    apply(net_cancellations, "order_lines")
    apply(net_returns, "order_lines")
    for name in ("events", "order_lines", "ratings"):
        apply(drop_orphans, name, "item_id", tables["items"])
    for name in ("events", "order_lines", "ratings", "campaign"):
        apply(drop_orphans, name, "user_id", tables["users"])

    shop = schema.Shop(**{n: table[schema.columns(n)] for n, table in tables.items()})
    return shop.validate(), Ledger(tuple(rows))


# Which rule looks for which fault of the answer key.
RULE_FOR = {
    "duplicate_row": "drop_duplicate_rows",
    "missing_user": "drop_missing",
    "untidy_text": "tidy_text",
    "mixed_date": "parse_dates",
    "currency_text": "parse_money",
    "quantity_text": "parse_numbers",
    "time_zone": "mend_time_zone",
    "bot": "drop_bots",
    "test_account": "drop_test_accounts",
    "impossible_quantity": "drop_impossible_quantities",
    "impossible_price": "drop_impossible_prices",
    "off_scale_rating": "drop_off_scale_ratings",
    "price_in_cents": "mend_prices_in_cents",
    "cancellation": "net_cancellations",
    "canceled_line": "net_cancellations",
    "return": "net_returns",
    "returned_line": "net_returns",
    "reduced_line": "net_returns",
    "orphan_item": "drop_orphans",
    "orphan_user": "drop_orphans",
}


def score(ledger: Ledger, faults: pd.DataFrame) -> pd.DataFrame:
    """Compare what the rules did with the answer key.

    A planted fault is found if the rule that looks for it touched or dropped the row, or if
    another rule dropped the row before.

    Parameters
    ----------
    ledger : of `clean_shop`, whose row labels are the row numbers of the raw files.
    faults : DataFrame of the key; columns ``table``, ``row``, ``fault``.

    Returns
    -------
    DataFrame, one row per table and fault: ``planted``, ``found``, ``missed`` (rows), ``harmed``:
    good rows, listed under no fault, which the rule that looks for this fault touched or dropped.
    """
    schema.require(faults, table="text", row="count", fault="text")
    handled = pd.concat(
        pd.DataFrame({"table": row.table, "row": labels, "rule": row.rule, "dropped": dropped})
        for row in ledger
        for labels, dropped in ((row.touched, False), (row.dropped, True))
    )
    faults = faults.assign(rule=faults["fault"].map(RULE_FOR))
    place = ["table", "row"]
    by_rule = pd.MultiIndex.from_frame(handled[[*place, "rule"]])
    gone = pd.MultiIndex.from_frame(handled.loc[handled["dropped"], place])
    faulty = pd.MultiIndex.from_frame(faults[place])
    found = pd.MultiIndex.from_frame(faults[[*place, "rule"]]).isin(by_rule) | faulty.isin(gone)
    good = handled[~pd.MultiIndex.from_frame(handled[place]).isin(faulty)]

    result = faults.assign(found=found).groupby(["table", "fault", "rule"])["found"]
    result = result.agg(planted="size", found="sum").reset_index("rule")
    result["missed"] = result["planted"] - result["found"]
    harmed = good.groupby(["table", "rule"])["row"].nunique()
    looked = pd.MultiIndex.from_arrays([result.index.get_level_values("table"), result.pop("rule")])
    result["harmed"] = harmed.reindex(looked, fill_value=0).to_numpy()
    return result.reset_index()
