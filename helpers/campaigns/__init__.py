"""Campaigns: A/B tests, uplift models, targeting under a budget, and budgets of channels."""

from helpers.campaigns.budget import allocate, marginal_response, response
from helpers.campaigns.channels import MediaMix, adstock
from helpers.campaigns.curves import qini, qini_curve
from helpers.campaigns.experiments import ab_test, critical_value, false_alarms, power, sample_size
from helpers.campaigns.policies import highest, next_best_action, policy_values
from helpers.campaigns.uplift import TransformedOutcome, TwoModels, cross_fit, transformed_outcome

__all__ = [
    "MediaMix",
    "TransformedOutcome",
    "TwoModels",
    "ab_test",
    "adstock",
    "allocate",
    "critical_value",
    "cross_fit",
    "false_alarms",
    "highest",
    "marginal_response",
    "next_best_action",
    "policy_values",
    "power",
    "qini",
    "qini_curve",
    "response",
    "sample_size",
    "transformed_outcome",
]
