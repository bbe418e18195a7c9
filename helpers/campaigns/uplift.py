"""Uplift models: two models (T-learner) and cross-fitting.

The uplift of a user, E[y | x, treated] − E[y | x, not treated], is a conditional average treatment
effect (CATE). It is never observed for one user, so it is learned from a randomized experiment.
"""

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks

# ---------------------------------------------------------------- models


class TwoModels(BaseEstimator):
    """T-learner: one model of the outcome per arm; their difference is the uplift.

        τ̂(x) = μ̂₁(x) − μ̂₀(x)

    Each model is trained on one arm to predict the *outcome*, so the errors of the two add up.

    Parameters
    ----------
    model : scikit-learn classifier (its probabilities are used) or regressor; it is cloned.

    Attributes
    ----------
    control_, treated_ : the fitted models.

    References
    ----------
    Hansotia & Rukstales (2002), Incremental value modeling, Journal of Interactive Marketing
    16(3), https://doi.org/10.1002/dir.10035; Künzel et al. (2019),
    https://doi.org/10.1073/pnas.1804597116

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> x = pd.DataFrame({"x": [0, 1, 0, 1]})
    >>> y, treated = pd.Series([1, 4, 1, 2]), pd.Series([True, True, False, False])
    >>> TwoModels(LinearRegression()).fit(x, y, treated).predict(x).round(9).tolist()
    [0.0, 2.0, 0.0, 2.0]
    """

    def __init__(self, model: Any):
        self.model = model

    def fit(self, X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> Self:
        """Fit to an experiment: features, outcome (numbers or flags) and treatment."""
        treated = require_experiment(X, y, treated)
        self.control_ = clone(self.model).fit(X[~treated], y[~treated])
        self.treated_ = clone(self.model).fit(X[treated], y[treated])
        return self

    def predict_arms(self, X: pd.DataFrame) -> pd.DataFrame:
        """Predict the outcome without and with the treatment: ``control`` and ``treated``."""
        check_is_fitted(self)
        arms = {"control": self.control_, "treated": self.treated_}
        return pd.DataFrame({arm: predicted(model, X) for arm, model in arms.items()}, X.index)

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Predict the uplift of each user."""
        arms = self.predict_arms(X)
        return (arms["treated"] - arms["control"]).rename("uplift")


def cross_fit(
    model: BaseEstimator,
    X: pd.DataFrame,
    y: pd.Series,
    treated: pd.Series,
    *,
    method: str = "predict",
    folds: int = 5,
    random_state: int = 0,
) -> pd.Series | pd.DataFrame:
    """Predict every user by a model trained on the other folds.

    The folds are stratified by treatment (and by the outcome, if it is a flag). So a score can be
    evaluated on the experiment it was learned from.

    Parameters
    ----------
    model : one of the learners of this package; it is cloned.
    X, y, treated : features, outcome and treatment, one row per user, the same index.
    method : "predict" for the uplift; of `TwoModels` also "predict_arms", for the outcome without
        and with the treatment.
    folds : number of folds, 2 or more.
    random_state : seed of the folds.

    Returns
    -------
    Series ``uplift``, or DataFrame of ``control`` and ``treated``, with the index of ``X``.

    References
    ----------
    Chernozhukov et al. (2018), Double/debiased machine learning for treatment and structural
    parameters, The Econometrics Journal 21(1), https://doi.org/10.1111/ectj.12097

    Examples
    --------
    >>> from sklearn.dummy import DummyRegressor  # predicts the mean of what it has seen
    >>> x, y = pd.DataFrame({"x": [0, 0, 0, 0]}), pd.Series([1, 3, 0, 0])
    >>> treated = pd.Series([True, True, False, False])
    >>> cross_fit(TwoModels(DummyRegressor()), x, y, treated, folds=2).head(2).tolist()
    [3.0, 1.0]
    """
    treated = require_experiment(X, y, treated)
    if (smaller := treated.value_counts().min()) < folds:
        raise ValueError(
            f"One arm has {smaller:,} users, and each of {folds} folds needs one: choose fewer."
        )
    strata = 2 * treated + (y if pd.api.types.is_bool_dtype(y) else 0)
    cut = StratifiedKFold(folds, shuffle=True, random_state=random_state)
    parts = []
    for learn, apply in cut.split(X, strata):
        fitted = clone(model).fit(X.iloc[learn], y.iloc[learn], treated.iloc[learn])
        parts.append(getattr(fitted, method)(X.iloc[apply]))
    return pd.concat(parts).loc[X.index]


def predicted(model: Any, X: pd.DataFrame) -> np.ndarray:
    """Predict with a fitted model: the probability of True for a classifier, else the number."""
    return model.predict_proba(X)[:, 1] if is_classifier(model) else model.predict(X)


def require_experiment(X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> pd.Series:
    """Check the three parts of an experiment, and return the treatment."""
    kind = "flag" if pd.api.types.is_bool_dtype(y) else "number"
    checks.require(pd.DataFrame({"treated": treated}), treated="flag")
    checks.require(pd.DataFrame({"outcome": y}), outcome=kind)
    if not (X.index.equals(y.index) and X.index.equals(treated.index) and X.index.is_unique):
        raise ValueError(
            "X, y and treated must have one row per user, in the same order: y.loc[X.index]."
        )
    if treated.nunique() < 2:
        raise ValueError(
            f"All {len(treated):,} users have treated = {treated.iloc[0]}. Uplift is learned from "
            "both arms of an experiment."
        )
    return treated
