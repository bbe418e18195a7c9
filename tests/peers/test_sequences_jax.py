"""The forward pass of SASRec with the layers of Keras, and its gradients with those of JAX."""

import os

import numpy as np
import pytest

from helpers.sequences.attention import backward, first_weights, forward

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras")
jax = pytest.importorskip("jax")
jnp = jax.numpy

STARTED = np.array([[3, 1, 4, 1], [0, 2, 2, 5]])
D = 6


@pytest.fixture
def weights():
    rng = np.random.default_rng(0)
    found = first_weights(6, 4, D, rng)
    return {name: each + rng.normal(0, 0.3, each.shape) for name, each in found.items()}


def normed(x, gain, bias):
    layer = keras.layers.LayerNormalization(epsilon=1e-8)
    layer.build(x.shape)
    layer.set_weights([gain, bias])
    return keras.ops.convert_to_numpy(layer(x))


def test_the_vectors_are_those_of_keras(weights):
    w = weights
    H = np.sqrt(D) * w["E"][STARTED] + w["P"]
    first = normed(H, w["gain1"], w["bias1"])
    layer = keras.layers.MultiHeadAttention(num_heads=1, key_dim=D, use_bias=False)
    layer.build(first.shape, first.shape)
    unit = np.eye(D)[None]  # Keras has one more matrix, after the attention
    layer.set_weights([w["Q"][:, None], w["K"][:, None], w["V"][:, None], unit])
    G = H + keras.ops.convert_to_numpy(layer(first, first, use_causal_mask=True))
    second = normed(G, w["gain2"], w["bias2"])
    hidden = keras.ops.convert_to_numpy(keras.ops.relu(second @ w["W1"] + w["b1"]))
    theirs = normed(G + hidden @ w["W2"] + w["b2"], w["gain3"], w["bias3"])
    ours, _ = forward(w, STARTED)
    assert np.abs(ours - theirs).max() < 1e-5  # Keras computes in single precision


def of_jax(w, started):
    """Write the same in JAX, which finds the gradients by itself."""

    def norm(x, n):
        unit = (x - x.mean(-1, keepdims=True)) / jnp.sqrt(x.var(-1, keepdims=True) + 1e-8)
        return unit * w[f"gain{n}"] + w[f"bias{n}"]

    H = jnp.sqrt(D) * w["E"][started] + w["P"]
    x = norm(H, 1)
    logits = (x @ w["Q"]) @ (x @ w["K"]).swapaxes(1, 2) / jnp.sqrt(D)
    logits = jnp.where(jnp.tri(started.shape[1], dtype=bool), logits, -jnp.inf)
    G = H + jax.nn.softmax(logits) @ (x @ w["V"])
    F = G + jax.nn.relu(norm(G, 2) @ w["W1"] + w["b1"]) @ w["W2"] + w["b2"]
    return norm(F, 3)


def test_the_gradients_are_those_of_jax(weights):
    direction = np.random.default_rng(1).normal(size=(2, 4, D))
    theirs = jax.grad(lambda w: (of_jax(w, STARTED) * direction).sum())(weights)
    _, kept = forward(weights, STARTED)
    ours = backward(weights, direction, kept)
    assert ours.keys() == theirs.keys()
    for name, gradient in ours.items():
        np.testing.assert_allclose(gradient, theirs[name], rtol=2e-4, atol=2e-4)
