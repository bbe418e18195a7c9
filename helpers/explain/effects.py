"""Effects of one feature on a score: partial dependence and accumulated local effects."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.explain.scoring import Score, require_features, scores


def partial_dependence(
    score: Score, features: pd.DataFrame, name: str, values: Sequence[float]
) -> pd.Series:
    """Compute the mean score if all rows had the same value of one feature.

        PDP(v) = 1/n Σ_i f(v, the other features of row i)

    If the feature is correlated with others, many of these rows could not exist.

    Parameters
    ----------
    score : function from a table with the columns of ``features`` to one number per row.
    features : DataFrame of numbers, one row per user.
    name : the feature.
    values : what it is set to.

    Returns
    -------
    Series of mean scores, index ``values``.

    References
    ----------
    Friedman (2001), Greedy function approximation: a gradient boosting machine, Annals of
    Statistics 29(5), https://doi.org/10.1214/aos/1013203451

    Examples
    --------
    f = a · b, and the mean of b is 1.

    >>> table = pd.DataFrame({"a": [0.5, 1.5], "b": [0.5, 1.5]})
    >>> partial_dependence(lambda t: t["a"] * t["b"], table, "a", [0, 1, 2]).tolist()
    [0.0, 1.0, 2.0]
    """
    _require(features, name)
    means = [scores(score, features.assign(**{name: value})).mean() for value in values]
    return pd.Series(means, pd.Index(values, name=name))


def accumulated_effects(
    score: Score, features: pd.DataFrame, name: str, edges: Sequence[float]
) -> pd.Series:
    """Compute accumulated local effects (ALE): add up what small steps of one feature change.

    The rows with edge k − 1 < x ≤ edge k move from one edge to the other, and keep their other
    features. Their mean change is the local effect of this step:

        ALE(edge k) = Σ_{l ≤ k} mean over the rows of step l of f(edge l, …) − f(edge l − 1, …)

    So each row takes only values near its own. At the first edge, ALE is 0 (the paper subtracts the
    mean instead, which changes no difference).

    Parameters
    ----------
    score, features, name : as for `partial_dependence`.
    edges : rising numbers, from the smallest value of the feature or below to the largest or above;
        each step needs a row. The first step also holds its lower edge.

    Returns
    -------
    Series in the unit of the score, index ``edges``.

    References
    ----------
    Apley & Zhu (2020), Visualizing the effects of predictor variables in black box supervised
    learning models, Journal of the Royal Statistical Society, Series B 82(4), 1059–1086,
    https://doi.org/10.1111/rssb.12377

    Examples
    --------
    f = a · b: the first row moves from 0 · 0.5 to 1 · 0.5, the second from 1 · 1.5 to 2 · 1.5.

    >>> table = pd.DataFrame({"a": [0.5, 1.5], "b": [0.5, 1.5]})
    >>> accumulated_effects(lambda t: t["a"] * t["b"], table, "a", [0, 1, 2]).tolist()
    [0.0, 0.5, 2.0]
    """
    _require(features, name)
    points = np.asarray(edges, float)
    step = pd.cut(features[name], points, include_lowest=True, labels=False)
    if step.isna().any() or step.nunique() < len(points) - 1:
        raise ValueError(
            f"edges reach over all values of {name}, {features[name].min():g} to "
            f"{features[name].max():g}, with a row in each step; got {points.tolist()}. "
            "Take np.unique of its quantiles."
        )
    step = step.to_numpy(int)
    above = scores(score, features.assign(**{name: points[step + 1]}))
    below = scores(score, features.assign(**{name: points[step]}))
    effects = pd.Series(above - below).groupby(step).mean().cumsum()
    return pd.Series([0.0, *effects], pd.Index(points, name=name))


def _require(features: pd.DataFrame, name: str) -> None:
    require_features(features, features)
    if name not in features:
        raise ValueError(f"name is a column of features, {', '.join(features)}; got {name!r}.")
