"""Exercises that check themselves.

In a notebook::

    from exercises import check, hint, progress, reveal

    check("01-2", parse_dates)  # one line: ○ not attempted yet, ✗ with a diagnosis, or ✓
    hint("01-2")  # the next of three hints
    reveal("01-2")  # the solution
    progress()  # the whole course at a glance
    review()  # five recall questions on the lessons you have worked
    placement()  # fifteen questions: which lessons to skip, which track fits
    points("01-2", parse_dates)  # 2, 1 or 0, for a teacher who gives points
"""

from exercises.engine.commands import check, hint, placement, points, progress, reveal, review

__all__ = ["check", "hint", "placement", "points", "progress", "reveal", "review"]
