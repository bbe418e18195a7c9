"""Explain churn models: contributions to one prediction, early warnings, feature importance.

An explanation says which features moved the score, and by how much, not what causes churn. The
contributions of a logistic regression are exact; for trees, use the library shap.
"""

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from helpers.churn.profit import require_both_classes
from helpers.data import checks

SHUFFLES = 5  # of each group of features

# ---------------------------------------------------------------- one user


def contributions(model: Pipeline, features: pd.DataFrame) -> pd.DataFrame:
    """Split each user's log-odds into the contributions of the features, relative to the mean user.

        ln p/(1−p) = intercept + Σ_j coef_j (x_j − x̄_j)

    x is the feature after preprocessing (log, standardized, so its training mean x̄ is 0). These
    are the SHAP values of a linear model that treats its features as independent.

    Parameters
    ----------
    model : fitted pipeline that ends in a standardized logistic regression, such as
        ``classifiers()["logistic"]``.
    features : DataFrame with the training features, one row per user.

    Returns
    -------
    DataFrame of floats, in log-odds, with the index and columns of ``features``.

    References
    ----------
    Lundberg & Lee (2017), A unified approach to interpreting model predictions,
    https://doi.org/10.48550/arXiv.1705.07874

    Examples
    --------
    >>> from helpers import churn
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> split = churn.split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)
    >>> model = churn.classifiers()["logistic"].fit(split.train, split.y_train)
    >>> contributions(model, split.test).loc[4, ["recency", "recent"]].round(2).tolist()
    [-0.09, 0.22]
    """
    if not (isinstance(model, Pipeline) and isinstance(model[-1], LogisticRegression)):
        raise TypeError(
            "Contributions add up only in a logistic regression: give a pipeline that ends in one, "
            'such as churn.classifiers()["logistic"].'
        )
    check_is_fitted(model[-1])
    parts = model[:-1].transform(features) * model[-1].coef_[0]
    return pd.DataFrame(parts, features.index, features.columns)


def _largest(values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of the n largest positive values of each row, best first."""
    checks.require_whole("n", n)
    columns = np.argsort(-values, axis=1, kind="stable")[:, :n]
    row, place = np.nonzero(np.take_along_axis(values, columns, axis=1) > 0)
    return row, columns[row, place]


def early_warning(
    model: Pipeline, now: pd.DataFrame, before: pd.DataFrame, n: int = 10, why: int = 3
) -> pd.DataFrame:
    """List the users whose churn risk has risen most since an earlier day, with the reasons.

    The users with the *highest* risk mostly left long ago, which is no news; a rise is. The change
    of the log-odds is the sum of the changes of the contributions.

    Parameters
    ----------
    model : as for `contributions`.
    now, before : features today and on an earlier day, with the same columns; only users in both
        are compared.
    n : maximum number of users; none whose risk fell.
    why : maximum number of reasons each, those that raise the risk.

    Returns
    -------
    DataFrame, one row per user (index as in ``now``), the steepest rise first: ``risk_before``,
    ``risk``, ``rise``, and ``why``, such as "recency 12 → 97; recent 2 → 0".
    """
    checks.require_whole("n", n)
    users = now.index.intersection(before.index, sort=False)
    if users.empty:
        raise ValueError(
            "No user is in both tables of features. Make both from the same orders, with "
            "churn_features at two days."
        )
    now, before = now.loc[users], before.loc[users]
    change = contributions(model, now) - contributions(model, before)
    risk_before, risk = (model.predict_proba(table)[:, 1] for table in (before, now))
    warnings = pd.DataFrame(
        {"risk_before": risk_before, "risk": risk, "rise": risk - risk_before}, index=users
    )
    warnings = warnings[warnings["rise"] > 0].nlargest(n, "rise")
    chosen = change.loc[warnings.index].to_numpy()
    row, feature = _largest(chosen, why)
    was, is_now = (table.loc[warnings.index].to_numpy(float) for table in (before, now))
    changes = zip(now.columns[feature], was[row, feature], is_now[row, feature], strict=True)
    texts = [f"{name} {_number(old)} → {_number(new)}" for name, old, new in changes]
    texts = pd.Series(texts, warnings.index[row], dtype=object)
    return warnings.assign(why=texts.groupby(level=0).agg("; ".join))


def _number(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


# ---------------------------------------------------------------- a feature at large


def feature_groups(features: pd.DataFrame, correlated: float = 0.7) -> list[list[str]]:
    """Group features so that no two features of different groups are strongly correlated.

    Features with |Spearman's ρ| ≥ ``correlated`` are linked; the groups are the connected
    components.

    Examples
    --------
    >>> feature_groups(pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 2, 1], "c": [1, 3, 2, 1]}))
    [['a', 'b'], ['c']]
    """
    if not 0 < correlated <= 1:
        raise ValueError(f"correlated is a correlation in (0, 1]; got {correlated}.")
    linked = features.corr("spearman").abs().fillna(0).to_numpy() >= correlated
    _, group = connected_components(linked)
    return features.columns.to_series().groupby(group, sort=False).agg(list).tolist()


def grouped_importance(
    model: ClassifierMixin,
    features: pd.DataFrame,
    y: pd.Series,
    *,
    correlated: float = 0.7,
    random_state: int = 0,
) -> pd.DataFrame:
    """Permutation importance: the loss of AUC when a group of features is shuffled together.

    If one of two correlated features is shuffled, the model still has the other, and both look
    useless; so correlated features are shuffled as one. Use data that the model was not trained on.

    Parameters
    ----------
    model : fitted classifier.
    features, y : DataFrame and Series of bool, one row per user; the same users, in any order.
    correlated : as for `feature_groups`; 1 shuffles nearly every feature on its own.
    random_state : seed of the five shuffles.

    Returns
    -------
    DataFrame, one row per group (index ``features``, joined by " + "): ``loss`` (mean loss of AUC),
    ``spread`` (standard deviation over the shuffles), the largest loss first.

    References
    ----------
    Breiman (2001), Random forests, Machine Learning 45, https://doi.org/10.1023/A:1010933404324
    """
    require_both_classes(y)
    if not features.index.sort_values().equals(y.index.sort_values()):
        raise ValueError(
            "features and y name different users. Give one row and one label for each."
        )
    features = features if features.index.equals(y.index) else features.loc[y.index]
    rng = np.random.default_rng(random_state)
    whole = roc_auc_score(y, model.predict_proba(features)[:, 1])
    losses = {}
    for group in feature_groups(features, correlated):
        auc = []
        for _ in range(SHUFFLES):
            shuffled = features.copy()
            shuffled[group] = features[group].to_numpy()[rng.permutation(len(features))]
            auc.append(roc_auc_score(y, model.predict_proba(shuffled)[:, 1]))
        losses[" + ".join(group)] = {"loss": whole - np.mean(auc), "spread": np.std(auc)}
    table = pd.DataFrame.from_dict(losses, orient="index").rename_axis("features")
    return table.sort_values("loss", ascending=False)
