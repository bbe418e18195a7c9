"""SASRec: self-attention over the items of a session predicts the next one."""

import numpy as np
from scipy.special import expit, log_expit
from threadpoolctl import threadpool_limits

from helpers.data import checks
from helpers.sequences.attention import (
    Weights,
    backward,
    first_weights,
    forward,
    softmax,
    sum_by_item,
)
from helpers.sequences.base import SequenceModel

BATCH = 128  # sessions a step
MOMENTS, EPSILON = (0.9, 0.999), 1e-8  # of Adam


class SASRec(SequenceModel):
    """Self-attentive sequential recommendation: one block, one head, no dropout.

    `attention.forward` makes a vector z of all items up to a position; the score of item j as the
    next one is zᵀ e_j, with the same vectors e_j that represent the items in the session. With
    ``negatives=None`` the loss of a position with the next item j is the cross-entropy of the
    softmax over all items,

        −z·e_j + ln Σ_i exp(z·e_i)

    With n negatives it is the loss of the paper (there n = 1): n other items i are drawn at random,

        −ln σ(z·e_j) − Σ_i ln(1 − σ(z·e_i))

    Adam takes a step for each 128 sessions, on the mean over their positions.

    Parameters
    ----------
    factors : d, the length of the vectors.
    length : how many of the last items are looked at.
    epochs : passes over the sessions.
    learning_rate : of Adam.
    negatives : None for all items, or n.
    days : as in `RecentPopularity`, for sessions whose items are all unknown.
    random_state : seed of the first weights, the order and the draws.

    Attributes
    ----------
    weights_ : dict of arrays, see `attention`. losses_ : mean loss of each epoch.

    References
    ----------
    W.-C. Kang & J. McAuley (2018), Self-attentive sequential recommendation, ICDM '18, 197–206,
    doi:10.1109/ICDM.2018.00035. A. Klenitskiy & A. Vasilev (2023), Turning dross into gold loss: is
    BERT4Rec really better than SASRec?, RecSys '23, arXiv:2309.07602.
    D. P. Kingma & J. Ba (2015), Adam: a method for stochastic optimization, arXiv:1412.6980.
    """

    def __init__(
        self,
        factors: int = 16,
        length: int = 10,
        epochs: int = 8,
        learning_rate: float = 0.01,
        negatives: int | None = None,
        days: float | None = None,
        random_state: int = 0,
    ):
        self.factors = factors
        self.length = length
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.negatives = negatives
        self.days = days
        self.random_state = random_state

    def _learn(self, past: np.ndarray) -> None:
        for name in ("factors", "length", "epochs"):
            checks.require_whole(name, getattr(self, name))
        if self.negatives is not None:
            checks.require_whole("negatives", self.negatives)
        rng = np.random.default_rng(self.random_state)
        past = _last(past, self.length + 1)
        past = past[past[:, -2] >= 0]  # with two items or more
        self.weights_ = first_weights(len(self.items_), self.length, self.factors, rng)
        adam = Adam(self.weights_, self.learning_rate)
        with threadpool_limits(1):  # the arrays are small: threads would only wait for each other
            self.losses_ = [self._epoch(past, adam, rng) for _ in range(self.epochs)]

    def _epoch(self, past: np.ndarray, adam: "Adam", rng: np.random.Generator) -> float:
        """Take a step for each batch of the sessions, in random order; return the mean loss."""
        past, losses = rng.permutation(past), []
        for start in range(0, len(past), BATCH):
            loss, gradient = self._loss(past[start : start + BATCH], rng)
            adam.step(gradient)
            losses.append(loss)
        return float(np.mean(losses))

    def _loss(self, past: np.ndarray, rng: np.random.Generator) -> tuple[float, Weights]:
        """Return the mean loss over the positions of some sessions, and its gradient."""
        vectors, kept = forward(self.weights_, past[:, :-1])
        after = np.where(past[:, :-1] >= 0, past[:, 1:], -1)
        at = after >= 0
        z, target = vectors[at], after[at]
        E, n = self.weights_["E"], len(target)
        if self.negatives is None:
            probability = softmax(z @ E.T)
            loss = -np.log(probability[np.arange(n), target]).mean()
            probability[np.arange(n), target] -= 1
            dz, dE = probability @ E / n, probability.T @ z / n
        else:
            drawn = rng.integers(len(E), size=(n, self.negatives))
            items = np.column_stack([target, drawn])
            sign = np.where(np.arange(items.shape[1]) == 0, 1, -1)
            score = np.einsum("nd,nid->ni", z, E[items])
            loss = -log_expit(sign * score).sum(axis=1).mean()
            dscore = -sign * expit(-sign * score) / n
            dz = np.einsum("ni,nid->nd", dscore, E[items])
            each = dscore[:, :, None] * z[:, None, :]
            dE = sum_by_item(items.ravel(), each.reshape(-1, E.shape[1]), len(E))
        dvectors = np.zeros_like(vectors)
        dvectors[at] = dz
        gradient = backward(self.weights_, dvectors, kept)
        gradient["E"] += dE
        return loss, gradient

    def _scores(self, started: np.ndarray) -> np.ndarray:
        vectors, _ = forward(self.weights_, _last(started, self.length))
        scores = vectors[:, -1] @ self.weights_["E"].T
        scores[started[:, -1] < 0] = self.share_
        return scores


class Adam:
    """Adam: steps of the mean gradient over the root of the mean squared gradient."""

    def __init__(self, weights: Weights, rate: float):
        self.weights, self.rate, self.steps = weights, rate, 0
        self.mean = {name: np.zeros_like(each) for name, each in weights.items()}
        self.square = {name: np.zeros_like(each) for name, each in weights.items()}

    def step(self, gradient: Weights) -> None:
        """Change the weights in place."""
        self.steps += 1
        a, b = MOMENTS
        for name, g in gradient.items():
            mean, square = self.mean[name], self.square[name]
            mean += (1 - a) * (g - mean)
            square += (1 - b) * (g**2 - square)
            size = np.sqrt(square / (1 - b**self.steps)) + EPSILON
            self.weights[name] -= self.rate * mean / (1 - a**self.steps) / size


def _last(array: np.ndarray, length: int) -> np.ndarray:
    """Return the last columns, with empty ones before them if there are too few."""
    short = max(0, length - array.shape[1])
    return np.pad(array, ((0, 0), (short, 0)), constant_values=-1)[:, -length:]
