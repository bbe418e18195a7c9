"""Exact Shapley values of a score, by enumerating all coalitions of features."""

from math import factorial

import numpy as np
import pandas as pd

from helpers.explain.scoring import Score, require_features, scores

MOST_FEATURES = 12  # 4,096 coalitions
BATCH = 100_000  # rows that are scored in one call, unless a single user needs more


def shapley_values(score: Score, background: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Divide the score of each row among its features, relative to the mean of a background.

        φ_i = Σ_{S ⊆ N∖{i}}  |S|! (d − |S| − 1)! / d!  ·  (v(S ∪ {i}) − v(S))

    N are the d features, and v(S) is the score if only the features of S keep the values of the
    row; the others take those of the background, row by row, and the scores are averaged. So
    features are replaced as if they were independent (the *interventional* value function). The
    values of a row add up to its score minus the mean score of the background.

    The score is computed 2ᵈ · rows · background times, so d is at most 12.

    Parameters
    ----------
    score : function from a table with the columns of ``features`` to one number per row, such as
        ``model.decision_function`` (log-odds) or ``lambda X: model.predict_proba(X)[:, 1]``.
    background : DataFrame of numbers, one row per reference user; 20 to 100 rows.
    features : DataFrame of numbers, one row per user to explain; NaN if the score takes it.

    Returns
    -------
    DataFrame of floats, in the unit of the score, with the index and columns of ``features``.

    References
    ----------
    Shapley (1953), A value for n-person games, Contributions to the Theory of Games II, 307–317.
    Lundberg & Lee (2017), A unified approach to interpreting model predictions,
    https://doi.org/10.48550/arXiv.1705.07874

    Examples
    --------
    f = a · b, from (0, 0) to (2, 3): alone, neither does anything, so they share the 6.

    >>> background = pd.DataFrame({"a": [0.0], "b": [0.0]})
    >>> row = pd.DataFrame({"a": [2.0], "b": [3.0]}, index=["Ana"])
    >>> shapley_values(lambda table: table["a"] * table["b"], background, row)
           a    b
    Ana  3.0  3.0
    """
    require_features(background, features)
    d = features.shape[1]
    if d > MOST_FEATURES:
        raise ValueError(
            f"features has {d} columns; {MOST_FEATURES} is the most, because all 2^{d} coalitions "
            "are enumerated. Explain fewer features, or use the library shap, which approximates."
        )
    coalitions = np.arange(2**d)[:, None] >> np.arange(d) & 1 == 1
    batch = max(1, BATCH // (len(coalitions) * len(background)))
    values = [
        _of_coalitions(score, background, features.iloc[start : start + batch], coalitions)
        for start in range(0, len(features), batch)
    ]
    size = coalitions.sum(axis=1, keepdims=True)
    weight = np.array([factorial(k) * factorial(d - k - 1) / factorial(d) for k in range(d)])
    # v(S) counts for the features that are in S, and against those that are not.
    signed = np.where(coalitions, weight[size - 1], -weight[np.minimum(size, d - 1)])
    return pd.DataFrame(np.concatenate(values) @ signed, features.index, features.columns)


def _of_coalitions(
    score: Score, background: pd.DataFrame, features: pd.DataFrame, coalitions: np.ndarray
) -> np.ndarray:
    """Return v(S), shape (rows, coalitions).

    Where a row has the value of the background anyway, a feature changes nothing by joining. So
    only coalitions that hold all these features are scored, and the others take their scores.
    """
    x, b = features.to_numpy(float), background.to_numpy(float)
    places = 1 << np.arange(x.shape[1])  # a coalition's number is the sum of its features' places
    equal = (x[:, None] == b) @ places
    number = np.arange(len(coalitions))[:, None]
    same = equal[:, None] | number
    row, coalition, other = np.nonzero(same == number)
    mixed = np.where(coalitions[coalition], x[row], b[other])
    found = np.empty(same.shape)
    found[row, coalition, other] = scores(score, pd.DataFrame(mixed, columns=features.columns))
    return np.take_along_axis(found, same, axis=1).mean(axis=2)
