"""What a churn score is worth: by hand, against numerical integrals, and against proflogit."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from scipy import stats

from helpers import churn
from helpers.churn.profit import EMPC, Offer

# Six users, riskiest first: churned, churned, stays, churned, stays, stays.
Y = pd.Series([True, True, False, True, False, False])
SCORE = [0.9, 0.8, 0.7, 0.5, 0.3, 0.1]


def test_profit_by_hand():
    # A churner brings 0.5 · (30 − 10) − 1 = 9, a stayer costs 10 + 1 = 11.
    offer = Offer(clv=30, incentive=10, contact=1, accept=0.5)
    assert (offer.benefit, offer.cost) == (9, 11)
    profit = churn.profit_curve(Y, SCORE, offer)["profit"]
    assert profit.tolist() == [0, 9, 18, 7, 16, 5, -6]
    assert offer.threshold == pytest.approx(11 / 20)


def test_threshold_is_where_contacting_starts_to_pay():
    offer = Offer(clv=200, incentive=10, contact=1, accept=0.3)
    p = offer.threshold
    assert p * offer.benefit == pytest.approx((1 - p) * offer.cost)
    assert Offer(clv=200, incentive=0, contact=0).threshold == 0  # free: contact everybody
    never = Offer(clv=200, incentive=10, contact=5, accept=0)
    assert never.threshold > 1
    assert Offer(clv=200, incentive=0, contact=5, accept=0).threshold == np.inf


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"incentive": 200}, "never pays"),
        ({"incentive": -1}, "needs 0 ≤ incentive"),
        ({"contact": -1}, "contact ≥ 0"),
        ({"clv": np.nan}, "needs 0 ≤ incentive"),
        ({"accept": 1.3}, "accept is a probability"),
    ],
)
def test_impossible_offers_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        Offer(**change)


# ---------------------------------------------------------------- EMPC

FIXTURE = pd.Series([1, 1, 0, 0, 0, 1, 1, 1, 1, 0]) == 1
FIXTURE_SCORE = [0.6125478, 0.364271, 0.4321361, 0.1402911, 0.3848959,
                 0.2444155, 0.9706413, 0.8901728, 0.7817814, 0.8687518]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "published"),
    [
        ({}, 30.3003222629848),
        ({0: 0.287577520124614}, 30.3001182343737),
        ({0: 0.287577520124614, 6: 0.113703411305323}, 29.2002764792561),
    ],
)
def test_empc_of_proflogit(changes, published):
    """The test cases of proflogit: α 6, β 14, CLV 200, d 10, f 1."""
    score = np.array(FIXTURE_SCORE)
    score[list(changes)] = list(changes.values())
    assert churn.empc(FIXTURE, score).profit == pytest.approx(published, rel=1e-13)


@pytest.mark.parametrize(
    ("y", "score", "published"),
    [
        ([False, True], [0, 1], 28.0000000000391),  # perfect
        ([False, True], [1, 0], 22.5007912244511),  # upside down: as good as chance
        ([True, False], [1, 1], 22.5007912244511),  # tied
    ],
)
def test_empc_of_two_users(y, score, published):
    assert churn.empc(pd.Series(y), score).profit == pytest.approx(published, rel=1e-12)


def integrated(y, score, clv, incentive, contact, alpha, beta):
    """Integrate the definition over a fine grid of γ, with the best threshold for each."""
    gain = churn.profit.gain_curve(y, score)
    churners = gain["churners"].to_numpy() / len(y)
    stayers = (gain["users"] - gain["churners"]).to_numpy() / len(y)
    edges = np.linspace(0, 1, 4_001)
    gamma = (edges[1:] + edges[:-1]) / 2
    weight = np.diff(stats.beta.cdf(edges, alpha, beta))
    earned = (gamma[:, None] * (clv - incentive) - contact) * churners
    profit = earned - (incentive + contact) * stayers
    best = profit.argmax(axis=1)
    return EMPC(weight @ profit.max(axis=1), weight @ (gain["users"].to_numpy()[best] / len(y)))


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=30),
    st.sampled_from([(200, 10, 1), (50, 10, 5), (20, 15, 0), (100, 0, 3), (30, 0, 0)]),
    st.sampled_from([(6, 14), (1, 1), (2, 14), (10, 7)]),
)
def test_empc_is_the_integral_of_its_definition(pairs, money, shapes):
    y, score = pd.Series([y for y, _ in pairs]), np.array([s for _, s in pairs])
    assume(y.nunique() == 2)
    names = dict(zip(("clv", "incentive", "contact", "alpha", "beta"), money + shapes, strict=True))
    ours, theirs = churn.empc(y, score, **names), integrated(y, score, **names)
    assert ours.profit == pytest.approx(theirs.profit, abs=1e-4 * names["clv"])
    if money != (30, 0, 0):  # where it costs nothing, contacting more is as good
        assert ours.share == pytest.approx(theirs.share, abs=0.001)


def test_empc_ignores_any_rising_change_of_the_score():
    other = np.exp(5 * np.array(FIXTURE_SCORE)) - 100
    assert churn.empc(FIXTURE, other) == pytest.approx(churn.empc(FIXTURE, FIXTURE_SCORE))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"y": FIXTURE | True}, "All 10 users churned"),
        ({"alpha": 0}, "alpha and beta are above 0"),
        ({"clv": 5}, "never pays"),
    ],
)
def test_bad_input_to_empc_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        churn.empc(**{"y": FIXTURE, "score": FIXTURE_SCORE, **arguments})


# ---------------------------------------------------------------- uplift

CAMPAIGN = pd.DataFrame(
    {
        "user_id": list("abcdefgh"),
        "treated": [True, True, False, False, True, True, False, False],
        "responded": [False, False, False, True, True, True, True, False],
        "revenue": [0.0, 0, 0, 8, 10, 20, 5, 0],
    }
)
RISK = pd.Series(np.linspace(0.9, 0.2, 8), index=list("abcdefgh"))


def test_uplift_by_hand():
    table = churn.uplift_by_risk(CAMPAIGN, RISK, groups=2)
    # Riskiest four: none of two treated responds, one of two others: −0.5.
    assert table["uplift"].tolist() == [-0.5, 0.5]
    assert table["risk"].tolist() == pytest.approx([0.75, 0.35])
    money = churn.uplift_by_risk(CAMPAIGN, RISK, groups=2, outcome="revenue")
    assert money["uplift"].tolist() == [-4, 12.5]
    # Treated 10 and 20: variance 50; others 5 and 0: 12.5. Error √(25 + 6.25).
    reach = 1.959964 * 31.25**0.5
    assert money.loc[2, ["low", "high"]].tolist() == pytest.approx([12.5 - reach, 12.5 + reach])


def test_the_riskier_half_is_the_first_group_whatever_the_order_of_rows():
    shuffled = CAMPAIGN.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        churn.uplift_by_risk(shuffled, RISK, 2), churn.uplift_by_risk(CAMPAIGN, RISK, 2)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"risk": RISK.drop("a")}, "names users without a risk in 1 of 8 rows"),
        ({"risk": RISK.where(RISK < 0.9)}, "names users without a risk in 1 of 8 rows"),
        ({"risk": pd.concat([RISK, RISK.head(1)])}, "risk holds user 'a' more than once"),
        ({"groups": 4}, "fewer than two treated"),
        ({"campaign": CAMPAIGN.assign(treated=True)}, "randomized control group"),
        ({"campaign": CAMPAIGN.assign(revenue=np.nan), "outcome": "revenue"}, "is missing"),
    ],
)
def test_bad_input_to_uplift_is_named(change, words):
    usual = {"campaign": CAMPAIGN, "risk": RISK, "groups": 2}
    with pytest.raises(ValueError, match=words):
        churn.uplift_by_risk(**{**usual, **change})
