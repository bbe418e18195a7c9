import numpy as np
import pytest

from tools import encoder


@pytest.fixture
def weights(monkeypatch):
    """Six layers of the right shape, but 24 numbers a piece and no knowledge."""
    rng = np.random.default_rng(0)
    shapes = {"word": (50, 24), "position": (9, 24), "token_type": (2, 24)}
    made = {
        f"embeddings.{name}_embeddings.weight": rng.normal(size=s) for name, s in shapes.items()
    }
    linear = {"attention.output.dense": (24, 24), "intermediate.dense": (96, 24)}
    linear |= {f"attention.self.{part}": (24, 24) for part in ("query", "key", "value")}
    linear |= {"output.dense": (24, 96)}
    normalized = ["embeddings"]
    for number in range(encoder.LAYERS):
        layer = f"encoder.layer.{number}"
        normalized += [f"{layer}.attention.output", f"{layer}.output"]
        for name, shape in linear.items():
            made[f"{layer}.{name}.weight"] = rng.normal(size=shape) / 5
            made[f"{layer}.{name}.bias"] = rng.normal(size=shape[0])
    for name in normalized:
        made[f"{name}.LayerNorm.weight"], made[f"{name}.LayerNorm.bias"] = np.ones(24), np.zeros(24)
    return made


def test_a_piece_depends_on_those_around_it_and_their_order_but_not_on_padding(weights):
    ids = np.array([[1, 2, 3, 0, 0], [1, 3, 2, 0, 0], [1, 2, 3, 4, 5]])
    real = np.array([[1, 1, 1, 0, 0]] * 2 + [[1] * 5], bool)
    alone = encoder.forward(ids[:1, :3], real[:1, :3], weights)[0]
    padded, exchanged, longer = encoder.forward(ids, real, weights)
    assert padded[:3] == pytest.approx(alone, abs=1e-9)
    assert abs(exchanged[0] - alone[0]).max() > 1e-3
    assert abs(longer[0] - alone[0]).max() > 1e-3


def test_each_vector_is_normalized_at_the_end(weights):
    vectors = encoder.forward(np.array([[4, 7, 7]]), np.ones((1, 3), bool), weights)
    assert vectors.mean(axis=-1) == pytest.approx(0, abs=1e-9)
    assert vectors.std(axis=-1) == pytest.approx(1)


@pytest.mark.skipif(not encoder.MODEL.exists(), reason="the weights are not unpacked")
def test_the_similarities_that_the_authors_of_the_model_print():
    # From the quick start of the documentation of Sentence Transformers.
    texts = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    vectors = encoder.encode(texts)
    printed = [[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]]
    assert vectors @ vectors.T == pytest.approx(np.array(printed), abs=1e-4)
