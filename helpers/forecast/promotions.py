"""Promotions that are known ahead: their lift is taken out, and put back where one is planned."""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import clone

from helpers.data import checks
from helpers.forecast.base import WEEK, Forecaster
from helpers.forecast.models import SeasonalNaive


class Promoted(Forecaster):
    """A forecast that knows in which weeks each series is promoted.

    The **lift** of a series is its mean demand in promoted weeks over that in all others. Few weeks
    say little, so it is shrunk toward the lift L of all series together, as if that had been
    observed in k more promoted weeks. With n promoted weeks and m, the mean of the others,

        lift = (Σ_promoted y + k L m) / ((n + k) m),   L = Σ_promoted y / Σ_promoted m

    Promoted weeks are divided by the lift, the model learns from what is left, and its forecasts
    are multiplied by the lift in the weeks in which a promotion is planned; so is the dispersion.

    Parameters
    ----------
    model : ExponentialSmoothing() or BoostedLags(), not fitted.
    promotions : DataFrame ``series``, ``week`` (its Monday): a row for each promoted week, also for
        those to come. It must be *known* when a forecast is made: a plan, not what was sold on it.
    strength : k, in weeks, 0 or more.

    Attributes
    ----------
    lift_ : Series, by series.

    Examples
    --------
    >>> from helpers.forecast import ExponentialSmoothing
    >>> weeks = pd.date_range("2025-01-06", periods=12, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [4, 4, 12] * 4})
    >>> plan = pd.DataFrame({"series": "Toys", "week": weeks[2::3].append(weeks[-1:] + WEEK)})
    >>> model = Promoted(ExponentialSmoothing(season=None), plan).fit(demand)
    >>> model.lift_["Toys"], model.predict(2)["mean"].round(6).tolist()
    (np.float64(3.0), [12.0, 4.0])
    """

    def __init__(self, model: Forecaster, promotions: pd.DataFrame, strength: float = 1.0):
        self.model = model
        self.promotions = promotions
        self.strength = strength

    def fit(self, demand: pd.DataFrame) -> Self:
        """Learn from a table such as that of `weekly_demand`: ``week``, ``series``, ``units``."""
        if not isinstance(self.model, Forecaster) or isinstance(self.model, SeasonalNaive):
            raise TypeError(
                f"model is ExponentialSmoothing() or BoostedLags(), not fitted; got {self.model!r}."
            )
        checks.require(self.promotions, series="key", week="datetime")
        return super().fit(demand)

    def _learn(self) -> None:
        known = self.units_.shape[1]
        weeks = pd.date_range(end=self.last_week_, periods=known, freq=WEEK, name="week")
        promoted = self._promoted(weeks)
        n, usual = promoted.sum(axis=1), ~promoted
        if (n == known).any():
            series = self.series_[n == known][0]
            raise ValueError(
                f'"{series}" is promoted in all of its {known} weeks, so its lift is unknown. '
                "Leave it out of promotions."
            )
        mean = (self.units_ * usual).sum(axis=1) / usual.sum(axis=1)
        sold = (self.units_ * promoted).sum(axis=1)
        expected = (n * mean).sum()
        of_all = sold.sum() / expected if expected else 1.0
        weight = (n + self.strength) * mean
        lift = np.full(len(mean), of_all)
        np.divide(sold + self.strength * of_all * mean, weight, out=lift, where=weight > 0)
        self.lift_ = pd.Series(np.maximum(lift, 1e-9), self.series_)
        adjusted = pd.DataFrame((self.units_ / self._times(promoted)).T, weeks, self.series_)
        long = adjusted.melt(ignore_index=False, var_name="series", value_name="units")
        self.model_ = clone(self.model).fit(long.reset_index())

    def _promoted(self, weeks: pd.DatetimeIndex) -> np.ndarray:
        """Return whether each series is promoted in each of these weeks."""
        pairs = pd.MultiIndex.from_product([self.series_, weeks])
        planned = pd.MultiIndex.from_frame(self.promotions[["series", "week"]])
        return pairs.isin(planned).reshape(len(self.series_), len(weeks))

    def _times(self, promoted: np.ndarray) -> np.ndarray:
        return np.where(promoted, self.lift_.to_numpy()[:, None], 1)

    def _moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        weeks = pd.date_range(self.last_week_ + WEEK, periods=horizon, freq=WEEK)
        times = self._times(self._promoted(weeks))
        mean, dispersion = self.model_._moments(horizon)
        return mean * times, dispersion * times
