"""Exercises of lesson 05: neighbors, a prediction, a bias, a list, and three quizzes."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "User-based filtering"

# Ana's own stars for the clock are in there, as they are when a known rating is predicted. Of the
# others who rated it, Cem, Hal, Eli and Gil are alike to her (Eli and Gil equally), Ben says
# nothing (0), Fay is unlike her; Dora is the most alike, and has not rated it.
PEOPLE = ["Ana", "Ben", "Cem", "Dora", "Eli", "Fay", "Gil", "Hal"]
ALIKE = pd.Series([1.0, 0.0, 0.9, 0.95, 0.5, -0.7, 0.5, 0.75], PEOPLE)
CLOCK = pd.Series([4.0, 2.0, 3.0, np.nan, 1.0, 3.0, 4.0, 2.0], PEOPLE)
# With other names the first of the two equals, barely alike, is not the first in the alphabet.
OTHER_NAMES = {"Dora": "Zoe", "Eli": "Tom"}
NEIGHBORS = [
    Case(ALIKE[["Ana", "Eli", "Cem"]], CLOCK[["Ana", "Eli", "Cem"]], "Ana", 1, right=["Cem"]),
    Case(ALIKE, CLOCK, "Ana", 2, right=["Cem", "Hal"]),
    Case(ALIKE, CLOCK, "Ana", 7, right=["Cem", "Hal", "Eli", "Gil"]),
    (
        ALIKE.rename(OTHER_NAMES).replace({-0.7: np.nan, 0.5: 0.05}),
        CLOCK.rename(OTHER_NAMES),
        "Ana",
        3,
    ),
]
# Now it is Ana who has not rated it. Ida, who has, is nearly as like her as she is herself, and
# then just as like.
TURNED = {"Ana": "Ida", "Dora": "Ana"}
NOT_RATED = [
    (ALIKE.rename(TURNED).replace({1.0: 0.95, 0.95: 1.0}), CLOCK.rename(TURNED), "Ana", 2),
    (ALIKE.rename(TURNED).replace(0.95, 1.0), CLOCK.rename(TURNED), "Ana", 2),
]
# Rae is the nearest, then Moe and Kay, equally; Uma has not rated it, and Gus is unlike Lee.
MORE_PEOPLE = ["Pia", "Moe", "Lee", "Kay", "Rae", "Uma", "Gus"]
MORE_ALIKE = pd.Series([0.06, 0.32, 1.0, 0.32, 0.64, 0.88, -0.4], MORE_PEOPLE)
MORE_STARS = pd.Series([5.0, 1.0, 4.0, 5.0, 2.0, np.nan, 5.0], MORE_PEOPLE)


def choose_neighbors(similarities, ratings, me, k):
    """Keep the others who rated it and are alike, and only then take the first k."""
    able = ratings.notna() & (similarities > 0) & (similarities.index != me)
    return similarities[able].nlargest(k).index.tolist()


CHOOSE_NEIGHBORS = Exercise(
    id="05-1",
    hints=(
        "Your best friend has not rated the clock. Does it help to ask?",
        "There are three conditions: rated it, similarity above 0, somebody else. They come before "
        "the cut to k.",
        "`similarities[ratings.notna() & (similarities > 0) & (similarities.index != me)]`, then "
        "`nlargest(k)`.",
    ),
    solution=choose_neighbors,
    check=in_turn(
        on_cases(*NEIGHBORS), on_cases(*NOT_RATED, held_back=[(MORE_ALIKE, MORE_STARS, "Lee", 2)])
    ),
    mistakes="""
    & (similarities.index != me) =>
        You count yourself among your neighbors. When a known rating is predicted, the model then
        reads the answer off. Leave out `me`.
    ratings.notna() & =>
        Some of your neighbors have not rated the item, so they have nothing to say about it. Choose
        among its raters.
    ratings.notna() & =>
    .index.tolist() => [ratings.notna()].index.tolist()
        You look for raters after the cut to k, so people who cannot answer take up places. First
        keep the raters, then take the k nearest of them.
    [able] => .drop(me)
    .index.tolist() => [ratings.notna()].index.tolist()
        You look for raters after the cut to k, so people who cannot answer take up places. First
        keep the raters, then take the k nearest of them.
    & (similarities.index != me) =>
    .index.tolist() => .drop(me, errors="ignore").index.tolist()
        When `me` has rated the item, your list is one short. Do you stop at k − 1, or drop yourself
        after the cut to k? First drop `me`, then take the k nearest.
    & (similarities.index != me) =>
    (k).index => (k + 1).index[1:]
        You drop the first of the list as if it were always `me`. When `me` has not rated the item,
        the first is somebody else. Leave out `me` by name.
    similarities.index != me => similarities < 1
        You drop everyone with a similarity of 1 as if that were always `me`. Somebody else can have
        it, too, and is the best neighbor. Leave out `me` by name.
    nlargest => head
        The neighbors are unsorted: these are the first k of the table, not the k nearest.
    nlargest(k) => sort_values(kind="stable")[::-1][:k]
        Your list puts the last of equals first, which happens when you sort in ascending order and
        reverse the list. Ties go to the user who comes first.
    similarities[able] => ratings[able]
        These are the users who gave the most stars. Choose neighbors by similarity, whatever they
        say about the item.
    [able] =>
        These are the most similar of all: yourself, and some who have not rated the item. A
        neighbor is somebody else, has rated it, and has a similarity above 0.
    [able] => .drop(me)
        These are the most similar others, rated or not, alike or not. A neighbor has rated the item
        and has a similarity above 0.
    nlargest => nsmallest
        You took the least similar users: sorting is ascending by default.
    & (similarities > 0) =>
    nlargest => nsmallest
        You took the least similar of all: sorting is ascending by default. And a neighbor's
        similarity must be above 0.
    & (similarities > 0) =>
        Your list holds users whose similarity is not above 0. Keep only those above 0, even if the
        list becomes shorter than k.
    > 0 => >= 0
        Your list holds a user with a similarity of 0, which says nothing. Keep those above 0.
    & (similarities > 0) =>
    [able] => [able].abs()
        You sorted by size without the sign, so a similarity of -0.7 comes before 0.5. Keep the
        sign.
    return … => return set(…)
        Your function gives a set, which has no order. Return a list, the most similar first.
    .index.tolist() => .tolist()
        These are the similarities themselves. The question asks for the users: the labels in the
        index.
    """,
    takeaway="Neighbors are other users who have rated the item and are similar; the cut to k "
    "comes last.",
)


# The first case: Ana's mean is 3, Ben's 2, Cem's 4. The rug: Ben +1, Cem -1. In the second Dora
# has not rated the clock, Ana has, and Cem is unlike her: her mean is 3.5, Ben's 11/3 with the
# clock 4/3 above it, Cem's 3 with the clock 1 below.
FEW = by_row("lamp vase rug; Ana 4.0 2.0 None; Ben 1.0 None 3.0; Cem 5.0 None 3.0")
MORE = by_row("""
    lamp vase rug clock
    Ana  4.0 2.5  None 4.0
    Ben  4.0 None 2.0  5.0
    Cem  1.0 5.0  4.0  2.0
    Dora 3.0 2.0  None None
""")
TABLES = [
    Case(FEW, pd.Series([1.0, 0.75, 0.25], FEW.index), "Ana", "rug", right=3 + (0.75 - 0.25) / 1),
    Case(
        *(MORE, pd.Series([1.0, 0.6, -0.8, 0.5], MORE.index), "Ana", "clock"),
        right=3.5 + (0.6 * 4 / 3 + 0.8) / 1.4,
    ),
    (MORE, pd.Series([0.5, 0.9, 0.2, 1.0], MORE.index), "Dora", "lamp"),  # three others rated it
]
# Kim's mean is 3. Lea's lamp is 4/3 above her 11/3, Nia's 1 below her 4, and Max has not rated it.
OTHERS = by_row("""
    lamp vase rug clock
    Kim 2.0  None 3.0  4.0
    Lea 5.0  4.0  2.0  None
    Max None 1.5  3.0  2.0
    Nia 3.0  4.0  None 5.0
""")
HELD_TABLE = Case(
    *(OTHERS, pd.Series([1.0, -0.3, 0.8, 0.45], OTHERS.index), "Kim", "lamp"),
    right=3 + (-0.3 * 4 / 3 - 0.45) / 0.75,
)


def predict(table, similarities, user, item):
    """Add the weighted mean of the raters' deviations to the user's own mean."""
    deviations = table.sub(table.mean(axis=1), axis=0)[item].drop(user).dropna()
    weights = similarities[deviations.index]
    return table.loc[user].mean() + (weights * deviations).sum() / weights.abs().sum()


PREDICT = Exercise(
    id="05-2",
    hints=(
        "Ben gives everything one star less than Ana. What do his three stars mean for her?",
        "Take from each rating the mean of all that its user has rated. The weighted mean of these "
        "deviations, over the others who rated the item, is added to the user's own mean.",
        "r̂ = r̄_u + Σ s (r_v − r̄_v) / Σ |s|, over all v ≠ u who rated the item.",
    ),
    solution=predict,
    check=on_cases(*TABLES, held_back=[HELD_TABLE]),
    mistakes="""
    / weights.abs().sum() =>
        The sum is not divided by Σ|s|, so it grows with the number of neighbors.
    weights.abs().sum() => len(weights)
        You divided by the number of neighbors instead of Σ|s|, the sum of the weights.
    .abs() =>
        You divided by signed weights. A negative similarity makes their sum too small, or even
        negative. Divide by Σ|s|.
    return … => return table.loc[user].mean() + deviations.mean()
        The weights are left out: every rater counts the same, similar or not.
    similarities[deviations.index] => similarities[deviations.index].clip(lower=0)
        You left out similarities below 0. They count here: if an opposite liked the item less than
        usual, we expect more.
    weights * deviations => weights.abs() * deviations
        In the numerator a similarity keeps its sign, so that an opposite pulls the other way. Take
        absolute values in the denominator only.
    table.sub(table.mean(axis=1), axis=0)[item] => table[item]
    table.loc[user].mean() + =>
        There is no centering: strict and generous neighbors count as they are, and a negative
        similarity even votes for negative stars.
    table.sub(table.mean(axis=1), axis=0)[item] => table[item]
        The neighbors' stars are added to the user's mean as they are. Take from each the mean of
        the neighbor who gave it.
    table.loc[user].mean() + =>
        The user's own mean is missing. This is only the predicted deviation from it.
    table.loc[user].mean() => table[item].mean()
        You started from the mean of the item. The deviations are from users' means: start from the
        user's own.
    table.sub(table.mean(axis=1), axis=0)[item] => (table - table.mean())[item]
        The deviations are from means of items: `table.mean()` goes down the columns. The mean of a
        user goes along the row: `table.mean(axis=1)`.
    table.sub(table.mean(axis=1), axis=0) => (table - table.loc[user].mean())
        You subtracted the user's mean: these are deviations from the user's mean. Subtract from
        each rating the mean of the neighbor who gave it.
    table.sub(table.mean(axis=1), axis=0)[item] => (table - table.mean(axis=1))[item]
        Your answer is missing (NaN). If you wrote `table - means`, pandas looks for the users among
        the columns; `table.sub(means, axis=0)` subtracts row by row.
    return … => return table.loc[user].mean()
        This is the user's own mean, without any deviation. If you wrote `table - means`, pandas
        looks for the users among the columns; `table.sub(means, axis=0)` subtracts row by row.
    table.loc[user].mean() => table.loc[user].drop(item).mean()
        The user's own mean is taken without the item. That is a good idea when a known rating is
        predicted, but the question asks for the mean of all that the user rated.
    table.mean(axis=1) => table.drop(columns=item).mean(axis=1)
        You took the neighbors' means without this item. Each mean is over all that the neighbor has
        rated, this item included.
    table.mean(axis=1) => table.drop(columns=item).mean(axis=1)
    table.loc[user].mean() => table.loc[user].drop(item).mean()
        You took all means without this item. Each mean is over all that its user has rated, this
        item included.
    weights.abs() => similarities.abs()
        The denominator holds everybody's similarity, the user's and non-raters' included. Only the
        raters in the numerator count.
    .drop(user) =>
        When the user has rated the item, you count the user as their own neighbor. Drop the user
        first.
    .dropna() => .fillna(0)
        Users for whom the item is unrated count in the denominator. They say nothing, so drop them.
    table.mean(axis=1) => table.fillna(0).mean(axis=1)
    table.loc[user].mean() => table.loc[user].fillna(0).mean()
        The means are zero-filled: blanks count as 0 stars, so users who rate little look strict.
        Leave blanks out of the mean.
    => table = table.fillna(0)
        These are zero-filled ratings: every blank counts as 0 stars. A blank is a missing rating;
        leave it out.
    table.mean(axis=1) => table.loc[:, table.loc[user].notna()].mean(axis=1)
        The means are over co-rated items, as in Pearson's correlation. For the prediction each mean
        is over all that the user has rated.
    """,
    takeaway="Neighbors say how far the item is from their own mean; start from the user's own.",
)


# 5.24 beats 5.21, though both are beyond the scale.
SCORES = pd.Series(
    [5.5, 3.25, 5.21, np.nan, 5.24, 3.31, 3.34, 3.25, 1.5],
    ["lamp", "vase", "rug", "clock", "pot", "tray", "jar", "cup", "bowl"],
)
LISTS = [
    Case(SCORES[["lamp", "vase", "rug"]], ["lamp"], 1, right=["rug"]),
    Case(SCORES, ["lamp", "bowl"], 2, right=["pot", "rug"]),
    (SCORES, ["lamp", "pot"], 4),  # the fourth is one of two equals
    (SCORES, ["rug"], 9),
]
HELD_SCORES = pd.Series(
    [2.0, 5.75, np.nan, 4.5, 5.1, 4.5, 4.49, 5.3],
    ["mug", "sofa", "desk", "stool", "lamp", "chair", "vase", "sled"],
)


def best_items(scores, seen, n):
    """Leave out seen and unscored items, and only then take the n best."""
    return scores.drop(seen).dropna().nlargest(n).index.tolist()


BEST_ITEMS = Exercise(
    id="05-5",
    hints=(
        "What would your user say to a list of items that they know already?",
        "Drop the seen items and those without a score, then take the n largest.",
        "`scores.drop(seen).dropna().nlargest(n).index.tolist()`.",
    ),
    solution=best_items,
    check=on_cases(*LISTS, held_back=[(HELD_SCORES, ["lamp", "mug"], 3)]),
    mistakes="""
    nlargest => nsmallest
        You recommend the worst items: sorting is ascending by default.
    .drop(seen) =>
    nlargest => nsmallest
        You recommend the worst, seen or not: sorting is ascending by default, and the seen items
        must be dropped.
    nlargest => head
        The list is unsorted: these are the first n of the table, not the n best.
    .drop(seen) =>
        The list holds items already seen. Drop them before you take n.
    .drop(seen) =>
    .index.tolist() => .drop(seen, errors="ignore").index.tolist()
        You dropped the seen items after the cut, so the list is too short. First drop, then take n.
    .drop(seen).dropna() =>
    .index.tolist() => .drop(seen, errors="ignore").index.tolist()
        You dropped the seen items after the cut, so the list is too short. First drop, then take n.
    .dropna().nlargest(n) => .sort_values(ascending=False, kind="stable", na_position="first")[:n]
        An item with no score leads the list: NaN was sorted to the front. Leave it out.
    .dropna().nlargest(n) => .sort_values(ascending=False, kind="stable")[:n]
        There is an item without a score at the end of the list. Leave it out, even if the list
        becomes shorter than n.
    scores.drop => scores.clip(1, 5).drop
        The scores are clipped to the scale, so the best are all equal and their order in the file
        decides. Rank the scores as they are.
    scores.drop => scores.round().drop
        The scores are rounded to stars, so different scores become equal. Rank them as they are.
    nlargest(n) => sort_values(kind="stable")[::-1][:n]
        Your list puts the last of equals first, which happens when you sort in ascending order and
        reverse the list. Ties go to the item that comes first.
    .index.tolist() => .tolist()
        These are the scores themselves. The question asks for the items: the labels in the index.
    """,
    takeaway="Leave out seen and unscored items, sort in descending order, then cut; never clip.",
)

LEAK = quiz(
    id="05-7",
    options="""
    a) split the ratings at random into a training set and a test set
        A random split can flatter a forecast, but it keeps the test ratings out of the training
        set. Another step uses the test ratings to build the model.
    b) compute the mean of every user from the training set
        These means come from the training set only, which is right. Another step uses the test
        ratings to build the model.
    c) try several values of k, and keep the one with the lowest RMSE on the test set
    d) report this RMSE
        The report is too good, but it only repeats a number. In an earlier step the test ratings
        had a say in the model.
    """,
    hints=(
        "Which part of the model depends on the test ratings?",
        "A hyperparameter is part of the model. Which ratings choose it?",
        "Choose k on a validation set, or in cross-validation on the training set.",
    ),
    takeaway="The best of many test errors is too good: choose on a validation set, test once.",
)

DOUBLED = quiz(
    id="05-3",
    further=True,
    options="""
    a) a predicted rating
        A predicted rating is in stars, so doubled stars must double it. If it does not change, it
        is not a rating.
    b) the sum of the neighbors' weighted stars
        The weights don't change and the stars double, so the sum doubles, too. That it can leave
        the scale is another fault.
    c) a similarity
    d) the mean rating of a strict user
        A strict user's mean is low, but it is in stars and doubles like any other mean.
    """,
    hints=(
        "What is the unit of each of the four?",
        "What is in stars doubles when all stars double. Which of them has no unit?",
        "Stars² / stars² is a pure number, which does not change.",
    ),
    takeaway="Double the stars: predictions must double, cosines and correlations must not change.",
)


def _stars(*stars):
    return pd.Series(stars, PEOPLE[: len(stars)], dtype=float)


ITEMS = [
    Case(_stars(5, 2, 5, 5), 4.0, 10, right=(1 - 2 + 1 + 1) / (10 + 4)),
    Case(_stars(np.nan, 3, 2, np.nan), 4.0, 5, right=(-1 - 2) / (5 + 2)),
    Case(_stars(np.nan, np.nan), 3.9, 10, right=0.0),
]


def item_bias(ratings, mean, damping):
    """Divide the sum of the deviations from the mean by λ plus the number of ratings."""
    return (ratings - mean).sum() / (damping + ratings.count())


ITEM_BIAS = Exercise(
    id="05-4",
    hints=(
        "How far are this item's ratings from the mean of all ratings, added up?",
        "Divide this sum by λ plus the number of ratings; a blank is no rating.",
        "b_i = Σ (r − μ) / (λ + n), where n is the number of ratings: `ratings.count()`.",
    ),
    solution=item_bias,
    check=on_cases(*ITEMS, held_back=[(_stars(2, np.nan, 5, 1, 2), 3.2, 4)]),
    mistakes="""
    (damping + ratings.count()) => max(1, ratings.count())
        This is not regularized: you divided by the number of ratings alone. Add λ to it.
    damping + =>
        You took the mean deviation. Add λ to the number of ratings before you divide; then an item
        without ratings has the bias 0, too.
    ratings.count() => len(ratings)
        The blanks are counted as ratings in the denominator: `len` counts every entry, `count()`
        only the ratings.
    => ratings = ratings.fillna(0)
        A blank is taken for 0 stars. It is missing: leave it out.
    (ratings - mean) => (ratings.fillna(0) - mean)
        A blank is taken for 0 stars in the sum, so it adds deviations of 0 stars minus the mean. It
        is missing: leave it out.
    (ratings - mean).sum() => ratings.sum()
        You added stars instead of deviations. Subtract the mean of all ratings from each.
    (ratings - mean).sum() => (ratings.sum() - (mean if ratings.count() else 0))
        The sum of the stars has the mean subtracted once. Subtract it from every rating.
    return … => return ratings.sum() / (damping + ratings.count()) - mean
        This is a shrunken mean minus the mean of all ratings, so an item without ratings is far
        below 0. Subtract the mean from each rating first, then sum and divide.
    ratings - mean => mean - ratings
        The difference is turned around: an item above the mean has a bias above 0, r − μ.
    return … => return mean + …
        The bias is added to the mean: this is the predicted rating. The question asks for the bias.
    damping + ratings.count() => damping * max(1, ratings.count())
        You divided by λ times the number of ratings. Regularization adds λ to it.
    (damping + ratings.count()) => damping
        You divided by λ alone. With many ratings the bias would grow without limit: divide by λ
        plus their number.
    return … => return (ratings - mean).mean() + damping if ratings.count() else 0.0
        You added λ after the division. It belongs in the denominator: put λ + n in parentheses.
    / (damping + ratings.count()) =>
        The sum of the deviations is not divided. Divide it by λ plus the number of ratings.
    ratings - mean => ratings - ratings.mean()
        You subtracted the item's own mean, so the sum is always 0. Subtract `mean`, the mean of all
        ratings in the shop.
    .sum() =>
        These are the parts of the raters, one by one. Sum them: an item has one bias.
    """,
    takeaway="λ counts like that many average ratings: few ratings make a small bias, many hardly "
    "feel it.",
)

SCALING = quiz(
    id="05-6",
    options="""
    a) 4 minutes
        There are four times as many users, but each of them is also compared with four times as
        many others.
    b) 8 minutes
        Eight is too few: from 10,000 to 40,000 the users double twice, and each doubling makes four
        times the work.
    c) 16 minutes
    d) 64 minutes
        This is growth with the third power, 4³. The number of pairs grows with the square, and the
        users have as many ratings each as before.
    """,
    hints=(
        "How many times as many users are there?",
        "Each user is compared with all others. How does the number of pairs grow?",
        "The work is O(m²) for m users: put 4m in place of m.",
    ),
    takeaway="O(m²): four times the users, sixteen times the pairs.",
)
