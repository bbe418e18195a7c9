"""Sequences and the gated recurrent unit by hand, its gradient against finite differences."""

from math import log

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from helpers import churn
from helpers.churn import gru
from helpers.data import sources
from helpers.data.problems import TableError

ORDERS = pd.DataFrame(
    [
        ("Ana", "2025-03-01 10:00", 4.0),  # before the first step
        ("Ana", "2025-03-07 00:00", 20.0),  # its first minute
        ("Ana", "2025-03-20 09:00", 5.0),
        ("Ana", "2025-03-20 23:59", 2.0),  # the same day, the evening of t0
        ("Ben", "2025-03-13 23:59", 8.0),  # the last minute of the first step
        ("Cem", "2025-03-01 12:00", 3.0),  # nothing since
        ("Ana", "2025-03-21 00:00", 99.0),  # tomorrow begins
        ("Eva", "2025-03-21 08:00", 99.0),  # not known yet
    ],
    columns=["user_id", "ordered_at", "value"],
).astype({"ordered_at": "datetime64[us]"})
EVENTS = pd.DataFrame(
    [
        ("Ana", "2025-03-06 23:59", "s0", "view"),  # before the first step
        ("Ana", "2025-03-07 00:00", "s1", "view"),
        ("Ana", "2025-03-07 00:01", "s1", "cart"),
        ("Ben", "2025-03-20 23:59", "s2", "favorite"),
        (None, "2025-03-19 09:00", "s3", "view"),  # a guest
        ("Eva", "2025-03-19 09:00", "s4", "view"),  # no customer yet
        ("Ana", "2025-03-21 00:00", "s5", "view"),  # tomorrow begins
    ],
    columns=["user_id", "occurred_at", "session_id", "event"],
).astype({"occurred_at": "datetime64[us]"})


def test_sequences_by_hand():
    # Two weeks up to 20 March: 7 to 13, and 14 to 20 March. Ana's two rows of the 20th are one day.
    x = np.expm1(churn.weekly_sequences(ORDERS, "2025-03-20", weeks=2, events=EVENTS))
    assert list(x.index) == ["Ana", "Ben", "Cem"]
    assert list(x.columns.get_level_values(0).unique()) == [1, 0]
    channels = ["purchases", "spent", "sessions", "views", "favorites", "carts"]
    assert list(x[1]) == list(x[0]) == channels
    assert x[1].loc["Ana"].to_list() == pytest.approx([1, 20, 1, 1, 0, 1])
    assert x[0].loc["Ana"].to_list() == pytest.approx([1, 7, 0, 0, 0, 0])
    assert x[1].loc["Ben"].to_list() == pytest.approx([1, 8, 0, 0, 0, 0])
    assert x[0].loc["Ben"].to_list() == pytest.approx([0, 0, 1, 0, 1, 0])
    assert not x.loc["Cem"].any()


def test_a_step_of_two_weeks_sums_them():
    x = np.expm1(churn.weekly_sequences(ORDERS, "2025-03-20", weeks=4, every=2))
    assert list(x.columns.get_level_values(0).unique()) == [2, 0]
    assert x.loc["Ana"].to_list() == pytest.approx([1, 4, 2, 27])  # 1 | 7 and 20 March


def test_the_future_changes_nothing():
    before = churn.weekly_sequences(ORDERS, "2025-03-20", weeks=2, events=EVENTS)
    past = (
        ORDERS[ORDERS["ordered_at"] < "2025-03-21"],
        EVENTS[EVENTS["occurred_at"] < "2025-03-21"],
    )
    again = churn.weekly_sequences(past[0], "2025-03-20", weeks=2, events=past[1])
    pd.testing.assert_frame_equal(before, again)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weeks": 0}, "weeks is a whole number"),
        ({"every": 3}, "weeks is a multiple of every; got 2 weeks in steps of 3"),
        ({"t0": "2025-02-01"}, "Nobody had bought by t0 = 2025-02-01"),
        ({"weeks": 6}, "The events begin on 2025-03-06, after the sequences do \\(2025-02-07\\)"),
    ],
)
def test_bad_input_to_sequences_is_named(change, words):
    given = {"orders": ORDERS, "t0": "2025-03-20", "weeks": 2, "events": EVENTS, **change}
    with pytest.raises(ValueError, match=words):
        churn.weekly_sequences(**given)


# ---------------------------------------------------------------- the unit


def test_two_steps_by_hand():
    # One unit, one channel. W = (2, 0, 1), U = (0, 0, 1), b = 0, x = 1, then 0.
    # Step 1: z = σ(2) = .8808, r = σ(0) = .5, c = tanh(1) = .7616, h = .1192 · .7616 = .0908.
    # Step 2: z = σ(0) = .5, c = tanh(.5 · .0908) = .0454, h = .5 · .0908 + .5 · .0454 = .0681.
    x = np.array([1.0, 0.0]).reshape(2, 1, 1)
    hidden, _ = gru.forward(x, np.array([[2.0, 0, 1]]), np.array([[0.0, 0, 1]]), np.zeros(3))
    assert np.ravel(hidden) == pytest.approx([0, 0.0908, 0.0681], abs=1e-4)


def weights(rng, channels, units):
    return (
        rng.normal(size=shape) for shape in [(channels, 3 * units), (units, 3 * units), 3 * units]
    )


def test_gradient_is_that_of_finite_differences():
    rng = np.random.default_rng(2)
    model = churn.GRUClassifier(units=3, alpha=0.1)
    model.kernel_, model.recurrent_, model.bias_ = weights(rng, 2, 3)
    model.coef_, model.intercept_ = rng.normal(size=5), rng.normal(size=1)
    x, f = rng.normal(size=(6, 7, 2)), rng.normal(size=(7, 2))
    y = rng.integers(0, 2, 7).astype(float)

    def loss():
        p = model._probability(x, f)
        penalized = (model.kernel_, model.recurrent_, model.coef_)
        penalty = 0.1 / 2 * sum((weight**2).sum() for weight in penalized)
        return -np.where(y == 1, np.log(p), np.log(1 - p)).mean() + penalty

    for weight, derivative in zip(model._weights(), model._gradient(x, f, y), strict=True):
        for cell in np.ndindex(weight.shape):
            kept, around = weight[cell], []
            for moved in (1e-5, -1e-5):
                weight[cell] = kept + moved
                around.append(loss())
            weight[cell] = kept
            assert derivative[cell] == pytest.approx((around[0] - around[1]) / 2e-5, abs=1e-8)


def test_adam_by_hand():
    # The first step is γ · sign(g): m̂ = g, ŝ = g². Then g = 0: m = .9 · .1 g = .09 g, and
    # m̂ = .09 g / .19; s = .999 · .001 g², ŝ = .000999 g² / .001999. The step is
    # γ · .4737 / .7069 = .67 γ.
    weight = np.array([1.0])
    adam = gru.Adam([weight], 0.1)
    adam.step([np.array([5.0])])
    assert weight[0] == pytest.approx(0.9)
    adam.step([np.array([0.0])])
    assert weight[0] == pytest.approx(0.9 - 0.1 * (0.09 / 0.19) / (0.000999 / 0.001999) ** 0.5)


# ---------------------------------------------------------------- the classifier


def noise(users=200, seed=0, steps=6):
    rng = np.random.default_rng(seed)
    columns = pd.MultiIndex.from_product([range(steps)[::-1], ["purchases", "spent"]])
    return pd.DataFrame(rng.random((users, 2 * steps)), columns=columns), rng


def test_the_same_seed_gives_the_same_model_and_another_one_does_not():
    x, rng = noise()
    y = pd.Series(rng.random(200) < 0.7)
    model = churn.GRUClassifier(units=4, epochs=3)
    one, again, other = (
        clone(model).set_params(random_state=seed).fit(x, y).predict_proba(x) for seed in (0, 0, 1)
    )
    assert np.array_equal(one, again)
    assert not np.allclose(one, other)
    assert one.sum(axis=1) == pytest.approx(1)


def test_features_enter_the_regression_on_top():
    x, rng = noise()
    y = pd.Series(rng.random(200) < 0.5)
    features = pd.DataFrame({"telling": y + 0.1 * rng.random(200)}).where(lambda f: f > 0.01)
    model = churn.GRUClassifier(units=4, epochs=30, learning_rate=0.05).fit(x, y, features)
    assert model.coef_.shape == (5,)
    assert roc_auc_score(y, model.predict_proba(x, features)[:, 1]) > 0.95


def test_losses_stop_where_they_should():
    x, rng = noise()
    y = pd.Series(rng.random(200) < 0.5)
    model = churn.GRUClassifier(units=8, epochs=200, learning_rate=0.05).fit(x, y)
    assert len(model.losses_) == np.argmin(model.losses_) + 1 + gru.PATIENCE < 200
    assert log(2) * 0.8 < min(model.losses_) < log(2) * 1.1  # coins cannot be foreseen


def test_bad_input_to_the_network_is_named():
    x, rng = noise()
    y = pd.Series(rng.random(200) < 0.5)
    model = churn.GRUClassifier(units=2, epochs=1)
    with pytest.raises(ValueError, match="every channel in every step"):
        model.fit(x.iloc[:, 1:], y)
    with pytest.raises(TableError, match=r"purchases, 3 weeks ago.* is missing"):
        model.fit(x.where(x != x.iloc[5, 4]), y)
    model.fit(x, y)
    with pytest.raises(ValueError, match="the same steps and channels"):
        model.predict(x[x.columns[::-1]])
    features = pd.DataFrame({"recency": 1.0 * x.index})
    with pytest.raises(ValueError, match="fitted without features"):
        model.predict(x, features)
    with pytest.raises(ValueError, match="the same users in the same order"):
        clone(model).fit(x, y, features).predict_proba(x, features[::-1])


def test_on_cdnow_it_equals_the_logistic_regression_whatever_the_start_and_the_size():
    cdnow, days = sources.load_cdnow(), ("1997-10-31", "1998-03-31")
    split = churn.split_out_of_time(cdnow, *days, horizon=91)
    train, test = (churn.weekly_sequences(cdnow, t0, weeks=64, every=4) for t0 in days)
    logistic = churn.classifiers()["logistic"].fit(split.train, split.y_train)
    bar = roc_auc_score(split.y_test, logistic.predict_proba(split.test)[:, 1])
    for seed, units in ((1, 16), (2, 8)):
        model = churn.GRUClassifier(units, epochs=3, batch_size=1024, random_state=seed)
        p = model.fit(train, split.y_train).predict_proba(test)[:, 1]
        assert roc_auc_score(split.y_test, p) == pytest.approx(bar, abs=0.004)
