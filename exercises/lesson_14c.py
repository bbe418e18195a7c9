"""Exercises of lesson 14c: marginal returns, adstock, splits, geo experiments, calibration."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Channels and budget"


STEPS = [
    ArrayCase([100.0, 300, 600], [10.0, 14, 17], right=[200 / 4, 300 / 3]),
    ArrayCase(
        *([0.0, 50, 150, 400, 1000], [2.0, 22, 42, 62, 72]),
        right=[50 / 20, 100 / 20, 250 / 20, 600 / 10],
    ),
]
STEPS_AGAIN = ArrayCase([20.0, 80, 200], [5.0, 11, 15], right=[60 / 6, 120 / 4])


def marginal_cpa(spending, customers):
    """Divide the additional dollars of each step by its additional customers."""
    return np.diff(spending) / np.diff(customers)


MARGINAL = Exercise(
    id="14c-1",
    hints=(
        "How many customers did the last step add, and what did it cost?",
        "Take differences of neighboring values: `np.diff`.",
        "(x₂ − x₁) / (y₂ − y₁) for each step.",
    ),
    solution=marginal_cpa,
    check=on_cases(*STEPS, held_back=[STEPS_AGAIN]),
    mistakes="""
    return … => return spending[1:] / customers[1:]
        This is the average CPA of all customers so far. Divide only what the step added.
    return … => return spending / customers
        This is the average of each level. A step lies between two levels: divide what it added.
    return … => return np.diff(customers) / np.diff(spending)
        These are customers per dollar. A cost is dollars per customer: turn it around.
    np.diff(spending) => spending[1:]
        You divided all dollars by the additional customers. Take additional dollars, too.
    np.diff(customers) => customers[1:]
        You divided by all customers. Only the additional ones came from the step.
    np.diff(spending) => (spending[1:] - spending[0])
    np.diff(customers) => (customers[1:] - customers[0])
        You measured from the first level each time. A step starts at the level before it.
    return … => return (…)[-1]
        This is only the last step. The question asks for every step.
    """,
    takeaway="The next dollar is judged by the last step, not by the average of all steps.",
)


FIT = quiz(
    id="14c-5",
    options="""
    a) It explains 96% of the variance, so its returns are right within about 5%.
        R² says how much of the variance the model explains. Spending that follows demand explains
        demand, whatever it causes.
    b) It needs more years of the same history, and the bias will go away.
        With more years the estimate gets more precise, around the same wrong value: a confounder
        does not average out.
    c) A good fit predicts customers as long as spending is planned as before; it does not show what
    spending causes.
    d) Its bootstrap intervals would show the bias.
        The bootstrap repeats the noise with the same model. The confounder is in every sample, so
        the interval does not show it.
    """,
    hints=(
        "Would the model predict well if spending only followed demand and had no effect at all?",
        "Fit is about prediction. The question is what happens if we change the plan.",
        "More data narrow the noise. What do they do to confounding?",
    ),
    takeaway="Fit is about the past plan; a budget is about changing the plan.",
)


SLIDE = quiz(
    id="14c-8",
    options="""
    a) Put the money where the last clicks are: they are measured, not estimated.
        A click is measured; that the customer came because of it is not. Many would have come
        anyway.
    b) Follow the marketing mix model: it fits the history very well.
        It fits because spending follows demand. Its split is worse than leaving the budget as it
        is.
    c) Vary budgets by region at random, move money in the tested range, and test again.
    d) Use the experiment's curves to find the best split anywhere, however far from today.
        Outside the tested range the curves extrapolate: the free split was worse than now in 12 of
        20 experiments.
    """,
    hints=(
        "Which of these was better than leaving the budget as it is?",
        "How far from today's spending has the experiment looked?",
        "The bounded split gained in the experiments; the free split often lost.",
    ),
    takeaway="Randomize, take a step, and measure again.",
)


SHORT = ArrayCase([8.0, 0, 4], 0.5, right=[8, 0.5 * 0 + 0.5 * 8, 0.5 * 4 + 0.5 * 4])
LONG = ArrayCase(
    *([2.0, 10, 0, 0, 6], 0.3),
    right=[2, 0.7 * 10 + 0.3 * 2, 0.3 * 7.6, 0.3 * 2.28, 0.7 * 6 + 0.3 * 0.684],
)
HELD = ArrayCase(
    *([5.0, 1, 9, 2], 0.8), right=[5, 0.2 * 1 + 0.8 * 5, 0.2 * 9 + 0.8 * 4.2, 0.2 * 2 + 0.8 * 5.16]
)
# An array of whole numbers.
WHOLE = ArrayCase(
    *([7, 2, 0, 5], 0.5), right=[7, 0.5 * 2 + 0.5 * 7, 0.5 * 4.5, 0.5 * 5 + 0.5 * 2.25]
)


def adstock(spending, theta):
    """Mix what is spent this week with the adstock of the week before."""
    stock = [spending[0]]
    for x in spending[1:]:
        stock.append((1 - theta) * x + theta * stock[-1])
    return np.array(stock)


ADSTOCK = Exercise(
    id="14c-2",
    hints=(
        "What does a week inherit from the week before: its spending, or its adstock?",
        "Start with the first spending, and append one week after the other in a loop.",
        "a = (1 − θ) · x + θ · a of the week before.",
    ),
    solution=adstock,
    check=in_turn(on_cases(SHORT, LONG, held_back=[HELD]), on_cases(WHOLE)),
    mistakes="""
    (1 - theta) * x => x
        The weights add up to more than 1. What works now is the share 1 − θ of the spending.
    (1 - theta) * x + theta * stock[-1] => theta * x + (1 - theta) * stock[-1]
        You swapped the weights: θ belongs to the week before.
    [spending[0]] => [(1 - theta) * spending[0]]
        You started from nothing. The first week's adstock is its spending.
    return … => return np.append(spending[0], (1 - theta) * spending[1:] + theta * spending[:-1])
        You carried over the spending of the week before. Carry over its adstock, in which all
        earlier weeks are.
    (1 - theta) * x + =>
        You left out this week's spending. It counts with 1 − θ.
    stock = [spending[0]] => stock = spending.copy()
    for x in spending[1:] => for week in range(1, len(stock))
    stock.append … => stock[week] = (1 - theta) * spending[week] + theta * stock[week - 1]
        You fill an array of whole numbers, so NumPy cuts off what stands behind the decimal point.
        Start from `spending.astype(float)`, or append to a list.
    theta * stock => stock
        You carried over the whole adstock, so it never fades. Only the share θ is left.
    """,
    takeaway="Adstock is a memory: this week's spending, and a share of last week's memory.",
    further=True,
)


MOVE = quiz(
    id="14c-4",
    options="""
    a) From Y to X, because X has the higher average return.
        The average includes the first dollars, which nobody wants to move. The last dollar on X
        returns only 0.80.
    b) From X to Y, because one more dollar brings more on Y.
    c) Stop both, because the average customer of each costs more than one dollar.
        The returns are in dollars per dollar: both channels return more than they cost, all in all.
        Only their last dollars differ.
    d) Leave it: both average returns are above 1.
        Both pay on average, but the last dollars on X return 0.80; on Y they return 1.50.
    """,
    hints=(
        "Which dollars can still be moved: all, or the last ones?",
        "One dollar less on X loses its marginal return; one dollar more on Y wins that of Y.",
        "Compare 0.80 with 1.50.",
    ),
    takeaway="Money moves to where the next dollar brings most, whatever the average is.",
)

PRICES = [
    Case(1.0, 27.0, 3.0, right=6.0),  # 27 · 3 / (3 + 6)² = 1
    Case(4.0, 27.0, 3.0, right=1.5),  # 27 · 3 / (3 + 1.5)² = 4
    Case(16.0, 27.0, 3.0, right=0.0),  # the first dollar brings 27 / 3 = 9
]
PRICE_AGAIN = Case(0.5, 40.0, 5.0, right=15.0)  # 40 · 5 / (5 + 15)² = 0.5


def spending_at(price, ceiling, half):
    """Solve ceiling · half / (half + x)² = price for x, and spend nothing if that is negative."""
    return max(0.0, np.sqrt(ceiling * half / price) - half)


SPENDING = Exercise(
    id="14c-3",
    hints=(
        "Set the marginal response equal to the price. Where is x?",
        "Multiply by (half + x)², divide by the price, and take the root.",
        "x = √(ceiling · half / price) − half, but never below 0.",
    ),
    solution=spending_at,
    check=on_cases(*PRICES, held_back=[PRICE_AGAIN]),
    mistakes="""
    return … => return np.sqrt(ceiling * half / price) - half
        This can be negative, when even the first dollar brings too little. Then spend 0.
    np.sqrt(ceiling * half / price) => ceiling * half / price
        You forgot the root: the marginal response has a square below the line.
    return … => return np.sqrt(ceiling * half / price)
        You did not subtract `half`. The root is half + x.
    / price => * price
        You multiplied by the price. The higher the price, the less is spent: divide by it.
    np.sqrt(ceiling * half / price) => ceiling / price
        You set the average response, ceiling / (half + x), equal to the price. The question asks
        for the marginal one.
    ceiling * half => ceiling
        Below the root, half is missing: the marginal response is ceiling · half / (half + x)².
    """,
    takeaway="One price for all channels: each spends until its next dollar brings just that.",
)


TWO = ArrayCase(
    *([27.0, 18.0], [3.0, 2.0], [6.0, 4.0], 2.0), right=2 * (27 * 6 / 9 + 18 * 4 / 6) - (6 + 4)
)
THREE = ArrayCase(
    *([50.0, 20, 90], [10.0, 5, 40], [30.0, 0, 20], 1.5),
    right=1.5 * (50 * 30 / 40 + 90 * 20 / 60) - (30 + 20),
)
HELD_SPLIT = ArrayCase(
    *([8.0, 30], [2.0, 6], [2.0, 9], 3.0), right=3 * (8 * 2 / 4 + 30 * 9 / 15) - (2 + 9)
)


def net_value(ceiling, half, spending, value):
    """Add up the customers that each channel brings, at their value, minus what is spent."""
    customers = ceiling * spending / (half + spending)
    return (value * customers - spending).sum()


NET = Exercise(
    id="14c-7",
    hints=(
        "How many customers does each channel bring at this spending?",
        "What are they worth together, and what does the split cost?",
        "value · Σ ceiling · x / (half + x) − Σ x.",
    ),
    solution=net_value,
    check=on_cases(TWO, THREE, held_back=[HELD_SPLIT]),
    mistakes="""
    - spending =>
        You left out what the split costs. Subtract the spending.
    value * customers - spending => value * (customers - spending)
        You multiplied the spending by the value, too. Spending is in dollars already.
    value * customers => customers
        You left out the value of a customer: customers minus dollars is neither.
    customers = … => customers = ceiling * half / (half + spending) ** 2
        You used the marginal response. The split is valued by all customers it brings.
    customers = … => customers = ceiling
        You counted the ceiling, which no spending reaches. Use ceiling · x / (half + x).
    => ceiling, half, spending = ceiling.sum(), half.sum(), spending.sum()
        You treated all channels as one channel. Each has its own curve: add up the results.
    .sum() =>
        This is the net value of each channel. Add them up.
    return … => return (value * customers).sum() / spending.sum()
        This is the return per dollar. Net value is a difference, in dollars.
    """,
    takeaway="Judge a split by what it brings in all, not by its return per dollar.",
)


HOLDOUT = by_column(
    ads=[True, True, False, False], customers=[104.0, 96, 88, 92], spending=[310.0, 290, 0, 0]
)
UNEVEN = by_row("""
    ads customers spending
    False 70.0 20.0; True 90.0 250.0; True 84.0 230.0; True 105.0 270.0; False 74.0 30.0
""")
# By chance fewer customers came where ads were shown.
UNLUCKY = by_column(
    ads=[True, False, True, False], customers=[80.0, 91, 84, 89], spending=[260.0, 10, 240, 10]
)
HELD_OUT = by_row("""
    ads customers spending
    True 55.0 120.0; False 41.0 10.0; True 57.0 130.0; False 44.0 5.0; False 50.0 0.0
""")


def incremental_cpa(regions):
    """Divide the difference in spending by the difference in customers."""
    means = regions.groupby("ads")[["spending", "customers"]].mean()
    difference = means.loc[True] - means.loc[False]
    return difference["spending"] / difference["customers"]


INCREMENTAL = Exercise(
    id="14c-6",
    hints=(
        "How many customers would have come to the regions with ads anyway?",
        "Take two differences of means, regions with ads minus regions without.",
        "(mean spending with − without) / (mean customers with − without).",
    ),
    solution=incremental_cpa,
    check=on_cases(
        Case(HOLDOUT, right=(300 - 0) / (100 - 90)),
        Case(UNEVEN, right=(250 - 25) / (93 - 72)),
        Case(UNLUCKY, right=(250 - 10) / (82 - 90)),
        held_back=[Case(HELD_OUT, right=(125 - 5) / (56 - 45))],
    ),
    mistakes="""
    - means.loc[False] =>
        You divided by all customers of the regions with ads. Most of them come without ads, too.
    return … => return difference["customers"] / difference["spending"]
        This is customers per dollar. A CPA is dollars per customer.
    difference["spending"] => means.loc[True, "spending"]
        Some is still spent in the regions without ads. Take the difference in spending, too.
    .mean() => .sum()
        You subtracted sums. The groups can differ in size, so take means.
    difference["spending"] => (means.loc[False] - means.loc[True])["spending"]
        One of your differences is without minus with. Take both as with minus without.
    return … => return abs(…)
        You took an absolute value. By chance there can be fewer customers where ads were shown, and
        only the sign tells.
    .mean() => .median()
        You compared medians. An effect on all customers is a difference of means.
    return … => return (means["spending"] / means["customers"]).diff().iloc[1]
        This is the difference of two CPAs. Take the differences first, then divide.
    difference["customers"] => means.loc[False, "customers"]
        You divided by only the customers who come anyway. Divide by those whom the ads add.
    """,
    takeaway="Count only the customers who would be missing without the ads.",
)


HISTORY_AND_TEST = ArrayCase(
    *([137.0, 60], [9.0, 12]), right=(137 / 81 + 60 / 144) / (1 / 81 + 1 / 144)
)
THREE_TESTS = ArrayCase(
    *([10.0, 31, -20], [1.0, 2, 4]), right=(10 / 1 + 31 / 4 - 20 / 16) / (1 + 1 / 4 + 1 / 16)
)
HELD_TESTS = ArrayCase(
    *([4.0, 7, 5], [0.5, 1, 2.5]), right=(4 / 0.25 + 7 / 1 + 5 / 6.25) / (4 + 1 + 1 / 6.25)
)


def weighted_mean(estimates, errors):
    """Weight each estimate by one divided by its squared standard error."""
    weights = errors**-2.0
    return (weights * estimates).sum() / weights.sum()


WEIGHTED = Exercise(
    id="14c-9",
    hints=(
        "Which source should count more: one with a small standard error, or with a large one?",
        "Compute a weight for each source, then a mean with these weights.",
        "Σ estimate / error² divided by Σ 1 / error².",
    ),
    solution=weighted_mean,
    check=on_cases(HISTORY_AND_TEST, THREE_TESTS, held_back=[HELD_TESTS]),
    mistakes="""
    return … => return estimates.mean()
        This is the plain mean. A source with a small standard error should count more.
    errors**-2.0 => 1 / errors
        You weighted by one divided by the standard error. Square it: variances add up, standard
        errors do not.
    errors**-2.0 => errors**2
        You turned the weights around: the least certain source counts most.
    errors**-2.0 => errors
        You weighted by the standard error, so the least certain source counts most.
    / weights.sum() =>
        You did not divide by the sum of the weights, so this is no mean.
    / weights.sum() => / len(weights)
        You divided by the number of sources. A weighted mean is divided by the sum of its weights.
    return … => return estimates[errors.argmin()]
        You took the most certain source alone. The others know something, too.
    """,
    takeaway="It weighs precision, and knows nothing of bias.",
    further=True,
)
