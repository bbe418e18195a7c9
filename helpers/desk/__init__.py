"""A help desk that quotes pages, shows askers their own orders, and abstains when unsure."""

from helpers.desk.abstention import choose_threshold, cost_curve, risk_coverage
from helpers.desk.desk import Answer, Desk

__all__ = ["Answer", "Desk", "choose_threshold", "cost_curve", "risk_coverage"]
