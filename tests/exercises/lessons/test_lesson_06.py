"""Answers to lesson 06 that learners give: right ones by another way, and what wrong ones hear."""

import pandas as pd

from exercises.lesson_06 import (
    bought_with,
    known_by,
    predict_centered,
)
from helpers import evaluation, similarity
from helpers.recommend.neighbors import ItemKNN
from tests.exercises.lessons.answers import are_right, are_told


def adjusted_by_helper(table, one, other):
    found = similarity.adjusted_cosine(table.T)
    return found[table.columns.get_loc(one), table.columns.get_loc(other)]


def predicted_one_by_one(item, similarities, ratings, means, k):
    able = [j for j in ratings.index if j != item and ratings[j] > 0]
    nearest = sorted(able, key=lambda j: -similarities[j])[:k]
    above = sum(similarities[j] * (ratings[j] - means[j]) for j in nearest)
    return means[item] + above / sum(abs(similarities[j]) for j in nearest)


def known_by_splitting(events, now):
    before, _ = evaluation.split_time(events.dropna(subset="user_id"), now, time="occurred_at")
    return before[["user_id", "item_id"]].drop_duplicates().assign(rating=1)


def bought_with_by_helper(lines, item, k):
    orders = (
        lines[["order_id", "item_id"]].drop_duplicates().set_axis(["user_id", "item_id"], axis=1)
    )
    model = ItemKNN(similarity="full_cosine", feedback="implicit").fit(orders.assign(rating=1))
    return model.similar_items(item, k)[["similarity", "item_id"]]


def votes_one_by_one(similarities, cart, k):
    scores = {}
    for one in cart:
        for other, vote in similarities[one].drop(one).sort_values()[::-1][:k].items():
            scores[other] = scores.get(other, 0) + vote
    left = {item: score for item, score in scores.items() if item not in cart}
    best = sorted(left, key=lambda item: -left[item])
    return pd.DataFrame({"item_id": best, "score": [left[item] for item in best]})


test_another_way_is_right_too = are_right(
    ("06-1", adjusted_by_helper),
    ("06-2", predicted_one_by_one),
    ("06-4", known_by_splitting),
    ("06-5", votes_one_by_one),
    ("06-6", bought_with_by_helper),
)


def last_of_each_pair(events, now):
    last = events.groupby(["user_id", "item_id"], as_index=False)["occurred_at"].max()
    return known_by(last, now)


def votes_of_a_slice(start, end):
    def answer(similarities, cart, k):
        ballots = [
            similarities.loc[one].sort_values(ascending=False)[start : k + end] for one in cart
        ]
        scores = pd.concat(ballots).groupby(level=0).sum().drop(cart, errors="ignore")
        return scores.sort_values(ascending=False).rename("score").reset_index()

    return answer


def bought_with_too_early(lines, item, k):
    found = bought_with(lines, item, len(lines))
    itself = pd.DataFrame({"item_id": [item], "similarity": [1.0]})
    return pd.concat([itself, found])[1:k]


# Other forms of the mistakes, and what they must hear.
test_a_mistake_is_known_in_another_form = are_told(
    ("06-2", lambda i, s, r, m, k: min(5, predict_centered(i, s, r, m, k)), "clipped"),
    ("06-4", last_of_each_pair, "Filter by time first"),
    ("06-5", votes_of_a_slice(1, 0), "your slice ends one short"),
    ("06-5", votes_of_a_slice(1, 1), "always stands first"),
    ("06-6", bought_with_too_early, "one row is missing"),
)


def no_user_left_out(events, now):
    return events[events["occurred_at"] < now][["user_id", "item_id"]].assign(rating=1)


# Answers that learners give, without a diagnosis of their own, and what they must hear.
test_what_an_undiagnosed_answer_is_told = are_told(
    ("06-1", lambda t, a, b: None, "gives None"),
    ("06-1", lambda t, a, b: similarity.adjusted_cosine(t.T), "It should give a number"),
    ("06-2", lambda i, s, r, m, k: r, "It should give a number"),
    ("06-4", no_user_left_out, "rows"),
)
