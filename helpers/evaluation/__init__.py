"""Evaluation of recommenders: splits, metrics, confidence intervals, model comparison."""

from helpers.evaluation.comparison import compare, summarize
from helpers.evaluation.metrics import mae, ranking_metrics, rmse
from helpers.evaluation.splits import split_folds, split_last, split_random, split_time
from helpers.evaluation.tables import grid_search, results_table

__all__ = [
    "compare",
    "grid_search",
    "mae",
    "ranking_metrics",
    "results_table",
    "rmse",
    "split_folds",
    "split_last",
    "split_random",
    "split_time",
    "summarize",
]
