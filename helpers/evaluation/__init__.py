"""Evaluation of recommenders: splits, metrics, confidence intervals, model comparison."""

from helpers.evaluation.comparison import compare, summarize
from helpers.evaluation.metrics import catalog_coverage, gini, mae, ranking_metrics, rmse
from helpers.evaluation.properties import (
    intra_list_similarity,
    list_popularity,
    miscalibration,
)
from helpers.evaluation.splits import split_folds, split_last, split_random, split_time
from helpers.evaluation.tables import grid_search, results_table

__all__ = [
    "catalog_coverage",
    "compare",
    "gini",
    "grid_search",
    "intra_list_similarity",
    "list_popularity",
    "mae",
    "miscalibration",
    "ranking_metrics",
    "results_table",
    "rmse",
    "split_folds",
    "split_last",
    "split_random",
    "split_time",
    "summarize",
]
