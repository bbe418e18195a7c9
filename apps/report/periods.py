"""Key figures over time: one table for the tiles, tables and figures of the page."""

from collections.abc import Callable

import pandas as pd

from apps.report.margins import with_profit
from apps.report.own_shop.shop import OwnShop
from apps.report.section import PERIODS, complete, label, period_of
from helpers.language import say


def by_period(shop: OwnShop) -> pd.DataFrame:
    """Return the key figures of each full period (`period_of`).

    Returns
    -------
    DataFrame, index period: ``revenue`` (orders, if the file has no money), ``returning`` and
    ``guests`` (the parts of it from later orders of a customer, and from guests), ``orders``,
    ``customers``, ``units``, the ``average`` order value, ``refunds``, the ``refund_rate`` (share
    of the sales before refunds) and, if costs are known, the ``margin``.
    """
    orders, period = shop.orders, period_of(shop)
    guest = orders["user_id"].isna()
    again = orders["user_id"].duplicated() & ~guest  # orders are in order of time
    parts = {"returning": orders["value"].where(again), "guests": orders["value"].where(guest)}
    when = orders["ordered_at"].dt.to_period(period)
    found = (
        orders.assign(**parts)
        .groupby(when)
        .agg(
            revenue=("value", "sum"),
            returning=("returning", "sum"),
            guests=("guests", "sum"),
            orders=("order_id", "size"),
            customers=("user_id", "nunique"),
            units=("units", "sum"),
        )
    )
    every = pd.period_range(when.min(), shop.last_day, freq=period, name="period")
    found = found.reindex(every, fill_value=0)
    refunded = shop.refund_rows["refunded_at"].astype("datetime64[us]").dt.to_period(period)
    refunds = shop.refund_rows["amount"].groupby(refunded).sum().reindex(every, fill_value=0.0)
    sales = found["revenue"] + refunds  # revenue is what is left of the sales
    found = found.assign(
        average=found["revenue"] / found["orders"].where(found["orders"] > 0),
        refunds=refunds,
        refund_rate=refunds / sales.where(sales > 0),
    )
    if "margin" in shop.order_lines:
        lines = with_profit(shop)
        left = lines.groupby(lines["ordered_at"].dt.to_period(period))[["profit", "value"]].sum()
        found["margin"] = (left["profit"] / left["value"]).reindex(every)
    return complete(shop, found)


def in_words(name: str, course: pd.Series, write: Callable[[float], str]) -> str:
    """Say what the line of a key figure shows: its lowest and highest value, and the last.

    Parameters
    ----------
    course : its value in each period.
    write : writes a value.
    """
    low, high, last = course.idxmin(), course.idxmax(), course.index[-1]
    return say(
        "{name} by {period} from {first} to {last}: lowest {low} ({when_low}), highest {high} "
        "({when_high}), at the end {now}",
        name=name,
        period=say(PERIODS[last.freqstr[0]]),
        first=label(course.index[0]),
        last=label(last),
        low=write(course[low]),
        when_low=label(low),
        high=write(course[high]),
        when_high=label(high),
        now=write(course[last]),
    )
