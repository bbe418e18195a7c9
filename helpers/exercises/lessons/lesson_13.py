"""Exercises of lesson 13: a scaled error, a stock from two costs, a sold-out week, and a slide."""

import numpy as np
from scipy import stats

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Demand forecasting"

# By hand, with a season of 2: the history moves by |6 - 2|, |3 - 4|, |5 - 6|, mean 2. Errors 1, 3.
HISTORY = np.array([2.0, 4, 6, 3, 5])
YEARS = np.array([3.0, 8, 1, 5, 9, 2, 4, 12, 1, 7])


def scaled_error(actual, said, history, season):
    """Divide by what the seasonal naive forecast was off by in the weeks that were known."""
    naive = np.abs(history[season:] - history[:-season]).mean()
    return np.abs(actual - said).mean() / naive


def _steps(history, season):
    return np.abs(history[season:] - history[:-season])


SCALED_ERROR = Exercise(
    id="13-1",
    objective="Scale an error by that of the seasonal naive forecast.",
    hints=(
        "By how much was the seasonal naive forecast off, on average, in the weeks already known?",
        "The week a season earlier is history[:-season], beside history[season:].",
        "mean |y − ŷ| / mean |y_t − y_{t−m}|, the second mean over the history.",
    ),
    solution=scaled_error,
    check=on_cases(
        (np.array([5.0, 3]), np.array([4.0, 6]), HISTORY, 2),
        (np.array([6.0, 2, 9]), np.array([7.0, 5, 5]), YEARS, 3),
        (np.array([6.0, 2, 9]), np.array([7.0, 5, 5]), YEARS, 1),
    ),
    wrong_answers={
        "week to week": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / np.abs(np.diff(h)).mean(),
            "You scaled by steps from week to week. The seasonal naive forecast looks back a whole "
            "season.",
        ),
        "weeks that were forecast": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / np.abs(a - h[-1]).mean(),
            "The scale comes from the weeks that were forecast. Take it from the history, "
            "which was known.",
        ),
        "steps of the outcomes": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / np.abs(np.diff(a)).mean(),
            "You scaled by steps of the outcomes. The scale comes from the history, and looks back "
            "a whole season.",
        ),
        "differences of differences": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / np.abs(np.diff(h, n=m)).mean(),
            "`np.diff` with n=season takes differences of differences. Subtract the week a season "
            "earlier: history[season:] - history[:-season].",
        ),
        "last season alone": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / _steps(h, m)[-m:].mean(),
            "You scaled by the steps of the last season alone. Take all of the history.",
        ),
        "sum of the errors": Mistake(
            lambda a, f, h, m: np.abs(a - f).sum() / _steps(h, m).mean(),
            "You took the sum of the errors. MASE divides one mean by another.",
        ),
        "two sums": Mistake(
            lambda a, f, h, m: np.abs(a - f).sum() / _steps(h, m).sum(),
            "You divided two sums, of different numbers of weeks. Divide the means.",
        ),
        "medians": Mistake(
            lambda a, f, h, m: np.median(np.abs(a - f)) / np.median(_steps(h, m)),
            "You took medians. MASE divides one mean by another.",
        ),
        "not yet scaled": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean(),
            "This is the mean absolute error in units, not yet scaled by that of the naive "
            "forecast.",
        ),
        "divided by the mean": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / h.mean(),
            "You divided by the mean of the history. Divide by its steps from season to season.",
        ),
        "MAPE": Mistake(
            lambda a, f, h, m: (np.abs(a - f) / a).mean(),
            "This is the MAPE, which divides by each outcome. MASE divides by one scale.",
        ),
        "squared": Mistake(
            lambda a, f, h, m: np.sqrt(((a - f) ** 2).mean() / (_steps(h, m) ** 2).mean()),
            "You squared the errors. MASE takes their absolute values.",
        ),
        "only the errors are squared": Mistake(
            lambda a, f, h, m: ((a - f) ** 2).mean() / _steps(h, m).mean(),
            "You squared, and only the errors are squared. MASE takes absolute values above and "
            "below.",
        ),
        "cancel": Mistake(
            lambda a, f, h, m: (f - a).mean() / _steps(h, m).mean(),
            "Errors up and down cancel: this is the bias. Take absolute values first.",
        ),
        "this is the bias": Mistake(
            lambda a, f, h, m: (a - f).mean() / _steps(h, m).mean(),
            "Errors up and down cancel: this is the bias. Take absolute values first.",
        ),
        "steps up and down": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / (h[m:] - h[:-m]).mean(),
            "In your scale, steps up and down cancel. Take their absolute values, too.",
        ),
        "wraps around": Mistake(
            lambda a, f, h, m: np.abs(a - f).mean() / np.abs(h - np.roll(h, m)).mean(),
            "`np.roll` wraps around: it compares the first weeks with the last. They have no week "
            "a season earlier, so leave them out.",
        ),
        "upside down": Mistake(
            lambda a, f, h, m: _steps(h, m).mean() / np.abs(a - f).mean(),
            "The fraction is upside down. The error is divided by that of the naive forecast.",
        ),
        "WAPE": Mistake(
            lambda a, f, h, m: np.abs(a - f).sum() / a.sum(),
            "This is the WAPE: errors per unit sold. MASE divides by steps of the history.",
        ),
    },
    takeaway="A scale from the known weeks makes errors of large and small series comparable.",
)

# By hand: costs 3 and 1, so P(demand ≤ q) ≥ 3/4. Of 1 2 4 9 three are at most 4: stock 4.
MONDAYS = np.array([4, 1, 9, 2])
TEN = np.array([3, 0, 5, 2, 2, 7, 1, 4, 3, 12])


def best_stock(demand, cost_under, cost_over):
    """Take the least stock that was enough in a large enough share of the weeks."""
    share = cost_under / (cost_under + cost_over)
    return np.quantile(demand, share, method="inverted_cdf")


def _at(demand, share):
    return np.quantile(demand, share, method="inverted_cdf")


def _cost(demand, stock, cost_under, cost_over):
    short = demand - stock
    return (cost_under * np.maximum(short, 0) + cost_over * np.maximum(-short, 0)).sum()


BEST_STOCK = Exercise(
    id="13-2",
    objective="Choose a stock from past demand and two costs.",
    hints=(
        "In which share of the weeks should the stock be enough, if a lost sale is dear?",
        "In cost_under / (cost_under + cost_over) of them, or a little more. Sort the weeks.",
        "`np.quantile(demand, share, method='inverted_cdf')` is the least demand that this share "
        "of the weeks did not exceed.",
    ),
    solution=best_stock,
    check=on_cases((MONDAYS, 3, 1), (TEN, 9, 2), (TEN, 3, 7.5)),
    wrong_answers={
        "mean": Mistake(
            lambda d, u, o: d.mean(),
            "You stocked mean demand. It is the best stock for no pair of costs in particular.",
        ),
        "median": Mistake(
            lambda d, u, o: _at(d, 0.5),
            "You stocked the median, which is right if both costs are the same.",
        ),
        "turned round": Mistake(
            lambda d, u, o: _at(d, o / (u + o)),
            "The costs are turned round. The dearer a lost sale, the larger the stock.",
        ),
        "between two": Mistake(
            lambda d, u, o: np.quantile(d, u / (u + o)),
            "This is a quantile between two weeks. Nobody stocks half a unit: "
            "method='inverted_cdf' gives one that was seen.",
        ),
        "turned round, and between two": Mistake(
            lambda d, u, o: np.quantile(d, o / (u + o)),
            "The costs are turned round, and between two weeks lies no stock. The share is "
            "cost_under / (cost_under + cost_over), and method='inverted_cdf' gives a week.",
        ),
        "percent": Mistake(
            lambda d, u, o: np.percentile(d, u / (u + o)),
            "`np.percentile` wants percent, from 0 to 100. `np.quantile` takes a share.",
        ),
        "a share of the weeks": Mistake(
            lambda d, u, o: u / (u + o),
            "This is a share of the weeks, not yet a stock. Which demand did this share of the "
            "weeks not exceed?",
        ),
        "lowest cost": Mistake(
            lambda d, u, o: min(_cost(d, s, u, o) for s in d),
            "This is the lowest cost, in money. The question is for the stock that has it.",
        ),
        "not sorted": Mistake(
            lambda d, u, o: d[int(np.ceil(len(d) * u / (u + o))) - 1],
            "Your weeks are not sorted: you took the one that came at that time. Sort them first.",
        ),
        "too seldom": Mistake(
            lambda d, u, o: np.sort(d)[int(len(d) * u / (u + o)) - 1],
            "This stock is enough too seldom. In the sorted weeks, round the place up, not down.",
        ),
        "next lower": Mistake(
            lambda d, u, o: np.quantile(d, u / (u + o), method="lower"),
            "You took the next lower week, or the nearest. It can be enough too seldom: "
            "method='inverted_cdf' is the least that is enough often enough.",
        ),
        "always have been enough": Mistake(
            lambda d, u, o: d.max(),
            "This stock would always have been enough. What is left over costs money, too.",
        ),
        "more often than it has to": Mistake(
            lambda d, u, o: np.sort(d)[int(len(d) * u / (u + o))],
            "This stock is enough more often than it has to: a smaller one reaches the share "
            "exactly, and ≥ is asked for, not >.",
        ),
        "rounded up": Mistake(
            lambda d, u, o: np.ceil(np.quantile(d, u / (u + o))),
            "You rounded up a quantile between two weeks. Take the least week that was enough: "
            "method='inverted_cdf'.",
        ),
        "rounded to the nearest": Mistake(
            lambda d, u, o: np.round(np.quantile(d, u / (u + o))),
            "You rounded to the nearest unit what lies between two weeks. Take the least week that "
            "was enough: method='inverted_cdf'.",
        ),
        "normal": Mistake(
            lambda d, u, o: stats.norm(d.mean(), d.std()).ppf(u / (u + o)),
            "You took a normal distribution with the mean and deviation of the weeks. Ask the "
            "weeks themselves.",
        ),
        "Poisson": Mistake(
            lambda d, u, o: stats.poisson(d.mean()).ppf(u / (u + o)),
            "You took a Poisson distribution with the mean of the weeks. Ask the weeks themselves; "
            "they vary more than it allows.",
        ),
        "one cost by the other": Mistake(
            lambda d, u, o: _at(d, min(u, o) / max(u, o)),
            "You divided one cost by the other. The share is "
            "cost_under / (cost_under + cost_over).",
        ),
    },
    takeaway="Not the mean: the quantile cost_under / (cost_under + cost_over).",
)


def sold_out_week(sold, mean):
    """Take the mean of all demand from `sold` on, weighted by its Poisson probability."""
    poisson = stats.poisson(mean)
    return mean * poisson.sf(sold - 2) / poisson.sf(sold - 1)


SOLD_OUT_WEEK = Exercise(
    id="13-3",
    objective="Say what demand to expect of a week that was sold out.",
    hints=(
        "Demand was at least what was sold. Which outcomes are still possible, and how probable "
        "are they among themselves?",
        "E[D | D ≥ s] = Σ_{k≥s} k P(k) / P(D ≥ s). `stats.poisson(mean).sf(k)` is P(D > k).",
        "For the Poisson distribution Σ_{k≥s} k P(k) = λ P(D ≥ s − 1).",
    ),
    solution=sold_out_week,
    check=on_cases((1, np.log(2)), (4, 3.0), (8, 12.0)),
    wrong_answers={
        "what was sold": Mistake(
            lambda s, m: float(s),
            "You took what was sold for demand. It was at least that.",
        ),
        "mean": Mistake(
            lambda s, m: float(m),
            "This is the mean of all weeks. That this one was sold out says it was no small one. "
            "If you summed k P(k), begin at k = s.",
        ),
        "the larger": Mistake(
            lambda s, m: max(float(s), float(m)),
            "The larger of both still leaves out that demand may have been far above.",
        ),
        "above": Mistake(
            lambda s, m: m * stats.poisson(m).sf(s - 1) / stats.poisson(m).sf(s),
            "This is the mean of demand *above* what was sold. Demand may have been just met: ≥.",
        ),
        "beyond": Mistake(
            lambda s, m: m * stats.poisson(m).sf(s - 2) / stats.poisson(m).sf(s - 1) - s,
            "This is what was wanted beyond what was sold. The question asks for all of demand: "
            "add the sales.",
        ),
        "added": Mistake(
            lambda s, m: float(s + m),
            "You added the mean to what was sold, as if all of the demand came again.",
        ),
        "did not divide": Mistake(
            lambda s, m: m * stats.poisson(m).sf(s - 2),
            "You did not divide by the probability of a week that sells out, P(D ≥ s).",
        ),
        "P(D > s)": Mistake(
            lambda s, m: m * stats.poisson(m).sf(s - 2) / stats.poisson(m).sf(s),
            "You divided by P(D > s), which is sf(s). A week sells out with P(D ≥ s), sf(s − 1).",
        ),
        "P(D ≤ s)": Mistake(
            lambda s, m: m * stats.poisson(m).sf(s - 2) / stats.poisson(m).cdf(s),
            "You divided by P(D ≤ s), which is cdf(s). A week sells out with P(D ≥ s), sf(s − 1).",
        ),
        "at most s": Mistake(
            lambda s, m: m * stats.poisson(m).cdf(s - 1) / stats.poisson(m).cdf(s),
            "This is the mean of demand of at most s. A week that was sold out had at least s.",
        ),
        "a probability": Mistake(
            lambda s, m: stats.poisson(m).sf(s - 1),
            "This is a probability, that of selling out. The question asks how many units are "
            "wanted then.",
        ),
        "expected sales": Mistake(
            lambda s, m: m * stats.poisson(m).cdf(s - 2) + s * stats.poisson(m).sf(s - 1),
            "These are the expected sales of any week with s on the shelf. The question asks for "
            "demand, and the week was sold out.",
        ),
        "ought to be left out": Mistake(
            lambda s, m: m * stats.poisson(m).sf(s - 2) + s * stats.poisson(m).cdf(s - 1),
            "You filled the weeks below s with s. They ought to be left out: it is known that this "
            "week was not one of them. Then divide by P(D ≥ s).",
        ),
        "median": Mistake(
            lambda s, m: stats.poisson(m).isf(stats.poisson(m).sf(s - 1) / 2),
            "This is the median of demand from s on. To expect asks for the mean.",
        ),
        "starts at s": Mistake(
            lambda s, m: m / stats.poisson(m).sf(s - 1),
            "The sum over k P(k) starts at s, so it is λ P(D ≥ s − 1), not all of λ.",
        ),
    },
    takeaway="A sold-out week says at least. Forecast demand, not what the shelf let through.",
)

ON_THE_SLIDE = quiz(
    id="13-4",
    objective="Choose the sentence about a forecast that holds.",
    options={
        "a": "Our new model is better than the true expectation of each week.",
        "b": "The forecast is best for rare items at zero, so we need not stock them.",
        "c": "Tested six times, knowing the past alone, it was off by less than last year's week.",
        "d": "One year of data shows the season: sales rise toward December.",
        "e": "For the whole shop it is off by a tenth, so a tenth more of everything is safe.",
    },
    right="c",
    hints=(
        "Which sentence tells how it was tested?",
        "Nothing that knows only the past can, for long, beat the expectation itself.",
        "One is a leak, one asks for the median, one takes a trend for a season, and one takes a "
        "small series for a large one.",
    ),
    wrong_answers={
        "leak": Mistake(
            "a",
            "Below the noise floor there is a leak: the model has seen what it was to forecast.",
        ),
        "median": Mistake(
            "b",
            "Zero is the median of a rare item. What to stock is said by another quantile, that of "
            "the two costs.",
        ),
        "one year": Mistake(
            "d",
            "In one year a shop that grows and a shop with a season look alike. A season has to be "
            "seen twice.",
        ),
        "smaller the series": Mistake(
            "e",
            "The smaller the series, the more of it is luck: a category is off by far more than "
            "the shop. And how much is safe depends on two costs, not on a percentage.",
        ),
    },
    takeaway="A forecast is as good as its test: many origins, only the past, a baseline.",
)
