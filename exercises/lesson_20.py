"""Exercises of lesson 20: who is singled out, what a release gives away, and who is treated how."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_column

TITLE = "Privacy and fairness"


def _purchases(*rows):
    return pd.DataFrame(rows, columns=["user_id", "item_id", "week"])


# Of the lamp in week 1 and the vase in week 2, Ben bought the lamp twice, Dora both in other weeks,
# and Hana both in these weeks, but the wrong way round.
BOUGHT = _purchases(
    *[("Ana", "lamp", 1), ("Ana", "vase", 2), ("Ana", "rug", 2), ("Ben", "lamp", 1)],
    *[("Ben", "lamp", 1), ("Cleo", "lamp", 1), ("Cleo", "vase", 2), ("Cleo", "vase", 2)],
    *[("Dora", "lamp", 3), ("Dora", "vase", 4), ("Emil", "pot", 1), ("Emil", "pan", 2)],
    *[("Flo", "pan", 1), ("Gus", "vase", 2), ("Hana", "lamp", 2), ("Hana", "vase", 1)],
)
SEEN = [
    Case(BOUGHT, [("lamp", 1), ("vase", 2)], right=2),  # Ana and Cleo
    Case(BOUGHT, [("lamp", 1), ("vase", 2), ("rug", 2)], right=1),  # Ana
    Case(BOUGHT, [("rug", 1)], right=0),
]
SEEN_AGAIN = Case(BOUGHT, [("pan", 2), ("pot", 1)], right=1)  # Emil


def candidates(purchases, seen):
    """Count the users who have bought all of it, each in the week in which it was seen."""
    points = list(zip(purchases["item_id"], purchases["week"], strict=True))
    bought = pd.Series(points, index=purchases["user_id"]).groupby(level=0).agg(set)
    return sum(set(seen) <= own for own in bought)


CANDIDATES = Exercise(
    id="20-1",
    hints=(
        "Who fits what was seen: everybody who bought one of the things, or all of them?",
        "Make a set of (item, week) pairs for each user, and compare it with those that were seen.",
        "Count the users with `set(seen) <= her set`.",
    ),
    solution=candidates,
    check=on_cases(*SEEN, held_back=[SEEN_AGAIN]),
    mistakes="""
    set(seen) <= own => any(point in own for point in seen)
        You counted everybody with any of the purchases. He has seen all of them.
    set(seen) <= own => seen[0] in own
        You looked for the first purchase only. He has seen all of them.
    return … => return … if len(seen) == 1 else 0
        You asked one row to be all the purchases at once, and none is. Look for each purchase among
        all rows of a user.
    => items, weeks = zip(*seen)
    => purchases = purchases[purchases["item_id"].isin(items) & purchases["week"].isin(weeks)]
    return … => return purchases["user_id"].nunique()
        You took every row with one of the items and one of the weeks. Compare pairs, and count
        users who have all of them.
    => items, weeks = map(set, zip(*seen))
    set(seen) <= own => items <= {item for item, _ in own} and weeks <= {week for _, week in own}
        You compared the items and the weeks apart. Each item was seen in its own week: compare
        pairs.
    => items, weeks = zip(*seen)
    => purchases = purchases[purchases["item_id"].isin(items) & purchases["week"].isin(weeks)]
    return … => return (purchases.groupby("user_id")["item_id"].nunique() == len(seen)).sum()
        With one `isin` for the items and one for the weeks, a thing that was bought in the week of
        another thing counts, too. Compare pairs.
    zip(purchases["item_id"], purchases["week"], strict=True) => purchases["item_id"]
    set(seen) <= own => {item for item, _ in seen} <= own
        You compared the items only. The weeks were seen, too, and single out far more users.
    zip(purchases["item_id"], purchases["week"], strict=True) => purchases["week"]
    set(seen) <= own => {week for _, week in seen} <= own
        You compared the weeks only. The items were seen, too.
    return … => return sum(point in seen for point in points)
        You counted rows of the table. Count users who have all that was seen.
    agg(set) => agg(list)
    set(seen) <= own => sum(point in seen for point in own) == len(seen)
        A user who bought the same item twice in a week has two rows, but that is one point. Compare
        sets.
    agg(set) => agg(list)
    set(seen) <= own => sum(point in seen for point in own) >= len(seen)
        You counted rows: buying one of the things twice is not buying both. Compare sets.
    return … => return … - 1
        You left one user out. The outsider does not know which of them he looks for.
    <= => ==
        You ask for users who bought this and nothing else. The outsider has seen only a part of
        what they bought.
    """,
    takeaway="Each point that is known divides the crowd again: behavior is a fingerprint.",
)


SENSITIVITY = quiz(
    id="20-5",
    options="""
    a) 1, because a customer counts once in each cell
        This is the sensitivity of each cell alone. All twelve are released, and she may be in all
        of them.
    b) 9, because the busiest customer in the data was active in nine quarters
        A sensitivity read from the data is a secret itself, and wrong for the neighbor with a
        busier customer. It must hold for every table.
    c) 12, because a customer may be active in all twelve quarters
    d) 2.1, because that is the mean number of quarters per customer
        The mean protects the mean customer. The promise is made to each of them.
    """,
    hints=(
        "How many cells change if one customer is taken out?",
        "The promise holds for every table there could be, not only for this one.",
        "In how many cells could one customer be at most?",
    ),
    takeaway="Sensitivity is a worst case over all tables. Bound contributions to make it small.",
)


TRADE_OFF = quiz(
    id="20-8",
    options="""
    a) the false negative and the false positive rate
        Put equal PPV and FNR into the formula: p / (1 − p) differs, and so does the FPR.
    b) both error rates, but only with better data: so the model is biased
        No data help: the formula holds for the true probabilities, too, as long as base rates
        differ and the decisions are not perfect.
    c) one of the two error rates, and then the other one differs
    d) both error rates, if the group is removed from the features
        The formula knows no features. Base rates differ whether the model sees the group or not.
    """,
    hints=(
        "Which of the four numbers in the formula are free once the base rate is given?",
        "With equal PPV and equal FNR, the formula gives the FPR from the base rate.",
        "In the example by hand PPV and FNR are equal, and the false positive rates are 0.125 and "
        "0.031.",
    ),
    takeaway="With different base rates, fairness is a choice between criteria, made by people.",
)


RELEASE = by_column(
    country=["US", "US", "US", "FR", "FR", "FR", "FR"],
    age=["18-24", "18-24", "18-24", "65+", "65+", None, None],
    reason=["late", "broken", "late", "late", "late", "broken", "color"],
    channel=["email", "email", "social", "social", "email", "email", "email"],
)
SECOND = by_column(
    country=["US"] * 4 + ["CA"] * 5,
    age=["18-24"] * 4 + ["25-34"] * 3 + [None] * 2,
    reason=["late", "broken", "color", "color", "late", "broken", "late", "late", "late"],
    channel=[
        *["email", "social", "search", "email", "social"],
        *["email", "direct", "email", "email"],
    ],
)
# Both together make one class with one reason, though each column alone leaves two or more.
CROSSED = by_column(
    country=["US", "US", "US", "US", "FR", "FR", "FR", "FR"],
    age=["18-24", "18-24", "65+", "65+", "18-24", "18-24", "65+", "65+"],
    reason=["late", "late", "broken", "color", "broken", "color", "late", "broken"],
)
DIVERSITIES = [
    Case(RELEASE, ["country", "age"], "reason", right=1),  # late in France, 65+
    Case(RELEASE, ["country"], "reason", right=2),  # late and broken in the US
    Case(SECOND, ["country", "age"], "reason", right=1),  # late in Canada, no age
    Case(SECOND, ["country"], "channel", right=3),  # in both countries
    Case(CROSSED, ["country", "age"], "reason", right=1),  # late in the US, 18-24
]
DIVERSITY_AGAIN = Case(
    pd.concat([SECOND, SECOND.assign(reason="broken")], ignore_index=True),
    ["country", "age"],
    "reason",
    right=2,  # late and broken in Canada
)


def diversity(table, columns, sensitive):
    """Count the different sensitive values in each class; the smallest count is l."""
    return table.groupby(columns, dropna=False)[sensitive].nunique().min()


DIVERSITY = Exercise(
    id="20-2",
    hints=(
        "An outsider has found the class of a colleague. What if all of its rows say the same?",
        "Group by the quasi-identifiers, and count the different sensitive values of each group.",
        "`groupby(columns, dropna=False)[sensitive].nunique()`, and of that the smallest.",
    ),
    solution=diversity,
    check=on_cases(*DIVERSITIES, held_back=[DIVERSITY_AGAIN]),
    mistakes="""
    [sensitive].nunique() => .size()
        This is k, the size of the smallest class. Count the *different* sensitive values in each
        class.
    , dropna=False =>
    [sensitive].nunique() => .size()
        This is the size of the smallest class, and `groupby` drops rows with a missing
        quasi-identifier. Count the *different* sensitive values, with `dropna=False`.
    groupby(columns => groupby(column
    return … => return min(… for column in columns)
        You grouped by one column at a time. An outsider knows all of them together.
    groupby(columns => groupby(columns[0]
        You grouped by the first column only. An outsider knows all of them together.
    table.groupby => table.dropna().groupby
        You dropped rows with a missing quasi-identifier. They are released, too: `dropna=False`.
    return … => return table[sensitive].nunique()
        You counted the values of the whole table. Count them in each class.
    , dropna=False =>
        `groupby` drops rows with a missing quasi-identifier. They are released, too:
        `dropna=False`.
    min => mean
        This is the mean of the classes. The users in the worst class are the ones at risk.
    min => max
        This is the largest count. The users in the worst class are the ones at risk.
    min() => eq(1).sum()
        This is the number of classes that hold one value. The question asks for l, the smallest
        number of values in a class.
    """,
    takeaway="k-anonymity hides which row is hers; if all rows agree, that hides nothing.",
    further=True,
)


ERRORS = [
    ArrayCase([0.1, 0.2, 0.5, 0.9], [0.3, 0.8, 0.9, 1.2], 0.5, right=3 / 4 - 1 / 4),
    # worse than guessing
    ArrayCase([0.8, 0.3, 0.7, 0.9], [0.2, 0.4, 1.1], 0.5, right=1 / 4 - 2 / 3),
]
ERRORS_AGAIN = ArrayCase([0.2, 0.9, 0.4], [0.6, 0.3, 0.8, 0.4], 0.4, right=2 / 3 - 2 / 4)


def advantage(members, others, threshold):
    """Subtract the share of false accusations from the share of members that are found."""
    found, accused = members <= threshold, others <= threshold
    return found.mean() - accused.mean()


ADVANTAGE = Exercise(
    id="20-3",
    hints=(
        "How many members does he find, and how often is he wrong about others?",
        "He says 'member' if the error is at most the threshold. Take the share of members and the "
        "share of others of whom he says it.",
        "True positive rate − false positive rate.",
    ),
    solution=advantage,
    check=on_cases(*ERRORS, held_back=[ERRORS_AGAIN]),
    mistakes="""
    - accused.mean() =>
        You looked at the members alone. Saying 'member' of everybody finds them all: subtract how
        often it is said of others.
    found.mean() - =>
        This is how often he is wrong about others. Subtract it from the share of members.
    return … => return abs(…)
        You took the absolute value. An attack that is worse than guessing has a negative advantage.
    - => /
        You divided the two shares. The advantage is their difference.
    return … => return (found.mean() + (~accused).mean()) / 2
        This is the balanced accuracy, 0.5 for a guess. The advantage is the difference of the two
        shares.
    return … => return (found.sum() - accused.sum()) / (len(members) + len(others))
        You divided by the number of all. Each share is one of its own group.
    members <= => members >
    others <= => others >
        The sign is wrong. A *small* error speaks for a member; take the share of members first, and
        subtract the share of others.
    return … => return found.sum() / (found.sum() + accused.sum())
        This is the precision: it depends on how many others there are. Compare two shares.
    return … => return found.sum() - accused.sum()
        You subtracted counts. The groups have different sizes: subtract shares.
    return … => return np.concatenate([found, ~accused]).mean()
        This is the accuracy. It is high whenever one group is large; the advantage compares two
        shares, and is 0 for a guess.
    return … => return others.mean() - members.mean()
        This is the difference of the mean errors. The attacker decides by the threshold.
    members <= => members <
    others <= => others <
        An error equal to the threshold counts: he says 'member' at *at most* the threshold.
    """,
    takeaway="A model that errs less on what it has seen tells what it has seen.",
)


RELEASED = [
    ArrayCase([103.0, 98.0, 100.5], 100, 101, 2.0, right=np.array([2 - 3, 3 - 2, 0.5 - 0.5]) / 2),
    ArrayCase([5.0, 11.0, 7.5], 7, 10, 1.5, right=np.array([5 - 2, 1 - 4, 2.5 - 0.5]) / 1.5),
]
RELEASED_AGAIN = ArrayCase(
    *([20.0, 26.0, 23.0], 25, 22, 0.5), right=np.array([2 - 5, 4 - 1, 1 - 2]) / 0.5
)


def privacy_loss(released, count, neighbor, scale):
    """Take the logarithm of the ratio of the two Laplace densities."""
    return (np.abs(released - neighbor) - np.abs(released - count)) / scale


PRIVACY_LOSS = Exercise(
    id="20-4",
    hints=(
        "Where is the released number more likely: around the one count or around the other?",
        "The Laplace density is exp(−|z − count| / b) / 2b. In the ratio 2b cancels.",
        "The logarithm of the ratio is (|z − neighbor| − |z − count|) / b.",
    ),
    solution=privacy_loss,
    check=on_cases(*RELEASED, held_back=[RELEASED_AGAIN]),
    mistakes="""
    => count, neighbor = neighbor, count
        The sign is wrong: near `count`, the loss is positive.
    return … => return np.exp(…)
        This is the ratio itself. The privacy loss is its logarithm.
    np.abs(released - neighbor) => (released - neighbor)
    np.abs(released - count) => (released - count)
        The absolute values are missing: distances count, on either side.
    np.abs(released - neighbor) => (released - neighbor) ** 2
    np.abs(released - count) => (released - count) ** 2
        You took squares, as for normal noise. The Laplace density falls with the distance.
    np.abs(released - neighbor) => (released - neighbor) ** 2
    np.abs(released - count) => (released - count) ** 2
    / scale => / (2 * scale**2)
        This is the loss of normal noise. The Laplace density falls with the distance, not with its
        square.
    / scale => / (2 * scale)
        You divided by 2b. The 2b stands before the exponential and cancels; in the exponent there
        is b.
    return … => return np.abs(…)
        The loss has a sign: negative where the number is more likely without her.
    => density = lambda middle: np.exp(-np.abs(released - middle) / scale) / (2 * scale)
    return … => return density(count) - density(neighbor)
        You subtracted the densities. Take the logarithm of their ratio.
    / scale => * scale
        You multiplied by the scale. More noise means less loss: divide.
    return … => return np.abs(count - neighbor) / scale + 0 * released
        This is the bound, ε, the largest loss there can be. Between the two counts the loss is
        smaller.
    / scale =>
        You left out the scale b of the noise.
    """,
    takeaway="The loss is never above |count − neighbor| / b, whatever is released: that is ε.",
)


def _events(**rows):
    table = pd.DataFrame(rows)
    return table.assign(occurred_at=pd.to_datetime(table["occurred_at"]))


def _consents(*rows):
    table = pd.DataFrame(rows, columns=["user_id", "purpose", "given_on", "withdrawn_on"])
    return table.assign(**{c: pd.to_datetime(table[c]) for c in ("given_on", "withdrawn_on")})


CONSENTS = _consents(
    ("Ana", "recommendations", "2025-01-05", None),
    ("Ana", "email", "2025-01-05", None),
    ("Ben", "recommendations", "2025-01-05", "2025-06-20"),
    ("Cleo", "email", "2025-02-01", None),
    ("Dora", "recommendations", "2025-06-25", None),
)
EVENTS = _events(
    event_id=[f"E{number}" for number in range(1, 11)],
    user_id=["Ana", "Ana", "Ana", "Ben", "Ben", "Cleo", "Dora", "Dora", "Emil", "Ana"],
    occurred_at=[
        *["2025-02-01", "2025-06-01", "2025-06-10", "2025-01-10", "2025-06-15"],
        *["2025-06-12", "2025-06-11", "2025-05-01", "2025-06-12", "2025-05-31"],
    ],
)


def _use(purpose, today, days, *, right):
    return Case(EVENTS, CONSENTS, purpose, pd.Timestamp(today), days, right=right)


USES = [
    _use("recommendations", "2025-07-01", 30, right=["E2", "E3", "E7"]),
    _use("recommendations", "2025-06-18", 14, right=["E3", "E5"]),
    _use("recommendations", "2025-06-20", 14, right=["E3"]),  # Ben withdraws
    _use("recommendations", "2025-06-25", 14, right=["E7"]),  # Dora agrees
    _use("email", "2025-07-15", 30, right=[]),
]
USES_AGAIN = _use("email", "2025-06-30", 200, right=["E1", "E2", "E3", "E6", "E10"])


def usable(events, consents, purpose, today, days):
    """Keep events that are young enough, of users who allow the purpose today."""
    about = consents[consents["purpose"] == purpose]
    holds = (about["given_on"] <= today) & ~(about["withdrawn_on"] <= today)
    young = events["occurred_at"] >= today - pd.Timedelta(days=days)
    agreed = events["user_id"].isin(about.loc[holds, "user_id"])
    return events.loc[young & agreed, "event_id"].tolist()


USABLE = Exercise(
    id="20-6",
    hints=(
        "Two questions decide about an event: does its user agree today, and is it young enough?",
        "Consent is for one purpose, given by today, and not withdrawn by today. A missing "
        "withdrawal compares as False.",
        "Events with occurred_at ≥ today − days, and user_id among those who agree.",
    ),
    solution=usable,
    check=on_cases(*USES, held_back=[USES_AGAIN]),
    mistakes="""
    about = … => about = consents
        You accepted consent to any purpose. It holds for the purpose that was asked about.
    & ~(about["withdrawn_on"] <= today) =>
        You kept users who have withdrawn their consent.
    (about["given_on"] <= today) & =>
        You kept users whose consent was not given yet: given_on must be today or earlier.
    about = … => about = consents
    return … => return events[young].merge(about[holds])["event_id"].tolist()
        You joined all consents: other purposes count, too, and a user who agreed to two has each
        event twice. Keep the purpose that was asked about.
    about.loc[holds, "user_id"] => about["user_id"]
        You looked at the purpose only. Consent must be given by today, and not withdrawn.
    ~(about["withdrawn_on"] <= today) => about["withdrawn_on"].isna()
        You left out all who withdraw at any time. Until the day of the withdrawal, their consent
        holds.
    about["withdrawn_on"] <= => about["withdrawn_on"] <
        The day of the withdrawal counts as withdrawn.
    about["given_on"] <= => about["given_on"] <
        Consent holds on the day on which it is given.
    >= today => > today
        An event that is exactly `days` days old may still be used: *at most*.
    about = … => about = events = events.merge(…, on="user_id")
    about["given_on"] <= today => about["given_on"] <= about["occurred_at"]
    about["withdrawn_on"] <= today => about["withdrawn_on"] <= about["occurred_at"]
    young & agreed => young & holds
        You asked whether the user agreed on the day of the event. The question is whether she
        agrees today.
    "event_id" => "user_id"
        These are the users. Return the ids of the events.
    young & =>
        You left out the retention period: events older than `days` have to go.
    & agreed =>
        You looked at the age of the events only. Their users' consent is missing.
    ~(about["withdrawn_on"] <= today) => (about["withdrawn_on"] > today)
        `withdrawn_on > today` is False where it is missing, so you lost all who did not withdraw.
        Write `~(withdrawn_on <= today)`.
    >= today => < today
        The comparison of dates is turned around: you kept the old events.
    """,
    takeaway="No entry, another purpose, or a withdrawal: each of them means no.",
)


def _rates(**by_group):
    return pd.Series(by_group).rename_axis("group")


CHOICES = [
    ArrayCase(
        [True, True, False, True, True, True, False, False],
        [True, False, True, True, True, False, False, True],
        ["old", "old", "old", *["young"] * 5],
        right=_rates(old=1 / 2, young=1 / 3),
    ),
    ArrayCase(
        [True, False, True, True, False, True, True, False, True, True, False],
        [False, True, True, False, False, True, True, True, False, True, True],
        ["a", "b", "a", "a", "b", "b", "b", "a", "b", "b", "b"],
        right=_rates(a=2 / 3, b=1 / 4),
    ),
]
CHOICE_AGAIN = ArrayCase(
    *([True, True, True, False, True, False], [True, True, False, True, True, False]),
    ["x", "x", "x", "y", "y", "y"],
    right=_rates(x=1 / 3, y=0 / 1),
)


def missed(needed, chosen, group):
    """Among those who needed it, average by group who was not chosen."""
    return pd.Series(~chosen[needed]).groupby(group[needed]).mean().rename_axis("group")


MISSED = Exercise(
    id="20-7",
    hints=(
        "Whose loss do you measure: that of everybody, or of those for whom it would have paid?",
        "Keep the rows with `needed`. Which share of them was not chosen, in each group?",
        "Use `pd.Series(~chosen[needed]).groupby(group[needed]).mean()`.",
    ),
    solution=missed,
    check=on_cases(*CHOICES, held_back=[CHOICE_AGAIN]),
    mistakes="""
    => needed = ~needed
    ~chosen => chosen
        This is the false positive rate: those chosen among those who did not need it.
    ~chosen => chosen
        This is the share that was found. The question asks for those who were missed.
    ~chosen[needed] => needed & ~chosen
    group[needed] => group
        You divided by all of the group. Divide by those who needed it.
    chosen[needed] => chosen
    group[needed] => group
        This is the share not chosen among all. Many of them did not need it.
    ~chosen[needed] => needed[~chosen]
    group[needed] => group[~chosen]
        You divided by the rejected. Divide by those who needed it.
    => needed = ~needed
        You kept those who did not need it. Keep those who did.
    ~chosen[needed] => needed[chosen]
    group[needed] => group[chosen]
        This is the PPV: of those chosen, who needed it. Divide by those who needed it.
    ~chosen[needed] => ~needed[chosen]
    group[needed] => group[chosen]
        You divided by those chosen. Divide by those who needed it.
    mean => sum
        These are numbers of customers. Divide by those who needed it.
    ~chosen[needed] => chosen
    group[needed] => group
        This is the share chosen. Look at those who needed it, and count who was not chosen.
    ~chosen[needed] => needed
    group[needed] => group
        This is the base rate. Of those who needed it, count who was not chosen.
    return … => return (~chosen[needed]).mean()
        This is the rate of all together. Compute it group by group.
    mean => sum
    return … => return … / needed.sum()
        You divided by the number of all who needed it. Divide by those of the same group.
    """,
    takeaway="Two error rates, two denominators: say whose loss you compare.",
)
