"""Exercises of lesson 08: groups of features, profiles, lists that are filled, votes, recall."""

import itertools

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Content and cold start"


# By hand: word (3, 4) and (4, 3), of length 5 each: 24/25. Brand: nothing in common, 0. With the
# weights 2 and 1: (2 · 0.96 + 0) / 3 = 0.64. Then also price, (1, 1) and (2, 0): 2 / (√2 · 2).
_TWO = {"word": np.array([3.0, 4.0]), "brand": np.array([1.0, 0.0])}
_OTHER = {"word": np.array([4.0, 3.0]), "brand": np.array([0.0, 1.0])}
GROUPS = [
    (_TWO, _OTHER, {"word": 2, "brand": 1}),
    (
        _TWO | {"price": np.array([1.0, 1.0])},
        _OTHER | {"price": np.array([2.0, 0.0])},
        {"word": 4, "brand": 0.5, "price": 0.25},
    ),
]


def similarity_by_groups(a, b, weights):
    """Take the cosine within each group, then the weighted mean of the groups."""
    total = 0
    for group, weight in weights.items():
        lengths = np.linalg.norm(a[group]) * np.linalg.norm(b[group])
        total = total + weight * (a[group] @ b[group] / lengths)
    return total / sum(weights.values())


def _cosine(x, y):
    return x @ y / np.sqrt((x @ x) * (y @ y))


def _joined(item, weights, scale=lambda weight: 1):
    return np.concatenate([scale(weight) * item[group] for group, weight in weights.items()])


def _unit(item):
    return {group: values / np.linalg.norm(values) for group, values in item.items()}


SIMILARITY_BY_GROUPS = Exercise(
    id="08-1",
    objective="Compare two items by groups of features, so that no group drowns the others.",
    hints=(
        "A price of 40 dollars stands beside words of 0.3. Who decides, if you join the two?",
        "Take the cosine within each group first; it has no units. Then weigh.",
        "s = Σ w · cosine of the group / Σ w; a cosine is `x @ y` divided by both lengths, "
        "`np.linalg.norm(x)` and `np.linalg.norm(y)`.",
    ),
    solution=similarity_by_groups,
    check=on_cases(*GROUPS),
    wrong_answers={
        "one long list": Mistake(
            lambda a, b, weights: _cosine(_joined(a, weights), _joined(b, weights)),
            "You joined the groups to one long list of numbers, so the group with the largest "
            "numbers decides. Take the cosine within each group, then the weighted mean.",
        ),
        "times their weights": Mistake(
            lambda a, b, weights: _cosine(
                _joined(a, weights, lambda weight: weight),
                _joined(b, weights, lambda weight: weight),
            ),
            "You joined the groups, times their weights. The group with the largest numbers still "
            "decides, and weights count twice, once in each item.",
        ),
        "roots of their weights": Mistake(
            lambda a, b, weights: _cosine(
                _joined(a, weights, np.sqrt), _joined(b, weights, np.sqrt)
            ),
            "You joined the groups, times the roots of their weights. The roots are right, but the "
            "group with the largest numbers still decides: first bring each group to length 1.",
        ),
        "squared weights": Mistake(
            lambda a, b, weights: _cosine(
                _joined(_unit(a), weights, lambda weight: weight),
                _joined(_unit(b), weights, lambda weight: weight),
            ),
            "Groups have length 1, as they should. But these are squared weights: each item brings "
            "its weight along. Multiply by the root, or take the weighted mean of the cosines.",
        ),
        "not divided by the lengths": Mistake(
            lambda a, b, weights: (
                sum(w * (a[g] @ b[g]) for g, w in weights.items()) / sum(weights.values())
            ),
            "The products are not divided by the lengths, so a group with large numbers decides.",
        ),
        "length of `a` twice": Mistake(
            lambda a, b, weights: (
                sum(w * (a[g] @ b[g]) / (a[g] @ a[g]) for g, w in weights.items())
                / sum(weights.values())
            ),
            "You divided by the length of `a` twice. A cosine divides by the lengths of both.",
        ),
        "length of `b` twice": Mistake(
            lambda a, b, weights: (
                sum(w * (a[g] @ b[g]) / (b[g] @ b[g]) for g, w in weights.items())
                / sum(weights.values())
            ),
            "You divided by the length of `b` twice. A cosine divides by the lengths of both.",
        ),
        "without the root": Mistake(
            lambda a, b, weights: (
                sum(w * (a[g] @ b[g]) / ((a[g] @ a[g]) * (b[g] @ b[g])) for g, w in weights.items())
                / sum(weights.values())
            ),
            "You divided by sums of squares without the root. A length is the root of that sum.",
        ),
        "lengths added": Mistake(
            lambda a, b, weights: (
                sum(
                    w * (a[g] @ b[g]) / (np.linalg.norm(a[g]) + np.linalg.norm(b[g]))
                    for g, w in weights.items()
                )
                / sum(weights.values())
            ),
            "You divided by the lengths added. A cosine divides by their product.",
        ),
        "without weights": Mistake(
            lambda a, b, weights: np.mean([_cosine(a[g], b[g]) for g in weights]),
            "This is a plain mean of the groups, without weights.",
        ),
        "weighted sum": Mistake(
            lambda a, b, weights: sum(w * _cosine(a[g], b[g]) for g, w in weights.items()),
            "This is a weighted sum. It can pass 1; divide by the sum of the weights.",
        ),
        "number of groups": Mistake(
            lambda a, b, weights: np.mean([w * _cosine(a[g], b[g]) for g, w in weights.items()]),
            "You divided by the number of groups. A weighted mean divides by the sum of weights.",
        ),
    },
    takeaway="First the cosine within each group, which has no units; then the weights.",
)

# By hand: Ana rated the teapot 5, the tent 2 and the mug 2, mean 3: 2, -1, -1, and Σ|…| = 4.
# Tea has (2 · 1 - 1 · 0 - 1 · 1) / 4 = 0.25, camping -1 / 4, nordic (2 · 1 - 1 · 0.5) / 4 = 0.375.
FEATURES = pd.DataFrame(
    {
        "camping": [0.0, 1.0, 0.0, 1.0, 0.0],
        "nordic": [1.0, 0.5, 0.0, 0.0, 0.25],
        "tea": [1.0, 0.0, 1.0, 0.0, 0.5],
    },
    index=["teapot", "tent", "mug", "lantern", "tray"],
).rename_axis(columns="feature")  # with a name, so that labels are part of the answer
PROFILES = [
    (FEATURES, pd.Series({"teapot": 5, "tent": 2, "mug": 2})),
    (FEATURES, pd.Series({"tray": 1, "lantern": 4, "teapot": 5, "tent": 4})),
]


def profile(features, ratings):
    """Weigh each item's features by how much more than usual the user liked it."""
    liking = ratings - ratings.mean()
    return liking @ features.loc[ratings.index] / liking.abs().sum()


def _weighted(weights, features):
    return weights @ features.loc[weights.index] / weights.abs().sum()


PROFILE = Exercise(
    id="08-2",
    objective="Make the profile of a user: which features are liked, and which are not?",
    hints=(
        "A user gave the tent 1 star. Should `camping` go up or down in the profile?",
        "Take the user's mean off the ratings: what is liked less than usual is then below zero.",
        "p = Σ (r − r̄) x / Σ |r − r̄|, over the items that the user rated.",
    ),
    solution=profile,
    check=on_cases(*PROFILES, any_order=True),
    wrong_answers={
        "as it is": Mistake(
            lambda features, ratings: _weighted(ratings, features),
            "You weighed by the rating as it is. A 1 then counts in favor of the item's features, "
            "only less than a 5. Take the user's mean off first.",
        ),
        "middle of the scale": Mistake(
            lambda features, ratings: _weighted(ratings - 3, features),
            "You took 3 off, the middle of the scale. For somebody who gives fours to everything, "
            "everything is then liked. Take off the user's own mean.",
        ),
        "count of the items": Mistake(
            lambda features, ratings: (
                (ratings - ratings.mean()) @ features.loc[ratings.index] / len(ratings)
            ),
            "You divided by the count of the items. The weights are r − r̄; a weighted mean "
            "divides by the sum of their absolute values.",
        ),
        "not divided": Mistake(
            lambda features, ratings: (ratings - ratings.mean()) @ features.loc[ratings.index],
            "This is a weighted sum, not divided by the weights: it grows with every rating.",
        ),
        "never rated": Mistake(
            lambda features, ratings: _weighted(
                ratings.reindex(features.index, fill_value=0) - ratings.mean(), features
            ),
            "Items that the user never rated are in it with 0 stars, as if they were disliked.",
        ),
        "zeros in the mean": Mistake(
            lambda features, ratings: _weighted(
                (lambda all_items: all_items - all_items.mean())(
                    ratings.reindex(features.index, fill_value=0)
                ),
                features,
            ),
            "Items that the user never rated are zeros in the mean, and in the profile. Take the "
            "mean of what was rated, and only those rows.",
        ),
        "add up to zero": Mistake(
            lambda features, ratings: (
                (ratings - ratings.mean())
                @ features.loc[ratings.index]
                / (ratings - ratings.mean()).sum()
            ),
            "What you divided by is zero: deviations from a mean always add up to zero. Take their "
            "absolute values first.",
        ),
        "sign is lost": Mistake(
            lambda features, ratings: _weighted((ratings - ratings.mean()).abs(), features),
            "The sign is lost: above the line the weights are r − r̄ as they are, so that what is "
            "disliked counts against its features. Only below the line they are absolute.",
        ),
        "plain mean": Mistake(
            lambda features, ratings: features.loc[ratings.index].mean(),
            "This is a plain mean of what was rated; the stars are not in it.",
        ),
        "weights above zero only": Mistake(
            lambda features, ratings: _weighted(
                (ratings - ratings.mean())[ratings > ratings.mean()], features
            ),
            "You took the weights above zero only. What is disliked tells as much.",
        ),
        "only what is liked": Mistake(
            lambda features, ratings: features.loc[ratings.index[ratings > ratings.mean()]].mean(),
            "This is the mean of only what is liked. What is disliked tells as much.",
        ),
        "in the order of the table": Mistake(
            lambda features, ratings: (
                (ratings - ratings.mean()).to_numpy()
                @ features[features.index.isin(ratings.index)]
                / (ratings - ratings.mean()).abs().sum()
            ),
            "You took the rows in the order of the table, and the ratings in their own. Ask for "
            "the rows by name: `features.loc[ratings.index]`.",
        ),
    },
    takeaway="A rating below the user's mean counts against the features of the item.",
)

LISTS = [
    (["lamp", "vase"], ["mug", "lamp", "tent", "clock"], 4),
    (["rug", "mug", "lamp"], ["vase", "rug"], 2),
    ([], ["tent", "vase", "mug"], 2),
    (["rug"], ["rug"], 3),
    (["tent", "rug"], ["mug"], 4),
]


def fill(first, second, k):
    """Let the first model speak; the second says what the first has not said."""
    rest = [item for item in second if item not in first]
    return (first + rest)[:k]


def _in_turns(first, second):
    pairs = itertools.zip_longest(first, second)
    return [item for item in dict.fromkeys(itertools.chain(*pairs)) if item is not None]


FILL = Exercise(
    id="08-3",
    objective="Fill a list that is too short with what another model recommends.",
    hints=(
        "Both models like the lamp. How often should it stand in the list?",
        "Keep the order of both: first all of `first`, then of `second` what is not there yet.",
        "`first + [item for item in second if item not in first]`, and of that the first k.",
    ),
    solution=fill,
    check=on_cases(*LISTS),
    wrong_answers={
        "stands twice": Mistake(
            lambda first, second, k: (first + second)[:k],
            "What both recommend stands twice. The second place is lost for something new.",
        ),
        "longer than k": Mistake(
            lambda first, second, k: first + [item for item in second if item not in first],
            "The list gets longer than k.",
        ),
        "the first is not cut": Mistake(
            lambda first, second, k: (
                first + [item for item in second if item not in first][: max(k - len(first), 0)]
            ),
            "The first is not cut where it alone is longer than k.",
        ),
        "second one goes first": Mistake(
            lambda first, second, k: (second + [item for item in first if item not in second])[:k],
            "The second one goes first here.",
        ),
        "never asked": Mistake(
            lambda first, second, k: first[:k],
            "The second model is never asked, so a list that is too short stays short.",
        ),
        "the second alone": Mistake(
            lambda first, second, k: second[:k],
            "These are items of the second alone. The first model has places before it.",
        ),
        "the first is left out": Mistake(
            lambda first, second, k: [item for item in second if item not in first][:k],
            "That is what the second adds; the first is left out.",
        ),
        "takes turns": Mistake(
            lambda first, second, k: _in_turns(first, second)[:k],
            "Your list takes turns: one of the first, one of the second. The first model keeps all "
            "its places; the second only fills what is left.",
        ),
        "one or the other": Mistake(
            lambda first, second, k: (first or second)[:k],
            "You took one or the other. A list that is short, but not empty, stays short.",
        ),
        "cut too early": Mistake(
            lambda first, second, k: (
                first + [item for item in second[: max(k - len(first), 0)] if item not in first]
            )[:k],
            "`second` is cut too early: what it loses as a double is missing at the end. First "
            "leave out the doubles, then cut.",
        ),
        "order is lost": Mistake(
            lambda first, second, k: sorted({*first, *second})[:k],
            "The order is lost, so the best are no longer first. A set has none, and `np.unique` "
            "sorts by name; a dict keeps it: `list(dict.fromkeys(first + second))`.",
        ),
    },
    takeaway="Switching keeps the first model's list and fills what is left, each item once.",
)


def _scores(**of_items):
    return pd.Series(of_items).rename_axis("item_id")


# By hand: popular 100, 40, 20 becomes 1, 1/4, 0; alike 0.9, 0.6, 0.5 becomes 1, 1/4, 0. With weight
# 0.75: lamp 0.75, vase 0.75 · 1/4 + 0.25 · 1/4 = 0.25, mug 0, clock 0.25 · 1, rug 0. The second
# case has a score below 0: there, too, who is missing has 0 votes, and the lowest has 0. The index
# has a name, so that labels are part of the answer.
VOTES = [
    (_scores(lamp=100.0, vase=40.0, mug=20.0), _scores(clock=0.9, vase=0.6, rug=0.5), 0.75),
    (
        _scores(tent=8.0, mug=5.0, rug=3.0, vase=2.0),
        _scores(rug=0.8, clock=0.5, lamp=-0.4),
        0.4,
    ),
]


def vote(one, two, weight):
    """Bring both lists to the range from 0 to 1, then weigh; who is not on a list has 0 there."""
    first = (one - one.min()) / (one.max() - one.min())
    second = (two - two.min()) / (two.max() - two.min())
    return (weight * first).add((1 - weight) * second, fill_value=0)


def _between(scores, low, high):
    return (scores - low) / (high - low)


def _scaled(scores):
    return _between(scores, scores.min(), scores.max())


VOTE = Exercise(
    id="08-4",
    objective="Let two models vote whose scores have different units.",
    hints=(
        "One model counts buyers, the other is a cosine. Who decides if you add them up?",
        "Bring each list to the range from 0 (its lowest score) to 1 (its highest).",
        "v = (s − lowest) / (highest − lowest); weight · v₁ + (1 − weight) · v₂, and 0 for what "
        "is not on a list: `a.add(b, fill_value=0)`.",
    ),
    solution=vote,
    check=on_cases(*VOTES, any_order=True),
    wrong_answers={
        "raw scores": Mistake(
            lambda one, two, weight: (weight * one).add((1 - weight) * two, fill_value=0),
            "You added raw scores. The model with the larger numbers decides, whatever the weight.",
        ),
        "by the highest": Mistake(
            lambda one, two, weight: (weight * one / one.max()).add(
                (1 - weight) * two / two.max(), fill_value=0
            ),
            "You divided by the highest score, without taking the lowest off. Scores between 0.5 "
            "and 0.9 hardly differ then.",
        ),
        "filled in 0 first": Mistake(
            lambda one, two, weight: (
                weight * _scaled(one.reindex(one.index.union(two.index), fill_value=0))
                + (1 - weight) * _scaled(two.reindex(one.index.union(two.index), fill_value=0))
            ),
            "You filled in 0 first, for who is missing, and that 0 took part in the range. First "
            "bring each list to its own range, then fill in.",
        ),
        "not divided by the range": Mistake(
            lambda one, two, weight: (weight * (one - one.min())).add(
                (1 - weight) * (two - two.min()), fill_value=0
            ),
            "The lowest is taken off, but the rest is not divided by the range, so the model with "
            "the larger numbers still decides.",
        ),
        "without weights": Mistake(
            lambda one, two, weight: _scaled(one).add(_scaled(two), fill_value=0),
            "Both are added without weights.",
        ),
        "only the lists that name it": Mistake(
            lambda one, two, weight: (
                (weight * _scaled(one)).add((1 - weight) * _scaled(two), fill_value=0)
                / pd.Series(weight, one.index).add(pd.Series(1 - weight, two.index), fill_value=0)
            ),
            "You divided by the weights of only the lists that name it, so an item that one model "
            "never heard of wins as much as one that both put first.",
        ),
        "one range for both": Mistake(
            lambda one, two, weight: (
                weight * _between(one, min(one.min(), two.min()), max(one.max(), two.max()))
            ).add(
                (1 - weight) * _between(two, min(one.min(), two.min()), max(one.max(), two.max())),
                fill_value=0,
            ),
            "You took one range for both lists. Each needs its own: their units differ.",
        ),
        "on both lists": Mistake(
            lambda one, two, weight: (weight * _scaled(one) + (1 - weight) * _scaled(two)).dropna(),
            "Only items on both lists are left. One that is new to the other model would never be "
            "shown: it has 0 there.",
        ),
        "missing": Mistake(
            lambda one, two, weight: weight * _scaled(one) + (1 - weight) * _scaled(two),
            "What stands on one list only is missing in the sum. It has 0 on the other.",
        ),
        "the same weight": Mistake(
            lambda one, two, weight: (weight * _scaled(one)).add(
                weight * _scaled(two), fill_value=0
            ),
            "Both have the same weight here. The second has what the first leaves, 1 − weight.",
        ),
        "weights are swapped": Mistake(
            lambda one, two, weight: ((1 - weight) * _scaled(one)).add(
                weight * _scaled(two), fill_value=0
            ),
            "The weights are swapped: `weight` belongs to the first.",
        ),
        "by ranks": Mistake(
            lambda one, two, weight: (weight * one.rank(pct=True)).add(
                (1 - weight) * two.rank(pct=True), fill_value=0
            ),
            "You vote by ranks. That works, too, but forgets how far ahead the best one is; asked "
            "are scores between 0 and 1.",
        ),
    },
    takeaway="Bring scores to one range before you add them; who is not on a list has 0 there.",
)

# By hand: Ana bought 2 and was shown 1 of them, 1/2. Ben bought 3 and was shown none of them. Cleo
# bought 1 and has no list. Dan has a list and bought nothing. (1/2 + 0 + 0) / 3 = 1/6.
_NAMES = ["user_id", "item_id"]
_BOUGHT = [("Ana", "lamp"), ("Ana", "mug"), ("Ben", "lamp"), ("Ben", "rug"), ("Ben", "tent")]
_BOUGHT += [("Cleo", "vase")]
_SHOWN = [("Ana", "lamp"), ("Ana", "rug"), ("Ben", "mug"), ("Ben", "vase")]
_SHOWN += [("Dan", "lamp"), ("Dan", "mug")]
_MORE_SHOWN = [("Ben", "tent"), ("Ana", "mug"), ("Ana", "clock"), ("Dan", "vase")]
RECALLS = [
    (pd.DataFrame(_SHOWN[:2], columns=_NAMES), pd.DataFrame(_BOUGHT[:2], columns=_NAMES)),
    (pd.DataFrame(_SHOWN, columns=_NAMES), pd.DataFrame(_BOUGHT, columns=_NAMES)),
    (
        pd.DataFrame([*_SHOWN, *_MORE_SHOWN], columns=_NAMES),
        pd.DataFrame([*_BOUGHT, ("Eli", "rug"), ("Eli", "mug")], columns=_NAMES),
    ),
]


def mean_recall(shown, bought):
    """Whoever bought something counts, with or without a list."""
    hits = shown.merge(bought, on=["user_id", "item_id"])["user_id"].value_counts()
    wanted = bought["user_id"].value_counts()
    return (hits.reindex(wanted.index, fill_value=0) / wanted).mean()


def _shares(shown, bought):
    """Recall of every buyer."""
    hits = shown.merge(bought, on=["user_id", "item_id"])["user_id"].value_counts()
    wanted = bought["user_id"].value_counts()
    return hits.reindex(wanted.index, fill_value=0) / wanted


MEAN_RECALL = Exercise(
    id="08-5",
    objective="Average recall over users, some of whom got no list.",
    hints=(
        "A model says nothing to a new customer, who then buys a vase. Did the model do well?",
        "Count hits and purchases by user. Who bought is in the mean, list or no list.",
        "`hits.reindex(wanted.index, fill_value=0) / wanted`, where both are counts by user.",
    ),
    solution=mean_recall,
    check=on_cases(*RECALLS),
    wrong_answers={
        "got a list": Mistake(
            lambda shown, bought: (
                _shares(shown, bought).loc[lambda share: share.index.isin(shown["user_id"])].mean()
            ),
            "Only buyers who got a list are in your mean. A model that keeps silent where it is "
            "hard would win: those without a list have recall 0.",
        ),
        "at least one hit": Mistake(
            lambda shown, bought: _shares(shown, bought).loc[lambda share: share > 0].mean(),
            "Only users with at least one hit are in your mean. The others have recall 0.",
        ),
        "where a list was shown": Mistake(
            lambda shown, bought: (
                _shares(shown, bought).reindex(shown["user_id"].unique()).fillna(0).mean()
            ),
            "Your mean goes over users where a list was shown. It goes over those who bought: "
            "without a list their recall is 0, and who bought nothing has none.",
        ),
        "whoever was shown it": Mistake(
            lambda shown, bought: (
                bought["item_id"].isin(shown["item_id"]).groupby(bought["user_id"]).mean().mean()
            ),
            "A purchase counts as found in your mean, whoever was shown it. It must have been in "
            "the list of the same user: compare pairs of `user_id` and `item_id`.",
        ),
        "hit rate": Mistake(
            lambda shown, bought: (_shares(shown, bought) > 0).mean(),
            "This is the hit rate: who found anything at all. Recall is the share of what the "
            "user bought.",
        ),
        "misses are missing": Mistake(
            lambda shown, bought: (
                bought.merge(shown.assign(hit=1), how="left")
                .groupby("user_id")["hit"]
                .mean()
                .mean()
            ),
            "In your table misses are missing values, and a mean leaves those out: only hits are "
            "averaged. Fill them with 0 first.",
        ),
        "mean precision": Mistake(
            lambda shown, bought: (
                shown.merge(bought)["user_id"]
                .value_counts()
                .div(shown["user_id"].value_counts())
                .fillna(0)
                .mean()
            ),
            "This is the mean precision of those who got a list. Recall divides by what a user "
            "bought, and goes over all who bought.",
        ),
        "all places": Mistake(
            lambda shown, bought: len(shown.merge(bought)) / len(shown),
            "These are all hits by all places of the lists. Recall divides by what was bought, "
            "user by user.",
        ),
        "all purchases": Mistake(
            lambda shown, bought: len(shown.merge(bought)) / len(bought),
            "These are all hits by all purchases, so who buys much weighs more. Recall by user "
            "first, then the mean.",
        ),
        "who bought nothing": Mistake(
            lambda shown, bought: (
                _shares(shown, bought).sum() / len({*shown["user_id"], *bought["user_id"]})
            ),
            "Users who bought nothing are in your mean with 0. They have no recall: nothing could "
            "be found.",
        ),
        "precision": Mistake(
            lambda shown, bought: (
                (
                    (_shares(shown, bought) * bought["user_id"].value_counts())
                    / shown["user_id"].value_counts().reindex(bought["user_id"].unique())
                )
                .fillna(0)
                .loc[bought["user_id"].unique()]
                .mean()
            ),
            "You divided by the length of the list, which is precision. Recall divides by what the "
            "user bought.",
        ),
    },
    takeaway="Who bought something counts; without a list, recall is 0.",
)

SWITCHING = quiz(
    id="08-6",
    objective="Say in whose list a cold item can turn up.",
    options={
        "a": "in everybody's: content knows the tent",
        "b": "in the lists of new customers, since they come to the end of the line",
        "c": "in the lists of customers with a past for whom the neighbors find fewer than ten",
        "d": "in nobody's: a cold item has no score anywhere",
    },
    right="c",
    hints=(
        "Who is asked first, and when is the next one asked at all?",
        "The neighbors have nothing to say of the tent. When do they leave a place free?",
        "Content speaks where the neighbors' list is short, and only of users with a past.",
    ),
    wrong_answers={
        "full": Mistake(
            "a",
            "Content knows the tent, but is asked only where the first list is not full. Most "
            "customers with some past have full lists.",
        ),
        "no past": Mistake(
            "b",
            "New customers have no past, so content has no profile of them. Their list comes from "
            "popularity, where nobody has bought the tent.",
        ),
        "no buyers": Mistake(
            "d",
            "It has no buyers, but it has words and a category: content gives it a score.",
        ),
    },
    takeaway="A switch serves cold users; cold items need a vote or a place of their own.",
)
