"""Exercises of lesson 13b: CRPS, a fair comparison, reconciliation, lift, a start, and a slide."""

import numpy as np
import pandas as pd
from scipy import stats

from exercises.engine.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Probabilistic and hierarchical forecasts"

# By hand: |X − 3| is 2, 0, 4, mean 2; |X − X'| over all nine pairs 24 / 9: 2 − 12 / 9 = 2 / 3.
DRAWS = np.array([1.0, 3, 7])
MORE_DRAWS = np.array([4.0, 0, 9, 4, 6])


def score_of_draws(sold, draws):
    """Take half of the mean difference between two draws from the mean distance to what came."""
    spread = np.abs(draws - draws[:, None]).mean()
    return np.abs(draws - sold).mean() - spread / 2


def _pairs(draws):
    return np.abs(draws - draws[:, None])


SCORE_OF_DRAWS = Exercise(
    id="13b-1",
    objective="Score a forecast given as draws by its CRPS.",
    hints=(
        "Which two distances does the CRPS compare: to what came, and between what else?",
        "`draws - draws[:, None]` holds the differences of all pairs, each draw with itself, too.",
        "mean |X − y| − ½ · mean |X − X'|.",
    ),
    solution=score_of_draws,
    check=on_cases((3.0, DRAWS), (8.0, MORE_DRAWS), held_back=[(2.0, np.array([5.0, 1, 1, 8]))]),
    wrong_answers={
        "half": Mistake(
            lambda y, x: np.abs(x - y).mean() - _pairs(x).mean(),
            "Only half of the mean distance between two draws is subtracted.",
        ),
        "spread is not subtracted": Mistake(
            lambda y, x: np.abs(x - y).mean(),
            "The spread is not subtracted: so far this rewards a forecast without uncertainty.",
        ),
        "added the spread": Mistake(
            lambda y, x: np.abs(x - y).mean() + _pairs(x).mean() / 2,
            "You added the spread. It is subtracted.",
        ),
        "different draws": Mistake(
            lambda y, x: np.abs(x - y).mean() - _pairs(x).sum() / (len(x) * (len(x) - 1)) / 2,
            "You averaged over pairs of different draws. Here all n² pairs count, each draw with "
            "itself, too.",
        ),
        "half of it": Mistake(
            lambda y, x: score_of_draws(y, x) / 2,
            "This is half of it. The CRPS is twice the mean of the pinball losses.",
        ),
        "mean forecast": Mistake(
            lambda y, x: abs(x.mean() - y),
            "This is the absolute error of the mean forecast. The CRPS scores all draws.",
        ),
        "squared": Mistake(
            lambda y, x: ((x - y) ** 2).mean() - ((x - x[:, None]) ** 2).mean() / 2,
            "You squared the distances. The CRPS takes absolute values.",
        ),
        "next draw": Mistake(
            lambda y, x: np.abs(x - y).mean() - np.abs(np.diff(x)).mean() / 2,
            "You compared each draw with the next draw. Compare all pairs.",
        ),
    },
    takeaway="CRPS is the distance to what came, less half of the distance between two draws.",
)

# By hand: differences by series 1 and 3, mean 2; standard deviation √2, divided by √2: ± 1.96.
FIRST, SECOND = np.array([3.0, 3, 5, 7, 6]), np.array([2.0, 2, 2, 4, 3])
SERIES = np.array(["A", "A", "B", "B", "B"])


def fair_interval(first, second, series):
    """Average the differences within each series, then take the interval over the series."""
    by_series = pd.Series(first - second).groupby(series).mean()
    return by_series.mean() + np.array([-1.96, 1.96]) * by_series.sem()


def _by(a, b, s):
    return pd.Series(a - b).groupby(s).mean()


def _by_t(a, b, s):
    means = _by(a, b, s)
    return means.mean() + stats.t.ppf([0.025, 0.975], len(means) - 1) * means.sem()


FAIR_INTERVAL = Exercise(
    id="13b-2",
    objective="Compare two forecasts with a 95% confidence interval over series.",
    hints=(
        "Weeks of one series share its errors. What is the unit that can be called independent?",
        "First the mean difference of each series, then mean and standard error of these means.",
        "by_series.mean() ± 1.96 · by_series.sem(), as an array of two numbers.",
    ),
    solution=fair_interval,
    check=on_cases(
        (FIRST, SECOND, SERIES),
        (np.array([1.0, 4, 2, 8, 5, 7]), np.array([2.0, 1, 2, 3, 4, 9]), np.array([*"ABCABC"])),
        held_back=[
            (np.array([9.0, 1, 4, 3]), np.array([5.0, 2, 1, 7]), np.array(["x", "y", "y", "z"]))
        ],
    ),
    wrong_answers={
        "weeks as independent": Mistake(
            lambda a, b, s: (a - b).mean() + np.array([-1.96, 1.96]) * pd.Series(a - b).sem(),
            "You treated all weeks as independent. Take the mean of each series first.",
        ),
        "mean of all weeks": Mistake(
            lambda a, b, s: (a - b).mean() + np.array([-1.96, 1.96]) * _by(a, b, s).sem(),
            "The middle is the mean of all weeks, in which a long series counts more. Take the "
            "mean of the series' means.",
        ),
        "t distribution": Mistake(
            _by_t,
            "You took the t distribution, which is right for few series. Here take 1.96 standard "
            "errors, as for the 24 categories.",
        ),
        "standard deviation": Mistake(
            lambda a, b, s: _by(a, b, s).mean() + np.array([-1.96, 1.96]) * _by(a, b, s).std(),
            "You used the standard deviation of the series. The mean of n series varies less: use "
            "the standard error.",
        ),
        "wrong way round": Mistake(
            lambda a, b, s: fair_interval(b, a, s),
            "The difference is the wrong way round: it is first − second.",
        ),
        "n instead of n − 1": Mistake(
            lambda a, b, s: (
                _by(a, b, s).mean() + np.array([-1.96, 1.96]) * _by(a, b, s).sem(ddof=0)
            ),
            "Your standard deviation divides by n instead of n − 1: use ddof=1, as `sem` does.",
        ),
        "one standard error": Mistake(
            lambda a, b, s: _by(a, b, s).mean() + np.array([-1.0, 1]) * _by(a, b, s).sem(),
            "This is one standard error on each side. A 95% confidence interval takes 1.96.",
        ),
        "half of the width": Mistake(
            lambda a, b, s: 1.96 * _by(a, b, s).sem(),
            "This is half of the width. Return both ends of the interval.",
        ),
    },
    takeaway="Weeks of one series share its errors, so count series, not rows.",
)

# By hand: total, Home, Kids, then the three categories.
GROUPS = np.array(["Kids", "Home", "Kids"])


def adding_up(departments):
    """Stack a row of ones, a row for each department, and a row for each category."""
    rows = [departments == name for name in np.unique(departments)]
    return np.vstack([np.ones(len(departments)), *rows, np.eye(len(departments))])


def _middle(departments):
    return [departments == name for name in np.unique(departments)]


ADDING_UP = Exercise(
    id="13b-3",
    objective="Write the summing matrix of a hierarchy.",
    hints=(
        "What does each row of the matrix add up?",
        "A row of ones for the total, a row for each department in alphabetical order, then a row "
        "for each category, which is itself.",
        "np.vstack([np.ones(n), *(departments == name for name in np.unique(departments)), "
        "np.eye(n)]).",
    ),
    solution=adding_up,
    check=on_cases(
        (GROUPS,),
        (np.array(["B", "A", "A", "C"]),),
        held_back=[(np.array(["Toys", "Garden", "Garden", "Kitchen", "Toys"]),)],
    ),
    wrong_answers={
        "total is missing": Mistake(
            lambda d: np.vstack([*_middle(d), np.eye(len(d))]),
            "The row of the total is missing.",
        ),
        "departments are missing": Mistake(
            lambda d: np.vstack([np.ones(len(d)), np.eye(len(d))]),
            "The departments are missing.",
        ),
        "categories are missing": Mistake(
            lambda d: np.vstack([np.ones(len(d)), *_middle(d)]),
            "The categories are missing. Each is the sum of itself.",
        ),
        "transposed": Mistake(
            lambda d: adding_up(d).T,
            "Your matrix is transposed: a row for each series, a column for each category.",
        ),
        "order of appearance": Mistake(
            lambda d: np.vstack(
                [np.ones(len(d)), *[d == name for name in pd.unique(d)], np.eye(len(d))]
            ),
            "The departments stand in their order of appearance. Sort them.",
        ),
        "bottom comes first": Mistake(
            lambda d: np.vstack([np.eye(len(d)), *_middle(d), np.ones(len(d))]),
            "In your matrix the bottom comes first. Begin with the total.",
        ),
        "means": Mistake(
            lambda d: adding_up(d) / adding_up(d).sum(axis=1, keepdims=True),
            "Your rows take means. They should add up.",
        ),
    },
    takeaway="A summing matrix has a row for each series and a column for each bottom series.",
)


def coherent_three(forecasts, variances):
    """Share the gap in proportion to the variances: down for the total, up for its parts."""
    gap = forecasts[0] - forecasts[1] - forecasts[2]
    moves = gap * variances / variances.sum()
    moves[0] = -moves[0]
    return forecasts + moves


def _gap(f):
    return f[0] - f[1] - f[2]


SIGNS = np.array([-1, 1, 1])

COHERENT_THREE = Exercise(
    id="13b-4",
    objective="Reconcile a total and its two parts by the variances of their errors.",
    hints=(
        "How far is the total from the sum of its parts, and which forecast should move most?",
        "Each forecast moves by the gap times its share of the variances, the total the other way.",
        "forecasts + gap · variances / variances.sum() · [−1, 1, 1].",
    ),
    solution=coherent_three,
    check=on_cases(
        (np.array([17.0, 8, 6]), np.array([1.0, 4, 1])),
        (np.array([20.0, 15, 11]), np.array([6.0, 1, 5])),
        held_back=[(np.array([9.0, 2, 4]), np.array([2.0, 3, 5]))],
    ),
    wrong_answers={
        "equal shares": Mistake(
            lambda f, v: f + _gap(f) / 3 * SIGNS,
            "You gave equal shares to all three, which is OLS. The less certain forecast moves "
            "more.",
        ),
        "bottom-up": Mistake(
            lambda f, v: np.array([f[1] + f[2], f[1], f[2]]),
            "This is bottom-up: it ignores what the forecast of the total knows.",
        ),
        "top-down": Mistake(
            lambda f, v: np.array([f[0], *(f[1:] * f[0] / f[1:].sum())]),
            "This is top-down: it ignores that the total can be wrong, too.",
        ),
        "the more certain forecast": Mistake(
            lambda f, v: f + _gap(f) / v / (1 / v).sum() * SIGNS,
            "In your answer the more certain forecast moves most. Shares are proportional to the "
            "variances.",
        ),
        "standard deviations": Mistake(
            lambda f, v: f + _gap(f) * np.sqrt(v) / np.sqrt(v).sum() * SIGNS,
            "You shared the gap by standard deviations. Take the variances.",
        ),
        "same direction": Mistake(
            lambda f, v: f + _gap(f) * v / v.sum(),
            "All three move in the same direction, so the gap stays. If the total is too high, it "
            "goes down and its parts go up.",
        ),
        "wrong sign": Mistake(
            lambda f, v: f - _gap(f) * v / v.sum() * SIGNS,
            "The wrong sign: your gap gets larger.",
        ),
        "total stays": Mistake(
            lambda f, v: np.array([f[0], *(f[1:] + _gap(f) * v[1:] / v[1:].sum())]),
            "In your answer the total stays. It has an error, too.",
        ),
    },
    takeaway="Reconciliation lets the less certain forecast give way.",
)

# By hand: usual weeks 4, 7, 4, mean 5; promoted 12 + 18; (30 + 1 · 2 · 5) / (3 · 5) = 8 / 3.
UNITS = np.array([4.0, 12, 7, 18, 4])
ON = np.array([False, True, False, True, False])


def shrunk_lift(units, promoted, of_all, strength):
    """Add `strength` promoted weeks at the lift of all series to those observed."""
    usual = units[~promoted].mean()
    sold = units[promoted].sum() + strength * of_all * usual
    return sold / ((promoted.sum() + strength) * usual)


def _usual(u, p):
    return u[~p].mean()


SHRUNK_LIFT = Exercise(
    id="13b-5",
    objective="Estimate the lift of a promotion, shrunk toward that of all series.",
    hints=(
        "What would these weeks have sold without a promotion?",
        "The usual week is the mean of the weeks without a promotion, m. Pretend that `strength` "
        "more promoted weeks had each sold of_all · m.",
        "(Σ promoted units + k L m) / ((n + k) m).",
    ),
    solution=shrunk_lift,
    check=on_cases(
        (UNITS, ON, 2.0, 1.0),
        (np.array([3.0, 9, 2, 1, 8, 6]), np.array([0, 1, 0, 0, 1, 0], bool), 1.5, 2.0),
        held_back=[(np.array([10.0, 7, 31, 16]), np.array([0, 0, 1, 0], bool), 1.8, 3.0)],
    ),
    wrong_answers={
        "not shrunk": Mistake(
            lambda u, p, a, k: u[p].mean() / _usual(u, p),
            "This lift is not shrunk: a few promoted weeks are taken at their word.",
        ),
        "mean of all weeks": Mistake(
            lambda u, p, a, k: (u[p].sum() + k * a * u.mean()) / ((p.sum() + k) * u.mean()),
            "You compare with the mean of all weeks, which holds promoted ones. Take the others.",
        ),
        "median": Mistake(
            lambda u, p, a, k: (
                (u[p].sum() + k * a * np.median(u[~p])) / ((p.sum() + k) * np.median(u[~p]))
            ),
            "You took the median of the usual weeks. m is their mean.",
        ),
        "k lifts": Mistake(
            lambda u, p, a, k: (u[p].sum() + k * a) / ((p.sum() + k) * _usual(u, p)),
            "You added k lifts to a sum of units. Each of these k weeks would have sold L · m.",
        ),
        "toward 1": Mistake(
            lambda u, p, a, k: shrunk_lift(u, p, 1.0, k),
            "You shrink toward 1, no effect. Shrink toward the lift of all series.",
        ),
        "weights are swapped": Mistake(
            lambda u, p, a, k: (k * u[p].mean() / _usual(u, p) + p.sum() * a) / (p.sum() + k),
            "The weights are swapped: the series' own lift counts n weeks, that of all k.",
        ),
        "half and half": Mistake(
            lambda u, p, a, k: (u[p].mean() / _usual(u, p) + a) / 2,
            "You took half and half. The weights are n and k weeks.",
        ),
        "extra units": Mistake(
            lambda u, p, a, k: u[p].mean() - _usual(u, p),
            "These are extra units. A lift is a ratio.",
        ),
        "upside down": Mistake(
            lambda u, p, a, k: 1 / shrunk_lift(u, p, a, k),
            "The ratio is upside down.",
        ),
    },
    takeaway="Few promoted weeks say little, so shrink a lift toward the lift of all series.",
)

KNOWN_AHEAD = quiz(
    id="13b-6",
    objective="Choose the regressor that is known when the forecast is made.",
    options={
        "a": "The share of units that are sold at a discount in the week to forecast.",
        "b": "Whether the product is in the mailer that is printed for the week to forecast.",
        "c": "The number of coupons redeemed in the week to forecast.",
        "d": "The mean price that customers pay in the week to forecast.",
    },
    right="b",
    hints=(
        "On which day could each number first be written down?",
        "Three of them are counted from the sales of the week itself.",
        "A plan is known before its week; a count of what happened is not.",
    ),
    wrong_answers={
        "discount": Mistake(
            "a",
            "The share sold at a discount is counted after the week. A planned discount would do.",
        ),
        "coupons": Mistake(
            "c", "Redeemed coupons are counted after the week. Coupons sent before would do."
        ),
        "price": Mistake(
            "d",
            "The mean price paid depends on what customers chose that week. The list price of a "
            "price plan would do.",
        ),
    },
    takeaway="A regressor must be known when the forecast is made: a plan, not an outcome.",
)


# By hand, with β = 0.5: weights 1/4, 1/2, 1 for 1, 0, 1: (1/4 + 1) / (7/4) = 5 / 7.
def weighted_probability(sold, beta):
    """Weight the last week by 1, the one before by 1 − β, and divide by the sum of the weights."""
    weights = (1 - beta) ** np.arange(len(sold))[::-1]
    return sold @ weights / weights.sum()


def _recursion(sold, beta, start):
    for one in sold:
        start = start + beta * (one - start)
    return start


WEIGHTED_PROBABILITY = Exercise(
    id="13b-7",
    objective="Start the probability of TSB as a weighted mean.",
    hints=(
        "Which weight has the last week, and which the week before?",
        "The weights are 1, 1 − β, (1 − β)², …, from the last week back.",
        "sold @ weights / weights.sum().",
    ),
    solution=weighted_probability,
    check=on_cases(
        (np.array([1.0, 0, 1]), 0.5),
        (np.array([0.0, 0, 1, 0]), 0.2),
        held_back=[(np.array([1.0, 1, 0, 0, 1, 0]), 0.1)],
    ),
    wrong_answers={
        "plain mean": Mistake(
            lambda s, b: s.mean(), "This is the plain mean. Later weeks weigh more."
        ),
        "first week weighs most": Mistake(
            lambda s, b: weighted_probability(s[::-1], b),
            "In your mean the first week weighs most. Turn the weights around.",
        ),
        "starts at 0": Mistake(
            lambda s, b: _recursion(s, b, 0.0),
            "Your probability starts at 0 and is too low for long. Divide by the sum of the "
            "weights.",
        ),
        "first value": Mistake(
            lambda s, b: _recursion(s[1:], b, s[0]),
            "You started with the first value, which then keeps too large a weight.",
        ),
        "not divided": Mistake(
            lambda s, b: s @ (1 - b) ** np.arange(len(s))[::-1],
            "You have not divided by the sum of the weights.",
        ),
        "added the first sale": Mistake(
            lambda s, b: weighted_probability(np.append(1, s), b),
            "You added the first sale. It is left out, because it is why we began to look.",
        ),
        "weights of β": Mistake(
            lambda s, b: s @ b ** np.arange(len(s))[::-1] / (b ** np.arange(len(s))).sum(),
            "You took weights of β. A share of 1 − β is kept each week.",
        ),
    },
    takeaway="A weighted mean needs no starting value, so it has no bias from one.",
)

ON_THE_SLIDE = quiz(
    id="13b-8",
    objective="Choose the sentence about forecasts that is correct.",
    options={
        "a": "Its 80% interval covered 99% of the weeks, so it is the best forecast.",
        "b": "Reconciled forecasts add up, so they are more accurate at every level.",
        "c": "With the number of discounted units as a regressor, the error falls by half.",
        "d": "With the mailer known, its error was lower at every origin of the backtest.",
        "e": "The lift of a promotion is what the promotion caused.",
    },
    right="d",
    hints=(
        "Which sentence names a test, and uses only what was known?",
        "Adding up is no proof of accuracy, and coverage alone is none of a good forecast.",
        "One sentence mistakes width for quality, one coherence for accuracy, one hides leakage, "
        "and one mistakes a comparison of weeks for a cause.",
    ),
    wrong_answers={
        "too wide": Mistake(
            "a", "An 80% interval that covers 99% is too wide. CRPS or pinball loss tell."
        ),
        "coherence": Mistake(
            "b",
            "They add up, which is coherence. Accuracy has to be measured, level by level.",
        ),
        "leakage": Mistake(
            "c", "This is leakage: discounted units are counted from the sales to be forecast."
        ),
        "chosen": Mistake(
            "e",
            "Promoted weeks are chosen, not randomized: before a holiday sales would rise anyway.",
        ),
    },
    takeaway="Say how a forecast was tested, and what was known when it was made.",
)
