"""The states of the gated recurrent unit with Keras, from the same weights."""

import os

import numpy as np
import pandas as pd
import pytest

from helpers import churn

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras")


def test_states_are_those_of_keras():
    rng = np.random.default_rng(0)
    columns = pd.MultiIndex.from_product([range(26)[::-1], ["purchases", "spent", "views"]])
    x = pd.DataFrame(rng.random((50, 78)), columns=columns)
    y = pd.Series(rng.random(50) < 0.5)
    model = churn.GRUClassifier(units=8, epochs=5, learning_rate=0.1).fit(x, y)
    # reset_after=False is the unit of the paper: the reset gate before the matrix.
    layer = keras.layers.GRU(8, reset_after=False, return_sequences=True)
    layer.build((None, 26, 3))
    layer.set_weights([model.kernel_, model.recurrent_, model.bias_])
    values = (x.to_numpy().reshape(50, 26, 3) - model.mean_) / model.scale_
    theirs = keras.ops.convert_to_numpy(layer(values.astype("float32")))
    assert np.abs(model.states(x) - theirs).max() < 1e-5  # Keras computes in single precision
