"""Answers to lesson 06 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
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


def adjusted_one_by_one(table, one, other):
    pairs = [
        (row[one] - row.mean(), row[other] - row.mean())
        for _, row in table.iterrows()
        if row[one] > 0 and row[other] > 0
    ]
    above, norms = sum(a * b for a, b in pairs), [sum(p[n] ** 2 for p in pairs) for n in (0, 1)]
    return above / (norms[0] * norms[1]) ** 0.5


def predicted_one_by_one(item, similarities, ratings, means, k):
    able = [j for j in ratings.index if j != item and ratings[j] > 0]
    nearest = sorted(able, key=lambda j: -similarities[j])[:k]
    above = sum(similarities[j] * (ratings[j] - means[j]) for j in nearest)
    return means[item] + above / sum(abs(similarities[j]) for j in nearest)


def known_by_counting(events, now):
    before = events[events["occurred_at"] < now]
    counts = before.groupby(["user_id", "item_id"]).size()  # leaves out who has no name
    return counts.clip(upper=1).rename("rating").reset_index()


def known_by_splitting(events, now):
    before, _ = evaluation.split_time(events.dropna(subset="user_id"), now, time="occurred_at")
    return before[["user_id", "item_id"]].drop_duplicates().assign(rating=1)


def bought_with_by_merge(lines, item, k):
    pairs = lines[["order_id", "item_id"]].drop_duplicates()
    each = pairs["item_id"].value_counts()
    with_item = pairs.loc[pairs["item_id"] == item, "order_id"]
    both = pairs.loc[pairs["order_id"].isin(with_item), "item_id"].value_counts()
    found = (both / (each * each[item]) ** 0.5).drop(item).sort_values(ascending=False)[:k]
    return found.rename("similarity").to_frame()  # the item is the index


def bought_with_by_helper(lines, item, k):
    orders = (
        lines[["order_id", "item_id"]].drop_duplicates().set_axis(["user_id", "item_id"], axis=1)
    )
    model = ItemKNN(similarity="full_cosine", feedback="implicit").fit(orders.assign(rating=1))
    return model.similar_items(item, k)[["similarity", "item_id"]]


def bought_with_by_sets(lines, item, k):
    orders = lines.groupby("item_id")["order_id"].agg(set)
    own, others = orders[item], orders.drop(item)
    cosine = {one: len(own & its) / (len(own) * len(its)) ** 0.5 for one, its in others.items()}
    return pd.Series(cosine, name="similarity").nlargest(k).rename_axis("item_id").reset_index()


def votes_one_by_one(similarities, cart, k):
    scores = {}
    for one in cart:
        for other, vote in similarities[one].drop(one).sort_values()[::-1][:k].items():
            scores[other] = scores.get(other, 0) + vote
    left = {item: score for item, score in scores.items() if item not in cart}
    best = sorted(left, key=lambda item: -left[item])
    return pd.DataFrame({"item_id": best, "score": [left[item] for item in best]})


def votes_of_a_matrix(similarities, cart, k):
    others = similarities.mask(np.eye(len(similarities), dtype=bool), 0)
    kept = np.where(similarity.largest(others.to_numpy(), k), others, 0)
    scores = pd.DataFrame(kept, others.index, others.columns).loc[cart].sum().drop(cart)
    return scores[scores > 0].sort_values(ascending=False).reset_index(name="score")


test_another_way_is_right_too = are_right(
    ("06-1", adjusted_by_helper),
    ("06-1", adjusted_one_by_one),
    ("06-2", predicted_one_by_one),
    ("06-4", known_by_counting),
    ("06-4", known_by_splitting),
    ("06-5", votes_one_by_one),
    ("06-5", votes_of_a_matrix),
    ("06-6", bought_with_by_merge),
    ("06-6", bought_with_by_helper),
    ("06-6", bought_with_by_sets),
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
