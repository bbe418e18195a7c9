"""What was paid for a unit: settled from prices, totals and discounts, whichever the file has.

In the end each line has a price of one unit and the share that was taken off it; their product with
the quantity is what was paid. The evidence is that of `money`; these steps decide by it, change the
table of a job, and note as a doubt what could be meant otherwise.
"""

import numpy as np
import pandas as pd

from helpers.own_shop import money
from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.messages import pluralize
from helpers.own_shop.numbers import CURRENCIES

FEW = 0.01  # share of rows that may be slips
LINE_TOTAL = (0.4, 1.5)  # total of a line by quantity × price: after discounts, and with taxes

# ---------------------------------------------------------------- while numbers are read


def of_order(job: ImportJob, role: str, values: pd.Series) -> pd.Series:
    """Return money in each row of its order, if it stands in the first row only.

    "1, 30.00", "1, (blank)", "2, 7.00" of order and total says that order 1 cost 30.
    """
    order = job.table["order_id"]
    if not money.once_per_order(values, order):
        return values
    job.per_order.add(role)
    return money.spread_over_order(values, order)


def settle_discount(job: ImportJob, units: pd.Series) -> None:
    """Make shares of the price of a column of discounts; what is money goes to those in money.

    What is decided, and on which evidence:

    - nothing but 0 and 1: a flag, which does not say how much, so it is not used;
    - 0.15, or 15 with a percent sign or in a column "rate": a share (`money.discount_is_share`);
    - 15 without either: a share, too, if all are whole numbers, with a doubt;
    - 3.47: money, unless another column holds that already.

    Parameters
    ----------
    job : its table holds ``discount`` as numbers.
    units : what stood beside each number: "%", "€", "".
    """
    values, column = job.table["discount"], job.column["discount"]
    has_signs = bool(units.eq("%").any())
    if set(values.dropna()) == {0, 1} and not has_signs:
        what = "holds nothing but 0 and 1: it says that there was a discount, and not how much."
        job.doubt("discount", what, "It is not used, so revenue may be too high.")
        job.table = job.table.drop(columns="discount")
        return
    if not money.discount_is_share(values.dropna(), column, has_signs):
        _take_discount_for_money(job, values)
        return
    share = values.fillna(0.0)
    if share.max() > 1:
        share = share / 100
        if not (has_signs or money.is_named_percent(column)):
            example = f"{values[values > 0].iloc[0]:g}"
            what = f"is taken for percent: {example} is {example} %."
            job.doubt("discount", what, 'If it is money, say roles={"discount_amount": "…"}.')
    job.table["discount"] = share


def _take_discount_for_money(job: ImportJob, values: pd.Series) -> None:
    """Give the column of discounts the role of those in money, if no other column plays it."""
    job.table = job.table.drop(columns="discount")
    if "discount_amount" in job.table:
        what = f'holds money, as "{job.column["discount_amount"]}" does, and is not used.'
        job.doubt("discount", what, "If both are to be taken off, add them up before.")
        return
    what = "contains no shares of a price (0.15 or 15%), so it is read as an amount of money."
    job.doubt("discount", what, 'If it is not, say roles={"discount": None}.')
    job.column["discount_amount"] = job.column["discount"]
    if "order_id" in job.table:
        values = of_order(job, "discount_amount", values)
    job.table = job.table.assign(discount_amount=values)


def settle_currency(job: ImportJob, role: str, units: pd.Series) -> None:
    """Keep the rows in the currency of most, as their prices or a column of its own say.

    With prices "5 €", "6 €" and "700 ¥" the currency is €, and the third row is dropped: nobody
    knows the rate of that day. A price without a sign is taken to be in the same currency.
    """
    if "currency" in job.table:
        written = job.table["currency"].map(lambda one: CURRENCIES.get(one.upper(), one), "ignore")
        units = units.where(units != "", written.fillna(""))
    named = units[units.str.len().between(1, 4) & (units != "%")]
    if named.empty:
        return
    counts = named.value_counts()
    job.currency = counts.index[0]
    other = ~units.isin(["", job.currency]) & units.isin(counts.index)
    shown = "currency" if "currency" in job.table else role
    why = f"the price is in another currency than {job.currency}"
    job.drop("one_currency", other, why + job.such_as(shown, other))


# ---------------------------------------------------------------- prices


def settle_prices(job: ImportJob) -> None:
    """Have a price per unit that is what was paid, if there is any money in the file.

    A file may hold a price, a total, or both, and the total may be of the line or of the order:

    - only a price: it is the price, or the total of its line if it grows with the quantity;
    - a total of the order: the price of each line counts, or else each line gets an equal part;
    - a total of the line: it is what was paid, unless it is far from quantity × price, or is
      before a discount that has a column of its own.
    """
    if "amount" in job.table:
        amount = _amount_of_lines(job)
        if amount is not None:
            _take_amount(job, amount)
    elif "unit_price" in job.table:
        _divide_line_totals(job)
        _require_prices(job, "unit_price")


def _amount_of_lines(job: ImportJob) -> pd.Series | None:
    """Return what was paid for each line; None where the prices of the lines are believed."""
    amount, order = job.table["amount"], job.table["order_id"]
    if "amount" in job.per_order or money.same_per_order(amount, order):
        return _amount_of_orders(job)
    if "unit_price" in job.table and not _is_paid(job):
        return None
    return amount


def _amount_of_orders(job: ImportJob) -> pd.Series | None:
    """Return an equal part of the order's total for each line, unless the lines have prices.

    Order 1 with a total of 30 and two lines paid 15 for each.
    """
    what = "is the same in all lines of an order"
    if "amount" in job.per_order:
        what = "stands in the first line of an order only"
    what += ": it is taken for the total of the order"
    if "unit_price" in job.table:
        job.doubt("amount", f"{what}, and not used;", "the price of each line is.")
        _require_prices(job, "unit_price")
        return None
    job.doubt("amount", f"{what}, and split evenly among its lines.")
    order = job.table["order_id"]
    return job.table["amount"] / order.groupby(order).transform("size")


def _is_paid(job: ImportJob) -> bool:
    """Return whether the total of a line is what was paid for it, where there is a price as well.

    For 2 units at 10 and 10% off, a total of 18 is what was paid, 20 is before the discount, and 9
    or 95 is something else: a doubt says so, and the price is used.
    """
    amount, quantity = job.table["amount"], job.table["quantity"]
    price = quantity * job.table["unit_price"]
    off = money.differs(amount, price * (1 - job.table["discount"]))
    if off > FEW and money.differs(amount, price) <= FEW:
        what = "is quantity × price, before the discount; the discount is taken off."
        job.doubt("amount", what, 'If that is wrong, say roles={"discount": None}.')
        return False
    ratio = (amount / price.where(price > 0)).median()
    if not LINE_TOTAL[0] <= ratio <= LINE_TOTAL[1]:
        what = f"is {ratio:.0%} of quantity × price in the middle, too far off to be its total; "
        job.doubt("amount", what + "it is not used.", 'If it is: roles={"unit_price": None}.')
        _require_prices(job, "unit_price")
        return False
    if off > FEW and "discount_amount" not in job.table:
        what = f"differs from quantity × price in {off:.0%} of the rows; it is believed."
        job.doubt("amount", what, 'If you want the price: roles={"amount": None}.')
    return True


def _take_amount(job: ImportJob, amount: pd.Series) -> None:
    """Divide what was paid for each line by its units; discounts are in it already.

    Money back is goods back: -19 for 2 units becomes -2 units at 9.50.
    """
    if "discount_amount" in job.table:
        what = f'is not used: "{job.column["amount"]}" is taken for what was paid after it.'
        mend = f'If it is before: roles={{"unit_price": "{job.column["amount"]}"}}.'
        job.doubt("discount_amount", what, mend)
    quantity = job.table["quantity"].where(job.table["quantity"] != 0, np.nan)
    back = (amount < 0) & (quantity > 0)
    job.table = job.table.assign(
        quantity=job.table["quantity"].where(~back, -quantity),
        unit_price=(amount / quantity).abs().where(amount != 0, 0.0).fillna(0.0),
        discount=0.0,
    ).drop(columns="discount_amount", errors="ignore")
    _require_prices(job, "amount")


def _divide_line_totals(job: ImportJob) -> None:
    """Divide a price by the quantity, if it grows with the quantity as only a total does."""
    if "item_id" in job.table and money.grows_with_quantity(job.table):
        quantity = job.table["quantity"].abs()
        price = (job.table["unit_price"] / quantity.where(quantity > 0)).fillna(0.0)
        job.table = job.table.assign(unit_price=price)
        what = "grows with the quantity, as only the total of a line does: it is divided by it."
        mend = f'To be sure, say roles={{"amount": "{job.column["unit_price"]}"}}.'
        job.doubt("unit_price", what, mend)


def _require_prices(job: ImportJob, role: str) -> None:
    """Do without money where no price is above 0."""
    if len(job.table) and not (job.table["unit_price"] > 0).any():
        job.table = job.table.drop(columns="unit_price")
        job.doubt(role, "holds no price above 0, so it is not used, and nothing is said of money.")


# ---------------------------------------------------------------- discounts


def take_off_discounts(job: ImportJob) -> None:
    """Turn discounts in money into shares of the price, and let go what was given away.

    6 off an order of 2 × 10 and 1 × 40 is a tenth of both lines. If more was taken off than the
    price in more than a few rows, the column is something else, and is not used.
    """
    if "unit_price" not in job.table:
        return
    if "discount_amount" in job.table:
        off = job.table["discount_amount"].fillna(0.0)
        per_order = "discount_amount" in job.per_order
        per_order = per_order or money.same_per_order(off, job.table["order_id"])
        share = money.share_taken_off(job.table, per_order)
        too_much = (share > 1 + FEW).sum()
        if too_much > FEW * max((share > 0).sum(), 1):
            what = f"is more than the price in {pluralize(too_much, 'row')}, so it is not used."
            job.doubt("discount_amount", what, "Revenue may be too high.")
            return
        if per_order:
            what = "is of the order: it is divided among its lines as their prices are."
            job.doubt("discount_amount", what)
        taken = 1 - (1 - job.table["discount"]) * (1 - share.clip(upper=1))
        job.table = job.table.assign(discount=taken)
    free = job.table["discount"] >= 1
    job.drop("drop_free", free, "the discount takes off all of the price")
