"""Itemsets and rules beside mlxtend, on the categories of Complete Journey.

We start from tidy lines; the peer is given the table it needs, and making it is not timed.
PyFIM, written in C, is left out: it has no wheels and needs a compiler.
"""

import functools

import numpy as np
import pandas as pd

from helpers.data import cleaning, sources
from helpers.rules.association import association_rules
from helpers.rules.baskets import frequent_itemsets
from tools.bench import Against


@functools.cache
def journey() -> pd.DataFrame:
    """Return which category lies in which basket, a row per line of the year's receipts."""
    tables = sources.load_complete_journey()
    lines, _ = cleaning.drop_non_groceries(tables["transactions"], tables["products"])
    lines = lines[["order_id", "item_id"]].merge(tables["products"], on="item_id")
    return lines[["order_id", "product_category"]].dropna()


@functools.cache
def one_hot() -> pd.DataFrame:
    """Return baskets × categories as booleans, the table that mlxtend takes."""
    (b, baskets), (c, categories) = (pd.factorize(journey()[name]) for name in journey())
    holds = np.zeros((len(baskets), len(categories)), bool)
    holds[b, c] = True
    return pd.DataFrame(holds, columns=categories)


def itemsets(min_support: float) -> pd.DataFrame:
    """Find itemsets by ours."""
    return frequent_itemsets(journey(), min_support, item="product_category")


def fpgrowth(min_support: float) -> pd.DataFrame:
    """Find them by mlxtend, which only the extra `peers` has."""
    from mlxtend.frequent_patterns import fpgrowth

    return fpgrowth(one_hot(), min_support, use_colnames=True)


some_itemsets = functools.cache(itemsets)


def rules(min_support: float) -> pd.DataFrame:
    """Make rules of the itemsets by ours."""
    return association_rules(some_itemsets(min_support), min_threshold=0.4999)


def mlxtend_rules(min_support: float) -> pd.DataFrame:
    """Make rules of the same itemsets by mlxtend."""
    from mlxtend.frequent_patterns import association_rules

    return association_rules(some_itemsets(min_support), metric="confidence", min_threshold=0.4999)


def same_supports(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Compare itemsets and supports."""
    one, other = (dict(zip(t["itemsets"], t["support"], strict=True)) for t in (ours, theirs))
    assert one == other


def same_rules(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Compare rules and all measures that both have."""
    names = [name for name in ours if name in theirs]
    place = {rule: row for row, rule in enumerate(ours[names[:2]].itertuples(index=False))}
    order = [place[rule] for rule in theirs[names[:2]].itertuples(index=False)]
    assert len(order) == len(ours)
    ours, theirs = (t[names[2:]].to_numpy(float) for t in (ours.iloc[order], theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


JOURNEY = "Complete Journey categories"
ROWS = [
    Against(
        work=f"itemsets, {JOURNEY}, support 1 %",
        peer="mlxtend fpgrowth",
        goal=15,
        ours=lambda: itemsets(0.01),
        theirs=lambda: fpgrowth(0.01),
        same=same_supports,
        runs=3,
    ),
    Against(
        work=f"itemsets, {JOURNEY}, support 0.2 %",
        peer="mlxtend fpgrowth",
        goal=50,
        ours=lambda: itemsets(0.002),
        theirs=lambda: fpgrowth(0.002),
        same=same_supports,
        runs=1,
    ),
    Against(
        work="rules from 265k itemsets",
        peer="mlxtend",
        goal=5,
        ours=lambda: rules(0.002),
        theirs=lambda: mlxtend_rules(0.002),
        same=same_rules,
        runs=3,
    ),
]
