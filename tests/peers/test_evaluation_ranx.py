"""The metrics agree with ranx and implicit where definitions do; and the table of where they don't.

Lesson 07 prints that table, from formulas of its own; here the libraries prove each row of it.
"""

import numpy as np
import pandas as pd
import pytest
import ranx
from implicit.evaluation import ranking_metrics_at_k
from scipy import sparse
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from helpers.evaluation.metrics import RANKING, ranking_metrics

RANX = dict(
    zip(RANKING, ["precision", "recall", "f1", "hit_rate", "mrr", "map", "ndcg"], strict=True)
)

# Three users are recommended a b c d e. u1 likes a, c and five others, u2 likes b, u3 likes q.
LISTS = dict.fromkeys(["u1", "u2", "u3"], "abcde")
LIKED = {"u1": "acvwxyz", "u2": "b", "u3": "q"}
ITEMS = "abcdeqvwxyz"


def by_ranx(lists, liked, metrics):
    scores = {
        user: {item: float(-place) for place, item in enumerate(own)} for user, own in lists.items()
    }
    return evaluate_with_ranx(scores, liked, metrics)


def evaluate_with_ranx(scores, liked, metrics):
    relevant = ranx.Qrels({user: dict.fromkeys(own, 1) for user, own in liked.items()})
    return ranx.evaluate(relevant, ranx.Run(scores), metrics, make_comparable=True)


def by_implicit(lists, liked, k):
    class Model:
        def recommend(self, users, user_items, N=10, **options):
            places = np.arange(N, 0, -1, dtype=np.float32)
            return codes[users, :N], np.tile(places, (len(users), 1))

    codes = np.array([[ITEMS.index(item) for item in own] for own in lists.values()], np.int32)
    test = matrix(liked)
    return ranking_metrics_at_k(Model(), 0 * test, test, K=k, show_progress=False)


def matrix(liked):
    rows = [[item in own for item in ITEMS] for own in liked.values()]
    return sparse.csr_matrix(np.array(rows, float))


def ours(lists, liked, **options):
    recommended = [
        (user, item, place) for user, own in lists.items() for place, item in enumerate(own, 1)
    ]
    relevant = [(user, item) for user, own in liked.items() for item in own]
    return ranking_metrics(
        pd.DataFrame(recommended, columns=["user_id", "item_id", "rank"]),
        pd.DataFrame(relevant, columns=["user_id", "item_id"]),
        **options,
    ).mean()


@pytest.fixture
def many():
    """Return random lists of 0 to 10 items for 200 users, and what these like, 1 to 10 items."""
    rng = np.random.default_rng(9)
    draw = [
        ["".join(rng.permutation(list(ITEMS))[: rng.integers(least, 11)]) for _ in range(200)]
        for least in (0, 1)
    ]
    users = [f"u{number:03}" for number in range(200)]
    lists, liked = (dict(zip(users, own, strict=True)) for own in draw)
    return {user: own for user, own in lists.items() if own}, liked


@pytest.mark.parametrize("k", [1, 5, 20])
def test_agreement_with_ranx(many, k):
    theirs = by_ranx(*many, [f"{name}@{k}" for name in RANX.values()])
    mine = ours(*many, k=k, ap_denominator="relevant")
    for name, value in mine.items():
        assert value == pytest.approx(theirs[f"{RANX[name]}@{k}"], abs=1e-12), name


@pytest.mark.parametrize("k", [1, 3, 7])
def test_agreement_with_implicit(many, k):
    lists = {user: "".join(dict.fromkeys(many[0].get(user, "") + ITEMS)) for user in many[1]}
    theirs = by_implicit(lists, many[1], k)
    mine = ours(lists, many[1], k=k)
    assert mine["average_precision"] == pytest.approx(theirs["map"])
    assert mine["ndcg"] == pytest.approx(theirs["ndcg"])


# ---------------------------------------------------------------- the table of lesson 07


def test_average_precision_is_divided_by_all_relevant_items_in_ranx():
    # u1: (1/1 + 2/3) / 7 instead of / 5; u2: 1/2; u3: 0.
    assert by_ranx(LISTS, LIKED, "map@5") == pytest.approx((5 / 21 + 1 / 2) / 3)
    assert ours(LISTS, LIKED, k=5)["average_precision"] == pytest.approx((1 / 3 + 1 / 2) / 3)


def test_precision_is_pooled_over_what_could_be_hit_in_implicit():
    # Hits 2 + 1 + 0, over min(5, 7) + min(5, 1) + min(5, 1); ours is (2/5 + 1/5 + 0) / 3.
    assert by_implicit(LISTS, LIKED, 5)["precision"] == pytest.approx(3 / 7)
    assert ours(LISTS, LIKED, k=5)["precision"] == pytest.approx(1 / 5)


def test_who_likes_nothing_counts_as_0_or_1_in_scikit_learn():
    # Two users, a list that is perfect for the first; the second likes nothing. We leave that one
    # out, and have 1.
    liked, scores = np.array([[1, 0, 0], [0, 0, 0]]), np.array([[3, 2, 1], [3, 2, 1]])
    assert ndcg_score(liked, scores) == (1 + 0) / 2
    liked = np.array([[0, 1, 0], [0, 0, 0]])  # now the first has 1/2
    assert label_ranking_average_precision_score(liked, scores) == (1 / 2 + 1) / 2


def test_equal_scores_have_the_mean_of_all_orders_in_scikit_learn():
    # Two items with one score, one of them liked: NDCG 1 or 1 / log₂ 3 = 0.6309, mean 0.8155.
    assert ndcg_score([[1, 0]], [[7, 7]]) == pytest.approx((1 + 1 / np.log2(3)) / 2)


def test_equal_scores_stand_as_they_were_written_in_ranx():
    first = evaluate_with_ranx({"u": {"a": 7.0, "b": 7.0}}, {"u": "a"}, "ndcg")
    second = evaluate_with_ranx({"u": {"b": 7.0, "a": 7.0}}, {"u": "a"}, "ndcg")
    assert [first, second] == pytest.approx([1, 1 / np.log2(3)])


def test_the_ideal_list_has_k_places_everywhere():
    # u1 likes seven and could hit five: DCG 1 + 1/2, ideal 1 + 0.6309 + 0.5 + 0.4307 + 0.3869.
    values = [
        ours(LISTS, LIKED, k=5)["ndcg"],
        by_ranx(LISTS, LIKED, "ndcg@5"),
        by_implicit(LISTS, LIKED, 5)["ndcg"],
        ndcg_score(matrix(LIKED).toarray(), [-np.arange(len(ITEMS))] * 3, k=5),
    ]
    assert values == pytest.approx([0.3799] * 4, abs=5e-5)
