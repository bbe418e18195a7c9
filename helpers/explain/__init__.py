"""Explanations of a score: Shapley values, effects, counterfactuals, and what to believe."""

from helpers.explain.counterfactual import counterfactuals
from helpers.explain.effects import accumulated_effects, partial_dependence
from helpers.explain.shapley import shapley_values
from helpers.explain.trust import deletion_curve, stability

__all__ = [
    "accumulated_effects",
    "counterfactuals",
    "deletion_curve",
    "partial_dependence",
    "shapley_values",
    "stability",
]
