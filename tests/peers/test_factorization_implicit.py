"""Implicit ALS against the library `implicit`, at equal confidence.

Its matrix holds c itself, and its empty cells have c = 1; so it is given 1 + α r.
"""

import numpy as np
import pandas as pd
import pytest
from implicit.cpu import _als
from implicit.cpu.als import AlternatingLeastSquares
from scipy import sparse
from threadpoolctl import threadpool_limits

from helpers.recommend.implicit import ImplicitALS

OPTIONS = {"factors": 4, "regularization": 5.0}
ALPHA = 2.0


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    with threadpool_limits(1, "blas"):  # implicit warns of more
        yield


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    """Return how often 400 users took 120 items, each user mostly from one of four kinds."""
    rng = np.random.default_rng(0)
    likes = np.where(rng.integers(4, size=(400, 1)) == np.arange(120) % 4, 0.5, 0.05)
    taken = rng.poisson(likes * rng.random(120))
    u, i = np.nonzero(taken)
    return pd.DataFrame({"user_id": u, "item_id": i, "rating": taken[u, i]})


@pytest.fixture(scope="module")
def ours(counts) -> ImplicitALS:
    return ImplicitALS(**OPTIONS, alpha=ALPHA, epochs=30).fit(counts)


@pytest.fixture(scope="module")
def confidence(ours) -> sparse.csr_matrix:
    c = sparse.csr_matrix(ours.ratings_, dtype=np.float32)
    c.data = 1 + np.float32(ALPHA) * c.data
    return c


def theirs(x, y, **options) -> AlternatingLeastSquares:
    """Return their model with these factors to start from."""
    model = AlternatingLeastSquares(**OPTIONS, alpha=1, random_state=0, **options)
    model.user_factors, model.item_factors = x.astype(np.float32), y.astype(np.float32)
    return model


def test_the_users_given_the_items(ours, confidence):
    x, y = ours.user_factors_, ours.item_factors_
    solved = theirs(x, y).recalculate_user(np.arange(len(x)), confidence)
    np.testing.assert_allclose(x, solved, rtol=1e-4, atol=1e-5)


def test_the_objective(ours, confidence):
    x, y = ours.user_factors_, ours.item_factors_
    loss = _als.calculate_loss(
        confidence, x.astype(np.float32), y.astype(np.float32), OPTIONS["regularization"]
    )
    # Theirs is divided by the sum of all confidences.
    everything = confidence.sum() + confidence.shape[0] * confidence.shape[1] - confidence.nnz
    assert ours.objective() / everything == pytest.approx(loss, rel=1e-5)


def test_explanations(ours, confidence):
    model = theirs(ours.user_factors_, ours.item_factors_)
    user, item = ours.users_[3], ours.items_[7]
    total, parts, _ = model.explain(3, confidence, 7, N=200)
    found = ours.explain(user, item).set_index("item_id")["contribution"]
    assert found.sum() == pytest.approx(total, rel=1e-4)
    assert len(found) == len(parts)
    for position, contribution in parts:
        assert found[ours.items_[position]] == pytest.approx(contribution, rel=1e-3, abs=1e-6)


def test_it_ends_at_the_same_place(ours, confidence):
    # From other starts and by other steps, both come to the same scores, and so to the same lists.
    model = AlternatingLeastSquares(
        **OPTIONS, alpha=1, random_state=0, iterations=100, use_cg=False
    )
    model.fit(confidence, show_progress=False)
    x, y = model.user_factors.astype(float), model.item_factors.astype(float)
    scores = ours.user_factors_ @ ours.item_factors_.T
    np.testing.assert_allclose(x @ y.T, scores, rtol=0, atol=1e-5)
    items, _ = model.recommend(np.arange(len(x)), confidence, N=10)
    lists = ours.recommend(k=10)["item_id"].to_numpy().reshape(len(x), 10)
    assert (ours.items_.to_numpy()[items] == lists).mean() > 0.99
