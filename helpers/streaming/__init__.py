"""Streaming: events that arrive late and twice, windows of event time, and counting each once."""

from helpers.streaming.arrivals import deliver, write_batches
from helpers.streaming.lateness import expected_late, is_late
from helpers.streaming.sinks import ExactlyOnceSink
from helpers.streaming.windows import window_counts, windows_of

__all__ = [
    "ExactlyOnceSink",
    "deliver",
    "expected_late",
    "is_late",
    "window_counts",
    "windows_of",
    "write_batches",
]
