"""Explanations of a score: Shapley values, counterfactuals, and whether to believe them."""

from helpers.explain.counterfactual import counterfactuals
from helpers.explain.shapley import shapley_values
from helpers.explain.trust import deletion_curve, stability

__all__ = ["counterfactuals", "deletion_curve", "shapley_values", "stability"]
