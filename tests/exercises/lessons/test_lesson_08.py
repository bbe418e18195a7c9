"""The solutions of lesson 08 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from exercises.engine import course
from exercises.engine.exercise import RIGHT, UNTRIED, WRONG, judge
from exercises.lesson_08 import (
    cold_share,
    combine,
    mean_recall,
    ridge_profile,
    similarity_by_groups,
)


def pairs(*rows):
    return pd.DataFrame(rows, columns=["user_id", "item_id"])


def test_cold_share():
    # C is new, with 2 of 3 ratings.
    train = pairs(("A", "x"), ("B", "y"))
    assert cold_share(train, pairs(("C", "x"), ("A", "y"), ("C", "y"))) == pytest.approx(2 / 3)


def test_similarity_by_groups():
    # Word: (6 · 4 + 8 · 3) / (10 · 5) = 0.96. Price: (1 · 1 + 0 · 1) / (1 · √2) = 0.7071.
    a = {"word": np.array([6.0, 8.0]), "price": np.array([1.0, 0.0])}
    b = {"word": np.array([4.0, 3.0]), "price": np.array([1.0, 1.0])}
    expected = (1 * 0.96 + 3 / 2**0.5) / 4
    assert similarity_by_groups(a, b, {"word": 1, "price": 3}) == pytest.approx(expected)


def test_ridge_profile():
    # As in the lesson: (2 + 1) p₁ + p₂ = 2 and p₁ + (2 + 1) p₂ = 0.5. The rug was not rated.
    features = pd.DataFrame(
        {"craft": [1, 1, 0, 1], "nordic": [1, 0, 1, 0]}, index=["yarn", "brushes", "lamp", "rug"]
    )
    beyond = pd.Series({"lamp": -0.5, "yarn": 1.0, "brushes": 1.0})
    expected = {"craft": 5.5 / 8, "nordic": -0.5 / 8}
    assert ridge_profile(features, beyond, 1).to_dict() == pytest.approx(expected)


def test_combine():
    # 10, 6, 2 becomes 1, 1/2, 0; -1, 3 becomes 0, 1. Weights 0.8 and 0.2: b has 0.4 + 0.2 · 1.
    one = pd.Series({"a": 10.0, "b": 6.0, "c": 2.0})
    two = pd.Series({"d": -1.0, "b": 3.0})
    expected = {"a": 0.8, "b": 0.6, "c": 0.0, "d": 0.0}
    assert combine(one, two, 0.8).to_dict() == pytest.approx(expected)


def test_mean_recall():
    # A found 2 of 3, B none of 1, C had no list; D bought nothing: (2/3 + 0 + 0) / 3 = 2/9.
    shown = pairs(("A", "x"), ("A", "y"), ("B", "x"), ("D", "x"))
    bought = pairs(("A", "x"), ("A", "y"), ("A", "z"), ("B", "y"), ("C", "x"))
    assert mean_recall(shown, bought) == pytest.approx(2 / 9)


def joined_at_length_one(a, b, weights):
    total = sum(weights.values())
    one, two = (
        np.concatenate(
            [(w / total) ** 0.5 * x[g] / np.linalg.norm(x[g]) for g, w in weights.items()]
        )
        for x in (a, b)
    )
    return one @ two


def averaged(a, b, weights):
    cosines = [np.dot(a[g], b[g]) / (np.sum(a[g] ** 2) * np.sum(b[g] ** 2)) ** 0.5 for g in weights]
    return np.average(cosines, weights=list(weights.values()))


def cold_by_merge(train, test):
    users = train[["user_id"]].drop_duplicates()
    return float((test.merge(users, how="left", indicator=True)["_merge"] == "left_only").mean())


def cold_by_a_set(train, test):
    known = set(train["user_id"])
    return np.mean([user not in known for user in test["user_id"]])


def profile_by_library(features, beyond, lam):
    model = Ridge(alpha=lam, fit_intercept=False).fit(features.loc[beyond.index], beyond)
    return pd.Series(model.coef_, features.columns)


def profile_in_dual_form(features, beyond, lam):
    X = features.loc[beyond.index].to_numpy()
    p = X.T @ np.linalg.inv(X @ X.T + lam * np.eye(len(X))) @ beyond.to_numpy()
    return pd.Series(p, features.columns).sort_values(key=abs, ascending=False)


def profile_with_more_rows(features, beyond, lam):
    # A penalty is as good as a rating of 0 for an item with √λ of a single feature.
    X = np.vstack([features.loc[beyond.index], lam**0.5 * np.eye(features.shape[1])])
    e = np.concatenate([beyond, np.zeros(features.shape[1])])
    return pd.Series(np.linalg.lstsq(X, e)[0], features.columns)


def scaled(scores):
    return (scores - scores.min()) / np.ptp(scores)


def votes_added_up(one, two, weight):
    votes = pd.concat([weight * scaled(one), (1 - weight) * scaled(two)])
    return votes.groupby(level=0).sum().sort_values(ascending=False)


def votes_side_by_side(one, two, weight):
    votes = pd.concat([scaled(one), scaled(two)], axis=1).fillna(0)
    return (votes @ [weight, 1 - weight]).rename_axis("item_id").rename("score")


def recall_one_by_one(shown, bought):
    found = set(zip(shown["user_id"], shown["item_id"], strict=True))
    shares = [
        np.mean([(user, item) in found for item in basket])
        for user, basket in bought.groupby("user_id")["item_id"]
    ]
    return sum(shares) / len(shares)


def recall_by_merge(shown, bought):
    both = bought.merge(shown, how="left", indicator=True)
    return (both["_merge"] == "both").groupby(both["user_id"]).mean().mean()


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("08-1", cold_by_merge),
        ("08-1", cold_by_a_set),
        ("08-2", joined_at_length_one),
        ("08-2", averaged),
        ("08-3", profile_by_library),
        ("08-3", profile_in_dual_form),
        ("08-3", profile_with_more_rows),
        ("08-6", recall_one_by_one),
        ("08-6", recall_by_merge),
        ("08-7", votes_added_up),
        ("08-7", votes_side_by_side),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def test_the_right_votes_of_other_items_are_wrong():
    def turned_round(one, two, weight):
        votes = votes_added_up(one, two, weight)
        return pd.Series(votes.to_numpy()[::-1], votes.index)

    assert judge(course.find("08-7"), turned_round).mark == WRONG


def test_precision_and_hits_are_told_from_recall():
    # Where lists are as long as baskets, or nobody has two hits, these give the same numbers.
    def precision(shown, bought):
        hits = shown.merge(bought).groupby("user_id").size()
        return hits.div(shown.groupby("user_id").size()).fillna(0).mean()

    def hits_by_buyers(shown, bought):
        return len(shown.merge(bought)) / bought["user_id"].nunique()

    assert "precision" in judge(course.find("08-6"), precision).diagnosis
    assert "hit rate" not in judge(course.find("08-6"), hits_by_buyers).diagnosis


def cold_in_the_index(train, test):
    return sum(1 for user in test["user_id"] if user not in train["user_id"]) / len(test)


def weights_in_their_order(a, b, weights):
    total = sum(
        weight * similarity_by_groups(a, b, {group: 1})
        for group, weight in zip(a, weights.values(), strict=True)
    )
    return total / sum(weights.values())


def lam_in_every_cell(features, beyond, lam):
    X = features.loc[beyond.index].to_numpy()
    return pd.Series(np.linalg.inv(X.T @ X + lam) @ X.T @ beyond.to_numpy(), features.columns)


def recall_of_each(shown, bought):
    both = bought.merge(shown, how="left", indicator=True)
    return (both["_merge"] == "both").groupby(both["user_id"]).mean()


def recall_by_places(shown, bought):
    shares = []
    for user, basket in bought.groupby("user_id")["item_id"]:
        places = shown.loc[shown["user_id"] == user, "item_id"]
        most = min(len(basket), len(places) or 10)
        shares.append(basket.isin(places).sum() / most)
    return np.mean(shares)


# Other forms of the mistakes, and what they must hear.
MISTAKEN = [
    ("08-1", cold_in_the_index, "looks in the index"),
    ("08-2", weights_in_their_order, "match them by name"),
    ("08-3", lam_in_every_cell, "on the diagonal only"),
    ("08-6", recall_of_each, "Return their mean"),
    ("08-6", lambda shown, bought: recall_of_each(shown, bought).tolist(), "Return their mean"),
    ("08-6", recall_by_places, "cut to the length of the list"),
]


@pytest.mark.parametrize(("id", "answer", "words"), MISTAKEN)
def test_a_mistake_is_known_in_another_form(id, answer, words):
    assert words in judge(course.find(id), answer).diagnosis


def test_a_blank_in_a_series_is_still_to_be_filled():
    assert judge(course.find("08-7"), lambda one, two, weight: ...).mark == UNTRIED


@pytest.mark.parametrize("id", ["08-1", "08-2", "08-3", "08-6", "08-7"])
def test_the_results_of_the_open_cases_are_not_enough(id):
    exercise = course.find(id)
    open_results = iter(exercise.verdict_on.right[: exercise.verdict_on.n_open])
    last = exercise.verdict_on.right[0]
    assert judge(exercise, lambda *given: next(open_results, last)).mark == WRONG


def hits_by_buyers(shown, bought):
    return len(shown.merge(bought)) / bought["user_id"].nunique()


# Answers that learners give, without a diagnosis of their own, and what they must hear.
ANSWERS = [
    (
        "08-1",
        lambda train, test: ~test["user_id"].isin(train["user_id"]),
        "It should give a number",
    ),
    ("08-1", lambda train, test: round(cold_share(train, test), 2), "is something rounded"),
    ("08-2", lambda a, b, w: round(similarity_by_groups(a, b, w), 2), "is something rounded"),
    ("08-3", lambda f, e, lam: dict(ridge_profile(f, e, lam)), "should give a `Series`"),
    ("08-3", lambda f, e, lam: ridge_profile(f, e, lam)[1:], "2 instead of 3 rows"),
    ("08-3", lambda f, e, lam: -ridge_profile(f, e, lam), "not right"),
    ("08-3", lambda f, e, lam: ridge_profile(f, e, lam / 2), "not right"),
    ("08-6", lambda shown, bought: round(mean_recall(shown, bought), 2), "is something rounded"),
    ("08-6", hits_by_buyers, "not right"),
    ("08-7", lambda one, two, w: combine(one, two, 0.5), "not right"),
    ("08-7", lambda one, two, w: combine(one, two, w).to_dict(), "should give a `Series`"),
    ("08-7", lambda one, two, w: combine(one, two, w).nlargest(2), "is missing"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_undiagnosed_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
