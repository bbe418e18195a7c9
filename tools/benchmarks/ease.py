"""EASE beside a ridge regression for each item, and its curve over the number of items."""

import functools

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge

from helpers.recommend.ease import EASE
from tools.bench import Against, Alone

LAM = 100.0


@functools.cache
def views(items: int, users: int = 3_000) -> pd.DataFrame:
    """Return what users viewed, about twenty items each, some items far more often than others."""
    rng = np.random.default_rng(0)
    popular = np.arange(1, items + 1) ** -0.7
    item = rng.choice(items, (users, 20), p=popular / popular.sum())
    pairs = pd.DataFrame({"user_id": np.repeat(np.arange(users), 20), "item_id": item.ravel()})
    return pairs.drop_duplicates(ignore_index=True).assign(rating=1)


def at_once(items: int) -> np.ndarray:
    """Return the weights by one inverse."""
    return EASE(LAM).fit(views(items)).weights_


def column_by_column(items: int) -> np.ndarray:
    """Return the weights by a regression of each item on the others."""
    X = pd.crosstab(views(items)["user_id"], views(items)["item_id"]).to_numpy(float)
    weights = np.zeros((X.shape[1], X.shape[1]))
    for item in range(X.shape[1]):
        others = np.arange(X.shape[1]) != item
        ridge = Ridge(LAM, fit_intercept=False).fit(X[:, others], X[:, item])
        weights[others, item] = ridge.coef_
    return weights


ROWS = [
    Against(
        work="EASE, 200 items",
        peer="scikit-learn Ridge, item by item",
        goal=20,
        ours=lambda: at_once(200),
        theirs=lambda: column_by_column(200),
        same=functools.partial(np.testing.assert_allclose, atol=1e-8),
        runs=1,
    ),
    *(  # twice the items: four times the weights, and eight times the operations
        Alone(
            work=f"EASE, {items:,} items",
            code=f"from tools.benchmarks import ease; ease.at_once({items})",
            seconds=seconds,
            gigabytes=gigabytes,
        )
        for items, seconds, gigabytes in ((1_000, 5, 0.6), (2_000, 10, 0.6), (4_000, 40, 0.8))
    ),
]
