"""Exercises of lesson 11b: sequences, one step of a GRU, gradients, weights, learning curves."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Sequence models"


def _purchases(**of_users):
    rows = [(user, day) for user, days in of_users.items() for day in days]
    return pd.DataFrame(rows, columns=["user_id", "day"])


SPRING = _purchases(Ana=[3, 9, 10, 24], Ben=[17, 11, 4], Cem=[18], Dan=[10, 16, 18, 26], Eva=[2])
AUTUMN = _purchases(Ana=[16, 17, 30, 31], Ben=[23, 24, 44], Cem=[29, 29, 18], Dan=[40], Eva=[9])
PURCHASES = [
    # Days 1 to 7, 8 to 14, 15 to 21. Cem is not known yet, and Dan bought before them.
    Case(
        *(_purchases(Ana=[21, 1, 7, 8], Ben=[15, 16, 22], Cem=[23], Dan=[-5]), 21, 3),
        right={"Ana": [2, 1, 1], "Ben": [0, 0, 2], "Dan": [0, 0, 0]},
    ),
    # 4 to 10, 11 to 17.
    Case(SPRING, 17, 2, right={"Ana": [2, 0], "Ben": [1, 2], "Dan": [1, 1], "Eva": [0, 0]}),
]
# 17 to 23, 24 to 30.
PURCHASES_AGAIN = Case(
    *(AUTUMN, 30, 2), right={"Ana": [1, 1], "Ben": [1, 1], "Cem": [1, 2], "Eva": [0, 0]}
)


def weekly_counts(purchases, t0, weeks):
    """Cut at t0, count back in weeks, and put the oldest week first."""
    known = purchases[purchases["day"] <= t0]
    ago = (t0 - known["day"]) // 7
    return {
        user: [int((weeks_ago == k).sum()) for k in reversed(range(weeks))]
        for user, weeks_ago in ago.groupby(known["user_id"])
    }


WEEKLY_COUNTS = Exercise(
    id="11b-1",
    hints=(
        "Which rows did the shop have on the evening of day t0? How many whole weeks before t0 "
        "was each of them?",
        "Cut the rows at t0. Weeks ago are (t0 − day) // 7; 0 is the latest week.",
        "For each known user: the number of rows with weeks ago = k, for k = weeks − 1, …, 1, 0.",
    ),
    solution=weekly_counts,
    check=on_cases(*PURCHASES, held_back=[PURCHASES_AGAIN]),
    mistakes="""
    known = … => known = purchases[purchases.groupby("user_id")["day"].transform("min") <= t0]
    (t0 - known["day"]) // 7 => ((t0 - known["day"]) // 7).clip(0)
        Purchases after t0 leak into your last week. Cut the rows at t0 before you count.
    known = … => known = purchases
        You have a sequence for users who were not known at t0: their first purchase came later.
    reversed(range(weeks)) => range(weeks)
        Your sequences have the latest week first, and the empty weeks of a new customer at the end.
        A network reads from left to right; the latest week must be read last.
    t0 - known["day"] => known.groupby("user_id")["day"].transform("max") - known["day"]
        Your weeks count back from each user's last purchase, so recency, the best single feature,
        is lost. Count back from t0.
    => first = purchases.groupby("user_id")["day"].transform("min")
    ago = … => ago = weeks - 1 - (known["day"] - first) // 7
        Your weeks count from each user's first purchase, so the end of a sequence is not t0. Align
        all sequences at the end.
    t0 - known["day"] => t0 - 1 - known["day"]
        Your last week ends a day too early. Purchases of day t0 are known on its evening.
    t0 - known["day"] => t0 - known["day"].where(known["day"] < t0)
        Day t0 is missing: you cut before it. Its purchases are known on its evening.
    (t0 - known["day"]) // 7 => ((t0 - known["day"]) // 7).clip(upper=weeks - 1)
        Purchases from before the first week are piled up in it. They are not in the sequence.
    return … => return {user: counts for user, counts in (…).items() if any(counts)}
        You dropped users without a purchase in these weeks. They are the likeliest to churn; their
        sequence is all zeros.
    reversed(range(weeks)) => range(weeks, 0, -1)
        Your weeks are one too early. The latest week is 0 weeks ago, so count down to 0.
    reversed(range(weeks)) => sorted(set(ago))
        Your lists have a count only for weeks in which somebody bought, also for weeks before the
        first. Each list has `weeks` counts.
    (weeks_ago == k).sum() => (weeks_ago == k).any()
        You noted only whether there was a purchase, yes or no. Count them.
    (weeks_ago == k).sum() => weeks_ago.between(k, weeks - 1).sum()
        Your counts are collected from week to week. Each week has its own count.
    """,
    takeaway="Cut at t0, align all sequences at the end, and pad on the left.",
)


def gru_step(x, h, w, u, b):
    """Open the gates, form the candidate, and mix it with the old state."""
    z = 1 / (1 + np.exp(-(w["update"] * x + u["update"] * h + b["update"])))
    r = 1 / (1 + np.exp(-(w["reset"] * x + u["reset"] * h + b["reset"])))
    c = np.tanh(w["candidate"] * x + u["candidate"] * r * h + b["candidate"])
    return z * h + (1 - z) * c


def _cell(update, reset, candidate):
    """Return w, u, b of one unit, from the three numbers of each part."""
    parts = {"update": update, "reset": reset, "candidate": candidate}
    return tuple({name: part[i] for name, part in parts.items()} for i in range(3))


GRU_STEP = Exercise(
    id="11b-2",
    hints=(
        "Which three numbers are computed first, and which of them pass through a sigmoid?",
        "z and r use the old state h; the candidate uses r · h, and tanh.",
        "h_new = z h + (1 − z) tanh(w x + u r h + b), with σ(a) = 1 / (1 + e^−a) for z and r.",
    ),
    solution=gru_step,
    check=on_cases(
        # z = σ(1), so 1 − z = 1 / (1 + e); nothing is left of a state 0.
        Case(
            *(1.0, 0.0, *_cell((1.0, 0.5, 0.0), (2.0, -1.0, 0.3), (1.5, 0.8, -0.2))),
            right=1 / (1 + np.e) * np.tanh(1.5 - 0.2),
        ),
        (2.0, -0.4, *_cell((-0.5, 1.5, 0.2), (0.7, 1.0, -1.0), (0.9, -1.2, 0.1))),
        held_back=[(0.7, 0.5, *_cell((0.3, -0.8, 1.0), (-1.1, 0.6, 0.2), (1.3, 1.9, -0.6)))],
    ),
    mistakes="""
    z * h + (1 - z) * c => (1 - z) * h + z * c
        You mixed the other way round. Here z is the share of the *old* state that is kept. Some
        papers define it the other way round.
    u["candidate"] * r * h => r * h
        The weight u of the candidate is missing: it looks at u · r · h.
    r * h + b["candidate"] => r * (h + b["candidate"] / u["candidate"])
        Your reset gate multiplies the b of the candidate, too. It belongs to the old state alone.
    * r * h => * h
        The reset gate is missing: the candidate looks at r · h, not at h.
    z * h + (1 - z) * c => r * h + (1 - r) * c
        You used the reset gate to mix. The update gate mixes; the reset gate belongs inside the
        candidate.
    * r * h => * z * h
    z * h + (1 - z) * c => r * h + (1 - r) * c
        You have the two gates swapped: the update gate mixes, and the reset gate belongs inside the
        candidate.
    c = np.tanh… => c = 1 / (1 + np.exp(-…))
        You took the sigmoid for the candidate. It uses tanh, so that a state can be negative.
    np.tanh =>
        Your candidate is without tanh, so the state can grow without limit.
    z = … => z = np.tanh(w["update"] * x + u["update"] * h + b["update"])
    r = … => r = np.tanh(w["reset"] * x + u["reset"] * h + b["reset"])
        You took tanh for the gates. A gate is a share between 0 and 1: use the sigmoid.
    return … => return c
        This is the candidate alone. The new state is a mix of it and the old state.
    z * h + => h +
        You kept all of the old state. Keep the share z of it.
    (1 - z) * c => c
        You added all of the candidate. Add the share 1 − z of it.
    """,
    takeaway="The update gate decides how much to keep, the reset gate what to look at.",
)

READING = quiz(
    id="11b-7",
    options="""
    a) It needs more customers: with 128,000 it will pass the boosted trees.
        This extrapolates beyond the data, and against them: the line of the network is nearly flat,
        while that of the trees rises.
    b) It gains almost nothing from more customers: what limits it is what it reads and how it is
    built.
    c) It overfits: the more customers it learns from, the lower its AUC.
        Overfitting is a gap to the training data, which this figure doesn't show; and the AUC
        doesn't fall with more customers.
    d) It is the model to choose for a shop with 32,000 customers.
        Look at the last row of the table: with 32,000 customers it is the weakest of the four.
    """,
    hints=(
        "By how much does the AUC of `GRU` rise from 500 customers to 32,000?",
        "A line that still rises asks for more data. What does a flat line ask for?",
        "Compare the row of 500 customers with the row of 32,000, and `GRU` with the other columns "
        "of the last row.",
    ),
    takeaway="A flat learning curve asks for a better model or better input, not for more data.",
)


def slope(loss, w, j, eps):
    """Move one weight to both sides and leave the others alone."""
    up, down = w.copy(), w.copy()
    up[j] += eps
    down[j] -= eps
    return (loss(up) - loss(down)) / (2 * eps)


SLOPE = Exercise(
    id="11b-4",
    hints=(
        "By how much does the loss change if only weight j moves a little?",
        "Copy w twice. Add eps to weight j of one copy and subtract it in the other.",
        "(loss(w + eps at j) − loss(w − eps at j)) / (2 eps).",
    ),
    solution=slope,
    check=on_cases(
        ArrayCase(
            *(np.linalg.norm, [1.0, -2.0, 0.5], 1, 0.1),
            right=(np.sqrt(1 + 1.9**2 + 0.25) - np.sqrt(1 + 2.1**2 + 0.25)) / 0.2,
        ),
        ArrayCase(np.prod, [0.3, 1.2, -0.8], 0, 0.05, right=1.2 * -0.8),  # linear in w₀
        held_back=[(np.std, np.array([0.4, -0.3, 0.2, -0.1]), 1, 0.3)],
    ),
    mistakes="""
    down[j] -= eps =>
    (2 * eps) => eps
        You moved only upward. That is right to first order only; the central difference, from both
        sides, is far more exact.
    up[j] += eps =>
    (2 * eps) => eps
        You moved only downward. Take the difference of both sides.
    (2 * eps) => eps
        The two points are 2 eps apart: divide by 2 eps.
    / (2 * eps) =>
        The difference is not divided by the distance of the two points.
    up[j] += eps => up += eps
    down[j] -= eps => down -= eps
        You moved all weights. Move weight j only.
    up, down = w.copy(), w.copy() => up = down = w.copy()
        Both sides have the same loss. Is your second array a copy? `down = w` is another name for
        the same array; w.copy() is a copy.
    down[j] -= eps =>
        Your lower point is w itself. If you changed w in place, subtracting eps only moves weight j
        back; use w.copy() for each side.
    loss(up) - loss(down) => loss(down) - loss(up)
        Your result has the sign of the descent: subtract the lower side from the upper one.
    """,
    takeaway="Two runs of the forward pass check any derivative you wrote by hand.",
    further=True,
)


def gate_that_keeps(kept, weeks):
    """Take the root: after each week the share is multiplied by z."""
    return kept ** (1 / weeks)


GATE_THAT_KEEPS = Exercise(
    id="11b-5",
    hints=(
        "With z = 0.9, which share of the state is left after one week, and after two?",
        "After n weeks the share z · z · … · z = zⁿ is left.",
        "z = kept^(1 / weeks).",
    ),
    solution=gate_that_keeps,
    check=on_cases(
        Case(0.5, 2, right=np.sqrt(0.5)),
        Case(0.9, 8, right=np.sqrt(np.sqrt(np.sqrt(0.9)))),
        held_back=[(0.25, 13)],
    ),
    mistakes="""
    1 / weeks => weeks
        This is what is left after these weeks of a given gate z = `kept`. The question asks for the
        gate.
    return … => return 1 - (1 - kept) / weeks
        You let the unit lose the same amount each week. It loses the same *share* of what is left.
    ** (1 / weeks) => / weeks
        You divided by the weeks. Each week multiplies the share by z.
    return … => return 1 - …
        This is the share that is overwritten each week, 1 − z.
    return … => return -np.log(kept) / weeks
        This is the rate of forgetting, from the logarithm. The gate is e to minus it.
    """,
    takeaway="To remember for half a year, a gate must stay very close to 1.",
)


RESET_GATE = quiz(
    id="11b-3",
    options="""
    a) The state is 0 from this week on, whatever comes later.
        The state need not be empty: the candidate tanh(W x + b) is written into it, and later weeks
        go on from there.
    b) The new state depends on this week only; all that came before is forgotten.
    c) The new state is the old one; this week is ignored.
        That would be an update gate of 1. With z = 0 nothing of the old state is kept.
    d) The new state is half of the old one and half of the candidate.
        That would take gates of one half. With z = 0 the candidate has all of the weight.
    """,
    hints=(
        "With z = 0, which part of the old state is kept in the mix?",
        "With r = 0, does the candidate look at the old state?",
        "h_new = 0 · h + 1 · tanh(W x + U (0 · h) + b): what is left of h?",
    ),
    takeaway="z = 1 remembers everything; z = 0 with r = 0 starts afresh.",
)


def count_weights(channels, units, features):
    """Count three parts of the unit and the regression on top."""
    unit = 3 * (channels * units + units * units + units)
    return unit + units + features + 1


COUNT_WEIGHTS = Exercise(
    id="11b-6",
    hints=(
        "The unit has three parts. Which arrays does each part have, and what are their shapes?",
        "Each part: channels × units, units × units, and units for the bias. On top there is a "
        "logistic regression.",
        "3 (channels · units + units² + units) + units + features + 1.",
    ),
    solution=count_weights,
    check=on_cases(
        Case(2, 1, 0, right=3 * (2 + 1 + 1) + 1 + 1),
        Case(6, 16, 16, right=3 * (96 + 256 + 16) + 16 + 16 + 1),
        held_back=[Case(5, 24, 9, right=3 * (120 + 576 + 24) + 24 + 9 + 1)],
    ),
    mistakes="""
    3 * => 1 *
        You counted one part of the unit. There are three: two gates and the candidate.
    3 * => 4 *
        You counted four parts, as an LSTM has. A GRU has three.
    3 * => 2 *
        You counted only the gates. The candidate has weights, too.
    units * units + units => units * units + 2 * units
        You counted two biases for each part, as PyTorch has. Here each part has one.
    units * units + units => units
        The weights from state to state are missing: units × units for each part.
    units * units + units => units * units
        The biases of the unit are missing, `units` for each part.
    return … => return unit
        The logistic regression on top is missing.
    + 1 =>
        The intercept of the regression on top is missing.
    + features =>
        The coefficients of the features are missing.
    + features + 1 => + 1
    channels * units => (channels + features) * units
        You fed the features into each step of the unit. Here they enter once, in the regression on
        top.
    """,
    takeaway="The weights do not grow with the weeks: every step uses the same ones.",
)
