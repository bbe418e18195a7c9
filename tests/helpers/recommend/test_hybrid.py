"""Hybrids: votes and turns by hand, what they equal at their ends, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from helpers.recommend.baselines import Popularity, Random
from helpers.recommend.content import ContentBased
from helpers.recommend.hybrid import SwitchingHybrid, WeightedHybrid
from helpers.recommend.neighbors import ItemKNN

ITEMS = pd.DataFrame(
    {
        "item_id": [f"I{n}" for n in range(1, 9)],
        "category": ["Tea", "Tea", "Camping", "Camping", "Tea", "Camping", "Toys", "Toys"],
    }
)
COLUMNS = ["user_id", "item_id", "rating"]
CONTENT = ContentBased(ITEMS, {"category": 1})


class Said:
    """An outside model: it has the two methods, and lists and answers that somebody wrote down."""

    def __init__(self, scores, predictions=None):
        self.scores = scores  # user → item → score, best first
        self.predictions = predictions  # prediction and fallback of each pair

    def fit(self, interactions):
        return self

    def recommend(self, users, k=10, filter_seen=True):
        rows = [
            (user, item, score, rank)
            for user in users
            for rank, (item, score) in enumerate(self.scores.get(user, {}).items(), start=1)
            if rank <= k
        ]
        return pd.DataFrame(rows, columns=["user_id", "item_id", "score", "rank"])

    def predict(self, pairs):
        prediction, fallback = zip(*self.predictions, strict=True)
        return pairs.assign(prediction=prediction, fallback=fallback)


BOUGHT = pd.DataFrame([("Ana", "I1", 1), ("Ben", "I2", 1)], columns=COLUMNS)


def random_ratings(seed=0, users=20):
    """About half of the cells of I1 … I6; I7 and I8 are cold."""
    rng = np.random.default_rng(seed)
    cells = [(f"U{u:02}", f"I{i}") for u in range(users) for i in range(1, 7)]
    ratings = pd.DataFrame(cells, columns=COLUMNS[:2])
    ratings["rating"] = rng.integers(1, 6, len(ratings))
    kept = (rng.random(len(ratings)) < 0.5) | (ratings.groupby("user_id").cumcount() == 0)
    return ratings[kept].reset_index(drop=True)


def lists(table):
    return {user: rows["item_id"].tolist() for user, rows in table.groupby("user_id")}


# ---------------------------------------------------------------- weighted


def test_votes_by_hand():
    # One: 10, 6, 2 become 1, 1/2, 0. Two: 0.4, 0.3 become 1, 0. Weights 3 : 1.
    # I1: 3/4 · 1 = 0.75. I2: 3/4 · 1/2 + 1/4 · 0 = 0.375. I3: 3/4 · 0. I4: 1/4 · 1 = 0.25.
    one, two = Said({"Ana": {"I1": 10, "I2": 6, "I3": 2}}), Said({"Ana": {"I4": 0.4, "I2": 0.3}})
    hybrid = WeightedHybrid({"one": one, "two": two}, {"one": 3, "two": 1}).fit(BOUGHT)
    found = hybrid.recommend(["Ana"])
    assert found["item_id"].tolist() == ["I1", "I2", "I4", "I3"]
    assert found["score"].tolist() == pytest.approx([0.75, 0.375, 0.25, 0])
    assert found["rank"].tolist() == [1, 2, 3, 4]


def test_list_of_equal_scores_votes_one():
    hybrid = WeightedHybrid({"one": Said({"Ana": {"I2": 7, "I1": 7}})}, {"one": 1}).fit(BOUGHT)
    found = hybrid.recommend(["Ana"])
    assert found["score"].tolist() == [1, 1]
    assert found["item_id"].tolist() == ["I1", "I2"]  # a tie goes by the order of items


@pytest.mark.parametrize("model", [CONTENT, Popularity(), ItemKNN(k=3), Random()])
def test_all_weight_on_one_is_that_one(model):
    ratings = random_ratings()
    hybrid = WeightedHybrid({"one": model, "two": Random(9)}, {"one": 1, "two": 0}).fit(ratings)
    users = [*hybrid.users_, "new"]
    alone = model.fit(ratings).recommend(users, k=4)
    assert lists(hybrid.recommend(users, k=4)) == lists(alone)
    pairs = pd.DataFrame({"user_id": ["U00", "U03", "new"], "item_id": ["I2", "I7", "I1"]})
    pd.testing.assert_frame_equal(hybrid.predict(pairs), model.predict(pairs))


def test_weighted_predictions_by_hand():
    # Weights 3 : 1. Both speak: (3 · 4 + 2) / 4. One falls back: 2 alone. Both do: 3.5, marked.
    one = Said({}, [(4.0, False), (4.0, True), (4.0, True)])
    two = Said({}, [(2.0, False), (2.0, False), (2.0, True)])
    hybrid = WeightedHybrid({"one": one, "two": two}, {"one": 3, "two": 1}).fit(BOUGHT)
    found = hybrid.predict(pd.DataFrame({"user_id": "Ana", "item_id": ["I1", "I2", "I3"]}))
    assert found["prediction"].tolist() == [3.5, 2.0, 3.5]
    assert found["fallback"].tolist() == [False, False, True]


def test_long_lists_are_filled(monkeypatch):
    monkeypatch.setattr("helpers.recommend.hybrid.DEPTH", 2)
    hybrid = WeightedHybrid({"popular": Popularity()}, {"popular": 1}).fit(random_ratings())
    assert len(hybrid.recommend(["new"], k=1)) == 1
    assert len(hybrid.recommend(["new"], k=5)) == 5


# ---------------------------------------------------------------- switching


def test_turns_by_hand():
    one = Said({"Ana": {"I1": 9, "I2": 8}})
    two = Said({"Ana": {"I2": 0.9, "I3": 0.8, "I4": 0.7}, "Ben": {"I3": 0.5}})
    hybrid = SwitchingHybrid({"one": one, "two": two}).fit(BOUGHT)
    found = hybrid.recommend(["Ben", "Ana"], k=3)
    assert found["user_id"].tolist() == ["Ben", "Ana", "Ana", "Ana"]
    assert found["item_id"].tolist() == ["I3", "I1", "I2", "I3"]
    assert found["score"].tolist() == [0.5, 9, 8, 0.8]
    assert found["source"].tolist() == ["two", "one", "one", "two"]
    assert found["rank"].tolist() == [1, 1, 2, 3]


def test_switching_predictions_by_hand():
    one = Said({}, [(4.0, False), (4.0, True), (4.0, True)])
    two = Said({}, [(2.0, False), (2.0, False), (2.0, True)])
    hybrid = SwitchingHybrid({"one": one, "two": two}).fit(BOUGHT)
    found = hybrid.predict(pd.DataFrame({"user_id": "Ana", "item_id": ["I1", "I2", "I3"]}))
    assert found["prediction"].tolist() == [4.0, 2.0, 4.0]
    assert found["source"].tolist() == ["one", "two", "one"]
    assert found["fallback"].tolist() == [False, False, True]


def test_next_serves_cold_users_and_seen_stays_out():
    ratings = random_ratings()
    hybrid = SwitchingHybrid({"content": CONTENT, "popular": Popularity()}).fit(ratings)
    found = hybrid.recommend(["new"], k=3)
    assert found["source"].unique().tolist() == ["popular"]
    pd.testing.assert_frame_equal(
        found.drop(columns="source"), Popularity().fit(ratings).recommend(["new"], k=3)
    )
    everybody = hybrid.recommend(k=8).merge(ratings, on=["user_id", "item_id"])
    assert everybody.empty
    assert len(hybrid.recommend(["U00"], k=8, filter_seen=False)) == 6  # no toys: nobody knows them


# ---------------------------------------------------------------- both

BOTH = [
    lambda models: WeightedHybrid(models, dict.fromkeys(models, 1)),
    lambda models: SwitchingHybrid(models),
]


@pytest.mark.parametrize("make", BOTH)
def test_parts_stay_as_they_are(make):
    part = Popularity()
    hybrid = make({"popular": part}).fit(random_ratings())
    assert not hasattr(part, "popularity_")
    assert hybrid.models_["popular"].popularity_.sum() > 0


@pytest.mark.parametrize("make", BOTH)
def test_fold_in_tells_every_part(make):
    ratings = random_ratings()
    hybrid = make(
        {"content": CONTENT, "strict": ContentBased(ITEMS, {"category": 1}, regularization=9)}
    ).fit(ratings)
    folded = hybrid.fold_in(pd.DataFrame([("new", "I7", 5), ("new", "I1", 1)], columns=COLUMNS))
    assert hybrid.recommend(["new"]).empty
    assert folded.recommend(["new"], k=1)["item_id"].tolist() == ["I8"]
    assert folded.users_.tolist() == [*hybrid.users_, "new"]


@pytest.mark.parametrize("make", BOTH)
def test_ratings_and_scores_have_no_common_prediction(make):
    hybrid = make({"content": CONTENT, "popular": Popularity()}).fit(random_ratings())
    assert hybrid.scale_ == (-np.inf, np.inf)  # so that nobody takes its scores for ratings
    assert not hybrid.recommend().empty
    with pytest.raises(ValueError, match="content, popular predict ratings, others scores"):
        hybrid.predict(pd.DataFrame({"user_id": ["U00"], "item_id": ["I1"]}))
    assert make({"content": CONTENT}).fit(random_ratings()).scale_ == (1, 5)


@pytest.mark.parametrize(
    "weights", [{"a": 1}, {"a": 1, "c": 1}, {"a": 0, "b": 0}, {"a": 2, "b": -1}]
)
def test_bad_weights_are_refused(weights):
    hybrid = WeightedHybrid({"a": Popularity(), "b": Random()}, weights)
    with pytest.raises(ValueError, match="a weight of 0 or more for each of a, b"):
        hybrid.fit(BOUGHT)


def test_bad_parameters_are_refused():
    with pytest.raises(ValueError, match="SwitchingHybrid: needs a model"):
        SwitchingHybrid({}).fit(BOUGHT)
    with pytest.raises(ValueError, match="WeightedHybrid: needs a weight"):
        WeightedHybrid({}, {}).fit(BOUGHT)


def test_a_part_that_cannot_explain_is_named():
    hybrid = SwitchingHybrid({"popular": Popularity()}).fit(BOUGHT)
    user, item = BOUGHT["user_id"].iloc[0], BOUGHT["item_id"].iloc[0]
    with pytest.raises(ValueError, match='"popular" made this prediction, and a Popularity model'):
        hybrid.explain(user, item)
