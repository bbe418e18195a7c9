"""BPR against the library `implicit`, which draws its negatives in proportion to popularity.

It starts from other random numbers and draws other triples, so the two can only be alike in what
they reach: the loss of the training, and the quality of the lists.
"""

import numpy as np
import pandas as pd
import pytest
from implicit.cpu.bpr import BayesianPersonalizedRanking
from scipy import sparse

from helpers import evaluation
from helpers.recommend import BPR

OPTIONS = {"factors": 8, "learning_rate": 0.05, "regularization": 0.02}
EPOCHS, SEEDS = 60, (0, 1, 2)


@pytest.fixture(scope="module")
def bought() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what 600 users of four kinds took of 100 items, and a fifth of it that is hidden."""
    rng = np.random.default_rng(0)
    likes = np.where(rng.integers(4, size=(600, 1)) == np.arange(100) % 4, 0.35, 0.05)
    u, i = np.nonzero(rng.random((600, 100)) < likes * (0.3 + 1.4 * rng.random(100)))
    return evaluation.split_random(pd.DataFrame({"user_id": u, "item_id": i, "rating": 1}), 0.2)


def reached(model: BPR, hidden: pd.DataFrame) -> tuple[float, float]:
    """Return the loss in training and the NDCG of the lists."""
    lists = model.recommend(hidden["user_id"].unique())
    return model.loss(), evaluation.ranking_metrics(lists, hidden)["ndcg"].mean()


@pytest.fixture(scope="module")
def ours(bought) -> list[BPR]:
    known, _ = bought
    model = {"epochs": EPOCHS, "negatives": "popular"}
    return [BPR(**OPTIONS, **model, random_state=seed).fit(known) for seed in SEEDS]


@pytest.fixture(scope="module")
def theirs(ours) -> list[tuple]:
    """Return their fitted models, and ours with their numbers."""
    models = []
    for seed, mine in zip(SEEDS, ours, strict=True):
        peer = BayesianPersonalizedRanking(
            **OPTIONS, iterations=EPOCHS, random_state=seed, num_threads=1
        )
        peer.fit(sparse.csr_matrix(mine.ratings_, dtype=np.float32), show_progress=False)
        clothed = BPR(**OPTIONS)
        vars(clothed).update(vars(mine))
        clothed.user_factors_ = peer.user_factors[:, :-1].astype(float)
        clothed.item_factors_ = peer.item_factors[:, :-1].astype(float)
        clothed.item_bias_ = peer.item_factors[:, -1].astype(float)
        models.append((peer, clothed))
    return models


def test_loss_and_lists_are_level(bought, ours, theirs):
    _, hidden = bought
    mine = np.array([reached(model, hidden) for model in ours])
    peers = np.array([reached(clothed, hidden) for _, clothed in theirs])
    assert mine[:, 0].mean() == pytest.approx(peers[:, 0].mean(), rel=0.06)
    noise = np.hypot(mine[:, 1].std(ddof=1), peers[:, 1].std(ddof=1))
    assert abs(mine[:, 1].mean() - peers[:, 1].mean()) < max(3 * noise, 0.02)


def test_scores_and_lists_from_the_same_numbers(theirs):
    # Their last column is the bias of the item; the user's is 1.
    peer, clothed = theirs[0]
    users = np.arange(50)
    known = sparse.csr_matrix(clothed.ratings_, dtype=np.float32)
    items, scores = peer.recommend(users, known[users], N=5)
    lists = clothed.recommend(clothed.users_[users], k=5)
    np.testing.assert_allclose(lists["score"], scores.ravel(), rtol=1e-4, atol=1e-5)
    assert (clothed.items_.to_numpy()[items].ravel() == lists["item_id"]).mean() > 0.98


def test_uniform_negatives_reach_a_lower_loss(bought, ours):
    # The loss is the mean over all j alike, which is what uniform negatives descend.
    known, _ = bought
    uniform = BPR(**OPTIONS, epochs=EPOCHS).fit(known)
    assert uniform.loss() < min(model.loss() for model in ours)
