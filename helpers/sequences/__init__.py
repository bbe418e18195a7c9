"""What comes next: models of sessions and other sequences, and how to test them."""

__all__ = []  # lesson 09e comes next
