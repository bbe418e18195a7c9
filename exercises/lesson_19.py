"""Exercises of lesson 19: contributions, Shapley values, faithfulness, counterfactuals."""

from itertools import combinations, permutations

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Explanations"

# In six orders each of three players comes first twice, last twice, and once after each other one.
_SETS = [frozenset(names) for n in range(4) for names in combinations("abc", n)]
GAMES = [
    Case(
        ["a", "b"],
        {frozenset(): 0.0, frozenset("a"): 10.0, frozenset("b"): 20.0, frozenset("ab"): 50.0},
        right={"a": (10 + 30) / 2, "b": (20 + 40) / 2},
    ),
    Case(
        ["a", "b", "c"],
        dict(zip(_SETS, [5.0, 8.0, 4.0, 9.0, 20.0, 11.0, 14.0, 32.0], strict=True)),
        right={
            "a": (2 * 3 + 16 + 2 + 2 * 18) / 6,
            "b": (2 * -1 + 12 + 5 + 2 * 21) / 6,
            "c": (2 * 4 + 3 + 10 + 2 * 12) / 6,
        },
    ),
]
GAME_AGAIN = Case(
    ["a", "b", "c"],
    dict(zip(_SETS, [2.0, 1.0, 7.0, 3.0, 6.0, 15.0, 4.0, 12.0], strict=True)),
    right={
        "a": (2 * -1 - 1 + 12 + 2 * 8) / 6,
        "b": (2 * 5 + 5 + 1 + 2 * -3) / 6,
        "c": (2 * 1 + 14 - 3 + 2 * 6) / 6,
    },
)


def shapley_of(players, v):
    """Average over all orders what each player adds when it comes."""
    orders = list(permutations(players))
    credit = dict.fromkeys(players, 0.0)
    for order in orders:
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            credit[name] += (v[before | {name}] - v[before]) / len(orders)
    return credit


SHAPLEY = Exercise(
    id="19-3",
    hints=(
        "In one order, what does each player add to those who are already there?",
        "Go through an order; the coalition before a player is frozenset(order[:place]).",
        "φ = mean over all orders of v(before ∪ {player}) − v(before).",
    ),
    solution=shapley_of,
    check=on_cases(*GAMES, held_back=[GAME_AGAIN]),
    mistakes="""
    before = … => before = frozenset()
        This is what a player adds if it comes first. Average over all places in the order.
    before = … => before = frozenset(players) - {name}
        This is what a player adds if it comes last. Average over all places in the order.
    credit[name] += … => if place in (0, len(order) - 1): credit[name] += … * len(order) / 2
        You averaged first and last only. With three players there is a place in between.
    => total = v[frozenset(players)] - v[frozenset()]
    before = … => before = frozenset()
    return … => return {name: total * one / sum(credit.values()) for name, one in credit.items()}
        You divided the total in proportion to what each is worth alone. That ignores who works with
        whom.
    orders = … => orders = list(v)
    for place, name in enumerate(order) => for name in set(players) - order
    before = … => before = order
    len(orders) => (len(orders) / 2)
        You gave all coalitions equal weight. Coalitions of a middle size occur in fewer orders
        each; average over the orders.
    / len(orders) =>
        This is the sum over the orders. Divide by their number.
    / len(orders) => / len(players)
        You divided the sum by the number of players. Divide by the number of orders.
    - v[before] =>
        You averaged the value after a player has come. Subtract the value before.
    v[before | {name}] - => v[frozenset(players)] -
        You took the whole team less the coalition before. Take what this one player adds to the
        coalition.
    orders = … => orders = list(v)
    for place, name in enumerate(order) => for name in set(players) - order
    before = … => before = order
    / len(orders) =>
        This is the sum of the gains over all coalitions. Each coalition has a weight: average over
        the orders.
    return … => return {name: one + v[frozenset()] / len(players) for name, one in credit.items()}
        You also shared out the value of the empty coalition. It belongs to nobody: subtract it from
        the first player's coalition.
    => total = v[frozenset(players)] - v[frozenset()]
    return … => return {name: one / total for name, one in credit.items()}
        You divided by the total. Shapley values add up to the total, not to 1.
    credit[name] += … => credit[name] = v[before | {name}] - v[before]
        Only the last order is left: each order overwrites the one before. Add them up.
    orders = … => orders = [players]
        You used one order only, the one in which the players are listed.
    => total = v[frozenset(players)] - v[frozenset()]
    return … => return dict.fromkeys(players, total / len(players))
        You divided the total in equal parts. Credit depends on what a player adds.
    """,
    takeaway="A Shapley value is the mean gain over all orders in which features can join.",
)

DELETIONS = [
    ArrayCase([1.0, 2, 3], [1.0, 1, 2], np.zeros(3), [1.0, 5, 2], 1, right=1 * 1 + 2 * 0 + 3 * 2.0),
    ArrayCase(
        *([2.0, -1.0, 0.5, 1.5], [3.0, 2.0, 4.0, 1.0], [1.0, 1.5, 2.0, 0.5], [0.4, -2.0, 0.9, 0.1]),
        2,
        right=2 * 1 - 1 * 2 + 0.5 * 2 + 1.5 * 1,
    ),
]
DELETION_AGAIN = ArrayCase(
    *([1.0, 3.0, -2.0], [2.0, 1.0, 3.0], [0.5, 2.0, 1.0], [-0.3, 0.2, -0.9], 2),
    right=1 * 0.5 + 3 * 2 - 2 * 3,
)


def score_after(weights, x, means, attributions, k):
    """Replace the k features with the highest attributions by their means."""
    removed = np.argsort(-attributions)[:k]
    x = x.copy()
    x[removed] = means[removed]
    return weights @ x


DELETION = Exercise(
    id="19-5",
    hints=(
        "Which features are removed first, and which value do they get instead?",
        "Sort the attributions from the highest down, take the first k places, put in the means.",
        "removed = np.argsort(-attributions)[:k]; x[removed] = means[removed]; weights @ x.",
    ),
    solution=score_after,
    check=on_cases(*DELETIONS, held_back=[DELETION_AGAIN]),
    mistakes="""
    -attributions => attributions
        You removed the features with the lowest attributions. Start with the highest.
    -attributions => -np.abs(attributions)
        You sorted by the absolute value, so a feature that lowers the score is removed, too. Sort
        by the attribution.
    means[removed] => 0
        You set the removed features to zero. Give them their means.
    [:k] => [k - 1 : k]
        You removed only the feature at place k. Remove all of the first k.
    => before = weights @ x
    return … => return before - …
        This is by how much the score falls. Return the score itself.
    x[removed] = … =>
    return … => return weights @ x - attributions[removed].sum()
        You subtracted the attributions. That trusts what the test is to check: compute the score
        again.
    removed = … => removed = slice(k)
        You replaced the first k columns. Take the k features with the highest attributions.
    -attributions => -x
        You sorted by the values of x. Sort by the attributions.
    means[removed] => means[:k]
        The removed features got the first k means. Give each its own: means[removed].
    [:k] => [: k - 1]
        You removed one feature too few. A slice [:k] holds k places.
    [:k] => [: k + 1]
        You removed one feature too many. A slice [:k] holds k places.
    [:k] => [k:]
        You kept the k features and removed the others. Do the opposite.
    """,
    takeaway="A faithful explanation names what the score loses most from.",
)

DOUBTS = quiz(
    id="19-8",
    options="""
    a) from about one right value in a hundred
    b) from about one right value in ten
        A tenth of the right decisions reversed would cost more than ten times what SHAP gains.
    c) from about one right value in three
        A third of the right decisions reversed would cost far more than all faults do.
    d) it is never lost: more reasons can only help
        More reasons do not only help: each right value that is shown can be doubted.
    """,
    hints=(
        "Among the values that she sees, how many are right for each wrong one that matters?",
        "All faults together cost 177 dollars, and SHAP wins back 63. All right decisions "
        "earn about 6,000.",
        "Reversing all right decisions costs more than 6,000 dollars. Which share of that is 63?",
    ),
    takeaway="Right values are many and faults are few, so false doubts are what costs.",
)

VOTES = [
    ArrayCase(
        *(3.0, [1.0, 0.5, 0.5], [1.0, 0.0, -1.0], 0), right=3 + (0.5 * 0 - 0.5 * 1) / (0.5 + 0.5)
    ),
    ArrayCase(
        *(4.0, [0.9, -0.3, 0.6], [0.5, 1.0, -0.8], 2), right=4 + (0.9 * 0.5 - 0.3 * 1) / (0.9 + 0.3)
    ),
]
VOTES_AGAIN = ArrayCase(
    *(3.6, [0.4, -0.9, 0.3, 0.2], [0.7, 1.2, -0.4, 1.1], 3),
    right=3.6 + (0.4 * 0.7 - 0.9 * 1.2 - 0.3 * 0.4) / (0.4 + 0.9 + 0.3),
)


def prediction_without(mean, similarities, deviations, j):
    """Take the weighted mean of the other neighbors' deviations."""
    s, d = np.delete(similarities, j), np.delete(deviations, j)
    return mean + s @ d / np.abs(s).sum()


REMOVAL = Exercise(
    id="19-1",
    hints=(
        "The weights of the remaining neighbors must sum to 1. Do they, if one is taken away?",
        "Leave the neighbor out of both arrays. Then take the weighted mean as always.",
        "mean + Σ s·d / Σ |s|, both sums over the other neighbors.",
    ),
    solution=prediction_without,
    check=on_cases(*VOTES, held_back=[VOTES_AGAIN]),
    mistakes="""
    s, d = … => s, d = similarities, deviations
    return … => return … - s[j] * d[j] / np.abs(s).sum()
        You subtracted the contribution of the neighbor. But the other weights grow when it leaves:
        divide by the sum of the others.
    s, d = … => s, d = similarities, deviations
        This is the prediction of all neighbors. Leave out the one at place j.
    => of_all = similarities @ deviations / np.abs(similarities).sum()
    return … => return of_all - s @ d / np.abs(s).sum()
        This is the effect of the removal. Return the prediction itself.
    mean + =>
        The user's mean is missing: neighbors only vote on the deviation from it.
    np.abs(s).sum() => s.sum()
        Divide by the sum of the absolute values: a negative similarity is evidence, too.
    / np.abs(s).sum() =>
        The votes are not normalized: divide by the sum of the absolute similarities.
    => similarities = np.abs(similarities)
        You took absolute values in the numerator, too. There the sign must stay: a neighbor with a
        negative similarity votes the other way.
    s @ d / np.abs(s).sum() => d.mean()
        You gave all other neighbors the same weight. Weight them by their similarities.
    s, d = … => s, d = similarities[[j]], deviations[[j]]
        You kept the neighbor at place j as the only neighbor. It is the one to leave out.
    """,
    takeaway="A contribution is a part of a sum, not what would happen without the part.",
    further=True,
)

ROTATION = quiz(
    id="19-2",
    options="""
    a) the prediction of a rating
        A prediction is a product of two whole vectors, and a rotation keeps it.
    b) the cosine similarity of two items
        A cosine is the angle between two vectors. If both turn alike, it stays.
    c) the factor with the largest contribution
    d) the item that is predicted best for a user
        No prediction changes, so the ranking of the items stays the same, too.
    """,
    hints=(
        "Turn a map of a city. Which distances change, and which coordinates?",
        "A rotation keeps all products of vectors, (pR)·(qR) = p·q, and so all lengths and angles.",
        "Three of the four can be computed from products of whole vectors. Which one can't?",
    ),
    takeaway="Factors have no names that the data could confirm. Explain by items and people.",
)

COALITIONS = [
    ArrayCase(
        *(np.log([2.0, 3.0]), [2.0, 9.0], [[0.0, 1.0], [5.0, 2.0]], [True, False]),
        right=(2**2 * 3 + 2**2 * 3**2) / 2.0,
    ),
    ArrayCase(
        *([0.5, -0.4, 0.3], [2.0, 1.0, 4.0], [[1.0, 2.0, 0.0], [3.0, 5.0, 1.0], [2.0, 8.0, 5.0]]),
        [False, False, True],
        right=np.exp([0.5 - 0.8 + 1.2, 1.5 - 2 + 1.2, 1 - 3.2 + 1.2]).mean(),
    ),
]
COALITION_AGAIN = ArrayCase(
    *([-0.3, 0.2, 0.6], [5.0, 3.0, 1.0], [[0.0, 4.0, 2.0], [6.0, 1.0, 3.0]], [False, True, False]),
    right=np.exp([0.6 + 1.2, -1.8 + 0.6 + 1.8]).mean(),
)


def coalition_value(weights, x, background, keep):
    """Put the kept values into every row of the background, and average the odds."""
    return np.exp(np.where(keep, x, background) @ weights).mean()


COALITION = Exercise(
    id="19-4",
    hints=(
        "Which values does the customer keep, and where do the other values come from?",
        "Make a copy of the background in which the kept columns have the values of x.",
        "np.where(keep, x, background), then the odds of each row, then the mean.",
    ),
    solution=coalition_value,
    check=on_cases(*COALITIONS, held_back=[COALITION_AGAIN]),
    mistakes="""
    np.where(keep, x, background) => np.where(keep, background, x)
        You swapped them: the features of `keep` have the values of x, the others those of the
        background.
    np.where(keep, x, background) => np.where(keep, x, background.mean(axis=0))
        These are the odds of one mean row. The mean of the odds differs from them, because the odds
        are not linear: average last.
    np.where(keep, x, background) => np.where(keep, x, 0.0)
        You set the absent features to zero. A zero is a value like any other; take the background.
    .mean() =>
        These are the odds of each row of the background. Take their mean.
    return … => return … - np.exp(background @ weights).mean()
        This is the difference from the empty coalition. Return v(S) itself.
    np.where(keep, x, background) => np.where(keep, x, background[0])
        You used the first row of the background only. Average over all rows.
    .mean() => .sum()
        This is the sum over the background. Take the mean.
    np.where(keep, x, background) => x
        These are the odds of x with all its values. Features that `keep` leaves out take those of
        the background.
    return … => return (1 / (1 + np.exp(-np.where(keep, x, background) @ weights))).mean()
        These are probabilities. The score here is the odds: np.exp.
    np.where(keep, x, background) => background
        This is the background alone, the empty coalition. Put in the values of x that are kept.
    np.exp =>
        These are the log-odds. The score here is the odds: np.exp.
    """,
    takeaway="An absent feature takes the values of the background, and the scores are averaged.",
)

# The pairs of runs that agree, user by user, and all pairs.
RUNS = [
    ArrayCase([[[3.0, 1.0], [1.0, 2.0]], [[2.0, 1.0], [5.0, 1.0]]], right=(1 + 0) / 2),
    ArrayCase(
        [
            [[2.0, 1.0, -4.0], [0.9, 0.2, 0.1]],
            [[1.0, 2.0, -5.0], [0.3, 0.2, 0.1]],
            [[0.0, 3.0, 1.0], [0.1, 0.2, 0.3]],
        ],
        right=(1 + 1) / 6,
    ),
    ArrayCase(
        [
            [[1.0, 2.0, -5.0], [0.3, 0.2, 0.1]],
            [[0.0, 3.0, 1.0], [0.3, 0.2, 0.1]],
            [[1.0, 4.0, 0.0], [0.1, 0.2, -0.9]],
            [[4.0, 3.0, 1.0], [0.1, 0.2, -0.3]],
        ],
        right=(3 + 2) / 12,
    ),
]
RUNS_AGAIN = ArrayCase(
    [
        [[-1.0, 0.2, 0.1], [2.0, 1.0, 0.0], [0.0, 1.0, 2.0]],
        [[0.5, 0.2, 0.1], [2.0, 1.0, 0.0], [0.0, 1.0, 2.0]],
        [[-2.0, 0.1, 0.2], [1.0, 2.0, 0.0], [3.0, 1.0, 2.0]],
    ],
    right=(0 + 1 + 1) / 9,
)


def agreement_on_top(attributions):
    """Compare the top feature of every two runs, for each user."""
    top = attributions.argmax(axis=2)
    pairs = combinations(range(len(top)), 2)
    return np.mean([top[i] == top[j] for i, j in pairs])


STABILITY = Exercise(
    id="19-6",
    hints=(
        "Which feature is the top reason in each run, for each customer?",
        "attributions.argmax(axis=2) has a row per run. combinations(range(runs), 2) are the "
        "pairs.",
        "The mean of top[i] == top[j] over all pairs i < j and all customers.",
    ),
    solution=agreement_on_top,
    check=on_cases(*RUNS, held_back=[RUNS_AGAIN]),
    mistakes="""
    pairs = … => pairs = [(i, j) for i in range(len(top)) for j in range(len(top))]
        You compared each run with itself, too, which always agrees. Take different runs.
    pairs = … => pairs = [(0, j) for j in range(1, len(top))]
        You compared all runs with the first run. Compare every two.
    pairs = … => pairs = [(0, j) for j in range(len(top))]
        You compared all runs with the first run, also the first itself. Compare every two.
    pairs = … => pairs = [(i, i + 1) for i in range(len(top) - 1)]
        You compared each run with the next run only. Compare every two.
    attributions.argmax => np.abs(attributions).argmax
        You took the largest absolute value. The top reason is the highest attribution.
    return … => return (top == top[0]).all(axis=0).mean()
        This is how often all runs agree. Count the pairs that do.
    attributions.argmax(axis=2) => attributions.mean(axis=1).argmax(axis=1)
        You averaged over the customers before you looked for the top feature. Each customer has a
        reason of her own.
    return … => return np.mean([np.bincount(each).max() for each in top.T]) / len(top)
        This is the share of runs that name the most frequent top feature. Count pairs.
    argmax => argmin
        You compared the lowest attributions. The top feature has the highest.
    top = … => top = np.argsort(attributions, axis=2)
    top[i] == top[j] => (top[i] == top[j]).all(axis=1)
        You asked whether the whole rankings agree. Compare only the top feature.
    np.mean => np.sum
    top[i] == top[j] => np.mean(top[i] == top[j])
        This is the sum over the pairs. Divide by the number of pairs.
    return … => return 100 * …
        This is in percent. Return a share between 0 and 1.
    return … => return 1 - …
        This is the share that disagree. Return the share that agree.
    """,
    takeaway="A reason that changes when the model is trained again is a reason of the sample.",
)

MODEL = 0.5, np.array([0.4, -0.2, 0.1]), np.array([2.0, 5.0, 3.0])
CHANGES = [
    ArrayCase(-1.0, [2.0, 1.0], [4.0, 3.0], 0, 0.0, -50.0, 50.0, right=(0.0 + 1 - 1 * 3) / 2),
    Case(*MODEL, 1, 0.8, 4.5, 10.0, right=None),
    Case(*MODEL, 0, 0.8, 0.0, 2.2, right=None),  # it would take 2.5
]
CHANGE_AGAIN = ArrayCase(
    *(1.0, [-0.5, 0.3, 0.8], [3.0, 1.0, 2.0], 2, 0.2, -4.0, 6.0),
    right=(0.2 - 1 + 0.5 * 3 - 0.3 * 1) / 0.8,
)


def value_needed(intercept, weights, x, j, target, low, high):
    """Solve for the feature, and give up if its value is not allowed."""
    needed = x[j] + (target - intercept - weights @ x) / weights[j]
    return needed if low <= needed <= high else None


COUNTERFACTUAL = Exercise(
    id="19-7",
    hints=(
        "How far are the log-odds from the target now?",
        "A change of the feature by 1 changes the log-odds by its weight.",
        "x[j] + (target − intercept − weights @ x) / weights[j], if it is between low and high.",
    ),
    solution=value_needed,
    check=on_cases(*CHANGES, held_back=[CHANGE_AGAIN]),
    mistakes="""
    x[j] + =>
        This is the change of the feature. Add it to the present value.
    return … => return needed
        The value is not limited: outside of low and high, return None.
    return … => return min(max(needed, low), high)
        A value outside was moved to the limit. There the target is not reached: return None.
    - intercept =>
        You left out the intercept, which is part of the log-odds.
    x[j] + => x[j] -
        The sign of the change is wrong: it has to bring the log-odds *to* the target.
    low <= needed <= high => low <= needed - x[j] <= high
        You compared the change with low and high. They limit the new value.
    return … => return None if low <= needed <= high else needed
        You returned None *between* low and high. Return it outside.
    / weights[j] =>
        You added what the log-odds lack. Divide it by the weight: that is the change of x.
    target - intercept => -intercept
        You solved for log-odds of 0. They must equal `target`.
    / weights[j] => * weights[j]
        You multiplied by the weight. The larger the weight, the smaller the change: divide.
    needed = … => needed = (target - intercept) / weights[j]
        You left out the other features. They stay as they are, and count.
    """,
    takeaway="A counterfactual says what the model would need, not what would happen.",
)

LOCAL = [
    ArrayCase(
        *([1.0, 0.5], [[0.5, 1.0], [1.0, 2.0], [2.0, 0.0]], 0, 0.0, 1.0),
        right=(np.exp(1.5) - np.exp(0.5) + np.exp(2.0) - np.exp(1.0)) / 2,
    ),
    ArrayCase(
        *([0.3, -0.4], [[1.0, 2.0], [0.0, 3.0], [2.0, 5.0]], 1, 2.0, 4.0),
        right=np.exp(-1.6) - np.exp(-0.8),
    ),
    ArrayCase(  # three of four move, and their median is not their mean
        *([0.2, 0.6], [[2.0, 1.0], [1.5, 0.0], [3.0, 0.5], [1.2, 3.0]], 0, 1.0, 2.0),
        right=(np.exp(0.4) - np.exp(0.2)) * (np.exp(0.6) + 1 + np.exp(1.8)) / 3,
    ),
]
LOCAL_AGAIN = ArrayCase(
    *([0.2, 0.6], [[1.0, 0.5], [3.0, 1.0], [2.0, 0.0], [4.0, 2.5]], 0, 1.0, 3.0),
    right=(np.exp(0.6 + 0.6) - np.exp(0.2 + 0.6) + np.exp(0.6) - np.exp(0.2)) / 2,
)


def local_effect(weights, rows, j, low, high):
    """Move the rows of a step from its lower to its upper edge."""
    inside = rows[(rows[:, j] > low) & (rows[:, j] <= high)]
    before, after = inside.copy(), inside.copy()
    before[:, j] = low
    after[:, j] = high
    change = np.exp(after @ weights) - np.exp(before @ weights)
    return change.mean()


EFFECT = Exercise(
    id="19-9",
    hints=(
        "First keep the rows whose feature j is above low and at most high.",
        "Make two copies of them: in one, column j is low, in the other, it is high.",
        "The mean of np.exp(after @ weights) − np.exp(before @ weights).",
    ),
    solution=local_effect,
    check=on_cases(*LOCAL, held_back=[LOCAL_AGAIN]),
    mistakes="""
    inside = … => inside = rows
        All customers moved: that is partial dependence. Move only those of the step.
    > low => >= low
        A customer at `low` belongs to the step before.
    <= high => < high
        A customer at `high` belongs to this step.
    before[:, j] = … =>
        You compared with the customers as they are. Start all of them at `low`.
    after[:, j] = … =>
        You ended with the customers as they are. Move all of them to `high`.
    return … => return -change.mean()
        The sign is wrong: subtract the score at `low` from the score at `high`.
    mean() => sum() / len(rows)
        You divided by the number of all customers. Divide by the number of those who moved.
    mean => sum
        This is the sum of the changes. Return their mean.
    before, after = … => before = after = inside.copy()
        Both are one array, and what was written last, `high`, is in both. Make two copies.
    inside = … => inside = rows[(rows[:, j] > low) & (rows[:, j] <= high)].mean(axis=0)[None]
        You moved one mean customer. The score is not linear: move each one, then take the mean.
    change = … => change = (after - before) @ weights
        This is the change of the log-odds. The score is the odds, `np.exp(row @ weights)`.
    """,
    takeaway="An effect of a feature depends on which customers are asked to move.",
)
