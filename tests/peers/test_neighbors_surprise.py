"""Neighbors against scikit-surprise: every prediction, on the same folds of MovieLens small.

With ties at the edge of the k, Surprise takes the rater that stood first in its training set, and
we the first id. The training set is sorted by id, so both are the same. What a tie is, Surprise
leaves to the last digit of a similarity, and we to the tenth, so its similarities are rounded.

What Surprise does otherwise is where there is no neighbor. KNNBasic then predicts the mean of all
ratings, and KNNWithMeans and KNNWithZScore that of the user (or item); ours predict the baseline,
as does KNNBaseline. So those pairs are compared with what Surprise says they should be. Its
`pearson_baseline` is no measure of ours: it correlates deviations from b_ui, not from the means of
what is co-rated, and damps by (n − 1) / (n − 1 + λ), where Koren has n / (n + λ).
"""

import numpy as np
import pandas as pd
import pytest
from surprise import Dataset, KNNBaseline, KNNBasic, KNNWithMeans, KNNWithZScore, Reader

from helpers.data import downloads, sources
from helpers.evaluation.splits import split_folds
from helpers.recommend.neighbors import ItemKNN, UserKNN
from helpers.similarity.ranking import rounded

COLUMNS = ["user_id", "item_id", "rating"]
PAIRS = 4_000  # of a fold, where similarities and not errors are compared
CENTERS = {None: KNNBasic, "mean": KNNWithMeans, "zscore": KNNWithZScore, "baseline": KNNBaseline}

pytestmark = pytest.mark.skipif(
    not downloads.is_cached("movielens_small"), reason="MovieLens not downloaded"
)


@pytest.fixture(scope="module")
def ratings() -> pd.DataFrame:
    return sources.load_movielens_small()["ratings"][COLUMNS].sort_values(COLUMNS)


@pytest.fixture(scope="module")
def common(ratings) -> pd.DataFrame:
    """Ratings of films that at least ten have rated: Surprise keeps the matrix of all items."""
    return ratings[ratings.groupby("item_id")["rating"].transform("size") >= 10]


def both(model, train: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    """Predict the test set with ours, and with Surprise's of the same parameters."""
    trainset = Dataset.load_from_df(train, Reader(rating_scale=(0.5, 5))).build_full_trainset()
    theirs = CENTERS[model.center](
        k=model.k,
        min_k=model.min_k,
        sim_options={"name": model.similarity, "user_based": type(model) is UserKNN},
        verbose=False,
    ).fit(trainset)
    theirs.sim = rounded(theirs.sim)
    pairs = zip(test["user_id"], test["item_id"], strict=True)
    return model.fit(train).predict(test).assign(surprise=[theirs.predict(*p).est for p in pairs])


@pytest.mark.parametrize("model", [UserKNN, ItemKNN])
@pytest.mark.parametrize("similarity", ["msd", "cosine", "pearson"])
@pytest.mark.parametrize("center", CENTERS)
def test_every_prediction_is_the_same(model, similarity, center, common):
    train, test = next(split_folds(common, 5))
    test = test.sample(PAIRS, random_state=0)
    found = both(model(similarity=similarity, center=center), train, test)
    alone = found["fallback"] & (center != "baseline")
    np.testing.assert_allclose(found["prediction"][~alone], found["surprise"][~alone], atol=1e-9)
    mean = train["rating"].mean()
    by = "user_id" if model is UserKNN else "item_id"
    expected = found[by].map(train.groupby(by)["rating"].mean())
    strangers = ~found["user_id"].isin(train["user_id"]) | ~found["item_id"].isin(train["item_id"])
    if center is None:
        expected = mean
    theirs = pd.Series(expected, found.index).mask(strangers, mean)
    np.testing.assert_allclose(found["surprise"][alone], theirs[alone], atol=1e-9)
    assert (~alone).sum() > 3_500


@pytest.mark.parametrize("model", [UserKNN, ItemKNN])
def test_min_k_is_the_same(model, common):
    train, test = next(split_folds(common, 5))
    test = test.sample(PAIRS, random_state=0)
    found = both(model(k=40, min_k=40, similarity="msd", center="baseline"), train, test)
    assert found["fallback"].sum() > 20
    np.testing.assert_allclose(found["prediction"], found["surprise"], atol=1e-9)
