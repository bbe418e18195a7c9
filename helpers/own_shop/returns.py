"""Returns: lines with negative units, subtracted from the purchases they belong to.

Some systems say which order a return belongs to, by a letter before its id: C536365 cancels order
536365. Otherwise the return is subtracted from the user's latest purchases of the item.
"""

import pandas as pd

from helpers.data import cleaning
from helpers.data.cleaning.orders import units_left
from helpers.own_shop.import_job import ImportJob

CANCELS, RETURNS = "C", "R"  # before the id of the order that is canceled or returned


def net_returns(job: ImportJob) -> None:
    """Subtract returns from the order that they name, or else from the latest purchase."""
    quantity = job.table["quantity"]
    minus = quantity < 0
    if minus.any() and "item_id" not in job.table:
        _drop_unmatched(job, minus)
        return
    if minus.any():
        before, ids = job.table, job.table["order_id"]
        named = ids.str[0].isin([CANCELS, RETURNS]) & ids.str[1:].isin(ids[~minus])
        _net_by_item(job, minus & ~named)
        job.apply(cleaning.net_cancellations)
        job.apply(cleaning.net_returns)
        _doubt_unmatched(job, before)
    job.apply(cleaning.drop_impossible_quantities)


def _drop_unmatched(job: ImportJob, minus: pd.Series) -> None:
    """Drop returns without an item, and say by how much revenue is too high."""
    given_back = (job.table.get("unit_price", 0.0) * -job.table["quantity"])[minus].sum()
    size = f" ({job.currency}{given_back:,.2f} in total)" if given_back else ""
    job.drop("net_returns", minus, "the row is a refund or a return")
    what = f"Refunds and returns without a matching purchase: {minus.sum():,}{size}."
    job.doubt("", what, "Revenue is the amount sold before returns.")


def _net_by_item(job: ImportJob, back: pd.Series) -> None:
    """Subtract returns that name no order, and note which lines they changed."""
    quantity = net_by_item(job.table, back)
    reduced = ~back & (quantity < job.table["quantity"])
    gone = back | (reduced & (quantity == 0))
    why = "returned items, subtracted from the user's latest purchases of the item"
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
    latest = lines[back | may].sort_values("ordered_at", ascending=False, kind="stable")
    quantity = lines["quantity"].copy()
    quantity[latest.index] = units_left(latest, by)
    return quantity


def _doubt_unmatched(job: ImportJob, before: pd.DataFrame) -> None:
    """Say how many of the returned units were not bought in this file, and their value.

    If 4 units are returned but only 3 were bought, at 5 each, revenue is 5 too high.
    """
    quantity = before["quantity"]
    returned = -quantity.clip(upper=0)
    taken = quantity.clip(lower=0) - job.table["quantity"].reindex(before.index, fill_value=0)
    unmatched = returned.sum() - taken.sum()
    if unmatched > 0.5:
        price = before.get("unit_price", 0.0) * (1 - before["discount"])
        worth = (price * (returned - taken)).sum()
        units = f"{unmatched:,.0f} of {returned.sum():,.0f} returned units"
        mend = "They may have been bought before the file begins."
        if worth > 0:
            mend += f" Subtracting them would lower revenue by {job.currency}{worth:,.0f}."
        job.doubt("", f"{units} match no earlier purchase.", mend)
