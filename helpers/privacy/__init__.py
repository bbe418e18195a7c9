"""Privacy: who can be singled out, what a model gives away, noise that hides one user, consent."""

from helpers.privacy.anonymity import class_sizes, unicity
from helpers.privacy.consent import expired, may_use
from helpers.privacy.differential import bound_contributions, epsilon_at_least, geometric_mechanism
from helpers.privacy.membership import attack_auc

__all__ = [
    "attack_auc",
    "bound_contributions",
    "class_sizes",
    "epsilon_at_least",
    "expired",
    "geometric_mechanism",
    "may_use",
    "unicity",
]
