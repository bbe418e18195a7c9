"""Vectors of users and items: what the models that learn them share."""

import numpy as np
from tqdm import tqdm

from helpers.data import checks
from helpers.recommend.base import Recommender

PAIRS = 100_000  # whose vectors are gathered at once
LARGEST = 1e6  # absolute value in a vector; a model that has not diverged stays far below


def check_settings(model: Recommender, *positive: str) -> None:
    """Check the sizes of a factorization, and that parameters are above 0."""
    checks.require_whole("factors", model.factors)
    checks.require_whole("epochs", model.epochs)
    for name in positive:
        if not getattr(model, name) > 0:
            raise ValueError(f"{name} is a number above 0; got {getattr(model, name)}.")


def epochs(model: Recommender) -> tqdm:
    """Count epochs, with a progress bar if they take long."""
    return tqdm(range(model.epochs), type(model).__name__, unit="epoch", delay=10, leave=False)


def check_bounded(model: Recommender) -> None:
    """Refuse vectors that have diverged because the gradient steps were too long."""
    for factors in (model.user_factors_, model.item_factors_):
        if not (np.abs(factors) < LARGEST).all():  # NaN is refused, too
            raise ValueError(
                f"{type(model).__name__}: the factors grow without end. Choose a learning_rate "
                f"below {model.learning_rate:g}."
            )


def dots(x: np.ndarray, rows: np.ndarray, y: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return x_uᵀy_i of each pair (u, i)."""
    parts = [slice(start, start + PAIRS) for start in range(0, len(rows), PAIRS)]
    dots = [np.vecdot(x[rows[part]], y[columns[part]]) for part in parts]
    return np.concatenate(dots) if dots else np.zeros(0)


def cosines(vectors: np.ndarray, row: int) -> np.ndarray:
    """Return the cosine of one vector with each, NaN for a vector of zeros."""
    norms = np.linalg.norm(vectors, axis=1)
    with np.errstate(invalid="ignore"):
        return vectors @ vectors[row] / (norms * norms[row])


class ItemBiasModel(Recommender):
    """Base of models that score x_ui = b_i + p_uᵀq_i, from ``item_bias_`` and the factors."""

    def _predict(self, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = (users >= 0) & (items >= 0)
        u, i = users[known], items[known]
        score = np.zeros(len(users))
        score[known] = self.item_bias_[i] + dots(self.user_factors_, u, self.item_factors_, i)
        return score, ~known

    def _scores(self, users: np.ndarray) -> np.ndarray:
        scores = self.user_factors_[users] @ self.item_factors_.T + self.item_bias_
        scores[users < 0] = np.nan
        return scores

    def _similarities(self, item: int) -> np.ndarray:
        return cosines(self.item_factors_, item)


def replaced(
    values: np.ndarray, size: int, where: np.ndarray, by: np.ndarray | float
) -> np.ndarray:
    """Return a copy, lengthened to a size, with some rows replaced."""
    longer = np.zeros((size, *values.shape[1:]))
    longer[: len(values)] = values
    longer[where] = by
    return longer
