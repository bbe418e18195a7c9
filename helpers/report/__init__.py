"""A report on a shop: sections with figures, explanations and caveats, on one page."""

from helpers.report.baskets import bought_together, recommendations
from helpers.report.churn_risk import churn_list
from helpers.report.contents import sections
from helpers.report.customers import cohorts, rfm
from helpers.report.forecasting import demand
from helpers.report.html import page
from helpers.report.lifetime import value_to_come
from helpers.report.sales import key_figures
from helpers.report.targeting import groups

__all__ = [
    "bought_together",
    "churn_list",
    "cohorts",
    "demand",
    "groups",
    "key_figures",
    "page",
    "recommendations",
    "rfm",
    "sections",
    "value_to_come",
]
