"""Loading and cleaning the shop, beside the plain pandas one would write in an afternoon.

The plain script knows this export: it names its dates, its crawlers' pace and the weeks of the
wrong clock. It keeps no ledger, checks no table and says nothing when a file is not what it should
be; ours does all three.
"""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from helpers.data import cleaning, schema, shop, sources
from tools.bench import Against

DATES = ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p"]


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the export with plain pandas."""
    return {name: pd.read_csv(folder / f"{name}.csv", dtype="str") for name in schema.TABLES}


def clean(folder: Path) -> dict[str, pd.DataFrame]:
    """Read and clean the export with plain pandas."""
    raw = read(folder)
    users, items, campaign = raw["users"], raw["items"], raw["campaign"]
    events, lines, ratings = (
        raw[n].drop_duplicates() for n in ("events", "order_lines", "ratings")
    )
    lines = lines.dropna(subset="user_id")

    for table, column in (
        (users, "signed_up_at"),
        (items, "launched_at"),
        (events, "occurred_at"),
        (lines, "ordered_at"),
        (ratings, "rated_at"),
        (campaign, "sent_at"),
    ):
        table[column] = dates(table[column])
    for table, column in ((users, "country"), (items, "department"), (items, "category")):
        table[column] = table[column].str.strip().str.title().str.replace(" And ", " and ")
    for table, column in ((users, "channel"), (events, "event")):
        table[column] = table[column].str.strip().str.lower()
    for table, column in ((items, "price"), (lines, "unit_price"), (campaign, "revenue")):
        table[column] = table[column].str.replace("[$,]| USD", "", regex=True).astype("float64")
    lines["quantity"] = lines["quantity"].str.removesuffix(" pcs").astype("int64")
    lines["discount"] = lines["discount"].astype("float64")
    ratings["rating"] = ratings["rating"].astype("int64")
    for column in ("treated", "responded"):
        campaign[column] = campaign[column] == "True"

    # From 13 January on the clock is five hours ahead; it is set back where time runs backward.
    at = events["occurred_at"]
    back = at.index[at.diff() < pd.Timedelta(hours=-4)][0]
    wrong = (at >= "2025-01-13") & (at.index < back)
    events["occurred_at"] = at.where(~wrong, at - pd.Timedelta(hours=5))

    views = events[events["event"] == "view"]
    pace = views.groupby(["user_id", views["occurred_at"].dt.floor("h")]).size()
    bots = pace.index[pace >= 300].get_level_values("user_id")
    users = users[(users["channel"] != "internal") & ~users["user_id"].isin(bots)]
    items = items[~items["name"].str.startswith("TEST ")]
    ratings = ratings[ratings["rating"].between(1, 5)]
    lines = lines[(lines["quantity"] != 0) & (lines["quantity"].abs() < 10_000)]
    lines = lines[lines["unit_price"] > 0]

    known = events["user_id"].isin(users["user_id"]) | events["user_id"].isna()
    events = events[known & events["item_id"].isin(items["item_id"])]
    lines = lines[lines["user_id"].isin(users["user_id"])]
    lines = lines[lines["item_id"].isin(items["item_id"])]
    ratings = ratings[ratings["user_id"].isin(users["user_id"])]
    ratings = ratings[ratings["item_id"].isin(items["item_id"])]
    campaign = campaign[campaign["user_id"].isin(users["user_id"])]

    usual = lines["item_id"].map(items.set_index("item_id")["price"])
    price = lines["unit_price"]
    lines = lines.assign(unit_price=price.where(price < 50 * usual, price / 100))

    back = lines["order_id"].str[0].isin(["C", "R"])
    taken = lines[back].assign(order_id=lines["order_id"].str[1:])
    taken = taken.groupby(["order_id", "item_id"])["quantity"].sum().rename("taken")
    lines = lines[~back].join(taken, on=["order_id", "item_id"])
    lines["quantity"] += lines["taken"].fillna(0).astype("int64")
    lines = lines[lines["quantity"] > 0].drop(columns="taken")
    tables = (users, items, events, lines, ratings, campaign)
    return dict(zip(schema.TABLES, tables, strict=True))


def dates(texts: pd.Series) -> pd.Series:
    """Parse what the three systems wrote, each in its own way."""
    parsed = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    for form in DATES:
        parsed = parsed.fillna(pd.to_datetime(texts, format=form, errors="coerce"))
    return parsed


def same(ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame]) -> None:
    """Assert that all tables are equal, to the last value."""
    for name, table in ours.items():
        pd.testing.assert_frame_equal(table, theirs[name], check_dtype=False, obj=name)


@functools.cache
def export(size: str) -> Path:
    """Return the folder of an export: the committed one, or one simulated for this run."""
    if size == "small":
        return sources.DATA / "shop/raw"
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    shop.write_export(shop.simulate(size), folder)
    return folder / "raw"


def reading(size: str, goal: float) -> Against:
    """Make the row of reading an export, all values as text."""
    return Against(
        f"read an export, {size}",
        "pandas.read_csv",
        goal,
        ours=lambda: sources.load_raw_shop(export(size)),
        theirs=lambda: read(export(size)),
        same=same,
    )


def cleaned(size: str, goal: float) -> Against:
    """Make the row of reading and cleaning an export."""
    return Against(
        f"read and clean an export, {size}",
        "plain pandas",
        goal,
        ours=lambda: dict(cleaning.clean_shop(sources.load_raw_shop(export(size)))[0]),
        theirs=lambda: clean(export(size)),
        same=same,
    )


ROWS = [
    reading("small", goal=2),
    cleaned("small", goal=0.8),
    reading("article", goal=2),
    cleaned("article", goal=0.8),
]
