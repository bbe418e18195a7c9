"""Answers to lesson 09 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
from sklearn.linear_model import LinearRegression

from exercises.lesson_09 import (
    place_user,
)
from tests.exercises.lessons.answers import are_right, are_told


def placed_by_more_rows(ratings, mean, item_bias, item_factors, lam):
    """λ as a few rows more, of which the target is 0: a ridge as plain least squares."""
    rated = ~np.isnan(ratings)
    rows = np.column_stack([np.ones(rated.sum()), item_factors[rated]])
    pull = np.sqrt(lam) * np.eye(rows.shape[1])
    target = (ratings - mean - item_bias)[rated]
    both = np.vstack([rows, pull]), np.append(target, np.zeros(len(pull)))
    return np.linalg.lstsq(*both, rcond=None)[0]


def stepped_by_differences(r, mean, user_bias, item_bias, p, q, rate, lam):
    """Half of the slope of the squared error and its λ, by central differences, as a list."""
    start = np.array([user_bias, item_bias, p, q])

    def loss(x):
        return (r - mean - x[0] - x[1] - x[2] * x[3]) ** 2 + lam * (x**2).sum()

    # In each number alone the loss is a parabola, for which a difference of any width is exact.
    slopes = [(loss(start + one) - loss(start - one)) / 2 for one in np.eye(4)]
    return list(start - rate * np.array(slopes) / 2)


def shrunk_by_search(n, d, *lams):
    """Where the derivative is zero, as an array; both are quadratic, so one Newton step arrives."""
    ridges = np.array([lams[0], lams[1] * n])
    slope, curvature = -2 * n * d, 2 * n + 2 * ridges
    return -slope / curvature


def placed_by_the_trick(counts, Y, alpha, lam):
    touched = counts > 0
    Z, c = Y[touched], 1 + alpha * counts[touched]
    left = Y.T @ Y + (Z.T * (c - 1)) @ Z + lam * np.eye(Y.shape[1])
    return np.linalg.inv(left) @ Z.T @ c


def recovered_by_scikit_learn(learned, truth):
    columns = truth.T
    return [LinearRegression().fit(learned, column).score(learned, column) for column in columns]


test_another_way_is_right_too = are_right(
    ("09-2", placed_by_more_rows),
    ("09-3", stepped_by_differences),
    ("09-5", recovered_by_scikit_learn),
    ("09-7", shrunk_by_search),
    ("09-8", placed_by_the_trick),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("09-1", lambda mean, b_u, b_i, p, q, *scale: mean + b_u + b_i + p * q, "several values"),
    ("09-2", lambda *given: place_user(*given)[1:], "values: "),
    ("09-3", lambda *given: (1, 2, 3, 4), "your function gives `1, 2, 3, 4`, which is not right"),
    ("09-7", lambda n, d, one, other: (n * d / (n + one), d / (n + other)), "not right"),
)
