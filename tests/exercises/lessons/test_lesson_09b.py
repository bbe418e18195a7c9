"""The solutions of lesson 09b on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_09b import (
    best_new,
    bpr_step,
    ease_weights,
    negative_shares,
    triple_loss,
    two_stages,
)


def test_ease_weights():
    # XᵀX = [[2, 1], [1, 1]], λ = 1: [[3, 1], [1, 2]], inverse [[2, -1], [-1, 3]] / 5: 1/2 and 1/3.
    found = ease_weights(np.array([[1, 1], [1, 0]]), 1)
    assert found == pytest.approx(np.array([[0, 1 / 3], [1 / 2, 0]]))


def test_best_new():
    # The history is item 0: item 2 has 0.7, item 1 has 0.4. With item 2 too, only item 1 is new.
    B = np.array([[0, 0.4, 0.7], [0.9, 0, 0.1], [0.2, -0.3, 0]])
    assert best_new(np.array([1, 0, 0]), B, 2).tolist() == [2, 1]
    assert best_new(np.array([1, 0, 1]), B, 1).tolist() == [1]


def test_triple_loss():
    # The lead is ln 3 + 1 · (2 - 2): σ = 3 / 4. Squares: 1 + 4 + 4 + (ln 3)² + 0, times 0.5 / 2.
    given = np.array([1.0]), np.array([2.0]), np.array([2.0]), np.log(3), 0.0
    assert triple_loss(*given, 0) == pytest.approx(np.log(4 / 3))
    assert triple_loss(*given, 0.5) == pytest.approx(np.log(4 / 3) + (9 + np.log(3) ** 2) / 4)


def test_bpr_step():
    # The lead is 0.5 · (1 - 1) + 0 = 0, e = 1 / 2, γ = 0.2, λ = 0.5: 0.5 - 0.2 · 0.25 = 0.45; 1 +
    # 0.2 (0.25 - 0.5) = 0.95; 1 + 0.2 (-0.25 - 0.5) = 0.85; ± 0.2 / 2.
    after = bpr_step(0.5, 1, 1, 0, 0, 0.2, 0.5)
    assert after == pytest.approx((0.45, 0.95, 0.85, 0.1, -0.1))


def test_negative_shares():
    # 5, 3, 2 users and the last is the user's: 5 / 8 and 3 / 8.
    found = negative_shares(np.array([5, 3, 2]), np.array([False, False, True]))
    assert found == pytest.approx([5 / 8, 3 / 8, 0])


def test_two_stages():
    # 100 items of 4 numbers, 10 candidates of 30: 400 + 300, twice.
    assert two_stages(100, 4, 10, 30, 2) == 1_400


def column_by_column(X, lam):
    """Regress each item on the others, with λ as rows of their own."""
    n = X.shape[1]
    B = np.zeros((n, n))
    for item in range(n):
        others = np.arange(n) != item
        rows = np.vstack([X[:, others], np.sqrt(lam) * np.eye(n - 1)])
        target = np.append(X[:, item], np.zeros(n - 1))
        B[others, item] = np.linalg.lstsq(rows, target, rcond=None)[0]
    return B


def listed_in_a_loop(x, B, k):
    scores = {}
    for item in range(len(x)):
        if x[item] == 0:
            scores[item] = sum(x[j] * B[j, item] for j in range(len(x)))
    return sorted(scores, key=scores.get, reverse=True)[:k]


def loss_by_log1p(p, q_i, q_j, b_i, b_j, lam):
    numbers = np.concatenate([p, q_i, q_j, [b_i, b_j]])
    return np.log1p(np.exp(b_j + p @ q_j - b_i - p @ q_i)) + lam * numbers @ numbers / 2


def stepped_by_differences(p, q_i, q_j, b_i, b_j, rate, lam):
    start = np.array([p, q_i, q_j, b_i, b_j])

    def loss(x):
        return np.log1p(np.exp(x[4] - x[3] - x[0] * (x[1] - x[2]))) + lam / 2 * x @ x

    slopes = [(loss(start + h) - loss(start - h)) / 2e-4 for h in 1e-4 * np.eye(5)]
    return list(start - rate * np.array(slopes))


def shares_as_a_list(users, own):
    left = [0 if mine else n for n, mine in zip(users, own, strict=True)]
    return [n / sum(left) for n in left]


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("09b-1", column_by_column),
        ("09b-2", listed_in_a_loop),
        ("09b-4", loss_by_log1p),
        ("09b-5", stepped_by_differences),
        ("09b-5", lambda *given: np.array(bpr_step(*given))),
        ("09b-6", shares_as_a_list),
        ("09b-7", lambda n, f, c, r, k: float(k * n * f + k * c * r)),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("09b-1", lambda X, lam: ease_weights(X, lam).round(2), "`0.67` instead of"),
    ("09b-1", lambda X, lam: ease_weights(X.T, lam), "an array of shape (2, 2)"),
    ("09b-1", lambda X, lam: 2 * ease_weights(X, lam), "not right"),
    ("09b-2", lambda x, B, k: best_new(x, B, k)[::-1], "their order is not"),
    ("09b-2", lambda x, B, k: np.argsort(-(x @ B))[:k], "has already"),
    ("09b-2", lambda x, B, k: np.argsort(-(x == 0) * (x @ B))[:k], "Use −∞"),
    ("09b-4", lambda *given: triple_loss(*given[:5], -given[5]), "not right"),
    ("09b-4", lambda p, q_i, q_j, b_i, b_j, lam: p * q_i, "a number"),
    ("09b-5", lambda *given: bpr_step(*given)[:3], "It has 3 instead of 5 values"),
    ("09b-5", lambda *given: np.round(bpr_step(*given), 2), "is something rounded"),
    ("09b-6", lambda users, own: 100 * negative_shares(users, own), "not right"),
    ("09b-7", lambda n, f, c, r, k: k * (n * f + c * r) / n, "not right"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
