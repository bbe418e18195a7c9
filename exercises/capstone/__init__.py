"""The capstone: four emails about a shop of the learner's own, and checks that know its truth.

In the notebook::

    from exercises import capstone

    week = capstone.first_week(2611)  # the shop of this seed
    week.raw  # its export, as its systems wrote it
    week.email(1)  # what the manager asks
    week.reply(1, (81_500, 75_200))  # ○, ✗ with a diagnosis, or ✓
"""

from exercises.capstone.week import Week, example, first_week

__all__ = ["Week", "example", "first_week"]
