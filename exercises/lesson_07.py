"""Exercises of lesson 07: ranking metrics, time splits, paired comparison, multiple testing."""

from itertools import product

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays, by_row

TITLE = "Evaluation"


def _lists(**of_users):
    rows = [(user, item, place) for user, own in of_users.items() for place, item in enumerate(own)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rank"]).assign(
        rank=lambda table: table["rank"] + 1
    )


# With k = 2, Ana's c comes too late. Ben's list is short, Cem has a relevant item and got no list,
# Dan and Fay have no relevant items and are left out. Last, the rows are not sorted by rank.
LISTS = _lists(Ana="abc", Ben="b", Dan="ad", Eva="ca", Fay="b")
LIKED = _lists(Ana="acd", Ben="b", Cem="a", Eva="b")[["user_id", "item_id"]]
MORE_LIKED = _lists(Ana="bc", Ben="ab", Cem="a", Eva="ac")[["user_id", "item_id"]]
OTHER_LISTS = _lists(Fay="dcbae", Gil="ea", Hal="b", Ida="abd").iloc[[4, 0, 3, 2, 1, *range(5, 11)]]
OTHER_LIKED = _lists(Fay="abe", Gil="abcde", Ida="c", Joe="d", Kay="ab")[["user_id", "item_id"]]


def mean_precision(lists, liked, k):
    """Count the hits of each user with relevant items; without a hit or a list they are 0."""
    top = lists[lists["rank"] <= k]
    hits = top.merge(liked, on=["user_id", "item_id"]).groupby("user_id").size()
    users = liked["user_id"].unique()
    return hits.reindex(users, fill_value=0).mean() / k


MEAN_PRECISION = Exercise(
    id="07-1",
    hints=(
        "A list holds a single item, and it is a hit. How many of the k places are hits?",
        "Merge the first k ranks of each list with `liked`, and count the rows of each user. Which "
        "users belong in the mean?",
        "Hits per user, `reindex` to the users in `liked` with 0 for the others; mean, then / k.",
    ),
    solution=mean_precision,
    check=on_cases(
        Case(LISTS, LIKED, 2, right=(1 / 2 + 1 / 2 + 0 + 0) / 4),
        Case(LISTS, LIKED, 3, right=(2 / 3 + 1 / 3 + 0 + 0) / 4),
        Case(LISTS.iloc[::-1], MORE_LIKED, 2, right=(1 / 2 + 1 / 2 + 0 + 2 / 2) / 4),
        held_back=[(OTHER_LISTS, OTHER_LIKED, 4)],
    ),
    mistakes="""
    return … => return (hits / top.groupby("user_id").size()).reindex(users).fillna(0).mean()
        You divided by the length of each list. Then a model that shows a single item looks more
        precise than one that fills its k places: divide by k.
    .mean() / k => .div(top.groupby("user_id").size()).mean()
        There are two mistakes: you divided by each list's length, and users without a list dropped
        out, because their value is NaN. Divide by k, and give them 0.
    return … => return hits.div(top.groupby("user_id").size(), fill_value=0).mean()
        This is the share of hits in each list, averaged over the users who got one. Divide by k,
        not by the length of a list, and take the mean over the users in `liked`.
    return … => return hits.sum() / len(top)
        You pooled all users: all hits divided by all places. Compute the precision of each user
        first, then take the mean over the users in `liked`.
    liked["user_id"].unique() => np.intersect1d(liked["user_id"], lists["user_id"])
        Users who got no list are left out. A model must not gain by recommending nothing: they
        count as 0.
    .reindex(users, fill_value=0) =>
        Users without a hit are left out, because the merge drops them. They count as 0; `reindex(…,
        fill_value=0)` brings them back.
    liked["user_id"].unique() => lists["user_id"].unique()
        You averaged over the users who got a list. The mean is over the users in `liked`: those
        without relevant items are left out, and those without a list count as 0.
    liked["user_id"].unique() => np.union1d(liked["user_id"], lists["user_id"])
        Users who like nothing in the test count as 0 here. No list could have a hit for them: leave
        them out.
    [lists["rank"] <= k] =>
        You looked at the whole list. Only ranks up to k count.
    <= k => < k
        You counted only ranks below k. Rank k is one of the first k: use `<=`.
    lists[lists["rank"] <= k] => lists.groupby("user_id").head(k)
        You took the first rows of each user, in the order of the rows. The table need not be sorted
        by `rank`: use the column.
    on=["user_id", "item_id"]).groupby("user_id") => on="item_id").groupby("user_id_x")
        You merged on `item_id` alone, so an item counts once for every user who likes it. A hit is
        liked by the user who got the list: merge on `user_id` and `item_id`.
    top.merge(liked, on=["user_id", "item_id"]) => top[top["item_id"].isin(liked["item_id"])]
        You counted items that any user likes. A hit is liked by the user who got the list: merge on
        `user_id` and `item_id`.
    .mean() / k => .div(liked["user_id"].value_counts().clip(upper=k)).mean()
        You divided by the hits there could have been, min(k, |R|). Precision is the share of the k
        places that are hits: divide by k.
    / k =>
        This is the mean number of hits, not divided by the k places.
    .mean() / k => .mul(2).div(k + liked["user_id"].value_counts()).mean()
        This is F1, the harmonic mean with recall. The question asks for precision alone.
    .mean() / k => .div(liked["user_id"].value_counts()).mean()
        This is recall: hits divided by the number of items the user likes. Precision divides by k.
    .mean() / k => .gt(0).mean()
        This is the hit rate, the share of users with any hit. Precision counts the hits.
    return … => return 100 * …
        This is in percent. Precision is a share between 0 and 1: leave out the factor 100.
    """,
    takeaway="Precision per user first, always divided by k, and 0 for users who got no list.",
)


STARS = [
    Case(
        *(list("axb"), {"a": 2, "b": 5, "c": 4}, 3),
        right=(2 / 1 + 5 / 2) / (5 / 1 + 4 / np.log2(3) + 2 / 2),
    ),
    Case(
        *(list("abcd"), {"a": 5, "b": 3, "c": 4, "d": 1, "e": 5}, 2),
        right=(5 / 1 + 3 / np.log2(3)) / (5 / 1 + 5 / np.log2(3)),
    ),
]


def graded_ndcg(recommended, stars, k):
    """Discount the stars by rank, and divide by the DCG of the best possible list."""

    def dcg(gains):
        return sum(gain / np.log2(place + 1) for place, gain in enumerate(gains[:k], start=1))

    gains = [stars.get(item, 0) for item in recommended]
    ideal = sorted(stars.values(), reverse=True)
    return dcg(gains) / dcg(ideal)


GRADED_NDCG = Exercise(
    id="07-3",
    hints=(
        "In the lesson a hit gained 1. What does it gain here, and which list would be the best?",
        "DCG = Σ stars of the item at rank i / log₂(i + 1). The ideal list has the user's "
        "highest-rated items at the top, whether they were recommended or not.",
        "dcg([stars.get(item, 0) for item in recommended]) / dcg(sorted(stars.values(), "
        "reverse=True)), both cut to k places.",
    ),
    solution=graded_ndcg,
    check=on_cases(
        *STARS, held_back=[(list("uvwxy"), {"z": 4, "v": 3, "w": 5, "y": 1, "q": 2, "x": 2}, 4)]
    ),
    mistakes="""
    np.log2(place + 1) => max(1, np.log2(place))
        You divided by log2(i) from rank 2 on. This is the original DCG with b = 2, in which ranks 1
        and 2 count the same. The lesson uses the later form, log₂(i + 1).
    place + 1 => place
        At rank 1 you divided by log₂ 1 = 0: you used log2(i) with i from 1, or log₂(i + 1) with i
        from 0. Use log₂(i + 1) with i from 1.
    place + 1 => place + 2
        You divided by log₂(i + 2) with i from 1. That form belongs to ranks that start at 0. Use
        log₂(i + 1) with i from 1, so that rank 1 has no discount.
    np.log2(place + 1) => place
        You divided by the rank itself, so rank 2 is worth half of rank 1. DCG discounts less:
        divide by log₂(i + 1).
    / np.log2(place + 1) =>
        There is no discount, so the order does not matter. Divide the stars at rank i by log₂(i +
        1), in both lists.
    in recommended] => in recommended if item in stars]
        You left out items that the user did not rate, and closed the gaps. Such an item gains 0,
        but it keeps its rank, so the items below it are discounted more.
    ideal = … => ideal = [5] * k
        Your ideal list has five stars at every rank. This user did not give so many: build the
        ideal list from the stars in `stars`.
    ideal = … => ideal = [1] * len(stars)
        In your ideal list a hit gains 1, as in the lesson, but in the other list it gains stars.
        Use stars in both.
    stars.values() => gains[:k]
        Your ideal list holds the first k items in a better order. It must also hold what the list
        missed, or missing it costs nothing.
    stars.values() => gains
        Your ideal list holds only what was recommended, in a better order. It must also hold what
        the list missed, or missing it costs nothing.
    sorted(stars.values(), reverse=True) => list(stars.values())
        The ideal list is not sorted: it has the user's stars in the order of the dict. The most
        stars belong at the top.
    , reverse=True =>
        The ideal list has the lowest stars at the top. `sorted` is ascending; use `reverse=True`.
    / dcg(ideal) =>
        This is DCG, which is not normalized. Users who gave many stars would weigh more: divide by
        the DCG of the ideal list.
    gains[:k] => gains
    in recommended] => in recommended[:k]]
        The ideal list has more than k items. No list of k could reach 1: cut both to k.
    gains[:k] => gains
    reverse=True) => reverse=True)[:k]
        You looked at the whole list. Only ranks up to k count.
    gain / => (2**gain - 1) /
        You used 2 to the power of the stars, minus 1, as the gain, which is common in web search.
        The exercise asks for the stars themselves.
    gain / => (gain >= 4) /
        You counted items with four stars or more as hits, as in section 3. Here every item gains
        its stars, also 1, 2 or 3.
    gain / => (gain > 0) /
        You used a gain of 1 for each hit, a yes or no. Here a hit gains its stars.
    return dcg(gains) => return 100 * dcg(gains)
        This is in percent. NDCG lies between 0 and 1: leave out the factor 100.
    """,
    takeaway="NDCG compares a list with the best possible list, not with itself in a better order.",
)


# Before June 1, Ana's mean is 4.5 and Ben's 8/3. Before noon they are 2.5 and 14/3, that of all
# ratings is 3.8, and Eva is new: the rows are not in order, one rating is given at the very moment
# of the cutoff, and the cutoff lies in another year.
IN_ORDER = by_row("""
    user_id rating rated_at
    Ana 5 2025-01-05; Ana 4 2025-02-10; Ben 2 2025-02-11; Ben 3 2025-03-01; Ben 3 2025-05-31
    Ana 3 2025-06-02; Ben 4 2025-07-01
""")
SHUFFLED = by_row("""
    user_id rating rated_at
    Eva 5 2025-01-02T00:00; Ana 5 2024-03-01T12:00; Ben 4 2023-12-30T00:00; Ana 2 2024-02-29T00:00
    Ben 1 2024-07-01T00:00; Eva 4 2024-04-04T00:00; Ana 3 2024-03-01T08:00; Ana 1 2024-06-10T00:00
    Ben 5 2024-01-15T00:00; Ben 5 2024-01-20T00:00
""")
JUNE, NOON = pd.Timestamp("2025-06-01"), pd.Timestamp("2024-03-01 12:00")
LATER = by_row("""
    user_id rating rated_at
    Gil 2 2026-02-17T18:30; Fay 5 2026-01-09T00:00; Hal 4 2026-03-02T00:00; Gil 4 2025-12-24T00:00
    Fay 1 2026-02-20T00:00; Gil 3 2026-02-17T09:00; Fay 4 2026-02-01T00:00; Ida 1 2026-02-02T00:00
    Gil 5 2025-11-11T00:00; Ida 3 2026-02-19T00:00; Hal 2 2026-02-17T18:45
""")
BY_DATE = [
    Case(IN_ORDER, JUNE, right=np.sqrt(np.mean(np.square([3 - 4.5, 4 - 8 / 3])))),
    Case(
        *(SHUFFLED, NOON),
        right=np.sqrt(np.mean(np.square([5 - 3.8, 5 - 2.5, 1 - 14 / 3, 4 - 3.8, 1 - 2.5]))),
    ),
]


def rmse_of_user_means(ratings, cutoff):
    """Learn means before the cutoff; test from then on; new users get the mean of all ratings."""
    past = ratings[ratings["rated_at"] < cutoff]
    future = ratings[ratings["rated_at"] >= cutoff]
    means = past.groupby("user_id")["rating"].mean()
    predicted = future["user_id"].map(means).fillna(past["rating"].mean())
    errors = future["rating"] - predicted
    return np.sqrt((errors**2).mean())


RMSE_OF_USER_MEANS = Exercise(
    id="07-5",
    hints=(
        "At the moment of the cutoff, which ratings did the shop have?",
        "Take the means by user from the ratings before the cutoff, and `map` them to the users of "
        "the others. What do you predict for a user who is new?",
        "√ mean (r − r̂)² over ratings with `rated_at` ≥ cutoff; r̂ is the user's mean before the "
        "cutoff, or the mean of all ratings before it.",
    ),
    solution=rmse_of_user_means,
    check=on_cases(*BY_DATE, held_back=[(LATER, pd.Timestamp("2026-02-17 18:30"))]),
    mistakes="""
    past.groupby => ratings.groupby
        You computed the users' means from all ratings, later ones included. What was to be
        predicted helped to predict it: use ratings before the cutoff only.
    past.groupby => future.groupby
        These are the means of the test set, which nobody has at the cutoff. Use the ratings before
        it.
    .fillna(past["rating"].mean()) =>
        In your mean, new users are left out, because their prediction is NaN. Then the model is
        judged on the easy users only. Predict the mean of all earlier ratings for them.
    past["rating"].mean() => 0
        You predicted 0 stars for new users, which is not on the scale. Predict the mean of all
        ratings before the cutoff.
    past["rating"].mean() => means.mean()
        New users get the mean of the users' means. The question asks for the mean of all ratings
        before the cutoff.
    past["rating"].mean() => future["user_id"].map(means).mean()
        New users get the mean of the predictions for the other rows, so it depends on who is in the
        test. The question asks for the mean of all ratings before the cutoff.
    past["rating"].mean() => 3
        New users get 3 stars, the middle of the scale. The question asks for the mean of all
        ratings before the cutoff.
    past["rating"].mean() => future["rating"].mean()
        New users get the mean of the test set. That is a small leak: use the ratings before the
        cutoff.
    past["rating"].mean() => ratings["rating"].mean()
        New users get the mean of all ratings, later ones included. That is a small leak: use the
        ratings before the cutoff.
    past["rating"].mean() => future.groupby("user_id")["rating"].transform("mean")
        New users get their own later mean, which was to be predicted. Use the mean of all ratings
        before the cutoff.
    .fillna(past["rating"].mean()) =>
    (errors**2).mean() => (errors**2).sum() / len(errors)
        New users count without an error: their NaN adds nothing to the sum. Predict the mean of all
        ratings before the cutoff for them.
    < cutoff => <= cutoff
    >= cutoff => > cutoff
        You put a rating given exactly at the cutoff into the training set. Before means `<`; from
        the cutoff on means `>=`.
    >= cutoff => > cutoff
        A rating given exactly at the cutoff belongs to neither part in your split. It belongs to
        the test set: `>=`.
    future = … => future = past
        You tested on the training set: these are the errors before the cutoff. Test on the ratings
        from the cutoff on.
    future = … => future = ratings
        You tested on all ratings, also on those the means were computed from. Test on the ratings
        from the cutoff on.
    means = … => past, future = future, past; means = …
        Your split is the wrong way round: you learned from the later ratings and predicted the
        earlier ones.
    (errors**2).mean() => (errors**2).sum() / (len(errors) - 1)
        You divided by n − 1, as for a standard deviation. RMSE is the root of a plain mean.
    (errors**2).mean() => (errors**2).sum()
        This is the root of the sum. It grows with the number of rows: take the mean.
    return … => return errors.std(ddof=0)
        This is the standard deviation of the errors. It ignores that a model may be too high
        everywhere: square the errors as they are.
    means = … => means = past.groupby("user_id")["rating"].median()
    past["rating"].mean() => past["rating"].median()
        You took the median. The question asks for the mean, which minimizes squared errors.
    predicted = … => predicted = past["rating"].mean()
        You predicted one mean for all. A user with earlier ratings has a mean of their own.
    return … => return errors.abs().mean()
        This is the mean absolute error. RMSE squares the errors, so large ones weigh more.
    np.sqrt =>
        The root is missing: this is in squared stars.
    return … => return (errors**2).groupby(future["user_id"]).mean().pow(0.5).mean()
        You averaged the RMSE of each user. The question asks for the root of the mean over all
        ratings of the test set.
    """,
    takeaway="Everything that is learned, even a mean, is learned from the ratings before the "
    "cutoff.",
)


ON_THE_SLIDE = quiz(
    id="07-8",
    options="""
    a) Our model has the lowest RMSE, so its top ten is the best we can show.
        RMSE judges predicted stars of items that were rated. A list is judged by what stands at the
        top, and in section 3 the model with the lowest RMSE made poor lists.
    b) We tried thirty variants on the test set; the best has the NDCG that you can expect.
        The best of thirty on one test set is partly luck, because it was chosen there. Measure it
        on data that the choice never saw.
    c) For the customers it has a list for, our model's NDCG is higher than popularity's.
        This leaves out the customers without a list, and those with one may be the easy ones. Count
        customers without a list as 0, for both models.
    d) On the same customers and later ratings, NDCG is higher than tuned popularity's by 0.015 (95%
    confidence interval 0.005 to 0.026); an A/B test has to show whether they like it.
    """,
    hints=(
        "Which sentence compares two models on the same users, and says how sure it is?",
        "Think of section 3: did the model with the lowest RMSE make good lists?",
        "One sentence uses the wrong metric, one was chosen by luck, and one leaves users out.",
    ),
    takeaway="Same users, later data, an interval, and a word about what was not measured.",
)


RANKED = [
    Case(list("abcde"), set("acvwxyz"), 5, right=(1 / 1 + 2 / 3) / 5),
    Case(list("abc"), {"a", "c"}, 3, right=(1 / 1 + 2 / 3) / 2),  # the last rank is a hit, too
    Case(list("abcd"), {"b", "d"}, 3, right=(1 / 2) / 2),  # only b is seen
    Case(list("abc"), {"x"}, 3, right=0.0),
    Case(["c"], {"c", "x"}, 4, right=(1 / 1) / 2),
]


def average_precision(recommended, liked, k):
    """Add up the precision at each hit, and divide by the hits there could have been."""
    found, total = 0, 0.0
    for place, item in enumerate(recommended[:k], start=1):
        if item in liked:
            found += 1
            total += found / place
    return total / min(k, len(liked))


AVERAGE_PRECISION = Exercise(
    id="07-2",
    further=True,
    hints=(
        "A list begins with a hit, and nothing else in it is one. The user likes seven items. Is "
        "the list perfect?",
        "At each hit, note the precision of the list so far, and add these up. How many hits can "
        "k places hold at most for a user who likes |R| items?",
        "AP@k = Σ P@i over the hits at i ≤ k, divided by min(k, |R|).",
    ),
    solution=average_precision,
    check=on_cases(*RANKED, held_back=[(list("pqrstu"), set("qrtuxyz"), 5)]),
    mistakes="""
    min(k, len(liked)) => max(found, 1)
        You divided by the number of hits. Then a single hit at the top gives 1, however many items
        were missed: divide by the hits there could have been, min(k, |R|).
    return … => return total / found if found else np.nan
        You took the mean of the precision at the hits: the sum divided by the number of hits found,
        which is undefined without a hit. Divide by the hits there could have been, min(k, |R|).
    found / place => 1 / np.log2(place + 1)
        You added up the discount of DCG at each hit. Average precision adds up the precision so
        far: hits up to this rank, divided by the rank.
    min(k, len(liked)) => len(liked)
        You divided by the number of all items the user likes, |R|. With seven of them and five
        places, even a perfect list could not reach 1. Some libraries do this; here it is min(k,
        |R|).
    min(k, len(liked)) => k
        You divided by k. For a user who likes one item, even a perfect list would get only 1/k:
        divide by min(k, |R|).
    if item in liked: … => found += item in liked; total += found / place
        Your sum includes the precision at ranks without a hit, so the result can exceed 1. Only
        ranks with a hit count.
    found / place => 1 / place
        You summed reciprocal ranks, 1/i. At the second hit, at rank i, the precision is 2/i: count
        the hits so far.
    [:k] =>
        Hits beyond k are counted. Cut the list first: `recommended[:k]`.
    [:k] => [: k - 1]
        A hit at rank k is missed. `recommended[:k]` has k items, but `range(1, k)` has only k - 1:
        it ends before k.
    min(k, len(liked)) => min(k, len(liked), len(recommended))
        Your denominator also takes the length of the list into account. Then a list of one item can
        be perfect for a user who likes two: divide by min(k, |R|).
    min => max
        You divided by the larger of k and |R|. There can't be more hits than places, nor more than
        items the user likes: use the smaller one, min(k, |R|).
    / min(k, len(liked)) =>
        The sum is not divided. Two hits at the top would give 2: divide by min(k, |R|).
    start=1 => start=0
    found / place => np.divide(found, place)
        You counted ranks from 0, so a hit at the top is divided by 0. Ranks begin at 1:
        `enumerate(recommended[:k], start=1)`.
    found += 1 total += found / place => total += found / place; found += 1
        You counted the hits so far without the hit itself. At the first hit the count is 1: add the
        hit before you divide.
    if item in liked: … => found += item in liked; total += found / place
    min(k, len(liked)) => len(recommended[:k])
        This is the mean of the precision at all ranks. Only ranks with a hit count, and the sum is
        divided by min(k, |R|).
    total += found / place => return 1 / place
        This is the reciprocal rank of the first hit. Average precision takes the precision at every
        hit.
    return … => return found / len(liked)
        This is recall, hits divided by |R|. It ignores the order of the list.
    return … => return found / k
        This is the precision, hits divided by k. It ignores the order of the list.
    return … => return 100 * …
        This is in percent. Average precision lies between 0 and 1: leave out the factor 100.
    """,
    takeaway="Average precision divides by the hits there could have been, not by the hits found.",
)


WHAT_IT_SAYS = quiz(
    id="07-4",
    options="""
    a) customers would like its items less than the popular ones
        The test doesn't say what customers would like. In the table above, item-kNN has a lower
        NDCG than popularity, and its items have more true stars.
    b) it predicts stars badly
        NDCG judges the list, not predicted stars. In section 3 the model with the best RMSE was far
        below popularity.
    c) customers came across and liked fewer of its items, while nobody was shown its lists
    d) nothing at all: offline metrics are worthless
        Offline metrics aren't worthless: they say what customers find and like as things are, and
        they tell *also rated* from popularity. They answer only this question.
    """,
    hints=(
        "What must happen before a recommended item can count as a hit?",
        "An item is a hit if the user came across it, rated it, and liked it, without these lists.",
        "Compare perfect taste with popularity, in the table and the figure above.",
    ),
    takeaway="A miss can be an item that the user would love and has never seen.",
)


PAIRS = [
    # Only +++ and --- reach the sum.
    ArrayCase([0.5, 0.5, 0.5], [0.25, 0.125, 0.375], right=2 / 2**3),
    # The sum is -1: 2 flips have ±1.5 and 4 have ±1.
    ArrayCase([0.0, 0.25, 0.5, 0.125], [0.5, 0.5, 0.25, 0.625], right=(2 + 4) / 2**4),
    # The sum is 0.5625: with +0.75 only one of 8 flips stays below it, 0.75 - 0.3125.
    ArrayCase([1.0, 0.25, 0.25, 0.5], [0.25, 0.375, 0.375, 0.4375], right=(2**4 - 2) / 2**4),
]
OTHER_PAIRS = arrays([0.125, 0.375, 0.125, 0.25, 0.75], [0.875, 0.25, 0.5, 0.75, 0.375])


def flip_p_value(ours, theirs):
    """Flip the signs of the differences in all ways; give the share at least as far from 0."""
    difference = ours - theirs
    signs = np.array(list(product([1, -1], repeat=len(difference))))
    flipped = signs @ difference
    return (abs(flipped) >= abs(difference.sum())).mean()


FLIP_P_VALUE = Exercise(
    id="07-6",
    hints=(
        "If the two models were equally good, a coin could decide for each user which value "
        "belongs to which model. How many outcomes do n coins have?",
        "`product([1, -1], repeat=n)` lists all combinations of signs. Each gives a sum of "
        "differences. Which of these sums are at least as far from 0 as the observed one?",
        "p = share of the 2ⁿ flips with |Σ ± d| ≥ |Σ d|.",
    ),
    solution=flip_p_value,
    check=on_cases(*PAIRS, held_back=[OTHER_PAIRS]),
    mistakes="""
    abs(flipped) => flipped
        You looked at one side only. Before the test nobody knew which model would win, so compare
        absolute values. The signs are 1 and -1: 0 and 1 also give one side only.
    abs(flipped) => flipped
    abs(difference.sum()) => difference.sum()
        You compared without absolute values. If the other model wins, the sum is negative, and
        nearly every flip is larger.
    >= => >
        You counted flips whose sum is greater than the observed one, but not those that equal it.
        The observed outcome is one of the flips, so p can't be 0: use ≥.
    .mean() => .sum()
    return … => return (1 + …) / (1 + len(signs))
        You added 1 to numerator and denominator, as `compare` does for random flips. Here all flips
        are tried, and the observed one is among them.
    signs @ difference => signs[1:] @ difference
        The flip that changes no sign is left out. It is one of the 2ⁿ, so it counts in the
        numerator and in the denominator.
    .mean() => .sum()
        This is the number of flips that are as far from 0. A p-value is their share of all 2ⁿ.
    abs(difference.sum()) => abs(difference).sum()
        You compared with the sum of absolute differences, which no flip exceeds. Compare with the
        absolute value of the sum.
    ours - theirs => np.sign(ours - theirs) * pd.Series(abs(ours - theirs)).rank()
        You flipped the ranks of the differences, which is Wilcoxon's test. Flip the differences
        themselves.
    repeat=len(difference) => repeat=2 * len(difference)
    signs @ difference => signs[signs.sum(axis=1) == 0] @ np.concatenate([ours, theirs])
        You reassigned all values and lost the pairs. A user's two values belong together: flip the
        sign of each difference.
    ours - theirs => np.sign(ours - theirs)
        You used only the signs of the differences: which model won, but not by how much. Flip the
        differences themselves.
    >= => <=
        You counted the flips whose sum is at most as far from 0 as the observed one. The p-value is
        the share of those at least as far: use ≥.
    >= => <
        You counted the flips that are less far from 0. The p-value is the share of those at least
        as far from 0 as the observed sum.
    return … => return 100 * …
        This is in percent. A p-value lies between 0 and 1: leave out the factor 100.
    """,
    takeaway="A small p-value says that chance alone rarely does this; the interval says how large "
    "the gain is.",
)


BEST_OF_TWENTY = quiz(
    id="07-7",
    options="""
    a) no lead on either half, because all models are equally good
        They are equally good, but their measured means differ by chance, and the largest of twenty
        is above average on the half where it was chosen.
    b) a lead on the first half, and none on the second
    c) a lead on both halves, because hundreds of users leave little to chance
        Even hundreds of users leave something to chance. These models are equal, so the whole lead
        is chance, and it does not repeat.
    d) a lead on the first half, and about as far behind on the second
        Luck on the first half doesn't have to be paid back. On the second half the model is as good
        as the others: neither ahead nor behind, on average.
    """,
    hints=(
        "Twenty people toss ten coins each. What do you expect of the best of them?",
        "The choice used the luck on the first half. Does that say anything about luck on the "
        "second?",
        "The largest of twenty means is above average by chance; new data are not chosen.",
    ),
    takeaway="Choosing by luck gives a lead where you chose, and none on new data.",
)


MADE_UP_GRID = quiz(
    id="07-9",
    options="""
    a) EASE with λ between 1 and 10
        From 1 to 10 the NDCG still rises, so values between them hardly beat 10. Where could the
        best value be?
    b) Nova's RMSE
        RMSE judges predicted stars, and the table is about lists. Look at the second column.
    c) the interval of Nova's lead
        It would compare Nova with the rivals as they are. A certain lead over rivals that nobody
        tuned says nothing of tuned ones.
    d) EASE with λ of 100 and more
    """,
    hints=(
        "Nova and its rivals did not have the same chances. In what?",
        "Item-kNN had one setting, EASE three, Nova sixty. Where is the best of the three?",
        "0.093, 0.101, 0.113: nothing says that it stops rising at λ = 10.",
    ),
    takeaway="Tune a rival as long as the favorite, until its best value is inside the grid.",
)


MADE_UP_RUN = quiz(
    id="07-10",
    options="""
    a) A gain of less than 5% is too small to matter.
        A small gain can be real and pay. The question is whether this one is real.
    b) The interval knows nothing of other random starts.
    c) The two models should be tested on different users.
        The same users are better: what makes a user hard for both models cancels out.
    d) The interval must be corrected for two models.
        Two models are one comparison, and one comparison needs no correction.
    """,
    hints=(
        "The authors train BPR again with another seed. Would it be 0.1142 again?",
        "The bootstrap draws other users. What stays the same in all its samples?",
        "All samples use the same two trained models, one random start each.",
    ),
    takeaway="Drawing users again says nothing of the luck of a random start: train several times.",
)


MADE_UP_CORE = quiz(
    id="07-11",
    options="""
    a) for the customers: the second line has most of the ratings
        It has most of the ratings and few of the customers: 4,100 of 52,000.
    b) for the customers, if only a little less
        Nothing says how much less. Models that need a long history may even lose where there is
        none.
    c) for those with a long history; of the others we know nothing
    d) for nobody: results on a part of the data are worthless
        They are right for that part. Say for whom, and test the others, too.
    """,
    hints=(
        "Who was left out, and how many are they?",
        "Of 52,000 users 4,100 are left. What do these have in common?",
        "All have at least 20 ratings; nobody else was tested.",
    ),
    takeaway="Pruning the data chooses the customers for whom the result holds.",
)


MADE_UP_SAMPLE = quiz(
    id="07-12",
    options="""
    a) an NDCG of about 0.45
        Among 100 items a relevant one is easily in the top ten; among 20,000 it is not. And in a
        random split the models have learned from later ratings.
    b) a lower NDCG, with Nova ahead of popularity by the same 9%
        Few random items are hard to beat. Those that are decide the distances, and most are not in
        the sample.
    c) a lower NDCG, and the same order
        The order may change: a model can be good at beating random items and bad at beating the
        hardest ones.
    d) a lower NDCG, other distances, and perhaps another order
    """,
    hints=(
        "How many items compete with a relevant one in the test, and how many in the shop? What "
        "will a model know of next month?",
        "Which competitors push a relevant item out of the top ten? Are they in a sample of 100?",
        "Both the values and the distances depend on the number of competitors.",
    ),
    takeaway="Rank in the whole catalog, and after one date: a sample leaves out the items that "
    "are hard to beat, and a random split lets a model learn from the future.",
)
