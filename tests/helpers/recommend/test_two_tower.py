"""Two towers by hand, by finite differences, and on planted probabilities."""

import numpy as np
import pandas as pd
import pytest

from helpers.recommend.two_tower import TwoTower


def table(matrix) -> pd.DataFrame:
    u, i = np.nonzero(matrix)
    return pd.DataFrame({"user_id": u, "item_id": i, "rating": 1})


def drawn(seed=0, users=40, items=8) -> pd.DataFrame:
    return table(np.random.default_rng(seed).random((users, items)) < 0.4)


def planted(a, q, b, matrix, **options) -> TwoTower:
    """Return a model with these vectors of one factor."""
    model = TwoTower(1, epochs=1, **options).fit(table(matrix))
    model.history_factors_, model.item_factors_ = np.array(a)[:, None], np.array(q)[:, None]
    model.item_bias_ = np.array(b)
    return model


# Ana has tea and cup, Ben tea and oil: tea is in 2 of 4 pairs, cup and oil in 1 of 4 each.
TWO = np.array([[1, 1, 0], [1, 0, 1]], float)
PAIRS = np.array([0, 1]), np.array([1, 2])  # a batch: Ana with cup, Ben with oil


def test_the_loss_of_a_batch_by_hand():
    # Without the pair's own item, both have tea, a = 2. Scores of cup 2 · 1 + 0, of oil 2 · 0 + 1.
    # Cup and oil have the same Q, so the correction cancels: P(cup) = e² / (e² + e) = 0.7311.
    # Ana's loss is -ln 0.7311 = 0.3133, Ben's -ln 0.2689 = 1.3133; their mean is 0.8133.
    model = planted([2.0, 0, 0], [0.0, 1, 0], [0.0, 0, 1], TWO)
    assert model._loss(*PAIRS) == pytest.approx(0.8133, abs=1e-4)


def test_the_correction_takes_the_logarithm_of_the_share_of_pairs():
    # A batch of Ana with tea and with cup: from the rest of her history, cup and tea, of a = 0, all
    # scores are 0. The logits are -ln 1/2 = ln 2 for tea and ln 4 for cup: P(tea) = 2 / (2 + 4).
    batch = np.array([0, 0]), np.array([0, 1])
    model = planted([0.0, 0, 0], [1.0, 1, 1], [0.0, 0, 0], TWO)
    assert model._loss(*batch) == pytest.approx(-(np.log(2 / 6) + np.log(4 / 6)) / 2)
    model.correction = False
    assert model._loss(*batch) == pytest.approx(np.log(2))


def test_the_pair_is_not_predicted_from_itself():
    # Ana has nothing but tea: the rest of her history is empty, so its vector is 0.
    model = planted([5.0, 1], [1.0, 1], [0.0, 0], [[1, 0], [0, 1]])
    assert not (model._others(*(np.array([0, 1]),) * 2) @ model.history_factors_).any()


@pytest.mark.parametrize("correction", [True, False])
def test_the_gradient_by_finite_differences(correction):
    # Some users and items occur several times in the batch.
    model = TwoTower(3, epochs=1, correction=correction).fit(drawn())
    cells = model.ratings_.tocoo()
    some = np.random.default_rng(1).integers(cells.nnz, size=30)
    batch = cells.row[some], cells.col[some]
    parts = model.history_factors_, model.item_factors_, model.item_bias_
    for part, slope in zip(parts, model._gradient(*batch), strict=True):
        measured = np.zeros(part.size)
        for n in range(part.size):
            losses = []
            for step in (1e-5, -2e-5):
                part.reshape(-1)[n] += step
                losses.append(model._loss(*batch))
            part.reshape(-1)[n] += 1e-5
            measured[n] = (losses[0] - losses[1]) / 2e-5
        assert slope.ravel() == pytest.approx(measured, abs=1e-8)


def test_corrected_scores_are_log_probabilities_and_others_forget_popularity():
    # Each user has one item, so there is no history, and only the biases can learn: P(i) is
    # 8/16, 4/16, 2/16, 1/16, 1/16. Corrected, they differ as ln P does; uncorrected, not at all.
    users = [0] * 400 + [1] * 200 + [2] * 100 + [3] * 50 + [4] * 50
    one_each = table(np.eye(5)[users])
    settings = {"factors": 1, "epochs": 20, "batch_size": 200}
    wanted = np.log([8 / 16, 4 / 16, 2 / 16, 1 / 16, 1 / 16])
    corrected = TwoTower(**settings).fit(one_each).item_bias_
    assert corrected - corrected.mean() == pytest.approx(wanted - wanted.mean(), abs=0.15)
    assert np.ptp(TwoTower(**settings, correction=False).fit(one_each).item_bias_) < 0.1


def test_a_batch_has_two_pairs():
    with pytest.raises(ValueError, match="batch_size of 2 or more"):
        TwoTower(batch_size=1).fit(drawn())
