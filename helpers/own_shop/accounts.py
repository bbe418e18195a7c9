"""Stub until the real one lands: what was read, left out and earned."""

from typing import NamedTuple


class Accounts(NamedTuple):
    lines_read: int
    lines_used: int
    left_out: tuple[tuple[str, int, float | None], ...]
    gross: float | None
    discounts: float | None
    refunds: float | None
    net: float | None
    customers: int | None
    guest_orders: int
    orders: int
