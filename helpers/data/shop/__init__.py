"""A simulated shop whose truth is known, so that a method can be seen to recover it."""

from helpers.data.shop.channels import CUSTOMER_VALUE, simulate_channels
from helpers.data.shop.export import write_export
from helpers.data.shop.opinions import (
    NOISE_STARS,
    favorites,
    mean_stars,
    true_stars,
)
from helpers.data.shop.pictures import item_pictures
from helpers.data.shop.recommendations import (
    EXAMINATION,
    click,
    click_rates,
    log_recommendations,
    place_probabilities,
    true_value,
)
from helpers.data.shop.reviews import complaint_costs, item_reviews
from helpers.data.shop.simulation import SIZES, simulate, simulate_ratings

__all__ = [
    "CUSTOMER_VALUE",
    "EXAMINATION",
    "NOISE_STARS",
    "SIZES",
    "click",
    "click_rates",
    "complaint_costs",
    "favorites",
    "item_pictures",
    "item_reviews",
    "log_recommendations",
    "mean_stars",
    "place_probabilities",
    "simulate",
    "simulate_channels",
    "simulate_ratings",
    "true_stars",
    "true_value",
    "write_export",
]
