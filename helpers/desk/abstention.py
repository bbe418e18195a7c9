"""Abstention: answer only where the score is high enough, and know what that costs."""

import numpy as np
import pandas as pd


def risk_coverage(scores: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    """Return the risk–coverage curve: what is answered, and how much of it wrongly.

    For each threshold t, with n questions,

        coverage(t) = #{score ≥ t} / n,    risk(t) = #{score ≥ t, wrong} / #{score ≥ t}

    Parameters
    ----------
    scores : the score of each question's answer, shape (n,).
    right : whether that answer is right, shape (n,).

    Returns
    -------
    DataFrame, a row for each distinct score, the highest first: ``threshold``, ``coverage``,
    ``risk``.

    References
    ----------
    El-Yaniv & Wiener (2010), On the foundations of noise-free selective classification, Journal of
    Machine Learning Research 11, 1605–1641.

    Examples
    --------
    >>> risk_coverage([0.9, 0.5, 0.7, 0.3], [True, False, True, True]).round(2).to_numpy().tolist()
    [[0.9, 0.25, 0.0], [0.7, 0.5, 0.0], [0.5, 0.75, 0.33], [0.3, 1.0, 0.25]]
    """
    scores, right = _checked(scores, right)
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # equal scores are answered together
    answered = np.arange(1, len(scores) + 1)[last]
    wrong = np.cumsum(~right[order])[last]
    coverage, risk = answered / len(scores), wrong / answered
    return pd.DataFrame({"threshold": scores[order][last], "coverage": coverage, "risk": risk})


def cost_curve(
    scores: np.ndarray, right: np.ndarray, *, wrong: float, person: float
) -> pd.DataFrame:
    """Return the mean cost of a question for each threshold.

    A right answer costs nothing, so with a threshold t the mean cost is

        (wrong · #{score ≥ t, wrong} + person · #{score < t}) / n

    Parameters
    ----------
    scores, right : as for `risk_coverage`.
    wrong : cost of a wrong answer, in dollars.
    person : cost of an answer by a person, in dollars.

    Returns
    -------
    DataFrame, the highest threshold first: ``threshold``, ``cost``. The first threshold, infinity,
    answers nothing. The others are halfway between two scores, so that a last digit does not
    decide; the last answers everything.

    Examples
    --------
    >>> curve = cost_curve([0.9, 0.5], [True, False], wrong=10, person=4)
    >>> curve.to_numpy().tolist()
    [[inf, 4.0], [0.7, 2.0], [-inf, 5.0]]
    """
    scores, right = _checked(scores, right)
    if not wrong > person > 0:
        raise ValueError(
            "cost_curve takes wrong > person > 0, or the desk should always or never answer; got "
            f"wrong = {wrong}, person = {person}."
        )
    levels = np.unique(scores)[::-1]
    thresholds = np.concatenate([[np.inf], (levels[:-1] + levels[1:]) / 2, [-np.inf]])
    answered = scores >= thresholds[:, None]
    cost = wrong * (answered & ~right).sum(axis=1) + person * (~answered).sum(axis=1)
    return pd.DataFrame({"threshold": thresholds, "cost": cost / len(scores)})


def choose_threshold(
    scores: np.ndarray, right: np.ndarray, *, wrong: float, person: float
) -> float:
    """Return the threshold with the lowest cost in `cost_curve`; of equals, the highest.

    Choose it on questions that you don't judge the desk by.

    Examples
    --------
    >>> round(choose_threshold([0.9, 0.5], [True, False], wrong=10, person=4), 2)
    0.7
    """
    curve = cost_curve(scores, right, wrong=wrong, person=person)
    return float(curve["threshold"].iloc[curve["cost"].round(9).argmin()])


def _checked(scores: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scores, right = np.asarray(scores, float), np.asarray(right)
    if scores.ndim != 1 or scores.shape != right.shape or not len(scores):
        raise ValueError(
            "scores and right are two lists of the same length, one entry per question; got "
            f"shapes {scores.shape} and {right.shape}."
        )
    if not np.isfinite(scores).all() or right.dtype != bool:
        raise ValueError(
            "scores are finite numbers and right is True or False; got "
            f"{np.sum(~np.isfinite(scores))} scores that are not finite, and right of type "
            f"{right.dtype}. Use right.astype(bool)."
        )
    return scores, right
