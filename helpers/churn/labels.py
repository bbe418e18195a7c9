"""Who will fall silent: labels, an honest split, baselines, models, comparison, early warning.

Nobody tells an online shop of leaving, so churn is defined by a window. On the evening of day t₀
the shop looks at its customers; a `gap` of days may pass for preparing a campaign; and then

    y = 1  if there is no purchase in (t₀ + gap, t₀ + gap + horizon], days counted from t₀.

What a model may know is cut at t₀ (`helpers.churn`); what the decision is worth in money
is computed in `helpers.churn`, and why a model says what it says in `helpers.churn`.
All of their names can be had here, too.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from helpers.churn.explanations import (
    contributions,
    early_warning,
    feature_groups,
    grouped_importance,
    reasons,
)
from helpers.churn.features import DAY, as_day, churn_features, feature_guide
from helpers.churn.profit import (
    EMPC,
    NORMAL,
    Offer,
    empc,
    gain_curve,
    profit_curve,
    require_both_classes,
    require_scores,
    uplift_by_risk,
)
from helpers.data import schema
from helpers.value.beta_geo import BetaGeoModel

__all__ = [
    "EMPC",
    "Offer",
    "Split",
    "calibration_table",
    "churn_features",
    "churn_labels",
    "classifiers",
    "compare_models",
    "contributions",
    "early_warning",
    "empc",
    "feature_groups",
    "feature_guide",
    "gain_curve",
    "grouped_importance",
    "profit_curve",
    "reasons",
    "silence_by_bgnbd",
    "split_out_of_time",
    "uplift_by_risk",
]

# ---------------------------------------------------------------- labels and split


def churn_labels(
    orders: pd.DataFrame,
    t0: str | pd.Timestamp,
    horizon: int,
    gap: int = 0,
    *,
    observation_end: str | pd.Timestamp | None = None,
) -> pd.Series:
    """Label each user known at t₀: True if no purchase follows in (t₀ + gap, t₀ + gap + horizon].

    A label is refused where its window has not been observed to the end: somebody who *could not
    yet* buy has not churned.

    Parameters
    ----------
    orders : DataFrame, one row per order or order line: ``user_id``, ``ordered_at`` (datetime).
    t0 : last day known; users who bought for the first time later have no label.
    horizon : days of silence that count as churn, 1 or more.
    gap : days between knowing and acting, 0 or more. Purchases in it count neither way.
    observation_end : last day observed; without it, the day of the last order.

    Returns
    -------
    Series of bool, name ``churned``, index ``user_id`` (sorted).

    Raises
    ------
    TableError, ValueError
        If a column is missing or holds what it should not, nobody had bought by t₀, or the window
        is not over; the message names the last usable t₀.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ben", "Ana"],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-04-20"])})
    >>> churn_labels(orders, "2025-03-21", horizon=30).to_dict()
    {'Ana': False, 'Ben': True}
    """
    schema.require_whole("horizon", horizon)
    schema.require_whole("gap", gap, least=0)
    schema.require(orders, user_id="key", ordered_at="datetime")
    day = orders["ordered_at"].dt.normalize()
    t0 = as_day(t0)
    opens, closes = t0 + gap * DAY, t0 + (gap + horizon) * DAY
    end = day.max() if observation_end is None else as_day(observation_end, "observation_end")
    if closes > end:
        raise ValueError(
            f"t0 = {t0.date()} is too late: its labels need purchases up to {closes.date()}, and "
            f"the data end on {end.date()}. The last usable t0 is "
            f"{(end - (gap + horizon) * DAY).date()}."
        )
    users = np.sort(orders["user_id"][day <= t0].unique())
    if not len(users):
        raise ValueError(
            f"Nobody had bought by t0 = {t0.date()}: the first order is of {day.min().date()}. "
            "Choose a later t0."
        )
    active = orders["user_id"][(day > opens) & (day <= closes)].unique()
    index = pd.Index(users, name="user_id")
    return pd.Series(~index.isin(active), index, name="churned")


class Split(NamedTuple):
    """Features and labels at two moments; the second is later than all that the first knows."""

    train: pd.DataFrame
    y_train: pd.Series
    test: pd.DataFrame
    y_test: pd.Series


def split_out_of_time(
    orders: pd.DataFrame,
    train_t0: str | pd.Timestamp,
    test_t0: str | pd.Timestamp,
    horizon: int,
    gap: int = 0,
    *,
    events: pd.DataFrame | None = None,
    returns: pd.DataFrame | None = None,
    window: int = 90,
    observation_end: str | pd.Timestamp | None = None,
) -> Split:
    """Make features and labels at an earlier day to learn from, and at a later one to be tested on.

    That is what the shop will do: on the evening of ``test_t0`` it has the labels of ``train_t0``,
    if their window is over by then. Most users are in both parts, at different ages; that is no
    leak, since they will be there tomorrow, too.

    Parameters
    ----------
    orders, events, returns, window : as for `churn_features`.
    train_t0, test_t0 : the two days; ``train_t0`` + gap + horizon is at most ``test_t0``.
    horizon, gap, observation_end : as for `churn_labels`.

    Raises
    ------
    TableError, ValueError
        As `churn_features` and `churn_labels`; if the labels of the training are complete only
        after ``test_t0``; or if one of the two parts has one class only.

    Examples
    --------
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> split = split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)
    >>> len(split.test), round(float(split.y_test.mean()), 2)
    (2357, 0.87)
    """
    train_t0, test_t0 = as_day(train_t0, "train_t0"), as_day(test_t0, "test_t0")
    y_train = churn_labels(orders, train_t0, horizon, gap, observation_end=observation_end)
    y_test = churn_labels(orders, test_t0, horizon, gap, observation_end=observation_end)
    wait = (gap + horizon) * DAY
    if train_t0 + wait > test_t0:
        raise ValueError(
            f"The labels of train_t0 = {train_t0.date()} are complete on "
            f"{(train_t0 + wait).date()}, after test_t0 = {test_t0.date()}: on that day "
            f"nobody could have learned from them. The last usable train_t0 is "
            f"{(test_t0 - wait).date()}."
        )
    for name, y in (("train_t0", y_train), ("test_t0", y_test)):
        require_both_classes(y, f"after {name}")
    tables = {"events": events, "returns": returns, "window": window}
    return Split(
        churn_features(orders, train_t0, **tables),
        y_train,
        churn_features(orders, test_t0, **tables),
        y_test,
    )


# ---------------------------------------------------------------- baselines and models


def silence_by_bgnbd(features: pd.DataFrame, horizon: int) -> pd.Series:
    """Predict churn by BG/NBD: the probability of no purchase in the next ``horizon`` days.

        P(Y = 0) = 1 − P(alive) + P(alive) ((α+T)/(α+T+t))^(r+x)

    It learns from the histories, not from labels, so it is fitted on the very users it scores, and
    needs no earlier t₀. It knows nothing of a gap.

    Parameters
    ----------
    features : DataFrame with ``recency``, ``frequency`` and ``age``, as from `churn_features`.
    horizon : days, 1 or more.

    Returns
    -------
    Series of floats in [0, 1], name ``silent``, with the index of ``features``.

    Raises
    ------
    TableError, ValueError
        If a column is missing, or the users do not determine the model (`BetaGeoModel`).

    References
    ----------
    Fader, Hardie & Lee (2005), https://doi.org/10.1287/mksc.1040.0098; see `helpers.value`.

    Examples
    --------
    >>> from helpers.data import load_cdnow
    >>> features = churn_features(load_cdnow(sample=True), "1997-09-30")
    >>> silence_by_bgnbd(features, 91).head(2).round(2).tolist()
    [0.68, 0.94]
    """
    schema.require_whole("horizon", horizon)
    schema.require(features, recency="number", frequency="count", age="number")
    summary = pd.DataFrame(
        {
            "frequency": features["frequency"] - 1,  # the first purchase is not a repeat
            "recency": (features["age"] - features["recency"]) / 7,  # of the model: first to last
            "T": features["age"] / 7,
        }
    )
    return BetaGeoModel().fit(summary).probability_silent(horizon / 7, summary)


def signed_log(values: pd.DataFrame) -> pd.DataFrame:
    """Shorten long tails on both sides of zero: sign(x) ln(1 + |x|)."""
    return np.sign(values) * np.log1p(np.abs(values))


def classifiers(random_state: int = 0) -> dict[str, ClassifierMixin]:
    """Return four classifiers, not fitted, from one feature to a neural network.

    - ``recency alone``: logistic regression on the days since the last purchase;
    - ``logistic``: on all features, each as sign(x) ln(1 + |x|), standardized; a missing value
      becomes the mean, which says nothing;
    - ``boosted trees``: HistGradientBoosting, on the features as they are, missing or not; a column
      without any value has to be dropped before;
    - ``neural network``: two hidden layers (32 and 16 units), on the same as the logistic.

    Features have to come with the names and in the order of the training; else `predict_proba`
    raises ValueError.

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
    network = MLPClassifier((32, 16), alpha=0.01, early_stopping=True, random_state=random_state)
    trees = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=80, max_leaf_nodes=15, random_state=random_state
    )
    return {
        "recency alone": make_pipeline(recency, prepared(LogisticRegression())),
        "logistic": prepared(LogisticRegression()),
        "boosted trees": trees,
        "neural network": prepared(network),
    }


# ---------------------------------------------------------------- comparison


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

    Raises
    ------
    TableError, ValueError
        If all users are of one class, a prediction is missing, or users differ.

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

    Raises
    ------
    TableError, ValueError
        If there are no users, ``y`` holds anything but True and False, a prediction is missing or
        outside [0, 1], or users differ.

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
    schema.require_whole("bins", bins)
    schema.require(y.to_frame("churned"), churned="flag")
    p = require_scores(y, p, "p")
    outside = ~p.between(0, 1)
    mend = "Calibration is about probabilities; give predict_proba(X)[:, 1]."
    schema.refuse_rows(p.to_frame("p"), ("p", outside, "is outside [0, 1]", mend))
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
