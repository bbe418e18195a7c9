"""A grid of three models that are never fitted: what they achieved is given.

``python -m tests.tracking.tiny`` logs it, as ``python -m tools.tracking run`` logs the lessons'.
"""

import pandas as pd

from helpers.recommend import EASE, Popularity
from tools import tracking
from tools.tracked import Grid, Trial

# NDCG of five users on the test set; the validation set puts EASE, λ = 2, first.
USERS = {
    "EASE, λ = 1": [0.2, 0.2, 0.4, 0.4, 0.8],
    "EASE, λ = 2": [0.3, 0.3, 0.5, 0.5, 0.9],
    "popularity": [0.1, 0.1, 0.3, 0.3, 0.7],
}
VALIDATION = {"EASE, λ = 1": 0.4, "EASE, λ = 2": 0.5, "popularity": 0.3}
MODELS = {"EASE, λ = 1": EASE(1), "EASE, λ = 2": EASE(2), "popularity": Popularity()}
DATA, COMMIT = "d" * 64, "c" * 40


def grid(lesson="07", models=MODELS):
    def measure(model, repair):
        name = next(name for name, each in models.items() if each is model)
        users = pd.Series(USERS[name])
        metrics = {"ndcg": users.mean(), "ndcg_low": users.min(), "ndcg_high": users.max()}
        return Trial(metrics, VALIDATION[name], users)

    pairs = {name: (model, None) for name, model in models.items()}
    return Grid(lesson, "list of ten", "ndcg", False, pairs, measure)


if __name__ == "__main__":
    print(tracking.log(grid(), DATA, COMMIT))
