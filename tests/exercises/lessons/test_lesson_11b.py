"""The solutions of lesson 11b on small cases of our own, worked by hand, and found otherwise."""

from math import exp, log, tanh

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_11b import (
    count_weights,
    gate_that_keeps,
    gru_step,
    slope,
    weekly_counts,
)
from helpers import churn
from helpers.churn import gru


def days(*pairs):
    return pd.DataFrame(pairs, columns=["user_id", "day"])


def test_weekly_counts():
    # t0 = 14: the weeks are 1 to 7, and 8 to 14. A bought on 7, 8 and 14, B on 0, C comes later.
    table = days(("A", 7), ("A", 14), ("A", 8), ("B", 0), ("C", 15))
    assert weekly_counts(table, 14, 2) == {"A": [1, 2], "B": [0, 0]}


def parts(update, reset, candidate):
    return {"update": update, "reset": reset, "candidate": candidate}


def test_gru_step():
    # z = σ(0) = 1/2, r = σ(ln 3) = 3/4, c = tanh(1 · 2 + 1 · 3/4 · 4 − 5) = tanh(0) = 0:
    # half of the old state 4 is kept.
    assert gru_step(2, 4, parts(0, 0, 1), parts(0, 0, 1), parts(0, log(3), -5)) == pytest.approx(2)


def test_slope():
    # (3.1² − 2.9²) / 0.2 = (9.61 − 8.41) / 0.2 = 6
    assert slope(lambda w: (w**2).sum(), np.array([7.0, 3.0]), 1, 0.1) == pytest.approx(6)


def test_gate_that_keeps():
    assert gate_that_keeps(0.25, 2) == 0.5  # 0.5 · 0.5


def test_count_weights():
    # Each part: 2 · 3 + 3 · 3 + 3 = 18, three times: 54. On top: 3 + 4 + 1 = 8.
    assert count_weights(2, 3, 4) == 62


def counts_with_the_helper(purchases, t0, weeks):
    start = pd.Timestamp("2025-06-01")
    at = start + pd.to_timedelta(purchases["day"], unit="D")
    # The helper counts days with a purchase, and the exercise rows: a value of 1 makes them money.
    orders = purchases.assign(ordered_at=at, value=1.0)
    x = churn.weekly_sequences(orders, start + pd.Timedelta(days=t0), weeks=weeks)
    spent = np.expm1(x.xs("spent", axis=1, level="channel")).round().astype(int)
    return dict(zip(spent.index, spent.to_numpy().tolist(), strict=True))


def counts_one_by_one(purchases, t0, weeks):
    counts = {}
    for user, day in purchases.itertuples(index=False):
        if day <= t0:
            row = counts.setdefault(user, [0] * weeks)
            if day > t0 - 7 * weeks:
                row[weeks - 1 - (t0 - day) // 7] += 1
    return counts


def step_of_the_helper(x, h, w, u, b):
    W, U, B = (np.array([each[name] for name in ("update", "reset", "candidate")])
               for each in (w, u, b))  # fmt: skip
    # From the state 0 the helper cannot start at h, so two gates are opened by hand.
    z, r = gru.sigmoid(W[:2] * x + U[:2] * h + B[:2])
    return float(h + (1 - z) * (np.tanh(W[2] * x + U[2] * r * h + B[2]) - h))


def step_with_math(x, h, w, u, b):
    z = 1 - 1 / (1 + exp(w["update"] * x + u["update"] * h + b["update"]))
    r = 1 - 1 / (1 + exp(w["reset"] * x + u["reset"] * h + b["reset"]))
    return z * h + (1 - z) * tanh(w["candidate"] * x + r * u["candidate"] * h + b["candidate"])


def slope_by_unit_vector(loss, w, j, eps):
    e = eps * np.eye(len(w))[j]
    return (loss(w + e) - loss(w - e)) / 2 / eps


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("11b-1", counts_with_the_helper),
        ("11b-1", counts_one_by_one),
        ("11b-1", lambda *given: {u: tuple(row) for u, row in weekly_counts(*given).items()}),
        ("11b-1", lambda *given: {u: np.array(row) for u, row in weekly_counts(*given).items()}),
        ("11b-2", step_of_the_helper),
        ("11b-2", step_with_math),
        ("11b-4", slope_by_unit_vector),
        ("11b-5", lambda kept, weeks: exp(log(kept) / weeks)),
        ("11b-6", lambda c, u, f: 3 * u * (c + u + 1) + u + f + 1),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def calendar_weeks(purchases, t0, weeks):
    known = purchases[purchases["day"] <= t0]
    ago = t0 // 7 - known["day"] // 7
    return {
        user: [int((each == k).sum()) for k in reversed(range(weeks))]
        for user, each in ago.groupby(known["user_id"])
    }


@pytest.mark.parametrize(
    ("id", "answer", "words"),
    [
        ("11b-1", calendar_weeks, "not right"),
        ("11b-1", lambda *given: pd.DataFrame(weekly_counts(*given)).T, "It should give a dict"),
        ("11b-2", lambda x, h, w, u, b: h, "not right"),
        ("11b-4", lambda loss, w, j, eps: (loss(w + eps) - loss(w - eps)) / (2 * eps), "weight j"),
        ("11b-5", lambda kept, weeks: 1 - (1 - kept) / weeks, "same *share*"),
        ("11b-6", lambda c, u, f: 4 * u * (c + u + 1) + u + f + 1, "LSTM"),
        ("11b-6", lambda c, u, f: 25 * count_weights(c, u, f), "not right"),
    ],
)
def test_what_was_taken_for_right_or_for_another_mistake(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
