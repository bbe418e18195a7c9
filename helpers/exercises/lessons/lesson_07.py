"""Exercises of lesson 07: metrics of lists, whose mean it is, luck, and what training may know."""

from itertools import combinations, product

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Evaluation"


def _lists(**of_users):
    rows = [(user, item, place) for user, own in of_users.items() for place, item in enumerate(own)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rank"]).assign(
        rank=lambda table: table["rank"] + 1
    )


# By hand, k = 2: of Ana's a, b one is liked (c comes too late): 1/2. Ben's list has one item, a
# hit: 1/2. Cem likes something and got no list: 0. Eva has no hit: 0. Dan and Fay like nothing, and
# are left out. The mean is (1/2 + 1/2 + 0 + 0) / 4 = 1/4. With k = 3 it is (2/3 + 1/3) / 4 = 1/4,
# too. In the last case the rows do not stand by rank.
LISTS = _lists(Ana="abc", Ben="b", Dan="ad", Eva="ca", Fay="b")
LIKED = _lists(Ana="acd", Ben="b", Cem="a", Eva="b")[["user_id", "item_id"]]
MORE_LIKED = _lists(Ana="bc", Ben="ab", Cem="a", Eva="ac")[["user_id", "item_id"]]


def mean_precision(lists, liked, k):
    """Count the hits of each user who likes something; who has none, or no list, has 0."""
    top = lists[lists["rank"] <= k]
    hits = top.merge(liked, on=["user_id", "item_id"]).groupby("user_id").size()
    users = liked["user_id"].unique()
    return hits.reindex(users, fill_value=0).mean() / k


def _hits(lists, liked, k):
    top = lists[lists["rank"] <= k]
    hits = top.merge(liked, on=["user_id", "item_id"]).groupby("user_id").size()
    return hits.reindex(liked["user_id"].unique(), fill_value=0)


def _lengths(lists, k):
    return lists[lists["rank"] <= k].groupby("user_id").size()


MEAN_PRECISION = Exercise(
    id="07-1",
    objective="Compute the mean precision of all users, as `ranking_metrics` does.",
    hints=(
        "A list of one item, and it is a hit. How many of the k places were well used?",
        "Merge the first k of each list with what is liked, and count by user. Whose numbers "
        "belong into the mean?",
        "Hits by user, `reindex` to the users in `liked` with 0 for those without; mean, then / k.",
    ),
    solution=mean_precision,
    check=on_cases(
        (LISTS, LIKED, 2),
        (LISTS, LIKED, 3),
        (LISTS, MORE_LIKED, 2),
        (LISTS.iloc[::-1], MORE_LIKED, 2),
    ),
    wrong_answers={
        "length of each list": Mistake(
            lambda lists, liked, k: (
                (_hits(lists, liked, k) / _lengths(lists, k))
                .reindex(liked["user_id"].unique())
                .fillna(0)
                .mean()
            ),
            "You divided by the length of each list. Then a model that dares one item looks more "
            "precise than one that fills its k places: divide by k.",
        ),
        "length, and the silent dropped": Mistake(
            lambda lists, liked, k: (_hits(lists, liked, k) / _lengths(lists, k)).mean(),
            "Two things: you divided by each list's length, and the silent dropped out (NaN): "
            "users who like something and got no list. Divide by k, and give them 0.",
        ),
        "share of hits in each list": Mistake(
            lambda lists, liked, k: (
                lists[lists["rank"] <= k]
                .merge(liked, how="left", indicator="both")
                .assign(hit=lambda table: table["both"] == "both")
                .groupby("user_id")["hit"]
                .mean()
                .mean()
            ),
            "This is the share of hits in each list, averaged over whoever got one. Divide by k, "
            "not by the length of a list, and take the mean over those in `liked`.",
        ),
        "pooled": Mistake(
            lambda lists, liked, k: _hits(lists, liked, k).sum() / _lengths(lists, k).sum(),
            "You pooled all users: all hits through all places. A precision has to be computed "
            "per user first, and then averaged over those who like something.",
        ),
        "got no list": Mistake(
            lambda lists, liked, k: (
                _hits(lists, liked, k)[lambda hits: hits.index.isin(lists["user_id"])].mean() / k
            ),
            "Users who got no list are left out. A model must not gain by keeping silent: they "
            "count with 0.",
        ),
        "without a hit": Mistake(
            lambda lists, liked, k: _hits(lists, liked, k)[lambda hits: hits > 0].mean() / k,
            "Users without a hit are left out: the merge drops them. They count with 0; "
            "`reindex(…, fill_value=0)` brings them back.",
        ),
        "users who got a list": Mistake(
            lambda lists, liked, k: _hits(lists, liked, k).sum() / k / lists["user_id"].nunique(),
            "You averaged over the users who got a list. The mean is over those in `liked`: who "
            "likes nothing is left out, and who likes something and got no list has 0.",
        ),
        "like nothing": Mistake(
            lambda lists, liked, k: (
                _hits(lists, liked, k).sum()
                / k
                / len(set(lists["user_id"]) | set(liked["user_id"]))
            ),
            "Users who like nothing in the test are counted as failures. Nothing could be hit "
            "there: leave them out.",
        ),
        "whole list": Mistake(
            lambda lists, liked, k: _hits(lists, liked, len(lists)).mean() / k,
            "You looked at the whole list. Only ranks up to k count.",
        ),
        "below k": Mistake(
            lambda lists, liked, k: _hits(lists, liked, k - 1).mean() / k,
            "You counted ranks below k. The place k belongs to the first k, too: `<=`.",
        ),
        "order of the rows": Mistake(
            lambda lists, liked, k: (
                len(lists.groupby("user_id").head(k).merge(liked)) / k / liked["user_id"].nunique()
            ),
            "You took the first rows of each user, in the order of the rows. Nobody promised that "
            "they stand by `rank`: use the column.",
        ),
        "whoever likes": Mistake(
            lambda lists, liked, k: (
                (lists["rank"].le(k) & lists["item_id"].isin(liked["item_id"]))
                .groupby(lists["user_id"])
                .sum()
                .reindex(liked["user_id"].unique(), fill_value=0)
                .mean()
                / k
            ),
            "You counted items that are liked, whoever likes them. A hit is liked by this very "
            "user: merge on `user_id` and `item_id`.",
        ),
        "hits there could have been": Mistake(
            lambda lists, liked, k: (
                _hits(lists, liked, k) / liked.groupby("user_id").size().clip(upper=k)
            ).mean(),
            "You divided by the hits there could have been, min(k, |R|), as average precision "
            "does. Precision asks which share of the places was well used: divide by k.",
        ),
        "not divided": Mistake(
            lambda lists, liked, k: _hits(lists, liked, k).mean(),
            "This is the mean number of hits, not divided by the k places.",
        ),
        "F1": Mistake(
            lambda lists, liked, k: (
                2 * _hits(lists, liked, k) / (k + liked.groupby("user_id").size())
            ).mean(),
            "This is F1, the harmonic mean with recall. The question asks for precision alone.",
        ),
        "recall": Mistake(
            lambda lists, liked, k: (
                _hits(lists, liked, k) / liked.groupby("user_id").size()
            ).mean(),
            "This is recall: hits through what each user likes. Precision divides by k.",
        ),
        "hit rate": Mistake(
            lambda lists, liked, k: (_hits(lists, liked, k) > 0).mean(),
            "This is the hit rate, the share of users with any hit. Precision counts the hits.",
        ),
    },
    takeaway="Per user first, always / k, and 0 for everybody who likes something and got nothing.",
)

# By hand: of a b c d e the user likes a, c and five others: (1/1 + 2/3) / min(5, 7) = 1/3. Of
# a b c d the user likes b, d; with k = 3 only b is seen: (1/2) / 2 = 1/4. Of a b c, k = 3, the user
# likes a, c: the last place is a hit, too, (1/1 + 2/3) / 2 = 5/6.
RANKED = [
    (list("abcde"), set("acvwxyz"), 5),
    (list("abc"), {"a", "c"}, 3),
    (list("abcd"), {"b", "d"}, 3),
    (list("abcdefgh"), {"a", "b", "f"}, 7),
    (list("abc"), {"x"}, 3),
    (["c"], {"c", "x"}, 4),
]


def average_precision(recommended, liked, k):
    """Add up the precision at each hit, and divide by the hits there could have been."""
    found, total = 0, 0.0
    for place, item in enumerate(recommended[:k], start=1):
        if item in liked:
            found += 1
            total += found / place
    return total / min(k, len(liked))


def _precisions(recommended, liked, k):
    """Return the precision at each place, and which places are hits."""
    hits = np.array([item in liked for item in recommended[:k]], dtype=float)
    return np.cumsum(hits) / np.arange(1, len(hits) + 1), hits


def _precision_sum(recommended, liked, k):
    precisions, hits = _precisions(recommended, liked, k)
    return (precisions * hits).sum()


AVERAGE_PRECISION = Exercise(
    id="07-2",
    objective="Compute the average precision of one list.",
    hints=(
        "A list begins with a hit. The user likes seven things. Is the list perfect?",
        "At each hit, note the precision of the list so far. Add them up. How many could there "
        "have been at most, in k places, for somebody who likes |R| things?",
        "AP@k = Σ P@i over the hits at i ≤ k, divided by min(k, |R|).",
    ),
    solution=average_precision,
    check=on_cases(*RANKED),
    wrong_answers={
        "number of hits": Mistake(
            lambda recommended, liked, k: (
                _precision_sum(recommended, liked, k)
                / max(_precisions(recommended, liked, k)[1].sum(), 1)
            ),
            "You divided by the number of hits. One hit on top makes it 1, however much was "
            "missed: divide by the hits there could have been, min(k, |R|).",
        ),
        "by all that the user likes": Mistake(
            lambda recommended, liked, k: _precision_sum(recommended, liked, k) / len(liked),
            "You divided by all that the user likes, |R|. With seven of them and five places, even "
            "a perfect list could not reach 1. Some libraries do so; here it is min(k, |R|).",
        ),
        "by k": Mistake(
            lambda recommended, liked, k: _precision_sum(recommended, liked, k) / k,
            "You divided by k. Somebody who likes one thing would never get more than 1/k, even "
            "from a perfect list: divide by min(k, |R|).",
        ),
        "places without a hit": Mistake(
            lambda recommended, liked, k: (
                _precisions(recommended, liked, k)[0].sum() / min(k, len(liked))
            ),
            "The sum has the precision of places without a hit in it, too, and can pass 1. Only "
            "places with a hit count.",
        ),
        "reciprocal": Mistake(
            lambda recommended, liked, k: (
                sum(
                    1 / place
                    for place, item in enumerate(recommended[:k], start=1)
                    if item in liked
                )
                / min(k, len(liked))
            ),
            "You summed reciprocal ranks, 1/i. The second hit at place i has precision 2/i: count "
            "the hits so far.",
        ),
        "beyond k": Mistake(
            lambda recommended, liked, k: (
                _precision_sum(recommended, liked, len(recommended)) / min(k, len(liked))
            ),
            "Hits beyond k are counted. Cut the list first: `recommended[:k]`.",
        ),
        "place k": Mistake(
            lambda recommended, liked, k: average_precision(recommended[: k - 1], liked, k),
            "A hit at place k is missed. `recommended[:k]` has k places, and `range(1, k)` only "
            "k - 1: it ends before k.",
        ),
        "length of the list": Mistake(
            lambda recommended, liked, k: (
                _precision_sum(recommended, liked, k) / min(len(recommended), k, len(liked))
            ),
            "You put the length of the list below the line as well. Then a model that dares one "
            "item can be perfect for somebody who likes two: divide by min(k, |R|).",
        ),
        "the greater": Mistake(
            lambda recommended, liked, k: (
                _precision_sum(recommended, liked, k) / max(k, len(liked))
            ),
            "You divided by the greater of k and |R|. There cannot be more hits than places, nor "
            "more than things liked: the smaller one counts, min(k, |R|).",
        ),
        "not divided": Mistake(
            _precision_sum,
            "The sum is not divided. Two hits on top would give 2: divide by min(k, |R|).",
        ),
        "without the hit itself": Mistake(
            lambda recommended, liked, k: (
                sum(
                    found / place
                    for found, place in enumerate(
                        place for place, item in enumerate(recommended[:k], 1) if item in liked
                    )
                )
                / min(k, len(liked))
            ),
            "You counted the hits so far without the hit itself. At the first hit there is one: "
            "count it before you divide.",
        ),
        "mean of the precision at all places": Mistake(
            lambda recommended, liked, k: _precisions(recommended, liked, k)[0].mean(),
            "This is the mean of the precision at all places. Only the places with a hit count, "
            "and the sum is divided by min(k, |R|).",
        ),
        "first hit": Mistake(
            lambda recommended, liked, k: max(
                (1 / place for place, item in enumerate(recommended[:k], 1) if item in liked),
                default=0,
            ),
            "This is the reciprocal rank of the first hit. Average precision goes on and takes "
            "the precision at every hit.",
        ),
        "recall": Mistake(
            lambda recommended, liked, k: _precisions(recommended, liked, k)[1].sum() / len(liked),
            "This is recall, hits through all that the user likes. It does not care where the hits "
            "stand.",
        ),
        "precision": Mistake(
            lambda recommended, liked, k: _precisions(recommended, liked, k)[1].sum() / k,
            "This is the precision, hits through k. It does not care where the hits stand.",
        ),
    },
    takeaway="Average precision divides by the hits there could have been, not by those there are.",
)

# By hand: gains 2, 0, 5: 2/log₂2 + 0 + 5/log₂4 = 2 + 2.5 = 4.5. Ideal 5, 4, 2: 5/1 + 4/1.585 +
# 2/2 = 8.5237. 4.5 / 8.5237 = 0.5279.
STARS = [
    (list("axb"), {"a": 2, "b": 5, "c": 4}, 3),
    (list("abcd"), {"a": 5, "b": 3, "c": 4, "d": 1, "e": 5}, 2),
    (list("xyzw"), {"w": 4, "z": 2, "q": 3, "r": 1, "s": 2}, 4),
]


def graded_ndcg(recommended, stars, k):
    """Discount the stars by their place, and divide by what the best order would have given."""

    def dcg(gains):
        return sum(gain / np.log2(place + 1) for place, gain in enumerate(gains[:k], start=1))

    gains = [stars.get(item, 0) for item in recommended]
    return dcg(gains) / dcg(sorted(stars.values(), reverse=True))


def _gains(recommended, stars):
    return np.array([stars.get(item, 0) for item in recommended], dtype=float)


def _best(stars):
    return np.array(sorted(stars.values(), reverse=True), dtype=float)


def _dcg(gains, k, discount=lambda place: np.log2(place + 1)):
    gains = np.asarray(gains, dtype=float)[:k]
    return (gains / discount(np.arange(1, len(gains) + 1))).sum()


GRADED_NDCG = Exercise(
    id="07-3",
    objective="Compute NDCG where what is liked has stars, not just a yes or no.",
    hints=(
        "In the lesson a hit gained 1. What does it gain here, and what does the best list look "
        "like?",
        "DCG = Σ stars of the item at place i / log₂(i + 1). The ideal list has the user's best "
        "items on top, whether they were recommended or not.",
        "dcg([stars.get(item, 0) for item in recommended]) / dcg(sorted(stars.values(), "
        "reverse=True)), both cut to k places.",
    ),
    solution=graded_ndcg,
    check=on_cases(*STARS),
    wrong_answers={
        "log2(i)": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k, lambda place: np.log2(np.maximum(place, 2)))
                / _dcg(_best(stars), k, lambda place: np.log2(np.maximum(place, 2)))
            ),
            "You divided by log2(i), with an exception for the first place, so that the first two "
            "places count the same. It is log₂(i + 1).",
        ),
        "log2(i) with i from 0": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k, lambda place: np.log2(place))
                / _dcg(_best(stars), k, lambda place: np.log2(place))
            ),
            "The first place has log₂ 1 = 0 below the line: you have log2(i) with i from 0 or 1. "
            "It is log₂(i + 1) with i from 1.",
        ),
        "by the place itself": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k, lambda place: place)
                / _dcg(_best(stars), k, lambda place: place)
            ),
            "You divided by the place itself, so the second place is worth half. DCG is milder: "
            "divide by log₂(i + 1).",
        ),
        "no discount": Mistake(
            lambda recommended, stars, k: (
                _gains(recommended, stars)[:k].sum() / _best(stars)[:k].sum()
            ),
            "There is no discount, so the order does not matter. Divide the stars at place i by "
            "log₂(i + 1), in both lists.",
        ),
        "closed the gaps": Mistake(
            lambda recommended, stars, k: (
                _dcg([stars[item] for item in recommended if item in stars], k)
                / _dcg(_best(stars), k)
            ),
            "You left out what the user did not rate, and closed the gaps. Such an item gains 0, "
            "but it takes its place, and what stands below it is discounted more.",
        ),
        "five stars at every place": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k) / _dcg(np.full(k, 5), k)
            ),
            "Your ideal list has five stars at every place. Nobody can show what this user does "
            "not have: the ideal list is made of the stars in `stars`.",
        ),
        "gains 1": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k) / _dcg(np.ones(len(stars)), k)
            ),
            "In your ideal list a place gains 1, as in the lesson, but in the other one it gains "
            "stars. Both gain stars.",
        ),
        "first k places in a better order": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k)
                / _dcg(sorted(_gains(recommended[:k], stars), reverse=True), k)
            ),
            "Your ideal list has what stood in the first k places in a better order. What the list "
            "missed must be in the ideal one, or missing it costs nothing.",
        ),
        "only what was recommended": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k)
                / _dcg(sorted(_gains(recommended, stars), reverse=True), k)
            ),
            "Your ideal list holds only what was recommended, in a better order. What the list "
            "missed must be in the ideal one, or missing it costs nothing.",
        ),
        "not sorted": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k) / _dcg(list(stars.values()), k)
            ),
            "The ideal list is not sorted: it has the user's stars in the order they came in. The "
            "most stars belong on top.",
        ),
        "worst on top": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k) / _dcg(sorted(stars.values()), k)
            ),
            "The ideal list has the worst on top. `sorted` goes upward; ask for `reverse=True`.",
        ),
        "divided by nothing": Mistake(
            lambda recommended, stars, k: _dcg(_gains(recommended, stars), k),
            "This is DCG, divided by nothing. Users with many stars to give would weigh more: "
            "divide by the DCG of the ideal list.",
        ),
        "more than k places": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), k) / _dcg(_best(stars), len(stars))
            ),
            "The ideal list has more than k places. No list of k could reach 1: cut both to k.",
        ),
        "whole list": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars), len(recommended)) / _dcg(_best(stars), k)
            ),
            "You looked at the whole list. Only the first k places count.",
        ),
        "2 to the power": Mistake(
            lambda recommended, stars, k: (
                _dcg(2 ** _gains(recommended, stars) - 1, k) / _dcg(2 ** _best(stars) - 1, k)
            ),
            "You gained 2 to the power of the stars, less 1, as web search often does. The "
            "exercise asks for the stars themselves.",
        ),
        "yes or no": Mistake(
            lambda recommended, stars, k: (
                _dcg(_gains(recommended, stars) > 0, k) / _dcg(_best(stars) > 0, k)
            ),
            "You gained 1 for each hit, a yes or no. Here a hit gains its stars.",
        ),
    },
    takeaway="NDCG compares a list with the best there could have been, not with itself sorted.",
)

# By hand: differences 0.25, 0.375, 0.125, sum 0.75. Of 2³ = 8 flips only +++ and --- reach it:
# 2/8. Differences -0.5, -0.25, 0.25, -0.5, sum -1: of 16 flips, 2 have ±1.5 and 4 have ±1: 6/16.
# Differences 0.75, -0.125, -0.125, 0.0625, sum 0.5625: with +0.75 only one of 8 flips stays below
# it, 0.75 - 0.3125: 14/16.
PAIRS = [
    (np.array([0.5, 0.5, 0.5]), np.array([0.25, 0.125, 0.375])),
    (np.array([0.0, 0.25, 0.5, 0.125]), np.array([0.5, 0.5, 0.25, 0.625])),
    (np.array([0.75, 0.0, 0.5, 0.25, 1.0]), np.array([0.25, 0.125, 0.25, 0.25, 0.5])),
    (np.array([1.0, 0.25, 0.25, 0.5]), np.array([0.25, 0.375, 0.375, 0.4375])),
]


def flip_p_value(ours, theirs):
    """Swap the two models in all ways, user by user; count those that differ as much as they do."""
    difference = ours - theirs
    signs = np.array(list(product([1, -1], repeat=len(difference))))
    flipped = signs @ difference
    return (abs(flipped) >= abs(difference.sum())).mean()


def _flips(ours, theirs):
    difference = ours - theirs
    signs = np.array(list(product([1, -1], repeat=len(difference))))
    return signs @ difference, difference.sum()


def _unpaired(ours, theirs):
    """Deal all values to two models anew, as if they did not belong to users."""
    values, n = np.concatenate([ours, theirs]), len(ours)
    sums = np.array([values[list(chosen)].sum() for chosen in combinations(range(2 * n), n)])
    return (abs(2 * sums - values.sum()) >= abs(ours.sum() - theirs.sum())).mean()


FLIP_P_VALUE = Exercise(
    id="07-4",
    objective="Compute the p-value of a paired comparison by trying all flips.",
    hints=(
        "If the two models were equally good, whose value is whose would be a toss of a coin, for "
        "each user. How many outcomes do n coins have?",
        "`product([1, -1], repeat=n)` lists all signs. Each gives a sum of differences. Which of "
        "them are at least as far from 0 as the one you have?",
        "p = share of the 2ⁿ flips with |Σ ± d| ≥ |Σ d|.",
    ),
    solution=flip_p_value,
    check=on_cases(*PAIRS),
    wrong_answers={
        "one side": Mistake(
            lambda ours, theirs: (_flips(ours, theirs)[0] >= abs(_flips(ours, theirs)[1])).mean(),
            "You looked at one side only. Before the test nobody knew which model would win: "
            "compare absolute values. Signs are 1 and -1: with 0 and 1, too, one side is all that "
            "you see.",
        ),
        "without absolute values": Mistake(
            lambda ours, theirs: (_flips(ours, theirs)[0] >= _flips(ours, theirs)[1]).mean(),
            "You compared without absolute values. If the other model wins, the sum is negative, "
            "and nearly every flip is larger.",
        ),
        "greater than": Mistake(
            lambda ours, theirs: (
                abs(_flips(ours, theirs)[0]) > abs(_flips(ours, theirs)[1])
            ).mean(),
            "You counted flips that are greater than what was observed, not those that equal it. "
            "The observed outcome is one of them, so p can never be 0: use ≥.",
        ),
        "added 1": Mistake(
            lambda ours, theirs: (
                (1 + flip_p_value(ours, theirs) * 2 ** len(ours)) / (1 + 2 ** len(ours))
            ),
            "You added 1 above and below the line, as `compare` does for flips drawn at random. "
            "Here all flips are tried, and the observed one is among them.",
        ),
        "left out": Mistake(
            lambda ours, theirs: (
                (flip_p_value(ours, theirs) * 2 ** len(ours) - 1) / (2 ** len(ours) - 1)
            ),
            "The flip in which nobody is swapped is left out. It is one of the 2ⁿ, and counts "
            "above and below the line.",
        ),
        "number of flips": Mistake(
            lambda ours, theirs: flip_p_value(ours, theirs) * 2 ** len(ours),
            "This is the number of flips that come as far. A p-value is their share of all 2ⁿ.",
        ),
        "sum of absolute differences": Mistake(
            lambda ours, theirs: (abs(_flips(ours, theirs)[0]) >= abs(ours - theirs).sum()).mean(),
            "You compared with the sum of absolute differences, which no flip exceeds. Compare "
            "with the absolute value of the sum.",
        ),
        "ranks": Mistake(
            lambda ours, theirs: flip_p_value(
                np.sign(ours - theirs) * pd.Series(abs(ours - theirs)).rank().to_numpy(),
                0 * ours,
            ),
            "You flipped the ranks of the differences, which is Wilcoxon's test, another one. Flip "
            "the differences themselves.",
        ),
        "pairs": Mistake(
            _unpaired,
            "You dealt all values anew and lost the pairs. A user's two values belong together: "
            "flip the sign of each difference.",
        ),
        "only the signs": Mistake(
            lambda ours, theirs: flip_p_value(np.sign(ours - theirs), 0 * ours),
            "You used only the signs of the differences, who won and not by how much. Flip the "
            "differences themselves.",
        ),
        "less far": Mistake(
            lambda ours, theirs: (
                abs(_flips(ours, theirs)[0]) < abs(_flips(ours, theirs)[1])
            ).mean(),
            "You counted the flips that are less far from 0. The p-value is about those at least "
            "as far as what was observed.",
        ),
    },
    takeaway="A small p says that chance alone seldom does this; how large the gain is says the "
    "interval.",
)

# By hand: Ana's mean in training is 4.5, Ben's 8/3, that of all five ratings 3.4. Errors of the
# test: 3 - 4.5 = -1.5, 4 - 8/3 = 4/3, and Cem, who is new, 1 - 3.4 = -2.4: √((2.25 + 1.7778 +
# 5.76) / 3) = 1.8063.
TRAIN = pd.DataFrame(
    [("Ana", 5), ("Ana", 4), ("Ben", 2), ("Ben", 3), ("Ben", 3)], columns=["user_id", "rating"]
)
TEST = pd.DataFrame(
    [("Ana", 3), ("Ben", 4), ("Cem", 1)], columns=["user_id", "rating"], index=[7, 8, 9]
)
LATER = pd.DataFrame(
    [("Ana", 5), ("Ana", 2), ("Eva", 5), ("Eva", 4), ("Ben", 1)], columns=["user_id", "rating"]
)


def rmse_of_user_means(train, test):
    """Take means from the training alone; who is new gets the mean of all its ratings."""
    means = train.groupby("user_id")["rating"].mean()
    predicted = test["user_id"].map(means).fillna(train["rating"].mean())
    return np.sqrt(((test["rating"] - predicted) ** 2).mean())


def _rmse_with(means, rest):
    """Answer with other means, and another guess for the rest."""

    def answer(train, test):
        guess = test["user_id"].map(means(train, test).groupby("user_id")["rating"].mean())
        guess = guess.fillna(rest(train, test))
        return np.sqrt(((test["rating"] - guess) ** 2).mean())

    return answer


def _train(train, test):
    return train


def _of_train(train, test):
    return train["rating"].mean()


def _means(train):
    return train.groupby("user_id")["rating"].mean()


def _errors(train, test):
    return test["rating"] - test["user_id"].map(_means(train)).fillna(train["rating"].mean())


RMSE_OF_USER_MEANS = Exercise(
    id="07-5",
    objective="Measure the simplest model of ratings, the user's mean, without a leak.",
    hints=(
        "On the day of the prediction, which ratings did you have?",
        "Means by user from `train`; `map` them to the users of `test`. What do you predict for "
        "somebody who is new?",
        "√ mean (r − r̂)², r̂ the user's mean in `train`, or the mean of all of `train`.",
    ),
    solution=rmse_of_user_means,
    check=on_cases((TRAIN, TEST.head(2)), (TRAIN, TEST), (TRAIN, LATER)),
    wrong_answers={
        "test in the means": Mistake(
            _rmse_with(
                lambda train, test: pd.concat([train, test]),
                lambda train, test: pd.concat([train, test])["rating"].mean(),
            ),
            "You have the test in the means: what was to be predicted helped to predict it. Take "
            "means from `train` alone.",
        ),
        "means of the test": Mistake(
            _rmse_with(lambda train, test: test, _of_train),
            "These are the means of the test, which nobody has on the day of the prediction.",
        ),
        "are left out": Mistake(
            _rmse_with(_train, lambda train, test: np.nan),
            "New users are left out: NaN drops out of the mean. Then a model is measured on those "
            "it finds easy. Predict the mean of all training ratings for them.",
        ),
        "new users 0": Mistake(
            _rmse_with(_train, lambda train, test: 0.0),
            "You gave new users 0 stars, which nobody can give. Their best guess is the mean of "
            "all training ratings.",
        ),
        "mean of the means": Mistake(
            _rmse_with(_train, lambda train, test: _means(train).mean()),
            "New users get the mean of the means by user here. The question asks for the mean of "
            "all ratings of the training.",
        ),
        "mean of the test": Mistake(
            _rmse_with(_train, lambda train, test: test["rating"].mean()),
            "New users get the mean of the test, which is a leak, if a small one. Use the "
            "training.",
        ),
        "mean of training and test": Mistake(
            _rmse_with(_train, lambda train, test: pd.concat([train, test])["rating"].mean()),
            "New users get the mean of training and test, which is a leak, if a small one. Use the "
            "training alone.",
        ),
        "their own mean in the test": Mistake(
            _rmse_with(
                _train,
                lambda train, test: test.groupby("user_id")["rating"].transform("mean"),
            ),
            "New users get their own mean in the test. That is what was to be predicted: use the "
            "mean of all training ratings.",
        ),
        "without an error": Mistake(
            lambda train, test: np.sqrt(
                ((test["rating"] - test["user_id"].map(_means(train))) ** 2).sum() / len(test)
            ),
            "New users count, but without an error: their NaN adds nothing to the sum. Predict the "
            "mean of all training ratings for them.",
        ),
        "one less": Mistake(
            lambda train, test: np.sqrt((_errors(train, test) ** 2).sum() / (len(test) - 1)),
            "You divided by one less than there are rows, as for a standard deviation. RMSE is the "
            "root of a plain mean.",
        ),
        "number of rows": Mistake(
            lambda train, test: np.sqrt((_errors(train, test) ** 2).sum()),
            "This is the root of the sum. It grows with the number of rows: take the mean.",
        ),
        "standard deviation": Mistake(
            lambda train, test: _errors(train, test).std(ddof=0),
            "This is the standard deviation of the errors. It forgives a model that is too high "
            "everywhere: square the errors as they are.",
        ),
        "median": Mistake(
            lambda train, test: np.sqrt(
                (
                    (
                        test["rating"]
                        - test["user_id"]
                        .map(train.groupby("user_id")["rating"].median())
                        .fillna(train["rating"].median())
                    )
                    ** 2
                ).mean()
            ),
            "You took the median by user. The question asks for the mean, which is what makes "
            "squared errors least.",
        ),
        "one mean for all": Mistake(
            lambda train, test: np.sqrt(((test["rating"] - train["rating"].mean()) ** 2).mean()),
            "This is one mean for all. A user known from training has a mean of their own.",
        ),
        "absolute": Mistake(
            lambda train, test: _errors(train, test).abs().mean(),
            "This is the mean absolute error. RMSE squares errors first, so large ones weigh more.",
        ),
        "root": Mistake(
            lambda train, test: (_errors(train, test) ** 2).mean(),
            "The root is missing: this is in squared stars.",
        ),
        "root of the mean": Mistake(
            lambda train, test: (
                (_errors(train, test) ** 2).groupby(test["user_id"]).mean().pow(0.5).mean()
            ),
            "You took the root by user and averaged. RMSE is the root of the mean over all pairs.",
        ),
    },
    takeaway="Everything that is learned, a mean too, is learned from the training alone.",
)

ON_THE_SLIDE = quiz(
    id="07-6",
    objective="Choose the sentence about recommenders that the data support.",
    options={
        "a": "Our model has the lowest RMSE, so its top ten is the best we can show.",
        "b": "We tried thirty variants on the test set; the best has the NDCG that you can expect.",
        "c": "For the customers it has a list for, our model's NDCG is higher than popularity's.",
        "d": "On the same customers and later ratings, NDCG is higher than popularity's by 0.04, "
        "between 0.03 and 0.05; whether they like it, an experiment has to tell.",
    },
    right="d",
    hints=(
        "Which of the sentences compares two models on the same users, and says how sure it is?",
        "Think of the table of section 4: did the order by RMSE agree with the order by NDCG?",
        "One sentence mixes two questions, one was chosen by luck, and one leaves users out.",
    ),
    wrong_answers={
        "stars": Mistake(
            "a",
            "RMSE judges stars of items that were rated. A list is judged by what stands on top, "
            "and in the lesson the order of models turned round.",
        ),
        "luck": Mistake(
            "b",
            "The best of thirty on one test is partly luck: it was chosen for being lucky there. "
            "Measure it on data that the choice never saw.",
        ),
        "easy": Mistake(
            "c",
            "The customers for whom it has a list may be the easy ones, and the others get nothing "
            "at all. Count the silent with 0, for both models.",
        ),
    },
    takeaway="Same users, later data, an interval, and a word about what was not measured.",
)
