"""Campaigns: A/B tests, causal effects without them, uplift models, targeting, and channels."""

from helpers.campaigns.budget import allocate, marginal_response, response
from helpers.campaigns.carryover import adstock
from helpers.campaigns.channels import MediaMix
from helpers.campaigns.curves import qini, qini_curve
from helpers.campaigns.discontinuity import regression_discontinuity
from helpers.campaigns.effects import aipw, doubly_robust_scores
from helpers.campaigns.experiments import ab_test, critical_value, false_alarms, sample_size
from helpers.campaigns.meta_learners import DRLearner, SLearner, XLearner
from helpers.campaigns.panels import difference_in_differences, event_study
from helpers.campaigns.policies import highest, next_best_action, policy_values
from helpers.campaigns.sensitivity import (
    adjusted_difference,
    partial_r2,
    standardized_differences,
)
from helpers.campaigns.staggered import group_time_effects
from helpers.campaigns.synthetic_control import SyntheticControl, placebo_gaps
from helpers.campaigns.uplift import TwoModels, cross_fit

__all__ = [
    "DRLearner",
    "MediaMix",
    "SLearner",
    "SyntheticControl",
    "TwoModels",
    "XLearner",
    "ab_test",
    "adjusted_difference",
    "adstock",
    "aipw",
    "allocate",
    "critical_value",
    "cross_fit",
    "difference_in_differences",
    "doubly_robust_scores",
    "event_study",
    "false_alarms",
    "group_time_effects",
    "highest",
    "marginal_response",
    "next_best_action",
    "partial_r2",
    "placebo_gaps",
    "policy_values",
    "qini",
    "qini_curve",
    "regression_discontinuity",
    "response",
    "sample_size",
    "standardized_differences",
]
