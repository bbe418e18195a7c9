"""Returns: lines of minus units, taken off the purchases they give back.

Some systems say which order a return belongs to, by a letter before its id: C536365 cancels order
536365. Where the file says nothing, the user's latest purchases of the item are taken.
"""

import numpy as np
import pandas as pd

from helpers.data import cleaning
from helpers.data.cleaning.ledger import LedgerRow
from helpers.own_shop.job import TABLE, ImportJob

CANCELS, RETURNS = "C", "R"  # before the id of the order that is taken back


def net_returns(job: ImportJob) -> None:
    """Take off what came back, from the order it names or else from the latest purchase."""
    quantity = job.table["quantity"]
    minus = quantity < 0
    if minus.any() and "item_id" not in job.table:
        _drop_unmatched(job, minus)
        return
    if minus.any():
        ids = job.table["order_id"]
        named = ids.str[0].isin([CANCELS, RETURNS]) & ids.str[1:].isin(ids[~minus])
        _net_by_item(job, minus & ~named)
        job.apply(cleaning.net_cancellations)
        job.apply(cleaning.net_returns)
    job.apply(cleaning.drop_impossible_quantities)


def _drop_unmatched(job: ImportJob, minus: pd.Series) -> None:
    """Drop returns of which nobody knows the item, and say how much revenue is too high by them."""
    given_back = (job.table.get("unit_price", 0.0) * -job.table["quantity"])[minus].sum()
    size = f" ({job.currency}{given_back:,.2f} in all)" if given_back else ""
    job.drop("net_returns", minus, "the row gives money back, or takes goods")
    what = f"Rows that give back what no purchase can be found for: {minus.sum():,}{size}."
    job.doubt("", what, "Revenue is what was sold, before returns.")


def _net_by_item(job: ImportJob, back: pd.Series) -> None:
    """Net returns that name no order; say what is left that no purchase accounts for."""
    table = job.table
    quantity = units_kept(table, back)
    taken_off = table["quantity"] - quantity
    changed = ~back & (taken_off != 0)
    gone = back | (changed & (quantity == 0))
    job.table = table.assign(quantity=quantity)[~gone]
    why = "goods came back: taken off the user's latest purchases of the item"
    row = LedgerRow("net_by_item", TABLE, table.index[changed & ~gone], table.index[gone], why)
    job.ledger.append(row)

    units = -table["quantity"].where(back, 0)
    asked, found = float(units.sum()), float(taken_off[~back].sum())
    if asked - found > 0.5:
        price = table.get("unit_price", pd.Series(0.0, table.index)) * (1 - table["discount"])
        too_much = (price * units).sum() - (price * taken_off)[~back].sum()
        what = f"{asked - found:,.0f} of {asked:,.0f} returned units match no earlier purchase."
        mend = "They were bought before the file begins, perhaps."
        if too_much > 0:
            mend += f" Revenue is {job.currency}{too_much:,.0f} higher than with them taken off."
        job.doubt("", what, mend)


def units_kept(lines: pd.DataFrame, back: pd.Series) -> pd.Series:
    """Return the quantities of purchases after returns, for returns that name no order.

    What a user gives back of an item is taken off the user's purchases of it, the latest first, as
    far as they were made before the last of the returns. If r units came back in all and the
    purchases, from the latest to the first, are q₁, q₂, …, then of purchase k are kept

        min(max(q₁ + … + q_k - r, 0), q_k)

    Parameters
    ----------
    lines : DataFrame; ``user_id``, ``item_id``, ``ordered_at``, ``quantity`` (below 0 for returns).
    back : which lines are such returns.

    Returns
    -------
    Series of units; those of other lines, and of the returns themselves, are as they were.

    Examples
    --------
    Of 2, 1 and then 2 units, 3 come back on the fourth day: the last 2, and the 1 before. The fifth
    day is later than the return.

    >>> lines = pd.DataFrame({"user_id": "7", "item_id": "A", "quantity": [2, 1, 2, -3, 4],
    ...                       "ordered_at": pd.date_range("2025-03-01", periods=5)})
    >>> units_kept(lines, lines["quantity"] < 0).tolist()
    [2, 0, 0, -3, 4]
    """
    quantity = lines["quantity"].copy()
    pair = lines.groupby(["user_id", "item_id"], sort=False).ngroup()
    owed = -quantity.where(back, 0).groupby(pair).transform("sum")
    last_return = lines["ordered_at"].where(back).groupby(pair).transform("max")
    may = ~back & (quantity > 0) & (lines["ordered_at"] <= last_return)
    latest = lines[may].sort_values("ordered_at", ascending=False, kind="stable")
    reached = latest["quantity"].groupby(pair[latest.index]).cumsum()
    left = (reached - owed[latest.index]).clip(lower=0)
    quantity[latest.index] = np.minimum(left, latest["quantity"])
    return quantity
