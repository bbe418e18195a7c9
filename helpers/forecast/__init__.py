"""Weekly demand: forecasts, their backtest and errors, and how many units to stock."""

from helpers.forecast.backtest import rolling_origin
from helpers.forecast.base import YEAR
from helpers.forecast.boosted_lags import BoostedLags
from helpers.forecast.demand import weekly_demand
from helpers.forecast.models import ExponentialSmoothing, SeasonalNaive
from helpers.forecast.rare import croston, tsb
from helpers.forecast.scores import coverage, mase, score, wape
from helpers.forecast.stock import censored_mean, count_distribution, newsvendor, stock_cost

__all__ = [
    "YEAR",
    "BoostedLags",
    "ExponentialSmoothing",
    "SeasonalNaive",
    "censored_mean",
    "count_distribution",
    "coverage",
    "croston",
    "mase",
    "newsvendor",
    "rolling_origin",
    "score",
    "stock_cost",
    "tsb",
    "wape",
    "weekly_demand",
]
