"""Monitoring of a live model: data validation, data drift, control charts, sequential tests."""

from helpers.monitoring.batches import validate_batch
from helpers.monitoring.charts import average_run_length, cusum, decision_interval
from helpers.monitoring.drift import drift_report, psi, psi_threshold
from helpers.monitoring.sequential import running_difference, sequential_test

__all__ = [
    "average_run_length",
    "cusum",
    "decision_interval",
    "drift_report",
    "psi",
    "psi_threshold",
    "running_difference",
    "sequential_test",
    "validate_batch",
]
