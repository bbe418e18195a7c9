"""Exercises of lesson 12: measures of a rule, frequent sets, luck, and the size of baskets."""

import math
from itertools import combinations

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Association rules"


def _lines(**baskets):
    """Write baskets down as lines: A="tea pot" is basket A with two items."""
    rows = [(order, item) for order, items in baskets.items() for item in items.split()]
    return pd.DataFrame(rows, columns=["order_id", "item_id"])


# By hand, tea → pot: of 5 baskets tea is in 4, pot in 3, both in 2. Support 2/5, confidence 2/4,
# lift (2/4) / (3/5) = 5/6. A has tea in two lines, and B two pots.
TEA = _lines(A="tea pot tea", B="pot tea pot mug", C="tea", D="tea mug", E="pot")
# In 8 baskets oil is in 2, salt in 4, both in 2, one of them twice: 2/8, 2/2, lift 2.
OIL = _lines(
    A="oil salt oil salt",
    B="salt",
    C="oil salt",
    D="rice",
    E="salt",
    F="rice rice",
    G="tea",
    H="fig",
)


def measure_rule(lines, a, c):
    """Count baskets, not lines; the lift is the confidence over the share of all with c."""
    holds = pd.crosstab(lines["order_id"], lines["item_id"]) > 0
    both = (holds[a] & holds[c]).mean()
    confidence = both / holds[a].mean()
    return {"support": both, "confidence": confidence, "lift": confidence / holds[c].mean()}


def _holds(lines, a, c):
    holds = pd.crosstab(lines["order_id"], lines["item_id"]) > 0
    return holds[a], holds[c], holds[a] & holds[c]


def _measured(**change):
    """Answer rightly but for some of the three, worked out from shares of baskets."""

    def answer(lines, a, c):
        shares = [part.mean() for part in _holds(lines, a, c)]
        return measure_rule(lines, a, c) | {name: f(*shares) for name, f in change.items()}

    return answer


def _by_lines(lines, a, c):
    both = _holds(lines, a, c)[2].sum()
    n = lines["item_id"].value_counts()
    baskets = lines["order_id"].nunique()
    return {
        "support": both / baskets,
        "confidence": both / n[a],
        "lift": both * baskets / n[a] / n[c],
    }


def _over_lines(lines, a, c):
    one, other, both = (part.sum() for part in _holds(lines, a, c))
    N = len(lines)
    return {"support": both / N, "confidence": both / one, "lift": both * N / one / other}


def _merged(lines, a, c):
    n = pd.crosstab(lines["order_id"], lines["item_id"])
    both, baskets = (n[a] * n[c]).sum(), len(n)
    one, other = ((n[item] > 0).sum() for item in (a, c))
    return {
        "support": both / baskets,
        "confidence": both / one,
        "lift": both * baskets / one / other,
    }


def _counted(lines, a, c):
    one, other, both = (part.sum() for part in _holds(lines, a, c))
    return {
        "support": both / lines["order_id"].nunique(),
        "confidence": both / one,
        "lift": both / (one * other),
    }


def _only_with_either(lines, a, c):
    wanted = lines.loc[lines["item_id"].isin([a, c]), "order_id"]
    return measure_rule(lines[lines["order_id"].isin(wanted)], a, c)


MEASURE_RULE = Exercise(
    id="12-1",
    objective="Measure a rule by support, confidence and lift, from lines as a shop has them.",
    hints=(
        "What is a witness here: a line, a unit, or a basket?",
        "Make a table of baskets × items that says only whether a basket holds the item. Three "
        "means of such columns are all you need.",
        "support = P(AC), confidence = P(AC) / P(A), lift = confidence / P(C), all of them shares "
        "of baskets.",
    ),
    solution=measure_rule,
    check=on_cases((TEA, "tea", "pot"), (TEA, "pot", "mug"), (OIL, "oil", "salt")),
    wrong_answers={
        "reverse": Mistake(
            lambda lines, a, c: measure_rule(lines, c, a),
            "This is the reverse rule, c → a. Confidence asks of the baskets with `a` how many "
            "hold `c`: divide by the share with `a`.",
        ),
        "for the lift": Mistake(
            _measured(lift=lambda a, c, both: both / a),
            "You gave the confidence for the lift, too. Divide it by the share of all baskets "
            "that hold `c`.",
        ),
        "divided by the antecedent": Mistake(
            _measured(lift=lambda a, c, both: both / a / a),
            "The lift is divided by the antecedent a second time. The confidence has taken care "
            "of `a`; compare it with the share of baskets that hold `c`.",
        ),
        "counts, not shares": Mistake(
            _counted,
            "You worked the lift out of counts, not shares: n_AC / (n_A · n_C) shrinks as the "
            "shop grows. It is N · n_AC / (n_A · n_C).",
        ),
        "lines with the item": Mistake(
            _by_lines,
            "You divided by the lines with the item. A basket with two lines of it is one basket.",
        ),
        "number of lines": Mistake(
            _over_lines,
            "You took the number of lines for the number of baskets. Count the different "
            "`order_id`.",
        ),
        "once for each pair of lines": Mistake(
            _merged,
            "A basket counts once for each pair of lines, so one with two of `a` and two of `c` "
            "counts four times. A basket is one witness.",
        ),
        "hold neither": Mistake(
            _only_with_either,
            "You left out baskets that hold neither. They are baskets, too: support and lift are "
            "about all of them.",
        ),
        "leverage": Mistake(
            _measured(lift=lambda a, c, both: both - a * c),
            "This is the leverage, a difference: P(AC) − P(A) P(C). The lift is a ratio.",
        ),
        "the antecedent's": Mistake(
            _measured(support=lambda a, c, both: a),
            "You gave the antecedent's share as the support. The support of a rule is the share "
            "of baskets that hold both.",
        ),
        "support over the confidence": Mistake(
            _measured(lift=lambda a, c, both: both / (both / a) / c),
            "You divided the support by the confidence. The lift is the confidence over the share "
            "with `c`; nothing else stands above the line (you have support over the confidence).",
        ),
        "number of baskets": Mistake(
            lambda lines, a, c: (
                measure_rule(lines, a, c) | {"support": int(_holds(lines, a, c)[2].sum())}
            ),
            "The support is given as a number of baskets. It is their share of all baskets.",
        ),
    },
    takeaway="Three counts of baskets, and how many baskets there are: no rule knows more.",
)

# 5 baskets and a share of 0.5: 2.5, so 3 baskets. Tea is in 3, pot in 2 (in 3 lines), mug in 4.
SMALL = _lines(A="tea pot pot mug", B="tea mug", C="tea mug", D="mug", E="pot fig")
# 4 baskets and 0.5: exactly 2. Rice is in 2; oil in 1, of 3 lines; salt in 3.
EVEN = _lines(A="rice salt oil oil oil", B="rice salt", C="salt", D="fig")
# 100 baskets and 0.07: 7, but 0.07 * 100 is 7.000000000000001. Tea is in 7, mug in 6.
HUNDRED = pd.DataFrame(
    {"order_id": range(100), "item_id": ["tea"] * 7 + ["mug"] * 6 + ["fig"] * 87}
)


def frequent_items(lines, min_support):
    """Count the baskets of each item, and keep those with a large enough share of all baskets."""
    count = lines.groupby("item_id")["order_id"].nunique()
    return count[count / lines["order_id"].nunique() >= min_support]


def _enough(least, count=lambda lines: lines.groupby("item_id")["order_id"].nunique()):
    """Answer with another least number, or other counts."""

    def answer(lines, min_support):
        each = count(lines)
        return each[each >= least(min_support, lines)]

    return answer


def _baskets(lines):
    return lines["order_id"].nunique()


FREQUENT_ITEMS = Exercise(
    id="12-2",
    objective="Keep what is frequent, and cut exactly where the least support says.",
    hints=(
        "At least half of five baskets: how many is that?",
        "`groupby` and `nunique` count different baskets. Compare a share with a share, or round "
        "the number of baskets up.",
        "Keep an item if n / N ≥ min_support, n and N being numbers of different baskets.",
    ),
    solution=frequent_items,
    check=on_cases(
        (SMALL, 0.5), (EVEN, 0.5), (SMALL, 0.2), (SMALL, 0.55), (HUNDRED, 0.07), any_order=True
    ),
    wrong_answers={
        "rounded down": Mistake(
            _enough(lambda s, lines: math.floor(s * _baskets(lines))),
            "You rounded down: half of five baskets became two, which is less than half.",
        ),
        "to the nearest": Mistake(
            _enough(lambda s, lines: round(s * _baskets(lines))),
            "You rounded to the nearest whole number. Half of five baskets is 2.5, and Python "
            "makes 2 of it, which is less than half.",
        ),
        "more than": Mistake(
            lambda lines, min_support: frequent_items(lines, min_support + 1e-9),
            "You asked for more than the least support. At least means that the bound itself is "
            "enough: ≥.",
        ),
        "count lines": Mistake(
            _enough(
                lambda s, lines: s * _baskets(lines), lambda lines: lines["item_id"].value_counts()
            ),
            "You count lines with the item. Three lines in one basket are one basket.",
        ),
        "of the lines": Mistake(
            _enough(lambda s, lines: s * len(lines), lambda lines: lines["item_id"].value_counts()),
            "Your shares are of the lines, above and below. Take them of the different baskets.",
        ),
        "number of lines": Mistake(
            _enough(lambda s, lines: s * len(lines)),
            "You took a share of the number of lines. It should be of the number of baskets.",
        ),
        "number of items": Mistake(
            _enough(lambda s, lines: s * lines["item_id"].nunique()),
            "You took a share of the number of items. It should be of the number of baskets.",
        ),
        "7.000000000000001": Mistake(
            _enough(lambda s, lines: s * _baskets(lines)),
            "Nearly. In a computer 0.07 * 100 is 7.000000000000001, so that 7 baskets of 100 are "
            "not enough for you. Compare n / N with the share instead.",
        ),
        "too rare": Mistake(
            lambda lines, min_support: lines.groupby("item_id")["order_id"].nunique()[
                lambda n: n / lines["order_id"].nunique() < min_support
            ],
            "These are the items that are too rare. Keep the others.",
        ),
        "shares": Mistake(
            lambda lines, min_support: frequent_items(lines, min_support) / _baskets(lines),
            "These are shares of baskets. The question asks how many baskets hold each item.",
        ),
        "all items": Mistake(
            lambda lines, min_support: lines.groupby("item_id")["order_id"].nunique(),
            "These are all items. Keep those with the least support.",
        ),
    },
    takeaway="At least s of N baskets is a number that is rounded up.",
)


def _sets(*texts):
    return {frozenset(text.split()) for text in texts}


# By hand: bread-butter-jam has all its pairs; bread-butter-tea lacks butter-tea, butter-jam-tea
# too; bread-jam-tea has all.
PAIRS = _sets("bread butter", "bread jam", "bread tea", "butter jam", "jam tea")
# Of four items all sets of three but "b c e"; only a-b-c-d has all its four parts.
TRIPLES = _sets("a b c", "a b d", "a c d", "b c d", "a b e", "a c e")
SINGLE = _sets("tea", "pot", "mug")


def candidates(frequent):
    """Join any two sets to one with an item more; keep it if all parts with one less are there."""
    k = len(next(iter(frequent)))
    joined = {one | other for one in frequent for other in frequent if len(one | other) == k + 1}
    return {each for each in joined if all(each - {item} in frequent for item in each)}


def _joined(frequent):
    k = len(next(iter(frequent)))
    return {one | other for one in frequent for other in frequent if len(one | other) == k + 1}


def _all_sets(frequent):
    k = len(next(iter(frequent)))
    items = sorted(frozenset.union(*frequent))
    return {frozenset(each) for each in combinations(items, k + 1)}


def _by_beginning(frequent):
    rows = sorted(tuple(sorted(each)) for each in frequent)
    return {
        frozenset(one + other[-1:])
        for one, other in combinations(rows, 2)
        if one[:-1] == other[:-1]
    }


CANDIDATES = Exercise(
    id="12-3",
    objective="Make the sets that Apriori has yet to count, and no other.",
    hints=(
        "Which sets of three can be frequent at all, if butter and tea are rare together?",
        "The union of two frequent sets is a candidate if it has one item more. Then look at all "
        "of its parts: `each - {item}`.",
        "Keep X of k + 1 items if X∖{x} is frequent for every x in X.",
    ),
    solution=candidates,
    check=on_cases((PAIRS,), (SINGLE,), (TRIPLES,)),
    wrong_answers={
        "not pruned": Mistake(
            _joined,
            "Joined, but not pruned: some of these have a part that is rare, and cannot be "
            "frequent. Look at every part with one item less.",
        ),
        "begin alike": Mistake(
            _by_beginning,
            "You joined sets that begin alike, which is enough for joining. Now prune: every part "
            "with one item less must be frequent, not only those two.",
        ),
        "all sets": Mistake(
            _all_sets,
            "These are all sets of k + 1 items. Apriori is there to spare us most of them: keep "
            "those of which every part is frequent.",
        ),
        "the old sets": Mistake(
            lambda frequent: frequent | candidates(frequent),
            "Among yours are the old sets, which are counted already. Return those with one item "
            "more.",
        ),
        "pruned too much": Mistake(
            lambda frequent: {
                each
                for each in candidates(frequent)
                if len(each) == 2 or not any(each & other for other in _joined(frequent) - {each})
            },
            "You pruned too much. A candidate goes only if one of its own parts is rare.",
        ),
        "pairs of items": Mistake(
            lambda frequent: {
                each
                for each in _all_sets(frequent)
                if all(any(set(pair) <= one for one in frequent) for pair in combinations(each, 2))
            },
            "You looked at the pairs of items inside. For sets of four, the parts to look at are "
            "those of three: all but one item.",
        ),
    },
    takeaway="What has a rare part is rare: it need not be counted.",
)

# In sixteenths. By hand, M = 8 and α = 1/2: bounds 1, 2, 3, 4 sixteenths. Sorted p: 1, 3, 3, 5.
# Ranks 1 and 3 are at their bound or below, rank 2 is not: three are kept.
STEPS = (np.array([3, 5, 1, 3]) / 16, 8, 0.5)
# M = 16, α = 1/2: bounds 2, 4, … of 64. Sorted p: 1, 4, 7, 9, 10, 30, 40: ranks 1, 2 and 5 pass.
LATE = (np.array([9, 30, 1, 10, 40, 7, 4]) / 64, 16, 0.5)
# M = 4, α = 1/2: bounds 4, 8, 12 of 32; 3 and 5 pass, 20 does not.
FEW = (np.array([5, 20, 3]) / 32, 4, 0.5)
# Nothing passes: bounds 1/32 and 2/32, p 2/32 and 8/32.
NONE = (np.array([2, 8]) / 32, 16, 0.5)
# M = 8, α = 1/4: bounds 2, 4, 6, 8 of 64. Sorted p: 1, 6, 7, 7: ranks 1 and 4 are below.
QUARTER = (np.array([7, 1, 6, 7]) / 64, 8, 0.25)


def kept_by_bh(p_values, hypotheses, alpha):
    """Give the i-th smallest p-value the bound α i / M; keep all up to the last that passes."""
    p = np.sort(p_values)
    rank = np.arange(1, len(p) + 1)
    passes = rank[p <= rank / hypotheses * alpha]
    return passes.max(initial=0)


def _bh_steps(p_values, hypotheses, alpha):
    p = np.sort(p_values)
    return p <= np.arange(1, len(p) + 1) / hypotheses * alpha


def _holm(p_values, hypotheses, alpha):
    p = np.sort(p_values)
    return int(np.cumprod(p <= alpha / (hypotheses - np.arange(len(p)))).sum())


KEPT_BY_BH = Exercise(
    id="12-4",
    objective="Correct for all that was tried, and not only for what was found.",
    hints=(
        "You were shown the rules that came out. How many were tried to get them?",
        "Sort the p-values. The first is compared with α / M, the second with 2 α / M, and so on. "
        "What if the second fails and the third passes?",
        "The largest i with p₍ᵢ₎ ≤ α i / M; all i are kept. 0 if there is none.",
    ),
    solution=kept_by_bh,
    check=on_cases(STEPS, LATE, FEW, NONE, QUARTER),
    wrong_answers={
        "found": Mistake(
            lambda p, M, alpha: kept_by_bh(p, len(p), alpha),
            "You corrected for the rules that were found. All the others were tried as well, and "
            "failed: M is the number of hypotheses.",
        ),
        "not corrected": Mistake(
            lambda p, M, alpha: (p <= alpha).sum(),
            "These p-values are not corrected. Of many rules tried, a share of alpha passes by "
            "luck alone.",
        ),
        "Bonferroni": Mistake(
            lambda p, M, alpha: (p <= alpha / M).sum(),
            "This is Bonferroni's correction: each is compared with α / M. Here the i-th smallest "
            "may be i times as large.",
        ),
        "Holm": Mistake(
            _holm,
            "This is Holm's way, which guards against even one false rule. The question asks for "
            "the share of false ones among those kept: α i / M.",
        ),
        "stopped at the first": Mistake(
            lambda p, M, alpha: np.cumprod(_bh_steps(p, M, alpha)).sum(),
            "You stopped at the first that fails. Look for the *last* that passes; all before it "
            "are kept, too.",
        ),
        "those that pass": Mistake(
            lambda p, M, alpha: _bh_steps(p, M, alpha).sum(),
            "You counted those that pass their own bound. All up to the last of them are kept: "
            "the largest rank.",
        ),
        "not sorted": Mistake(
            lambda p, M, alpha: np.arange(1, len(p) + 1)[
                p <= np.arange(1, len(p) + 1) / M * alpha
            ].max(initial=0),
            "The p-values are not sorted: the rank is the place in the order of size, not the "
            "place in the array.",
        ),
        "smaller than": Mistake(
            lambda p, M, alpha: np.arange(1, len(p) + 1)[
                np.sort(p) < np.arange(1, len(p) + 1) / M * alpha
            ].max(initial=0),
            "You asked for p-values smaller than the bound. One that equals it passes: ≤.",
        ),
        "largest first": Mistake(
            lambda p, M, alpha: np.arange(1, len(p) + 1)[
                np.sort(p)[::-1] <= np.arange(1, len(p) + 1) / M * alpha
            ].max(initial=0),
            "You sorted the largest first. Rank 1 is the smallest p-value.",
        ),
        "from 0": Mistake(
            lambda p, M, alpha: (
                np.arange(len(p))[np.sort(p) <= np.arange(len(p)) / M * alpha]
            ).max(initial=0),
            "Your ranks count from 0, as Python does. The smallest p-value has rank 1.",
        ),
    },
    takeaway="The number of hypotheses is what was looked through, not what came out.",
)

# By hand, tea and pot. Baskets of one: none with both. Of two: 4 baskets, tea in 3, pot in 2:
# 3 · 2 / 4 · 1/2 = 0.75. Of three: 2 baskets, tea in 2, pot in 1: 2 · 1 / 2 · 2/3 = 0.667.
SIZES = _lines(
    A="tea",
    B="pot",
    C="tea pot",
    D="tea mug",
    E="tea fig",
    F="pot fig",
    G="tea pot fig",
    H="tea mug fig",
)
# Oil and salt, three baskets of two: 2 · 2 / 3 · 1/2 = 0.667; one of four: 1 · 1 / 1 · 3/4 = 0.75.
TWO_SIZES = _lines(
    A="oil salt", B="oil rice", C="rice salt", D="oil salt rice fig", E="fig", F="salt"
)


def together_by_size(lines, a, c):
    """Take baskets of each size s alone: n_a n_c / N (1 − 1/s); add up over the sizes."""
    holds = pd.crosstab(lines["order_id"], lines["item_id"])
    size = holds.sum(axis=1).rename("size")
    n = holds.groupby(size).sum()
    return (n[a] * n[c] / size.groupby(size).size() * (1 - 1 / n.index)).sum()


def _sized(formula):
    """Answer with another formula of n_a, n_c, the baskets, and the size."""

    def answer(lines, a, c):
        holds = pd.crosstab(lines["order_id"], lines["item_id"])
        size = holds.sum(axis=1).rename("size")
        n, baskets = holds.groupby(size).sum(), size.groupby(size).size()
        return formula(n[a], n[c], baskets, n.index.to_series())

    return answer


def _met(lines, a, c):
    holds = pd.crosstab(lines["order_id"], lines["item_id"])
    return (holds[a] * holds[c]).sum()


TOGETHER_BY_SIZE = Exercise(
    id="12-5",
    objective="Work out what the size of the baskets alone would bring together.",
    hints=(
        "Compare a basket of two only with baskets of two. How many hold `a` there, and how many "
        "`c`?",
        "Group the table of baskets × items by the size of the basket, and add up within each "
        "size. Then one line for the formula.",
        "E = Σ n_a n_c / N · (1 − 1/s), over the sizes s; all three counts are of baskets of size "
        "s.",
    ),
    solution=together_by_size,
    check=on_cases((SIZES, "tea", "pot"), (TWO_SIZES, "oil", "salt"), (SIZES, "fig", "tea")),
    wrong_answers={
        "all baskets together": Mistake(
            _sized(lambda a, c, N, s: a.sum() * c.sum() / N.sum()),
            "You took all baskets together, whatever their size: n_a n_c / N, which is what the "
            "plain lift compares with.",
        ),
        "basket of one": Mistake(
            _sized(lambda a, c, N, s: (a * c / N).sum()),
            "The factor 1 − 1/s is missing. Without it a basket of one would hold a pair now and "
            "then.",
        ),
        "of all sizes": Mistake(
            _sized(lambda a, c, N, s: (a * c / N.sum() * (1 - 1 / s)).sum()),
            "You divided by the number of baskets of all sizes. Divide by those of the size at "
            "hand.",
        ),
        "did meet": Mistake(
            _met,
            "This is how often they did meet. The question asks how often they would by chance.",
        ),
        "the lift": Mistake(
            lambda lines, a, c: _met(lines, a, c) / together_by_size(lines, a, c),
            "You have gone a step further, to the lift within sizes. The question asks for the "
            "number below the line.",
        ),
        "share of the baskets": Mistake(
            _sized(lambda a, c, N, s: (a * c / N * (1 - 1 / s)).sum() / N.sum()),
            "This is a share of the baskets. The question asks for a number of baskets.",
        ),
        "not divided": Mistake(
            _sized(lambda a, c, N, s: (a * c * (1 - 1 / s)).sum()),
            "The products are not divided by the number of baskets of that size.",
        ),
        "lines in baskets": Mistake(
            _sized(lambda a, c, N, s: (a * c / (N * s) * (1 - 1 / s)).sum()),
            "You divided by the lines in baskets of that size. A basket of size s has s lines; "
            "divide by the number of baskets.",
        ),
        "1/s": Mistake(
            _sized(lambda a, c, N, s: (a * c / N / s).sum()),
            "You multiplied by 1/s, which is the chance that the second thing falls on the place "
            "of the first. It must fall on another: 1 − 1/s.",
        ),
        "mean over the sizes": Mistake(
            _sized(lambda a, c, N, s: (a * c / N * (1 - 1 / s)).mean()),
            "You took the mean over the sizes. The baskets of each size come on top of the "
            "others: add them up.",
        ),
    },
    takeaway="What big baskets share is no association: compare like with like.",
)

ABOUT_THE_SHELF = quiz(
    id="12-6",
    objective="Say no more about a shelf than the baskets do.",
    options={
        "a": "Cake mix and frosting have the highest lift, so put them at opposite ends of the "
        "shop: people will walk past everything.",
        "b": "Those who buy cake mix buy frosting, so a lower price for cake mix will sell more "
        "frosting.",
        "c": "White and wheat bread have a lift above 1: they complement each other, so sell them "
        "as a bundle.",
        "d": "Baskets with cake mix hold frosting far more often than other baskets of the same "
        "size; whether a common shelf sells more, try in half of the shops.",
    },
    right="d",
    hints=(
        "Which of the sentences says only what was counted?",
        "A rule was counted in a shop as it is. What do you know of a shop with another shelf or "
        "another price?",
        "One moves the shelf, one takes the arrow for a cause, and one forgets the size of the "
        "baskets.",
    ),
    wrong_answers={
        "another shelf": Mistake(
            "a",
            "The baskets are from shops as they are. What people do before another shelf has not "
            "been seen: they may walk, or go without.",
        ),
        "cause": Mistake(
            "b",
            "The arrow of a rule is no cause. If a birthday makes people buy both, a cheaper mix "
            "sells no frosting.",
        ),
        "size": Mistake(
            "c",
            "Their lift comes from the size of the baskets. Compared with baskets of their own "
            "size, the two breads meet less often than by chance, as things do that replace each "
            "other.",
        ),
    },
    takeaway="A rule says what lies together, compared with what; the rest is for an experiment.",
)
