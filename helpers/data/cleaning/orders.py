"""Rules for orders: impossible quantities and prices, cancellations, returns."""

import pandas as pd

from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import Cleaned

MOST_UNITS = 9_999  # nobody orders more of one thing


def drop_impossible_quantities(order_lines: pd.DataFrame, most: int = MOST_UNITS) -> Cleaned:
    """Drop lines with 0 units, with more than ``most``, or with negative units that are no return.

    Customers cause negative quantities in two ways: by a cancellation (order ``C…``) or by a return
    (order ``R…``). All others are entries of the warehouse. A quantity such as 99,999 is a
    placeholder, so nobody knows how many units were sold. The ledger lists the dropped lines.
    """
    ledger.need(order_lines, "order_id", "quantity")
    order, quantity = order_lines["order_id"].astype("str"), order_lines["quantity"]
    minus = (quantity < 0) & ~order.str[0].isin(["C", "R"])
    wrong = (quantity == 0) | (quantity.abs() > most) | minus
    why = "the quantity is 0, beyond {most}, or below 0 without a return"
    return ledger.drop("drop_impossible_quantities", order_lines, wrong, why, most=f"{most:,}")


def drop_impossible_prices(order_lines: pd.DataFrame) -> Cleaned:
    """Drop lines whose price is zero or negative: samples, write-offs and bookings, not sales.

    The true price is unknown, so these lines can't be repaired. The ledger lists the dropped lines.
    """
    ledger.need(order_lines, "unit_price")
    wrong = order_lines["unit_price"] <= 0
    why = "the price is zero or negative"
    return ledger.drop("drop_impossible_prices", order_lines, wrong, why)


def mend_prices_in_cents(order_lines: pd.DataFrame, items: pd.DataFrame) -> Cleaned:
    """Divide prices by 100 where they were written in cents.

    A price is taken to be in cents if it is 50 to 200 times the item's list price. Exactly 100
    would be too strict, because prices change over the years. The ledger lists the repaired lines
    as touched.

    Parameters
    ----------
    order_lines : DataFrame; columns ``item_id``, ``unit_price``.
    items : DataFrame; columns ``item_id``, ``price`` (the list price in dollars).
    """
    ledger.need(order_lines, "item_id", "unit_price")
    ledger.need(items, "item_id", "price")
    price = order_lines["unit_price"]
    usual = order_lines["item_id"].map(items.set_index("item_id")["price"]).astype("float64")
    cents = (price / usual).between(50, 200)
    fixed = price.where(~cents, (price / 100).round(2))
    why = "{column} is in cents"
    return ledger.fix("mend_prices_in_cents", order_lines, "unit_price", fixed, cents, why)


def net_cancellations(order_lines: pd.DataFrame) -> Cleaned:
    """Net cancellations: subtract canceled units from the order that they cancel.

    Order ``C`` + id repeats lines of that order with a negative quantity. If we dropped only these
    negative lines, the canceled order would still count as a sale.

    Several lines of one order may sell the same item, perhaps at different prices. A cancellation
    goes to the line that agrees in ``unit_price`` and ``discount`` (if the table has them, to the
    cent), then to one that agrees in price, then to any. Among equal lines the first one comes
    first. No unit is subtracted twice, and no line falls below zero.

    Drop duplicate rows first: a cancellation that was exported twice would count twice.

    Returns
    -------
    kept : DataFrame without the negative lines and without the lines that were canceled entirely.
    row : in the ledger, both kinds are dropped rows; lines with fewer units are touched rows.
        Canceled units that match no line are dropped as well.
    """
    return _net("net_cancellations", order_lines, "C", "the order was canceled")


def net_returns(order_lines: pd.DataFrame) -> Cleaned:
    """Net returns: subtract returned units from the lines on which they were bought.

    Order ``R`` + id lists the units of that order that came back, with a negative quantity. The
    choice of the line, the result and the ledger row are as in
    `net_cancellations`. So per order and item, max(0, bought − returned) units are kept.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["O1", "O1", "RO1"], "item_id": "A",
    ...                       "quantity": [3, 2, -2], "unit_price": [5.0, 4.0, 4.0]})
    >>> kept, row = net_returns(lines)
    >>> kept
      order_id item_id  quantity  unit_price
    0       O1       A         3         5.0
    >>> row.dropped.tolist()
    [1, 2]
    """
    return _net("net_returns", order_lines, "R", "units came back")


def _net(rule: str, order_lines: pd.DataFrame, prefix: str, why: str) -> Cleaned:
    ledger.need(order_lines, "order_id", "item_id", "quantity")
    lines = order_lines.reset_index(drop=True)  # row labels may repeat
    order, quantity = lines["order_id"].astype("str"), lines["quantity"]
    back = order.str.startswith(prefix) & (quantity < 0)
    order = order.mask(back, order.str.removeprefix(prefix))
    concerned = order.isin(order[back]) & (back | (quantity > 0))
    prices = [name for name in ("unit_price", "discount") if name in lines]
    keys = ["order_id", "item_id", *prices]
    part = lines.assign(order_id=order).loc[concerned, [*keys, "quantity"]]
    part = part.dropna(subset=keys[:2]).round({"unit_price": 2, "discount": 2})
    for agreeing in range(len(keys), 1, -1):  # first what agrees in price and discount, too
        part["quantity"] = units_left(part, keys[:agreeing])
    left = quantity.copy()
    left[part.index] = part["quantity"].astype(quantity.dtype)
    reduced = ~back & (left < quantity)
    gone = back | (reduced & (left == 0))
    netted = order_lines.assign(quantity=left.set_axis(order_lines.index))
    kept, row = ledger.drop(rule, netted, gone, why)
    return kept, row._replace(touched=order_lines.index[(reduced & ~gone).to_numpy(bool)])


def units_left(lines: pd.DataFrame, by: list[str]) -> pd.Series:
    """Net the units bought and returned in each group, the first lines first.

    Parameters
    ----------
    lines : DataFrame; ``quantity``, negative where units were returned, and the columns of ``by``.
    by : names of the columns that define the groups.

    Returns
    -------
    Series of quantities left, with the sign they had. In a group where b units were bought and r
    returned, b − min(b, r) and r − min(b, r) units are left.

    Examples
    --------
    >>> units_left(pd.DataFrame({"item": "A", "quantity": [3, 2, -4]}), by=["item"]).tolist()
    [0, 1, 0]
    """
    back, units = lines["quantity"] < 0, lines["quantity"].abs()
    same_sign = units.groupby([*(lines[name] for name in by), back], dropna=False)
    net = lines.groupby(by, dropna=False)["quantity"].transform("sum")
    opposite = same_sign.transform("sum") - net.where(~back, -net)
    left = (same_sign.cumsum() - opposite).round(9)  # weights: 0.1 + 0.2 is not quite 0.3
    left = left.clip(0, units)
    return left.where(~back, -left)
