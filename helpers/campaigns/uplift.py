"""Who reacts: uplift by two models and by the transformed outcome, and how well it ranks (Qini).

The uplift of a user is what the treatment changes, E[y | x, treated] − E[y | x, not treated]. No
user shows it: each was treated or was not. So it is learned from an experiment, and judged on
groups, by users that the model has not seen.
"""

from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from scipy.integrate import trapezoid
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.validation import check_is_fitted

from helpers.data import schema

# ---------------------------------------------------------------- models


class TwoModels(BaseEstimator):
    """Learn the outcome of the treated and of the others apart; the difference is the uplift.

        τ̂(x) = μ̂₁(x) − μ̂₀(x)

    Each model looks for what predicts the *outcome*, and half of the users teach each. What moves
    both alike is learned twice, with two errors that do not cancel.

    Parameters
    ----------
    model : a classifier (its probabilities are used) or a regressor of scikit-learn; it is cloned.

    Attributes
    ----------
    control_, treated_ : the fitted models.

    References
    ----------
    Hansotia & Rukstales (2002), Incremental value modeling, Journal of Interactive Marketing
    16(3), https://doi.org/10.1002/dir.10035; Künzel et al. (2019), who call it the T-learner,
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
        """Learn from an experiment: features, outcome (numbers or flags) and who was treated."""
        treated = _require_experiment(X, y, treated)
        self.control_ = clone(self.model).fit(X[~treated], y[~treated])
        self.treated_ = clone(self.model).fit(X[treated], y[treated])
        return self

    def predict_arms(self, X: pd.DataFrame) -> pd.DataFrame:
        """Predict the outcome without and with the treatment: ``control`` and ``treated``."""
        check_is_fitted(self)
        arms = {"control": self.control_, "treated": self.treated_}
        return pd.DataFrame({arm: _predict(model, X) for arm, model in arms.items()}, X.index)

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Predict the uplift of each user."""
        arms = self.predict_arms(X)
        return (arms["treated"] - arms["control"]).rename("uplift")


def transformed_outcome(
    y: pd.Series, treated: pd.Series, propensity: float | pd.Series = 0.5
) -> pd.Series:
    """Turn each outcome into a number whose mean is the uplift.

        z = y · (T − e) / (e (1 − e)),   so   E[z | x] = E[y | x, T=1] − E[y | x, T=0]

    Of a treated user it is y / e, of another one −y / (1 − e): for one user mostly noise, but right
    on average.

    Parameters
    ----------
    y : Series of numbers or flags, one per user.
    treated : Series of bool with the same index.
    propensity : e, the chance that the lot gave a user the treatment, in (0, 1): one number, or a
        Series with the same index.

    References
    ----------
    Athey & Imbens (2016), Recursive partitioning for heterogeneous causal effects, PNAS 113(27),
    https://doi.org/10.1073/pnas.1510489113

    Examples
    --------
    >>> transformed_outcome(pd.Series([1, 1, 0]), pd.Series([True, False, True]), 0.25).round(2)
    0    4.00
    1   -1.33
    2    0.00
    dtype: float64
    """
    require_propensity(propensity)
    y, e = y.astype(float), propensity
    return (y * (treated - e) / (e * (1 - e))).rename(None)


class TransformedOutcome(BaseEstimator):
    """Learn the uplift itself: regress the transformed outcome on the features.

    One model, for the difference and not for the outcome; the price is the noise of z. It is
    lessened, and nothing else changed, if the mean of y over the users of the training is taken off
    before it is transformed.

    Parameters
    ----------
    model : a regressor of scikit-learn; it is cloned.
    propensity : chance of being treated, in (0, 1).

    Attributes
    ----------
    model_ : the fitted model.

    References
    ----------
    As `transformed_outcome`.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> x = pd.DataFrame({"x": [0, 1, 0, 1]})
    >>> y, treated = pd.Series([1, 4, 1, 2]), pd.Series([True, True, False, False])
    >>> TransformedOutcome(LinearRegression()).fit(x, y, treated).predict(x).round(9).tolist()
    [0.0, 2.0, 0.0, 2.0]
    """

    def __init__(self, model: Any, propensity: float = 0.5):
        self.model = model
        self.propensity = propensity

    def fit(self, X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> Self:
        """Learn from an experiment: features, outcome (numbers or flags) and who was treated."""
        treated = _require_experiment(X, y, treated)
        z = transformed_outcome(y - y.astype(float).mean(), treated, self.propensity)
        self.model_ = clone(self.model).fit(X, z)
        return self

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Predict the uplift of each user."""
        check_is_fitted(self)
        return pd.Series(self.model_.predict(X), X.index, name="uplift")


def cross_fit(
    model: TwoModels | TransformedOutcome,
    X: pd.DataFrame,
    y: pd.Series,
    treated: pd.Series,
    *,
    method: str = "predict",
    folds: int = 5,
    random_state: int = 0,
) -> pd.Series | pd.DataFrame:
    """Predict for every user by a model that has not seen that user.

    The users are cut into folds, each with its share of treated users (and of buyers, if the
    outcome is a flag); each fold is predicted from the others. So a score can be judged on the
    very experiment it was learned from.

    Parameters
    ----------
    model : it is cloned.
    X, y, treated : features, outcome and treatment, one row per user, the same index.
    method : what is asked of the model: "predict" for the uplift; of `TwoModels` also
        "predict_arms", for the outcome without and with the treatment.
    folds : 2 or more.
    random_state : seed of the folds.

    Returns
    -------
    What the method returns, for all users: Series ``uplift``, or DataFrame of ``control`` and
    ``treated``, with the index of ``X``.

    Raises
    ------
    TableError, ValueError
        If X, y and treated are not one experiment, or an arm has fewer users than there are folds.

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
    treated = _require_experiment(X, y, treated)
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


def _predict(model: Any, X: pd.DataFrame) -> np.ndarray:
    return model.predict_proba(X)[:, 1] if is_classifier(model) else model.predict(X)


def _require_experiment(X: pd.DataFrame, y: pd.Series, treated: pd.Series) -> pd.Series:
    """Check the three parts of an experiment, and return who was treated."""
    kind = "flag" if pd.api.types.is_bool_dtype(y) else "number"
    schema.require(pd.DataFrame({"treated": treated}), treated="flag")
    schema.require(pd.DataFrame({"outcome": y}), outcome=kind)
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


def require_propensity(propensity: float | pd.Series) -> None:
    """Refuse a chance of treatment that is none, or leaves no choice.

    Examples
    --------
    >>> require_propensity(1.0)
    Traceback (most recent call last):
        ...
    ValueError: propensity is a chance between 0 and 1, neither of them; got 1.0. Who was certain
    to be treated, or not to be, tells nothing of the other case.
    """
    values = np.atleast_1d(np.asarray(propensity, dtype=float))
    wrong = ~((values > 0) & (values < 1))
    if wrong.any():
        raise ValueError(
            "propensity is a chance between 0 and 1, neither of them; got "
            f"{values[wrong][0]}. Who was certain to be treated, or not to be, tells nothing of "
            "the other case."
        )


# ---------------------------------------------------------------- Qini


def qini_curve(
    campaign: pd.DataFrame, score: pd.Series, outcome: str = "responded"
) -> pd.DataFrame:
    """Say what an experiment gained, as far as it treated the users with the highest scores.

    Of the k users with the highest scores, n₁ were treated, with Y₁ in outcomes, and n₀ were not,
    with Y₀. If the n₁ had not been treated, they would have had Y₀ n₁/n₀. So the gain is

        Y₁ − Y₀ · n₁ / n₀        per treated user of the whole campaign:  / N₁

    (0 where nobody was left alone yet.) For everybody it is the difference of the two means.

    Parameters
    ----------
    campaign : DataFrame, one row per user: ``user_id``, ``treated`` (bool) and the outcome, flags
        or numbers.
    score : Series, index ``user_id``: the higher, the sooner treated. It may hold more users.
    outcome : name of the column.

    Returns
    -------
    DataFrame, one row per distinct score, from the highest, after a first row for nobody:
    ``score`` (all users with this score or more), ``users``, ``share`` of all users, ``treated``
    (n₁), ``control`` (n₀), ``gain`` (in units of the outcome, per user) and ``random``, what as
    many users drawn by lot would bring.

    Raises
    ------
    TableError, ValueError
        If a column is missing, a user has no score, or an arm is empty.

    References
    ----------
    Radcliffe (2007), Using control groups to target on predicted lift, Direct Marketing Analytics
    Journal 3, 14–21, gives the curve; there and in scikit-uplift it is not divided by N₁.

    Examples
    --------
    >>> campaign = pd.DataFrame({"user_id": list("abcd"), "treated": [True, False, True, False],
    ...     "responded": [True, False, False, True]})
    >>> score = pd.Series([0.9, 0.8, 0.2, 0.1], index=list("abcd"))
    >>> qini_curve(campaign, score)[["users", "treated", "control", "gain", "random"]]
       users  treated  control  gain  random
    0      0        0        0   0.0     0.0
    1      1        1        0   0.5     0.0
    2      2        1        1   0.5     0.0
    3      3        2        1   0.5     0.0
    4      4        2        2   0.0     0.0
    """
    y, treated, score = scored(campaign, score, outcome)
    order, ends = _by_score(score)
    users, n1, n0, gain = _gains(y[order], treated[order], np.ones((1, len(y))), ends)
    share = users[0] / len(y)
    return pd.DataFrame(
        {
            "score": np.append(np.inf, score[order][ends]),
            "users": users[0].astype(int),
            "share": share,
            "treated": n1[0].astype(int),
            "control": n0[0].astype(int),
            "gain": gain[0],
            "random": share * gain[0, -1],
        }
    )


class Qini(NamedTuple):
    """Area between the curve and the line of the lot, and its interval; outcome per user."""

    area: float
    low: float
    high: float


def qini(
    campaign: pd.DataFrame,
    score: pd.Series,
    outcome: str = "responded",
    *,
    confidence: float = 0.95,
    resamples: int = 1_000,
    random_state: int = 0,
) -> Qini:
    """Measure how well a score puts those first whom the treatment moves, and how sure that is.

        area = ∫₀¹ (gain(s) − s · gain(1)) ds

    is the gain over the lot, averaged over all budgets, per user. Drawing by lot has 0; a score
    that is upside down has less. The interval is a bootstrap over users (percentiles), each drawn
    with treatment, outcome and score. The score must come from other users than these: `cross_fit`.

    Parameters
    ----------
    campaign, score, outcome : as for `qini_curve`.
    confidence : about the share of such intervals that hold the true area, in (0, 1).
    resamples : how many times users are drawn.
    random_state : seed.

    References
    ----------
    Radcliffe (2007), as for `qini_curve`. scikit-uplift's `qini_auc_score` is this area through
    that of the order that looks best with the outcomes in hand. It is for flags only, and we leave
    that divisor out: no score can know whom chance will favor.

    Examples
    --------
    >>> campaign = pd.DataFrame({"user_id": list("abcd"), "treated": [True, False, True, False],
    ...     "responded": [True, False, False, True]})
    >>> qini(campaign, pd.Series([0.9, 0.8, 0.2, 0.1], index=list("abcd"))).area
    0.375
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: 0.95 for 95 %; got {confidence}.")
    schema.require_whole("resamples", resamples)
    y, treated, score = scored(campaign, score, outcome)
    order, ends = _by_score(score)
    y, treated, n = y[order], treated[order], len(y)
    rng = np.random.default_rng(random_state)
    areas = [_area(y, treated, np.ones((1, n)), ends)]
    for first in range(0, resamples, 100):  # in portions, to spare memory
        size = min(100, resamples - first)
        drawn = np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(size)])
        areas.append(_area(y, treated, drawn, ends))
    low, high = np.quantile(np.concatenate(areas[1:]), [(1 - confidence) / 2, (1 + confidence) / 2])
    return Qini(float(areas[0][0]), float(low), float(high))


def scored(
    campaign: pd.DataFrame, score: pd.Series, outcome: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcome, treatment and score of the users of a campaign, checked, as arrays."""
    is_flag = outcome in campaign and pd.api.types.is_bool_dtype(campaign[outcome])
    kind = "flag" if is_flag else "number"
    schema.require(campaign, **{"user_id": "key", "treated": "flag", outcome: kind})
    schema.require_same_ids(campaign, {"user_id": score.index}, "user_id")
    mine = campaign["user_id"].map(score)
    mend = "Score the users of the campaign as of the day before it was sent, or drop them."
    schema.refuse_rows(campaign, ("user_id", mine.isna(), "names users without a score", mend))
    treated = campaign["treated"].to_numpy()
    if treated.all() or not treated.any():
        raise ValueError(
            "All users of the campaign have the same treatment, so there is nothing to compare."
        )
    return campaign[outcome].to_numpy(float), treated, mine.to_numpy(float)


def _by_score(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order from the highest score, and where each run of equal scores ends in it."""
    order = np.argsort(-score, kind="stable")
    return order, np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)


def _gains(
    y: np.ndarray, treated: np.ndarray, drawn: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return users, n₁, n₀ and gain after each run, nobody first; shapes (draws, runs + 1).

    ``drawn`` says how often each user counts, shape (draws, users), in order of the score.
    """

    def up_to(each: np.ndarray) -> np.ndarray:
        sums = np.cumsum(drawn * each, axis=1)[:, ends]
        return np.pad(sums, ((0, 0), (1, 0)))

    n1, n0 = up_to(treated), up_to(~treated)
    without = np.divide(up_to(y * ~treated) * n1, n0, out=np.zeros_like(n1, float), where=n0 > 0)
    gain = (up_to(y * treated) - without) / np.maximum(n1[:, -1:], 1)
    return n1 + n0, n1, n0, gain


def _area(y: np.ndarray, treated: np.ndarray, drawn: np.ndarray, ends: np.ndarray) -> np.ndarray:
    users, _, _, gain = _gains(y, treated, drawn, ends)
    share = users / users[:, -1:]
    return trapezoid(gain - share * gain[:, -1:], share, axis=1)
