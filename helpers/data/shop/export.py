"""The dirty export: the shop's tables as text files, with every fault noted in the key.

Three systems write dates, prices and names in their own way; people cancel and send back; robots
and colleagues leave traces. The event log is appended as things happen, so that its rows stand in
order of true time, whatever clock they were written with. Rows that are not listed in
``key/faults.csv`` are good.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.shop.clock import LOG_OPENS
from helpers.data.shop.simulation import SEED, Simulation

UTC_FROM, UTC_TO = pd.Timestamp("2025-01-13"), pd.Timestamp("2025-02-03")
UTC_AHEAD = pd.Timedelta(hours=5)  # New York in winter
CASES = [
    lambda text: text.str.upper(),
    lambda text: text.str.lower(),
    lambda text: "  " + text + " ",
]
MONEY = [lambda text: text.astype(float).map("${:,.2f}".format), lambda text: text + " USD"]
DATES = [
    lambda text: pd.to_datetime(text).dt.strftime("%d/%m/%Y %H:%M:%S"),
    lambda text: pd.to_datetime(text).dt.strftime("%b %d %Y %I:%M:%S %p"),
]


class Page:
    """One file of the export while it is being soiled: its rows, as text, and its faults."""

    def __init__(self, rows: pd.DataFrame, rng: np.random.Generator):
        self.rows = rows.reset_index(drop=True)
        self.rng = rng
        self.faults: list[pd.DataFrame] = []
        self.spoiled: set[int] = set()  # rows that a fault has made useless

    def mark(self, rows: pd.Index, fault: str) -> None:
        """Note a fault of these rows."""
        self.faults.append(pd.DataFrame({"row": rows, "fault": fault}))

    def append(self, rows: pd.DataFrame, fault: str) -> None:
        """Add rows that should not be there."""
        rows = rows.set_axis(range(len(self.rows), len(self.rows) + len(rows)))
        self.rows = pd.concat([self.rows, rows])
        self.mark(rows.index, fault)
        self.spoiled.update(rows.index)

    def sample(self, count: int, among: pd.Series | None = None) -> pd.Index:
        """Draw rows that are still good, and spoil them."""
        good = self.rows.index if among is None else self.rows.index[among]
        good = good.difference(pd.Index(self.spoiled))
        rows = pd.Index(np.sort(self.rng.choice(good, count, replace=False)))
        self.spoiled.update(rows)
        return rows

    def ruin(self, column: str, values: list, count: int, fault: str) -> None:
        """Write one of a few impossible values into good rows, which are lost by it."""
        rows = self.sample(count)
        self.rows.loc[rows, column] = self.rng.choice(np.array(values, dtype=object), len(rows))
        self.mark(rows, fault)

    def restyle(self, column: str, share: float, styles: list[Callable], fault: str) -> None:
        """Write a share of the values in another style, which can be undone."""
        filled = self.rows.index[self.rows[column] != ""]
        rows = filled[self.rng.random(len(filled)) < share]
        style = self.rng.integers(len(styles), size=len(rows))
        for number, write in enumerate(styles):
            before = self.rows.loc[rows[style == number], column]
            after = write(before)
            self.rows.loc[before.index, column] = after
            self.mark(before.index[after != before], fault)

    def sort(self, by: str) -> None:
        """Put the rows into the file's order and give them the file's row numbers."""
        self.renumber(self.rows[by].argsort(kind="stable"))

    def repeat(self, share: float) -> None:
        """Let good rows come a second time, up to a few hundred rows further down."""
        rows = self.sample(int(share * len(self.rows)))
        copies = self.rows.loc[rows]
        place = np.concatenate(
            [np.arange(len(self.rows)), rows + self.rng.integers(1, 300, len(rows)) + 0.5]
        )
        self.append(copies, "duplicate_row")
        self.renumber(np.argsort(place, kind="stable"))

    def renumber(self, order: np.ndarray) -> None:
        """Put the rows into this order; what is known of them moves along."""
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        self.rows = self.rows.iloc[order].reset_index(drop=True)
        self.faults = [f.assign(row=number[f["row"]]) for f in self.faults]
        self.spoiled = {int(number[row]) for row in self.spoiled}

    def fault_table(self, name: str) -> pd.DataFrame:
        """Return this page's part of the key."""
        faults = pd.concat(self.faults or [pd.DataFrame({"row": [], "fault": []})])
        return faults.assign(table=name)[["table", "row", "fault"]]


def make_export(
    simulation: Simulation, seed: int = SEED
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Soil the tables of a simulation.

    Returns
    -------
    raw : table name → DataFrame of text; empty cells are empty strings.
    faults : ``table``, ``row`` (counted from 0 below the header), ``fault``.
    """
    shop = simulation.shop
    streams = np.random.default_rng([seed, 1]).spawn(7)
    placed, books = _book(simulation.placed)
    tables = dict(shop) | {"order_lines": placed}
    pages = {n: Page(_as_text(t), r) for (n, t), r in zip(tables.items(), streams[1:], strict=True)}
    for fault, rows in books.items():
        pages["order_lines"].mark(rows, fault)
        pages["order_lines"].spoiled.update(rows)

    _let_in_bots(pages, streams[0])
    _let_in_testers(pages, streams[0])
    _soil_order_lines(pages["order_lines"])
    _soil_events(pages["events"])
    pages["ratings"].ruin("rating", ["0", "6", "50"], 40, "off_scale_rating")
    pages["ratings"].sort("rated_at")
    for name, column, share, styles, fault in (
        ("users", "country", 0.06, CASES, "untidy_text"),
        ("users", "channel", 0.06, CASES, "untidy_text"),
        ("users", "signed_up_at", 0.10, DATES, "mixed_date"),
        ("items", "department", 0.06, CASES, "untidy_text"),
        ("items", "category", 0.06, CASES, "untidy_text"),
        ("items", "launched_at", 0.08, DATES, "mixed_date"),
        ("items", "price", 0.08, MONEY, "currency_text"),
        ("events", "event", 0.03, CASES, "untidy_text"),
        ("events", "occurred_at", 0.05, DATES, "mixed_date"),
        ("order_lines", "ordered_at", 0.12, DATES, "mixed_date"),
        ("order_lines", "unit_price", 0.10, MONEY, "currency_text"),
        ("order_lines", "quantity", 0.02, [lambda text: text + " pcs"], "quantity_text"),
        ("ratings", "rated_at", 0.05, DATES, "mixed_date"),
        ("campaign", "revenue", 0.08, MONEY, "currency_text"),
    ):
        pages[name].restyle(column, share, styles, fault)
    for name, share in (("order_lines", 0.01), ("events", 0.004), ("ratings", 0.004)):
        pages[name].repeat(share)

    faults = pd.concat([page.fault_table(name) for name, page in pages.items()])
    faults = faults.sort_values(["table", "row", "fault"], ignore_index=True)
    return {name: page.rows for name, page in pages.items()}, faults.astype({"row": "int64"})


def write_export(simulation: Simulation, folder: str | Path) -> None:
    """Write ``raw/*.csv``, the dirty export, and ``key/*.csv``, the truth, under `folder`.

    Numbers of the key are rounded to 6 digits, far below any noise in the data.
    """
    raw, faults = make_export(simulation)
    for part, tables in (("raw", raw), ("key", {**simulation.key, "faults": faults})):
        (Path(folder) / part).mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            path = Path(folder) / part / f"{name}.csv"
            table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Write every value as text: dates to the second, money to the cent, missing as ""."""
    text = {}
    for name, column in table.items():
        if pd.api.types.is_datetime64_dtype(column):
            text[name] = column.dt.strftime("%Y-%m-%d %H:%M:%S")
        elif pd.api.types.is_float_dtype(column):
            text[name] = column.map("{:.2f}".format)
        else:
            text[name] = column.astype(str).where(column.notna(), "")
    return pd.DataFrame(text).astype(object)


def _book(placed: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Index]]:
    """Write cancellations (order C…) and returns (order R…) as accounts do: as negative rows.

    Returns the rows of the file, in order of time, and the faults among them.
    """
    facts = ["canceled_at", "returned", "returned_at"]
    lines = placed.drop(columns=facts)
    canceled, returned = placed["canceled_at"].notna(), placed["returned"] > 0
    back = lines[canceled].assign(
        order_id="C" + lines["order_id"][canceled],
        ordered_at=placed["canceled_at"],
        quantity=-lines["quantity"],
        fault="cancellation",
    )
    sent_back = lines[returned].assign(
        order_id="R" + lines["order_id"][returned],
        ordered_at=placed["returned_at"],
        quantity=-placed["returned"],
        fault="return",
    )
    whole = returned & (placed["returned"] == placed["quantity"])
    fault = np.select(
        [canceled, whole, returned], ["canceled_line", "returned_line", "reduced_line"], ""
    )
    rows = pd.concat([lines.assign(fault=fault), back, sent_back])
    rows = rows.sort_values("ordered_at", kind="stable", ignore_index=True)
    faults = {name: rows.index[rows["fault"] == name] for name in rows["fault"].unique() if name}
    return rows.drop(columns="fault"), faults


def _let_in_bots(pages: dict[str, Page], rng: np.random.Generator) -> None:
    """Let crawlers sign up and look at everything, several items a minute for hours."""
    bots, views = 3, 1_500
    user_id = [f"U9{number:04d}" for number in range(bots)]
    day = pd.to_datetime(rng.integers(30, 330, bots), unit="D", origin=LOG_OPENS)
    start = day + pd.to_timedelta(rng.integers(0, 18, bots), unit="h")
    pages["users"].append(_as_text(_signed_up(user_id, start, "direct")), "bot")
    seconds = np.sort(rng.integers(60, 3 * 3600, (bots, views))).ravel()
    visits = pd.DataFrame(
        {
            "event_id": [f"E9{number:06d}" for number in range(bots * views)],
            "occurred_at": np.repeat(start, views) + pd.to_timedelta(seconds, unit="s"),
            "session_id": np.repeat([f"S9{number:05d}" for number in range(bots)], views),
            "user_id": np.repeat(user_id, views),
            "event": "view",
            "item_id": rng.choice(pages["items"].rows["item_id"], bots * views),
        }
    )
    pages["events"].append(_as_text(visits), "bot")


def _signed_up(user_id: list[str], at: pd.Timestamp | pd.Index, channel: str) -> pd.DataFrame:
    users = pd.DataFrame({"user_id": user_id, "signed_up_at": at})
    return users.assign(country="United States", age_band="", channel=channel)


def _let_in_testers(pages: dict[str, Page], rng: np.random.Generator) -> None:
    """Let four colleagues try the shop out, with an article that does not exist."""
    orders = 30
    testers = [f"U8{number:04d}" for number in range(4)]
    at = pd.Series(
        pd.to_datetime(np.sort(rng.integers(5, 360, orders)), unit="D", origin=LOG_OPENS)
    )
    at += pd.to_timedelta(rng.integers(9 * 3600, 18 * 3600, orders), unit="s")
    users = _signed_up(testers, LOG_OPENS + pd.Timedelta(hours=9), "internal")
    article = pd.DataFrame(
        {
            "item_id": ["I9999"],
            "name": "TEST item, do not ship",
            "department": "Home",
            "category": "Decor",
            "brand": "",
            "price": 0.01,
            "launched_at": LOG_OPENS,
            "description": "",
        }
    )
    real = pages["items"].rows["item_id"]
    tries = pd.DataFrame(
        {
            "order_id": [f"O9{number:05d}" for number in range(orders)],
            "ordered_at": at,
            "user_id": rng.choice(testers, orders),
            "item_id": np.where(rng.random(orders) < 0.5, "I9999", rng.choice(real, orders)),
            "quantity": rng.choice([1, 1, 100], orders),
            "unit_price": 0.01,
            "discount": 0.0,
        }
    )
    clicks = pd.DataFrame(
        {
            "event_id": [f"E8{number:06d}" for number in range(2 * orders)],
            "occurred_at": np.concatenate([at - pd.Timedelta(minutes=2), at]),
            "session_id": [f"S8{number:05d}" for number in range(orders)] * 2,
            "user_id": np.tile(tries["user_id"], 2),
            "event": np.repeat(["view", "purchase"], orders),
            "item_id": np.tile(tries["item_id"], 2),
        }
    )
    opinions = pd.DataFrame({"user_id": testers, "item_id": "I9999", "rating": 5})
    opinions["rated_at"] = LOG_OPENS + pd.Timedelta(hours=10)
    for name, rows in (
        ("users", users),
        ("items", article),
        ("order_lines", tries),
        ("events", clicks),
        ("ratings", opinions),
    ):
        pages[name].append(_as_text(rows), "test_account")


def _soil_order_lines(page: Page) -> None:
    page.ruin("quantity", ["0", "10000", "99999"], 25, "impossible_quantity")
    page.ruin("unit_price", ["0.00", "-1.00", "-9.99"], 25, "impossible_price")
    page.ruin("item_id", ["I7001", "I7002", "I7003"], 25, "orphan_item")
    page.ruin("user_id", ["U70001", "U70002", "U70003"], 25, "orphan_user")
    # Whole orders of people who checked out without an account.
    good = ~page.rows.index.isin(page.spoiled)
    touched = page.rows["order_id"][~good]
    whole = page.rows["order_id"][good & ~page.rows["order_id"].isin(touched)].unique()
    guests = page.rng.choice(whole, int(0.015 * len(whole)), replace=False)
    rows = page.rows.index[page.rows["order_id"].isin(guests)]
    page.rows.loc[rows, "user_id"] = ""
    page.mark(rows, "missing_user")
    page.spoiled.update(rows)
    # A cash register that writes cents. The rows can be repaired, so they are not lost.
    rows = page.sample(60)
    page.rows.loc[rows, "unit_price"] = (page.rows.loc[rows, "unit_price"].astype(float) * 100).map(
        "{:.2f}".format
    )
    page.mark(rows, "price_in_cents")
    page.sort("ordered_at")


def _soil_events(page: Page) -> None:
    page.ruin("item_id", ["I7001", "I7002", "I7003"], 40, "orphan_item")
    page.sort("occurred_at")
    at = pd.to_datetime(page.rows["occurred_at"])
    batch = at.index[(at >= UTC_FROM) & (at < UTC_TO)]
    page.rows.loc[batch, "occurred_at"] = (at[batch] + UTC_AHEAD).dt.strftime("%Y-%m-%d %H:%M:%S")
    page.mark(batch, "time_zone")
