"""Re-ranking by hand, against slow loops and all possible lists; what always holds; refusals."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy

from helpers.data.problems import TableError
from helpers.recommend import calibrate, cap, mmr, penalize_popularity
from helpers.recommend.reranking import category_shares

ITEMS = ["lamp", "lantern", "vase", "rug"]
SHELF = pd.Series(["Lighting", "Lighting", "Decor", "Decor"], ITEMS)
# By hand: lamp and lantern are much alike, vase and rug a little.
ALIKE = pd.DataFrame(
    [[1, 0.8, 0.2, 0], [0.8, 1, 0.1, 0], [0.2, 0.1, 1, 0.5], [0, 0, 0.5, 1]], ITEMS, ITEMS
)


def candidates(*scores: float, user: str = "Ana") -> pd.DataFrame:
    """Return the first items with these scores, which fall, as the candidates of a user."""
    ranks = range(1, len(scores) + 1)
    return pd.DataFrame(
        {"user_id": user, "item_id": ITEMS[: len(scores)], "score": scores, "rank": ranks}
    )


def history(**of_users: str) -> pd.DataFrame:
    """Return what users had: history(Ana="lamp lamp vase")."""
    rows = [(user, item) for user, items in of_users.items() for item in items.split()]
    return pd.DataFrame(rows, columns=["user_id", "item_id"])


FOUR = candidates(1.0, 0.9, 0.6, 0.0)


def order(table: pd.DataFrame) -> list[str]:
    return table["item_id"].tolist()


@pytest.fixture(scope="module")
def random_candidates() -> pd.DataFrame:
    """Thirty users with 3 to 12 of 20 items each, rows in no order."""
    rng = np.random.default_rng(5)
    parts = []
    for user in range(30):
        n = rng.integers(3, 13)
        scores = -np.sort(-rng.normal(size=n))
        items = rng.choice(20, n, replace=False)
        parts.append(pd.DataFrame({"user_id": user, "item_id": items, "score": scores, "rank": 1}))
    table = pd.concat(parts)
    table["rank"] = table.groupby("user_id").cumcount() + 1
    return table.sample(frac=1, random_state=0)


@pytest.fixture(scope="module")
def random_similarity() -> pd.DataFrame:
    vectors = np.random.default_rng(6).normal(size=(20, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return pd.DataFrame(vectors @ vectors.T)  # some are negative


RANDOM_SHELF = pd.Series(np.arange(20) % 5, range(20))
RANDOM_HISTORY = pd.DataFrame(
    {
        "user_id": np.random.default_rng(7).integers(0, 25, 200),  # users 25 to 29 have none
        "item_id": np.random.default_rng(8).integers(0, 20, 200),
    }
)
RERANKINGS = {
    "mmr": lambda table, alike, k=10, **more: mmr(table, alike, k, **more),
    "cap": lambda table, alike, k=10: cap(table, RANDOM_SHELF, k),
    "calibrate": lambda table, alike, k=10, **more: calibrate(
        table, RANDOM_HISTORY, RANDOM_SHELF, k, **more
    ),
    "penalize": lambda table, alike, k=10, **more: penalize_popularity(
        table, RANDOM_HISTORY, k, **more
    ),
}


# ---------------------------------------------------------------- by hand


def test_mmr_by_hand():
    # w = 0.5. First the lamp, 0.5. Then lantern 0.45 − 0.4 = 0.05, vase 0.3 − 0.1 = 0.2, rug 0:
    # the vase. Then lantern 0.45 − 0.4 (the lamp is nearer than the vase), rug 0 − 0.25.
    found = mmr(FOUR, ALIKE, weight=0.5)
    assert order(found) == ["lamp", "vase", "lantern", "rug"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["score"].tolist() == [1.0, 0.6, 0.9, 0.0]
    # w = 0.1: lantern 0.81 − 0.08 = 0.73 before vase 0.54 − 0.02 = 0.52.
    assert order(mmr(FOUR, ALIKE, weight=0.1)) == ["lamp", "lantern", "vase", "rug"]
    # w = 1: scores do not count; all are worth 0, so the first; then the rug, 0 away from it.
    assert order(mmr(FOUR, ALIKE, 2, weight=1)) == ["lamp", "rug"]


def test_cap_by_hand():
    assert order(cap(FOUR, SHELF, most=1)) == ["lamp", "vase"]
    assert order(cap(FOUR, SHELF, 3, most=2)) == ["lamp", "lantern", "vase"]


def test_calibrate_by_hand():
    # p = 1/4 Lighting, 3/4 Decor; k = 2, w = 0.8, α = 0.1. q̃ of no item, of 1, of 2:
    # Lighting 0.025, 0.475, 0.925; Decor 0.075, 0.525, 0.975.
    # Gains: Lighting ¼ ln(0.475 / 0.025) = 0.736, Decor ¾ ln(0.525 / 0.075) = 1.459.
    # First: lamp 0.2 + 0.8 · 0.736 = 0.789, vase 0.2 · 0.6 + 0.8 · 1.459 = 1.288: the vase.
    # Then: Decor gains ¾ ln(0.975 / 0.525) = 0.464: rug 0.371; lamp still 0.789: the lamp.
    had = history(Ana="lamp vase vase rug")
    assert order(calibrate(FOUR, had, SHELF, 2, weight=0.8, smoothing=0.1)) == ["vase", "lamp"]
    # w = 0.1: lamp 0.9 + 0.074 before vase 0.54 + 0.146. Then Lighting gains only
    # ¼ ln(0.925 / 0.475) = 0.167: lantern 0.81 + 0.017 = 0.827, vase 0.686.
    assert order(calibrate(FOUR, had, SHELF, 2, weight=0.1, smoothing=0.1)) == ["lamp", "lantern"]


def test_a_user_without_history_is_not_calibrated():
    both = pd.concat([FOUR, candidates(1.0, 0.9, 0.6, 0.0, user="Ben")])
    found = calibrate(both, history(Ana="vase rug"), SHELF, 2, weight=1)
    assert order(found) == ["vase", "rug", "lamp", "lantern"]


def test_a_category_that_nobody_had_gains_nothing():
    had = history(Ana="vase")  # nobody had anything of Lighting
    assert order(calibrate(FOUR, had, SHELF, 3, weight=1)) == ["vase", "rug", "lamp"]


def test_category_shares_by_hand():
    found = category_shares(history(Ben="rug", Ana="lamp lamp lantern vase"), SHELF)
    assert found.index.tolist() == ["Ana", "Ben"]
    assert found.columns.tolist() == ["Decor", "Lighting"]
    assert found.to_numpy().tolist() == [[0.25, 0.75], [1.0, 0.0]]


def test_penalize_popularity_by_hand():
    # lamp has 3 users (Ana twice counts once), vase 1: ln 4 / ln 4 = 1 and ln 2 / ln 4 = 1/2.
    # w = 0.4: lamp 0.6 − 0.4 = 0.2, lantern 0.54, vase 0.36 − 0.2 = 0.16, rug 0.
    had = history(Ana="lamp lamp", Ben="lamp vase", Cem="lamp")
    found = penalize_popularity(FOUR, had, weight=0.4)
    assert order(found) == ["lantern", "lamp", "vase", "rug"]
    assert found["score"].tolist() == pytest.approx([0.54, 0.2, 0.16, 0])


def test_scores_are_scaled_for_each_user():
    # 300, 200, 100 and 3, 2, 1 are both 1, ½, 0, and equal scores are all 1.
    tables = [
        candidates(300, 200, 100, user="Ana"),
        candidates(3, 2, 1, user="Ben"),
        candidates(7, 7, user="Cem"),
    ]
    found = penalize_popularity(pd.concat(tables), history(Dan="rug"), weight=0.5)
    assert found["score"].tolist() == [0.5, 0.25, 0, 0.5, 0.25, 0, 0.5, 0.5]
    assert found["user_id"].tolist() == ["Ana"] * 3 + ["Ben"] * 3 + ["Cem"] * 2


# ---------------------------------------------------------------- found otherwise


def scaled(score: np.ndarray) -> np.ndarray:
    return (score - score.min()) / (score.max() - score.min())


def test_mmr_is_the_definition(random_candidates, random_similarity):
    found = mmr(random_candidates, random_similarity, 5, weight=0.4)
    for user, own in random_candidates.sort_values("rank").groupby("user_id"):
        worth = dict(zip(own["item_id"], 0.6 * scaled(own["score"].to_numpy()), strict=True))
        chosen = []
        while worth and len(chosen) < 5:
            best = max(
                worth,
                key=lambda i: (
                    worth[i] - 0.4 * max((random_similarity.loc[i, j] for j in chosen), default=0)
                ),
            )
            chosen.append(best)
            del worth[best]
        assert order(found[found["user_id"] == user]) == chosen


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.9])
def test_the_greedy_list_is_near_the_best_of_all_lists(random_candidates, weight):
    # The value of a list is its objective less that of the empty list, which is −w ln(1 / α).
    k, smoothing = 3, 0.01
    found = calibrate(
        random_candidates, RANDOM_HISTORY, RANDOM_SHELF, k, weight=weight, smoothing=smoothing
    )
    ratios = []
    for user, own in random_candidates.groupby("user_id"):
        had = RANDOM_HISTORY.loc[RANDOM_HISTORY["user_id"] == user, "item_id"] % 5
        if had.empty:
            continue
        p = np.bincount(had, minlength=5) / len(had)
        score = dict(zip(own["item_id"], scaled(own["score"].to_numpy()), strict=True))

        def value(items, p=p, score=score):
            q = np.bincount([item % 5 for item in items], minlength=5) / k
            divergence = entropy(p, (1 - smoothing) * q + smoothing * p)
            relevance = sum(score[item] for item in items)
            return (1 - weight) * relevance + weight * (np.log(1 / smoothing) - divergence)

        best = max(value(items) for items in combinations(own["item_id"], k))
        ratios.append(value(order(found[found["user_id"] == user])) / best)
    assert len(ratios) == 25
    assert min(ratios) >= 1 - 1 / np.e  # the guarantee
    assert np.mean(ratios) > 0.99  # and usually much better


# ---------------------------------------------------------------- what always holds


@pytest.mark.parametrize("name", RERANKINGS)
def test_lists_are_parts_of_the_candidates(name, random_candidates, random_similarity):
    found = RERANKINGS[name](random_candidates, random_similarity, k=6)
    pairs = found.merge(random_candidates, on=["user_id", "item_id"])
    assert len(pairs) == len(found)
    assert not found.duplicated(["user_id", "item_id"]).any()
    assert found.columns.tolist() == random_candidates.columns.tolist()
    assert found["user_id"].unique().tolist() == random_candidates["user_id"].unique().tolist()
    lengths = found.groupby("user_id").size()
    assert found["rank"].tolist() == [
        r + 1 for user in found["user_id"].unique() for r in range(lengths[user])
    ]
    if name != "cap":
        assert lengths.eq(random_candidates.groupby("user_id").size().clip(upper=6)).all()


@pytest.mark.parametrize("name", ["mmr", "calibrate", "penalize"])
def test_without_weight_the_order_is_that_of_the_scores(name, random_candidates, random_similarity):
    found = RERANKINGS[name](random_candidates, random_similarity, k=4, weight=0)
    first = random_candidates[random_candidates["rank"] <= 4]
    keys = ["user_id", "item_id", "rank"]
    assert set(map(tuple, found[keys].to_numpy())) == set(map(tuple, first[keys].to_numpy()))


@pytest.mark.parametrize("name", RERANKINGS)
def test_the_order_of_rows_and_the_input_do_not_change(name, random_candidates, random_similarity):
    before = random_candidates.copy()
    found = RERANKINGS[name](random_candidates, random_similarity)
    sorted_ = RERANKINGS[name](
        random_candidates.sort_values(["user_id", "rank"]), random_similarity
    )
    pd.testing.assert_frame_equal(random_candidates, before)
    again = found.sort_values(["user_id", "rank"], ignore_index=True)
    pd.testing.assert_frame_equal(again, sorted_, check_index_type=False)


def test_equal_worth_keeps_the_order_of_ranks():
    same = candidates(0.3, 0.1 + 0.2, 0.3, 0.3).iloc[[2, 0, 3, 1]]
    zero = ALIKE * 0
    assert order(mmr(same, zero, weight=0.5)) == ITEMS
    assert order(penalize_popularity(same, history(Ana="hat"), weight=0.5)) == ITEMS
    assert order(calibrate(same, history(Ben="rug"), SHELF, weight=0.5)) == ITEMS


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("weight", [-0.1, 1.1, np.nan])
@pytest.mark.parametrize("name", ["mmr", "calibrate", "penalize"])
def test_a_weight_off_its_range_is_refused(name, weight, random_candidates, random_similarity):
    with pytest.raises(ValueError, match="weight is a number from 0 to 1; got"):
        RERANKINGS[name](random_candidates, random_similarity, weight=weight)


@pytest.mark.parametrize("name", RERANKINGS)
def test_bad_candidates_are_refused(name, random_candidates, random_similarity):
    twice = pd.concat([random_candidates, random_candidates.head(1)], ignore_index=True)
    with pytest.raises(TableError, match="repeats an item in the list of one user in 1 of"):
        RERANKINGS[name](twice, random_similarity)
    with pytest.raises(TableError, match='"score"'):
        RERANKINGS[name](random_candidates.drop(columns="score"), random_similarity)
    with pytest.raises(ValueError, match="k is a whole number, 1 or more; got 0"):
        RERANKINGS[name](random_candidates, random_similarity, k=0)


def test_an_unknown_item_is_refused():
    with pytest.raises(TableError, match=r'"item_id" is not in `similarity` in 1 of 4 rows .*rug'):
        mmr(FOUR, ALIKE.drop(index="rug"))
    with pytest.raises(TableError, match="is not in `category` in 1 of 4 rows"):
        cap(FOUR, SHELF.drop("rug"))
    with pytest.raises(TableError, match="is not in `category` in 1 of 1 rows"):
        calibrate(FOUR, history(Ana="hat"), SHELF)
    with pytest.raises(ValueError, match="category: item 'rug' stands there twice"):
        cap(FOUR, pd.concat([SHELF, SHELF.tail(1)]))
    with pytest.raises(ValueError, match='"item_id" contains numbers in one table'):
        cap(FOUR, RANDOM_SHELF)


def test_other_hyperparameters_are_refused():
    with pytest.raises(ValueError, match="most is a whole number, 1 or more; got 0"):
        cap(FOUR, SHELF, most=0)
    with pytest.raises(ValueError, match="smoothing is a share between 0 and 1; got 0"):
        calibrate(FOUR, history(Ana="rug"), SHELF, smoothing=0)
