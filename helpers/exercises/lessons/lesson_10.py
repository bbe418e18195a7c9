"""Exercises of lesson 10: frozen segments, silhouette, effect size, noise, and who moved."""

from itertools import product

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Segmentation"

MEAN = pd.Series({"recency": 4.0, "frequency": 1.0})
SCALE = pd.Series({"recency": 2.0, "frequency": 0.5})
CENTERS = pd.DataFrame(
    [(-1.0, 1.2), (0.6, -0.6), (0.9, 0.8)],
    columns=["recency", "frequency"],
    index=["regular", "passing", "lost"],
)
# By hand, the first one: ln 1 = 0 and ln 9 = 2.197, so z = (0 - 4) / 2 = -2 and (2.197 - 1) / 0.5
# = 2.394. Squared distances: to regular 1 + 1.426, to passing 6.76 + 8.966, to lost 8.41 + 2.542.
NEW = pd.DataFrame(
    {"recency": [0, 200, 90, 9, 400], "frequency": [8, 1, 2, 1, 6]},
    index=["Ana", "Ben", "Cem", "Dua", "Eva"],
)
# All pairs of some days and some purchases: with so many, no two mistakes look alike.
MANY = pd.DataFrame(
    list(product([0, 3, 10, 25, 60, 150, 400, 900], [1, 2, 3, 5, 8, 20])),
    columns=["recency", "frequency"],
)
RECENT = pd.DataFrame(
    {"recency": [1, 12, 35, 60, 30, 500, 1, 20], "frequency": [1, 2, 3, 1, 1, 3, 30, 4]},
    index=["Fay", "Gus", "Hao", "Ida", "Jon", "Kai", "Leo", "Mia"],
)


def nearest_segment(users, mean, scale, centers):
    """Use the scale and the centers of the training; a later user changes neither."""
    points = (np.log1p(users) - mean) / scale
    away = points.to_numpy()[:, None] - centers.to_numpy()
    nearest = (away**2).sum(axis=2).argmin(axis=1)
    return pd.Series(centers.index[nearest], users.index)


def _nearest(points, centers, distance=lambda away: (away**2).sum(axis=2)):
    away = points.to_numpy()[:, None] - centers.to_numpy()
    return pd.Series(centers.index[distance(away).argmin(axis=1)], points.index)


def _logs(users):
    return np.log1p(users)


NEAREST_SEGMENT = Exercise(
    id="10-1",
    objective="Give new customers a segment of a model that is frozen.",
    hints=(
        "The centers are coordinates. What has to happen to days and purchases before they can be "
        "compared with them?",
        "z = (ln(1 + x) − m) / s with the m and s that are given, not those of the new customers. "
        "Then the sum of the squared differences to each center.",
        "`points.to_numpy()[:, None] - centers.to_numpy()` has a row of differences for each pair; "
        "square, `sum(axis=2)`, `argmin(axis=1)`, and the name from `centers.index`.",
    ),
    solution=nearest_segment,
    check=on_cases(*((users, MEAN, SCALE, CENTERS) for users in (NEW, RECENT, MANY))),
    wrong_answers={
        "own mean": Mistake(
            lambda users, mean, scale, centers: _nearest(
                (_logs(users) - _logs(users).mean()) / _logs(users).std(ddof=0), centers
            ),
            "You standardized the new customers with their own mean and deviation. Then somebody's "
            "segment depends on who else is in the file. Use those of the training.",
        ),
        "own deviation": Mistake(
            lambda users, mean, scale, centers: _nearest(
                (_logs(users) - mean) / _logs(users).std(ddof=0), centers
            ),
            "The mean is that of the training, but you divided by the new customers' own "
            "deviation. Both are frozen.",
        ),
        "without the logarithm": Mistake(
            lambda users, mean, scale, centers: _nearest((users - mean) / scale, centers),
            "You standardized without the logarithm. Mean and scale are those of ln(1 + x).",
        ),
        "logarithm of x": Mistake(
            lambda users, mean, scale, centers: _nearest((np.log(users) - mean) / scale, centers),
            "You took the logarithm of x, which is −∞ for 0 days. It is ln(1 + x), as in the "
            "training.",
        ),
        "not divided": Mistake(
            lambda users, mean, scale, centers: _nearest(_logs(users) - mean, centers),
            "The mean is taken off, but not divided by the scale: recency has more to say than in "
            "the training.",
        ),
        "not standardized": Mistake(
            lambda users, mean, scale, centers: _nearest(_logs(users), centers),
            "These are logarithms, not standardized. The centers are in standard deviations from "
            "the mean of the training.",
        ),
        "days and purchases": Mistake(
            lambda users, mean, scale, centers: _nearest(users, centers),
            "Customers and centers are not on one scale. The centers are coordinates already; days "
            "and purchases become some by ln(1 + x), less the mean, divided by the scale.",
        ),
        "farthest": Mistake(
            lambda users, mean, scale, centers: _nearest(
                (_logs(users) - mean) / scale, centers, lambda away: -(away**2).sum(axis=2)
            ),
            "These are the farthest centers. The nearest has the least distance: argmin.",
        ),
        "not squared": Mistake(
            lambda users, mean, scale, centers: _nearest(
                (_logs(users) - mean) / scale, centers, lambda away: away.sum(axis=2)
            ),
            "The differences are not squared, so one to the left cancels one to the right.",
        ),
        "absolute": Mistake(
            lambda users, mean, scale, centers: _nearest(
                (_logs(users) - mean) / scale, centers, lambda away: abs(away).sum(axis=2)
            ),
            "You summed absolute differences. k-means squares them, and its centers are means for "
            "that reason.",
        ),
        "first feature": Mistake(
            lambda users, mean, scale, centers: _nearest(
                (_logs(users) - mean) / scale, centers, lambda away: away[:, :, 0] ** 2
            ),
            "You looked at the first feature only. Sum the squares over all of them.",
        ),
    },
    takeaway="Freeze the scale with the centers, or a customer's segment depends on her neighbors.",
)

# By hand: Ana's own segment is {Ana, Ben, Cem}: a = (1 + 3) / 2 = 2. Her mean distance to {Dua,
# Eva} is (4 + 8) / 2 = 6, to {Fay} 5: b = 5, s = (5 - 2) / 5 = 0.6. Cem: a = (3 + 4) / 2 = 3.5,
# b = min((2 + 4) / 2, 1) = 1, s = -2.5 / 3.5 = -0.7143.
SIX = ["Ana", "Ben", "Cem", "Dua", "Eva", "Fay"]
DISTANCES = pd.DataFrame(
    [
        [0, 1, 3, 4, 8, 5],
        [1, 0, 4, 7, 9, 9],
        [3, 4, 0, 2, 4, 1],
        [4, 7, 2, 0, 3, 6],
        [8, 9, 4, 3, 0, 2],
        [5, 9, 1, 6, 2, 0],
    ],
    index=SIX,
    columns=SIX,
    dtype=float,
)
SEGMENTS = pd.Series(["low", "low", "low", "high", "high", "odd"], SIX)


def silhouette_of(user, distances, segments):
    """Compare the mean distance to one's own with that to the nearest other segment."""
    others = distances.loc[user].drop(user)
    mean = others.groupby(segments.drop(user)).mean()
    a, b = mean[segments[user]], mean.drop(segments[user]).min()
    return (b - a) / max(a, b)


def _means(user, distances, segments, mean="mean"):
    others = distances.loc[user].drop(user)
    by_segment = others.groupby(segments.drop(user)).agg(mean)
    return by_segment[segments[user]], by_segment.drop(segments[user])


def _silhouette(a, b):
    return (b - a) / max(a, b)


def _with_oneself(user, distances, segments):
    mean = distances.loc[user].groupby(segments).mean()
    return _silhouette(mean[segments[user]], mean.drop(segments[user]).min())


def _to_all_others(user, distances, segments):
    a, _ = _means(user, distances, segments)
    return _silhouette(a, distances.loc[user][segments != segments[user]].mean())


def _on_means(change):
    def answer(user, distances, segments):
        a, b = _means(user, distances, segments)
        return change(a, b)

    return answer


SILHOUETTE_OF = Exercise(
    id="10-2",
    objective="Compute the silhouette of one customer from distances.",
    hints=(
        "Two mean distances are compared: to whom?",
        "a is the mean to the others of the own segment, without oneself; b is the mean to that "
        "other segment for which it is smallest.",
        "s = (b − a) / max(a, b).",
    ),
    solution=silhouette_of,
    check=on_cases(*((user, DISTANCES, SEGMENTS) for user in SIX[:5])),
    wrong_answers={
        "yourself": Mistake(
            _with_oneself,
            "You counted the distance to yourself, which is 0 and makes a too small. The own "
            "segment is all others in it.",
        ),
        "all other segments together": Mistake(
            _to_all_others,
            "Your b is the mean over all other segments together. It is the mean to one of them, "
            "the nearest.",
        ),
        "farthest": Mistake(
            _on_means(lambda a, b: _silhouette(a, b.max())),
            "Your b is the farthest other segment. The rival is the nearest one: the minimum.",
        ),
        "nearest customer": Mistake(
            lambda user, distances, segments: _silhouette(
                _means(user, distances, segments)[0],
                _means(user, distances, segments, "min")[1].min(),
            ),
            "Your b is the distance to the nearest customer of another segment. Take the mean over "
            "a segment, then the smallest of these means.",
        ),
        "the sign": Mistake(
            _on_means(lambda a, b: _silhouette(b.min(), a)),
            "It is right but for the sign: b − a, so that who is near to her own has more than 0.",
        ),
        "divided by b": Mistake(
            _on_means(lambda a, b: (b.min() - a) / b.min()),
            "You divided by b. Whoever is in the wrong segment has a > b and would fall below −1: "
            "divide by the larger of the two.",
        ),
        "divided by a": Mistake(
            _on_means(lambda a, b: (b.min() - a) / a),
            "You divided by a, so that values have no upper end: divide by the larger of the two.",
        ),
        "not divided": Mistake(
            _on_means(lambda a, b: b.min() - a),
            "This is b − a, not divided. Then it depends on the unit: divide by the larger one.",
        ),
        "the smaller": Mistake(
            _on_means(lambda a, b: (b.min() - a) / min(a, b.min())),
            "You divided by the smaller of the two. The larger one keeps s between −1 and 1.",
        ),
    },
    takeaway="The silhouette compares two mean distances. What made the distances, it doesn't ask.",
)

# By hand: 1, 3 | 7, 9, 11, 4 | 9: mean of all 44 / 7 = 6.2857; means 2, 7.75, 9. Between: 2 · 18.37
# + 4 · 2.144 + 1 · 7.367 = 52.68; total 27.94 + 10.80 + 0.51 + 7.37 + 22.22 + 5.22 + 7.37 = 81.43.
SPENT = pd.Series([1.0, 3, 7, 9, 11, 4, 9], index=list("ABCDEFG"))
KINDS = pd.Series(["small", "small", "big", "big", "big", "big", "new"], index=list("ABCDEFG"))
ORDERS = pd.Series([2.0, 2, 3, 8, 1, 2], index=list("UVWXYZ"))
OTHER_KINDS = pd.Series(["x", "y", "x", "y", "y", "x"], index=list("UVWXYZ"))


def eta_squared(values, segments):
    """Put the mean of the segment in place of each value, and see how much variance is left."""
    mean = values.mean()
    of_segment = values.groupby(segments).transform("mean")
    return ((of_segment - mean) ** 2).sum() / ((values - mean) ** 2).sum()


def _total(values):
    return ((values - values.mean()) ** 2).sum()


def _f_ratio(values, segments):
    n, k = len(values), segments.nunique()
    share = eta_squared(values, segments)
    return (share / (k - 1)) / ((1 - share) / (n - k))


ETA_SQUARED = Exercise(
    id="10-3",
    objective="Compute how much of a feature's variance lies between the segments.",
    hints=(
        "If you knew only a customer's segment, which value would you guess? How far is that guess "
        "from the mean of all?",
        "`values.groupby(segments).transform('mean')` puts the mean of the own segment beside each "
        "customer.",
        "η² = Σ (mean of the segment − mean of all)² / Σ (x − mean of all)², both over customers.",
    ),
    solution=eta_squared,
    check=on_cases((ORDERS, OTHER_KINDS), (SPENT, KINDS)),
    wrong_answers={
        "segments, not customers": Mistake(
            lambda values, segments: (
                ((values.groupby(segments).mean() - values.mean()) ** 2).sum() / _total(values)
            ),
            "You summed over segments, not customers. A segment of many weighs more: multiply by "
            "its size.",
        ),
        "within": Mistake(
            lambda values, segments: 1 - eta_squared(values, segments),
            "This is the share that lies within the segments. The question asks what lies "
            "between: one less this.",
        ),
        "root": Mistake(
            lambda values, segments: np.sqrt(eta_squared(values, segments)),
            "You took the root. η² is the ratio of the sums of squares itself.",
        ),
        "mean of the means": Mistake(
            lambda values, segments: (
                (
                    (
                        values.groupby(segments).transform("mean")
                        - values.groupby(segments).mean().mean()
                    )
                    ** 2
                ).sum()
                / _total(values)
            ),
            "You compared with the mean of the means, in which a segment of one customer counts as "
            "much as one of a thousand. Take the mean of all customers.",
        ),
        "median": Mistake(
            lambda values, segments: (
                ((values.groupby(segments).transform("median") - values.mean()) ** 2).sum()
                / _total(values)
            ),
            "You took the median of each segment. Squares go with means.",
        ),
        "not squared": Mistake(
            lambda values, segments: (
                (values.groupby(segments).transform("mean") - values.mean()).abs().sum()
                / (values - values.mean()).abs().sum()
            ),
            "The deviations are not squared, only made positive. Variance is about squares.",
        ),
        "variance of the means": Mistake(
            lambda values, segments: values.groupby(segments).mean().var() / values.var(),
            "You divided the variance of the means by that of the values. All segments count the "
            "same there, and each variance has its own n − 1. Sum over customers.",
        ),
        "between / within": Mistake(
            lambda values, segments: (
                eta_squared(values, segments) / (1 - eta_squared(values, segments))
            ),
            "You have between / within. Divide by the sum of both, all the variance there is.",
        ),
        "F ratio": Mistake(
            _f_ratio,
            "This is the F ratio of an analysis of variance, which grows with the number of "
            "customers. η² is a share.",
        ),
    },
    takeaway="η² of what made the segments is large in noise, too; ask for something unseen.",
)

# By hand: of Ana, Ben, Cem (often) and Dua, Eva (seldom) in spring, Cem has left; Ana and Ben are
# in autumn. often: Ana stays, Ben goes to seldom: 1/2, 1/2. seldom: Dua and Eva stay: 0, 1. Gus is
# new. The tables do not stand in one order. From MARCH to APRIL three go from a to a, b, b, two
# from b to a, b, and one from c to c: the rows have different sums.
SPRING = pd.Series(
    ["often", "often", "often", "seldom", "seldom"],
    index=["Ana", "Ben", "Cem", "Dua", "Eva"],
    name="before",
)
AUTUMN = pd.Series(
    ["seldom", "often", "seldom", "seldom", "often"],
    index=["Eva", "Ana", "Ben", "Dua", "Gus"],
    name="after",
)
MARCH = pd.Series(list("aaaabbcb"), index=list("PQRSTUWV"), name="before")
APRIL = pd.Series(list("cabbbaa"), index=list("WUTSRQX"), name="after")


def migration_shares(before, after):
    """Match by customer, those of both periods; each row says where its customers went."""
    both = pd.concat([before, after], axis=1, join="inner", keys=["before", "after"])
    return pd.crosstab(both["before"], both["after"], normalize="index")


def _both(before, after, join="inner"):
    both = pd.concat([before, after], axis=1, join=join, keys=["before", "after"])
    return both.fillna("absent")


def _shares(both, normalize="index"):
    return pd.crosstab(both["before"], both["after"], normalize=normalize)


def _by_position(before, after):
    n = min(len(before), len(after))
    pairs = {"before": before.to_numpy()[:n], "after": after.to_numpy()[:n]}
    return _shares(pd.DataFrame(pairs))


def _of_all_before(before, after):
    both = _both(before, after)
    counts = pd.crosstab(both["before"], both["after"])
    return counts.div(before.value_counts().reindex(counts.index), axis=0)


def _divided_across(before, after):
    both = _both(before, after)
    counts = pd.crosstab(both["before"], both["after"])
    return counts / counts.sum(axis=1)


MIGRATION_SHARES = Exercise(
    id="10-4",
    objective="Say which share of each segment went where.",
    hints=(
        "The two Series do not stand in the same order, and not everybody is in both. What tells "
        "you who is who?",
        "`pd.concat(..., axis=1, join='inner', keys=['before', 'after'])` matches by the index; "
        "then `pd.crosstab`.",
        "`pd.crosstab(both['before'], both['after'], normalize='index')`: each row sums to 1.",
    ),
    solution=migration_shares,
    check=on_cases((SPRING, AUTUMN), (MARCH, APRIL), any_order=True),
    wrong_answers={
        "by their place": Mistake(
            _by_position,
            "You matched customers by their place in the file. Match them by the index, which "
            "holds who they are.",
        ),
        "where they came from": Mistake(
            lambda before, after: _shares(_both(before, after), "columns"),
            "Each column sums to 1, which says where they came from. The question asks where "
            "each row went.",
        ),
        "the row of the same name": Mistake(
            _divided_across,
            "You divided each column by the sum of the row of the same name: `/` matches labels "
            "with columns. Use `div(..., axis=0)`.",
        ),
        "shares of all": Mistake(
            lambda before, after: _shares(_both(before, after), "all"),
            "These are shares of all customers. Divide each row by its own sum.",
        ),
        "counts": Mistake(
            lambda before, after: pd.crosstab(
                _both(before, after)["before"], _both(before, after)["after"]
            ),
            "These are counts. A large segment loses more people than a small one: divide each row "
            "by its sum.",
        ),
        "absent": Mistake(
            lambda before, after: _shares(_both(before, after, "outer")),
            "You kept those who are absent in one period as a segment of their own. Here only "
            "customers of both periods count.",
        ),
        "missing": Mistake(
            lambda before, after: _shares(_both(before, after)).replace(0, np.nan),
            "Where nobody went, the share is 0 and not missing: `fillna(0)`.",
        ),
        "turned round": Mistake(
            lambda before, after: _shares(_both(after, before)),
            "It is turned round: rows are the period before, columns the one after.",
        ),
        "who left": Mistake(
            _of_all_before,
            "Your rows do not sum to 1: you divided by all of the segment, and who left is in no "
            "column. Divide by those of both periods.",
        ),
    },
    takeaway="Match by id, divide by the row, and freeze the model, or the borders do the moving.",
)


def noise_share(ours, noise):
    """Count the tables of noise that do as well, and our own table with them."""
    return (1 + (noise >= ours).sum()) / (1 + len(noise))


# By hand: of 0.30, 0.34, 0.41, 0.38 two are at least 0.38: (1 + 2) / (1 + 4) = 0.6.
NINE = np.array([0.31, 0.35, 0.28, 0.33, 0.40, 0.36, 0.30, 0.29, 0.35])

NOISE_SHARE = Exercise(
    id="10-5",
    objective="Say how often noise does as well as the data.",
    hints=(
        "If the data were noise, too, the silhouette of the data would be one more draw. Among how "
        "many?",
        "Count the tables of noise that have as much or more, and the data itself.",
        "p = (1 + number with noise ≥ ours) / (1 + number of tables).",
    ),
    solution=noise_share,
    check=on_cases(
        (0.38, np.array([0.30, 0.34, 0.41, 0.38])), (0.5, NINE), (0.35, NINE), (0.2, NINE[:4])
    ),
    wrong_answers={
        "p of 0": Mistake(
            lambda ours, noise: (noise >= ours).mean(),
            "You left the data itself out. Nine tables of noise can't give a p of 0: add one above "
            "and below.",
        ),
        "above only": Mistake(
            lambda ours, noise: (1 + (noise >= ours).sum()) / len(noise),
            "The one is added above only. The data itself is one of the draws: add it below, too.",
        ),
        "below only": Mistake(
            lambda ours, noise: (noise >= ours).sum() / (1 + len(noise)),
            "The one is added below only, so p can be 0. The data does as well as itself: add it "
            "above, too.",
        ),
        "has more, and left the data itself out": Mistake(
            lambda ours, noise: (noise > ours).mean(),
            "You counted noise that has more, and left the data itself out. Use ≥, and add one "
            "above and below.",
        ),
        "more than": Mistake(
            lambda ours, noise: (1 + (noise > ours).sum()) / (1 + len(noise)),
            "You counted noise that has more than the data. As much is as bad: use ≥.",
        ),
        "other side": Mistake(
            lambda ours, noise: (1 + (noise <= ours).sum()) / (1 + len(noise)),
            "This is the other side: the noise that does worse. A small p must mean that noise "
            "seldom does as well.",
        ),
        "share that is worse": Mistake(
            lambda ours, noise: (noise < ours).mean(),
            "You gave the share that is worse than the data. The question asks for the share "
            "that does as well.",
        ),
        "mean of the noise": Mistake(
            lambda ours, noise: ours - noise.mean(),
            "You compared with the mean of the noise. Being above its mean happens to half of all "
            "noise; count how many tables reach it.",
        ),
        "standard deviations": Mistake(
            lambda ours, noise: (ours - noise.mean()) / noise.std(),
            "This is a distance in standard deviations. The question asks for a share of draws, "
            "which needs no normal distribution.",
        ),
    },
    takeaway="With nine tables of noise, p cannot be below a tenth; with 19, a twentieth.",
)

ON_THE_SLIDE = quiz(
    id="10-6",
    objective="Choose the sentence about segments that the data support.",
    options={
        "a": "Our customers fall into four natural types; the silhouette is 0.70.",
        "b": "The four segments are stable: on 20 samples of our customers we found the same ones.",
        "c": "Since the refit in March, 9 % of our customers have moved to a better segment.",
        "d": "We cut our customers into four; by lot, half of each segment gets its letter, and "
        "after a quarter we compare.",
    },
    right="d",
    hints=(
        "Which sentence could turn out to be false, and you would notice?",
        "In the lesson, what had a silhouette of 0.70, and what was found again and again?",
        "One sentence mistakes a tail for a type, one a cut for a group, one a border for a step.",
    ),
    wrong_answers={
        "tail": Mistake(
            "a",
            "Raw RFM had a silhouette of 0.70, and so had noise with the same tail, down to the "
            "segment of one customer. It says nothing about types.",
        ),
        "noise": Mistake(
            "b",
            "Two halves of noise are found again just as reliably. Stability says that a cut can "
            "be repeated, not that there is a gap where it cuts.",
        ),
        "border": Mistake(
            "c",
            "The model was refitted, so the border may have moved instead of the customers. "
            "Freeze the model, then count.",
        ),
    },
    takeaway="A segment is worth what is done with it, and what a test by lot says about that.",
)
