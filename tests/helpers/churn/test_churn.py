"""Labels, features, splits and comparisons of churn, by hand and by what must not matter."""

from datetime import date

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from sklearn.metrics import brier_score_loss

from helpers import churn, value
from helpers.churn import scores
from helpers.data import sources
from helpers.data.problems import TableError


def orders_of(**users):
    """Make orders from days of March 2025 (1 to 31, later days run on) by user; each costs 10."""
    rows = [(user, pd.Timestamp("2025-02-28 15:00") + pd.Timedelta(days=day), 10.0)
            for user, days in users.items() for day in days]  # fmt: skip
    return pd.DataFrame(rows, columns=["user_id", "ordered_at", "value"])


# t0 = 10 March, gap 2, horizon 5: the window is 13 to 17 March.
BY_HAND = orders_of(
    Ana=[1, 13],  # the first day of the window
    Ben=[2, 17],  # its last day
    Cem=[3, 12, 18],  # the gap, and the day after the window: churned
    Dan=[10],  # bought on the evening of t0, so is known; then nothing: churned
    Eva=[11, 14],  # not known at t0
)


def test_labels_by_hand():
    y = churn.churn_labels(BY_HAND, "2025-03-10", horizon=5, gap=2)
    assert y.to_dict() == {"Ana": False, "Ben": False, "Cem": True, "Dan": True}


def test_without_the_gap_the_window_starts_a_day_after_t0():
    y = churn.churn_labels(BY_HAND, "2025-03-10", horizon=2)  # 11 and 12 March
    assert y.to_dict() == {"Ana": True, "Ben": True, "Cem": False, "Dan": True}


def test_what_is_not_fully_observed_is_refused():
    # The data end on 18 March: 18 - 5 - 2 = 11 March.
    with pytest.raises(ValueError, match="last usable t0 is 2025-03-11"):
        churn.churn_labels(BY_HAND, "2025-03-12", horizon=5, gap=2)
    assert len(churn.churn_labels(BY_HAND, "2025-03-11", horizon=5, gap=2)) == 5
    # Nobody bought on the 19th and 20th, but the shop was open: that is for the caller to say.
    later = churn.churn_labels(BY_HAND, "2025-03-13", 5, 2, observation_end="2025-03-20")
    assert later.sum() == 3  # all but Ben, who bought on the 17th, and Cem, on the 18th


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"t0": "2025-02-01"}, "Nobody had bought by t0 = 2025-02-01: the first order is"),
        ({"t0": "2025-03-10T09:00Z"}, "t0 is a day in local time"),
        ({"observation_end": "soon"}, "observation_end is a day in local time"),
        ({"horizon": 0}, "horizon is a whole number"),
        ({"gap": -1}, "gap is a whole number, 0 or more; got -1"),
        ({"gap": "7"}, "gap is a whole number, 0 or more; got '7'"),
    ],
)  # fmt: skip
def test_bad_input_to_labels_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        churn.churn_labels(**{"orders": BY_HAND, "t0": "2025-03-10", "horizon": 5, **change})


# ---------------------------------------------------------------- features

ORDERS = pd.DataFrame(
    [
        # Ana on 1, 11 and 19 March (two rows of one day), Ben once.
        ("Ana", "2025-03-01 10:00", 20.0, 0.1),
        ("Ana", "2025-03-11 10:00", 5.0, 0.0),
        ("Ana", "2025-03-11 11:00", 5.0, 0.0),
        ("Ana", "2025-03-19 23:59", 10.0, 0.2),
        ("Ben", "2025-03-12 08:00", 8.0, 0.0),
        ("Ana", "2025-03-21 08:00", 99.0, 0.5),  # tomorrow
        ("Eva", "2025-03-21 00:00", 99.0, 0.5),  # tomorrow begins
    ],
    columns=["user_id", "ordered_at", "value", "discount"],
).astype({"ordered_at": "datetime64[us]"})
EVENTS = pd.DataFrame(
    [
        ("Ben", "2025-03-01 09:00", "s0", "view"),  # before the window
        ("Ana", "2025-03-10 23:59", "s5", "view"),  # its eve
        ("Ana", "2025-03-11 09:59", "s1", "view"),
        ("Ana", "2025-03-11 10:00", "s1", "purchase"),
        ("Ana", "2025-03-18 09:00", "s2", "cart"),
        (None, "2025-03-18 09:00", "s3", "view"),  # a guest
        ("Ana", "2025-03-21 00:00", "s4", "favorite"),  # tomorrow begins
    ],
    columns=["user_id", "occurred_at", "session_id", "event"],
).astype({"occurred_at": "datetime64[us]"})
RETURNS = pd.DataFrame(
    [("Ana", "2025-03-15", 10.0), ("Ana", "2025-03-21", 5.0)],
    columns=["user_id", "returned_at", "value"],
).astype({"returned_at": "datetime64[us]"})


def test_features_by_hand():
    table = churn.churn_features(ORDERS, "2025-03-20", events=EVENTS, returns=RETURNS, window=10)
    assert list(table) == list(churn.feature_guide().index)
    assert list(table.index) == ["Ana", "Ben"]
    # The window is 11 to 20 March, the one before 1 to 10 March. Ana's purchases are 18 days apart
    # from first to last, in two gaps of 9 on average; she has been idle for 1 day.
    assert table.loc["Ana"].to_dict() == pytest.approx(
        {
            "recency": 1, "frequency": 3, "age": 19, "gap": 9, "overdue": 1 / 9,
            "recent": 2, "trend": 1, "spent": 40, "per_purchase": 40 / 3, "spent_recent": 20,
            "discounted": 2 / 4, "returned": 10 / 40,
            "sessions": 2, "views": 1, "favorites": 0, "carts": 1, "unseen": 2,
        }
    )  # fmt: skip
    ben = table.loc["Ben"]
    assert ben[["gap", "overdue"]].isna().all()
    assert ben.drop(["gap", "overdue"]).to_dict() == {
        "recency": 8, "frequency": 1, "age": 8, "recent": 1, "trend": 1, "spent": 8,
        "per_purchase": 8, "spent_recent": 8, "discounted": 0, "returned": 0,
        "sessions": 0, "views": 0, "favorites": 0, "carts": 0, "unseen": 10,
    }  # fmt: skip


def test_windows_end_where_they_should():
    # Seen from 31 March with a window of 10 days: 0 and 9 days ago are recent, 10 and 19 days ago
    # lie in the window before, 20 days ago in neither.
    table = churn.churn_features(orders_of(Ana=[31, 22, 21, 12, 11]), "2025-03-31", window=10)
    assert table.loc["Ana", ["frequency", "recent", "trend"]].tolist() == [5, 2, 0]


def test_events_may_begin_with_the_window():
    # 20 days up to 20 March begin on 1 March, as the events do; 21 days are refused below.
    table = churn.churn_features(ORDERS, "2025-03-20", events=EVENTS, window=20)
    assert table[["sessions", "views"]].to_dict("index") == {
        "Ana": {"sessions": 3, "views": 2},
        "Ben": {"sessions": 1, "views": 1},
    }


def test_the_guide_describes_what_is_there():
    few = churn.churn_features(ORDERS.drop(columns="discount"), "2025-03-20")
    assert list(few) == [*churn.feature_guide().query("comes_from == 'orders'").index]


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    t0=st.dates(date(2025, 3, 11), date(2025, 3, 24)),
)
def test_nothing_after_t0_changes_a_feature(seed, t0):
    """Shuffle users, values and times of all that comes later, even beyond belief."""
    rng = np.random.default_rng(seed)
    shift = pd.Timedelta(days=int(rng.integers(0, 500)))
    midnight = pd.Timestamp(t0) + pd.Timedelta(days=1)

    def scrambled(table, time):
        later = table[time] >= midnight
        rest = table[later].sample(frac=1, replace=True, random_state=int(seed % 2**31))
        moved = rest.assign(**{time: rest[time] + shift})
        for column in table.columns.difference([time]):
            moved[column] = moved[column].to_numpy()[rng.permutation(len(moved))]
        together = pd.concat([table[~later], moved]) if len(moved) else table[~later]
        return together.sample(frac=1, random_state=int(seed % 2**31))

    tables = {"orders": "ordered_at", "events": "occurred_at", "returns": "returned_at"}
    given_tables = {"orders": ORDERS, "events": EVENTS, "returns": RETURNS}
    others = {name: scrambled(given_tables[name], time) for name, time in tables.items()}
    if others["returns"].empty:
        others["returns"] = RETURNS
    pd.testing.assert_frame_equal(
        churn.churn_features(t0=t0, window=10, **given_tables),
        churn.churn_features(t0=t0, window=10, **others),
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"t0": "2025-01-01"}, "Nobody had bought by t0 = 2025-01-01"),
        ({"window": 0}, "window is a whole number"),
        ({"window": 21}, "events begin on 2025-03-01, after the window"),
        ({"orders": ORDERS.assign(value=-1.0)}, '"value" is negative'),
        ({"orders": ORDERS.assign(discount="a tenth")}, '"discount" holds'),
        ({"events": EVENTS.assign(user_id=7)}, "contains numbers in one table and text"),
        ({"returns": RETURNS.assign(value=-1.0)}, 'returns: column "value" is negative'),
        ({"returns": RETURNS.head(0)}, "has no rows"),
    ],
)
def test_bad_input_to_features_is_named(change, words):
    usual = {"orders": ORDERS, "t0": "2025-03-20", "events": EVENTS, "window": 10}
    with pytest.raises(ValueError, match=words):
        churn.churn_features(**{**usual, **change})


# ---------------------------------------------------------------- splits

DAILY = orders_of(Ana=range(1, 40), Ben=[1, 2, 30], Cem=[3], Dan=[10, 25])


def test_split_by_hand():
    split = churn.split_out_of_time(DAILY, "2025-03-10", "2025-03-20", horizon=10)
    # 11 to 20 March: only Ana. 21 to 30 March: Ana, Ben on the 30th and Dan on the 25th.
    assert split.y_train.to_dict() == {"Ana": False, "Ben": True, "Cem": True, "Dan": True}
    assert split.y_test.to_dict() == {"Ana": False, "Ben": False, "Cem": True, "Dan": False}
    assert split.train["recency"].to_dict() == {"Ana": 0, "Ben": 8, "Cem": 7, "Dan": 0}
    assert split.test["recency"].to_dict() == {"Ana": 0, "Ben": 18, "Cem": 17, "Dan": 10}


def test_a_training_that_knows_the_test_is_refused():
    with pytest.raises(ValueError, match="last usable train_t0 is 2025-03-10"):
        churn.split_out_of_time(DAILY, "2025-03-11", "2025-03-20", horizon=10)
    with pytest.raises(ValueError, match="complete on 2025-03-22, after test_t0 = 2025-03-20"):
        churn.split_out_of_time(DAILY, "2025-03-10", "2025-03-20", horizon=10, gap=2)


def test_one_class_only_is_refused():
    with pytest.raises(ValueError, match="All 1 users bought again after train_t0"):
        churn.split_out_of_time(orders_of(Ana=range(1, 40)), "2025-03-10", "2025-03-20", 10)
    # After the 20th Ana, Ben and Dan stay, Cem churned; without Cem all are of one class.
    with pytest.raises(ValueError, match="All 3 users bought again after test_t0"):
        churn.split_out_of_time(DAILY[DAILY["user_id"] != "Cem"], "2025-03-10", "2025-03-20", 10)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"test_t0": "2025-04-02"}, "last usable t0 is 2025-03-29"),  # the data end on 8 April
        ({"train_t0": "2024-12-31"}, "Nobody had bought by t0 = 2024-12-31"),
    ],
)
def test_bad_input_to_a_split_is_named(change, words):
    usual = {"orders": DAILY, "train_t0": "2025-03-10", "test_t0": "2025-03-20", "horizon": 10}
    with pytest.raises(ValueError, match=words):
        churn.split_out_of_time(**{**usual, **change})


# ---------------------------------------------------------------- comparison

Y = pd.Series([True, True, False, True], index=["Ana", "Ben", "Cem", "Dan"])
P = [0.9, 0.8, 0.7, 0.6]


def test_comparison_by_hand(monkeypatch):
    monkeypatch.setattr(scores, "TOP", 0.5)
    table = churn.compare_models(Y, {"model": P})
    # AUC: Cem is above Dan, below Ana and Ben: 2 of 3 pairs. Churners found at ranks 1, 2, 4:
    # (1 + 1 + 3/4) / 3. Cem, from below, is second: 1/2. The top half are churners: 1 / (3/4).
    # Brier: (0.01 + 0.04 + 0.49 + 0.16) / 4.
    assert table.loc["model"].to_dict() == pytest.approx(
        {
            "auc": 2 / 3, "pr_churned": 2.75 / 3, "pr_active": 0.5, "lift": 4 / 3,
            "brier": 0.175, "log_loss": -np.log(0.9 * 0.8 * 0.3 * 0.6) / 4,
        }
    )  # fmt: skip
    # No skill: everybody has 3/4. Brier 3/4 · 1/4; the entropy of 3/4.
    assert table.loc["base rate"].to_dict() == pytest.approx(
        {
            "auc": 0.5, "pr_churned": 0.75, "pr_active": 0.25, "lift": 1, "brier": 0.1875,
            "log_loss": -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)),
        }
    )  # fmt: skip


def test_a_score_that_is_no_probability_is_ranked_only():
    table = churn.compare_models(Y, {"p": P, "days": 100 * np.array(P)})
    assert table.loc["days", ["brier", "log_loss"]].isna().all()
    ranks = ["auc", "pr_churned", "pr_active", "lift"]
    assert table.loc["days", ranks].tolist() == table.loc["p", ranks].tolist()


def test_scores_are_matched_by_user():
    backwards = pd.Series(P, Y.index)[::-1]
    table = churn.compare_models(Y, {"in order": P, "by user": backwards})
    assert table.loc["in order"].equals(table.loc["by user"])


def test_equal_scores_are_taken_in_fractions(monkeypatch):
    monkeypatch.setattr(scores, "TOP", 0.25)
    # Two users share the top score, one of them churned: whoever is first, half a churner.
    y = pd.Series([True, False, False, False])
    table = churn.compare_models(y, {"tied": [1, 1, 0, 0]})
    assert table.loc["tied", "lift"] == pytest.approx(0.5 / 0.25)


@pytest.mark.parametrize(
    ("y", "predictions", "words"),
    [
        (Y | True, P, "All 4 users churned, so there is nothing to tell apart"),
        (Y, P[:3], "3 scores for 4 users"),
        (Y, [0.9, np.nan, 0.7, 0.6], "is missing in 1 of 4 rows"),
        (Y, pd.Series(P), "names other users"),
        (Y.astype(int), P, "not True or False"),
    ],
)
def test_bad_input_to_comparison_is_named(y, predictions, words):
    with pytest.raises(ValueError, match=words):
        churn.compare_models(y, {"model": predictions})


def test_auc_difference_by_hand():
    # Churners .9 and .4, stayers .6 and .2: .9 is above both, .4 above one. AUC (1 + ½) / 2.
    # With .7 instead of .4 both are above both, so the AUC is 1, and the difference −¼.
    # Placements of the churners differ by 0 and −½, of the stayers .6 and .2 by −½ and 0: each pair
    # has the mean −¼ and the variance ⅛, and the standard error is √(⅛ / 2 + ⅛ / 2) = √⅛.
    y = pd.Series([True, True, False, False])
    result = churn.auc_difference(y, [0.9, 0.4, 0.6, 0.2], [0.9, 0.7, 0.6, 0.2])
    margin = 1.96 * np.sqrt(1 / 8)
    assert result.to_list() == pytest.approx([-0.25, -0.25 - margin, -0.25 + margin])


def test_auc_difference_counts_ties_one_half():
    # All scores are equal, so each of the six pairs counts one half; the other score is perfect.
    y = pd.Series([True, True, False, False, False])
    result = churn.auc_difference(y, [1, 1, 1, 1, 1], [9, 8, 3, 2, 1])
    assert result.to_list() == pytest.approx([-0.5, -0.5, -0.5])


def test_calibration_by_hand():
    y = pd.Series([False, False, True, True, True, True])
    table = churn.calibration_table(y, [0.1, 0.3, 0.5, 0.7, 0.9, 0.9], bins=3)
    assert table["users"].tolist() == [2, 2, 2]
    assert table["predicted"].tolist() == pytest.approx([0.2, 0.6, 0.9])
    assert table["observed"].tolist() == [0, 1, 1]
    # Wilson with n = 2 and no success: from 0 to z²/(n + z²) = 3.8415 / 5.8415.
    assert table["low"].iloc[0] == 0
    assert table["high"].iloc[0] == pytest.approx(3.8415 / 5.8415, abs=1e-4)


def test_equal_predictions_stay_in_one_group():
    y = pd.Series([True, False] * 50)
    assert churn.calibration_table(y, np.full(100, 0.5))["users"].tolist() == [100]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=60))
def test_groups_hold_everybody_once_and_in_order(pairs):
    y, p = pd.Series([churned for churned, _ in pairs]), np.array([p / 20 for _, p in pairs])
    table = churn.calibration_table(y, p, bins=7)
    assert table["users"].sum() == len(y)
    assert (table["users"] @ table["observed"]) == pytest.approx(y.sum())
    assert (table["users"] @ table["predicted"]) == pytest.approx(p.sum())
    assert table["predicted"].is_monotonic_increasing
    assert (table["low"] <= table["observed"] + 1e-12).all()


def test_calibration_needs_what_came_of_everybody_and_probabilities():
    with pytest.raises(TableError, match="is missing in 1 of 4 rows"):
        churn.calibration_table(pd.Series([True, None, False, True]), P)
    with pytest.raises(TableError, match=r"outside \[0, 1\] in 1 of 4 rows \(row Ana"):
        churn.calibration_table(Y, [1.2, 0.8, 0.7, 0.6])


# ---------------------------------------------------------------- models


@pytest.mark.parametrize("name", churn.classifiers())
def test_models_take_missing_values(name):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(2000, 3)), columns=["recency", "gap", "empty"])
    X.loc[::3, "gap"] = np.nan
    if name != "boosted trees":  # they need a value in each column
        X["empty"] = np.nan
    y = pd.Series(rng.random(2000) < 1 / (1 + np.exp(-2 * X["recency"])))
    p = churn.classifiers()[name].fit(X, y).predict_proba(X)[:, 1]
    assert brier_score_loss(y, p) < 0.8 * y.mean() * (1 - y.mean())


@pytest.mark.parametrize("name", churn.classifiers())
def test_features_in_another_order_are_not_taken_for_one_another(name):
    split = churn.split_out_of_time(DAILY, "2025-03-10", "2025-03-20", horizon=10)
    many = pd.concat([split.train] * 25, ignore_index=True).drop(columns=["gap", "overdue"])
    model = churn.classifiers()[name].fit(many, np.tile(split.y_train, 25))
    backwards = many[many.columns[::-1]]
    if name == "recency alone":  # takes its column by name
        assert np.allclose(model.predict_proba(backwards), model.predict_proba(many))
    else:
        with pytest.raises(ValueError, match="feature names should match"):
            model.predict_proba(backwards)


def test_bgnbd_is_that_of_lesson_03():
    orders = sources.load_cdnow(sample=True)
    summary = value.btyd_summary(orders, observation_end="1997-09-30")
    silent = value.BetaGeoModel().fit(summary).probability_silent(13, summary)
    features = churn.churn_features(orders, "1997-09-30")
    assert np.allclose(churn.silence_by_bgnbd(features, 91), silent, atol=1e-6)
