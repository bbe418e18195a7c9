"""Hierarchies of time series: the summing matrix, and forecasts that add up.

S has a row for each series of the hierarchy and a column for each bottom series. Forecasts ŷ made
for each series on its own do not add up; S (Sᵀ W⁻¹ S)⁻¹ Sᵀ W⁻¹ ŷ do.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.forecast.checks import require_numbers


def summing_matrix(groups: pd.DataFrame, total: str = "total") -> pd.DataFrame:
    """Return S, which adds the bottom series up to groups and to a total.

    Parameters
    ----------
    groups : DataFrame with a row for each bottom series, named by the index, and a column for each
        level between the total and them, such as "department"; its values name the groups.
    total : name of the sum of all.

    Returns
    -------
    DataFrame of zeros and ones; rows: the total, the groups of each column in alphabetical order,
    the bottom series; columns: the bottom series.

    Examples
    --------
    >>> groups = pd.DataFrame({"kind": ["fruit", "fruit", "bread"]}, ["apple", "pear", "roll"])
    >>> summing_matrix(groups).astype(int)
           apple  pear  roll
    total      1     1     1
    bread      0     0     1
    fruit      1     1     0
    apple      1     0     0
    pear       0     1     0
    roll       0     0     1
    """
    if not isinstance(groups, pd.DataFrame) or groups.isna().any(axis=None) or not len(groups):
        raise ValueError(
            "groups is a table with a row for each bottom series, a column for each level between "
            "the total and them, and no missing values."
        )
    levels = [pd.get_dummies(groups[level], dtype=float).T for level in groups]
    ones = pd.DataFrame(1.0, index=[total], columns=groups.index)
    itself = pd.DataFrame(np.eye(len(groups)), groups.index, groups.index)
    summing = pd.concat([ones, *levels, itself])
    if summing.index.has_duplicates:
        twice = summing.index[summing.index.duplicated()][0]
        raise ValueError(f'Two series are named "{twice}". Give each a name of its own.')
    return summing


def shrunk_covariance(errors: ArrayLike) -> np.ndarray:
    """Estimate the covariance matrix of forecast errors, with correlations shrunk toward 0.

    The share λ by which they are shrunk is larger, the less certain they are:

        λ = Σ Var(r_ij) / Σ r_ij²,   at most 1;   sums over all pairs i ≠ j

    Without it, n series and fewer than n weeks would give a matrix that has no inverse.

    Parameters
    ----------
    errors : shape (series, weeks); for `reconcile`, one-step errors in known weeks.

    Returns
    -------
    Array of shape (series, series).

    References
    ----------
    Schäfer & Strimmer (2005), https://doi.org/10.2202/1544-6115.1175

    Examples
    --------
    The correlation is 0.9, its variance 0.11, so λ = 0.11 / 0.81, and 2.25 (1 − λ) is left.

    >>> shrunk_covariance([[1, -1, 2, -2, 0], [1, -2, 2, -1, 0]]).round(2).tolist()
    [[2.5, 1.94], [1.94, 2.5]]
    """
    errors = require_numbers("errors", errors)
    if errors.ndim != 2 or errors.shape[1] < 2:
        raise ValueError(
            f"errors have shape (series, weeks), two weeks or more; got {errors.shape}."
        )
    n = errors.shape[1]
    around = errors - errors.mean(axis=1, keepdims=True)
    spread = around.std(axis=1, keepdims=True)
    if not spread.all():
        row = np.flatnonzero(spread == 0)[0]
        raise ValueError(f"errors: row {row} never changes, so it has no correlation. Drop it.")
    z = around / spread
    r, pairs = z @ z.T / n, ~np.eye(len(z), dtype=bool)
    uncertain = (z**2 @ (z**2).T / n - r**2) / (n - 1)  # Var(r_ij)
    squares = (r[pairs] ** 2).sum()
    keep = 1 - min(uncertain[pairs].sum() / squares, 1) if squares else 0.0
    return np.cov(errors) * np.where(pairs, keep, 1)


def reconcile(
    forecasts: pd.DataFrame, summing: pd.DataFrame, covariance: ArrayLike | None = None
) -> pd.DataFrame:
    """Return coherent forecasts, which add up, as close as possible to those given.

    With S the summing matrix and W the covariance of the errors of the forecasts ŷ, they are

        S G ŷ,   G = (Sᵀ W⁻¹ S)⁻¹ Sᵀ W⁻¹

    If the forecasts have no bias, no other G gives coherent forecasts with less total variance:
    this is MinT, minimum trace. Without W it is ordinary least squares (OLS).

    Parameters
    ----------
    forecasts : DataFrame, a row for each series of the hierarchy, a column for each week.
    summing : S, see `summing_matrix`, with the same rows in the same order.
    covariance : W, see `shrunk_covariance`; or variances alone, one for each series; or None.

    Returns
    -------
    DataFrame like ``forecasts``. A forecast can become negative.

    References
    ----------
    Wickramasuriya, Athanasopoulos & Hyndman (2019), Optimal forecast reconciliation for
    hierarchical and grouped time series through trace minimization,
    https://doi.org/10.1080/01621459.2018.1448825; OLS in Hyndman, Ahmed, Athanasopoulos & Shang
    (2011), https://doi.org/10.1016/j.csda.2011.03.006

    Examples
    --------
    The total is 3 higher than its parts; equal variances change each of the three by 1.

    >>> summing = summing_matrix(pd.DataFrame(index=["A", "B"]))
    >>> forecasts = pd.DataFrame({"next week": [13, 6, 4]}, summing.index)
    >>> reconcile(forecasts, summing)["next week"].round(6).tolist()
    [12.0, 7.0, 5.0]
    """
    if not isinstance(forecasts, pd.DataFrame) or not forecasts.index.equals(summing.index):
        raise ValueError(
            "forecasts is a table whose rows are those of summing, in the same order: "
            "forecasts.loc[summing.index]."
        )
    base, s = require_numbers("forecasts", forecasts), summing.to_numpy(dtype=float)
    weights = _weights(covariance, len(s))
    g = np.linalg.solve(s.T @ weights @ s, s.T @ weights)
    return pd.DataFrame(s @ (g @ base), forecasts.index, forecasts.columns)


def _weights(covariance: ArrayLike | None, series: int) -> np.ndarray:
    """Return W⁻¹ of a covariance matrix, of variances, or of None."""
    if covariance is None:
        return np.eye(series)
    w = require_numbers("covariance", covariance)
    w = np.diag(w) if w.ndim == 1 else w
    if w.shape != (series, series) or not np.allclose(w, w.T):
        raise ValueError(
            f"covariance is a symmetric matrix of {series} × {series} series, or {series} "
            f"variances; got shape {np.shape(covariance)}."
        )
    try:
        np.linalg.cholesky(w)
    except np.linalg.LinAlgError:
        raise ValueError(
            "covariance has no inverse: some errors follow from others. Take shrunk_covariance."
        ) from None
    return np.linalg.inv(w)
