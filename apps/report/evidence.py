"""Whether a model beats its baseline: a section makes a claim only if it passes such a test.

A gain is the mean of paired differences, better minus worse, with its 95% confidence interval. It
counts only if the whole interval lies above 0; otherwise the section says `cannot_tell`.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from apps.report.section import Skip
from helpers import churn
from helpers.language import say

ALPHA = 0.05


class Gain(NamedTuple):
    """By how much a model beats a baseline, and the 95% confidence interval of that."""

    mean: float
    low: float
    high: float


def mean_gain(differences: ArrayLike) -> Gain:
    """Return the mean of differences, with Student's t interval; without two, it is NaN.

    Parameters
    ----------
    differences : error of the baseline minus error of the model, for each of n independent cases.

    Examples
    --------
    Mean 2, standard deviation 1, and t = 4.303 for 3 cases: 2 ± 4.303 / √3.

    >>> [round(float(bound), 2) for bound in mean_gain([1, 2, 3])]
    [2.0, -0.48, 4.48]
    """
    d = np.asarray(differences, float)
    if len(d) < 2:
        return Gain(float(d.sum()), np.nan, np.nan)
    half = stats.t.ppf(1 - ALPHA / 2, len(d) - 1) * d.std(ddof=1) / np.sqrt(len(d))
    return Gain(float(d.mean()), float(d.mean() - half), float(d.mean() + half))


def auc_gain(y: ArrayLike, risk: ArrayLike, baseline: ArrayLike | None = None) -> Gain:
    """Return the AUC of a risk minus that of a baseline for the same cases, by DeLong's method.

    Parameters
    ----------
    y : what happened, bool, shape (cases,); both outcomes at least twice.
    risk, baseline : numbers, the higher the riskier, shape (cases,). Without a baseline, 0.5 is
        subtracted, the AUC of guessing.

    Examples
    --------
    Of the 2 · 2 pairs, the risk puts 3 in the right order: an AUC of 0.75.

    >>> auc_gain([True, True, False, False], [0.9, 0.4, 0.6, 0.1]).mean
    0.25
    """
    y, risk = pd.Series(np.asarray(y, bool)), np.asarray(risk, float)
    baseline = np.zeros(len(y)) if baseline is None else np.asarray(baseline, float)
    return Gain(*map(float, churn.auc_difference(y, risk, baseline)))


def interval(low: str, high: str) -> str:
    """Return the words for a 95% confidence interval, with its meaning.

    Examples
    --------
    >>> interval("1%", "3%").removeprefix("95% confidence interval, ")
    'a range that contains the true value in 95 of 100 such tests: 1% to 3%'
    """
    return say(
        "95% confidence interval, a range that contains the true value in 95 of 100 such tests: "
        "{low} to {high}",
        low=low,
        high=high,
    )


def cannot_tell(why: str) -> Skip:
    """Return what a section raises whose model failed its test.

    Examples
    --------
    >>> str(cannot_tell("Guessing does as well"))
    "this file can't tell. Guessing does as well"
    """
    return Skip(say("this file can't tell. {why}", why=why))
