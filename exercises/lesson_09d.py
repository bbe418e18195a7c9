"""Exercises of lesson 09d: propensities, position bias, and the value of lists nobody has seen."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays, by_row

TITLE = "Counterfactual evaluation"


def _shown(text):
    """Write a log as words: item, place, and * if it was clicked."""
    rows = [(word[0], int(word[1]), word.endswith("*")) for word in text.split()]
    return pd.DataFrame(rows, columns=["item_id", "position", "clicked"])


LOOKS = pd.Series({1: 1.0, 2: 0.5, 3: 0.25})
LOGS = [
    Case(
        *(_shown("a1* b2 a1 b2* a2* b1"), LOOKS),
        right=pd.Series({"a": 2 / (1 + 1 + 0.5), "b": 1 / (0.5 + 0.5 + 1)}).rename_axis("item_id"),
    ),
    (_shown("a1* b2* c3 b1 a2 c3* c1 a3* b2 a1"), LOOKS),
    (_shown("a1* b2* c3 b1 a2 c3* c1 a3* b2 a1"), pd.Series({1: 1.0, 2: 0.8, 3: 0.6})),
]
LOG_AGAIN = (_shown("d3* a1 b2* b1* d3 a2 d2 a1* b3 d1*"), pd.Series({1: 1.0, 2: 0.7, 3: 0.4}))


def relevance_of(log, examination):
    """Divide the clicks on each item by the times it was looked at, on average."""
    looks = log["position"].map(examination)
    items = log.assign(looks=looks).groupby("item_id")
    return items["clicked"].sum() / items["looks"].sum()


RELEVANCE_OF = Exercise(
    id="09d-3",
    hints=(
        "An item was shown ten times in a place at which a user looks every second time. How often "
        "was it looked at?",
        "Map each row's position to its examination probability, and add up for each item.",
        "Clicks of the item ÷ sum of the examination probabilities of its rows.",
    ),
    solution=relevance_of,
    check=on_cases(*LOGS, held_back=[LOG_AGAIN]),
    mistakes="""
    return … => return items["clicked"].mean()
        This is the click-through rate: items in low places get too little. Divide the clicks by the
        looks, not by the rows.
    return … => return (log["clicked"] * looks).groupby(log["item_id"]).mean()
        You took clicks times the examination probability. A click in a low place is rarer, so it
        must count more.
    return … => return (log["clicked"] / looks).groupby(log["item_id"]).mean()
        You divided each click by its examination probability and took the mean. That is unbiased,
        too, but noisier. The question asks for clicks ÷ looks.
    return … => return (log["clicked"] / looks).groupby(log["item_id"]).sum()
        You divided each click by its examination probability and added up. Such a sum grows each
        time an item is shown. Divide all its clicks by all its looks.
    return … => return items["clicked"].mean() * items["position"].mean()
        You multiplied by the mean place. Use the examination probabilities that are given.
    return … => return 1 / (…)
        These are looks per click. Relevance is clicks per look.
    items["clicked"].sum() / =>
        These are the looks alone. Divide the clicks by them.
    looks=looks => looks=looks * log["clicked"]
        You added up the looks of the clicked rows only. An item is also looked at without being
        clicked.
    """,
    takeaway="Clicks per look, not clicks per time shown.",
)


def _log(lists, propensity, target, clicked):
    return pd.DataFrame(
        {
            "list_id": lists,
            "propensity": propensity,
            "target": np.array(target, float),
            "clicked": np.array(clicked, bool),
        }
    )


IPS_LOGS = [
    Case(
        _log([1, 1, 2, 2], [0.5, 0.5, 0.2, 0.25], [1, 0, 0, 1], [1, 1, 0, 1]),
        right=(1 / 0.5 + 1 / 0.25) / 2,
    ),
    _log(
        [1, 1, 2, 2, 3, 3], [0.5, 0.1, 0.4, 0.2, 0.8, 0.25], [1, 1, 0, 1, 1, 0], [0, 1, 1, 1, 1, 0]
    ),
    Case(
        by_row("""
            list_id propensity target clicked
            7 0.4 0.5 True;  7 0.5 0.2 False; 8 0.2 0.1 True;  8 0.1 0.8 True;  9 0.6 0.4 False
            9 0.3 0.0 True
        """),
        right=(0.5 / 0.4 + 0.1 / 0.2 + 0.8 / 0.1) / 3,
    ),
    # No row of list 6 matches, but it counts.
    Case(
        by_row("""
            list_id propensity target clicked
            5 0.4  1.0 True;  5 0.5  0.0 False; 6 0.2  0.0 True;  6 0.3  0.0 False; 7 0.5  0.0 False
            7 0.25 1.0 True
        """),
        right=(1 / 0.4 + 1 / 0.25) / 3,
    ),
]
IPS_AGAIN = _log(
    [4, 4, 5, 5, 6, 6], [0.3, 0.6, 0.7, 0.2, 0.5, 0.9], [1, 0.4, 0, 1, 0.3, 1], [1, 1, 0, 0, 1, 1]
)


def ips(log):
    """Weight each click by target / propensity, and divide the sum by the number of lists."""
    weights = log["target"] / log["propensity"]
    return (weights * log["clicked"]).sum() / log["list_id"].nunique()


IPS = Exercise(
    id="09d-4",
    hints=(
        "An item stood in this place in one list of ten, and the new policy always puts it there. "
        "For how many lists does this one speak?",
        "The weight of a row is target ÷ propensity. Unclicked rows add nothing to the sum.",
        "Σ target / propensity · clicked, divided by the number of *lists*.",
    ),
    solution=ips,
    check=on_cases(*IPS_LOGS, held_back=[IPS_AGAIN]),
    mistakes="""
    log["list_id"].nunique() => len(log)
        You divided by the number of rows. The value is clicks per list, so divide by the number of
        lists.
    / log["propensity"] =>
        You counted matching clicks without weights. Items that were rarely shown count too little:
        divide by the propensity.
    log["target"] => 1
        This is without the target: rows that the new policy would not show count, too.
    log["list_id"].nunique() => weights.sum()
        You divided by the sum of the weights: that is self-normalized. IPS divides by the number of
        lists.
    / log["propensity"] => * log["propensity"]
        You multiplied by the propensity. What was shown rarely must count more, not less.
    log["list_id"].nunique() => log["clicked"].sum()
        You divided by the number of clicked rows. Divide by all lists, clicked or not.
    log["list_id"].nunique() => (log["target"] > 0).sum()
        You divided by the number of matching rows. The weights already make up for the lists that
        do not match: divide by all lists.
    log["list_id"].nunique() => log.loc[log["target"] > 0, "list_id"].nunique()
        You divided by the number of lists with a match. The weights already make up for the lists
        without one: divide by all lists.
    log["target"] => (log["target"] > 0)
        You rounded up each target above 0 to 1. The weight is target / propensity.
    return … => return log.loc[log["target"] > 0, "clicked"].mean()
        This is the share of the matching rows that were clicked. Weight each click.
    / log["list_id"].nunique() =>
        The sum is not divided by the number of lists.
    """,
    takeaway="A row that was shown with probability p speaks for 1 / p rows.",
)

NO_RANDOMNESS = quiz(
    id="09d-7",
    options="""
    a) about its true value, with a wide interval
        IPS is unbiased only with common support: whatever the new list shows must have been shown
        now and then.
    b) far too little, with a wide interval
        The interval would not be wide: all weights are 0 or 1. It does not know what was never
        shown.
    c) far too little, with a narrow interval
    d) nothing: the estimate can't be computed
        It can be computed, and no error is raised, because no propensity of a shown item is 0. That
        is what makes it dangerous.
    """,
    hints=(
        "How many places of the new list ever stood in this log?",
        "Where the two lists agree, the propensity is 1 and so is the weight. What do the other "
        "places add to the sum?",
        "Weights of 0 and 1 vary little, and the standard error measures only what varies.",
    ),
    takeaway="What was never shown counts as zero clicks, and no interval says so.",
)

WEIGHTS = [
    # Each is second if the other comes first.
    ArrayCase([3.0, 1.0], right=[1 / 4, 3 / 4]),
    # The first is second after either of the others, the second after the first or the third.
    ArrayCase(
        [2.0, 1.0, 1.0], right=np.array([2 * 1 / 4 * 2 / 3] + 2 * [2 / 4 * 1 / 2 + 1 / 4 * 1 / 3])
    ),
    np.array([5.0, 3.0, 1.0, 1.0]),
]
WEIGHTS_AGAIN = np.array([0.5, 4.0, 2.5, 1.0, 2.0])  # held back


def second_place(weights):
    """Add up, over what can come first, its probability times the item's share of the rest."""
    total, seconds = weights.sum(), np.zeros(len(weights))
    for first, w in enumerate(weights):
        rest = weights / (total - w)
        rest[first] = 0
        seconds += w / total * rest
    return seconds


SECOND_PLACE = Exercise(
    id="09d-1",
    hints=(
        "What must come first, so that an item can be second?",
        "After item j, which is first with probability w_j / W, item i is next with probability "
        "w_i / (W − w_j).",
        "P(i second) = Σ over j ≠ i of w_j / W · w_i / (W − w_j).",
    ),
    solution=second_place,
    check=on_cases(*WEIGHTS, held_back=[WEIGHTS_AGAIN]),
    mistakes="""
    return … => return weights / total
        These are the probabilities of the first place. What came first is no longer there.
    rest[first] = 0 =>
        Here an item can be drawn twice, first and second. Leave out j = i.
    (total - w) => total
        You divided by the total of all weights. After item j the rest weighs W − w_j.
    weights / (total - w) => np.full(len(weights), 1 / (len(weights) - 1))
        You let the others follow equally often. They follow in proportion to their weights.
    return … => return 1 - weights / total
        This is the probability of not being first. An item that is not first may be third.
    return … => return np.full(len(weights), 1 / len(weights))
        You made it the same for all. Heavier items are more likely to be second, unless they are
        first too often.
    return … => seconds = weights / total * (1 - weights / total); return seconds / seconds.sum()
        You multiplied each probability by that of not being first, and rescaled. What came first
        matters: after a heavy item more is left for the others.
    """,
    takeaway="A propensity can be computed when the list is made; afterwards it is hard to find.",
    further=True,
)


def _swaps(*lists):
    """Write lists as (partner of place 1, swapped, clicked places)."""
    rows = [
        (number, place, partner, swapped, place in clicked)
        for number, (partner, swapped, clicked) in enumerate(lists)
        for place in (1, 2, 3)
    ]
    return pd.DataFrame(rows, columns=["list_id", "position", "partner", "swapped", "clicked"])


SWAPS = _swaps(
    (2, False, {1}), (2, True, {1, 2}), (3, False, {1, 3}), (2, False, {1}), (3, True, {2}),
    (3, False, {1}), (2, True, {3}), (3, True, {2}),
)  # fmt: skip
MORE_SWAPS = _swaps(
    (2, True, {1, 3}), (2, False, {1, 2}), (3, True, {1}), (3, False, {1, 3}), (2, False, {1, 3}),
    (2, True, {2}), (2, False, {1}), (3, True, {1, 2, 3}), (3, False, {1, 2}),
)  # fmt: skip
SWAPS_AGAIN = _swaps(
    (3, True, {1}), (2, False, {2}), (3, False, {1, 3}), (3, True, {1, 2}), (2, True, {1}),
    (3, True, {1, 3}), (2, True, {1, 3}), (3, False, {1, 2}), (2, False, {3}), (3, False, {2}),
)  # fmt: skip


def swap_ratio(lists, k):
    """Compare clicks in place k and place 1, in the lists in which these two may be swapped."""
    mine = lists[lists["partner"] == k]
    rate = mine.groupby("position")["clicked"].mean()
    return rate[k] / rate[1]


SWAP_RATIO = Exercise(
    id="09d-2",
    hints=(
        "In which lists did place 1 and place k hold the same items equally often?",
        "Keep the lists whose `partner` is k, swapped or not, and compare two click-through rates.",
        "Rate in place k divided by the rate in place 1, among the rows with `partner` = k.",
    ),
    solution=swap_ratio,
    check=on_cases(
        Case(SWAPS, 2, right=(1 / 4) / (3 / 4)),  # clicks in four lists each
        Case(SWAPS, 3, right=(1 / 4) / (2 / 4)),
        (MORE_SWAPS, 2),
        (MORE_SWAPS, 3),
        held_back=[(SWAPS_AGAIN, 3)],
    ),
    mistakes="""
    [lists["partner"] == k] =>
        You used all lists. Only where `partner` is k do the two places exchange items.
    lists["partner"] == k => (lists["partner"] == k) & ~lists["swapped"]
        You used the unswapped lists only. There the better item always stands in place 1.
    lists["partner"] == k => (lists["partner"] == k) & lists["swapped"]
        You used the swapped lists only. There the better item always stands in place k.
    rate[k] / rate[1] => rate[1] / rate[k]
        The ratio is upside down: place k is compared with place 1.
    / rate[1] =>
        This is the click-through rate of place k, not divided by that of place 1.
    / => -
        You took the difference of the rates. The model multiplies, so take the ratio.
    / rate[1] => / lists.groupby("position")["clicked"].mean()[1]
        You compared with place 1 of all lists. Its items differ: take the same lists for both
        places.
    """,
    takeaway="Same items in both places: what differs is the place.",
)

SNIPS_LOGS = [
    ArrayCase([0.5, 0.5, 0.25, 0.25], [1.0, 0, 1, 1], [1, 1, 0, 1], right=(2 + 4) / (2 + 4 + 4)),
    (np.array([0.2, 0.4, 0.5, 0.1]), np.array([0.6, 0.2, 1, 0.3]), np.array([0, 1, 1, 0])),
    (np.array([0.8, 0.3, 0.05]), np.array([1.0, 0.5, 0]), np.array([1, 0, 1])),
]
SNIPS_AGAIN = arrays(
    [0.3, 0.6, 0.7, 0.2, 0.15], [0.9, 0, 0.4, 1, 0.2], [1, 1, 1, 0, 1]
)  # held back


def snips(propensity, target, clicked):
    """Divide the weighted clicks by the weights."""
    weights = target / propensity
    return (weights * clicked).sum() / weights.sum()


SNIPS = Exercise(
    id="09d-5",
    hints=(
        "By chance there are too many rows with large weights. What else gets too large?",
        "A weighted mean divides by the sum of the weights.",
        "Σ w·clicked / Σ w, with w = target / propensity.",
    ),
    solution=snips,
    check=on_cases(*SNIPS_LOGS, held_back=[SNIPS_AGAIN]),
    mistakes="""
    weights.sum() => len(weights)
        You divided by the number of rows: this is IPS. Divide by the sum of the weights.
    target / => 1 /
        You forgot the target: this is the value of showing all items equally often.
    weights.sum() => (target > 0).sum()
        You divided by the number of matching rows. Divide by the sum of their weights.
    / propensity =>
        This is without the propensity, so it favors items that were shown often.
    weights.sum() => (weights * clicked > 0).sum()
        You took the mean over the weights of the clicked rows. Divide by the weights of all rows.
    / weights.sum() =>
        The sum is not divided by the sum of the weights.
    weights.sum() => (1 / propensity).sum()
        The target is missing below: divide by the sum of target / propensity.
    / propensity => * propensity
        You multiplied by the propensity. What was shown rarely must count more, not less.
    return … => return clicked[target > 0].mean()
        This is the unweighted share of matching rows that were clicked. Weight each row.
    weights.sum() => target.sum()
        You divided by the sum of the targets. Divide by the sum of target / propensity.
    """,
    takeaway="A weighted mean of clicks can't leave the range of clicks.",
)

# The first case: two lists of one place, with weights 2 and 0.
DR_LOGS = [
    ArrayCase(
        *([0.5, 0.5], [1.0, 0], [1, 0], [0.2, 0.3], [0.3, 0.4]),
        right=((0.3 + 2 * (1 - 0.2)) + 0.4) / 2,
    ),
    (
        np.array([0.2, 0.4, 0.5, 0.25]), np.array([0.6, 0.2, 1, 0.3]), np.array([0, 1, 1, 0]),
        np.array([0.1, 0.4, 0.3, 0.2]), np.array([0.25, 0.35, 0.3, 0.15]),
    ),
]  # fmt: skip
DR_AGAIN = (
    np.array([0.3, 0.6, 0.8, 0.1]), np.array([0.9, 0, 1, 0.2]), np.array([1, 1, 0, 1]),
    np.array([0.5, 0.2, 0.4, 0.3]), np.array([0.6, 0.1, 0.4, 0.45]),
)  # fmt: skip


def doubly_robust(propensity, target, clicked, predicted, expected):
    """Add the weighted error of the model to what it expects."""
    return (expected + target / propensity * (clicked - predicted)).mean()


DOUBLY_ROBUST = Exercise(
    id="09d-6",
    hints=(
        "The model expects 0.3 clicks of the new item. What does the log say about its errors?",
        "The error is clicked − predicted, on what was *shown*. Weight it as IPS weights clicks.",
        "Mean of expected + target / propensity · (clicked − predicted).",
    ),
    solution=doubly_robust,
    check=on_cases(*DR_LOGS, held_back=[DR_AGAIN]),
    mistakes="""
    return … => return expected.mean()
        This is the direct method: it believes the model. Add the weighted errors.
    return … => return (target / propensity * clicked).mean()
        This is IPS alone. Let the model say what it can, and weight only its errors.
    target / propensity * =>
        The errors are not weighted. They come from what the old policy showed.
    + => -
        The sign is wrong: where there are more clicks than predicted, the value must rise.
    (clicked - predicted) => clicked
        The clicks are counted twice, by the model and by the weights. Weight only clicked −
        predicted.
    - predicted => - expected
        You used the same prediction twice. The error is on what was shown: clicked − predicted.
    expected + => predicted +
        You have predicted at the front. The value is that of the new list: expected.
    .mean() => .sum()
        This is the sum. The value is clicks per list: take the mean.
    expected + =>
        These are the weighted errors alone. Add what the model expects.
    target / => 1 /
        The target is missing: the weight is target / propensity.
    / propensity => * propensity
        You multiplied by the propensity; inverse weights divide by it.
    expected + =>
    (clicked => (expected + clicked
        You weighted everything. What the model expects of the new list needs no weight.
    """,
    takeaway="The model guesses, and the log corrects its errors without bias.",
)

DRAFTS = [
    Case(
        *(["lamp", "rug", "clock", "vase"], ["lamp", "rug", "vase", "desk"], "AB"),
        right=[("lamp", "A"), ("rug", "B"), ("vase", "B"), ("clock", "A")],
    ),
    (["lamp", "rug", "clock", "vase"], ["rug", "vase", "lamp", "clock"], "BB"),
    (["a", "b", "c", "d", "e", "f"], ["c", "a", "f", "e", "b", "d"], "ABB"),
]
DRAFT_AGAIN = (["a", "b", "c", "d", "e", "f"], ["b", "a", "d", "c", "f", "e"], "BAA")  # held back


def draft(a, b, coins):
    """Let the two rankers pick in turn, in each round in the order that the coin says."""
    merged = []
    for first in coins:
        for team in (first, "B" if first == "A" else "A"):
            ranked = a if team == "A" else b
            taken = [item for item, _ in merged]
            merged.append((next(item for item in ranked if item not in taken), team))
    return merged


DRAFT = Exercise(
    id="09d-8",
    hints=(
        "Two captains pick their teams. Who picks first in a round, and who second?",
        "In each round both rankers pick once; a ranker picks its best item that is not yet taken.",
        "For each coin: the team that it names picks, then the other one. Append (item, team).",
    ),
    solution=draft,
    check=on_cases(*DRAFTS, held_back=[DRAFT_AGAIN]),
    mistakes="""
    (first, "B" if first == "A" else "A") => "AB"
        Here A always picks first, so A has the better places. Each round has a coin.
    in coins => in coins[0] * len(coins)
        You used the first coin for all rounds. Each round has a coin of its own.
    "B" if first == "A" else "A" => first
        The team of the coin has the second pick, too. After it the other team picks.
    next(item for item in ranked if item not in taken) => ranked[len(merged) // 2]
        Some items are already taken when they are picked, and stand in the list twice.
    (first, "B" if first == "A" else "A") => ("B" if first == "A" else "A", first)
        The loser of the coin picks first. The coin names the team that picks first.
    a if team == "A" else b => b if team == "A" else a
        Each team picks from the wrong list: A from `a`, B from `b`.
    return … => return …[: len(coins)]
        You made one pick a round. In each round both teams pick.
    return … => return [(team, item) for item, team in merged]
        The pairs are turned around: (item, team).
    for first in coins => for n, first in enumerate(coins)
    merged.append … => if ranked[n] not in taken: merged.append((ranked[n], team))
        A team loses its turn here if its next item is taken. It picks its best item that is free.
    return … => return [item for item, _ in merged]
        The teams are missing. Return pairs (item, team), or clicks could not be credited.
    """,
    takeaway="Every user compares both rankers, and coins keep the places fair.",
)

# In the first log the weights are 2, 4, 0 and 2: the sum is 8, that of their squares 24.
WEIGHTED_LOGS = [
    ArrayCase([0.5, 0.25, 0.2, 0.25], [1, 1, 0, 0.5], right=[8 / 4, 8**2 / 24, 4 / 8]),
    (np.array([0.4, 0.3, 0.001, 0.5, 0.2]), np.array([0.2, 0.3, 0.1, 0.0, 0.3])),
]
WEIGHTED_AGAIN = (np.array([0.6, 0.05, 0.35, 0.25]), np.array([0.3, 0.2, 0.7, 0.25]))  # held back


def diagnose(propensity, target):
    """Describe the weights: their mean, how many rows they are worth, and the largest one."""
    weights = target / propensity
    return weights.mean(), weights.sum() ** 2 / (weights**2).sum(), weights.max() / weights.sum()


DIAGNOSE = Exercise(
    id="09d-9",
    hints=(
        "All three come from the weights. What does a row weigh?",
        "The effective sample size divides the square of a sum by a sum of squares.",
        "w = target / propensity; mean(w), (Σ w)² / Σ w², max(w) / Σ w.",
    ),
    solution=diagnose,
    check=on_cases(*WEIGHTED_LOGS, held_back=[WEIGHTED_AGAIN]),
    mistakes="""
    target / => 1 /
        You forgot the target: the weight is target / propensity.
    target / propensity => propensity / target
        The weights are upside down: the weight is target / propensity.
    / propensity => * propensity
        You multiplied by the propensity. A row that was shown rarely must weigh more.
    weights.mean(), => weights[target > 0].mean(),
        Your mean weight leaves out the rows with a target of 0. They belong to it: the mean of all
        weights should be 1.
    weights.mean(), => weights.sum(),
        Your first number is the sum of the weights. Return their mean, which should be about 1.
    weights = … => weights = target / propensity / (target / propensity).mean()
        You divided the weights by their mean, so the mean is always 1. Leave them as they are: that
        they don't have a mean of 1 is what you want to see.
    weights = … => weights = target / propensity / (target / propensity).sum()
        You divided the weights by their sum. Leave them as they are: their mean should be about 1.
    weights.sum() ** 2 / (weights**2).sum() => (weights**2).sum() / weights.sum() ** 2
        Your effective sample size is upside down. With equal weights it must be the number of rows.
    weights.sum() ** 2 / (weights**2).sum() => weights.sum() / (weights**2).sum()
        You forgot to square the sum in the effective sample size.
    (weights**2).sum() => (weights**2).sum() / len(weights)
        You divided the effective sample size by the number of rows. Return the number itself.
    weights.sum() ** 2 / (weights**2).sum() => (weights > 0).sum()
        You counted the rows with a weight above 0. The effective sample size also says how unequal
        the weights are.
    weights.max() / weights.sum() => weights.max()
        This is the largest weight itself. Divide it by the sum of all weights.
    weights.max() / weights.sum() => weights.max() / len(weights)
        You divided the largest weight by the number of rows. Divide it by the sum of the weights.
    return … => return weights.mean()
        This is the mean weight alone. Return all three numbers.
    """,
    takeaway="Before you read an estimate, read its weights.",
)
