"""The accounts of a file: which lines were used, and how gross, discounts and refunds make net."""

from typing import NamedTuple

import pandas as pd


class LeftOut(NamedTuple):
    """Lines of the file that no figure contains, and why."""

    why: str
    lines: int


class Accounts(NamedTuple):
    """What the key figures are made of. Amounts are None if the file has no money.

    Attributes
    ----------
    lines_read : lines of the file below the names; ``lines_used`` plus those left out.
    lines_used : lines that the key figures contain: sales, refunds and discounts.
    left_out : why lines were left out, and how many.
    gross : sold units times their price, before discounts and refunds.
    discounts : taken off when the units were sold.
    refunds : paid back, or never paid because the order was refunded.
    net : gross − discounts − refunds.
    customers : known customers with an order of which something is left; None if the file does not
        say who bought.
    orders : orders of which something is left.
    guest_orders : those of guests.
    unmatched : refunds that match no purchase in the file; they are part of ``refunds``, but no
        purchase could be reduced by them.
    returned : orders of which nothing is left.
    """

    lines_read: int
    lines_used: int
    left_out: tuple[LeftOut, ...]
    gross: float | None
    discounts: float | None
    refunds: float | None
    net: float | None
    customers: int | None
    orders: int
    guest_orders: int
    unmatched: float = 0.0
    returned: int = 0


def add_up(lines: pd.DataFrame) -> dict[str, float]:
    """Return gross, discounts, refunds and net of lines of sales and refunds.

    Parameters
    ----------
    lines : DataFrame; ``quantity`` (below 0 for a refund), ``unit_price`` (before discounts),
        ``discount`` (share), ``refunded`` (money of a sale that was paid back).

    Examples
    --------
    2 × 10 with 10% off, of which 5 were paid back, and 1 × 4 that was returned.

    >>> lines = pd.DataFrame({"quantity": [2, 1, -1], "unit_price": [10.0, 4.0, 4.0],
    ...                       "discount": [0.1, 0.0, 0.0], "refunded": [5.0, 0.0, 0.0]})
    >>> add_up(lines)
    {'gross': 24.0, 'discounts': 2.0, 'refunds': 9.0, 'net': 13.0}
    """
    value = lines["quantity"] * lines["unit_price"]
    sold = value > 0
    gross = value[sold].sum()
    discounts = (value * lines["discount"])[sold].sum()
    back = -(value * (1 - lines["discount"]))[~sold].sum() + lines["refunded"].sum()
    amounts = {"gross": gross, "discounts": discounts, "refunds": back}
    amounts = {name: round(float(amount), 2) for name, amount in amounts.items()}
    net = amounts["gross"] - amounts["discounts"] - amounts["refunds"]
    return {**amounts, "net": round(net, 2)}
