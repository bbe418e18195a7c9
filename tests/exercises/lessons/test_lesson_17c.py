"""The solutions of lesson 17c by hand, by the helpers, and answers that learners give."""

import numpy as np
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_17c import (
    best_in_stock,
    chance_found,
    estimate,
    hidden,
    lift,
    share_found,
    top,
    visited,
)
from helpers import similarity


def test_top():
    # (2, 1) · (1, 1), (0, 4), (3, 0): 3, 4, 6.
    assert top(np.array([[1, 1], [0, 4], [3, 0]]), np.array([2, 1]), 2).tolist() == [2, 1]


def test_share_found():
    assert share_found(np.array([1, -1]), np.array([1, 2, 3, 4])) == 0.25


def test_chance_found():
    # 45°: p = 3/4; two bits 9/16; two tables 1 − (7/16)².
    assert chance_found(45, 2, 2) == pytest.approx(1 - 49 / 256)


def test_visited():
    # Centroids 0 and 10; the query 4 is nearer to 0, where the items 1 and 3 are.
    given = [np.array([[1.0], [9.0], [3.0]]), np.array([[0.0], [10.0]]), np.array([4.0]), 1]
    assert visited(*given).tolist() == [True, False, True]


def test_estimate():
    # (1 | 2) with the words 3 and 5: 3 + 10.
    assert estimate(np.array([1, 2]), [np.array([[3], [4]]), np.array([[5]])], [0, 0]) == 13


def test_hidden():
    assert hidden([np.array([1]), np.array([0]), np.array([2, 1])]) == [2]


def test_lift():
    # Lengths 2 and 1, M = 2: (1, 0) and (1/2, √3/2).
    assert lift(np.array([[2.0], [1.0]])).ravel() == pytest.approx([1, 0, 0.5, np.sqrt(0.75)])


def test_best_in_stock():
    found = best_in_stock(np.array([3, 2, 1]), np.array([False, True, True]), 1)
    assert found.tolist() == [1]


def top_by_helper(items, query, k):
    return similarity.exact_search(items, query[None], k)[0]


def recall_by_helper(found, exact):
    return similarity.search_recall(found[None], exact[None])[0]


def chance_by_counting(degrees, bits, tables):
    missed = 1.0
    for _ in range(tables):
        missed *= 1 - np.prod([1 - degrees / 180] * bits)
    return 1 - missed


def visited_by_helper(items, centroids, query, probe):
    index = similarity.InvertedFile(len(centroids)).fit(np.repeat(centroids, 2, axis=0))
    index.centroids_ = centroids
    index.lists_ = index.lists_[:, :0]
    return index.add(items).candidates(query[None], probe).toarray()[0]


def estimate_by_helper(query, codebooks, code):
    pq = similarity.ProductQuantizer(len(codebooks))
    pq.codebooks_, pq.codes_ = codebooks, np.array([code])
    return pq.scores(query[None])[0, 0]


def hidden_by_a_matrix(links):
    linked = np.zeros((len(links), len(links)), bool)
    for here, near in enumerate(links):
        linked[here, near] = True
    np.fill_diagonal(linked, False)
    return np.flatnonzero(~linked.any(axis=0))


def lift_by_helper(items):
    return similarity.inner_product_to_cosine(items, items)[0]


def stock_by_infinity(scores, in_stock, k):
    return np.argsort(np.where(in_stock, -scores, np.inf))[:k]


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("17c-1", top_by_helper),
        ("17c-2", recall_by_helper),
        ("17c-2", lambda found, exact: len(set(found) & set(exact)) / len(exact)),
        ("17c-3", chance_by_counting),
        ("17c-4", visited_by_helper),
        ("17c-5", estimate_by_helper),
        ("17c-6", hidden_by_a_matrix),
        ("17c-7", lift_by_helper),
        ("17c-8", stock_by_infinity),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("17c-1", lambda items, query, k: set(top(items, query, k)), "gives a set"),
    ("17c-1", lambda items, query, k: top(items, query, k - 1), "is missing"),
    ("17c-1", lambda items, query, k: items[top(items, query, k)], "an array of shape (2, 2)"),
    ("17c-2", lambda found, exact: 100 * share_found(found, exact), "not right"),
    ("17c-2", lambda found, exact: round(share_found(found, exact), 1), "is something rounded"),
    ("17c-2", lambda found, exact: np.isin(found, exact).sum() / 10, "not right"),
    ("17c-2", lambda found, exact: np.isin(exact, found).sum() / len(found), "length of `found`"),
    ("17c-3", lambda degrees, bits, tables: 1 - degrees / 180, "not right"),
    ("17c-3", lambda degrees, bits, tables: 1 - (1 - degrees / 180) ** bits, "not right"),
    ("17c-4", lambda *given: np.flatnonzero(visited(*given)), "truth values"),
    ("17c-5", lambda query, books, code: estimate(query, books, [0] * len(code)), "not right"),
    ("17c-6", lambda links: list(range(len(links))), "not expected"),
    ("17c-7", lambda items: lift(items)[:, :-1], "an array of shape (3, 3)"),
    ("17c-7", lambda items: lift(items)[:, -1], "should give a table"),
    ("17c-8", lambda scores, in_stock, k: scores[best_in_stock(scores, in_stock, k)], "the scores"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
