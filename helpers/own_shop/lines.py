"""From parsed rows to clean order lines: which rows are dropped, what an order is, what an item is.

The rules are those of `helpers.data.cleaning` if they fit any shop. This module and `prices`,
`returns` and `events` add rules for several currencies, orders without a number, totals repeated on
every line, returns that don't say which purchase they belong to, and other systems' words for what
happens in a shop.
"""

import pandas as pd

from helpers.data import cleaning
from helpers.own_shop import oddities, prices
from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.messages import pluralize
from helpers.own_shop.names import IN_PART, NOT_TAKEN_BACK, TAKEN_BACK, TOTAL, UNPAID
from helpers.own_shop.returns import net_returns

LAST = 5  # rows at the end of a file that may be totals

# ---------------------------------------------------------------- rows that go


def drop_rows(job: ImportJob) -> None:
    """Drop totals below the table, rows without a user, and orders canceled by their status."""
    _drop_totals(job)
    if "event" not in job.table:
        job.apply(cleaning.drop_missing, "user_id")
    if "status" in job.table:
        _drop_taken_back(job)
    oddities.check_rounded_ids(job)
    oddities.check_formulas(job)


def _drop_totals(job: ImportJob) -> None:
    """Drop a row at the end that is a total: it has "Total" in the place of an id."""
    last = job.table.tail(LAST)
    ids = [role for role in ("user_id", "order_id", "item_id", "name") if role in last]
    total = last[ids].apply(lambda text: text.str.fullmatch(TOTAL, case=False).fillna(False))
    total = total.any(axis=1).reindex(job.table.index, fill_value=False)
    job.drop("drop_totals", total, "the row is a total of the rows above it")


def _drop_taken_back(job: ImportJob) -> None:
    """Drop rows that were canceled or returned according to their status; note what is unclear.

    "Refunded" is dropped. "Partially refunded" is kept in full, as is "awaiting payment", each with
    a doubt; "not refunded" is kept without one. If more than half of the rows are dropped, a doubt
    asks whether the column is a status at all.
    """
    status = job.table["status"]

    def says(words: str) -> pd.Series:
        return status.str.contains(words, case=False, regex=True).fillna(False).astype(bool)

    back, part, unpaid = says(TAKEN_BACK) & ~says(NOT_TAKEN_BACK), says(IN_PART), says(UNPAID)
    for rows, what in ((back & part, "partly returned"), (unpaid, "not paid yet")):
        if rows.any():
            what = f"marks {pluralize(rows.sum(), 'row')} as {what}"
            what += f"{job.such_as('status', rows)}; they count in full."
            job.doubt("status", what, "Revenue is slightly too high.")
    back &= ~part
    if back.mean() > 0.5:
        what = f"cancels {back.mean():.0%} of all rows{job.such_as('status', back)}."
        job.doubt("status", what, 'If it is not a status, set roles={"status": None}.')
    job.drop("status", back, "canceled or returned, by its status" + job.such_as("status", back))


# ---------------------------------------------------------------- order lines


def make_lines(job: ImportJob) -> None:
    """Make orders, prices and items from the columns, and subtract returns.

    A row "7, 2025-03-01, A1, 2, 9.50" of user, day, item, units and total becomes a line of order
    "1" with 2 units at 4.75 and no discount.
    """
    if "name" in job.table:  # the name identifies an item without a number
        item = job.table.get("item_id", job.table["name"])
        job.table = job.table.assign(item_id=item.fillna(job.table["name"]))
    if "item_id" in job.table:
        job.apply(cleaning.drop_missing, "item_id")
    if "order_id" not in job.table:
        _make_orders(job)
    job.apply(cleaning.drop_missing, "order_id")
    job.table = job.table.assign(
        quantity=job.table.get("quantity", 1.0), discount=job.table.get("discount", 0.0)
    )
    if "quantity" not in job.column:
        job.doubt("", "There is no quantity column;", "each row counts as one unit.")
    oddities.check_users(job)
    oddities.check_order_level(job)
    prices.settle_prices(job)
    prices.take_off_discounts(job)
    net_returns(job)
    oddities.check_quantities(job)
    if "unit_price" in job.table:
        job.apply(cleaning.drop_impossible_prices)
        oddities.check_prices(job)


def _make_orders(job: ImportJob) -> None:
    """Make one order of what a user bought at one time, or on one day if there are no times."""
    moments = job.table["ordered_at"]
    has_clock = bool((moments != moments.dt.normalize()).any())
    user, moment = (pd.factorize(job.table[name])[0] for name in ("user_id", "ordered_at"))
    pair = pd.Series(user.astype("int64") * (len(moments) + 1) + moment, job.table.index)
    orders = pd.factorize(pair)[0] + 1
    job.table = job.table.assign(order_id=pd.Series(orders, job.table.index).astype("str"))
    when = "at the same time" if has_clock else "on the same day"
    what = f"There is no order column; what a user bought {when} counts as one order."
    job.doubt("", what, 'If there is one, set roles={"order_id": "…"}.')


# ---------------------------------------------------------------- what comes out


def order_lines(job: ImportJob) -> pd.DataFrame:
    """Return the order lines, in the columns of the course."""
    wanted = ("order_id", "ordered_at", "user_id", "item_id", "quantity", "unit_price", "discount")
    return job.table[[column for column in wanted if column in job.table]]


def items(job: ImportJob) -> pd.DataFrame | None:
    """Return one row per item, with its most frequent name and category."""
    if "item_id" not in job.table or job.table.empty:
        return None
    found = pd.DataFrame({"item_id": pd.Index(job.table["item_id"].unique()).sort_values()})
    for role in ("name", "category"):
        if role in job.table:
            rows = job.table.dropna(subset=role)
            counts = rows.groupby(["item_id", role], sort=True).size().sort_values(kind="stable")
            most = counts.reset_index(role)[role].groupby("item_id").last()
            found[role] = found["item_id"].map(most)
    names = found["name"] if "name" in found else found["item_id"]
    return found.assign(name=names.fillna(found["item_id"]).astype("str"))
