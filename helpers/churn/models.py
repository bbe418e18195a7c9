"""Churn models: a baseline without labels (BG/NBD), and classifiers."""

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from helpers.data import checks
from helpers.value.beta_geo import BetaGeoModel


def silence_by_bgnbd(features: pd.DataFrame, horizon: int) -> pd.Series:
    """Predict churn by BG/NBD: the probability of no purchase in the next ``horizon`` days.

        P(Y = 0) = 1 − P(alive) + P(alive) ((α+T)/(α+T+t))^(r+x)

    The model is fitted to the purchase histories of the users it scores; it needs no labels, and so
    no earlier t₀, and it ignores the gap.

    Parameters
    ----------
    features : DataFrame with ``recency``, ``frequency`` and ``age``, as from `churn_features`.
    horizon : days, 1 or more.

    Returns
    -------
    Series of floats in [0, 1], name ``silent``, with the index of ``features``.

    References
    ----------
    Fader, Hardie & Lee (2005), https://doi.org/10.1287/mksc.1040.0098; see `helpers.value`.

    Examples
    --------
    >>> from helpers.churn import churn_features
    >>> from helpers.data import load_cdnow
    >>> features = churn_features(load_cdnow(sample=True), "1997-09-30")
    >>> silence_by_bgnbd(features, 91).head(2).round(2).tolist()
    [0.68, 0.94]
    """
    checks.require_whole("horizon", horizon)
    checks.require(features, recency="number", frequency="count", age="number")
    summary = pd.DataFrame(
        {
            "frequency": features["frequency"] - 1,  # the first purchase is not a repeat
            "recency": (features["age"] - features["recency"]) / 7,  # of the model: first to last
            "T": features["age"] / 7,
        }
    )
    return BetaGeoModel().fit(summary).probability_silent(horizon / 7, summary)


def signed_log(values: pd.DataFrame) -> pd.DataFrame:
    """Shorten the long tails on both sides of zero: sign(x) ln(1 + |x|)."""
    return np.sign(values) * np.log1p(np.abs(values))


def classifiers() -> dict[str, ClassifierMixin]:
    """Return four classifiers, not fitted, from one feature to a neural network.

    - ``recency alone``: logistic regression on the days since the last purchase;
    - ``logistic``: logistic regression on all features as sign(x) ln(1 + |x|), standardized;
      missing values are imputed by the mean;
    - ``boosted trees``: HistGradientBoosting on the raw features; drop columns without any value;
    - ``neural network``: two hidden layers (32 and 16 units) on the input of ``logistic``.

    `predict_proba` needs the features with the names and in the order of the training data.

    Examples
    --------
    >>> list(classifiers())
    ['recency alone', 'logistic', 'boosted trees', 'neural network']
    """

    def prepared(model: ClassifierMixin) -> Pipeline:
        # Without feature_names_out, which would rename columns that come in another order.
        logs = FunctionTransformer(signed_log)
        fill = SimpleImputer(keep_empty_features=True)
        return make_pipeline(logs, fill, StandardScaler(), model)

    recency = ColumnTransformer([("recency", "passthrough", ["recency"])])
    network = MLPClassifier((32, 16), alpha=0.01, early_stopping=True, random_state=0)
    trees = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=80, max_leaf_nodes=15, random_state=0
    )
    return {
        "recency alone": make_pipeline(recency, prepared(LogisticRegression())),
        "logistic": prepared(LogisticRegression()),
        "boosted trees": trees,
        "neural network": prepared(network),
    }
