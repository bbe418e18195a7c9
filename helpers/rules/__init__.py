"""Association rules: which items are bought together, and which rules are significant."""

from helpers.rules.association import (
    association_rules,
    drop_redundant,
    lift_within,
    measures,
    recommend_for_basket,
    recommend_for_baskets,
)
from helpers.rules.baskets import frequent_itemsets, readable
from helpers.rules.multiple_testing import (
    adjust,
    confirm,
    fisher_p,
    search_space,
    significance,
    split_baskets,
)

__all__ = [
    "adjust",
    "association_rules",
    "confirm",
    "drop_redundant",
    "fisher_p",
    "frequent_itemsets",
    "lift_within",
    "measures",
    "readable",
    "recommend_for_basket",
    "recommend_for_baskets",
    "search_space",
    "significance",
    "split_baskets",
]
