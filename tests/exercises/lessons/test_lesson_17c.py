"""Answers to lesson 17c that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np

from exercises.lesson_17c import best_in_stock, lift, top, visited
from helpers import similarity
from tests.exercises.lessons.answers import are_right, are_told


def top_by_helper(items, query, k):
    return similarity.exact_search(items, query[None], k)[0]


def recall_by_helper(found, exact):
    return similarity.search_recall(found[None], exact[None])[0]


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


test_another_way_is_right_too = are_right(
    ("17c-1", top_by_helper),
    ("17c-2", recall_by_helper),
    ("17c-2", lambda found, exact: len(set(found) & set(exact)) / len(exact)),
    ("17c-4", visited_by_helper),
    ("17c-5", estimate_by_helper),
    ("17c-6", hidden_by_a_matrix),
    ("17c-7", lift_by_helper),
    ("17c-8", stock_by_infinity),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("17c-1", lambda items, query, k: items[top(items, query, k)], "an array of shape (2, 2)"),
    ("17c-2", lambda found, exact: np.isin(found, exact).sum() / 10, "not right"),
    ("17c-3", lambda degrees, bits, tables: 1 - degrees / 180, "not right"),
    ("17c-3", lambda degrees, bits, tables: 1 - (1 - degrees / 180) ** bits, "not right"),
    ("17c-4", lambda *given: np.flatnonzero(visited(*given)), "truth values"),
    ("17c-6", lambda links: list(range(len(links))), "not expected"),
    ("17c-7", lambda items: lift(items)[:, :-1], "an array of shape (3, 3)"),
    ("17c-8", lambda scores, in_stock, k: scores[best_in_stock(scores, in_stock, k)], "the scores"),
)
