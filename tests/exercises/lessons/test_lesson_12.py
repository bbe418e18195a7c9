"""Answers to lesson 12 that learners give: right ones by another way, and what wrong ones hear."""

from itertools import combinations

import numpy as np
from scipy import stats

from exercises.lesson_12 import candidates, frequent_items
from helpers import rules
from tests.exercises.lessons.answers import are_right, are_told


def measures_of_helper(lines, a, c):
    itemsets = rules.frequent_itemsets(lines, min_support=1e-9, max_len=2)
    found = rules.association_rules(itemsets, min_threshold=0)
    found = found[(found["antecedents"] == {a}) & (found["consequents"] == {c})].iloc[0]
    return {name: found[name] for name in ("support", "confidence", "lift")}


def frequent_of_helper(lines, min_support):
    found = rules.frequent_itemsets(lines, min_support, max_len=1)
    return found["count"].set_axis(found["itemsets"].map(min)).rename_axis("item_id")


def candidates_of_all(frequent):
    k = len(min(frequent, key=len))
    return {
        frozenset(each)
        for each in combinations(sorted(frozenset.union(*frequent)), k + 1)
        if all(frozenset(part) in frequent for part in combinations(each, k))
    }


def kept_by_scipy(p_values, hypotheses, alpha):
    everything = np.append(p_values, np.ones(hypotheses - len(p_values)))
    return (stats.false_discovery_control(everything) <= alpha).sum()


def together_basket_by_basket(lines, a, c):
    held = lines.groupby("order_id")["item_id"].agg(set)
    total = 0.0
    for size in set(held.map(len)):
        these = [each for each in held if len(each) == size]
        n_a, n_c = (sum(item in each for each in these) for item in (a, c))
        total += n_a * n_c / len(these) * (size - 1) / size
    return total


def frequent_by_the_number_of_baskets(lines, min_support):
    count = lines.groupby("item_id")["order_id"].nunique()
    return count[count >= min_support * lines["order_id"].nunique()]


test_another_way_is_right_too = are_right(
    ("12-1", measures_of_helper),
    ("12-2", frequent_of_helper),
    ("12-2", frequent_by_the_number_of_baskets),
    ("12-2", lambda lines, s: frequent_items(lines, s).iloc[::-1]),
    ("12-3", candidates_of_all),
    ("12-5", kept_by_scipy),
    ("12-7", together_basket_by_basket),
)


def holm_sidak(p_values, hypotheses, alpha):
    bounds = 1 - (1 - alpha) ** (1 / (hypotheses - np.arange(len(p_values))))
    return np.cumprod(np.sort(p_values) <= bounds).sum()


def yekutieli(p_values, hypotheses, alpha):
    everything = np.append(p_values, np.ones(hypotheses - len(p_values)))
    return (stats.false_discovery_control(everything, method="by") <= alpha).sum()


def of_the_most_frequent(lines, min_support):
    count = lines.groupby("item_id")["order_id"].nunique()
    return count[count >= min_support * count.max()]


def only_from_single_items(frequent):
    joined = {one | other for one in frequent for other in frequent if len(one | other) == 2}
    return {each for each in joined if all(each - {item} in frequent for item in each)}


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    ("12-2", of_the_most_frequent, "is not expected"),
    ("12-3", only_from_single_items, "not right"),
    ("12-3", lambda frequent: {frozenset("ab")} | candidates(frequent), "not right"),
    ("12-5", lambda p, M, alpha: 0, "not right"),
    ("12-5", lambda p, M, alpha: len(p), "not right"),
    ("12-5", holm_sidak, "not right"),
    ("12-5", yekutieli, "Yekutieli"),
)
