"""What stands at the top of the report: tiles with the key figures, and how they add up."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from apps.report.margins import with_profit
from apps.report.own_shop.shop import OwnShop
from apps.report.periods import by_period, in_words
from apps.report.section import label, money
from helpers.language import say

SHOWN = 24  # periods in a sparkline


class Tile(NamedTuple):
    """A key figure.

    Attributes
    ----------
    name, value : such as "orders" and "7,838".
    change : the last full period beside that of the year before, or else the one before it; empty
        if there are not two.
    points : the last periods as points of a line, 100 wide and 24 high; empty if there is no line.
    words : what the line shows.
    """

    name: str
    value: str
    change: str = ""
    points: str = ""
    words: str = ""


class Sum(NamedTuple):
    """A sum to check: rows of (what, number as text), the last of them the result."""

    caption: str
    rows: list[tuple[str, str]]


def tiles(shop: OwnShop) -> list[Tile]:
    """Return the key figures that the file can tell, for the whole file and by period.

    Examples
    --------
    >>> from helpers.data import load_shop
    >>> from apps.report.own_shop import from_shop
    >>> tile = tiles(from_shop(load_shop()))[1]
    >>> tile.name, tile.value, tile.change
    ('orders', '7,838', '402 in 2025-12, 22% more than in 2024-12')
    """
    if shop.order_lines.empty:
        return []
    accounts, course = shop.accounts, by_period(shop)

    def amount(value: float) -> str:
        return money(shop, value)

    def cents(value: float) -> str:
        return money(shop, value, 2)

    made = []
    if shop.has_money:
        made.append(_tile(say("net revenue"), accounts.net, amount, course["revenue"]))
    made.append(_tile(say("orders"), accounts.orders, "{:,.0f}".format, course["orders"]))
    if accounts.customers:
        count = "{:,.0f}".format
        made.append(_tile(say("customers"), accounts.customers, count, course["customers"]))
    if shop.has_money:
        average = shop.orders["value"].mean()
        made.append(_tile(say("average order value"), average, cents, course["average"]))
    if "margin" in course:
        lines = with_profit(shop)
        margin = lines["profit"].sum() / lines["value"].sum()
        made.append(_tile(say("margin"), margin, "{:.1%}".format, course["margin"], is_share=True))
    if accounts.refunds:
        rate = accounts.refunds / (accounts.gross - accounts.discounts)
        made.append(
            _tile(say("refund rate"), rate, "{:.1%}".format, course["refund_rate"], is_share=True)
        )
    return made


def reconciliation(shop: OwnShop) -> list[Sum]:
    """Return the sums of lines, money and customers that a reader can check.

    What the file can't tell, money or who bought, has no sum.
    """
    accounts = shop.accounts
    rows = [
        (say("lines read"), f"{accounts.lines_read:,}"),
        *((say("left out: {why}", why=why), f"−{lines:,}") for why, lines in accounts.left_out),
        (say("lines used"), f"{accounts.lines_used:,}"),
    ]
    sums = [Sum(say("Lines of the file"), rows)]
    if accounts.net is not None:
        rows = [
            (say("gross revenue"), money(shop, accounts.gross, 2)),
            *(
                (what, f"−{money(shop, amount, 2)}")
                for what, amount in (
                    (say("discounts"), accounts.discounts),
                    (say("refunds"), accounts.refunds),
                )
                if amount
            ),
            (say("net revenue"), money(shop, accounts.net, 2)),
        ]
        sums.append(Sum(say("Money"), rows))
    if accounts.customers is not None and accounts.guest_orders:
        known, guests = accounts.customers, accounts.guest_orders
        rows = [
            (say("known customers"), f"{known:,}"),
            (say("orders by guests"), f"+{guests:,}"),
            (say("customers, if each guest ordered once"), f"{known + guests:,}"),
        ]
        sums.append(Sum(say("Customers"), rows))
    return sums


def _tile(
    name: str,
    total: float,
    write: Callable[[float], str],
    course: pd.Series,
    is_share: bool = False,
) -> Tile:
    """Return a tile; its line begins at 0, as the figures do."""
    course = course.dropna().tail(SHOWN)
    if len(course) < 2:
        return Tile(name, write(total))
    last, now = course.index[-1], course.iloc[-1]
    before = last - {"M": 12, "Q": 4}.get(last.freqstr[0], 1)  # the same season, where there is one
    before = before if before in course.index else course.index[-2]
    heights = 22 - 20 * course / max(course.max(), 1e-9)
    points = " ".join(
        f"{100 * step / (len(course) - 1):.1f},{height:.1f}" for step, height in enumerate(heights)
    )
    said = {"value": write(now), "last": label(last), "previous": label(before)}
    change = _change(now, course[before], is_share, **said)
    return Tile(name, write(total), change, points, in_words(name, course, write))


def _change(now: float, before: float, is_share: bool = False, **said: str) -> str:
    """Compare two periods in words: shares in percentage points, all else in percent.

    Examples
    --------
    >>> said = {"value": "402", "last": "May", "previous": "April"}
    >>> _change(402, 450, **said), _change(402, 0, **said)
    ('402 in May, 11% less than in April', '402 in May, after none in April')
    >>> _change(0.034, 0.03, is_share=True, value="3.4%", last="May", previous="April")
    '3.4% in May, 0.4 points more than in April'
    """
    if now and not before:
        return say("{value} in {last}, after none in {previous}", **said)
    size = 100 * (now - before) if is_share else 100 * (now / before - 1) if before else 0
    digits = f"{abs(size):.1f}" if is_share else f"{abs(size):.0f}"
    if float(digits) == 0:
        return say("{value} in {last}, the same as in {previous}", **said)
    said["by"] = say("{number} points", number=digits) if is_share else f"{digits}%"
    if size > 0:
        return say("{value} in {last}, {by} more than in {previous}", **said)
    return say("{value} in {last}, {by} less than in {previous}", **said)
