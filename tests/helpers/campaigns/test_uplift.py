"""Uplift models and the Qini curve: by hand, on a planted world."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeRegressor

from helpers.campaigns import curves
from helpers.campaigns.curves import qini, qini_curve
from helpers.campaigns.uplift import TwoModels, cross_fit
from helpers.data import problems

MODEL = TwoModels(LinearRegression())


def four_groups():
    # x = 0: 3 of 4 treated buy, 1 of 4 others: 0.5. x = 1: 1 of 4, and 2 of 4: −0.25.
    x = pd.DataFrame({"x": [0] * 8 + [1] * 8})
    treated = pd.Series(([True] * 4 + [False] * 4) * 2)
    y = pd.Series([1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]) == 1
    return x, y, treated


def test_two_models_by_hand():
    x, y, treated = four_groups()
    found = clone(MODEL).fit(x, y.astype(float), treated).predict(x)
    assert found.tolist() == pytest.approx([0.5] * 8 + [-0.25] * 8)
    assert found.name == "uplift"


def test_arms_of_a_classifier_are_probabilities():
    x, y, treated = four_groups()
    model = TwoModels(LogisticRegression(C=1e6, tol=1e-8)).fit(x, y, treated)
    arms = model.predict_arms(x.iloc[[0, 8]])
    assert arms["treated"].tolist() == pytest.approx([3 / 4, 1 / 4], abs=1e-4)
    assert arms["control"].tolist() == pytest.approx([1 / 4, 1 / 2], abs=1e-4)
    assert model.predict(x.iloc[[0, 8]]).tolist() == pytest.approx([0.5, -0.25], abs=1e-4)


def planted(n=6000, seed=0):
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.random((n, 2)), columns=["base", "moved"])
    treated = pd.Series(rng.random(n) < 0.5)
    chance = 0.1 + 0.3 * x["base"] + treated * 0.4 * (x["moved"] - 0.5)
    return x, pd.Series(rng.random(n) < chance), treated, 0.4 * (x["moved"] - 0.5)


def test_a_planted_uplift_is_found():
    x, y, treated, true = planted()
    found = cross_fit(MODEL, x, y, treated)
    assert np.corrcoef(found, true)[0, 1] > 0.9
    assert found.mean() == pytest.approx(true.mean(), abs=0.02)
    campaign = pd.DataFrame({"user_id": x.index, "treated": treated, "responded": y})
    area, low, high = qini(campaign, found)
    # With the share s treated by the truth, the mean uplift gained is 0.4 (s/2 − s²/2), and the
    # lot gains 0 (the mean uplift is 0): ∫ 0.2 (s − s²) ds = 0.2/6 = 0.033.
    assert area == pytest.approx(0.2 / 6, abs=0.012)
    assert low < 0.2 / 6 < high


def test_cross_fit_knows_nothing_of_the_user():
    # Pure noise: a deep tree learns its own users by heart, and knows nothing of others.
    rng = np.random.default_rng(2)
    x = pd.DataFrame({"x": rng.random(600)})
    treated, y = pd.Series(rng.random(600) < 0.5), pd.Series(rng.normal(size=600))
    model = TwoModels(DecisionTreeRegressor(random_state=0))
    campaign = pd.DataFrame({"user_id": x.index, "treated": treated, "y": y})
    learned = qini(campaign, model.fit(x, y, treated).predict(x), "y")
    honest = qini(campaign, cross_fit(model, x, y, treated), "y")
    assert learned.low > 0.2
    assert honest.low < 0 < honest.high


def test_cross_fit_is_repeatable_and_keeps_the_order():
    x, y, treated, _ = planted(300)
    shuffled = x.sample(frac=1, random_state=1).index
    one = cross_fit(MODEL, x.loc[shuffled], y.loc[shuffled], treated.loc[shuffled])
    assert one.index.equals(shuffled)
    again = cross_fit(MODEL, x.loc[shuffled], y.loc[shuffled], treated.loc[shuffled])
    pd.testing.assert_series_equal(one, again)


def test_cross_fit_of_both_arms():
    x, y, treated, _ = planted(300)
    arms = cross_fit(MODEL, x, y, treated, method="predict_arms")
    uplift = cross_fit(MODEL, x, y, treated)
    pd.testing.assert_series_equal(arms["treated"] - arms["control"], uplift, check_names=False)


def test_more_folds_than_users_of_an_arm():
    x, y, treated = four_groups()
    with pytest.raises(ValueError, match="One arm has 8 users, and each of 9 folds"):
        cross_fit(MODEL, x, y, treated, folds=9)


def test_not_fitted():
    with pytest.raises(NotFittedError):
        clone(MODEL).predict(pd.DataFrame({"x": [1]}))


def test_what_is_no_experiment():
    x, y, treated = four_groups()
    with pytest.raises(ValueError, match="All 16 users have treated = True"):
        MODEL.fit(x, y, treated | True)
    with pytest.raises(ValueError, match="same order"):
        MODEL.fit(x, y.iloc[::-1], treated)
    with pytest.raises(problems.TableError, match="treated"):
        MODEL.fit(x, y, treated.astype(int))
    with pytest.raises(problems.TableError, match="outcome"):
        MODEL.fit(x, y.astype(float).where(y), treated)


# ---------------------------------------------------------------- Qini


def by_hand():
    # From the highest score: treated, bought | control, no | treated, no | control, bought
    #                         | treated, bought | control, no
    return pd.DataFrame(
        {
            "user_id": list("fedcba"),
            "treated": [True, False, True, False, True, False],
            "responded": [True, False, False, True, True, False],
            "score": [6, 5, 4, 3, 2, 1],
        }
    )


def test_qini_by_hand():
    # After k users: (n₁, n₀, Y₁, Y₀) = (1,0,1,0) (1,1,1,0) (2,1,1,0) (2,2,1,1) (3,2,2,1) (3,3,2,1)
    # Y₁ − Y₀ n₁/n₀ = 1, 1, 1, 0, 2 − 3/2 = 1/2, 1; per treated user divided by 3.
    campaign = by_hand()
    score = campaign.set_index("user_id")["score"]
    curve = qini_curve(campaign, score)
    assert (3 * curve["gain"]).tolist() == pytest.approx([0, 1, 1, 1, 0, 0.5, 1])
    assert curve["random"].tolist() == pytest.approx(np.arange(7) / 18)
    # Trapezes of width 1/6: (0.5 + 1 + 1 + 0.5 + 0.25 + 0.75) / 6 / 3 = 4/18; the line's: 1/6.
    assert qini(campaign, score).area == pytest.approx(4 / 18 - 1 / 6)


def test_equal_scores_are_one_step():
    campaign = by_hand()
    score = pd.Series([2, 2, 2, 1, 1, 1], campaign["user_id"])
    assert qini_curve(campaign, score)["users"].tolist() == [0, 3, 6]
    # Nobody is put before anybody: the line of the lot.
    assert qini(campaign, score * 0).area == 0


def test_only_the_order_counts():
    x, y, treated, true = planted(500)
    campaign = pd.DataFrame({"user_id": x.index, "treated": treated, "responded": y})
    assert qini(campaign, true) == qini(campaign, np.exp(5 * true))
    shuffled = campaign.sample(frac=1, random_state=0)
    assert qini(shuffled, true).area == pytest.approx(qini(campaign, true).area)


def test_the_interval_holds_the_true_area_as_often_as_it_says(monkeypatch):
    monkeypatch.setattr(curves, "RESAMPLES", 200)
    # The users stay; the lot and the outcomes are drawn anew. The true curve needs no drawing.
    x, _, _, true = planted(400, seed=5)
    rng = np.random.default_rng(5)
    users = np.arange(401) / 400
    gained = np.append(0, np.sort(true)[::-1].cumsum()) / 400
    area = np.trapezoid(gained - users * gained[-1], users)
    held = 0
    for _ in range(200):
        treated = rng.random(400) < 0.5
        chance = 0.1 + 0.3 * x["base"] + treated * true
        campaign = pd.DataFrame({"user_id": x.index, "treated": treated})
        campaign["responded"] = rng.random(400) < chance
        found = qini(campaign, true)
        held += found.low <= area <= found.high
    assert 0.9 <= held / 200 <= 0.99


def test_what_has_no_qini():
    campaign = by_hand()
    score = campaign.set_index("user_id")["score"]
    with pytest.raises(problems.TableError, match="without a score"):
        qini_curve(campaign, score.drop("c"))
    with pytest.raises(ValueError, match="same treatment"):
        qini_curve(campaign.assign(treated=True), score)
    with pytest.raises(ValueError, match="numbers in one table and text"):
        qini_curve(campaign, pd.Series(range(6)))
    with pytest.raises(ValueError, match="confidence"):
        qini(campaign, score, confidence=95)
