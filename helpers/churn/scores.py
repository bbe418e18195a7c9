"""How good churn scores are: comparison of models, calibration."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from helpers.churn.profit import (
    NORMAL,
    gain_curve,
    require_both_classes,
    require_scores,
)
from helpers.data import checks


def compare_models(
    y: pd.Series, scores: Mapping[str, pd.Series | np.ndarray], top: float = 0.1
) -> pd.DataFrame:
    """Compare predictions of churn for the same users, with what no skill at all would get.

    - ``auc``: the chance that a churner has a higher score than one who stays; 0.5 is no skill;
    - ``pr_churned``, ``pr_active``: average precision (area under precision and recall) of finding
      those who churn, and those who stay. Its no-skill value is the share of the class, so it is
      the rarer class that says something;
    - ``lift``: among the ``top`` share with the highest scores, the share who churn, divided by
      the share among all; at most 1 / base rate. Equal scores are taken in fractions;
    - ``brier`` = mean (p − y)², ``log_loss`` = −mean (y ln p + (1−y) ln(1−p)): these two judge p
      as a probability, are best when it is right, and NaN for a score outside [0, 1].

    Parameters
    ----------
    y : Series of bool, one per user: churned or not.
    scores : name → predictions, the higher the riskier; Series with the index of ``y`` in any
        order, or arrays in the order of ``y``.
    top : share of users for ``lift``, in (0, 1].

    Returns
    -------
    DataFrame, one row per model (index ``model``) in the order of ``scores``, after a first row
    ``base rate``, which predicts the share of churners for everybody.

    References
    ----------
    Neslin et al. (2006), Defection detection, Journal of Marketing Research 43(2),
    https://doi.org/10.1509/jmkr.43.2.204, for the lift of the top decile.

    Examples
    --------
    >>> y = pd.Series([True, True, False, True])
    >>> table = compare_models(y, {"model": [0.9, 0.8, 0.7, 0.6]})
    >>> table[["auc", "pr_active", "brier"]].round(3)
                 auc  pr_active  brier
    model
    base rate  0.500       0.25  0.188
    model      0.667       0.50  0.175
    """
    if not 0 < top <= 1:
        raise ValueError(f"top is a share: 0.1 for the top decile; got {top}.")
    require_both_classes(y)
    rows = {}
    for name, given in {"base rate": np.full(len(y), y.mean()), **scores}.items():
        score = require_scores(y, given, name)
        gain = gain_curve(y, score)
        is_probability = score.between(0, 1).all()
        rows[name] = {
            "auc": roc_auc_score(y, score),
            "pr_churned": average_precision_score(y, score),
            "pr_active": average_precision_score(~y, -score),
            "lift": np.interp(top, gain["share"], gain["caught"]) / top,
            "brier": brier_score_loss(y, score) if is_probability else np.nan,
            "log_loss": log_loss(y, score) if is_probability else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def calibration_table(y: pd.Series, p: pd.Series | np.ndarray, bins: int = 10) -> pd.DataFrame:
    """Say whether predicted probabilities come true: in groups of users with similar predictions.

    Of those who were told 80 %, 80 % should churn. Users are put in order of p and cut into groups
    of about equal size; equal predictions stay together, so there may be fewer groups. The interval
    (Wilson, 95 %) says how far the observed share of so few users strays by chance.

    Parameters
    ----------
    y : Series of bool, one per user: churned or not.
    p : predicted probabilities; a Series with the index of ``y``, or an array in its order.
    bins : number of groups, 1 or more.

    Returns
    -------
    DataFrame, one row per group (index ``group``, from 1, the lowest p): ``users``, ``predicted``
    (mean p), ``observed`` (share who churned), ``low``, ``high``.

    References
    ----------
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953, for the interval.

    Examples
    --------
    >>> y = pd.Series([False, True, True, True])
    >>> calibration_table(y, [0.2, 0.4, 0.9, 0.9], bins=2).round(2)
           users  predicted  observed   low  high
    group
    1          2        0.3       0.5  0.09  0.91
    2          2        0.9       1.0  0.34  1.00
    """
    checks.require_whole("bins", bins)
    checks.require(y.to_frame("churned"), churned="flag")
    p = require_scores(y, p, "p")
    outside = ~p.between(0, 1)
    mend = "Calibration is about probabilities; give predict_proba(X)[:, 1]."
    checks.refuse_rows(p.to_frame("p"), ("p", outside, "is outside [0, 1]", mend))
    group = np.ceil(p.rank(method="max") * bins / len(p))
    group = group.rank(method="dense").astype(int).rename("group")
    by_group = pd.DataFrame({"predicted": p, "observed": y.astype(float)}).groupby(group)
    table = by_group.mean()
    n = by_group.size()
    z = NORMAL
    middle = (table["observed"] + z**2 / (2 * n)) / (1 + z**2 / n)
    spread = np.sqrt(table["observed"] * (1 - table["observed"]) / n + z**2 / (4 * n**2))
    half = z * spread / (1 + z**2 / n)
    table.insert(0, "users", n)
    return table.assign(low=(middle - half).clip(0, 1), high=(middle + half).clip(0, 1))
