"""Customer segmentation: clustering, the number of segments, profiles, migration, action plans."""

from helpers.segments.choice import choose_k, gap_choice, structureless
from helpers.segments.profiles import RFM, action_plan, align, effect_sizes, migration, profile
from helpers.segments.segmentation import Segmentation

__all__ = [
    "RFM",
    "Segmentation",
    "action_plan",
    "align",
    "choose_k",
    "effect_sizes",
    "gap_choice",
    "migration",
    "profile",
    "structureless",
]
