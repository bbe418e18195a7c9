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
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import EXTRA, normalize
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.questions import Choice, Matter, Question, ask, choices, describe
from helpers.language import say

NOTABLE = 0.005  # share of the money from which on a dropped line is said at the top
LOOKED_AT = 500  # rows that show whether a column has decimals, and what it is the sum of
MOST_EXTRAS = 8  # columns of shipping, taxes and the like that may be such parts
MOST_PARTS = 3  # columns that are added to or subtracted from one to prove another
SHARE_ALIKE = 0.3  # of the rows in which a column equals a used one: then it means the like
FEW = 0.01  # share of rows that may be errors
PRICES, TOTALS = ("unit_price", "original_price"), ("amount", "paid")
OFF = ("discount_amount", "refund_amount")
LOSSES = {  # rules that lose lines which may be sales → the role whose column is at fault
    "refuse": "",
    "read_numbers": "",
    "read_dates": "time",
    "far_away": "time",
    "drop_future": "time",
    "drop_missing": "order_id",
    "drop_duplicate_rows": "",
    "drop_nothing_sold": "quantity",
}


class Column(NamedTuple):
    """A column of money without a role."""

    name: str
    money: pd.Series
    per_order: bool
    total: float  # of its amounts, those of orders once


def columns_of_money(job: ImportJob) -> list[Column]:
    """Return the columns without a role that hold amounts of money, unless all are 0."""
    if job.money is not None:
        return job.money
    job.money = found = []
    for name in job.free():
        text = job.file[name].reindex(job.table.index)
        extra = re.fullmatch(EXTRA, normalize(name))
        some = text.dropna().head(LOOKED_AT)
        rival = any(name in others for others in job.rivals.values())
        if not (extra or rival or some.str.contains(r"\d[.,]\d").any()):
            continue
        values = read_numbers(text).result.abs() * job.scale
        if values.notna().sum() < len(text.dropna()) / 2 or not values.any():
            continue
        order = job.table["order"]
        once = money.once_per_order(values, order)
        per_order = once or money.same_per_order(values, order)
        values = money.spread_over_order(values, order) if once else values
        total = values.groupby(order).max().sum() if per_order else values.sum()
        found.append(Column(name, values, per_order, float(total)))
    return found


def at_level(job: ImportJob, values: pd.Series, per_order: bool, of_order: bool) -> pd.Series:
    """Return amounts as they compare: of the lines, or in each order's first line of the order."""
    if not of_order:
        return values
    by_order = values.groupby(job.table["order"])
    whole = by_order.transform("max" if per_order else "sum")
    return whole[~job.table["order"].duplicated()]


def explains(total: pd.Series, base: pd.Series, parts: Iterable[pd.Series]) -> bool:
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
            for signs in itertools.product((1, -1), repeat=count):
                found = sum(sign * one for sign, one in zip(signs, some, strict=True))
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
    quantity = job.table["quantity"].where(job.table["quantity"] > 0)
    off, back = gross - net, _refunds(job)
    _ask_about_extras(job, found, net)
    amounts = [net, gross, off, net - back]
    prices = [gross / quantity, net / quantity]
    parts = [Column("", off, False, 0.0), Column("", back, False, 0.0)]
    parts += _extras(found)
    for one in found:
        same = any(money.agree(one.money, price) for price in prices)
        if same or explained_by(job, one, amounts, ()):
            continue
        if not _is_extra(one.name):
            matter = _rival(job, one, gross, net) or _unnamed(job, one, net, net / quantity)
            if matter and not explained_by(job, one, amounts[:2], parts):
                raise Question(matter)
        job.unused[one.name] = one.total
    _ask_about_discounts(job, found, net)


def _ask_about_extras(job: ImportJob, found: list[Column], net: pd.Series) -> None:
    """Ask what revenue is, if what seems to be paid is another total plus shipping or taxes."""
    extras = [one for one in found if re.fullmatch(EXTRA, normalize(one.name))][:MOST_EXTRAS]
    paid = next((job.column[r] for r in ("paid", "amount", "unit_price") if r in job.column), "")
    for one in found if extras and not {*TOTALS} & job.settled else ():
        like = likeness_to_roles(one.name)
        if one.per_order or max(like[role].level for role in TOTALS) == NONE:
            continue
        whole = Column(paid, net, False, 0.0)
        if explained_by(job, whole, [one.money], extras) and not money.agree(one.money, net):
            asks = say(
                "“{column}” is “{less}” plus shipping, taxes or the like. What is revenue?",
                column=paid,
                less=one.name,
            )
            less, more = choices(job.file, "amount", [one.name, paid])
            if "unit_price" in job.column:
                less = less._replace(answer=f"{less.answer},unit_price=")
                more = more._replace(answer=f"amount=,unit_price={job.column['unit_price']}")
            raise ask(asks, [less, more])


def _ask_about_discounts(job: ImportJob, found: list[Column], net: pd.Series) -> None:
    """Ask about a column by which a total is less than what seems to be paid: a discount."""
    if "discount_amount" in job.settled or "discount_amount" in job.column:
        return
    extras = _extras(found)
    likely = [c for c in found if max(likeness_to_roles(c.name)[r].level for r in TOTALS) > NONE]
    for total, off in itertools.product(likely[:MOST_PARTS], found[:MOST_EXTRAS]):
        if off is total or _is_extra(off.name) or off.per_order:
            continue
        less = net - off.money.fillna(0.0)
        if explained_by(job, total, [less], extras) and not explained_by(job, total, [net], extras):
            asks = say(
                "“{total}” is less by “{column}”. Is that a discount?",
                total=total.name,
                column=off.name,
            )
            said = choices(job.file, "discount_amount", [off.name])
            no = Choice("discount_amount=", say("no, it is something else"))
            raise ask(asks, [*said, no])


def _extras(found: list[Column]) -> list[Column]:
    return [one for one in found if _is_extra(one.name)][:MOST_EXTRAS]


def _is_extra(column: str) -> bool:
    """Return whether a name says that a column has no role: shipping, taxes, costs."""
    return is_denied(column) and max(likeness_to_roles(column).values()).level == NONE


def _refunds(job: ImportJob) -> pd.Series:
    back = job.table.get("refund_amount", pd.Series(0.0, job.table.index)).fillna(0.0)
    if "refund_amount" in job.per_order:
        back = back / back.groupby(job.table["order"]).transform("size")
    return back


def _rival(job: ImportJob, one: Column, gross: pd.Series, net: pd.Series) -> Matter | None:
    """Return the question about a column whose name fits a role that another column has."""
    likeness = likeness_to_roles(one.name)
    best = max(likeness.values())
    roles = [role for role, like in likeness.items() if like == best and like.level > NONE]
    role = next((role for role in roles if role in (*PRICES, *TOTALS, *OFF, "discount")), None)
    role = {"discount": "discount_amount"}.get(role, role)
    if role is None or role in job.settled:
        return None
    used = job.column.get(role)
    if role in OFF:
        return ask_what_comes_off(job, role, one.name) if used else None
    if role in PRICES:
        if best.level < CERTAIN or not _near(one.money, gross / job.table["quantity"]):
            return None
        kept = job.column.get("unit_price", "")
        said = choices(job.file, "unit_price", [kept, one.name] if kept else [one.name])
        before = say(
            "{described}: the price before a discount", described=describe(job.file, one.name)
        )
        asks = say("Several columns could be the price, and they differ:")
        return Matter(asks, [*said, Choice(f"original_price={one.name}", before)])
    size = at_level(job, net, False, one.per_order)
    if not _near(at_level(job, one.money, one.per_order, one.per_order), size):
        return None
    asks = say("Several columns could be the total, and they differ:")
    if used is None:
        used = next((job.column[r] for r in ("amount", "paid") if r in job.column), None)
        if used is None:
            prices = Choice(f"{role}=", say("neither: quantity × price is"))
            return Matter(asks, [prices, *choices(job.file, role, [one.name])])
    return Matter(asks, choices(job.file, role, [used, one.name]))


def ask_what_comes_off(job: ImportJob, role: str, column: str) -> Matter:
    """Return the question whether a second column of discounts or refunds comes off, too."""
    used = job.column[role]
    asks = say("“{column}” takes something off, as “{used}” does.", column=column, used=used)
    both = Choice(f"{role}={column}+{used}", say("both come off"))
    return Matter(asks, [both, Choice(f"{role}={used}", say("only that of “{used}”", used=used))])


def _near(values: pd.Series, other: pd.Series) -> bool:
    ratio = (values / other.where(other > 0)).median()
    return bool(0.4 <= ratio <= 2.5)


def _unnamed(job: ImportJob, one: Column, net: pd.Series, unit: pd.Series) -> Matter | None:
    """Return the question about a column without a telling name that may be the paid amount.

    It often equals what seems to be paid, and is never below it: then it may be the amount before a
    discount; or never above it, and then it may be what was paid.
    """
    for role, paid, sign in (("paid", net, -1), ("amount", net, 1), ("original_price", unit, 1)):
        if role in job.column or role in job.settled:
            continue
        more = sign * (one.money - paid)
        same, above, below = (more.abs() <= money.CENT, more > money.CENT, more < -money.CENT)
        if same.mean() > SHARE_ALIKE and above.mean() > FEW > below.mean():
            asks = say("“{column}” often equals the amount. Is it what was paid?", column=one.name)
            if role != "paid":
                asks = say(
                    "“{column}” often equals the amount. Is it the amount before the discount?",
                    column=one.name,
                )
            said = choices(job.file, role, [one.name])
            return Matter(asks, [*said, Choice(f"{role}=", say("no, it is something else"))])
    return None


# ---------------------------------------------------------------- dropped lines


def worth(job: ImportJob, rows: pd.Index) -> float | None:
    """Return the money in some rows of the file, as far as it can be read; None without money."""
    rows = rows.intersection(job.file.index)

    def read(role: str) -> pd.Series:
        return read_numbers(job.file[job.column[role]].loc[rows], job.decimal).result

    for role in ("paid", "amount", "unit_price"):
        if role not in job.column or job.column[role] not in job.file:
            continue
        values = read(role) * job.scale
        if role == "unit_price" and "quantity" in job.column:
            values *= read("quantity").fillna(1.0)
        if role in job.per_order and "order_id" in job.column:
            order = job.file[job.column["order_id"]]
            values /= order.groupby(order).transform("size").reindex(rows)
        return float(values.sum())
    return None


def left_out(job: ImportJob) -> tuple[LeftOut, ...]:
    """Return why lines were left out, how many, and their money; doubt those with much of it."""
    rows: dict[str, pd.Index] = {}
    rules: dict[str, str] = {}
    for one in job.ledger:
        if len(one.dropped):
            rows[one.why] = rows.get(one.why, one.dropped[:0]).append(one.dropped)
            rules[one.why] = one.rule
    revenue = money.paid_for(job.table).abs().sum() if "unit_price" in job.table else 0.0
    found = []
    for why, dropped in rows.items():
        amount = worth(job, dropped) if revenue else None
        told = f"{job.currency}{amount or 0:,.2f}"
        if amount and rules[why] in LOSSES and abs(amount) > NOTABLE * revenue:
            what = say(
                "{rows} with {amount} left out ({share} of what is counted), because {why}.",
                rows=pluralize(len(dropped), "row"),
                amount=told,
                share=f"{abs(amount) / revenue:.1%}",
                why=why,
            )
            job.doubt(LOSSES[rules[why]], what)
        if amount and round(amount, 2):
            why = say("{why} ({amount})", why=why, amount=told)
        found.append(LeftOut(why, len(dropped)))
    return tuple(found)
