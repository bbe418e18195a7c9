"""The simulated page: its regret, its clicks, its propensities, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from helpers.bandits import Greedy, LinUCB, MostClicked, Thompson, cumulative_regret, play
from helpers.bandits.simulation import Play

PAGE = pd.DataFrame({"lamp": [0.9, 0.1], "rug": [0.2, 0.6], "vase": [0.1, 0.1]}, ["Ana", "Ben"])


class Always:
    """Show the items in a fixed order, and remember what one is taught."""

    def __init__(self, *scores):
        self.wish = scores

    def start(self, runs, items, features, rng):
        self.runs, self.taught = runs, []
        return self

    def scores(self, x):
        return np.tile(np.array(self.wish, float), (self.runs, 1))

    def update(self, x, items, looks, clicked):
        self.taught.append((x, items, looks, clicked))


def test_regret_against_the_best_page_for_all():
    # Means 0.5, 0.4, 0.1. Vase, rug: 0.1 + 0.4 / 2 = 0.3; the best page: 0.5 + 0.4 / 2 = 0.7.
    played = play(Always(1, 2, 3), PAGE, 5, runs=3, places=2)
    assert played.regret == pytest.approx(np.full((5, 3), 0.4))
    assert (played.items == [2, 1]).all()


def test_regret_against_each_users_best():
    # Ana's best is the lamp, Ben's the rug, with 0.6; he gets the lamp, with 0.1.
    played = play(Always(3, 2, 1), PAGE, 50, runs=4, personal=True)
    assert played.regret == pytest.approx(np.where(played.users == 0, 0, 0.5))
    assert set(np.unique(played.users)) == {0, 1}


def test_clicks_follow_the_position_based_model():
    played = play(Always(3, 2, 1), PAGE, 2_000, runs=20, places=2)
    for user, rates in enumerate([[0.9, 0.2 / 2], [0.1, 0.6 / 2]]):
        mine = played.clicked[played.users == user]
        assert mine.mean(axis=0) == pytest.approx(rates, abs=4 * 0.5 / np.sqrt(len(mine)))


def test_a_batch_is_taught_once_and_with_the_looks_that_are_believed():
    policy = Always(1, 2, 3)
    features = pd.DataFrame({"age": [20.0, 70.0]}, PAGE.index)
    played = play(policy, PAGE, 7, runs=2, places=2, every=3, looks=[1, 0.7], features=features)
    assert [items.shape for _, items, _, _ in policy.taught] == [(3, 2, 2)] * 2  # the 7th waits
    for batch, (x, items, looks, clicked) in enumerate(policy.taught):
        now = slice(3 * batch, 3 * batch + 3)
        assert (looks == [1, 0.7]).all()
        assert (items == played.items[now]).all()
        assert (clicked == played.clicked[now]).all()
        assert (x[..., 0] == np.where(played.users[now] == 0, 20, 70)).all()


def test_exploration_shows_all_items_equally_often():
    played = play(Always(3, 2, 1), PAGE, 3_000, runs=10, explore=0.3)
    share = np.bincount(played.items.ravel()) / played.items.size
    assert share == pytest.approx([0.8, 0.1, 0.1], abs=4 * 0.3 / np.sqrt(played.items.size))


def test_propensities_are_those_of_what_is_shown():
    # Before the first night all items are alike: 1/3. Later, by inverse propensity, each of the
    # three is shown once a visit, on average.
    played = play(Thompson(), PAGE, 400, runs=200, every=100, explore=0.2, propensities=True)
    assert played.propensity[:100] == pytest.approx(np.full((100, 200, 1), 1 / 3))
    assert played.propensity.min() >= 0.2 / 3
    for item in range(3):
        weight = ((played.items == item) / played.propensity)[100:].mean(axis=(0, 2))
        assert abs(weight.mean() - 1) < 4 * weight.std() / np.sqrt(200)


def test_ties_are_broken_at_random():
    items = play(MostClicked(), PAGE, 1, runs=3_000, places=3).items[0]
    for place in range(3):
        assert np.bincount(items[:, place]) / 3_000 == pytest.approx([1 / 3] * 3, abs=0.04)


def test_an_item_that_is_not_offered_yet_is_not_shown():
    before = PAGE.assign(lamp=np.nan)
    for policy in (Greedy(), Thompson(), LinUCB()):
        played = play(policy, before, 40, runs=20, explore=0.5, later={20: PAGE})
        assert not (played.items[:20] == 0).any()
        assert (played.items[20:] == 0).any()
    # Before: the rug is best, mean 0.4, the vase has 0.1. Later the lamp is, with 0.5.
    assert set(played.regret[:20].round(9).ravel()) == {0, 0.3}
    assert set(played.regret[20:].round(9).ravel()) == {0, 0.1, 0.4}


def test_a_change_between_two_nights_comes_in_its_round_and_learning_stays_at_night():
    policy = Always(3, 2, 1)
    turned = PAGE.set_axis(["vase", "rug", "lamp"], axis=1)[list(PAGE)]
    played = play(policy, PAGE, 8, runs=2, every=4, later={3: turned})
    # The lamp always: the best until round 3, then 0.1 with the vase at 0.5.
    assert played.regret == pytest.approx(np.repeat([0, 0.4], [3, 5])[:, None] * [1, 1])
    assert [items.shape for _, items, _, _ in policy.taught] == [(4, 2, 1)] * 2


def test_the_same_seed_plays_the_same():
    one, other, third = (play(Thompson(), PAGE, 50, runs=4, random_state=s) for s in (3, 3, 4))
    assert (one.items == other.items).all()
    assert (one.items != third.items).any()


def test_cumulative_regret_by_hand():
    # Two runs: 0.1, 0.3 and 0.3, 0.3 after two rounds. Means 0.2, 0.3; the first with sd √0.02,
    # so the interval reaches 1.96 · √0.02 / √2 = 0.196.
    played = Play(np.array([[0.1, 0.3], [0.2, 0.0]]), None, None, None, None)
    table = cumulative_regret(played)
    assert table["regret"].tolist() == pytest.approx([0.2, 0.3])
    assert (table["high"] - table["regret"]).tolist() == pytest.approx([0.196, 0], abs=1e-4)
    assert table.index.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"runs": 0}, "runs is a whole number"),
        ({"places": 4}, "a page of 4 places needs as many items"),
        ({"explore": 1.1}, "explore is a probability"),
        ({"relevance": PAGE.iloc[:0]}, "a row for each user"),
        ({"relevance": PAGE.assign(rug="often")}, "rates as numbers"),
        ({"relevance": PAGE.assign(rug=[0.2, 1.2])}, 'column "rug" is no probability'),
        ({"relevance": PAGE.assign(rug=[0.2, np.nan])}, 'column "rug" is no probability'),
        ({"relevance": PAGE.assign(rug=np.nan), "places": 3}, "needs as many items"),
        ({"later": {5: PAGE.iloc[:, :2]}}, "later: each table needs the users and items"),
        ({"later": {100_000: PAGE}}, "later: 100000 is no round from 1 to"),
        ({"features": pd.DataFrame({"age": [1.0]}, ["Ana"])}, "needs the index of relevance"),
        ({"features": pd.DataFrame({7: [1, np.nan]}, PAGE.index)}, 'column "7"'),
        ({"propensities": True, "policy": MostClicked()}, "for Thompson with one place"),
        ({"propensities": True, "places": 2}, "for Thompson with one place"),
    ],
)
def test_what_is_refused(options, words):
    given = {"policy": Thompson(), "relevance": PAGE, "rounds": 10} | options
    with pytest.raises(ValueError, match=words):
        play(**given)


def test_one_run_has_no_interval():
    with pytest.raises(ValueError, match="runs is a whole number, 2 or more"):
        cumulative_regret(play(Thompson(), PAGE, 5, runs=1))
