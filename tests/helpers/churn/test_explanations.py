"""Reasons that add up, warnings that rise, and importance of what hangs together."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from helpers import churn
from helpers.churn import explanations


@pytest.fixture(scope="module")
def data():
    """Recency and its twin decide; the color does not. Gap is missing for a third."""
    rng = np.random.default_rng(0)
    recency = rng.integers(0, 200, 400).astype(float)
    X = pd.DataFrame(
        {
            "recency": recency,
            "unseen": recency + rng.integers(0, 3, 400),
            "gap": np.where(rng.random(400) < 1 / 3, np.nan, rng.integers(1, 60, 400)),
            "color": rng.normal(size=400),
        },
        index=pd.Index([f"U{n}" for n in range(400)], name="user_id"),
    )
    y = pd.Series(rng.random(400) < 1 / (1 + np.exp(2 - recency / 40)), X.index)
    return X, y


@pytest.fixture(scope="module")
def model(data):
    return churn.classifiers()["logistic"].fit(*data)


def test_contributions_add_up_to_the_log_odds(data, model):
    X, _ = data
    added = churn.contributions(model, X)
    total = model[-1].intercept_ + added.sum(axis=1)
    assert np.allclose(total, logit(model.predict_proba(X)[:, 1]))
    assert np.allclose(added.mean(), 0)  # against the average user of the training
    assert (added.loc[X["gap"].isna(), "gap"] == 0).all()  # a missing value says nothing


def test_contribution_by_hand(data, model):
    # coef · (ln(1 + x) − mean) / standard deviation
    X, _ = data
    logs = np.log1p(X["recency"])
    by_hand = model[-1].coef_[0][0] * (logs - logs.mean()) / logs.std(ddof=0)
    assert np.allclose(churn.contributions(model, X)["recency"], by_hand)


@pytest.mark.parametrize("name", ["boosted trees", "neural network", "recency alone"])
def test_other_models_have_no_contributions(data, name):
    with pytest.raises(TypeError, match="add up only in a logistic"):
        churn.contributions(churn.classifiers()[name].fit(*data), data[0])


def test_features_of_another_training_have_no_contributions(data, model):
    X, _ = data
    for other in (X[X.columns[::-1]], X.drop(columns="color")):
        with pytest.raises(ValueError, match="feature names should match"):
            churn.contributions(model, other)


def test_warnings_are_the_steepest_rises(data, model):
    X, _ = data
    now = X.copy()
    now.loc["U3", ["recency", "unseen"]] = [190.0, 191.0]
    now.loc["U5", "gap"] = np.nan
    before = X.assign(recency=X["recency"].clip(upper=20), unseen=X["unseen"].clip(upper=20))
    table = churn.early_warning(model, now, before, n=400)
    risk = pd.Series(model.predict_proba(now)[:, 1], now.index)
    rise = risk - model.predict_proba(before)[:, 1]
    assert table["rise"].is_monotonic_decreasing
    assert set(table.index) == set(rise.index[rise > 0])  # nobody whose risk fell
    assert table["rise"].to_dict() == pytest.approx(rise[rise > 0].to_dict())
    assert "recency 20 → 190" in table.loc["U3", "why"]
    assert churn.early_warning(model, now, before, n=3).equals(table.head(3))


def test_a_warning_needs_two_looks_at_the_same_users(data, model):
    X, _ = data
    with pytest.raises(ValueError, match="No user is in both"):
        churn.early_warning(model, X.head(5), X.tail(5))
    some = churn.early_warning(model, X.assign(recency=200.0), X.iloc[5:8], n=9)
    assert set(some.index) <= set(X.index[5:8])
    assert churn.early_warning(model, X, X).empty  # nothing rose


def test_features_that_say_the_same_are_one_group(data):
    X, _ = data
    assert explanations.feature_groups(X) == [["recency", "unseen"], ["gap"], ["color"]]
    # a and b go together, b and c do: all three hang together, though a and c hardly correlate.
    a, c = np.arange(50.0), np.random.default_rng(1).permutation(50)
    chain = pd.DataFrame({"a": a, "b": a + c, "c": c})
    assert explanations.feature_groups(chain, 0.6) == [["a", "b", "c"]]
    with pytest.raises(ValueError, match="correlated is a correlation"):
        explanations.feature_groups(X, 70)


def test_twins_shuffled_alone_hide_each_other(data):
    X, y = data
    model = churn.classifiers()["logistic"].fit(X, y)
    together = churn.grouped_importance(model, X, y)
    alone = churn.grouped_importance(model, X, y, correlated=1)
    assert together.index[0] == "recency + unseen"
    assert together["loss"].iloc[0] > alone.loc[["recency", "unseen"], "loss"].max()
    assert abs(together.loc["color", "loss"]) < 0.01
    assert together.equals(churn.grouped_importance(model, X, y))  # the same seed


def test_importance_matches_labels_by_user(data, model):
    X, y = data
    backwards = churn.grouped_importance(model, X[::-1], y)
    pd.testing.assert_frame_equal(backwards, churn.grouped_importance(model, X, y))
    with pytest.raises(ValueError, match="features and y name different users"):
        churn.grouped_importance(model, X, y.head(50))
