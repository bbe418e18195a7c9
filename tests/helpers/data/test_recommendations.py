"""Simulated recommendations: propensities as sums, and the log against its own truth."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from helpers.data.problems import TableError
from helpers.data.shop import (
    EXAMINATION,
    click,
    click_rates,
    log_recommendations,
    place_probabilities,
    true_value,
)

WEIGHTS = pd.Series([8.0, 4.0, 2.0, 1.0, 1.0, 0.5], list("abcdef"))
RELEVANCE = pd.DataFrame(
    [[0.1, 0.9, 0.3, 0.5, 0.2, 0.7], [0.6, 0.1, 0.8, 0.2, 0.4, 0.3]], ["Ana", "Ben"], list("abcdef")
)


def test_relevance_by_hand():
    # Stars 3.3 + 0.2 (leniency) + 0.25 (quality) + 0.75 · 1 = 4.5: half of 0.8. One star less:
    # 0.8 / (1 + e^1.5) = 0.8 / 5.4817 = 0.1459.
    users = pd.DataFrame({"user_id": ["Ana", "Ben"], "leniency": [0.2, -0.8], "taste_1": 1.0})
    items = pd.DataFrame({"item_id": ["lamp"], "quality": 0.25, "factor_1": 1.0})
    assert click_rates(users, items)["lamp"].tolist() == pytest.approx([0.4, 0.1459], abs=5e-5)


def test_propensities_are_sums_over_all_lists():
    table = pd.DataFrame(0.0, WEIGHTS.index, range(1, 4))
    for items in permutations(WEIGHTS.index, 3):
        rest, chance = WEIGHTS.sum(), 1.0
        for item in items:
            chance *= WEIGHTS[item] / rest
            rest -= WEIGHTS[item]
        for place, item in enumerate(items, 1):
            table.loc[item, place] += chance
    found = place_probabilities(WEIGHTS, 3)
    assert np.allclose(found, table)
    assert found.sum().tolist() == pytest.approx([1, 1, 1])


def test_equal_weights_are_equally_likely_everywhere():
    table = place_probabilities(pd.Series(2.0, range(60)), 3)
    assert np.allclose(table, 1 / 60)


@pytest.fixture(scope="module")
def log():
    return log_recommendations(RELEVANCE, WEIGHTS, 40_000, random_state=1)


def test_items_come_as_often_as_their_propensities_say(log):
    shares = log.groupby(["item_id", "position"]).size().unstack() / 40_000
    assert np.allclose(shares, place_probabilities(WEIGHTS), atol=0.01)  # four standard errors
    assert not log.duplicated(["list_id", "item_id"]).any()
    told = log.groupby(["item_id", "position"])["propensity"].agg(["min", "max"])
    expected = place_probabilities(WEIGHTS).to_numpy().ravel()
    assert np.allclose(told, expected[:, None])


def test_clicks_follow_the_position_based_model(log):
    rate = log.groupby(["user_id", "item_id", "position"])["clicked"].agg(["mean", "size"])
    rate = rate.reset_index()
    look = EXAMINATION[rate["position"] - 1]
    p = look * [
        RELEVANCE.loc[user, item]
        for user, item in zip(rate["user_id"], rate["item_id"], strict=True)
    ]
    z = (rate["mean"] - p) / np.sqrt(p * (1 - p) / rate["size"])
    assert abs(z.mean()) < 0.4
    assert z.std() == pytest.approx(1, abs=0.25)


def test_true_value_by_hand_and_by_clicks():
    # Ana: 0.9 + 0.7 / 2 = 1.25; Ben: 0.8 + 0.6 / 2 = 1.1; the mean is 1.175.
    lists = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben", "Ben"], "item_id": list("bfca")})
    lists["position"] = [1, 2, 1, 2]
    assert true_value(lists, RELEVANCE) == pytest.approx(1.175)
    many = pd.concat([lists] * 10_000, ignore_index=True)
    assert click(many, RELEVANCE).sum() / 20_000 == pytest.approx(1.175, abs=0.02)


def test_what_cannot_be_shown_is_refused():
    lists = pd.DataFrame({"user_id": ["Ana"], "item_id": ["a"], "position": [6]})
    with pytest.raises(TableError, match="no place of the page in 1 of 1"):
        true_value(lists, RELEVANCE)
    with pytest.raises(ValueError, match='no item_id "z"'):
        click(lists.assign(item_id="z", position=1), RELEVANCE)
    with pytest.raises(ValueError, match="above 0"):
        place_probabilities(WEIGHTS - 0.5, 2)
    with pytest.raises(ValueError, match="needs as many items; weights has 6"):
        place_probabilities(WEIGHTS, 7)
    with pytest.raises(ValueError, match="weights has 61 items, too many"):
        place_probabilities(pd.Series(1.0, range(61)), 2)
