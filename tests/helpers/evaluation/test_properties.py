"""Properties of lists by hand, against scipy and plain loops; and what is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy

from helpers.data.problems import TableError
from helpers.evaluation import (
    intra_list_similarity,
    list_popularity,
    miscalibration,
)

ITEMS = ["lamp", "lantern", "vase"]
SHELF = pd.Series(["Lighting", "Lighting", "Decor"], ITEMS)
ALIKE = pd.DataFrame([[1, 0.8, 0.2], [0.8, 1, 0.1], [0.2, 0.1, 1]], ITEMS, ITEMS)


def pairs(**of_users: str) -> pd.DataFrame:
    """Return lists, or histories: pairs(Ana="lamp vase") gives Ana both, with ranks 1 and 2."""
    rows = [
        (user, item, rank)
        for user, items in of_users.items()
        for rank, item in enumerate(items.split(), start=1)
    ]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rank"])


@pytest.fixture(scope="module")
def drawn() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lists of 1 to 8 of 30 items for forty users, and what they had."""
    rng = np.random.default_rng(3)
    lists = pd.concat(
        pd.DataFrame({"user_id": user, "item_id": rng.choice(30, size, replace=False)})
        for user, size in enumerate(rng.integers(1, 9, 40))
    )
    lists["rank"] = lists.groupby("user_id").cumcount() + 1
    had = pd.DataFrame({"user_id": rng.integers(0, 40, 300), "item_id": rng.integers(0, 30, 300)})
    return lists.sample(frac=1, random_state=1), had


def test_intra_list_similarity_by_hand():
    # Ana: (0.8 + 0.2 + 0.1) / 3; Ben: one pair, 0.1; Cem: no pair. With k = 2, Ana has one, 0.8.
    lists = pairs(Cem="lamp", Ben="vase lantern", Ana="lamp lantern vase")
    found = intra_list_similarity(lists, ALIKE)
    assert found.index.tolist() == ["Ana", "Ben", "Cem"]
    assert found.to_numpy() == pytest.approx([1.1 / 3, 0.1, np.nan], nan_ok=True)
    assert intra_list_similarity(lists, ALIKE, k=2)["Ana"] == pytest.approx(0.8)


def test_miscalibration_by_hand():
    # p = ½, ½; q = 1, 0; α = 0.1: q̃ = 0.95, 0.05: ½ ln(0.5 / 0.95) + ½ ln(0.5 / 0.05) = 0.830.
    # Ben's list has the shares of his history: 0. Cem had nothing, and Dan has no list.
    lists = pairs(Ana="lamp lantern", Ben="lamp vase", Cem="lamp")
    had = pairs(Ana="lamp vase", Ben="vase lantern", Dan="vase")
    found = miscalibration(lists, had, SHELF, smoothing=0.1)
    assert found.index.tolist() == ["Ana", "Ben"]
    assert found.to_numpy() == pytest.approx([0.830, 0], abs=5e-4)


def test_miscalibration_is_the_divergence_of_scipy(drawn):
    lists, had = drawn
    found = miscalibration(lists, had, pd.Series(np.arange(30) % 4), k=5, smoothing=0.2)
    assert set(found.index) == set(lists["user_id"]) & set(had["user_id"])
    for user, value in found.items():
        p, q = (
            np.bincount(table.loc[table["user_id"] == user, "item_id"] % 4, minlength=4)
            for table in (had, lists[lists["rank"] <= 5])
        )
        p, q = p / p.sum(), q / q.sum()
        assert value == pytest.approx(entropy(p, 0.8 * q + 0.2 * p))


def test_list_popularity_by_hand():
    # Of three users, lamp has 3, lantern 1 (bought twice by Ana), vase 0.
    had = pairs(Ana="lamp lantern lantern", Ben="lamp", Cem="lamp")
    found = list_popularity(pairs(Ben="lantern vase", Ana="vase"), had)
    assert found["shown"].to_dict() == pytest.approx({"Ana": 0, "Ben": 1 / 6})
    assert found["own"].to_dict() == pytest.approx({"Ana": (1 + 1 / 3 + 1 / 3) / 3, "Ben": 1})


def test_bad_tables_are_refused():
    with pytest.raises(TableError, match="is not in `similarity` in 1 of 1 rows"):
        intra_list_similarity(pairs(Ana="rug"), ALIKE)
    with pytest.raises(TableError, match="is not in `category` in 1 of 1 rows"):
        miscalibration(pairs(Ana="rug"), pairs(Ana="lamp"), SHELF)
    with pytest.raises(ValueError, match="smoothing is a share between 0 and 1; got 0"):
        miscalibration(pairs(Ana="lamp"), pairs(Ana="lamp"), SHELF, smoothing=0)
    with pytest.raises(TableError, match="does not count 1, 2, 3"):
        list_popularity(pairs(Ana="lamp vase").query("rank == 2"), pairs(Ana="lamp"))
    numbers = pd.DataFrame({"user_id": [1], "item_id": ["lamp"]})
    with pytest.raises(ValueError, match='"user_id" contains numbers in one table'):
        miscalibration(pairs(Ana="lamp"), numbers, SHELF)
