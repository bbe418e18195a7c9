"""Campaigns: A/B tests, uplift models, and targeting under a budget."""

from helpers.campaigns.curves import qini, qini_curve
from helpers.campaigns.experiments import ab_test, critical_value, false_alarms, power, sample_size
from helpers.campaigns.policies import highest, next_best_action, policy_values
from helpers.campaigns.uplift import TransformedOutcome, TwoModels, cross_fit, transformed_outcome

__all__ = [
    "TransformedOutcome",
    "TwoModels",
    "ab_test",
    "critical_value",
    "cross_fit",
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
