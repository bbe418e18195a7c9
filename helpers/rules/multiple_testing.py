"""Which association rules are more than luck: exact tests, corrected for all that was looked at.

Among millions of possible rules, thousands look strong by chance. A p-value is honest only beside
the number of rules that could have been found (the search space), or on baskets that had no part in
finding the rule (the other half). Both ways are Webb's.

All tests take baskets as independent of each other. Those of one user are not: a habit of few can
pass for a habit of all. Halves that share no user test a rule on people who had no part in it.

G. Webb (2007), Discovering significant patterns, Machine Learning 68,
doi:10.1007/s10994-007-5006-x
"""

import math

import numpy as np
import pandas as pd
from scipy import stats

from helpers.data import checks
from helpers.rules import association, baskets

METHODS = ("holm", "bh")


def search_space(items: int, max_len: int, max_consequent: int | None = None) -> int:
    """Count the rules that could have been formed: the hypotheses that were tried, if in passing.

    Of m items, those with a antecedents and c consequents are C(m, a) · C(m − a, c), so that

        M = Σ C(m, a) · C(m − a, c),   a ≥ 1, c ≥ 1, a + c ≤ max_len

    It is not the number of rules found, nor that of frequent itemsets: what was too weak to be
    reported has been tried all the same. Items that are rare on their own need not be counted:
    Fisher's test takes for given how frequent items are, and these take part in no rule.

    Parameters
    ----------
    items : m, the number of items that are frequent on their own.
    max_len : the most items of a rule, both sides together; as in `frequent_itemsets`. State it
        there before you look: the length of the longest set found says too little.
    max_consequent : the most consequents; as in `association_rules`.

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
    """Return how often independent A and C would lie together at least as often as they do.

    Given that n_A and n_C of N baskets hold A and C, and no more do than by chance, the number that
    holds both is hypergeometric (Fisher's exact test, one-sided):

        p = P(n ≥ n_AC) = Σ_{n ≥ n_AC} C(n_A, n) · C(N − n_A, n_C − n) / C(N, n_C)

    This is for one rule, picked before looking. Below about 1e-300 it is 0.

    Parameters
    ----------
    found : DataFrame as `association_rules` returns it.

    Returns
    -------
    Series ``p_value``, one value per rule.

    Examples
    --------
    >>> from helpers import rules
    >>> found = rules.measures(np.array([3]), np.array([3]), np.array([3]), N=6)
    >>> fisher_p(found)  # 1 / C(6, 3): three of six picked, and all three right
    0    0.05
    Name: p_value, dtype: float64
    """
    both, a, c, N = _counts(found)
    return pd.Series(_fisher(both, a, c, N), found.index, name="p_value")


def improvement_p(found: pd.DataFrame, itemsets: pd.DataFrame) -> pd.Series:
    """Return p-values against the rules with one antecedent less, the largest for each rule.

    {pot, mug} → {tea} passes `fisher_p` if only {pot} → {tea} holds. Here A → C is tested against
    A∖x → C for each x of A, among the baskets that hold A∖x: do more of those with x hold C than of
    those without? The p-value of the rule is the largest of these (Webb's productive rules). With a
    single antecedent this is `fisher_p`.

    Parameters
    ----------
    found : DataFrame as `association_rules` returns it.
    itemsets : the table that it was made of.

    Returns
    -------
    Series ``p_value``, one value per rule.

    Examples
    --------
    >>> from helpers import rules
    >>> lines = pd.DataFrame({"order_id": [1, 1, 1, 2, 2, 3, 4, 4],
    ...                       "item_id": "mug pot tea pot tea mug mug tea".split()})
    >>> itemsets = rules.frequent_itemsets(lines, min_support=0.25)
    >>> found = rules.association_rules(itemsets, min_threshold=1)
    >>> found = found.assign(p_value=improvement_p(found, itemsets))
    >>> rules.readable(found)[["antecedents", "consequents", "p_value"]]
      antecedents consequents  p_value
    0         pot         tea      0.5
    1    mug, pot         tea      1.0
    """
    association.require_rules(found)
    count, _ = association.counts(itemsets)
    both, a, _, N = _counts(found)
    holds = dict(zip(itemsets["itemsets"], count, strict=True)) | {frozenset(): N}
    shorter = [
        (row, antecedents - {item}, consequents)
        for row, (antecedents, consequents) in enumerate(
            zip(found["antecedents"], found["consequents"], strict=True)
        )
        for item in antecedents
    ]
    row = np.array([row for row, *_ in shorter])
    rest = np.array([holds.get(rest, -1) for _, rest, _ in shorter])
    rest_both = np.array([holds.get(rest | consequents, -1) for _, rest, consequents in shorter])
    if min(rest.min(), rest_both.min()) < 0:
        raise ValueError(
            "itemsets: a part of a rule is not there. Give the table that the rules were made of."
        )
    p = pd.Series(_fisher(both[row], a[row], rest_both, rest)).groupby(row).max()
    return pd.Series(p.to_numpy(), found.index, name="p_value")


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
    N = np.round(both / found["support"].to_numpy(float))
    mend = "Test the rules of one table of itemsets at a time."
    other = ("count", ~np.equal(N, N[0]), "counts other baskets than the first row", mend)
    checks.refuse_rows(found, other, name="rules")
    a, c = (np.round(found[name].to_numpy(float) * N).astype(np.int64) for name in shares[1:])
    return both, a, c, int(N[0])


def adjust(p_values: pd.Series, hypotheses: int, method: str = "holm") -> pd.Series:
    """Adjust p-values for all the hypotheses that were tried, reported or not.

    With p₍₁₎ ≤ p₍₂₎ ≤ … the p-values at hand, of M hypotheses:

        Holm                 max_{j ≤ i} (M − j + 1) · p₍ⱼ₎      at most 1
        Benjamini–Hochberg   min_{j ≥ i} M / j · p₍ⱼ₎            at most 1

    Those not at hand count as p = 1: they cannot be found. Rules with an adjusted value up to α are
    kept. Holm: the chance that any of them is luck is at most α, however they depend on each other.
    Benjamini–Hochberg: in expectation, at most a share α of them is luck, if the tests are
    independent or depend positively.

    Parameters
    ----------
    p_values : Series.
    hypotheses : M, at least as many as p-values: `search_space`.
    method : "holm" or "bh".

    Returns
    -------
    Series ``p_adjusted``.

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
    if not p_values.between(0, 1).all():
        raise ValueError("p_values lie between 0 and 1, and none may be missing.")
    if not hypotheses >= len(p_values):
        raise ValueError(
            f"hypotheses: {len(p_values):,} p-values come from no fewer hypotheses; "
            f"got {hypotheses:,}. Count them with rule_tests.search_space."
        )
    order = np.argsort(p_values.to_numpy(), kind="stable")
    rank, p = np.arange(1, len(order) + 1), p_values.to_numpy(float)[order]
    if method == "holm":
        adjusted = np.maximum.accumulate((hypotheses - rank + 1) * p)
    else:
        adjusted = np.minimum.accumulate((hypotheses / rank * p)[::-1])[::-1]
    result = np.empty(len(order))
    result[order] = np.minimum(adjusted, 1)
    return pd.Series(result, p_values.index, name="p_adjusted")


def significance(found: pd.DataFrame, hypotheses: int, method: str = "holm") -> pd.DataFrame:
    """Add ``p_value`` (`fisher_p`) and ``p_adjusted`` (`adjust`) to rules.

    Give it all rules that were found, before any is dropped for another reason.

    Parameters
    ----------
    found : DataFrame as `association_rules` returns it.
    hypotheses : the number of rules that could have been found: `search_space`.
    method : "holm" or "bh".

    Examples
    --------
    >>> from helpers import rules
    >>> found = rules.measures(np.array([3]), np.array([3]), np.array([3]), N=6)
    >>> significance(found, hypotheses=search_space(3, max_len=2))[["p_value", "p_adjusted"]]
       p_value  p_adjusted
    0     0.05         0.3
    """
    p = fisher_p(found)
    return found.assign(p_value=p, p_adjusted=adjust(p, hypotheses, method))


# ---------------------------------------------------------------- the other half


def split_baskets(
    lines: pd.DataFrame, basket: str = "order_id", *, random_state: int | np.random.Generator = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut the baskets at random into two halves: to find rules in, and to test them on.

    Parameters
    ----------
    lines : DataFrame, one row per basket and item.
    basket : name of the column of baskets; with "user_id", all baskets of a user stay together.
    random_state : seed; the same seed and the same baskets give the same halves.

    Returns
    -------
    The rows of either half; of an odd number of baskets the second has one more.

    Examples
    --------
    >>> halves = split_baskets(pd.DataFrame({"order_id": [1, 1, 2, 3, 4]}))
    >>> [half["order_id"].nunique() for half in halves]
    [2, 2]
    """
    checks.require(lines, **{basket: "key"})
    code, names = pd.factorize(lines[basket], sort=True)
    first = np.random.default_rng(random_state).permutation(len(names)) < len(names) // 2
    return lines[first[code]], lines[~first[code]]


def confirm(
    found: pd.DataFrame,
    lines: pd.DataFrame,
    basket: str = "order_id",
    item: str = "item_id",
    method: str = "holm",
) -> pd.DataFrame:
    """Measure and test rules on baskets that had no part in finding them.

    Only the rules at hand are tried here, so they are the only hypotheses, however many were looked
    through to find them. That often keeps more rules than a correction for the search space,
    although half of the baskets is gone.

    Parameters
    ----------
    found : DataFrame with ``antecedents`` and ``consequents``: all rules that are to be tested.
        What is found in one half may be pruned before, by `drop_redundant` or by hand.
    lines : DataFrame, the other half: one row per basket and item; repeats count once.
    basket, item : names of the two columns.
    method : "holm" or "bh".

    Returns
    -------
    DataFrame with the index of ``found``: ``antecedents``, ``consequents``, the columns of
    `rules.measures` as counted here, ``p_value`` and ``p_adjusted``. What never occurs here has
    NaN for what has nothing to divide by, and p = 1.

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
    X, items = baskets.incidence(lines, basket, item)
    a, c = found["antecedents"], found["consequents"]
    both = [one | other for one, other in zip(a, c, strict=True)]
    counts = [baskets.count_sets(X, items, sets) for sets in (both, a, c)]
    p = pd.Series(_fisher(*counts, X.shape[0]), found.index)
    measured = association.measures(*counts, X.shape[0]).set_index(found.index)
    return pd.concat([a, c, measured], axis=1).assign(
        p_value=p, p_adjusted=adjust(p, len(found), method)
    )
