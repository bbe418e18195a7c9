"""Seasonal naive forecasts and exponential smoothing.

In the formulas y is what was sold, ŷ its forecast, m the length of a season in weeks, T the last
week known, and h the steps ahead.
"""

import numpy as np
from scipy import stats
from sklearn.linear_model import PoissonRegressor

from helpers.forecast.base import YEAR, Forecaster
from helpers.forecast.checks import whole_season
from helpers.forecast.smoothing import least_squares, smooth

MIN_WEEKS = 10  # weeks that exponential smoothing needs to start from
SHRINK = 0.01  # penalty on the season, so that a few units a week do not make one


class SeasonalNaive(Forecaster):
    """Repeat last season: ŷ of a week is y of the same week a season ago.

    Every other forecast has to beat this one. Its error grows with each season in between:

        ŷ_{T+h} = y_{T+h−m·k},   σ_h = σ √k,   k = ⌈h / m⌉,   σ² = mean of (y_t − y_{t−m})²

    Its distribution is normal, because a week without sales says nothing about the variance.

    Parameters
    ----------
    season : m, in weeks; a fraction is rounded. With 1 it is the naive forecast: the last week.

    References
    ----------
    Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.5,
    https://otexts.com/fpp3/

    Examples
    --------
    >>> import pandas as pd
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

    def _distribution(self, mean: np.ndarray, variance: np.ndarray):
        return stats.norm(mean.ravel(), np.sqrt(np.maximum(variance, 1e-12)).ravel())


class ExponentialSmoothing(Forecaster):
    """A level and a damped trend, corrected a little every week, times a season.

    First the season. A Poisson regression of y on the time and on a wave of one season's length

        ln E[y_t] = a + b·t + c·ln(1 + t/10) + u sin 2πt/m + v cos 2πt/m

    gives the season s_t = exp(u sin 2πt/m + v cos 2πt/m). A small penalty shrinks b, c, u and v
    toward 0. What is left, y_t / s_t, is smoothed by ETS(A, Ad, N), with the trend b damped by φ:

        ℓ_t = ℓ_{t−1} + φ b_{t−1} + α e_t,   b_t = φ b_{t−1} + β e_t,
        ŷ_{T+h} = s_{T+h} (ℓ_T + (φ + φ² + … + φ^h) b_T)

    where e_t is the error of the forecast made a week earlier. α, β, φ and the first level and
    trend, in ``parameters_``, are those with the least Σ e_t², see `smoothing.least_squares`.

    The distribution is `count_distribution`. Its dispersion is Σ(y − ŷ)² / Σŷ over the known weeks,
    without the first `MIN_WEEKS`, times how much the variance of ETS grows from step 1 to step h:

        1 + Σ_{j<h} c_j²,   c_j = α + β (φ + … + φ^j)

    ``errors_``, shape (series, weeks), holds y − ŷ of the known weeks, one step ahead.

    Parameters
    ----------
    season : m, in weeks, or None for none. A season must be observed twice to be told from a trend.

    References
    ----------
    Hyndman, Koehler, Snyder & Grose (2002), https://doi.org/10.1016/S0169-2070(01)00110-8; variance
    in Hyndman, Koehler, Ord & Snyder (2008), https://doi.org/10.1007/978-3-540-71918-2, table 6.1;
    a season taken out before smoothing in Makridakis & Hibon (2000), The M3-Competition,
    https://doi.org/10.1016/S0169-2070(00)00057-1

    Examples
    --------
    >>> import pandas as pd
    >>> weeks = pd.date_range("2025-01-06", periods=30, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [4, 6, 5] * 10})
    >>> ExponentialSmoothing(season=None).fit(demand).predict(1)["mean"].round(1).tolist()
    [5.0]
    """

    def __init__(self, season: float | None = YEAR):
        self.season = season

    def _learn(self) -> None:
        self._need(MIN_WEEKS + 1, "Exponential smoothing")
        self._need_two_seasons()
        self.coefficients_ = np.array([self._season_of(y) for y in self.units_])
        season = self._season(np.arange(self.units_.shape[1]))
        adjusted = self.units_ / season
        self.parameters_ = least_squares(adjusted)
        weeks = np.array(list(smooth(adjusted.T, *self.parameters_.T)))
        errors, levels, slopes = np.moveaxis(weeks, 0, -1)
        self.level_, self.slope_ = levels[:, -1:], slopes[:, -1:]
        fitted = np.maximum(adjusted - errors, 0) * season
        self.errors_ = self.units_ - fitted
        squares = (self.errors_[:, MIN_WEEKS:] ** 2).sum(axis=1)
        expected = np.maximum(fitted[:, MIN_WEEKS:].sum(axis=1), 1e-9)
        self.dispersion_ = np.maximum(squares / expected, 1)

    def _wave(self, t: np.ndarray) -> np.ndarray:
        """Return the wave at these weeks, shape (weeks, 2), or (weeks, 0) without a season."""
        if self.season is None:
            return np.empty((len(t), 0))
        turn = 2 * np.pi * t / self.season
        return np.column_stack([np.sin(turn), np.cos(turn)])

    def _season_of(self, y: np.ndarray) -> np.ndarray:
        t = np.arange(len(y))
        wave = self._wave(t)
        if not wave.size or not y.any():
            return np.zeros(wave.shape[1])
        columns = np.column_stack([wave, t / len(t), np.log1p(t / 10)])
        model = PoissonRegressor(alpha=SHRINK / y.mean(), solver="newton-cholesky")
        model.fit(columns, y / y.mean())  # what SHRINK and y give, at a scale of 1
        return model.coef_[: wave.shape[1]]

    def _season(self, t: np.ndarray) -> np.ndarray:
        return np.exp(self.coefficients_ @ self._wave(t).T)

    def _moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        season = self._season(self.units_.shape[1] + np.arange(horizon))
        alpha, beta, phi, *_ = self.parameters_.T[:, :, None]
        trend = np.cumsum(phi ** np.arange(1, horizon + 1), axis=1)  # φ + … + φ^h
        mean = np.maximum(self.level_ + trend * self.slope_, 0) * season
        grown = np.cumsum((alpha + beta * trend) ** 2, axis=1)
        growth = 1 + np.hstack([np.zeros_like(phi), grown[:, :-1]])
        return mean, self.dispersion_[:, None] * growth
