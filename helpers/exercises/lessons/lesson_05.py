"""Exercises of lesson 05: neighbors, what they say, the error of it, and a list."""

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, in_turn, on_cases, quiz

TITLE = "User-based filtering"

# Ana's own stars for the clock are in there, as they are when a known rating is predicted. Of the
# others who rated it, Cem, Hal, Eli and Gil are alike to her (Eli and Gil equally), Ben says
# nothing (0), Fay is unlike her; Dora is the most alike, and has not rated it.
PEOPLE = ["Ana", "Ben", "Cem", "Dora", "Eli", "Fay", "Gil", "Hal"]
ALIKE = pd.Series([1.0, 0.0, 0.9, 0.95, 0.5, -0.7, 0.5, 0.75], PEOPLE)
CLOCK = pd.Series([4.0, 2.0, 3.0, np.nan, 1.0, 3.0, 4.0, 2.0], PEOPLE)
NEIGHBORS = [
    (ALIKE[["Ana", "Eli", "Cem"]], CLOCK[["Ana", "Eli", "Cem"]], "Ana", 1),
    (ALIKE, CLOCK, "Ana", 2),
    (ALIKE, CLOCK, "Ana", 7),
    (ALIKE.rename({"Dora": "Zoe"}).replace(-0.7, np.nan), CLOCK.rename({"Dora": "Zoe"}), "Ana", 3),
]
# Now it is Ana who has not rated it. Ida, who has, is nearly as like her as she is herself, and
# then just as like.
TURNED = {"Ana": "Ida", "Dora": "Ana"}
NOT_RATED = [
    (ALIKE.rename(TURNED).replace({1.0: 0.95, 0.95: 1.0}), CLOCK.rename(TURNED), "Ana", 2),
    (ALIKE.rename(TURNED).replace(0.95, 1.0), CLOCK.rename(TURNED), "Ana", 2),
]


def choose_neighbors(similarities, ratings, me, k):
    """Keep the others who rated it and are alike, and only then take the first k."""
    able = ratings.notna() & (similarities > 0) & (similarities.index != me)
    return similarities[able].nlargest(k).index.tolist()


def _others(similarities, me):
    return similarities.drop(me).sort_values(ascending=False, kind="stable")


CHOOSE_NEIGHBORS = Exercise(
    id="05-1",
    objective="Choose the k nearest neighbors who can say something about one item.",
    hints=(
        "Your best friend has never seen the clock. Does it help to ask?",
        "There are three conditions: rated it, similarity above 0, somebody else. They come before "
        "the cut to k.",
        "`similarities[ratings.notna() & (similarities > 0) & (similarities.index != me)]`, then "
        "`nlargest(k)`.",
    ),
    solution=choose_neighbors,
    check=in_turn(on_cases(*NEIGHBORS), on_cases(*NOT_RATED)),
    wrong_answers={
        "yourself": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities > 0)].nlargest(k).index.tolist()
            ),
            "You count yourself among your neighbors. Whoever predicts a known rating then reads "
            "it off, and the error looks splendid.",
        ),
        "not rated": Mistake(
            lambda similarities, ratings, me, k: (
                _others(similarities, me)[lambda s: s > 0].index[:k].tolist()
            ),
            "Some of your neighbors have not rated the item. They have nothing to say about it: "
            "choose among its raters.",
        ),
        "raters after the cut": Mistake(
            lambda similarities, ratings, me, k: [
                user
                for user in _others(similarities, me)[lambda s: s > 0].index[:k]
                if pd.notna(ratings[user])
            ],
            "You look for raters after the cut to k, so places are taken by people who cannot "
            "answer. First the raters, then the k nearest of them.",
        ),
        "yourself after the cut": Mistake(
            lambda similarities, ratings, me, k: [
                user
                for user in similarities[ratings.notna() & (similarities > 0)].nlargest(k).index
                if user != me
            ],
            "Where you have rated the item the list is one short, as it happens when you take out "
            "yourself after the cut to k. First the others, then the k nearest of them.",
        ),
        "first of the list": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities > 0)]
                .nlargest(k + 1)
                .index[1:]
                .tolist()
            ),
            "You drop the first of the list, taking it for yourself. It is somebody else where you "
            "have not rated the item. Leave out `me` by name.",
        ),
        "similarity of 1": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities > 0) & (similarities < 1)]
                .nlargest(k)
                .index.tolist()
            ),
            "You take a similarity of 1 for yourself. Somebody else may have it, too, and is the "
            "best neighbor there is. Leave out `me` by name.",
        ),
        "unsorted": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities > 0)]
                .drop(me, errors="ignore")
                .index[:k]
                .tolist()
            ),
            "The neighbors are unsorted: these are the first k of the table, not the k nearest.",
        ),
        "last of equals": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities > 0)]
                .drop(me, errors="ignore")
                .sort_values(kind="stable")
                .index[::-1][:k]
                .tolist()
            ),
            "Your list puts the last of equals first, as it happens when one sorts up and turns "
            "the list round. The question asks for the one who stands first.",
        ),
        "most stars": Mistake(
            lambda similarities, ratings, me, k: (
                ratings[ratings.notna() & (similarities > 0)]
                .drop(me, errors="ignore")
                .nlargest(k)
                .index.tolist()
            ),
            "These gave the most stars. Neighbors are chosen by how alike they are, whatever they "
            "say.",
        ),
        "most similar of all": Mistake(
            lambda similarities, ratings, me, k: similarities.nlargest(k).index.tolist(),
            "These are the most similar of all: yourself, and some who have not rated the item. A "
            "neighbor is somebody else, has rated it, and has a similarity above 0.",
        ),
        "others, rated or not": Mistake(
            lambda similarities, ratings, me, k: _others(similarities, me).index[:k].tolist(),
            "These are the most similar others, rated or not, alike or not. A neighbor has rated "
            "the item and has a similarity above 0.",
        ),
        "least similar": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities > 0)]
                .drop(me, errors="ignore")
                .nsmallest(k)
                .index.tolist()
            ),
            "You took the least similar: sorting goes up unless told otherwise.",
        ),
        "least similar of all": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna()].drop(me, errors="ignore").nsmallest(k).index.tolist()
            ),
            "You took the least similar of all: sorting goes up unless told otherwise. And a "
            "neighbor's similarity is above 0.",
        ),
        "not above 0": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna()].drop(me, errors="ignore").nlargest(k).index.tolist()
            ),
            "Among them are similarities that are not above 0: strangers and opposites fill the "
            "list when friends run out. A shorter list is better.",
        ),
        "of 0": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna() & (similarities >= 0)]
                .drop(me, errors="ignore")
                .nlargest(k)
                .index.tolist()
            ),
            "A similarity of 0 says that nothing is known. Keep those above 0.",
        ),
        "by size": Mistake(
            lambda similarities, ratings, me, k: (
                similarities[ratings.notna()]
                .drop(me, errors="ignore")
                .abs()
                .nlargest(k)
                .index.tolist()
            ),
            "You sorted by size without the sign, and an opposite of -0.7 comes before a friend of "
            "0.5.",
        ),
    },
    takeaway="Neighbors are raters of the item, others than oneself, alike; the cut to k is last.",
)


# By hand, the first case: neighbors 1 above a mean of 3 (spread 1) and 1 below 4 (spread 2), so
# z = 1 and -0.5; weights 0.5 and 0.25: (0.5 - 0.125) / 0.75 = 0.5. Ana's mean 4 and spread 0.5:
# 4 + 0.5 * 0.5 = 4.25. In the others somebody has not rated, or is unlike.
def _arrays(*columns):
    return tuple(np.array(column, dtype=float) for column in columns)


ZSCORES = [
    (*_arrays([0.5, 0.25], [4, 3], [3, 4], [1, 2]), 4.0, 0.5),
    (*_arrays([0.9, 0.4, 0.5], [5, np.nan, 2], [3.5, 4.5, 3], [1.25, 0.5, 0.8]), 2.5, 1.5),
    (*_arrays([0.75, -0.25, 0.6], [2, 5, np.nan], [4, 3.5, 2], [0.8, 1.2, 2]), 3.2, 0.7),
]


def zscore_prediction(similarities, ratings, means, spreads, mean, spread):
    """Count in everybody's own spreads from everybody's own mean, and translate back at the end."""
    rated = ~np.isnan(ratings)
    weights = similarities[rated]
    scores = (ratings[rated] - means[rated]) / spreads[rated]
    return mean + spread * (weights @ scores) / np.abs(weights).sum()


def _deviating(rule):
    """Answer with a rule of the raters' weights, ratings, means and spreads, and one's own two."""

    def answer(similarities, ratings, means, spreads, mean, spread):
        rated = ~np.isnan(ratings)
        columns = (column[rated] for column in (similarities, ratings, means, spreads))
        return rule(*columns, mean, spread)

    return answer


ZSCORE_PREDICTION = Exercise(
    id="05-2",
    objective="Predict a rating from neighbors who differ in mean and in spread.",
    hints=(
        "One neighbor gives 1 and 5, another 3 and 4. Is a deviation of one star as much for both?",
        "Divide each deviation by its neighbor's spread, take the weighted mean over those who "
        "rated the item, and multiply by your user's own spread.",
        "r̂ = mean + spread · Σ s (r − mean_v) / spread_v / Σ |s|, over neighbors who rated it.",
    ),
    solution=zscore_prediction,
    check=on_cases(*ZSCORES),
    wrong_answers={
        "not divided": Mistake(
            _deviating(lambda s, r, m, d, mean, spread: mean + spread * (s @ ((r - m) / d))),
            "The sum is not divided by Σ|s|: the more neighbors, the further off the scale.",
        ),
        "number of neighbors": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: mean + spread * (s @ ((r - m) / d)) / len(s)
            ),
            "You divided by the number of neighbors, not by Σ|s|. That is a mean only if all "
            "similarities are 1.",
        ),
        "signed weights": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: mean + spread * (s @ ((r - m) / d)) / s.sum()
            ),
            "You divided by Σs, by signed weights. A neighbor of -0.25 is evidence, too; and the "
            "sum can come near 0. Divide by Σ|s|.",
        ),
        "weights are left out": Mistake(
            _deviating(lambda s, r, m, d, mean, spread: mean + spread * ((r - m) / d).mean()),
            "The weights are left out: everybody counts the same, alike or not.",
        ),
        "below 0": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: (
                    mean + spread * (s[s > 0] @ ((r - m) / d)[s > 0]) / s[s > 0].sum()
                )
            ),
            "You left out similarities below 0. They count here: an opposite who liked it less "
            "than usual is a reason to expect more.",
        ),
        "sign": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: (
                    mean + spread * (np.abs(s) @ ((r - m) / d)) / np.abs(s).sum()
                )
            ),
            "Above the line a similarity keeps its sign, so that an opposite pulls the other way. "
            "Only below the line is it absolute.",
        ),
        "missing": Mistake(
            lambda similarities, ratings, means, spreads, mean, spread: (
                mean
                + spread
                * (similarities @ ((ratings - means) / spreads))
                / np.abs(similarities).sum()
            ),
            "Where a neighbor has not rated the item, your answer is missing: one NaN makes the "
            "whole sum NaN. Leave those neighbors out, above the line and below.",
        ),
        "unrated": Mistake(
            lambda similarities, ratings, means, spreads, mean, spread: (
                mean
                + spread
                * (similarities @ np.nan_to_num((ratings - means) / spreads))
                / np.abs(similarities).sum()
            ),
            "Below the line stand similarities of neighbors for whom the item is unrated. They say "
            "nothing, and pull the prediction to the mean.",
        ),
        "0 stars": Mistake(
            lambda similarities, ratings, means, spreads, mean, spread: (
                mean
                + spread
                * (similarities @ ((np.nan_to_num(ratings) - means) / spreads))
                / np.abs(similarities).sum()
            ),
            "A blank is taken for 0 stars, the harshest judgment there is. It says nothing: leave "
            "the neighbor out.",
        ),
        "own spread": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: mean + (s @ ((r - m) / d)) / np.abs(s).sum()
            ),
            "Your user's own spread is missing. What the neighbors say is in spreads, and has to "
            "be turned into this user's stars.",
        ),
        "neighbors' spreads": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: mean + spread * (s @ (r - m)) / np.abs(s).sum()
            ),
            "The neighbors' spreads are missing: divide each deviation by the spread of the one "
            "who gave it.",
        ),
        "only centered": Mistake(
            _deviating(lambda s, r, m, d, mean, spread: mean + (s @ (r - m)) / np.abs(s).sum()),
            "This is only centered, without any spread: a deviation of one star counts the same "
            "from everybody.",
        ),
        "from your user's mean": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: (
                    mean + spread * (s @ ((r - mean) / d)) / np.abs(s).sum()
                )
            ),
            "You count the neighbors' stars from your user's mean. Count each from the mean of the "
            "neighbor who gave them.",
        ),
        "no centering": Mistake(
            _deviating(lambda s, r, m, d, mean, spread: (s @ r) / np.abs(s).sum()),
            "There is no centering: these are the neighbors' stars as they are, strict or "
            "generous.",
        ),
        "own mean": Mistake(
            _deviating(
                lambda s, r, m, d, mean, spread: spread * (s @ ((r - m) / d)) / np.abs(s).sum()
            ),
            "The user's own mean is missing. What you have is by how much to deviate from it.",
        ),
    },
    takeaway="A z-score is a deviation in its owner's spreads; translate it back into your user's.",
)


# By hand, the first case: Ana's mean is 3, Ben's 2, Cem's 4. The rug: Ben +1, Cem -1. Weights 0.75
# and 0.25: 3 + (0.75 - 0.25) / 1 = 3.5. In the second Dora has not rated the clock, Ana has, and
# Cem is unlike her: her mean is 3.5, Ben's 11/3 with the clock 4/3 above it, Cem's 3 with the clock
# 1 below: 3.5 + (0.8 + 0.8) / 1.4 = 4.643.
FEW = pd.DataFrame(
    {"lamp": [4.0, 1, 5], "vase": [2.0, np.nan, np.nan], "rug": [np.nan, 3, 3]},
    index=["Ana", "Ben", "Cem"],
)
MORE = pd.DataFrame(
    {
        "lamp": [4.0, 4, 1, 3],
        "vase": [2.5, np.nan, 5, 2],
        "rug": [np.nan, 2, 4, np.nan],
        "clock": [4.0, 5, 2, np.nan],
    },
    index=["Ana", "Ben", "Cem", "Dora"],
)
TABLES = [
    (FEW, pd.Series([1.0, 0.75, 0.25], FEW.index), "Ana", "rug"),
    (MORE, pd.Series([1.0, 0.6, -0.8, 0.5], MORE.index), "Ana", "clock"),
    (MORE, pd.Series([0.5, 0.9, 0.2, 1.0], MORE.index), "Dora", "rug"),
]


def predict(table, similarities, user, item):
    """Ask the others who rated it how far from their own mean, and add that to the user's mean."""
    deviations = table.sub(table.mean(axis=1), axis=0)[item].drop(user).dropna()
    weights = similarities[deviations.index]
    return table.loc[user].mean() + (weights * deviations).sum() / weights.abs().sum()


def _with(own=None, means=None, weigh=None, others=None):
    """Predict with one part done otherwise; each part is a function."""

    def answer(table, similarities, user, item):
        mean = table.mean(axis=1) if means is None else means(table, user)
        deviations = (table[item] - mean).drop(user).dropna()
        if others is not None:
            deviations = others(table, mean, user, item)
        weights = similarities[deviations.index]
        start = mean[user] if own is None else own(table, user, item)
        if weigh is None:
            return start + (weights * deviations).sum() / weights.abs().sum()
        return start + weigh(weights, deviations)

    return answer


def _shared_means(table, user):
    """Take each mean over the items that user has rated, too."""
    return table.loc[:, table.loc[user].notna()].mean(axis=1)


PREDICT = Exercise(
    id="05-3",
    objective="Predict one rating from a table, with everybody's own mean.",
    hints=(
        "Ben gives everything one star less than Ana. What does his three mean for her?",
        "Take from each rating the mean of all that its user has rated. The weighted mean of these "
        "deviations, over the others who rated the item, is added to the user's own mean.",
        "r̂ = r̄_u + Σ s (r_v − r̄_v) / Σ |s|, over all v ≠ u who rated the item.",
    ),
    solution=predict,
    check=on_cases(*TABLES),
    wrong_answers={
        "not divided": Mistake(
            _with(weigh=lambda s, d: (s * d).sum()),
            "The sum is not divided by Σ|s|.",
        ),
        "number of neighbors": Mistake(
            _with(weigh=lambda s, d: (s * d).mean()),
            "You divided by the number of neighbors, not by Σ|s|.",
        ),
        "signed weights": Mistake(
            _with(weigh=lambda s, d: (s * d).sum() / s.sum()),
            "You divided by signed weights. Cem's -0.8 makes the sum small, or turns it round. "
            "Divide by Σ|s|.",
        ),
        "weights are left out": Mistake(
            _with(weigh=lambda s, d: d.mean()),
            "The weights are left out: everybody's opinion counts the same, alike or not.",
        ),
        "below 0": Mistake(
            _with(weigh=lambda s, d: (s * d)[s > 0].sum() / s[s > 0].sum()),
            "You left out similarities below 0. They count here: an opposite who liked it less "
            "than usual is a reason to expect more.",
        ),
        "sign": Mistake(
            _with(weigh=lambda s, d: (s.abs() * d).sum() / s.abs().sum()),
            "Above the line a similarity keeps its sign, so that an opposite pulls the other way. "
            "Only below the line is it absolute.",
        ),
        "no centering": Mistake(
            lambda table, similarities, user, item: (
                (similarities * table[item]).drop(user).sum()
                / similarities[table[item].drop(user).dropna().index].abs().sum()
            ),
            "There is no centering: strict and generous neighbors are taken at their word. Worse, "
            "a negative similarity votes for negative stars.",
        ),
        "as they are": Mistake(
            _with(others=lambda table, mean, user, item: table[item].drop(user).dropna()),
            "The neighbors' stars are added to the user's mean as they are. Take from each the "
            "mean of the neighbor who gave it.",
        ),
        "own mean": Mistake(
            _with(own=lambda table, user, item: 0),
            "The user's own mean is missing. You have the deviation; from what?",
        ),
        "mean of the item": Mistake(
            _with(own=lambda table, user, item: table[item].mean()),
            "You started from the mean of the item. The deviations are from users' means: start "
            "from the user's own.",
        ),
        "means of items": Mistake(
            lambda table, similarities, user, item: _with(
                others=lambda table, *_: (table[item] - table[item].mean()).drop(user).dropna()
            )(table, similarities, user, item),
            "The deviations are from means of items: `table.mean()` goes down. A user's "
            "mean goes along the row, `table.mean(axis=1)`.",
        ),
        "from the user's mean": Mistake(
            _with(
                others=lambda table, mean, user, item: (
                    (table[item] - mean[user]).drop(user).dropna()
                )
            ),
            "You count the neighbors' stars from the user's mean. Count each from the mean of the "
            "neighbor who gave them.",
        ),
        "missing": Mistake(
            lambda table, similarities, user, item: np.nan,
            "Your answer is missing. `table - means` looks for the names of the users among the "
            "columns; `table.sub(means, axis=0)` takes the means off row by row.",
        ),
        "without the item": Mistake(
            _with(own=lambda table, user, item: table.loc[user].drop(item).mean()),
            "The user's own mean is taken without the item. That keeps a known rating out of its "
            "own prediction, a good thought; but asked for is the mean of all that was rated.",
        ),
        "oneself below": Mistake(
            lambda table, similarities, user, item: _with(
                weigh=lambda s, d: (s * d).sum() / similarities.abs().sum()
            )(table, similarities, user, item),
            "Below the line stands everybody, oneself below, too. Only those count who say "
            "something above it.",
        ),
        "oneself": Mistake(
            _with(others=lambda table, mean, user, item: (table[item] - mean).dropna()),
            "Where the user has rated the item, you ask oneself, the nearest neighbor of all. Drop "
            "the user first.",
        ),
        "unrated": Mistake(
            _with(others=lambda table, mean, user, item: (table[item] - mean).drop(user).fillna(0)),
            "Those for whom the item is unrated count below the line. They say nothing; drop them.",
        ),
        "zero-filled": Mistake(
            _with(means=lambda table, user: table.fillna(0).mean(axis=1)),
            "The means are zero-filled: blanks count as 0 stars, and everybody looks stricter the "
            "less they have rated. Leave blanks out of the mean.",
        ),
        "zero-filled ratings": Mistake(
            lambda table, similarities, user, item: predict(
                table.fillna(0), similarities, user, item
            ),
            "The table is filled: these are zero-filled ratings. A blank is not the worst judgment "
            "there is.",
        ),
        "co-rated": Mistake(
            _with(means=_shared_means),
            "The means are over co-rated items, as in Pearson's correlation. For the prediction "
            "each mean is over all that the user has rated.",
        ),
    },
    takeaway="Neighbors say how far from their own mean; the user's own mean is where to start.",
)


# By hand, the first case: Ana's mean is 3; errors 1 and -1, so √(2/2) = 1. In the second Ben
# has three ratings to Ana's one, and Cem is new.
def _ratings(*rows):
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rating"])


TRAIN = _ratings(("Ana", "lamp", 4.0), ("Ana", "vase", 2.0))
LATER = _ratings(("Ana", "rug", 4.0), ("Ana", "clock", 2.0))
LONG = _ratings(
    ("Ana", "lamp", 5.0),
    ("Ben", "lamp", 2.0),
    ("Ben", "vase", 1.0),
    ("Ben", "rug", 4.5),
)
NEW = _ratings(
    ("Ana", "vase", 3.0), ("Ana", "rug", 4.5), ("Ben", "clock", 5.0), ("Cem", "lamp", 2.0)
).set_index(pd.Index([6, 7, 8, 9]))
ERRORS = [(TRAIN, LATER), (LONG, NEW), (LONG, NEW.iloc[[3, 0]])]


def error_of_user_means(train, test):
    """Learn the means from train, fill in for newcomers, and only then look at test."""
    means = train.groupby("user_id")["rating"].mean()
    prediction = test["user_id"].map(means).fillna(train["rating"].mean())
    return np.sqrt(((test["rating"] - prediction) ** 2).mean())


def _errors(train, test, newcomers=None):
    means = train.groupby("user_id")["rating"].mean()
    everybody = train["rating"].mean() if newcomers is None else newcomers(train, means)
    return test["rating"] - test["user_id"].map(means).fillna(everybody)


def _root(errors):
    return np.sqrt((errors**2).mean())


ERROR_OF_USER_MEANS = Exercise(
    id="05-4",
    objective="Measure the error of the plainest model on ratings it has not seen.",
    hints=(
        "Which of the two tables may a mean be computed from?",
        "Map each user of `test` to the mean in `train`; who is not in there gets the mean of all "
        "of `train`. Then root, mean, square.",
        "RMSE = √(mean of (rating − prediction)²) over the rows of `test`.",
    ),
    solution=error_of_user_means,
    check=on_cases(*ERRORS),
    wrong_answers={
        "test ratings in the means": Mistake(
            lambda train, test: _root(
                test["rating"]
                - test["user_id"].map(pd.concat([train, test]).groupby("user_id")["rating"].mean())
            ),
            "There are test ratings in the means: they are computed from both tables. The model "
            "has seen what it is asked.",
        ),
        "means of test": Mistake(
            lambda train, test: _root(
                test["rating"] - test.groupby("user_id")["rating"].transform("mean")
            ),
            "These are the means of test. The model may know `train` only.",
        ),
        "newcomers are left out": Mistake(
            lambda train, test: _root(_errors(train, test, lambda train, means: np.nan)),
            "The newcomers are left out, and they are the hard ones. A model that keeps silent "
            "would have the lowest error of all.",
        ),
        "0 stars": Mistake(
            lambda train, test: _root(_errors(train, test, lambda train, means: 0)),
            "Newcomers are predicted to give 0 stars. Nothing is known of them: take the mean of "
            "all of `train`.",
        ),
        "mean of the means": Mistake(
            lambda train, test: _root(_errors(train, test, lambda train, means: means.mean())),
            "Newcomers get the mean of the means of users. The question asks for the mean of all "
            "ratings.",
        ),
        "mean of test": Mistake(
            lambda train, test: _root(
                _errors(train, test, lambda train, means: test["rating"].mean())
            ),
            "Newcomers get the mean of test, which is not known when they are predicted.",
        ),
        "both tables": Mistake(
            lambda train, test: _root(
                _errors(train, test, lambda train, means: pd.concat([train, test])["rating"].mean())
            ),
            "Newcomers get the mean of both tables. What is in `test` is not known when they are "
            "predicted.",
        ),
        "error of 0": Mistake(
            lambda train, test: _root(_errors(train, test, lambda train, means: np.nan).fillna(0)),
            "Newcomers count with an error of 0, as if they were predicted perfectly. Give them a "
            "prediction: the mean of all of `train`.",
        ),
        "one mean for all": Mistake(
            lambda train, test: _root(test["rating"] - train["rating"].mean()),
            "This is one mean for all. Only newcomers get it; the others have a mean of their own.",
        ),
        "means of items": Mistake(
            lambda train, test: _root(
                test["rating"]
                - test["item_id"]
                .map(train.groupby("item_id")["rating"].mean())
                .fillna(train["rating"].mean())
            ),
            "These are means of items. The model predicts a user's mean, whatever the item.",
        ),
        "error on train": Mistake(
            lambda train, test: _root(
                train["rating"] - train.groupby("user_id")["rating"].transform("mean")
            ),
            "This is the error on train, which the means have seen. Predict the rows of `test`.",
        ),
        "sum": Mistake(
            lambda train, test: (_errors(train, test) ** 2).sum() ** 0.5,
            "You took the root of the sum of squares. Of the mean: else the error grows with the "
            "number of rows.",
        ),
        "absolute": Mistake(
            lambda train, test: _errors(train, test).abs().mean(),
            "This is the mean absolute error. RMSE squares first, so large errors weigh more.",
        ),
        "root": Mistake(
            lambda train, test: (_errors(train, test) ** 2).mean(),
            "The root is missing: this is in squared stars.",
        ),
        "mean error": Mistake(
            lambda train, test: _errors(train, test).mean(),
            "This is the mean error: too high and too low cancel. Square them before you take the "
            "mean.",
        ),
        "user by user": Mistake(
            lambda train, test: _errors(train, test).groupby(test["user_id"]).apply(_root).mean(),
            "You took the RMSE user by user, and then a mean. The question asks for one root "
            "over all rows.",
        ),
    },
    takeaway="Whatever is learned, means too, is learned from train; newcomers stay in the test.",
)

# By hand: the lamp has been seen; 5.24 beats 5.21, though both are beyond the scale.
SCORES = pd.Series(
    [5.5, 3.25, 5.21, np.nan, 5.24, 3.31, 3.34, 3.25, 1.5],
    ["lamp", "vase", "rug", "clock", "pot", "tray", "jar", "cup", "bowl"],
)
LISTS = [
    (SCORES[["lamp", "vase", "rug"]], ["lamp"], 1),
    (SCORES, ["lamp", "bowl"], 2),
    (SCORES, ["lamp", "pot"], 3),
    (SCORES, ["rug"], 9),
]


def best_items(scores, seen, n):
    """Leave out what is known and what nobody can judge, and only then take the first n."""
    return scores.drop(seen).dropna().nlargest(n).index.tolist()


def _sorted_up(scores):
    return scores.dropna().sort_values(kind="stable")


BEST_ITEMS = Exercise(
    id="05-5",
    objective="Make a list of recommendations from the scores of all items.",
    hints=(
        "What would your user say to a list of things already bought?",
        "Drop the seen items and those without a score, then take the n largest.",
        "`scores.drop(seen).dropna().nlargest(n).index.tolist()`.",
    ),
    solution=best_items,
    check=on_cases(*LISTS),
    wrong_answers={
        "worst": Mistake(
            lambda scores, seen, n: _sorted_up(scores.drop(seen)).index[:n].tolist(),
            "You recommend the worst: sorting goes up unless told otherwise.",
        ),
        "worst, seen or not": Mistake(
            lambda scores, seen, n: _sorted_up(scores).index[:n].tolist(),
            "You recommend the worst, seen or not: sorting goes up unless told otherwise, and the "
            "seen items have to go.",
        ),
        "unsorted": Mistake(
            lambda scores, seen, n: scores.drop(seen).dropna().index[:n].tolist(),
            "The list is unsorted: these are the first n of the table, not the n best.",
        ),
        "already seen": Mistake(
            lambda scores, seen, n: scores.dropna().nlargest(n).index.tolist(),
            "The list holds items already seen. Accurate, and useless.",
        ),
        "after the cut": Mistake(
            lambda scores, seen, n: [
                item for item in scores.dropna().nlargest(n).index if item not in seen
            ],
            "You dropped the seen items after the cut, so the list is too short. First drop, then "
            "take n.",
        ),
        "no score": Mistake(
            lambda scores, seen, n: (
                scores.drop(seen)
                .sort_values(ascending=False, kind="stable", na_position="first")
                .index[:n]
                .tolist()
            ),
            "An item with no score leads the list: NaN was sorted to the front. Nobody can say "
            "anything about it, so leave it out.",
        ),
        "end of the list": Mistake(
            lambda scores, seen, n: (
                scores.drop(seen).sort_values(ascending=False, kind="stable").index[:n].tolist()
            ),
            "At the end of the list stands an item without a score. Nobody can say anything about "
            "it: a shorter list is better.",
        ),
        "clipped": Mistake(
            lambda scores, seen, n: (
                scores.clip(1, 5).drop(seen).dropna().nlargest(n).index.tolist()
            ),
            "The scores are clipped to the scale, so the best are all equal and the file decides. "
            "Rank first; the scale is for predictions.",
        ),
        "rounded": Mistake(
            lambda scores, seen, n: scores.round().drop(seen).dropna().nlargest(n).index.tolist(),
            "The scores are rounded to stars, and what was different is equal. Rank them as they "
            "are.",
        ),
        "last of equals": Mistake(
            lambda scores, seen, n: (
                scores.drop(seen).dropna().sort_values(kind="stable").index[::-1][:n].tolist()
            ),
            "Your list puts the last of equals first, as it happens when one sorts up and turns "
            "the list round. The question asks for the one that stands first.",
        ),
    },
    takeaway="First leave out the seen and the unscored, then sort down, then cut; never clip.",
)

DOUBLED = quiz(
    id="05-6",
    objective="Tell a rating from a pure number by doubling the stars.",
    options={
        "a": "a predicted rating",
        "b": "the sum of the neighbors' weighted stars",
        "c": "a similarity",
        "d": "the mean of a strict user",
    },
    right="c",
    hints=(
        "What is the unit of each of the four?",
        "What is in stars doubles when all stars double. Which of them has no unit?",
        "Stars² / stars² is a pure number: it does not notice.",
    ),
    wrong_answers={
        "rating": Mistake(
            "a",
            "A predicted rating is in stars. Doubled stars must double it; one that stays is none.",
        ),
        "sum": Mistake(
            "b",
            "Weights are pure numbers and stars are stars, so the sum doubles with them. That it "
            "is off the scale is another fault.",
        ),
        "strict": Mistake(
            "d",
            "A strict user's mean is low, but it is in stars and doubles as any other.",
        ),
    },
    takeaway="Double the stars: ratings double, cosines and correlations stay. It is the cheapest "
    "test there is.",
)

FALLBACKS = quiz(
    id="05-7",
    objective="Read an error together with the share of fallbacks.",
    options={
        "a": "neighbors know no more than the two means do",
        "b": "k is too large, so that all neighbors together are like the baseline",
        "c": "the test set is too small to tell the two apart",
        "d": "nearly all predictions are the baseline's own",
    },
    right="d",
    hints=(
        "What does the model predict where it finds no neighbor?",
        "Compare 95 % with what is left for the neighbors to decide.",
        "A fallback is the prediction of the baseline, word for word.",
    ),
    wrong_answers={
        "neighbors know": Mistake(
            "a",
            "We cannot say what neighbors know: in 95 % of the cases there were none to ask.",
        ),
        "k is too large": Mistake(
            "b",
            "That k is too large would show with many neighbors. Here there is hardly anybody.",
        ),
        "too small": Mistake(
            "c",
            "It is not that the test set is too small: on any set, what is the same prediction has "
            "the same error.",
        ),
    },
    takeaway="Look at the share of fallbacks before you compare a model with its own fallback.",
)
