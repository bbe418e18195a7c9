"""Qini against scikit-uplift: random campaigns, with and without equal scores, and the coupon.

It does not divide the curve by the number of treated users, N₁, and its x counts users, not their
share; its `qini_auc_score` is the area through that of the order that looks best with the outcomes
in hand. So curve · N₁ is theirs, and

    area · N₁ · N / (their area of the best order, above the line) = qini_auc_score
"""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import auc

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sklift.metrics as theirs
    from sklift.models import TwoModels

from helpers import campaigns
from helpers.data import sources


def some_campaign(seed: int, levels: int) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 80))
    treated = rng.permutation(np.arange(n) < rng.integers(2, n - 1))
    responded = rng.random(n) < rng.uniform(0.2, 0.8)
    responded[np.flatnonzero(treated)[0]] = True  # else the best order is no better than any
    responded[np.flatnonzero(~treated)[0]] = False
    score = pd.Series(rng.integers(levels, size=n).astype(float))
    return pd.DataFrame({"user_id": range(n), "treated": treated, "responded": responded}), score


def same_qini(campaign: pd.DataFrame, score: pd.Series) -> None:
    y, t = campaign["responded"].astype(int), campaign["treated"].astype(int)
    s = campaign["user_id"].map(score)
    curve = campaigns.qini_curve(campaign, score)
    users, gain = theirs.qini_curve(y, s, t)
    ours = np.interp(users, curve["users"], curve["gain"] * t.sum())
    np.testing.assert_allclose(ours, gain, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(users, curve["users"])
    best, above = theirs.perfect_qini_curve(y, t)
    divisor = auc(best, above) - auc(best[[0, -1]], above[[0, -1]])
    area = campaigns.qini(campaign, score).area * t.sum() * len(y)
    assert area / divisor == pytest.approx(theirs.qini_auc_score(y, s, t), rel=1e-9, abs=1e-12)


@settings(max_examples=60)
@given(st.integers(0, 100_000), st.sampled_from([3, 1000]))
def test_random_campaigns(seed, levels):
    same_qini(*some_campaign(seed, levels))


def test_the_coupon():
    campaign = sources.load_shop().campaign
    key = sources.load_shop_key()["campaign"].set_index("user_id")
    for score in (key["uplift"], key["organic"], -key["organic"]):
        same_qini(campaign, score)


@pytest.fixture
def experiment():
    rng = np.random.default_rng(0)
    x = pd.DataFrame(rng.normal(size=(500, 3)), columns=list("abc"))
    treated = pd.Series(rng.random(500) < 0.5)
    chance = 1 / (1 + np.exp(-x["a"] - treated * x["b"]))
    return x, pd.Series(rng.random(500) < chance), treated


def test_two_models(experiment):
    x, y, treated = experiment
    peer = TwoModels(LogisticRegression(), LogisticRegression(), method="vanilla")
    peer.fit(x, y.astype(int), treated.astype(int))
    ours = campaigns.TwoModels(LogisticRegression()).fit(x, y, treated).predict(x)
    np.testing.assert_allclose(ours, peer.predict(x), rtol=1e-12)
