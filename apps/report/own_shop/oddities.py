"""Oddities in a file of orders. Nothing is changed: somebody who knows the shop must decide.

Each check examines the table of a job, and notes a doubt if there is one.
"""

import numpy as np
import pandas as pd

from apps.report.own_shop.column_names import is_about_unsold
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.messages import EXAMPLE, doubt, pluralize, row_numbers
from apps.report.own_shop.money import NO_CHANCE, same_per_order
from apps.report.own_shop.names import NO, is_extra
from apps.report.own_shop.questions import ask, choose
from apps.report.own_shop.reconcile import columns_of_money, rows_worth
from apps.report.own_shop.repeats import like_others
from helpers.language import say

FORMULA = r"^[=+@][A-Za-z(]"  # what a spreadsheet would run
ROUNDED = r"\d(?:[.,]\d+)?E\+\d+"  # 5.12E+12: a spreadsheet turned a long number into it
PERSON = r"(?:[^\W\d_]|\*)+(?:[ ,.'-]+[^\W\d_]+)*\.?"  # a name, perhaps masked: "E***l"
UNLIKE = 0.1  # difference in the numbers of customers that two columns name
MANY = 100  # orders; from here on, a single user, or a user for each, is odd
ALL_NEW = 0.99  # customers per order, from which on hardly anybody has ever come back
HEAVY = 100  # times the usual quantity: perhaps counted in small parts
CENTS = (50, 200)  # times the usual price of an item: perhaps in cents
BUSY = 10  # orders of one customer; from here on, three times those of any other are odd
SOME = 0.02  # share of rows that may repeat others by chance
OF_LINES = ("item_id", "name", "category", "unit_price", "quantity")
TELL_UNSOLD = ("status", "kind", "refund_amount")
KNOWN_PRICE = 5  # lines of an item; from here on, its usual price is known


def check_texts(job: ImportJob) -> None:
    """Doubt ids that a spreadsheet has rounded, and texts that it would run: "=HYPERLINK(…)"."""
    for role in ("user_id", "order_id", "item_id", "name"):
        if role in job.table:
            what = (
                "contains text that looks like a formula in {rows}{such_as}. A spreadsheet would "
                "run it; here it stays text."
            )
            fix = "Don't open the file in a spreadsheet unless you know who wrote it."
            job.doubt_rows(role, job.table[role].str.contains(FORMULA, regex=True), what, fix)
            what = (
                "was rounded by a spreadsheet in {rows}{such_as}, so different ids may have become "
                "the same."
            )
            fix = "Export it again, and don't open it in a spreadsheet."
            job.doubt_rows(role, job.table[role].str.fullmatch(ROUNDED), what, fix)


def check_unsold(job: ImportJob) -> None:
    """Doubt rows that a column without a role marks as canceled, returned, or a test."""
    if any(role in job.settled and role not in job.column for role in TELL_UNSOLD):
        return  # somebody has looked, and said that there is none
    refund = job.table.get("is_refund", False) | job.table.get("is_refunded", False)
    refund |= job.table.get("refund_amount", pd.Series(0.0, job.table.index)) > 0
    rows = job.table.index[~refund.astype(bool)]
    for column in filter(is_about_unsold, job.free()):
        values = job.file[column].reindex(rows).dropna()
        marked = ~values.str.fullmatch(NO, case=False)
        if 0 < marked.sum() <= len(rows) / 2:
            one = doubt(
                column,
                'marks {rows}, such as "{example}", but was not used: they count as sold in full.',
                "If they are canceled, returned, tests or parts of other rows, remove them.",
                rows=rows_worth(job, marked),
                example=values[marked].iloc[0][:EXAMPLE],
            )
            job.doubts.append(one)


def check_repeated(job: ImportJob) -> None:
    """Doubt rows that repeat an earlier one: shipments of a line, or versions of an order."""
    table = job.table
    if "order_id" not in job.column:
        return
    is_sold = (table["quantity"] > 0) & ~table.get("is_refund", False)
    if "item_id" in table and "quantity" in job.column:
        keys = ["order", "item_id", "quantity", "unit_price", "amount", "ordered_at"]
        what, few = say("the order, item, quantity and price"), SOME
    elif "amount" in table and not set(OF_LINES) & job.column.keys():
        keys, what, few = ["order"], say("the order"), 0
        is_sold &= table["amount"] > 0
        if same_per_order(table["amount"][is_sold], table["order"][is_sold]):
            return
    else:
        return
    sold = table.loc[is_sold, [key for key in keys if key in table]]
    alike = sold.iloc[like_others(sold)]
    repeated = alike.index[alike.duplicated().to_numpy()]
    rows = pd.Series(table.index.isin(repeated), table.index)
    if job.settings.get("amounts") == "per_order" and "quantity" in job.column:  # one sale
        why = say("the row repeats {what} of an earlier row", what=what)
        job.drop("drop_duplicate_rows", rows, why)
    elif few * len(sold) < len(repeated) < len(sold) / 2:
        job.doubt(
            "",
            "Rows that repeat {what} of an earlier row: {repeated} ({where}).",
            "All were added up. If they replace or continue an earlier row, keep one.",
            what=what,
            repeated=rows_worth(job, rows),
            where=row_numbers(repeated),
        )


def vouchers(job: ImportJob) -> pd.Series:
    """Return which rows are discounts: a minus of what was never sold, beside goods; and doubt it.

    A refund has another time than the goods, or is of an item that was sold.
    """
    table = job.table
    none = pd.Series(False, table.index)
    prices = [table[role] < 0 for role in ("unit_price", "amount") if role in table]
    if "item_id" not in table or not prices:
        return none
    minus = np.logical_or.reduce(prices) & table["item_id"].notna()
    minus &= ~(table.get("is_refund", none) | table.get("is_discount", none))
    sold = table[~minus & (table["quantity"] > 0)]
    beside = pd.MultiIndex.from_frame(table[["order", "ordered_at"]])
    beside = beside.isin(pd.MultiIndex.from_frame(sold[["order", "ordered_at"]]))
    odd = minus & ~table["item_id"].isin(sold["item_id"].unique()) & beside
    role = "item_id" if "item_id" in job.column else "name"
    job.doubt_rows(
        role,
        odd,
        "contains {rows} with a minus of what was never sold{such_as}. They count as discounts of "
        "their orders.",
        "If they are refunds, net revenue is right, but discounts are too high.",
    )
    return odd


def check_extras(job: ImportJob, role: str) -> None:
    """Doubt a total that may contain taxes, shipping or tips, which have columns of their own."""
    extras = [one for one in columns_of_money(job) if is_extra(one.name, or_fee=False)]
    listed = ", ".join(f'"{one.name}" {one.total:,.2f}' for one in extras)
    if extras:
        what = "may contain more than the goods ({listed}). Nothing was taken off."
        job.doubt(role, what, "If it does, gross and net are too high.", listed=listed)


def check_users(job: ImportJob) -> None:
    """Doubt names of people, a user with all the orders, and users who never came back."""
    known = job.table[["user_id", "order"]].dropna()
    users, orders = known["user_id"].nunique(), known["order"].nunique()
    fix = 'If it is not the customer, set MAP="user_id=…".'
    if users and known["user_id"].str.fullmatch(PERSON).mean() > 0.5:
        what = "contains names of people, so two people with the same name count as one."
        job.doubt("user_id", what, 'If there is an id or an address, set MAP="user_id=…".')
    for column in job.rivals.get("user_id", ()):
        others = job.file[column].reindex(job.table.index).nunique()
        if not 1 - UNLIKE < others / max(users, 1) < 1 + UNLIKE:
            what = 'names {users} customers, but "{column}" names {others}.'
            right = 'If that one is right, set MAP="user_id={column}".'
            job.doubt(
                "user_id", what, right, column=column, users=f"{users:,}", others=f"{others:,}"
            )
    counts = known.groupby("user_id")["order"].nunique().nlargest(2)
    if len(counts) == 2 and counts.iloc[0] >= max(BUSY, 3 * counts.iloc[1]):
        what = 'has one customer with {some} of {all} orders: "{example}".'
        some = {"some": f"{counts.iloc[0]:,}", "all": f"{orders:,}", "example": counts.index[0]}
        guests = "If it stands for guests, there are more customers than shown."
        job.doubt("user_id", what, guests, **some)
    if orders >= MANY and (users == 1 or users >= ALL_NEW * orders):
        what = "contains {customers} for {orders}. Is it the shop, or new for every order?"
        customers, orders = pluralize(users, "customer"), pluralize(orders, "order")
        job.doubt("user_id", what, fix, customers=customers, orders=orders)


def check_quantity_of_order(job: ImportJob) -> None:
    """Doubt a quantity of 3 in each of three lines: it may be the number of the order's units."""
    order, quantity = job.table["order"], job.table["quantity"]
    several = quantity[quantity.groupby(order).transform("max") > 1]
    lines = several.groupby(order).transform("size")
    if order[lines.index[lines > 1]].nunique() >= NO_CHANCE and same_per_order(several, order):
        what = "is the same in all lines of an order. Is it the quantity of the whole order?"
        job.doubt("quantity", what, 'If so, set MAP="quantity=".')


def check_quantities(job: ImportJob) -> None:
    """Ask about quantities such as 99999 if a few lines have most of the money."""
    most = str(job.settings.get("most_units", "all"))
    if most.isdigit():
        why = say("the quantity is above {most}, the most you allowed", most=f"{int(most):,}")
        job.drop("most_units", job.table["quantity"].abs() > int(most), why)
    quantity = job.table["quantity"]
    large = outweighing(quantity)
    value = (quantity * job.table.get("unit_price", 0.0)).clip(lower=0)
    if value[large].sum() > value.sum() / 2 and "most_units" not in job.settings:
        limit = f"{quantity[large].min() - 1:.0f}"
        meanings = {
            f"most_units={limit}": "no: leave out lines of more than {limit} units",
            "most_units=all": "yes, all of them",
        }
        raise ask(
            "{lines} ({where}) with {quantity} units or more have most of the money. Are "
            "these sales?",
            choose(meanings, limit=limit),
            lines=pluralize(large.sum(), "line"),
            where=row_numbers(quantity.index[large]),
            quantity=f"{quantity[large].min():,.0f}",
        )


def check_prices(job: ImportJob) -> None:
    """Doubt prices that are about 100 times the item's usual price: 950 for 9.50."""
    if not {"item_id", "unit_price"} <= set(job.table) or job.table.empty:
        return
    price = job.table["unit_price"]
    by_item = price.groupby(job.table["item_id"])
    usual = by_item.transform("median").where(by_item.transform("size") >= KNOWN_PRICE)
    odd = (price / usual).between(*CENTS)
    if odd.any():
        job.doubt(
            "unit_price" if "unit_price" in job.column else "amount",
            "is about 100 times the item's usual price in {rows} ({where}; "
            "{currency}{worth} in total).",
            "Are they in cents? They were left unchanged.",
            rows=pluralize(odd.sum(), "row"),
            where=row_numbers(job.table.index[odd.to_numpy()]),
            currency=job.currency,
            worth=f"{(price * job.table['quantity'])[odd].sum():,.0f}",
        )


def outweighing(quantity: pd.Series) -> pd.Series:
    """Return which quantities are not units, because a few lines have most of the sum.

    A quantity is large if it is at least 100 times the median. If the large ones make up more than
    half of the sum, they are not units; they may be grams.

    Examples
    --------
    >>> outweighing(pd.Series([1, 1, 2, 900])).tolist()
    [False, False, False, True]
    """
    large = quantity >= HEAVY * max(quantity.median(), 1)
    return large & (quantity[large].sum() > quantity.sum() / 2)
