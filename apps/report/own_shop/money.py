"""What columns of money mean: amounts per unit, per line, or per order; shares or amounts.

Exports use all of these, and the column names don't say which: Amazon's item price is the total of
the line. The values reveal it. An order total is the same in all lines of the order, or appears
only in the first; a line total grows with the quantity.
"""

import re

import numpy as np
import pandas as pd

NEARLY_ALL = 0.95  # of the orders of several lines
CENT = 0.011  # what rounding may do
AGREE = 0.99  # share of the rows in which two amounts must be the same
NO_CHANCE = 20  # orders; from here on it is not chance
MIN_LINES = 20  # lines whose quantity differs from the usual one of the item
PERCENT = r"%|percent|pct|rate|prozent|satz"  # in the name of a column
MOST_PERCENTS = 20  # different discount rates that a shop may have


def once_per_order(values: pd.Series, order: pd.Series) -> bool:
    """Return whether a column is filled in the first row of each order, and blank in the others.

    Examples
    --------
    >>> once_per_order(pd.Series(["paid", None, "paid"]), pd.Series([1, 1, 2]))
    True
    """
    if values.notna().all():
        return False
    first, several = ~order.duplicated(), order.duplicated(keep=False) & order.notna()
    odd = order[several & (values.notna() != first)].nunique()
    return bool(several.any()) and odd < (1 - NEARLY_ALL) * order[several].nunique()


def spread_over_order(values: pd.Series, order: pd.Series) -> pd.Series:
    """Return a column with the blanks of each order filled with its first value.

    Examples
    --------
    >>> spread_over_order(pd.Series(["paid", None, "open"]), pd.Series([1, 1, 2])).tolist()
    ['paid', 'paid', 'open']
    """
    return values.fillna(values.groupby(order).transform("first"))


def same_per_order(values: pd.Series, order: pd.Series) -> bool:
    """Return whether a column of numbers is the same in all rows of nearly every order.

    Orders with only one row, or in which it is always 0, are ignored.

    Examples
    --------
    >>> same_per_order(pd.Series([7.0, 7.0, 2.0]), pd.Series([1, 1, 2]))
    True
    """
    by_order = values.groupby(order)
    largest = by_order.transform("max")
    telling = (by_order.transform("size") > 1) & largest.notna() & largest.ne(0)
    same = by_order.transform("min").eq(largest)[telling]
    return bool(not same.empty and same.mean() > NEARLY_ALL)


def growth(quantity: pd.Series, price: pd.Series, groups: pd.Series) -> float | None:
    """Return how much a price grows with the quantity: about 0 per unit, about 1 for a total.

    Within a group, such as an item, log price is regressed on log quantity. A price of a unit
    hardly depends on how many are bought (slope 0, or below if more are cheaper); a total is
    proportional (slope 1).

    Returns
    -------
    The slope; None if quantities hardly differ within groups, so nothing is known.

    Examples
    --------
    >>> units = pd.Series([1.0, 2.0] * 20)
    >>> one_item = pd.Series("A", units.index)
    >>> round(growth(units, 4.5 * units, one_item), 2), growth(units, 0 * units + 4.5, one_item)
    (1.0, 0.0)
    """
    usable = (quantity > 0) & (price > 0)
    logs = np.log(pd.DataFrame({"quantity": quantity, "price": price})[usable])
    logs -= logs.groupby(groups[usable]).transform("mean")
    x, y = logs.to_numpy().T
    if (np.abs(x) > 1e-9).sum() < MIN_LINES:
        return None
    return float(x @ y / (x @ x))


def discount_is_share(values: pd.Series, column: str, has_percent_signs: bool) -> bool:
    """Return whether discounts are shares of a price, as 0.15 or as 15, rather than money.

    They are if a sign or the name says so, if none is above 1, or if all are whole numbers up to
    100 and only a few of them differ: shops take off 10, 15 or 20 percent, but 3.47 dollars.

    Examples
    --------
    >>> discount_is_share(pd.Series([0.0, 0.15]), "discount", False)
    True
    >>> discount_is_share(pd.Series([0.0, 3.47]), "discount", False)
    False
    """
    if has_percent_signs or is_named_percent(column) or values.between(0, 1).all():
        return True
    whole = values.eq(values.round()) & values.between(0, 100)
    return bool(whole.all() and values.nunique() <= MOST_PERCENTS)


def is_named_percent(column: str) -> bool:
    """Return whether the name of a column says that it holds percentages.

    Examples
    --------
    >>> is_named_percent("Rabattsatz"), is_named_percent("Rabatt")
    (True, False)
    """
    return bool(re.search(PERCENT, column, re.IGNORECASE))


def paid_for(lines: pd.DataFrame) -> pd.Series:
    """Return what was paid for each line: quantity × price, less the discount.

    Parameters
    ----------
    lines : DataFrame; ``quantity`` (below 0 for a refund), ``unit_price``, ``discount`` (share).

    Examples
    --------
    >>> paid_for(pd.DataFrame({"quantity": [2], "unit_price": [10.0], "discount": [0.25]})).tolist()
    [15.0]
    """
    return lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])


def agree(amount: pd.Series, other: pd.Series) -> bool:
    """Return whether two amounts are the same, up to rounding, in nearly all rows.

    Examples
    --------
    >>> agree(pd.Series([10.0, 3.333]), pd.Series([10.0, 3.33]))
    True
    """
    close = abs(other - amount) <= CENT + 0.0005 * abs(amount)
    return bool(len(close) and close.mean() >= AGREE)


def differs(amount: pd.Series, other: pd.Series) -> float:
    """Return the share of rows in which two amounts differ by more than 1% and a cent.

    Examples
    --------
    >>> differs(pd.Series([100.0, 100.0]), pd.Series([100.9, 102.0]))
    0.5
    """
    return float(((other - amount).abs() > 0.01 * amount.abs() + CENT).mean())
