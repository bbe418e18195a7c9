"""Exercises of lesson 11c: how far probabilities are off, how to repair them, what it is worth."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Calibration"


GROUPS = [
    ArrayCase([100, 300], [0.9, 0.5], [0.8, 0.6], right=(100 * 0.1 + 300 * 0.1) / 400),
    ArrayCase(
        *([50, 30, 20], [0.9, 0.6, 0.1], [0.7, 0.6, 0.5]),
        right=(50 * 0.2 + 30 * 0 + 20 * 0.4) / 100,
    ),
]
GROUPS_AGAIN = ArrayCase([10, 90], [0.4, 0.85], [0.7, 0.8], right=(10 * 0.3 + 90 * 0.05) / 100)


def calibration_error(users, predicted, observed):
    """Average the distances, each group by its number of users."""
    return np.sum(users * np.abs(predicted - observed)) / np.sum(users)


CALIBRATION_ERROR = Exercise(
    id="11c-1",
    hints=(
        "How far is each group off, whichever way?",
        "A large group counts more than a small one: weight each distance by its `users`.",
        "Σ users · |predicted − observed| / Σ users.",
    ),
    solution=calibration_error,
    check=on_cases(*GROUPS, held_back=[GROUPS_AGAIN]),
    mistakes="""
    return … => return np.abs(predicted - observed).mean()
        Each group has the same weight. A group of 300 users counts three times as much as one of
        100.
    np.abs(predicted - observed) => (predicted - observed)
        Without absolute values, too high in one group and too low in another cancel.
    np.abs(predicted - observed) => (observed - predicted)
        You subtracted without absolute values: groups that are too high and too low cancel, from
        below as from above.
    return … => return abs(np.sum(users * (predicted - observed)) / np.sum(users))
        This is the absolute value of the mean. Take it of each group before you average, or the
        groups cancel.
    np.abs(predicted - observed) => (predicted - observed) ** 2
        You squared the distances: that is the reliability part of the Brier score. Take absolute
        values.
    np.abs(predicted - observed) => (predicted - observed) ** 2
    return … => return np.sqrt(…)
        This is a root mean square, which gives large distances more weight. Take the mean of the
        absolute distances.
    / np.sum(users) =>
        This is a sum over all users. Divide by their number.
    / np.sum(users) => / len(users)
        You divided by the number of groups. Divide by the number of users.
    return … => return np.abs(predicted - observed).max()
        This is the worst group (the *maximum* calibration error). Average over all users.
    """,
    takeaway="The ECE is the mean distance between what was predicted and what happened, by group.",
)

SCALINGS = [
    ArrayCase([0.8, 0.5], 1.0, 0.0, right=[0.8, 0.5]),
    # Odds of 4 and 9, so of 2 · √4 and 2 · √9.
    ArrayCase([0.8, 0.9], 0.5, np.log(2), right=[4 / 5, 6 / 7]),
]
# Odds of 9 and 3/7, so of √9 / 3 and √(3/7) / 3 = 1 / √21.
SCALING_AGAIN = ArrayCase([0.9, 0.3], 0.5, -np.log(3), right=[1 / 2, 1 / (1 + np.sqrt(21))])


def platt(p, a, b):
    """Stretch and shift the log-odds, and turn them back into probabilities."""
    log_odds = a * np.log(p / (1 - p)) + b
    return 1 / (1 + np.exp(-log_odds))


PLATT = Exercise(
    id="11c-3",
    hints=(
        "Platt scaling is a line, but not of p: p must stay between 0 and 1. A line of what?",
        "Take the log-odds ln(p / (1 − p)), multiply by `a`, add `b`, and go back.",
        "1 / (1 + exp(−(a · ln(p / (1 − p)) + b))).",
    ),
    solution=platt,
    check=on_cases(*SCALINGS, held_back=[SCALING_AGAIN]),
    mistakes="""
    np.log(p / (1 - p)) => p
        You drew the line through p itself. With a = 1 and b = 0, p should not change: use its
        log-odds, not a line of p.
    return … => return log_odds
        These are still log-odds. Turn them into probabilities: 1 / (1 + exp(−x)).
    return … => return np.exp(log_odds)
        These are still odds. A probability is odds / (1 + odds).
    -log_odds => log_odds
        A minus is missing in the exponent: these are the probabilities of staying.
    p / (1 - p) => (1 - p) / p
        Your odds are upside down: (1 − p) / p are the odds of staying.
    a * np.log(p / (1 - p)) + b => b * np.log(p / (1 - p)) + a
        You swapped slope and intercept: `a` multiplies the log-odds, `b` is added.
    p / (1 - p) => p / 1 - p
        Parentheses are missing: p / (1 - p). Without them Python divides first.
    + b =>
        The intercept is missing: after multiplying by `a`, add `b`.
    np.log(p / (1 - p)) => p / (1 - p)
        You left out the logarithm: these are the odds, not the log-odds.
    p / (1 - p) => p
        You took the log of p. The log-odds are ln(p / (1 − p)).
    -log_odds => -log_odds + 2 * b
        The minus belongs to the whole sum: −(a x + b). Are your parentheses right?
    return … => return 1 / 1 + np.exp(-log_odds)
        Parentheses are missing: 1 / (1 + …). Without them Python divides first.
    a * np.log(p / (1 - p)) + b => a * (np.log(p / (1 - p)) + b)
        You shift first: a · (x + b). It is a · x + b.
    """,
    takeaway="Platt scaling is a logistic regression with one feature, the log-odds.",
)

WHO_CALIBRATES = quiz(
    id="11c-5",
    options="""
    a) Those the model learned from: we have the most labels there.
        On its training data a flexible model looks better than it is: it has seen these outcomes. A
        curve fitted there learns to trust the model even more.
    b) Those of the test, so that the test shows no calibration error.
        Then the test is no test any more: a curve fitted to it looks calibrated there, whatever it
        is elsewhere.
    c) Those of a later date than the training, whose labels are complete before the test.
    d) A new batch of customers whose window is still open.
        While the window is open, those who come back later look like churners. Labels need a
        complete window.
    """,
    hints=(
        "What does a model know about the outcomes of its own training?",
        "The repaired probabilities need a test of their own.",
        "Three dates: one to train, one to calibrate, one to test.",
    ),
    takeaway="Train, calibrate, test: three dates, each with complete labels.",
)

RESOLUTIONS = [
    ArrayCase([1, 3], [1, 1 / 3], right=(1 * (1 / 2) ** 2 + 3 * (1 / 6) ** 2) / 4),  # ȳ = 2/4
    ArrayCase([20, 30], [0.8, 0.8], right=0.0),
    # ȳ = 0.35 + 0.18 + 0.1 = 0.63.
    ArrayCase(
        *([50, 30, 20], [0.7, 0.6, 0.5]), right=(50 * 0.07**2 + 30 * 0.03**2 + 20 * 0.13**2) / 100
    ),
]
# ȳ = (9 + 15) / 40 = 0.6.
RESOLUTION_AGAIN = ArrayCase([10, 30], [0.9, 0.5], right=(10 * 0.3**2 + 30 * 0.1**2) / 40)


def resolution(users, observed):
    """Average the squared distances of the groups' rates from the base rate."""
    base = np.average(observed, weights=users)
    return np.average((observed - base) ** 2, weights=users)


RESOLUTION = Exercise(
    id="11c-2",
    hints=(
        "If every group churned at the same rate, what would the score have told us?",
        "Resolution is the variance of the groups' rates around the rate of all users.",
        "ȳ = Σ n ȳ_b / Σ n; then Σ n (ȳ_b − ȳ)² / Σ n.",
    ),
    solution=resolution,
    check=on_cases(*RESOLUTIONS, held_back=[RESOLUTION_AGAIN]),
    mistakes="""
    np.average(observed, weights=users) => observed.mean()
        Your base rate is the mean of the rates, with each group alike. The base rate is that of all
        users: weight by `users`.
    return … => return np.mean((observed - base) ** 2)
        The base rate is right, but then you took all groups alike. Weight the squares by `users`,
        too.
    np.average(observed, weights=users) => observed.mean()
    return … => return np.mean((observed - base) ** 2)
        This is without weights. A group of 30 users counts three times as much as one of 10.
    (observed - base) ** 2 => np.abs(observed - base)
        The distances are not squared.
    return … => return base * (1 - base)
        This is the uncertainty, ȳ(1 − ȳ), which no score changes. Resolution compares the groups'
        rates with ȳ.
    return … => return np.sum(users * (observed - base) ** 2)
        This is a sum over all users. Divide by their number.
    (observed - base) ** 2 => observed * (1 - observed)
        This is the variance within the groups. Resolution is the variance between them.
    """,
    takeaway="A repair lowers the reliability part; only a better ranking adds resolution.",
    further=True,
)

RANKING = quiz(
    id="11c-7",
    options="""
    a) Platt scaling and isotonic regression both raise the AUC.
        No curve can raise it by design: where it rises, everybody keeps their place, and where it
        is flat, customers become ties.
    b) Platt scaling with a > 0 keeps the AUC; isotonic regression may change it a little.
    c) Both keep the AUC exactly, since both curves never fall.
        Isotonic regression is flat within a block. Customers in it become ties, and a tie counts
        one half.
    d) Calibration makes a list by risk better: the riskiest third contains more churners.
        A list of fixed length depends on the ranking alone, and the repair does not improve it. It
        matters where a threshold decides.
    """,
    hints=(
        "Which customers change places if a curve rises everywhere?",
        "A curve with flat steps makes ties of customers who had different scores.",
        "The AUC counts a tie as one half.",
    ),
    takeaway="Calibration is for thresholds and sums, not for rankings.",
)

OUTCOMES = [
    Case([0, 1, 0, 1], right=[0, 1 / 2, 1 / 2, 1]),
    # First 0 1 ½ ½ 0 1, then 0 ⅔ ⅔ ⅔ 0 1.
    Case([0, 1, 1, 0, 0, 1], right=[0, 2 / 4, 2 / 4, 2 / 4, 2 / 4, 1]),
]
OUTCOMES_AGAIN = Case([0, 0, 1, 0, 1, 1, 0], right=[0, 0, 1 / 2, 1 / 2, 2 / 3, 2 / 3, 2 / 3])


def pooled(outcomes):
    """Merge the two neighboring blocks whose means fall most, until no means fall."""
    blocks = [[y] for y in outcomes]
    while (means := [np.mean(block) for block in blocks]) != sorted(means):
        i = int(np.argmin(np.diff(means)))
        blocks.insert(i, blocks.pop(i) + blocks.pop(i))
    return [mean for mean, block in zip(means, blocks, strict=True) for _ in block]


def _once(outcomes):
    """Pool neighbors in a single pass."""
    values = list(map(float, outcomes))
    for i in range(len(values) - 1):
        if values[i] > values[i + 1]:
            values[i] = values[i + 1] = (values[i] + values[i + 1]) / 2
    return values


def _forward(outcomes):
    """Merge blocks from left to right, without looking back."""
    blocks = [[outcomes[0]]]
    for y in outcomes[1:]:
        falls = y < np.mean(blocks[-1])
        blocks = [*blocks[:-1], [*blocks[-1], y]] if falls else [*blocks, [y]]
    return [np.mean(block) for block in blocks for _ in block]


POOLED = Exercise(
    id="11c-4",
    hints=(
        "Where does the observed rate fall although the score rises? What do you do there?",
        "Replace two neighboring blocks by their common mean, and look to the left again.",
        "Begin with blocks of one outcome each. While some block has a lower mean than the one to "
        "its left, merge the two; then give each customer the mean of her block.",
    ),
    solution=pooled,
    check=on_cases(*OUTCOMES, held_back=[OUTCOMES_AGAIN]),
    mistakes="""
    return … => return list(map(float, outcomes))
        The outcomes are untouched, and fall somewhere. Pool what falls.
    blocks.insert(i, … => blocks.insert(i, [(means[i] + means[i + 1]) / 2] * len(…)
        You took the mean of the means. A block of three users and one of a single user have their
        common mean over four users: keep the outcomes of a block, not its mean.
    return … => return np.maximum.accumulate(np.array(outcomes, float)).tolist()
        This is a running maximum: it never falls, but it is too high. Pooling takes means.
    return … => return np.minimum.accumulate(np.array(outcomes, float)[::-1])[::-1].tolist()
        This is a running minimum from the right: it never falls, but it is too low. Pooling takes
        means.
    return … => return (np.cumsum(outcomes) / np.arange(1, len(outcomes) + 1)).tolist()
        This is a running mean from the left; it falls after each 0. Pool only what falls.
    return … => return sorted(map(float, outcomes))
        You sorted the outcomes. Each belongs to its customer; only average neighbors.
    return … => return [sum(outcomes) / len(outcomes)] * len(outcomes)
        This is the mean of all, which never falls but ignores the score. Pool as little as
        possible.
    => outcomes = outcomes[::-1]
    return … => return (…)[::-1]
        That goes the other way: your rates fall as the score rises.
    => return _forward(outcomes)
        A single pass is not enough: a merged block may be below its left neighbor. Look back after
        each merge.
    => return _once(outcomes)
        A single pass is not enough: a pooled pair may be below its left neighbor. Look back after
        each merge.
    """,
    takeaway="Isotonic regression is the best fit that never falls: block means.",
)

PROFITS = [
    # The threshold is 0.6: letters to the first two, and to the first.
    ArrayCase(
        *([0.9, 0.5, 0.3], [0.7, 0.65, 0.55], 4, 6), right=0.9 * 4 - 0.1 * 6 + 0.5 * 4 - 0.5 * 6
    ),
    ArrayCase([0.9, 0.5, 0.3], [0.7, 0.45, 0.2], 4, 6, right=0.9 * 4 - 0.1 * 6),
    # One score is the threshold, 0.5, itself.
    ArrayCase(
        *([0.8, 0.6, 0.4, 0.2], [0.75, 0.5, 0.9, 0.1], 5, 5),
        right=(0.8 + 0.6 + 0.4) * 5 - (0.2 + 0.4 + 0.6) * 5,
    ),
    ArrayCase([0.8, 0.7], [0.1, 0.2], 5, 11, right=0.0),
]
# The threshold is 3/4: letters to the first and the third.
PROFIT_AGAIN = ArrayCase(
    *([0.9, 0.95, 0.7], [0.8, 0.7, 0.75], 2, 6), right=0.9 * 2 - 0.1 * 6 + 0.7 * 2 - 0.3 * 6
)


def true_profit(true_risk, score, benefit, cost):
    """Write to those whose score reaches the threshold; count by their true risk."""
    letter = score >= cost / (cost + benefit)
    return np.sum(letter * (true_risk * benefit - (1 - true_risk) * cost))


TRUE_PROFIT = Exercise(
    id="11c-6",
    hints=(
        "Who gets a letter depends on the score. What the letter earns depends on what?",
        "The threshold is cost / (cost + benefit); a letter earns p · benefit − (1 − p) · cost.",
        "letter = score >= cost / (cost + benefit); sum letter · (true_risk · benefit − "
        "(1 − true_risk) · cost).",
    ),
    solution=true_profit,
    check=on_cases(*PROFITS, held_back=[PROFIT_AGAIN]),
    mistakes="""
    (true_risk * benefit - (1 - true_risk) * cost) => (score * benefit - (1 - score) * cost)
        This is what is expected by the model: you counted by its scores. What a letter earns
        depends on the true risk.
    score >= => true_risk >=
        You decided by the true risks. They are known to nobody who writes letters: decide by the
        score.
    letter * =>
        You wrote to everybody. Only those at or above the threshold get a letter.
    cost / (cost + benefit) => 0.5
        You cut at one half. The threshold is cost / (cost + benefit).
    cost / (cost + benefit) => benefit / (cost + benefit)
        You swapped the two: the threshold is cost / (cost + benefit), high where a stayer costs
        much.
    >= => >
        You wrote only to those above the threshold. One whose score is the threshold itself gets a
        letter, too: `>=`.
    (1 - true_risk) * cost => cost
        You subtracted the cost for all. Only a stayer costs it: (1 − true_risk) · cost.
    true_risk * benefit - (1 - true_risk) * cost => (1 - true_risk) * benefit - true_risk * cost
        In your sum the stayers bring `benefit`. The churners do, with probability true_risk.
    - (1 - true_risk) * cost =>
        This has the stayers for free. A share 1 − p of the letters goes to them, and each costs
        `cost`.
    np.sum => np.mean
        This is the mean per customer. Give the sum.
    """,
    takeaway="A wrong probability costs money only where it crosses the threshold.",
)
