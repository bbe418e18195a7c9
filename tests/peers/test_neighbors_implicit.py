"""Item-based lists against the `CosineRecommender` of the library `implicit`.

It counts the item itself among its K nearest, so its K is our k + 1; that adds to the scores of
what a user has already, which are left out. Of equals it takes the last and we the first, so the
counts are drawn from a continuum: nothing ties.
"""

import numpy as np
import pandas as pd
import pytest
from implicit.nearest_neighbours import CosineRecommender
from scipy import sparse

from helpers.recommend.neighbors import ItemKNN


@pytest.fixture(scope="module")
def bought() -> pd.DataFrame:
    """Return what 1,500 users have of 400 items, some items far more popular than others."""
    rng = np.random.default_rng(0)
    share = rng.permutation(np.linspace(0.005, 0.5, 400) ** 2)
    u, i = np.nonzero(rng.random((1_500, 400)) < share)
    return pd.DataFrame({"user_id": u, "item_id": i, "rating": rng.uniform(1, 9, len(u))})


@pytest.fixture(scope="module", params=[1, 20, 1_000])
def models(request, bought):
    ours = ItemKNN(k=request.param, similarity="full_cosine", feedback="implicit").fit(bought)
    theirs = CosineRecommender(K=request.param + 1)
    theirs.fit(sparse.csr_matrix(ours.ratings_), show_progress=False)
    return ours, theirs


def test_the_neighborhoods(models):
    ours, theirs = models
    near = sparse.csr_array(theirs.similarity, copy=True)
    near.setdiag(0)
    near.eliminate_zeros()
    assert near.nnz == ours.neighbors_.nnz
    assert abs(near - ours.neighbors_).max() < 1e-12


def test_lists_and_scores(models):
    ours, theirs = models
    matrix = sparse.csr_matrix(ours.ratings_)
    ids, scores = theirs.recommend(np.arange(matrix.shape[0]), matrix, N=10)
    lists = ours.recommend(k=10)
    user, rank = ours.users_.get_indexer(lists["user_id"]), lists["rank"] - 1
    np.testing.assert_allclose(lists["score"], scores[user, rank], rtol=1e-9)
    np.testing.assert_array_equal(ours.items_.get_indexer(lists["item_id"]), ids[user, rank])
    ours_alone = np.ones(scores.shape, bool)
    ours_alone[user, rank] = False
    assert not (scores[ours_alone] > 0).any()  # where ours has no opinion, theirs has a score of 0
