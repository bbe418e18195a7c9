"""The AUC of an attack, by hand and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from helpers.privacy import attack_auc


def test_by_hand():
    # Pairs: 3 > 1, 3 > 2, 2 > 1, and 2 = 2 counts half: 3.5 of 4.
    assert attack_auc([3, 2], [1, 2])["auc"] == pytest.approx(3.5 / 4)


def test_interval_by_hand():
    # V of members: 1, 0.75. V of others: 1, 0.75. Both variances are 1/32: √(1/64 + 1/64).
    found = attack_auc([3, 2], [1, 2])
    assert found["low"] == pytest.approx(0.875 - 1.959964 * np.sqrt(1 / 32))
    assert found["high"] == 1


def test_auc_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    members, others = rng.normal(0.3, 1, 300).round(1), rng.normal(0, 1, 200).round(1)
    label = np.repeat([1, 0], [300, 200])
    expected = roc_auc_score(label, np.concatenate([members, others]))
    assert attack_auc(members, others)["auc"] == pytest.approx(expected)


@pytest.mark.parametrize("bad", [[1], [1, np.nan], [[1, 2], [3, 4]]])
def test_scores_that_cannot_be_compared(bad):
    with pytest.raises(ValueError, match="members needs two or more finite scores"):
        attack_auc(bad, [1, 2])
