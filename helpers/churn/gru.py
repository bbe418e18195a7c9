"""A gated recurrent unit (GRU), trained by backpropagation through time, in NumPy.

Arrays of a batch are (steps, users, …), so that a step is one block of memory. The three parts of
the unit stand side by side in the weights: update gate, reset gate, candidate.
"""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from helpers.churn.models import classifiers
from helpers.churn.profit import require_both_classes
from helpers.data import checks

PATIENCE = 5  # epochs without a lower validation loss, after which the training stops
DECAY = 0.9, 0.999  # of Adam's two moving averages


class GRUClassifier(ClassifierMixin, BaseEstimator):
    """Predict churn from sequences by a GRU with a logistic regression on its last state.

    From the state h of the step before and the input x of this one,

        z = σ(W_z x + U_z h + b_z)              update gate
        r = σ(W_r x + U_r h + b_r)              reset gate
        c = tanh(W_c x + U_c (r ⊙ h) + b_c)     candidate
        h ← z ⊙ h + (1 − z) ⊙ c

    starting with h = 0. This is the unit of Cho et al. (2014); in the variant of some libraries,
    such as PyTorch, r multiplies U_c h instead. Then p = σ(v·h + w·f + a), where f are features
    besides the sequence, if there are any.

    Training minimizes the mean log loss plus α/2 times the sum of all squared weights, by Adam, on
    batches. A part of the users is the validation set: training stops when their log loss has not
    fallen for 5 epochs, and the weights of the best epoch are kept (early stopping).

    Parameters
    ----------
    units : length of the state.
    epochs : largest number of passes over the training users.
    batch_size : users per step of Adam.
    learning_rate : size of a step of Adam.
    alpha : α ≥ 0, the strength of the L2 regularization.
    validation : share of the users in the validation set.
    random_state : seed of the first weights, of the validation set and of the batches.

    Attributes
    ----------
    kernel_ : W, shape (channels, 3 units). recurrent_ : U, (units, 3 units). bias_ : b, (3 units,).
    coef_ : v and w, (units + features,). intercept_ : a, (1,).
    losses_ : validation log loss after each epoch.
    classes_ : [False, True].

    References
    ----------
    Cho et al. (2014), https://doi.org/10.3115/v1/D14-1179; Werbos (1990),
    https://doi.org/10.1109/5.58337; Kingma & Ba (2015), https://doi.org/10.48550/arXiv.1412.6980

    Examples
    --------
    >>> columns = pd.MultiIndex.from_product([[1, 0], ["purchases"]])
    >>> x = pd.DataFrame([[0.0, 1.0], [1.0, 0.0]] * 50, columns=columns)
    >>> y = pd.Series([False, True] * 50)  # anyone who bought last week stays
    >>> GRUClassifier(units=4, epochs=60).fit(x, y).predict(x).tolist()[:3]
    [False, True, False]
    """

    def __init__(
        self,
        units: int = 16,
        epochs: int = 40,
        batch_size: int = 256,
        learning_rate: float = 0.01,
        alpha: float = 1e-3,
        validation: float = 0.15,
        random_state: int = 0,
    ):
        self.units = units
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.alpha = alpha
        self.validation = validation
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: pd.Series, features: pd.DataFrame | None = None) -> Self:
        """Learn from sequences, as from `weekly_sequences`, and labels in the same order.

        ``features``, as from `churn_features`, are prepared as for the logistic regression of
        `classifiers`.
        """
        for name in ("units", "epochs", "batch_size"):
            checks.require_whole(name, getattr(self, name))
        checks.require_share("validation", self.validation)
        require_both_classes(y)
        self.columns_ = _columns(X)
        self.prepare_ = None if features is None else classifiers()["logistic"][:-1].fit(features)
        self.classes_ = np.array([False, True])
        values = X.to_numpy(float).reshape(len(X), *self.columns_.levshape)
        self.mean_, self.scale_ = values.mean((0, 1)), values.std((0, 1))
        self.scale_[self.scale_ == 0] = 1
        x, f, churned = *self._inputs(X, features), np.asarray(y, float)

        rng = np.random.default_rng(self.random_state)
        order = rng.permutation(len(churned))
        held, rest = np.split(order, [max(1, round(self.validation * len(order)))])
        self._start(x.shape[2], f.shape[1], churned.mean(), rng)
        adam = Adam(self._weights(), self.learning_rate)
        self.losses_, best = [], self._weights()
        for _ in range(self.epochs):
            rng.shuffle(rest)
            for i in np.split(rest, range(self.batch_size, len(rest), self.batch_size)):
                adam.step(self._gradient(x[:, i], f[i], churned[i]))
            q = np.clip(self._probability(x[:, held], f[held]), 1e-12, 1 - 1e-12)
            self.losses_.append(-np.log(np.where(churned[held], q, 1 - q)).mean())
            lowest = int(np.argmin(self.losses_))
            if lowest == len(self.losses_) - 1:
                best = [weight.copy() for weight in self._weights()]
            elif len(self.losses_) - 1 - lowest >= PATIENCE:
                break
        self.kernel_, self.recurrent_, self.bias_, self.coef_, self.intercept_ = best
        return self

    def predict_proba(self, X: pd.DataFrame, features: pd.DataFrame | None = None) -> np.ndarray:
        """Return the probabilities of staying and of churning, shape (users, 2)."""
        p = self._probability(*self._inputs(X, features))
        return np.column_stack([1 - p, p])

    def predict(self, X: pd.DataFrame, features: pd.DataFrame | None = None) -> np.ndarray:
        """Return whether churn is more probable than not."""
        return self.predict_proba(X, features)[:, 1] > 0.5

    def states(self, X: pd.DataFrame) -> np.ndarray:
        """Return the state of every user after each step, shape (users, steps, units)."""
        hidden, _ = forward(self._inputs(X)[0], self.kernel_, self.recurrent_, self.bias_)
        return np.stack(hidden[1:], axis=1)

    def _start(self, channels: int, features: int, rate: float, rng: np.random.Generator) -> None:
        """Draw the first weights; with them everybody gets the churn rate."""
        spread = 1 / np.sqrt(self.units)
        self.kernel_ = rng.uniform(-spread, spread, (channels, 3 * self.units))
        self.recurrent_ = rng.uniform(-spread, spread, (self.units, 3 * self.units))
        self.bias_ = np.zeros(3 * self.units)
        self.coef_ = np.zeros(self.units + features)
        self.intercept_ = np.array([np.log(rate / (1 - rate))])

    def _weights(self) -> list[np.ndarray]:
        return [self.kernel_, self.recurrent_, self.bias_, self.coef_, self.intercept_]

    def _inputs(self, X: pd.DataFrame, features: pd.DataFrame | None = None) -> tuple:
        """Return the scaled sequences, (steps, users, channels), and the features, (users, …)."""
        check_is_fitted(self, "columns_")
        if not _columns(X).equals(self.columns_):
            raise ValueError(
                "X needs the columns it was fitted with: the same steps and channels, in their "
                "order. Build it with the same weeks, every and tables."
            )
        x = X.to_numpy(float).reshape(len(X), *self.columns_.levshape)
        x = np.ascontiguousarray(((x - self.mean_) / self.scale_).transpose(1, 0, 2))
        if features is None:
            return x, np.empty((len(X), 0))
        if not features.index.equals(X.index):
            raise ValueError("X and features need the same users in the same order.")
        if self.prepare_ is None:
            raise ValueError("The model was fitted without features. Fit it with them, too.")
        return x, np.asarray(self.prepare_.transform(features))

    def _probability(self, x: np.ndarray, f: np.ndarray) -> np.ndarray:
        hidden, _ = forward(x, self.kernel_, self.recurrent_, self.bias_)
        return sigmoid(np.hstack([hidden[-1], f]) @ self.coef_ + self.intercept_)

    def _gradient(self, x: np.ndarray, f: np.ndarray, churned: np.ndarray) -> list[np.ndarray]:
        """Return the derivatives of the mean log loss with its penalty, by all weights."""
        hidden, gates = forward(x, self.kernel_, self.recurrent_, self.bias_)
        last = np.hstack([hidden[-1], f])
        error = (sigmoid(last @ self.coef_ + self.intercept_) - churned) / len(churned)
        by_state = np.outer(error, self.coef_[: self.units])
        kernel, recurrent, bias = backward(by_state, x, hidden, gates, self.recurrent_)
        return [
            kernel + self.alpha * self.kernel_,
            recurrent + self.alpha * self.recurrent_,
            bias,
            last.T @ error + self.alpha * self.coef_,
            error.sum(keepdims=True),
        ]


def sigmoid(a: np.ndarray) -> np.ndarray:
    """Return σ(a) = 1 / (1 + e^−a), several times as fast as scipy's expit, by NumPy's tanh."""
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def forward(x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> tuple[list, list]:
    """Run the unit over x, (steps, users, channels): all states, the first 0, and all gates."""
    k = len(U)
    h = np.zeros((x.shape[1], k))
    hidden, gates = [h], []
    for inputs in x:
        a = inputs @ W + b
        z = sigmoid(a[:, :k] + h @ U[:, :k])
        r = sigmoid(a[:, k : 2 * k] + h @ U[:, k : 2 * k])
        c = np.tanh(a[:, 2 * k :] + (r * h) @ U[:, 2 * k :])
        h = z * h + (1 - z) * c
        hidden.append(h)
        gates.append((z, r, c))
    return hidden, gates


def backward(dh: np.ndarray, x: np.ndarray, hidden: list, gates: list, U: np.ndarray) -> tuple:
    """Return the derivatives by W, U and b, given those by the last state, (users, units)."""
    k = len(U)
    dW, dU, db = np.zeros((x.shape[2], 3 * k)), np.zeros_like(U), np.zeros(3 * k)
    for t in reversed(range(len(x))):
        (z, r, c), h = gates[t], hidden[t]
        dc = dh * (1 - z) * (1 - c * c)
        by_reset = dc @ U[:, 2 * k :].T
        both = np.hstack([dh * (h - c) * z * (1 - z), by_reset * h * r * (1 - r)])
        da = np.hstack([both, dc])
        dW += x[t].T @ da
        db += da.sum(axis=0)
        dU += np.hstack([h.T @ both, (r * h).T @ dc])
        dh = dh * z + by_reset * r + both @ U[:, : 2 * k].T
    return dW, dU, db


class Adam:
    """Gradient descent with a step size of its own for each weight (Kingma & Ba 2015).

        m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  w ← w − γ m̂ / (√ŝ + ε)

    where m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) undo the start at 0. The weights are changed in
    place.
    """

    def __init__(self, weights: list[np.ndarray], learning_rate: float):
        self.weights, self.learning_rate, self.t = weights, learning_rate, 0
        self.moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]

    def step(self, gradient: list[np.ndarray]) -> None:
        """Move all weights one step down the gradient."""
        self.t += 1
        undo, undo_square = (1 - decay**self.t for decay in DECAY)
        for weight, (m, s), g in zip(self.weights, self.moments, gradient, strict=True):
            m += (1 - DECAY[0]) * (g - m)
            s += (1 - DECAY[1]) * (g * g - s)
            weight -= self.learning_rate * (m / undo) / (np.sqrt(s / undo_square) + 1e-8)


def _columns(X: pd.DataFrame) -> pd.MultiIndex:
    """Return the columns of sequences, checked, as are their values."""
    columns = getattr(X, "columns", pd.Index([]))
    if columns.nlevels == 2:
        columns = columns.remove_unused_levels()
    if columns.nlevels != 2 or len(columns) != np.prod(columns.levshape):
        raise ValueError(
            "X is a table with the columns (weeks_ago, channel), every channel in every step, as "
            "from weekly_sequences."
        )
    values = X.to_numpy()
    if len(X) == 0 or values.dtype.kind not in "if" or not np.isfinite(values).all():
        flat = X.set_axis([f"{channel}, {ago} weeks ago" for ago, channel in columns], axis=1)
        checks.require(flat, **dict.fromkeys(flat, "number"))  # one by one, to name the first
    return columns
