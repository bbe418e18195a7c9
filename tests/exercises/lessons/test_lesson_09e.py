"""Other implementations agree with lesson 09e, and what learners' answers to it hear."""

import numpy as np
import pandas as pd
import pytest

from exercises.lesson_09e import attention_weights, cross_entropy, session_scores, step_share
from helpers.sequences import MarkovChain, SessionKNN, attention
from helpers.sequences.attention import softmax
from tests.exercises.lessons.answers import are_right, are_told


def table(*sessions):
    pairs = [(n, item) for n, items in enumerate(sessions) for item in items]
    found = pd.DataFrame(pairs, columns=["session_id", "item_id"])
    return found.assign(occurred_at=pd.date_range("2025-03-01", periods=len(found), freq="min"))


def test_steps_are_those_of_the_helper():
    sessions = ["abcab", "bca", "cab", "acb"]
    model = MarkovChain(smoothing=1e-9).fit(table(*sessions))
    scores = model.recommend(table("a")).set_index("item_id")["score"]
    for b in "bc":
        assert step_share([*map(list, sessions)], "a", b) == pytest.approx(scores[b])


def test_neighbors_are_those_of_the_helper():
    past = ["abc", "ad", "bcde", "df"]
    lists = SessionKNN(k=2).fit(table(*past)).recommend(table("ab"))
    scores = lists.set_index("item_id")["score"]
    found = session_scores(set("ab"), [*map(set, past)], 2)
    assert scores[list(found)].to_numpy() == pytest.approx([*found.values()], abs=1e-6)


def test_attention_and_loss_are_those_of_the_helper():
    x, unit = np.random.default_rng(0).normal(size=(4, 3)), np.eye(3)
    by_helper, _ = attention(x[None], np.ones((1, 4), bool), unit, unit, unit)
    np.testing.assert_allclose(by_helper[0], attention_weights(x, x) @ x)
    assert cross_entropy(x[0], 1) == pytest.approx(-np.log(softmax(x[0])[1]))


def steps_by_position(sessions, a, b):
    after = [items[n + 1] for items in sessions for n in range(len(items) - 1) if items[n] == a]
    return np.mean([each == b for each in after]) if after else 0.0


def scores_as_series(session, past, k):
    near = sorted(past, key=lambda each: -len(session & each) / len(each) ** 0.5)[:k]
    rows = [
        (item, len(session & each) / (len(session) * len(each)) ** 0.5)
        for each in near
        for item in each - session
    ]
    return pd.DataFrame(rows, columns=["item", "score"]).groupby("item")["score"].sum().to_dict()


def leaked_by_merge(log):
    last = log.groupby("session_id")["occurred_at"].transform("max") == log["occurred_at"]
    return (log.loc[last, "occurred_at"] < log.loc[~last, "occurred_at"].max()).mean()


def attention_with_minus_infinity(q, k):
    products = np.where(np.tri(len(q)) == 1, q @ k.T / q.shape[1] ** 0.5, -np.inf)
    return softmax(products)


test_another_way_is_right_too = are_right(
    ("09e-1", steps_by_position),
    ("09e-2", scores_as_series),
    ("09e-4", leaked_by_merge),
    ("09e-5", attention_with_minus_infinity),
    ("09e-6", lambda scores, target: np.log(np.exp(scores - scores[target]).sum())),
)


test_what_a_wrong_answer_is_told = are_told(
    ("09e-1", lambda sessions, a, b: 0.5, "not right"),
    ("09e-2", lambda session, past, k: {}, "not right"),
    ("09e-4", lambda log: 0.9, "not right"),
    ("09e-6", lambda scores, target: -np.log10(np.exp(scores)[target]), "not right"),
)
