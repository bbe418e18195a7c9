"""Forecasts by gradient-boosted trees on lag features."""

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor

from helpers.data import checks
from helpers.forecast.base import YEAR, Forecaster

FEW = 32  # series, at most, that the trees tell apart
LEVEL = 13  # weeks whose mean is the level
GRAIN = 20  # columns are rounded to a twentieth


class BoostedLags(Forecaster):
    """Gradient-boosted trees: one model that learns from all series together.

    A training row is a series, a week t (every other one) and a step h. Its columns are what
    was known at t, in multiples of the level, the mean of the last 13 weeks: the mean of the last 4
    weeks, that of the last 26, and that of the nine weeks around t + h a season earlier (in
    multiples of the level then); the place of t + h in the season; h; and the series, if there are
    no more than 32. The target is y_{t+h} / level. A tree predicts no number larger than those it
    has learned from. In a growing shop next year's units are larger, but their ratios to the level
    are not. A sum of many trees can be larger, so the largest ratio learned from is its limit.

    The dispersion of each series comes from forecasts of the last 13 weeks by trees that have not
    seen them.

    Parameters
    ----------
    horizon : the maximum number of weeks ahead to forecast.
    season : m, in weeks, or None for none.

    References
    ----------
    Friedman (2001), https://doi.org/10.1214/aos/1013203451; one model for all series: Montero-Manso
    & Hyndman (2021), https://doi.org/10.1016/j.ijforecast.2021.03.004

    Examples
    --------
    >>> import pandas as pd
    >>> weeks = pd.date_range("2025-01-06", periods=60, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [4, 6, 5] * 20})
    >>> BoostedLags(horizon=2, season=None).fit(demand).predict(2)["mean"].round().tolist()
    [5.0, 5.0]
    """

    def __init__(self, horizon: int = 8, season: float | None = YEAR):
        self.horizon = horizon
        self.season = season

    def _learn(self) -> None:
        checks.require_whole("horizon", self.horizon)
        known = self.units_.shape[1]
        held_out = known - LEVEL
        self._need(3 * LEVEL + self.horizon, f"A horizon of {self.horizon} weeks")
        self._need_two_seasons()
        earlier, ceiling = self._train(self.units_[:, :held_out])
        seen, step = _pairs(np.arange(held_out - self.horizon, known - 1), self.horizon)
        late = (seen + step >= held_out) & (seen + step < known) & (seen < held_out)
        seen, step = seen[late], step[late]
        mean = self._say(earlier, ceiling, seen, step)
        error = self.units_[:, seen + step] - mean
        expected = np.maximum(mean.sum(axis=1), 1e-9)
        self.dispersion_ = np.maximum((error**2).sum(axis=1) / expected, 1)
        self.trees_, self.ceiling_ = self._train(self.units_)

    def _train(self, units: np.ndarray) -> tuple[HistGradientBoostingRegressor, float]:
        """Return the trees and the largest target they have learned from."""
        known = units.shape[1]
        seen, step = _pairs(np.arange(known - 2, LEVEL - 2, -2), self.horizon)
        seen, step = seen[seen + step < known], step[seen + step < known]
        columns, level = self._columns(units, seen, step)
        trees = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=60,
            max_leaf_nodes=7,
            min_samples_leaf=50,
            early_stopping=False,
            categorical_features=[0] if self._told_apart(units) else None,
            random_state=0,
        )
        target = units[:, seen + step] / level
        if not target.any():
            trees = DummyRegressor(strategy="constant", constant=0.0)
        return trees.fit(columns, target.ravel(), sample_weight=level.ravel()), target.max()

    @staticmethod
    def _told_apart(units: np.ndarray) -> bool:
        return len(units) <= FEW

    def _say(self, trees, ceiling: float, seen: np.ndarray, step: np.ndarray) -> np.ndarray:
        columns, level = self._columns(self.units_, seen, step)
        with np.errstate(over="ignore"):  # of the exponential of what many trees add up to
            ratio = np.minimum(trees.predict(columns), ceiling)
        return ratio.reshape(level.shape) * level

    def _columns(
        self, units: np.ndarray, seen: np.ndarray, step: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what was known at ``seen`` of step ``step``, a row each, and the levels."""
        running = np.pad(units.cumsum(axis=1), {1: (1, 0)})

        def mean(last: np.ndarray, weeks: int) -> np.ndarray:
            first = last + 1 - weeks
            sums = running[:, np.maximum(last + 1, 0)] - running[:, np.maximum(first, 0)]
            return np.where(first >= 0, sums / weeks, np.nan)

        level = np.maximum(mean(seen, LEVEL), 1 / LEVEL)
        columns = [mean(seen, weeks) / level for weeks in (4, 26)]
        if self.season is not None:
            ago = round(self.season)
            around = np.minimum(seen + step - ago + 4, seen)
            columns.append(mean(around, 9) / np.maximum(mean(seen - ago, LEVEL), 1 / LEVEL))
            turn = 2 * np.pi * (seen + step) / self.season
            columns += [np.sin(turn), np.cos(turn)]
        # Rounded, equal ratios are equal in the last digit, too, and so few that the trees need no
        # quantiles to bin them. The millionth decides where a ratio of counts lies just halfway.
        columns = [np.round(GRAIN * column + 1e-6) / GRAIN for column in columns]
        columns = [np.arange(len(units))[:, None] * self._told_apart(units), step, *columns]
        columns = [np.broadcast_to(column, level.shape).ravel() for column in columns]
        return np.column_stack(columns), level

    def _moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        if horizon > self.horizon:
            raise ValueError(
                f"These trees have learned up to {self.horizon} weeks ahead; {horizon} were asked "
                f"for. Fit BoostedLags(horizon={horizon})."
            )
        step = np.arange(1, horizon + 1)
        seen = np.full(horizon, self.units_.shape[1] - 1)
        mean = self._say(self.trees_, self.ceiling_, seen, step)
        return mean, np.broadcast_to(self.dispersion_[:, None], mean.shape)


def _pairs(seen: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Pair each week with each step ahead."""
    return np.repeat(seen, horizon), np.tile(np.arange(1, horizon + 1), len(seen))
