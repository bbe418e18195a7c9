"""Itemsets and rules against mlxtend and efficient-apriori: random baskets, Complete Journey.

mlxtend divides supports where we divide counts, so that 7 of 10 may come to 0.6999…, and its
`fpgrowth` takes ⌈s · N⌉ of the rounded product. Thresholds here lie between possible values, but
for one test of just that.
"""

import numpy as np
import pandas as pd
import pytest
from efficient_apriori import apriori as efficient_apriori
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import apriori, association_rules, fpgrowth

from helpers import rules
from helpers.data import cleaning, sources

PARTS = ["antecedents", "consequents"]
some_baskets = st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=2, max_size=30)
few = settings(max_examples=40)


def as_lines(held) -> pd.DataFrame:
    rows = [(basket, item) for basket, items in enumerate(held) for item in sorted(items)]
    return pd.DataFrame(rows, columns=["order_id", "item_id"])


def one_hot(lines: pd.DataFrame) -> pd.DataFrame:
    basket, item = (pd.factorize(lines[name], sort=True) for name in lines)
    holds = np.zeros((len(basket[1]), len(item[1])), bool)
    holds[basket[0], item[0]] = True
    return pd.DataFrame(holds, columns=item[1])


def as_dict(table: pd.DataFrame, columns: list[str]) -> dict:
    """Return the values of a table of rules by antecedents and consequents."""
    pairs = zip(table["antecedents"], table["consequents"], strict=True)
    return dict(zip(pairs, table[columns].to_numpy(float), strict=True))


def same_itemsets(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    assert len(ours) == len(theirs)
    supports = [dict(zip(t["itemsets"], t["support"], strict=True)) for t in (ours, theirs)]
    assert supports[0] == supports[1]


def same_rules(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    columns = [name for name in ours if name in theirs and name not in PARTS]
    assert set(theirs) - set(ours) == {"representativity"}  # 1 without missing values
    one, other = as_dict(ours, columns), as_dict(theirs, columns)
    assert set(one) == set(other)
    assert len(one) == len(ours)
    if one:
        np.testing.assert_allclose(
            list(one.values()), [other[rule] for rule in one], rtol=1e-9, atol=1e-12
        )


def same_as_efficient_apriori(itemsets, found, lines, min_support, min_confidence) -> None:
    held = lines.groupby("order_id")["item_id"].agg(tuple).tolist()
    theirs, their_rules = efficient_apriori(held, min_support, min_confidence, max_length=20)
    counts = {frozenset(one): n for level in theirs.values() for one, n in level.items()}
    assert dict(zip(itemsets["itemsets"], itemsets["count"], strict=True)) == counts
    columns = ["confidence", "support", "lift"]
    one = as_dict(found, columns)
    other = {
        (frozenset(r.lhs), frozenset(r.rhs)): [getattr(r, c) for c in columns] for r in their_rules
    }
    assert set(one) == set(other)
    if one:
        np.testing.assert_allclose(list(one.values()), [other[rule] for rule in one])


@few
@given(some_baskets, st.integers(0, 10), st.one_of(st.none(), st.integers(1, 4)))
def test_itemsets_of_random_baskets(held, least, max_len):
    min_support = min(least + 0.5, len(held)) / len(held)
    lines = as_lines(held)
    ours = rules.frequent_itemsets(lines, min_support, max_len=max_len)
    for peer in (fpgrowth, apriori):
        same_itemsets(ours, peer(one_hot(lines), min_support, use_colnames=True, max_len=max_len))


@few
@given(
    some_baskets,
    st.sampled_from(
        [("confidence", 0.4999), ("lift", 1.0001), ("leverage", 0.0001), ("zhangs_metric", 0.0001)]
    ),
)
def test_rules_of_random_baskets(held, asked):
    itemsets = rules.frequent_itemsets(as_lines(held), 0.0999)
    theirs = association_rules(itemsets, metric=asked[0], min_threshold=asked[1])
    same_rules(rules.association_rules(itemsets, *asked), theirs)


def test_seven_percent_of_a_hundred_baskets():
    # 0.07 · 100 is a bit more than 7 as computers count: fpgrowth then asks a pair for 8 baskets.
    lines = as_lines([{"tea", "mug"}] * 7 + [{"mug"}] * 43 + [{"tea"}] * 50)
    ours = rules.frequent_itemsets(lines, 0.07)
    same_itemsets(ours, apriori(one_hot(lines), 0.07, use_colnames=True))
    assert ours["count"].tolist() == [57, 50, 7]
    assert len(fpgrowth(one_hot(lines), 0.07, use_colnames=True)) == 2


# ---------------------------------------------------------------- Complete Journey


@pytest.fixture(scope="module", params=["product_category", "product_type"])
def journey(request) -> pd.DataFrame:
    """Return the year's baskets, of categories or of finer types."""
    tables = sources.load_complete_journey()
    groceries, _ = cleaning.drop_non_groceries(tables["transactions"], tables["products"])
    lines = groceries[["order_id", "item_id"]].merge(tables["products"], on="item_id")
    lines = lines[["order_id", request.param]].dropna().drop_duplicates()
    return lines.set_axis(["order_id", "item_id"], axis=1)


def test_complete_journey(journey):
    min_support = 0.02
    itemsets = rules.frequent_itemsets(journey, min_support)
    found = rules.association_rules(itemsets, min_threshold=0.3)
    theirs = fpgrowth(one_hot(journey), min_support, use_colnames=True)
    same_itemsets(itemsets, theirs)
    same_rules(found, association_rules(theirs, min_threshold=0.3))
    same_as_efficient_apriori(itemsets, found, journey, min_support, 0.3)
