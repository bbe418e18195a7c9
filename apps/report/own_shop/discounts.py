"""Discounts: shares of a price, or money, of lines and of orders, in columns or rows of their own.

What a column holds is told by its form, by the sums that it explains, or by the user.
"""

import itertools

import pandas as pd

from apps.report.own_shop import money, oddities
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.levels import of_lines
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.questions import ask, choose
from apps.report.own_shop.reconcile import TOTALS
from helpers.language import say

SAID = ("said", "remembered")
DISCOUNTS = ("discount", "discount_amount")
MORE_THAN_A_COIN = 20  # of such a price, a discount of 1 and less is a share


def set_aside(job: ImportJob) -> pd.Series:
    """Leave out rows that are discounts of their orders; return what they take off each order."""
    table = job.table
    is_discount = table.get("is_discount", False) | oddities.vouchers(job)
    value = table["quantity"] * table.get("unit_price", 0.0)
    value = table["amount"].fillna(value) if "amount" in table else value
    off = value[is_discount].abs().groupby(table["order"]).sum()
    job.drop("discount_rows", is_discount, say("a discount of its order, taken off the other rows"))
    return off


def take_off_orders(job: ImportJob, off: pd.Series) -> None:
    """Take discounts off whole orders, in proportion to what was paid for their lines."""
    if off.empty or "unit_price" not in job.table:
        return
    table = job.table
    value = money.paid_for(table).where(~table["is_back"], 0.0).groupby(table["order"]).sum()
    left = 1 - (off / value.where(value > 0)).clip(0, 1)
    left = table["order"].map(left).fillna(1.0).mask(table["is_back"], 1.0)
    job.table = table.assign(discount=1 - (1 - table["discount"]) * left)


def settle_discount(job: ImportJob) -> None:
    """Turn a column of discounts into shares of the price, or into amounts of money.

    The decisions and their evidence:

    - only 0 and 1: a flag that doesn't say how much, so it is not used, with a doubt;
    - 0.15, or 15 with a percent sign or in a column "rate": a share (`money.discount_is_share`);
    - 15 without either, and all are whole numbers: a share or money, as sums prove, or you say;
    - 3.47: money, unless another column already contains that.
    """
    values = job.table["discount"].abs()
    has_signs = "discount" in job.signs and bool(job.signs["discount"].eq("%").any())
    if set(values.dropna()) == {0, 1} and not has_signs:
        what = "contains only 0 and 1: it says that there was a discount, but not how much."
        job.doubt("discount", what, "It was not used, so revenue may be too high.")
        job.table = job.table.drop(columns="discount")
    elif _is_share(job, values, has_signs):
        job.table["discount"] = _as_share(values)
        if "discount_amount" in job.table:
            _settle_both_discounts(job)
    elif "discount_amount" in job.table and job.table["discount_amount"].any():
        job.release("discount")  # the accounts ask whether both come off
    else:
        job.table["discount"] = values
        job.rename("discount", "discount_amount")


def _as_share(values: pd.Series) -> pd.Series:
    return values.fillna(0.0) / (100 if values.max() > 1 else 1)


def _settle_both_discounts(job: ImportJob) -> None:
    """Use one of two discounts that say the same, as a share and as money; ask if they differ."""
    table = job.table
    if not (table["discount"].any() and table["discount_amount"].any()):
        return
    value = table["quantity"]
    value = value * table["unit_price"] if "unit_price" in table else table.get("amount", value)
    if money.agree(value * table["discount"], table["discount_amount"].fillna(0.0)):
        job.table = table.drop(columns="discount")
    elif not is_said(job, *DISCOUNTS):
        columns = dict(zip(("share", "off"), (job.column[role] for role in DISCOUNTS), strict=True))
        meanings = {
            "discount={share},discount_amount={off}".format(**columns): "both come off",
            "discount=": "only that of “{off}”",
            "discount_amount=": "only that of “{share}”",
        }
        asks = "“{share}” and “{off}” are both discounts."
        raise ask(asks, choose(meanings, **columns), **columns)


def is_said(job: ImportJob, *roles: str) -> bool:
    """Return whether the user has named the column of one of some roles."""
    return any(job.how.get(role) in SAID for role in roles)


def _is_share(job: ImportJob, values: pd.Series, has_signs: bool) -> bool:
    """Whether discounts are shares, as 0.15 or 15%, or money; whole numbers may be either."""
    column, table = job.column["discount"], job.table
    if not money.discount_is_share(values.dropna(), column, has_signs):
        return False
    proven = has_signs or money.is_named_percent(column) or is_said(job, "discount")
    if proven or not {"unit_price", *TOTALS} & set(table):
        return True
    amounts = [table["quantity"] * table["unit_price"]] if "unit_price" in table else []
    amounts += [table[one] for one in TOTALS if one in table and one not in job.per_order]
    amounts += [read_total(job, one) for role in TOTALS for one in job.rivals.get(role, ())]
    for price, total in itertools.permutations(amounts, 2):
        if not money.agree(price, total):
            if money.agree(price * (1 - _as_share(values)), total):
                return True
            if money.agree(price - values.fillna(0), total):
                return False
    if values.max() <= 1 and amounts and amounts[0][values > 0].median() >= MORE_THAN_A_COIN:
        return True
    example = values[values > 0].iloc[0]
    meanings = {
        f"discount={column}": "{example} means {percent}%",
        f"discount_amount={column}": "{example} means {money} in money",
    }
    shown = {"percent": f"{100 * _as_share(values)[values > 0].iloc[0]:g}"}
    shown |= {"example": f"{example:g}", "money": f"{example:.2f}"}
    asks = '"{column}" may be a percentage or money.'
    raise ask(asks, choose(meanings, **shown), column=column)


def discount_of(job: ImportJob, gross: pd.Series) -> pd.Series:
    """Return what the columns of discounts take off amounts before discounts."""
    return gross * job.table.get("discount", 0.0) + of_lines(job, "discount_amount", gross)


def before_discounts(job: ImportJob, net: pd.Series) -> pd.Series:
    """Return the amounts from which the columns of discounts leave what was paid."""
    share = job.table.get("discount", pd.Series(0.0, net.index))
    return (net + of_lines(job, "discount_amount", net)) / (1 - share).where(share < 1, 1.0)


def read_total(job: ImportJob, column: str) -> pd.Series:
    """Return the amounts in a column of the file, without their signs."""
    return read_numbers(job.file[column].reindex(job.table.index)).result.abs()
