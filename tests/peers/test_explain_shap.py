"""Shapley values by enumeration, with the library shap, on CDNOW: two of its explainers."""

import numpy as np
import pytest
import shap
from sklearn.ensemble import HistGradientBoostingClassifier

from helpers import churn, explain
from helpers.data import sources

FEATURES = ["recency", "frequency", "recent", "spent", "per_purchase"]


@pytest.fixture(scope="module")
def split():
    orders = sources.load_cdnow(sample=True)
    return churn.split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)


@pytest.fixture(scope="module")
def trees(split):
    model = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=8, random_state=0)
    return model.fit(split.train[FEATURES], split.y_train)


@pytest.fixture(scope="module")
def background(split):
    return split.train[FEATURES].sample(25, random_state=0)


@pytest.fixture(scope="module")
def users(split):
    return split.test[FEATURES].sample(20, random_state=1)


def test_exact_explainer(trees, background, users):
    # Of the probability, which is no sum of trees.
    def probability(rows):
        return trees.predict_proba(rows)[:, 1]

    masker = shap.maskers.Independent(background, max_samples=len(background))
    explained = shap.explainers.Exact(probability, masker)(users)
    assert np.allclose(explain.shapley_values(probability, background, users), explained.values)


def test_tree_explainer(trees, background, users):
    explained = shap.TreeExplainer(trees, background, feature_perturbation="interventional")
    values = explained.shap_values(users)
    ours = explain.shapley_values(trees.decision_function, background, users)
    assert np.allclose(ours, values, atol=1e-5)  # it computes with single precision
