"""Privacy: who can be singled out, what a model gives away, noise that hides one user."""

from helpers.privacy.anonymity import class_sizes, unicity
from helpers.privacy.differential import bound_contributions, epsilon_at_least, geometric_mechanism
from helpers.privacy.membership import attack_auc
from helpers.privacy.retention import expired

__all__ = [
    "attack_auc",
    "bound_contributions",
    "class_sizes",
    "epsilon_at_least",
    "expired",
    "geometric_mechanism",
    "unicity",
]
