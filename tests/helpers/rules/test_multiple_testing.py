"""Tests of rules: tea and milk by hand, exact fractions, and what was planted."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers import rules
from helpers.data import sources


def counted(both, a, c, N) -> pd.DataFrame:
    return rules.measures(*(np.atleast_1d(count) for count in (both, a, c)), N)


def exact(both: int, a: int, c: int, N: int) -> Fraction:
    """Return P(n ≥ n_AC) by counting the ways to draw."""
    ways = sum(math.comb(c, n) * math.comb(N - c, a - n) for n in range(both, min(a, c) + 1))
    return Fraction(ways, math.comb(N, a))


# ---------------------------------------------------------------- the search space


@pytest.mark.parametrize("items", [1, 2, 3, 5])
@pytest.mark.parametrize("max_len", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("max_consequent", [None, 1, 2])
def test_search_space_by_writing_all_rules(items, max_len, max_consequent):
    possible = [
        (a, c)
        for size in range(2, min(items, max_len) + 1)
        for whole in combinations(range(items), size)
        for k in range(1, min(size - 1, max_consequent or size) + 1)
        for c in combinations(whole, k)
        for a in [set(whole) - set(c)]
    ]
    assert rules.search_space(items, max_len, max_consequent) == len(possible)


# ---------------------------------------------------------------- Fisher's test


def test_the_lady_tasting_tea():
    # 8 cups, 4 with milk first; she picks 4. All four right: 1 of C(8, 4) = 70 ways. Three or four
    # right: 1 + C(4, 3) · C(4, 1) = 17 of 70.
    p = rules.fisher_p(counted([4, 3], [4, 4], [4, 4], 8))
    np.testing.assert_allclose(p, [1 / 70, 17 / 70])
    assert p.name == "p_value"


@st.composite
def two_by_two(draw):
    N = draw(st.integers(2, 80))
    a, c = draw(st.integers(1, N)), draw(st.integers(1, N))
    both = draw(st.integers(max(1, a + c - N), min(a, c))) if min(a, c) else 0
    return both, a, c, N


@given(two_by_two())
@settings(max_examples=200)
def test_random_tables(table):
    both, a, c, N = table
    p = rules.fisher_p(counted(both, a, c, N))[0]
    assert p == pytest.approx(float(exact(both, a, c, N)), rel=1e-9)
    cells = [[both, a - both], [c - both, N - a - c + both]]
    assert p == pytest.approx(stats.fisher_exact(cells, alternative="greater").pvalue, rel=1e-9)


def test_large_tables_and_deep_tails():
    tables = [(200, 1_000, 900, 20_000), (60, 1_000, 900, 20_000), (41, 148, 306, 7_838)]
    for table in tables:
        p = rules.fisher_p(counted(*table))[0]
        assert p == pytest.approx(float(exact(*table)), rel=1e-9)
    assert rules.fisher_p(counted(2_000, 3_000, 2_500, 155_848))[0] == 0


# ---------------------------------------------------------------- many tests


def test_adjusted_by_hand():
    p = pd.Series([0.01, 0.04, 0.03, 0.005], index=list("abcd"))
    # In order .005, .01, .03, .04. Holm: 4 · .005, 3 · .01, 2 · .03, 1 · .04 → not below .06.
    holm = rules.adjust(p, 4)
    np.testing.assert_allclose(holm[list("dacb")], [0.02, 0.03, 0.06, 0.06])
    # Benjamini–Hochberg: 4/1 · .005, 4/2 · .01, 4/3 · .03, 4/4 · .04.
    bh = rules.adjust(p, 4, "bh")
    np.testing.assert_allclose(bh[list("dacb")], [0.02, 0.02, 0.04, 0.04])
    # Of ten hypotheses: 10, 9, 8 and 7 times; and 10/1, 10/2, 10/3, 10/4 times.
    np.testing.assert_allclose(rules.adjust(p, 10)[list("dacb")], [0.05, 0.09, 0.24, 0.28])
    np.testing.assert_allclose(rules.adjust(p, 10, "bh")[list("dacb")], [0.05, 0.05, 0.1, 0.1])
    assert (rules.adjust(p, 10**9) == 1).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(0, 30))
@settings(max_examples=50)
def test_those_not_at_hand_count_as_one(p, others):
    M = len(p) + others
    padded = np.array(p + [1.0] * others)
    bh = rules.adjust(pd.Series(p), M, "bh")
    np.testing.assert_allclose(bh, stats.false_discovery_control(padded)[: len(p)])
    holm = rules.adjust(pd.Series(p), M)
    np.testing.assert_allclose(holm, rules.adjust(pd.Series(padded), M)[: len(p)])
    bonferroni = np.minimum(np.multiply(p, M), 1)
    assert (bh <= holm + 1e-12).all()
    assert (holm <= bonferroni + 1e-12).all()
    assert (bh >= np.array(p) - 1e-12).all()


# ---------------------------------------------------------------- the other half


def independent(baskets: int, items: int, seed: int) -> pd.DataFrame:
    """Return baskets in which every item is put by a coin of its own."""
    rng = np.random.default_rng(seed)
    share = np.minimum(rng.lognormal(-3.5, 1, items), 0.5)
    basket, item = np.nonzero(rng.random((baskets, items)) < share)
    return pd.DataFrame({"order_id": basket, "item_id": item})


def test_halves_share_no_basket():
    lines = independent(101, 30, seed=1)
    one, other = rules.split_baskets(lines, random_state=3)
    assert not set(one["order_id"]) & set(other["order_id"])
    assert len(one) + len(other) == len(lines)
    by_user = rules.split_baskets(lines.assign(user_id=lines["order_id"] // 3), "user_id")
    assert not set(by_user[0]["user_id"]) & set(by_user[1]["user_id"])
    total = lines["order_id"].nunique()
    assert one["order_id"].nunique() == total // 2
    mixed = rules.split_baskets(lines.sample(frac=1, random_state=0), random_state=3)[0]
    assert set(mixed["order_id"]) == set(one["order_id"])
    assert set(rules.split_baskets(lines, random_state=4)[0]["order_id"]) != set(one["order_id"])


def test_confirmed_by_hand():
    # Six baskets: pot and tea in 1, 2, 3, mug in 4, 5, 6; mug in 3, too, twice.
    lines = pd.DataFrame(
        {
            "order_id": [1, 1, 2, 2, 3, 3, 3, 3, 4, 5, 6],
            "item_id": [*["pot", "tea"] * 3, *["mug"] * 5],
        }
    )
    found = pd.DataFrame(
        {
            "antecedents": [frozenset({"pot"}), frozenset({"mug", "pot"}), frozenset({"cup"})],
            "consequents": [frozenset({"tea"})] * 3,
        },
        index=[4, 2, 9],
    )
    tested = rules.confirm(found, lines)
    assert tested.index.tolist() == [4, 2, 9]
    assert tested["count"].tolist() == [3, 1, 0]
    np.testing.assert_allclose(tested["antecedent support"], [3 / 6, 1 / 6, 0])
    np.testing.assert_allclose(tested["confidence"], [1, 1, np.nan])
    # 1 / C(6, 3), 3 / 6, certain; Holm for three rules.
    np.testing.assert_allclose(tested["p_value"], [1 / 20, 1 / 2, 1])
    np.testing.assert_allclose(tested["p_adjusted"], [3 / 20, 1, 1])


def test_confirmed_on_the_same_baskets_measures_the_same():
    lines = independent(150, 12, seed=2)
    found = rules.association_rules(rules.frequent_itemsets(lines, 0.01), min_threshold=0.05)
    assert len(found) > 50
    again = rules.confirm(found, lines)
    pd.testing.assert_frame_equal(again[list(found)], found)
    pd.testing.assert_series_equal(again["p_value"], rules.fisher_p(found))


# ---------------------------------------------------------------- truth


def test_planted_complements_are_found():
    lines, key = sources.load_shop().order_lines, sources.load_shop_key()["rules"]
    planted = {
        (frozenset({a}), frozenset({c})) for a, c in key[["anchor", "complement"]].to_numpy()
    }
    itemsets = rules.frequent_itemsets(lines, 0.001, max_len=2)
    found = rules.association_rules(itemsets, "lift", 1)
    hypotheses = rules.search_space((itemsets["itemsets"].map(len) == 1).sum(), 2)
    kept = rules.significance(found, hypotheses).query("p_adjusted <= 0.05")
    pairs = set(zip(kept["antecedents"], kept["consequents"], strict=True))
    assert planted <= pairs
    assert pairs <= planted | {(c, a) for a, c in planted}


# ---------------------------------------------------------------- what is refused

P = pd.Series([0.01, 0.2])
FOUND = counted([4, 3], [4, 4], [4, 4], 8)
PAIR = pd.DataFrame({"antecedents": [frozenset({"a"})], "consequents": [frozenset({"b"})]})
LINES = pd.DataFrame({"order_id": [1, 1, 2], "item_id": ["a", "b", "a"]})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rules.search_space(0, 2), "items is a whole number"),
        (lambda: rules.search_space(5, 2, 0.5), "max_consequent is a whole number"),
        (lambda: rules.adjust(P, 1), "2 p-values come from no fewer hypotheses; got 1"),
        (lambda: rules.adjust(P, 2, "sidak"), 'no method "sidak".*holm, bh'),
        (lambda: rules.fisher_p(FOUND.drop(columns="count")), 'no column "count"'),
        (
            lambda: rules.fisher_p(pd.concat([FOUND, counted(1, 1, 1, 9)])),
            "counts other baskets",
        ),
        (lambda: rules.fisher_p(counted(0, 1, 1, 9)), "below 1 in 1 of 1 rows"),
        (lambda: rules.adjust(P - 0.1, 2), "between 0 and 1"),
        (lambda: rules.adjust(pd.Series([np.nan]), 2), "none may be missing"),
        (lambda: rules.confirm(PAIR[["antecedents"]], LINES), 'no column "consequents"'),
        (
            lambda: rules.confirm(PAIR, LINES.assign(item_id=[1, 2, 1])),
            "numbers in one table and text in the other",
        ),
        (lambda: rules.confirm(PAIR, LINES[:2]), "one and the same basket"),
        (lambda: rules.split_baskets(LINES, basket="receipt"), 'no column "receipt"'),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
