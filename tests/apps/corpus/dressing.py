"""Dress a shop's lines as an export.

A *dress* is mostly a table of column name → how its texts are made of the shop's lines.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tests.apps.corpus.simulated_shop import (
    Truth,
    shop,
    truth,
)
from tests.apps.corpus.writers import Text, Write

Lines = pd.DataFrame
Make = Callable[[Lines], object]

# Answers to questions that are not about a role
ONE_CURRENCY, CENTS, PAIRS, NO_NAMES, SHEET = (
    "currency=EUR",
    "money=cents",
    "orders=per_customer",
    "names=no",
    "sheet={}",
)


class Export(NamedTuple):
    """A file, what is true of it, and what a reader may do.

    ``may_ask``: a question is right. ``said``: the MAP text that answers it; then the figures must
    be exact. ``needs_warning``: a warning must stand at the top. ``lines``: rows below the names.
    """

    name: str
    file: Path
    truth: Truth
    may_ask: bool
    said: str
    needs_warning: bool
    lines: int


def same(rows: Lines) -> Lines:
    """Change nothing."""
    return rows


class Dress(NamedTuple):
    """How one export is made.

    ``has`` is what the shop has (see `shop`), ``before`` changes that shop itself, ``shape`` only
    what its rows show, ``counted`` takes the lines that the truth is about, ``finish`` changes the
    finished table. ``unknown`` are figures that the file can't tell, ``minor`` is how many cents
    make one unit of its currency. The other fields are those of `Export`.
    """

    columns: dict[str, str | Make]
    said: str
    has: str = "discounts guests canceled full"
    language: str = "en"
    before: Callable[[Lines], Lines] = same
    shape: Callable[[Lines], Lines] = same
    counted: Callable[[Lines], Lines] = same
    finish: Callable[[Lines], Lines] = same
    write: Write = Text()
    ending: str = "csv"
    unknown: str = ""
    minor: int = 100
    may_ask: bool = False
    needs_warning: bool = False

    def frame(self) -> pd.DataFrame:
        """Return the table that is written."""
        lines = self.shape(self.sold())
        sums = {
            f"order_{what}": lines.groupby("order")[what].transform("sum")
            for what in ("quantity", "total", "discount", "paid", "refund")
        }
        lines = lines.assign(**sums)
        columns = {name: column(make)(lines) for name, make in self.columns.items()}
        return self.finish(pd.DataFrame(columns, index=lines.index).reset_index(drop=True))

    def sold(self) -> Lines:
        """Return the lines that the truth is about."""
        return self.before(shop(self.has, self.language))

    def export(self, name: str, folder: Path) -> Export:
        """Write the file into a folder."""
        file, frame = folder / f"{name}.{self.ending}", self.frame()
        self.write(frame, file)
        told = truth(self.counted(self.sold()), self.unknown, self.minor)
        return Export(name, file, told, self.may_ask, self.said, self.needs_warning, len(frame))


DRESSES: dict[str, Dress] = {}


def dress(name: str, columns: dict[str, str | Make], **options) -> None:
    """Add an export to `DRESSES`; the options are the fields of `Dress`."""
    DRESSES[name] = Dress(columns, **options)


# How the texts of a column are made
def column(make: str | Make) -> Make:
    """Understand a column's short form: a name of lines, ``=constant``, or a ``{pattern}``.

    Examples
    --------
    >>> lines = pd.DataFrame({"order": [1, 2], "email": ["a", None]})
    >>> list(column("#{order:03}")(lines)), list(column("<{email}>")(lines)), column("=x")(lines)
    (['#001', '#002'], ['<a>', ''], 'x')
    """
    if callable(make):
        return make
    if make == "" or make.startswith("="):
        return lambda lines: make[1:]
    if "{" not in make:
        return lambda lines: lines[make]
    keys = re.findall(r"{(\w+)", make)

    def filled(lines: Lines) -> pd.Series:
        rows = lines[keys].astype(object).to_dict("records")
        texts = ["" if any(map(pd.isna, row.values())) else make.format(**row) for row in rows]
        return pd.Series(texts, lines.index)

    return filled


def always(text: str) -> dict[str, str]:
    """Return columns that say the same on every row.

    Examples
    --------
    >>> always("Fee=0.59 | Note=")
    {'Fee': '=0.59', 'Note': '='}
    """
    return dict(re.findall(r"([^=|]+?)(=[^|]*?)(?: \| |$)", text))


def money(key: str, style: str = "1234.50", signed: bool = False) -> Make:
    """Write cents in a style such as "1.234,50 €", or whole units in one such as "¥1,234".

    Examples
    --------
    >>> lines = pd.DataFrame({"price": [123450, 990], "sign": [1, -1]})
    >>> list(money("price", "1.234,50 €", signed=True)(lines))
    ['1.234,50 €', '-9,90 €']
    """
    before, number, after = re.fullmatch(r"(\D*)(1.?234(?:\D50)?)(\D*)", style).groups()
    group, point = re.fullmatch(r"1(\D?)234(\D)?.*", number).groups()

    def one(cents: int) -> str:
        plain = f"{abs(cents) / 100:,.2f}" if point else f"{abs(cents):,}"
        plain = plain.translate({ord(","): group, ord("."): point})
        return f"{'-' if cents < 0 else ''}{before}{plain}{after}"

    return lambda lines: (lines[key] * (lines.sign if signed else 1)).map(one)


def count(key: str = "quantity", style: str = "{}") -> Make:
    """Write a number of units, negative on rows of refunds."""
    return lambda lines: (lines[key] * lines.sign).map(style.format)


def date(style: str = "%Y-%m-%d %H:%M:%S", months: str = "", days: str = "") -> Make:
    """Write times; MONTH and WEEKDAY stand for words of a language, D and M for no zero before.

    Examples
    --------
    >>> lines = pd.DataFrame({"time": [pd.Timestamp("2024-03-05 14:22:01")]})
    >>> list(date("<M>/<D>/%y %H:%M")(lines)), list(date("<D> <MONTH>", "jan feb mar")(lines))
    (['3/5/24 14:22'], ['5 mar'])
    """

    def one(time: pd.Timestamp) -> str:
        words = {"D": str(time.day), "M": str(time.month)}
        words |= {"MONTH": months.split()[time.month - 1]} if months else {}
        words |= {"WEEKDAY": days.split()[time.weekday()]} if days else {}
        return re.sub(r"<(\w+)>", lambda found: words[found[1]], time.strftime(style))

    return lambda lines: lines.time.map(one)


def status(done: str, canceled: str = "", refunded: str = "", partly: str = "") -> Make:
    """Write the status of orders; several words for one, separated by "|", take turns."""
    words = {"done": done, "canceled": canceled, "refunded": refunded, "partly": partly or done}
    turns = {key: value.split("|") for key, value in words.items()}

    def one(word: str, order: int) -> str:
        return turns[word][order % len(turns[word])]

    return lambda lines: [one(*pair) for pair in zip(lines.status, lines["order"], strict=True)]


def kind(sale: str, refund: str) -> Make:
    """Write whether a row is a sale or a refund."""
    return lambda lines: lines.kind.map({"sale": sale, "refund": refund})


def first(make: str | Make) -> Make:
    """Write a column only on the first line of each order."""
    return lambda lines: pd.Series(column(make)(lines), lines.index).where(lines.line == 1, "")


def epoch(unit: str) -> Make:
    """Write times as numbers of units since 1970."""
    return lambda lines: (lines.time - pd.Timestamp(0)) // pd.Timedelta(1, unit)


def plain(**changed: str | Make) -> dict[str, str | Make]:
    """Return simple English columns, some of them made in another way, or left out (None)."""
    columns = {
        "Order ID": "order",
        "Customer ID": "C{customer:04}",
        "Order Date": date(),
        "SKU": "sku",
        "Product Name": "name",
        "Quantity": "quantity",
        "Unit Price": money("price"),
    }
    columns |= {name.replace("_", " "): make for name, make in changed.items()}
    return {name: make for name, make in columns.items() if make is not None}


def saying(**changed: str | None) -> str:
    """Return the MAP text for `plain` columns, some roles changed, or left out (None).

    Examples
    --------
    >>> saying(item_id=None, name=None, time=None, user_id="Client")
    'order_id=Order ID,user_id=Client,quantity=Quantity,unit_price=Unit Price'
    """
    roles = {
        "order_id": "Order ID",
        "user_id": "Customer ID",
        "time": "Order Date",
        "item_id": "SKU",
        "name": "Product Name",
        "quantity": "Quantity",
        "unit_price": "Unit Price",
    } | changed
    return ",".join(f"{role}={name}" for role, name in roles.items() if name is not None)


def one_line_orders(sold: Lines) -> Lines:
    """Keep the first line of each order."""
    return sold[sold.line == 1].reset_index(drop=True)


def at_random(rows: Lines, seed: int = 13) -> Lines:
    """Shuffle rows."""
    return rows.sample(frac=1, random_state=seed, ignore_index=True)
