"""Answers to lesson 09c that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
from scipy.stats import entropy

from helpers import evaluation
from helpers.recommend import calibrate, cap, mmr
from tests.exercises.lessons.answers import are_right, are_told


def as_candidates(score):
    table = pd.DataFrame({"user_id": "Ana", "item_id": score.index, "score": score.to_numpy()})
    return table.assign(rank=table["score"].rank(ascending=False).astype(int))


def intra_list_of_the_helper(items, alike):
    lists = pd.DataFrame({"user_id": "Ana", "item_id": items})
    lists["rank"] = np.arange(len(items)) + 1
    return evaluation.intra_list_similarity(lists, alike).iloc[0]


def mmr_of_the_helper(score, alike, k, weight):
    return mmr(as_candidates(score), alike, k, weight=weight)["item_id"].tolist()


def cap_of_the_helper(ranked, category, most, k):
    score = pd.Series(np.linspace(1, 0, len(ranked)), ranked)
    return cap(as_candidates(score), pd.Series(category), k, most=most)["item_id"].tolist()


def divergence_of_scipy(history, shown, smoothing):
    names = sorted({*history, *shown})
    p, q = (np.array([each.count(n) for n in names]) / len(each) for each in (history, shown))
    return entropy(p, (1 - smoothing) * q + smoothing * p)


def calibrate_of_the_helper(score, category, shares, k, weight, smoothing):
    # A history with these shares: of twenty items, so many of each category.
    item_of = {shelf: f"had {shelf}" for shelf in shares.index}
    had = [item_of[shelf] for shelf, share in shares.items() for _ in range(round(20 * share))]
    history = pd.DataFrame({"user_id": "Ana", "item_id": had})
    shelf = pd.concat([category, pd.Series({item: name for name, item in item_of.items()})])
    found = calibrate(as_candidates(score), history, shelf, k, weight=weight, smoothing=smoothing)
    return found["item_id"].tolist()


def lift_of_the_helper(lists, history):
    both = evaluation.list_popularity(lists, history).mean()
    return both["shown"] / both["own"] - 1


test_another_way_is_right_too = are_right(
    ("09c-1", intra_list_of_the_helper),
    (
        "09c-1",
        lambda items, alike: (
            (alike.loc[items, items].to_numpy().sum() - len(items))
            / (len(items) * (len(items) - 1))
        ),
    ),
    ("09c-2", mmr_of_the_helper),
    ("09c-3", cap_of_the_helper),
    ("09c-5", divergence_of_scipy),
    ("09c-6", calibrate_of_the_helper),
    ("09c-7", lift_of_the_helper),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("09c-7", lambda lists, history: lists.groupby("user_id").size(), "several values"),
)
