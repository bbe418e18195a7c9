"""Exercises of lesson 14: less noise, the value of a policy, what may be said."""

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
        "control minus treated": Mistake(
            lambda users, theta: theta * _change(users, "before") - _change(users, "after"),
            "You took control minus treated. An effect is treated minus control.",
        ),
    },
    takeaway="What the lot gave one arm by chance beforehand is noise; take it off.",
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


GAIN = Exercise(
    id="14-2",
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
    },
    takeaway="A lot with known chances can value policies that nobody has tried.",
)

SLIDE = quiz(
    id="14-3",
    objective="Say what this experiment supports.",
    options={
        "a": "The uplift model has found the persuadable customers, so it replaces the list.",
        "b": "Coupons for those most likely to order pay, since they respond best.",
        "c": "Coupons for customers who would order anyway lose money; for whom they work, this "
        "experiment is too small to say.",
        "d": "The coupon does not work: the interval of the difference holds zero.",
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
    },
    takeaway="Say what is known, what is not, and which experiment would tell.",
)
