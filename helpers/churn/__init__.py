"""Churn: labels, features, models, explanations, and the profit of a retention offer."""

from helpers.churn.calibration import (
    PlattScaling,
    against_truth,
    brier_decomposition,
    expected_calibration_error,
)
from helpers.churn.explanations import contributions, early_warning, grouped_importance
from helpers.churn.features import churn_features, feature_guide
from helpers.churn.gru import GRUClassifier
from helpers.churn.labels import churn_labels, split_out_of_time
from helpers.churn.learning_curve import load_learning_curve
from helpers.churn.models import classifiers, silence_by_bgnbd
from helpers.churn.profit import Offer, empc, profit_curve, uplift_by_risk
from helpers.churn.scores import auc_difference, calibration_table, compare_models
from helpers.churn.sequences import weekly_sequences

__all__ = [
    "GRUClassifier",
    "Offer",
    "PlattScaling",
    "against_truth",
    "auc_difference",
    "brier_decomposition",
    "calibration_table",
    "churn_features",
    "churn_labels",
    "classifiers",
    "compare_models",
    "contributions",
    "early_warning",
    "empc",
    "expected_calibration_error",
    "feature_guide",
    "grouped_importance",
    "load_learning_curve",
    "profit_curve",
    "silence_by_bgnbd",
    "split_out_of_time",
    "uplift_by_risk",
    "weekly_sequences",
]
