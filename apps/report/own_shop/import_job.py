"""An import in progress: the table that the steps change, and the record of what they did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from apps.report.own_shop.columns import Found, parts_of
from apps.report.own_shop.messages import EXAMPLE, Doubt, doubt, pluralize
from helpers.data.cleaning.ledger import LedgerRow
from helpers.language import say

TABLE = "order_lines"  # what the ledger calls it
STEPS = 7  # of reading a file, which take about as long as one another


@dataclass
class ImportJob:
    """A table on its way from the text of a file to clean order lines.

    Each step is a function of the job: it changes the table, records in the ledger which rows it
    changed or dropped, and notes a doubt if the file doesn't show what was meant.

    Attributes
    ----------
    file : DataFrame of text, all columns of the file; its index is the row of the file.
    table : the columns that have a role, named after it; rows keep their index. From
        `apps.report.own_shop.lines.make_orders` on, ``order`` numbers the orders: whole numbers are
        grouped much faster than text.
    column, how : role → the name of its column in the file, and how it was found.
    found : role → its column, as `find_roles` found it.
    settled : roles that the user decided, among them those without a column.
    settings : what the user said about the file: ``day_first``, ``decimal``, ….
    ledger, doubts : what was done, and what is in doubt, in order.
    currency : "$", "EUR", …; "" until it is known.
    per_order : roles whose money is for the whole order and appears in each of its rows.
    rivals : role → other columns whose names fit as well; sums decide.
    signs : role → what stood beside each number: "€", "%", "pcs", "".
    scale : 0.01 if the file's money is in cents.
    decimal : the decimal mark of the file's numbers; None if any will do.
    unused : column of money that no figure uses → its total.
    money : the columns of money without a role, once they were looked for.
    advance : called after each of the `STEPS`, for a bar.
    """

    file: pd.DataFrame
    found: Mapping[str, Found]
    settled: set[str]
    settings: Mapping[str, object]
    advance: Callable[[], None]
    ledger: list[LedgerRow] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    currency: str = ""
    per_order: set[str] = field(default_factory=set)
    signs: dict[str, pd.Series] = field(default_factory=dict)
    scale: float = 1.0
    decimal: str | None = None
    unused: dict[str, float] = field(default_factory=dict)
    money: list | None = None

    def __post_init__(self) -> None:
        """Take the columns that have a role."""
        self.column = {role: one.column for role, one in self.found.items()}
        self.how = {role: one.how for role, one in self.found.items()}
        self.rivals = {role: one.rivals for role, one in self.found.items() if one.rivals}
        self.table = self.file[list(self.column.values())].set_axis(list(self.column), axis=1)

    def parts(self, role: str) -> list[str]:
        """Return the columns of a role: one, or several that the user has joined by a plus."""
        return parts_of(self.file, self.column[role])

    def joined(self, role: str, column: str) -> str:
        """Return the answer that joins a column to that of a role: ``amount=A+B``."""
        return f"{role}={'+'.join([*filter(None, [self.column.get(role)]), column])}"

    def free(self) -> list[str]:
        """Return the columns that have no role."""
        used = set(self.column.values()) | {one for role in self.column for one in self.parts(role)}
        return [column for column in self.file if column not in used]

    def rename(self, role: str, other: str) -> None:
        """Give the column of a role another role."""
        self.table = self.table.rename(columns={role: other})
        self.column[other], self.how[other] = self.column[role], self.how[role]
        if role in self.per_order:
            self.per_order.add(other)

    def release(self, role: str) -> None:
        """Take its role from a column: the accounts ask what it means."""
        self.table = self.table.drop(columns=role)
        del self.column[role]
        self.settled.discard(role)

    def apply(self, rule, *arguments, why: str) -> None:
        """Apply a rule of `helpers.data.cleaning`, and keep its row of the ledger, with its why."""
        self.table, row = rule(self.table, *arguments)
        self.ledger.append(row._replace(table=TABLE, why=why))

    def change(
        self,
        rule: str,
        role: str,
        values: pd.Series,
        changed: pd.Series,
        why: str,
        dropped: pd.Series | bool = False,
    ) -> None:
        """Put new values into a column, drop rows that become empty, and note both."""
        index = self.table.index
        drop = pd.Series(dropped, index).to_numpy(bool)
        self._note(rule, index[changed.to_numpy(bool)], index[drop], why)
        self.table = self.table.assign(**{role: values})
        self._keep(~drop)

    def drop(self, rule: str, drop: pd.Series, why: str) -> None:
        """Drop rows, and say why."""
        drop = drop.to_numpy(bool)
        self._note(rule, self.table.index[:0], self.table.index[drop], why)
        self._keep(~drop)

    def _keep(self, kept: np.ndarray) -> None:
        if not kept.all():  # a copy of millions of rows takes time and memory
            self.table = self.table[kept]

    def refuse(self, role: str, unread: pd.Series, why: str) -> None:
        """Drop rows whose value can't be read, and doubt the figures without them."""
        what, fix = "cannot be read in {rows}{such_as}.", "They are left out of all figures."
        self.doubt_rows(role, unread, what, fix)
        self.drop("refuse", unread, why + self.such_as(role, unread))

    def note_unread(self, left_out: dict[int, str]) -> None:
        """Note the lines that could not be read: number of the row → what is wrong."""
        if left_out:
            rows = pd.Index(sorted(left_out))
            what = left_out[rows[0]]
            why = say("the line {what}: is a quote or a delimiter missing?", what=what)
            self._note("read_csv", self.file.index[:0], rows, why)

    def _note(self, rule: str, touched: pd.Index, dropped: pd.Index, why: str) -> None:
        self.ledger.append(LedgerRow(rule, TABLE, touched, dropped, why))

    def doubt(self, role: str, what: str, fix: str = "", /, **values: object) -> None:
        """Note what the file leaves unclear about the column of a role ("" for the file).

        Both texts are said as by `helpers.language.say`, with the same values.
        """
        self.doubts.append(doubt(self.column.get(role, ""), what, fix, **values))

    def doubt_rows(self, role: str, rows: pd.Series, what: str, fix: str = "") -> None:
        """Note a doubt about some rows, if any; {rows} is their number, {such_as} an example."""
        if rows.any():
            count, example = pluralize(rows.sum(), "row"), self.such_as(role, rows)
            self.doubt(role, what, fix, rows=count, such_as=example)

    def such_as(self, role: str, rows: pd.Series) -> str:
        """Return an example of the file's values in some rows, to append to a sentence."""
        if not rows.any():
            return ""
        example = self.file[self.column[role]].loc[rows.index[rows.to_numpy()][0]]
        if pd.isna(example):  # its value was copied from another row of the order
            return ""
        return say(', such as "{example}"', example=example[:EXAMPLE])
