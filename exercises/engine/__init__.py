"""The engine: how exercises are found, judged, shown and remembered."""
