"""Exercises of lesson 04: shared items, correlation, likeness of items, damping, the nearest."""

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, in_turn, on_cases, quiz

TITLE = "Similarity"

_ = np.nan  # not rated


def _stars(*stars):
    """Put stars beside the names of the items."""
    return pd.Series(stars, index=["cup", "pan", "jug", "pot", "tin"][: len(stars)], dtype=float)


# By hand: of three items one is shared, cup, and all three were rated by one or the other: 1/3.
# Then two shared, cup and jug, of four; nobody rated the tin: 2/4. Then two shared of three: 2/3.
SETS = [
    (_stars(5, 4, _), _stars(5, _, 2)),
    (_stars(3, _, 5, _, _), _stars(4, 1, 5, 2, _)),
    (_stars(_, 2, 4, 1, _), _stars(_, _, 5, 3, _)),
]


def shared_share(a, b):
    """Divide how many items both rated by how many at least one of the two rated."""
    both = (a.notna() & b.notna()).sum()
    either = (a.notna() | b.notna()).sum()
    return both / either


def _both(a, b):
    return (a.notna() & b.notna()).sum()


def _either(a, b):
    return (a.notna() | b.notna()).sum()


JACCARD = Exercise(
    id="04-1",
    objective="Compute which share of the items that two users rated, both rated.",
    hints=(
        "Two users rated three items each, two of them the same. How many different items is that?",
        "`a.notna()` is True where there is a rating. `&` means both, `|` means at least one.",
        "Divide `(a.notna() & b.notna()).sum()` by `(a.notna() | b.notna()).sum()`.",
    ),
    solution=shared_share,
    check=on_cases(*SETS),
    wrong_answers={
        "sum of the two sizes": Mistake(
            lambda a, b: _both(a, b) / (a.count() + b.count()),
            "You divided by the sum of the two sizes. What both rated is counted twice in it, so "
            "that two users with the very same items would get one half: subtract it once.",
        ),
        "twice what both": Mistake(
            lambda a, b: 2 * _both(a, b) / (a.count() + b.count()),
            "This is twice what both rated, by the two sizes together: the coefficient of Dice. "
            "Jaccard divides by what at least one of them rated.",
        ),
        "the smaller": Mistake(
            lambda a, b: _both(a, b) / min(a.count(), b.count()),
            "You divided by the smaller of the two sizes. Then whoever rated a single item is "
            "entirely like all others who rated it.",
        ),
        "the first user's items": Mistake(
            lambda a, b: _both(a, b) / a.count(),
            "You divided by the first user's items alone. The similarity of Ana to Ben must be "
            "that of Ben to Ana.",
        ),
        "the second user's items": Mistake(
            lambda a, b: _both(a, b) / b.count(),
            "You divided by the second user's items alone. The similarity of Ana to Ben must be "
            "that of Ben to Ana.",
        ),
        "only one of them": Mistake(
            lambda a, b: _both(a, b) / (a.notna() ^ b.notna()).sum(),
            "You divided by the items that only one of them rated. At least one means one or both: "
            "`|`, not `^`.",
        ),
        "sets of stars": Mistake(
            lambda a, b: len({*a.dropna()} & {*b.dropna()}) / len({*a.dropna(), *b.dropna()}),
            "You compared sets of stars. A three for the cup and a three for the pan have nothing "
            "in common: the items stand in the index.",
        ),
        "all items of the shop": Mistake(
            lambda a, b: _both(a, b) / len(a),
            "You divided by all items of the shop. Items that neither of them knows say nothing "
            "about the two.",
        ),
        "agree in not knowing": Mistake(
            lambda a, b: (a.notna() == b.notna()).mean(),
            "You counted items which neither rated as agreement. Nearly everybody would agree in "
            "not knowing nearly everything.",
        ),
        "same stars": Mistake(
            lambda a, b: (a == b).sum() / (a.notna() | b.notna()).sum(),
            "You counted the items with the same stars. Here it matters that both rated an item, "
            "not how.",
        ),
        "a distance": Mistake(
            lambda a, b: 1 - shared_share(a, b),
            "This is a distance: 1 for two users who share nothing. The question asks what they "
            "share.",
        ),
        "a count": Mistake(
            lambda a, b: _both(a, b),
            "This is a count. Who rates much shares much with everybody: divide by what at least "
            "one of the two rated.",
        ),
    },
    takeaway="Jaccard is what both have, divided by what either has; the stars do not matter.",
)

# By hand: means 3 and 3, deviations 1 -1 0 and 2 ? -2; shared are cup and jug: 2 + 0 = 2 over
# √(2 · 8) = 4, so 1/2. Co-rated means would be 3.5 and 3.
PAIRS = [
    (_stars(4, 2, 3), _stars(5, _, 1)),
    (_stars(5, 1, 4, 2, _), _stars(2, 4, _, 3, 4)),
    (_stars(1, _, 3, 4, 5), _stars(2, 5, 2, 5, _)),
]


def own_mean_correlation(a, b):
    """Take each user's mean off, then divide the sum of products by both norms, all of them."""
    of_a, of_b = a - a.mean(), b - b.mean()
    norms = np.sqrt((of_a**2).sum() * (of_b**2).sum())
    return (of_a * of_b).sum() / norms


def _co_rated(a, b):
    both = a.notna() & b.notna()
    return a[both], b[both]


def _cosine(a, b):
    return (a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum())


OWN_MEAN = Exercise(
    id="04-2",
    objective="Correlate the stars of two users, with the mean and the norm of all each has rated.",
    hints=(
        "From what does a rating deviate: from the mean of the shared items, or of all the user "
        "rated?",
        "`a - a.mean()` keeps missing what is missing, and `.sum()` leaves it out. So a product is "
        "summed over shared items by itself, and a square over all items of one user.",
        "With d = a − mean(a) and e = b − mean(b): Σ d·e / √(Σ d² · Σ e²).",
    ),
    solution=own_mean_correlation,
    check=on_cases(*PAIRS),
    wrong_answers={
        "shared items only": Mistake(
            lambda a, b: a.corr(b),
            "Means and norms are taken over the shared items only. That is Pearson's correlation, "
            "which is 1 or -1 for any two shared items. Use all that each user rated.",
        ),
        "own mean, but the norm": Mistake(
            lambda a, b: _cosine(*_co_rated(a - a.mean(), b - b.mean())),
            "You took off the own mean, but the norm is that of the shared items. Over all items "
            "of a user it grows with all that the other does not know, and that is the damping.",
        ),
        "mean of the shared items, but": Mistake(
            lambda a, b: _cosine(a - _co_rated(a, b)[0].mean(), b - _co_rated(a, b)[1].mean()),
            "You took off the mean of the shared items, but divided by the norm of all items. Take "
            "both from all that the user rated.",
        ),
        "zeros for the blanks": Mistake(
            lambda a, b: np.corrcoef(a.fillna(0), b.fillna(0))[0, 1],
            "You put zeros for the blanks, so the means sink, and each blank becomes the worst "
            "judgment of all. Leave them missing.",
        ),
        "not centered": Mistake(
            _cosine,
            "The stars are not centered: this is the cosine with full norms, near 1 for all who "
            "rate the same items. Subtract each user's mean first.",
        ),
        "not divided": Mistake(
            lambda a, b: ((a - a.mean()) * (b - b.mean())).sum(),
            "The sum of products is not divided by the norms, so it has no scale: who uses the "
            "ends of the scale is more alike to everybody.",
        ),
        "leaves nothing out": Mistake(
            lambda a, b: (a - a.mean()) @ (b - b.mean()),
            "The result is missing: `@` leaves nothing out, nor do numpy's `corrcoef` and `norm`, "
            "and a sum with NaN in it is NaN. Multiply with `*`, then take `.sum()`.",
        ),
        "standard deviations": Mistake(
            lambda a, b: ((a - a.mean()) * (b - b.mean())).mean() / (a.std() * b.std()),
            "You divided by standard deviations. They are means over what each one rated, and the "
            "mean above the line is over what both rated, so the numbers of items do not cancel. "
            "Take sums.",
        ),
        "a covariance": Mistake(
            lambda a, b: ((a - a.mean()) * (b - b.mean())).mean(),
            "This is a covariance: divided by the number of shared items, not by the norms. It "
            "can pass 1.",
        ),
        "squares without the root": Mistake(
            lambda a, b: (
                ((a - a.mean()) * (b - b.mean())).sum()
                / (((a - a.mean()) ** 2).sum() * ((b - b.mean()) ** 2).sum())
            ),
            "You divided by the product of the sums of squares without the root. Stars times stars "
            "above, four times stars below: that is no pure number.",
        ),
        "one mean for both": Mistake(
            lambda a, b: _cosine(
                a - pd.concat([a, b]).mean(),
                b - pd.concat([a, b]).mean(),
            ),
            "You took one mean for both. Each user has a mean of one's own; that is what makes a "
            "strict and a generous one comparable.",
        ),
    },
    takeaway="Center on one's own mean, divide by both full norms; small overlaps damp themselves.",
)


def _table(*rows):
    columns = ["cup", "pan", "jug", "pot"][: len(rows[0])]
    users = pd.Index(["Eva", "Finn", "Gül", "Hugo", "Ida"][: len(rows)], name="user_id")
    return pd.DataFrame(rows, index=users, columns=columns, dtype=float)


# By hand: Eva's mean is 3, Finn's too. Deviations of cup 2, 1 and of pan -1, 0: -2 over
# √(5 · 1) gives -0.894.
MANY = _table((5, 4, 1, _), (3, 4, _, 1), (1, 2, 5, 4), (2, _, 4, 5), (_, 4, 3, 2))
TABLES = [
    (_table((5, 2, 2), (4, 3, 2)), "cup", "pan"),
    (MANY, "cup", "pan"),
    (MANY, "pot", "jug"),
]


def adjusted_cosine(table, one, other):
    """Take each user's mean off the stars, then the cosine of two columns over their co-raters."""
    deviations = table.sub(table.mean(axis=1), axis=0)
    shared = deviations[[one, other]].dropna()
    x, y = shared[one], shared[other]
    return (x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum())


def _two(table, one, other):
    """Keep two columns, and in them the users who rated both."""
    shared = table[[one, other]].dropna()
    return shared[one], shared[other]


ADJUSTED = Exercise(
    id="04-3",
    objective="Compute the adjusted cosine of two items from a table of users and items.",
    hints=(
        "Eva gives everything one star more than Finn. Which mean takes care of that: the item's "
        "or the user's?",
        "`table.mean(axis=1)` are the users' means, of all that each rated. "
        "`table.sub(means, axis=0)` takes them off, row by row. Keep the users who rated both.",
        "With d = stars − mean of the user, over users who rated both: Σ d·e / √(Σ d² · Σ e²).",
    ),
    solution=adjusted_cosine,
    check=on_cases(*TABLES),
    wrong_answers={
        "mean of the item": Mistake(
            lambda table, one, other: _cosine(*_two(table - table.mean(), one, other)),
            "You took off the mean of the item. Then a generous user is above it everywhere, and "
            "all items look alike to those who rate them. Take off the mean of the user.",
        ),
        "means of the items": Mistake(
            lambda table, one, other: _cosine(
                table[one] - table[one].mean(), table[other] - table[other].mean()
            ),
            "You took off the means of the items, and divided by the norms of all raters. Take off "
            "the mean of each user, and keep to users who rated both.",
        ),
        "the names of users": Mistake(
            lambda table, one, other: _cosine(*_two(table - table.mean(axis=1), one, other)),
            "`table - means` looks for the names of users among the columns, finds none, and makes "
            "everything missing. Say along which axis: `table.sub(means, axis=0)`.",
        ),
        "centered twice": Mistake(
            lambda table, one, other: table.sub(table.mean(axis=1), axis=0)[one].corr(
                table.sub(table.mean(axis=1), axis=0)[other]
            ),
            "The stars are centered twice: `corr` takes off the items' means as well. Once the "
            "users' means are off, the plain cosine is asked for.",
        ),
        "pearson": Mistake(
            lambda table, one, other: table[one].corr(table[other]),
            "This is Pearson's correlation of two items: it takes off each item's mean over the "
            "users who rated both. The adjusted cosine takes off the mean of each user.",
        ),
        "not centered": Mistake(
            lambda table, one, other: _cosine(*_two(table, one, other)),
            "The stars are not centered: this is the plain cosine, near 1 for any two items. "
            "Take off each user's mean first.",
        ),
        "these two items": Mistake(
            lambda table, one, other: _cosine(
                *_two(table[[one, other]].sub(table[[one, other]].mean(axis=1), axis=0), one, other)
            ),
            "You took a user's mean over these two items alone, so one is always as far above it "
            "as the other is below, and the result is -1. Take the mean of all that the user "
            "rated.",
        ),
        "those of all raters": Mistake(
            lambda table, one, other: _cosine(
                table[one] - table.mean(axis=1), table[other] - table.mean(axis=1)
            ),
            "The norms are those of all raters of an item. In the adjusted cosine only users who "
            "rated both enter, above the line and below.",
        ),
        "one mean for all": Mistake(
            lambda table, one, other: _cosine(*_two(table - np.nanmean(table), one, other)),
            "You took off one mean for all users. Strict and generous users need one each.",
        ),
        "zeros for the blanks": Mistake(
            lambda table, one, other: _cosine(
                *_two(table.sub(table.fillna(0).mean(axis=1), axis=0), one, other)
            ),
            "You put zeros for the blanks before taking the mean, so who rates little seems to "
            "dislike everything. A blank is no rating.",
        ),
        "not divided": Mistake(
            lambda table, one, other: (
                pd.DataFrame(_two(table.sub(table.mean(axis=1), axis=0), one, other)).prod().sum()
            ),
            "The sum of products is not divided by the norms. An item that many rated would be "
            "alike to everything.",
        ),
    },
    takeaway="For items, take off the user's mean: it is the user who is strict or generous.",
)

# By hand: shared are cup and pan, differences 1 and 2, mean square 2.5, similarity 1/3.5; two
# shared items and λ = 6 leave 2/8 of it: 1/14.
DAMPED = [
    (_stars(5, 3, _), _stars(4, 1, 4), 6.0),
    (_stars(1, 4, 5, 2, _), _stars(4, 3, 3, _, _), 2.0),
    (_stars(5, 4, 4, 2, 3), _stars(3, 4, 5, _, 2), 10.0),
]


def damped_similarity(a, b, damping):
    """Turn the mean squared difference into a similarity, and weigh it by what it rests on."""
    msd = ((a - b) ** 2).mean()
    n = (a.notna() & b.notna()).sum()
    return 1 / (msd + 1) * n / (n + damping)


def _msd(a, b):
    return ((a - b) ** 2).mean()


def _factor(a, b, damping):
    n = (a - b).count()
    return n / (n + damping)


DAMPED_SIMILARITY = Exercise(
    id="04-4",
    objective="Turn the mean squared difference of two users into a similarity, and damp it.",
    hints=(
        "Two users differ by nothing. How alike should they be, and does it matter whether that "
        "rests on one item or on fifty?",
        "`a - b` is missing where one of the two has no rating; `.mean()` leaves that out, and so "
        "does `.count()`.",
        "1 / (msd + 1) · n / (n + λ), with msd the mean of (a − b)² and n the number of shared "
        "items.",
    ),
    solution=damped_similarity,
    check=on_cases(*DAMPED),
    wrong_answers={
        "not damped": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1),
            "This is not damped: one shared item counts like fifty. Multiply by n / (n + λ).",
        ),
        "a distance": Mistake(
            lambda a, b, damping: _msd(a, b) * _factor(a, b, damping),
            "The mean squared difference is a distance: 0 for those who agree. Turn it into a "
            "similarity, 1 / (msd + 1), before you damp it.",
        ),
        "1 − msd": Mistake(
            lambda a, b, damping: (1 - _msd(a, b)) * _factor(a, b, damping),
            "1 − msd can fall to -15 on a scale from one to five. 1 / (msd + 1) stays between 0 "
            "and 1.",
        ),
        "1 / msd": Mistake(
            lambda a, b, damping: 1 / _msd(a, b) * _factor(a, b, damping),
            "1 / msd is infinite for two who agree. Add 1 below the line.",
        ),
        "parentheses": Mistake(
            lambda a, b, damping: (1 / _msd(a, b) + 1) * _factor(a, b, damping),
            "`1 / msd + 1` is 1 / msd, and 1 more. What is to stand below the line needs "
            "parentheses: `1 / (msd + 1)`.",
        ),
        "number of all items": Mistake(
            lambda a, b, damping: 1 / (((a - b) ** 2).sum() / len(a) + 1) * _factor(a, b, damping),
            "You divided the sum of squares by the number of all items, as if two users agreed on "
            "what only one of them knows. Divide by the number of shared items.",
        ),
        "a sum": Mistake(
            lambda a, b, damping: 1 / (((a - b) ** 2).sum() + 1) * _factor(a, b, damping),
            "You took a sum of squares. It grows with every shared item, so those who share much "
            "seem unlike: take the mean.",
        ),
        "absolute differences": Mistake(
            lambda a, b, damping: 1 / ((a - b).abs().mean() + 1) * _factor(a, b, damping),
            "You took the mean of absolute differences. The question asks for the mean of their "
            "squares.",
        ),
        "a root": Mistake(
            lambda a, b, damping: 1 / (np.sqrt(_msd(a, b)) + 1) * _factor(a, b, damping),
            "There is a root over the mean squared difference. Leave it out here.",
        ),
        "zeros for the blanks": Mistake(
            lambda a, b, damping: 1 / (_msd(a.fillna(0), b.fillna(0)) + 1) * _factor(a, b, damping),
            "You put zeros for the blanks: a five that the other has not rated becomes a "
            "difference of five stars. Compare shared items only.",
        ),
        "n · λ": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) / damping,
            "You divided by n · λ; n cancels, and every pair is damped alike. It is n + λ.",
        ),
        "the other way round": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) * (1 - _factor(a, b, damping)),
            "You damp the other way round: λ / (n + λ) is largest for those who share least. Above "
            "the line stands n.",
        ),
        "a cap": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) * min((a - b).count(), damping) / damping,
            "This is the other damping, with a cap: min(n, λ) / λ. The question asks for n / (n "
            "+ λ).",
        ),
        "all that one user rated": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) * a.count() / (a.count() + damping),
            "Here n is all that one user rated. The evidence is what both rated.",
        ),
        "all that the other": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) * b.count() / (b.count() + damping),
            "Here n is all that the other user rated. The evidence is what both rated.",
        ),
        "at least one": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) * _either(a, b) / (_either(a, b) + damping),
            "Here n is the number of items that at least one of them rated. The evidence is what "
            "both rated.",
        ),
        "all items": Mistake(
            lambda a, b, damping: 1 / (_msd(a, b) + 1) * len(a) / (len(a) + damping),
            "Here n is the number of all items. The evidence is what both rated.",
        ),
    },
    takeaway="A similarity needs two numbers: how alike, and on how many shared items it rests.",
)

# Eva is most alike to herself, save where damping has made it 0.5; Ida cannot be compared; Gül and
# Jon are equally alike to Eva.
SIMILAR = pd.Series(
    {"Eva": 1.0, "Finn": -0.95, "Gül": 0.6, "Hugo": 0.1, "Ida": _, "Jon": 0.6, "Kim": -0.2},
    name="similarity",
)
NEIGHBORS = [
    (SIMILAR[["Kim", "Hugo", "Jon", "Eva"]], "Eva", 2),
    (SIMILAR, "Eva", 2),
    (SIMILAR, "Eva", 4),
    (SIMILAR[::-1].replace({1.0: 0.5}), "Eva", 3),
]
# Two are equally alike and one is asked for; nine are asked for and five can be compared.
FEWER_AND_MORE = [(SIMILAR[::-1].replace({1.0: 0.5}), "Eva", 1), (SIMILAR, "Eva", 9)]


def nearest_users(similarities, me, k):
    """Leave out oneself and whoever cannot be compared, then take the k largest."""
    others = similarities.drop(me).dropna()
    return others.nlargest(k).index.tolist()


NEAREST = Exercise(
    id="04-5",
    objective="Find the k users who are most alike to one, from a row of similarities.",
    hints=(
        "Who is always most alike to you, and no help at all?",
        "`drop(me)` leaves out oneself, `dropna()` those who cannot be compared.",
        "`similarities.drop(me).dropna().nlargest(k).index.tolist()` is all of it.",
    ),
    solution=nearest_users,
    check=in_turn(on_cases(*NEIGHBORS), on_cases(*FEWER_AND_MORE)),
    wrong_answers={
        "most alike to oneself": Mistake(
            lambda similarities, me, k: similarities.dropna().nlargest(k).index.tolist(),
            "Everybody is most alike to oneself, and has rated what one has rated: a neighbor who "
            "knows nothing new. Leave yourself out.",
        ),
        "one neighbor short": Mistake(
            lambda similarities, me, k: (
                similarities.dropna().nlargest(k).drop(me, errors="ignore").index.tolist()
            ),
            "You left yourself out after taking k, so you are one neighbor short. First leave out, "
            "then take.",
        ),
        "the first is you": Mistake(
            lambda similarities, me, k: (
                similarities.sort_values(ascending=False, kind="stable").index[1 : k + 1].tolist()
            ),
            "You left out the first of the list, as if the first is you always. Once similarities "
            "are damped, somebody else may stand there. Leave yourself out by name, and NaN too.",
        ),
        "undefined comes first": Mistake(
            lambda similarities, me, k: (
                similarities.drop(me)
                .index[np.argsort(similarities.drop(me).to_numpy())[::-1][:k]]
                .tolist()
            ),
            "What is undefined comes first: `argsort` puts NaN last, and turned round that is "
            "the top. Leave NaN out before you sort.",
        ),
        "the least alike": Mistake(
            lambda similarities, me, k: similarities.drop(me).dropna().nsmallest(k).index.tolist(),
            "These are the least alike. A similarity is large for those who are alike; small is "
            "near only for distances.",
        ),
        "one too many": Mistake(
            lambda similarities, me, k: [
                user for user in similarities.nlargest(k + 1).index if user != me
            ],
            "You took one more than k, to leave yourself out of them. If you are not among them, "
            "that is one too many. First leave out, then take.",
        ),
        "more than k": Mistake(
            lambda similarities, me, k: (
                similarities.drop(me).dropna().nlargest(k, keep="all").index.tolist()
            ),
            "Where several are equally alike, these are more than k. Of equals take the one that "
            "stands first.",
        ),
        "filled up": Mistake(
            lambda similarities, me, k: (
                similarities.drop(me).sort_values(ascending=False, kind="stable").index[:k].tolist()
            ),
            "Where fewer than k can be compared, your list is filled up with those who cannot: "
            "NaN is sorted to the end, not left out.",
        ),
        "opposites": Mistake(
            lambda similarities, me, k: (
                similarities.drop(me).dropna().abs().nlargest(k).index.tolist()
            ),
            "You took the absolute value, so opposites count as alike.",
        ),
        "undefined counts as 0": Mistake(
            lambda similarities, me, k: similarities.drop(me).fillna(0).nlargest(k).index.tolist(),
            "What is undefined counts as 0 here, and beats all who are known to differ. Who cannot "
            "be compared is no neighbor: leave NaN out.",
        ),
        "from the least to the most": Mistake(
            lambda similarities, me, k: (
                similarities.drop(me).dropna().sort_values(kind="stable").tail(k).index.tolist()
            ),
            "The names run from the least to the most alike. The most alike comes first; of "
            "equals, who stands first in the row.",
        ),
    },
    takeaway="Not oneself, nobody undefined, and only then the k largest.",
)

ONLY_PURCHASES = quiz(
    id="04-6",
    objective="Choose a measure for purchases, where there are no stars.",
    options={
        "a": "the cosine, over the items both bought",
        "b": "Pearson's correlation, over the items both bought",
        "c": "1 / (msd + 1), over the items both bought",
        "d": "the share of items that both bought, among those that either bought",
    },
    right="d",
    hints=(
        "Write down the row of one customer, and of another, over the items both bought. What "
        "numbers stand there?",
        "Nothing but ones. How far do they deviate from their mean, and from each other?",
        "What is left is not how somebody rates, but what: which items both have, and which only "
        "one of them.",
    ),
    wrong_answers={
        "always 1": Mistake(
            "a",
            "Over what both bought there are only ones, so this cosine is always 1: all pairs who "
            "share anything are entirely alike. With full norms it would work.",
        ),
        "0 / 0": Mistake(
            "b",
            "A row of ones does not deviate from its mean, so the correlation is 0 / 0 for every "
            "pair.",
        ),
        "no difference": Mistake(
            "c",
            "Between ones and ones there is no difference, so the measure is 1 for all pairs who "
            "share anything.",
        ),
    },
    takeaway="Without stars, all there is to compare is what two customers have and do not have.",
)
