"""The stages of a two-stage recommender, by hand and beside scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.exceptions import NotFittedError

from helpers.recommend.baselines import Popularity
from helpers.recommend.ease import EASE
from helpers.recommend.two_stage import BoostedRanker, candidate_ranks, rank_by

BOUGHT = pd.DataFrame(
    {
        "user_id": ["Ana", "Ben", "Ben", "Cem", "Cem", "Dee", "Eva"],
        "item_id": ["tea", "tea", "cup", "oil", "pan", "oil", "pan"],
        "rating": 1,
    }
)


def test_the_pool_has_each_pair_once_with_the_ranks_of_all_models():
    # Ana has tea. EASE says cup, which Ben has beside tea, and nothing of the others. By users: oil
    # and pan 2 (ties in the order of their ids), cup 1.
    models = {"EASE": EASE(1).fit(BOUGHT), "popular": Popularity().fit(BOUGHT)}
    pool = candidate_ranks(models, ["Ana"], k=1)
    assert pool["item_id"].tolist() == ["cup", "oil"]
    assert pool["EASE"].tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert pool["popular"].tolist() == pytest.approx([np.nan, 1], nan_ok=True)
    both = candidate_ranks(models, ["Ana", "Dee"], k=5)
    assert not both.duplicated(["user_id", "item_id"]).any()
    assert "tea" not in both.loc[both["user_id"] == "Ana", "item_id"].tolist()
    seen = candidate_ranks(models, ["Ana"], k=5, filter_seen=False)
    assert "tea" in seen["item_id"].tolist()


def test_ties_keep_the_order_of_the_rows():
    rows = pd.DataFrame({"user_id": ["Ben", "Ana", "Ben", "Ben"], "item_id": list("wxyz")})
    assert rank_by(rows, [0.2, 0.1, 0.3, 0.2])["rank"].tolist() == [2, 1, 1, 3]


def test_one_tree_takes_the_step_of_newton():
    # Of 40 candidates in season 30 are viewed, of 40 others 10, so p = 1/2. A leaf's step is its
    # sum of errors over its sum of p (1 - p): (30 · 1/2 - 10 · 1/2) / (40 / 4) = 1, and -1. The
    # learning rate is 0.1, so the log-odds are 0.1 and -0.1.
    rows = pd.DataFrame({"user_id": 1, "item_id": range(80), "season": [1.5] * 40 + [0.5] * 40})
    rows["viewed"] = [True] * 30 + [False] * 10 + [True] * 10 + [False] * 30
    lists = BoostedRanker(["season"], trees=1).fit(rows).rank(rows)
    assert lists["score"].iloc[[0, 79]].tolist() == pytest.approx([expit(0.1), expit(-0.1)])
    assert lists["rank"].tolist() == list(range(1, 81))


def test_a_missing_rank_is_a_feature():
    # What the model did not propose is viewed, and nothing else: NaN goes to a side of its own.
    rows = pd.DataFrame({"user_id": 1, "item_id": range(80), "EASE": [np.nan, 1.0] * 40})
    rows["viewed"] = rows["EASE"].isna()
    lists = BoostedRanker(["EASE"], trees=5).fit(rows).rank(rows)
    assert (lists["score"][rows["viewed"]] > lists["score"][~rows["viewed"]].max()).all()


def test_a_label_is_true_or_false_and_an_unfitted_ranker_says_so():
    rows = pd.DataFrame({"user_id": ["Ana"], "item_id": ["tea"], "season": [1.0], "viewed": [2]})
    with pytest.raises(ValueError, match="viewed"):
        BoostedRanker(["season"]).fit(rows)
    with pytest.raises(NotFittedError):
        BoostedRanker(["season"]).rank(rows)
