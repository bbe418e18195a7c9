"""Self-attention by hand, its gradients against finite differences, and what SASRec learns."""

import numpy as np
import pytest

from helpers.sequences.attention import attention, first_weights, forward, norm, softmax
from helpers.sequences.counting import MarkovChain
from helpers.sequences.next_item import next_item_metrics, plant_steps
from helpers.sequences.sasrec import SASRec
from tests.helpers.sequences.test_next_item import long_sessions


def test_attention_by_hand():
    # Two positions with vectors (1, 0) and (0, 1), and unit matrices: the second has the logits
    # 0 and 1 / √2, so the weights 1 / (1 + e^0.707) = 0.330 and 0.670. The first sees itself only.
    x, unit = np.array([[[1.0, 0], [0, 1]]]), np.eye(2)
    result, _ = attention(x, np.array([[True, True]]), unit, unit, unit)
    np.testing.assert_allclose(result[0], [[1, 0], [0.330, 0.670]], atol=5e-4)


def test_nothing_is_seen_of_later_positions_nor_of_empty_ones():
    rng = np.random.default_rng(0)
    weights = first_weights(6, 4, 3, rng)
    one, _ = forward(weights, np.array([[-1, 2, 3, 4]]))
    other, _ = forward(weights, np.array([[-1, 2, 3, 5]]))
    np.testing.assert_allclose(one[:, 1:3], other[:, 1:3])
    assert np.abs(one[:, 3] - other[:, 3]).max() > 0.01
    weights["P"][0] += 1  # of the empty place
    np.testing.assert_allclose(forward(weights, np.array([[-1, 2, 3, 4]]))[0][:, 1:], one[:, 1:])


def test_norm_and_softmax_by_hand():
    # (1, 3): mean 2, variance 1; so (−1, 1), times 2 plus 1.
    result, _ = norm(np.array([[[1.0, 3.0]]]), np.full(2, 2.0), np.ones(2))
    np.testing.assert_allclose(result[0, 0], [-1, 3], atol=1e-6)
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625])


@pytest.mark.parametrize("negatives", [None, 1, 3])
def test_gradients_against_finite_differences(negatives):
    rng = np.random.default_rng(1)
    past = np.array([[-1, -1, 2, 0, 1], [3, 1, 4, 1, 0], [-1, 2, 2, 3, 4]])
    model = SASRec(factors=4, length=4, negatives=negatives)
    model.weights_ = first_weights(5, 4, 4, rng)
    for weight in model.weights_.values():
        weight += rng.normal(0, 0.3, weight.shape)
    _, gradient = model._loss(past, np.random.default_rng(5))
    step = 1e-5
    for name, weight in model.weights_.items():
        flat, found = weight.reshape(-1), gradient[name].reshape(-1)
        for place in rng.choice(len(flat), min(6, len(flat)), replace=False):
            losses = []
            for sign in (1, -1):
                flat[place] += sign * step
                losses.append(model._loss(past, np.random.default_rng(5))[0])
                flat[place] -= sign * step
            assert found[place] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=1e-7)


def test_without_knowledge_the_losses_are_those_of_chance():
    # Softmax over 5 equal items: ln 5. One positive and two negatives at σ(0) = ½: 3 ln 2.
    past = np.array([[0, 1, 2]])
    for negatives, chance in ((None, np.log(5)), (2, 3 * np.log(2))):
        model = SASRec(factors=2, length=2, negatives=negatives)
        model.weights_ = first_weights(5, 2, 2, np.random.default_rng(0))
        model.weights_["E"][:] = 0
        assert model._loss(past, np.random.default_rng(0))[0] == pytest.approx(chance)


def test_it_learns_a_step_of_two_that_a_chain_cannot():
    planted, _ = plant_steps(long_sessions(900), share=0.5, lag=2)
    train, test = planted[:3_500], planted[3_500:]
    chain = next_item_metrics(MarkovChain(5).fit(train), test, k=1)["hit"].mean()
    model = SASRec(epochs=20).fit(train)
    assert next_item_metrics(model, test, k=1)["hit"].mean() > 0.3 > 0.15 > chain
    assert model.losses_[-1] < model.losses_[0] < 1.1 * np.log(41)
    again = SASRec(epochs=20).fit(train)
    np.testing.assert_array_equal(model.weights_["E"], again.weights_["E"])
