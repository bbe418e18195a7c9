"""Exercises of lesson 09c: diversity, caps, calibration and popularity bias of lists."""

from itertools import combinations

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, on_cases, quiz
from exercises.engine.tables import symmetric

TITLE = "Re-ranking"

ALIKE = symmetric("abcd", (0.8, 0.2, 0), (0.1, 0.3), (0.5,))
ALIKE_OF_FIVE = symmetric("vwxyz", (0.9, 0.4, 0.1, 0.6), (0.3, 0.2, 0.7), (0.5, 0), (0.8,))


def intra_list(items, alike):
    """Take the mean similarity of all pairs of items."""
    return np.mean([alike.loc[one, other] for one, other in combinations(items, 2)])


INTRA_LIST = Exercise(
    id="09c-1",
    hints=(
        "How many pairs of different items does a list of three have?",
        "Look up the similarity of each pair once, and take the mean. An item is no pair with "
        "itself.",
        "`combinations(items, 2)` from the setup cell gives the pairs; `alike.loc[one, other]`.",
    ),
    solution=intra_list,
    check=on_cases(
        Case(list("abc"), ALIKE, right=(0.8 + 0.2 + 0.1) / 3),
        Case(list("dbca"), ALIKE, right=(0.3 + 0.5 + 0 + 0.1 + 0.8 + 0.2) / 6),
        held_back=[Case(list("zvyx"), ALIKE_OF_FIVE, right=(0.6 + 0.8 + 0 + 0.1 + 0.4 + 0.5) / 6)],
    ),
    mistakes="""
    return … => return alike.loc[items, items].to_numpy().mean()
        Your mean includes each item with itself, which is 1 in every list. Only pairs of different
        items count.
    np.mean => np.sum
        You added up the pairs instead of dividing by their number, so longer lists look less
        diverse. Take the mean.
    return … => return 2 * …
        Each pair is in your sum twice, as i, j and as j, i. Divide by n (n − 1), or count each pair
        once.
    np.mean => np.sum
    return … => return … / len(items)
        You divided by the number of items. Divide by the number of pairs, n (n − 1) / 2.
    combinations(items, 2) => zip(items, items[1:])
        You compared only items next to each other. All pairs count.
    combinations(items, 2) => [(items[0], each) for each in items[1:]]
        You compared every item with the first one only. All pairs count.
    combinations(items, 2) => combinations(alike, 2)
        You took all items of the table. Only those in the list count.
    return … => return 1 - …
        This is 1 minus the similarity, which measures diversity. The question asks for the
        similarity.
    np.mean => np.max
        This is the most similar pair. Take the mean over all pairs.
    """,
    takeaway="The mean similarity of all pairs: the lower, the more diverse the list.",
)

SCORES = pd.Series([1.0, 0.9, 0.6, 0.0], list("abcd"))
# Here every mistake below but one chooses differently, and in the next table that one does.
ALIKE_OF_SIX = symmetric(
    "pqrstu", (0.8, 0.4, 0.9, 0.4, 0), (0.8, 0.7, 0.6, 0.4), (0.1, 0.2, 0.4), (0.3, 0), (0.2,)
)
SCORES_OF_SIX = pd.Series([1.0, 0.93, 0.85, 0.78, 0.59, 0.0], list("pqrstu"))
OTHERS_ALIKE = symmetric(
    "pqrstu", (0.9, 0.8, 0.8, 0.6, 0.3), (0.9, 1, 0, 0), (0.1, 0.9, 0.1), (0, 0.2), (0.8,)
)
OTHER_SCORES = pd.Series([1.0, 0.66, 0.6, 0.56, 0.54, 0.0], list("pqrstu"))
ALIKE_AGAIN = symmetric("efghi", (0.5, 0.4, 0, 0.1), (0.6, 0.3, 0.2), (0.1, 0.9), (0.7,))
SCORES_AGAIN = pd.Series([1.0, 0.8, 0.75, 0.4, 0.0], list("efghi"))


def mmr_order(score, alike, k, weight):
    """Append, k times, the item with the largest marginal relevance."""
    chosen = []
    while len(chosen) < k:
        left = score.drop(chosen)
        nearest = alike.loc[left.index, chosen].max(axis=1).fillna(0)
        chosen.append(((1 - weight) * left - weight * nearest).idxmax())
    return chosen


MMR_ORDER = Exercise(
    id="09c-2",
    hints=(
        "What is the penalty of the first item, when the list is still empty?",
        "In each step, find the largest similarity of each item that is left to those already "
        "chosen; subtract, and choose the item with the largest difference.",
        "(1 − w)·score − w·max similarity to the chosen ones; `idxmax`, append, and again.",
    ),
    solution=mmr_order,
    check=on_cases(
        # After a, c has 0.3 − 0.1 = 0.2 and b 0.45 − 0.4 = 0.05; then b still has 0.05, d 0 − 0.25.
        Case(SCORES, ALIKE, 4, 0.5, right=list("acbd")),
        Case(SCORES_OF_SIX, ALIKE_OF_SIX, 4, 0.6, right=list("prtq")),
        Case(OTHER_SCORES, OTHERS_ALIKE, 4, 0.6, right=list("ptsr")),
        held_back=[Case(SCORES_AGAIN, ALIKE_AGAIN, 4, 0.35, right=list("egfh"))],
    ),
    mistakes="""
    max(axis=1) => mean(axis=1)
        You took the mean similarity to the chosen items. Then a copy of one item looks new in a
        list of others: take the largest.
    max(axis=1) => sum(axis=1)
        You took the sum of the similarities, so the penalty grows with the list. Take the largest.
    max(axis=1) => min(axis=1)
        You took the smallest similarity. An item that copies one of the chosen ones is redundant:
        take the largest.
    chosen].max => chosen[-1:]].max
        You compared only with the last one chosen. All items of the list count.
    chosen].max => chosen[:1]].max
        You compared only with the first one chosen. All items of the list count.
    (1 - weight) * left - weight * => weight * left - (1 - weight) *
        You exchanged the weights: w belongs to the similarity and 1 − w to the score. In the
        original paper it is the other way round: λ belongs to the score.
    => weight = 0.5
        You used the weight of the example, 0.5. Use `weight`.
    score.drop(chosen) => score
        The same item can be in your list twice. Choose only among the items that are left.
    (1 - weight) * left => left
        You subtracted from the whole score. The score has the weight 1 − w.
    left - weight => left + weight
        You added the similarity, so the list repeats itself. Subtract it.
    => off = alike - np.eye(len(alike))
    return … => return list(((1 - weight) * score - weight * off.max()).nlargest(k).index)
        You ranked all at once, by the similarity to all other items. Choose one by one: the penalty
        depends on what is already in the list.
    return … => return list(score.index[:k])
        This is the order by score. Perhaps the similarity of each item with itself, 1, is among
        those you compare.
    return … => return list(score[chosen].sort_values(ascending=False).index)
        You sorted the chosen items by score at the end. Return them in the order of choice.
    """,
    takeaway="Score minus what the list already has: one item at a time.",
)

WHAT_FALLS = quiz(
    id="09c-8",
    options="""
    a) Both fall.
        Precision does fall. But true stars can only fall as well if popular items are the better
        liked ones. People meet them more often; that doesn't mean that they like them better.
    b) Precision falls, true stars rise.
    c) Precision rises, true stars fall.
        For precision to rise, users would have to rate little-known items more often than
        bestsellers.
    d) Both rise.
        An item counts in the test only if the user came across it, and people mostly come across
        popular items.
    """,
    hints=(
        "Which items do users come across, and can therefore rate in the test?",
        "Remember lesson 07: perfect taste against popularity, in stars and in the test.",
        "A hit has to be met and liked; true stars ask only whether it would be liked.",
    ),
    takeaway="Recorded data reward what people come across: a fall in precision may be a gain.",
)

SHELVES = {"a": "tea", "b": "tea", "c": "tea", "d": "toys", "e": "tea", "f": "toys", "g": "craft"}
MORE_SHELVES = dict(zip("hijklmno", ["x", "y", "x", "x", "z", "y", "y", "z"], strict=True))


def capped(ranked, category, most, k):
    """Go down the list and skip what would exceed the cap, until k items are found."""
    kept, count = [], {}
    for item in ranked:
        shelf = category[item]
        if len(kept) < k and count.get(shelf, 0) < most:
            kept.append(item)
            count[shelf] = count.get(shelf, 0) + 1
    return kept


def _stopping_at_the_cap(ranked, category, most, k):
    fits = capped(ranked, category, most, k)
    longest = next((n for n, item in enumerate(ranked) if item not in fits or n == k), len(ranked))
    return ranked[:longest]


def _in_a_row(ranked, category, most, k):
    kept, run = [], []
    for item in ranked:
        run = [*run, item] if run and category[run[-1]] == category[item] else [item]
        if len(run) <= most:
            kept.append(item)
    return kept[:k]


CAPPED = Exercise(
    id="09c-3",
    hints=(
        "The first three items are of one category, and two are allowed. What is the third item "
        "of the result?",
        "Go down the list, count the items of each category that you kept, and skip an item whose "
        "category is full. Stop at k.",
        "`for item in ranked:` … `if count.get(category[item], 0) < most:` keep it and count it.",
    ),
    solution=capped,
    check=on_cases(
        Case(list("abcdefg"), SHELVES, 2, 4, right=list("abdf")),
        Case(list("abcdefg"), SHELVES, 1, 5, right=list("adg")),
        held_back=[Case(list("hjkimnlo"), MORE_SHELVES, 2, 5, right=list("hjiml"))],
    ),
    mistakes="""
    => ranked = ranked[:k]
        You cut before you capped, so the list has gaps that items further down would fill. Cap the
        whole list, then cut at k.
    < most => <= most
        There is one too many of a category: with `most` of them it is full. Use `<`, not `<=`.
    < most => < most - 1
        There is one too few: `most` items of a category are allowed.
    return kept => return kept + [item for item in ranked if item not in kept][: k - len(kept)]
        You filled the empty places with items that exceed the cap. A list that is too short stays
        short.
    < most => < 1
        You kept only one of each category. `most` of them are allowed.
    len(kept) < k and =>
        You cap the whole list, but don't cut it: return k items at most.
    return … => return ranked[:k]
        There is no cap: these are the first k items.
    => return _stopping_at_the_cap(ranked, category, most, k)
        You stopped at the first item that does not fit. Skip it and go on.
    => return _in_a_row(ranked, category, most, k)
        You capped how many stand in a row. The cap counts the whole list, wherever they are.
    """,
    takeaway="Skip and go on; cut only after the cap.",
    further=True,
)

CAP_FIRST = quiz(
    id="09c-4",
    options="""
    a) MMR first, down to ten items; then the cap.
        The cap then removes items from the ten, and the list becomes shorter. MMR would have had to
        know the cap.
    b) The cap first, down to ten items; then MMR.
        With ten items left, MMR can only reorder them: the list shows the same items, no matter how
        similar they are.
    c) The cap first, on all fifty candidates; then MMR, down to ten items.
    d) The order makes no difference.
        The order makes a difference: the first step decides what the second can choose from.
    """,
    hints=(
        "How many items are left after each step?",
        "If the first step returns ten items, what can the second step still choose?",
        "Any part of a capped list keeps the cap.",
    ),
    takeaway="Hard rules first, on all candidates; any part of a capped list keeps the cap.",
)

HISTORIES = [
    Case(
        *(["tea", "toys"], ["tea", "tea", "tea"], 0.1),
        right=0.5 * np.log(0.5 / (0.9 + 0.05)) + 0.5 * np.log(0.5 / 0.05),
    ),
    Case(
        *(["tea", "craft", "tea", "toys", "toys"], ["tea", "garden", "toys", "garden"], 0.05),
        right=2 * 0.4 * np.log(0.4 / (0.95 / 4 + 0.02)) + 0.2 * np.log(0.2 / 0.01),
    ),
    Case(["toys", "toys"], ["toys"], 0.2, right=0.0),
]
HISTORY_AGAIN = Case(
    *(["x", "y", "x", "z", "x", "z"], ["z", "x", "w", "x", "x"], 0.02),
    right=np.log(0.5 / (0.98 * 0.6 + 0.01)) / 2
    + np.log(1 / 0.02) / 6
    + np.log(1 / (0.98 * 0.6 + 0.02)) / 3,
)


def divergence(history, shown, smoothing):
    """Sum p ln(p / q̃) over the categories of the history."""
    total = 0.0
    for category in set(history):
        p = history.count(category) / len(history)
        q = shown.count(category) / len(shown)
        total += p * np.log(p / ((1 - smoothing) * q + smoothing * p))
    return total


DIVERGENCE = Exercise(
    id="09c-5",
    hints=(
        "What are the shares of the categories in the history, and in the list?",
        "Mix a little of the history into the shares of the list: (1 − α)·q + α·p. Then add up "
        "over the categories of the history.",
        "Σ p·ln(p / ((1 − α)·q + α·p)), with q = 0 for a category that is not shown.",
    ),
    solution=divergence,
    check=on_cases(*HISTORIES, held_back=[HISTORY_AGAIN]),
    mistakes="""
    => history, shown = shown, history
        You exchanged history and list. The history is p, which weights the logarithms: a neglected
        interest costs more than an unwanted category.
    total += … => mixed = (1 - smoothing) * q + smoothing * p; total += mixed * np.log(mixed / p)
        You weighted with the list: q̃·ln(q̃ / p). The weights are the shares of the history.
    (1 - smoothing) * q + smoothing * p => np.float64(q)
        This is not smoothed, so a category missing from the list costs infinity. Use (1 − α)·q +
        α·p.
    (1 - smoothing) * q + smoothing * p => smoothing * q + (1 - smoothing) * p
        You exchanged α and 1 − α. Only the small share α comes from the history.
    (1 - smoothing) * q + smoothing * p => q + smoothing
        You used q + α. Then the shares don't add up to 1, and a list with the shares of the history
        isn't at 0. Use (1 − α)·q + α·p.
    smoothing * p) => smoothing / len({*history, *shown}))
        You gave α to all categories alike. The history is mixed in: α·p.
    (1 - smoothing) * q => q
        You added α·p without 1 − α at the list's share, so the shares don't add up to 1.
    np.log => np.log2
        This is in bits, with the logarithm to base 2. Use the natural logarithm.
    in set(history) => in set(history) & set(shown)
        Categories of the history that the list does not show are left out. They are what
        miscalibration is about: their q is 0.
    in set(history) => in {*history, *shown}
    total += … => total += abs(p - q)
        This is the sum of absolute differences of the shares. The question asks for the divergence,
        Σ p·ln(p / q̃).
    return total => return -total
        Your result has the wrong sign. It is p / q̃ in the logarithm, not q̃ / p.
    """,
    takeaway="0 for the shares of the history; a neglected interest costs most.",
)

CANDIDATES = pd.Series([1.0, 0.9, 0.6, 0.0], list("abcd"))
OF_THEM = pd.Series(["tea", "tea", "toys", "toys"], list("abcd"))
SHARES = pd.Series({"tea": 0.25, "toys": 0.75})
MORE = pd.Series([1.0, 0.95, 0.9, 0.7, 0.65, 0.6, 0.3, 0.0], list("pqrstuvw"))
OF_MORE = pd.Series(["x", "x", "x", "y", "x", "z", "y", "z"], list("pqrstuvw"))
SHARES_OF_MORE = pd.Series({"x": 0.3, "y": 0.6, "z": 0.1})
SHARES_OF_Z = pd.Series({"x": 0.5, "y": 0.0, "z": 0.5})
OF_NINE = pd.Series([1.0, 0.74, 0.65, 0.62, 0.42, 0.4, 0.38, 0.29, 0.0], list("hijklmnop"))
SHELVES_OF_NINE = pd.Series(list("xzzxxxzxy"), list("hijklmnop"))
SHARES_OF_NINE = pd.Series({"x": 0.7, "y": 0.0, "z": 0.3})
OF_MORE_AGAIN = pd.Series(["y", "x", "z", "x", "y", "y", "z", "x"], list("pqrstuvw"))


def calibrated(score, category, shares, k, weight, smoothing):
    """Append, k times, the item with the largest weighted sum of score and gain."""
    chosen, count = [], 0 * shares
    while len(chosen) < k:
        before = (1 - smoothing) * count / k + smoothing * shares
        gain = shares * np.log((before + (1 - smoothing) / k) / before.where(shares > 0, 1))
        left = score.drop(chosen)
        best = ((1 - weight) * left + weight * category[left.index].map(gain)).idxmax()
        chosen.append(best)
        count[category[best]] += 1
    return chosen


def _so_far(score, category, shares, k, weight, smoothing):
    """Minimize the divergence of the list so far, which is not k items long yet."""
    chosen = []
    while len(chosen) < k:
        worth = {}
        for item in score.index.drop(chosen):
            count = category[[*chosen, item]].value_counts().reindex(shares.index, fill_value=0)
            mixed = (1 - smoothing) * count / count.sum() + smoothing * shares
            terms = shares * np.log(shares.where(shares > 0, 1) / mixed.where(shares > 0, 1))
            total = score[[*chosen, item]].sum()
            worth[item] = (1 - weight) * total - weight * terms.sum()
        chosen.append(max(worth, key=worth.get))
    return chosen


def _quotas(score, category, shares, k, weight, smoothing):
    room = (shares * k).round()
    kept = [
        item
        for _, own in score.groupby(category[score.index])
        for item in own.index[: int(room[category[own.index[0]]])]
    ]
    return list(score[kept].sort_values(ascending=False).index)


CALIBRATED = Exercise(
    id="09c-6",
    hints=(
        "If one more item of a category enters the list, which term of the divergence changes?",
        "Only that of its category. The gain is p·ln(q̃ after / q̃ before), where q̃ = (1 − α)·n / k "
        "+ α·p counts the n items chosen so far. Add the score with its weight.",
        "(1 − w)·score + w·gain of the item's category; `idxmax`, append, count, and again.",
    ),
    solution=calibrated,
    check=on_cases(
        # The first tea gains ¼ ln(0.475 / 0.025) = 0.736, so a has 0.2 + 0.589; the first toy gains
        # ¾ ln(0.525 / 0.075) = 1.459, so c has 0.12 + 1.168. The second toy gains 0.464.
        Case(CANDIDATES, OF_THEM, SHARES, 2, 0.8, 0.1, right=list("ca")),
        # All four are in the list: the gains, of 1.04 at most, count too little to reorder them.
        Case(CANDIDATES, OF_THEM, SHARES, 4, 0.1, 0.1, right=list("abcd")),
        (OF_NINE, SHELVES_OF_NINE, SHARES_OF_NINE, 4, 0.8, 0.3),
        (MORE, OF_MORE, SHARES_OF_MORE, 5, 0.9, 0.3),
        held_back=[(MORE, OF_MORE_AGAIN, SHARES_OF_Z, 5, 0.6, 0.03)],
    ),
    mistakes="""
    (1 - weight) * left + weight * => weight * left + (1 - weight) *
        You exchanged the weights: the score has 1 − w, the gain has w.
    left + weight => left - weight
        You subtracted the gain. It is what the divergence loses, so it counts for the item.
    (1 - weight) * left => left
        You added the gain to the whole score. The score has the weight 1 − w.
    (1 - weight) * left + weight * =>
        You looked at only the divergence. The score counts too, with the weight 1 − w.
    return … => return list(score.index[:k])
        These are the best scores alone. Add the gain of each item's category.
    count[category[best]] += 1 =>
        You never counted what you had chosen, so each item of a category gains as much as the first
        one. Count after every choice.
    count / k => count
    (1 - smoothing) / k => (1 - smoothing)
        You used the counts without dividing them by k. q̃ mixes shares.
    shares * np.log => (shares > 0) * np.log
        This gain is without p: a rare interest counts as much as the main one. It is p·ln(q̃ after
        / q̃ before).
    => smoothing = 1 - smoothing
        You exchanged α and 1 − α. Only the small share α comes from the history.
    => return _so_far(score, category, shares, k, weight, smoothing)
        You took the divergence of the list so far. Its shares jump about while the list is short.
        Divide the counts by k, the length of the finished list.
    => return _quotas(score, category, shares, k, weight, smoothing)
        You filled quotas, the shares times k. Then scores decide nothing between the categories;
        the greedy choice weighs both.
    """,
    takeaway="The score, plus what the item's category still lacks.",
)


def _lists(**of_users):
    rows = [(user, item, i) for user, own in of_users.items() for i, item in enumerate(own, 1)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rank"])


# Cem and Dan got no list, and nobody has d.
SHOWN = _lists(Ana="ab", Ben="bdc")
HAD = _lists(Ana="ac", Ben="ab", Cem="a", Dan="b")[["user_id", "item_id"]]
HAD_MORE = _lists(Ana="aacb", Ben="bcb", Cem="aab", Dan="d", Eva="ad")[["user_id", "item_id"]]
SHOWN_MORE = _lists(Ana="dbc", Cem="ba", Ben="a", Dan="abcd")
SHOWN_AGAIN = _lists(Fay="xyz", Gil="z", Hal="yx")
HAD_AGAIN = _lists(Fay="xxw", Gil="xyw", Hal="zzzx", Ida="xy", Joe="w")[["user_id", "item_id"]]


def popularity_lift(lists, history):
    """Compare the mean popularity of the lists with that of their users' histories."""
    popularity = history.groupby("item_id")["user_id"].nunique()  # a share of all users cancels

    def mean_of(table):
        return table["item_id"].map(popularity).fillna(0).groupby(table["user_id"]).mean()

    shown, own = mean_of(lists), mean_of(history)
    return shown.mean() / own[shown.index].mean() - 1


POPULARITY_LIFT = Exercise(
    id="09c-7",
    hints=(
        "How popular are the items of Ana's list, on average, and how popular are those she had?",
        "Take the popularity of each item, the share of users who have it; then the mean of each "
        "user's list and of the same user's history; then the mean over the users of each.",
        "Mean over the users of the lists' means, divided by that of the histories' means, minus "
        "1; only users who got a list, and 0 for an item that nobody has.",
    ),
    solution=popularity_lift,
    check=on_cases(
        # Of a, b, c, d the first histories hold 3, 2, 1, 0 users, the others 3, 3, 2, 2.
        Case(SHOWN, HAD, right=((3 + 2) / 2 + (2 + 0 + 1) / 3) / ((3 + 1) / 2 + (3 + 2) / 2) - 1),
        Case(
            *(SHOWN_MORE, HAD_MORE),
            right=((2 + 3 + 2) / 3 + (3 + 3) / 2 + 3 + (3 + 3 + 2 + 2) / 4)
            / ((3 + 3 + 2 + 3) / 4 + (3 + 3 + 3) / 3 + (3 + 2 + 3) / 3 + 2)
            - 1,
        ),
        # w, x, y and z have 3, 4, 2 and 1 users.
        held_back=[
            Case(
                *(SHOWN_AGAIN, HAD_AGAIN),
                right=((4 + 2 + 1) / 3 + 1 + (2 + 4) / 2)
                / ((4 + 4 + 3) / 3 + (4 + 2 + 3) / 3 + (1 + 1 + 1 + 4) / 4)
                - 1,
            )
        ],
    ),
    mistakes="""
    return shown… => return (shown / own[shown.index]).mean() - 1
        You took the mean of each user's ratio. Then a user with an unusual history can outweigh all
        others: divide the two means.
    .groupby(table["user_id"]).mean() =>
    mean_of(history) => mean_of(history[history["user_id"].isin(lists["user_id"])])
    own[shown.index] => own
        You pooled the rows of all users, so those with long histories count more. Take the mean of
        each user first.
    own[shown.index] => own
        The histories of everybody are in your mean. Compare the users who got a list with
        themselves.
    nunique => count
        You measured popularity by the number of rows. Someone who bought an item three times is one
        user: count users.
    => history = history.drop_duplicates(["user_id", "item_id"])
        You counted each item once in a history. Here each row of a history counts; only popularity
        counts users once.
    .fillna(0) =>
        Items that nobody has dropped out of the lists. Their popularity is 0: `fillna(0)`.
    - 1 =>
        This is the ratio without the minus 1: a lift of 0 means that lists are as popular as the
        histories.
    return shown… => return (shown.mean() - own[shown.index].mean()) / history["user_id"].nunique()
        This is the difference of the means. The lift is relative: divide by the mean of the
        histories.
    return shown… => return own[shown.index].mean() / shown.mean() - 1
        The ratio is upside down: divide the lists by the histories.
    return shown… => return 100 * (shown.mean() / own[shown.index].mean() - 1)
        This is in percent. Leave out the factor 100.
    """,
    takeaway="Compare the lists with what the same users chose themselves.",
)
