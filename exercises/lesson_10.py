"""Exercises of lesson 10: inertia, silhouette, a null model, the adjusted Rand index, migration."""

from itertools import product

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_row, symmetric

TITLE = "Segmentation"

SIX = ["Ana", "Ben", "Cem", "Dua", "Eva", "Fay"]
DISTANCES = symmetric(SIX, (1, 3, 4, 8, 5), (4, 7, 9, 9), (2, 4, 1), (3, 6), (2,), diagonal=0)
SEGMENTS = pd.Series(["low", "low", "low", "high", "high", "odd"], SIX)
# Beside each result: the mean distances to low, high and odd.
SILHOUETTES = [
    Case("Ana", DISTANCES, SEGMENTS, right=(5 - 2) / 5),  # 2, 6, 5
    Case("Eva", DISTANCES, SEGMENTS, right=(2 - 3) / 3),  # 7, 3, 2
]
# Eight points on a line, in other segments than their order; beside, the distances to 1, 2 and 3.
LINE = pd.Series([0.0, 2, 3, 7, 8, 14, 15, 21], list("STUVWXYZ"))
ON_LINE = pd.DataFrame(abs(LINE.to_numpy()[:, None] - LINE.to_numpy()), LINE.index, LINE.index)
LINE_SEGMENTS = pd.Series([1, 2, 1, 2, 1, 3, 2, 3], LINE.index)
ON_A_LINE = Case("X", ON_LINE, LINE_SEGMENTS, right=(20 / 3 - 7) / 7)  # 31/3, 20/3, 7


def silhouette_of(user, distances, segments):
    """Compare the mean distance to one's own with that to the nearest other segment."""
    others = distances.loc[user].drop(user)
    mean = others.groupby(segments.drop(user)).mean()
    a, b = mean[segments[user]], mean.drop(segments[user]).min()
    return (b - a) / max(a, b)


SILHOUETTE_OF = Exercise(
    id="10-2",
    hints=(
        "The silhouette compares two mean distances: to which customers?",
        "a is the mean distance to the others of the same segment, without the user; b is the mean "
        "distance to one other segment, the one for which it is smallest.",
        "s = (b − a) / max(a, b).",
    ),
    solution=silhouette_of,
    check=on_cases(*SILHOUETTES, held_back=[ON_A_LINE]),
    mistakes="""
    .loc[user].drop(user) => .loc[user]
    segments.drop(user) => segments
        You included the distance of `user` to itself, which is 0 and makes a too small. Leave it
        out.
    .loc[user].drop(user) => .loc[user]
    segments.drop(user) => segments
    mean.drop(segments[user]).min() => others[segments != segments[user]].mean()
        There are two mistakes: a includes the distance of `user` to itself, and b is the mean over
        all other segments together. b belongs to the nearest one.
    mean.drop(segments[user]).min() => distances.loc[user][segments != segments[user]].mean()
        Your b is the mean over all other segments together. It is the mean to one of them, the
        nearest.
    .min() => .mean()
        You took the mean to each other segment, and then the mean of these means. Take the
        smallest: b belongs to the nearest segment.
    .drop(segments[user]).min() => .min()
        Your b is the smallest mean distance to any segment, with the own segment among them. Leave
        it out.
    .min() => .max()
        Your b belongs to the farthest other segment. Take the nearest one: the minimum.
    mean.drop(segments[user]).min() => others[segments.drop(user) != segments[user]].min()
        Your b is the distance to the nearest customer of another segment. Take the mean over a
        segment, then the smallest of these means.
    b - a => a - b
        Only the sign is wrong: b − a, so that a customer close to the own segment is above 0.
    max(a, b) => b
        You divided by b. A customer in the wrong segment has a > b and could fall below −1: divide
        by the larger of the two.
    max(a, b) => a
        You divided by a, so the result has no upper limit: divide by the larger of the two.
    / max(a, b) =>
        This is b − a, not divided, so it depends on the unit. Divide by the larger of the two.
    max => min
        You divided by the smaller of the two. The larger one keeps s between −1 and 1.
    """,
    takeaway="The silhouette compares distances; it can't tell whether the distances make sense.",
)

HOURS_INSTEAD_OF_DAYS = quiz(
    id="10-3",
    options="""
    a) nothing: hours and days measure the same thing
        They measure the same thing, but k-means sees only numbers. Those of recency are 24 times as
        large now, and their squared distances 576 times.
    b) the four segments become four ranges of recency
    c) recency counts less, because a single hour is shorter than a day
        The unit is smaller, so the numbers are larger. A larger number counts more in a sum of
        squares.
    d) frequency counts more, because the dollars lose their influence
        The dollars do lose their influence, but not to frequency, which still has next to no
        variance. Which column has grown?
    """,
    hints=(
        "What happens to the numbers in the column, and what to their variance?",
        "Each number is 24 times as large, so each squared distance is 576 times as large.",
        "Recency had 40% of the total variance. What share does it have after × 576?",
    ),
    takeaway="Recency now has 99.7% of the total variance, so the segments are 0–130, 132–278, "
    "279–426 and 427–545 days. Raw features make the unit decide.",
)


def null_p_value(ours, nulls):
    """Count the nulls that do as well as our data, and our data with them."""
    return (1 + (nulls >= ours).sum()) / (1 + len(nulls))


NINE = np.array([0.31, 0.35, 0.28, 0.33, 0.40, 0.36, 0.30, 0.29, 0.35])

NULL_P_VALUE = Exercise(
    id="10-4",
    hints=(
        "If our data had no clusters, its silhouette would be one more draw. Among how many?",
        "Count the nulls with a silhouette as high or higher, and add 1 for the data itself.",
        "p = (1 + number of nulls ≥ ours) / (1 + number of nulls).",
    ),
    solution=null_p_value,
    check=on_cases(
        ArrayCase(0.38, [0.30, 0.34, 0.41, 0.38], right=(1 + 2) / (1 + 4)),
        Case(0.2, NINE[:4], right=(1 + 4) / (1 + 4)),
        held_back=[Case(0.31, NINE[:7], right=(1 + 5) / (1 + 7))],
    ),
    mistakes="""
    return … => return (nulls >= ours).mean()
        You left out the data itself. Nine nulls can't give a p of 0: add 1 to the numerator and to
        the denominator.
    (1 + len(nulls)) => len(nulls)
        You added 1 to the numerator only. The data itself is one of the draws, so add it to the
        denominator, too.
    (1 + (nulls >= ours).sum()) => (nulls >= ours).sum()
        You added 1 to the denominator only, so p can be 0. The data does as well as itself, so add
        it to the numerator, too.
    return … => return (nulls > ours).mean()
        You counted only nulls above ours (more, not as much), and left out the data itself. Use ≥,
        and add 1 to the numerator and to the denominator.
    return … => return (nulls >= ours).sum()
        This is the count of nulls that reach ours. The question asks for a share of all draws, ours
        included.
    (1 + (nulls >= ours).sum()) => (nulls > ours).sum()
        You counted the draws that are higher than ours. Count those at least as high: use ≥, and
        ours is one of them.
    (1 + (nulls >= ours).sum()) => (nulls < ours).sum()
        You counted the draws that are lower than ours. Count those at least as high, ours included.
    nulls >= ours => nulls > ours
        You counted nulls that have more than the data. A null with as much counts as well: use ≥.
    return … => return 100 * …
        This is the p-value in percent. Give a share between 0 and 1.
    nulls >= ours => nulls <= ours
        This is the other side: the nulls that do worse. A small p must mean that nulls seldom do as
        well.
    return … => return (nulls < ours).mean()
        You gave the share that is worse than the data. The question asks for the share that does as
        well.
    return … => return ours - nulls.mean()
        You compared with the mean of the nulls, but about half of all nulls are above their mean.
        Count how many nulls reach ours.
    return … => return (ours - nulls.mean()) / nulls.std()
        This is a distance in standard deviations. The question asks for a share of draws, which
        needs no normal distribution.
    """,
    takeaway="With nine nulls, p can't be below one tenth; and a small p says that the data differ "
    "from the null, not that clusters are far apart.",
)

MEAN = pd.Series({"recency": 4.0, "frequency": 1.0})
SCALE = pd.Series({"recency": 2.0, "frequency": 0.5})
CENTROIDS = by_row("recency frequency; regular -1.0 1.2; passing 0.6 -0.6; lost 0.9 0.8")
# The coordinates z of the five are (−2, 2.39), (0.65, −0.61), (0.26, 0.20), (−0.85, −0.61) and
# (1.00, 1.89). From Cem passing is a little nearer (0.754) than lost (0.779).
NEW = by_row("recency frequency; Ana 0 8; Ben 200 1; Cem 90 2; Dua 9 1; Eva 400 6")
# Held back: another model, with three features.
OTHER_MEAN = pd.Series({"baskets": 2.5, "spent": 4.0, "off": 1.0})
OTHER_SCALE = pd.Series({"baskets": 1.0, "spent": 1.2, "off": 0.6})
OTHER_CENTROIDS = by_row("""
    baskets spent off
    big 0.8 0.7 -0.4; saving -0.9 0.1 1.2; small 0.2 -1.1 -0.6; rare -1.0 -0.6 0.1
""")
HOUSEHOLDS = pd.DataFrame(
    list(product([1, 5, 12, 40], [8, 30, 90, 400], [0, 2, 7])), columns=OTHER_MEAN.index
)
# All pairs of some days and some purchases: with so many, no two mistakes look alike.
MANY = pd.DataFrame(
    list(product([0, 3, 10, 25, 60, 150, 400, 900], [1, 2, 3, 5, 8, 20])),
    columns=["recency", "frequency"],
)


def nearest_segment(users, mean, scale, centroids):
    """Use the scale and the centroids of the training; a later user changes neither."""
    points = (np.log1p(users) - mean) / scale
    away = points.to_numpy()[:, None] - centroids.to_numpy()
    nearest = (away**2).sum(axis=2).argmin(axis=1)
    return pd.Series(centroids.index[nearest], users.index)


NEAREST_SEGMENT = Exercise(
    id="10-6",
    hints=(
        "The centroids are in coordinates z. How do days and purchases become such coordinates?",
        "z = (ln(1 + x) − m) / s with the m and s that are given, not those of the new customers. "
        "Then the sum of the squared differences to each centroid.",
        "Make a table with a column for each segment: `((points - centroids.loc[name]) ** 2)"
        ".sum(axis=1)`. Then `idxmin(axis=1)` gives the names.",
    ),
    solution=nearest_segment,
    check=on_cases(
        Case(
            *(NEW, MEAN, SCALE, CENTROIDS),
            right=pd.Series(["regular", "passing", "passing", "passing", "lost"], NEW.index),
        ),
        (MANY, MEAN, SCALE, CENTROIDS),
        held_back=[(HOUSEHOLDS, OTHER_MEAN, OTHER_SCALE, OTHER_CENTROIDS)],
    ),
    mistakes="""
    => mean, scale = np.log1p(users).mean(), np.log1p(users).std(ddof=0)
        You standardized the new customers with their own mean and standard deviation. Then a
        customer's segment depends on who else is in the file. Use those of the training data.
    / scale => / np.log1p(users).std(ddof=0)
        The mean is that of the training data, but you divided by the new customers' own deviation.
        Both are frozen.
    - mean =>
        You divided by the scale, but the mean is not subtracted.
    np.log1p(users) => users
        You standardized without the logarithm. Mean and scale are those of ln(1 + x).
    log1p => log
        You took the logarithm of x, which is −∞ for 0 days. Use ln(1 + x), as in the training data.
    / scale =>
        You subtracted the mean, but the result is not divided by the scale, so recency counts more
        than in the training data.
    points = … => points = np.log1p(users)
        These are logarithms, not standardized. The centroids are in standard deviations from the
        mean of the training data.
    points = … => points = users
        You compared days and purchases with coordinates z. First turn them into coordinates: ln(1 +
        x), minus the mean, divided by the scale.
    argmin => argmax
        You chose the farthest centroids. The nearest one has the smallest distance: argmin.
    (away**2) => away
        The differences are not squared, so a negative one cancels a positive one.
    (away**2) => abs(away)
        You added up absolute differences. k-means squares them, which is why its centroids are
        means.
    (away**2).sum(axis=2) => (away[:, :, 0] ** 2)
        You looked at the first feature only. Sum the squares over all of them.
    """,
    takeaway="Freeze the scale with the centroids, or a segment depends on who is in the file.",
)

# The centroids are 3 and 12.
FIVE = pd.DataFrame({"purchases": [1.0, 2, 6, 10, 14]}, index=list("ABCDE"))
FIVE_LABELS = pd.Series(list("aaabb"), index=FIVE.index)
# Two features, and a segment of one customer.
SEVEN = by_row("""
    recency monetary
    U0 0.0 3.0; U1 1.0 1.0; U2 5.0 1.0; U3 4.0 8.0; U4 9.0 6.0; U5 7.0 10.0; U6 20.0 2.0
""")
SEVEN_LABELS = pd.Series([1, 0, 1, 2, 2, 2, 3], index=SEVEN.index)
# Three features; no customer has the same label as the next one.
EIGHT = by_row("""
    baskets own off
    H0 2.0 7.0 1.0; H1 9.0 3.0 4.0; H2 5.0 5.0 12.0; H3 1.0 0.0 3.0
    H4 8.0 11.0 6.0; H5 4.0 2.0 2.0; H6 13.0 1.0 7.0; H7 6.0 9.0 0.0
""")
EIGHT_LABELS = pd.Series(list("xyxyzyxz"), index=EIGHT.index)


def inertia(points, labels):
    """Take each customer's squared distance to the centroid of the own segment, and add up."""
    centroids = points.groupby(labels).transform("mean")
    return ((points - centroids) ** 2).to_numpy().sum()


INERTIA = Exercise(
    id="10-1",
    hints=(
        "How far is each customer from the mean of the own segment?",
        "`points.groupby(labels).transform('mean')` puts the centroid of the own segment beside "
        "each customer.",
        "W = Σ (x − own centroid)², over all customers and all features.",
    ),
    solution=inertia,
    check=on_cases(
        Case(FIVE, FIVE_LABELS, right=4.0 + 1 + 9 + 4 + 4),
        # Segment 1 has the centroid (2.5, 2), and segment 2 (20/3, 8).
        Case(*(SEVEN, SEVEN_LABELS), right=2 * (2.5**2 + 1) + (8**2 + 7**2 + 1) / 9 + 2**2 + 2**2),
        held_back=[(EIGHT, EIGHT_LABELS)],
    ),
    mistakes="""
    points.groupby(labels).transform("mean") => points.mean()
        You measured the distance to the centroid of all customers. Take the mean of each customer's
        own segment.
    .sum() => .sum() / len(points)
        This is the mean squared distance per customer. Inertia is the sum: don't divide.
    sum => mean
        This is the mean per value, over customers and features. Inertia is the sum: don't divide.
    ((points - centroids) ** 2) => (points - centroids).abs()
        The differences are made positive, but not squared.
    .to_numpy() => .sum(axis=1).pow(0.5)
        You took the square root of each distance. k-means adds up squared distances.
    return … => return np.sqrt(…)
        This is the root of the sum. Inertia is the sum of the squares itself.
    "mean" => "median"
        You took the median of each segment. A centroid is a mean.
    return … => return points.groupby(labels).var().fillna(0).to_numpy().sum()
        You added up the variances of the segments. A variance divides by n − 1, so a large segment
        would count no more than a small one.
    return … => return points.groupby(labels).var(ddof=0).to_numpy().sum()
        You added up the variances with ddof=0. They are means per segment: multiply each by its
        number of customers, or add up the squares directly.
    return … => return points.groupby(labels).var().mul(labels.value_counts(), axis=0).sum().sum()
        You took variances times n, but `var` divides by n − 1. Use ddof=0, or add up the squares
        directly.
    .to_numpy() => .iloc[:, 0]
        You looked at the first feature only. Add up the squares over all features.
    .to_numpy() =>
        These are the sums by feature. Add them up to one number.
    """,
    takeaway="Inertia is the sum of squared distances to the own centroid; what varies most counts "
    "most.",
    further=True,
)

ARI_OF_ONE_SEGMENT = quiz(
    id="10-5",
    options="""
    a) 1: all customers of the same persona are together
        All customers of the same persona are together, and so are those of different ones. The ARI
        subtracts the pairs that chance puts together: here, all of them.
    b) 0: this is what chance gives
    c) 0.26: the share of the most frequent persona
        This is the share that is right if you name everyone after the most frequent persona. The
        ARI counts pairs and subtracts chance.
    d) 0.2: one in five customers is right
        The ARI does not count how many customers are right: segments have no persona's name, so
        none of one in five is. It counts pairs and subtracts chance.
    """,
    hints=(
        "Does such a segmentation say anything about the personas?",
        "In a single segment every pair of customers is together. How many pairs are together in "
        "both, and how many would chance give?",
        "ARI = (both − expected) / (mean − expected). With one segment, all pairs of a persona are "
        "together in both, and exactly that many are expected.",
    ),
    takeaway="A grouping that says nothing has an ARI of 0, however many pairs it gets right.",
)

# Cem has left, and Gus is new. The tables do not stand in one order.
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

# Not everybody is in both, and no segment is left by all.
JUNE = pd.Series(list("yxzxyzxyxz"), index=list("ABCDEFGHIJ"), name="before")
JULY = pd.Series(list("zyxxzzyxy"), index=list("KIGECAHFB"), name="after")


def _shares(segments, *rows):
    """Make a table that is right, from one row per segment."""
    made = pd.DataFrame(rows, list(segments), list(segments), dtype=float)
    return made.rename_axis(index="before", columns="after")


def migration_shares(before, after):
    """Match by customer, those of both periods; each row says where its customers went."""
    both = pd.concat([before, after], axis=1, join="inner", keys=["before", "after"])
    return pd.crosstab(both["before"], both["after"], normalize="index")


MIGRATION_SHARES = Exercise(
    id="10-7",
    hints=(
        "The two Series are in different orders, and not everybody is in both. What tells you who "
        "is who?",
        "`pd.concat(..., axis=1, join='inner', keys=['before', 'after'])` matches by the index; "
        "then `pd.crosstab`.",
        "`pd.crosstab(both['before'], both['after'], normalize='index')`: each row sums to 1.",
    ),
    solution=migration_shares,
    check=on_cases(
        # Ana stays, Ben goes to seldom; Dua and Eva stay.
        Case(SPRING, AUTUMN, right=_shares(["often", "seldom"], (1 / 2, 1 / 2), (0, 1))),
        # Three go from a to a, b, b, two from b to a, b, and one from c to c.
        Case(MARCH, APRIL, right=_shares("abc", (1 / 3, 2 / 3, 0), (1 / 2, 1 / 2, 0), (0, 0, 1))),
        held_back=[
            Case(
                *(JUNE, JULY),
                right=_shares("xyz", (1 / 3, 2 / 3, 0), (1 / 3, 1 / 3, 1 / 3), (1 / 2, 0, 1 / 2)),
            )
        ],
        any_order=True,
    ),
    mistakes="""
    => before, after = before.reset_index(drop=True), after.reset_index(drop=True)
        You matched customers by their place in the Series. Match them by the index, which holds the
        customers.
    "index" => "columns"
        Each column sums to 1, which says where they came from. The question asks where each row
        went.
    , normalize="index" =>
    return … => counts = …; return counts / counts.sum(axis=1)
        You divided each column by the sum of the row of the same name: `/` matches labels with
        columns. Use `div(..., axis=0)`.
    "index" => "all"
        These are shares of all customers. Divide each row by its own sum.
    return … => return 100 * …
        These are percent. Give shares between 0 and 1, so that each row sums to 1.
    , normalize="index" =>
        These are counts. A large segment loses more people than a small one: divide each row by its
        sum.
    "inner" => "outer"
    ["before", "after"]) => ["before", "after"]).fillna("absent")
        You kept customers who are absent in one period as a segment of their own. Here only
        customers of both periods count.
    return … => return ….replace(0, np.nan)
        Where nobody went, the share is 0 and not missing: `fillna(0)`.
    [before, after] => [after, before]
        Rows and columns are swapped: rows are the period before, columns the one after.
    , normalize="index" =>
    return … => return ….div(before.value_counts(), axis=0)
        Your rows do not sum to 1: you divided by the whole segment, including customers who left
        and are in no column. Divide by those of both periods.
    """,
    takeaway="Match customers by id, divide by the row sum, and freeze the model.",
)

ON_THE_SLIDE = quiz(
    id="10-8",
    options="""
    a) Our customers fall into four natural types; the silhouette is 0.70.
        Raw RFM had a silhouette of 0.70, and a null with the same long tail had nearly as much,
        down to the segment of one customer. It says nothing about types.
    b) Our four segments are real: 20 samples of our customers gave the same ones.
        The four segments of a null came back just as reliably. Stability says that a cut can be
        repeated, not that there is a gap where it cuts.
    c) Since the model was refitted, 9% of our customers have moved to a better segment.
        The model was refitted, so the border may have moved instead of the customers. Freeze the
        model, then count.
    d) We cut our customers into four; a random half of each gets its email, and then we compare.
    """,
    hints=(
        "Which sentence could turn out to be false, so that you would notice?",
        "In the lesson, what had a silhouette of 0.70, and what came back again and again?",
        "One sentence mistakes a tail for a type, one a cut for a cluster, one a border for a "
        "move.",
    ),
    takeaway="A segment is worth what we do with it, and only a test with a control group shows "
    "what that is.",
)
