"""User behavior: sessions, funnels, conversion rates, cohorts, KPIs, interest profiles."""

from helpers.behavior.cohorts import cohort_counts, retention
from helpers.behavior.indicators import FACTORS, decompose_change, kpis, order_totals
from helpers.behavior.interests import interest_profile
from helpers.behavior.rates import conversion, conversion_difference
from helpers.behavior.sessions import funnel, sessionize

__all__ = [
    "FACTORS",
    "cohort_counts",
    "conversion",
    "conversion_difference",
    "decompose_change",
    "funnel",
    "interest_profile",
    "kpis",
    "order_totals",
    "retention",
    "sessionize",
]
