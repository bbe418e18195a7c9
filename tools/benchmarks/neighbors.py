"""Neighbors beside scikit-surprise, rating by rating, and beside `implicit`, list by list.

Each is given the same table and answers with the same numbers. Before that, the tables are sorted,
so that of equal similarities both take the first. The peers' environment has numba, as that of the
extra `fast` has, so neighborhoods and lists are made by the compiled loop. EASE, beside nobody, is
held to its time and its memory.
"""

import functools

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from helpers.data import sources
from helpers.evaluation.splits import split_folds
from helpers.recommend.neighbors import ItemKNN, UserKNN
from helpers.similarity.ratings import rating_matrix
from helpers.similarity.rows import keep_largest
from tools.bench import Against, Alone

COLUMNS = ["user_id", "item_id", "rating"]
CENTERS = {"KNNBasic": None, "KNNWithMeans": "mean", "KNNBaseline": "baseline"}
Folds = list[tuple[pd.DataFrame, pd.DataFrame]]


@functools.cache
def movielens() -> Folds:
    """Return five folds of MovieLens small."""
    ratings = sources.load_movielens_small()["ratings"][COLUMNS].sort_values(COLUMNS)
    return list(split_folds(ratings, 5))


def draw(
    users: int, items: int, ratings: int, spread: tuple[float, float] = (0.8, 1.3)
) -> pd.DataFrame:
    """Return random stars, as unevenly spread over users and items as those of a shop are."""
    rng = np.random.default_rng(0)
    active, popular = (rng.lognormal(0, s, n) for s, n in zip(spread, (users, items), strict=True))
    user, item = (rng.choice(len(p), 3 * ratings, p=p / p.sum()) for p in (active, popular))
    pairs = np.unique(user * items + item)
    pairs = np.sort(rng.choice(pairs, ratings, replace=False))
    stars = np.clip(np.round(rng.normal(3.6, 1.1, ratings)), 1, 5)
    return pd.DataFrame({"user_id": pairs // items, "item_id": pairs % items, "rating": stars})


@functools.cache
def million() -> Folds:
    """Return one fold of a million ratings, as many users and items as MovieLens 1M has."""
    return list(split_folds(draw(6_040, 3_706, 1_000_000), 5))[:1]


def predict(folds: Folds, center: str | None) -> list[pd.DataFrame]:
    """Predict each fold's test set from the rest, by ours."""
    return [
        UserKNN(similarity="msd", center=center).fit(train).predict(test) for train, test in folds
    ]


def surprise(folds: Folds, name: str, **options: int) -> list[np.ndarray]:
    """Predict likewise by scikit-surprise, which only the extra `peers` has."""
    import surprise
    from surprise import Dataset, Reader

    predictions = []
    for train, test in folds:
        scale = train["rating"].min(), train["rating"].max()
        trainset = Dataset.load_from_df(train, Reader(rating_scale=scale)).build_full_trainset()
        model = getattr(surprise, name)(verbose=False, **options).fit(trainset)
        pairs = zip(test["user_id"], test["item_id"], strict=True)
        predictions.append(np.array([model.predict(*pair).est for pair in pairs]))
    return predictions


def same_predictions(ours: list[pd.DataFrame], theirs: list[np.ndarray]) -> None:
    """Compare all that have a neighbor; without one, the two do different things."""
    for mine, other in zip(ours, theirs, strict=True):
        found = ~mine["fallback"].to_numpy()
        assert found.mean() > 0.95
        np.testing.assert_allclose(mine["prediction"][found], other[found], atol=1e-9)


# ---------------------------------------------------------------- implicit feedback


@functools.cache
def journey() -> pd.DataFrame:
    """Return how often each household of Complete Journey bought each product."""
    lines = sources.load_complete_journey()["transactions"]
    return lines.groupby(["user_id", "item_id"]).size().rename("rating").reset_index()


@functools.cache
def article() -> pd.DataFrame:
    """Return as much as the article's case: 10,000 users × 10,000 items, a million ratings."""
    return draw(10_000, 10_000, 1_000_000)


def fit(bought: pd.DataFrame) -> ItemKNN:
    """Find the neighborhoods by ours."""
    return ItemKNN(k=20, similarity="full_cosine", feedback="implicit").fit(bought)


def implicit(bought: pd.DataFrame):
    """Find them by the library `implicit`, which only the extra `peers` has, from the same table.

    Its K counts the item itself, too.
    """
    from implicit.nearest_neighbours import CosineRecommender

    matrix = sparse.csr_matrix(rating_matrix(bought).ratings)
    with threadpool_limits(1, "blas"):  # it warns of more
        model = CosineRecommender(K=21)
        model.fit(matrix, show_progress=False)
    return model, matrix


def recommend(model: ItemKNN) -> pd.DataFrame:
    """Recommend ten items to everybody, by ours."""
    return model.recommend(k=10)


def recommend_implicit(model, matrix: sparse.csr_matrix) -> np.ndarray:
    """Recommend likewise by the library `implicit`; return the scores."""
    return model.recommend(np.arange(matrix.shape[0]), matrix, N=10)[1]


ours_of_article = functools.cache(lambda: fit(article()))
implicit_of_article = functools.cache(lambda: implicit(article()))


def same_neighborhoods(ours: ItemKNN, theirs: tuple) -> None:
    """Compare the similarities of each item's nearest; of equals, the two take different ones.

    An item with more than 20 equals is not among its own 21 of `implicit`.
    """
    near = sparse.csr_array(theirs[0].similarity, copy=True)
    near.setdiag(0)
    near.eliminate_zeros()
    mine, other = ours.neighbors_.tocoo(), keep_largest(near, 20).tocoo()
    np.testing.assert_array_equal(np.sort(mine.row), np.sort(other.row))
    mine, other = (part.data[np.lexsort((part.data, part.row))] for part in (mine, other))
    np.testing.assert_allclose(mine, other, rtol=1e-9)


def same_scores(ours: pd.DataFrame, theirs: np.ndarray) -> None:
    """Compare the scores, best first."""
    np.testing.assert_allclose(ours["score"], theirs.ravel(), rtol=1e-9)


ARTICLE = "10,000 users × 10,000 items, 1M ratings"
ROWS = [
    *(
        Against(
            work="kNN rating prediction, 5 folds of 100k ratings",
            peer=f"scikit-surprise {name}",
            goal=5,  # an item at a time, so that the formula can be read
            ours=lambda center=center: predict(movielens(), center),
            theirs=lambda name=name: surprise(movielens(), name),
            same=same_predictions,
            needs=("movielens_small",),
        )
        for name, center in CENTERS.items()
    ),
    Against(
        work="kNN rating prediction, one fold of 1M ratings",
        peer="scikit-surprise KNNBaseline",
        goal=10,
        ours=lambda: predict(million(), "baseline"),
        theirs=lambda: surprise(million(), "KNNBaseline"),
        same=same_predictions,
    ),
    Against(
        work="item-kNN fit, Complete Journey",
        peer="implicit",
        goal=1,
        ours=lambda: fit(journey()),
        theirs=lambda: implicit(journey()),
        same=same_neighborhoods,
    ),
    Against(
        work=f"item-kNN lists for all users, {ARTICLE}",
        peer="implicit",
        goal=2,
        ours=lambda: recommend(ours_of_article()),
        theirs=lambda: recommend_implicit(*implicit_of_article()),
        same=same_scores,
    ),
    Against(
        work=f"item-kNN fit and lists, {ARTICLE}",
        peer="implicit",
        goal=1.2,
        ours=lambda: recommend(fit(article())),
        theirs=lambda: recommend_implicit(*implicit(article())),
        same=same_scores,
    ),
    Alone(
        work=f"item-kNN fit and lists, {ARTICLE}",
        code="from tools.benchmarks import neighbors as n; n.recommend(n.fit(n.article()))",
        seconds=5,
        gigabytes=2,
    ),
    Alone(  # twice the items: four times the weights, and eight times the operations
        work="EASE, 4,000 items",
        code="from helpers.recommend import EASE; from tools.benchmarks import neighbors as n; "
        "EASE(100).fit(n.draw(3_000, 4_000, 60_000))",
        seconds=40,
        gigabytes=0.8,
    ),
]
