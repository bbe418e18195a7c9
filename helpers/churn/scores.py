"""The quality of churn scores: comparison of models, calibration."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from helpers.churn.profit import gain_curve, require_both_classes, require_scores
from helpers.data import checks

TOP = 0.1  # share of users for the lift


def compare_models(y: pd.Series, scores: Mapping[str, pd.Series | np.ndarray]) -> pd.DataFrame:
    """Compare churn predictions for the same users with each other and with the base rate.

    - ``auc``: probability that a churner has a higher score than a stayer; 0.5 without skill;
    - ``pr_churned``, ``pr_active``: average precision (area under the precision–recall curve) of
      finding churners, and of finding stayers. Without skill it is the share of the class, so look
      at the rarer class;
    - ``lift``: churn rate among the tenth with the highest scores, divided by the base rate; at
      most 1 / base rate. Equal scores are taken in fractions;
    - ``brier`` = mean (p − y)², ``log_loss`` = −mean (y ln p + (1−y) ln(1−p)): proper scores of a
      probability, NaN for a score outside [0, 1].

    Parameters
    ----------
    y : Series of bool, one per user: churned or not.
    scores : name → predictions, the higher the riskier; Series with the index of ``y`` in any
        order, or arrays in the order of ``y``.

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
            "lift": np.interp(TOP, gain["share"], gain["caught"]) / TOP,
            "brier": brier_score_loss(y, score) if is_probability else np.nan,
            "log_loss": log_loss(y, score) if is_probability else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def auc_difference(
    y: pd.Series, score: pd.Series | np.ndarray, other: pd.Series | np.ndarray
) -> pd.Series:
    """Subtract the AUC of another score from that of a score, with a 95% confidence interval.

    A churner's placement is the share of stayers with a lower score, a stayer's the share of
    churners with a higher one; ties count one half. The AUC is the mean placement of the churners,
    and also that of the stayers. With d for the differences of the placements by the two scores,
    the standard error of the difference is

        √( var(d of the churners) / churners + var(d of the stayers) / stayers )

    Parameters
    ----------
    y : Series of bool, one per user: churned or not; at least two of each.
    score, other : two scores of the same users, the higher the riskier; Series with the index of
        ``y`` in any order, or arrays in the order of ``y``.

    Returns
    -------
    Series of floats: ``difference``, ``low``, ``high``.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Comparing the areas under two or more correlated
    receiver operating characteristic curves, Biometrics 44(3), https://doi.org/10.2307/2531595

    Examples
    --------
    >>> y = pd.Series([True, True, False, False])
    >>> auc_difference(y, [0.9, 0.7, 0.6, 0.2], [0.9, 0.4, 0.6, 0.2]).round(3).to_dict()
    {'difference': 0.25, 'low': -0.443, 'high': 0.943}
    """
    require_both_classes(y)
    churned = y.to_numpy()
    apart = _placements(churned, require_scores(y, score).to_numpy())
    apart -= _placements(churned, require_scores(y, other, "other").to_numpy())
    churners, stayers = apart[churned], apart[~churned]
    variance = churners.var(ddof=1) / len(churners) + stayers.var(ddof=1) / len(stayers)
    difference, margin = churners.mean(), 1.96 * np.sqrt(variance)
    return pd.Series(
        {"difference": difference, "low": difference - margin, "high": difference + margin}
    )


def _placements(churned: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return the share of the other class on the right side of each user's score."""
    ranks = rankdata(score)
    below = np.empty(len(score))
    for group in (churned, ~churned):  # without those of the same class, the others below are left
        below[group] = (ranks[group] - rankdata(score[group])) / (~group).sum()
    return np.where(churned, below, 1 - below)


def calibration_table(y: pd.Series, p: pd.Series | np.ndarray, bins: int = 10) -> pd.DataFrame:
    """Check calibration: predicted and observed churn rates in groups of similar predictions.

    Of the users with a prediction of 80%, 80% should churn. Users are sorted by p into groups of
    about equal size; equal predictions stay together, so there may be fewer groups.

    Parameters
    ----------
    y : Series of bool, one per user: churned or not.
    p : predicted probabilities; a Series with the index of ``y``, or an array in its order.
    bins : number of groups, 1 or more.

    Returns
    -------
    DataFrame, one row per group (index ``group``, from 1, the lowest p): ``users``, ``predicted``
    (mean p), ``observed`` (churn rate) and its 95% Wilson confidence interval ``low``, ``high``.

    References
    ----------
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953

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
    predicted = require_scores(y, p, "p")
    outside = ~predicted.between(0, 1)
    fix = "Calibration is of probabilities; give predict_proba(X)[:, 1]."
    checks.refuse_rows(predicted.to_frame(), ("p", outside, "is outside [0, 1]", fix))
    group = np.ceil(predicted.rank(method="max") * bins / len(predicted))
    group = group.rank(method="dense").astype(int).rename("group")
    by_group = pd.DataFrame({"predicted": predicted, "observed": y.astype(float)}).groupby(group)
    table, n = by_group.mean(), by_group.size()
    table.insert(0, "users", n)
    low, high = proportion_confint(by_group["observed"].sum(), n, method="wilson")
    return table.assign(low=low, high=high)
