"""Calibration of churn probabilities: how far they are off, and Platt scaling to repair them.

For isotonic regression there is `sklearn.isotonic.IsotonicRegression`.
"""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.utils.validation import check_is_fitted

from helpers.churn.profit import require_both_classes, require_scores
from helpers.churn.scores import calibration_table

EDGE = 1e-6  # the log-odds of 0 and 1 are infinite


def expected_calibration_error(y: pd.Series, p: pd.Series | np.ndarray, bins: int = 10) -> float:
    """Return the mean distance between predicted and observed rates in groups of predictions.

        ECE = Σ_b n_b/n · |p̄_b − ȳ_b|

    The groups b are those of `calibration_table`, of about equal size. Chance alone gives a
    calibrated model an ECE above 0: the fewer users in a group, the more.

    Parameters
    ----------
    y, p, bins : as for `calibration_table`.

    Returns
    -------
    float in [0, 1].

    References
    ----------
    Naeini, Cooper & Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian
    binning, AAAI-15, https://doi.org/10.1609/aaai.v29i1.9602

    Examples
    --------
    Two groups of two: ``|0.3 − 0.5|`` and ``|0.9 − 1|``, so (0.2 + 0.1) / 2.

    >>> y = pd.Series([False, True, True, True])
    >>> round(expected_calibration_error(y, [0.2, 0.4, 0.9, 0.9], bins=2), 3)
    0.15
    """
    table = calibration_table(y, p, bins)
    return float(np.average((table["predicted"] - table["observed"]).abs(), weights=table["users"]))


def brier_decomposition(y: pd.Series, p: pd.Series | np.ndarray, bins: int = 10) -> pd.Series:
    """Split the Brier score into what calibration costs, what the ranking gains, and the rest.

        Brier = Σ_b n_b/n (p̄_b − ȳ_b)²  −  Σ_b n_b/n (ȳ_b − ȳ)²  +  ȳ (1 − ȳ)  +  within

    These are reliability (0 for calibrated groups), resolution (how far the observed rates of the
    groups are apart), uncertainty (the score of the base rate), and what is left because
    predictions differ within a group; it is 0 if they don't.

    Parameters
    ----------
    y, p, bins : as for `calibration_table`.

    Returns
    -------
    Series of float: ``brier``, ``reliability``, ``resolution``, ``uncertainty``, ``within``.

    References
    ----------
    Murphy (1973), A new vector partition of the probability score, Journal of Applied Meteorology
    12(4), https://doi.org/10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2

    Examples
    --------
    >>> y = pd.Series([False, True, True, True])
    >>> brier_decomposition(y, [0.5, 0.5, 0.9, 0.9], bins=2).round(4).tolist()
    [0.13, 0.005, 0.0625, 0.1875, 0.0]
    """
    table = calibration_table(y, p, bins)
    share, observed, base = table["users"] / len(y), table["observed"], y.mean()
    brier = float(np.mean((require_scores(y, p, "p") - y) ** 2))
    reliability = float(share @ (table["predicted"] - observed) ** 2)
    resolution = float(share @ (observed - base) ** 2)
    uncertainty = float(base * (1 - base))
    return pd.Series(
        {
            "brier": brier,
            "reliability": reliability,
            "resolution": resolution,
            "uncertainty": uncertainty,
            "within": brier - (reliability - resolution + uncertainty),
        }
    )


def against_truth(p: pd.Series | np.ndarray, truth: pd.Series, bins: int = 10) -> pd.Series:
    """Compare predictions with the true probabilities, which only a simulated shop has.

    No outcomes are drawn: Brier score and AUC are those expected over all outcomes, in which a user
    of true risk p counts as p churners and 1 − p stayers.

    Parameters
    ----------
    p : predicted probabilities; a Series with the index of ``truth``, or an array in its order.
    truth : Series of float in [0, 1], one per user.
    bins : number of groups of equal size for the ECE, by ascending p.

    Returns
    -------
    Series of float: ``mean`` of p, ``ece`` (mean distance between p and truth in the groups),
    ``brier``, ``auc``.

    Examples
    --------
    The groups are 0.3 against 0.5, and 0.9 against 1.

    >>> truth = pd.Series([0.5, 0.5, 1, 1])
    >>> against_truth([0.2, 0.4, 0.9, 0.9], truth, bins=2).round(3).to_dict()
    {'mean': 0.6, 'ece': 0.15, 'brier': 0.155, 'auc': 0.833}
    """
    predicted = require_scores(truth, p, "p")
    group = pd.qcut(predicted.rank(method="first"), bins, labels=False)
    means = pd.DataFrame({"p": predicted, "truth": truth}).groupby(group).mean()
    chance = (truth * (1 - truth)).mean()
    outcomes = np.repeat([1, 0], len(truth))  # each user once as a churner, once as a stayer
    both = np.append(truth, 1 - truth)  # with these weights
    return pd.Series(
        {
            "mean": predicted.mean(),
            "ece": (means["p"] - means["truth"]).abs().mean(),
            "brier": np.mean((predicted - truth) ** 2) + chance,
            "auc": roc_auc_score(outcomes, np.tile(predicted, 2), sample_weight=both),
        }
    )


class PlattScaling(BaseEstimator):
    """Map predicted probabilities to calibrated ones by a logistic curve of their log-odds.

        p′ = 1 / (1 + exp(−(a · ln(p / (1 − p)) + b)))

    a and b maximize the likelihood of outcomes that the model has not learned from. Like Platt, we
    let the outcomes be (n₁ + 1) / (n₁ + 2) and 1 / (n₀ + 2) instead of 1 and 0, for n₁ users who
    churned and n₀ who did not, so that few users can't make the curve a step. The ranking stays
    the same if a > 0. Probabilities nearer to 0 or 1 than 10⁻⁶ are moved there.

    Attributes
    ----------
    slope_, intercept_ : a and b; 1 and 0 change nothing. a < 1 pulls overconfident predictions
        together.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines and comparisons to regularized
    likelihood methods, in Advances in Large Margin Classifiers, MIT Press, 61–74. Niculescu-Mizil &
    Caruana (2005), Predicting good probabilities with supervised learning, ICML '05,
    https://doi.org/10.1145/1102351.1102430

    Examples
    --------
    Of those with 0.8 one half churned, of those with 0.95 three quarters.

    >>> p = np.repeat([0.8, 0.95], 1000)
    >>> y = pd.Series([True, False] * 500 + [True, True, True, False] * 250)
    >>> PlattScaling().fit(p, y).predict([0.8, 0.95]).round(2).tolist()
    [0.5, 0.75]
    """

    def fit(self, p: pd.Series | np.ndarray, y: pd.Series) -> Self:
        """Learn the curve from predictions and outcomes, as for `calibration_table`."""
        require_both_classes(y)
        score, churned = _log_odds(require_scores(y, p, "p")), np.asarray(y, bool)
        n1, n0 = churned.sum(), (~churned).sum()
        target = np.where(churned, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
        # A target of .9 is nine tenths of a user who churned, and a tenth of one who did not.
        curve = LogisticRegression(C=np.inf, tol=1e-8).fit(
            np.tile(score, 2)[:, None],
            np.repeat([1, 0], len(score)),
            sample_weight=np.append(target, 1 - target),
        )
        self.slope_, self.intercept_ = float(curve.coef_[0, 0]), float(curve.intercept_[0])
        return self

    def predict(self, p: pd.Series | np.ndarray) -> np.ndarray:
        """Return calibrated probabilities, in the order of ``p``."""
        check_is_fitted(self)
        return 1 / (1 + np.exp(-(self.slope_ * _log_odds(p) + self.intercept_)))


def _log_odds(p: pd.Series | np.ndarray) -> np.ndarray:
    p = np.asarray(p, float)
    inside = (p >= 0) & (p <= 1)
    if not inside.all():
        raise ValueError(
            f"PlattScaling: p has {(~inside).sum()} numbers outside [0, 1], such as "
            f"{p[~inside][0]}. Give probabilities: predict_proba(X)[:, 1]."
        )
    p = np.clip(p, EDGE, 1 - EDGE)
    return np.log(p / (1 - p))
