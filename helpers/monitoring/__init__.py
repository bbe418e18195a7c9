"""Monitoring of a live model: data validation, data drift, control charts."""

from helpers.monitoring.batches import validate_batch
from helpers.monitoring.charts import average_run_length, cusum, decision_interval
from helpers.monitoring.drift import drift_report, psi, psi_threshold

__all__ = [
    "average_run_length",
    "cusum",
    "decision_interval",
    "drift_report",
    "psi",
    "psi_threshold",
    "validate_batch",
]
