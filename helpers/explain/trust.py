"""Tests of explanations: do they describe the model, and do the reasons stay the same."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from helpers.explain.scoring import Score, kept, require_features


def deletion_curve(
    score: Score, background: pd.DataFrame, features: pd.DataFrame, attributions: pd.DataFrame
) -> pd.DataFrame:
    """Compute the score of each row after its most important features were removed.

    Column k is v(N ∖ top k): the k features with the highest attributions take the values of the
    background, and the scores are averaged, as in `shapley_values`. If the attributions name what
    raises the score, it falls fast.

    Parameters
    ----------
    score, background, features : as for `shapley_values`.
    attributions : DataFrame of numbers with the index and columns of ``features``; the feature
        with the highest one is removed first. Of equal ones, the first column.

    Returns
    -------
    DataFrame, index of ``features``, columns 0, 1, …, d: the score with so many features removed.

    References
    ----------
    Samek, Binder, Montavon, Lapuschkin & Müller (2017), Evaluating the visualization of what a
    deep neural network has learned, IEEE Transactions on Neural Networks and Learning Systems
    28(11), https://doi.org/10.1109/TNNLS.2016.2599820

    Examples
    --------
    >>> background = pd.DataFrame({"a": [0.0], "b": [0.0]})
    >>> row = pd.DataFrame({"a": [2.0], "b": [3.0]}, index=["Ana"])
    >>> deletion_curve(lambda table: table["a"] + 2 * table["b"], background, row, row)
           0    1    2
    Ana  8.0  2.0  0.0
    """
    require_features(background, features)
    _require_alike(features, attributions)
    rank = np.argsort(np.argsort(-attributions.to_numpy(float), axis=1, kind="stable"), axis=1)
    removed = range(features.shape[1] + 1)
    curve = {k: kept(score, background, features, rank >= k) for k in removed}
    return pd.DataFrame(curve, features.index)


def stability(explanations: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Compare several explanations of the same rows, such as those of retrained models.

    Parameters
    ----------
    explanations : two or more DataFrames of attributions, with the same index and columns.

    Returns
    -------
    DataFrame, index of the explanations, means over all pairs of them: ``same_top`` (share of
    pairs in which the feature with the highest attribution is the same) and ``rank_correlation``
    (Spearman's ρ of the attributions; 0 if all attributions of a row are equal).

    Examples
    --------
    >>> one = pd.DataFrame({"a": [3, 1], "b": [2, 2], "c": [1, 0]}, index=["Ana", "Ben"])
    >>> other = pd.DataFrame({"a": [2, 1], "b": [3, 2], "c": [1, 0]}, index=["Ana", "Ben"])
    >>> stability([one, other])
         same_top  rank_correlation
    Ana       0.0               0.5
    Ben       1.0               1.0
    """
    if len(explanations) < 2:
        raise ValueError(f"stability compares two explanations or more; got {len(explanations)}.")
    first = explanations[0]
    for each in explanations:
        _require_alike(first, each)
    values = np.stack([each.to_numpy(float) for each in explanations])
    top = values.argmax(axis=2)
    ranks = rankdata(values, axis=2)
    ranks -= ranks.mean(axis=2, keepdims=True)
    length = np.sqrt((ranks**2).sum(axis=2))
    pairs = list(combinations(range(len(values)), 2))
    same = np.mean([top[i] == top[j] for i, j in pairs], axis=0)
    lengths = np.array([length[i] * length[j] for i, j in pairs])
    dots = np.array([(ranks[i] * ranks[j]).sum(axis=1) for i, j in pairs])
    rho = np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0).mean(axis=0)
    return pd.DataFrame({"same_top": same, "rank_correlation": rho}, first.index)


def _require_alike(features: pd.DataFrame, attributions: pd.DataFrame) -> None:
    if not (features.index.equals(attributions.index) and list(features) == list(attributions)):
        raise ValueError(
            "attributions have other rows or columns than the table they explain. Use "
            "attributions.loc[features.index, features.columns]."
        )
    missing = attributions.isna().any(axis=1)
    if missing.any():
        raise ValueError(
            f"attributions: {missing.sum():,} of {len(missing):,} rows have missing values (first: "
            f"{missing.index[missing][0]!r}). Drop these rows, or explain them."
        )
