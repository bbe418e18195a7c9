"""Answers to lesson 05 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np

from exercises.lesson_05 import (
    best_items,
    choose_neighbors,
)
from tests.exercises.lessons.answers import are_right, are_told


def predicted_one_by_one(table, similarities, user, item):
    above = below = 0
    for other, row in table.iterrows():
        if other != user and row[item] == row[item]:
            above += similarities[other] * (row[item] - np.nanmean(row))
            below += abs(similarities[other])
    return np.nanmean(table.loc[user]) + above / below


def bias_by_numpy(ratings, mean, damping):
    known = ratings.to_numpy()[ratings.notna()]
    return (known.sum() - len(known) * mean) / (len(known) + damping)


def as_index(similarities, ratings, me, k):
    able = similarities.where(ratings > 0).drop(me, errors="ignore")
    return able[able > 0].sort_values(ascending=False, kind="stable").head(k).index


test_another_way_is_right_too = are_right(
    ("05-1", as_index),
    ("05-2", predicted_one_by_one),
    ("05-4", bias_by_numpy),
)


def with_median(table, similarities, user, item):
    deviations = table.sub(table.median(axis=1), axis=0)[item].drop(user).dropna()
    weights = similarities[deviations.index]
    return table.loc[user].median() + (weights * deviations).sum() / weights.abs().sum()


def one_too_few(similarities, ratings, me, k):
    return choose_neighbors(similarities, ratings, me, k)[: k - 1]


def equals_by_alphabet(similarities, ratings, me, k):
    return choose_neighbors(similarities.sort_index(), ratings.sort_index(), me, k)


def with_all_equals(similarities, ratings, me, k):
    able = similarities[ratings.notna() & (similarities > 0)].drop(me, errors="ignore")
    return able.nlargest(k, keep="all").index.tolist()


def list_with_all_equals(scores, seen, n):
    return scores.drop(seen).dropna().nlargest(n, keep="all").index.tolist()


# Answers that learners gave, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("05-1", lambda s, r, me, k: s[choose_neighbors(s, r, me, k)], "the similarities themselves"),
    ("05-1", equals_by_alphabet, "not right"),
    ("05-1", one_too_few, "Do you stop at k − 1"),
    ("05-1", with_all_equals, "is not expected"),
    ("05-2", with_median, "not right"),
    ("05-4", lambda r, mean, damping: (r - mean).mean(), "Add λ to the number of ratings"),
    ("05-4", lambda r, mean, damping: sum(r - mean) / (damping + len(r)), "not right"),
    ("05-5", lambda scores, seen, n: scores[best_items(scores, seen, n)], "the scores themselves"),
    ("05-5", list_with_all_equals, "is not expected"),
)
