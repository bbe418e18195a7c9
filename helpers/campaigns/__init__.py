"""Campaigns: A/B tests, causal effects without them, uplift models, and targeting."""

from helpers.campaigns.curves import qini, qini_curve
from helpers.campaigns.effects import aipw, doubly_robust_scores
from helpers.campaigns.experiments import ab_test, critical_value, false_alarms, power, sample_size
from helpers.campaigns.meta_learners import DRLearner, SLearner, XLearner
from helpers.campaigns.panels import difference_in_differences, event_study
from helpers.campaigns.policies import highest, next_best_action, policy_values
from helpers.campaigns.uplift import TransformedOutcome, TwoModels, cross_fit, transformed_outcome

__all__ = [
    "DRLearner",
    "SLearner",
    "TransformedOutcome",
    "TwoModels",
    "XLearner",
    "ab_test",
    "aipw",
    "critical_value",
    "cross_fit",
    "difference_in_differences",
    "doubly_robust_scores",
    "event_study",
    "false_alarms",
    "highest",
    "next_best_action",
    "policy_values",
    "power",
    "qini",
    "qini_curve",
    "sample_size",
    "transformed_outcome",
]
