"""Reading a file of orders beside plain pandas, and the whole of ``make report`` for large files.

Plain pandas is told what the columns mean, and checks nothing. The goals of the page are for two
idle cores, in the learner's environment; its memory may be six times the size of the file, and 0.3
GiB for Python and its packages. Beside it stands what pandas needs to read the file, in the same
run.
"""

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from apps.report import own_shop
from helpers.data import sources
from tools import env
from tools.bench import Against, Alone, seconds

IDS = "order_id", "user_id"
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
    """Write a file of order lines, the course's shop again and again, and return its path.

    Customers and orders get the number of the copy behind the letter of their ids.
    """
    sold = sources.load_shop().order_lines
    sold["discount"] = (sold["discount"] * sold["quantity"] * sold["unit_price"]).round(2)
    path = Path(folder().name) / f"{lines}.csv"
    for copy, begin in enumerate(range(0, lines, len(sold))):
        named = {name: sold[name].str[0] + f"{copy}" + sold[name].str[1:] for name in IDS}
        some = sold.assign(**named).head(lines - begin)
        some.to_csv(path, index=False, mode="a", header=copy == 0)
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
        user_id=("user_id", "first"),
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
    peer = "pandas.read_csv"

    def measure(self) -> tuple[str, ...]:
        """Make the page and read the file once, and return the cells from "ours" on."""
        path = file(self.lines)
        code, learners = PAGE.format(path=path), str(env.ready())
        row = Alone(self.work, code, self.seconds, self.gigabytes, learners)
        ours, *_, goal, verdict = row.measure()
        read = seconds(lambda: pd.read_csv(path))
        return ours, f"{read:.3g} s", f"{read / float(ours.split()[0]):.2g}×", goal, verdict


ROWS = [
    Against(
        "read and check 1M order lines",
        "pandas.read_csv + groupby",
        0.1,
        functools.partial(ours, 1_000_000),
        functools.partial(with_pandas, 1_000_000),
        same,
    ),
    Page("make report, 1M lines (57 MB)", "", 15, 0.62, lines=1_000_000),
    Page("make report, 5M lines (291 MB)", "", 60, 1.93, lines=5_000_000),
]
