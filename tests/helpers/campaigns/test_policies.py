"""Policies and plans: by hand, against brute force, and against the truth."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from helpers.campaigns.policies import highest, next_best_action, policy_values
from helpers.data import problems, sources


def by_hand():
    # Ana and Cem treated (9, 7), Ben and Dan not (4, 2); Eva treated (0), Fay not (5).
    return pd.DataFrame(
        {
            "user_id": ["Ana", "Ben", "Cem", "Dan", "Eva", "Fay"],
            "treated": [True, False] * 3,
            "earned": [9, 4, 7, 2, 0, 5],
        }
    )


def of(*names):
    return pd.Series({name: name in names for name in by_hand()["user_id"]})


FOUR = of("Ana", "Ben", "Cem", "Dan")
ALL = of(*by_hand()["user_id"])


def test_highest():
    score = pd.Series({"Ana": 1, "Ben": 3, "Cem": 1, "Dan": 2})
    assert list(score.index[highest(score, 3)]) == ["Ana", "Ben", "Dan"]
    with pytest.raises(ValueError, match="only 4 users"):
        highest(score, 5)
    with pytest.raises(problems.TableError, match="score"):
        highest(score.where(score > 1), 1)


def test_policy_by_hand():
    # Four: (9 + 7)/2 − (4 + 2)/2 = 5 for each of 4. Variances 2 and 2: error = 4 √(2/2 + 2/2).
    # All: 16/3 − 11/3 = 5/3 for each of 6.
    table = policy_values(by_hand(), {"four": FOUR, "all": ALL}, "earned")
    assert table["gain"].tolist() == pytest.approx([20, 10])
    assert table["chosen"].tolist() == [4, 6]
    assert table["treated"].tolist() == [2, 3]
    half = 1.959964 * 4 * np.sqrt(2)
    assert table.loc["four", ["low", "high"]].tolist() == pytest.approx([20 - half, 20 + half])


def test_a_policy_of_all_is_the_experiment():
    rng = np.random.default_rng(0)
    campaign = pd.DataFrame({"user_id": range(200), "treated": rng.random(200) < 0.4})
    campaign["earned"] = rng.normal(size=200) + campaign["treated"]
    table = policy_values(campaign, {"all": pd.Series([True] * 200)}, "earned")
    arms = [campaign["earned"][campaign["treated"] == arm] for arm in (True, False)]
    theirs = ttest_ind(*arms, equal_var=False)
    error = (arms[0].mean() - arms[1].mean()) / theirs.statistic
    assert table.loc["all", "gain"] / 200 == pytest.approx(arms[0].mean() - arms[1].mean())
    assert (table.loc["all", "high"] - table.loc["all", "gain"]) / 200 == pytest.approx(
        1.959964 * error, rel=1e-6
    )


def test_intervals_hold_the_truth_as_often_as_they_say():
    key = sources.load_shop_key()["campaign"].set_index("user_id")
    rng = np.random.default_rng(3)
    first = highest(key["organic"], 500)
    other = highest(key["organic"] + key["uplift"], 500)
    true = key["uplift"][first].sum(), key["uplift"][other].sum()
    held = np.zeros(2)
    for _ in range(200):
        treated = rng.random(len(key)) < 0.5
        bought = rng.random(len(key)) < key["organic"] + treated * key["uplift"]
        campaign = pd.DataFrame({"user_id": key.index, "treated": treated, "bought": bought})
        table = policy_values(campaign, {"a": first, "b": other}, "bought", against="a")
        held += [
            table.loc["a", "low"] <= true[0] <= table.loc["a", "high"],
            table.loc["b", "difference_low"]
            <= true[1] - true[0]
            <= table.loc["b", "difference_high"],
        ]
    assert (held / 200 >= 0.92).all()
    assert (held / 200 <= 0.98).all()


def test_against():
    policies = {"four": FOUR, "again": FOUR.copy(), "all": ALL}
    table = policy_values(by_hand(), policies, "earned", against="four")
    again = table.loc["again", ["difference", "difference_low", "difference_high"]]
    assert again.tolist() == [0, 0, 0]  # the same users: no doubt at all
    assert table.loc["all", "difference"] == pytest.approx(-10)
    assert table.loc["all", "difference_low"] < -10 < table.loc["all", "difference_high"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"policies": {"two": of("Ana", "Ben", "Dan")}}, "1 of them were treated"),
        ({"policies": {"two": of("Ana", "Cem", "Ben")}}, "1 of them were in the control group"),
        ({"policies": {"few": FOUR.drop("Eva")}}, "without a score"),
        ({"policies": {"n": FOUR.astype(int)}}, "not True or False"),
        ({"policies": {}}, "policies is empty"),
        ({"against": "five"}, 'no policy "five"'),
        ({"confidence": 95}, "confidence"),
        ({"outcome": "profit"}, "profit"),
    ],
)
def test_policies_that_are_refused(change, words):
    given = {"policies": {"four": FOUR}, "outcome": "earned"} | change
    with pytest.raises(ValueError, match=words):
        policy_values(by_hand(), **given)


# ---------------------------------------------------------------- plans


def test_greedy_is_not_best():
    # By value per dollar Ana's mail (2/1) comes first, and no coupon can be paid then.
    values = pd.DataFrame({"mail": [2, 0], "coupon": [3, 5]}, index=["Ana", "Ben"])
    plan = next_best_action(values, {"mail": 1, "coupon": 3}, budget=3)
    assert plan.action.to_dict() == {"Ana": "nothing", "Ben": "coupon"}
    assert (plan.value, plan.spent) == (5, 3)


def test_a_plan_that_the_solver_first_fails_to_find():
    # HiGHS ends this one with "Solve error" unless it presolves.
    rng = np.random.default_rng(5)
    values, groups = rng.normal(0, 2, 300), rng.integers(0, 5, 300)
    plan = next_best_action(
        pd.DataFrame({"coupon": values}), {"coupon": 1}, 75, groups=pd.Series(groups)
    )
    # Of n coupons, each group gets its share for its best users, and the best others the rest.
    ranked = pd.DataFrame({"value": values, "group": groups}).sort_values("value", ascending=False)
    place, size = (
        ranked.groupby("group").cumcount(),
        ranked.groupby("group")["value"].transform("size"),
    )
    found = []
    for n in range(76):
        own = place < size * n // 300
        found.append(ranked["value"][own].sum() + ranked["value"][~own].head(n - own.sum()).sum())
    assert plan.value == pytest.approx(max(found))


def brute_force(values, costs, budget, groups=None):
    n, actions = values.shape
    best = 0.0
    costs = np.append([costs[name] for name in values], 0)
    padded = np.column_stack([values, np.zeros(n)])
    for choice in product(range(actions + 1), repeat=n):
        gets = np.array(choice) < actions
        value = padded[np.arange(n), choice].sum()
        fair = groups is None or all(
            gets[groups == g].sum() >= np.floor((groups == g).mean() * gets.sum() + 1e-9)
            for g in set(groups)
        )
        if fair and costs[list(choice)].sum() <= budget and value > best:
            best = value
    return best


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.booleans())
def test_plans_are_best(seed, with_groups):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    values = pd.DataFrame(rng.integers(-3, 9, (n, 2)), columns=["mail", "coupon"])
    costs = {"mail": int(rng.integers(0, 3)), "coupon": int(rng.integers(1, 6))}
    budget = int(rng.integers(0, 12))
    groups = pd.Series(rng.integers(2, size=n)) if with_groups else None
    plan = next_best_action(values, costs, budget, groups=groups)
    assert plan.value == pytest.approx(brute_force(values, costs, budget, groups))
    # What it says of itself is so.
    gets = plan.action[plan.action != "nothing"]
    assert plan.value == sum(values.loc[user, action] for user, action in gets.items())
    assert plan.spent == sum(costs[action] for action in gets) <= budget


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"costs": {"mail": 1}}, "no cost of coupon"),
        ({"costs": {"mail": -1, "coupon": 1}}, "0 or more"),
        ({"budget": -1}, "0 or more"),
        ({"values": pd.DataFrame({"nothing": [1]})}, "drop the column"),
        ({"values": pd.DataFrame({"mail": [np.nan], "coupon": [1.0]})}, "mail"),
        ({"groups": pd.Series([None, "b"])}, "for each user"),
        ({"groups": pd.Series(["a"])}, "for each user"),
    ],
)
def test_plans_that_are_refused(change, words):
    given = {
        "values": pd.DataFrame({"mail": [1, 2], "coupon": [3, 4]}),
        "costs": {"mail": 1, "coupon": 3},
        "budget": 4,
    }
    with pytest.raises(ValueError, match=words):
        next_best_action(**given | change)
