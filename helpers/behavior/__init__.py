"""User behavior: sessions, funnels, conversion rates, cohorts, KPIs."""

from helpers.behavior.cohorts import cohort_counts, retention
from helpers.behavior.indicators import FACTORS, decompose_change, kpis, order_totals
from helpers.behavior.rates import conversion, conversion_difference
from helpers.behavior.sessions import funnel, sessionize

__all__ = [
    "FACTORS",
    "cohort_counts",
    "conversion",
    "conversion_difference",
    "decompose_change",
    "funnel",
    "kpis",
    "order_totals",
    "retention",
    "sessionize",
]
