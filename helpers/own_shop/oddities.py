"""What looks odd in a file of orders, and is left as it is: somebody who knows the shop decides.

Each check looks at the table of a job, and notes a doubt where there is one.
"""

import pandas as pd

from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.messages import EXAMPLE, pluralize, row_numbers
from helpers.own_shop.money import same_per_order

FORMULA = r"^[=+@][A-Za-z(]"  # what a spreadsheet would run
ROUNDED = r"\d(?:[.,]\d+)?E\+\d+"  # 5.12E+12, what a spreadsheet makes of a long number
NO_CHANCE = 20  # from how many orders on it is no chance
PERSON = r"[^\W\d_]+(?:[ ,.'-]+[^\W\d_]+)+\.?"  # a first and a last name
MANY = 100  # orders, from which on one user, or a user for each, is odd
HEAVY = 100  # times the usual quantity: perhaps counted in small parts
CENTS = (50, 200)  # times the usual price of an item: perhaps in cents
KNOWN_PRICE = 5  # lines of an item, from which on its usual price is known


def check_encoding(job: ImportJob) -> None:
    """Doubt the encoding, which nobody has said, if there is a letter that it could change."""
    for role in ("name", "item_id", "user_id", "category"):
        if role in job.table:
            text = job.table[role].dropna()
            odd = text[text.str.contains(r"[^\W\d_a-zA-Z]", regex=True)]
            if len(odd):
                what = f'is taken for Western European, such as "{odd.iloc[0][:EXAMPLE]}".'
                mend = 'If the letters look wrong, say encoding="cp1250" (Central Europe), or so.'
                job.doubt(role, what, mend)
                return


def check_formulas(job: ImportJob) -> None:
    """Doubt texts that a spreadsheet would run: "=HYPERLINK(…)"."""
    for role in ("name", "user_id", "item_id"):
        if role not in job.table:
            continue
        formula = job.table[role].str.contains(FORMULA, regex=True).fillna(False).astype(bool)
        if formula.any():
            what = (
                f"holds text like a formula in {pluralize(formula.sum(), 'row')}"
                f"{job.such_as(role, formula)}, which a "
                "spreadsheet would run; here they are text."
            )
            mend = "Do not open the file in a spreadsheet unless you know who wrote it."
            job.doubt(role, what, mend)


def check_rounded_ids(job: ImportJob) -> None:
    """Doubt ids that have lost digits in a spreadsheet: "5.12E+12"."""
    for role in ("user_id", "order_id"):
        ids = job.table.get(role, pd.Series(dtype="str"))
        rounded = ids.str.fullmatch(ROUNDED).fillna(False).astype(bool)
        if rounded.any():
            what = f"was rounded by a spreadsheet in {pluralize(rounded.sum(), 'row')}"
            what += f"{job.such_as(role, rounded)}: different ones may have become one."
            job.doubt(role, what, "Export it again, and do not open it before.")


def check_users(job: ImportJob) -> None:
    """Doubt names of people, a user who has all the orders, and users who never came back."""
    users, orders = job.table["user_id"].nunique(), job.table["order_id"].nunique()
    mend = 'If it is not the user, say roles={"user_id": "…"}.'
    if job.table["user_id"].str.fullmatch(PERSON).mean() > 0.5:
        what = "holds names of people: two of the same name are taken for one."
        job.doubt("user_id", what, 'If there is an id or an address, say roles={"user_id": "…"}.')
    if orders >= MANY and users == 1:
        job.doubt("user_id", f"holds one user with {orders:,} orders. Is it the shop?", mend)
    if orders >= MANY and users == len(job.table):
        what = (
            f"holds {users:,} users who bought once each: nobody came back. Is it a number of rows?"
        )
        job.doubt("user_id", what, mend)


def check_order_level(job: ImportJob) -> None:
    """Doubt a quantity that is of the order, and an item that counts the lines of an order.

    A quantity of 3 in each of the three lines of an order is the number of its units. Items 1, 2, 3
    in each order are numbers of lines.
    """
    table, order = job.table, job.table["order_id"]
    quantity = table["quantity"]
    several = quantity[quantity.groupby(order).transform("max") > 1]
    lines = several.groupby(order).transform("size")
    if order[lines.index[lines > 1]].nunique() >= NO_CHANCE and same_per_order(several, order):
        what = "is the same in all lines of an order: is it of the order, and not of the line?"
        job.doubt("quantity", what, 'If so, say roles={"quantity": None}.')
    beyond = order.duplicated()  # the first line of an order says little
    if "item_id" not in job.column or beyond.sum() < NO_CHANCE:
        return
    number = pd.to_numeric(table["item_id"], errors="coerce")
    mend = 'If it is no item, say roles={"item_id": "…"}.'
    if number.eq(table.groupby(order).cumcount() + 1)[beyond].mean() > 0.9:
        job.doubt("item_id", "counts lines, as it seems: 1, 2, 3 in each order.", mend)
    elif table["item_id"].nunique() == len(table) >= MANY:
        job.doubt("item_id", "is another in each row.", mend)


def check_quantities(job: ImportJob) -> None:
    """Doubt quantities of which a few hold most."""
    quantity = job.table["quantity"]
    large = outweighing(quantity)
    if large.any():
        share = quantity[large].sum() / quantity.sum()
        what = f"has {share:.0%} of all units in {large.mean():.1%} of the lines"
        mend = "Are these grams, or hundredths of a gallon? Units say little here."
        job.doubt("quantity", f"{what} ({row_numbers(quantity.index[large])}).", mend)


def check_prices(job: ImportJob) -> None:
    """Doubt prices that are a hundred times what the item usually costs: 950 for 9.50."""
    if "item_id" not in job.table or job.table.empty:
        return
    price = job.table["unit_price"]
    by_item = price.groupby(job.table["item_id"])
    usual = by_item.transform("median").where(by_item.transform("size") >= KNOWN_PRICE)
    odd = (price / usual).between(*CENTS)
    if odd.any():
        worth = (price * job.table["quantity"])[odd].sum()
        rows = row_numbers(job.table.index[odd.to_numpy()])
        what = (
            "is about a hundred times what the item usually costs in "
            f"{pluralize(odd.sum(), 'row')} ({rows}; {job.currency}{worth:,.0f} in all)."
        )
        role = "unit_price" if "unit_price" in job.column else "amount"
        job.doubt(role, what, "Are they in cents? They are left as they are.")


def outweighing(quantity: pd.Series) -> pd.Series:
    """Return which quantities are no units, since a few lines hold most: grams, perhaps.

    A quantity is large if it is 100 times the median or more. If the large ones are more than half
    of the sum, they are no units.

    Examples
    --------
    >>> outweighing(pd.Series([1, 1, 2, 900])).tolist()
    [False, False, False, True]
    """
    large = quantity >= HEAVY * max(quantity.median(), 1)
    return large & (quantity[large].sum() > quantity.sum() / 2)
