"""Models of weekly demand: the season before, exponential smoothing, boosted trees.

All share one face: ``fit(demand)``, ``predict(horizon)`` for a mean and an interval, and
``distribution(horizon)`` for all of it. In the formulas y is what was sold, ŷ its forecast, m the
length of a season in weeks, T the last week known, and h the steps ahead.
"""

import warnings
from numbers import Real
from typing import Self

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor
from sklearn.utils.validation import check_is_fitted
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from helpers.data import schema
from helpers.data.checks import require_share, whole_season
from helpers.forecast.stock import count_distribution

YEAR = 365.25 / 7  # weeks
WEEK = pd.Timedelta(days=7)
FEWEST = 10  # weeks that exponential smoothing needs to start from
SHRINK = 0.01  # penalty on the season, so that a few units a week do not make one
LEVEL = 13  # weeks whose mean is the level that the boosted trees count in
BINS = 32  # of a column of the trees; so many series, at most, are told apart


def series_by_week(demand: pd.DataFrame) -> pd.DataFrame:
    """Check a table of demand and return it with a row per series and a column per week.

    Raises
    ------
    TableError, ValueError
        If a column is missing or of another kind, units are negative, a week is there twice in a
        series, or not all series have all weeks, one after the other.

    Examples
    --------
    >>> weeks = pd.to_datetime(["2025-01-06", "2025-01-20"])
    >>> series_by_week(pd.DataFrame({"week": weeks, "series": "Toys", "units": [3, 2]}))
    Traceback (most recent call last):
        ...
    ValueError: demand: 1 of 3 weeks has no row (first "Toys", 2025-01-13). A week without sales is
    a week with 0; forecast.weekly_demand fills it in.
    """
    schema.require(demand, week="datetime", series="key", units="number")
    twice = demand.duplicated(["series", "week"])
    first = demand["week"].min()
    between = (demand["week"] - first) % WEEK != pd.Timedelta(0)
    mend = 'Sum them: demand.groupby(["week", "series"], as_index=False)["units"].sum().'
    monday = f"Call each week by the same day, as the first, {first:%A %Y-%m-%d}, is."
    schema.refuse_rows(
        demand,
        ("units", demand["units"] < 0, "is negative", "Demand is 0 or more: net returns first."),
        ("week", twice, "is there twice in a series", mend),
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
    """What all models share: reading the table of demand, and writing that of the forecast.

    A model has a method ``_learn()``, which works on ``units_``, and one
    ``_moments(horizon)``, which returns mean and dispersion, each of shape (series, horizon).
    """

    def fit(self, demand: pd.DataFrame) -> Self:
        """Learn from a table such as that of `weekly_demand`: ``week``, ``series``, ``units``."""
        wide = series_by_week(demand)
        self.series_, self.last_week_ = wide.index, wide.columns[-1]
        self.units_ = wide.to_numpy(dtype=float)
        self._learn()
        return self

    def distribution(self, horizon: int):
        """Return the distribution of demand, one for each row of `predict`, in its order."""
        mean, dispersion = self._checked_moments(horizon)
        return count_distribution(mean.ravel(), dispersion.ravel())

    def predict(self, horizon: int, level: float = 0.8) -> pd.DataFrame:
        """Forecast the next weeks.

        Parameters
        ----------
        horizon : how many weeks, 1 or more.
        level : share of all outcomes that the interval shall hold; as much is left out above as
            below. Where demand is a count, which comes whole, it holds at least that much.

        Returns
        -------
        DataFrame ``week``, ``series``, ``mean``, ``lower``, ``upper`` (units); sorted by series,
        then week.
        """
        require_share("level", level)
        mean, _ = self._checked_moments(horizon)
        distribution = self.distribution(horizon)
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

    def _checked_moments(self, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        check_is_fitted(self)
        schema.require_whole("horizon", horizon)
        return self._moments(horizon)

    def _need(self, weeks: int, what: str) -> None:
        has = self.units_.shape[1]
        if has < weeks:
            raise ValueError(f"{what} needs {weeks} weeks of demand, and there are {has}.")

    def _need_two_seasons(self) -> None:
        if self.season is not None:
            if not isinstance(self.season, Real) or not 2 <= self.season < np.inf:
                raise ValueError(
                    f"season is a number of weeks, 2 or more, or None; got {self.season!r}."
                )
            has, need = self.units_.shape[1], int(np.ceil(2 * self.season))
            if has < need:
                raise ValueError(
                    f"To tell a season of {self.season:.0f} weeks from a trend, a model needs "
                    f"{need} weeks of demand, and there are {has}. With season=None it looks for "
                    "none."
                )


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
        schema.require_whole("waves", self.waves)
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


class BoostedLags(Forecaster):
    """Gradient-boosted trees that learn from all series together what followed on what.

    Each row of the training stands for a series, a week t at which it is seen (every other week),
    and a step h. It holds what was known at t, as multiples of the level, the mean of the last 13
    weeks: the last four weeks, the last half-year, and how the nine weeks around t + h stood to
    their level a season earlier. Further, the place of t + h in the season, h, and the series, if
    there are no more than 32. The target is y_{t+h} / level. A tree cannot say a number it has
    never seen, and in a shop that grows, next year's numbers are of that kind; ratios are not. Many
    trees together could; the largest ratio that they have learned from is the most they may say.

    The dispersion of each series is taken from forecasts of the last 13 weeks by trees that
    have not seen them.

    Parameters
    ----------
    horizon : the longest step ahead that can be asked for.
    season : m, in weeks, or None for none.
    random_state : seed of the trees.

    References
    ----------
    Friedman (2001), https://doi.org/10.1214/aos/1013203451; one model for all series: Montero-Manso
    & Hyndman (2021), https://doi.org/10.1016/j.ijforecast.2021.03.004

    Examples
    --------
    >>> weeks = pd.date_range("2025-01-06", periods=60, freq="W-MON")
    >>> demand = pd.DataFrame({"week": weeks, "series": "Toys", "units": [4, 6, 5] * 20})
    >>> BoostedLags(horizon=2, season=None).fit(demand).predict(2)["mean"].round().tolist()
    [5.0, 5.0]
    """

    def __init__(self, horizon: int = 8, season: float | None = YEAR, random_state: int = 0):
        self.horizon = horizon
        self.season = season
        self.random_state = random_state

    def _learn(self) -> None:
        schema.require_whole("horizon", self.horizon)
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
            max_bins=BINS,
            min_samples_leaf=50,
            early_stopping=False,
            categorical_features=[0] if self._told_apart(units) else None,
            random_state=self.random_state,
        )
        target = units[:, seen + step] / level
        if not target.any():
            trees = DummyRegressor(strategy="constant", constant=0.0)
        return trees.fit(columns, target.ravel(), sample_weight=level.ravel()), target.max()

    @staticmethod
    def _told_apart(units: np.ndarray) -> bool:
        return len(units) <= BINS

    def _say(self, trees, ceiling: float, seen: np.ndarray, step: np.ndarray) -> np.ndarray:
        columns, level = self._columns(self.units_, seen, step)
        with np.errstate(over="ignore"):  # of the exponential of what many trees add up to
            ratio = np.minimum(trees.predict(columns), ceiling)
        return ratio.reshape(level.shape) * level

    def _columns(
        self, units: np.ndarray, seen: np.ndarray, step: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what was known at ``seen`` of step ``step``, a row each, and the levels."""
        running = np.pad(units.cumsum(axis=1), ((0, 0), (1, 0)))

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
