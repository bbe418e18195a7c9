"""Exercises of lesson 14: less noise, how many users, Qini, what a policy gains, what is known."""

from math import ceil, floor, sqrt

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Marketing strategy"

# By hand: after 8 and 5, difference 3; before 4 and 2, difference 2. θ = 0.5: 3 − 0.5 · 2 = 2.
SIX = pd.DataFrame(
    {
        "treated": [True, False, True, False, False, True],
        "before": [3, 1, 4, 2, 3, 5],
        "after": [7, 4, 9, 5, 6, 8],
    }
)
FIVE = pd.DataFrame(
    {
        "treated": [False, True, False, True, False],
        "before": [6, 2, 9, 5, 6],
        "after": [10, 4, 13, 11, 7],
    }
)


def cleaned_difference(users, theta):
    """Take off the part of the difference that was there before."""
    arms = users.groupby("treated")[["before", "after"]].mean()
    change = arms.loc[True] - arms.loc[False]
    return change["after"] - theta * change["before"]


def _change(users, name):
    arms = users.groupby("treated")[name].mean()
    return arms[True] - arms[False]


def _summed(users, name):
    arms = users.groupby("treated")[name].sum()
    return arms[True] - arms[False]


CLEANED = Exercise(
    id="14-1",
    objective="Clean the difference of two arms of what was there before (CUPED).",
    hints=(
        "Had the two arms spent the same before the experiment?",
        "Compute two differences of means, treated minus control: of `after` and of `before`.",
        "d(after) − θ · d(before).",
    ),
    solution=cleaned_difference,
    check=on_cases((SIX, 0.5), (FIVE, 1.5), (FIVE, 0.8)),
    wrong_answers={
        "not cleaned": Mistake(
            lambda users, theta: _change(users, "after"),
            "This is the plain difference, not cleaned of what was there before.",
        ),
        "added": Mistake(
            lambda users, theta: _change(users, "after") + theta * _change(users, "before"),
            "You added what was there before. Who had spent more already must be counted down.",
        ),
        "forgot θ": Mistake(
            lambda users, theta: _change(users, "after") - _change(users, "before"),
            "You forgot θ: only θ of what was there before is still there after.",
        ),
        "θ of everything": Mistake(
            lambda users, theta: theta * (_change(users, "after") - _change(users, "before")),
            "You took θ of everything. It belongs to the difference before alone.",
        ),
        "sums": Mistake(
            lambda users, theta: _summed(users, "after") - theta * _summed(users, "before"),
            "You subtracted sums. The arms may differ in size: take means.",
        ),
        "treated alone": Mistake(
            lambda users, theta: (users["after"] - theta * users["before"])[
                users["treated"]
            ].mean(),
            "These are the treated alone. An effect is a difference of the arms.",
        ),
        "before and after": Mistake(
            lambda users, theta: _change(users, "before") - theta * _change(users, "after"),
            "You have before and after swapped: θ belongs to what was there before.",
        ),
        "what is to be taken off": Mistake(
            lambda users, theta: theta * _change(users, "before"),
            "This is what is to be taken off. Take it off the difference after.",
        ),
        "absolute": Mistake(
            lambda users, theta: _change(users, "after") - theta * abs(_change(users, "before")),
            "You took the absolute difference before. If the treated had less, cleaning must add.",
        ),
        "mean of all": Mistake(
            lambda users, theta: _change(users, "after") - theta * users["before"].mean(),
            "You took off θ times the mean of all users. Take the difference before.",
        ),
        "slope of your own": Mistake(
            lambda users, theta: (
                _change(users, "after")
                - users["before"].cov(users["after"])
                / users["before"].var()
                * _change(users, "before")
            ),
            "You computed a slope of your own. The slope is given: `theta`.",
        ),
        "control minus treated": Mistake(
            lambda users, theta: theta * _change(users, "before") - _change(users, "after"),
            "You took control minus treated. An effect is treated minus control.",
        ),
    },
    takeaway="What the lot gave one arm by chance beforehand is noise; take it off.",
)

# By hand: 0.1 · 0.9 = 0.09 and 0.14 · 0.86 = 0.1204; 2.8² = 7.84; effect² = 0.0016.
# 7.84 · (0.18 + 0.2408) / 0.0016 = 2061.92, so 2,062 users.


def users_needed(p, effect, z):
    """Say how many users find the effect: z squared, both variances, over the effect squared."""
    control, treated = p * (1 - p), (p + effect) * (1 - p - effect)
    return int(np.ceil(z**2 * (2 * treated + 2 * control) / effect**2))


def _variances(p, effect):
    return p * (1 - p), (p + effect) * (1 - p - effect)


USERS = Exercise(
    id="14-2",
    objective="Say before an experiment how many users it needs.",
    hints=(
        "What makes an effect hard to see, and how fast does it grow harder as the effect shrinks?",
        "The variance of a rate p is p (1 − p). The treated have another rate than the others.",
        "n = z² (2 σ₁² + 2 σ₀²) / δ², rounded up; users come whole.",
    ),
    solution=users_needed,
    check=on_cases((0.1, 0.04, 2.8), (0.3, -0.06, 3.24), (0.45, 0.02, 2.8)),
    wrong_answers={
        "not squared": Mistake(
            lambda p, effect, z: ceil(2 * z**2 * sum(_variances(p, effect)) / effect),
            "The effect is not squared. Half the effect takes four times the users, not twice.",
        ),
        "z": Mistake(
            lambda p, effect, z: ceil(2 * z * sum(_variances(p, effect)) / effect**2),
            "You forgot to square z.",
        ),
        "one arm": Mistake(
            lambda p, effect, z: ceil(z**2 * sum(_variances(p, effect)) / effect**2),
            "This is one arm. The question is for all users, and half of them are the other arm.",
        ),
        "variance of control": Mistake(
            lambda p, effect, z: ceil(4 * z**2 * p * (1 - p) / effect**2),
            "You took the variance of control for both arms. The treated order with p + effect.",
        ),
        "variance of the treated": Mistake(
            lambda p, effect, z: ceil(4 * z**2 * (p + effect) * (1 - p - effect) / effect**2),
            "You took the variance of the treated for both arms. The others order with p.",
        ),
        "variance of the effect": Mistake(
            lambda p, effect, z: ceil(2 * z**2 * (p * (1 - p) + effect * (1 - effect)) / effect**2),
            "You took the variance of the effect. The rate of the treated is p + effect.",
        ),
        "parentheses": Mistake(
            lambda p, effect, z: ceil(
                2 * z**2 * (p * (1 - p) + (p + effect) * (1 - p + effect)) / effect**2
            ),
            "Mind the parentheses: one minus the rate of the treated is 1 − (p + effect).",
        ),
        "rates themselves": Mistake(
            lambda p, effect, z: ceil(2 * z**2 * (p + p + effect) / effect**2),
            "You took the rates themselves for variances. The variance of a rate p is p (1 − p).",
        ),
        "share of p": Mistake(
            lambda p, effect, z: users_needed(p, p * effect, z),
            "You took the effect for a share of p. It is in the units of a rate: p + effect.",
        ),
        "doubled twice": Mistake(
            lambda p, effect, z: ceil(4 * z**2 * sum(_variances(p, effect)) / effect**2),
            "You doubled twice. Both variances come times two, once: 2σ₁² + 2σ₀².",
        ),
        "mean rate": Mistake(
            lambda p, effect, z: ceil(
                4 * z**2 * (p + effect / 2) * (1 - p - effect / 2) / effect**2
            ),
            "You took the variance at the mean rate. Each arm has its own rate and variance.",
        ),
        "standard deviations": Mistake(
            lambda p, effect, z: ceil(
                2 * z**2 * sum(sqrt(each) for each in _variances(p, effect)) / effect**2
            ),
            "You added standard deviations. The formula has their squares, p (1 − p) for a rate.",
        ),
        "round up": Mistake(
            lambda p, effect, z: 2 * z**2 * sum(_variances(p, effect)) / effect**2,
            "Right but for the last step: users come whole. Round up, or the chance is missed.",
        ),
        "nearest": Mistake(
            lambda p, effect, z: round(2 * z**2 * sum(_variances(p, effect)) / effect**2),
            "You rounded to the nearest number. A user too few just misses the chance: round up.",
        ),
        "each arm": Mistake(
            lambda p, effect, z: 2 * ceil(z**2 * sum(_variances(p, effect)) / effect**2),
            "You rounded up each arm. Here it is all users together: double first, round once.",
        ),
        "rounded down": Mistake(
            lambda p, effect, z: floor(2 * z**2 * sum(_variances(p, effect)) / effect**2),
            "You rounded down. With that many users the chance is just missed: round up.",
        ),
    },
    takeaway="Half the effect takes four times the users: settle the number before you begin.",
)

# By hand, k = 4: the four highest are 9 (treated, bought), 8 (not, no), 7 (treated, bought) and
# 6 (treated, no). n₁ = 3, n₀ = 1, Y₁ = 2, Y₀ = 0: 2. With 5 (not, bought) n₀ = 2, Y₀ = 1:
# 2 − 1 · 3/2 = 0.5.
RANKED = pd.DataFrame(
    {
        "score": [5, 9, 2, 7, 8, 1, 6, 3],
        "treated": [False, True, True, True, False, False, True, False],
        "bought": [True, True, True, True, False, True, False, False],
    }
)
RANKED_BADLY = pd.DataFrame(
    {
        "score": [0.2, -0.1, 0.4, 0.0, 0.3, 0.1, -0.3],
        "treated": [True, True, False, False, True, False, True],
        "bought": [True, True, True, True, False, False, False],
    }
)


def gain_of_first(users, k):
    """Take the k highest scores; those left alone say what the treated would have done."""
    first = users.nlargest(k, "score")
    treated, others = first[first["treated"]], first[~first["treated"]]
    return treated["bought"].sum() - others["bought"].sum() * len(treated) / len(others)


def _gain(first, scale=lambda n1, n0: n1 / n0):
    treated, others = first[first["treated"]], first[~first["treated"]]
    share = scale(len(treated), len(others))
    return treated["bought"].sum() - others["bought"].sum() * share


QINI = Exercise(
    id="14-3",
    objective="Work out one point of a Qini curve.",
    hints=(
        "Who are the first k, and what would their treated have done without the treatment?",
        "Those left alone answer that. If they are fewer or more, their orders are scaled.",
        "Y₁ − Y₀ n₁ / n₀, all four counted among the k users with the highest scores.",
    ),
    solution=gain_of_first,
    check=on_cases((RANKED, 4), (RANKED, 5), (RANKED_BADLY, 4), (RANKED_BADLY, 6)),
    wrong_answers={
        "not sorted": Mistake(
            lambda users, k: _gain(users.head(k)),
            "Your users are not sorted: these are the first k rows, not the k highest scores.",
        ),
        "lowest": Mistake(
            lambda users, k: _gain(users.nsmallest(k, "score")),
            "You took the lowest scores. Who is moved most comes first.",
        ),
        "everybody": Mistake(
            lambda users, k: _gain(users),
            "You counted everybody. Y and n are those among the first k only.",
        ),
        "not scaled": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: 1),
            "The others are not scaled. n₀ users ordered Y₀ times; n₁ of them, Y₀ n₁/n₀ times.",
        ),
        "n₀/n₁": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: n0 / n1),
            "You scaled by n₀/n₁. Y₀ is of n₀ users and is wanted for n₁: times n₁/n₀.",
        ),
        "rates": Mistake(
            lambda users, k: (
                _gain(users.nlargest(k, "score")) / users.nlargest(k, "score")["treated"].sum()
            ),
            "This is a difference of rates. A gain is in orders: times n₁.",
        ),
        "per treated user": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score")) / users["treated"].sum(),
            "This is the gain per treated user, as the helper's curve has it. The question is in "
            "orders: do not divide.",
        ),
        "per user": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score")) / k,
            "This is the gain per user. The question is for all k together, in orders.",
        ),
        "by k": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: n1 / k),
            "You divided by k. Y₀ is what n₀ users ordered: times n₁/n₀.",
        ),
        "line of the lot": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score")) - k / len(users) * _gain(users),
            "You took off the line of the lot. That comes with the area; the curve is before it.",
        ),
        "others minus treated": Mistake(
            lambda users, k: -_gain(users.nlargest(k, "score")),
            "You took others minus treated. A gain is what the treated have more.",
        ),
        "treated only": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: 0),
            "You counted the treated only. Some of them would have ordered anyway.",
        ),
        "times k": Mistake(
            lambda users, k: (
                _gain(users.nlargest(k, "score")) / users.nlargest(k, "score")["treated"].sum() * k
            ),
            "This is the difference of rates times k. The treatment was given n₁ times, not k.",
        ),
        "all n₁ and n₀": Mistake(
            lambda users, k: _gain(
                users.nlargest(k, "score"),
                lambda n1, n0: users["treated"].sum() / (~users["treated"]).sum(),
            ),
            "You scaled by all n₁ and n₀ of the campaign. Count them among the first k.",
        ),
    },
    takeaway="Nobody's uplift can be seen; that of the first k can, from those left alone.",
)

# By hand, e = 0.5: chosen are Ana (treated, 9: +18), Ben (not, 4: −8), Cem (treated, 2: +4): 14.
LOT = pd.DataFrame(
    {
        "chosen": [True, True, True, False, False],
        "treated": [True, False, True, True, False],
        "earned": [9.0, 4.0, 2.0, 7.0, 3.0],
    }
)
UNEVEN = pd.DataFrame(
    {
        "chosen": [True, False, True, True, True, False],
        "treated": [True, True, False, False, True, False],
        "earned": [6.0, 5.0, 3.0, 8.0, 1.0, 2.0],
    }
)


def policy_gain(campaign, e):
    """Weigh each chosen user by the inverse of the chance of what the lot did."""
    mine = campaign[campaign["chosen"]]
    return (mine["earned"] * (mine["treated"] - e) / (e * (1 - e))).sum()


def _weighed(campaign, treated, control):
    earned, by_lot = campaign["earned"], campaign["treated"]
    return (earned * (by_lot * treated - ~by_lot * control)).sum()


def _scaled(mine):
    treated, others = mine[mine["treated"]], mine[~mine["treated"]]
    return len(mine) * (treated["earned"].mean() - others["earned"].mean())


GAIN = Exercise(
    id="14-4",
    objective="Value a policy on a randomized campaign by inverse propensity.",
    hints=(
        "Whom does the policy change anything for? What did the lot do with them?",
        "A treated user stands for 1/e users like that one; who was left alone, for 1/(1 − e).",
        "Σ over chosen users: + earned/e if treated, − earned/(1 − e) if not.",
    ),
    solution=policy_gain,
    check=on_cases((LOT, 0.5), (UNEVEN, 0.25), (UNEVEN, 0.8)),
    wrong_answers={
        "all users": Mistake(
            lambda campaign, e: _weighed(campaign, 1 / e, 1 / (1 - e)),
            "You summed over all users. For those the policy does not choose, nothing changes.",
        ),
        "not weighed": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1, 1),
            "Your users are not weighed. The lot showed you only part of each case: 1/e, 1/(1−e).",
        ),
        "treated only": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, 0),
            "You counted the treated only. What would have come anyway is no gain.",
        ),
        "weights swapped": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / (1 - e), 1 / e),
            "You have the weights swapped: e is the chance of being treated.",
        ),
        "added": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, -1 / (1 - e)),
            "You added both cases. What came without the treatment is taken off.",
        ),
        "times the chance": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], e, 1 - e),
            "You weighed by e, times the chance. A rare case counts more: divide by it.",
        ),
        "mean": Mistake(
            lambda campaign, e: policy_gain(campaign, e) / campaign["chosen"].sum(),
            "This is the mean of a chosen user. The question is for all of them together.",
        ),
        "mean of all": Mistake(
            lambda campaign, e: policy_gain(campaign, e) / len(campaign),
            "This is a mean of all users. The question is for the chosen ones, all together.",
        ),
        "0.5": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 2, 2),
            "You weighed by 2, as if e were always 0.5. Use the e that is given.",
        ),
        "both by e": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, 1 / e),
            "You weighed both by e. To be left alone has the chance 1 − e.",
        ),
        "e (1 − e)": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 - e, e),
            "You multiplied by T − e and did not divide by e (1 − e).",
        ),
        "those not chosen": Mistake(
            lambda campaign, e: (
                2 * policy_gain(campaign, e) - _weighed(campaign, 1 / e, 1 / (1 - e))
            ),
            "You took off those not chosen. The policy changes nothing for them: leave them out.",
        ),
        "share of all": Mistake(
            lambda campaign, e: policy_gain(campaign, campaign["treated"].mean()),
            "You weighed by the share of all that was treated. The chance is given: e.",
        ),
        "difference of means": Mistake(
            lambda campaign, e: _scaled(campaign[campaign["chosen"]]) / campaign["chosen"].sum(),
            "This is a difference of means. The gain of all is a sum of weighed cases.",
        ),
        "agrees": Mistake(
            lambda campaign, e: (
                _weighed(campaign[campaign["chosen"]], 1 / e, 0)
                + _weighed(campaign[~campaign["chosen"]], 0, -1 / (1 - e))
            ),
            "You took users for whom the lot agrees with the policy: that is all the policy earns. "
            "The gain is what it earns beyond doing nothing.",
        ),
        "scaled": Mistake(
            lambda campaign, e: _scaled(campaign[campaign["chosen"]]),
            "You scaled the weights, as `policy_values` does. Here each counts as it is.",
        ),
    },
    takeaway="A lot with known chances can value policies that nobody has tried.",
)

SLIDE = quiz(
    id="14-5",
    objective="Say what this experiment supports.",
    options={
        "a": "The uplift model has found the persuadable customers, so it replaces the list.",
        "b": "Coupons for those most likely to order pay, since they respond best.",
        "c": "Coupons for customers who would order anyway lose money; for whom they work, this "
        "experiment is too small to say.",
        "d": "The coupon does not work: the interval of the difference holds zero.",
        "e": "Without age and country the list would be worse, so the agency needs them.",
    },
    right="c",
    hints=(
        "Which statements have an interval that leaves zero out?",
        "Holding zero does not mean being zero.",
        "One thing is sure in money: who orders anyway takes the discount.",
    ),
    wrong_answers={
        "too small": Mistake(
            "a", "The interval of its Qini holds zero: the experiment is too small for that."
        ),
        "anyway": Mistake("b", "They would have ordered anyway, and now they pay less."),
        "no evidence": Mistake(
            "d", "No evidence of an effect is not evidence of none: small effects fit, too."
        ),
        "cost nothing": Mistake(
            "e", "Left out, they cost nothing. What they do is single people out."
        ),
    },
    takeaway="Say what is known, what is not, and which experiment would tell.",
)
