"""Answers to lesson 09b that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np

from exercises.lesson_09b import ease_weights, triple_loss
from tests.exercises.lessons.answers import are_right, are_told


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


def stepped_by_differences(p, q_i, q_j, b_i, b_j, rate, lam):
    start = np.array([p, q_i, q_j, b_i, b_j])

    def loss(x):
        return np.log1p(np.exp(x[4] - x[3] - x[0] * (x[1] - x[2]))) + lam / 2 * x @ x

    slopes = [(loss(start + h) - loss(start - h)) / 2e-4 for h in 1e-4 * np.eye(5)]
    return list(start - rate * np.array(slopes))


test_another_way_is_right_too = are_right(
    ("09b-1", column_by_column),
    ("09b-2", listed_in_a_loop),
    ("09b-5", stepped_by_differences),
    ("09b-7", lambda n, f, c, r, k: float(k * n * f + k * c * r)),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("09b-1", lambda X, lam: ease_weights(X.T, lam), "an array of shape (2, 2)"),
    ("09b-4", lambda p, q_i, q_j, b_i, b_j, lam: p * q_i, "a number"),
    ("09b-4", lambda *given: triple_loss(*given[:5], -given[5]), "not right"),
    ("09b-7", lambda n, f, c, r, k: k * (n * f + c * r) / n, "not right"),
)
