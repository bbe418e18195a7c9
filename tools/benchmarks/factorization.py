"""Matrix factorization beside scikit-surprise, on MovieLens small, and beside `implicit`.

Here the models are not the same, so ours has to be no worse. Each is given the same table, learns
from it and answers: the ratings of a fifth that was held back, or the objective it has reached.
"""

import functools

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from helpers.data import sources
from helpers.evaluation.metrics import rmse
from helpers.evaluation.splits import split_folds
from helpers.recommend.factorization import MatrixFactorization
from helpers.recommend.implicit import ImplicitALS
from tools.bench import Against
from tools.benchmarks import neighbors
from tools.benchmarks.neighbors import COLUMNS

IMPLICIT = {"factors": 64, "regularization": 10.0}


@functools.cache
def movielens(users: int = 610) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return four fifths to learn from, and a fifth; of all users, or of the first ones."""
    ratings = sources.load_movielens_small()["ratings"][COLUMNS]
    return list(split_folds(ratings[ratings["user_id"] <= users]))[-1]


def alternating(users: int = 610, **hyperparameters: int) -> pd.DataFrame:
    """Predict by alternating least squares, by default with its default hyperparameters."""
    train, test = movielens(users)
    return MatrixFactorization(**hyperparameters).fit(train).predict(test)


def surprise(name: str, **users: int) -> pd.DataFrame:
    """Predict by a model of scikit-surprise, which only the extra `peers` has, as it is set."""
    train, test = movielens(**users)
    [predictions] = neighbors.surprise([(train, test)], name, random_state=0)
    return test.assign(prediction=predictions)


def no_worse(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Compare the errors of predicted ratings."""
    assert rmse(ours) <= rmse(theirs), (rmse(ours), rmse(theirs))


@functools.cache
def taken(draws: int = 1_100_000, users: int = 20_000, items: int = 5_000) -> pd.DataFrame:
    """Return how often users took items: of eight circles, each takes four times as much of one."""
    rng = np.random.default_rng(0)
    active = rng.lognormal(0, 1, users)
    popular = np.arange(1, items + 1) ** -0.7
    circle, kind = rng.integers(8, size=users), rng.integers(8, size=items)
    user = np.sort(rng.choice(users, draws, p=active / active.sum()))
    item = np.empty(draws, int)
    for own in range(8):
        likes = popular * np.where(kind == own, 4, 1)
        of_circle = circle[user] == own
        item[of_circle] = rng.choice(items, of_circle.sum(), p=likes / likes.sum())
    return (
        pd.DataFrame({"user_id": user, "item_id": item})
        .value_counts(sort=False)
        .reset_index(name="rating")
    )


def implicit_als() -> float:
    """Reach an objective with ours: eight epochs come further than their fifteen."""
    return ImplicitALS(**IMPLICIT, alpha=10, epochs=8).fit(taken()).objective()


def implicit() -> float:
    """Reach an objective with the library `implicit`, which only the extra `peers` has."""
    from implicit.cpu.als import AlternatingLeastSquares

    (u, users), (i, items) = (pd.factorize(taken()[name], sort=True) for name in COLUMNS[:2])
    confidence = (1 + 10 * taken()["rating"]).to_numpy(np.float32)
    matrix = sparse.csr_matrix((confidence, (u, i)), shape=(len(users), len(items)))
    with threadpool_limits(1, "blas"):  # it warns of more
        model = AlternatingLeastSquares(**IMPLICIT, alpha=1, random_state=0)
        model.fit(matrix, show_progress=False)
    x, y = model.user_factors.astype(float), model.item_factors.astype(float)
    score = (x[u] * y[i]).sum(axis=1)
    stored = (confidence * (1 - score) ** 2 - score**2).sum()
    everywhere = ((x.T @ x) * (y.T @ y)).sum()
    return stored + everywhere + IMPLICIT["regularization"] * ((x**2).sum() + (y**2).sum())


def no_higher(ours: float, theirs: float) -> None:
    """Compare the objectives."""
    assert ours <= theirs, (ours, theirs)


ROWS = [
    Against(
        work="biased factorization, MovieLens small",
        peer="Surprise SVD",
        goal=4,
        ours=alternating,
        theirs=lambda: surprise("SVD"),
        same=no_worse,
        needs=("movielens_small",),
    ),
    Against(
        work="biased factorization, half of its users",
        peer="Surprise SVD++",
        goal=25,
        ours=lambda: alternating(users=305, factors=32),
        theirs=lambda: surprise("SVDpp", users=305),
        same=no_worse,
        needs=("movielens_small",),
    ),
    Against(
        work="implicit ALS, 1M interactions",
        peer="implicit",
        goal=1.2,
        ours=implicit_als,
        theirs=implicit,
        same=no_higher,
    ),
]
