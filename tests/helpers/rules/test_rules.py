"""Itemsets and rules: five baskets by hand, all subsets by brute force, and what is refused."""

import tracemalloc
from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import rules
from helpers.data.problems import TableError
from helpers.rules import association, baskets

# Five baskets: tea lies in 4, pot in 3, mug in 2; pot and tea in 3, mug with any of them in 1.
FIVE = {1: ["pot", "tea"], 2: ["mug", "pot", "tea"], 3: ["tea"], 4: ["mug"], 5: ["pot", "tea"]}
PARTS = ["antecedents", "consequents"]


def as_lines(held) -> pd.DataFrame:
    """Return tidy rows of baskets, given as a mapping or a list of sets of items."""
    held = held if isinstance(held, dict) else dict(enumerate(held))
    rows = [(basket, item) for basket, items in held.items() for item in sorted(items)]
    return pd.DataFrame(rows, columns=["order_id", "item_id"])


def by_brute_force(held, least: int, max_len: int | None = None) -> dict[frozenset, int]:
    """Count every subset of every basket; keep those in enough baskets."""
    counts: dict[frozenset, int] = {}
    for items in held:
        for k in range(1, min(len(items), max_len or len(items)) + 1):
            for part in combinations(sorted(items), k):
                counts[frozenset(part)] = counts.get(frozenset(part), 0) + 1
    return {one: count for one, count in counts.items() if count >= least}


def keys(table: pd.DataFrame) -> list[tuple[frozenset, frozenset]]:
    return list(zip(table["antecedents"], table["consequents"], strict=True))


def sets(*names: str) -> list[frozenset]:
    return [frozenset(name.split()) for name in names]


lines = as_lines(FIVE)
few = settings(max_examples=25)
some_baskets = st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=2, max_size=12)
tables = st.builds(lambda held: rules.frequent_itemsets(as_lines(held), 1e-9), some_baskets)


# ---------------------------------------------------------------- itemsets


def test_five_baskets():
    table = rules.frequent_itemsets(lines, min_support=0.2)  # 1 of 5
    assert table["itemsets"].tolist() == sets(
        "tea", "pot", "mug", "pot tea", "mug pot", "mug tea", "mug pot tea"
    )
    assert table["count"].tolist() == [4, 3, 2, 3, 1, 1, 1]
    assert table["support"].tolist() == [0.8, 0.6, 0.4, 0.6, 0.2, 0.2, 0.2]
    half = rules.frequent_itemsets(lines, min_support=0.5)  # ⌈2.5⌉ = 3 of 5
    assert half["itemsets"].tolist() == sets("tea", "pot", "pot tea")


@few
@given(some_baskets, st.integers(1, 12), st.one_of(st.none(), st.integers(1, 4)))
def test_all_sets_of_random_baskets(held, least, max_len):
    least = min(least, len(held))
    table = rules.frequent_itemsets(as_lines(held), least / len(held), max_len=max_len)
    found = dict(zip(table["itemsets"], table["count"], strict=True))
    assert found == by_brute_force(held, least, max_len)
    assert (table["support"] == table["count"] / len(held)).all()


def test_many_baskets_and_long_sets():
    # More than 64 baskets fill more than a word; 2⁹ − 1 sets of nine items are in 100 of 130.
    held = [set(range(9))] * 100 + [{9}] * 30
    table = rules.frequent_itemsets(as_lines(held), 0.5)
    assert len(table) == 2**9 - 1
    assert (table["count"] == 100).all()


def test_lots_do_not_matter(monkeypatch):
    rng = np.random.default_rng(0)
    held = [set(np.flatnonzero(rng.random(12) < 0.5)) | {0} for _ in range(80)]
    whole = rules.frequent_itemsets(as_lines(held), 0.05)
    monkeypatch.setattr(baskets, "WORDS", 1)
    pd.testing.assert_frame_equal(rules.frequent_itemsets(as_lines(held), 0.05), whole)


@few
@given(some_baskets, st.randoms())
def test_neither_the_order_of_rows_nor_repeats_matter(held, random):
    table = as_lines(held)
    again = random.choices(range(len(table)), k=5)
    order = random.sample(range(len(table)), len(table)) + again
    pd.testing.assert_frame_equal(
        rules.frequent_itemsets(table.iloc[order], 0.2), rules.frequent_itemsets(table, 0.2)
    )


def test_seven_percent_of_a_hundred():
    assert 0.07 * 100 > 7  # as computers count
    table = as_lines([{"tea"}] * 7 + [{"mug"}] * 93)
    assert rules.frequent_itemsets(table, 0.07)["count"].tolist() == [93, 7]


def test_ties_go_by_items_and_a_table_may_be_empty():
    table = rules.frequent_itemsets(as_lines([{3, 1, 2}, {1, 2, 3}]), 1)
    assert table["itemsets"].tolist() == [
        frozenset(one) for one in ({1}, {2}, {3}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3})
    ]
    nothing = rules.frequent_itemsets(as_lines([{1}, {2}]), 1)
    assert nothing.shape == (0, 3)
    assert nothing.dtypes.tolist() == table.dtypes.tolist()


def test_other_items():
    table = pd.DataFrame({"order_id": ["A", "A", "B"], "category": pd.Categorical(["x", "y", "y"])})
    found = rules.frequent_itemsets(table, 0.5, item="category")
    assert found["itemsets"].tolist() == sets("y", "x", "x y")


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (lines, {"min_support": 0}, "share above 0"),
        (lines, {"min_support": 1.01}, "0.01 for 1%"),
        (lines, {"min_support": float("nan")}, "share above 0"),
        (lines, {"min_support": 0.5, "max_len": 1.5}, "max_len is a whole number"),
        (lines, {"min_support": 0.5, "item": "name"}, 'no column "name"'),
        (lines[:0], {"min_support": 0.5}, "has no rows"),
        (lines[:2], {"min_support": 0.5}, "one and the same basket in 2 of 2 rows"),
        (lines.assign(order_id=[None, *"ABCDEFGH"]), {"min_support": 0.5}, "is missing in 1 of 9"),
        (lines.assign(item_id=0.5), {"min_support": 0.5}, "no proper id"),
    ],
)
def test_what_itemsets_refuse(table, options, message):
    with pytest.raises(ValueError, match=message):
        rules.frequent_itemsets(table, **options)


def test_too_many_itemsets_are_refused_before_memory_runs_out(monkeypatch):
    # 30 items, all in both baskets: 2³⁰ sets.
    monkeypatch.setattr(baskets, "MEMORY_GIB", 0.05)
    tracemalloc.start()
    try:
        with pytest.raises(MemoryError, match=r"min_support=0.5 is 1 of 2 baskets.* GiB.*max_len"):
            rules.frequent_itemsets(as_lines([set(range(30))] * 2), 0.5)
        assert tracemalloc.get_traced_memory()[1] < 0.05 * 2**30
    finally:
        tracemalloc.stop()
    assert len(rules.frequent_itemsets(as_lines([set(range(30))] * 2), 0.5, max_len=2)) == 465


def test_too_many_pairs_are_refused(monkeypatch):
    # 300 items, all in both baskets: 300 · 299 / 2 = 44,850 pairs of 256 bytes are 11 MiB.
    monkeypatch.setattr(baskets, "MEMORY_GIB", 0.005)
    with pytest.raises(MemoryError, match="at 2 items there would be"):
        rules.frequent_itemsets(as_lines([set(range(300))] * 2), 0.5, max_len=2)


# ---------------------------------------------------------------- measures


def test_measures_by_hand():
    # pot → tea, tea → pot, mug → tea of the five baskets.
    table = rules.measures(np.array([3, 3, 1]), np.array([3, 4, 2]), np.array([4, 3, 4]), N=5)
    by_hand = {
        "antecedent support": [0.6, 0.8, 0.4],
        "consequent support": [0.8, 0.6, 0.8],
        "support": [0.6, 0.6, 0.2],
        "count": [3, 3, 1],
        "confidence": [3 / 3, 3 / 4, 1 / 2],
        "lift": [1 / 0.8, 0.75 / 0.6, 0.5 / 0.8],
        "leverage": [0.6 - 0.48, 0.6 - 0.48, 0.2 - 0.32],
        "conviction": [np.inf, 0.4 / 0.25, 0.2 / 0.5],
        # max{.6 · .4, .6 · .2} = .24; max{.6 · .2, .8 · 0} = .12; max{.2 · .6, .4 · .6} = .24
        "zhangs_metric": [0.12 / 0.24, 0.12 / 0.12, -0.12 / 0.24],
        "jaccard": [3 / 4, 3 / 4, 1 / 5],
        "certainty": [0.2 / 0.2, 0.15 / 0.4, -0.3 / 0.2],
        "kulczynski": [(1 + 3 / 4) / 2, (3 / 4 + 1) / 2, (1 / 2 + 1 / 4) / 2],
        "imbalance_ratio": [1 / 4, 1 / 4, 2 / 5],
    }
    assert list(table) == list(by_hand)
    for name, values in by_hand.items():
        np.testing.assert_allclose(table[name], values, err_msg=name)


def test_measures_at_the_edges():
    everywhere = rules.measures(np.array([5]), np.array([5]), np.array([5]), N=5).iloc[0]
    assert everywhere[["confidence", "lift", "jaccard", "kulczynski"]].tolist() == [1, 1, 1, 1]
    assert everywhere[["leverage", "zhangs_metric", "certainty"]].tolist() == [0, 0, 0]
    assert everywhere["conviction"] == np.inf
    nowhere = rules.measures(np.array([0]), np.array([0]), np.array([2]), N=5).iloc[0]
    assert nowhere[["support", "leverage", "jaccard"]].tolist() == [0, 0, 0]
    assert nowhere[["confidence", "lift", "conviction", "zhangs_metric"]].isna().all()


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize("metric", list(association.MEASURES))
@pytest.mark.parametrize("max_consequent", [None, 1, 2])
def test_all_rules_of_random_baskets(metric, max_consequent):
    rng = np.random.default_rng(0)
    held = [set(np.flatnonzero(rng.random(6) < 0.6)) | {0} for _ in range(30)]
    count = by_brute_force(held, 3)
    every = {
        (whole - frozenset(c), frozenset(c))
        for whole in count
        for size in range(1, min(len(whole) - 1, max_consequent or 9) + 1)
        for c in combinations(whole, size)
    }
    table = rules.frequent_itemsets(as_lines(held), 0.1)
    total = rules.association_rules(table, metric, -np.inf, max_consequent)
    assert set(keys(total)) == every
    assert len(total) == len(every)
    for _, rule in total.iterrows():
        a, c = rule["antecedents"], rule["consequents"]
        assert rule["count"] == count[a | c]
        assert rule["antecedent support"] == count[a] / 30
        assert rule["consequent support"] == count[c] / 30
    assert total[metric].is_monotonic_decreasing
    edge = total[metric].iloc[len(total) // 2]
    some = rules.association_rules(table, metric, edge, max_consequent)
    pd.testing.assert_frame_equal(some, total[total[metric] >= edge])


def test_of_equal_rules_the_more_frequent_comes_first():
    # Half of the baskets with a, with b, with both, and with d: c lies in 2 of 4, e in 1 of 2.
    table = as_lines(["abc", "abc", "ab", "ab", "de", "d"])
    found = rules.association_rules(rules.frequent_itemsets(table, 0.1), max_consequent=1)
    half = found[found["confidence"] == 0.5]
    assert half["antecedents"].tolist() == sets("a", "b", "a b", "d")
    assert half["count"].tolist() == [2, 2, 2, 1]


def test_long_sets_and_lots(monkeypatch):
    # Every item of a set goes left, right or is left out: 3ᵏ − 2 · 2ᵏ + 1 rules.
    table = rules.frequent_itemsets(as_lines([set(range(8)), set(range(8))]), 1)
    whole = rules.association_rules(table)
    assert len(whole) == 3**8 - 2 * 2**8 + 1
    monkeypatch.setattr(association, "SPLITS", 1)
    pd.testing.assert_frame_equal(rules.association_rules(table), whole)


@few
@given(tables, st.randoms())
def test_rules_do_not_depend_on_the_order_of_itemsets(table, random):
    mixed = table.iloc[random.sample(range(len(table)), len(table))]
    one, other = (rules.association_rules(t, min_threshold=0.3) for t in (table, mixed))
    lifts = [dict(zip(keys(t), t["lift"], strict=True)) for t in (one, other)]
    assert lifts[0] == lifts[1]


def test_no_rules():
    single = rules.frequent_itemsets(lines, 0.5, max_len=1)
    for table in (single, rules.frequent_itemsets(lines, 0.5)):
        found = rules.association_rules(table, "lift", 100)
        assert found.shape == (0, 2 + len(association.MEASURES))
        assert found["lift"].dtype == float


FOUND = rules.frequent_itemsets(lines, 0.2)


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (FOUND, {"metric": "cosine"}, 'no metric "cosine".*support, count, confidence, lift'),
        (FOUND, {"min_threshold": float("nan")}, "min_threshold is a number"),
        (FOUND, {"max_consequent": 0}, "max_consequent is a whole number"),
        (FOUND.drop(columns="itemsets"), {}, 'no column "itemsets"'),
        (FOUND.drop(columns="count"), {}, 'no column "count"'),
        (FOUND.assign(itemsets="tea"), {}, "no frozenset of items in 7 of 7 rows"),
        (FOUND.assign(itemsets=[frozenset()] * 7), {}, "no frozenset of items"),
        (FOUND.drop(index=4), {}, "without one of its subsets, of 2 items"),
        (pd.concat([FOUND, FOUND[:1]]), {}, "is listed twice"),
        (FOUND.assign(support=[0.8, 0.6, 0.4, 0.6, 0.2, 0.2, 0.1]), {}, "counts other baskets"),
    ],
)
def test_what_rules_refuse(table, options, message):
    with pytest.raises(ValueError, match=message):
        rules.association_rules(table, **options)


def test_too_many_rules_are_refused(monkeypatch):
    table = rules.frequent_itemsets(as_lines([set(range(9)), set(range(9))]), 1)
    monkeypatch.setattr(baskets, "MEMORY_GIB", 0.001)
    with pytest.raises(MemoryError, match=r"confidence ≥ 0.5 .* 511 itemsets.*max_consequent"):
        rules.association_rules(table)


# ---------------------------------------------------------------- what to do with them


def some_rules(*rows) -> pd.DataFrame:
    """Return rules written as ("mug pot", "tea", confidence, lift)."""
    table = pd.DataFrame(rows, columns=[*PARTS, "confidence", "lift"])
    for part in PARTS:
        table[part] = table[part].str.split().map(frozenset)
    return table.assign(support=0.1)


def test_redundant_by_hand():
    table = some_rules(
        ("pot", "tea", 0.9, 1.8),
        ("mug", "tea", 0.5, 1.0),  # no better than no antecedent at all
        ("mug pot", "tea", 0.9, 1.8),  # mug adds nothing to pot
        ("jam pot", "tea", 0.95, 1.9),
        ("jam mug pot", "tea", 0.92, 1.84),  # jam and pot do better
        ("jam pot", "mug", 0.8, 1.6),  # other consequents
    )
    assert rules.drop_redundant(table).index.tolist() == [0, 3, 5]


def test_redundant_to_a_rule_two_steps_shorter():
    # {a, b} is worse than {a}, and {a, b, c} better than {a, b}, but not than {a}.
    table = some_rules(("a", "z", 0.9, 2), ("a b", "z", 0.5, 1.1), ("a b c", "z", 0.8, 1.8))
    assert rules.drop_redundant(table).index.tolist() == [0]


@few
@given(tables, st.sampled_from(["confidence", "lift", "leverage", "conviction"]), st.floats(0, 1.2))
def test_redundant_by_definition(table, metric, threshold):
    total = rules.association_rules(table, min_threshold=0)
    found = rules.association_rules(table, metric, threshold)
    if found.empty:
        return
    confidence = dict(zip(keys(total), total["confidence"], strict=True))
    kept = set(keys(rules.drop_redundant(found)))
    for (a, c), lift in zip(keys(found), found["lift"], strict=True):
        shorter = chain.from_iterable(combinations(a, k) for k in range(1, len(a)))
        best = max([confidence[frozenset(part), c] for part in shorter], default=0)
        assert ((a, c) in kept) == (confidence[a, c] > best and lift > 1)


def test_recommendations_by_hand():
    table = some_rules(
        ("pot", "tea", 0.6, 1.2),
        ("mug pot", "tea", 0.9, 1.8),
        ("mug", "pot", 0.95, 2.0),  # is in the basket
        ("mug", "jam pot", 0.4, 3.0),  # half of it is
        ("pot", "lid", 0.4, 3.5),  # as likely as jam, with a higher lift
        ("oven", "pan", 1.0, 9.0),  # no oven in the basket
    )
    lists = rules.recommend_for_basket(table, ["mug", "pot"])
    assert lists["item_id"].tolist() == ["tea", "lid", "jam"]
    assert lists["score"].tolist() == [0.9, 0.4, 0.4]
    assert lists["rank"].tolist() == [1, 2, 3]
    assert lists["lift"].tolist() == [1.8, 3.5, 3.0]
    assert lists["antecedents"].tolist() == sets("mug pot", "pot", "mug")
    assert rules.recommend_for_basket(table, {"mug", "pot"}, k=1)["item_id"].tolist() == ["tea"]


def test_recommended_numbers_stay_numbers():
    table = some_rules(("pot", "tea", 0.6, 1.2)).assign(
        antecedents=[frozenset({7})], consequents=[frozenset({9})]
    )
    assert rules.recommend_for_basket(table, [7])["item_id"].dtype == int


def test_recommendations_for_many_baskets():
    table = some_rules(
        ("pot", "tea", 0.6, 1.2),
        ("mug pot", "tea", 0.9, 1.8),
        ("mug", "jam pot", 0.4, 3.0),
        ("pot", "lid", 0.4, 3.5),
        ("oven", "pan", 1.0, 9.0),
    )
    carts = as_lines({7: ["mug", "pot"], 8: ["pot"], 9: ["cup"]})
    lists = rules.recommend_for_baskets(table, carts, k=3, fill=["cup", "tea", "ice"])
    alone = [rules.recommend_for_basket(table, cart, k=3) for cart in ({"mug", "pot"}, {"pot"})]
    # 7: all three by rules. 8: tea and lid, and the first of the fill. 9: no rule, has a cup.
    assert lists["item_id"].tolist() == ["tea", "lid", "jam", "tea", "lid", "cup", "tea", "ice"]
    assert lists["order_id"].tolist() == [7, 7, 7, 8, 8, 8, 9, 9]
    assert lists["rank"].tolist() == [1, 2, 3, 1, 2, 3, 1, 2]
    assert lists["score"].dropna().tolist() == [*alone[0]["score"], *alone[1]["score"]]
    assert lists["score"].notna().tolist() == [True] * 5 + [False] * 3


def test_without_rules_only_the_fill_is_recommended():
    lists = rules.recommend_for_baskets(
        some_rules(("pot", "tea", 0.6, 1.2))[:0], as_lines({1: ["tea"]}), fill=["tea", "ice"]
    )
    assert lists[["item_id", "rank"]].to_numpy().tolist() == [["ice", 1]]


def test_lift_within_by_hand():
    # Small: 4 baskets, a in 2, c in 1. Large: 2 baskets, a in 2, c in 1. a and c meet once.
    held = [{"a"}, {"a"}, {"c"}, {"b"}, {"a", "c", "b"}, {"a", "b", "d"}]
    lines = as_lines(held)
    lines["size"] = lines.groupby("order_id")["item_id"].transform("size") > 1
    found = some_rules(("a", "c", 0.25, 0.75), ("b", "a", 0.5, 1.0)).assign(count=[1, 2])
    # a and c: 2 · 1 / 4 + 2 · 1 / 2 = 1.5 by chance. b and a: 1 · 2 / 4 + 2 · 2 / 2 = 2.5.
    assert rules.lift_within(found, lines, ["size"]).tolist() == pytest.approx([1 / 1.5, 2 / 2.5])
    whole = lines.assign(size=1)  # one group: 6 · 1 / (4 · 2) and 6 · 2 / (3 · 4)
    assert rules.lift_within(found, whole, ["size"]).tolist() == pytest.approx([0.75, 1.0])
    with pytest.raises(TableError, match='"antecedents" holds several items'):
        rules.lift_within(some_rules(("a b", "c", 1, 1)).assign(count=1), lines, ["size"])


@pytest.mark.parametrize("basket", [[], ["cup"], ["mug", "tea"]])
def test_nothing_to_recommend(basket):
    lists = rules.recommend_for_basket(some_rules(("mug", "tea", 0.5, 1.5)), basket)
    assert lists.empty
    assert list(lists) == ["item_id", "score", "rank", "lift", "antecedents"]


def test_what_is_refused_of_rules():
    table = some_rules(("mug", "tea", 0.5, 1.5))
    with pytest.raises(TypeError, match=r'\{"mug"\}, not "mug"'):
        rules.recommend_for_basket(table, "mug")
    with pytest.raises(ValueError, match="k is a whole number"):
        rules.recommend_for_basket(table, {"mug"}, k=0)
    with pytest.raises(TableError, match='no column "lift"'):
        rules.recommend_for_basket(table.drop(columns="lift"), {"mug"})
    with pytest.raises(TableError, match='"antecedents" holds no frozenset'):
        rules.drop_redundant(rules.readable(table))
    with pytest.raises(TableError, match="has no rows"):
        rules.drop_redundant(table[:0])


def test_readable():
    table = rules.readable(some_rules(("pot mug", "tea", 0.5, 1.5)))
    assert table[PARTS].to_numpy().tolist() == [["mug, pot", "tea"]]
    pd.testing.assert_frame_equal(rules.readable(table), table)
    numbers = pd.DataFrame({"itemsets": [frozenset({10, 2})]})
    assert rules.readable(numbers)["itemsets"].tolist() == ["10, 2"]
