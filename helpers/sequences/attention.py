"""Self-attention by hand: the forward pass of a SASRec block, and its gradients.

Arrays have the shape (sessions, positions, d). ``weights`` is a dict of arrays, and each gradient
has the key of its weight. A pass returns its result and ``kept``, what its gradient needs.
"""

import numpy as np
from scipy import sparse

Weights = dict[str, np.ndarray]
EPSILON = 1e-8


def first_weights(items: int, length: int, d: int, rng: np.random.Generator) -> Weights:
    """Return small random weights: ``E`` (items, d), ``P`` (length, d), and those of the block."""
    weights = {"E": rng.normal(0, 0.1, (items, d)), "P": rng.normal(0, 0.1, (length, d))}
    for name in ("Q", "K", "V", "W1", "W2"):
        weights[name] = rng.normal(0, d**-0.5, (d, d))
    weights |= {"b1": np.zeros(d), "b2": np.zeros(d)}
    for norm in ("1", "2", "3"):
        weights |= {f"gain{norm}": np.ones(d), f"bias{norm}": np.zeros(d)}
    return weights


def attention(x: np.ndarray, known: np.ndarray, Q, K, V) -> tuple[np.ndarray, tuple]:
    """Causal self-attention: each position is a weighted mean of itself and those before it.

        A = softmax(x Q (x K)ᵀ / √d),   result = A x V

    with A = 0 for later positions and for those that are empty (``known`` is False).

    Examples
    --------
    >>> x, one = np.array([[[1.0], [3.0]]]), np.ones((1, 1))
    >>> attention(x, np.array([[True, True]]), 0 * one, one, one)[0].tolist()  # equal weights
    [[[1.0], [2.0]]]
    """
    q, k, v = x @ Q, x @ K, x @ V
    length, d = x.shape[1:]
    own = np.eye(length, dtype=bool)
    allowed = np.tri(length, dtype=bool) & (known[:, None, :] | own)
    logits = np.where(allowed, q @ k.swapaxes(1, 2) / np.sqrt(d), -np.inf)
    A = softmax(logits)
    return A @ v, (x, q, k, v, A)


def attention_gradient(dy: np.ndarray, kept: tuple, Q, K, V) -> tuple[np.ndarray, Weights]:
    """Return the gradient with respect to x, and those of Q, K and V."""
    x, q, k, v, A = kept
    dv, dA = A.swapaxes(1, 2) @ dy, dy @ v.swapaxes(1, 2)
    dlogits = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(x.shape[2])
    dq, dk = dlogits @ k, dlogits.swapaxes(1, 2) @ q
    dx = dq @ Q.T + dk @ K.T + dv @ V.T
    return dx, {"Q": _product(x, dq), "K": _product(x, dk), "V": _product(x, dv)}


def norm(x: np.ndarray, gain: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, tuple]:
    """Layer normalization: each vector gets mean 0 and variance 1, then a gain and a bias."""
    centered = x - x.mean(axis=2, keepdims=True)
    scale = 1 / np.sqrt((centered**2).mean(axis=2, keepdims=True) + EPSILON)
    unit = centered * scale
    return unit * gain + bias, (unit, scale, gain)


def norm_gradient(dy: np.ndarray, kept: tuple) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients with respect to x, gain and bias."""
    unit, scale, gain = kept
    du = dy * gain
    along = unit * (du * unit).mean(axis=2, keepdims=True)
    dx = scale * (du - du.mean(axis=2, keepdims=True) - along)
    return dx, (dy * unit).sum(axis=(0, 1)), dy.sum(axis=(0, 1))


def forward(weights: Weights, started: np.ndarray) -> tuple[np.ndarray, tuple]:
    """Return a vector for each position of the sessions, and what the gradient needs.

        H = √d E[items] + P,   G = H + attention(norm(H)),
        F = G + max(0, norm(G) W1 + b1) W2 + b2,   result = norm(F)

    ``started`` has the items' positions in ``E``; -1 is an empty place.
    """
    w, known = weights, started >= 0
    H = np.sqrt(w["E"].shape[1]) * w["E"][started] * known[:, :, None] + w["P"]
    first, kept1 = norm(H, w["gain1"], w["bias1"])
    mixed, kept_a = attention(first, known, w["Q"], w["K"], w["V"])
    G = H + mixed
    second, kept2 = norm(G, w["gain2"], w["bias2"])
    hidden = np.maximum(second @ w["W1"] + w["b1"], 0)
    F = G + hidden @ w["W2"] + w["b2"]
    result, kept3 = norm(F, w["gain3"], w["bias3"])
    return result, (started, kept1, kept_a, kept2, second, hidden, kept3)


def backward(weights: Weights, dresult: np.ndarray, kept: tuple) -> Weights:
    """Return the gradient of each weight, given that of the result: `forward`, from its end."""
    started, kept1, kept_a, kept2, second, hidden, kept3 = kept
    w, found = weights, {}
    dF, found["gain3"], found["bias3"] = norm_gradient(dresult, kept3)
    dhidden = (dF @ w["W2"].T) * (hidden > 0)
    found |= {"W2": _product(hidden, dF), "b2": dF.sum(axis=(0, 1))}
    found |= {"W1": _product(second, dhidden), "b1": dhidden.sum(axis=(0, 1))}
    dG, found["gain2"], found["bias2"] = norm_gradient(dhidden @ w["W1"].T, kept2)
    dG += dF
    dfirst, of_attention = attention_gradient(dG, kept_a, w["Q"], w["K"], w["V"])
    found |= of_attention
    dH, found["gain1"], found["bias1"] = norm_gradient(dfirst, kept1)
    dH += dG
    found["P"] = dH.sum(axis=0)
    items, d = w["E"].shape
    found["E"] = sum_by_item(started[started >= 0], np.sqrt(d) * dH[started >= 0], items)
    return found


def sum_by_item(item: np.ndarray, vectors: np.ndarray, items: int) -> np.ndarray:
    """Return for each item the sum of its vectors, shape (items, d).

    Examples
    --------
    >>> sum_by_item(np.array([1, 1, 0]), np.array([[2.0], [3.0], [4.0]]), 2).tolist()
    [[4.0], [5.0]]
    """
    n = len(item)
    return sparse.csr_array((np.ones(n), (item, np.arange(n))), (items, n)) @ vectors


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return exp(logits) divided by its sum over the last axis."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def _product(x: np.ndarray, dy: np.ndarray) -> np.ndarray:
    """Return Σ xᵀ dy over all sessions and positions: the gradient of W in x W."""
    return x.reshape(-1, x.shape[2]).T @ dy.reshape(-1, dy.shape[2])
