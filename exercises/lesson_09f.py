"""Exercises of lesson 09f: candidates, features as they were, and what a ranker is worth."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "A two-stage recommender"


def _pairs(text):
    """Write pairs as words: Ana-lamp."""
    return pd.DataFrame([word.split("-") for word in text.split()], columns=["user_id", "item_id"])


POOLS = [
    # Ana: one of two, and the lamp was proposed twice. Ben: nothing was proposed. Cem: all of one.
    Case(
        *(_pairs("Ana-lamp Ana-lamp Ana-rug Cem-tea"), _pairs("Ana-lamp Ana-mug Ben-tea Cem-tea")),
        right=(1 / 2 + 0 + 1) / 3,
    ),
    # Dee looked at nothing, so she does not count; Eva's candidates are Finn's misses.
    Case(
        _pairs("Dee-lamp Eva-mug Eva-tea Eva-pan Finn-rug Finn-rug"),
        _pairs("Eva-tea Eva-rug Eva-pan Finn-mug Finn-rug"),
        right=(2 / 3 + 1 / 2) / 2,
    ),
]
POOL_AGAIN = (
    _pairs("Gus-lamp Gus-tea Hal-tea Hal-tea Ina-mug"),
    _pairs("Gus-tea Gus-lamp Gus-mug Gus-rug Hal-tea Hal-pan Kim-rug"),
)


def pool_recall(pool, later):
    """Count what was found of each user, and divide by what the user looked at."""
    found = later.merge(pool.drop_duplicates()).groupby("user_id").size()
    wanted = later.groupby("user_id").size()
    return (found / wanted).fillna(0).mean()


POOL_RECALL = Exercise(
    id="09f-1",
    hints=(
        "Ana looked at the lamp and the mug, and only the lamp was proposed. What is her recall?",
        "Drop repeated candidates, merge both tables, and count the rows of each user. A user "
        "without a find is missing from that count.",
        "found = later.merge(pool.drop_duplicates()), counted by user; divided by the counts of "
        "`later`, with 0 for missing users; then the mean.",
    ),
    solution=pool_recall,
    check=on_cases(*POOLS, held_back=[POOL_AGAIN]),
    mistakes="""
    .drop_duplicates() =>
        A candidate that two sources proposed counts twice. Drop repeated rows first.
    .fillna(0) =>
        Users of whom nothing was found drop out of the mean. Their recall is 0.
    return … => return found.sum() / wanted.sum()
        This is the share of all pairs, so users with many views count more. Take each user's recall
        first, then the mean.
    wanted = later => wanted = pool.drop_duplicates()
        You divided by the number of candidates: this is precision. Recall divides by what the user
        looked at.
    return … => return (found > 0).sum() / len(wanted)
        This is the hit rate, the share of users with at least one find.
    later.merge(pool.drop_duplicates()) => later[later["item_id"].isin(pool["item_id"])]
        You looked for the item among the candidates of all users. Match the user, too.
    / wanted).fillna(0).mean() => .sum() / len(wanted))
        This is how much was found per user. Divide by what each user looked at.
    return … => return (found / wanted).sum() / pool["user_id"].nunique()
        You divided by the users with candidates. The mean is over the users in `later`.
    """,
    takeaway="The recall of the candidates is a ceiling for all that follows.",
)

VIEWED = by_row("""
    item_id occurred_at
    lamp 2025-02-15T00:00; lamp 2025-03-01T12:00; lamp 2025-03-10T09:00; rug 2025-03-20T18:00
    lamp 2025-04-05T08:00
""")
SERVED = by_row("""
    item_id served_at
    lamp 2025-03-15T00:00; rug 2025-03-15T00:00; lamp 2025-04-05T08:00; tea 2025-04-05T08:00
""")
# The lamp: three views before March 15, the first exactly 28 days. The rug: not yet. The lamp on
# April 5: March 10 is 26 days ago, March 1 is 35, and the view at this very moment does not count.
MOMENTS = [
    Case(VIEWED, SERVED, right=[3, 0, 1, 0]),
    (
        by_row("""
            item_id occurred_at
            tea 2025-05-02T10:00; mug 2025-05-03T10:00; tea 2025-05-20T10:00; tea 2025-05-29T10:00
            mug 2025-06-02T10:00; tea 2025-06-10T10:00
        """),
        by_row("""
            item_id served_at
            tea 2025-05-21T00:00; mug 2025-05-30T10:00; tea 2025-05-30T11:00; tea 2025-06-20T00:00
            mug 2025-05-01T00:00
        """),
    ),
]
MOMENTS_AGAIN = (
    by_row("""
        item_id occurred_at
        pan 2025-09-01T10:00; pan 2025-09-15T10:00; oil 2025-09-16T10:00; pan 2025-10-20T10:00
    """),
    by_row("item_id served_at; pan 2025-09-16T00:00; oil 2025-10-20T00:00; pan 2025-10-20T10:00"),
)


def views_before(views, served):
    """For each row, count the views of its item in the 28 days before its moment."""
    counts = []
    for item, moment in zip(served["item_id"], served["served_at"], strict=True):
        of_item = views.loc[views["item_id"] == item, "occurred_at"]
        start = moment - pd.Timedelta(days=28)
        counts.append(((of_item >= start) & (of_item < moment)).sum())
    return counts


VIEWS_BEFORE = Exercise(
    id="09f-2",
    hints=(
        "A lamp was served on March 15. Which of its views could the server know?",
        "Go through the rows of `served`. For each, take the views of its item, from 28 days "
        "before the moment until just before it.",
        "Count where occurred_at >= served_at − 28 days and occurred_at < served_at, for the same "
        "item.",
    ),
    solution=views_before,
    check=on_cases(*MOMENTS, held_back=[MOMENTS_AGAIN]),
    mistakes="""
    & (of_item < moment) =>
        Your window has no end: views after the moment count, too. The server could not know them.
    (of_item >= start) & =>
        Your window has no beginning. Count the last 28 days only.
    >= start => > start
        A view exactly 28 days before the moment counts.
    of_item >= start => (moment - of_item).dt.days <= 28
        `.dt.days` drops the hours, so a view 28 days and an hour before the moment counts, too.
    (of_item >= start) & => (of_item <= moment + (moment - start)) &
    of_item < moment => of_item > moment
        You counted the 28 days after the moment. The server could not know them.
    < moment => <= moment
        A view at the very moment counts. It may come from the list itself: leave it out.
    moment - pd.Timedelta => served["served_at"].max() - pd.Timedelta
        Your window begins 28 days before the last moment of all. Each row has its own moment.
    (of_item < moment) => (of_item < served["served_at"].max())
        Your window ends at the last moment of all rows. Each row has its own moment.
    views.loc[views["item_id"] == item, "occurred_at"] => views["occurred_at"]
        You counted the views of all items. Count those of the row's own item.
    .sum() => .any()
        This says whether there was a view. Count them.
    return … => return [(views["item_id"] == item).sum() for item in served["item_id"]]
        You counted all views of the item, whenever they were. Count those of the 28 days before the
        row's own moment.
    """,
    takeaway="A feature holds what was known at its moment, and each row has its own.",
)

RANKS_ONLY = quiz(
    id="09f-3",
    options="""
    a) It rises clearly: three opinions are better than one.
        The sources learn from the same views, so they make the same errors. Their ranks add little
        that is new, and the ranker has chance to learn, too.
    b) It hardly changes, or falls: the ranks hold little that EASE does not know.
    c) It falls to that of the bestsellers, the weakest source.
        The ranker sees the ranks of EASE as well, and learns to trust them more.
    """,
    hints=(
        "What do the three sources learn from?",
        "Does any of them know something of a user or an item that the others can't see?",
        "All three read the same table of views. A ranker can only weigh what is in its features.",
    ),
    takeaway="A ranker pays by what it knows that the candidates' models don't.",
)


BATCHES = [
    # Logits of the first row: 0 − ln ½ = ln 2 and 0 − ln ¼ = ln 4, so P(own) = 2 / (2 + 4).
    # Of the second row: ln 3 − ln ½ = ln 6 and ln 2 − ln ¼ = ln 8: 8 / (6 + 8).
    ArrayCase(
        *([[0.0, 0.0], [np.log(3), np.log(2)]], [1 / 2, 1 / 4]),
        right=-(np.log(2 / 6) + np.log(8 / 14)) / 2,
    ),
    (
        np.array([[1.0, 0.5, -1.0], [0.2, 2.0, 0.3], [-0.5, 0.1, 0.4]]),
        np.array([0.6, 0.1, 0.3]),
    ),
]
BATCH_AGAIN = (
    np.array([[0.3, 1.5, 0.0], [1.0, -0.2, 0.6], [0.9, 0.4, 2.0]]),
    np.array([0.05, 0.7, 0.25]),
)


def batch_loss(scores, share):
    """Correct each column, and take the softmax of each row; a row's own item is its diagonal."""
    weights = np.exp(scores - np.log(share))
    probability = weights / weights.sum(axis=1, keepdims=True)
    return -np.log(np.diag(probability)).mean()


BATCH_LOSS = Exercise(
    id="09f-4",
    hints=(
        "Each row is a user, each column an item of the batch. Which column is the right one for "
        "row 2?",
        "Subtract ln Q of the item from each column, take the softmax of each row, and look at "
        "the diagonal.",
        "Mean of −ln of the diagonal of exp(s − ln Q), each row divided by its sum.",
    ),
    solution=batch_loss,
    check=on_cases(*BATCHES, held_back=[BATCH_AGAIN]),
    mistakes="""
    - np.log(share) =>
        This is the loss without the correction: popular items are negatives too often. To subtract
        the same number from a whole row changes nothing, so subtract from the columns.
    scores - np.log(share) => scores + np.log(share)
        The sign is wrong: subtract ln Q. An item that is often a negative has to get more, not
        less.
    np.log(share) => share
        You subtracted the share itself. Subtract its logarithm.
    axis=1, keepdims=True => axis=0, keepdims=True
        You divided each column by its sum. The softmax is over the items, along a row.
    .mean() => .sum()
        This is the sum. Take the mean of the rows.
    np.diag(probability) => probability
        You took the mean over all cells. The loss looks only at each row's own item, the diagonal.
    -np.log => np.log
        The sign is missing: a loss is the *negative* logarithm.
    """,
    takeaway="Subtract ln Q in training, and the scores keep what makes items popular.",
    further=True,
)

TO_BLAME = quiz(
    id="09f-5",
    options="""
    a) the first stage: more candidates would show users more of what they want
        The pool already holds nine of ten. More candidates raise this ceiling, and the lists stay
        far below it.
    b) the second stage: it does not put what users want on top
    c) the re-ranking: its rules push good items out
        Without the rules the NDCG is hardly higher, so they cost little.
    d) nobody: an NDCG of 0.2 is 22% of a recall of 0.9
        They are measures of different things. A list of ten can have an NDCG near 1 whenever the
        pool holds what users want.
    """,
    hints=(
        "What would a perfect ranker make of this pool?",
        "Which stage decides what stands among the first ten?",
        "The ceiling is high, and the lists stay far below it: what is lost, is lost in between.",
    ),
    takeaway="Measure each stage by itself: recall for the first, order for the second.",
)

BOUGHT = pd.to_datetime(["2017-11-01", "2017-10-22", "2017-09-22", "2017-11-21"]).tolist()
HABITS = [
    # November 21, half-life 20: 20 days ago 1/2, 30 days ago 1/2^1.5, 60 days ago 1/8; the last
    # is the morning itself, which nobody knows yet.
    Case(BOUGHT, pd.Timestamp("2017-11-21"), 20, right=1 / 2 + 1 / 2**1.5 + 1 / 8),
    # November 1, half-life 10: ten days ago 1/2, 40 days ago 1/16.
    Case(BOUGHT, pd.Timestamp("2017-11-01"), 10, right=1 / 2 + 1 / 16),
    Case(BOUGHT, pd.Timestamp("2017-09-01"), 30, right=0),
]
# Forty days ago, then 30, 70 and 10.
HABITS_AGAIN = Case(
    *(BOUGHT, pd.Timestamp("2017-12-01"), 30),
    right=0.5 ** (4 / 3) + 0.5 + 0.5 ** (7 / 3) + 0.5 ** (1 / 3),
)


def habit_score(days, start, half_life):
    """Let each day before the start add one half for each half-life that has passed."""
    known = [day for day in days if day < start]
    return sum(0.5 ** ((start - day).days / half_life) for day in known)


HABIT_SCORE = Exercise(
    id="09f-7",
    hints=(
        "Which of the days are known on the morning of `start`? How many days ago were they?",
        "`(start - day).days` is a whole number. Half of what a day adds is left after each "
        "half-life.",
        "Sum of 0.5 ** (days ago / half_life) over the days before `start`.",
    ),
    solution=habit_score,
    check=on_cases(*HABITS, held_back=[HABITS_AGAIN]),
    mistakes="""
    if day < start =>
        You counted days from `start` on. On that morning nobody knows them.
    if day < start => if day <= start
        You counted the day of `start` itself. In the morning, nobody knows yet what it brings.
    (start - day).days / half_life => (start - day).days
        You halved the score each day. It halves once in each half-life: divide by it.
    0.5 ** ((start - day).days / half_life) => np.exp(-(start - day).days / half_life)
        After one half-life your score falls to 1/e, which is 0.37. It should be one half.
    0.5 ** ((start - day).days / half_life) => 2 ** ((start - day).days / half_life)
        Your older days count more. A day long ago should count less: ½, not 2.
    0.5 ** ((start - day).days / half_life) => ((start - day).days <= half_life)
        You counted the days of a window. Here no day drops out: it counts less and less.
    0.5 ** ((start - day).days / half_life) => 1
        You counted all days alike. A day that is a half-life ago counts half.
    return … => return 0.5 ** ((start - max(known, default=start)).days / half_life)
        You took only the last day. Add up all of them.
    """,
    takeaway="A half-life lets old habits fade, without a date after which they are forgotten.",
    further=True,
)


SWAPS = [
    # Places 1 and 3, one relevant item: (1 − 1/2) / 1. With two, the ideal is 1 + 1 / log₂ 3.
    Case(1, 3, 1, right=1 - 1 / 2),
    Case(1, 3, 2, right=(1 - 1 / 2) / (1 + 1 / np.log2(3))),
    # Places 3 and 7 of a list of two: nobody sees either.
    Case(3, 7, 2, 2, right=0.0),
    (7, 2, 3),
    (10, 1, 2),
    (4, 30, 20, 10),
]
SWAP_AGAIN = (6, 12, 15, 8)


def swap_weight(one, other, relevant, k=10):
    """Divide the difference of the two discounts by the gain of an ideal list."""
    discount = np.reciprocal(np.log2(np.arange(1, k + 1) + 1))
    gains = [discount[place - 1] if place <= k else 0 for place in (one, other)]
    return abs(gains[0] - gains[1]) / discount[:relevant].sum()


SWAP_WEIGHT = Exercise(
    id="09f-6",
    hints=(
        "A relevant item moves from place 3 to place 1. What does it add to the DCG before, and "
        "what after?",
        "A place counts 1 / log₂(place + 1), and 0 behind place k. The ideal list has its "
        "relevant items on top, at most k of them.",
        "|1 / log₂(one + 1) − 1 / log₂(other + 1)|, divided by the sum of 1 / log₂(i + 1) for i "
        "from 1 to min(k, relevant).",
    ),
    solution=swap_weight,
    check=on_cases(*SWAPS, held_back=[SWAP_AGAIN]),
    mistakes="""
    abs(gains[0] - gains[1]) => (gains[0] - gains[1])
        The weight is never negative: take the absolute value.
    / discount[:relevant].sum() =>
        This is the change in DCG. For NDCG, divide by the DCG of the ideal list.
    discount[:relevant].sum() => relevant
        You divided by the number of relevant items. Divide by the DCG of an ideal list.
    discount[:relevant].sum() => discount.sum()
        Your ideal list has k relevant items. It has only as many as there are.
    discount[:relevant].sum() => sum(1 / np.log2(np.arange(relevant) + 2))
        Your ideal list has more than k places. Relevant items behind place k add nothing.
    if place <= k => if place < k
        Place k is in the list, too.
    => if max(one, other) > k: return 0
        Only the place behind k counts 0. The swap moves the item into the list, or out of it.
    if place <= k else 0 => if place <= k else 1 / np.log2(place + 1)
        Places behind k count in your sum. Nobody sees them: they add 0.
    np.arange(1, k + 1) + 1 => np.arange(1, k + 1)
        You divided by log₂(place), which is 0 for place 1. The discount is 1 / log₂(place + 1).
    """,
    takeaway="A swap near the top weighs more than one further down.",
)
