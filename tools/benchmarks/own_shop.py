"""Reading a file of orders beside plain pandas, and the whole of ``make report`` for large files.

Plain pandas is told what the columns mean, and checks nothing. The goals of the page are for two
cores; its memory may be six times the size of the file.
"""

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from apps.report import own_shop
from tools.bench import Against, Alone

DAYS = 730
ITEMS = 5_000
AT_ONCE = 1_000_000  # order lines that are written at once
PAGE = """
import contextlib, io
from pathlib import Path
from tools import report
with contextlib.redirect_stderr(io.StringIO()):  # its bar would hide the table
    report.make({path!r}, Path({path!r}).with_suffix(".html"))
"""


@functools.cache
def folder() -> tempfile.TemporaryDirectory:
    """Return a folder that vanishes with this process."""
    return tempfile.TemporaryDirectory()


@functools.cache
def file(lines: int) -> str:
    """Write a file of order lines, about 57 bytes each, and return its path.

    There is a customer for ten lines. Customers come at any time, buy at their own rates, and leave
    after any order with their own probabilities.
    """
    rng = np.random.default_rng(0)
    customers = lines // 10
    orders = np.minimum(rng.geometric(rng.beta(0.8, 4, customers)), 100)
    customer = np.repeat(np.arange(customers), orders)
    first = np.cumsum(orders) - orders
    pause = rng.exponential(1 / rng.gamma(0.8, 1 / 25, customers)[customer])
    pause[first] = rng.uniform(0, DAYS, customers)
    day = np.cumsum(pause)
    day -= np.repeat(day[first] - pause[first], orders)
    seen = day < DAYS
    customer, day = customer[seen], day[seen]
    in_time = np.argsort(day)
    size = rng.geometric(len(day) / lines / 1.1, len(day))
    order = np.repeat(np.arange(len(day)), size)[:lines]
    prices = np.round(rng.lognormal(2.5, 0.6, ITEMS), 2)
    path = Path(folder().name) / f"{lines}.csv"
    for begin in range(0, lines, AT_ONCE):
        of = order[begin : begin + AT_ONCE]
        place = in_time[of]
        item = np.minimum(rng.exponential(ITEMS / 5, len(of)).astype(int), ITEMS - 1)
        quantity, price = rng.geometric(0.6, len(of)), prices[item]
        reduced = rng.random(len(of)) < 0.15
        seconds = (day[place] * 86_400).astype("timedelta64[s]")
        table = pd.DataFrame(
            {
                "order_id": "A" + pd.Series(1_000_000 + of).astype("str"),
                "ordered_at": np.datetime64("2023-01-01", "s") + seconds,
                "customer_id": "C" + pd.Series(100_000 + customer[place]).astype("str"),
                "sku": "P" + pd.Series(10_000 + item).astype("str"),
                "quantity": quantity,
                "unit_price": price,
                "discount": np.round(0.1 * quantity * price * reduced, 2),
            }
        )
        table = table.drop_duplicates(["order_id", "sku"])
        table.to_csv(path, index=False, mode="a", header=begin == 0, float_format="%.2f")
    return str(path)


def ours(lines: int) -> tuple[int, int, float]:
    """Return customers, orders and net revenue, with all checks of the file."""
    shop = own_shop.read_own_shop(file(lines))
    return shop.accounts.customers, len(shop.orders), shop.orders["value"].sum()


def with_pandas(lines: int) -> tuple[int, int, float]:
    """Return the same, if the columns and their formats are known."""
    table = pd.read_csv(file(lines), parse_dates=["ordered_at"])
    table["value"] = table["quantity"] * table["unit_price"] - table["discount"]
    orders = table.groupby("order_id").agg(
        user_id=("customer_id", "first"),
        ordered_at=("ordered_at", "min"),
        units=("quantity", "sum"),
        value=("value", "sum"),
    )
    return orders["user_id"].nunique(), len(orders), orders["value"].sum()


def same(ours: tuple, theirs: tuple) -> None:
    """Compare customers, orders and revenue."""
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@dataclass(frozen=True)
class Page(Alone):
    """A row on ``make report``; the file is written before the time starts."""

    lines: int = 0

    def measure(self) -> tuple[str, ...]:
        """Make the page once and return the cells from "ours" on."""
        code = PAGE.format(path=file(self.lines))
        return Alone(self.work, code, self.seconds, self.gigabytes).measure()


ROWS = [
    Against(
        "read and check 1M order lines",
        "pandas.read_csv + groupby",
        0.1,
        functools.partial(ours, 1_000_000),
        functools.partial(with_pandas, 1_000_000),
        same,
    ),
    Page("make report, 1M lines (56 MB)", "", 20, 1, 1_000_000),
    Page("make report, 5M lines (280 MB)", "", 90, 1.56, 5_000_000),
]
