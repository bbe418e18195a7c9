"""A help desk that quotes pages, shows askers their own orders, and abstains when unsure."""

from helpers.desk.abstention import choose_threshold, cost_curve, risk_coverage
from helpers.desk.desk import Desk
from helpers.desk.dialog import Dialog
from helpers.desk.judging import judge

__all__ = ["Desk", "Dialog", "choose_threshold", "cost_curve", "judge", "risk_coverage"]
