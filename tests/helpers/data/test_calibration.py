"""The simulated shop beside real ones: the table of data/README.md, recomputed."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data import downloads, sources

README = Path(__file__).parents[3] / "data" / "README.md"
SHOP, CDNOW, RETAIL, MOVIES = "Simulated shop", "CDNOW", "Online Retail", "MovieLens latest-small"


def gini(counts: pd.Series) -> float:
    """G = Σ (2j − n − 1) x₍ⱼ₎ / (n Σ x): 0 if all are equally popular, near 1 if one has it all."""
    x = np.sort(counts.to_numpy())
    n = len(x)
    return ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())


def figures(lines: pd.DataFrame) -> list[str]:
    """Return the column of the table for order lines with ``revenue`` and, maybe, ``item_id``."""
    orders = lines.groupby("order_id").agg(user=("user_id", "first"), value=("revenue", "sum"))
    per_user = orders.groupby("user")["value"].agg(["size", "sum"])
    busiest = per_user["size"].nlargest(len(per_user) // 10).sum() / len(orders)
    best = per_user["sum"].nlargest(len(per_user) // 5).sum() / per_user["sum"].sum()
    cells = [
        f"{len(per_user):,}",
        f"{per_user['size'].mean():.1f}",
        f"{(per_user['size'] == 1).mean():.0%}",
        f"{busiest:.0%}",
        f"{best:.0%}",
        f"{orders['value'].median() / orders['value'].mean():.2f}",
    ]
    if "item_id" not in lines:
        return [*cells, "–", "–"]
    items = lines.groupby("order_id")["item_id"].nunique().median()
    return [*cells, f"{items:.0f}", f"{gini(lines.groupby('item_id').size()):.2f}"]


def stars(ratings: pd.Series) -> list[str]:
    shares = np.ceil(ratings).astype(int).value_counts(normalize=True).sort_index()
    return [f"{share:.0%}" for share in shares]


def table(header: str) -> pd.DataFrame:
    """Read the table of the README whose header begins like this; its first column is the index."""
    text = README.read_text(encoding="utf-8")
    rows = re.search(rf"^{re.escape(header)}.*(?:\n\|.*)+", text, re.MULTILINE)[0].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return pd.DataFrame(cells[2:], columns=cells[0]).set_index(cells[0][0])


def test_the_shop_beside_cdnow():
    readme = table("| | Simulated shop")
    lines = sources.load_shop().order_lines
    revenue = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    assert figures(lines.assign(revenue=revenue)) == readme[SHOP].tolist()
    cdnow = sources.load_cdnow().rename(columns={"value": "revenue"})
    cdnow = cdnow[cdnow["revenue"] > 0]
    day = cdnow["user_id"].astype(str) + " " + cdnow["ordered_at"].astype(str)
    assert figures(cdnow.assign(order_id=day)) == readme[CDNOW].tolist()


@pytest.mark.skipif(not downloads.is_cached("online_retail"), reason="Online Retail not downloaded")
def test_the_shop_beside_online_retail():
    lines = sources.online_retail_order_lines(sources.load_online_retail())
    lines = lines[
        lines["user_id"].notna()
        & ~lines["order_id"].str.startswith("C")
        & (lines["unit_price"] > 0)
    ]
    revenue = lines["quantity"] * lines["unit_price"]
    assert figures(lines.assign(revenue=revenue)) == table("| | Simulated shop")[RETAIL].tolist()


def test_the_stars_of_the_shop():
    assert stars(sources.load_shop().ratings["rating"]) == table("| | 1 star").loc[SHOP].tolist()


@pytest.mark.skipif(not downloads.is_cached("movielens_small"), reason="MovieLens not downloaded")
def test_the_stars_of_movielens():
    ratings = sources.load_movielens_small()["ratings"]["rating"]
    assert stars(ratings) == table("| | 1 star").loc[MOVIES].tolist()
