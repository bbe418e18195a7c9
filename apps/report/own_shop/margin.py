"""The margin: which share of what was paid for a line is left after the cost of the goods."""

import pandas as pd

from apps.report.own_shop import money
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.numbers import read_numbers

SAME = 0.01  # relative difference of two unit costs that are the same
MOST = 1.0  # a larger median margin is none


def settle_margin(job: ImportJob) -> None:
    """Read the profit or the cost of each line as a share of what was paid for it.

    A share stays right if a part of the line is returned later. No other figure rests on it, so a
    column that can't be understood, such as a cost that may be of a unit or of a line, gives none.
    """
    role = next((one for one in ("profit", "cost") if one in job.table), None)
    if role is None or "unit_price" not in job.table:
        return
    table = job.table
    values = read_numbers(table[role], job.settings.get("decimal")).result
    paid = money.paid_for(table)
    if role == "cost":
        values = paid - of_the_line(values, table)
    elif money.same_per_order(values[paid > 0], table["order"]):  # of the order, in all its lines
        paid = paid.groupby(table["order"]).transform("sum")
    margin = values / paid.where(paid > 0)
    if abs(margin.median()) <= MOST:
        job.table = table.assign(margin=margin)


def of_the_line(cost: pd.Series, lines: pd.DataFrame) -> pd.Series:
    """Return the cost of each line; missing if it may be that of a unit as well.

    It is that of a unit if it doesn't depend on the quantity, and that of a line if it grows with
    it, in nearly all lines of items that were sold in several quantities.

    Examples
    --------
    >>> lines = pd.DataFrame({"item_id": ["tea", "tea"], "quantity": [1, 3]})
    >>> of_the_line(pd.Series([2.0, 2.0]), lines).tolist()
    [2.0, 6.0]
    >>> of_the_line(pd.Series([2.0, 6.0]), lines).tolist()
    [2.0, 6.0]
    >>> of_the_line(pd.Series([2.0, 7.0]), lines).tolist()
    [nan, nan]
    """
    quantity = lines["quantity"]
    if quantity.eq(1).all():
        return cost
    item = lines.get("item_id", pd.Series(0, lines.index))
    several = quantity.groupby(item).transform("nunique") > 1
    for unit, line in ((cost, cost * quantity), (cost / quantity, cost)):
        usual = unit.groupby(item).transform("median")
        near = (unit - usual).abs() <= SAME * usual.abs() + money.CENT
        if several.any() and near[several].mean() > money.NEARLY_ALL:
            return line
    return pd.Series(float("nan"), cost.index)
