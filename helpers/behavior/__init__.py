"""What users do: sessions, funnels, conversion rates, cohorts, KPIs, interests."""

from helpers.behavior.indicators import (
    FACTORS,
    cohort_counts,
    conversion,
    conversion_difference,
    decompose_change,
    funnel,
    interest_profile,
    kpis,
    order_totals,
    retention,
    sessionize,
)

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
