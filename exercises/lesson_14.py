"""Exercises of lesson 14: A/B tests, confounding, Qini curves, policies and privacy."""

from math import ceil, floor, sqrt

import numpy as np
import pandas as pd
from scipy.special import ndtri

from exercises.engine.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Marketing strategy"

INTERVAL = quiz(
    id="14-1",
    objective="Read the confidence interval of an A/B test.",
    options={
        "a": (
            "The coupon has no effect, because the interval includes 0.",
            "The interval includes 0, and it includes an effect of four, too. No evidence of an "
            "effect is not evidence that there is none.",
        ),
        "b": (
            "Of a hundred customers with a coupon, two ordered because of it.",
            "Two per hundred is the point estimate. The interval says how far the true effect may "
            "be from it.",
        ),
        "c": (
            "Anything from slightly fewer to almost five more orders per hundred coupons fits the "
            "data."
        ),
        "d": (
            "The test is useless, because the result is not significant.",
            "The test rules out large effects in both directions: more than five extra orders per "
            "hundred coupons, for example. That is worth knowing.",
        ),
    },
    hints=(
        "What does a 95% confidence interval give a range for?",
        "Every effect inside the interval fits the data, not only 0 and not only the middle.",
        "Read both ends of the interval aloud, in orders per hundred coupons.",
    ),
    takeaway="Read both ends of an interval: together they say what the data do not rule out.",
)

# By hand: 0.1 · 0.9 = 0.09 and 0.14 · 0.86 = 0.1204; 3.2² = 10.24; effect² = 0.0016.
# 10.24 · (0.18 + 0.2408) / 0.0016 = 2693.12, so 2,694 users. The lesson's own z is 2.80.


def users_needed(p, effect, z):
    """Say how many users detect the effect: z squared, both variances, over the effect squared."""
    control, treated = p * (1 - p), (p + effect) * (1 - p - effect)
    return int(np.ceil(z**2 * (2 * treated + 2 * control) / effect**2))


def _variances(p, effect):
    return p * (1 - p), (p + effect) * (1 - p - effect)


USERS = Exercise(
    id="14-2",
    objective="Compute the sample size of an A/B test before it starts.",
    hints=(
        "How many more customers does half the effect need, and where is that in the formula?",
        "The variance of a rate p is p (1 − p). The rate of the treated is p + effect.",
        "n = z² (2 σ₁² + 2 σ₀²) / δ², rounded up to a whole customer.",
    ),
    solution=users_needed,
    check=on_cases(
        (0.1, 0.04, 3.2), (0.3, -0.06, 3.24), (0.45, 0.02, 2.8), held_back=[(0.24, 0.03, 2.9)]
    ),
    wrong_answers={
        "not squared": Mistake(
            lambda p, effect, z: ceil(2 * z**2 * sum(_variances(p, effect)) / effect),
            "The effect is not squared. Half the effect takes four times the customers, not twice.",
        ),
        "z": Mistake(
            lambda p, effect, z: ceil(2 * z * sum(_variances(p, effect)) / effect**2),
            "You did not square z, the sum of the two quantiles.",
        ),
        "given `z`": Mistake(
            lambda p, effect, z: users_needed(p, effect, ndtri(0.975) + ndtri(0.8)),
            "You computed a z of your own, as for a power of 80%. Use the given `z`.",
        ),
        "one group": Mistake(
            lambda p, effect, z: ceil(z**2 * sum(_variances(p, effect)) / effect**2),
            "This is one group. The question asks for both groups together.",
        ),
        "variance of control": Mistake(
            lambda p, effect, z: ceil(4 * z**2 * p * (1 - p) / effect**2),
            "You used the variance of control for both groups. The rate of the treated is p + "
            "effect.",
        ),
        "variance of the treated": Mistake(
            lambda p, effect, z: ceil(4 * z**2 * (p + effect) * (1 - p - effect) / effect**2),
            "You used the variance of the treated for both groups. The rate of the control group "
            "is p.",
        ),
        "variance of the effect": Mistake(
            lambda p, effect, z: ceil(2 * z**2 * (p * (1 - p) + effect * (1 - effect)) / effect**2),
            "You used the variance of the effect as if it were a rate. The rate of the treated is "
            "p + effect.",
        ),
        "parentheses": Mistake(
            lambda p, effect, z: ceil(
                2 * z**2 * (p * (1 - p) + (p + effect) * (1 - p + effect)) / effect**2
            ),
            "Check the parentheses: one minus the rate of the treated is 1 − (p + effect).",
        ),
        "rates themselves": Mistake(
            lambda p, effect, z: ceil(2 * z**2 * (p + p + effect) / effect**2),
            "You used the rates themselves instead of variances. The variance of a rate p is p "
            "(1 − p).",
        ),
        "share of p": Mistake(
            lambda p, effect, z: users_needed(p, p * effect, z),
            "You read the effect as a share of p. It is a difference of rates: the treated order "
            "with "
            "p + effect.",
        ),
        "doubled twice": Mistake(
            lambda p, effect, z: ceil(4 * z**2 * sum(_variances(p, effect)) / effect**2),
            "You doubled twice. Each variance is multiplied by two once: 2σ₁² + 2σ₀².",
        ),
        "mean rate": Mistake(
            lambda p, effect, z: ceil(
                4 * z**2 * (p + effect / 2) * (1 - p - effect / 2) / effect**2
            ),
            "You used the variance at the mean rate. Each group has its own rate and variance.",
        ),
        "standard deviations": Mistake(
            lambda p, effect, z: ceil(
                2 * z**2 * sum(sqrt(each) for each in _variances(p, effect)) / effect**2
            ),
            "You added standard deviations. The formula has their squares: p (1 − p) for a rate.",
        ),
        "round up": Mistake(
            lambda p, effect, z: 2 * z**2 * sum(_variances(p, effect)) / effect**2,
            "Almost right: a number of customers is whole. Round up, or the power is just missed.",
        ),
        "nearest": Mistake(
            lambda p, effect, z: round(2 * z**2 * sum(_variances(p, effect)) / effect**2),
            "You rounded to the nearest number. One customer too few just misses the power: "
            "round up.",
        ),
        "each group": Mistake(
            lambda p, effect, z: 2 * ceil(z**2 * sum(_variances(p, effect)) / effect**2),
            "You rounded up each group. The question asks for both together: double first, then "
            "round "
            "once.",
        ),
        "rounded down": Mistake(
            lambda p, effect, z: floor(2 * z**2 * sum(_variances(p, effect)) / effect**2),
            "You rounded down. With that many customers the power is just missed: round up.",
        ),
    },
    takeaway="Half the effect takes four times the customers: settle the number before you begin.",
)

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
AGAIN = pd.DataFrame(
    {
        "treated": [True, True, False, False, True, False, True],
        "before": [3, 2, 8, 7, 1, 4, 6],
        "after": [12, 6, 3, 9, 2, 5, 13],
    }
)


def adjusted_difference(users, theta):
    """Subtract θ times the difference that was there before."""
    arms = users.groupby("treated")[["before", "after"]].mean()
    change = arms.loc[True] - arms.loc[False]
    return change["after"] - theta * change["before"]


def _change(users, name):
    arms = users.groupby("treated")[name].mean()
    return arms[True] - arms[False]


def _summed(users, name):
    arms = users.groupby("treated")[name].sum()
    return arms[True] - arms[False]


ADJUSTED = Exercise(
    id="14-3",
    objective="Adjust the difference of two groups for what was there before (CUPED).",
    hints=(
        "Were the two groups equal before the experiment?",
        "Compute two differences of means, treated minus control: of `after` and of `before`.",
        "d(after) − θ · d(before).",
    ),
    solution=adjusted_difference,
    check=on_cases((SIX, 0.5), (FIVE, 1.5), (FIVE, 0.8), held_back=[(AGAIN, 1.2)]),
    wrong_answers={
        "not adjusted": Mistake(
            lambda users, theta: _change(users, "after"),
            "This is the difference after, not adjusted for the difference before. If you centered "
            "`before` on the means of the groups, the adjustment cancels: use the overall mean.",
        ),
        "added": Mistake(
            lambda users, theta: _change(users, "after") + theta * _change(users, "before"),
            "You added the difference before. If the treated had more already, the effect is "
            "smaller, "
            "so subtract.",
        ),
        "forgot θ": Mistake(
            lambda users, theta: _change(users, "after") - _change(users, "before"),
            "You forgot θ. This is difference-in-differences; CUPED subtracts θ times the "
            "difference "
            "before.",
        ),
        "θ of everything": Mistake(
            lambda users, theta: theta * (_change(users, "after") - _change(users, "before")),
            "You took θ of everything. It multiplies only the difference before.",
        ),
        "sums": Mistake(
            lambda users, theta: _summed(users, "after") - theta * _summed(users, "before"),
            "You subtracted sums. The groups may differ in size, so use means.",
        ),
        "treated alone": Mistake(
            lambda users, theta: (users["after"] - theta * users["before"])[
                users["treated"]
            ].mean(),
            "This uses the treated alone. An effect is a difference between the groups.",
        ),
        "before and after": Mistake(
            lambda users, theta: _change(users, "before") - theta * _change(users, "after"),
            "You swapped before and after: θ multiplies the covariate, measured before the "
            "experiment.",
        ),
        "only the adjustment": Mistake(
            lambda users, theta: theta * _change(users, "before"),
            "This is only the adjustment. Subtract it from the difference after.",
        ),
        "absolute": Mistake(
            lambda users, theta: _change(users, "after") - theta * abs(_change(users, "before")),
            "You used the absolute difference before. If the treated had less before, the "
            "adjustment "
            "must raise the effect.",
        ),
        "mean of all": Mistake(
            lambda users, theta: _change(users, "after") - theta * users["before"].mean(),
            "You subtracted θ times the mean of all users. Use the difference of the groups "
            "before.",
        ),
        "slope of your own": Mistake(
            lambda users, theta: (
                _change(users, "after")
                - users["before"].cov(users["after"])
                / users["before"].var()
                * _change(users, "before")
            ),
            "You estimated a slope of your own. The slope is given: `theta`.",
        ),
        "control minus treated": Mistake(
            lambda users, theta: theta * _change(users, "before") - _change(users, "after"),
            "This is control minus treated. An effect is treated minus control.",
        ),
    },
    takeaway="What chance gave one group before the experiment is known, so remove it.",
)

# By hand: A 10 − 7 = 3 (6 customers), B 2 − 1 = 1 (2 customers): (6 · 3 + 2 · 1) / 8 = 2.5.
TWO_SEGMENTS = pd.DataFrame(
    {
        "segment": ["A", "A", "B", "A", "A", "B", "A", "A"],
        "treated": [True, False, True, True, True, False, True, False],
        "spent": [12.0, 6.0, 2.0, 8.0, 9.0, 1.0, 11.0, 8.0],
    }
)
THREE_SEGMENTS = pd.DataFrame(
    {
        "segment": [3, 1, 3, 2, 2, 1, 2, 2, 2, 3, 1],
        "treated": [True, True, False, False, True, False, False, False, True, False, False],
        "spent": [40.0, 9.0, 47.0, 20.0, 26.0, 5.0, 24.0, 19.0, 31.0, 52.0, 4.0],
    }
)
OTHER_SEGMENTS = pd.DataFrame(
    {
        "segment": list("ZXYXXZYYXXZZ"),
        "treated": [True, True, True, False, True, False, False, False, True, True, False, False],
        "spent": [15.0, 30.0, 8.0, 21.0, 34.0, 10.0, 9.0, 2.0, 27.0, 41.0, 17.0, 12.0],
    }
)


def controlled_difference(customers):
    """Average the differences within the segments, by the number of customers."""
    means = customers.pivot_table("spent", "segment", "treated")
    share = customers["segment"].value_counts(normalize=True)
    return ((means[True] - means[False]) * share).sum()


def _differences(customers):
    means = customers.pivot_table("spent", "segment", "treated")
    return means[True] - means[False]


def _within(customers, weight):
    """Average the differences within the segments, weighted by a function of n₁ and n₀."""
    n = customers.pivot_table("spent", "segment", "treated", aggfunc="size")
    weights = weight(n[True], n[False])
    return (_differences(customers) * weights).sum() / weights.sum()


def _plain(customers):
    return _change(customers, "spent")


def _by_weights(customers, of_treated, of_others):
    """Subtract weighted means; the weights are functions of e, the propensity in the segment."""
    e = customers.groupby("segment")["treated"].transform("mean")
    weight = of_treated(e).where(customers["treated"], of_others(e))
    weighted = (customers["spent"] * weight).groupby(customers["treated"]).sum()
    means = weighted / weight.groupby(customers["treated"]).sum()
    return means[True] - means[False]


CONTROLLED = Exercise(
    id="14-4",
    objective="Control for a confounder: compare within segments, then average.",
    hints=(
        "Are the segments equally frequent among the treated and the others?",
        "Compute the difference of means within each segment first.",
        "Average these differences, each weighted by the number of customers in its segment.",
    ),
    solution=controlled_difference,
    check=on_cases(TWO_SEGMENTS, THREE_SEGMENTS, held_back=[OTHER_SEGMENTS]),
    wrong_answers={
        "not controlled": Mistake(
            _plain,
            "This difference is not controlled: the segments are mixed in different proportions in "
            "the two groups. Compare within each segment.",
        ),
        "every segment equally": Mistake(
            lambda customers: _within(customers, lambda n1, n0: n1 * 0 + 1),
            "You weighted every segment equally. The average over all customers weights a segment "
            "by its number of customers.",
        ),
        "by the treated": Mistake(
            lambda customers: _within(customers, lambda n1, n0: n1),
            "You weighted the segments by the treated. That is the effect on the treated; the "
            "question asks for the average over all customers.",
        ),
        "by the untreated": Mistake(
            lambda customers: _within(customers, lambda n1, n0: n0),
            "You weighted the segments by the untreated. The question asks for the average over "
            "all customers.",
        ),
        "regression": Mistake(
            lambda customers: _within(customers, lambda n1, n0: n1 * n0 / (n1 + n0)),
            "A regression on treatment and segment gives this: it weights most the segments in "
            "which treated and untreated are balanced. Weight by the number of customers.",
        ),
        "sum of the differences": Mistake(
            lambda customers: (
                _within(customers, lambda n1, n0: n1 * 0 + 1) * customers["segment"].nunique()
            ),
            "This is the sum of the differences within the segments. Average them.",
        ),
        "not divided": Mistake(
            lambda customers: controlled_difference(customers) * len(customers),
            "You weighted by the number of customers, but the sum is not divided by all of them.",
        ),
        "untreated minus treated": Mistake(
            lambda customers: -controlled_difference(customers),
            "This is untreated minus treated. An effect is treated minus untreated.",
        ),
        "weighted by the probability": Mistake(
            lambda customers: _by_weights(customers, lambda e: e, lambda e: 1 - e),
            "You weighted by the probability of what happened. IPW divides by it.",
        ),
        "untreated by 1/e": Mistake(
            lambda customers: _by_weights(customers, lambda e: 1 / e, lambda e: 1 / e),
            "You weighted the untreated by 1/e, too. Their probability is 1 − e, so their weight "
            "is 1/(1 − e).",
        ),
        "weights are swapped": Mistake(
            lambda customers: _by_weights(customers, lambda e: 1 / (1 - e), lambda e: 1 / e),
            "The weights are swapped. Weight the treated by 1/e and the others by 1/(1 − e).",
        ),
        "sorts by count": Mistake(
            lambda customers: np.average(
                _differences(customers), weights=customers["segment"].value_counts()
            ),
            "The weights belong to other segments: `value_counts` sorts by count, and the "
            "differences are sorted by segment. Sort both alike, or multiply two Series, which "
            "pandas aligns.",
        ),
    },
    takeaway="Compare like with like first, and average afterwards.",
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
# By hand, k = 3: the three highest are 0.4 (not, bought), 0.3 (treated, no) and 0.2 (treated,
# bought): 1 − 1 · 2/1 = −1. The three highest of each group are 0.3, 0.2, −0.1 and 0.4, 0.1, 0:
# 2 − 2 = 0. All seven: 2 − 2 · 4/3.
RANKED_BADLY = pd.DataFrame(
    {
        "score": [0.2, -0.1, 0.4, 0.0, 0.3, 0.1, -0.3],
        "treated": [True, True, False, False, True, False, True],
        "bought": [True, True, True, True, False, False, False],
    }
)
RANKED_AGAIN = pd.DataFrame(
    {
        "score": [31, 12, 45, 27, 8, 50, 19, 38, 22],
        "treated": [False, True, True, False, False, True, True, False, True],
        "bought": [True, False, True, False, True, False, True, False, True],
    }
)


def gain_of_first(users, k):
    """Subtract what the treated would have ordered at the rate of the control group."""
    first = users.nlargest(k, "score")
    treated, others = first[first["treated"]], first[~first["treated"]]
    return treated["bought"].sum() - others["bought"].sum() * len(treated) / len(others)


def _gain(first, scale=lambda n1, n0: n1 / n0):
    treated, others = first[first["treated"]], first[~first["treated"]]
    share = scale(len(treated), len(others))
    return treated["bought"].sum() - others["bought"].sum() * share


def _gain_by_all_untreated(users, k):
    first = users.nlargest(k, "score")
    n1, n0 = first["treated"].sum(), (~first["treated"]).sum()
    bought_by_others = users.loc[~users["treated"], "bought"].sum()
    return first.loc[first["treated"], "bought"].sum() - bought_by_others * n1 / n0


QINI = Exercise(
    id="14-5",
    objective="Compute one point of a Qini curve.",
    hints=(
        "Who are the first k, and what would the treated among them have done without treatment?",
        "The control group among the first k answers that. Scale its orders to n₁ users.",
        "Y₁ − Y₀ · n₁ / n₀, all four counted among the k users with the highest scores.",
    ),
    solution=gain_of_first,
    check=on_cases(
        (RANKED, 4),
        (RANKED, 5),
        (RANKED_BADLY, 3),
        (RANKED_BADLY, 4),
        (RANKED_BADLY, 6),
        held_back=[(RANKED_AGAIN, 7)],
    ),
    wrong_answers={
        "not sorted": Mistake(
            lambda users, k: _gain(users.head(k)),
            "The users are not sorted: these are the first k rows, not the k highest scores.",
        ),
        "lowest": Mistake(
            lambda users, k: _gain(users.nsmallest(k, "score")),
            "You used the lowest scores. The highest scores are treated first.",
        ),
        "everybody": Mistake(
            lambda users, k: _gain(users),
            "You counted everybody. Count Y and n among the first k only.",
        ),
        "each group": Mistake(
            lambda users, k: _gain(
                pd.concat(some.nlargest(k, "score") for _, some in users.groupby("treated"))
            ),
            "You took the first k of each group. Take the first k of all users, and count the "
            "treated and the untreated among them.",
        ),
        "k + 1": Mistake(
            lambda users, k: _gain(users.nlargest(k + 1, "score")),
            "These are the first k + 1 users. Positions start at 0: the k-th row is "
            "`iloc[k - 1]`, and `loc[:k]` takes one row too many.",
        ),
        "Y₀ among all users": Mistake(
            _gain_by_all_untreated,
            "You counted Y₀ among all users. Count it among the first k, as Y₁, n₁ and n₀.",
        ),
        "not scaled": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: 1),
            "Y₀ is not scaled. It comes from n₀ users; n₁ users would have ordered Y₀ · n₁/n₀ "
            "times.",
        ),
        "n₀/n₁": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: n0 / n1),
            "You scaled by n₀/n₁. Y₀ comes from n₀ users and is needed for n₁: multiply by n₁/n₀.",
        ),
        "rates": Mistake(
            lambda users, k: (
                _gain(users.nlargest(k, "score")) / users.nlargest(k, "score")["treated"].sum()
            ),
            "This is a difference of rates. The gain is in orders: multiply by n₁.",
        ),
        "per treated user": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score")) / users["treated"].sum(),
            "This is the gain per treated user, as in the helper's curve. The question asks for "
            "orders: do not divide.",
        ),
        "per user": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score")) / k,
            "This is the gain per user. The question asks for all k together, in orders.",
        ),
        "by k": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: n1 / k),
            "You divided by k. Y₀ comes from n₀ users: multiply by n₁/n₀.",
        ),
        "random line": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score")) - k / len(users) * _gain(users),
            "You subtracted the random line. That belongs to the area; a point of the curve is "
            "without it.",
        ),
        "control minus treated": Mistake(
            lambda users, k: -_gain(users.nlargest(k, "score")),
            "This is control minus treated. The gain is what the treated have more.",
        ),
        "treated only": Mistake(
            lambda users, k: _gain(users.nlargest(k, "score"), lambda n1, n0: 0),
            "You counted the treated only. Some of them would have ordered anyway: subtract Y₀ · "
            "n₁/n₀.",
        ),
        "times k": Mistake(
            lambda users, k: (
                _gain(users.nlargest(k, "score")) / users.nlargest(k, "score")["treated"].sum() * k
            ),
            "This is the difference of rates times k. Only n₁ of the k were treated: multiply by "
            "n₁.",
        ),
        "all n₁ and n₀": Mistake(
            lambda users, k: _gain(
                users.nlargest(k, "score"),
                lambda n1, n0: users["treated"].sum() / (~users["treated"]).sum(),
            ),
            "You scaled by all n₁ and n₀ of the campaign. Count them among the first k only.",
        ),
    },
    takeaway="One user's uplift can't be seen, but a group's can, from its control users.",
)

# By hand, e = 0.5: chosen are Ana (treated, 9: +18), Ben (not, 4: −8), Cem (treated, 2: +4): 14.
CHOSEN = pd.DataFrame(
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
CHOSEN_AGAIN = pd.DataFrame(
    {
        "chosen": [False, True, True, True, False, True, True],
        "treated": [True, False, True, True, False, False, True],
        "earned": [4.0, 6.0, 12.0, 5.0, 9.0, 2.0, 7.0],
    }
)


def policy_gain(campaign, e):
    """Weight each chosen user by one over the probability of what happened."""
    mine = campaign[campaign["chosen"]]
    return (mine["earned"] * (mine["treated"] - e) / (e * (1 - e))).sum()


def _weighed(campaign, treated, control):
    earned, given = campaign["earned"], campaign["treated"]
    return (earned * (given * treated - ~given * control)).sum()


def _scaled(mine):
    treated, others = mine[mine["treated"]], mine[~mine["treated"]]
    return len(mine) * (treated["earned"].mean() - others["earned"].mean())


GAIN = Exercise(
    id="14-6",
    objective="Estimate the value of a policy by inverse propensity weighting.",
    hints=(
        "For which customers does the policy change anything? What happened to them in the test?",
        "A treated customer stands for 1/e customers, an untreated one for 1/(1 − e).",
        "Sum over the chosen: + earned/e if treated, − earned/(1 − e) if not.",
    ),
    solution=policy_gain,
    check=on_cases((CHOSEN, 0.5), (UNEVEN, 0.25), (UNEVEN, 0.8), held_back=[(CHOSEN_AGAIN, 0.4)]),
    wrong_answers={
        "all users": Mistake(
            lambda campaign, e: _weighed(campaign, 1 / e, 1 / (1 - e)),
            "You summed over all users. For those whom the policy does not choose, nothing "
            "changes.",
        ),
        "not weighted": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1, 1),
            "The users are not weighted. Weight by 1/e if treated and by 1/(1 − e) if not.",
        ),
        "treated only": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, 0),
            "You counted the treated only. What they would have brought anyway is no gain.",
        ),
        "restricted only the treated": Mistake(
            lambda campaign, e: (
                _weighed(campaign[campaign["chosen"]], 1 / e, 0)
                + _weighed(campaign, 0, 1 / (1 - e))
            ),
            "You restricted only the treated to the chosen. Of the untreated, too, only the chosen "
            "count.",
        ),
        "untreated are not weighted": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, 1),
            "The untreated are not weighted. Each stands for 1/(1 − e) customers.",
        ),
        "`earned / 1 - e`": Mistake(
            lambda campaign, e: (
                _weighed(campaign[campaign["chosen"]], 1 / e, 1)
                - e * (campaign["chosen"] & ~campaign["treated"]).sum()
            ),
            "Check the parentheses: `earned / 1 - e` divides by 1 and subtracts e. Write `/ (1 - "
            "e)`.",
        ),
        "weights are swapped": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / (1 - e), 1 / e),
            "The weights are swapped: e is the probability of being treated.",
        ),
        "added": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, -1 / (1 - e)),
            "You added both cases. Subtract what came without the treatment.",
        ),
        "multiplied by the probability": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], e, 1 - e),
            "You multiplied by the probability of what happened. A rare case counts more: divide "
            "by it.",
        ),
        "mean": Mistake(
            lambda campaign, e: policy_gain(campaign, e) / campaign["chosen"].sum(),
            "This is the mean per chosen user. The question asks for all of them together.",
        ),
        "mean of all": Mistake(
            lambda campaign, e: policy_gain(campaign, e) / len(campaign),
            "This is the mean of all users. The question asks for the chosen ones, all together.",
        ),
        "0.5": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 2, 2),
            "You weighted by 2, as if e were always 0.5. Use the given `e`.",
        ),
        "both by e": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 / e, 1 / e),
            "You divided both by e. The probability of not being treated is 1 − e.",
        ),
        "e (1 − e)": Mistake(
            lambda campaign, e: _weighed(campaign[campaign["chosen"]], 1 - e, e),
            "You multiplied by T − e, but did not divide by e (1 − e).",
        ),
        "parentheses": Mistake(
            lambda campaign, e: policy_gain(campaign, e) * (1 - e) ** 2,
            "Check the parentheses: `/ e * (1 - e)` divides by e and multiplies by 1 − e.",
        ),
        "control minus treated": Mistake(
            lambda campaign, e: -policy_gain(campaign, e),
            "This is control minus treated. A gain is treated minus control.",
        ),
        "those not chosen": Mistake(
            lambda campaign, e: (
                2 * policy_gain(campaign, e) - _weighed(campaign, 1 / e, 1 / (1 - e))
            ),
            "You subtracted those not chosen. The policy changes nothing for them: leave them out.",
        ),
        "share of all": Mistake(
            lambda campaign, e: policy_gain(campaign, campaign["treated"].mean()),
            "You weighted by the share of all that was treated. The probability is given: `e`.",
        ),
        "difference of means": Mistake(
            lambda campaign, e: _scaled(campaign[campaign["chosen"]]) / campaign["chosen"].sum(),
            "This is a difference of means. The total gain is a sum over the chosen users.",
        ),
        "agrees": Mistake(
            lambda campaign, e: (
                _weighed(campaign[campaign["chosen"]], 1 / e, 0)
                + _weighed(campaign[~campaign["chosen"]], 0, -1 / (1 - e))
            ),
            "You used the users whose treatment agrees with the policy: that estimates all that "
            "the "
            "policy earns. The gain is what it earns beyond doing nothing.",
        ),
        "scaled": Mistake(
            lambda campaign, e: _scaled(campaign[campaign["chosen"]]),
            "You scaled the weights, as `policy_values` does. The question asks for IPW without "
            "scaling.",
        ),
    },
    takeaway="A randomized experiment can value policies that nobody has tried.",
)

# By hand: FR 40 twice, FR 25 twice, DE 25 twice, FR missing once, DE missing twice: 1.
LIST = pd.DataFrame(
    {
        "country": ["FR", "FR", "FR", "FR", "DE", "DE", "FR", "DE", "DE"],
        "age": ["40", "40", "25", "25", "25", "25", None, None, None],
        "channel": ["email"] * 9,
    }
)
LONGER = pd.DataFrame(
    {
        "country": ["DE"] * 6 + ["FR"] * 7,
        "age": ["25"] * 3 + [None] * 3 + ["40"] * 3 + [None] * 2 + ["25"] * 2,
        "channel": ["email"] * 8 + ["direct"] + ["email"] * 4,
    }
)
# By hand: FR 0 twice, FR 2 three times, FR missing once, DE 2 three times: 1. With 0 for the
# missing one, FR 0 three times: 3. With 2, the most frequent, FR 2 four times: 2.
WITH_ZEROS = pd.DataFrame(
    {"country": ["FR"] * 6 + ["DE"] * 3, "children": [0, 0, 2, 2, 2, None, 2, 2, 2]}
)
ANOTHER = pd.DataFrame(
    {
        "country": ["IT"] * 7 + ["ES"] * 11,
        "age": ["60"] * 5 + [None] * 2 + ["60"] * 3 + [None] * 3 + ["30"] * 5,
        "channel": ["search", "email"] * 9,
    }
)


def smallest_group(customers, columns):
    """Count the customers of each combination, missing values included."""
    return customers.groupby(columns, dropna=False).size().min()


COUNT = "`count` leaves out missing values. Count the rows of each group, as `size` does."


def _sizes(customers, columns):
    return customers.groupby(columns, dropna=False).size()


K_ANONYMITY = Exercise(
    id="14-7",
    objective="Compute k of k-anonymity, the size of the smallest group that can't be told apart.",
    hints=(
        "Which customers can't be told apart by these columns?",
        "Group by all columns at once, and count the customers in each group.",
        "`groupby` drops missing values unless you say `dropna=False`.",
    ),
    solution=smallest_group,
    check=on_cases(
        (LIST, ["country", "age"]),
        (LIST, ["country"]),
        (LIST, ["age", "channel"]),
        (LONGER, ["country", "age"]),
        (LONGER, ["country", "age", "channel"]),
        (WITH_ZEROS, ["country", "children"]),
        held_back=[(ANOTHER, ["country", "age"])],
    ),
    wrong_answers={
        "missing values": Mistake(
            lambda customers, columns: customers.groupby(columns).size().min(),
            "You dropped customers with missing values: `groupby` does so by default. They are on "
            "the list, too, so count them.",
        ),
        "missing value": Mistake(
            lambda customers, columns: customers.dropna().groupby(columns).size().min(),
            "You dropped the customers with a missing value in any column. They are on the list, "
            "too, so count them.",
        ),
        "by 0": Mistake(
            lambda customers, columns: (
                customers[columns].astype(object).fillna(0).value_counts().min()
            ),
            "You replaced missing values by 0. Where 0 is a value, too, two groups become one: a "
            "missing value is a value of its own.",
        ),
        "by real ones": Mistake(
            lambda customers, columns: (
                customers[columns].fillna(customers[columns].mode().iloc[0]).value_counts().min()
            ),
            "You replaced missing values by real ones, so two groups become one: a missing value "
            "is a value of its own.",
        ),
        "`count`": Mistake(
            lambda customers, columns: customers.groupby(columns, dropna=False).count().min().min(),
            COUNT,
        ),
        "leaves out missing values": Mistake(
            lambda customers, columns: (
                customers.groupby(columns, dropna=False)[columns[0]].count().min()
            ),
            COUNT,
        ),
        "one column at a time": Mistake(
            lambda customers, columns: min(
                customers[each].value_counts(dropna=False).min() for each in columns
            ),
            "You looked at one column at a time. The combination of all columns singles people "
            "out.",
        ),
        "alone": Mistake(
            lambda customers, columns: (_sizes(customers, columns) == 1).sum(),
            "This is the number of customers who stand alone. The question asks for the size of "
            "the smallest group.",
        ),
        "number of groups": Mistake(
            lambda customers, columns: len(_sizes(customers, columns)),
            "This is the number of groups. The question asks for the size of the smallest one.",
        ),
        "largest": Mistake(
            lambda customers, columns: _sizes(customers, columns).max(),
            "This is the largest group. The customers in the smallest group are the ones at risk.",
        ),
        "mean": Mistake(
            lambda customers, columns: _sizes(customers, columns).mean(),
            "This is the mean size of a group. The customers in the smallest group are the ones "
            "at risk.",
        ),
        "share": Mistake(
            lambda customers, columns: _sizes(customers, columns).min() / len(customers),
            "This is a share of all customers. The k of k-anonymity is a number of customers.",
        ),
        "all columns of the table": Mistake(
            lambda customers, columns: _sizes(customers, list(customers)).min(),
            "You grouped by all columns of the table. Use only those in `columns`.",
        ),
    },
    takeaway="Columns that are harmless one by one can single people out together.",
)

SLIDE = quiz(
    id="14-8",
    objective="Say what this experiment supports.",
    options={
        "a": (
            "The T-learner has found the customers who react to the coupon.",
            "The interval of its Qini coefficient includes 0: the experiment is too small to show "
            "that.",
        ),
        "b": (
            "Coupons for those most likely to respond pay off, because they respond best.",
            "Most of their orders would have come anyway, and now they pay less: this loses money.",
        ),
        "c": (
            "Coupons for customers who order anyway lose money; for whom they work, this "
            "experiment is too small to say."
        ),
        "d": (
            "The coupon has no effect: the interval of the difference includes 0.",
            "No evidence of an effect is not evidence that there is none: an effect of four orders "
            "per hundred coupons is in the interval, too.",
        ),
    },
    hints=(
        "Which of these statements has an interval that excludes 0?",
        "An interval that includes 0 does not show that the effect is 0.",
        "Which policies have an interval of their incremental profit that lies below 0?",
    ),
    takeaway="Say what is known, what is not, and which experiment would tell.",
)
