"""Reasons of the logistic regression, and of boosted trees, with the library shap, on CDNOW."""

import numpy as np
import pytest
import shap
from scipy.special import logit

from helpers import churn
from helpers.churn import explanations
from helpers.data import sources


@pytest.fixture(scope="module")
def split():
    orders = sources.load_cdnow(sample=True)
    return churn.split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)


def test_contributions_are_linear_shap_values(split):
    model = churn.classifiers()["logistic"].fit(split.train, split.y_train)
    prepared = model[:-1].transform(split.train)
    background = shap.maskers.Independent(prepared, max_samples=len(prepared))
    explained = shap.LinearExplainer(model[-1], background)(model[:-1].transform(split.test))
    ours = churn.contributions(model, split.test)
    assert np.allclose(ours, explained.values)
    assert np.allclose(model[-1].intercept_, explained.base_values)


def test_shap_and_permutation_name_the_same_first_group(split):
    # Of boosted trees, whose log-odds the SHAP values of all features add up to.
    model = churn.classifiers()["boosted trees"].fit(split.train, split.y_train)
    explained = shap.TreeExplainer(model)(split.test)
    total = explained.base_values + explained.values.sum(axis=1)
    assert np.allclose(total, logit(model.predict_proba(split.test)[:, 1]))
    weight = dict(zip(split.test, np.abs(explained.values).mean(axis=0), strict=True))
    groups = explanations.feature_groups(split.test)
    by_shap = max(groups, key=lambda group: sum(weight[name] for name in group))
    importance = churn.grouped_importance(model, split.test, split.y_test)
    assert importance.index[0] == " + ".join(by_shap)
