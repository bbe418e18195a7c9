"""The helpers agree with lesson 09f, and what learners' answers to it hear."""

import numpy as np
import pandas as pd
import pytest

from exercises.lesson_09f import batch_loss, pool_recall, swap_weight
from helpers import evaluation
from helpers.recommend import TwoTower
from tests.exercises.lessons.answers import are_right, are_told


def drawn(seed, cells=60):
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, [8, 12], (cells, 2))
    return pd.DataFrame(pairs, columns=["user_id", "item_id"]).drop_duplicates()


def test_recall_is_that_of_the_metrics():
    pool, later = drawn(0), drawn(1)
    ranked = pool.assign(rank=pool.groupby("user_id").cumcount() + 1)
    by_helper = evaluation.ranking_metrics(ranked, later, k=12)["recall"].mean()
    assert pool_recall(pool, later) == pytest.approx(by_helper)


def test_the_loss_is_what_two_towers_minimize():
    model = TwoTower(3, epochs=2).fit(drawn(0).assign(rating=1))
    cells = model.ratings_.tocoo()
    batch = cells.row[::4], cells.col[::4]
    share = np.bincount(cells.col)[batch[1]] / cells.nnz
    others = model._others(*batch)
    corrected = model._logits(others, batch[1])  # with the correction, so add it back
    assert batch_loss(corrected + np.log(share), share) == pytest.approx(model._loss(*batch))


def test_a_swap_changes_the_ndcg_by_its_weight():
    places = pd.DataFrame({"user_id": "Ana", "item_id": range(1, 11), "rank": range(1, 11)})
    liked = pd.DataFrame({"user_id": "Ana", "item_id": [2, 7]})
    swapped = places.assign(rank=places["rank"].replace({2: 5, 5: 2}))
    before, after = (
        evaluation.ranking_metrics(each, liked)["ndcg"].item() for each in (places, swapped)
    )
    assert swap_weight(2, 5, 2) == pytest.approx(before - after)


def by_masks(views, served):
    """Compare all pairs of a row and a view at once."""
    moment = served["served_at"].to_numpy()[:, None]
    seen, same = (
        views["occurred_at"].to_numpy(),
        served["item_id"].to_numpy()[:, None] == views["item_id"].to_numpy(),
    )
    return (same & (seen < moment) & (seen >= moment - np.timedelta64(28, "D"))).sum(axis=1)


test_another_way_is_right_too = are_right(
    (
        "09f-1",
        lambda pool, later: (
            later.assign(
                hit=pd.MultiIndex.from_frame(later).isin(pd.MultiIndex.from_frame(pool)),
            )
            .groupby("user_id")["hit"]
            .mean()
            .mean()
        ),
    ),
    ("09f-2", by_masks),
    ("09f-2", lambda v, s: pd.Series(by_masks(v, s))),
    (
        "09f-4",
        lambda s, q: float(
            np.mean(np.log((np.exp(s) / q).sum(axis=1)) - np.diag(s) + np.log(q)),
        ),
    ),
)


test_what_a_wrong_answer_is_told = are_told(
    ("09f-2", lambda v, s: s["item_id"].map(v["item_id"].value_counts()).fillna(0), "whenever"),
    ("09f-6", lambda a, b, n, k=10: swap_weight(a, b, n, k) ** 2, "not right"),
)
