"""Exercises of lesson 04: sparsity, similarity measures, damping, nearest users."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "Similarity"

_ = np.nan  # not rated


FEW = by_row("user_id item_id rating; Eva cup 5; Eva pan 2; Finn cup 4")
MORE = by_row("user_id item_id rating; Eva cup 5; Finn pan 1; Gül jug 5; Gül cup 3; Finn pot 4")
FIVE_USERS = by_row("""
    user_id item_id rating
    Ida jug 4; Jon tin 2; Ida tin 5; Kim cup 3; Leo jug 1; Mia cup 2; Mia jug 3; Kim tin 4
""")


def sparsity(ratings):
    """Divide the number of ratings by the number of cells; the rest is blank."""
    cells = ratings["user_id"].nunique() * ratings["item_id"].nunique()
    return 1 - len(ratings) / cells


SPARSITY = Exercise(
    id="04-1",
    hints=(
        "How many cells does the matrix have, and how many of them are filled?",
        "It has one row per different user and one column per different item; `nunique` counts "
        "them. Each rating fills one cell.",
        "Sparsity = 1 − number of ratings / (number of users · number of items).",
    ),
    solution=sparsity,
    check=on_cases(
        Case(FEW, right=1 - 3 / (2 * 2)),
        Case(MORE, right=1 - 5 / (3 * 4)),
        held_back=[Case(FIVE_USERS, right=1 - 8 / (5 * 3))],
    ),
    mistakes="""
    1 - =>
        This is the share of cells that are filled (the density). Sparsity is the share of blank
        cells: subtract it from 1.
    return … => return 100 * (…)
        This is the sparsity in percent. Give a share between 0 and 1.
    return … => return cells - len(ratings)
        This is the number of blank cells. Divide it by the number of all cells.
    ratings["user_id"].nunique() => ratings["user_id"].count()
    ratings["item_id"].nunique() => ratings["item_id"].count()
        Your number of cells counts rows of the table: a user with two ratings counts twice, and so
        does an item. Count the different users and items with `nunique`.
    item_id => user_id
        You divided by users · users. A rating matrix has users as rows and items as columns.
    user_id => item_id
        You divided by items · items. A rating matrix has users as rows and items as columns.
    return … => return cells / len(ratings) - 1
        This is the number of blank cells per filled cell. Divide by all cells.
    return … => return ratings.pivot_table("rating", "user_id", "item_id").isna().mean()
        This is the sparsity item by item. The question asks for one number for the whole matrix.
    return … => return ratings["rating"].isna().mean()
        This is 0: a blank cell has no row in `ratings`, so there is no NaN to count. Count the
        cells that the matrix would have.
    """,
    takeaway="Sparsity is the share of blank cells, of users × items.",
)

ONE_ITEM = quiz(
    id="04-2",
    options="""
    a) -1: they have opposite opinions
        Their opinions look opposite, but stars are positive, so this cosine can't be negative. Put
        the numbers into the formula.
    b) 0.2: one star divided by five
        You took the ratio of the stars. The cosine divides the dot product, 5 · 1, by the product
        of the norms.
    c) 1: the highest value there is
    d) undefined, because one item is not enough
        It is defined: both norms are above 0. What is undefined for one item is Pearson
        correlation, 0/0.
    """,
    hints=(
        "Put the two numbers into the formula, as for Ana and Ben.",
        "The dot product has one term, 5 · 1. What are the two norms?",
        "The norms are √(5²) = 5 and √(1²) = 1.",
    ),
    takeaway="5 · 1 / (5 · 1) = 1: on one co-rated item everyone is perfectly similar, whatever "
    "the stars.",
)


def _stars(*stars):
    """Put stars next to the names of the items."""
    return pd.Series(
        stars, index=["cup", "pan", "jug", "pot", "tin", "mug"][: len(stars)], dtype=float
    )


DAMPED = [
    Case(*(_stars(5, 3, _), _stars(4, 1, 4), 6.0), right=1 / ((1**2 + 2**2) / 2 + 1) * 2 / (2 + 6)),
    Case(
        *(_stars(1, 4, 5, 2, _), _stars(4, 3, 3, _, _), 2.0),
        right=1 / ((3**2 + 1**2 + 2**2) / 3 + 1) * 3 / (3 + 2),
    ),
]
MORE_DAMPED = Case(
    *(_stars(2, 5, _, 4, 1), _stars(5, _, 3, 4, 3), 7.0),
    right=1 / ((3**2 + 0**2 + 2**2) / 3 + 1) * 3 / (3 + 7),
)


def damped_similarity(a, b, damping):
    """Turn the mean squared difference into a similarity, and weight it by its evidence."""
    msd = ((a - b) ** 2).mean()
    n = (a.notna() & b.notna()).sum()
    return 1 / (msd + 1) * n / (n + damping)


DAMPED_SIMILARITY = Exercise(
    id="04-5",
    hints=(
        "Two users agree perfectly. Does it matter whether that rests on one item or on fifty?",
        "`a - b` is missing where one of the two has no rating; `.mean()` and `.count()` skip it.",
        "1 / (msd + 1) · n / (n + λ), with msd the mean of (a − b)² and n the number of co-rated "
        "items.",
    ),
    solution=damped_similarity,
    check=on_cases(*DAMPED, held_back=[MORE_DAMPED]),
    mistakes="""
    * n / (n + damping) =>
        This is not damped: one co-rated item counts as much as fifty. Multiply by n / (n + λ).
    1 / (msd + 1) * =>
        This is only the factor n / (n + λ). Multiply it by the similarity, 1 / (msd + 1).
    1 / (msd + 1) => msd
        The mean squared difference is a distance: 0 for users who agree. Turn it into a similarity,
        1 / (msd + 1), before you multiply.
    1 / (msd + 1) => (1 - msd)
        1 − msd can be as low as -15 on a scale from one to five. 1 / (msd + 1) stays between 0 and
        1.
    msd + 1 => msd
        1 / msd is infinite for two users who agree. Add 1 to the denominator.
    1 / (msd + 1) => (1 / msd + 1)
        `1 / msd + 1` adds 1 after dividing. The denominator needs parentheses: `1 / (msd + 1)`.
    ((a - b) ** 2).mean() => np.mean(((a - b) ** 2).to_numpy())
        The result is missing: NumPy and Python's `sum` don't skip NaN. Use `.mean()` or `.sum()` of
        a Series.
    mean() => sum() / len(a)
        You divided the sum of squares by the number of all items. Divide it by the number of
        co-rated items.
    mean => sum
        You took a sum of squares, which grows with every co-rated item. Take their mean.
    ((a - b) ** 2) => (a - b).abs()
        You took the mean of the absolute differences. The question asks for the mean of the squared
        ones.
    msd + 1 => np.sqrt(msd) + 1
        You took a root of the mean squared difference. Leave the root out.
    (a - b) => (a.fillna(0) - b.fillna(0))
        You put zeros for the blanks, so five stars that only one user gave become a difference of
        five. Compare co-rated items only.
    => a, b = a.fillna(0), b.fillna(0)
        You put zeros for the blanks, so five stars that only one user gave become a difference of
        five. Compare co-rated items only.
    => a, b = a - a.mean(), b - b.mean()
        You subtracted each user's mean first, as for Pearson. MSD compares the stars as they are.
    n + damping => n * damping
        You divided by n · λ, so n cancels. The denominator is n + λ.
    * n / => * damping /
        Your factor is the wrong way around: λ / (n + λ) is largest for users with few co-rated
        items. The numerator is n.
    n / (n + damping) => min(n, damping) / damping
        This is the other factor, with a cap: min(n, λ) / λ. The question asks for n / (n + λ).
    => damping = 25
        Your λ is 25, whatever `damping` is. Use the argument.
    & b.notna() =>
        Your n counts all that the first user rated. Count the co-rated items.
    a.notna() & =>
        Your n counts all that the second user rated. Count the co-rated items.
    & => |
        Your n counts the items that at least one of them rated. Count the co-rated items.
    n = … => n = len(a)
        Your n counts all items of the table. Count the co-rated items.
    n = … => n = len(a)
    mean() => sum() / len(a)
        Your n counts all items of the table, both in the mean and in the factor. Count the co-rated
        items.
    """,
    takeaway="A similarity needs two numbers: how similar, and on how many co-rated items it "
    "rests.",
)

CHANCE = quiz(
    id="04-7",
    options="""
    a) Pearson correlation, damped
        Pearson reads the stars, and the stars still follow the tastes. Look for the measure that
        reads only which items were rated.
    b) the Jaccard index
    c) mean squared difference, damped
        MSD reads the stars, and the stars still follow the tastes. Look for the measure that reads
        only which items were rated.
    d) none of them: the tastes are the same as before
        The tastes are the same, but they no longer decide which items are rated. One of the
        measures looks at nothing else.
    """,
    hints=(
        "What does each measure look at: the stars, or which items were rated?",
        "If chance decides which items are rated, what can be learned from the choice of items?",
        "One of the measures doesn't read the stars at all.",
    ),
    takeaway="If chance chooses the items, which items were rated says nothing about taste; the "
    "stars still do.",
)

# Nobody rated the last item, except in the first case.
SETS = [
    Case(_stars(5, 4, _), _stars(5, _, 2), right=1 / 3),
    Case(_stars(3, _, 5, _, _), _stars(4, 1, 5, 2, _), right=2 / 4),
    Case(_stars(_, 2, 4, 1, _), _stars(_, _, 4, 3, _), right=2 / 3),
]
ANOTHER_SET = Case(_stars(4, 1, 2, 5, _, _), _stars(1, _, 2, _, 2, _), right=2 / 5)


def jaccard(a, b):
    """Divide how many items both rated by how many at least one of the two rated."""
    both = (a.notna() & b.notna()).sum()
    either = (a.notna() | b.notna()).sum()
    return both / either


JACCARD = Exercise(
    id="04-4",
    hints=(
        "Two users rated three items each, two of them the same. How many different items is that?",
        "`a.notna()` is True where there is a rating. `&` means both, `|` means at least one.",
        "Divide `(a.notna() & b.notna()).sum()` by `(a.notna() | b.notna()).sum()`.",
    ),
    solution=jaccard,
    check=on_cases(*SETS, held_back=[ANOTHER_SET]),
    mistakes="""
    / either => / (a.count() + b.count())
        You divided by the sum of the two sizes, in which co-rated items count twice. Two users with
        the very same items would get one half. Count each item once.
    both / either => 2 * both / (a.count() + b.count())
        This is the Dice coefficient: twice what both rated, divided by the sum of the two sizes.
        Jaccard divides by what at least one of them rated.
    / either => / min(a.count(), b.count())
        You divided by the smaller of the two sizes. Divide by the number of items that at least one
        of them rated.
    / either => / a.count()
        You divided by the items of the first user only. Divide by the number of items that at least
        one of the two rated.
    / either => / b.count()
        You divided by the items of the second user only. Divide by the number of items that at
        least one of the two rated.
    | => ^
        You divided by the items that only one of them rated. At least one means one or both: `|`,
        not `^`.
    => a_stars, b_stars = set(a.dropna()), set(b.dropna())
    return … => return len(a_stars & b_stars) / len(a_stars | b_stars)
        You compared sets of stars. A three for the cup and a three for the pan have nothing in
        common. Compare the items, which are in the index.
    / either => / len(a)
        You divided by all items of the shop. Leave out the items that neither of them has rated.
    return … => return (a.notna() == b.notna()).mean()
        You counted items that neither rated as agreement. With so many blanks nearly everyone would
        be similar. Count only co-rated items.
    return … => return len({*a.index} & {*b.index}) / len({*a.index} | {*b.index})
        This is 1 for every pair: items without a rating count as rated. They are in the index, and
        NaN passes `!= np.nan`, `is not None` and `astype(bool)`. Use `.notna()`.
    a.notna() & b.notna() => a == b
        You counted only items with the same stars. Here it matters that both rated an item, not
        how.
    return … => return 1 - …
        This is a distance, 1 minus the Jaccard index: it is 1 for users who share nothing. The
        question asks for the similarity.
    / either =>
        This is a count of co-rated items. Divide it by the number of items that at least one of the
        two rated.
    return … => return 100 * …
        This is the Jaccard index in percent. Give a share between 0 and 1.
    """,
    takeaway="The Jaccard index divides what both have by what either has; the stars don't matter.",
    further=True,
)

# The deviations of the first pair are 1 -1 0 and 2 ? -2, with means 3 and 3. Co-rated means would
# be 3.5 and 3.
PAIRS = [
    Case(_stars(4, 2, 3), _stars(5, _, 1), right=(1 * 2 + 0 * -2) / np.sqrt(2 * 8)),
    (_stars(5, 1, 4, 2, _), _stars(2, 4, _, 3, 4)),
]
# With means 11/4 and 3; co-rated are cup and pan.
ANOTHER_PAIR = Case(
    *(_stars(3, 5, _, 1, 2), _stars(4, 1, 4, _, _)),
    right=(1 / 4 * 1 + 9 / 4 * -2) / np.sqrt(35 / 4 * 6),
)


def own_mean_pearson(a, b):
    """Subtract each user's mean, then divide the sum of products by both norms of all ratings."""
    of_a, of_b = a - a.mean(), b - b.mean()
    norms = np.sqrt((of_a**2).sum() * (of_b**2).sum())
    return (of_a * of_b).sum() / norms


OWN_MEAN = Exercise(
    id="04-3",
    hints=(
        "From which mean does a rating deviate here: that of the co-rated items, or that of all "
        "the user has rated?",
        "`a - a.mean()` leaves NaN where there is no rating, and `.sum()` skips NaN. So a sum of "
        "products covers the co-rated items, and a sum of squares all items of one user.",
        "With d = a − mean(a) and e = b − mean(b): Σ d·e / √(Σ d² · Σ e²).",
    ),
    solution=own_mean_pearson,
    check=on_cases(*PAIRS, held_back=[ANOTHER_PAIR]),
    mistakes="""
    return … => return a.corr(b)
        You took means and norms over the co-rated items only. That is the usual Pearson
        correlation. Use everything that each user has rated.
    (of_a**2) => (of_a**2)[b.notna()]
    (of_b**2) => (of_b**2)[a.notna()]
        Your means are right, but your norms are those of the co-rated items. Sum the squares over
        all that each user has rated.
    a.mean() => a[b.notna()].mean()
    b.mean() => b[a.notna()].mean()
        Your norms cover all ratings, but your means are those of the co-rated items. Take the mean
        of all that each user has rated.
    => a, b = a.fillna(0), b.fillna(0)
        You put zeros for the blanks, so each blank counts as the worst rating of all. Leave them
        missing.
    - a.mean() =>
    - b.mean() =>
        The stars are not centered: this is the full cosine. Subtract each user's mean first.
    / norms =>
        The sum of products is not divided by the norms, so it can be larger than 1. Divide by √(Σ
        d² · Σ e²).
    (of_a * of_b).sum() => of_a @ of_b
        The result is missing: `@`, `np.corrcoef` and `np.linalg.norm` don't skip NaN. Multiply with
        `*`, then use `.sum()`.
    / norms => / np.sqrt((of_a**2).sum()) * np.sqrt((of_b**2).sum())
        You divided by the first norm and multiplied by the second: the denominator needs
        parentheses.
    (of_a * of_b).sum() / norms => (of_a * of_b).mean() / (a.std() * b.std())
        You divided a mean over the co-rated items by standard deviations over all items of a user.
        The numbers of items don't cancel. Use sums in all three places.
    (of_a * of_b).sum() / norms => (of_a * of_b).mean()
        This is a covariance: you divided by the number of co-rated items. Divide by the norms.
    np.sqrt =>
        You divided by the sums of squares without the root. A norm is the root of a sum of squares.
    => mean = pd.concat([a, b]).mean()
    a.mean() => mean
    b.mean() => mean
        You subtracted one mean for both users. Each user needs their own, because one may be strict
        and the other generous.
    """,
    takeaway="Subtract each user's own mean and divide by both full norms; small overlaps then "
    "give small values.",
)

ONLY_PURCHASES = quiz(
    id="04-8",
    options="""
    a) the cosine, over the items both bought
        Over the items both bought there are only ones, so this cosine is always 1 for customers who
        share anything. The full cosine would work; this one doesn't.
    b) Pearson correlation, over the items both bought
        A row of ones doesn't deviate from its mean, so the correlation is 0 / 0 for every pair.
    c) 1 / (MSD + 1), over the items both bought
        Between ones and ones there is no difference, so this is 1 for all customers who share
        anything.
    d) the share of items that both bought, among those that either bought
    """,
    hints=(
        "Write down the rows of two customers over the items that both bought. Which numbers are "
        "in them?",
        "There are only ones. How far do they deviate from their mean, and from each other?",
        "What is left is which items both have, and which only one of them has.",
    ),
    takeaway="Without stars, compare what two customers have and what only one of them has.",
)

# Eva is most similar to herself, except where damping has made it 0.5; Ida can't be compared; Gül
# and Jon are equally similar to Eva.
SIMILAR = pd.Series(
    {"Eva": 1.0, "Finn": -0.95, "Gül": 0.6, "Hugo": 0.1, "Ida": _, "Jon": 0.6, "Kim": -0.2},
    name="similarity",
)
NEIGHBORS = [
    Case(SIMILAR[["Kim", "Hugo", "Jon", "Eva"]], "Eva", 2, right=["Jon", "Hugo"]),
    Case(SIMILAR, "Eva", 2, right=["Gül", "Jon"]),
    Case(SIMILAR, "Eva", 4, right=["Gül", "Jon", "Hugo", "Kim"]),
    Case(SIMILAR[::-1].replace({1.0: 0.5}), "Eva", 3, right=["Jon", "Gül", "Hugo"]),
]
# Two are equally similar and one is wanted; nine are wanted and five can be compared.
FEWER_AND_MORE = [
    Case(SIMILAR[::-1].replace({1.0: 0.5}), "Eva", 1, right=["Jon"]),
    Case(SIMILAR, "Eva", 9, right=["Gül", "Jon", "Hugo", "Kim", "Finn"]),
]
# Lia and Rob are tied.
OTHERS = pd.Series(
    {"Lia": 0.3, "Noa": 0.4, "Pia": -0.5, "Max": _, "Ole": 0.8, "Rob": 0.3}, name="similarity"
)
MORE_NEIGHBORS = [
    Case(OTHERS, "Noa", 2, right=["Ole", "Lia"]),
    Case(OTHERS, "Noa", 6, right=["Ole", "Lia", "Rob", "Pia"]),
]


# Enough users, and enough of them tied, for an unstable sort to mix them up. Those whose number
# ends in 4 or 9 have 0.8, in 3 or 8 have 0.6, and so on.
MANY = pd.Series({f"U{n:02}": n % 5 / 5 for n in range(1, 51)}, name="similarity")
NEAREST_TO_U49 = [f"U{n:02}" for n in (*range(4, 45, 5), 3, 8, 13)]


def nearest_users(similarities, me, k):
    """Leave out the user and undefined similarities, then take the k largest."""
    others = similarities.drop(me).dropna()
    return others.nlargest(k).index.tolist()


NEAREST = Exercise(
    id="04-6",
    hints=(
        "Who is usually most similar to a user, and can't tell anything new?",
        "`drop(me)` leaves out the user, `dropna()` leaves out those who can't be compared.",
        "`similarities.drop(me).dropna().nlargest(k).index.tolist()` does it all.",
    ),
    solution=nearest_users,
    check=in_turn(
        on_cases(*NEIGHBORS),
        on_cases(*FEWER_AND_MORE, held_back=MORE_NEIGHBORS),
        on_cases(Case(MANY, "U49", 12, right=NEAREST_TO_U49)),
    ),
    mistakes="""
    return … => return set(…)
        Your users are right, but a set has no order. Return a list, the most similar user first.
    .index.tolist() =>
        You return the similarities of the right users. The question asks for the users themselves,
        which are in the index: `.index.tolist()`.
    return … => return np.argsort(-others.to_numpy(), kind="stable")[:k]
        These are positions. Return the users who stand there, from the `index` of the Series that
        you sorted.
    .drop(me) =>
    .index.tolist() =>
        You return similarities, with the user among them. Leave out `me`, and return the users:
        `.index.tolist()`.
    .drop(me) =>
        Users are most similar to themselves, and have nothing new to tell. Leave out `me`.
    .drop(me) =>
    nlargest(k) => nlargest(k).drop(me, errors="ignore")
        One neighbor short: did you take k before leaving out `me`?
    .drop(me).dropna() => .sort_values(ascending=False, kind="stable")
    .nlargest(k).index => .index[1 : k + 1]
        You left out the first of the list, as if that were always `me`. After damping, somebody
        else may be first. Leave out `me` by name.
    .dropna() =>
    others.nlargest(k).index => others.index[np.argsort(others.to_numpy())[::-1][:k]]
        What is undefined comes first: `argsort` puts NaN last, and after reversing it is on top.
        Leave out NaN before you sort.
    => similarities = similarities[sorted(similarities.index, key=similarities.get, reverse=True)]
    nlargest => head
        You sorted before you left out NaN. NaN is neither larger nor smaller than anything, so
        `sorted` puts the others in a wrong order. Leave it out first.
    nlargest => nsmallest
        These are the least similar users. The largest similarities are the nearest; only with
        distances is it the smallest.
    .drop(me).dropna() =>
    nlargest(k) => nlargest(k + 1).drop(me, errors="ignore")
        You took k + 1 and then left out `me`. If `me` is not among them, that is one too many.
        First leave out, then take.
    nlargest(k) => nlargest(k, keep="all")
        Where users are tied, you return more than k. Of tied users take the one who comes first.
    .dropna() =>
    nlargest(k) => sort_values(ascending=False, kind="stable").head(k)
        Where fewer than k can be compared, your list is filled up with users whose similarity is
        NaN. Sorting puts NaN at the end but doesn't leave it out.
    .dropna() => .dropna().abs()
        You took the absolute value, so opposites count as similar.
    others.nlargest(k) => others[others > 0].nlargest(k)
        You left out negative similarities. The question asks for the k most similar users; only
        those with NaN can't be compared.
    .dropna() => .fillna(0)
        An undefined similarity counts as 0 here, and beats all negative ones. Users who can't be
        compared are not neighbors: leave out NaN.
    nlargest(k) => sort_values(kind="stable").tail(k)
        Your list runs from least to most similar. The most similar comes first; of tied users, the
        one who comes first in the Series.
    nlargest(k) => sort_values(ascending=False).head(k)
        `sort_values` and `argsort` keep tied rows in order only with `kind="stable"`. Of tied
        users, the one who comes first in the Series is first.
    others.nlargest(k).index => others.index[np.argsort(-others.to_numpy())[:k]]
        `sort_values` and `argsort` keep tied rows in order only with `kind="stable"`. Of tied
        users, the one who comes first in the Series is first.
    .drop(me) =>
    nlargest(k) => sort_values(ascending=False).drop(me).head(k)
        `sort_values` and `argsort` keep tied rows in order only with `kind="stable"`. Of tied
        users, the one who comes first in the Series is first.
    """,
    takeaway="Leave out the user and everything undefined, and only then take the k largest.",
)
