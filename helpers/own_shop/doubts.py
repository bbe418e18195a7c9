"""What looks odd in a file of orders, and is left as it is: somebody who knows the shop decides.

Each function looks at the table of an `own_shop_lines.Work`, and notes a doubt where there is one.
"""

import pandas as pd

from helpers.own_shop.money import same_per_order
from helpers.own_shop.words import count, first_rows

FORMULA = r"^[=+@][A-Za-z(]"  # what a spreadsheet would run
ROUNDED = r"\d(?:[.,]\d+)?E\+\d+"  # 5.12E+12, what a spreadsheet makes of a long number
FEW_ORDERS = 20  # from how many on it is no chance
PERSON = r"[^\W\d_]+(?:[ ,.'-]+[^\W\d_]+)+\.?"  # a first and a last name
MANY = 100  # times the usual quantity: perhaps counted in small parts
CENTS = (50, 200)  # times the usual price of an item: perhaps in cents


def letters(work) -> None:
    """Note that nobody has said how letters are written, if there is one that could differ."""
    for role in ("name", "item_id", "user_id", "category"):
        if role in work.table:
            text = work.table[role].dropna()
            odd = text[text.str.contains(r"[^\W\d_a-zA-Z]", regex=True)]
            if len(odd):
                what = f'is taken for Western European, such as "{odd.iloc[0][:40]}".'
                mend = 'If the letters look wrong, say encoding="cp1250" (Central Europe), or so.'
                work.doubt(role, what, mend)
                return


def formulas(work) -> None:
    """Doubt texts that a spreadsheet would run."""
    for role in ("name", "user_id", "item_id"):
        if role not in work.table:
            continue
        formula = work.table[role].str.contains(FORMULA, regex=True).fillna(False).astype(bool)
        if formula.any():
            what = (
                f"holds text like a formula in {count(formula.sum(), 'row')}"
                f"{work.such_as(role, formula)}, which a "
                "spreadsheet would run; here they are text."
            )
            mend = "Do not open the file in a spreadsheet unless you know who wrote it."
            work.doubt(role, what, mend)


def rounded_ids(work) -> None:
    """Doubt ids that have lost digits in a spreadsheet."""
    for role in ("user_id", "order_id"):
        ids = work.table.get(role, pd.Series(dtype="str"))
        rounded = ids.str.fullmatch(ROUNDED).fillna(False).astype(bool)
        if rounded.any():
            what = f"was rounded by a spreadsheet in {count(rounded.sum(), 'row')}"
            what += f"{work.such_as(role, rounded)}: different ones may have become one."
            work.doubt(role, what, "Export it again, and do not open it before.")


def users(work) -> None:
    """Doubt a user who has all the orders, and users of whom nobody has come back."""
    users, orders = work.table["user_id"].nunique(), work.table["order_id"].nunique()
    mend = 'If it is not the user, say roles={"user_id": "…"}.'
    if work.table["user_id"].str.fullmatch(PERSON).mean() > 0.5:
        what = "holds names of people: two of the same name are taken for one."
        work.doubt("user_id", what, 'If there is an id or an address, say roles={"user_id": "…"}.')
    if orders >= MANY and users == 1:
        work.doubt("user_id", f"holds one user with {orders:,} orders. Is it the shop?", mend)
    if orders >= MANY and users == len(work.table):
        what = (
            f"holds {users:,} users who bought once each: nobody came back. Is it a number of rows?"
        )
        work.doubt("user_id", what, mend)


def order_level(work) -> None:
    """Doubt what seems to count the lines or the units of an order, rather than to be of a line."""
    table, order = work.table, work.table["order_id"]
    quantity = table["quantity"]
    several = quantity[quantity.groupby(order).transform("max") > 1]
    lines = several.groupby(order).transform("size")
    if order[lines.index[lines > 1]].nunique() >= FEW_ORDERS and same_per_order(several, order):
        what = "is the same in all lines of an order: is it of the order, and not of the line?"
        work.doubt("quantity", what, 'If so, say roles={"quantity": None}.')
    if "item_id" not in work.column:
        return
    number = pd.to_numeric(table["item_id"], errors="coerce")
    beyond = order.duplicated()  # the first line of an order says little
    if beyond.sum() >= FEW_ORDERS:
        counts = number.eq(table.groupby(order).cumcount() + 1)[beyond].mean() > 0.9
        if counts or table["item_id"].nunique() == len(table) >= MANY:
            what = "counts lines, as it seems: 1, 2, 3 in each order"
            what = what if counts else "is another in each row"
            work.doubt("item_id", f"{what}.", 'If it is no item, say roles={"item_id": "…"}.')


def weights(work) -> None:
    """Doubt quantities of which a few hold most."""
    quantity = work.table["quantity"]
    large = weighed(quantity)
    if large.any():
        share = quantity[large].sum() / quantity.sum()
        what = f"has {share:.0%} of all units in {large.mean():.1%} of the lines"
        mend = "Are these grams, or hundredths of a gallon? Units say little here."
        work.doubt("quantity", f"{what} ({first_rows(quantity.index[large])}).", mend)


def cents(work) -> None:
    """Doubt prices that are a hundred times what the item usually costs."""
    if "item_id" not in work.table or work.table.empty:
        return
    price = work.table["unit_price"]
    by_item = price.groupby(work.table["item_id"])
    usual = by_item.transform("median").where(by_item.transform("size") >= 5)
    odd = (price / usual).between(*CENTS)
    if odd.any():
        worth = (price * work.table["quantity"])[odd].sum()
        rows = first_rows(work.table.index[odd.to_numpy()])
        what = (
            "is about a hundred times what the item usually costs in "
            f"{count(odd.sum(), 'row')} ({rows}; {work.currency}{worth:,.0f} in all)."
        )
        role = "unit_price" if "unit_price" in work.column else "amount"
        work.doubt(role, what, "Are they in cents? They are left as they are.")


def weighed(quantity: pd.Series) -> pd.Series:
    """Return which quantities are no units, since a few lines hold most: grams, perhaps.

    Examples
    --------
    >>> weighed(pd.Series([1, 1, 2, 900])).tolist()
    [False, False, False, True]
    """
    large = quantity >= MANY * max(quantity.median(), 1)
    return large & (quantity[large].sum() > quantity.sum() / 2)
