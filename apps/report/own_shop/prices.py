"""What was paid: from prices, totals and discounts to a unit price and a share taken off.

Arithmetic decides what a column means. If quantity × price less the discount is the total in nearly
all rows, the total is what was paid. If only quantity × price is, the total comes before the
discount. Where no sum proves a meaning and a key figure depends on it, a `Question` is raised.
"""

import itertools

import numpy as np
import pandas as pd

from apps.report.own_shop import money, oddities
from apps.report.own_shop.column_names import likeness_to_roles
from apps.report.own_shop.currency import MONEY, settle_cents, settle_currency
from apps.report.own_shop.discounts import (
    DISCOUNTS,
    before_discounts,
    discount_of,
    is_said,
    read_total,
    set_aside,
    settle_discount,
    take_off_orders,
)
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.levels import of_lines, settle_levels
from apps.report.own_shop.lines import is_back
from apps.report.own_shop.names import is_extra
from apps.report.own_shop.questions import Question, ask, choices, choose, which_column
from apps.report.own_shop.reconcile import (
    FEW,
    TOTALS,
    Column,
    check_unused,
    columns_of_money,
    explained_by,
)
from helpers.language import say

GROWS, HARDLY = 0.3, 0.5  # how much a total grows with the quantity, and a price of a unit
LINE_TOTAL = (0.4, 1.5)  # line total divided by quantity × price: after discounts, with taxes
AFTER_DISCOUNTS = -1  # the class of names of prices that says so

Amounts = tuple[pd.Series, pd.Series]  # of each line: before discounts, and what was paid


def settle_money(job: ImportJob) -> None:
    """Give each row its price before discounts, the share taken off, and its sign.

    Afterward the table has ``quantity`` (below 0 for a refund), ``unit_price``, ``discount`` and
    ``refunded`` (money of a sale that was paid back). Without money it has no ``unit_price``.
    """
    settle_currency(job)
    settle_cents(job)
    discounts = set_aside(job)
    units_back, back = job.table["quantity"] < 0, is_back(job.table)
    positive = {role: job.table[role].abs() for role in (*MONEY, "quantity") if role in job.table}
    job.table = job.table.assign(is_back=back, **positive)
    if "unit_price" not in job.table and "original_price" in job.table:
        job.rename("original_price", "unit_price")
    settle_levels(job)
    if "discount" in job.table:
        settle_discount(job)
    if {"unit_price", *TOTALS} & set(job.table):
        _price_lines(job)
        take_off_orders(job, discounts)
    job.table = job.table.assign(
        quantity=job.table["quantity"].where(~back, -job.table["quantity"]),
        is_return=units_back,  # the file says how many units came back, not only how much money
        refunded=_refunded(job),
    ).drop(columns=[role for role in MONEY if role != "unit_price"], errors="ignore")


def _does_it_come_off(job: ImportJob, off: str, role: str) -> Question:
    """Return the question whether a discount comes off an amount, or has been taken off."""
    yes = choose({f"{off}={job.column[off]}": "yes: subtract it"})
    no = choose({f"{off}=": "no: it has been taken off"})
    said = no + yes if role == "unit_price" else yes + no
    asks = "Does the discount in “{column}” come off “{total}”?"
    return ask(asks, said, column=job.column[off], total=job.column[role])


# ---------------------------------------------------------------- the price of each line


def _price_lines(job: ImportJob) -> None:
    """Find the price before discounts and the share taken off, from all columns of money."""
    table, quantity = job.table, job.table["quantity"]
    totals = [role for role in TOTALS if role in table]
    if "unit_price" in table:
        gross, net = _by_price(job)
    else:
        gross, net = _by_total_alone(job, totals.pop(0))
    for role in totals:
        gross, net = _by_total(job, role, gross, net)
    net = _as_written(job, net.clip(lower=0))
    gross = np.maximum(gross, net)
    check_unused(job, gross, net)
    price = (gross / quantity.where(quantity > 0)).fillna(0.0)
    if "unit_price" in table:  # not divided and multiplied, where it is the price already
        price = price.mask(np.isclose(price, table["unit_price"], rtol=1e-12), table["unit_price"])
    share = (1 - net / gross.where(gross > 0)).fillna(0.0)
    if "discount" in table:
        share = share.mask(np.isclose(share, table["discount"], atol=1e-12), table["discount"])
    if len(price) and not (price > 0).any():
        role = next(role for role in ("unit_price", *TOTALS) if role in table)
        job.doubt(role, "contains no amount above 0, so it was not used: there is no revenue.")
        job.table = table.drop(columns=["unit_price", "discount"], errors="ignore")
        return
    job.table = job.table.assign(unit_price=price, discount=share)


def _as_written(job: ImportJob, net: pd.Series) -> pd.Series:
    """Return what was paid as a column of totals of lines has it, to the cent."""
    totals = [job.table[role] for role in TOTALS if role in job.table and role not in job.per_order]
    totals += [one.money for one in columns_of_money(job) if not one.per_order]
    same = next((one for one in totals if money.agree(net, one)), net)
    return same.where((same - net).abs() <= money.CENT, net)


def _by_price(job: ImportJob) -> Amounts:
    """Return the amounts by the price: per unit, or of the line, before or after a discount."""
    table, price = job.table, job.table["unit_price"]
    value = table["quantity"] * price
    if _is_line_total(job, value):
        value = price
    original = table.get("original_price", price).fillna(price)
    listed = (value * original / price.where(price > 0)).fillna(value).clip(lower=value)
    off = discount_of(job, value)
    some = off > 0
    if not some.any():
        return listed, value
    before = before_discounts(job, value)
    known = [one.money for one in columns_of_money(job)]
    known += [listed] if "original_price" in table else []
    for one, amount in itertools.product(known, (before, before / table["quantity"])):
        if money.agree(one[some], amount[some]):
            return before, value
    too_much = (off > value * (1 + FEW) + money.CENT) & (value > 0)
    is_too_much = too_much.sum() > FEW * some.sum()
    if {*TOTALS} & set(table):  # they will tell what was paid
        return value, value if is_too_much else value - off
    named = likeness_to_roles(job.column["unit_price"])["unit_price"].tier
    is_after = named == AFTER_DISCOUNTS or (listed > value + money.CENT).any()
    if (is_too_much or is_after) and not is_said(job, *DISCOUNTS):
        role = next(role for role in DISCOUNTS if role in table and table[role].any())
        raise _does_it_come_off(job, role, "unit_price")
    return value, value - off


def _growth(job: ImportJob, role: str) -> float | None:
    """Return how much an amount grows with the quantity, of one item or category if known."""
    group = next((one for one in ("item_id", "name", "category") if one in job.table), None)
    groups = job.table[group].fillna("") if group else pd.Series("", job.table.index)
    return money.growth(job.table["quantity"], job.table[role], groups)


def _is_line_total(job: ImportJob, value: pd.Series) -> bool:
    """Whether the column of prices holds totals of lines, by sums, or by how it grows."""
    table, column = job.table, job.column["unit_price"]
    several = table["quantity"] > 1
    if not several.any() or is_said(job, "unit_price"):
        return False
    for role in TOTALS:
        if role in table and role not in job.per_order:
            total, left = table[role][several], value - discount_of(job, value)
            if money.agree(value[several], total) or money.agree(left[several], total):
                return False
    slope = _growth(job, "unit_price")
    if slope is None or slope < GROWS:
        return False
    what = "grows with the quantity, as only a line total does, so it was read as one."
    fix = 'If it is the price of a unit, set MAP="unit_price={column}".'
    job.doubt("unit_price", what, fix, column=column)
    return True


def _ask_if_price_of_unit(job: ImportJob, role: str) -> None:
    """Ask whether a column of totals holds prices of units: it hardly grows with the quantity."""
    known = "item_id" in job.table and "quantity" in job.column
    slope = _growth(job, role) if known else None
    if slope is not None and slope <= HARDLY:
        column = job.column[role]
        meanings = {f"unit_price={column}": "it is the price of one unit"}
        meanings |= {f"{role}={column}": "it is the total of the line"}
        asks = '"{column}" hardly grows with the quantity. Is it the price of one unit?'
        raise ask(asks, choose(meanings), column=column)


# ---------------------------------------------------------------- totals


def _by_total_alone(job: ImportJob, role: str) -> Amounts:
    """Return the amounts by a total without a price: it is what was paid, unless sums deny it."""
    if job.rivals.get(role):
        return _by_totals(job, role)
    total = of_lines(job, role, job.table["quantity"])
    if role not in job.per_order and not is_said(job, role):
        _ask_if_price_of_unit(job, role)
    off = of_lines(job, "discount_amount", total)
    found = columns_of_money(job)
    others = [one for one in found if not money.agree(one.money, total)]
    if not any(explained_by(job, one, [total, total - off], found) for one in others):
        oddities.check_extras(job, role)
    if role in job.per_order:
        job.doubt(role, "is the total of the order, so it was divided among its lines.")
    if role == "amount" and "discount_amount" in job.table:
        is_before = off.any() and any(
            explained_by(job, one, [total - off], found)
            and not explained_by(job, one, [total], found)
            for one in found
        )
        if is_before or is_said(job, "discount_amount"):
            return total, total - discount_of(job, total)
        if likeness_to_roles(job.column[role])[role].tier == 0 and off.any():
            raise _does_it_come_off(job, "discount_amount", "amount")
    before = before_discounts(job, total)
    if (before > total + money.CENT).any():
        what = "was read as the amount after the discount in {columns}."
        fix = 'If it comes before, set MAP="unit_price={column}".'
        named = say(" and ").join(f'"{job.column[one]}"' for one in DISCOUNTS if one in job.table)
        job.doubt(role, what, fix, columns=named, column=job.column[role])
    return before, total


def _by_totals(job: ImportJob, role: str) -> Amounts:
    """Return the amounts by several totals: two differ by discounts and refunds, or ask."""
    columns = [job.column[role], *job.rivals[role]]
    totals = {one: read_total(job, one) for one in columns}
    for (_, gross), (after, total) in itertools.permutations(totals.items(), 2):
        off, back = discount_of(job, gross), of_lines(job, "refund_amount", gross)
        for less in (off, back):  # refunds are subtracted later
            left = gross - off - (back if less is back else 0.0)
            if less.any() and money.agree(left, total):
                job.column[role] = after
                return gross, gross - off
    raise which_column(job.file, role, columns)


def _by_total(job: ImportJob, role: str, gross: pd.Series, net: pd.Series) -> Amounts:
    """Return the amounts corrected by a total, of a line or of an order.

    Sums show whether the total comes before or after the discount, or contains shipping and taxes.
    """
    _choose_total(job, role, gross, net)
    is_of_order, order = role in job.per_order, job.table["order"]

    def at_its_level(amount: pd.Series) -> pd.Series:
        return amount.groupby(order).transform("sum") if is_of_order else amount

    by_price, before = at_its_level(net), at_its_level(gross)
    back = at_its_level(of_lines(job, "refund_amount", net))
    if not is_of_order:  # a blank total is that of the price
        job.table[role] = job.table[role].fillna(net)
    total, some = job.table[role].fillna(0.0), back > money.CENT
    if some.any() and money.agree((by_price - back)[some], total[some]):  # already subtracted
        total = job.table[role] = (job.table[role] + back.where(some, 0.0)).fillna(0.0)
    if money.agree(by_price, total):
        return gross, net
    if money.agree(before, total) and role == "paid":
        return gross, gross
    if money.agree(before, total):
        one = next(one for one in DISCOUNTS if one in job.table)
        what = 'is quantity × price, so the discount in "{column}" was taken off.'
        fix = 'If the price already includes it, set MAP="{one}=".'
        job.doubt(role, what, fix, column=job.column[one], one=one)
        return gross, net
    whole = Column(job.column[role], total, is_of_order)
    found = columns_of_money(job)
    extras = [one for one in found if is_extra(one.name)]
    if not is_said(job, role) and explained_by(job, whole, [net, gross], found):
        is_less = (total > 0) & (total <= before + money.CENT)
        if explained_by(job, whole, [net, gross], extras) or (~is_less & (before > 0)).mean() > FEW:
            return gross, net  # with shipping, taxes, tips; or less what is not paid yet
        return gross, of_lines(job, role, net)  # less what another column takes off
    ratio = (total / before.where(before > 0)).median()
    if not LINE_TOTAL[0] <= ratio <= LINE_TOTAL[1] or (is_of_order and role == "amount"):
        what = "has a median of {ratio} of quantity × price, so it was not used."
        fix = 'If it is what was paid, set MAP="unit_price=".'
        job.doubt(role, what, fix, ratio=f"{ratio:.0%}")
        return gross, net
    if "unit_price" in job.table:
        off = money.differs(by_price, total)
        columns = [job.column[role], *job.rivals.get(role, ())]
        values = {"column": columns[0], "off": f"{off:.0%}", "role": role}
        if off > FEW and not is_said(job, role):
            raise ask(
                "“{column}” differs from quantity × price in {off} of the rows. What is the total?",
                choices(job.file, role, columns) + choose({f"{role}=": "quantity × price"}),
                **values,
            )
        what = "differs from quantity × price in {off} of the rows; it was used."
        job.doubt(role, what, 'If you want the price instead, set MAP="{role}=".', **values)
    paid = of_lines(job, role, net)
    return np.maximum(gross, paid), paid


def _choose_total(job: ImportJob, role: str, gross: pd.Series, net: pd.Series) -> None:
    """Take another column of totals, if only that one agrees with the prices."""
    if money.agree(job.table[role], net):
        return
    for column in job.rivals.get(role, ()):
        values = read_total(job, column)
        if money.agree(values, net) or money.agree(values, gross):
            job.table[role], job.column[role] = values, column
            job.per_order.discard(role)
            job.money = None  # another column is free now
            return


def _refunded(job: ImportJob) -> pd.Series:
    """Return the money of each row that was paid back, by its status or a column of refunds."""
    table = job.table
    if "unit_price" not in table:
        return pd.Series(0.0, table.index)
    value = money.paid_for(table)
    back = of_lines(job, "refund_amount", value).mask(table["is_back"], 0.0)  # a refund itself
    if "is_refunded" in table:
        rows = value.where(table["is_back"], 0.0).groupby(table["order"]).transform("sum")
        back = back.where(~table["is_refunded"] | table["is_back"], (value - rows).clip(lower=0))
    return back.clip(upper=value)
