import numpy as np
import pandas as pd
import pytest

from helpers.recommend import NewItems

FOLD = pd.Series({"lamp": 0, "vase": 1})


def rated(*ratings):
    users, items = ["Ana", "Ben"] * 2, ["lamp"] * 2 + ["vase"] * 2
    return pd.DataFrame({"user_id": users, "item_id": items, "rating": ratings})


def test_start_by_hand():
    # With a huge λ, factors and biases are 0: the start is the mean of the other item, 3 or 4.
    new = NewItems(rated(5, 3, 4, 2), FOLD, regularization=1e9)
    assert new.beyond == pytest.approx([2, 0, 0, -2], abs=1e-6)
    assert new.item_id.tolist() == ["lamp", "lamp", "vase", "vase"]
    assert new.fold.tolist() == [0, 0, 1, 1]


def test_start_of_someone_unknown_is_the_mean():
    ratings = rated(5, 3, 4, 2).iloc[1:]  # Ana has rated the vase only: no bias, no taste
    new = NewItems(ratings, FOLD)
    assert new.beyond[1] == pytest.approx(4 - 3)  # the lamp's only rating is Ben's 3


@pytest.fixture(scope="module")
def shop():
    rng = np.random.default_rng(0)
    tastes, traits = rng.normal(size=(60, 2)), rng.normal(size=(40, 2))
    good = np.arange(40) % 2
    user, item = np.divmod(np.arange(60 * 40), 40)
    rating = 3 + (tastes[user] * traits[item]).sum(axis=1) + good[item]
    ratings = pd.DataFrame({"user_id": user, "item_id": item, "rating": rating})
    return ratings, traits, good, pd.Series(np.arange(40) // 2 % 5)


def test_content_that_makes_taste_and_quality_explains_them(shop):
    ratings, traits, good, fold = shop
    new = NewItems(ratings, fold, factors=2, regularization=0.1)
    taste, quality = new.taste(traits, 0.01), new.quality(good[:, None], 0.01)
    left = new.beyond - taste - quality
    assert np.var(left) < 0.02 * np.var(new.beyond)
    # Half of the items are one star better: 0.5 above or below the mean.
    assert quality == pytest.approx(good[ratings["item_id"]] - 0.5, abs=0.15)
    assert new.taste(10 * traits + 1, 0.01) == pytest.approx(taste)


def test_the_ratings_of_a_new_item_do_not_reach_its_prediction(shop):
    ratings, traits, _, fold = shop
    of_fold = ratings["item_id"].map(fold) == 0
    other = ratings.assign(rating=ratings["rating"].where(~of_fold, 1.0))
    first, second = NewItems(ratings, fold), NewItems(other, fold)
    assert first.taste(traits)[of_fold] == pytest.approx(second.taste(traits)[of_fold])
    assert first.quality(traits)[of_fold] == pytest.approx(second.quality(traits)[of_fold])


def test_an_item_without_a_fold_is_named():
    with pytest.raises(ValueError, match="no entry for item vase"):
        NewItems(rated(5, 3, 4, 2), FOLD.iloc[:1])
