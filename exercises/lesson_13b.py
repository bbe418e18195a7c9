"""Exercises of lesson 13b: CRPS, reconciliation, a slide; fair comparison, lift, and a start."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases, quiz

TITLE = "Probabilistic and hierarchical forecasts"

DRAWS = [
    # Among all pairs each difference is there twice, of which the CRPS takes half.
    ArrayCase(3.0, [1.0, 3, 7], right=(2 + 0 + 4) / 3 - (2 + 6 + 4) / 9),
    ArrayCase(
        *(8.0, [4.0, 0, 9, 4, 6]),
        right=(4 + 8 + 1 + 4 + 2) / 5 - (4 + 5 + 0 + 2 + 9 + 4 + 6 + 5 + 3 + 2) / 25,
    ),
]
DRAWS_AGAIN = ArrayCase(
    *(2.0, [5.0, 1, 1, 8]), right=(3 + 1 + 1 + 6) / 4 - (4 + 4 + 3 + 0 + 7 + 7) / 16
)


def score_of_draws(sold, draws):
    """Take half of the mean difference between two draws from the mean distance to what came."""
    spread = np.abs(draws - draws[:, None]).mean()
    return np.abs(draws - sold).mean() - spread / 2


SCORE_OF_DRAWS = Exercise(
    id="13b-1",
    hints=(
        "Which two distances does the CRPS compare: to what came, and between what else?",
        "`draws - draws[:, None]` holds the differences of all pairs, each draw with itself, too.",
        "mean |X − y| − ½ · mean |X − X'|.",
    ),
    solution=score_of_draws,
    check=on_cases(*DRAWS, held_back=[DRAWS_AGAIN]),
    mistakes="""
    - spread / 2 => - spread
        Only half of the mean distance between two draws is subtracted.
    - spread / 2 =>
        The spread is not subtracted: so far this rewards a forecast without uncertainty.
    - spread / 2 => + spread / 2
        You added the spread. It is subtracted.
    draws[:, None]).mean() => draws[:, None]).sum() / (len(draws) * (len(draws) - 1))
        You averaged over pairs of different draws. Here all n² pairs count, each draw with itself,
        too.
    return … => return (…) / 2
        This is half of it. The CRPS is twice the mean of the pinball losses.
    return … => return abs(draws.mean() - sold)
        This is the absolute error of the mean forecast. The CRPS scores all draws.
    np.abs(draws - draws[:, None]) => ((draws - draws[:, None]) ** 2)
    np.abs(draws - sold) => ((draws - sold) ** 2)
        You squared the distances. The CRPS takes absolute values.
    draws - draws[:, None] => np.diff(draws)
        You compared each draw with the next draw. Compare all pairs.
    => q = (np.arange(len(draws)) + 0.5) / len(draws)
    return … => return 2 * np.maximum(q * (sold - draws), (q - 1) * (sold - draws)).mean()
        You took the draws as quantiles in any order. Sort them first, or compare all pairs.
    """,
    takeaway="CRPS is the distance to what came, less half of the distance between two draws.",
)


def coherent_three(forecasts, variances):
    """Share the gap in proportion to the variances: down for the total, up for its parts."""
    gap = forecasts[0] - forecasts[1] - forecasts[2]
    moves = gap * variances / variances.sum()
    moves[0] = -moves[0]
    return forecasts + moves


COHERENT_THREE = Exercise(
    id="13b-4",
    hints=(
        "How far is the total from the sum of its parts, and which forecast should move most?",
        "Each forecast moves by the gap times its share of the variances, the total the other way.",
        "forecasts + gap · variances / variances.sum() · [−1, 1, 1].",
    ),
    solution=coherent_three,
    check=on_cases(
        # Gaps of 3, −6 and, held back, 3.
        ArrayCase([17.0, 8, 6], [1.0, 4, 1], right=[17 - 3 * 1 / 6, 8 + 3 * 4 / 6, 6 + 3 * 1 / 6]),
        ArrayCase(
            *([20.0, 15, 11], [6.0, 1, 5]),
            right=[20 + 6 * 6 / 12, 15 - 6 * 1 / 12, 11 - 6 * 5 / 12],
        ),
        held_back=[
            ArrayCase(
                *([9.0, 2, 4], [2.0, 3, 5]), right=[9 - 3 * 2 / 10, 2 + 3 * 3 / 10, 4 + 3 * 5 / 10]
            )
        ],
    ),
    mistakes="""
    variances / variances.sum() => np.ones(3) / 3
        You gave equal shares to all three, which is OLS. The less certain forecast moves more.
    return … => return np.array([forecasts[1] + forecasts[2], forecasts[1], forecasts[2]])
        This is bottom-up: it ignores what the forecast of the total knows.
    return … => return np.append(forecasts[0], forecasts[1:] * forecasts[0] / forecasts[1:].sum())
        This is top-down: it ignores that the total can be wrong, too.
    => variances = 1 / variances
        In your answer the more certain forecast moves most. Shares are proportional to the
        variances.
    => variances = np.sqrt(variances)
        You shared the gap by standard deviations. Take the variances.
    moves[0] = … =>
        All three move up or all three down. If the total is too high, it goes down and its parts go
        up.
    moves[0] = … =>
    forecasts + moves => forecasts - moves
        All three move up or all three down. If the total is too high, it goes down and its parts go
        up.
    forecasts + moves => moves
        These are the changes. Add them to the forecasts.
    forecasts + moves => forecasts - moves
        The wrong sign: your gap gets larger.
    => variances = variances * [0, 1, 1]
        In your answer the total stays. It has an error, too.
    / variances.sum() =>
        You multiplied the gap by the variances. Divide them by their sum, so that the shares add up
        to one.
    gap = … => gap = abs(…)
        Your gap has no sign. If the total is below the sum of its parts, the total goes up.
    """,
    takeaway="Reconciliation lets the less certain forecast give way.",
)

ON_THE_SLIDE = quiz(
    id="13b-8",
    options="""
    a) Its 80% interval covered 99% of the weeks, so it is the best forecast.
        An 80% interval that covers 99% is too wide. CRPS or pinball loss tell.
    b) Reconciled forecasts add up, so they are more accurate at every level.
        They add up, which is coherence. Accuracy has to be measured, level by level.
    c) With the number of discounted units as a regressor, the error falls by half.
        This is leakage: discounted units are counted from the sales to be forecast.
    d) With the mailer known, its error was lower at every origin of the backtest.
    e) The lift of a promotion is what the promotion caused.
        Promoted weeks are chosen, not randomized: before a holiday sales would rise anyway.
    """,
    hints=(
        "Which sentence names a test, and uses only what was known?",
        "Adding up is no proof of accuracy, and coverage alone is none of a good forecast.",
        "One sentence mistakes width for quality, one coherence for accuracy, one hides leakage, "
        "and one mistakes a comparison of weeks for a cause.",
    ),
    takeaway="Say how a forecast was tested, and what was known when it was made.",
)


def _interval(first, second, series, mean, error):
    return Case(
        *(np.array(first), np.array(second), np.array(series)),
        right=np.array([mean - 1.96 * error, mean + 1.96 * error]),
    )


INTERVALS = [
    # Mean differences of 1 and 3 with a standard deviation of √2.
    _interval([3.0, 3, 5, 7, 6], [2.0, 2, 2, 4, 3], [*"AABBB"], 2, np.sqrt(2 / 2)),
    # 2, 2 and −1: squared deviations of 1, 1 and 4.
    _interval([1.0, 4, 2, 8, 5, 7], [2.0, 1, 2, 3, 4, 9], [*"ABCABC"], 1, np.sqrt(6 / 2 / 3)),
]
# 4, 1 and −4: squared deviations of 121/9, 4/9 and 169/9.
INTERVAL_AGAIN = _interval(
    [9.0, 1, 4, 3], [5.0, 2, 1, 7], [*"xyyz"], 1 / 3, np.sqrt(294 / 9 / 2 / 3)
)


def fair_interval(first, second, series):
    """Average the differences within each series, then take the interval over the series."""
    by_series = pd.Series(first - second).groupby(series).mean()
    return by_series.mean() + np.array([-1.96, 1.96]) * by_series.sem()


FAIR_INTERVAL = Exercise(
    id="13b-2",
    further=True,
    hints=(
        "Weeks of one series share its errors. What is the unit that can be called independent?",
        "First the mean difference of each series, then mean and standard error of these means.",
        "by_series.mean() ± 1.96 · by_series.sem(), as an array of two numbers.",
    ),
    solution=fair_interval,
    check=on_cases(*INTERVALS, held_back=[INTERVAL_AGAIN]),
    mistakes="""
    .groupby(series).mean() =>
        You treated all weeks as independent. Take the mean of each series first.
    return by_series.mean() => return (first - second).mean()
        The middle is the mean of all weeks, in which a long series counts more. Take the mean of
        the series' means.
    => from scipy import stats
    np.array([-1.96, 1.96]) => stats.t.ppf([0.025, 0.975], len(by_series) - 1)
        You took the t distribution, which is right for few series. Here take 1.96 standard errors,
        as for the 24 categories.
    sem => std
        You used the standard deviation of the series. The mean of n series varies less: use the
        standard error.
    first - second => second - first
        The difference is the wrong way round: it is first − second.
    sem() => sem(ddof=0)
        Your standard deviation divides by n instead of n − 1: use ddof=1, as `sem` does.
    [-1.96, 1.96] => [-1.0, 1]
        This is one standard error on each side. A 95% confidence interval takes 1.96.
    return … => return 1.96 * by_series.sem()
        This is half of the width. Return both ends of the interval.
    """,
    takeaway="Weeks of one series share its errors, so count series, not rows.",
)

PIT_HISTOGRAM = quiz(
    id="13b-9",
    options="""
    a) The forecasts are too certain: assume more noise.
        Then both ends would be too full. Here one end is too full and the other too empty.
    b) The forecasts are too careful: assume less noise.
        Then both ends would be too empty. Here one end is too full.
    c) The forecasts are too low.
    d) The forecasts are too high.
        Then sales would often be in the low tenths of the distributions. They are in the high ones.
    """,
    hints=(
        "Where in the forecasts' distributions did the sales fall too often?",
        "If sales are mostly above the middle of the forecast, where is the forecast wrong?",
        "A wrong spread changes both ends alike. A wrong mean fills one and empties the other.",
    ),
    takeaway="In a PIT histogram a wrong spread is a U or a hill, and a wrong mean a slope.",
)


def adding_up(departments):
    """Stack a row of ones, a row for each department, and a row for each category."""
    rows = [departments == name for name in np.unique(departments)]
    return np.vstack([np.ones(len(departments)), *rows, np.eye(len(departments))])


ADDING_UP = Exercise(
    id="13b-3",
    hints=(
        "What does each row of the matrix add up?",
        "A row of ones for the total, a row for each department in alphabetical order, then a row "
        "for each category, which is itself.",
        "np.vstack([np.ones(n), *(departments == name for name in np.unique(departments)), "
        "np.eye(n)]).",
    ),
    solution=adding_up,
    check=on_cases(
        ArrayCase(["Kids", "Home", "Kids"], right=[[1, 1, 1], [0, 1, 0], [1, 0, 1], *np.eye(3)]),
        ArrayCase(
            ["B", "A", "A", "C"],
            right=[[1, 1, 1, 1], [0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], *np.eye(4)],
        ),
        held_back=[(np.array(["Toys", "Garden", "Garden", "Kitchen", "Toys"]),)],
    ),
    mistakes="""
    np.ones(len(departments)), =>
        The row of the total is missing.
    *rows, =>
        The departments are missing.
    , np.eye(len(departments)) =>
        The categories are missing. Each is the sum of itself.
    return … => return ….T
        Your matrix is transposed: a row for each series, a column for each category.
    np.unique => pd.unique
        The departments stand in their order of appearance. Sort them.
    return … => return np.vstack([np.eye(len(departments)), *rows, np.ones(len(departments))])
        In your matrix the bottom comes first. Begin with the total.
    return … => sums = …; return sums / sums.sum(axis=1, keepdims=True)
        Your rows take means. They should add up.
    """,
    takeaway="A summing matrix has a row for each series and a column for each bottom series.",
)


def _weeks(units, promoted, of_all, strength, right):
    return Case(np.array(units), np.array(promoted, bool), of_all, strength, right=right)


WEEKS = [
    # Usual weeks of 5, 3 and, held back, 11 units.
    _weeks(
        *([4.0, 12, 7, 18, 4], [0, 1, 0, 1, 0], 2.0, 1.0),
        right=(12 + 18 + 1 * 2 * 5) / ((2 + 1) * 5),
    ),
    _weeks(
        *([3.0, 9, 2, 1, 8, 6], [0, 1, 0, 0, 1, 0], 1.5, 2.0),
        right=(9 + 8 + 2 * 1.5 * 3) / ((2 + 2) * 3),
    ),
]
WEEKS_AGAIN = _weeks(
    *([10.0, 7, 31, 16], [0, 0, 1, 0], 1.8, 3.0), right=(31 + 3 * 1.8 * 11) / ((1 + 3) * 11)
)


def shrunk_lift(units, promoted, of_all, strength):
    """Add `strength` promoted weeks at the lift of all series to those observed."""
    usual = units[~promoted].mean()
    sold = units[promoted].sum() + strength * of_all * usual
    return sold / ((promoted.sum() + strength) * usual)


SHRUNK_LIFT = Exercise(
    id="13b-5",
    hints=(
        "What would these weeks have sold without a promotion?",
        "The usual week is the mean of the weeks without a promotion, m. Pretend that `strength` "
        "more promoted weeks had each sold of_all · m.",
        "(Σ promoted units + k L m) / ((n + k) m).",
    ),
    solution=shrunk_lift,
    check=on_cases(*WEEKS, held_back=[WEEKS_AGAIN]),
    mistakes="""
    return … => return units[promoted].mean() / usual
        This lift is not shrunk: a few promoted weeks are taken at their word.
    units[~promoted] => units
        You compare with the mean of all weeks, which holds promoted ones. Take the others.
    units[~promoted].mean() => np.median(units[~promoted])
        You took the median of the usual weeks. m is their mean.
    of_all * usual => of_all
        You added k lifts to a sum of units. Each of these k weeks would have sold L · m.
    strength * of_all * usual => strength * usual
        You shrink toward 1, no effect. Shrink toward the lift of all series.
    sold = … => sold = strength * units[promoted].mean() + promoted.sum() * of_all * usual
        The weights are swapped: the series' own lift counts n weeks, that of all k.
    ((promoted.sum() + strength) * usual) => (promoted.sum() * usual)
        You added k weeks to the units, but not to the number of weeks.
    return … => return (units[promoted].mean() / usual + of_all) / 2
        You took half and half. The weights are n and k weeks.
    return … => return units[promoted].mean() - usual
        These are extra units. A lift is a ratio.
    return … => return 1 / (…)
        The ratio is upside down.
    """,
    takeaway="Few promoted weeks say little, so shrink a lift toward the lift of all series.",
)

KNOWN_AHEAD = quiz(
    id="13b-6",
    options="""
    a) The share of units that are sold at a discount in the week to forecast.
        The share sold at a discount is counted after the week. A planned discount would do.
    b) Whether the product is in the mailer that is printed for the week to forecast.
    c) The number of coupons redeemed in the week to forecast.
        Redeemed coupons are counted after the week. Coupons sent before would do.
    d) The mean price that customers pay in the week to forecast.
        The mean price paid depends on what customers chose that week. The list price of a price
        plan would do.
    """,
    hints=(
        "On which day could each number first be written down?",
        "Three of them are counted from the sales of the week itself.",
        "A plan is known before its week; a count of what happened is not.",
    ),
    takeaway="A regressor must be known when the forecast is made: a plan, not an outcome.",
)


def weighted_probability(sold, beta):
    """Weight the last week by 1, the one before by 1 − β, and divide by the sum of the weights."""
    weights = (1 - beta) ** np.arange(len(sold))[::-1]
    return sold @ weights / weights.sum()


WEIGHTED_PROBABILITY = Exercise(
    id="13b-7",
    hints=(
        "Which weight has the last week, and which the week before?",
        "The weights are 1, 1 − β, (1 − β)², …, from the last week back.",
        "sold @ weights / weights.sum().",
    ),
    solution=weighted_probability,
    check=on_cases(
        ArrayCase([1.0, 0, 1], 0.5, right=(1 / 4 + 1) / (1 / 4 + 1 / 2 + 1)),
        ArrayCase([0.0, 0, 1, 0], 0.2, right=0.8 / (0.512 + 0.64 + 0.8 + 1)),
        held_back=[(np.array([1.0, 1, 0, 0, 1, 0]), 0.1)],
    ),
    mistakes="""
    return … => return sold.mean()
        This is the plain mean. Later weeks weigh more.
    [::-1] =>
        In your mean the first week weighs most. Turn the weights around.
    / weights.sum() => * beta
        Your probability starts at 0 and is too low for long. Divide by the sum of the weights.
    return … => weights[1:] *= beta; return sold @ weights
        You started with the first value, which then keeps too large a weight.
    / weights.sum() =>
        You have not divided by the sum of the weights.
    => sold = np.append(1, sold)
        You added the first sale. It is left out, because it is why we began to look.
    (1 - beta) => beta
        You took weights of β. A share of 1 − β is kept each week.
    """,
    takeaway="A weighted mean needs no starting value, so it has no bias from one.",
)
