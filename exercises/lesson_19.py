"""Exercises of lesson 19: contributions, Shapley values, faithfulness, counterfactuals."""

from itertools import combinations, permutations

import numpy as np

from exercises.engine.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Explanations"

# By hand: similarities (1, 0.5, 0.5), deviations (1, 0, -1). All: 3 + (1 - 0.5) / 2 = 3.25. Without
# the first: 3 - 0.5 / 1 = 2.5.
VOTES = [
    (3.0, np.array([1.0, 0.5, 0.5]), np.array([1.0, 0.0, -1.0]), 0),
    (4.0, np.array([0.9, -0.3, 0.6]), np.array([0.5, 1.0, -0.8]), 2),
    (2.5, np.array([0.8, 0.7, -0.2, 0.4]), np.array([-1.0, 0.5, 1.5, 2.0]), 1),
]
VOTES_AGAIN = (3.6, np.array([0.4, -0.9, 0.3, 0.2]), np.array([0.7, 1.2, -0.4, 1.1]), 3)


def prediction_without(mean, similarities, deviations, j):
    """Take the weighted mean of the other neighbors' deviations."""
    s, d = np.delete(similarities, j), np.delete(deviations, j)
    return mean + s @ d / np.abs(s).sum()


def _predicted(mean, s, d):
    return mean + s @ d / np.abs(s).sum()


REMOVAL = Exercise(
    id="19-1",
    objective="Compute what a neighborhood predicts if one of the neighbors is left out.",
    hints=(
        "The weights of the remaining neighbors must sum to 1. Do they, if one is taken away?",
        "Leave the neighbor out of both arrays. Then take the weighted mean as always.",
        "mean + Σ s·d / Σ |s|, both sums over the other neighbors.",
    ),
    solution=prediction_without,
    check=on_cases(*VOTES, held_back=[VOTES_AGAIN]),
    wrong_answers={
        "subtracted the contribution": Mistake(
            lambda mean, s, d, j: _predicted(mean, s, d) - s[j] * d[j] / np.abs(s).sum(),
            "You subtracted the contribution of the neighbor. But the other weights grow when it "
            "leaves: divide by the sum of the others.",
        ),
        "all neighbors": Mistake(
            lambda mean, s, d, j: _predicted(mean, s, d),
            "This is the prediction of all neighbors. Leave out the one at place j.",
        ),
        "effect": Mistake(
            lambda mean, s, d, j: _predicted(mean, s, d) - prediction_without(mean, s, d, j),
            "This is the effect of the removal. Return the prediction itself.",
        ),
        "mean is missing": Mistake(
            lambda mean, s, d, j: prediction_without(0, s, d, j),
            "The user's mean is missing: neighbors only vote on the deviation from it.",
        ),
        "absolute values": Mistake(
            lambda mean, s, d, j: mean + np.delete(s, j) @ np.delete(d, j) / np.delete(s, j).sum(),
            "Divide by the sum of the absolute values: a negative similarity is evidence, too.",
        ),
        "not normalized": Mistake(
            lambda mean, s, d, j: mean + np.delete(s, j) @ np.delete(d, j),
            "The votes are not normalized: divide by the sum of the absolute similarities.",
        ),
        "in the numerator": Mistake(
            lambda mean, s, d, j: prediction_without(mean, np.abs(s), d, j),
            "You took absolute values in the numerator, too. There the sign must stay: a neighbor "
            "with a negative similarity votes the other way.",
        ),
        "the same weight": Mistake(
            lambda mean, s, d, j: mean + np.delete(d, j).mean(),
            "You gave all other neighbors the same weight. Weight them by their similarities.",
        ),
        "only neighbor": Mistake(
            lambda mean, s, d, j: mean + np.sign(s[j]) * d[j],
            "You kept the neighbor at place j as the only neighbor. It is the one to leave out.",
        ),
    },
    takeaway="A contribution is a part of a sum, not what would happen without the part.",
)

ROTATION = quiz(
    id="19-2",
    objective="Say what a rotation of all latent factors changes.",
    options={
        "a": "the prediction of a rating",
        "b": "the cosine similarity of two items",
        "c": "the factor with the largest contribution",
        "d": "the item that is predicted best for a user",
    },
    right="c",
    hints=(
        "Turn a map of a city. Which distances change, and which coordinates?",
        "A rotation keeps all products of vectors, (pR)·(qR) = p·q, and so all lengths and angles.",
        "Three of the four can be computed from products of whole vectors. Which one can't?",
    ),
    wrong_answers={
        "product": Mistake(
            "a",
            "A prediction is a product of two whole vectors, and a rotation keeps it.",
        ),
        "angle": Mistake(
            "b",
            "A cosine is the angle between two vectors. If both turn alike, it stays.",
        ),
        "ranking": Mistake(
            "d",
            "No prediction changes, so the ranking of the items stays the same, too.",
        ),
    },
    takeaway="Factors have no names that the data could confirm. Explain by items and people.",
)

# By hand, two players: alone 10 and 20, together 50: (10 + 30) / 2 = 20 and (20 + 40) / 2 = 30.
_SETS = [frozenset(names) for n in range(4) for names in combinations("abc", n)]
GAMES = [
    (
        ["a", "b"],
        {frozenset(): 0.0, frozenset("a"): 10.0, frozenset("b"): 20.0, frozenset("ab"): 50.0},
    ),
    (["a", "b", "c"], dict(zip(_SETS, [5.0, 8.0, 4.0, 9.0, 20.0, 11.0, 14.0, 32.0], strict=True))),
]
GAME_AGAIN = (
    ["a", "b", "c"],
    dict(zip(_SETS, [2.0, 1.0, 7.0, 3.0, 6.0, 15.0, 4.0, 12.0], strict=True)),
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


def _last(players, v):
    return {name: v[frozenset(players)] - v[frozenset(players) - {name}] for name in players}


def _alone(players, v):
    return {name: v[frozenset({name})] - v[frozenset()] for name in players}


def _shared(players, v):
    alone = _alone(players, v)
    share = (v[frozenset(players)] - v[frozenset()]) / sum(alone.values())
    return {name: share * value for name, value in alone.items()}


def _over_coalitions(players, v):
    others = {name: [S for S in v if name not in S] for name in players}
    return {name: sum(v[S | {name}] - v[S] for S in others[name]) / len(v) * 2 for name in players}


SHAPLEY = Exercise(
    id="19-3",
    objective="Compute Shapley values by going through all orders.",
    hints=(
        "In one order, what does each player add to those who are already there?",
        "Go through an order; the coalition before a player is frozenset(order[:place]).",
        "φ = mean over all orders of v(before ∪ {player}) − v(before).",
    ),
    solution=shapley_of,
    check=on_cases(*GAMES, held_back=[GAME_AGAIN]),
    wrong_answers={
        "comes first": Mistake(
            _alone,
            "This is what a player adds if it comes first. Average over all places in the order.",
        ),
        "comes last": Mistake(
            _last,
            "This is what a player adds if it comes last. Average over all places in the order.",
        ),
        "first and last": Mistake(
            lambda players, v: {
                name: (_alone(players, v)[name] + _last(players, v)[name]) / 2 for name in players
            },
            "You averaged first and last only. With three players there is a place in between.",
        ),
        "in proportion": Mistake(
            _shared,
            "You divided the total in proportion to what each is worth alone. That ignores who "
            "works with whom.",
        ),
        "equal weight": Mistake(
            _over_coalitions,
            "You gave all coalitions equal weight. Coalitions of a middle size occur in fewer "
            "orders each; average over the orders.",
        ),
        "sum over the orders": Mistake(
            lambda players, v: {
                name: value * len(list(permutations(players)))
                for name, value in shapley_of(players, v).items()
            },
            "This is the sum over the orders. Divide by their number.",
        ),
        "number of players": Mistake(
            lambda players, v: {
                name: value * len(list(permutations(players))) / len(players)
                for name, value in shapley_of(players, v).items()
            },
            "You divided the sum by the number of players. Divide by the number of orders.",
        ),
        "value before": Mistake(
            lambda players, v: {
                name: np.mean(
                    [
                        v[frozenset(order[: order.index(name) + 1])]
                        for order in permutations(players)
                    ]
                )
                for name in players
            },
            "You averaged the value after a player has come. Subtract the value before.",
        ),
        "whole team": Mistake(
            lambda players, v: {
                name: np.mean(
                    [
                        v[frozenset(players)] - v[frozenset(order[: order.index(name)])]
                        for order in permutations(players)
                    ]
                )
                for name in players
            },
            "You took the whole team less the coalition before. Take what this one player adds to "
            "the coalition.",
        ),
        "sum of the gains": Mistake(
            lambda players, v: {
                name: value * len(v) / 2 for name, value in _over_coalitions(players, v).items()
            },
            "This is the sum of the gains over all coalitions. Each coalition has a weight: "
            "average over the orders.",
        ),
        "empty coalition": Mistake(
            lambda players, v: {
                name: value + v[frozenset()] / len(players)
                for name, value in shapley_of(players, v).items()
            },
            "You also shared out the value of the empty coalition. It belongs to nobody: subtract "
            "it from the first player's coalition.",
        ),
        "divided by the total": Mistake(
            lambda players, v: {
                name: value / (v[frozenset(players)] - v[frozenset()])
                for name, value in shapley_of(players, v).items()
            },
            "You divided by the total. Shapley values add up to the total, not to 1.",
        ),
        "last order": Mistake(
            lambda players, v: {
                name: v[frozenset(players[k:])] - v[frozenset(players[k + 1 :])]
                for k, name in enumerate(players)
            },
            "Only the last order is left: each order overwrites the one before. Add them up.",
        ),
        "one order": Mistake(
            lambda players, v: {
                name: v[frozenset(players[: k + 1])] - v[frozenset(players[:k])]
                for k, name in enumerate(players)
            },
            "You used one order only, the one in which the players are listed.",
        ),
        "in equal parts": Mistake(
            lambda players, v: dict.fromkeys(
                players, (v[frozenset(players)] - v[frozenset()]) / len(players)
            ),
            "You divided the total in equal parts. Credit depends on what a player adds.",
        ),
    },
    takeaway="A Shapley value is the mean gain over all orders in which features can join.",
)


# By hand: weights (ln 2, ln 3), x = (2, 9), background (0, 1) and (5, 2), keep the first:
# (2² · 3 + 2² · 3²) / 2 = 24.
COALITIONS = [
    (
        np.log([2.0, 3.0]),
        np.array([2.0, 9.0]),
        np.array([[0.0, 1.0], [5.0, 2.0]]),
        np.array([True, False]),
    ),
    (
        np.array([0.5, -0.4, 0.3]),
        np.array([2.0, 1.0, 4.0]),
        np.array([[1.0, 2.0, 0.0], [3.0, 5.0, 1.0], [2.0, 8.0, 5.0]]),
        np.array([False, False, True]),
    ),
    (
        np.array([0.5, -0.4, 0.3]),
        np.array([2.0, 1.0, 4.0]),
        np.array([[1.0, 2.0, 0.0], [3.0, 5.0, 1.0], [2.0, 8.0, 5.0]]),
        np.array([True, True, False]),
    ),
]
COALITION_AGAIN = (
    np.array([-0.3, 0.2, 0.6]),
    np.array([5.0, 3.0, 1.0]),
    np.array([[0.0, 4.0, 2.0], [6.0, 1.0, 3.0]]),
    np.array([False, True, False]),
)


def coalition_value(weights, x, background, keep):
    """Put the kept values into every row of the background, and average the odds."""
    return np.exp(np.where(keep, x, background) @ weights).mean()


COALITION = Exercise(
    id="19-4",
    objective="Compute the interventional value of a coalition of features.",
    hints=(
        "Which values does the customer keep, and where do the other values come from?",
        "Make a copy of the background in which the kept columns have the values of x.",
        "np.where(keep, x, background), then the odds of each row, then the mean.",
    ),
    solution=coalition_value,
    check=on_cases(*COALITIONS, held_back=[COALITION_AGAIN]),
    wrong_answers={
        "swapped": Mistake(
            lambda weights, x, background, keep: np.exp(
                np.where(keep, background, x) @ weights
            ).mean(),
            "You swapped them: the features of `keep` have the values of x, the others those of "
            "the background.",
        ),
        "mean row": Mistake(
            lambda weights, x, background, keep: np.exp(
                np.where(keep, x, background.mean(axis=0)) @ weights
            ),
            "These are the odds of one mean row. The mean of the odds differs from them, because "
            "the odds are not linear: average last.",
        ),
        "zero": Mistake(
            lambda weights, x, background, keep: np.exp(np.where(keep, x, 0.0) @ weights),
            "You set the absent features to zero. A zero is a value like any other; take the "
            "background.",
        ),
        "each row": Mistake(
            lambda weights, x, background, keep: np.exp(np.where(keep, x, background) @ weights),
            "These are the odds of each row of the background. Take their mean.",
        ),
        "difference": Mistake(
            lambda weights, x, background, keep: (
                coalition_value(weights, x, background, keep) - np.exp(background @ weights).mean()
            ),
            "This is the difference from the empty coalition. Return v(S) itself.",
        ),
        "first row": Mistake(
            lambda weights, x, background, keep: np.exp(np.where(keep, x, background)[0] @ weights),
            "You used the first row of the background only. Average over all rows.",
        ),
        "sum": Mistake(
            lambda weights, x, background, keep: np.exp(
                np.where(keep, x, background) @ weights
            ).sum(),
            "This is the sum over the background. Take the mean.",
        ),
        "all its values": Mistake(
            lambda weights, x, background, keep: np.exp(x @ weights),
            "These are the odds of x with all its values. Features that `keep` leaves out take "
            "those of the background.",
        ),
        "probabilities": Mistake(
            lambda weights, x, background, keep: (
                1 / (1 + np.exp(-np.where(keep, x, background) @ weights))
            ).mean(),
            "These are probabilities. The score here is the odds: np.exp.",
        ),
        "background alone": Mistake(
            lambda weights, x, background, keep: np.exp(background @ weights).mean(),
            "This is the background alone, the empty coalition. Put in the values of x that are "
            "kept.",
        ),
        "log-odds": Mistake(
            lambda weights, x, background, keep: (np.where(keep, x, background) @ weights).mean(),
            "These are the log-odds. The score here is the odds: np.exp.",
        ),
    },
    takeaway="An absent feature takes the values of the background, and the scores are averaged.",
)

# By hand: weights (1, 2, 3), x = (1, 1, 2), means 0, attributions (1, 5, 2), k = 1: 1 + 0 + 6 = 7.
DELETIONS = [
    (np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0]), np.zeros(3), np.array([1.0, 5, 2]), 1),
    (
        np.array([2.0, -1.0, 0.5, 1.5]),
        np.array([3.0, 2.0, 4.0, 1.0]),
        np.array([1.0, 1.5, 2.0, 0.5]),
        np.array([0.4, -2.0, 0.9, 0.1]),
        2,
    ),
    (
        np.array([2.0, -1.0, 0.5, 1.5]),
        np.array([3.0, 2.0, 4.0, 1.0]),
        np.array([1.0, 1.5, 2.0, 0.5]),
        np.array([0.4, -2.0, 0.9, 0.1]),
        3,
    ),
]
DELETION_AGAIN = (
    np.array([1.0, 3.0, -2.0]),
    np.array([2.0, 1.0, 3.0]),
    np.array([0.5, 2.0, 1.0]),
    np.array([-0.3, 0.2, -0.9]),
    2,
)


def score_after(weights, x, means, attributions, k):
    """Replace the k features with the highest attributions by their means."""
    removed = np.argsort(-attributions)[:k]
    x = x.copy()
    x[removed] = means[removed]
    return weights @ x


def _after(order, fill=lambda means: means):
    def answer(weights, x, means, attributions, k):
        removed = order(attributions)[:k]
        x[removed] = fill(means)[removed]
        return weights @ x

    return answer


def _place(attributions):
    """Return the place of each feature, the highest attribution at 0."""
    return np.argsort(np.argsort(-attributions))


DELETION = Exercise(
    id="19-5",
    objective="Compute a point of a deletion curve.",
    hints=(
        "Which features are removed first, and which value do they get instead?",
        "Sort the attributions from the highest down, take the first k places, put in the means.",
        "removed = np.argsort(-attributions)[:k]; x[removed] = means[removed]; weights @ x.",
    ),
    solution=score_after,
    check=on_cases(*DELETIONS, held_back=[DELETION_AGAIN]),
    wrong_answers={
        "lowest": Mistake(
            _after(np.argsort),
            "You removed the features with the lowest attributions. Start with the highest.",
        ),
        "absolute value": Mistake(
            _after(lambda a: np.argsort(-np.abs(a))),
            "You sorted by the absolute value, so a feature that lowers the score is removed, too. "
            "Sort by the attribution.",
        ),
        "zero": Mistake(
            _after(lambda a: np.argsort(-a), np.zeros_like),
            "You set the removed features to zero. Give them their means.",
        ),
        "only the feature": Mistake(
            lambda weights, x, means, a, k: _after(lambda a: np.argsort(-a)[k - 1 : k])(
                weights, x, means, a, 1
            ),
            "You removed only the feature at place k. Remove all of the first k.",
        ),
        "fall": Mistake(
            lambda weights, x, means, a, k: weights @ x - score_after(weights, x, means, a, k),
            "This is by how much the score falls. Return the score itself.",
        ),
        "subtracted the attributions": Mistake(
            lambda weights, x, means, a, k: weights @ x - np.sort(a)[::-1][:k].sum(),
            "You subtracted the attributions. That trusts what the test is to check: compute the "
            "score again.",
        ),
        "first k columns": Mistake(
            lambda weights, x, means, a, k: weights @ np.concatenate([means[:k], x[k:]]),
            "You replaced the first k columns. Take the k features with the highest attributions.",
        ),
        "values of x": Mistake(
            lambda weights, x, means, a, k: score_after(weights, x, means, x, k),
            "You sorted by the values of x. Sort by the attributions.",
        ),
        "first k means": Mistake(
            lambda weights, x, means, a, k: weights @ np.where(_place(a) < k, means[_place(a)], x),
            "The removed features got the first k means. Give each its own: means[removed].",
        ),
        "one feature too few": Mistake(
            lambda weights, x, means, a, k: score_after(weights, x, means, a, k - 1),
            "You removed one feature too few. A slice [:k] holds k places.",
        ),
        "one feature too many": Mistake(
            lambda weights, x, means, a, k: score_after(weights, x, means, a, k + 1),
            "You removed one feature too many. A slice [:k] holds k places.",
        ),
        "kept": Mistake(
            lambda weights, x, means, a, k: weights @ np.where(_place(a) < k, x, means),
            "You kept the k features and removed the others. Do the opposite.",
        ),
    },
    takeaway="A faithful explanation names what the score loses most from.",
)

# By hand, two runs: user 0 has the top features 0 and 0, user 1 has 1 and 0: (1 + 0) / 2.
RUNS = [
    np.array([[[3.0, 1.0], [1.0, 2.0]], [[2.0, 1.0], [5.0, 1.0]]]),
    np.array(
        [
            [[1.0, 2.0, -5.0], [0.3, 0.2, 0.1]],
            [[0.0, 3.0, 1.0], [0.1, 0.2, 0.3]],
            [[2.0, 1.0, -4.0], [0.9, 0.2, 0.1]],
        ]
    ),
    np.array(
        [
            [[1.0, 2.0, -5.0], [0.3, 0.2, 0.1]],
            [[0.0, 3.0, 1.0], [0.3, 0.2, 0.1]],
            [[1.0, 4.0, 0.0], [0.1, 0.2, -0.9]],
            [[4.0, 3.0, 1.0], [0.1, 0.2, -0.3]],
        ]
    ),
]
RUNS_AGAIN = np.array(
    [
        [[-1.0, 0.2, 0.1], [2.0, 1.0, 0.0], [0.0, 1.0, 2.0]],
        [[0.5, 0.2, 0.1], [2.0, 1.0, 0.0], [0.0, 1.0, 2.0]],
        [[-2.0, 0.1, 0.2], [1.0, 2.0, 0.0], [3.0, 1.0, 2.0]],
    ]
)


def agreement_on_top(attributions):
    """Compare the top feature of every two runs, for each user."""
    top = attributions.argmax(axis=2)
    pairs = combinations(range(len(top)), 2)
    return np.mean([top[i] == top[j] for i, j in pairs])


def _agreement(top, pairs, same=lambda equal: equal):
    return np.mean([same(top[i] == top[j]) for i, j in pairs(range(len(top)))])


STABILITY = Exercise(
    id="19-6",
    objective="Measure how often two runs of a model name the same top reason.",
    hints=(
        "Which feature is the top reason in each run, for each customer?",
        "attributions.argmax(axis=2) has a row per run. combinations(range(runs), 2) are the "
        "pairs.",
        "The mean of top[i] == top[j] over all pairs i < j and all customers.",
    ),
    solution=agreement_on_top,
    check=on_cases(*RUNS, held_back=[RUNS_AGAIN]),
    wrong_answers={
        "with itself": Mistake(
            lambda a: _agreement(a.argmax(axis=2), lambda n: [(i, j) for i in n for j in n]),
            "You compared each run with itself, too, which always agrees. Take different runs.",
        ),
        "first run": Mistake(
            lambda a: _agreement(a.argmax(axis=2), lambda n: [(0, j) for j in n[1:]]),
            "You compared all runs with the first run. Compare every two.",
        ),
        "next run": Mistake(
            lambda a: _agreement(a.argmax(axis=2), lambda n: [(i, i + 1) for i in n[:-1]]),
            "You compared each run with the next run only. Compare every two.",
        ),
        "absolute value": Mistake(
            lambda a: agreement_on_top(np.abs(a)),
            "You took the largest absolute value. The top reason is the highest attribution.",
        ),
        "all runs": Mistake(
            lambda a: (np.ptp(a.argmax(axis=2), axis=0) == 0).mean(),
            "This is how often all runs agree. Count the pairs that do.",
        ),
        "averaged over the customers": Mistake(
            lambda a: _agreement(a.mean(axis=1).argmax(axis=1), lambda n: combinations(n, 2)),
            "You averaged over the customers before you looked for the top feature. Each customer "
            "has a reason of her own.",
        ),
        "most frequent": Mistake(
            lambda a: np.mean([np.bincount(each).max() for each in a.argmax(axis=2).T]) / len(a),
            "This is the share of runs that name the most frequent top feature. Count pairs.",
        ),
        "lowest": Mistake(
            lambda a: agreement_on_top(-a),
            "You compared the lowest attributions. The top feature has the highest.",
        ),
        "whole ranking": Mistake(
            lambda a: _agreement(
                np.argsort(a, axis=2), lambda n: combinations(n, 2), lambda same: same.all(axis=1)
            ),
            "You asked whether the whole rankings agree. Compare only the top feature.",
        ),
        "sum": Mistake(
            lambda a: agreement_on_top(a) * len(a) * (len(a) - 1) / 2,
            "This is the sum over the pairs. Divide by the number of pairs.",
        ),
        "percent": Mistake(
            lambda a: 100 * agreement_on_top(a),
            "This is in percent. Return a share between 0 and 1.",
        ),
        "disagree": Mistake(
            lambda a: 1 - agreement_on_top(a),
            "This is the share that disagree. Return the share that agree.",
        ),
    },
    takeaway="A reason that changes when the model is trained again is a reason of the sample.",
)

# By hand: -1 + 2 x + 1 · 3 = 0 with x = -1.
CHANGES = [
    (-1.0, np.array([2.0, 1.0]), np.array([4.0, 3.0]), 0, 0.0, -50.0, 50.0),
    (0.5, np.array([0.4, -0.2, 0.1]), np.array([2.0, 5.0, 3.0]), 1, 0.8, -50.0, 50.0),
    (0.5, np.array([0.4, -0.2, 0.1]), np.array([2.0, 5.0, 3.0]), 1, 0.8, 0.0, 10.0),
    (0.5, np.array([0.4, -0.2, 0.1]), np.array([2.0, 5.0, 3.0]), 1, 0.8, 4.5, 10.0),
    (0.5, np.array([0.4, -0.2, 0.1]), np.array([2.0, 5.0, 3.0]), 0, 0.8, 0.0, 2.2),
]
CHANGE_AGAIN = (1.0, np.array([-0.5, 0.3, 0.8]), np.array([3.0, 1.0, 2.0]), 2, 0.2, -4.0, 6.0)


def value_needed(intercept, weights, x, j, target, low, high):
    """Solve for the feature, and give up if its value is not allowed."""
    needed = x[j] + (target - intercept - weights @ x) / weights[j]
    return needed if low <= needed <= high else None


def _allowed(needed, low, high):
    return needed if low <= needed <= high else None


def _lacking(intercept, weights, x, target):
    return target - intercept - weights @ x


COUNTERFACTUAL = Exercise(
    id="19-7",
    objective="Find the counterfactual of a linear model in one feature.",
    hints=(
        "How far are the log-odds from the target now?",
        "A change of the feature by 1 changes the log-odds by its weight.",
        "x[j] + (target − intercept − weights @ x) / weights[j], if it is between low and high.",
    ),
    solution=value_needed,
    check=on_cases(*CHANGES, held_back=[CHANGE_AGAIN]),
    wrong_answers={
        "change": Mistake(
            lambda b, w, x, j, target, low, high: _allowed(
                _lacking(b, w, x, target) / w[j], low, high
            ),
            "This is the change of the feature. Add it to the present value.",
        ),
        "not limited": Mistake(
            lambda b, w, x, j, target, low, high: x[j] + _lacking(b, w, x, target) / w[j],
            "The value is not limited: outside of low and high, return None.",
        ),
        "moved to the limit": Mistake(
            lambda b, w, x, j, target, low, high: float(
                np.clip(x[j] + _lacking(b, w, x, target) / w[j], low, high)
            ),
            "A value outside was moved to the limit. There the target is not reached: return None.",
        ),
        "intercept": Mistake(
            lambda b, w, x, j, target, low, high: _allowed(
                x[j] + _lacking(0, w, x, target) / w[j], low, high
            ),
            "You left out the intercept, which is part of the log-odds.",
        ),
        "sign": Mistake(
            lambda b, w, x, j, target, low, high: _allowed(
                x[j] - _lacking(b, w, x, target) / w[j], low, high
            ),
            "The sign of the change is wrong: it has to bring the log-odds *to* the target.",
        ),
        "compared the change": Mistake(
            lambda b, w, x, j, target, low, high: (
                x[j] + _lacking(b, w, x, target) / w[j]
                if low <= _lacking(b, w, x, target) / w[j] <= high
                else None
            ),
            "You compared the change with low and high. They limit the new value.",
        ),
        "between": Mistake(
            lambda b, w, x, j, target, low, high: (
                None
                if low <= value_needed(b, w, x, j, target, -np.inf, np.inf) <= high
                else value_needed(b, w, x, j, target, -np.inf, np.inf)
            ),
            "You returned None *between* low and high. Return it outside.",
        ),
        "divide it by the weight": Mistake(
            lambda b, w, x, j, target, low, high: _allowed(
                x[j] + _lacking(b, w, x, target), low, high
            ),
            "You added what the log-odds lack. Divide it by the weight: that is the change of x.",
        ),
        "log-odds of 0": Mistake(
            lambda b, w, x, j, target, low, high: value_needed(b, w, x, j, 0, low, high),
            "You solved for log-odds of 0. They must equal `target`.",
        ),
        "multiplied": Mistake(
            lambda b, w, x, j, target, low, high: _allowed(
                x[j] + _lacking(b, w, x, target) * w[j], low, high
            ),
            "You multiplied by the weight. The larger the weight, the smaller the change: divide.",
        ),
        "other features": Mistake(
            lambda b, w, x, j, target, low, high: _allowed((target - b) / w[j], low, high),
            "You left out the other features. They stay as they are, and count.",
        ),
    },
    takeaway="A counterfactual says what the model would need, not what would happen.",
)

DOUBTS = quiz(
    id="19-8",
    objective="Predict how much doubt an explanation can bear.",
    options={
        "a": "from about one right value in a hundred",
        "b": "from about one right value in ten",
        "c": "from about one right value in three",
        "d": "it is never lost: more reasons can only help",
    },
    right="a",
    hints=(
        "Among the values that she sees, how many are right for each wrong one that matters?",
        "All faults together cost about 140 dollars, and SHAP wins back 50. All right decisions "
        "earn about 6,000.",
        "Reversing all right decisions costs more than 6,000 dollars. Which share of that is 50?",
    ),
    wrong_answers={
        "a tenth": Mistake(
            "b",
            "A tenth of the right decisions reversed would cost more than ten times what SHAP "
            "gains.",
        ),
        "a third": Mistake(
            "c",
            "A third of the right decisions reversed would cost far more than all faults do.",
        ),
        "only help": Mistake(
            "d",
            "More reasons do not only help: each right value that is shown can be doubted.",
        ),
    },
    takeaway="Right values are many and faults are few, so false doubts are what costs.",
)
