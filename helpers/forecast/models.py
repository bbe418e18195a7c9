"""Models of weekly demand: the season before, exponential smoothing, boosted trees.

All share one face: ``fit(demand)``, ``predict(horizon)`` for a mean and an interval, and
``distribution(horizon)`` for all of it. In the formulas y is what was sold, ŷ its forecast, m the
length of a season in weeks, T the last week known, and h the steps ahead.
"""

import warnings

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.linear_model import PoissonRegressor
from sklearn.utils.validation import check_is_fitted
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from helpers.data import checks
from helpers.forecast.base import YEAR, Forecaster
from helpers.forecast.checks import whole_season

FEWEST = 10  # weeks that exponential smoothing needs to start from
SHRINK = 0.01  # penalty on the season, so that a few units a week do not make one


class SeasonalNaive(Forecaster):
    """Next Christmas will be like the last one: ŷ of a week is y of the same week a season ago.

    The forecast every other has to beat. Its error grows with each season that lies between:

        ŷ_{T+h} = y_{T+h−m·k},   σ_h = σ √k,   k = ⌈h / m⌉,   σ² = mean of (y_t − y_{t−m})²

    and its distribution is normal, since a week without sales says nothing about the variance.

    Parameters
    ----------
    season : m, in weeks; a fraction is rounded. With 1 it is the naive forecast: the last week.

    References
    ----------
    Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.5,
    https://otexts.com/fpp3/

    Examples
    --------
    >>> weeks = pd.date_range("2025-01-06", periods=6, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [1, 2, 6, 1, 4, 6]})
    >>> SeasonalNaive(season=3).fit(demand).predict(4)["mean"].tolist()
    [1.0, 4.0, 6.0, 1.0]
    """

    def __init__(self, season: float = YEAR):
        self.season = season

    def _learn(self) -> None:
        m = whole_season(self.season)
        self._need(m + 1, f"A season of {m} weeks")
        self.variance_ = ((self.units_[:, m:] - self.units_[:, :-m]) ** 2).mean(axis=1)

    def _moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        m = round(self.season)
        step = np.arange(horizon)
        mean = self.units_[:, -m:][:, step % m]
        return mean, self.variance_[:, None] * (step // m + 1)

    def distribution(self, horizon: int):
        """Return the normal distributions, one for each row of `predict`, in its order."""
        mean, variance = self._checked_moments(horizon)
        return stats.norm(mean.ravel(), np.sqrt(np.maximum(variance, 1e-12)).ravel())


class ExponentialSmoothing(Forecaster):
    """A level and a trend that are corrected a little every week, times a season.

    First the season. A Poisson regression of y on the time and on waves of one season's length

        ln E[y_t] = a + b·t + c·ln(1 + t/10) + Σ_k (u_k sin 2πkt/m + v_k cos 2πkt/m)

    gives the season s_t = exp(Σ_k …). A small penalty shrinks b, c and the waves toward 0. What is
    left, y_t / s_t, is smoothed by statsmodels' ETS(A, Ad, N), with trend b damped by φ:

        ℓ_t = ℓ_{t−1} + φ b_{t−1} + α e_t,   b_t = φ b_{t−1} + β e_t,
        ŷ_{T+h} = s_{T+h} (ℓ_T + (φ + φ² + … + φ^h) b_T)

    where e_t is the error of the forecast made a week earlier. Demand is a count, so its
    distribution is `count_distribution`. Its dispersion is Σ(y − ŷ)² / Σŷ over the known weeks but
    the first `FEWEST`, times how much the variance of ETS grows from the first step to step h.

    Parameters
    ----------
    season : m, in weeks, or None for none. A season has to be seen twice to be told from a trend.
    waves : how many waves make a season; one is a single hill a year, and season / 2 is the most.

    References
    ----------
    Hyndman, Koehler, Snyder & Grose (2002), https://doi.org/10.1016/S0169-2070(01)00110-8; a season
    taken out before smoothing: Makridakis & Hibon (2000), The M3-Competition,
    https://doi.org/10.1016/S0169-2070(00)00057-1

    Examples
    --------
    >>> weeks = pd.date_range("2025-01-06", periods=30, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [4, 6, 5] * 10})
    >>> ExponentialSmoothing(season=None).fit(demand).predict(1)["mean"].round(1).tolist()
    [5.0]
    """

    def __init__(self, season: float | None = YEAR, waves: int = 1):
        self.season = season
        self.waves = waves

    def _learn(self) -> None:
        checks.require_whole("waves", self.waves)
        self._need(FEWEST + 1, "Exponential smoothing")
        self._need_two_seasons()
        if self.season is not None and 2 * self.waves > self.season:
            raise ValueError(
                f"A season of {self.season:g} weeks has {self.season // 2:.0f} waves at most; got "
                f"waves={self.waves}."
            )
        self.coefficients_ = np.array([self._season_of(y) for y in self.units_])
        season = self._season(np.arange(self.units_.shape[1]))
        self.smoothed_ = [_smooth(y) for y in self.units_ / season]
        pairs = zip(self.smoothed_, self.units_ / season, strict=True)
        fitted = [y if one is None else one.fittedvalues for one, y in pairs]
        fitted = np.maximum(fitted, 0) * season
        error = (self.units_ - fitted)[:, FEWEST:]
        expected = np.maximum(fitted[:, FEWEST:].sum(axis=1), 1e-9)
        self.dispersion_ = np.maximum((error**2).sum(axis=1) / expected, 1)

    def _waves(self, t: np.ndarray) -> np.ndarray:
        """Return the waves at these weeks, shape (weeks, 2 · waves)."""
        if self.season is None:
            return np.empty((len(t), 0))
        turn = 2 * np.pi * np.outer(t, np.arange(1, self.waves + 1)) / self.season
        return np.hstack([np.sin(turn), np.cos(turn)])

    def _season_of(self, y: np.ndarray) -> np.ndarray:
        t = np.arange(len(y))
        waves = self._waves(t)
        if not waves.size or not y.any():
            return np.zeros(waves.shape[1])
        columns = np.column_stack([waves, t / len(t), np.log1p(t / 10)])
        model = PoissonRegressor(alpha=SHRINK / y.mean(), solver="newton-cholesky")
        model.fit(columns, y / y.mean())  # as with SHRINK and y, but at home on any scale
        return model.coef_[: waves.shape[1]]

    def _season(self, t: np.ndarray) -> np.ndarray:
        return np.exp(self.coefficients_ @ self._waves(t).T)

    def season_index(self, periods: int | None = None) -> pd.DataFrame:
        """Return s_t, the season of each series: rows are series, columns weeks since the first."""
        check_is_fitted(self)
        periods = self.units_.shape[1] if periods is None else periods
        return pd.DataFrame(self._season(np.arange(periods)), self.series_)

    def _moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        known = self.units_.shape[1]
        season = self._season(np.arange(known, known + horizon))
        mean = np.repeat(self.units_[:, -1:], horizon, axis=1)  # of a series that never moves
        growth = np.ones_like(mean)
        for row, one in enumerate(self.smoothed_):
            if one is not None:
                ahead = one.get_prediction(known, known + horizon - 1)
                mean[row] = np.maximum(ahead.predicted_mean, 0) * season[row]
                growth[row] = ahead.forecast_variance / ahead.forecast_variance[0]
        return mean, self.dispersion_[:, None] * growth


def _smooth(y: np.ndarray):
    """Fit ETS(A, Ad, N); a series that never moves has nothing to fit, and gives None."""
    if np.ptp(y) < 1e-9 * max(y.max(), 1):
        return None
    model = ETSModel(pd.Series(y), error="add", trend="add", damped_trend=True)
    with warnings.catch_warnings():  # the best it has found is good enough
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(disp=False)
