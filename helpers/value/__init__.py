"""Customer value: RFM scores, "buy till you die" models, and customer lifetime value."""

from helpers.value.beta_geo import BetaGeoModel, ModifiedBetaGeoModel
from helpers.value.gamma_gamma import GammaGammaModel
from helpers.value.histories import btyd_summary
from helpers.value.lifetime import customer_lifetime_value
from helpers.value.rfm_scores import RFM_GRID, rfm

__all__ = [
    "RFM_GRID",
    "BetaGeoModel",
    "GammaGammaModel",
    "ModifiedBetaGeoModel",
    "btyd_summary",
    "customer_lifetime_value",
    "rfm",
]
