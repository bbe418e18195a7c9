"""A help desk that quotes pages, shows askers their own orders, and abstains when unsure."""

from helpers.desk.abstention import choose_threshold, risk_coverage
from helpers.desk.desk import Desk
from helpers.desk.dialog import Dialog
from helpers.desk.judging import judge

__all__ = ["Desk", "Dialog", "choose_threshold", "judge", "risk_coverage"]
