"""The accounts are checked against the file: no column of money, and no dropped line, is forgotten.

Every column of money is used, or proved to be a sum of used ones, or named as unused with its
total. One that might be meant instead of a used one, and that no sum explains, is a question. The
money of dropped lines is told with the reason; above half a percent of revenue it is a doubt.
"""

import itertools
import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from apps.report.own_shop import money
from apps.report.own_shop.accounts import LeftOut
from apps.report.own_shop.column_names import CERTAIN, NONE, is_denied, likeness_to_roles
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.levels import OFF, TOTALS, of_lines
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import ROLES, is_extra, normalize
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.questions import Question, ask, choices, choose, which_column
from helpers.language import say

NOTABLE = 0.005  # share of the money from which on a dropped line is said at the top
LOOKED_AT = 500  # rows that show whether a column has decimals, and what it is the sum of
MOST_EXTRAS = 8  # columns of shipping, taxes and the like that may be such parts
MOST_PARTS = 3  # columns that are added to or subtracted from one to prove another
SHARE_ALIKE = 0.3  # of the rows in which a column equals a used one: then it means the like
MOSTLY = 0.8  # of the rows, as refunds may change the others
PAYOUT = r"\b(?:net|netto|neto|payout|settlement|auszahlung)\b"  # in the name of a column
FEW = 0.01  # share of rows that may be errors
PRICES = ("unit_price", "original_price")
DISCOUNT = {name for tier in ROLES["discount_amount"].tiers for name in tier} | {"discount"}
USED = "discount_rows"  # the rule that drops rows whose money is used
# Rules that lose lines which may be sales → the role whose column is at fault.
LOSSES = dict.fromkeys(("refuse", "read_numbers", "drop_duplicate_rows"), "")
LOSSES |= dict.fromkeys(("read_dates", "far_away", "drop_future"), "time")
LOSSES |= {"drop_missing": "order_id", "drop_nothing_sold": "quantity"}


class Column(NamedTuple):
    """A column of money without a role."""

    name: str
    money: pd.Series
    per_order: bool = False
    total: float = 0.0  # of its amounts, those of orders once
    is_minus: bool = False  # whether all amounts are below 0, or 0


def columns_of_money(job: ImportJob) -> list[Column]:
    """Return the columns without a role that hold amounts of money, unless all are 0."""
    if job.money is not None:
        return job.money
    job.money = found = []
    for name in job.free():
        text = job.file[name].reindex(job.table.index)
        some = text.dropna().head(LOOKED_AT)
        rival = any(name in others for others in job.rivals.values())
        if not (is_extra(name) or rival or some.str.contains(r"\d[.,]\d").any()):
            continue
        written = read_numbers(text).result * job.scale
        values = written.abs()
        if values.notna().sum() < len(text.dropna()) / 2 or not values.any():
            continue
        is_other = is_denied(name) and max(likeness_to_roles(name).values()).level == NONE
        if is_other and not is_extra(name) and (values.dropna() % 1 == 0).all():
            continue  # a postal code, written as 42420.0
        order = job.table["order"]
        once = money.once_per_order(values, order)
        alike = job.settings.get("amounts") != "per_line"
        per_order = once or (alike and money.same_per_order(values, order))
        values = money.spread_over_order(values, order) if once else values
        total = values.groupby(order).max().sum() if per_order else values.sum()
        is_minus = not written.gt(0).any()
        found.append(Column(name, values, per_order, float(total), is_minus))
    return found


def at_level(job: ImportJob, values: pd.Series, per_order: bool, of_order: bool) -> pd.Series:
    """Return amounts as they compare: of the lines, or in each order's first line of the order."""
    if not of_order:
        return values
    by_order = values.groupby(job.table["order"])
    whole = by_order.transform("max" if per_order else "sum")
    return whole[~job.table["order"].duplicated()]


def explains(
    total: pd.Series, base: pd.Series, parts: Iterable[pd.Series], signs: tuple[int, ...] = (1, -1)
) -> bool:
    """Return whether a total is another amount, plus or minus up to three others.

    Examples
    --------
    >>> total, base, tax, ship = (pd.Series(one) for one in ([13.0, 27], [10, 20], [1, 2], [2, 5]))
    >>> explains(total, base, [tax, ship]), explains(total, base, [tax])
    (True, False)
    """
    step = max(1, len(total) // LOOKED_AT)
    total, base, *parts = (
        one.iloc[::step].fillna(0.0).to_numpy(float) for one in (total, base, *parts)
    )
    missing = total - base
    parts = [part for part in parts if part.any()]
    for count in range(MOST_PARTS + 1):
        for some in itertools.combinations(parts, count):
            for each in itertools.product(signs, repeat=count):
                found = sum(sign * one for sign, one in zip(each, some, strict=True))
                if money.agree(base, base + missing - found):
                    return True
    return False


def explained_by(
    job: ImportJob, one: Column, known: Iterable[pd.Series], others: Iterable[Column]
) -> bool:
    """Return whether a column is a known amount of lines, plus or minus other columns."""
    total = at_level(job, one.money, one.per_order, one.per_order)
    parts = [
        at_level(job, other.money, other.per_order, one.per_order)
        for other in others
        if other.name != one.name and (one.per_order or not other.per_order)
    ][:MOST_EXTRAS]
    bases = (at_level(job, base, False, one.per_order) for base in known)
    return any(explains(total, base, parts) for base in bases)


def check_unused(job: ImportJob, gross: pd.Series, net: pd.Series) -> None:
    """Ask about a column of money that may be meant instead of a used one; note the others."""
    found = columns_of_money(job)
    extras = [one for one in found if is_extra(one.name)][:MOST_EXTRAS]
    quantity = job.table["quantity"].where(job.table["quantity"] > 0)
    off, back = gross - net, of_lines(job, "refund_amount", net)
    _ask_about_extras(job, found, gross, net)
    amounts = [net, gross, off, net - back]
    prices = [gross / quantity, net / quantity]
    parts = [Column("", off), Column("", back), *extras]
    for one in found:
        same = any(money.agree(one.money, price) for price in prices)
        if same or explained_by(job, one, amounts, ()):
            continue
        if not is_extra(one.name):
            question = _rival(job, one, gross, net) or _unnamed(job, one, net, net / quantity)
            if _takes_off(job, one, found, net):
                raise what_comes_off(job, one)
            if question and not explained_by(job, one, amounts[:2], parts):
                raise question
        job.unused[one.name] = one.total


def _ask_about_extras(
    job: ImportJob, found: list[Column], gross: pd.Series, net: pd.Series
) -> None:
    """Ask what revenue is, if what seems to be paid is another column plus taxes or the like.

    What is added may have any name. A fee may come on top of a price; but what a platform pays out
    is less by a fee, too, and is no revenue.
    """
    paid = next((job.column[r] for r in ("paid", "amount", "unit_price") if r in job.column), "")
    before, whole = (at_level(job, one, False, True) for one in (gross, net))
    sums = {one.name: at_level(job, one.money, one.per_order, True) for one in found}
    for name, base in sums.items() if not {*TOTALS} & job.settled else ():
        or_fee = "unit_price" not in job.column and not re.search(PAYOUT, normalize(name))
        others = [one for one in sums if one != name]
        named = [sums[one] for one in others if is_extra(one, or_fee=or_fee)][:MOST_EXTRAS]
        smaller = [
            sums[one] for one in others if not is_extra(one) and (sums[one] < base).mean() > 0.9
        ]
        if is_extra(name) or (whole > base + money.CENT).mean() < FEW:
            continue
        if any(
            explains(one, base, parts, signs=(1,))
            for one in (before, whole)
            for parts in [named, *([one] for one in smaller)]
        ):
            less, more = choices(job.file, "amount", [name, paid])
            if "unit_price" in job.column:
                less = less._replace(answer=f"{less.answer},unit_price=")
                more = more._replace(answer=f"amount=,unit_price={job.column['unit_price']}")
            asks = "“{column}” is “{less}” plus shipping, taxes or the like. What is revenue?"
            raise ask(asks, [less, more], column=paid, less=name)


def _rival(job: ImportJob, one: Column, gross: pd.Series, net: pd.Series) -> Question | None:
    """Return the question about a column whose name fits a role that another column has."""
    likeness = likeness_to_roles(one.name)
    best = max(likeness.values())
    roles = [role for role, like in likeness.items() if like == best and like.level > NONE]
    role = next((role for role in roles if role in (*PRICES, *TOTALS, *OFF, "discount")), None)
    role = {"discount": "discount_amount"}.get(role, role)
    if role is None or role in job.settled:
        return None
    if role in OFF:
        return what_comes_off(job, one) if role in job.column else None
    if role in PRICES:
        is_near = best.level == CERTAIN and _near(one.money, gross / job.table["quantity"])
        role, used = "unit_price", job.column.get("unit_price")
        before = "the last one is the price before a discount"
        other = choose({f"original_price={one.name}": before})
    else:
        size = at_level(job, net, False, one.per_order)
        is_near = _near(at_level(job, one.money, one.per_order, one.per_order), size)
        used = next((job.column[r] for r in (role, *TOTALS) if r in job.column), None)
        other = [] if used else choose({f"{role}=": "neither: quantity × price is"})
    columns = [*filter(None, [used]), one.name]
    return which_column(job.file, role, columns, other) if is_near else None


def what_comes_off(job: ImportJob, one: Column) -> Question:
    """Return the question what a column takes off, beside those that are used."""
    off, back = (job.joined(role, one.name) for role in OFF)
    neither = ",".join(f"{role}={job.column.get(role, '')}" for role in OFF)
    meanings = {off: "a discount", back: "refunds", neither: "neither"}
    asks = "No figure uses “{column}” ({total} in total). What are its amounts?"
    return ask(asks, choose(meanings), column=one.name, total=f"{one.total:,.2f}")


def _takes_off(job: ImportJob, one: Column, found: list[Column], net: pd.Series) -> bool:
    """Return whether a column may take off what no figure takes off, unless the user said not.

    All its amounts are below 0, its name says so, or what seems to be paid, less it, is another
    column plus others. It is about refunds if rows of refunds have it; and it was taken off if
    another column, less it, is mostly what was paid.
    """
    if set(OFF) <= job.settled or (job.table["is_back"] & one.money.gt(0)).any():
        return False
    words = normalize(one.name).split()
    others = " ".join(word for word in words if word not in DISCOUNT)
    is_named = others != " ".join(words) and not is_extra(others, or_fee=False)
    is_named &= not {"discount", "discount_amount"} & job.settled - job.column.keys()
    rest = [other for other in found if other is not one][:MOST_EXTRAS]
    unknown = not is_denied(one.name) and max(likeness_to_roles(one.name).values()).level == NONE
    if not (one.is_minus or is_named) and not any(
        explains(total.money, net - one.money, [p.money for p in rest if p is not total], (1,))
        for total in (rest if unknown else ())
    ):
        return False
    return not any(
        money.agree(after.money, before.money - one.money.fillna(0.0))
        and ((after.money - net).abs() <= money.CENT).mean() > MOSTLY
        for after, before in itertools.permutations(rest, 2)
    )


def _near(values: pd.Series, other: pd.Series) -> bool:
    ratio = (values / other.where(other > 0)).median()
    return bool(0.4 <= ratio <= 2.5)


def _unnamed(job: ImportJob, one: Column, net: pd.Series, unit: pd.Series) -> Question | None:
    """Return the question about a column without a telling name that may be the paid amount.

    It often equals what seems to be paid, and is never below it: then it may be the amount before a
    discount; or never above it, and then it may be what was paid.
    """
    for role, paid, sign in (("paid", net, -1), ("amount", net, 1), ("original_price", unit, 1)):
        if role in job.column or role in job.settled:
            continue
        more = sign * (one.money - paid)
        same, above, below = (more.abs() <= money.CENT, more > money.CENT, more < -money.CENT)
        if is_denied(one.name) and same.mean() < MOSTLY:
            continue
        if same.mean() > SHARE_ALIKE and above.mean() > FEW > below.mean():
            asks = "“{column}” often equals the amount. Is it the amount before the discount?"
            if role == "paid":
                asks = "“{column}” often equals the amount. Is it what was paid?"
            no = choose({f"{role}=": "no, it is something else"})
            return ask(asks, choices(job.file, role, [one.name]) + no, column=one.name)
    return None


# ---------------------------------------------------------------- dropped lines


def worth(job: ImportJob, rows: pd.Index) -> float | None:
    """Return the money in some rows of the file, as far as it can be read; None without money.

    Where the columns of money are blank, it is what the fullest other one holds.
    """
    rows = rows.intersection(job.file.index)

    def read(column: str) -> pd.Series:
        return read_numbers(job.file[column].loc[rows], job.decimal).result * job.scale

    for role in ("paid", "amount", "unit_price"):
        if role not in job.column or job.column[role] not in job.file:
            continue
        values = read(job.column[role])
        if role == "unit_price" and "quantity" in job.column:
            values *= read(job.column["quantity"]).fillna(1.0) / job.scale
        if role in job.per_order and "order_id" in job.column:
            order = job.file[job.column["order_id"]]
            values /= order.groupby(order).transform("size").reindex(rows)
        if values.any():
            return float(values.sum())
        some = job.file.loc[rows, job.free()]
        others = [c for c in some if some[c].str.contains(r"^\D*\d+[.,]\d\d[^\d%]*$").mean() > 0.5]
        return max((float(read(c).sum()) for c in others), default=0.0)
    return None


def rows_worth(job: ImportJob, rows: pd.Series) -> str:
    """Return the number of some rows, and their money if it is known: "3 rows (69.80)"."""
    number, amount = pluralize(rows.sum(), "row"), worth(job, rows.index[rows.to_numpy(bool)])
    return f"{number} ({job.currency}{amount:,.2f})" if amount else number


def is_notable(job: ImportJob, rows: pd.Series) -> bool:
    """Return whether some rows have so much of the money that what they are must be known."""
    if not rows.any():
        return False
    both = rows.index[rows.to_numpy(bool)], rows.index
    amount, whole = (abs(worth(job, one) or 0.0) for one in both)
    return amount > NOTABLE * whole


def left_out(job: ImportJob) -> tuple[LeftOut, ...]:
    """Return why lines were left out, how many, and their money; doubt those with much of it."""
    rows: dict[str, pd.Index] = {}
    rules: dict[str, str] = {}
    for one in job.ledger:
        if len(one.dropped) and one.rule != USED:
            rows[one.why] = rows.get(one.why, one.dropped[:0]).append(one.dropped)
            rules[one.why] = one.rule
    revenue = money.paid_for(job.table).abs().sum() if "unit_price" in job.table else 0.0
    found = []
    for why, dropped in rows.items():
        amount = worth(job, dropped) if revenue else None
        told = f"{job.currency}{amount or 0:,.2f}"
        if amount and rules[why] in LOSSES and abs(amount) > NOTABLE * revenue:
            job.doubt(
                LOSSES[rules[why]],
                "{rows} with {amount} left out ({share} of what is counted), because {why}.",
                rows=pluralize(len(dropped), "row"),
                amount=told,
                share=f"{abs(amount) / revenue:.1%}",
                why=why,
            )
        if amount and round(amount, 2):
            why = say("{why} ({amount})", why=why, amount=told)
        found.append(LeftOut(why, len(dropped)))
    return tuple(found)
