"""Your own shop: from one CSV file with columns of any name to clean order lines, with a report.

`read_own_shop` reads the file, recognizes its columns, reads dates and numbers, and makes clean
order lines with the rules of `helpers.data.cleaning`. It records what it did: `OwnShop.report` says
which columns were recognized, what was left out and why, with the row numbers of a spreadsheet, and
what is in doubt and how to correct it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from helpers import behavior
from helpers.data import schema
from helpers.data.cleaning.ledger import Ledger
from helpers.own_shop.accounts import Accounts
from helpers.own_shop.columns import guess_roles
from helpers.own_shop.events import take_events
from helpers.own_shop.file import DELIMITERS, OwnShopError, TextTable, read_csv
from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.lines import drop_rows, items, make_lines, order_lines
from helpers.own_shop.messages import Doubt, pluralize, row_numbers
from helpers.own_shop.names import ROLES
from helpers.own_shop.oddities import check_encoding, outweighing
from helpers.own_shop.parsing import parse


@dataclass(frozen=True, repr=False)
class OwnShop:
    """A file of orders, or of events, as it was understood.

    Attributes
    ----------
    order_lines : DataFrame, one row per item of an order; ``order_id``, ``ordered_at``,
        ``user_id``, ``quantity``, ``discount``, and if the file has them ``item_id`` and
        ``unit_price``. The index is the row of the file. It may have no rows.
    items : DataFrame with ``item_id``, ``name``, and ``category`` if the file has one; None if the
        file has no items.
    events : DataFrame as in `schema.TABLES`, except that item ids may be missing; None if the file
        contains orders.
    columns : DataFrame of `helpers.own_shop.columns.guess_roles`.
    ledger : what each rule touched and dropped.
    doubts : what the file leaves unclear, how it was read, and how to change that.
    source : name of the file, and its format.
    rows : number of rows in the file, below the column names.
    currency : "$", "EUR", …; "" if the file does not say.
    """

    order_lines: pd.DataFrame
    items: pd.DataFrame | None
    events: pd.DataFrame | None
    columns: pd.DataFrame
    ledger: Ledger
    doubts: tuple[Doubt, ...]
    source: str
    rows: int
    currency: str

    @property
    def has_items(self) -> bool:
        """Whether the file says which items were bought."""
        return "item_id" in self.order_lines

    @property
    def has_money(self) -> bool:
        """Whether the file says how much was paid."""
        return "unit_price" in self.order_lines

    @cached_property
    def orders(self) -> pd.DataFrame:
        """One row per order, in order of time: order_id, user_id, ordered_at, units, value.

        The value is the amount paid; if the file has no money, each order counts 1.
        """
        priced = self.order_lines if self.has_money else self.order_lines.assign(unit_price=1.0)
        orders = behavior.order_totals(priced).rename(columns={"revenue": "value"}).reset_index()
        return orders if self.has_money else orders.assign(value=1.0)

    has_customers = True
    warnings: tuple[str, ...] = ()

    @property
    def customer_orders(self) -> pd.DataFrame:
        return self.orders

    @property
    def refund_rows(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "refunded_at": pd.Series(dtype="datetime64[us]"),
                "amount": pd.Series(dtype=float),
                "user_id": pd.Series(dtype="str"),
            }
        )

    @property
    def accounts(self) -> Accounts:
        lines = self.order_lines
        gross = discounts = refunds = net = None
        if self.has_money:
            amounts = lines["quantity"] * lines["unit_price"]
            gross, discounts = amounts.sum(), (amounts * lines["discount"]).sum()
            refunds, net = 0.0, gross - discounts
        left_out = tuple((row.why, len(row.dropped), None) for row in self.ledger if len(row.dropped))
        unused = sum(lines for _, lines, _ in left_out)
        return Accounts(
            self.rows, self.rows - unused, left_out, gross, discounts, refunds, net,
            lines["user_id"].nunique(), 0, lines["order_id"].nunique(),
        )

    @property
    def left_out(self) -> float:
        """The share of the rows of the file that was left out."""
        return sum(len(row.dropped) for row in self.ledger) / max(self.rows, 1)

    @cached_property
    def unit(self) -> str:
        """The unit of demand: units, or order lines or orders if units are meaningless."""
        if outweighing(self.order_lines["quantity"]).any():
            return "order lines"
        return "units" if self.has_items or "quantity" in self.columns.index else "orders"

    @property
    def first_day(self) -> pd.Timestamp:
        """The day of the first order."""
        return self.order_lines["ordered_at"].min().normalize()

    @property
    def last_day(self) -> pd.Timestamp:
        """The day of the last order or event, up to which the shop was observed."""
        last = self.order_lines["ordered_at"].max()
        if self.events is not None:
            last = max(last, self.events["occurred_at"].max())
        return last.normalize()

    @property
    def days(self) -> int:
        """Days from the first order to the last observed day, both included."""
        return (self.last_day - self.first_day).days + 1

    def __repr__(self) -> str:
        return self.report()

    def dropped(self) -> pd.DataFrame:
        """Return what was left out or changed: one row per rule, with the first row numbers."""
        rows = [
            (
                row.why,
                len(row.dropped),
                len(row.touched),
                row_numbers(row.dropped if len(row.dropped) else row.touched),
            )
            for row in self.ledger
            if len(row.dropped) or len(row.touched)
        ]
        return pd.DataFrame(rows, columns=["why", "left out", "changed", "rows"])

    def report(self) -> str:
        """Return what was recognized, left out and doubted, as text."""
        lines = self.order_lines
        parts = [f"{self.source}: {pluralize(self.rows, 'row')} below the column names."]
        parts += ["", "Recognized columns"]
        width = self.columns.index.str.len().max()
        for role, row in self.columns.iterrows():
            note = row["why"] if row["sure"] else f"{row['why']}; please check"
            parts.append(f'  {role:<{width}} ← "{row["column"]}" ({note})')
        parts += ["", "Left out or changed"]
        dropped = self.dropped()
        for _, row in dropped.iterrows():
            counts = [f"{row[kind]:,} {kind}" for kind in ("left out", "changed") if row[kind]]
            parts.append(f"  {', '.join(counts)}: {row['why']} ({row['rows']})")
        parts += ["  nothing"] if dropped.empty else []
        if self.doubts:
            parts += ["", "In doubt", *(f"  {doubt}" for doubt in self.doubts)]
        parts += ["", f"Ready to use: {pluralize(len(lines), 'order line')}"]
        if len(lines):
            first, last = lines["ordered_at"].min(), lines["ordered_at"].max()
            parts[-1] += (
                f", {pluralize(lines['order_id'].nunique(), 'order')}, "
                f"{pluralize(lines['user_id'].nunique(), 'user')}, "
                f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
            )
        if self.events is not None:
            parts[-1] += f"; {pluralize(len(self.events), 'event')}"
        parts[-1] += "."
        return "\n".join(parts)


def read_own_shop(
    path: str | Path,
    roles: Mapping[str, str | None] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> OwnShop:
    r"""Read a CSV file of order lines, of orders, or of events, with any column names.

    Parameters
    ----------
    path : the file.
    roles : role → column, if the guess is wrong; None for "there is none". The roles are
        ``user_id``, ``order_id``, ``time``, ``item_id``, ``name``, ``category``, ``quantity``,
        ``unit_price``, ``amount``, ``discount``, ``discount_amount``, ``currency``,
        ``status``, ``event``, ``session_id``; `helpers.own_shop.names.ROLES` says what each means.
    day_first : True if 05/03/2025 is in March; None to find out.
    decimal : "," or "."; None to find out.
    encoding : such as "cp1250"; None to find out.

    Returns
    -------
    OwnShop

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     _ = path.write_text("Kunde;Datum;Betrag\n7;25.03.2025;9,50\n8;26.03.2025;12,00")
    ...     shop = read_own_shop(path)
    >>> shop.order_lines[["user_id", "ordered_at", "unit_price"]]
        user_id ordered_at  unit_price
    row
    2         7 2025-03-25         9.5
    3         8 2025-03-26        12.0
    """
    if decimal not in (None, ",", "."):
        raise OwnShopError(f'decimal must be "," or "."; got {decimal!r}.')
    if day_first not in (None, True, False):
        raise OwnShopError(f"day_first must be True or False; got {day_first!r}.")
    text = read_csv(path, encoding)
    columns = guess_roles(text.rows, roles)
    job = ImportJob.begin(text.rows, columns["column"])
    job.note_unread(text.left_out)
    if encoding is None and text.encoding == "cp1252":  # the file did not say so itself
        check_encoding(job)
    parse(job, day_first, decimal)
    drop_rows(job)
    events = take_events(job) if "event" in job.table else None
    make_lines(job)
    return OwnShop(
        order_lines=order_lines(job),
        items=items(job),
        events=events,
        columns=columns,
        ledger=Ledger(tuple(job.ledger)),
        doubts=tuple(job.doubts),
        source=f"{Path(path).name} ({_how_written(text)})",
        rows=len(text.rows) + len(text.left_out),
        currency=job.currency,
    )


def _how_written(text: TextTable) -> str:
    """Describe the format of a file: "semicolons, UTF-8, names in row 3"."""
    delimiter = DELIMITERS.get(text.delimiter, repr(text.delimiter))
    titles = f", names in row {text.names_row}" if text.names_row > 1 else ""
    return f"{delimiter}, {text.encoding.upper()}{titles}"


def from_shop(shop: schema.Shop) -> OwnShop:
    """Return a clean shop of the course as if it had been read from a file."""
    lines = shop.order_lines
    ours = {role: {"time": "ordered_at"}.get(role, role) for role in ROLES}
    columns = pd.DataFrame(
        [
            (role, name, "the course's name", "", True)
            for role, name in ours.items()
            if name in lines
        ],
        columns=["role", "column", "why", "example", "sure"],
    )
    return OwnShop(
        order_lines=lines.rename_axis("row"),
        items=shop.items[["item_id", "name", "category"]],
        events=shop.events,
        columns=columns.set_index("role"),
        ledger=Ledger(()),
        doubts=(),
        source="the course's shop",
        rows=len(lines) + len(shop.events),
        currency="$",
    )
