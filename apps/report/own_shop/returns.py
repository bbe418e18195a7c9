"""Refunds: subtracted from the purchases they belong to, as far as the file shows which.

Some systems say which order a refund belongs to: it has the same order id, or one with a letter
before it, as C536365 for order 536365. Otherwise it is subtracted from the user's latest purchases
of the item. A refund that matches no purchase stays in the accounts, but changes no order line.
"""

import pandas as pd

from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.money import paid_for
from helpers.data import cleaning
from helpers.data.cleaning.orders import units_left
from helpers.language import say

CANCELS, RETURNS = "C", "R"  # before the id of the order that is canceled or returned


def net_refunds(job: ImportJob) -> None:
    """Subtract refunds from the purchases they belong to; afterward only purchases are left."""
    if "unit_price" in job.table:
        _reduce(job, job.table["refunded"], say("money was paid back for the line"))
    back = job.table["quantity"] < 0
    if back.any() and "item_id" in job.table:
        named = _names_an_order(job.table["order_id"], back)
        _net_by_item(job, back & ~named & _is_of_units(job.table, back))
        job.apply(cleaning.net_cancellations, why=say("the order was canceled"))
        job.apply(cleaning.net_returns, why=say("units came back"))
        back = job.table["quantity"] < 0
    if back.any():
        _net_by_order(job, back)
    job.drop("net_refunds", job.table["quantity"] <= 0, say("a refund that matches no purchase"))


def _names_an_order(ids: pd.Series, back: pd.Series) -> pd.Series:
    """Return which refunds have the id of an order with a letter before it."""
    named = ids[back & ids.str.startswith((CANCELS, RETURNS))].str[1:]
    known = ids[~back & ids.isin(named.unique())].unique()
    return named.isin(known).reindex(ids.index, fill_value=False)


def _is_of_units(table: pd.DataFrame, back: pd.Series) -> pd.Series:
    """Return which refunds are of units: the file says so, or the item was sold at that price."""
    price = (table["unit_price"] * (1 - table["discount"])).round(2) if "unit_price" in table else 0
    item, price = (
        pd.factorize(one)[0] + 1 for one in (table["item_id"], price + pd.Series(0.0, table.index))
    )
    keys = pd.Series(item * (price.max(initial=0) + 1) + price, table.index)
    at_that_price = keys.isin(keys[~back])
    return table["item_id"].notna() & (table["is_return"] | at_that_price)


def _reduce(job: ImportJob, back: pd.Series, why: str) -> None:
    """Take money off lines as if it were a discount; lines of which nothing is left go."""
    table = job.table
    value = paid_for(table)
    off = back.clip(lower=0, upper=value.clip(lower=0))
    left = (1 - off / value.where(value > 0)).fillna(1.0)
    discount = table["discount"].where(left == 1, 1 - (1 - table["discount"]) * left)
    gone = (off > 0) & (left < 1e-9)
    job.change("net_refunds", "discount", discount, (off > 0) & ~gone, why, dropped=gone)


def _net_by_order(job: ImportJob, back: pd.Series) -> None:
    """Spread refunds without a matching item over the lines of the order they name."""
    if "unit_price" not in job.table:
        return
    table = job.table
    value = paid_for(table)
    order = table["order"]
    sold = value.where(~back, 0.0).groupby(order).transform("sum")
    refund = (-value).where(back, 0.0).groupby(order).transform("sum")
    share = (refund / sold.where(sold > 0)).clip(upper=1).fillna(0.0)
    _reduce(job, (value * share).where(~back, 0.0), say("money was paid back for the order"))


def _net_by_item(job: ImportJob, back: pd.Series) -> None:
    """Subtract returns from the same order, then from the user's latest purchases of the item."""
    lines, quantity = job.table, job.table["quantity"].copy()
    same = lines["order_id"].isin(lines["order_id"][back]) & lines["item_id"].notna()
    quantity[same] = units_left(lines[same & (back | (quantity > 0))], ["order_id", "item_id"])
    quantity = quantity.fillna(lines["quantity"])
    quantity = net_by_item(lines.assign(quantity=quantity), back & (quantity < 0))
    reduced = ~back & (quantity < lines["quantity"])
    gone = (back & (quantity == 0)) | (reduced & (quantity == 0))
    why = say("returned items, subtracted from the purchases they belong to")
    job.change("net_by_item", "quantity", quantity, reduced & ~gone, why, dropped=gone)


def net_by_item(lines: pd.DataFrame, back: pd.Series) -> pd.Series:
    """Return the quantities left after returns that name no order.

    A user's returns of an item are subtracted from the user's purchases of it, the latest first, if
    these were made before the last return.

    Parameters
    ----------
    lines : DataFrame; ``user_id``, ``item_id``, ``ordered_at``, ``quantity`` (below 0 for returns).
    back : which lines are such returns.

    Returns
    -------
    Series; a return keeps, below 0, the units that match no purchase. Other lines don't change.

    Examples
    --------
    After purchases of 2, 1 and 2 units, 3 units are returned on the fourth day: the last 2, and the
    1 before. The purchase on the fifth day is later than the return.

    >>> lines = pd.DataFrame({"user_id": "7", "item_id": "A", "quantity": [2, 1, 2, -3, 4],
    ...                       "ordered_at": pd.date_range("2025-03-01", periods=5)})
    >>> net_by_item(lines, lines["quantity"] < 0).tolist()
    [2, 0, 0, 0, 4]
    """
    by = ["user_id", "item_id"]
    last_return = lines["ordered_at"].where(back).groupby([lines[name] for name in by])
    may = (lines["quantity"] > 0) & (lines["ordered_at"] <= last_return.transform("max"))
    latest = lines[(back | may) & lines["user_id"].notna()]
    latest = latest.sort_values("ordered_at", ascending=False, kind="stable")
    quantity = lines["quantity"].copy()
    quantity[latest.index] = units_left(latest, by)
    return quantity
