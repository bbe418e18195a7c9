"""What was paid: from prices, totals and discounts to a unit price and a share taken off.

Arithmetic decides what a column means. If quantity × price less the discount is the total in nearly
all rows, the total is what was paid. If only quantity × price is, the total comes before the
discount. Where no sum proves a meaning and a key figure depends on it, a `Question` is raised.
"""

import itertools
import re

import numpy as np
import pandas as pd

from apps.report.own_shop import money, oddities
from apps.report.own_shop.column_names import likeness_to_roles
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.lines import is_back
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import ROLES, normalize
from apps.report.own_shop.numbers import CURRENCIES, read_numbers
from apps.report.own_shop.questions import Choice, Matter, Question, ask, choices
from apps.report.own_shop.reconcile import (
    Column,
    ask_what_comes_off,
    check_unused,
    columns_of_money,
    explained_by,
)
from helpers.language import say

FEW = 0.01  # share of rows that may be errors
LINE_TOTAL = (0.4, 1.5)  # line total divided by quantity × price: after discounts, with taxes
KANA_OR_HANGUL = "[\u3040-\u30ff\uac00-\ud7a3]"  # yen and won have no cents
NO_CENTS = {"JPY", "¥", "KRW", "₩", "CLP", "VND", "ISK", "HUF", "IDR", "TWD", "COP", "PYG"}
MONEY = ("unit_price", "original_price", "amount", "paid", "discount_amount", "refund_amount")
SAID = ("said", "remembered")
AFTER_DISCOUNTS = -1  # the class of names of prices that says so
MORE_THAN_A_COIN = 20  # of such a price, a discount of 1 and less is a share
LOOKED_AT = 500  # rows that show whether a column has decimals
USUAL_PRICE = 100  # a median whole price from here on may be in cents


def settle_money(job: ImportJob) -> None:
    """Give each row its price before discounts, the share taken off, and its sign.

    Afterward the table has ``quantity`` (below 0 for a refund), ``unit_price``, ``discount`` and
    ``refunded`` (money of a sale that was paid back). Without money it has no ``unit_price``.
    """
    settle_currency(job)
    _settle_cents(job)
    units_back = job.table["quantity"] < 0
    back = is_back(job.table)
    job.table = job.table.assign(is_back=back)
    for role in (*MONEY, "quantity"):
        if role in job.table:
            job.table[role] = job.table[role].abs()
    if "unit_price" not in job.table and "original_price" in job.table:
        job.table = job.table.rename(columns={"original_price": "unit_price"})
        job.column["unit_price"] = job.column["original_price"]
    _settle_levels(job)
    if "discount" in job.table:
        _settle_discount(job)
    if "unit_price" in job.table or "amount" in job.table or "paid" in job.table:
        _price_lines(job)
    quantity = job.table["quantity"]
    job.table = job.table.assign(
        quantity=quantity.where(~back, -quantity),
        is_return=units_back,  # the file says how many units came back, not only how much money
        refunded=_refunded(job),
    ).drop(
        columns=["amount", "paid", "original_price", "discount_amount", "refund_amount"],
        errors="ignore",
    )


# ---------------------------------------------------------------- currency


def settle_currency(job: ImportJob) -> None:
    """Find the currency, in its own column or beside the prices; amounts in several are not added.

    A price without a sign is in the currency of the others.
    """
    units = pd.Series("", job.table.index, dtype="str")
    for role in MONEY:
        if role in job.signs:
            signs = job.signs[role].reindex(job.table.index).fillna("")
            units = units.mask((units == "") & signs.str.fullmatch(r"[^\d\s%]{1,4}"), signs)
    if "currency" in job.table:
        written = job.table["currency"]
        written = written.map(
            {one: CURRENCIES.get(one.upper(), one) for one in written.dropna().unique()}
        )
        units = written.fillna(units).astype("str")
    counts = units[units != ""].value_counts()
    only = job.settings.get("currency")
    if only:
        only = CURRENCIES.get(str(only).upper(), only)
        other = (units != "") & (units != only)
        job.drop(
            "one_currency",
            other,
            say("the amount is not in {only}, the currency you asked for", only=only),
        )
        job.currency = only
    elif len(counts) > 1:
        shown = [
            Choice(f"currency={unit}", f"{unit}: {pluralize(rows, 'row')}")
            for unit, rows in counts.items()
        ]
        raise ask(say("The amounts are in several currencies. Which one is wanted?"), shown)
    elif len(counts):
        job.currency = counts.index[0]


def _settle_cents(job: ImportJob) -> None:
    """Ask whether whole amounts are in cents, as 1299 for 12.99; divide them if they are."""
    roles = [role for role in MONEY if role in job.table]
    if not roles or job.currency in NO_CENTS or re.search(KANA_OR_HANGUL, " ".join(job.file)):
        return
    said = job.settings.get("money")
    named = any({"cent", "cents"} & {*normalize(job.column[role]).split()} for role in roles)
    if said is None and not named:
        values = pd.concat([job.table[role].dropna().abs() for role in roles])
        values = values[values > 0]
        whole = len(values) > 0 and bool((values == values.round()).all())
        if not whole or values.median() < USUAL_PRICE or (values % 100 == 0).mean() > 0.5:
            return
        written = pd.concat([job.file[job.column[role]].head(LOOKED_AT) for role in roles])
        if written.str.contains(r"\d[.,]\d").any():  # 1299.00, or 1,299
            return
        example = f"{values.iloc[0]:.0f}"
        raise ask(
            say(
                "All amounts are whole numbers, such as {example}. Are they in cents?",
                example=example,
            ),
            [
                Choice(
                    "money=cents",
                    say(
                        "{example} means {value}",
                        example=example,
                        value=f"{float(example) / 100:.2f}",
                    ),
                ),
                Choice("money=whole", say("{example} means {example}.00", example=example)),
            ],
        )
    if said == "cents" or (named and said is None):
        job.scale = 0.01
        job.table = job.table.assign(**{role: job.table[role] / 100 for role in roles})


# ---------------------------------------------------------------- discounts and levels


def _settle_discount(job: ImportJob) -> None:
    """Turn a column of discounts into shares of the price, or into amounts of money.

    The decisions and their evidence:

    - only 0 and 1: a flag that doesn't say how much, so it is not used, with a doubt;
    - 0.15, or 15 with a percent sign or in a column "rate": a share (`money.discount_is_share`);
    - 15 without either, and all are whole numbers: a share or money, as sums prove, or you say;
    - 3.47: money, unless another column already contains that.
    """
    values, column = job.table["discount"].abs(), job.column["discount"]
    has_signs = "discount" in job.signs and bool(job.signs["discount"].eq("%").any())
    if set(values.dropna()) == {0, 1} and not has_signs:
        what = say("contains only 0 and 1: it says that there was a discount, but not how much.")
        job.doubt("discount", what, say("It was not used, so revenue may be too high."))
        job.table = job.table.drop(columns="discount")
    elif _is_share(job, values, has_signs):
        share = values.fillna(0.0)
        job.table["discount"] = share / 100 if share.max() > 1 else share
        _settle_both_discounts(job)
    elif "discount_amount" in job.table:
        per_order = money.same_per_order(values, job.table["order"])
        one = Column(column, values.fillna(0.0), per_order, 0.0)
        off = _of_lines(job, "discount_amount", pd.Series(1.0, values.index))
        both = values.any() and off.any() and "discount_amount" not in job.settled
        if both and not explained_by(job, one, [off], ()):
            raise Question(ask_what_comes_off(job, "discount_amount", column))
        if values.any() and not off.any():
            job.table["discount_amount"] = values
        job.table = job.table.drop(columns="discount")
    else:
        job.table = job.table.drop(columns="discount").assign(discount_amount=values)
        job.column["discount_amount"] = column
        job.how["discount_amount"] = job.how["discount"]
        if "order_id" in job.table and money.once_per_order(values, job.table["order"]):
            job.per_order.add("discount_amount")
            job.table["discount_amount"] = money.spread_over_order(values, job.table["order"])


def _settle_both_discounts(job: ImportJob) -> None:
    """Use one of two discounts that say the same, as a share and as money; ask if they differ."""
    table = job.table
    if "discount_amount" not in table or not table["discount"].any():
        return
    if not table["discount_amount"].any():
        return
    price = table["quantity"] * table.get("unit_price", 1.0)
    price = price if "unit_price" in table else table.get("amount", price)
    if money.agree(price * table["discount"], table["discount_amount"].fillna(0.0)):
        job.table = table.drop(columns="discount")
    elif not {job.how.get("discount"), job.how.get("discount_amount")} & set(SAID):
        share, off = f"discount={job.column['discount']}", job.column["discount_amount"]
        asks = say(
            "“{share}” and “{off}” are both discounts.", share=job.column["discount"], off=off
        )
        both = [
            Choice(f"{share},discount_amount={off}", say("both come off")),
            Choice("discount=", say("only that of “{used}”", used=off)),
            Choice("discount_amount=", say("only that of “{used}”", used=job.column["discount"])),
        ]
        raise ask(asks, both)


def _is_share(job: ImportJob, values: pd.Series, has_signs: bool) -> bool:
    """Whether discounts are shares, as 0.15 or 15%, or money; whole numbers may be either."""
    column, table = job.column["discount"], job.table
    if not money.discount_is_share(values.dropna(), column, has_signs):
        return False
    proven = has_signs or money.is_named_percent(column)
    roles = [role for role in ("amount", "paid") if role in table]
    if proven or job.how["discount"] in SAID or not (roles or "unit_price" in table):
        return True
    totals = [table[role] for role in roles if role not in job.per_order]
    if "unit_price" in table:
        prices = [table["quantity"] * table["unit_price"]]
    else:
        totals += [_read_total(job, one) for role in roles for one in job.rivals.get(role, ())]
        prices = totals
    for price, total in itertools.product(prices, totals):
        if price is not total and not money.agree(price, total):
            if money.agree(
                price * (1 - values.fillna(0) / (100 if values.max() > 1 else 1)), total
            ):
                return True
            if money.agree(price - values.fillna(0), total):
                return False
    if values.max() <= 1 and prices[0][values > 0].median() >= MORE_THAN_A_COIN:
        return True
    example = values[values > 0].iloc[0]
    shown = {"example": f"{example:g}"}
    percent = example * (100 if values.max() <= 1 else 1)
    raise ask(
        say('"{column}" may be a percentage or money.', column=column),
        [
            Choice(
                f"discount={column}",
                say("{example} means {percent}%", **shown, percent=f"{percent:g}"),
            ),
            Choice(
                f"discount_amount={column}",
                say("{example} means {money} in money", **shown, money=f"{example:.2f}"),
            ),
        ],
    )


def _settle_levels(job: ImportJob) -> None:
    """Find which amounts are for the whole order: they are the same in all of its rows.

    The rows of a refund repeat the number and the amount of their order, so only sales are looked
    at. Without prices to prove it, only different items in most orders do: tickets and
    installments are alike.
    """
    if "order_id" not in job.table:
        return
    sold = job.table[~job.table["is_back"]]
    for role in ("amount", "paid", "discount_amount", "refund_amount"):
        if role not in sold or role in job.per_order:
            continue
        if money.once_per_order(sold[role], sold["order"]):
            job.table[role] = money.spread_over_order(job.table[role], job.table["order"])
            job.per_order.add(role)
        if not money.same_per_order(sold[role], sold["order"]):
            continue
        if role in ("amount", "paid") and role not in job.per_order:
            per_line = _is_per_line(job, sold, role)
            if per_line is None:
                raise _line_or_order(job, sold, role)
            if per_line:
                continue
        job.per_order.add(role)


def _is_per_line(job: ImportJob, sold: pd.DataFrame, role: str) -> bool | None:
    """Return whether equal amounts of an order are those of its lines; None if nothing tells."""
    if "amounts" in job.settings:
        return job.settings["amounts"] == "per_line"
    order = sold["order"]
    if "unit_price" in sold:
        value = sold["quantity"] * sold["unit_price"]
        if money.agree(value, sold[role]):
            return True
        if money.agree(value.groupby(order).transform("sum"), sold[role]):
            return False
    if {*normalize(job.column[role]).split()} & {*ROLES["order_id"].tiers[-1]}:  # "order total"
        return False
    item = next((sold[one] for one in ("item_id", "name") if one in sold), order)
    if "order_id" not in job.column and item is order:
        return True
    several = sold[role].notna() & (item.groupby(order).transform("nunique") > 1)
    return None if order[several].nunique() < oddities.NO_CHANCE else False


def _line_or_order(job: ImportJob, sold: pd.DataFrame, role: str) -> Question:
    """Return the question whether equal amounts in the rows of an order are one amount."""
    several = sold[sold["order"].duplicated(keep=False) & sold[role].notna()]
    order = several["order"].iloc[0]
    rows, amount = (several["order"] == order).sum(), several[role].iloc[0]
    return ask(
        say(
            "“{column}” is the same in all rows of an order, such as {amount} in {rows} of "
            "“{order}”.",
            column=job.column[role],
            amount=f"{amount:,.2f}",
            rows=pluralize(rows, "row"),
            order=several["order_id"].iloc[0],
        ),
        [
            Choice("amounts=per_order", say("it is one amount: {total}", total=f"{amount:,.2f}")),
            Choice(
                "amounts=per_line",
                say("the rows add up: {total}", total=f"{amount * rows:,.2f}"),
            ),
        ],
    )


def _of_lines(job: ImportJob, role: str, weights: pd.Series) -> pd.Series:
    """Return an amount of each line; that of an order is divided in proportion to weights."""
    amount = job.table[role].fillna(0.0)
    if role not in job.per_order:
        return amount
    order = 2 * job.table["order"] + job.table["is_back"]  # its refunds are another total
    total = weights.groupby(order).transform("sum")
    even = 1 / order.groupby(order).transform("size")
    return amount * (weights / total.where(total > 0)).fillna(even)


# ---------------------------------------------------------------- the price of each line


def _price_lines(job: ImportJob) -> None:
    """Find the price before discounts and the share taken off, from all columns of money."""
    table, quantity = job.table, job.table["quantity"]
    gross = net = None
    if "unit_price" in table:
        gross, net = _by_price(job)
    for role in ("amount", "paid"):
        if role in job.table:
            gross, net = _by_total(job, role, gross, net)
    net = net.clip(lower=0)
    gross = np.maximum(gross, net)
    check_unused(job, gross, net)
    price = (gross / quantity.where(quantity > 0)).fillna(0.0)
    if "unit_price" in table:  # not divided and multiplied, where it is the price already
        price = price.mask(np.isclose(price, table["unit_price"], rtol=1e-12), table["unit_price"])
    share = (1 - net / gross.where(gross > 0)).fillna(0.0)
    if "discount" in table:
        share = share.mask(np.isclose(share, table["discount"], atol=1e-12), table["discount"])
    if len(price) and not (price > 0).any():
        role = next(role for role in ("unit_price", "amount", "paid") if role in table)
        job.doubt(role, say("contains no amount above 0, so it was not used: there is no revenue."))
        job.table = table.drop(columns=["unit_price", "discount"], errors="ignore")
        return
    job.table = table.assign(unit_price=price, discount=share)


def _discount_of(job: ImportJob, gross: pd.Series) -> pd.Series:
    """Return what the columns of discounts take off amounts before discounts."""
    off = gross * job.table.get("discount", 0.0)
    if "discount_amount" in job.table:
        off = off + _of_lines(job, "discount_amount", gross)
    return off


def _by_price(job: ImportJob) -> tuple[pd.Series, pd.Series]:
    """Return gross and net by the price: per unit, or of the line, before or after a discount."""
    table, quantity = job.table, job.table["quantity"]
    price = table["unit_price"]
    per_unit = quantity * price
    if _is_line_total(job, per_unit):
        per_unit = price
    if "original_price" in table:
        original = table["original_price"].fillna(price)
        listed = per_unit * (original / price.where(price > 0)).fillna(1.0)
        reduced = original > price * (1 + FEW)
        if not reduced.any():
            return per_unit, per_unit - _discount_of(job, per_unit)
        taken = _discount_of(job, listed)
        already = money.agree((listed - taken)[reduced], per_unit[reduced])
        if not {"discount", "discount_amount"} & set(table) or already:
            return listed.where(reduced, per_unit), per_unit
        if not {job.how.get("discount"), job.how.get("discount_amount")} & set(SAID):
            role = "discount" if "discount" in job.how else "discount_amount"
            raise ask(
                say(
                    'There are a price, a price before discounts ("{original_price}") and a '
                    'discount ("{column}"), and they don\'t fit together.',
                    original_price=job.column["original_price"],
                    column=job.column[role],
                ),
                [
                    Choice(f"{role}=", say("the price is what was paid")),
                    Choice(f"{role}={job.column[role]}", say("the discount comes on top")),
                ],
            )
    off = _discount_of(job, per_unit)
    if "original_price" not in table and (off > 0).any():
        share = table.get("discount", pd.Series(0.0, table.index))
        before = (per_unit + off - per_unit * share) / (1 - share).where(share < 1, 1.0)
        if _is_in_file(job, before, quantity):
            return before, per_unit
        _ask_if_price_is_reduced(job)
    too_much = (off > per_unit * (1 + FEW) + money.CENT) & (per_unit > 0)
    if too_much.sum() > FEW * max((off > 0).sum(), 1):
        if "amount" in table or "paid" in table:  # they will tell what was paid
            return per_unit, per_unit
        what = say(
            "is more than the price in {rows}, so it was not used.",
            rows=pluralize(too_much.sum(), "row"),
        )
        job.doubt("discount_amount", what, say("Revenue may be too high."))
        return per_unit, per_unit
    return per_unit, per_unit - off


def _is_in_file(job: ImportJob, amount: pd.Series, quantity: pd.Series) -> bool:
    """Return whether a column without a role is an amount of the line, or that of a unit."""
    return any(
        money.agree(one.money, amount) or money.agree(one.money, amount / quantity)
        for one in columns_of_money(job)
    )


def _ask_if_price_is_reduced(job: ImportJob) -> None:
    """Ask whether a discount comes off a price whose name says that it is after discounts."""
    column = job.column["unit_price"]
    roles = [role for role in ("discount", "discount_amount") if role in job.table]
    if {"amount", "paid"} & set(job.table) or {job.how.get(role) for role in roles} & set(SAID):
        return
    if likeness_to_roles(column)["unit_price"].tier != AFTER_DISCOUNTS:
        return
    role = next(role for role in roles if job.table[role].any())
    asks = say(
        'Does the discount in "{column}" come off "{total}"?',
        column=job.column[role],
        total=column,
    )
    no = Choice(f"{role}=", say("no: the price already includes it"))
    yes = Choice(f"{role}={job.column[role]}", say("yes: subtract it"))
    raise ask(asks, [no, yes])


def _is_line_total(job: ImportJob, per_unit: pd.Series) -> bool:
    """Whether the column of prices holds totals of lines, by sums, or by how it grows."""
    table = job.table
    several = table["quantity"] > 1
    if not several.any() or job.how.get("unit_price") in SAID:
        return False
    for role in ("amount", "paid"):
        if role in table and role not in job.per_order:
            total, unit = table[role][several], per_unit[several]
            off = _discount_of(job, per_unit)[several]
            if money.agree(unit, total) or money.agree(unit - off, total):
                return False
            if money.agree(table["unit_price"][several], total):
                return True
    group = next((role for role in ("item_id", "name", "category") if role in table), None)
    groups = table[group].fillna("") if group else pd.Series("", table.index)
    slope = money.growth(table["quantity"], table["unit_price"], groups)
    column = job.column["unit_price"]
    if slope is None or slope < 0.3:
        return False
    if slope > 0.8:
        what = say("grows with the quantity, as only a line total does, so it was read as one.")
        job.doubt(
            "unit_price",
            what,
            say('If it is the price of a unit, set MAP="unit_price={column}".', column=column),
        )
        return True
    asks = say(
        '"{column}" is larger where more units are sold. Is it the total of the line?',
        column=column,
    )
    raise _unit_or_total(asks, column, "amount")


def _ask_if_price_of_unit(job: ImportJob, role: str) -> None:
    """Ask whether a column of totals holds prices of units: it hardly grows with the quantity."""
    group = next((one for one in ("item_id", "name") if one in job.table), None)
    if group is None or "quantity" not in job.column:
        return
    slope = money.growth(job.table["quantity"], job.table[role], job.table[group].fillna(""))
    if slope is None or slope > 0.5:
        return
    column = job.column[role]
    asks = say(
        '"{column}" hardly grows with the quantity. Is it the price of one unit?', column=column
    )
    raise _unit_or_total(asks, column, role)


def _unit_or_total(asks: str, column: str, total: str) -> Question:
    """Return the question whether a column holds prices of units or totals of lines."""
    meanings = [
        Choice(f"unit_price={column}", say("it is the price of one unit")),
        Choice(f"{total}={column}", say("it is the total of the line")),
    ]
    return ask(asks, meanings)


def _by_total(
    job: ImportJob, role: str, gross: pd.Series | None, net: pd.Series | None
) -> tuple[pd.Series, pd.Series]:
    """Return gross and net with the help of a total, of a line or of an order.

    Without a price, the total is what was paid: the discount has been taken off. With one, sums
    show whether the total comes before or after the discount.
    """
    if gross is None:
        if job.rivals.get(role):
            return _by_totals(job, role)
        total = _of_lines(job, role, job.table["quantity"])
        if role not in job.per_order and job.how.get(role) not in SAID:
            _ask_if_price_of_unit(job, role)
        found = columns_of_money(job)
        others = [one for one in found if not money.agree(one.money, total)]
        if not any(explained_by(job, one, [total], found) for one in others):
            oddities.check_extras(job, role)
        if role in job.per_order:
            what = say("is the total of the order, so it was divided among its lines.")
            job.doubt(role, what)
        off = pd.Series(0.0, total.index)
        if "discount_amount" in job.table:
            off = _of_lines(job, "discount_amount", total)
        if role == "amount" and "discount_amount" in job.table:
            if job.how.get("discount_amount") in SAID or _is_before(job, total, off):
                return total, total - _discount_of(job, total)
            if likeness_to_roles(job.column[role])[role].tier == 0 and (off > 0).any():
                raise Question(_ask_what_comes_off(job, role))
        share = job.table.get("discount", pd.Series(0.0, total.index))
        before = total / (1 - share).where(share < 1, 1.0) + off
        if (before > total + money.CENT).any():
            columns = say(" and ").join(
                f'"{job.column[one]}"'
                for one in ("discount", "discount_amount")
                if one in job.table
            )
            what = say("was read as the amount after the discount in {columns}.", columns=columns)
            fix = say('If it comes before, set MAP="unit_price={column}".', column=job.column[role])
            job.doubt(role, what, fix)
        return before, total
    _choose_total(job, role, gross, net)
    total, by_price, before = job.table[role].fillna(0.0), net, gross
    back = _of_lines(job, "refund_amount", net) if "refund_amount" in job.table else net * 0
    if role in job.per_order:
        order = job.table["order"]
        by_price, before, back = (one.groupby(order).transform("sum") for one in (net, gross, back))
    some = back > money.CENT
    if some.any() and money.agree((by_price - back)[some], total[some]):  # already subtracted
        job.table[role] = job.table[role] + back.where(some, 0.0)
        total = job.table[role].fillna(0.0)
    if money.agree(by_price, total):
        return gross, net
    if money.agree(before, total):
        return _before_or_after(job, role, gross, net)
    whole = Column(job.column[role], job.table[role].fillna(0.0), role in job.per_order, 0.0)
    said = job.how.get(role) in SAID
    if not said and explained_by(job, whole, [net, gross], columns_of_money(job)):
        return gross, net  # with shipping, taxes, tips
    ratio = (total / before.where(before > 0)).median()
    if not LINE_TOTAL[0] <= ratio <= LINE_TOTAL[1]:
        what = say(
            "has a median of {ratio} of quantity × price, so it was not used.", ratio=f"{ratio:.0%}"
        )
        job.doubt(role, what, say('If it is what was paid, set MAP="unit_price=".'))
        return gross, net
    if role in job.per_order and role == "amount":
        what = say(
            "differs from the sum of the order's prices, perhaps by shipping or taxes; the prices "
            "were used."
        )
        job.doubt(role, what)
        return gross, net
    paid = _of_lines(job, role, net)
    off = money.differs(by_price, total)
    if "unit_price" in job.table:
        if off > FEW and not said:
            columns = [job.column[role], *job.rivals.get(role, ())]
            asks = say(
                "“{column}” differs from quantity × price in {off} of the rows. What is the total?",
                column=columns[0],
                off=f"{off:.0%}",
            )
            price = Choice(f"{role}=", say("quantity × price"))
            raise ask(asks, [*choices(job.file, role, columns), price])
        what = say(
            "differs from quantity × price in {off} of the rows; it was used.", off=f"{off:.0%}"
        )
        job.doubt(role, what, say('If you want the price instead, set MAP="{role}=".', role=role))
    return gross.where(gross >= paid, paid), paid


def _is_before(job: ImportJob, total: pd.Series, off: pd.Series) -> bool:
    """Return whether another column proves that a discount comes off a total.

    That column is the total less the discount, perhaps with shipping and taxes.
    """
    found = columns_of_money(job)
    return (off > 0).any() and any(
        explained_by(job, one, [total - off], found) and not explained_by(job, one, [total], found)
        for one in found
    )


def _ask_what_comes_off(job: ImportJob, role: str) -> Matter:
    """Ask whether the total of a line comes before its discount; that of an order comes after."""
    column = job.column["discount_amount"]
    return Matter(
        say(
            'Does the discount in "{column}" come off "{total}"?',
            column=column,
            total=job.column[role],
        ),
        [
            Choice(f"discount_amount={column}", say("yes: subtract it")),
            Choice("discount_amount=", say("no: the total already includes it")),
        ],
    )


def _by_totals(job: ImportJob, role: str) -> tuple[pd.Series, pd.Series]:
    """Return gross and net from several totals: two differ by discounts and refunds, or ask."""
    columns = [job.column[role], *job.rivals[role]]
    totals = {one: _read_total(job, one) for one in columns}
    for before, gross in totals.items():
        off = _discount_of(job, gross)
        back = _of_lines(job, "refund_amount", gross) if "refund_amount" in job.table else off * 0
        for after, net in totals.items():
            if before != after and (off > 0).any() and money.agree(gross - off, net):
                job.column[role] = after
                return gross, net
            if before != after and (back > 0).any() and money.agree(gross - off - back, net):
                job.column[role] = after
                return gross, gross - off  # refunds are subtracted later
    asks = say("Several columns could be the total, and they differ:")
    raise ask(asks, choices(job.file, role, columns))


def _read_total(job: ImportJob, column: str) -> pd.Series:
    return read_numbers(job.file[column].reindex(job.table.index)).result.abs()


def _choose_total(job: ImportJob, role: str, gross: pd.Series, net: pd.Series) -> None:
    """Take another column of totals, if only that one agrees with the prices."""
    if money.agree(job.table[role], net):
        return
    for column in job.rivals.get(role, ()):
        values = _read_total(job, column)
        if money.agree(values, net) or money.agree(values, gross):
            job.table[role], job.column[role] = values, column
            job.per_order.discard(role)
            return


def _before_or_after(
    job: ImportJob, role: str, gross: pd.Series, net: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Take the discount off a total that is quantity × price, unless it is what was paid."""
    if role == "paid":
        return gross, gross
    one = next(one for one in ("discount", "discount_amount") if one in job.table)
    what = say(
        'is quantity × price, so the discount in "{column}" was taken off.', column=job.column[one]
    )
    job.doubt(role, what, say('If the price already includes it, set MAP="{one}=".', one=one))
    return gross, net


def _refunded(job: ImportJob) -> pd.Series:
    """Return the money of each row that was paid back, by its status or a column of refunds."""
    table = job.table
    back = pd.Series(0.0, table.index)
    if "unit_price" not in table:
        return back
    value = money.paid_for(table)
    if "refund_amount" in table:
        back = _of_lines(job, "refund_amount", value)
    if "is_refunded" in table:
        rows = value.where(table["is_back"], 0.0).groupby(table["order"]).transform("sum")
        back = back.where(~table["is_refunded"] | table["is_back"], (value - rows).clip(lower=0))
    return back.clip(upper=value)
