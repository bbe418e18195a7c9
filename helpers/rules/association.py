"""Association rules: from frequent itemsets to rules, their measures and recommendations.

A rule A → C says that baskets with all items of A (antecedents) often hold all items of C
(consequents), too. Of N baskets, n_X hold all of X, and P(X) = n_X / N is the support of X.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.rules import baskets

SPLITS = 500_000  # rules formed at once


def measures(
    both: np.ndarray, antecedent: np.ndarray, consequent: np.ndarray, N: int
) -> pd.DataFrame:
    """Measure rules A → C, given how many of N baskets hold A and C, A, and C.

    ==================  ===================================================  ==============
    support             P(AC)                                                0 … 1
    confidence          P(C|A) = P(AC) / P(A)                                0 … 1
    lift                P(C|A) / P(C)                                        1: independent
    leverage            P(AC) − P(A) P(C)                                    0: independent
    conviction          (1 − P(C)) / (1 − P(C|A)), ∞ if A never fails        1: independent
    zhangs_metric       leverage / max{P(AC)(1−P(A)), P(A)(P(C)−P(AC))}      −1 … 1
    jaccard             P(AC) / (P(A) + P(C) − P(AC))                        0 … 1
    certainty           (P(C|A) − P(C)) / (1 − P(C)), 0 if P(C) = 1          … 1
    kulczynski          ½ (P(C|A) + P(A|C))                                  0 … 1
    imbalance_ratio     |P(A) − P(C)| / (P(A) + P(C) − P(AC))                0 … 1
    ==================  ===================================================  ==============

    Confidence, Jaccard, Kulczynski and the imbalance ratio do not change when baskets are added
    that hold neither A nor C (null-invariance); the others do. Zhang's metric is 0 if A is in all
    baskets. Otherwise, a zero denominator gives NaN.

    Parameters
    ----------
    both, antecedent, consequent : arrays of whole numbers, one value per rule.
    N : number of baskets.

    Returns
    -------
    DataFrame, one row per rule; columns ``antecedent support``, ``consequent support``, ``count``
    (baskets that hold both), and those above, named as in the library mlxtend.

    References
    ----------
    T. Wu, Y. Chen & J. Han (2010), Re-examination of interestingness measures in pattern mining,
    Data Mining and Knowledge Discovery 21, doi:10.1007/s10618-009-0161-2

    Examples
    --------
    >>> measures(np.array([3]), np.array([3]), np.array([4]), N=5)[["confidence", "lift"]]
       confidence  lift
    0         1.0  1.25
    """
    held = [np.asarray(count, dtype=np.int64) for count in (both, antecedent, consequent)]
    return pd.DataFrame({name: measure(*held, N) for name, measure in MEASURES.items()})


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; NaN where the denominator is 0."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)


def _conviction(ab: np.ndarray, a: np.ndarray, c: np.ndarray, N: int) -> np.ndarray:
    return np.where((ab == a) & (a > 0), np.inf, _ratio(a * (N - c), N * (a - ab)))


def _zhang(ab: np.ndarray, a: np.ndarray, c: np.ndarray, N: int) -> np.ndarray:
    zhang = _ratio(N * ab - a * c, np.maximum(ab * (N - a), a * (c - ab)))
    return np.where((a > 0) & np.isnan(zhang), 0, zhang)


def _certainty(ab: np.ndarray, a: np.ndarray, c: np.ndarray, N: int) -> np.ndarray:
    return np.where(c < N, _ratio(N * ab - a * c, a * (N - c)), 0)


# In counts: how many of N baskets hold A and C (ab), A (a), and C (c).
MEASURES: dict[str, Callable[..., np.ndarray]] = {
    "antecedent support": lambda ab, a, c, N: a / N,
    "consequent support": lambda ab, a, c, N: c / N,
    "support": lambda ab, a, c, N: ab / N,
    "count": lambda ab, a, c, N: ab,
    "confidence": lambda ab, a, c, N: _ratio(ab, a),
    "lift": lambda ab, a, c, N: _ratio(N * ab, a * c),
    "leverage": lambda ab, a, c, N: (N * ab - a * c) / N**2,
    "conviction": _conviction,
    "zhangs_metric": _zhang,
    "jaccard": lambda ab, a, c, N: _ratio(ab, a + c - ab),
    "certainty": _certainty,
    "kulczynski": lambda ab, a, c, N: (_ratio(ab, a) + _ratio(ab, c)) / 2,
    "imbalance_ratio": lambda ab, a, c, N: _ratio(np.abs(a - c), a + c - ab),
}


def association_rules(
    itemsets: pd.DataFrame,
    metric: str = "confidence",
    min_threshold: float = 0.5,
    max_consequent: int | None = None,
) -> pd.DataFrame:
    """Split frequent itemsets into antecedents A and consequents C; keep rules above a threshold.

    A set of k items gives 2ᵏ − 2 rules.

    Parameters
    ----------
    itemsets : DataFrame as `frequent_itemsets` returns it, unfiltered: every set with its subsets.
    metric : the measure that decides, a column of `measures`.
    min_threshold : its minimum.
    max_consequent : maximum number of items in C; None sets no limit.

    Returns
    -------
    DataFrame, one row per rule: ``antecedents``, ``consequents`` (frozensets), and the columns of
    `measures`; sorted by the metric, then the count, then the order in ``itemsets``. No rows if no
    rule reaches the threshold.

    Raises
    ------
    MemoryError
        If the table would need more than `helpers.rules.baskets.MEMORY_GIB`; raised before it does.

    Examples
    --------
    >>> from helpers.rules import frequent_itemsets, readable
    >>> lines = pd.DataFrame({"order_id": [1, 1, 2, 2, 2, 3, 4, 5, 5],
    ...                       "item_id": "pot tea mug pot tea tea mug pot tea".split()})
    >>> found = association_rules(frequent_itemsets(lines, min_support=0.6))
    >>> readable(found)[["antecedents", "consequents", "confidence", "lift"]]
      antecedents consequents  confidence  lift
    0         pot         tea        1.00  1.25
    1         tea         pot        0.75  1.25
    """
    if metric not in MEASURES:
        raise ValueError(f'There is no metric "{metric}". The metrics are {", ".join(MEASURES)}.')
    if np.isnan(min_threshold):
        raise ValueError("min_threshold is a number; got nan.")
    if max_consequent is not None:
        checks.require_whole("max_consequent", max_consequent)
    count, N = counts(itemsets)
    kept, spare = [], baskets.MEMORY_GIB * 2**30 / (8 * (5 + len(MEASURES)))
    for rule in _splits(itemsets["itemsets"], max_consequent):
        kept.append(rule[:, MEASURES[metric](*count[rule], N) >= min_threshold])
        spare -= kept[-1].shape[1]
        if spare < 0:
            raise MemoryError(
                f"{metric} ≥ {min_threshold:g} leaves too many rules of these {len(itemsets):,} "
                f"itemsets: they would need more than {baskets.MEMORY_GIB:g} GiB. "
                "Raise min_threshold or min_support, or set max_consequent."
            )
    rule = np.concatenate([np.empty((3, 0), int), *kept], axis=1)
    table = measures(*count[rule], N=N)
    order = np.lexsort((rule[2], rule[1], -table["count"], -table[metric]))
    table = table.iloc[order].reset_index(drop=True)
    sets = itemsets["itemsets"].to_numpy()
    table.insert(0, "antecedents", sets[rule[1, order]])
    table.insert(1, "consequents", sets[rule[2, order]])
    return table


def counts(itemsets: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Check a table of itemsets; return how many baskets hold each, and N = count / support."""
    checks.require(itemsets, support="number", count="count")
    whole = "Give the table of rules.frequent_itemsets as it is."
    _require_sets(itemsets, "itemsets", "itemsets", whole)
    return itemsets["count"].to_numpy(np.int64), number_of_baskets(itemsets, "itemsets", whole)


def number_of_baskets(table: pd.DataFrame, name: str, fix: str) -> int:
    """Return N, which each row of a table knows, since support = count / N."""
    N = np.round(table["count"].to_numpy(np.int64) / table["support"].to_numpy(float))
    what = "counts other baskets than the first row"
    checks.refuse_rows(table, ("count", ~np.equal(N, N[0]), what, fix), name=name)
    return int(N[0])


def _require_sets(table: pd.DataFrame, column: str, name: str, fix: str) -> None:
    if column not in table:
        raise ValueError(f'{name}: there is no column "{column}". {fix}')
    wrong = [not (isinstance(one, frozenset) and one) for one in table[column]]
    checks.refuse_rows(table, (column, wrong, "holds no frozenset of items", fix), name=name)


def _splits(itemsets: pd.Series, max_consequent: int | None) -> Iterator[np.ndarray]:
    """Yield rules as positions in the table, shape (3, rules): the whole set, its A, its C."""
    index = _Index(itemsets)
    for k, (positions, sets) in index.levels.items():
        whole = 2**k - 1
        masks = [m for m in range(1, whole) if m.bit_count() <= (max_consequent or k)]
        size = max(SPLITS // max(len(masks), 1), 1)
        for part in np.split(np.arange(len(sets)), range(size, len(sets), size)):
            find = index.finder(sets[part])
            rule = [np.array([positions[part], find(whole ^ m), find(m)]) for m in masks]
            if rule:
                yield np.concatenate(rule, axis=1)


class _Index:
    """Look up the rows of the subsets of itemsets.

    A set is a prefix, which has a row of its own, and a last item: the two make one number, which
    is looked up among those of all sets of the same length.
    """

    def __init__(self, itemsets: pd.Series):
        length = itemsets.map(len).to_numpy()
        items = np.fromiter(chain.from_iterable(itemsets), object, length.sum())
        code, names = pd.factorize(items)
        self.size, self.keys, self.levels = len(names), {}, {}
        starts = np.cumsum(length) - length
        for k in np.unique(length).tolist():
            position = np.flatnonzero(length == k)
            sets = np.sort(code[starts[position][:, None] + np.arange(k)], axis=1)
            prefix = self.finder(sets)(2 ** (k - 1) - 1)
            key = prefix * self.size + sets[:, -1]
            order = np.argsort(key)
            self.keys[k] = key[order], position[order]
            self.levels[k] = position, sets
            if (np.diff(key[order]) == 0).any():
                raise ValueError("itemsets: a set is listed twice. Drop the second.")

    def finder(self, sets: np.ndarray) -> Callable[[int], np.ndarray]:
        """Return a function that finds the rows of one part of all sets, the columns in a mask."""
        known = {0: np.zeros((), int)}

        def find(mask: int) -> np.ndarray:
            if mask not in known:
                last = mask.bit_length() - 1
                key = find(mask ^ (1 << last)) * self.size + sets[:, last]
                known[mask] = self._rows(mask.bit_count(), key)
            return known[mask]

        return find

    def _rows(self, k: int, key: np.ndarray) -> np.ndarray:
        keys, position = self.keys.get(k, (np.array([-1]), np.array([-1])))
        place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        if (keys[place] != key).any():
            raise ValueError(
                f"itemsets: a set is listed without one of its subsets, of {k} items. Give the "
                "table of rules.frequent_itemsets as it is, and choose among the rules."
            )
        return position[place]


# ---------------------------------------------------------------- what to do with rules


def drop_redundant(rules: pd.DataFrame) -> pd.DataFrame:
    """Keep the productive rules, which predict better than every shorter rule.

    A → C is redundant if a proper subset A' of A predicts C at least as well:

        P(C|A') ≥ P(C|A)   for some A' ⊂ A

    The empty A' predicts P(C), so rules with a lift of 1 or less are redundant. The shorter rules
    are looked up in the table, so give all rules above a threshold on confidence, lift, leverage or
    conviction.

    Parameters
    ----------
    rules : DataFrame as `association_rules` returns it.

    Returns
    -------
    DataFrame, the remaining rows with their labels.

    References
    ----------
    R. Bayardo, R. Agrawal & D. Gunopulos (2000), Constraint-based rule mining in large, dense
    databases, Data Mining and Knowledge Discovery 4, doi:10.1023/A:1009895914772

    Examples
    --------
    >>> from helpers.rules import frequent_itemsets, readable
    >>> found = pd.DataFrame({"antecedents": [frozenset({"pot"}), frozenset({"mug", "pot"})],
    ...                       "consequents": [frozenset({"tea"})] * 2, "support": [0.2, 0.1],
    ...                       "confidence": [0.9, 0.9], "lift": [1.2, 1.2]})
    >>> readable(drop_redundant(found))  # mugs add nothing
      antecedents consequents  support  confidence  lift
    0         pot         tea      0.2         0.9   1.2
    """
    require_rules(rules, confidence="number", lift="number")
    columns = [rules[name] for name in ("antecedents", "consequents", "confidence")]
    known = {(a, c): confidence for a, c, confidence in zip(*columns, strict=True)}
    productive = [
        all(
            known.get((frozenset(part), c), -1) < confidence
            for size in range(1, len(a))
            for part in combinations(a, size)
        )
        for a, c, confidence in zip(*columns, strict=True)
    ]
    return rules[np.array(productive, bool) & (rules["lift"] > 1)]


def recommend_for_basket(rules: pd.DataFrame, basket: Iterable, k: int = 10) -> pd.DataFrame:
    """Recommend items by the rules whose antecedents are in a basket.

    The score of an item is the highest confidence of such a rule with the item among its
    consequents. Items in the basket are not recommended.

    Parameters
    ----------
    rules : DataFrame as `association_rules` returns it.
    basket : the items in the basket.
    k : maximum number of items.

    Returns
    -------
    DataFrame, best first: ``item_id``, ``score``, ``rank``, and ``lift`` and ``antecedents`` of the
    rule. Ties go to the higher lift, then the higher support, then the first rule.

    Examples
    --------
    >>> from helpers.rules import frequent_itemsets, readable
    >>> found = pd.DataFrame({"antecedents": [frozenset({"pot"}), frozenset({"mug"})],
    ...                       "consequents": [frozenset({"tea"})] * 2, "support": 0.1,
    ...                       "confidence": [0.9, 0.4], "lift": [1.2, 1.1]})
    >>> readable(recommend_for_basket(found, {"mug", "pot"}))
      item_id  score  rank  lift antecedents
    0     tea    0.9     1   1.2         pot
    """
    by = ["confidence", "lift", "support"]
    require_rules(rules, **dict.fromkeys(by, "number"))
    checks.require_whole("k", k)
    if isinstance(basket, str):
        raise TypeError(f'basket is a set of items: {{"{basket}"}}, not "{basket}".')
    basket = frozenset(basket)
    rules = rules[[antecedents <= basket for antecedents in rules["antecedents"]]]
    rules = rules.sort_values(by, ascending=False, kind="stable")
    best: dict = {}  # item → place of its best rule
    for place, consequents in enumerate(rules["consequents"]):
        for item in sorted(consequents - basket):
            best.setdefault(item, place)
    items = list(best)[:k]
    of = rules.iloc[[best[item] for item in items]].reset_index(drop=True)
    lists = {"item_id": items, "score": of["confidence"], "rank": of.index + 1}
    return pd.DataFrame(lists | {"lift": of["lift"], "antecedents": of["antecedents"]})


def recommend_for_baskets(
    rules: pd.DataFrame, lines: pd.DataFrame, k: int = 10, fill: Iterable = ()
) -> pd.DataFrame:
    """Recommend items for many baskets at once, as `recommend_for_basket` does for one.

    Places that the rules leave free go to the items of ``fill`` that are not in the basket.

    Parameters
    ----------
    rules : DataFrame as `association_rules` returns it; without rows, only ``fill`` is recommended.
    lines : DataFrame, one row per basket and item; columns ``order_id``, ``item_id``.
    k : maximum number of items for a basket.
    fill : items for the free places, such as bestsellers, the best first.

    Returns
    -------
    DataFrame, one row per basket and item: ``order_id``, ``item_id``, ``score`` (the confidence of
    the rule, NaN for ``fill``), ``rank``.

    Examples
    --------
    >>> found = pd.DataFrame({"antecedents": [frozenset({"pot"})],
    ...                       "consequents": [frozenset({"tea"})], "support": 0.1,
    ...                       "confidence": [0.9], "lift": [1.2]})
    >>> carts = pd.DataFrame({"order_id": [1, 2], "item_id": ["pot", "mug"]})
    >>> recommend_for_baskets(found, carts, k=1, fill=["mug", "jam"])
       order_id item_id  score  rank
    0         1     tea    0.9     1
    1         2     jam    NaN     1
    """
    by, cell = ["confidence", "lift", "support"], ["order_id", "item_id"]
    if len(rules):
        require_rules(rules, **dict.fromkeys(by, "number"))
    checks.require(lines, order_id="key", item_id="key")
    checks.require_whole("k", k)
    held = lines[cell].drop_duplicates()
    rules = rules.sort_values(by, ascending=False, kind="stable").reset_index(drop=True)

    # A rule applies to a basket that holds as many of its antecedents as it has.
    antecedents = rules["antecedents"].map(list).explode().rename("item_id").rename_axis("rule")
    met = held.merge(antecedents.reset_index(), on="item_id").value_counts(["order_id", "rule"])
    met = met.reset_index()
    met = met[met["count"] == met["rule"].map(rules["antecedents"].map(len))]
    consequents = rules["consequents"].map(sorted).explode().rename("item_id")
    by_rule = met.join(rules["confidence"].rename("score"), on="rule").join(consequents, on="rule")
    filled = held[["order_id"]].drop_duplicates().merge(pd.Series([*fill], name="item_id"), "cross")

    by_rule = by_rule.sort_values("rule", kind="stable")
    lists = pd.concat([by_rule[[*cell, "score"]], filled.assign(score=np.nan)])
    lists = lists.drop_duplicates(cell).merge(held, on=cell, how="left", indicator=True)
    lists = lists[lists.pop("_merge") == "left_only"]
    lists["rank"] = lists.groupby("order_id").cumcount() + 1
    lists = lists[lists["rank"] <= k].sort_values(["order_id", "rank"])
    return lists.reset_index(drop=True)


def lift_within(rules: pd.DataFrame, lines: pd.DataFrame, groups: Sequence[str]) -> pd.Series:
    """Divide the count of rules between single items by what chance gives inside groups of baskets.

    Inside a group, such as the baskets of one size, the items are taken to be unrelated:

        n_AC / Σ_g n_A,g · n_C,g / N_g

    With a single group, this is the lift. Otherwise, it does not show an association that only
    comes from the groups (Simpson's paradox).

    Parameters
    ----------
    rules : DataFrame, as `association_rules` or `confirm` returns it on the same baskets; columns
        ``antecedents``, ``consequents`` (one item each), ``count``.
    lines : DataFrame, one row per basket and item, without repeats; columns ``order_id``,
        ``item_id``, and those of ``groups``, which do not vary inside a basket.
    groups : columns of ``lines``; a group is a combination of their values.

    Returns
    -------
    Series with the index of ``rules``.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 2, 2, 3, 3, 4], "size": [1, 2, 2, 2, 2, 1],
    ...                       "item_id": "tea pot tea pot tea mug".split()})
    >>> found = pd.DataFrame({"antecedents": [frozenset({"pot"})],
    ...                       "consequents": [frozenset({"tea"})], "count": 2})
    >>> lift_within(found, lines, ["size"])  # by chance 2 · 2 / 2 among the larger ones
    0    1.0
    dtype: float64
    """
    require_rules(rules, count="count")
    checks.require(lines, order_id="key", item_id="key")
    fix = "Take rules between single items."
    for side in ("antecedents", "consequents"):
        several = (side, rules[side].map(len) > 1, "holds several items", fix)
        checks.refuse_rows(rules, several, name="rules")
    a, c = rules["antecedents"].map(min), rules["consequents"].map(min)
    wanted = lines[lines["item_id"].isin({*a, *c})]
    n = wanted.groupby([*groups, "item_id"], observed=True).size().unstack(fill_value=0)
    N = lines.groupby([*groups], observed=True)["order_id"].nunique()
    by_chance = n.T @ n.div(N.reindex(n.index), axis=0)
    row, column = by_chance.index.get_indexer(a), by_chance.columns.get_indexer(c)
    return (rules["count"] / by_chance.to_numpy()[row, column]).rename(None)


def require_rules(rules: pd.DataFrame, **kinds: str) -> None:
    """Check that a table has rows, columns of these kinds, and frozensets on both sides."""
    checks.require(rules, **kinds)
    for column in ("antecedents", "consequents"):
        _require_sets(rules, column, "rules", "Give the table of rules.association_rules.")
