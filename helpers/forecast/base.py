"""What all forecasters share: the table they read, and the table they return."""

from math import ceil
from numbers import Real
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks
from helpers.data.checks import require_share
from helpers.forecast.stock import count_distribution

YEAR = 365.25 / 7  # weeks
WEEK = pd.Timedelta(days=7)


def series_by_week(demand: pd.DataFrame) -> pd.DataFrame:
    """Check a table of demand and return it with a row per series and a column per week.

    Examples
    --------
    >>> weeks = pd.to_datetime(["2025-01-06", "2025-01-20"])
    >>> series_by_week(pd.DataFrame({"week": weeks, "series": "Toys", "units": [3, 2]}))
    Traceback (most recent call last):
        ...
    ValueError: demand: 1 of 3 weeks has no row (first "Toys", 2025-01-13). A week without sales is
    a week with 0; forecast.weekly_demand fills it in.
    """
    checks.require(demand, week="datetime", series="key", units="number")
    twice = demand.duplicated(["series", "week"])
    first = demand["week"].min()
    between = (demand["week"] - first) % WEEK != pd.Timedelta(0)
    fix = 'Sum them: demand.groupby(["week", "series"], as_index=False)["units"].sum().'
    monday = f"Call each week by the same day, as the first, {first:%A %Y-%m-%d}, is."
    checks.refuse_rows(
        demand,
        ("units", demand["units"] < 0, "is negative", "Demand is 0 or more: net returns first."),
        ("week", twice, "is there twice in a series", fix),
        ("week", between, "is no whole number of weeks after the first", monday),
        name="demand",
    )
    weeks = pd.date_range(first, demand["week"].max(), freq=WEEK)
    wide = demand.pivot_table("units", "series", "week", aggfunc="sum").reindex(columns=weeks)
    absent = wide.isna().to_numpy()
    if absent.any():
        row, column = np.argwhere(absent)[0]
        count = absent.sum()
        raise ValueError(
            f"demand: {count:,} of {absent.size:,} weeks {'has' if count == 1 else 'have'} no row "
            f'(first "{wide.index[row]}", {weeks[column]:%Y-%m-%d}). A week without sales is a '
            f"week with 0; forecast.weekly_demand fills {'it' if count == 1 else 'them'} in."
        )
    return wide


class Forecaster(BaseEstimator):
    """A model of weekly demand: `fit`, `predict` and `distribution`.

    A subclass has ``_learn()``, which works on ``units_``, and ``_moments(horizon)``, which returns
    mean and dispersion, each of shape (series, horizon).
    """

    def fit(self, demand: pd.DataFrame) -> Self:
        """Learn from a table such as that of `weekly_demand`: ``week``, ``series``, ``units``."""
        wide = series_by_week(demand)
        self.series_, self.last_week_ = wide.index, wide.columns[-1]
        self.units_ = wide.to_numpy(dtype=float)
        self._learn()
        return self

    def predict(self, horizon: int, level: float = 0.8) -> pd.DataFrame:
        """Forecast the next weeks.

        Parameters
        ----------
        horizon : how many weeks, 1 or more.
        level : share of outcomes that the interval should cover, with equal tails. Because a count
            is a whole number, its interval covers at least that share.

        Returns
        -------
        DataFrame ``week``, ``series``, ``mean``, ``lower``, ``upper`` (units); sorted by series,
        then week.
        """
        require_share("level", level)
        mean, dispersion = self._checked_moments(horizon)
        distribution = self._distribution(mean, dispersion)
        weeks = pd.date_range(self.last_week_ + WEEK, periods=horizon, freq=WEEK)
        return pd.DataFrame(
            {
                "week": np.tile(weeks, len(self.series_)),
                "series": np.repeat(self.series_.to_numpy(), horizon),
                "mean": mean.ravel(),
                "lower": np.maximum(distribution.ppf((1 - level) / 2), 0),
                "upper": np.maximum(distribution.ppf((1 + level) / 2), 0),
            }
        )

    def distribution(self, horizon: int):
        """Return the distribution of demand, one for each row of `predict`, in its order."""
        return self._distribution(*self._checked_moments(horizon))

    def _distribution(self, mean: np.ndarray, dispersion: np.ndarray):
        return count_distribution(mean.ravel(), dispersion.ravel())

    def _checked_moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        check_is_fitted(self)
        checks.require_whole("horizon", horizon)
        return self._moments(horizon)

    def _need(self, weeks: int, what: str) -> None:
        has = self.units_.shape[1]
        if has < weeks:
            raise ValueError(f"{what} needs {weeks} weeks of demand, and there are {has}.")

    def _need_two_seasons(self) -> None:
        season = self.season
        if season is not None:
            if not isinstance(season, Real) or not 2 <= float(season) < np.inf:
                raise ValueError(
                    f"season is a number of weeks, 2 or more, or None; got {season!r}."
                )
            has, need = self.units_.shape[1], ceil(2 * float(season))
            if has < need:
                raise ValueError(
                    f"To tell a season of {float(season):.0f} weeks from a trend, a model needs "
                    f"{need} weeks of demand, and there are {has}. With season=None it looks for "
                    "none."
                )
