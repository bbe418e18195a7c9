"""Your own shop: from one file with columns of any name to clean order lines, with accounts.

`read_own_shop` reads the file, finds the columns, reads dates and numbers, and makes clean order
lines with the rules of `helpers.data.cleaning`. It records what it did: the accounts say which
lines were used and how net revenue comes about, and `OwnShop.report` says which columns were found,
what was left out and why, with the row numbers of a spreadsheet, and what is in doubt.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import pandas as pd
import pyarrow as pa

from apps.report.own_shop import money, oddities
from apps.report.own_shop.accounts import Accounts, LeftOut, add_up
from apps.report.own_shop.columns import Found, find_roles, join_columns
from apps.report.own_shop.events import take_events
from apps.report.own_shop.file import DELIMITERS, TextTable, read_table
from apps.report.own_shop.import_job import STEPS, ImportJob
from apps.report.own_shop.lines import items, make_orders, order_lines, sort_rows
from apps.report.own_shop.margin import settle_margin
from apps.report.own_shop.messages import EXAMPLE, Doubt, doubt, pluralize, row_numbers
from apps.report.own_shop.names import ROLES
from apps.report.own_shop.options import WEEKDAYS, Options, as_map, check
from apps.report.own_shop.parsing import parse
from apps.report.own_shop.prices import settle_money
from apps.report.own_shop.questions import OwnShopError
from apps.report.own_shop.reconcile import left_out
from apps.report.own_shop.returns import net_refunds
from helpers import behavior
from helpers.data import schema
from helpers.data.cleaning.ledger import Ledger
from helpers.language import listed, say

NOTABLE = 0.02  # share of lines left out from which on it is said at the top
NO_CUSTOMERS = (
    "No column says who bought. With one, the page would also show customers, cohorts, segments, "
    "churn and future revenue."
)
NO_MONEY = "No column says what was paid, so there are no amounts."
OF_FILE = ("encoding", "sheet", "names")  # settings that the reader of the file needs


@dataclass(frozen=True, repr=False)
class OwnShop:
    """A file of orders, or of events, as it was understood.

    Attributes
    ----------
    order_lines : DataFrame, one row per item of an order, as far as it was kept; ``order_id``,
        ``ordered_at``, ``user_id`` (missing for guests), ``quantity``, ``discount``, and if the
        file has them ``item_id``, ``unit_price``, ``margin`` (share of what was paid that is left
        after costs), ``country``, ``channel``. The index is the row of the file. It may have no
        rows.
    items : DataFrame with ``item_id``, ``name``, and ``category`` if the file has one; None if the
        file has no items.
    events : DataFrame as in `schema.TABLES`, except that item ids may be missing; None if the file
        contains orders.
    columns : DataFrame, index ``role``; ``column``, ``how`` ("name", "said" or "remembered") and
        ``example``.
    accounts : which lines were used, and how gross, discounts and refunds make net.
    refund_rows : DataFrame, one row per refund; ``refunded_at``, ``amount`` (above 0), ``user_id``.
    ledger : what each rule touched and dropped.
    doubts : what the file leaves unclear, how it was read, and how to change that.
    source : name of the file, and its format.
    rows : number of rows in the file, below the column names.
    currency : "$", "EUR", …; "" if the file does not say.
    first_weekday : the day with which a week begins in tables, from 0 for Monday to 6 for Sunday.
    unused : column of money that no figure uses → its total.
    """

    order_lines: pd.DataFrame
    items: pd.DataFrame | None
    events: pd.DataFrame | None
    columns: pd.DataFrame
    accounts: Accounts
    refund_rows: pd.DataFrame
    ledger: Ledger
    doubts: tuple[Doubt, ...]
    source: str
    rows: int
    currency: str
    first_weekday: int = 0
    unused: Mapping[str, float] = field(default_factory=dict)

    @property
    def has_items(self) -> bool:
        """Whether the file says which items were bought."""
        return "item_id" in self.order_lines

    @property
    def has_money(self) -> bool:
        """Whether the file says how much was paid."""
        return "unit_price" in self.order_lines

    @property
    def has_customers(self) -> bool:
        """Whether the file says who bought."""
        return bool(self.order_lines["user_id"].notna().any())

    @cached_property
    def orders(self) -> pd.DataFrame:
        """One row per order, in order of time: order_id, user_id, ordered_at, units, value.

        The value is the amount paid; if the file has no money, each order counts 1. Orders of
        guests have no ``user_id``.
        """
        priced = self.order_lines
        if not self.has_money:
            priced = priced.assign(unit_price=1.0, discount=0.0)
        orders = behavior.order_totals(priced).rename(columns={"revenue": "value"}).reset_index()
        return orders if self.has_money else orders.assign(value=1.0)

    @cached_property
    def customer_orders(self) -> pd.DataFrame:
        """The orders of known customers, without those of guests."""
        known = self.orders["user_id"].notna()
        return self.orders if known.all() else self.orders[known].reset_index(drop=True)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before any figure is believed: what was assumed, and left out."""
        doubts = self.doubts
        share = 1 - self.accounts.lines_used / max(self.accounts.lines_read, 1)
        if share > NOTABLE:
            what = "{share} of the lines in the file are in no figure."
            fix = "See “What was in the file?” for the reasons."
            doubts = (*doubts, doubt("", what, fix, share=f"{share:.0%}"))
        return tuple(map(str, doubts))

    def doubting(self, what: str) -> Self:
        """Return the shop with one more doubt, in front of the others."""
        return replace(self, doubts=(Doubt("", what), *self.doubts))

    @cached_property
    def unit(self) -> str:
        """The unit of demand: units, or order lines or orders if units are meaningless."""
        if oddities.outweighing(self.order_lines["quantity"]).any():
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
            (row.why, len(row.dropped), len(row.touched), row_numbers(rows))
            for row in self.ledger
            if len(rows := row.dropped if len(row.dropped) else row.touched)
        ]
        return pd.DataFrame(rows, columns=["why", "left out", "changed", "rows"])

    def report(self) -> str:
        """Return what was found, left out and doubted, as text."""
        lines, rows = self.order_lines, pluralize(self.rows, "row")
        parts = [say("{source}: {rows} below the column names.", source=self.source, rows=rows)]
        parts += ["", say("Columns")]
        width = self.columns.index.str.len().max()
        for role, row in self.columns.iterrows():
            parts.append(f'  {role:<{width}} ← "{row["column"]}" ({say(HOW[row["how"]])})')
        parts += ["", say("Left out or changed")]
        dropped = self.dropped()
        texts = {"left out": "{number} left out", "changed": "{number} changed"}
        for _, row in dropped.iterrows():
            counts = (say(texts[kind], number=f"{row[kind]:,}") for kind in texts if row[kind])
            parts.append(f"  {listed(counts)}: {row['why']} ({row['rows']})")
        parts += [f"  {say('nothing')}"] if dropped.empty else []
        if self.unused:
            named = listed(f'"{column}" ({total:,.2f})' for column, total in self.unused.items())
            parts += ["", say("Columns of money that no figure uses: {columns}.", columns=named)]
        if self.doubts:
            parts += ["", say("In doubt"), *(f"  {doubt}" for doubt in self.doubts)]
        ready = [pluralize(len(lines), "order line")]
        if len(lines):
            first, last = (f"{day:%Y-%m-%d}" for day in lines["ordered_at"].agg(["min", "max"]))
            ready += [pluralize(self.accounts.orders, "order")]
            ready += [pluralize(lines["user_id"].nunique(), "customer")]
            ready += [say("{first} to {last}", first=first, last=last)]
        made = listed(ready)
        if self.events is not None:
            made += say("; ") + pluralize(len(self.events), "event")
        return "\n".join([*parts, "", say("Ready to use: {made}.", made=made)])


HOW = {"name": "by its name", "said": "as you specified", "remembered": "as remembered"}


def read_own_shop(
    path: str | Path,
    roles: Mapping[str, str | None] | None = None,
    *,
    remembered: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
    **settings,
) -> OwnShop:
    r"""Read a file of order lines, of orders, or of events, with any column names.

    Parameters
    ----------
    path : the file: CSV, a spreadsheet, parquet, or JSON lines, perhaps compressed.
    roles : role → column, if a name is not understood; None or "" for "there is none". The roles
        are ``user_id``, ``order_id``, ``time``, ``item_id``, ``quantity``, ``unit_price``,
        ``amount``, …; `apps.report.own_shop.names.ROLES` says what each means.
    remembered : what was said about the file before (`apps.report.own_shop.options.recall`).
    progress : called after each step with the number of those done, and of all.
    **settings : ``day_first`` (True if 05/03/2025 is in March), ``decimal`` ("," or "."),
        ``encoding``, ``sheet``, ``names``, ``orders``, ``money``, ``most_units``,
        ``first_weekday``:
        `apps.report.own_shop.options.ALLOWED`. What is not set is found out or asked.

    Raises
    ------
    Question
        If the file leaves open what a key figure rests on; it has the possible answers.
    OwnShopError
        If the file can't be read; the message says what to do about it.

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
    said = {role: column or "" for role, column in (roles or {}).items()}
    said = check(Options(said, {k: v for k, v in settings.items() if v is not None}))
    before = Options({}, {}) | (remembered or Options({}, {}))
    of_file = {k: v for k, v in (before | said).settings.items() if k in OF_FILE}
    pa.set_memory_pool(pa.system_memory_pool())  # the default one keeps what is free for itself
    done = itertools.count(1)

    def advance() -> None:
        if progress:
            progress(next(done), STEPS)

    text = read_table(path, **of_file)
    advance()
    return understand(text, said, before, Path(path).name, advance)


def understand(
    text: TextTable, said: Options, before: Options, name: str, advance: Callable[[], None]
) -> OwnShop:
    """Make an `OwnShop` from the text of a file, by what was said about it, and before."""
    for one in (before, said):
        wanted = one.roles.get("currency")
        if wanted and wanted not in text.rows:  # currency=EUR: the only one
            one.settings["currency"] = one.roles.pop("currency")
    options = before | said
    settings = options.settings
    join_columns(text.rows, options.roles)
    found = find_roles(text.rows, said.roles, before.roles)
    job = ImportJob(text.rows, found, {*options.roles}, settings, advance)
    job.note_unread(text.left_out)
    parse(job)
    events = take_events(job) if "event" in job.table else None
    browsing = 0 if events is None else len(events) - len(job.table)
    sort_rows(job)
    make_orders(job)
    job.advance()
    settle_money(job)
    job.advance()
    _leave_out_nothing_sold(job)
    oddities.check_users(job)
    oddities.check_quantities(job)
    settle_margin(job)
    rows = len(text.rows) + len(text.left_out)
    lost = left_out(job)
    used = job.table  # from here on no line is left out: refunds are subtracted from purchases
    if "unit_price" in job.table:
        given, why = job.table["discount"] >= 1, say("the discount takes off the whole price")
        job.drop("drop_nothing_sold", given, why)
    net_refunds(job)
    oddities.check_prices(job)
    if any(options) and not len(used) and not browsing:
        what = 'With MAP="{said}", no order is left: {why}.'
        why = listed(one.why for one in lost)
        raise OwnShopError(what, said=as_map(options.roles | settings), why=why)
    accounts = _accounts(job, used, rows, rows - sum(one.lines for one in lost), lost)
    job.advance()
    return OwnShop(
        order_lines=order_lines(job),
        items=items(job),
        events=events,
        columns=_columns(text, found),
        accounts=accounts,
        refund_rows=_refund_rows(used),
        ledger=Ledger(tuple(job.ledger)),
        doubts=(*job.doubts, *(Doubt("", note) for note in text.notes)),
        source=f"{name} ({_how_written(text)})",
        rows=rows,
        currency=job.currency,
        first_weekday=WEEKDAYS.index(settings.get("first_weekday", "monday")),
        unused=job.unused,
    )


def _leave_out_nothing_sold(job: ImportJob) -> None:
    """Leave out lines without units, or without a price: samples and bookings, not sales."""
    job.drop("drop_nothing_sold", job.table["quantity"] == 0, say("the quantity is 0"))
    if "unit_price" in job.table:
        why = say("the price is 0: a sample or a booking, not a sale")
        job.drop("drop_nothing_sold", job.table["unit_price"] <= 0, why)


def _refund_rows(used: pd.DataFrame) -> pd.DataFrame:
    """Return one row per refund: ``refunded_at``, ``amount``, ``user_id``."""
    if "unit_price" not in used:
        used = used.head(0).assign(unit_price=0.0, refunded=0.0, discount=0.0)
    value = money.paid_for(used)
    amount = used["refunded"].where(value > 0, -value)
    rows = used.assign(amount=amount)[amount > 0]
    return rows.rename(columns={"ordered_at": "refunded_at"})[["refunded_at", "amount", "user_id"]]


def _accounts(
    job: ImportJob, used: pd.DataFrame, rows: int, lines_used: int, left_out: tuple[LeftOut, ...]
) -> Accounts:
    """Return the accounts, and note as doubts what is unusual about them.

    Parameters
    ----------
    job : its table has the purchases of which something is left.
    used : sales and refunds, before these are subtracted.
    rows, lines_used : lines of the file, and those among them that the figures contain.
    """
    left = job.table[["order", "user_id"]].drop_duplicates("order")
    is_sold = (used["quantity"] > 0) & (used.get("discount", 0.0) < 1)
    sold = used.loc[is_sold, "order"].nunique()
    customers = left["user_id"].nunique() if "user_id" in job.column else None
    amounts, unmatched = dict.fromkeys(("gross", "discounts", "refunds", "net")), 0.0
    if not {"unit_price", "amount", "paid"} & job.column.keys() and job.table.size:
        job.doubt("", NO_MONEY, 'If a column does, set MAP="unit_price=…" or MAP="amount=…".')
    if "unit_price" in used:
        amounts = add_up(used)
        unmatched = round(float(money.paid_for(job.table).sum()) - amounts["net"], 2)
        if unmatched > max(0.001 * amounts["net"], money.CENT):
            job.doubt(
                "",
                "Refunds of {currency}{unmatched} match no purchase in the file.",
                "Net revenue is after them; tables by customer, item or month are before them.",
                currency=job.currency,
                unmatched=f"{unmatched:,.2f}",
            )
    if (used["quantity"] < 0).mean() > 0.5:
        what = "More than half of the rows are refunds, by a minus before units or money."
        job.doubt("", what, "If these are sales, remove the minus.")
    if sold > len(left):
        what = "{orders} came back in full, so they are not counted among the orders."
        job.doubt("", what, orders=pluralize(sold - len(left), "order"))
    if "user_id" not in job.column:
        job.doubt("", NO_CUSTOMERS, 'If a column does, set MAP="user_id=…".')
    return Accounts(
        lines_read=rows,
        lines_used=lines_used,
        left_out=left_out,
        **amounts,
        unmatched=unmatched,
        customers=customers,
        orders=len(left),
        guest_orders=int(left["user_id"].isna().sum()) if customers is not None else 0,
        returned=sold - len(left),
    )


def _columns(text: TextTable, found: Mapping[str, Found]) -> pd.DataFrame:
    """Return a table of the columns that have a role."""
    rows = [
        (role, one.column, one.how, next(iter(text.rows[one.column].dropna()), "")[:EXAMPLE])
        for role, one in found.items()
    ]
    return pd.DataFrame(rows, columns=["role", "column", "how", "example"]).set_index("role")


def _how_written(text: TextTable) -> str:
    """Describe the format of a file: "semicolons, UTF-8, names in row 3"."""
    parts = [say(DELIMITERS.get(text.delimiter, repr(text.delimiter)))] if text.delimiter else []
    parts += [text.encoding.upper()] if text.encoding else []
    if text.names_row > 1:
        parts.append(say("names in row {names_row}", names_row=text.names_row))
    return listed(parts) or say("a table")


def from_shop(shop: schema.Shop) -> OwnShop:
    """Return a clean shop of the course as if it had been read from a file."""
    lines = shop.order_lines
    ours = {role: {"time": "ordered_at"}.get(role, role) for role in ROLES}
    found = [(role, name, "name", "") for role, name in ours.items() if name in lines]
    return OwnShop(
        order_lines=lines.rename_axis("row"),
        items=shop.items[["item_id", "name", "category"]],
        events=shop.events,
        columns=pd.DataFrame(found, columns=["role", "column", "how", "example"]).set_index("role"),
        accounts=Accounts(
            lines_read=len(lines) + len(shop.events),
            lines_used=len(lines) + len(shop.events),
            left_out=(),
            **add_up(lines.assign(refunded=0.0)),
            customers=lines["user_id"].nunique(),
            orders=lines["order_id"].nunique(),
            guest_orders=0,
        ),
        refund_rows=_refund_rows(lines.assign(refunded=0.0)),
        ledger=Ledger(()),
        doubts=(),
        source=say("the course's shop"),
        rows=len(lines) + len(shop.events),
        currency="$",
    )
