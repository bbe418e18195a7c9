"""A help desk that quotes pages, shows askers their own orders, and abstains when unsure."""

from helpers.desk.abstention import choose_threshold, cost_curve, risk_coverage
from helpers.desk.desk import Desk

__all__ = ["Desk", "choose_threshold", "cost_curve", "risk_coverage"]
