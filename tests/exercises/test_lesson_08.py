"""The solutions of lesson 08 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import course
from helpers.exercises.exercise import RIGHT, UNTRIED, WRONG, judge
from helpers.exercises.lessons.lesson_08 import (
    fill,
    mean_recall,
    profile,
    similarity_by_groups,
    vote,
)


def test_similarity_by_groups():
    # Word: (6 · 4 + 8 · 3) / (10 · 5) = 0.96. Price: (1 · 1 + 0 · 1) / (1 · √2) = 0.7071.
    a = {"word": np.array([6.0, 8.0]), "price": np.array([1.0, 0.0])}
    b = {"word": np.array([4.0, 3.0]), "price": np.array([1.0, 1.0])}
    expected = (1 * 0.96 + 3 / 2**0.5) / 4
    assert similarity_by_groups(a, b, {"word": 1, "price": 3}) == pytest.approx(expected)


def test_profile():
    # The mean of 5, 1 and 3 is 3: weights 2, -2 and 0, and Σ|…| = 4. The rug was not rated.
    features = pd.DataFrame(
        {"soft": [0.5, 1.0, 1.0, 1.0], "red": [1.0, 0.0, 1.0, 0.5]},
        index=["lamp", "rug", "vase", "mug"],
    )
    ratings = pd.Series({"lamp": 5, "vase": 1, "mug": 3})
    # Soft: (2 · 0.5 - 2 · 1) / 4. Red: (2 · 1 - 2 · 1) / 4.
    assert profile(features, ratings).to_dict() == pytest.approx({"soft": -0.25, "red": 0.0})


def test_fill():
    assert fill(["a", "b"], ["b", "c", "a", "d"], 3) == ["a", "b", "c"]
    assert fill(["a", "b", "c"], ["d"], 2) == ["a", "b"]
    assert fill(["a"], [], 2) == ["a"]


def test_vote():
    # 10, 6, 2 becomes 1, 1/2, 0; -1, 3 becomes 0, 1. Weights 0.8 and 0.2: b has 0.4 + 0.2 · 1.
    one = pd.Series({"a": 10.0, "b": 6.0, "c": 2.0})
    two = pd.Series({"d": -1.0, "b": 3.0})
    expected = {"a": 0.8, "b": 0.6, "c": 0.0, "d": 0.0}
    assert vote(one, two, 0.8).to_dict() == pytest.approx(expected)


def pairs(*rows):
    return pd.DataFrame(rows, columns=["user_id", "item_id"])


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


def profile_one_by_one(features, ratings):
    mean = sum(ratings) / len(ratings)
    weight = {item: stars - mean for item, stars in ratings.items()}
    sums = {
        name: sum(weight[item] * column[item] for item in weight)
        for name, column in features.items()
    }
    return pd.Series(sums) / sum(map(abs, weight.values()))


def strongest_first(features, ratings):
    return profile_one_by_one(features, ratings).sort_values(key=abs, ascending=False)


def profile_of_all_rows(features, ratings):
    weights = (ratings - ratings.mean()).reindex(features.index, fill_value=0)
    return features.T @ weights / np.abs(weights).sum()


def filled_in_place(first, second, k):
    for item in second:
        if item not in first:
            first.append(item)
    return first[:k]


def without_doubles(first, second, k):
    return pd.Series([*first, *second], dtype=object).drop_duplicates().head(k).tolist()


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
        ("08-1", joined_at_length_one),
        ("08-1", averaged),
        ("08-2", profile_one_by_one),
        ("08-2", strongest_first),
        ("08-2", profile_of_all_rows),
        ("08-3", filled_in_place),
        ("08-3", without_doubles),
        ("08-4", votes_added_up),
        ("08-4", votes_side_by_side),
        ("08-5", recall_one_by_one),
        ("08-5", recall_by_merge),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def test_the_right_votes_of_other_items_are_wrong():
    def turned_round(one, two, weight):
        votes = votes_added_up(one, two, weight)
        return pd.Series(votes.to_numpy()[::-1], votes.index)

    assert judge(course.find("08-4"), turned_round).mark == WRONG


def test_precision_and_hits_are_told_from_recall():
    # Where lists are as long as baskets, or nobody has two hits, these give the same numbers.
    def precision(shown, bought):
        hits = shown.merge(bought).groupby("user_id").size()
        return hits.div(shown.groupby("user_id").size()).fillna(0).mean()

    def hits_by_buyers(shown, bought):
        return len(shown.merge(bought)) / bought["user_id"].nunique()

    assert "precision" in judge(course.find("08-5"), precision).diagnosis
    assert "hit rate" not in judge(course.find("08-5"), hits_by_buyers).diagnosis


def test_a_blank_in_a_series_is_still_to_be_filled():
    assert judge(course.find("08-4"), lambda one, two, weight: ...).mark == UNTRIED
