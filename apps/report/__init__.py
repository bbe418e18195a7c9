"""A report on a shop: sections with figures, explanations and caveats, on one page."""

from apps.report.baskets import bought_together
from apps.report.churn_risk import churn_list
from apps.report.contents import sections
from apps.report.customers import cohorts
from apps.report.html import page
from apps.report.lifetime import value_to_come
from apps.report.recommending import recommendations
from apps.report.sales import key_figures

__all__ = [
    "bought_together",
    "churn_list",
    "cohorts",
    "key_figures",
    "page",
    "recommendations",
    "sections",
    "value_to_come",
]
