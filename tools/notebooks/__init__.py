"""Notebooks as the author's tools see them: read, executed, normalized, checked by rules."""
