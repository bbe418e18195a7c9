"""Meta-learners against econml: equal where both are deterministic; a causal forest on the shop."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeCV
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from econml.dml import CausalForestDML
    from econml.dr import DRLearner
    from econml.metalearners import SLearner, XLearner

from helpers import campaigns, churn
from helpers.data import sources

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs, of scikit-learn's changes
LINE = LinearRegression()


@pytest.fixture
def experiment():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(600, 3)), columns=list("abc"))
    treated = pd.Series(rng.random(600) < 0.3)
    y = X["a"] ** 2 + treated * (1 + X["b"]) + rng.normal(size=600)
    return X, y, treated


def test_s_learner(experiment):
    X, y, treated = experiment
    theirs = SLearner(overall_model=LINE).fit(y, treated.astype(int), X=X).effect(X)
    np.testing.assert_allclose(campaigns.SLearner(LINE).fit(*experiment).predict(X), theirs)


def test_x_learner(experiment):
    X, y, treated = experiment
    share = DummyClassifier(strategy="prior")
    peer = XLearner(models=LINE, cate_models=LINE, propensity_model=share)
    theirs = peer.fit(y, treated.astype(int), X=X).effect(X)
    ours = campaigns.XLearner(LINE, LINE, share).fit(*experiment).predict(X)
    np.testing.assert_allclose(ours, theirs)


def test_dr_learner(experiment):
    X, y, treated = experiment
    cut = StratifiedKFold(5, shuffle=True, random_state=0)
    folds = list(cut.split(X, 2 * treated))
    half = DummyClassifier(strategy="uniform")  # says 0.5 for everybody
    peer = DRLearner(model_propensity=half, model_regression=LINE, model_final=LINE, cv=folds)
    theirs = peer.fit(y, treated.astype(int), X=X).effect(X)
    # Their outcome model is one regression with the treatment as a feature, an S-learner.
    arms = pd.DataFrame(0.0, X.index, ["control", "treated"])
    for learn, apply in folds:
        part = X.assign(t=treated.astype(int))
        line = LinearRegression().fit(part.iloc[learn], y.iloc[learn])
        for t, arm in enumerate(arms):
            arms.loc[X.index[apply], arm] = line.predict(part.assign(t=t).iloc[apply])
    scores = campaigns.doubly_robust_scores(y, treated, 0.5, arms)
    np.testing.assert_allclose(LINE.fit(X, scores).predict(X), theirs, rtol=1e-6)


def shop_features():
    shop = sources.load_shop()
    lines = shop.order_lines
    paid = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    past = lines.assign(value=paid)[lines["ordered_at"] < "2025-10-01"]
    known = shop.campaign[shop.campaign["user_id"].isin(past["user_id"])]
    features = churn.churn_features(past, "2025-09-30").loc[known["user_id"]]
    X = np.log1p(features[["recency", "frequency", "spent", "per_purchase"]].clip(lower=0))
    X = X.assign(discounted=features["discounted"])
    X["silent"] = churn.silence_by_bgnbd(features, horizon=28)
    secret = sources.load_shop_key()["campaign"].set_index("user_id").loc[X.index]
    return X, secret["organic"].to_numpy(), secret["uplift"].to_numpy()


def test_a_causal_forest_finds_no_more_in_the_shop():
    # Ten campaigns drawn anew: the forest, like the learners, is no nearer to the true uplift than
    # the one number that predicts the average effect for everybody.
    X, organic, uplift = shop_features()
    errors = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        treated = pd.Series(rng.random(len(X)) < 0.5, X.index)
        y = pd.Series((rng.random(len(X)) < organic + treated * uplift).astype(float), X.index)
        forest = CausalForestDML(
            model_y=RandomForestRegressor(100, min_samples_leaf=20, random_state=0),
            model_t=RandomForestClassifier(100, min_samples_leaf=20, random_state=0),
            discrete_treatment=True,
            n_estimators=200,
            min_samples_leaf=20,
            random_state=0,
        )
        logit = make_pipeline(StandardScaler(), LogisticRegression(C=0.1))
        ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 5, 11)))
        found = {
            "forest": forest.fit(y, treated.astype(int), X=X).effect(X),
            "X": campaigns.XLearner(logit, ridge, 0.5).fit(X, y == 1, treated).predict(X),
            "DR": campaigns.DRLearner(logit, ridge, 0.5).fit(X, y == 1, treated).predict(X),
        }
        errors.append({name: np.sqrt(np.mean((u - uplift) ** 2)) for name, u in found.items()})
    mean = pd.DataFrame(errors).mean()
    assert (mean > 0.99 * uplift.std()).all()
    assert mean["DR"] < mean["forest"]
