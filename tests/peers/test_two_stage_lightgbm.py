"""LightGBM: the same trees give the same order, and LambdaMART no other lists than our log loss."""

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier, LGBMRanker
from scipy.stats import spearmanr

from helpers import evaluation
from helpers.recommend.two_stage import BoostedRanker, rank_by

FEATURES = ["rank", "share", "season"]
TREES = {
    "n_estimators": 40, "num_leaves": 15, "learning_rate": 0.1, "min_child_samples": 20,
    "min_child_weight": 0, "min_split_gain": 0, "verbose": -1, "n_jobs": 1,
}  # fmt: skip


def drawn(seed: int) -> pd.DataFrame:
    """Draw 40 candidates for each of 500 users; the season and the share multiply the odds."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"user_id": np.repeat(range(500), 40), "item_id": np.tile(range(40), 500)})
    rows["rank"] = rows["item_id"] + 1.0
    rows["share"], rows["season"] = rng.random((2, len(rows)))
    log_odds = -1 - 0.05 * rows["rank"] + rows["share"] + 2 * rows["season"]
    return rows.assign(viewed=rng.random(len(rows)) < 1 / (1 + np.exp(-log_odds)))


@pytest.fixture(scope="module")
def past() -> pd.DataFrame:
    return drawn(0)


@pytest.fixture(scope="module")
def future() -> pd.DataFrame:
    return drawn(1)


@pytest.fixture(scope="module")
def ours(past, future) -> pd.DataFrame:
    return BoostedRanker(FEATURES, trees=40).fit(past).rank(future)


def test_the_same_trees_give_the_same_order(past, future, ours):
    theirs = LGBMClassifier(**TREES).fit(past[FEATURES], past["viewed"])
    scores = theirs.predict_proba(future[FEATURES])[:, 1]
    assert spearmanr(ours["score"], scores).statistic > 0.99
    assert np.abs(ours["score"] - scores).mean() < 0.02


def test_lambdamart_makes_lists_as_good_as_the_log_loss(past, future, ours):
    theirs = LGBMRanker(**TREES).fit(
        past[FEATURES], past["viewed"], group=past.groupby("user_id").size()
    )
    lists = rank_by(future, theirs.predict(future[FEATURES]))
    relevant = future[future["viewed"]]
    both = (evaluation.ranking_metrics(each, relevant)[["ndcg"]] for each in (ours, lists))
    difference = evaluation.compare(*both).loc["ndcg"]
    assert abs(difference["difference"]) < 0.01
