"""Synthetic control: one treated unit, and a weighted mean of others that moved as it did."""

import numpy as np
import pandas as pd
from scipy.optimize import nnls
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

HEAVY = 1e4  # weight of "the weights add up to 1", against one period


class SyntheticControl(BaseEstimator):
    """The weighted mean of untreated units that was nearest to the treated one before.

        w = argmin ‖y − Y w‖²,   w ≥ 0,   Σ w = 1

    with y the treated unit and Y the others, by period before the treatment. It is nonnegative
    least squares with one more, heavy row that says Σ w = 1. Afterward Y w says what would have
    happened without the treatment, if what moved all units alike goes on to do so.

    Attributes
    ----------
    weights_ : Series, index the columns of Y.

    References
    ----------
    Abadie, Diamond & Hainmueller (2010), Synthetic control methods for comparative case studies,
    Journal of the American Statistical Association 105(490), 493–505,
    https://doi.org/10.1198/jasa.2009.ap08746

    Examples
    --------
    >>> others = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [5.0, 4.0, 7.0]})
    >>> before = pd.Series([2.0, 2.5, 4.0])
    >>> SyntheticControl().fit(others, before).weights_.round(2).to_dict()
    {'a': 0.75, 'b': 0.25}
    """

    def fit(self, Y: pd.DataFrame, y: pd.Series) -> "SyntheticControl":
        """Find the weights from the periods before the treatment.

        Parameters
        ----------
        Y : DataFrame of numbers, one row per period, one column per untreated unit.
        y : Series of numbers with the same index, the treated unit.
        """
        if missing := int(Y.isna().sum().sum() + y.isna().sum()):
            raise ValueError(
                f"{missing:,} values are missing. Fill them, or leave those units out."
            )
        if not Y.index.equals(y.index):
            raise ValueError(
                "Y and y must have the same periods, in the same order: y.loc[Y.index]."
            )
        scale = np.abs(Y.to_numpy(float)).max() or 1.0
        rows = np.vstack([Y.to_numpy(float) / scale, np.full(Y.shape[1], HEAVY)])
        weights, _ = nnls(rows, np.append(y.to_numpy(float) / scale, HEAVY))
        self.weights_ = pd.Series(weights / weights.sum(), Y.columns)
        return self

    def predict(self, Y: pd.DataFrame) -> pd.Series:
        """Return what the treated unit would have done, in each period of Y."""
        check_is_fitted(self)
        return Y[self.weights_.index] @ self.weights_


def placebo_gaps(units: pd.DataFrame, start: object) -> pd.DataFrame:
    """Pretend of each unit in turn that it was treated, and measure its gap.

    If the gap of the unit that was treated is real, it is among the largest, relative to how well
    its synthetic control fitted before:

        ratio = RMSE from the start on / RMSE before

    With n units, a treated one of the largest ratio has a p-value of 1 / n, if the treatment could
    have reached any of them. No placebo uses the treated unit if it is not in ``units``.

    Parameters
    ----------
    units : DataFrame of numbers, one row per period, one column per unit.
    start : the first period, in the index, with the treatment.

    Returns
    -------
    DataFrame, index the units: ``before`` and ``after``, the RMSE of the gap, ``gap``, its mean
    after, and ``ratio``.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [1.0, 2, 3, 9], "b": [1.0, 2.5, 3, 4], "c": [1.0, 2.5, 4, 4]})
    >>> placebo_gaps(units, start=3)["ratio"].idxmax()
    'a'
    """
    before = units.index < start
    if not before.any() or before.all():
        raise ValueError(f"units needs periods before {start!r}, and from it on.")
    rows = {}
    for unit in units:
        others = units.drop(columns=unit)
        control = SyntheticControl().fit(others[before], units.loc[before, unit])
        gap = units[unit] - control.predict(others)
        fit, after = (np.sqrt((gap[part] ** 2).mean()) for part in (before, ~before))
        rows[unit] = {"before": fit, "after": after, "gap": gap[~before].mean()}
    table = pd.DataFrame(rows).T
    return table.assign(ratio=table["after"] / table["before"])
