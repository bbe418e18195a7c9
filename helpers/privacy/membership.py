"""Membership inference: whether a model betrays which rows it was trained on."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm, rankdata


def attack_auc(members: ArrayLike, others: ArrayLike, *, confidence: float = 0.95) -> pd.Series:
    """Return how well a score tells members of the training set from others: the AUC.

    The attacker takes a case for a member if its score is high; minus the model's error is the
    simplest score, because a model that overfits has smaller errors on what it has seen. AUC is
    the probability that a random member scores higher than a random other one, ties counted half.
    0.5 is chance. With ψ = 1, ½, 0 for a pair, and V the mean ψ of a case over all cases of the
    other side, DeLong's standard error is

        √(var(V of members) / m + var(V of others) / n)

    Parameters
    ----------
    members, others : scores of m ≥ 2 and n ≥ 2 independent cases. If cases come from the same
        users, score users.
    confidence : of the interval.

    Returns
    -------
    Series ``auc``, ``low``, ``high``; the interval is cut to [0, 1].

    References
    ----------
    S. Yeom, I. Giacomelli, M. Fredrikson & S. Jha (2018), Privacy risk in machine learning:
    analyzing the connection to overfitting, CSF 2018, doi:10.1109/CSF.2018.00027. E. R. DeLong,
    D. M. DeLong & D. L. Clarke-Pearson (1988), Comparing the areas under two or more correlated
    receiver operating characteristic curves, Biometrics 44(3), doi:10.2307/2531595

    Examples
    --------
    Of the four pairs, the member scores higher in three.

    >>> attack_auc([-0.1, -0.6], [-0.5, -0.9])["auc"]
    np.float64(0.75)
    """
    members, others = np.asarray(members, float), np.asarray(others, float)
    for name, scores in (("members", members), ("others", others)):
        if scores.ndim != 1 or len(scores) < 2 or not np.isfinite(scores).all():
            raise ValueError(f"{name} needs two or more finite scores in one row; drop the rest.")
    m, n = len(members), len(others)
    rank = rankdata(np.concatenate([members, others]))
    of_members = (rank[:m] - rankdata(members)) / n
    of_others = 1 - (rank[m:] - rankdata(others)) / m
    auc = of_members.mean()
    error = np.sqrt(of_members.var(ddof=1) / m + of_others.var(ddof=1) / n)
    reach = norm.ppf((1 + confidence) / 2) * error
    return pd.Series({"auc": auc, "low": max(auc - reach, 0), "high": min(auc + reach, 1)})
