"""Meta-learners: uplift from any models of outcomes. S-, X- and DR-learner.

The T-learner is `TwoModels`. All learn by ``fit(X, y, treated)``; ``predict(X)`` is the uplift.
"""

from numbers import Real
from typing import Any, Self

import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.utils.validation import check_is_fitted

from helpers.campaigns.effects import doubly_robust_scores
from helpers.campaigns.uplift import TwoModels, cross_fit, predicted, require_experiment
from helpers.data import checks


class SLearner(BaseEstimator):
    """S-learner: a single model of the outcome, with the treatment as one of its features.

        τ̂(x) = μ̂(x, 1) − μ̂(x, 0)

    In a linear model without interactions τ̂ is the same for all users, and a penalized model
    shrinks it toward 0.

    Parameters
    ----------
    model : scikit-learn classifier (its probabilities are used) or regressor; it is cloned.

    Attributes
    ----------
    model_ : the fitted model.

    References
    ----------
    Künzel, Sekhon, Bickel & Yu (2019), Metalearners for estimating heterogeneous treatment effects
    using machine learning, PNAS 116(10), https://doi.org/10.1073/pnas.1804597116

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> x = pd.DataFrame({"x": [0, 1, 0, 1]})
    >>> y, treated = pd.Series([1, 4, 1, 2]), pd.Series([True, True, False, False])
    >>> SLearner(LinearRegression()).fit(x, y, treated).predict(x).round(9).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """

    def __init__(self, model: Any):
        self.model = model

    def fit(self, X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> Self:
        """Fit to an experiment: features, outcome (numbers or flags) and treatment."""
        treated = require_experiment(X, y, treated)
        if "treated" in X:
            raise ValueError('X has a column "treated", the name of the treatment: rename it.')
        self.model_ = clone(self.model).fit(X.assign(treated=treated.astype(int)), y)
        return self

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Predict the uplift of each user."""
        check_is_fitted(self)
        without, with_it = (predicted(self.model_, X.assign(treated=t)) for t in (0, 1))
        return pd.Series(with_it - without, X.index, name="uplift")


class XLearner(BaseEstimator):
    """X-learner: impute the effect of each user with the model of the other arm, then regress it.

        treated:      d₁ = y − μ̂₀(x)      τ̂₁ = regression of d₁ on x
        control:      d₀ = μ̂₁(x) − y      τ̂₀ = regression of d₀ on x
        τ̂(x) = e τ̂₀(x) + (1 − e) τ̂₁(x)

    Where few are treated, e is small, and τ̂₁ counts most: it rests on μ̂₀, learned from many.

    Parameters
    ----------
    model : classifier or regressor of the outcome; it is cloned.
    effect_model : regressor of the imputed effects; it is cloned.
    propensity : e, the probability of treatment: a number in (0, 1), or a classifier that is
        trained to predict the treatment.

    Attributes
    ----------
    control_, treated_ : the fitted models of the effect, τ̂₀ and τ̂₁.
    propensity_ : the number, or the fitted classifier.

    References
    ----------
    As `SLearner`.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> x = pd.DataFrame({"x": [0, 1, 0, 1]})
    >>> y, treated = pd.Series([1, 4, 1, 2]), pd.Series([True, True, False, False])
    >>> learner = XLearner(LinearRegression(), LinearRegression(), propensity=0.5)
    >>> learner.fit(x, y, treated).predict(x).round(9).tolist()
    [0.0, 2.0, 0.0, 2.0]
    """

    def __init__(self, model: Any, effect_model: Any, propensity: Any):
        self.model = model
        self.effect_model = effect_model
        self.propensity = propensity

    def fit(self, X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> Self:
        """Fit to an experiment: features, outcome (numbers or flags) and treatment."""
        treated = require_experiment(X, y, treated)
        if is_model(self.propensity):
            self.propensity_ = clone(self.propensity).fit(X, treated)
        else:
            self.propensity_ = self.propensity
        arms = TwoModels(self.model).fit(X, y, treated).predict_arms(X)
        self.treated_ = clone(self.effect_model).fit(X[treated], (y - arms["control"])[treated])
        self.control_ = clone(self.effect_model).fit(X[~treated], (arms["treated"] - y)[~treated])
        return self

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Predict the uplift of each user."""
        check_is_fitted(self)
        e = self.propensity_
        e = predicted(e, X) if is_model(e) else e
        uplift = e * self.control_.predict(X) + (1 - e) * self.treated_.predict(X)
        return pd.Series(uplift, X.index, name="uplift")


class DRLearner(BaseEstimator):
    """DR-learner: regress the doubly robust scores on the features.

        τ̂ = regression of z on x,   z as in `doubly_robust_scores`

    The outcomes, and a propensity that is not known, are predicted by cross-fitting. With known
    propensity, as in an experiment, E[z | x] is the uplift however bad the outcome model is.

    Parameters
    ----------
    model : classifier or regressor of the outcome; it is cloned.
    effect_model : regressor of the scores; it is cloned.
    propensity : as for `XLearner`.
    folds : number of folds of the cross-fitting, 2 or more.
    random_state : seed of the folds.

    Attributes
    ----------
    model_ : the fitted model of the effect.
    scores_ : Series, the scores of the users it was fitted to. Their mean is the AIPW estimate of
        the average effect.

    References
    ----------
    Kennedy (2023), Towards optimal doubly robust estimation of heterogeneous causal effects,
    Electronic Journal of Statistics 17(2), 3008–3049, https://doi.org/10.1214/23-EJS2157

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> x = pd.DataFrame({"x": [0, 1] * 20})
    >>> y, treated = pd.Series([1, 4, 1, 2] * 10), pd.Series([True, True, False, False] * 10)
    >>> line = LinearRegression()
    >>> learner = DRLearner(line, line, propensity=0.5, folds=2)
    >>> learner.fit(x, y, treated).predict(x[:2]).round(9).tolist()
    [0.0, 2.0]
    """

    def __init__(
        self, model: Any, effect_model: Any, propensity: Any, folds: int = 5, random_state: int = 0
    ):
        self.model = model
        self.effect_model = effect_model
        self.propensity = propensity
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> Self:
        """Fit to an experiment: features, outcome (numbers or flags) and treatment."""
        treated = require_experiment(X, y, treated)
        e, cut = self.propensity, {"folds": self.folds, "random_state": self.random_state}
        if is_model(e):
            folds = StratifiedKFold(self.folds, shuffle=True, random_state=self.random_state)
            e = cross_val_predict(e, X, treated, cv=folds, method="predict_proba")[:, 1]
            e = pd.Series(e, X.index)
        arms = cross_fit(TwoModels(self.model), X, y, treated, method="predict_arms", **cut)
        self.scores_ = doubly_robust_scores(y, treated, e, arms)
        self.model_ = clone(self.effect_model).fit(X, self.scores_)
        return self

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Predict the uplift of each user."""
        check_is_fitted(self)
        return pd.Series(self.model_.predict(X), X.index, name="uplift")


def is_model(propensity: Any) -> bool:
    """Whether a propensity is a model to fit; else it is a number, which is checked."""
    if not isinstance(propensity, Real):
        return True
    checks.require_share("propensity", float(propensity))
    return False
