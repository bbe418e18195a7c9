"""How far probabilities are off, and Platt scaling: by hand, and beside scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import brier_score_loss, roc_auc_score

from helpers import churn


def test_brier_decomposition_by_hand():
    # Groups (.2, .4) and (.6, 1): predicted .3 and .8, observed 1/2 and 1/2. Reliability
    # (.2² + .3²) / 2 = .065; both observed 1/2: resolution 0; uncertainty 1/4. Brier
    # (.04 + .36 + .16 + 1) / 4 = .39, so .075 is within.
    y = pd.Series([False, True, True, False])
    parts = churn.brier_decomposition(y, [0.2, 0.4, 0.6, 1.0], bins=2)
    assert parts.to_dict() == pytest.approx(
        {"brier": 0.39, "reliability": 0.065, "resolution": 0, "uncertainty": 0.25, "within": 0.075}
    )


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.9]), st.booleans()), min_size=1))
def test_the_parts_add_up_and_nothing_is_within_groups_of_one_prediction(users):
    p, y = np.array([p for p, _ in users]), pd.Series([y for _, y in users])
    parts = churn.brier_decomposition(y, p, bins=len(users))
    assert parts["brier"] == pytest.approx(np.mean((p - y) ** 2))
    assert parts["within"] == pytest.approx(0, abs=1e-12)
    assert min(parts["reliability"], parts["resolution"]) >= 0


def test_the_order_of_the_users_does_not_matter():
    y = pd.Series([True, False, True, True], list("abcd"))
    p = pd.Series([0.7, 0.6, 0.9, 0.1], list("abcd"))
    same = churn.brier_decomposition(y, p[["d", "b", "a", "c"]], bins=2)
    pd.testing.assert_series_equal(same, churn.brier_decomposition(y, p, bins=2))
    assert churn.expected_calibration_error(y, p[::-1]) == churn.expected_calibration_error(y, p)
    curves = [churn.PlattScaling().fit(each, y) for each in (p, p[::-1])]
    assert curves[0].slope_ == curves[1].slope_


class Scores(ClassifierMixin, BaseEstimator):
    """A classifier whose scores are its only feature."""

    def fit(self, X, y):
        self.classes_ = np.array([False, True])
        return self

    def decision_function(self, X):
        return X[:, 0]

    def predict(self, X):
        return X[:, 0] > 0


def drawn(n, slope, intercept, seed=0):
    """Draw log-odds, and outcomes whose true log-odds are slope · log-odds + intercept."""
    rng = np.random.default_rng(seed)
    score = rng.normal(0, 2, n)
    true = 1 / (1 + np.exp(-(slope * score + intercept)))
    return score, 1 / (1 + np.exp(-score)), pd.Series(rng.random(n) < true)


def test_platt_scaling_agrees_with_scikit_learn():
    score, p, y = drawn(300, 0.5, -1)
    frozen = FrozenEstimator(Scores().fit(None, None))
    peer = CalibratedClassifierCV(frozen, method="sigmoid").fit(score[:, None], y)
    ours = churn.PlattScaling().fit(p, y).predict(p)
    np.testing.assert_allclose(ours, peer.predict_proba(score[:, None])[:, 1], atol=1e-4)


def test_platt_scaling_keeps_the_ranking_and_repairs_the_score():
    _, p, y = drawn(5_000, 0.3, 0)
    _, q, z = drawn(5_000, 0.3, 0, seed=1)
    repaired = churn.PlattScaling().fit(p, y).predict(q)
    assert roc_auc_score(z, repaired) == pytest.approx(roc_auc_score(z, q), abs=1e-12)
    assert brier_score_loss(z, repaired) < brier_score_loss(z, q) - 0.01


def test_certain_predictions_stay_finite():
    y = pd.Series([True, True, False, False, True])
    found = churn.PlattScaling().fit([1.0, 1.0, 0.0, 0.0, 0.0], y).predict([0.0, 1.0])
    assert np.isfinite(found).all()
    assert found[0] < found[1]


def test_predictions_of_other_users_are_refused():
    with pytest.raises(ValueError, match="3 scores for 2 users"):
        churn.PlattScaling().fit([0.5, 0.6, 0.7], pd.Series([True, False]))


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match=r"1 numbers outside \[0, 1\], such as 1.5"):
        churn.PlattScaling().fit([0.5, 1.5], pd.Series([True, False]))


def test_against_truth_by_hand():
    # Groups of two: |0.3 − 0.5| and |0.9 − 1|, so (0.2 + 0.1) / 2.
    # Squares 0.09, 0.01, 0.01, 0.01, mean 0.03; chance (0.25 + 0.25) / 4.
    # Half a stayer at 0.2: ahead of it are 0.5 + 1 + 1 churners, and 0.5 tie. Half a stayer at 0.4:
    # 1 + 1, and 0.5 tie. So 0.5 · (2.5 + 0.25) + 0.5 · (2 + 0.25) = 2.5 of 3 · 1 pairs.
    found = churn.against_truth([0.2, 0.4, 0.9, 0.9], pd.Series([0.5, 0.5, 1, 1]), bins=2)
    assert found.to_dict() == pytest.approx(
        {"mean": 0.6, "ece": 0.15, "brier": 0.155, "auc": 2.5 / 3}
    )


def test_against_truth_finds_a_user_by_name():
    truth = pd.Series({"Ana": 0.9, "Ben": 0.2})
    found = churn.against_truth(pd.Series({"Ben": 0.2, "Ana": 0.9}), truth, bins=2)
    assert found["ece"] == pytest.approx(0)
