"""Weekly demand: forecasts, their backtest and errors, and how many units to stock."""

from helpers.forecast.backtest import rolling_origin
from helpers.forecast.base import YEAR
from helpers.forecast.boosted_lags import BoostedLags
from helpers.forecast.demand import weekly_demand
from helpers.forecast.hierarchies import reconcile, shrunk_covariance, summing_matrix
from helpers.forecast.models import ExponentialSmoothing, SeasonalNaive
from helpers.forecast.probabilistic import crps, pinball
from helpers.forecast.promotions import Promoted
from helpers.forecast.rare import croston, tsb
from helpers.forecast.scores import coverage, mase, score, wape
from helpers.forecast.stock import censored_mean, count_distribution, newsvendor, stock_cost

__all__ = [
    "YEAR",
    "BoostedLags",
    "ExponentialSmoothing",
    "Promoted",
    "SeasonalNaive",
    "censored_mean",
    "count_distribution",
    "coverage",
    "croston",
    "crps",
    "mase",
    "newsvendor",
    "pinball",
    "reconcile",
    "rolling_origin",
    "score",
    "shrunk_covariance",
    "stock_cost",
    "summing_matrix",
    "tsb",
    "wape",
    "weekly_demand",
]
