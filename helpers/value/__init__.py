"""Customer value: RFM scores, "buy till you die" models, survival, customer lifetime value."""

from helpers.value.beta_geo import BetaGeoModel, ModifiedBetaGeoModel
from helpers.value.futures import simulate_lifetime_value
from helpers.value.gamma_gamma import GammaGammaModel
from helpers.value.histories import btyd_summary
from helpers.value.lifetime import customer_lifetime_value
from helpers.value.rfm_scores import RFM_GRID, rfm
from helpers.value.subscriptions import ShiftedBetaGeometric
from helpers.value.survival import (
    cox_regression,
    kaplan_meier,
    person_periods,
    time_to_second_purchase,
    time_to_silence,
)

__all__ = [
    "RFM_GRID",
    "BetaGeoModel",
    "GammaGammaModel",
    "ModifiedBetaGeoModel",
    "ShiftedBetaGeometric",
    "btyd_summary",
    "cox_regression",
    "customer_lifetime_value",
    "kaplan_meier",
    "person_periods",
    "rfm",
    "simulate_lifetime_value",
    "time_to_second_purchase",
    "time_to_silence",
]
