"""BPR by hand, by finite differences, and on planted truth."""

import numpy as np
import pandas as pd
import pytest

from helpers.recommend.bpr import BPR


def table(matrix) -> pd.DataFrame:
    u, i = np.nonzero(matrix)
    return pd.DataFrame({"user_id": u, "item_id": i, "rating": 1})


def drawn(seed=0, users=20, items=8) -> pd.DataFrame:
    return table(np.random.default_rng(seed).random((users, items)) < 0.4)


def planted(p, q, b, **options) -> BPR:
    """Return a model of one user, with these numbers; item 0 is in the training."""
    model = BPR(factors=len(p), **options).fit(table([[True] + [False] * (len(b) - 1)]))
    model.items_ = pd.RangeIndex(len(b))
    model.user_factors_ = np.array([p], float)
    model.item_factors_, model.item_bias_ = np.array(q, float), np.array(b, float)
    return model


def test_one_step_by_hand():
    # x_ui - x_uj = ln 3 + 1 · (0.5 - 0.5) = ln 3: σ = 3 / 4 and e = 1 / 4. With γ = 0.4, λ = 0.1:
    # p = 1 + 0.4 (0 - 0.1) = 0.96, q_i = 0.5 + 0.4 (0.25 - 0.05) = 0.58, q_j = 0.5 + 0.4 (-0.25 -
    # 0.05) = 0.38, b_i = ln 3 + 0.4 (0.25 - 0.1 ln 3), b_j = 0 + 0.4 (-0.25) = -0.1.
    start = [np.log(3), 0]
    model = planted([1], [[0.5], [0.5]], start, learning_rate=0.4, regularization=0.1)
    model._step(np.array([0]), np.array([0]), np.array([1]))
    assert model.user_factors_ == pytest.approx(np.array([[0.96]]))
    assert model.item_factors_[:, 0] == pytest.approx([0.58, 0.38])
    assert model.item_bias_ == pytest.approx([0.96 * np.log(3) + 0.1, -0.1])


def test_a_step_is_the_gradient_by_finite_differences():
    # Some users and items occur several times: the steps of a batch are added.
    rng = np.random.default_rng(0)
    model = BPR(3, learning_rate=1e-3, regularization=0.2, epochs=1).fit(drawn())
    users, items = model.ratings_.shape
    u, i, j = (rng.integers(size, size=12) for size in (users, items, items))
    parts = [model.user_factors_, model.item_factors_, model.item_bias_]
    sizes = np.cumsum([part.size for part in parts])[:-1]

    def loss(flat):
        p, q, b = (
            x.reshape(part.shape) for x, part in zip(np.split(flat, sizes), parts, strict=True)
        )
        total = 0.0
        for a, one, other in zip(u, i, j, strict=True):
            lead = b[one] + p[a] @ q[one] - b[other] - p[a] @ q[other]
            squares = (p[a] ** 2).sum() + (q[one] ** 2).sum() + (q[other] ** 2).sum()
            squares += b[one] ** 2 + b[other] ** 2
            total += np.log(1 + np.exp(-lead)) + 0.2 / 2 * squares
        return total

    start = np.concatenate([part.ravel() for part in parts])
    slope = np.array(
        [(loss(start + h) - loss(start - h)) / 2e-5 for h in 1e-5 * np.eye(len(start))]
    )
    model._step(u, i, j)
    moved = np.concatenate(
        [model.user_factors_.ravel(), model.item_factors_.ravel(), model.item_bias_]
    )
    np.testing.assert_allclose(moved - start, -1e-3 * slope, rtol=1e-5, atol=1e-11)


def test_the_loss_by_hand():
    # Item 0 is the user's, and is ahead of item 1 by ln 3, of item 2 by 0: ln (4 / 3) and ln 2.
    model = planted([1, 0], [[0, 5], [0, 5], [np.log(3), 5]], [np.log(3), 0, 0])
    model.ratings_ = model.ratings_.copy()
    model.ratings_.resize(1, 3)
    assert model.loss() == pytest.approx((np.log(4 / 3) + np.log(2)) / 2)
    # Numbers that know nothing leave ln 2; who has everything has no triple.
    model.user_factors_, model.item_bias_ = np.zeros((1, 2)), np.zeros(3)
    assert model.loss() == pytest.approx(np.log(2))
    everything = BPR(2).fit(table(np.ones((2, 3))))
    assert np.isnan(everything.loss())


def test_training_lowers_the_loss_and_separates_what_is_planted():
    # Even users take even items, odd users odd ones.
    rng = np.random.default_rng(1)
    alike = np.arange(60)[:, None] % 2 == np.arange(20) % 2
    bought = table(alike & (rng.random((60, 20)) < 0.5))
    few, many = (BPR(2, epochs=epochs, learning_rate=0.1).fit(bought) for epochs in (1, 60))
    assert many.loss() < 0.5 * few.loss()
    lists = many.recommend(k=3)
    assert (lists["user_id"] % 2 == lists["item_id"] % 2).mean() > 0.95


@pytest.mark.parametrize("negatives", ["uniform", "popular"])
def test_how_often_an_item_is_drawn(negatives):
    # Item 0 has three users, item 1 two, item 2 one; U3 has none of them, only item 3.
    matrix = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    model = BPR(1, negatives=negatives, epochs=1).fit(table(matrix))
    u = np.full(60_000, 3)
    own = np.sort([4 * user + item for user, item in np.argwhere(matrix)])
    _, _, j = model._triples(u, u, own, np.random.default_rng(0))
    # Draws of item 3, which U3 has, are left out: a quarter, or 1 / 7 of the draws.
    share = np.bincount(j, minlength=4) / len(u)
    expected = {"uniform": [1 / 4, 1 / 4, 1 / 4, 0], "popular": [3 / 7, 2 / 7, 1 / 7, 0]}
    assert share == pytest.approx(expected[negatives], abs=0.01)


def test_parameters_and_counts_out_of_range_are_refused():
    bought = drawn()
    for options, message in [
        ({"learning_rate": 0}, "learning_rate is a number above 0; got 0"),
        ({"regularization": -1}, "regularization is a number above 0; got -1"),
        ({"factors": 0}, "factors is a whole number"),
        ({"negatives": "hard"}, r"negatives are one of \('uniform', 'popular'\), not 'hard'"),
    ]:
        with pytest.raises(ValueError, match=message):
            BPR(**options).fit(bought)
    with pytest.raises(ValueError, match="is no count of something that happened"):
        BPR().fit(bought.assign(rating=0))


@pytest.mark.parametrize("rate", [1, 1e6])  # numbers of 16 digits, and none at all
def test_steps_that_are_too_long_are_refused(rate):
    with pytest.raises(ValueError, match="the factors grow without end"):
        BPR(learning_rate=rate).fit(drawn())


def test_a_new_user_is_placed_with_the_items_fixed():
    rng = np.random.default_rng(3)
    alike = np.arange(80)[:, None] % 2 == np.arange(20) % 2
    model = BPR(2, epochs=40, learning_rate=0.1).fit(table(alike & (rng.random((80, 20)) < 0.5)))
    items = model.item_factors_.copy()
    folded = model.fold_in(pd.DataFrame({"user_id": 99, "item_id": [1, 3, 5, 7], "rating": 1}))
    assert (folded.item_factors_ == items).all()
    assert folded.recommend([99], k=5)["item_id"].mod(2).tolist() == [1] * 5
