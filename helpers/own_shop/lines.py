"""From parsed rows to clean order lines: what is dropped, what an order is, what an item is.

The rules are those of `helpers.data.cleaning` where they fit any shop. What is added here and in
`prices`, `returns` and `events`: several currencies, orders that have no number, totals that repeat
on every line, returns that do not say what they take back, and the words of others for what happens
in a shop.
"""

import pandas as pd

from helpers.data import cleaning
from helpers.own_shop import oddities, prices
from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.messages import pluralize
from helpers.own_shop.names import IN_PART, NOT_TAKEN_BACK, TAKEN_BACK, TOTAL, UNPAID
from helpers.own_shop.returns import net_returns

LAST = 5  # rows at the end of a file that may sum up the others

# ---------------------------------------------------------------- rows that go


def drop_rows(job: ImportJob) -> None:
    """Drop sums below the table, what belongs to no user, or was taken back by its status."""
    _drop_totals(job)
    if "event" not in job.table:
        job.apply(cleaning.drop_missing, "user_id")
    if "status" in job.table:
        _drop_taken_back(job)
    oddities.check_rounded_ids(job)
    oddities.check_formulas(job)


def _drop_totals(job: ImportJob) -> None:
    """Drop a row at the end that sums up those above it: "Total" stands where an id should."""
    last = job.table.tail(LAST)
    ids = [role for role in ("user_id", "order_id", "item_id", "name") if role in last]
    total = last[ids].apply(lambda text: text.str.fullmatch(TOTAL, case=False).fillna(False))
    total = total.any(axis=1).reindex(job.table.index, fill_value=False)
    job.drop("drop_totals", total, "the row sums up those above it")


def _drop_taken_back(job: ImportJob) -> None:
    """Drop what the status says was taken back; say what it leaves open.

    "Refunded" goes. "Partially refunded" stays in full, as does "awaiting payment", each with a
    doubt; "not refunded" stays without one. If more than half of the rows go, a doubt asks whether
    it is a status at all.
    """
    status = job.table["status"]

    def says(words: str) -> pd.Series:
        return status.str.contains(words, case=False, regex=True).fillna(False).astype(bool)

    back, part, unpaid = says(TAKEN_BACK) & ~says(NOT_TAKEN_BACK), says(IN_PART), says(UNPAID)
    for rows, what in ((back & part, "went back in part"), (unpaid, "are not paid yet")):
        if rows.any():
            what = f"says of {pluralize(rows.sum(), 'row')} that they {what}"
            what += f"{job.such_as('status', rows)}; they count in full."
            job.doubt("status", what, "Revenue is a little too high.")
    back &= ~part
    if back.mean() > 0.5:
        what = f"takes back {back.mean():.0%} of all rows{job.such_as('status', back)}."
        job.doubt("status", what, 'If it is no status, say roles={"status": None}.')
    job.drop("status", back, "the status says so" + job.such_as("status", back))


# ---------------------------------------------------------------- order lines


def make_lines(job: ImportJob) -> None:
    """Make orders, prices and items of what is there, and net what came back.

    A row "7, 2025-03-01, A1, 2, 9.50" of user, day, item, units and total becomes a line of order
    "1" with 2 units at 4.75 and no discount.
    """
    if "name" in job.table:  # an item without a number goes by its name
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
        job.doubt("", "There is no column of quantities;", "each row is one.")
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
    """Take for one order what a user bought at one moment, or on one day if there is no clock."""
    moments = job.table["ordered_at"]
    has_clock = bool((moments != moments.dt.normalize()).any())
    user, moment = (pd.factorize(job.table[name])[0] for name in ("user_id", "ordered_at"))
    pair = pd.Series(user.astype("int64") * (len(moments) + 1) + moment, job.table.index)
    orders = pd.factorize(pair)[0] + 1
    job.table = job.table.assign(order_id=pd.Series(orders, job.table.index).astype("str"))
    when = "moment" if has_clock else "day"
    what = f"There is no column of orders; what a user bought at one {when} is one order."
    job.doubt("", what, 'If there is one, say roles={"order_id": "…"}.')


# ---------------------------------------------------------------- what comes out


def order_lines(job: ImportJob) -> pd.DataFrame:
    """Return the order lines, in our columns."""
    wanted = ("order_id", "ordered_at", "user_id", "item_id", "quantity", "unit_price", "discount")
    return job.table[[column for column in wanted if column in job.table]]


def items(job: ImportJob) -> pd.DataFrame | None:
    """Return one row per item, with the name and the category that most of its rows have."""
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
