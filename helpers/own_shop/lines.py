"""From the text of a file whose columns are told to clean order lines, with a ledger.

The rules are those of `helpers.data.cleaning` where they fit any shop. What is added here: several
currencies, orders that have no number, totals that repeat on every line, returns that do not say
what they take back, and words of others for what happens in a shop.
"""

import pandas as pd

from helpers import behavior
from helpers.data import cleaning, schema
from helpers.data.cleaning.ledger import LedgerRow
from helpers.data.cleaning.orders import units_left
from helpers.own_shop import doubts, money
from helpers.own_shop.dates import far_away, read_dates
from helpers.own_shop.file import OwnShopError
from helpers.own_shop.names import IN_PART, NOT_BACK, TAKEN_BACK, TOTAL, UNPAID, kind_of_event
from helpers.own_shop.numbers import read_numbers
from helpers.own_shop.words import Doubt, composed, count

TABLE = "order_lines"
LAST = 5  # rows at the end of a file that may sum up the others
SLIPS = 0.05  # share of rows with dates to come that may be slips


class Work:
    """A table on its way from text to order lines, with the ledger of what is done to it."""

    def __init__(self, rows: pd.DataFrame, columns: pd.DataFrame):
        names = columns["column"]
        self.whole = rows
        self.table = rows[list(names)].set_axis(list(names.index), axis=1)
        self.column = names.to_dict()
        self.ledger: list[LedgerRow] = []
        self.doubts: list[Doubt] = []
        self.currency = ""
        self.per_order: set[str] = set()  # columns of money that stand once in an order
        self.none = rows.index[:0]

    def apply(self, rule, *arguments) -> None:
        """Apply a rule of `helpers.data.cleaning`, and keep its row of the ledger."""
        self.table, row = rule(self.table, *arguments)
        self.ledger.append(row._replace(table=TABLE))

    def drop(self, rule: str, drop: pd.Series, why: str) -> None:
        """Drop rows, and say why."""
        drop = drop.to_numpy(bool)
        row = LedgerRow(rule, TABLE, self.none, self.table.index[drop], why)
        self.table = self.table[~drop]
        self.ledger.append(row)

    def doubt(self, role: str, what: str, mend: str) -> None:
        """Note what the file does not tell of the column that plays a role."""
        self.doubts.append(Doubt(self.column.get(role, ""), what, mend))

    # ------------------------------------------------------------ reading

    def note_unread(self, left_out: dict[int, str]) -> None:
        """Note the lines that were no rows."""
        if left_out:
            rows = pd.Index(sorted(left_out))
            why = f"the line {left_out[rows[0]]}: is a quote or a delimiter missing?"
            self.ledger.append(LedgerRow("read_csv", TABLE, self.none, rows, why))

    def read(self, day_first: bool | None, decimal: str | None) -> None:
        """Turn text into dates, numbers and ids. What cannot be read is missing afterwards."""
        self._drop_copies()
        self._fill_orders()
        for role in ("user_id", "order_id", "item_id", "session_id", "name", "category"):
            if role in self.table:
                self.table[role] = composed(self.table[role])
        self._lower_addresses()
        for role in ("category", "event"):
            if role in self.table and self.table[role].notna().any():
                self.apply(cleaning.tidy_text, role)
        written = self.table["time"].notna()
        dates, doubts, _ = read_dates(self.table["time"].rename(self.column["time"]), day_first)
        self.table = self.table.assign(ordered_at=dates)
        self.doubts += doubts
        if not dates.notna().any():
            example = self.table["time"].dropna().head(1).tolist()
            raise OwnShopError(
                f'No date in column "{self.column["time"]}" can be read'
                + (f', such as "{example[0]}".' if example else ": it is empty.")
                + " Write them as 2025-03-05, or name another column: roles={"
                + '"time": "…"}.'
            )
        self.drop("read_dates", ~written, "the time is missing")
        unread = self.table["ordered_at"].isna()
        self.drop("read_dates", unread, "the date cannot be read" + self.such_as("time", unread))
        far = far_away(self.table["ordered_at"])
        why = "the date is more than twenty years from the others" + self.such_as("time", far)
        self.drop("far_away", far, why)
        self._drop_future()
        self._need_events()
        self._read_numbers(decimal)

    def _fill_orders(self) -> None:
        """Give all rows of an order what the export wrote into its first row only."""
        for role in ("user_id", "time", "status", "currency"):
            if role not in self.table or "order_id" not in self.table:
                continue
            order, values = self.table["order_id"], self.table[role]
            if money.once_per_order(values, order):
                filled = values.fillna(values.groupby(order).transform("first"))
                touched = self.table.index[values.isna() & filled.notna()]
                self.table = self.table.assign(**{role: filled})
                why = f'"{self.column[role]}" stands in the first row of an order: it is of all'
                self.ledger.append(LedgerRow("fill_orders", TABLE, touched, self.none, why))

    def _need_events(self) -> None:
        """Take the rows for orders where no word for what happened is one of a shop."""
        if "event" in self.table:
            words = self.table["event"].dropna().unique()
            if not any(kind_of_event(word) in schema.EVENTS for word in words):
                self.table = self.table.drop(columns="event")
                what = (
                    f"holds none of {', '.join(schema.EVENTS)}, so the rows are taken for orders."
                )
                self.doubt("event", what, "")

    def _lower_addresses(self) -> None:
        """Write e-mail addresses in small letters: Ana@x.org is ana@x.org."""
        users = self.table["user_id"]
        if not users.str.contains("@", regex=False).mean() > 0.5:
            return
        lower = users.str.lower()
        touched = self.table.index[(lower != users) & users.notna()]
        self.table = self.table.assign(user_id=lower)
        why = "an address is the same in capital and small letters"
        self.ledger.append(LedgerRow("lower_addresses", TABLE, touched, self.none, why))

    def _drop_future(self) -> None:
        """Drop a few dates that are still to come; if there are many, only say so."""
        later = self.table["ordered_at"] > pd.Timestamp.now() + pd.Timedelta(days=1)
        if later.mean() <= SLIPS:
            why = "the date is still to come" + self.such_as("time", later)
            self.drop("drop_future", later, why)
            return
        what = f"holds dates still to come in {count(later.sum(), 'row')}"
        what += f"{self.such_as('time', later)}."
        self.doubt("time", what, "They count as they are. Are these orders, or deliveries?")

    def _read_numbers(self, decimal: str | None) -> None:
        roles = ["unit_price", "amount", "quantity", "discount", "discount_amount"]
        for role in [role for role in roles if role in self.table]:
            text = self.table[role].rename(self.column[role])
            values, doubts, how, units = read_numbers(text, decimal)
            if decimal is None and how:  # the prices tell how quantities are written
                decimal = {"decimal comma": ",", "decimal point": "."}[how] if not doubts else None
            self.doubts += doubts
            unread = text.notna() & values.isna()
            if role in ("amount", "discount_amount") and "order_id" in self.table:
                values = money.of_order(self, role, values)
            self.table = self.table.assign(**{role: values})
            if role == "discount":
                money.settle_discount(self, units)
            if role in ("discount", "discount_amount"):
                continue
            if role in ("unit_price", "amount"):
                money.settle_currency(self, role, units)
            unread = unread.reindex(self.table.index)
            column = self.column[role]
            example = f', such as "{text[unread[unread].index[0]]}"' if unread.any() else ""
            self.drop("read_numbers", unread, f'"{column}" is no number{example}')
            self.drop("read_numbers", self.table[role].isna(), f'"{column}" is missing')

    def such_as(self, role: str, rows: pd.Series) -> str:
        """Return an example of what the file has in some rows, to be put behind a sentence."""
        if not rows.any():
            return ""
        example = self.whole[self.column[role]].loc[rows.index[rows.to_numpy()][0]]
        return f', such as "{example[:40]}"'

    def _drop_copies(self) -> None:
        """Drop rows that are copies in all columns of the file, also those that play no role."""
        copies = self.table.duplicated()
        candidates = self.table[self.table.duplicated(keep=False)].index
        if len(candidates):
            copies = self.whole.loc[candidates].duplicated().reindex(copies.index, fill_value=False)
        clock = self.table["time"].str.contains(":", regex=False).mean() > 0.5
        if copies.any() and not (clock or "order_id" in self.table):
            what = f"Rows that are copies of an earlier one: {copies.sum():,}."
            mend = "They stay: without the hour or an order, two purchases of a day may be alike."
            self.doubts.append(Doubt("", what, mend))
            return
        self.drop("drop_duplicate_rows", copies, "the row equals an earlier one in every column")

    # ------------------------------------------------------------ rows that go

    def drop_rows(self) -> None:
        """Drop sums below the table, what belongs to no user, or was taken back by its status."""
        last = self.table.tail(LAST)
        ids = [role for role in ("user_id", "order_id", "item_id", "name") if role in last]
        total = last[ids].apply(lambda text: text.str.fullmatch(TOTAL, case=False).fillna(False))
        total = total.any(axis=1).reindex(self.table.index, fill_value=False)
        self.drop("drop_totals", total, "the row sums up those above it")
        if "event" not in self.table:
            self.apply(cleaning.drop_missing, "user_id")
        if "status" in self.table:
            self._take_back()
        doubts.rounded_ids(self)
        doubts.formulas(self)

    def _take_back(self) -> None:
        """Drop what the status says was taken back; say what it leaves open."""
        status = self.table["status"]

        def says(words: str) -> pd.Series:
            return status.str.contains(words, case=False, regex=True).fillna(False).astype(bool)

        back, part, unpaid = says(TAKEN_BACK) & ~says(NOT_BACK), says(IN_PART), says(UNPAID)
        for rows, what in ((back & part, "went back in part"), (unpaid, "are not paid yet")):
            if rows.any():
                what = f"says of {count(rows.sum(), 'row')} that they {what}"
                what += f"{self.such_as('status', rows)}; they count in full."
                self.doubt("status", what, "Revenue is a little too high.")
        back &= ~part
        if back.mean() > 0.5:
            what = f"takes back {back.mean():.0%} of all rows{self.such_as('status', back)}."
            self.doubt("status", what, 'If it is no status, say roles={"status": None}.')
        self.drop("status", back, "the status says so" + self.such_as("status", back))

    # ------------------------------------------------------------ events

    def take_events(self) -> pd.DataFrame:
        """Put events aside, and leave their purchases as order lines."""
        table = self.table
        kinds = {kind: kind_of_event(kind) for kind in table["event"].dropna().unique()}
        events = pd.DataFrame(
            {
                "event_id": [f"E{row}" for row in table.index],
                "occurred_at": table["ordered_at"],
                "user_id": table["user_id"],
                "event": table["event"].map(kinds),
            },
            index=table.index,
        )
        if "item_id" in table:
            events["item_id"] = table["item_id"]
        other = sorted(kind for kind, known in kinds.items() if known == kind)
        other = [kind for kind in other if kind not in schema.EVENTS]
        if other:
            what = f"has kinds of events that are none of {', '.join(schema.EVENTS)}: "
            self.doubt("event", what + ", ".join(other[:5]) + ".", "They are in no funnel.")
        known = events["user_id"].notna() & events["event"].notna()
        events = events[known]
        self.drop("drop_guests", ~known, "the event has no user or no kind")
        if "session_id" in table:
            session = table["session_id"].reindex(events.index)
            events["session_id"] = session.fillna("of " + events["user_id"].astype("str"))
        elif len(events):
            events["session_id"] = "S" + behavior.sessionize(events).astype(str)
            what = "There is no column of sessions; a pause of more than 30 minutes starts one."
            self.doubts.append(Doubt("", what, ""))
        bought = (events["event"] == "purchase").reindex(self.table.index)
        self.table = self.table[bought.to_numpy(bool)]
        return events

    # ------------------------------------------------------------ order lines

    def make_lines(self) -> None:
        """Make orders, prices and items of what is there, and net what came back."""
        if "name" in self.table:  # an item without a number goes by its name
            item = self.table.get("item_id", self.table["name"])
            self.table = self.table.assign(item_id=item.fillna(self.table["name"]))
        if "item_id" in self.table:
            self.apply(cleaning.drop_missing, "item_id")
        if "order_id" not in self.table:
            self._make_orders()
        self.apply(cleaning.drop_missing, "order_id")
        self.table = self.table.assign(
            quantity=self.table.get("quantity", 1.0), discount=self.table.get("discount", 0.0)
        )
        if "quantity" not in self.column:
            self.doubts.append(Doubt("", "There is no column of quantities;", "each row is one."))
        doubts.users(self)
        doubts.order_level(self)
        money.settle_prices(self)
        money.take_off_discounts(self)
        self._net_returns()
        doubts.weights(self)
        if "unit_price" in self.table:
            self.apply(cleaning.drop_impossible_prices)
            doubts.cents(self)

    def _make_orders(self) -> None:
        moments = self.table["ordered_at"]
        clock = bool((moments != moments.dt.normalize()).any())
        when = "moment" if clock else "day"
        user = pd.factorize(self.table["user_id"])[0]
        moment = pd.factorize(moments)[0]
        pair = pd.Series(user.astype("int64") * (len(moments) + 1) + moment, self.table.index)
        orders = pd.factorize(pair)[0] + 1
        self.table = self.table.assign(order_id=pd.Series(orders, self.table.index).astype("str"))
        what = f"There is no column of orders; what a user bought at one {when} is one order."
        self.doubts.append(Doubt("", what, 'If there is one, say roles={"order_id": "…"}.'))

    def _net_returns(self) -> None:
        """Take off what came back, from the order it names or else from the latest purchase."""
        quantity = self.table["quantity"]
        minus = quantity < 0
        if not minus.any():
            self.apply(cleaning.drop_impossible_quantities)
            return
        ids = self.table["order_id"]
        named = minus & ids.str[0].isin(["C", "R"]) & ids.str[1:].isin(ids[~minus])
        if "item_id" not in self.table:
            money = (self.table.get("unit_price", 0.0) * -quantity)[minus].sum()
            size = f" ({self.currency}{money:,.2f} in all)" if money else ""
            self.drop("net_returns", minus, "the row gives money back, or takes goods")
            what = f"Rows that give back what no purchase can be found for: {minus.sum():,}{size}."
            self.doubts.append(Doubt("", what, "Revenue is what was sold, before returns."))
            return
        before = self.table
        self._net_by_item(minus & ~named)
        self.apply(cleaning.net_cancellations)
        self.apply(cleaning.net_returns)
        self._doubt_unmatched(before)
        self.apply(cleaning.drop_impossible_quantities)

    def _net_by_item(self, back: pd.Series) -> None:
        """Net returns that name no order: the latest purchases of user and item, up to that day."""
        table, by = self.table, ["user_id", "item_id"]
        last_return = table["ordered_at"].where(back).groupby([table[name] for name in by])
        may = (table["quantity"] > 0) & (table["ordered_at"] <= last_return.transform("max"))
        backward = table[back | may].sort_values("ordered_at", ascending=False, kind="stable")
        quantity = table["quantity"].copy()
        quantity[backward.index] = units_left(backward, by)
        reduced = may & (quantity < table["quantity"])
        gone = back | (reduced & (quantity == 0))
        touched, dropped = (table.index[rows.to_numpy(bool)] for rows in (reduced & ~gone, gone))
        self.table = table.assign(quantity=quantity)[~gone.to_numpy(bool)]
        why = "goods came back: taken off the user's latest purchases of the item"
        self.ledger.append(LedgerRow("net_by_item", TABLE, touched, dropped, why))

    def _doubt_unmatched(self, before: pd.DataFrame) -> None:
        """Say how many of the returned units were not bought in this file, and their worth."""
        quantity = before["quantity"]
        returned = -quantity.clip(upper=0)
        taken = quantity.clip(lower=0) - self.table["quantity"].reindex(before.index, fill_value=0)
        unmatched = returned.sum() - taken.sum()
        if unmatched > 0.5:
            price = before.get("unit_price", 0.0) * (1 - before["discount"])
            worth = (price * (returned - taken)).sum()
            units = f"{unmatched:,.0f} of {returned.sum():,.0f} returned units"
            mend = "They were bought before the file begins, perhaps."
            if worth > 0:
                mend += f" Revenue is {self.currency}{worth:,.0f} higher than with them taken off."
            self.doubts.append(Doubt("", f"{units} match no earlier purchase.", mend))

    # ------------------------------------------------------------ what comes out

    def lines(self) -> pd.DataFrame:
        """Return the order lines, in our columns."""
        wanted = ["order_id", "ordered_at", "user_id", "item_id", "quantity", "unit_price"]
        return self.table[[c for c in [*wanted, "discount"] if c in self.table]]

    def items(self) -> pd.DataFrame | None:
        """Return one row per item, with the name and the category that most of its rows have."""
        if "item_id" not in self.table or self.table.empty:
            return None
        items = pd.DataFrame({"item_id": pd.Index(self.table["item_id"].unique()).sort_values()})
        for role in ("name", "category"):
            if role in self.table:
                rows = self.table.dropna(subset=role)
                counts = (
                    rows.groupby(["item_id", role], sort=True).size().sort_values(kind="stable")
                )
                most = counts.reset_index(role)[role].groupby("item_id").last()
                items[role] = items["item_id"].map(most)
        names = items["name"] if "name" in items else items["item_id"]
        return items.assign(name=names.fillna(items["item_id"]).astype("str"))
