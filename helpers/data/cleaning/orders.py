"""Mend orders: impossible quantities and prices, cancellations, returns."""

import pandas as pd

from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import LedgerRow

MOST_UNITS = 9_999  # nobody orders more of one thing


def drop_impossible_quantities(
    order_lines: pd.DataFrame, most: int = MOST_UNITS
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop lines of 0 units, of more than ``most``, or of minus units that nobody sent back.

    Minus units are a cancellation (order ``C…``) or a return (order ``R…``); any other are the
    warehouse's, not a customer's.
    """
    ledger.need(order_lines, "order_id", "quantity")
    quantity = order_lines["quantity"]
    minus = (quantity < 0) & ~order_lines["order_id"].str[0].isin(["C", "R"])
    wrong = (quantity == 0) | (quantity.abs() > most) | minus
    why = f"the quantity is 0, beyond {most:,}, or below 0 without a return"
    return ledger.drop("drop_impossible_quantities", order_lines, wrong, why)


def drop_impossible_prices(order_lines: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop lines sold for nothing or less: samples, write-offs, bookings; not sales."""
    ledger.need(order_lines, "unit_price")
    wrong = order_lines["unit_price"] <= 0
    return ledger.drop(
        "drop_impossible_prices", order_lines, wrong, "the price is zero or negative"
    )


def mend_prices_in_cents(
    order_lines: pd.DataFrame, items: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Divide prices by 100 where they are about 100 times the item's list price.

    Half to twice of 100 counts as about: list prices move by a few percent a year.
    """
    ledger.need(order_lines, "item_id", "unit_price")
    ledger.need(items, "item_id", "price")
    price = order_lines["unit_price"]
    usual = order_lines["item_id"].map(items.set_index("item_id")["price"]).astype("float64")
    cents = (price / usual).between(50, 200)
    mended = price.where(~cents, (price / 100).round(2))
    why = "is in cents"
    return ledger.mend("mend_prices_in_cents", order_lines, "unit_price", mended, cents, why)


def net_cancellations(order_lines: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Take canceled orders out, with the orders they cancel.

    Order ``C`` + id books the lines of that order once more, in minus units. To drop only the
    minus lines would leave the canceled order in the books as a sale.
    """
    return _net("net_cancellations", order_lines, "C", "the order was canceled")


def net_returns(order_lines: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Take returned units off the lines they were bought on; a line wholly returned goes.

    Order ``R`` + id books the units of that order which came back, in minus units.
    """
    return _net("net_returns", order_lines, "R", "units came back")


def _net(
    rule: str, order_lines: pd.DataFrame, prefix: str, why: str
) -> tuple[pd.DataFrame, LedgerRow]:
    ledger.need(order_lines, "order_id", "item_id", "quantity")
    quantity = order_lines["quantity"]
    minus = order_lines["order_id"].str.startswith(prefix) & (quantity < 0)
    back = order_lines[minus].assign(order_id=order_lines["order_id"].str[len(prefix) :])
    back = back.groupby(["order_id", "item_id"])["quantity"].sum()
    lines = pd.MultiIndex.from_frame(order_lines[["order_id", "item_id"]])
    change = pd.Series(back.reindex(lines).to_numpy(), order_lines.index).fillna(0).where(~minus, 0)
    left = (quantity + change).astype(quantity.dtype)
    gone = minus | ((change < 0) & (left <= 0))
    reduced = (change < 0) & ~gone
    kept, row = ledger.drop(rule, order_lines.assign(quantity=left), gone, why)
    return kept, row._replace(touched=order_lines.index[reduced.to_numpy(bool)])
