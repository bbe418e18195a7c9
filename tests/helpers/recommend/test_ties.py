"""Similarities, predictions and ties are those of exact arithmetic: plain loops with 50 digits.

What is equal on paper is equal to 40 of the 50 digits, and what is not differs before the tenth.
"""

from collections import Counter
from decimal import Decimal, localcontext

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.recommend.base import top
from helpers.recommend.baselines import Popularity
from helpers.recommend.content import ContentBased
from helpers.recommend.factorization import MatrixFactorization
from helpers.recommend.hybrid import WeightedHybrid
from helpers.recommend.implicit import ImplicitALS
from helpers.recommend.neighbors import ItemKNN, UserKNN
from helpers.similarity.measures import MEASURES
from helpers.similarity.search import Comparison

ZERO = Decimal(0)
CATALOG = pd.DataFrame({"item_id": range(6), "category": [0, 0, 1, 1, 2, 2], "brand": [0, 1] * 3})


@pytest.fixture(autouse=True)
def fifty_digits():
    with localcontext() as context:
        context.prec = 50
        yield


@st.composite
def ratings(draw, low=1, high=5):
    """Draw whole stars of some users for six items, at least one each."""
    stars = st.one_of(st.none(), st.integers(low, high))
    row = st.lists(stars, min_size=6, max_size=6).filter(any)
    matrix = draw(st.lists(row, min_size=3, max_size=6))
    return [{i: Decimal(r) for i, r in enumerate(row) if r} for row in matrix]


def turned(users):
    items = [{u: row[i] for u, row in enumerate(users) if i in row} for i in range(6)]
    return [item for item in items if item]


def known(users):
    """The items that anybody has rated, counted from 0 as in the columns of a matrix."""
    items = sorted({i for row in users for i in row})
    return [{items.index(i): r for i, r in row.items()} for row in users]


def table(users):
    rows = [(u, i, int(r)) for u, row in enumerate(users) for i, r in row.items()]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rating"])


def mean(values):
    values = list(values)
    return sum(values, ZERO) / len(values)


def zero(number):
    return abs(number) < Decimal("1e-40")


def same(score):
    """A score as it is compared: equal if it is equal to 40 digits."""
    return round(score, 40)


def ranked(scores, k=None):
    """The keys of the highest scores, of ties the first; None is not ranked."""
    able = [key for key in sorted(scores) if scores[key] is not None]
    return sorted(able, key=lambda key: (-same(scores[key]), key))[:k]


def similarity(measure, u, v, rows):
    """The similarity of two rows; None where it is undefined, or 0."""
    shared = u.keys() & v.keys()
    if not shared:
        return None
    if measure == "jaccard":
        return Decimal(len(shared)) / len(u.keys() | v.keys())
    if measure == "msd":
        return 1 / (mean((u[i] - v[i]) ** 2 for i in shared) + 1)
    if measure == "pearson":
        u, v = ({i: w[i] - mean(w[j] for j in shared) for i in shared} for w in (u, v))
    if measure == "own_mean_pearson":
        u, v = ({i: r - mean(w.values()) for i, r in w.items()} for w in (u, v))
    if measure == "adjusted_cosine":
        means = {i: mean(w[i] for w in rows if i in w) for i in shared}
        u, v = ({i: w[i] - means[i] for i in shared} for w in (u, v))
    if measure == "cosine":
        u, v = ({i: w[i] for i in shared} for w in (u, v))
    below = (sum(r * r for r in u.values()) * sum(r * r for r in v.values())).sqrt()
    s = None if zero(below) else sum(u[i] * v[i] for i in shared) / below
    return None if s is None or zero(s) else s


def neighbors(measure, rows, k=None, min_sim=ZERO):
    """For each row, the similarities of its k nearest, or of all."""
    found = []
    for u, row in enumerate(rows):
        s = {v: similarity(measure, row, other, rows) for v, other in enumerate(rows) if v != u}
        s = {v: value for v, value in s.items() if value is not None and value >= min_sim}
        found.append({v: s[v] for v in ranked(s, k)})
    return found


def weighted_means(measure, rows, center, k, min_k, min_sim):
    """For each row, the predictions for all columns."""
    similarities = neighbors(measure, rows, min_sim=min_sim)
    means = [mean(row.values()) if center else ZERO for row in rows]
    found = []
    for u, s in enumerate(similarities):
        scores = {}
        for i in {i for row in rows for i in row}:
            near = ranked({v: s[v] for v in s if i in rows[v]}, k)
            if len(near) >= min_k:
                above = sum(s[v] * (rows[v][i] - means[v]) for v in near)
                scores[i] = means[u] + above / sum(abs(s[v]) for v in near)
        found.append(scores)
    return found


def assert_lists(model, users, scores, k=4):
    lists = model.fit(table(users)).recommend(k=k, filter_seen=False)
    for u, expected in enumerate(scores):
        theirs, best = lists[lists["user_id"] == u], ranked(expected, k)
        assert theirs["item_id"].tolist() == best
        assert theirs["score"].tolist() == pytest.approx([float(expected[i]) for i in best])


def test_top_by_hand():
    # Row 0: 9 in column 1, then the equal 7s of columns 0 and 3, of which the first is kept.
    # Row 1 has one score only; row 2 has none.
    nan = np.nan
    scores = np.array([[7, 9, 1, 7], [nan, nan, 2, nan], [nan] * 4])
    row, column, score = top(scores, k=2)
    assert row.tolist() == [0, 0, 1]
    assert column.tolist() == [1, 0, 2]
    assert score.tolist() == [9, 7, 2]


# ---------------------------------------------------------------- neighbors


def dense(users):
    return [[float(row.get(i, "nan")) for i in range(6)] for row in users]


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=50)
@given(ratings())
def test_measures(measure, users):
    found = np.nan_to_num(MEASURES[measure](dense(users)))
    expected = [[float(similarity(measure, u, v, users) or 0) for v in users] for u in users]
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert abs(found).max() <= 1  # not even by rounding


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=50)
@given(ratings(), st.integers(1, 4), st.sampled_from(["-1", "0", "0.5"]))
def test_nearest_neighbors(measure, users, k, min_sim):
    found = Comparison(dense(users), measure).nearest(k, float(min_sim))
    for u, near in enumerate(neighbors(measure, users, k, Decimal(min_sim))):
        assert found[[u]].indices.tolist() == sorted(near)


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=50)
@given(ratings())
def test_similar_items(measure, users):
    users = known(users)
    model = ItemKNN(similarity=measure).fit(table(users))
    for item, near in enumerate(neighbors(measure, turned(users))):
        assert model.similar_items(item)["item_id"].tolist() == ranked(near)


@pytest.mark.parametrize("model", [UserKNN, ItemKNN])
@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=50)
@given(
    ratings(),
    st.sampled_from([(None, "0"), (None, "0.31"), ("mean", "0"), ("mean", "-1")]),
    st.sampled_from([(1, 1), (2, 1), (3, 1), (3, 2)]),
)
def test_predicted_ratings(model, measure, users, center_and_min_sim, sizes):
    center, min_sim = center_and_min_sim
    users = known(users)
    rows = users if model is UserKNN else turned(users)
    scores = weighted_means(measure, rows, center, *sizes, Decimal(min_sim))
    if model is ItemKNN:
        scores = [
            {i: row[u] for i, row in enumerate(scores) if u in row} for u in range(len(users))
        ]
    options = {"similarity": measure, "center": center, "min_sim": float(min_sim)}
    assert_lists(model(*sizes, **options), users, scores)


@pytest.mark.parametrize("model", [UserKNN, ItemKNN])
@pytest.mark.parametrize("measure", ["full_cosine", "jaccard"])
@settings(max_examples=50)
@given(ratings(high=2), st.integers(1, 3))
def test_votes(model, measure, users, k):
    users, scores = known(users), []
    near = neighbors(measure, users if model is UserKNN else turned(users), k)
    for u, row in enumerate(users):
        votes = Counter()
        for other, weight in (near[u] if model is UserKNN else row).items():
            for i, value in (users[other] if model is UserKNN else near[other]).items():
                votes[i] += weight * value
        scores.append(votes)
    assert_lists(model(k, similarity=measure, feedback="implicit"), users, scores)


# ---------------------------------------------------------------- content and hybrids


def content(users):
    """Cosines of profiles and items, where a category weighs twice what a brand weighs."""
    category, brand = CATALOG["category"], CATALOG["brand"]
    s = [
        [
            Decimal(2 * int(category[i] == category[j]) + int(brand[i] == brand[j])) / 3
            for j in range(6)
        ]
        for i in range(6)
    ]
    for row in users:
        length = sum(s[i][j] * row[i] * row[j] for i in row for j in row).sqrt()
        scores = {i: sum(s[i][j] * row[j] for j in row) / length for i in range(6)}
        yield {i: score for i, score in scores.items() if score}


CONTENT = ContentBased(CATALOG, {"category": 2, "brand": 1}, feedback="implicit")


@given(ratings(high=3))
def test_content(users):
    assert_lists(CONTENT, users, content(users))


@given(ratings(high=3))
def test_a_weighted_hybrid(users):
    buyers = Counter(i for row in users for i in row)
    popular, scores = {i: Decimal(n) for i, n in buyers.items()}, []
    for similar in content(users):
        votes = Counter()
        for weight, part in ((Decimal(2) / 3, similar), (Decimal(1) / 3, popular)):
            low, high = min(part.values()), max(part.values())
            for i, score in part.items():
                vote = Decimal(1) if zero(high - low) else (score - low) / (high - low)
                votes[i] += weight * vote
        scores.append(votes)
    models = {"content": CONTENT, "popular": Popularity()}
    assert_lists(WeightedHybrid(models, {"content": 2, "popular": 1}), users, scores)


# ---------------------------------------------------------------- factorization


@pytest.mark.parametrize("model", [MatrixFactorization(4), ImplicitALS(4, regularization=1)])
def test_items_with_the_same_ratings(model):
    rng = np.random.default_rng(0)
    users, items = np.nonzero(rng.random((300, 30)) < 0.3)
    stars = rng.integers(1, 6, len(users))
    # Item n has the ratings of the items n + 30 and n + 60, too.
    copies = [
        pd.DataFrame({"user_id": users, "item_id": items + n, "rating": stars}) for n in (0, 30, 60)
    ]
    lists = model.fit(pd.concat(copies)).recommend(k=90, filter_seen=False)
    ids = lists["item_id"].to_numpy().reshape(-1, 3)
    assert (np.diff(ids, axis=1) == 30).all()
