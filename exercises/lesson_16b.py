"""Exercises of lesson 16b: regret, Thompson sampling, LinUCB, and what adaptive logs can say."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz
from exercises.engine.tables import arrays

TITLE = "Bandits"


def _after_a_visit(known, *visit, right):
    """Make a case of two arrays, what happened in a visit, and the two arrays after it."""
    return Case(*np.array(known), *visit, right=tuple(np.array(right)))


BELIEFS = [
    _after_a_visit([[1.0, 3], [1, 2]], 1, False, right=[[1.0, 3], [1, 3]]),
    _after_a_visit([[1.0, 3], [1, 2]], 0, True, right=[[2.0, 3], [1, 2]]),
]
BELIEFS_AGAIN = _after_a_visit([[2.0, 6, 1], [8, 3, 4]], 0, False, right=[[2.0, 6, 1], [9, 3, 4]])


def learn(alpha, beta, item, clicked):
    """Add a click to α of the item shown, and a look without a click to β."""
    shown = np.arange(len(alpha)) == item
    return alpha + shown * clicked, beta + shown * (not clicked)


LEARN = Exercise(
    id="16b-2",
    hints=(
        "What does a page learn about an item that it did not show?",
        "A click adds 1 to α of the item shown; no click adds 1 to its β.",
        "α[item] + clicked and β[item] + 1 − clicked; all others stay as they are.",
    ),
    solution=learn,
    check=on_cases(*BELIEFS, held_back=[BELIEFS_AGAIN]),
    mistakes="""
    shown * (not clicked) => shown
        β counts all looks here. It counts the looks *without* a click.
    (not clicked) => (-1 - clicked)
        Of True and False alone, `~` makes −2 and −1. Write `not clicked`.
    return … => return alpha + shown * (not clicked), beta + shown * clicked
        You swapped the two: a click raises α, and no click raises β.
    shown = … => shown = 1
        You updated all items. The visit says nothing about items that were not shown.
    beta + shown * (not clicked) => beta + (not clicked)
        You raised β of all items. Raise only that of the item shown.
    beta + shown * (not clicked) => beta
        You learn from clicks only. An item that is shown and not clicked must lose: raise its β.
    shown * (not clicked) => ~shown * clicked
        A click on one item does not count against the others; they were not shown.
    return … => return (alpha + shown * clicked) / (alpha + beta + shown)
        These are the means of the new distributions. Return their parameters, α and β.
    """,
    takeaway="A click adds to α, a look without a click to β. An item not shown teaches nothing.",
)


EXPLORATION_ALONE = quiz(
    id="16b-7",
    options="""
    a) it soon finds the best page, because every offer is shown
        The data to find it are there, but the list *counts* clicks, and what is on the list
        collects more of them. It would have to compare clicks per look.
    b) every offer is shown, but the list stays, and clicks are lost
    c) the list changes at random from day to day
        It hardly changes: what leads in clicks is shown most, and so its lead grows.
    d) nothing: one page in ten is too little to be noticed
        It matters: one page in ten brings fewer clicks, and every offer is shown.
    """,
    hints=(
        "How many clicks does an offer on the list collect in a day, and one that is only on "
        "random pages?",
        "One page in ten is random, and it shows a quarter of the offers. The list has the rest.",
        "The list counts clicks, not clicks per look. Can an offer shown 37 times less win?",
    ),
    takeaway="Exploration can't help a list of the most clicked. Compare clicks per look.",
)


NEGATIVE_BIAS = quiz(
    id="16b-5",
    options="""
    a) right on average: each click is an honest draw
        Each click is an honest draw, but their *number* depends on the clicks before. So the mean
        of a run is biased.
    b) too low on average
    c) too high on average
        That is the winner's curse, the highest of many estimates. Here we look at one fixed offer,
        whether it wins or not.
    d) too low for bad offers, too high for good ones
        The direction is the same for all offers; only the best one is shown so often that its bias
        almost vanishes.
    """,
    hints=(
        "An offer has bad luck at first. How often is it shown from then on? And after good luck?",
        "After bad luck there are few more visits to correct it. After good luck there are many.",
        "Errors upward are corrected, errors downward remain. Which way is the mean off?",
    ),
    takeaway="Bad luck ends the visits that could correct it: adaptive means are too low.",
)


GAMES = [
    ArrayCase([0.3, 0.2], [1, 0, 1], right=[0.1, 0.1, 0.2]),
    ArrayCase([0.1, 0.4, 0.25], [0, 2, 2, 0], right=[0.3, 0.45, 0.6, 0.9]),
]
GAME_AGAIN = ArrayCase([0.2, 0.15, 0.5, 0.05], [3, 3, 0, 2, 1], right=[0.45, 0.9, 1.2, 1.2, 1.55])


def regret_so_far(rates, shown):
    """Add up, visit by visit, by how much the best item beats the one shown."""
    return np.cumsum(rates.max() - rates[shown])


REGRET = Exercise(
    id="16b-1",
    hints=(
        "What would the best item have brought in the first visit, and what did the page bring?",
        "The regret of a visit is the highest rate − the rate of the item shown. Then add up.",
        "np.cumsum of rates.max() − rates[shown].",
    ),
    solution=regret_so_far,
    check=on_cases(*GAMES, held_back=[GAME_AGAIN]),
    mistakes="""
    np.cumsum =>
        This is the regret of each visit. Cumulative regret adds up all visits so far.
    np.cumsum => np.sum
        This is the total at the end. Return the regret after each visit: np.cumsum.
    rates.max() - rates[shown] => rates[shown]
        These are the expected clicks so far. Regret is how far they fall short of the best item.
    rates.max() - rates[shown] => rates[shown] - rates.max()
        The sign is wrong: regret is the best minus what was shown, so never below 0.
    rates.max() => rates.mean()
        You compared with the mean rate, a page at random. Regret compares with the best.
    return … => return … / np.arange(1, len(shown) + 1)
        This is the average regret per visit. Leave out the division.
    rates.max() => rates[shown].max()
        You compared with the best item that was shown. An item that is never shown counts, too.
    """,
    takeaway="Regret is known only where the truth is known: in a simulation.",
    further=True,
)


DRAWS = [
    ArrayCase(
        *([[0.5, 0.2, 0.1], [0.4, 0.6, 0.3], [0.7, 0.1, 0.2], [0.2, 0.3, 0.1]], 0.3),
        right=0.7 * np.array([2, 2, 0]) / 4 + 0.3 / 3,
    ),
    ArrayCase(
        *([[0.1, 0.9], [0.3, 0.2], [0.4, 0.5], [0.2, 0.6], [0.3, 0.7]], 0.1),
        right=0.9 * np.array([1, 4]) / 5 + 0.1 / 2,
    ),
]
DRAWS_AGAIN = ArrayCase(
    *([[0.1, 0.2, 0.3, 0.25], [0.5, 0.4, 0.1, 0.2], [0.3, 0.6, 0.2, 0.1]], 0.2),
    right=0.8 * np.array([1, 1, 1, 0]) / 3 + 0.2 / 4,
)


def propensity(draws, explore):
    """Mix the share of draws in which an item is the highest with a page at random."""
    items = draws.shape[1]
    wins = np.bincount(draws.argmax(axis=1), minlength=items) / len(draws)
    return (1 - explore) * wins + explore / items


PROPENSITY = Exercise(
    id="16b-6",
    hints=(
        "In which two ways can an item get onto the page?",
        "With probability 1 − ε, it has the highest draw; with probability ε, chance picks it "
        "among all items.",
        "(1 − ε) · share of rows in which the item is the highest + ε / number of items.",
    ),
    solution=propensity,
    check=on_cases(*DRAWS, held_back=[DRAWS_AGAIN]),
    mistakes="""
    return … => return wins
        This is without exploration. An item that never has the highest draw is still shown now and
        then.
    (1 - explore) * wins => wins
        You added ε / items without taking it off elsewhere; the sum is above 1. Thompson's part has
        the weight 1 − ε.
    explore / items => explore
        You gave the whole ε to each item. The items share it.
    return … => return draws.mean(axis=0)
        These are the mean draws. A propensity is how often a draw is the *highest*.
    return … => return draws.mean(axis=0) / draws.mean(axis=0).sum()
        You took shares of the mean draws. Count how often each item has the highest draw.
    / len(draws) =>
        You have counts where shares belong: divide by the number of draws.
    return … => return explore * wins + (1 - explore) / items
        The weights are swapped: ε is the share of random pages.
    explore / items => explore / (items - 1)
        You divided ε by the number of the other items. A random page is drawn from all items, so
        the item with the highest draw gets a share, too.
    explore / items => explore / len(draws)
        You divided ε by the number of draws. A random page is drawn from the items.
    """,
    takeaway="A floor under every propensity makes the log usable for other policies.",
)


# The inverses are ((2, −1), (−1, 2)) / 3 and ((3, −1), (−1, 5)) / 14.
MODELS = [
    ArrayCase(
        *([[2.0, 1.0], [1.0, 2.0]], [1.0, 1.0], [1.0, 0.0], 0.5), right=1 / 3 + 0.5 * np.sqrt(2 / 3)
    ),
    ArrayCase(
        *([[5.0, 1.0], [1.0, 3.0]], [2.0, 1.0], [1.0, 2.0], 1.5),
        right=(5 + 2 * 3) / 14 + 1.5 * np.sqrt((1 + 2 * 9) / 14),
    ),
]
MODEL_AGAIN = arrays(
    [[4.0, 1.0, 0.0], [1.0, 6.0, 2.0], [0.0, 2.0, 3.0]], [1.0, 3.0, 2.0], [1.0, 0.5, 2.0], 0.8
)  # held back


def linucb_score(A, b, x, alpha):
    """Add α times the spread of the prediction to the prediction."""
    inverse = np.linalg.inv(A)
    return x @ inverse @ b + alpha * np.sqrt(x @ inverse @ x)


LINUCB = Exercise(
    id="16b-3",
    hints=(
        "Which prediction does the ridge regression make for this user, and how sure is it?",
        "The weights are A⁻¹b. The spread of the prediction is √(xᵀA⁻¹x).",
        "x·A⁻¹b + α √(xᵀA⁻¹x).",
    ),
    solution=linucb_score,
    check=on_cases(*MODELS, held_back=[MODEL_AGAIN]),
    mistakes="""
    np.sqrt =>
        The square root is missing: xᵀA⁻¹x is a variance, and the bound needs the spread.
    + alpha * np.sqrt(x @ inverse @ x) =>
        This is the prediction alone, a greedy model. Add α times its spread.
    x @ inverse @ b + =>
        This is the spread alone: it shows what is least known. Add the prediction.
    x @ inverse @ x => x @ A @ x
        A is not inverted in the spread, so it grows with every look. It must shrink.
    alpha * np.sqrt(x @ inverse @ x) => np.sqrt(alpha * x @ inverse @ x)
        You took the root of α, too. α stands before the root.
    + alpha => - alpha
        This is the lower bound. An uncertain item gets a bonus, so that it is tried.
    x @ inverse @ b => x @ b
        You took b as weights. They are A⁻¹b.
    * np.sqrt(x @ inverse @ x) =>
        Your bonus is the same for all items. Multiply α by the spread √(xᵀA⁻¹x).
    inv(A) => inv(A + np.eye(len(A)))
        You added the identity matrix to A, but A contains it from the start.
    """,
    takeaway="Optimism: a prediction gets a bonus for what is not known about this user.",
)


def _pages(places, clicked, examination, *, looks):
    clicks = sum(clicked)
    given = np.array(places), np.array(clicked, bool), np.array(examination)
    return Case(*given, right=(1 + clicks, 1 + looks - clicks))


PAGES = [
    _pages([1, 2, 2], [1, 0, 0], [1.0, 0.5], looks=1 + 0.5 + 0.5),
    _pages([3, 1, 2, 1, 3, 4], [0, 1, 0, 0, 1, 0], [1.0, 0.7, 0.4, 0.3], looks=3.8),
]
PAGE_AGAIN = _pages([2, 2, 1, 3, 1, 3, 3], [1, 0, 0, 0, 1, 0, 0], [1.0, 0.6, 0.25], looks=3.95)


def posterior(places, clicked, examination):
    """Count clicks, and looks without a click, from 1 on."""
    looks = examination[places - 1].sum()
    return 1 + clicked.sum(), 1 + looks - clicked.sum()


POSTERIOR = Exercise(
    id="16b-4",
    hints=(
        "An item was shown ten times in a place at which every second user looks. How often was it "
        "looked at?",
        "Looks are the sum of the examination probabilities of its places. Clicks count as 1.",
        "α = 1 + clicks, β = 1 + looks − clicks.",
    ),
    solution=posterior,
    check=on_cases(*PAGES, held_back=[PAGE_AGAIN]),
    mistakes="""
    looks = … => looks = len(places)
        You counted how often it was shown. Low places are rarely looked at: that is position bias.
        Count looks.
    1 + clicked.sum(), 1 + looks => clicked.sum(), looks
        The prior is missing: both parameters start from 1.
    looks - clicked.sum() => looks
        β counts all looks here. Take off those with a click.
    => clicked = clicked * examination[places - 1]
        You weighted the clicks, too. A user who clicked has looked: a click counts as 1.
    looks = … => looks = len(places)
    1 + clicked.sum(), => 1 + (clicked / examination[places - 1]).sum(),
        You divided the clicks by the examination probability. Here the looks are counted, and
        clicks stay clicks.
    return … => return 1 + looks - clicked.sum(), 1 + clicked.sum()
        α and β are swapped: α counts the clicks.
    [places - 1] => [places[~clicked] - 1]
    looks - clicked.sum() => looks
        You left the clicked places out of the looks. Add up the looks of all places, then take off
        1 for each click.
    """,
    takeaway="A place at which half of the users look counts as half a look.",
)


COUNTS = [
    _after_a_visit([[4.0, 2], [10, 8]], 1, True, 0.5, right=[[2, 1 + 1.0], [5, 4 + 1]]),
    _after_a_visit(
        *([[3.0, 7, 5], [20, 30, 12]], 0, False, 0.9), right=[[2.7, 6.3, 4.5], [18 + 1, 27, 10.8]]
    ),
]
COUNTS_AGAIN = _after_a_visit(
    *([[6.0, 1, 9], [15, 4, 40]], 1, True, 0.7), right=[[4.2, 0.7 + 1, 6.3], [10.5, 2.8 + 1, 28]]
)


def forget(clicks, looks, item, clicked, discount):
    """Discount all that was known, then count the new visit in full."""
    shown = np.arange(len(clicks)) == item
    return discount * clicks + shown * clicked, discount * looks + shown


FORGET = Exercise(
    id="16b-8",
    hints=(
        "What does a year-old click say about an offer that has not been shown since?",
        "First multiply all clicks and looks by the discount, of all items. Then count the visit.",
        "discount · clicks + 1 for the item if clicked; discount · looks + 1 for the item.",
    ),
    solution=forget,
    check=on_cases(*COUNTS, held_back=[COUNTS_AGAIN]),
    mistakes="""
    return … => return clicks + shown * clicked, looks + shown
        Here nothing is forgotten. Multiply what was known by the discount.
    discount * clicks => np.where(shown, discount, 1) * clicks
    discount * looks => np.where(shown, discount, 1) * looks
        You discounted the shown item only. What is not shown ages, too, or it would never be tried
        again.
    return … => return discount * (clicks + shown * clicked), discount * (looks + shown)
        You discounted the new visit, too. Discount first, then count it in full.
    discount * looks => looks
        You discounted the clicks only, so all rates fall. Discount the looks as well.
    => discount = 1 - discount
        The discount is turned around: it is what *remains*, not what is forgotten.
    looks + shown => looks + shown * clicked
        You counted a look only if there was a click. A look without a click counts, too.
    looks + shown => looks + shown * (not clicked)
        You counted a look only if there was no click, as for β. Looks count in both cases.
    discount * clicks => np.where(shown, 1, discount) * clicks
    discount * looks => np.where(shown, 1, discount) * looks
        You discounted the other items only. Discount all items, then count the visit.
    """,
    takeaway="Forgetting keeps a page exploring, and costs clicks while nothing changes.",
)
