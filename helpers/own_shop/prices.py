"""The amount paid for a unit, from the prices, totals and discounts that the file has.

In the end each line has a unit price and a discount as a share of it; with the quantity, they give
the amount paid. The evidence comes from `money`; these steps use it to decide, change the table of
a job, and note a doubt if something could have another meaning.
"""

import numpy as np
import pandas as pd

from helpers.own_shop import money
from helpers.own_shop.import_job import ImportJob
from helpers.own_shop.messages import pluralize
from helpers.own_shop.numbers import CURRENCIES

FEW = 0.01  # share of rows that may be errors
LINE_TOTAL = (0.4, 1.5)  # line total divided by quantity × price: after discounts, with taxes

# ---------------------------------------------------------------- while numbers are read


def of_order(job: ImportJob, role: str, values: pd.Series) -> pd.Series:
    """Copy an amount to each row of its order, if only the first row has it.

    "1, 30.00", "1, (blank)", "2, 7.00" of order and total means that order 1 cost 30.
    """
    order = job.table["order_id"]
    if not money.once_per_order(values, order):
        return values
    job.per_order.add(role)
    return money.spread_over_order(values, order)


def settle_discount(job: ImportJob, units: pd.Series) -> None:
    """Turn a column of discounts into shares of the price, or treat it as amounts of money.

    The decisions and their evidence:

    - only 0 and 1: a flag that doesn't say how much, so it is not used;
    - 0.15, or 15 with a percent sign or in a column "rate": a share (`money.discount_is_share`);
    - 15 without either: also a share, if all are whole numbers, with a doubt;
    - 3.47: money, unless another column already contains that.

    Parameters
    ----------
    job : its table has ``discount`` as numbers.
    units : the sign beside each number: "%", "€", "".
    """
    values, column = job.table["discount"], job.column["discount"]
    has_signs = bool(units.eq("%").any())
    if set(values.dropna()) == {0, 1} and not has_signs:
        what = "contains only 0 and 1: it says that there was a discount, but not how much."
        job.doubt("discount", what, "It was not used, so revenue may be too high.")
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
            what = f"was read as a percentage: {example} means {example}%."
            job.doubt("discount", what, 'If it is money, set roles={"discount_amount": "…"}.')
    job.table["discount"] = share


def _take_discount_for_money(job: ImportJob, values: pd.Series) -> None:
    """Treat the column of discounts as amounts of money, if no other column has that role."""
    job.table = job.table.drop(columns="discount")
    if "discount_amount" in job.table:
        what = f'contains money, as "{job.column["discount_amount"]}" does, and was not used.'
        job.doubt("discount", what, "If both must be subtracted, add them up first.")
        return
    what = "contains no shares of a price (0.15 or 15%), so it was read as an amount of money."
    job.doubt("discount", what, 'If it is not, set roles={"discount": None}.')
    job.column["discount_amount"] = job.column["discount"]
    if "order_id" in job.table:
        values = of_order(job, "discount_amount", values)
    job.table = job.table.assign(discount_amount=values)


def settle_currency(job: ImportJob, role: str, units: pd.Series) -> None:
    """Keep the rows in the most frequent currency, from the prices or a currency column.

    With prices "5 €", "6 €" and "700 ¥" the currency is €, and the third row is dropped, because
    the exchange rate is unknown. A price without a sign is assumed to be in the same currency.
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
    why = f"the price is in a currency other than {job.currency}"
    job.drop("one_currency", other, why + job.such_as(shown, other))


# ---------------------------------------------------------------- prices


def settle_prices(job: ImportJob) -> None:
    """Compute the price paid per unit, if the file has any money.

    A file may have a price, a total, or both, and the total may be for the line or for the order:

    - only a price: it is the price, or the total of its line if it grows with the quantity;
    - an order total: the prices of the lines are used, or else each line gets an equal part;
    - a line total: it is the amount paid, unless it is far from quantity × price, or doesn't
      include a discount that has its own column.
    """
    if "amount" in job.table:
        amount = _amount_of_lines(job)
        if amount is not None:
            _take_amount(job, amount)
    elif "unit_price" in job.table:
        _divide_line_totals(job)
        _require_prices(job, "unit_price")


def _amount_of_lines(job: ImportJob) -> pd.Series | None:
    """Return the amount paid for each line; None if the prices of the lines are used."""
    amount, order = job.table["amount"], job.table["order_id"]
    if "amount" in job.per_order or money.same_per_order(amount, order):
        return _amount_of_orders(job)
    if "unit_price" in job.table and not _is_paid(job):
        return None
    return amount


def _amount_of_orders(job: ImportJob) -> pd.Series | None:
    """Return an equal part of the order total for each line, unless the lines have prices.

    If order 1 has a total of 30 and two lines, each line gets 15.
    """
    what = "is the same in all lines of an order"
    if "amount" in job.per_order:
        what = "is given only in the first line of an order"
    what += ", so it was read as the order total"
    if "unit_price" in job.table:
        job.doubt("amount", f"{what} and not used;", "the price of each line was used.")
        _require_prices(job, "unit_price")
        return None
    job.doubt("amount", f"{what} and split evenly among the lines.")
    order = job.table["order_id"]
    return job.table["amount"] / order.groupby(order).transform("size")


def _is_paid(job: ImportJob) -> bool:
    """Return whether the total of a line is the amount paid, if there is a price as well.

    For 2 units at 10 and 10% off, a total of 18 is the amount paid, 20 is the amount before the
    discount, and 9 or 95 is something else: a doubt says so, and the price is used.
    """
    amount, quantity = job.table["amount"], job.table["quantity"]
    price = quantity * job.table["unit_price"]
    off = money.differs(amount, price * (1 - job.table["discount"]))
    if off > FEW and money.differs(amount, price) <= FEW:
        what = "is quantity × price before the discount, so the discount was subtracted."
        job.doubt("amount", what, 'If that is wrong, set roles={"discount": None}.')
        return False
    ratio = (amount / price.where(price > 0)).median()
    if not LINE_TOTAL[0] <= ratio <= LINE_TOTAL[1]:
        what = (
            f"has a median of {ratio:.0%} of quantity × price, too far off to be the line total; "
        )
        mend = 'If it is, set roles={"unit_price": None}.'
        job.doubt("amount", what + "it was not used.", mend)
        _require_prices(job, "unit_price")
        return False
    if off > FEW and "discount_amount" not in job.table:
        what = f"differs from quantity × price in {off:.0%} of the rows; it was used."
        job.doubt("amount", what, 'If you want the price instead, set roles={"amount": None}.')
    return True


def _take_amount(job: ImportJob, amount: pd.Series) -> None:
    """Divide the amount paid for each line by its units; it already includes discounts.

    A negative amount means a return: -19 for 2 units becomes -2 units at 9.50.
    """
    if "discount_amount" in job.table:
        what = f'was not used: "{job.column["amount"]}" was read as the amount after it.'
        mend = f'If it is before, set roles={{"unit_price": "{job.column["amount"]}"}}.'
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
    """Divide a price by the quantity, if it grows with the quantity, as only a total does."""
    if "item_id" in job.table and money.grows_with_quantity(job.table):
        quantity = job.table["quantity"].abs()
        price = (job.table["unit_price"] / quantity.where(quantity > 0)).fillna(0.0)
        job.table = job.table.assign(unit_price=price)
        what = "grows with the quantity, as only a line total does, so it was divided by it."
        mend = f'To confirm this, set roles={{"amount": "{job.column["unit_price"]}"}}.'
        job.doubt("unit_price", what, mend)


def _require_prices(job: ImportJob, role: str) -> None:
    """Ignore money if no price is above 0."""
    if len(job.table) and not (job.table["unit_price"] > 0).any():
        job.table = job.table.drop(columns="unit_price")
        job.doubt(role, "contains no price above 0, so it was not used, and there is no revenue.")


# ---------------------------------------------------------------- discounts


def take_off_discounts(job: ImportJob) -> None:
    """Turn discounts in money into shares of the price, and drop items given away for free.

    6 off an order of 2 × 10 and 1 × 40 is a tenth of both lines. If the discount is larger than the
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
            what = f"is more than the price in {pluralize(too_much, 'row')}, so it was not used."
            job.doubt("discount_amount", what, "Revenue may be too high.")
            return
        if per_order:
            what = "is for the whole order, so it was divided in proportion to the lines' prices."
            job.doubt("discount_amount", what)
        taken = 1 - (1 - job.table["discount"]) * (1 - share.clip(upper=1))
        job.table = job.table.assign(discount=taken)
    free = job.table["discount"] >= 1
    job.drop("drop_free", free, "the discount takes off the whole price")
