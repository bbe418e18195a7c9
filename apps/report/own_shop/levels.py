"""Amounts of lines and of orders: which a column of money holds, and how one becomes the other."""

import pandas as pd

from apps.report.own_shop import money
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import ROLES, normalize
from apps.report.own_shop.questions import Question, ask, choose

TOTALS, OFF = ("amount", "paid"), ("discount_amount", "refund_amount")


def settle_levels(job: ImportJob) -> None:
    """Find which amounts are for the whole order: they are the same in all of its rows.

    The rows of a refund repeat the number and the amount of their order, so only sales are looked
    at. Without prices to prove it, only different items in most orders do: tickets and
    installments are alike.
    """
    sold = job.table[~job.table["is_back"]]
    for role in (*TOTALS, *OFF):
        if role not in sold or role in job.per_order:
            continue
        once = money.once_per_order(sold[role], sold["order"])
        if once:
            job.table[role] = money.spread_over_order(job.table[role], job.table["order"])
        elif not money.same_per_order(sold[role], sold["order"]):
            continue
        per_line = not once and role in TOTALS and _is_per_line(job, sold, role)
        if per_line is None:
            raise _line_or_order(job, sold, role)
        if not per_line:
            job.per_order.add(role)


def _is_per_line(job: ImportJob, sold: pd.DataFrame, role: str) -> bool | None:
    """Return whether equal amounts of an order are those of its lines; None if nothing tells."""
    if "amounts" in job.settings:
        return job.settings["amounts"] == "per_line"
    order = sold["order"]
    if "unit_price" in sold:
        value = sold["quantity"] * sold["unit_price"]
        if money.agree(value, sold[role]):
            return True
        if money.agree(value.groupby(order).transform("sum"), sold[role]):
            return False
    if {*normalize(job.column[role]).split()} & {*ROLES["order_id"].tiers[-1]}:  # "order total"
        return False
    item = next((sold[one] for one in ("item_id", "name") if one in sold), order)
    if "order_id" not in job.column and item is order:
        return True
    several = sold[role].notna() & (item.groupby(order).transform("nunique") > 1)
    return None if order[several].nunique() < money.NO_CHANCE else False


def _line_or_order(job: ImportJob, sold: pd.DataFrame, role: str) -> Question:
    """Return the question whether equal amounts in the rows of an order are one amount."""
    several = sold[sold["order"].duplicated(keep=False) & sold[role].notna()]
    rows, amount = (several["order"] == several["order"].iloc[0]).sum(), several[role].iloc[0]
    one = choose({"amounts=per_order": "it is one amount: {total}"}, total=f"{amount:,.2f}")
    each = choose({"amounts=per_line": "the rows add up: {total}"}, total=f"{amount * rows:,.2f}")
    return ask(
        "“{column}” is the same in all rows of an order, such as {amount} in {rows} of “{order}”.",
        one + each,
        column=job.column[role],
        amount=f"{amount:,.2f}",
        rows=pluralize(rows, "row"),
        order=several["order_id"].iloc[0],
    )


def of_lines(job: ImportJob, role: str, weights: pd.Series) -> pd.Series:
    """Return the amount of a role in each line, 0 where there is none.

    An amount of an order is divided among its lines in proportion to weights.
    """
    if role not in job.table:
        return pd.Series(0.0, job.table.index)
    amount = job.table[role].fillna(0.0)
    if role not in job.per_order:
        return amount
    order = 2 * job.table["order"] + job.table["is_back"]  # its refunds are another total
    total = weights.groupby(order).transform("sum")
    even = 1 / order.groupby(order).transform("size")
    return amount * (weights / total.where(total > 0)).fillna(even)
