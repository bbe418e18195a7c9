"""A report on a shop: sections with figures, explanations and caveats, on one page."""

from helpers.report.baskets import bought_together, recommendations
from helpers.report.breakdown import best_sellers, places
from helpers.report.churn_risk import churn_list
from helpers.report.contents import sections
from helpers.report.customers import cohorts, rfm
from helpers.report.forecasting import demand
from helpers.report.html import page
from helpers.report.lifetime import value_to_come
from helpers.report.refunds import refunds
from helpers.report.returning import new_and_returning
from helpers.report.sales import key_figures
from helpers.report.targeting import groups
from helpers.report.timing import timing

__all__ = [
    "best_sellers",
    "bought_together",
    "churn_list",
    "cohorts",
    "demand",
    "groups",
    "key_figures",
    "new_and_returning",
    "page",
    "places",
    "recommendations",
    "refunds",
    "rfm",
    "sections",
    "timing",
    "value_to_come",
]
