"""Checks of the parameters of neighborhood models."""

from helpers.data import checks
from helpers.recommend.base import Recommender, require_feedback
from helpers.similarity.measures import IMPLICIT_MEASURES

CENTERS = (None, "mean", "zscore", "baseline")


def check_parameters(model: Recommender) -> None:
    """Raise a ValueError that names the parameter and says what to choose instead."""
    name, implicit = type(model).__name__, model.feedback == "implicit"
    checks.require_whole("k", model.k)
    checks.require_whole("min_k", model.min_k)
    if model.min_k > model.k:
        raise ValueError(f"{name}: min_k={model.min_k} neighbors are never among k={model.k}.")
    require_feedback(model)
    if model.center not in CENTERS:
        raise ValueError(f"{name}: center is one of {CENTERS}, not {model.center!r}.")
    if implicit and model.similarity not in IMPLICIT_MEASURES:
        raise ValueError(
            f'{name}: "{model.similarity}" looks at how much two liked what both have, and '
            "implicit feedback only says that they have it. Choose similarity="
            f"{' or '.join(map(repr, IMPLICIT_MEASURES))}."
        )
    if not implicit and model.center is None and model.min_sim < 0:
        raise ValueError(
            f"{name}: never mix negative similarities with uncentered ratings: a user unlike "
            "you who gave 5 stars would vote for -5. Choose a center, or min_sim of 0 or more."
        )
