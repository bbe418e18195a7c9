"""Frequent itemsets: sets of items that are in many baskets together."""

import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.data import checks
from helpers.data.ids import factorize

MEMORY_GIB = 2.0  # limit for a table
WORDS = 32_768  # 64-bit words compared at once, which fit into the cache of a core
Level = tuple[np.ndarray, np.ndarray]  # sets of one length, shape (sets, length); their counts


def frequent_itemsets(
    lines: pd.DataFrame, min_support: float, item: str = "item_id", max_len: int | None = None
) -> pd.DataFrame:
    """Find all sets of items with a support of at least s: a share s of the baskets holds them.

    A set X is frequent if n_X ≥ ⌈s · N⌉. All subsets of a frequent set are frequent, so sets grow
    item by item from frequent ones (Apriori). The baskets that hold a set are a row of bits: adding
    an item is one AND, and the count is the number of ones (Eclat). Items take turns, the rarest
    first, each searched only in the baskets that hold it. The result is exact.

    Parameters
    ----------
    lines : DataFrame, one row per basket and item; column ``order_id``. Repeats count once. N is
        the number of baskets with a row.
    min_support : s, in (0, 1].
    item : name of the column of items (text or whole numbers).
    max_len : maximum number of items in a set; None sets no limit.

    Returns
    -------
    DataFrame, the shortest sets first, then the most frequent: ``itemsets`` (frozenset),
    ``support`` (share of baskets), ``count`` (baskets). No rows if no set is frequent.

    Raises
    ------
    MemoryError
        If the table would need more than `MEMORY_GIB`; raised before it does, with an estimate.

    References
    ----------
    R. Agrawal & R. Srikant (1994), Fast algorithms for mining association rules, VLDB 20, 487–499;
    M. Zaki (2000), Scalable algorithms for association mining, IEEE TKDE 12,
    doi:10.1109/69.846291

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 1, 2, 2, 2, 3, 4, 5, 5],
    ...                       "item_id": "pot tea mug pot tea tea mug pot tea".split()})
    >>> readable(frequent_itemsets(lines, min_support=0.6))  # 3 of 5 baskets
         itemsets  support  count
    0         tea      0.8      4
    1         pot      0.6      3
    2  pot, tea        0.6      3
    """
    if not 0 < min_support <= 1:
        raise ValueError(f"min_support is a share above 0: 0.01 for 1%; got {min_support}.")
    if max_len is not None:
        checks.require_whole("max_len", max_len)
    X, items = incidence(lines, "order_id", item)
    N, count = X.shape[0], X.sum(axis=0, dtype=int)
    least = math.ceil(min_support * N * (1 - 1e-12))  # 0.07 * 100 is above 7 in floats
    frequent = np.flatnonzero(count >= least)
    rarest_first = frequent[np.argsort(count[frequent], kind="stable")]

    levels: dict[int, list[Level]] = defaultdict(list)
    asked = f"min_support={min_support:g} is {least:,} of {N:,} baskets"
    for sets, counts in _grow(X[:, rarest_first], least, max_len or len(items), asked):
        levels[sets.shape[1]].append((np.sort(rarest_first[sets]), counts))
    tables = [
        _level_table(*map(np.concatenate, zip(*levels[k], strict=True)), items=items)
        for k in levels
    ]
    table = pd.concat([pd.DataFrame({"itemsets": [], "count": []}, dtype=object), *tables])
    table = table.reset_index(drop=True).astype({"count": int})
    table.insert(1, "support", table["count"] / N)
    return table


def readable(table: pd.DataFrame, names: Mapping | None = None) -> pd.DataFrame:
    """Return a table of itemsets or rules with the sets as text, their items sorted.

    Parameters
    ----------
    table : DataFrame; only columns of frozensets change.
    names : mapping or Series of names by item; by default the items themselves.

    Examples
    --------
    >>> readable(pd.DataFrame({"itemsets": [frozenset({2, 1})]}), names={1: "tea", 2: "pot"})
       itemsets
    0  pot, tea
    """

    def text(value: object) -> object:
        if not isinstance(value, frozenset):
            return value
        return ", ".join(sorted(str(item if names is None else names[item]) for item in value))

    sets = [name for name in ("itemsets", "antecedents", "consequents") if name in table]
    return table.assign(**{name: table[name].map(text) for name in sets})


def incidence(lines: pd.DataFrame, basket: str, item: str) -> tuple[sparse.csr_array, pd.Index]:
    """Return the basket–item incidence matrix, boolean, and the items of its columns, sorted.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 1, 2, 2], "item_id": ["tea", "pot", "tea", "tea"]})
    >>> X, items = incidence(lines, "order_id", "item_id")
    >>> X.toarray().tolist(), items.tolist()
    ([[True, True], [False, True]], ['pot', 'tea'])
    """
    checks.require(lines, **{basket: "key", item: "key"})
    (b, baskets), (i, items) = (factorize(lines[name]) for name in (basket, item))
    fix = "In a single basket everything is together: give more baskets, or another column."
    alone = (basket, np.full(len(lines), len(baskets) == 1), "is one and the same basket", fix)
    checks.refuse_rows(lines, alone)
    shape = len(baskets), len(items)
    return sparse.csr_array((np.ones(len(lines), bool), (b, i)), shape), pd.Index(items)


def pack(X: sparse.csr_array, columns: np.ndarray) -> np.ndarray:
    """Return columns as rows of bits, in 64-bit words padded with zeros.

    Examples
    --------
    >>> bits = pack(sparse.csr_array([[True, False], [True, True]]), columns=np.array([1, 0]))
    >>> np.bitwise_count(bits).tolist()
    [[1], [2]]
    """
    place = np.full(X.shape[1], len(columns))  # a spare row takes what is in other columns
    place[columns] = np.arange(len(columns))
    held = np.zeros((len(columns) + 1, -(-X.shape[0] // 64) * 64), bool)
    held[place[X.indices], np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))] = True
    return np.packbits(held[:-1], axis=1).view(np.uint64)


def count_sets(X: sparse.csr_array, items: pd.Index, sets: Sequence[frozenset]) -> np.ndarray:
    """Return how many baskets hold all items of each set; 0 if an item is unknown.

    Parameters
    ----------
    X, items : as `incidence` returns them.
    sets : frozensets of items, none of them empty.

    Examples
    --------
    >>> X = sparse.csr_array([[True, True], [False, True]])
    >>> count_sets(X, pd.Index(["pot", "tea"]), [frozenset({"tea"}), frozenset({"pot", "tea"})])
    array([2, 1])
    """
    length = np.array([len(one) for one in sets])
    names = pd.Index(chain.from_iterable(sets))
    checks.require_same_ids({"item": items}, {"item": names}, "item")
    used = items[items.isin(names)]
    bits = pack(X, items.get_indexer(used))
    bits = np.vstack([bits, np.zeros_like(bits, shape=(1, bits.shape[1]))])  # -1: of unknown items
    code, starts = used.get_indexer(names), np.cumsum(length) - length
    counts = np.empty(len(sets), int)
    size = max(WORDS // bits.shape[1], 1)
    for k in np.unique(length):
        of_length = np.flatnonzero(length == k)
        for part in np.split(of_length, range(size, len(of_length), size)):
            held = np.bitwise_and.reduce(bits[code[starts[part][:, None] + np.arange(k)]], axis=1)
            counts[part] = np.bitwise_count(held).sum(axis=1)
    return counts


def _grow(X: sparse.csr_array, least: int, max_len: int, asked: str) -> Iterator[Level]:
    """Yield the frequent sets by their first column, then by length."""
    holders, budget = X.tocsc(), _Budget(asked)
    for first in range(X.shape[1]):
        baskets = holders.indices[holders.indptr[first] : holders.indptr[first + 1]]
        yield np.array([[first]]), np.array([len(baskets)])
        if max_len == 1:
            continue
        X_first = X[baskets]
        counts = np.bincount(X_first.indices, minlength=X.shape[1])
        others = first + 1 + np.flatnonzero(counts[first + 1 :] >= least)
        sets = np.column_stack([np.full(len(others), first), others])
        counts, family, bits = counts[others], np.zeros(len(others), int), None
        while len(sets):
            budget.spend(*sets.shape)
            yield sets, counts
            if len(sets) == 1 or sets.shape[1] == max_len:
                break
            bits = pack(X_first, others) if bits is None else bits
            sets, counts, family, bits = _join(sets, family, bits, least, budget)


def _join(
    sets: np.ndarray, family: np.ndarray, bits: np.ndarray, least: int, budget: "_Budget"
) -> tuple[np.ndarray, ...]:
    """Join the sets of each family, which differ only in the last item; keep the frequent ones."""
    words, kept, found, tried = bits.shape[1], [], 0, 0
    pairs = (np.bincount(family) * (np.bincount(family) - 1)).sum() // 2
    for left, right in _siblings(family, WORDS // words):
        both = bits[left] & bits[right]
        counts = np.bitwise_count(both).sum(axis=1, dtype=int)
        enough = counts >= least
        left, right = left[enough], right[enough]
        longer = np.column_stack([sets[left], sets[right, -1]])
        kept.append((longer, counts[enough], left, both[enough]))
        found, tried = found + len(left), tried + len(enough)
        budget.check(found, longer.shape[1], words, share=tried / max(pairs, 1))
    return tuple(map(np.concatenate, zip(*kept, strict=True)))


def _siblings(family: np.ndarray, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the pairs (left, right) of positions in the same family, about ``size`` at once."""
    position = np.arange(len(family))
    later = np.searchsorted(family, family, side="right") - position - 1
    chunk = np.cumsum(later) // max(size, 1)
    for part in np.split(position, np.flatnonzero(np.diff(chunk)) + 1):
        left = np.repeat(part, later[part])
        before = np.cumsum(later[part]) - later[part]
        yield left, left + 1 + np.arange(len(left)) - np.repeat(before, later[part])


class _Budget:
    """What the itemsets found so far will take, and the refusal to look for too many."""

    def __init__(self, asked: str):
        self.asked, self.sets, self.bytes = asked, 0, 0

    def spend(self, sets: int, length: int) -> None:
        """Add sets of a length to the table."""
        self.check(sets, length, words=0, share=1)
        self.sets += sets
        self.bytes += sets * self._size(length)

    def check(self, found: int, length: int, words: int, share: float) -> None:
        """Refuse if the sets found so far, in a share of a level, do not fit into the memory."""
        each = self._size(length) + 8 * words
        if self.bytes + found * each > MEMORY_GIB * 2**30:
            sets, gib = self.sets + found / share, (self.bytes + found / share * each) / 2**30
            raise MemoryError(
                f"{self.asked}, which leaves too many itemsets: at {length} items there would be "
                f"about {sets:,.0f}, in {gib:.1f} GiB, with more to come; the limit is "
                f"{MEMORY_GIB:g} GiB. Raise min_support, or set max_len."
            )

    @staticmethod
    def _size(length: int) -> int:
        return sys.getsizeof(frozenset(range(length))) + 8 * (length + 3)


def _level_table(sets: np.ndarray, count: np.ndarray, items: pd.Index) -> pd.DataFrame:
    """Return the sets of one length as a table: the most frequent first, then by items."""
    order = np.lexsort((*sets.T[::-1], -count))
    columns = items.to_numpy(object)[sets[order].T].tolist()
    named = list(map(frozenset, zip(*columns, strict=True)))
    return pd.DataFrame({"itemsets": named, "count": count[order]})
