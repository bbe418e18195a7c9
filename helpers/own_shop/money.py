"""What was paid: from prices, totals and discounts, each of the unit, of the line, or of the order.

Exports write money in all of these ways, and their names do not tell which: what Amazon calls the
price of an item is the total of its line. Their values do tell. A total of the order is the same in
all of its lines, or stands in the first only; a total of a line grows with the quantity.

The functions that settle something change the table of the `own_shop_lines.Work` they are given.
"""

import re

import numpy as np
import pandas as pd

from helpers.own_shop.numbers import CURRENCIES
from helpers.own_shop.words import count

NEARLY_ALL = 0.95  # of the orders of several lines
CENT = 0.01
FEW = 0.01  # share of rows that may be slips
LINE = (0.4, 1.5)  # total of a line by quantity × price: discounts, and taxes
FEWEST = 20  # lines in which the quantity is another than is usual for the item
PERCENT = r"%|percent|pct|rate|prozent|satz"  # in the name of a column
MOST_PERCENTS = 20  # different shares that a shop takes off


def once_per_order(values: pd.Series, order: pd.Series) -> bool:
    """Return whether a column is filled in the first row of each order, and blank in the others.

    Examples
    --------
    >>> once_per_order(pd.Series(["paid", None, "paid"]), pd.Series([1, 1, 2]))
    True
    """
    first, several = ~order.duplicated(), order.duplicated(keep=False) & order.notna()
    odd = order[several & (values.notna() != first)].nunique()
    return bool(several.any()) and odd < (1 - NEARLY_ALL) * order[several].nunique()


def same_per_order(values: pd.Series, order: pd.Series) -> bool:
    """Return whether a column of numbers is the same in all rows of nearly every order.

    Orders in which it is 0 throughout, or of one row, say nothing.

    Examples
    --------
    >>> same_per_order(pd.Series([7.0, 7.0, 2.0]), pd.Series([1, 1, 2]))
    True
    """
    by_order = values.groupby(order)
    telling = (by_order.transform("size") > 1) & by_order.transform("max").ne(0)
    same = by_order.transform("nunique").eq(1)[telling]
    return bool(not same.empty and same.mean() > NEARLY_ALL)


def grows_with_quantity(lines: pd.DataFrame) -> bool:
    """Return whether a price of one is in truth the total of its line.

    Within an item, log price is regressed on log quantity. A price of one hardly depends on how
    many are bought (slope 0, or below 0 if many are cheaper); a total is proportional (slope 1).

    Parameters
    ----------
    lines : DataFrame; ``item_id``, ``quantity``, ``unit_price``.

    Examples
    --------
    >>> lines = pd.DataFrame({"item_id": "A", "quantity": [1.0, 2.0] * 20})
    >>> grows_with_quantity(lines.assign(unit_price=4.5 * lines["quantity"]))
    True
    >>> grows_with_quantity(lines.assign(unit_price=4.5))
    False
    """
    lines = lines[(lines["quantity"] > 0) & (lines["unit_price"] > 0)]
    logs = np.log(lines[["quantity", "unit_price"]])
    quantity, price = (logs - logs.groupby(lines["item_id"]).transform("mean")).to_numpy().T
    if (np.abs(quantity) > 1e-9).sum() < FEWEST:
        return False
    slope = (quantity @ price) / (quantity @ quantity)
    explained = slope**2 * (quantity @ quantity) / max(price @ price, 1e-12)
    return bool(slope > 0.8 and explained > 0.5)


def discount_is_share(values: pd.Series, column: str, has_percent_signs: bool) -> bool:
    """Return whether discounts are shares of a price, as 0.15 or as 15, rather than money.

    Examples
    --------
    >>> discount_is_share(pd.Series([0.0, 0.15]), "discount", False)
    True
    >>> discount_is_share(pd.Series([0.0, 3.47]), "discount", False)
    False
    """
    if has_percent_signs or re.search(PERCENT, column, re.IGNORECASE):
        return True
    if values.between(0, 1).all():
        return True
    whole = values.eq(values.round()).all()
    return bool(whole and values.between(0, 100).all() and values.nunique() <= MOST_PERCENTS)


def share_taken_off(lines: pd.DataFrame, per_order: bool) -> pd.Series:
    """Return which share of its price each line was given off, from discounts in money.

    The discount of an order is divided among its lines as their prices are.

    Parameters
    ----------
    lines : DataFrame; ``order_id``, ``quantity``, ``unit_price``, ``discount_amount`` (of the line,
        or of the order and then in each of its lines; a minus before it counts for nothing).
    per_order : whether the discounts are of orders.

    Returns
    -------
    Series of shares; above 1 where more was given off than the price.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 1], "quantity": [2, 1], "unit_price": [5.0, 10.0],
    ...                       "discount_amount": 4.0})
    >>> share_taken_off(lines, per_order=True).tolist()
    [0.2, 0.2]
    >>> share_taken_off(lines, per_order=False).tolist()
    [0.4, 0.4]
    """
    price = (lines["quantity"] * lines["unit_price"]).abs()
    if per_order:
        price = price.groupby(lines["order_id"]).transform("sum")
    off = lines["discount_amount"].fillna(0.0).abs()
    return (off / price.where(price > 0)).fillna(0.0)


def differs(amount: pd.Series, other: pd.Series) -> float:
    """Return the share of rows in which two amounts are not the same, to 1 % and a cent."""
    return float(((other - amount).abs() > 0.01 * amount.abs() + CENT).mean())


# ---------------------------------------------------------------- settled in the table


def of_order(work, role: str, values: pd.Series) -> pd.Series:
    """Return money in each row of its order, if it stands in the first row only."""
    order = work.table["order_id"]
    if not once_per_order(values, order):
        return values
    work.per_order.add(role)
    return values.fillna(values.groupby(order).transform("first"))


def settle_discount(work, units: pd.Series) -> None:
    """Have shares of the price; what is money goes to the discounts in money."""
    values, column = work.table["discount"], work.column["discount"]
    signs = bool(units.eq("%").any())
    if set(values.dropna()) == {0, 1} and not signs:
        what = "holds nothing but 0 and 1: it says that there was a discount, and not how much."
        work.doubt("discount", what, "It is not used, so revenue may be too high.")
        work.table = work.table.drop(columns="discount")
        return
    if not discount_is_share(values.dropna(), column, signs):
        work.table = work.table.drop(columns="discount")
        if "discount_amount" in work.table:
            what = f'holds money, as "{work.column["discount_amount"]}" does, and is not used.'
            work.doubt("discount", what, "If both are to be taken off, add them up before.")
            return
        what = "holds no shares of a price (0.15 or 15 %), so it is taken for money."
        work.doubt("discount", what, 'If it is not, say roles={"discount": None}.')
        work.column["discount_amount"] = column
        if "order_id" in work.table:
            values = of_order(work, "discount_amount", values)
        work.table = work.table.assign(discount_amount=values)
        return
    share = values.fillna(0.0)
    if share.max() > 1:
        share = share / 100
        if not (signs or re.search(PERCENT, column, re.IGNORECASE)):
            example = f"{values[values > 0].iloc[0]:g}"
            what = f"is taken for percent: {example} is {example} %."
            work.doubt("discount", what, 'If it is money, say roles={"discount_amount": "…"}.')
    work.table["discount"] = share


def settle_currency(work, role: str, units: pd.Series) -> None:
    """Keep the rows in the currency of most, as their prices or a column of its own say."""
    if "currency" in work.table:
        written = work.table["currency"].map(lambda one: CURRENCIES.get(one.upper(), one), "ignore")
        units = units.where(units != "", written.fillna(""))
    named = units[units.str.len().between(1, 4) & (units != "%")]
    if named.empty:
        return
    counts = named.value_counts()
    work.currency = counts.index[0]
    other = ~units.isin(["", work.currency]) & units.isin(counts.index)
    money = "currency" if "currency" in work.table else role
    why = f"the price is in another currency than {work.currency}"
    work.drop("one_currency", other, why + work.such_as(money, other))


def settle_prices(work) -> None:
    """Have a price per unit that is what was paid, if there is any money in the file."""
    if "amount" not in work.table:
        if "unit_price" in work.table:
            _suspect_line_totals(work)
            _need_prices(work, "unit_price")
        return
    table, amount = work.table, work.table["amount"]
    order = table["order_id"]
    if "amount" in work.per_order or same_per_order(amount, order):
        what = "is the same in all lines of an order"
        if "amount" in work.per_order:
            what = "stands in the first line of an order only"
        what += ": it is taken for the total of the order"
        if "unit_price" in table:
            work.doubt("amount", f"{what}, and not used;", "the price of each line is.")
            _need_prices(work, "unit_price")
            return
        work.doubt("amount", f"{what}, and split evenly among its lines.", "")
        amount = amount / order.groupby(order).transform("size")
    elif "unit_price" in table:
        price = table["quantity"] * table["unit_price"]
        net = differs(amount, price * (1 - table["discount"]))
        if net > FEW and differs(amount, price) <= FEW:
            what = "is quantity × price, before the discount; the discount is taken off."
            work.doubt("amount", what, 'If that is wrong, say roles={"discount": None}.')
            return
        ratio = (amount / price.where(price > 0)).median()
        if not LINE[0] <= ratio <= LINE[1]:
            what = (
                f"is {ratio:.0%} of quantity × price in the middle, too far off to be its total; "
            )
            work.doubt("amount", what + "it is not used.", 'If it is: roles={"unit_price": None}.')
            _need_prices(work, "unit_price")
            return
        if net > FEW and "discount_amount" not in table:
            what = f"differs from quantity × price in {net:.0%} of the rows; it is believed."
            work.doubt("amount", what, 'If you want the price: roles={"amount": None}.')
    if "discount_amount" in table:
        what = f'is not used: "{work.column["amount"]}" is taken for what was paid after it.'
        mend = f'If it is before: roles={{"unit_price": "{work.column["amount"]}"}}.'
        work.doubt("discount_amount", what, mend)
    quantity = table["quantity"].where(table["quantity"] != 0, np.nan)
    negative = (amount < 0) & (quantity > 0)  # money back is goods back
    work.table = table.assign(
        quantity=table["quantity"].where(~negative, -quantity),
        unit_price=(amount / quantity).abs().where(amount != 0, 0.0).fillna(0.0),
        discount=0.0,
    ).drop(columns="discount_amount", errors="ignore")
    _need_prices(work, "amount")


def _suspect_line_totals(work) -> None:
    """Divide a price by the quantity, if it grows with the quantity as only a total does."""
    if "item_id" in work.table and grows_with_quantity(work.table):
        quantity = work.table["quantity"].abs()
        price = (work.table["unit_price"] / quantity.where(quantity > 0)).fillna(0.0)
        work.table = work.table.assign(unit_price=price)
        what = "grows with the quantity, as only the total of a line does: it is divided by it."
        mend = f'To be sure, say roles={{"amount": "{work.column["unit_price"]}"}}.'
        work.doubt("unit_price", what, mend)


def _need_prices(work, role: str) -> None:
    """Do without money where no price is above 0."""
    if len(work.table) and not (work.table["unit_price"] > 0).any():
        work.table = work.table.drop(columns="unit_price")
        what = "holds no price above 0, so it is not used, and nothing is said of money."
        work.doubt(role, what, "")


def take_off_discounts(work) -> None:
    """Turn discounts in money into shares of the price, and let go what was given away."""
    if "discount_amount" in work.table and "unit_price" in work.table:
        off, order = work.table["discount_amount"], work.table["order_id"]
        per_order = "discount_amount" in work.per_order
        per_order = per_order or same_per_order(off.fillna(0.0), order)
        share = share_taken_off(work.table, per_order)
        if (share > 1 + FEW).sum() > FEW * max((share > 0).sum(), 1):
            what = f"is more than the price in {count((share > 1 + FEW).sum(), 'row')}, so it "
            work.doubt("discount_amount", what + "is not used.", "Revenue may be too high.")
            return
        if per_order:
            what = "is of the order: it is divided among its lines as their prices are."
            work.doubt("discount_amount", what, "")
        taken = 1 - (1 - work.table["discount"]) * (1 - share.clip(upper=1))
        work.table = work.table.assign(discount=taken)
    if "unit_price" in work.table:
        free = work.table["discount"] >= 1
        work.drop("drop_free", free, "the discount takes off all of the price")
