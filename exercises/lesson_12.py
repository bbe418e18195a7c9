"""Exercises of lesson 12: measures of a rule, frequent itemsets, tests, power, basket size."""

from string import ascii_uppercase

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Association rules"


def _lines(baskets):
    """Write baskets down as lines: "tea pot; mug" is basket A with two items, and B with one."""
    named = zip(ascii_uppercase, baskets.split(";"), strict=False)
    rows = [(order, item) for order, items in named for item in items.split()]
    return pd.DataFrame(rows, columns=["order_id", "item_id"])


# A has tea in two lines, and B two pots.
TEA = _lines("tea pot tea; pot tea pot mug; tea; tea mug; pot")
# One basket holds both twice.
OIL = _lines("oil salt oil salt; salt; oil salt; rice; salt; rice rice; tea; fig")
RYE = _lines(
    "rye dill rye dill; rye dill; rye dill egg; rye rye; rye egg; dill dill; egg; egg; egg; fig"
)


def _measures(support, confidence, lift):
    return {"support": support, "confidence": confidence, "lift": lift}


def measure_rule(lines, a, c):
    """Count baskets, not lines; the lift is the confidence over the share of all with c."""
    holds = pd.crosstab(lines["order_id"], lines["item_id"]) > 0
    both = (holds[a] & holds[c]).mean()
    confidence = both / holds[a].mean()
    return {"support": both, "confidence": confidence, "lift": confidence / holds[c].mean()}


MEASURE_RULE = Exercise(
    id="12-1",
    hints=(
        "What do you count here: order lines, units, or baskets?",
        "Make a table of baskets × items that says only whether a basket holds the item. Then you "
        "need three means of its columns.",
        "support = P(AC), confidence = P(AC) / P(A), lift = confidence / P(C); each P is a share "
        "of all baskets.",
    ),
    solution=measure_rule,
    check=on_cases(
        Case(TEA, "tea", "pot", right=_measures(2 / 5, 2 / 4, (2 / 4) / (3 / 5))),
        Case(OIL, "oil", "salt", right=_measures(2 / 8, 2 / 2, (2 / 2) / (4 / 8))),
        held_back=[Case(RYE, "rye", "dill", right=_measures(3 / 10, 3 / 5, (3 / 5) / (4 / 10)))],
    ),
    mistakes="""
    => a, c = c, a
        This is the reverse rule, c → a. The confidence of a → c is a share of the baskets with `a`:
        divide by the share with `a`.
    confidence / holds[c].mean() => confidence
        You gave the confidence for the lift as well. The lift is the confidence divided by the
        share of all baskets that hold `c`.
    holds[c].mean() => holds[a].mean()
        The lift is divided by the antecedent a second time. The confidence is already divided by
        the share with `a`; now divide it by the share with `c`.
    holds[c].mean() => holds[c].sum()
        You computed the lift from counts, not shares: n_AC / (n_A · n_C) shrinks as the shop grows.
        The lift is N · n_AC / (n_A · n_C).
    > 0 =>
    holds[a] & holds[c] => (holds[a] > 0) & (holds[c] > 0)
        You divided by the number of lines with the item. A basket with two lines of an item is one
        basket.
    > 0 =>
    holds[a] & holds[c] => holds[a] * holds[c]
        Your table counts lines, so a basket with two lines of an item counts twice. Let it say only
        whether a basket holds the item: compare it with `> 0`.
    "support": both => "support": (holds[a] & holds[c]).sum() / len(lines)
    holds[c].mean() => (holds[c].sum() / len(lines))
        You used the number of lines instead of the number of baskets. Count the distinct
        `order_id`.
    => pairs = lines[lines["item_id"] == a].merge(lines[lines["item_id"] == c], on="order_id")
    both = … => both = len(pairs) / len(holds)
        A basket counts once for each pair of lines, so one with two lines of `a` and two of `c`
        counts four times. Count each basket once.
    => either = lines.loc[lines["item_id"].isin([a, c]), "order_id"]
    => lines = lines[lines["order_id"].isin(either)]
        You left out the baskets that hold neither item. Support and lift are about all baskets.
    confidence / holds[c].mean() => both - holds[a].mean() * holds[c].mean()
        This is the leverage, a difference: P(AC) − P(A) P(C). The lift is a ratio.
    "support": both => "support": holds[a].mean()
        You gave the antecedent's share as the support. The support of a rule is the share of
        baskets that hold both.
    confidence / holds[c] => both / confidence / holds[c]
        You divided the support over the confidence, and then by the share with `c`. The lift is the
        confidence itself divided by the share with `c`.
    "support": both => "support": (holds[a] & holds[c]).sum()
        The support is given as a number of baskets. It is their share of all baskets.
    "support": both => "support": 100 * both
    "confidence": confidence => "confidence": 100 * confidence
        Support and confidence are given in percent. Give shares between 0 and 1.
    return … => return {name: 100 * value for name, value in ….items()}
        You gave all percent: all three are multiplied by 100. Support and confidence are shares
        between 0 and 1, and a lift of 1 means unrelated.
    """,
    takeaway="Support, confidence and lift come from four counts: baskets with both items, with "
    "each of them, and all baskets.",
)

# In sixteenths: the bounds are 1, 2, 3, 4, and sorted, p is 1, 3, 3, 5. Ranks 1 and 3 pass.
STEPS = Case(np.array([3, 5, 1, 3]) / 16, 8, 0.5, right=3)
# In 64ths: bounds 2, 4, …, sorted p 1, 4, 7, 9, 10, 30, 40. Ranks 1, 2 and 5 pass.
LATE = Case(np.array([9, 30, 1, 10, 40, 7, 4]) / 64, 16, 0.5, right=5)
# In 32nds: bounds 1 and 2.
NONE = Case(np.array([3, 8]) / 32, 16, 0.5, right=0)

# Bounds 0.125, 0.25, 0.375: the last rank passes, the first does not.
# Holm stops at 0.125 at once; Hochberg's bounds 0.125, 0.167, 0.25 keep three, Šidák's 0.159 two.
LAST = ArrayCase([0.2, 0.14, 0.15], 4, 0.5, right=3)
# By Hochberg three are kept, too; Holm's way with Šidák's bounds keeps none now.
LATER = ArrayCase([0.18, 0.2, 0.17], 4, 0.5, right=3)
# The same bounds, and 0.5. Benjamini–Yekutieli divides them by 2.08 and keeps two.
FIRST = ArrayCase([0.11, 0.05, 0.2, 0.6], 4, 0.5, right=3)

# In 128ths: bounds 2, 4, …, sorted p 1, 5, 7, 8, 30. Ranks 1 and 4 pass.
OTHER_TESTS = Case(np.array([7, 30, 1, 8, 5]) / 128, 16, 0.25, right=4)


def kept_by_bh(p_values, hypotheses, alpha):
    """Give the i-th smallest p-value the bound α i / M; keep all up to the last that passes."""
    p = np.sort(p_values)
    rank = np.arange(1, len(p) + 1)
    passes = rank[p <= rank / hypotheses * alpha]
    return passes.max(initial=0)


KEPT_BY_BH = Exercise(
    id="12-5",
    hints=(
        "You see the rules that were found. How many were tried to get them?",
        "Sort the p-values. The first is compared with α / M, the second with 2 α / M, and so on. "
        "What if the second fails and the third passes?",
        "Keep as many as the largest i with p₍ᵢ₎ ≤ α i / M, and 0 if there is no such i.",
    ),
    solution=kept_by_bh,
    check=on_cases(STEPS, LATE, NONE, LAST, LATER, FIRST, held_back=[OTHER_TESTS]),
    mistakes="""
    rank / hypotheses => rank / len(p)
        You corrected only for the rules that were found. All the others were tried as well: M is
        `hypotheses`.
    rank / hypotheses * alpha => alpha
        These p-values are not corrected. Of many rules tried, a share of up to alpha passes by luck
        alone.
    rank / hypotheses * alpha => alpha / hypotheses
        This is Bonferroni's correction, which compares every p-value with α / M. Benjamini–Hochberg
        compares the i-th smallest with α i / M.
    return … => return np.cumprod(p <= alpha / (hypotheses - rank + 1)).sum()
        This is Holm's correction: α / (M − i + 1), up to the first failure. The question asks for
        Benjamini–Hochberg: α i / M, up to the last success.
    rank / hypotheses * alpha => alpha / (hypotheses - rank + 1)
        This is Hochberg's correction: α / (M − i + 1), up to the last success. For
        Benjamini–Hochberg, the bounds are α i / M.
    rank / hypotheses * alpha => 1 - (1 - alpha) ** (1 / hypotheses)
        This is Šidák's correction, which compares every p-value with 1 − (1 − α)^(1/M).
        Benjamini–Hochberg compares the i-th smallest with α i / M.
    * alpha => * alpha / (1 / np.arange(1, hypotheses + 1)).sum()
        This is the correction of Benjamini and Yekutieli, which divides α by 1 + 1/2 + … + 1/M,
        too. The bound of Benjamini–Hochberg is α i / M.
    return … => return np.cumprod(p <= rank / hypotheses * alpha).sum()
        You stopped at the first failure. Find the *last* success; everything up to it is kept.
    passes.max(initial=0) => len(passes)
        You counted those that pass their own bound. Everything up to the last success is kept:
        return the largest rank.
    return … => return np.flatnonzero(p <= rank / hypotheses * alpha).max(initial=0)
        You returned the place of the last success, counted from 0. The number of rules kept is one
        more.
    np.sort(p_values) => p_values
        The p-values are not sorted. The rank i is the place in order of size, not the place in the
        array.
    <= => <
        You kept only p-values smaller than the bound. One that equals its bound passes: ≤.
    np.sort(p_values) => np.sort(p_values)[::-1]
        You sorted the largest first. Rank 1 is the smallest p-value.
    np.arange(1, len(p) + 1) => np.arange(len(p))
        Your ranks count from 0, as Python does. The smallest p-value has rank 1.
    """,
    takeaway="The number of hypotheses is how many rules were tried, not how many were found.",
)

ABOUT_THE_SHELF = quiz(
    id="12-8",
    options="""
    a) Cake mix and frosting have the highest lift: put them at opposite ends of the store, and
    people will walk past everything.
        These baskets come from stores as they are. Nobody has observed what people do with another
        shelf: they may walk farther, or go without.
    b) Those who buy cake mix buy frosting, so a lower price for cake mix will sell more frosting.
        The arrow of a rule is not a cause. If a birthday makes people buy both, a lower price for
        the mix sells no extra frosting.
    c) White and wheat bread have a lift of 0.69 within sizes, so they are substitutes.
        A lift below 1 within sizes is common, and here it comes from habit: compared with baskets
        of the same household and size, the two breads are together as often as by chance. That
        doesn't show that one replaces the other.
    d) Baskets with cake mix hold frosting far more often than others of their size; whether a
    common shelf sells more takes an experiment.
    """,
    hints=(
        "Which of the sentences claims only what was counted?",
        "The rules were counted in a store as it is. What do you know about a store with another "
        "shelf or another price?",
        "One sentence predicts what another shelf does, one takes the arrow for a cause, and one "
        "forgets section 5.",
    ),
    takeaway="A rule says what is bought together; what a change would do takes an experiment.",
)

# 5 baskets and a share of 0.5: 2.5, so 3 baskets. Pot is in 2, but in 3 lines.
SMALL = _lines("tea pot pot mug; tea mug; tea mug; mug; pot fig")
# 4 baskets and 0.5: exactly 2. Oil is in 1, in 3 lines.
EVEN = _lines("rice salt oil oil oil; rice salt; salt; fig")


def _counts(**counts):
    return pd.Series(counts).rename_axis("item_id")


def frequent_items(lines, min_support):
    """Count the baskets of each item, and keep those with a large enough share of all baskets."""
    count = lines.groupby("item_id")["order_id"].nunique()
    baskets = lines["order_id"].nunique()
    return count[count / baskets >= min_support]


FREQUENT_ITEMS = Exercise(
    id="12-2",
    further=True,
    hints=(
        "At least half of five baskets: how many is that?",
        "`groupby` and `nunique` count distinct baskets. Compare a share with a share, or round "
        "the minimum number of baskets up.",
        "Keep an item if n / N ≥ min_support, where n and N count distinct baskets.",
    ),
    solution=frequent_items,
    check=on_cases(
        Case(SMALL, 0.5, right=_counts(tea=3, mug=4)),
        Case(EVEN, 0.5, right=_counts(rice=2, salt=3)),
        Case(OIL, 0.5, right=_counts(salt=4)),
        Case(OIL, 0.2, right=_counts(oil=2, salt=4, rice=2)),
        Case(EVEN, 0.8, right=_counts()),
        held_back=[Case(RYE, 0.4, right=_counts(rye=5, dill=4, egg=5))],
        any_order=True,
    ),
    mistakes="""
    count / baskets >= min_support => count >= int(min_support * baskets)
        You rounded down: half of five baskets became two, and two are less than half.
    count / baskets >= min_support => count >= round(min_support * baskets)
        You rounded to the nearest whole number. Half of five baskets is 2.5, which Python rounds to
        2, and two are less than half.
    >= => >
        You kept items with more than the minimum support. `At least` includes the minimum itself:
        ≥.
    count = … => count = lines["item_id"].value_counts()
        You count lines, not baskets. Three lines of an item in one basket are one basket.
    count = … => count = lines["item_id"].value_counts()
    baskets = … => baskets = len(lines)
        You took shares of the lines: lines with the item, divided by all lines. Count distinct
        baskets in both places.
    baskets = … => baskets = len(lines)
        You took min_support as a share of the number of lines. It is a share of the number of
        baskets.
    baskets = … => baskets = lines["item_id"].nunique()
        You took min_support as a share of the number of items. It is a share of the number of
        baskets.
    >= => <
        These are the items that are too rare. The question asks for the others.
    return … => return … / baskets
        These are shares of baskets. The question asks how many baskets hold each item.
    [count / baskets >= min_support] =>
        These are all items. Keep those with at least the minimum support.
    return … => return ….tolist()
        These are counts without the items they belong to. Return a Series whose index holds the
        `item_id`.
    return … => return ….index.tolist()
        You gave a list of items, without the counts. Return a Series: the number of baskets,
        indexed by `item_id`.
    return … => return set(….index)
        You gave a set of items, without the counts. Return a Series: the number of baskets, indexed
        by `item_id`.
    return … => return ….to_dict()
        The counts are right, but in a dict. Return a Series, indexed by `item_id`.
    """,
    takeaway="At least s · N baskets: round up, and count baskets, not lines.",
)


def _sets(*texts):
    return {frozenset(text.split()) for text in texts}


# Bread-butter-tea lacks butter-tea, and so does butter-jam-tea.
PAIRS = _sets("bread butter", "bread jam", "bread tea", "butter jam", "jam tea")
SINGLE = _sets("tea", "pot", "mug")
# Fig-jam-tea lacks fig-tea, and shares no item with the one that is right.
APART = _sets("ham egg", "ham oat", "egg oat", "fig jam", "jam tea")
# {a, b, c, e} lacks only {b, c, e}.
TRIPLES = _sets("a b c", "a b d", "a c d", "b c d", "a b e", "a c e")
# Ale-bun-cod-dip has two parts that begin alike, and all pairs.
OTHER_TRIPLES = _sets(
    "bun cod dip", "bun cod egg", "bun dip egg", "cod dip egg", "ale bun cod", "ale bun dip"
)


def candidates(frequent):
    """Join any two sets to one with an item more; keep it if all parts with one less are there."""
    k = len(next(iter(frequent)))
    joined = {one | other for one in frequent for other in frequent if len(one | other) == k + 1}
    return {each for each in joined if all(each - {item} in frequent for item in each)}


CANDIDATES = Exercise(
    id="12-3",
    hints=(
        "Can {bread, butter, tea} be frequent if {butter, tea} is not?",
        "Take the union of any two frequent sets if it has one item more. Then look at each of its "
        "subsets `union - {item}`.",
        "Keep X of k + 1 items if X∖{x} is frequent for every x in X.",
    ),
    solution=candidates,
    check=on_cases(
        Case(PAIRS, right=_sets("bread butter jam", "bread jam tea")),
        Case(SINGLE, right=_sets("tea pot", "tea mug", "pot mug")),
        Case(TRIPLES, right=_sets("a b c d")),
        Case(APART, right=_sets("ham egg oat")),
        Case(_sets("ham egg", "fig jam"), right=set()),
        held_back=[Case(OTHER_TRIPLES, right=_sets("bun cod dip egg"))],
    ),
    mistakes="""
    return … => return joined
        Joined, but not pruned: some of these have a subset that is not frequent, so they can't be
        frequent. Check every subset with one item less.
    == k + 1 => == k + 1 and sorted(one)[:-1] == sorted(other)[:-1]
    return … => return joined
        You joined sets that begin alike, which is enough for joining. Now prune: every subset with
        one item less must be frequent, not only the two you joined.
    => from itertools import combinations
    return … => return set(map(frozenset, combinations(set().union(*frequent), k + 1)))
        These are all sets of k + 1 items. Keep only those whose subsets of k items are all
        frequent.
    return … => return frequent | …
        Your result includes the old sets, which are counted already. Return only sets with one item
        more.
    each - {item} => x - {item}
    for item in each => for x in joined if x & each for item in x
        You pruned too much. Drop a candidate only if one of its own subsets is not frequent.
    => from itertools import combinations
    each - {item} in frequent => any({x, y} <= one for one in frequent)
    for item in each => for x, y in combinations(each, 2)
        You checked the pairs of items inside. For a set of four, check its subsets of three: all
        but one item.
    return … => return {tuple(sorted(each)) for each in …}
        The items are right, but your sets are tuples. Return a set of frozensets.
    """,
    takeaway="Downward closure: an itemset with an infrequent subset is infrequent and need not be "
    "counted.",
)

PREDICT_NEWSPAPERS = quiz(
    id="12-4",
    options="""
    a) only the support falls
        The support does fall, and it isn't the only one to change: P(C) falls, too, and the lift is
        divided by it.
    b) support, confidence and lift all fall
        The confidence is a share of the baskets with jam, and there are three of them, as before.
        And the lift is the confidence divided by P(C), which falls.
    c) the confidence stays the same, and the lift rises far above 1
    d) nothing, because no basket with jam or tea has changed
        It is true that nothing changes in the baskets with jam or tea, but support and lift are
        about all baskets, and there are twenty times as many now.
    """,
    hints=(
        "Which of the counts changes: baskets with both, with jam, with tea, or all baskets?",
        "Only the number of all baskets changes. Which of the formulas hold it?",
        "P(C | A) = 2/3 as before, and P(C) falls from 4/5 to 4/100.",
    ),
    takeaway="Lift compares with all baskets, so it depends on which baskets you count.",
)

NO_RULES_FOUND = quiz(
    id="12-6",
    options="""
    a) no two of its items are bought together more often than by chance
        There is no evidence for an association, which is not evidence that there is none: the power
        at 500 baskets is small.
    b) its baskets can't tell: even most pairs as strong as ours fail with so few
    c) the pairs with p ≤ 0.05 before the correction are the real ones
        Of so many uncorrected tests, hundreds fall below 0.05 by luck. In our shop 194 false pairs
        were among them.
    d) the pairs with the highest lift are the real ones
        The highest lift belongs to pairs that were together in a few baskets by luck. A small shop
        has even more of these.
    """,
    hints=(
        "What share of the true pairs of our shop would pass with 500 baskets?",
        "No significant result has two possible causes: there is nothing, or the test has too "
        "little power. Which of them can be excluded here?",
        "Read the power curve at 500 baskets.",
    ),
    takeaway="Before you report that there is nothing, compute the power.",
)

SIZES = _lines("tea; pot; tea pot; tea mug; tea fig; pot fig; tea pot fig; tea mug fig")
OTHER_SIZES = _lines(
    "rye dill; rye egg; rye fig; dill egg; rye dill egg; rye dill fig; dill egg fig; rye; fig"
)


def together_by_size(lines, a, c):
    """Take baskets of each size s alone: n_a n_c / N (1 − 1/s); add up over the sizes."""
    holds = pd.crosstab(lines["order_id"], lines["item_id"])
    size = holds.sum(axis=1).rename("size")
    n, baskets = holds.groupby(size).sum(), size.groupby(size).size()
    return (n[a] * n[c] / baskets * (1 - 1 / n.index)).sum()


TOGETHER_BY_SIZE = Exercise(
    id="12-7",
    hints=(
        "Look at the baskets of two items only. How many of them hold `a`, and how many `c`?",
        "Group the table of baskets × items by the size of the basket, and sum within each size. "
        "The formula is then one line.",
        "Σ n_a n_c / N · (1 − 1/s), summed over the sizes s; all three counts are of baskets of "
        "size s.",
    ),
    solution=together_by_size,
    check=on_cases(
        # Baskets of one hold no pair; a term for each of the other sizes.
        Case(SIZES, "tea", "pot", right=3 * 2 / 4 * (1 - 1 / 2) + 2 * 1 / 2 * (1 - 1 / 3)),
        Case(SIZES, "fig", "tea", right=2 * 3 / 4 * (1 - 1 / 2) + 2 * 2 / 2 * (1 - 1 / 3)),
        held_back=[
            Case(
                *(OTHER_SIZES, "rye", "dill"),
                right=3 * 2 / 4 * (1 - 1 / 2) + 2 * 3 / 3 * (1 - 1 / 3),
            )
        ],
    ),
    mistakes="""
    return … => return n[a].sum() * n[c].sum() / len(holds)
        You took all baskets together, whatever their size: n_a n_c / N, which is what the plain
        lift compares with.
    * (1 - 1 / n.index) =>
        The factor 1 − 1/s is missing. Without it, even a basket of one item could hold a pair.
    / baskets => / len(holds)
        You divided by the number of baskets of all sizes. Divide by the number of baskets of this
        size.
    return … => return (holds[a] * holds[c]).sum()
        This is how many baskets did hold both (how often they did meet). The question asks how many
        would by chance.
    return … => return (holds[a] * holds[c]).sum() / …
        This is the lift within sizes. The question asks only for its denominator: how many baskets
        would hold both by chance.
    return … => return … / len(holds)
        This is a share of the baskets. The question asks for a number of baskets.
    / baskets =>
        The products are not divided by the number of baskets of that size.
    / baskets => / (baskets * n.index)
        You divided by the number of lines in baskets of that size. Divide by the number of baskets.
    * (1 - 1 / n.index) => / n.index
        You multiplied by 1/s, the probability that the second item takes the place of the first. It
        must take another one: 1 − 1/s.
    (1 - 1 / n.index)).sum() => (1 - 1 / n.index)).mean()
        You took the mean over the sizes. The question asks for a total: add them up.
    """,
    takeaway="Large baskets bring any two items together: compare baskets of the same size.",
)
