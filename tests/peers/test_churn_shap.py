"""Reasons of the logistic regression against the library shap, on CDNOW."""

import numpy as np
import pytest
import shap

from helpers import churn, datasets


@pytest.fixture(scope="module")
def split():
    orders = datasets.load_cdnow(sample=True)
    return churn.split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)


def test_contributions_are_linear_shap_values(split):
    model = churn.classifiers()["logistic"].fit(split.train, split.y_train)
    prepared = model[:-1].transform(split.train)
    background = shap.maskers.Independent(prepared, max_samples=len(prepared))
    explained = shap.LinearExplainer(model[-1], background)(model[:-1].transform(split.test))
    ours = churn.contributions(model, split.test)
    assert np.allclose(ours, explained.values)
    assert np.allclose(model[-1].intercept_, explained.base_values)
