"""Whether a model beats its baseline: a section makes a claim only if it passes such a test.

A gain is the mean of paired differences, better minus worse, with its 95% confidence interval. It
counts only if the whole interval lies above 0; otherwise the section says `cannot_tell`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from apps.report.section import Skip
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

    The AUC is the mean, over the cases with y, of the share of the others that have a lower risk,
    and also the mean of the corresponding shares over the others. The variance of the difference is
    that of its mean over the m cases with y plus that over the n others,

        s²/m + s'²/n

    Parameters
    ----------
    y : what happened, bool, shape (cases,); both outcomes at least twice.
    risk, baseline : numbers, the higher the riskier, shape (cases,). Without a baseline, 0.5 is
        subtracted, the AUC of guessing.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Comparing the areas under two or more correlated
    receiver operating characteristic curves, Biometrics 44(3), https://doi.org/10.2307/2531595

    Examples
    --------
    Of the 2 · 2 pairs, the risk puts 3 in the right order: an AUC of 0.75.

    >>> auc_gain([True, True, False, False], [0.9, 0.4, 0.6, 0.1]).mean
    0.25
    """
    y, risk = np.asarray(y, bool), np.asarray(risk, float)
    baseline = np.zeros(len(y)) if baseline is None else np.asarray(baseline, float)
    ours, theirs = _placements(y, risk), _placements(y, baseline)
    positive, negative = (one - other for one, other in zip(ours, theirs, strict=True))
    variance = sum(d.var(ddof=1) / len(d) for d in (positive, negative))
    half = stats.norm.ppf(1 - ALPHA / 2) * np.sqrt(variance)
    gain = positive.mean()
    return Gain(float(gain), float(gain - half), float(gain + half))


def _placements(y: np.ndarray, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each case with y the share of others below it, for each other those above it."""
    rank, m, n = stats.rankdata(risk), y.sum(), (~y).sum()
    below = (rank[y] - stats.rankdata(risk[y])) / n
    above = 1 - (rank[~y] - stats.rankdata(risk[~y])) / m
    return below, above


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
