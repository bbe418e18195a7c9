"""What tests of a shop that was read ask it, and a file of many orders."""


def paid(shop):
    """Return what was paid for each line."""
    lines = shop.order_lines
    return lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])


def whys(shop):
    return " | ".join(shop.dropped()["why"])


def doubts(shop):
    return " | ".join(map(str, shop.doubts))


def lines_of(columns, orders=40, lines=2):
    """Write a file of orders of some lines each; columns by functions of order and line."""
    rows = [
        ",".join([str(500 + o), f"u{o % 17}", f"2025-03-{1 + o % 28:02d}"])
        + "".join(f",{write(o, n)}" for write in columns.values())
        for o in range(orders)
        for n in range(lines)
    ]
    return "\n".join([",".join(["order", "client", "date", *columns]), *rows])
