"""Multiple testing of association rules: exact tests, corrected for the search, or a hold-out half.

Among millions of possible rules, thousands look strong by chance. A p-value is valid only if it is
corrected for the number of rules that could have been found (the search space), or computed on
baskets that were not used to find the rule. Rules (``found``) are a DataFrame as returned by
`association_rules`.

All tests assume independent baskets. Baskets of one user are not, so the habit of a few users can
look like a general rule; to avoid that, split by user.

G. Webb (2007), Discovering significant patterns, Machine Learning 68,
doi:10.1007/s10994-007-5006-x
"""

import math

import numpy as np
import pandas as pd
from scipy import stats

from helpers.data import checks
from helpers.data.ids import factorize
from helpers.rules import association, baskets

METHODS = ("holm", "bh")


def search_space(items: int, max_len: int, max_consequent: int | None = None) -> int:
    """Count the possible rules: the hypotheses that a search tests, reported or not.

    With m items, a antecedents and c consequents,

        M = Σ C(m, a) · C(m − a, c),   a ≥ 1, c ≥ 1, a + c ≤ max_len

    Rules too weak to be found were tested, too. Items that are not frequent on their own need not
    be counted: Fisher's test is conditional on the frequency of the items.

    Parameters
    ----------
    items : m, the number of items that are frequent on their own.
    max_len : maximum number of items of a rule, both sides together, as in `frequent_itemsets`.
        Fix it in advance; the longest set found is too short.
    max_consequent : maximum number of consequents, as in `association_rules`.

    Examples
    --------
    >>> search_space(3, max_len=2)  # a → b, a → c, b → a, b → c, c → a, c → b
    6
    >>> search_space(3, max_len=3, max_consequent=1)  # and ab → c, ac → b, bc → a
    9
    """
    for name, value in {"items": items, "max_len": max_len}.items():
        checks.require_whole(name, value)
    if max_consequent is not None:
        checks.require_whole("max_consequent", max_consequent)
    longest = min(items, max_len)
    return sum(
        math.comb(items, c) * math.comb(items - c, a)
        for c in range(1, min(longest - 1, max_consequent or longest) + 1)
        for a in range(1, longest - c + 1)
    )


def fisher_p(found: pd.DataFrame) -> pd.Series:
    """Return the p-value of each rule A → C by Fisher's exact test, one-sided.

    If A and C are independent, with n_A and n_C of N baskets, the number of baskets that hold both
    is hypergeometric:

        p = P(n ≥ n_AC) = Σ_{n ≥ n_AC} C(n_A, n) · C(N − n_A, n_C − n) / C(N, n_C)

    It is valid for a single rule chosen in advance; otherwise `adjust` it. Below about 1e-300 it
    is 0.

    Examples
    --------
    >>> from helpers import rules
    >>> found = rules.measures(np.array([3]), np.array([3]), np.array([3]), N=6)
    >>> fisher_p(found)  # 1 / C(6, 3)
    0    0.05
    Name: p_value, dtype: float64
    """
    both, a, c, N = _counts(found)
    return pd.Series(_fisher(both, a, c, N), found.index, name="p_value")


def _fisher(both: np.ndarray, a: np.ndarray, c: np.ndarray, N: np.ndarray | int) -> np.ndarray:
    # Of N baskets, c hold C; a of them are drawn; scipy's order is (all, marked, drawn).
    return np.clip(stats.hypergeom.sf(both - 1, N, c, a), 0, 1)


def _counts(found: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return n_AC, n_A, n_C of each rule, and N."""
    shares = ["support", "antecedent support", "consequent support"]
    checks.require(found, count="count", **dict.fromkeys(shares, "number"))
    both = found["count"].to_numpy(np.int64)
    never = ("count", both < 1, "is below 1", "A rule that never held has no test: p is 1.")
    checks.refuse_rows(found, never, name="rules")
    fix = "Test the rules of one table of itemsets at a time."
    N = association.number_of_baskets(found, "rules", fix)
    a, c = (np.round(found[name].to_numpy(float) * N).astype(np.int64) for name in shares[1:])
    return both, a, c, N


def adjust(p_values: pd.Series, hypotheses: int, method: str = "holm") -> pd.Series:
    """Adjust p-values for multiple testing, given the number of all hypotheses tested.

    With p₍₁₎ ≤ p₍₂₎ ≤ … the given p-values, of M hypotheses (the others count as p = 1):

        Holm                 max_{j ≤ i} (M − j + 1) · p₍ⱼ₎      at most 1
        Benjamini–Hochberg   min_{j ≥ i} M / j · p₍ⱼ₎            at most 1

    Keep the rules with an adjusted p-value up to α. Holm controls the family-wise error rate: the
    probability of any false discovery is at most α, whatever the dependence. Benjamini–Hochberg
    controls the false discovery rate, the expected share of false discoveries, if the tests are
    independent or positively dependent.

    Parameters
    ----------
    p_values : Series.
    hypotheses : M, at least the number of p-values: `search_space`.
    method : "holm" or "bh".

    References
    ----------
    S. Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6, 65–70; Y. Benjamini & Y. Hochberg (1995), Controlling the false discovery rate,
    Journal of the Royal Statistical Society B 57, doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> p = pd.Series([0.01, 0.02])
    >>> adjust(p, hypotheses=4).tolist(), adjust(p, 4, method="bh").tolist()  # 4 · 0.01, 3 · 0.02
    ([0.04, 0.06], [0.04, 0.04])
    """
    if method not in METHODS:
        raise ValueError(f'There is no method "{method}". The methods are {", ".join(METHODS)}.')
    p = p_values.to_numpy(float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p_values lie between 0 and 1, and none may be missing.")
    if not hypotheses >= len(p_values):
        raise ValueError(
            f"hypotheses: {len(p_values):,} p-values come from no fewer hypotheses; "
            f"got {hypotheses:,}. Count them with search_space."
        )
    order = np.argsort(p, kind="stable")
    rank, p = np.arange(1, len(order) + 1), p[order]
    if method == "holm":
        adjusted = np.maximum.accumulate((hypotheses - rank + 1) * p)
    else:
        adjusted = np.minimum.accumulate((hypotheses / rank * p)[::-1])[::-1]
    result = np.empty(len(order))
    result[order] = np.minimum(adjusted, 1)
    return pd.Series(result, p_values.index, name="p_adjusted")


def significance(found: pd.DataFrame, hypotheses: int) -> pd.DataFrame:
    """Add ``p_value`` (`fisher_p`) and Holm's ``p_adjusted`` (`adjust`) to all rules found.

    ``hypotheses`` is the number of possible rules, `search_space`.

    Examples
    --------
    >>> from helpers import rules
    >>> found = rules.measures(np.array([3]), np.array([3]), np.array([3]), N=6)
    >>> significance(found, hypotheses=search_space(3, max_len=2))[["p_value", "p_adjusted"]]
       p_value  p_adjusted
    0     0.05         0.3
    """
    p = fisher_p(found)
    return found.assign(p_value=p, p_adjusted=adjust(p, hypotheses))


# ---------------------------------------------------------------- the other half


def split_baskets(
    lines: pd.DataFrame, basket: str = "order_id", *, random_state: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the baskets at random into two halves: one to find rules, one to test them.

    Parameters
    ----------
    lines : DataFrame, one row per basket and item.
    basket : column by which to split; with "user_id", all baskets of a user stay together.
    random_state : seed.

    Returns
    -------
    The rows of each half; of an odd number of baskets the second has one more.

    Examples
    --------
    >>> halves = split_baskets(pd.DataFrame({"order_id": [1, 1, 2, 3, 4]}))
    >>> [half["order_id"].nunique() for half in halves]
    [2, 2]
    """
    checks.require(lines, **{basket: "key"})
    code, names = factorize(lines[basket])
    first = np.random.default_rng(random_state).permutation(len(names)) < len(names) // 2
    return lines[first[code]], lines[~first[code]]


def confirm(found: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Measure and test rules on hold-out baskets, which were not used to find them.

    The given rules are the only hypotheses, however large the search space was. This often keeps
    more rules than a correction for the search space, with only half of the baskets.

    Parameters
    ----------
    found : DataFrame with ``antecedents`` and ``consequents``: all rules to test. They may be
        pruned before, by `drop_redundant` or by hand.
    lines : DataFrame, the other half, one row per basket and item; columns ``order_id``,
        ``item_id``. Repeats count once.

    Returns
    -------
    DataFrame with the index of ``found``: ``antecedents``, ``consequents``, the columns of
    `measures` on these baskets, ``p_value`` and Holm's ``p_adjusted``. Rules that never occur have
    p = 1.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": [1, 1, 2, 2, 3, 3, 4, 5, 6],
    ...                       "item_id": "pot tea pot tea pot tea mug mug mug".split()})
    >>> found = pd.DataFrame({"antecedents": [frozenset({"pot"})],
    ...                       "consequents": [frozenset({"tea"})]})
    >>> confirm(found, lines)[["count", "confidence", "p_value"]]
       count  confidence  p_value
    0      3         1.0     0.05
    """
    association.require_rules(found)
    X, items = baskets.incidence(lines, "order_id", "item_id")
    a, c = found["antecedents"], found["consequents"]
    both = [one | other for one, other in zip(a, c, strict=True)]
    counts = [baskets.count_sets(X, items, sets) for sets in (both, a, c)]
    p = pd.Series(_fisher(*counts, N=X.shape[0]), found.index)
    measured = association.measures(*counts, N=X.shape[0]).set_index(found.index)
    return pd.concat([a, c, measured], axis=1).assign(p_value=p, p_adjusted=adjust(p, len(found)))
