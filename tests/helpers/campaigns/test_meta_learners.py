"""Meta-learners: by hand, equal to closed forms, and on worlds with a planted uplift."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeRegressor

from helpers.campaigns.effects import aipw
from helpers.campaigns.meta_learners import DRLearner, SLearner, XLearner
from helpers.campaigns.uplift import TwoModels, cross_fit

LINE = LinearRegression()
LEARNERS = [SLearner(LINE), XLearner(LINE, LINE, 0.5), DRLearner(LINE, LINE, 0.5)]


def two_kinds():
    # Kind 0: treated 8, 6, not 4. Kind 1: treated 5, not 3, 1.
    X = pd.DataFrame({"kind": [0, 0, 0, 1, 1, 1]})
    y = pd.Series([8.0, 6, 4, 5, 3, 1])
    return X, y, pd.Series([True, True, False, True, False, False])


def test_s_learner_by_hand():
    # A tree of two levels: the means 7, 4, 5, 2, so 3 and 3. A line has one effect for all: within
    # the kinds the differences are 3 and 3, so 3.
    X, y, treated = two_kinds()
    for model in (DecisionTreeRegressor(), LINE):
        assert SLearner(model).fit(X, y, treated).predict(X).tolist() == pytest.approx([3] * 6)


def test_x_learner_by_hand():
    # μ̂₁ is 7 and 5, μ̂₀ is 4 and 2. d₁: 8 − 4, 6 − 4, 5 − 2, so τ̂₁ = 3 and 3.
    # d₀: 7 − 4, 5 − 3, 5 − 1, so τ̂₀ = 3 and 3. Now μ̂ by the mean of the arm, 19/3 and 8/3:
    # d₁: 8 − 8/3, 6 − 8/3, 5 − 8/3: 13/3 and 7/3. d₀: 19/3 − 4, 19/3 − 3, 19/3 − 1: 7/3 and 13/3.
    # With e = 1/4: (7/3 + 3 · 13/3)/4 = 46/12, (13/3 + 3 · 7/3)/4 = 34/12.
    X, y, treated = two_kinds()
    found = XLearner(LINE, LINE, 0.25).fit(X, y, treated).predict(X)
    assert found.tolist() == pytest.approx([3] * 6)
    found = XLearner(DummyRegressor(), LINE, 0.25).fit(X, y, treated).predict(X)
    assert found.tolist() == pytest.approx([46 / 12] * 3 + [34 / 12] * 3)


def test_dr_learner_averages_to_aipw():
    X, y, treated, _ = planted(600)
    learner = DRLearner(LINE, LINE, 0.5, random_state=3).fit(X, y, treated)
    arms = cross_fit(TwoModels(LINE), X, y, treated, method="predict_arms", random_state=3)
    assert learner.predict(X).mean() == pytest.approx(aipw(y, treated, 0.5, arms).estimate)


def planted(n=4000, seed=0, e=0.5):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.random((n, 2)), columns=["base", "moved"])
    treated = pd.Series(rng.random(n) < e)
    uplift = 2 * X["moved"] - 1
    return X, np.exp(2 * X["base"]) + treated * uplift + rng.normal(size=n), treated, uplift


@pytest.mark.parametrize("learner", LEARNERS[1:], ids=["X", "DR"])
def test_a_planted_uplift_is_found(learner):
    X, y, treated, true = planted()
    found = cross_fit(learner, X, y, treated, folds=2)
    assert found.index.equals(X.index)
    assert found.name == "uplift"
    assert np.sqrt(np.mean((found - true) ** 2)) < 0.15  # the truth has a deviation of 0.58


def test_dr_learner_is_right_with_a_wrong_outcome_model_and_known_propensity():
    rng = np.random.default_rng(1)
    X, _, _, true = planted(20_000)
    e = 0.2 + 0.6 * (X["base"] > 0.5)
    treated = pd.Series(rng.random(len(X)) < e)
    y = 3 * X["base"] + treated * true + 0.1 * rng.normal(size=len(X))
    stump = DecisionTreeRegressor(max_depth=1)
    step = X.assign(step=(X["base"] > 0.5).astype(int))
    found = DRLearner(stump, LINE, LogisticRegression(C=1e6)).fit(step, y, treated).predict(step)
    assert np.sqrt(np.mean((found - true) ** 2)) < 0.1


def test_a_classifier_of_the_propensity():
    X, y, treated, _ = planted(400)
    share = DummyClassifier(strategy="prior")
    one = XLearner(LINE, LINE, share).fit(X, y, treated).predict(X)
    two = XLearner(LINE, LINE, treated.mean()).fit(X, y, treated).predict(X)
    assert one.tolist() == pytest.approx(two.tolist())


def test_probabilities_of_a_classifier():
    X, y, treated, _ = planted(400)
    bought = y > y.median()
    for learner in (SLearner(LogisticRegression()), XLearner(LogisticRegression(), LINE, 0.5)):
        found = learner.fit(X, bought, treated).predict(X)
        assert found.abs().max() < 1


def test_what_they_refuse():
    X, y, treated = two_kinds()
    for learner in LEARNERS:
        with pytest.raises(NotFittedError):
            clone(learner).predict(X)
        with pytest.raises(ValueError, match="All 6 users"):
            learner.fit(X, y, treated | True)
    with pytest.raises(ValueError, match='column "treated"'):
        SLearner(LINE).fit(X.assign(treated=1), y, treated)
    for learner in (XLearner(LINE, LINE, 1.0), DRLearner(LINE, LINE, 0)):
        with pytest.raises(ValueError, match="propensity is a share"):
            learner.fit(X, y, treated)
