"""The solutions of lesson 06 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_06 import (
    adjusted_cosine,
    bought_with,
    known_by,
    predict_centered,
    votes,
)
from helpers import evaluation, similarity
from helpers.recommend.neighbors import ItemKNN

no = np.nan


def by_item(*numbers):
    return pd.Series(numbers, index=["cup", "pan", "jug", "pot"][: len(numbers)])


def test_adjusted_cosine():
    # Means 4, 2 and 3. Cup and pan: 1 · −1 and 0 · 1; the third user has not rated the pan. The jug
    # counts in the means only.
    table = pd.DataFrame({"cup": [5, 2, 5], "pan": [3, 3, no], "jug": [4, 1, 1]})
    assert adjusted_cosine(table, "cup", "pan") == pytest.approx(-1 / (1 * 2) ** 0.5)


def test_predict_centered():
    # The pan alone is asked, and it is 0.25 above its mean.
    alike, stars, means = by_item(1, 0.816), by_item(no, 3), by_item(3, 2.75)
    assert predict_centered("cup", alike, stars, means, 1) == pytest.approx(3.25)
    # Pan 0.5 · (4 − 3) and pot −0.3 · (1 − 2) make 0.8, over 0.8: 1 above the cup's mean of 2. The
    # jug is not rated, and the cup's own 5 stars do not count. For k = 1 the pan alone: 2 + 1.
    alike, means = by_item(1, 0.5, 0.9, -0.3), by_item(2, 3, 3, 2)
    stars = by_item(5, 4, no, 1)
    assert predict_centered("cup", alike, stars, means, 2) == pytest.approx(3)
    assert predict_centered("cup", alike, stars, means, 1) == pytest.approx(3)
    # With 2 stars for the pot, its mean, what is left is the pan's 0.5 over 0.8.
    stars["pot"] = 2
    assert predict_centered("cup", alike, stars, means, 2) == pytest.approx(2 + 0.5 / 0.8)


def test_known_by():
    # Before noon: Ana's cup twice, Ben's pan. The guest has no name, and the jug comes at noon.
    noon = pd.Timestamp("2025-06-01 12:00")
    events = pd.DataFrame(
        {
            "user_id": ["Ana", "Ana", None, "Ben", "Ben"],
            "item_id": ["cup", "cup", "cup", "pan", "jug"],
            "event": ["view", "cart", "view", "purchase", "view"],
            "occurred_at": noon - pd.to_timedelta([3, 2, 2, 1, 0], unit="h"),
        }
    )
    known = known_by(events, noon)
    assert known.to_numpy().tolist() == [["Ana", "cup", 1], ["Ben", "pan", 1]]
    assert list(known) == ["user_id", "item_id", "rating"]


def test_bought_with():
    # The cup is in orders 1, 2 and 3, the pan in 1, 2 and 4, the jug in 1 (in two lines): pan
    # 2 / √(3 · 3), jug 1 / √(3 · 1).
    lines = pd.DataFrame(
        {
            "order_id": [1, 1, 1, 1, 2, 2, 3, 4],
            "user_id": list("AAAABBAB"),
            "item_id": ["cup", "pan", "jug", "jug", "cup", "pan", "cup", "pan"],
        }
    )
    found = bought_with(lines, "cup", 2)
    assert found["item_id"].tolist() == ["pan", "jug"]
    assert found["similarity"].tolist() == pytest.approx([2 / 3, 1 / 3**0.5])
    assert bought_with(lines, "cup", 1)["item_id"].tolist() == ["pan"]


def test_votes():
    # For k = 1 the cup votes for the pan and the pot for the jug. For k = 2 the cup votes for the
    # jug, too, and the pot for the pan: jug 0.6 + 0.2 and pan 0.3 + 0.4.
    items = pd.Index(["cup", "pan", "jug", "pot"], name="item_id")
    alike = pd.DataFrame(
        [[1, 0.3, 0.2, 0.1], [0.3, 1, 0.5, 0.4], [0.2, 0.5, 1, 0.6], [0.1, 0.4, 0.6, 1]],
        items,
        items,
    )
    assert votes(alike, ["cup", "pot"], 1).to_numpy().tolist() == [["jug", 0.6], ["pan", 0.3]]
    found = votes(alike, ["cup", "pot"], 2)
    assert found["item_id"].tolist() == ["jug", "pan"]
    assert found["score"].tolist() == pytest.approx([0.8, 0.7])


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


@pytest.mark.parametrize(
    ("id", "answer"),
    [
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
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def last_of_each_pair(events, now):
    last = events.groupby(["user_id", "item_id"], as_index=False)["occurred_at"].max()
    return known_by(last, now)


def first_of_each_pair(events, now):
    return known_by(events.drop_duplicates(["user_id", "item_id"]), now)


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
MISTAKEN = [
    ("06-2", lambda i, s, r, m, k: min(5, predict_centered(i, s, r, m, k)), "clipped"),
    ("06-4", last_of_each_pair, "Filter by time first"),
    ("06-4", first_of_each_pair, "Filter by time first"),
    ("06-5", votes_of_a_slice(1, 0), "your slice ends one short"),
    ("06-5", votes_of_a_slice(1, 1), "always stands first"),
    ("06-6", bought_with_too_early, "one row is missing"),
]


@pytest.mark.parametrize(("id", "answer", "words"), MISTAKEN)
def test_a_mistake_is_known_in_another_form(id, answer, words):
    assert words in judge(course.find(id), answer).diagnosis


def no_user_left_out(events, now):
    return events[events["occurred_at"] < now][["user_id", "item_id"]].assign(rating=1)


# Answers that learners give, without a diagnosis of their own, and what they must hear.
ANSWERS = [
    ("06-1", lambda t, a, b: None, "gives None"),
    ("06-1", lambda t, a, b: round(adjusted_cosine(t, a, b), 3), "is something rounded"),
    ("06-1", lambda t, a, b: abs(adjusted_cosine(t, a, b)), "not right"),
    ("06-1", lambda t, a, b: similarity.adjusted_cosine(t.T), "It should give a number"),
    ("06-2", lambda i, s, r, m, k: round(predict_centered(i, s, r, m, k)), "not right"),
    ("06-2", lambda i, s, r, m, k: r, "It should give a number"),
    ("06-4", lambda e, now: known_by(e, now)[["user_id", "item_id"]], "`rating` is missing"),
    ("06-4", no_user_left_out, "rows"),
    ("06-4", lambda e, now: known_by(e, now).drop_duplicates("item_id"), "Only the first user"),
    ("06-5", lambda s, cart, k: votes(s, cart, k)["item_id"].tolist(), "It should give a table"),
    ("06-5", lambda s, cart, k: votes(s, cart, k)["score"].tolist(), "It should give a table"),
    ("06-5", lambda s, cart, k: _by_item(votes(s, cart, k)), "It should give a table"),
    ("06-5", lambda s, cart, k: dict(_by_item(votes(s, cart, k))), "It should give a table"),
    ("06-5", lambda s, cart, k: votes(s, cart, k)[["item_id"]], "`score` is missing"),
    ("06-6", lambda lines, i, k: bought_with(lines, i, k)["item_id"].tolist(), "give a table"),
    ("06-6", lambda lines, i, k: bought_with(lines, i, k)["similarity"].tolist(), "give a table"),
    ("06-6", lambda lines, i, k: _by_item(bought_with(lines, i, k)), "It should give a table"),
    ("06-6", lambda lines, i, k: bought_with(lines, i, k).round(2), "not right"),
    ("06-6", lambda lines, i, k: bought_with(lines, i, k)[::-1], "order is not"),
]


def _by_item(table):
    return table.set_index("item_id").iloc[:, 0]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_undiagnosed_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
