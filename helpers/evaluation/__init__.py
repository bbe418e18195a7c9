"""Evaluation of recommenders: splits, metrics, confidence intervals, model comparison.

From a log with propensities, it also estimates the value of lists that nobody has been shown.
"""

from helpers.evaluation.comparison import bootstrap, cluster_interval, compare, summarize
from helpers.evaluation.counterfactual import (
    counterfactual_values,
    effective_sample_size,
    examination,
    shown_by,
)
from helpers.evaluation.interleaving import team_draft
from helpers.evaluation.metrics import catalog_coverage, mae, ranking_metrics, rmse
from helpers.evaluation.properties import intra_list_similarity, list_popularity, miscalibration
from helpers.evaluation.splits import split_folds, split_last, split_random, split_time
from helpers.evaluation.tables import grid_search, results_table

__all__ = [
    "bootstrap",
    "catalog_coverage",
    "cluster_interval",
    "compare",
    "counterfactual_values",
    "effective_sample_size",
    "examination",
    "grid_search",
    "intra_list_similarity",
    "list_popularity",
    "mae",
    "miscalibration",
    "ranking_metrics",
    "results_table",
    "rmse",
    "shown_by",
    "split_folds",
    "split_last",
    "split_random",
    "split_time",
    "summarize",
    "team_draft",
]
