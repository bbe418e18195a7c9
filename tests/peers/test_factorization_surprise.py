"""Explicit matrix factorization against scikit-surprise, on drawn ratings and on MovieLens."""

import numpy as np
import pandas as pd
import pytest
from surprise import SVD, Dataset, Reader

from helpers.data import downloads, sources
from helpers.evaluation.metrics import rmse
from helpers.evaluation.splits import split_folds
from helpers.recommend.factorization import MatrixFactorization

COLUMNS = ["user_id", "item_id", "rating"]


@pytest.fixture(scope="module")
def ratings() -> pd.DataFrame:
    if not downloads.is_cached("movielens_small"):
        pytest.skip("MovieLens small is not there: python -m tools.data movielens_small")
    return sources.load_movielens_small()["ratings"][COLUMNS]


def surprise(train: pd.DataFrame, **options) -> SVD:
    trainset = Dataset.load_from_df(train, Reader(rating_scale=(0.5, 5))).build_full_trainset()
    return SVD(random_state=0, **options).fit(trainset)


def predicted(model: SVD, pairs: pd.DataFrame) -> pd.DataFrame:
    triples = pairs[COLUMNS].itertuples(index=False)
    return pairs.assign(prediction=[model.predict(*triple).est for triple in triples])


def waves(users: np.ndarray, items: np.ndarray) -> list[np.ndarray]:
    """Cut ratings into waves: each waits for those before it of its user and of its item.

    So the order of the ratings is kept wherever it matters.
    """
    wave, last_u, last_i = [], dict.fromkeys(users, 0), dict.fromkeys(items, 0)
    for u, i in zip(users.tolist(), items.tolist(), strict=True):
        last_u[u] = last_i[i] = max(last_u[u], last_i[i]) + 1
        wave.append(last_u[u])
    order = np.argsort(wave, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(np.array(wave)[order])) + 1)


def in_their_order(theirs: SVD, train: pd.DataFrame) -> MatrixFactorization:
    """Return our model after our steps from their start in their order: always user by user."""
    trainset, start = theirs.trainset, np.random.RandomState(0)
    ours = MatrixFactorization(
        theirs.n_factors, theirs.reg_bu, epochs=1, learning_rate=theirs.lr_bu
    ).fit(train)
    users = ours.users_.get_indexer([trainset.to_raw_uid(n) for n in trainset.all_users()])
    items = ours.items_.get_indexer([trainset.to_raw_iid(n) for n in trainset.all_items()])
    ours.user_bias_[:], ours.item_bias_[:] = 0, 0
    ours.user_factors_[users] = start.normal(0, 0.1, (len(users), theirs.n_factors))
    ours.item_factors_[items] = start.normal(0, 0.1, (len(items), theirs.n_factors))
    u, i, ratings = map(np.array, zip(*trainset.all_ratings(), strict=True))
    parts = waves(u, i)
    for _ in range(theirs.n_epochs):
        for part in parts:
            ours._step(users[u[part]], items[i[part]], ratings[part])
    return ours


def test_single_predictions_from_the_same_start_in_the_same_order():
    rng = np.random.default_rng(0)
    u, i = np.nonzero(rng.random((40, 30)) < 0.4)
    train = pd.DataFrame({"user_id": u, "item_id": i, "rating": rng.integers(1, 11, len(u)) / 2})
    theirs = surprise(train, n_factors=10, n_epochs=5, lr_all=0.02, reg_all=0.1)
    everything = pd.MultiIndex.from_product([range(42), range(32)], names=COLUMNS[:2])
    pairs = everything.to_frame(index=False).assign(rating=3.0)  # two of each are unknown
    found = in_their_order(theirs, train).predict(pairs)["prediction"]
    np.testing.assert_allclose(found, predicted(theirs, pairs)["prediction"], rtol=0, atol=1e-9)


def test_movielens(ratings):
    train, test = next(iter(split_folds(ratings)))
    theirs = surprise(train)
    expected = predicted(theirs, test)
    found = in_their_order(theirs, train).predict(test)
    np.testing.assert_allclose(found["prediction"], expected["prediction"], rtol=0, atol=1e-6)
    assert rmse(found) == pytest.approx(rmse(expected), abs=1e-9)
    # Users are not drawn in turn, but shuffled: a little better. So is alternating.
    assert rmse(expected) == pytest.approx(0.878, abs=0.002)
    shuffled = MatrixFactorization(100, 0.02, 20, solver="sgd", learning_rate=0.005).fit(train)
    assert rmse(expected) - 0.01 < rmse(shuffled.predict(test)) < rmse(expected)
    assert rmse(MatrixFactorization().fit(train).predict(test)) < rmse(expected) - 0.01
