"""A report on a shop: sections with figures, readings and caveats, on one page."""

from helpers.report.contents import sections
from helpers.report.future import churn_list, groups, value_to_come
from helpers.report.html import page
from helpers.report.items import bought_together, demand, recommendations
from helpers.report.users import cohorts, key_figures, rfm

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
